#!/bin/sh
# Tests of the service that install.sh makes: sh tests/service_test.sh [PROGRAM]
#
# Each has a Debian of its own, made by debootstrap once and kept beside the
# build. First a stand-in for systemctl and for reelbot show each way that an
# upgrade can take; then systemd itself runs PROGRAM, by default what cargo has
# built, in a container without a network, before a stand-in for Telegram.
#
#   sh tests/service_test.sh --image PROGRAM
#
# builds the image from a static PROGRAM with buildah, and tries it: minutes.
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
here=$root/tests/service
kept=${CARGO_TARGET_DIR:-$root/target}/service-test

skip() {
    printf 'service: skipped: %s\n' "$1"
    exit 0
}

# A namespace of its own, so that all mounts are gone with it.
if [ "${IN_NAMESPACE:-}" != yes ]; then
    [ "$(id -u)" = 0 ] || skip 'other roots can only be made by root'
    unshare --mount true 2>/dev/null || skip 'this machine gives no mount namespaces'
    # The image is tried in a network of its own too: its name server has the port of one.
    namespaces=--mount
    [ "${1:-}" != --image ] || namespaces=-mn
    IN_NAMESPACE=yes exec unshare "$namespaces" --propagation private sh "$0" "$@"
fi

boxes=$(mktemp -d)
trap 'umount -R "$boxes"/*/root "$boxes"/*/layers 2>/dev/null; rm -rf "$boxes"' EXIT
trap 'exit 1' INT TERM
passed=0 failed=0

# shellcheck source=tests/service/roots.sh
. "$here/roots.sh"

# test_that NAME FUNCTION: runs it in a new root; it fails where a line of it fails.
test_that() {
    box=$boxes/$2
    new_root || skip 'this machine stacks no file systems (overlay)'
    # Not in the condition of the `if`: there the shell ignores `set -e`.
    (
        set -e
        "$2"
    ) >"$box/log" 2>&1
    outcome=$?
    if [ "$outcome" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n' "$1"
        sed 's/^/    /' "$box/log"
    fi
    umount -R "$box/root" "$box/layers"
}

# exits CODE COMMAND…: whether it ends with that code; its words go to said.
exits() {
    wanted=$1
    shift
    code=0
    "$@" >"$box/said" 2>&1 || code=$?
    cat "$box/said"
    [ "$code" = "$wanted" ]
}

# `set -e` does not see what fails behind a `!`.
not() {
    ! "$@"
}

said() {
    grep -qe "$1" "$box/said"
}

if [ "${1:-}" = --image ]; then
    program=${2:-}
    # shellcheck source=tests/service/image.sh
    . "$here/image.sh"
else
    program=${1:-}
    # A path through a folder that is not there leads nowhere.
    mkdir -p "$kept"
    # shellcheck disable=SC2012 # The newest of two.
    [ -n "$program" ] || program=$(ls -t "$kept"/../release/reelbot "$kept"/../debug/reelbot 2>/dev/null | head -n 1)
    make_debian
    # shellcheck source=tests/service/upgrades.sh
    . "$here/upgrades.sh"
    # shellcheck source=tests/service/systemd.sh
    . "$here/systemd.sh"
fi

printf '\nservice: %s tests\n%s passed, %s failed\n' "$((passed + failed))" "$passed" "$failed"
[ "$failed" = 0 ]
