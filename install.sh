#!/bin/sh
# Installs reelbot, or upgrades it. `sh install.sh -h` tells more.
#
# Everything is looked at before anything is changed, and the last line of this
# file is the first that acts, so half a file does nothing.
set -eu

usage() {
    cat <<'END'
Usage: sh install.sh [OPTIONS]

Installs reelbot, or upgrades the one that is there. Without --from it builds
the checkout that it lies in.

  --prefix DIR    the program goes to DIR/bin; by default /usr/local for root,
                  ~/.local for others
  --from FILE     take a ready program, or a .tar.gz that holds it
  --sha256 HEX    the checksum that FILE must have
  --dry-run       check, and say what would be done
  --uninstall     remove the program; configuration and data stay
  -h, --help      this text

The configuration is config.toml in /etc/reelbot for root, in
~/.config/reelbot for others, or in $XDG_CONFIG_HOME/reelbot where that is
set. One that is there is never overwritten.

Examples:
  sh install.sh
  sh install.sh --from reelbot.tar.gz --sha256 0f3a… --prefix /opt/reelbot
  sh install.sh --uninstall
END
}

main() {
    read_options "$@"
    settle_places
    if [ "$uninstall" = yes ]; then
        remove_program
        return
    fi
    check_everything
    if [ "$dry_run" = yes ]; then
        say_what_would_be_done
        return
    fi
    work=$(mktemp -d)
    staged=
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    get_program
    try_program
    place_config
    place_program
    say_what_is_where
}

fail() {
    printf 'error: %s\nhint: %s\n' "$2" "$3" >&2
    exit "$1"
}

clean_up() {
    rm -rf "$work"
    [ -z "$staged" ] || rm -f "$staged"
}

# What is wanted, and where.

read_options() {
    prefix='' from='' sha256='' dry_run=no uninstall=no
    while [ $# -gt 0 ]; do
        case $1 in
        --prefix | --from | --sha256)
            [ -n "${2:-}" ] || fail 2 "$1 needs a value" 'sh install.sh -h'
            case $1 in
            --prefix) prefix=$2 ;;
            --from) from=$2 ;;
            --sha256) sha256=$(printf '%s' "$2" | tr 'A-F' 'a-f') ;;
            esac
            shift
            ;;
        --dry-run) dry_run=yes ;;
        --uninstall) uninstall=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) fail 2 "no such option: $1" 'sh install.sh -h' ;;
        esac
        shift
    done
    if [ -n "$from" ] && [ -z "$sha256" ]; then
        fail 2 '--from needs --sha256, the checksum that whoever published the file names' \
            "sh install.sh --from $from --sha256 HEX"
    fi
    if [ -n "$sha256" ] && [ -z "$from" ]; then
        fail 2 '--sha256 needs --from, the file to check' "sh install.sh --from FILE --sha256 $sha256"
    fi
}

settle_places() {
    here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    if [ "$(id -u)" = 0 ]; then
        prefix=${prefix:-/usr/local}
        config_dir=${XDG_CONFIG_HOME:-/etc}/reelbot
        config_dir_mode=0750
    else
        [ -n "${HOME:-}" ] || fail 1 'HOME is not set' "HOME=DIR sh install.sh"
        prefix=${prefix:-$HOME/.local}
        config_dir=${XDG_CONFIG_HOME:-$HOME/.config}/reelbot
        config_dir_mode=0700
    fi
    case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
    esac
    program=$prefix/bin/reelbot
    config=$config_dir/config.toml
    example=$config_dir/config.example.toml
    data_dir=${XDG_DATA_HOME:-${HOME:-/root}/.local/share}/reelbot
}

# Looking, before touching. Every finding comes with what mends it.

check_everything() {
    findings=0
    check_machine
    check_writable "$prefix/bin" 'sudo sh install.sh, or sh install.sh --prefix ~/.local'
    check_writable "$config_dir" "mkdir -p $config_dir && chown $(id -un) $config_dir, as root"
    if [ -n "$from" ]; then
        check_file
        check_room "$prefix" 100
        check_room "${TMPDIR:-/tmp}" 100
    else
        check_build
    fi
    if [ "$findings" -gt 0 ]; then
        printf '%s to mend. Nothing was changed.\n' "$findings" >&2
        exit 1
    fi
}

finding() {
    findings=$((findings + 1))
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
}

check_machine() {
    [ "$(uname -s)" = Linux ] || finding "reelbot runs on Linux, this is $(uname -s)" 'take a Linux machine'
    case $(uname -m) in
    x86_64 | aarch64 | arm64) ;;
    *) finding "reelbot is made for x86_64 and aarch64, this is $(uname -m)" 'take another machine' ;;
    esac
}

# nearest PLACE: it, or the closest place above it that exists.
nearest() {
    dir=$1
    while [ ! -e "$dir" ]; do
        dir=$(dirname -- "$dir")
    done
    printf '%s\n' "$dir"
}

check_writable() {
    ground=$(nearest "$1")
    if [ ! -d "$ground" ] || [ ! -w "$ground" ]; then
        finding "cannot write to $1" "$2"
    fi
}

# check_room DIR MEGABYTES
check_room() {
    free=$(df -Pk "$(nearest "$1")" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$2" ] || finding "$1 has $free MB free, $2 MB are needed" "see what takes the room: du -xh $(nearest "$1") | sort -h | tail"
}

check_file() {
    if ! command -v sha256sum >/dev/null 2>&1; then
        finding 'there is no sha256sum' 'apt-get install coreutils'
    elif [ ! -f "$from" ] || [ ! -r "$from" ]; then
        finding "cannot read $from" 'name a file that is there'
    elif [ "$(sha256sum <"$from" | cut -d ' ' -f 1)" != "$sha256" ]; then
        finding "$from does not have the checksum that you gave" 'download it again; do not run it'
    fi
    case $from in
    *.tar.gz | *.tgz)
        for tool in tar gzip; do
            command -v "$tool" >/dev/null 2>&1 || finding "there is no $tool" "apt-get install $tool"
        done
        ;;
    esac
}

check_build() {
    if ! grep -qs '^name = "reelbot"' "$here/Cargo.toml" || [ ! -f "$here/scripts/lib.sh" ]; then
        finding "$here is no checkout of reelbot" \
            'run the install.sh of a checkout, or give a program: --from FILE --sha256 HEX'
        return
    fi
    cd "$here"
    # shellcheck source=scripts/lib.sh
    . scripts/lib.sh
    if ! has_rust; then
        hint=$(rust_hint)
        # sudo has another PATH and home: the person's own Rust is out of sight.
        # shellcheck disable=SC2016 # For the person to type.
        [ -z "${SUDO_USER:-}" ] ||
            hint='build as yourself: cargo build --release --locked && sudo sh install.sh --from target/release/reelbot --sha256 "$(sha256sum target/release/reelbot | cut -d " " -f 1)"'
        finding "no cargo $(rust_wanted) or newer" "$hint"
    fi
    has_c_compiler || finding 'no working C compiler' 'apt-get install gcc libc6-dev'
    check_room "$here" 3072
}

say_what_would_be_done() {
    echo 'All checks passed. This would be done:'
    if [ -n "$from" ]; then
        echo "  take the program from $from"
    else
        echo "  build the program: cargo build --release --locked, in $here"
    fi
    if [ -e "$config" ]; then
        echo "  check $config with it, and leave that file as it is"
    else
        echo "  write $config"
    fi
    [ ! -e "$program" ] || echo "  keep the present program as $program.prev"
    echo "  place the program as $program"
}

# The program, tried before it is placed.

get_program() {
    if [ -z "$from" ]; then
        echo 'Building reelbot. The first time takes a few minutes.'
        (cd "$here" && cargo build --release --locked)
        new=${CARGO_TARGET_DIR:-$here/target}/release/reelbot
        return
    fi
    new=$work/reelbot
    case $from in
    *.tar.gz | *.tgz)
        mkdir "$work/unpacked"
        tar -xzf "$from" -C "$work/unpacked"
        found=$(find "$work/unpacked" -type f -name reelbot)
        [ -f "$found" ] || fail 1 "$from does not hold one file named reelbot" "tar -tzf $from"
        mv "$found" "$new"
        ;;
    *) cp -- "$from" "$new" ;;
    esac
    chmod 755 "$new"
}

try_program() {
    version=$("$new" --version) || fail 1 'the new program does not run on this machine' \
        "is it made for $(uname -m)? If programs may not run in ${TMPDIR:-/tmp}: TMPDIR=~ sh install.sh …"
    "$new" config example >"$work/config.example.toml"
    checked=$config
    [ -e "$config" ] || checked=$work/config.example.toml
    REELBOT_CONFIG=$checked "$new" config check >"$work/check" 2>&1 || {
        cat "$work/check" >&2
        fail 78 "$version does not accept $checked. Nothing was changed" 'mend it as said above, then run this again'
    }
}

# Placing: each file is written beside its place and then moved there, so that
# there is never half a file or none.

place_config() {
    if [ ! -d "$config_dir" ]; then
        (umask 022 && mkdir -p "$config_dir")
        chmod "$config_dir_mode" "$config_dir"
    fi
    if [ ! -e "$config" ]; then
        place "$work/config.example.toml" "$config" 600
    elif ! cmp -s "$work/config.example.toml" "$config"; then
        place "$work/config.example.toml" "$example" 600
    fi
}

place_program() {
    upgrade=no
    (umask 022 && mkdir -p "$prefix/bin")
    if [ -e "$program" ]; then
        upgrade=yes
        # The same program again must not push the really previous one out.
        cmp -s "$new" "$program" || place "$program" "$program.prev" 755
    fi
    place "$new" "$program" 755
}

# place FILE WHERE MODE
place() {
    staged=$2.new.$$
    (umask 077 && cp -- "$1" "$staged")
    chmod "$3" "$staged"
    mv -f -- "$staged" "$2"
    staged=
}

say_what_is_where() {
    command=$program
    [ "$(command -v reelbot || :)" != "$program" ] || command=reelbot
    echo "$version is installed."
    echo
    echo "  program        $program"
    [ ! -e "$program.prev" ] || echo "  the one before $program.prev"
    echo "  configuration  $config"
    [ ! -e "$example" ] || echo "  new example    $example"
    echo "  database       in $data_dir, unless the configuration names another place"
    echo
    if [ "$upgrade" = yes ]; then
        echo "Next, once the old one is stopped: $command run"
    else
        echo "Next: $command keys add"
    fi
}

remove_program() {
    if [ ! -e "$program" ]; then
        echo "There is no $program."
        return
    fi
    [ -w "$prefix/bin" ] || fail 1 "cannot write to $prefix/bin" 'sudo sh install.sh --uninstall'
    if [ "$dry_run" = yes ]; then
        echo "This would remove $program."
    else
        rm -f -- "$program" "$program.prev"
        echo "Removed $program."
    fi
    echo "Kept: $config_dir, $data_dir, and the database where the configuration names another place."
}

main "$@"
