#!/bin/sh
# Tests of install.sh: sh tests/install_test.sh
#
# Each test has a box of its own with home, prefix and configuration in it, and
# a small program that answers as reelbot would. Nothing outside is touched.
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
boxes=$(mktemp -d)
trap 'rm -rf "$boxes"' EXIT
trap 'exit 1' INT TERM
passed=0 failed=0

# test_that NAME FUNCTION: runs it in a new box; it fails where a line of it fails.
test_that() {
    box=$boxes/$2
    mkdir -p "$box/home" "$box/tmp"
    prefix=$box/prefix
    config=$box/config/reelbot/config.toml
    program=$prefix/bin/reelbot
    release 1.0 >"$box/reelbot"
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
}

# A stand-in for reelbot. It refuses a configuration with "broken" in it.
release() {
    cat <<END
#!/bin/sh
case "\$*" in
--version) echo 'reelbot $1' ;;
'config example') echo '# the example of $1' ;;
'config check') ! grep broken "\$REELBOT_CONFIG" ;;
*) exit 2 ;;
esac
END
}

# install [OPTIONS]: as a person with nothing in the environment but the box.
install() {
    run "$root/install.sh" --prefix "$prefix" "$@"
}

run() {
    env -i PATH="${path:-$PATH}" HOME="$box/home" TMPDIR="$box/tmp" \
        XDG_CONFIG_HOME="$box/config" XDG_DATA_HOME="$box/data" sh "$@"
}

sum() {
    sha256sum <"$1" | cut -d ' ' -f 1
}

install_file() {
    install --from "$1" --sha256 "$(sum "$1")"
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

said() {
    grep -qe "$1" "$box/said"
}

# Every file and directory of the box with modes and contents, but for the log.
picture() {
    (cd "$box" && find . ! -name log ! -name said ! -name '*.picture' -exec ls -ld --time-style=+ {} + &&
        find home prefix config data tmp -type f -exec sha256sum {} + 2>/dev/null) | sort
}

touches_nothing() {
    picture >"$box/before.picture"
    "$@"
    picture >"$box/after.picture"
    diff "$box/before.picture" "$box/after.picture"
}

it_installs() {
    exits 0 install_file "$box/reelbot"
    said 'reelbot 1.0 is installed'
    [ "$("$program" --version)" = 'reelbot 1.0' ]
    [ "$(cat "$config")" = '# the example of 1.0' ]
    [ "$(stat -c %a "$config")" = 600 ]
    [ "$(stat -c %a "$program")" = 755 ]
    [ "$(grep -c '^Next' "$box/said")" = 1 ]
    [ "$(ls -A "$box/tmp")" = '' ]
    [ "$(ls "$prefix/bin")" = reelbot ]
}

it_installs_an_archive() {
    mkdir "$box/reelbot-1.0"
    cp "$box/reelbot" "$box/reelbot-1.0/"
    tar -czf "$box/reelbot.tar.gz" -C "$box" reelbot-1.0
    exits 0 install_file "$box/reelbot.tar.gz"
    [ "$("$program" --version)" = 'reelbot 1.0' ]
}

an_archive_without_a_program_is_refused() {
    tar -czf "$box/other.tar.gz" -C "$box" home
    exits 1 install_file "$box/other.tar.gz"
    [ ! -e "$prefix" ]
}

an_upgrade_keeps_an_edited_configuration() {
    install_file "$box/reelbot"
    echo '# mine' >"$config"
    release 2.0 >"$box/second"
    exits 0 install_file "$box/second"
    [ "$("$program" --version)" = 'reelbot 2.0' ]
    [ "$("$program.prev" --version)" = 'reelbot 1.0' ]
    [ "$(cat "$config")" = '# mine' ]
    [ "$(cat "$box/config/reelbot/config.example.toml")" = '# the example of 2.0' ]
    said 'config.example.toml'
}

installing_the_same_again_keeps_the_one_before() {
    install_file "$box/reelbot"
    release 2.0 >"$box/second"
    install_file "$box/second"
    install_file "$box/second"
    [ "$("$program.prev" --version)" = 'reelbot 1.0' ]
}

a_release_that_refuses_the_configuration_stays_outside() {
    install_file "$box/reelbot"
    echo 'broken' >"$config"
    release 2.0 >"$box/second"
    touches_nothing exits 78 install_file "$box/second"
    said "does not accept $config"
}

a_program_that_does_not_run_stays_outside() {
    printf '#!/bin/sh\nexit 1\n' >"$box/reelbot"
    touches_nothing exits 1 install_file "$box/reelbot"
    said 'does not run on this machine'
}

a_wrong_checksum_touches_nothing() {
    touches_nothing exits 1 install --from "$box/reelbot" --sha256 0000
    said 'does not have the checksum'
}

a_checksum_in_capitals_is_the_same() {
    exits 0 install --from "$box/reelbot" --sha256 "$(sum "$box/reelbot" | tr 'a-f' 'A-F')"
}

a_file_without_a_checksum_is_refused() {
    touches_nothing exits 2 install --from "$box/reelbot"
    said 'hint: sh install.sh --from .* --sha256 HEX'
    touches_nothing exits 2 install --sha256 0000
}

a_dry_run_touches_nothing() {
    touches_nothing exits 0 install --dry-run --from "$box/reelbot" --sha256 "$(sum "$box/reelbot")"
    said "place the program as $program"
    touches_nothing exits 1 install --dry-run --from "$box/reelbot" --sha256 0000
}

uninstalling_keeps_data_and_configuration() {
    install_file "$box/reelbot"
    mkdir -p "$box/data/reelbot"
    echo 'all we know' >"$box/data/reelbot/reelbot.db"
    touches_nothing exits 0 install --uninstall --dry-run
    exits 0 install --uninstall
    [ ! -e "$program" ]
    [ -s "$box/data/reelbot/reelbot.db" ]
    [ -s "$config" ]
    exits 0 install --uninstall
    said "There is no $program"
}

outside_a_checkout_it_says_so() {
    cp "$root/install.sh" "$box/"
    touches_nothing exits 1 run "$box/install.sh" --prefix "$prefix"
    said 'is no checkout of reelbot'
    said 'hint: .*--from FILE --sha256 HEX'
}

all_findings_are_reported_at_once() {
    mkdir "$box/bin"
    for tool in sh env cat id dirname uname df awk tr grep sed sort head; do
        ln -s "$(command -v "$tool")" "$box/bin/"
    done
    path=$box/bin
    touches_nothing exits 1 install
    said 'no cargo'
    said 'no working C compiler'
    said 'to mend. Nothing was changed'
    [ "$(grep -c '^error: ' "$box/said")" = "$(grep -c '^hint: ' "$box/said")" ]
}

a_place_that_cannot_be_written_is_found_before() {
    # Where a file stands, not even root can make a directory.
    : >"$prefix"
    touches_nothing exits 1 install_file "$box/reelbot"
    said "cannot write to $prefix/bin"
    if [ "$(id -u)" != 0 ]; then
        rm "$prefix"
        mkdir -m 555 "$prefix"
        touches_nothing exits 1 install_file "$box/reelbot"
        said "cannot write to $prefix/bin"
    fi
}

half_a_script_does_nothing() {
    sed '$d' "$root/install.sh" >"$box/half.sh"
    touches_nothing exits 0 run "$box/half.sh" --from "$box/reelbot"
}

help_is_given() {
    touches_nothing exits 0 install -h
    said '--dry-run'
    touches_nothing exits 2 install --frobnicate
    said 'no such option: --frobnicate'
    touches_nothing exits 2 install --from
}

test_that 'it installs program and configuration' it_installs
test_that 'it installs from an archive' it_installs_an_archive
test_that 'an archive without a program is refused' an_archive_without_a_program_is_refused
test_that 'an upgrade keeps an edited configuration' an_upgrade_keeps_an_edited_configuration
test_that 'installing the same again keeps the one before' installing_the_same_again_keeps_the_one_before
test_that 'a release that refuses the configuration stays outside' a_release_that_refuses_the_configuration_stays_outside
test_that 'a program that does not run stays outside' a_program_that_does_not_run_stays_outside
test_that 'a wrong checksum touches nothing' a_wrong_checksum_touches_nothing
test_that 'a checksum in capitals is the same' a_checksum_in_capitals_is_the_same
test_that 'a file without a checksum is refused' a_file_without_a_checksum_is_refused
test_that 'a dry run touches nothing' a_dry_run_touches_nothing
test_that 'uninstalling keeps data and configuration' uninstalling_keeps_data_and_configuration
test_that 'outside a checkout it says so' outside_a_checkout_it_says_so
test_that 'all findings are reported at once' all_findings_are_reported_at_once
test_that 'a place that cannot be written is found before' a_place_that_cannot_be_written_is_found_before
test_that 'half a script does nothing' half_a_script_does_nothing
test_that 'help is given' help_is_given

printf '\ninstall.sh: %s tests\n%s passed, %s failed\n' "$((passed + failed))" "$passed" "$failed"
[ "$failed" = 0 ]
