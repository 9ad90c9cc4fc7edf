#!/bin/sh
# Installs reelbot, or upgrades it. `sh install.sh -h` tells more.
#
# Everything is looked at before anything is changed, and the last line of this
# file is the first that acts, so half a file does nothing.
set -eu

usage() {
    cat <<'END'
Usage: sh install.sh [OPTIONS]

Installs reelbot, or upgrades the one that is there. Without --from it takes the
program that lies beside it, or builds the checkout that it lies in.

  --from FILE     take a ready program, or a .tar.gz that holds it
  --sha256 HEX    the checksum that FILE must have; not needed where a
                  SHA256SUMS beside FILE names it
  --prefix DIR    the program goes to DIR/bin; by default /usr/local for root,
                  ~/.local for others
  --no-service    as root: the program and its configuration, no service
  --no-start      leave the service as it is, stopped or running the old program
  --dry-run       check, and say what would be done
  --uninstall     remove program and service; configuration and data stay
  --purge         remove configuration and data as well; asks for the bot's name
  --yes NAME      the bot's name for --purge, where nobody can be asked
  -h, --help      this text

As root it makes a service of systemd's: a user reelbot, /etc/reelbot for
configuration and secrets, /var/lib/reelbot for the data. An upgrade stops the
service, backs the database up, starts the new program and waits until it is
healthy; else the old program comes back, and the data only if nothing is lost
by it or you say so.

For others the configuration is config.toml in ~/.config/reelbot, or in
$XDG_CONFIG_HOME/reelbot. One that is there is never overwritten.

Examples:
  sudo sh install.sh
  sh install.sh --from reelbot.tar.gz --sha256 0f3a… --prefix ~/reelbot
  sudo sh install.sh --uninstall
END
}

main() {
    read_options "$@"
    settle_places
    case $action in
    uninstall)
        [ "$dry_run" = yes ] || [ ! -d "$prefix/bin" ] || take_lock
        remove_program
        return
        ;;
    purge)
        purge
        return
        ;;
    esac
    check_everything
    if [ "$dry_run" = yes ]; then
        say_what_would_be_done
        return
    fi
    umask 022
    work=$(mktemp -d)
    # The account tries the new program in it; nothing in it is secret.
    [ "$service" = no ] || chmod 755 "$work"
    staged='' stage=''
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    # A reader that has gone, as with `| head`, ends nothing half-way: a signal with a trap makes
    # the write fail instead.
    trap : PIPE
    get_program
    try_program
    take_lock
    if [ "$service" = yes ]; then
        check_backup_room
        make_account
    fi
    place_config
    if [ "$service" = yes ]; then
        install_service
    else
        place_program
    fi
    say_what_is_where
}

fail() {
    printf 'error: %s\nhint: %s\n' "$2" "$3" >&2
    exit "$1"
}

# tell WORDS: what nobody needs to read for the work to go on.
tell() {
    printf '%s\n' "$1" 2>/dev/null || :
}

clean_up() {
    set +e
    trap : INT TERM HUP
    if [ "$stage" = stopped ]; then
        # Cut off between the end of the old run and the start of the new one.
        if systemctl start reelbot; then
            rm -f -- "$under_way"
            tell 'The service is started again with the program that is in place.' >&2
        else
            tell "The service is stopped, and could not be started again: journalctl -u reelbot -n 50" >&2
        fi
    fi
    rm -rf "$work"
    [ -z "$staged" ] || rm -f "$staged"
}

# What is wanted, and where.

read_options() {
    prefix='' from='' sha256='' name='' dry_run=no action=install service=yes start=yes
    while [ $# -gt 0 ]; do
        case $1 in
        --prefix | --from | --sha256 | --yes)
            [ -n "${2:-}" ] || fail 2 "$1 needs a value" 'sh install.sh -h'
            case $1 in
            --prefix) prefix=$2 ;;
            --from) from=$2 ;;
            --sha256) sha256=$(printf '%s' "$2" | tr 'A-F' 'a-f') ;;
            --yes) name=$2 ;;
            esac
            shift
            ;;
        --no-service) service=no ;;
        --no-start) start=no ;;
        --dry-run) dry_run=yes ;;
        --uninstall) [ "$action" = purge ] || action=uninstall ;;
        --purge) action=purge ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) fail 2 "no such option: $1" 'sh install.sh -h' ;;
        esac
        shift
    done
    here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    if [ -z "$from" ] && [ -f "$here/reelbot" ] && [ -f "$here/SHA256SUMS" ]; then
        # An archive, unpacked.
        from=$here/reelbot
    fi
    if [ -n "$from" ] && [ -z "$sha256" ]; then
        sha256=$(published_sum)
        [ -n "$sha256" ] || fail 2 '--from needs --sha256, the checksum that whoever published the file names' \
            "sh install.sh --from $from --sha256 HEX"
    fi
    if [ -n "$sha256" ] && [ -z "$from" ]; then
        fail 2 '--sha256 needs --from, the file to check' "sh install.sh --from FILE --sha256 $sha256"
    fi
    if [ -n "$name" ] && [ "$action" != purge ]; then
        fail 2 '--yes NAME is for --purge' 'sh install.sh -h'
    fi
}

# The checksum of the file by the SHA256SUMS beside it, or nothing.
published_sum() {
    sums=$(dirname -- "$from")/SHA256SUMS
    [ ! -r "$sums" ] || awk -v name="$(basename -- "$from")" \
        '$2 == name || $2 == "*" name { print $1; exit }' "$sums"
}

settle_places() {
    if [ "$(id -u)" = 0 ]; then
        prefix=${prefix:-/usr/local}
        config_dir=${XDG_CONFIG_HOME:-/etc}/reelbot
        config_dir_mode=0750
        # A service has its configuration in /etc; a root with another place for it wants none.
        [ "$config_dir" = /etc/reelbot ] || service=no
    else
        [ -n "${HOME:-}" ] || fail 1 'HOME is not set' "HOME=DIR sh install.sh"
        prefix=${prefix:-$HOME/.local}
        config_dir=${XDG_CONFIG_HOME:-$HOME/.config}/reelbot
        config_dir_mode=0700
        service=no
    fi
    case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
    esac
    program=$prefix/bin/reelbot
    under_way=$prefix/bin/.reelbot.upgrade
    config=$config_dir/config.toml
    config_mode=600
    example=$config_dir/config.example.toml
    data_dir=${XDG_DATA_HOME:-${HOME:-/root}/.local/share}/reelbot
    own_data_dir=$data_dir
    account=reelbot
    unit=/usr/local/lib/systemd/system/reelbot.service
    drop_ins=/etc/systemd/system/reelbot.service.d
    secrets=$config_dir/credentials
    token=$secrets/telegram-bot-token
    if [ "$service" = yes ]; then
        data_dir=/var/lib/reelbot
        config_mode=640
    fi
}

# Looking, before touching. Every finding comes with what mends it.

check_everything() {
    findings=0
    check_machine
    check_kinds
    check_writable "$prefix/bin" 'sudo sh install.sh, or sh install.sh --prefix ~/.local'
    check_writable "$config_dir" "mkdir -p $config_dir && chown $(id -un) $config_dir, as root"
    if [ "$service" = yes ]; then
        check_writable "$data_dir" "see why root cannot: ls -ld $data_dir"
        check_writable "$(dirname -- "$unit")" 'see why root cannot, or sh install.sh --no-service'
        for tool in getent groupadd useradd runuser; do
            has "$tool" || finding "there is no $tool, which a service needs" 'apt-get install passwd util-linux, or sh install.sh --no-service'
        done
    fi
    has flock || finding 'there is no flock' 'apt-get install util-linux'
    if [ -n "$from" ]; then
        check_file
        check_room "${TMPDIR:-/tmp}" 100
    else
        check_build
    fi
    check_room "$prefix/bin" 100
    if [ "$findings" -gt 0 ]; then
        printf '%s to mend. Nothing was changed.\n' "$findings" >&2
        exit 1
    fi
}

has() {
    command -v "$1" >/dev/null 2>&1
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

# What is to be a file or a folder is not something else. A link to nothing is somebody's
# configuration that is away, on a disk that is not mounted.
check_kinds() {
    [ ! -L "$config" ] || [ -e "$config" ] ||
        finding "$config is a link to nothing: $(readlink "$config")" "bring that file back, or rm $config"
    for thing in "$program" "$program.prev" "$config" "$example"; do
        [ ! -e "$thing" ] || [ -f "$thing" ] || finding "$thing is not a file" "see what it is: ls -ld $thing; then mv $thing $thing.old"
    done
    [ "$service" = yes ] || return 0
    [ ! -e "$unit" ] || [ -f "$unit" ] || finding "$unit is not a file" "see what it is: ls -ld $unit"
    if { [ -e "$secrets" ] || [ -L "$secrets" ]; } && [ ! -d "$secrets" ]; then
        finding "$secrets is not a folder" "see what it is: ls -ld $secrets; then mv $secrets $secrets.old"
    fi
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
    if ! has sha256sum || ! has timeout || ! has od; then
        finding 'there is no sha256sum, timeout or od' 'apt-get install coreutils'
    elif [ ! -f "$from" ] || [ ! -r "$from" ]; then
        finding "cannot read $from" 'name a file that is there'
    elif [ "$(sha256sum <"$from" | cut -d ' ' -f 1)" != "$sha256" ]; then
        finding "$from does not have the checksum that was published for it" 'download it again; do not run it'
    fi
    case $from in
    *.tar.gz | *.tgz)
        for tool in tar gzip; do
            has "$tool" || finding "there is no $tool" "apt-get install $tool"
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
    if [ "$service" = yes ]; then
        id "$account" >/dev/null 2>&1 || echo "  add the group and the user $account, without a login"
        [ -d "$data_dir" ] || echo "  make $data_dir, for $account alone"
        [ -d "$secrets" ] || echo "  make $secrets, for root alone"
    fi
    if [ -e "$config" ]; then
        echo "  check $config with it, and leave that file as it is"
    else
        echo "  write $config"
    fi
    if is_to_run; then
        echo '  stop the service, and back its database up'
    fi
    [ ! -e "$program" ] || echo "  keep the present program as $program.prev"
    echo "  place the program as $program"
    [ "$service" = no ] || say_what_the_service_gets
}

say_what_the_service_gets() {
    echo "  write $unit"
    if ! has_systemd; then
        echo '  start nothing: systemd does not run here'
    elif [ "$start" = no ]; then
        echo '  start nothing'
    elif is_to_run; then
        echo '  start the service, and wait up to 60 s until it is healthy; else the old program comes back'
    elif [ ! -e "$program" ]; then
        echo '  enable the service, and start it if there is a bot token'
    else
        echo '  leave the service stopped, as it is'
    fi
}

# One at a time: the lock is on the folder of the program, and ends with this shell and what it has
# started, however they end.
take_lock() {
    (umask 022 && mkdir -p "$prefix/bin")
    exec 9<"$prefix/bin"
    locked=0
    flock -n 9 || locked=$?
    # Another code than this: a file system without locks.
    [ "$locked" != 1 ] ||
        fail 1 "another install.sh is at work in $prefix/bin$(holders). Nothing was changed" 'wait for its end, then run this again'
}

# Who else has the folder open as the lock, the eldest.
holders() {
    place=$(readlink -f "$prefix/bin")
    for id in $(find /proc -maxdepth 1 -name '[0-9]*' 2>/dev/null | cut -d / -f 3 | sort -n); do
        [ "$(readlink "/proc/$id/fd/9" 2>/dev/null || :)" = "$place" ] || continue
        # This shell, and the part of it that asks.
        case " $id $(awk '$1 == "PPid:" { print $2 }' "/proc/$id/status" 2>/dev/null || :) " in *" $$ "*) continue ;; esac
        words=$(tr '\0' ' ' 2>/dev/null <"/proc/$id/cmdline" || :)
        printf ': process %s (%s)' "$id" "${words% }"
        return
    done
}

# The program, tried before it is placed.

get_program() {
    unit_source=$here/reelbot.service
    [ -f "$unit_source" ] || unit_source=$here/packaging/reelbot.service
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
        tar -xzf "$from" -C "$work/unpacked" 2>"$work/tar" ||
            fail 1 "$from cannot be unpacked: $(head -n 1 "$work/tar")" 'download it again'
        found=$(find "$work/unpacked" -type f -name reelbot)
        [ -f "$found" ] || fail 1 "$from does not hold one file named reelbot" "tar -tzf $from"
        [ ! -f "$(dirname -- "$found")/reelbot.service" ] || unit_source=$(dirname -- "$found")/reelbot.service
        mv "$found" "$new"
        ;;
    *) cp -- "$from" "$new" ;;
    esac
    chmod 755 "$new"
}

# Nothing of a file is run before it is clear that it is a program for this machine: a shell takes
# whatever else it is given for a script.
try_program() {
    check_program "$new"
    [ "$service" = no ] || [ -f "$unit_source" ] ||
        fail 1 'the file for systemd is missing' 'install from an archive or a checkout, or sh install.sh --no-service'
    asked=$(ask --version) || fail 1 "the new program does not run on this machine$(reason)" \
        "is it reelbot for $(uname -m)? If programs may not run in ${TMPDIR:-/tmp}: TMPDIR=~ sh install.sh …"
    version=$(printf '%s\n' "$asked" | sed -nE '1s/^(reelbot [0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?)$/\1/p')
    [ "$asked" = "${version:-none}" ] ||
        fail 1 "this is not reelbot: asked for its version it says \"$(printf '%s' "$asked" | tr '\n' ' ' | cut -c 1-60)\"" \
            'give the program or the archive of a release of reelbot'
    ask config example >"$work/config.example.toml" ||
        fail 1 "$version fails on this machine$(reason)" 'give the program or the archive of a release of reelbot'
    checked=$config
    [ -e "$config" ] || checked=$work/config.example.toml
    (cd / && run_as_installed env REELBOT_CONFIG="$checked" "$new" config check) >"$work/check" 2>&1 || {
        cat "$work/check" >&2
        fail 78 "$version does not accept $checked. Nothing was changed" 'mend it as said above, then run this again'
    }
}

# ask WORDS: what the new program answers to that, within 10 seconds and 100 kB.
ask() {
    { timeout 10 "$new" "$@" </dev/null 2>"$work/said" || echo $? >"$work/code"; } | head -c 100000
    [ ! -e "$work/code" ]
}

# Why it failed, in the words of the system.
reason() {
    code=$(cat "$work/code" 2>/dev/null || :)
    case $code in
    124) printf ': it does not answer within 10 s' ;;
    141) printf ': it prints without end' ;;
    *)
        said=$(head -n 1 "$work/said" 2>/dev/null | tr -d '\000' | cut -c 1-200)
        printf '%s' "${said:+: $said}"
        ;;
    esac
}

# check_program FILE: whether it is a program, for this kind of machine, and for a C library that
# is here. Read from its ELF header; a script, as `#!` says, needs none of this.
check_program() {
    case $(octets "$1" 0 4) in
    '127 69 76 70') ;;
    '35 33 '*) return ;;
    *) fail 1 "$from is not a program" 'give the program or the archive of a release of reelbot' ;;
    esac
    case $(octets "$1" 18 2) in
    '62 0') made_for=x86_64 ;;
    '183 0') made_for=aarch64 ;;
    *) made_for='another kind of machine' ;;
    esac
    machine=$(uname -m | sed 's/^arm64$/aarch64/')
    [ "$made_for" = "$machine" ] ||
        fail 1 "$from is made for $made_for, this machine is $machine" "take the one for $machine"
    ! is_static "$1" || return 0
    wanted=$(LC_ALL=C tr -c '0-9A-Z_a-z.' '\n' <"$1" | sed -n 's/^GLIBC_\([0-9.]*\)$/\1/p' | sort -V | tail -n 1)
    here_is=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')
    [ -z "$wanted" ] || [ "$(printf '%s\n' "$wanted" "$here_is" | sort -V | tail -n 1)" = "$here_is" ] ||
        fail 1 "$from needs glibc $wanted, this machine has ${here_is:-another C library}" \
            'take the static archive of the release, build here with sh install.sh, or upgrade the system'
}

# octets FILE FROM COUNT: so many bytes as numbers.
octets() {
    od -An -t u1 -j "$2" -N "$3" "$1" | tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

# little FILE FROM COUNT: the number that stands there.
little() {
    octets "$1" "$2" "$3" | awk '{ for (i = NF; i > 0; i--) n = n * 256 + $i; printf "%d", n }'
}

# Whether a program names no loader in its program headers (PT_INTERP is 3), and so brings its
# own C library.
is_static() {
    table=$(little "$1" 32 8) size=$(little "$1" 54 2) left=$(little "$1" 56 2)
    while [ "$left" -gt 0 ]; do
        [ "$(little "$1" "$table" 4)" != 3 ] || return 1
        table=$((table + size)) left=$((left - 1))
    done
}

# Placing: each file is written beside its place and then moved there, so that
# there is never half a file or none.

place_config() {
    if [ ! -d "$config_dir" ]; then
        (umask 022 && mkdir -p "$config_dir")
        chmod "$config_dir_mode" "$config_dir"
    fi
    if [ ! -e "$config" ]; then
        place "$work/config.example.toml" "$config" "$config_mode"
    elif ! cmp -s "$work/config.example.toml" "$config"; then
        place "$work/config.example.toml" "$example" "$config_mode"
    fi
    [ "$service" = no ] || give_config_to_account
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

# The service: an account, folders, a unit; at an upgrade a backup, and a way back.

has_systemd() {
    [ -d /run/systemd/system ] && has systemctl
}

# Whether the service runs, or systemd is about to start it again.
runs_service() {
    [ "$service" = yes ] && has_systemd || return 1
    case $(systemctl is-active reelbot 2>/dev/null || :) in
    active | activating | reloading) ;;
    *) return 1 ;;
    esac
}

# Whether it is to run when this is done: it does now, or would, had nobody killed an upgrade.
is_to_run() {
    runs_service || { [ "$service" = yes ] && has_systemd && [ -e "$under_way" ]; }
}

is_up() {
    [ "$(systemctl is-active reelbot 2>/dev/null || :)" = active ]
}

make_account() {
    getent group "$account" >/dev/null || groupadd --system "$account"
    getent passwd "$account" >/dev/null ||
        useradd --system --gid "$account" --no-create-home --home-dir "$data_dir" \
            --shell /usr/sbin/nologin "$account"
    if [ ! -d "$data_dir" ]; then
        (umask 077 && mkdir -p "$data_dir")
        chown "$account:$account" "$data_dir"
    fi
}

# What is root's alone could not be read by the service; what somebody gave to others stays theirs.
give_config_to_account() {
    for file in "$config_dir" "$config" "$example"; do
        if [ -e "$file" ] && [ "$(stat -c %u:%g "$file")" = 0:0 ]; then
            chgrp "$account" "$file"
            chmod g+rX "$file"
        fi
    done
    if [ ! -d "$secrets" ]; then
        (umask 077 && mkdir "$secrets")
    fi
    as_account test -r "$config" || fail 1 "$account cannot read $config" "chgrp $account $config && chmod g+r $config"
}

# as_account COMMAND…: as the service, with its places and nothing of this shell's.
as_account() {
    (cd / && runuser -u "$account" -- env -i PATH="$PATH" HOME="$data_dir" \
        XDG_CONFIG_HOME="${config_dir%/*}" XDG_DATA_HOME="${data_dir%/*}" "$@")
}

# run_as_installed COMMAND…: as whoever will run the program, with the places that it will have
# then. Before there is that account root stands in for it.
run_as_installed() {
    if [ "$service" = no ]; then
        "$@"
    elif id "$account" >/dev/null 2>&1 && as_account test -r "$checked"; then
        as_account "$@"
    else
        env HOME="$data_dir" XDG_CONFIG_HOME="${config_dir%/*}" XDG_DATA_HOME="${data_dir%/*}" "$@"
    fi
}

# Where the service has its database, by what the program says of its configuration.
database() {
    sed -n 's/^database  *\(\/.*\)$/\1/p' | head -n 1
}

install_service() {
    started=no
    if is_to_run && [ "$start" = yes ]; then
        upgrade_running
        started=yes
        return
    fi
    known=no
    [ ! -e "$program" ] || known=yes
    place_program
    place_unit
    if ! has_systemd; then
        echo 'systemd does not run here: the service is installed, and was not started.'
        return
    fi
    systemctl daemon-reload
    if [ "$start" = no ] || [ "$known" = yes ] || has_data_elsewhere; then
        return
    fi
    systemctl --quiet enable reelbot
    if has_token; then
        systemctl start reelbot || fail 1 'the service did not start' 'journalctl -u reelbot -n 50'
        started=yes
    fi
}

has_token() {
    [ -s "$token" ] || ! grep -q '^bot token  *not set' "$work/check"
}

# A database of root's own, from before there was a service, is not left behind unseen.
has_data_elsewhere() {
    [ -e "$own_data_dir/reelbot.db" ] && [ ! -e "$data_dir/reelbot.db" ]
}

place_unit() {
    (umask 022 && mkdir -p "$(dirname -- "$unit")")
    sed "s|^ExecStart=/usr/local/bin/reelbot |ExecStart=$program |" "$unit_source" >"$work/reelbot.service"
    [ ! -e "$unit" ] || cp -p -- "$unit" "$work/unit.prev"
    place "$work/reelbot.service" "$unit" 644
}

upgrade_running() {
    was_healthy=no backup='' old_version=''
    if [ -e "$under_way" ] && { ! runs_service || cmp -s "$new" "$program"; }; then
        { read -r was_healthy && read -r old_version && read -r backup; } <"$under_way" || :
        tell "An upgrade of ${old_version:-reelbot} was cut off: it is finished now."
        # What it has backed up is of before its new program. Without that nothing has run since.
        cmp -s "$new" "$program" || backup='' old_version=''
    else
        ! is_healthy 10s || was_healthy=yes
    fi
    [ -n "$old_version" ] || old_version=$("$program" --version 2>/dev/null || echo 'the one before')
    remember
    tell "Stopping $old_version."
    stage=stopped
    systemctl stop reelbot
    [ -e "$backup" ] || back_up
    remember
    place_program
    place_unit
    systemctl daemon-reload
    tell "Starting $version."
    : >"$work/health"
    if systemctl start reelbot; then
        stage=started
        if is_healthy 60s; then
            rm -f -- "$under_way"
            return
        fi
        why=$(grep -v '^$' "$work/health" | head -n 1)
        # Where the old one was not healthy either, with Telegram away, the new one is no worse:
        # unless it does not even stay up.
        if [ "$was_healthy" = no ] && is_up; then
            rm -f -- "$under_way"
            tell "It is not healthy yet, and was not before: $why" >&2
            tell 'hint: reelbot health --wait 60s; journalctl -u reelbot -n 50' >&2
            return
        fi
    fi
    roll_back
}

# What another run of this needs to finish the upgrade, should this one be killed.
remember() {
    printf '%s\n' "$was_healthy" "$old_version" "$backup" >"$work/under_way"
    place "$work/under_way" "$under_way" 600
}

# is_healthy TIME: whether the run is healthy within it. A release without that command is healthy
# when it has started.
is_healthy() {
    : >"$work/health"
    if "$program" health --help >/dev/null 2>&1; then
        as_account "$program" health --wait "$1" >"$work/health" 2>&1
    else
        is_up
    fi
}

# Nothing runs meanwhile, so that nothing comes between the backup and the new program.
back_up() {
    backup=''
    file=$(database <"$work/check")
    if [ ! -e "${file:-$data_dir/reelbot.db}" ]; then
        return
    fi
    if ! "$program" backup --help >/dev/null 2>&1; then
        tell "$old_version makes no backups; the new one copies the database before it changes its form."
        return
    fi
    as_account "$program" backup create --json >"$work/backup" 2>"$work/said" ||
        fail 1 "the database could not be backed up: $(said_error). The program was not changed" \
            'mend that, then run this again'
    backup=$(sed -n 's/.*"path" *: *"\([^"]*\)".*/\1/p' "$work/backup" | head -n 1)
    [ -n "$backup" ] || fail 1 'the backup cannot be found. The program was not changed' "$program backup list"
    tell "Backed up as $backup."
}

# The error of a program that was asked for JSON, or not, in words.
said_error() {
    sed -e 's/^{"error":"\(.*\)","exit":.*/\1/' -e 's/^error: //' -e 's/\\\(["\\]\)/\1/g' "$work/said" | grep -v '^$' | head -n 1
}

# The folder of the backups: that of the configuration, else the one beside the database.
backups() {
    folder=$(of_config backup dir)
    printf '%s' "${folder:-$(dirname -- "$1")/backups}"
}

# of_config SECTION KEY: a text of the configuration, without what TOML could do besides.
of_config() {
    [ ! -r "$config" ] || awk -v section="$1" -v key="$2" '
        /^[ \t]*\[/ { gsub(/[][ \t]/, ""); sub(/#.*/, ""); here = $0; next }
        here == section && $0 ~ "^[ \t]*" key "[ \t]*=" {
            sub(/^[^=]*=[ \t]*/, ""); quote = substr($0, 1, 1); $0 = substr($0, 2)
            print substr($0, 1, index($0, quote) - 1); exit
        }' "$config"
}

# A service that is to be stopped must find room for the backup: as much as the database with
# what is not yet in its file, and the 64 MB that `reelbot backup create` leaves free.
check_backup_room() {
    is_to_run && [ "$start" = yes ] || return 0
    file=$(database <"$work/check")
    [ -e "$file" ] || return 0
    bytes=0
    for part in "$file" "$file-wal"; do
        [ ! -e "$part" ] || bytes=$((bytes + $(stat -L -c %s "$part")))
    done
    findings=0
    check_room "$(backups "$file")" $((bytes / 1048576 + 65))
    [ "$findings" = 0 ] || fail 1 'there is no room for the backup before the upgrade. Nothing was changed' \
        'make room as said above, then run this again'
}

# The old program comes back. Its database does where the new one has changed its form; what came
# since the backup would then be lost, and orders are money: nobody but the operator gives them up.
roll_back() {
    if [ "$stage" = started ]; then
        tell "$version did not become healthy within 60 s${why:+: $why}" >&2
    else
        tell "$version did not start" >&2
    fi
    stage=stopped
    systemctl stop reelbot || :
    if ! as_account "$program.prev" migrate --dry-run >/dev/null 2>&1; then
        [ -n "$backup" ] || keep_new 'there is no backup that the old program could use'
        count_what_came
        if [ "$came" != nothing ]; then
            tell "Since the backup there came: $came. The old program can only use the backup, and would not know of it." >&2
            agreed || keep_new 'what came since the backup would be lost'
        fi
        with_either backup restore "$backup" --yes >"$work/restored" ||
            keep_new "the backup could not be restored: $(said_error)"
        tell "Restored $backup." >&2
    fi
    cp -p -- "$program.prev" "$work/old"
    place "$work/old" "$program" 755
    [ ! -e "$work/unit.prev" ] || place "$work/unit.prev" "$unit" 644
    systemctl daemon-reload
    again='which runs again'
    systemctl start reelbot || again='which did not start either'
    stage=started
    rm -f -- "$under_way"
    fail 1 "rolled back to $old_version, $again" 'see what the new one said: journalctl -u reelbot -n 50'
}

# What people did since the backup, in words.
count_what_came() {
    since=$(with_either backup restore "$backup" --dry-run --json | tr -d ' \n' | sed -n 's/.*"since":{\([^}]*\)}.*/\1/p')
    if [ -z "$since" ]; then
        came='nobody can say what'
        return
    fi
    came=$(printf '%s' "$since" | tr ',' '\n' | sed -n 's/^"\(.*\)":\([1-9][0-9]*\)$/\2 \1/p' |
        sed 's/ entries$/ entries in the ledger/; s/ acts$/ changes by operators/' | paste -s -d , - | sed 's/,/, /g')
    came=${came:-nothing}
}

# with_either WORDS: the new program, which knows the database of now, else the old one.
with_either() {
    as_account "$program" "$@" 2>"$work/said" || as_account "$program.prev" "$@" 2>"$work/said"
}

agreed() {
    [ -t 0 ] || return 1
    printf 'Give that up, and go back to %s? Type yes: ' "$old_version" >&2
    read -r answer && [ "$answer" = yes ]
}

# keep_new WHY: the new program stays with the data, whatever ails it. Nothing is lost.
keep_new() {
    systemctl start reelbot || tell "$version did not start" >&2
    stage=started
    rm -f -- "$under_way"
    printf 'error: %s: %s is kept with all data\nhint: %s\n' "$1" "$version" \
        'see what ails it: journalctl -u reelbot -n 50' >&2
    [ -z "$backup" ] || printf '%s\n' 'or go back, and lose what came since:' \
        "  systemctl stop reelbot && cp $program.prev $program &&" \
        "  reelbot backup restore $backup && systemctl start reelbot" >&2
    exit 1
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
    if [ "$service" = yes ]; then
        echo "  secrets        $secrets"
        echo "  database       in $data_dir, unless the configuration names another place"
        echo "  service        reelbot, as the user $account"
        echo
        say_what_is_next
        return
    fi
    echo "  database       in $data_dir, unless the configuration names another place"
    echo
    if [ "$upgrade" = yes ]; then
        echo "Next, once the old one is stopped: $command run"
    else
        echo "Next: $command keys add"
    fi
}

say_what_is_next() {
    if has_data_elsewhere; then
        echo "Next: the database of before is $own_data_dir/reelbot.db. Stop what runs on it, then"
        echo "  mv $own_data_dir/reelbot.db* $data_dir/ && chown -R $account: $data_dir && systemctl enable --now reelbot"
    elif [ "$started" = yes ]; then
        echo 'Next: systemctl status reelbot'
    elif has_token && [ "$upgrade" = yes ]; then
        echo 'Next: systemctl restart reelbot'
    else
        echo "Next: write the bot's token into $token, then"
        echo "  $command keys add && systemctl enable --now reelbot"
    fi
}

# Going away.

remove_program() {
    if [ ! -e "$program" ]; then
        echo "There is no $program."
        [ "$service" = yes ] && [ -e "$unit" ] || return 0
    fi
    [ ! -e "$program" ] || [ -w "$prefix/bin" ] ||
        fail 1 "cannot write to $prefix/bin" 'sudo sh install.sh --uninstall'
    kept="$config_dir, $data_dir"
    [ "$service" = no ] || [ ! -d "$drop_ins" ] || kept="$kept, $drop_ins"
    if [ "$dry_run" = yes ]; then
        [ "$service" = no ] || [ ! -e "$unit" ] || echo "This would stop the service and remove $unit."
        echo "This would remove $program."
    else
        [ "$service" = no ] || remove_service
        rm -f -- "$program" "$program.prev" "$under_way"
        echo "Removed $program."
    fi
    echo "Kept: $kept, and the database where the configuration names another place."
}

remove_service() {
    [ -e "$unit" ] || return 0
    ! has_systemd || systemctl --quiet disable --now reelbot
    rm -f -- "$unit" /etc/systemd/system/multi-user.target.wants/reelbot.service
    ! has_systemd || systemctl daemon-reload
    echo "Removed $unit."
}

purge() {
    gone="$config_dir $data_dir"
    if [ "$service" = yes ]; then
        gone="$gone $drop_ins"
        [ "$(id -un)" = root ] || fail 1 'this needs root' 'sudo sh install.sh --purge'
    fi
    find_elsewhere
    echo 'This would remove the program, the service, and for ever:'
    { printf '%s\n' "$gone" | tr ' ' '\n' && printf '%s\n' "$elsewhere"; } | while read -r thing; do
        [ ! -e "$thing" ] || printf '  %s  %s\n' "$(du -sh "$thing" | cut -f 1)" "$thing"
    done
    echo 'With them go the credits that people have paid for, the KIE keys, and the backups that lie there.'
    [ "$dry_run" = no ] || return 0
    wanted=$(bot_name)
    if [ -z "$name" ]; then
        [ -t 0 ] || fail 2 'nobody can be asked for the name of the bot' "sh install.sh --purge --yes $wanted"
        printf 'Type the name of the bot, %s: ' "$wanted"
        read -r name || name=''
    fi
    [ "${name#@}" = "${wanted#@}" ] || fail 1 "that is not $wanted. Nothing was changed" 'sh install.sh --uninstall keeps configuration and data'
    [ ! -d "$prefix/bin" ] || take_lock
    remove_program | sed '/^Kept: /d'
    for folder in $gone; do
        [ ! -e "$folder" ] || rm -rf -- "$folder"
        echo "Removed $folder."
    done
    remove_elsewhere
    if [ "$service" = yes ]; then
        ! getent passwd "$account" >/dev/null || userdel "$account"
        ! getent group "$account" >/dev/null || groupdel "$account"
        echo "Removed the user $account."
    fi
}

# What is plainly the bot's, and lies elsewhere by the configuration: its database with the files
# beside it, and the backups whose manifest names that database. One a line.
find_elsewhere() {
    elsewhere='' backups=''
    # By the configuration alone: the data of whoever does this is not the bot's.
    file=$(env -u REELBOT_DATABASE REELBOT_CONFIG="$config" XDG_DATA_HOME="${data_dir%/*}" \
        "$program" config check 2>/dev/null | database)
    [ -n "$file" ] || file=$(of_config database path)
    case $file in
    /*) ;;
    *) return 0 ;;
    esac
    backups=$(backups "$file")
    elsewhere=$({
        printf '%s\n' "$file" "$file-wal" "$file-shm" "$file.lock" "$file.pulse"
        for manifest in "$backups"/*.json; do
            ! grep -qsF "\"database\": \"$file\"" "$manifest" || printf '%s\n' "$manifest" "${manifest%.json}.db"
        done
    } | while read -r thing; do
        case $thing in
        "$config_dir"/* | "$data_dir"/*) ;;
        *) [ ! -e "$thing" ] || printf '%s\n' "$thing" ;;
        esac
    done)
}

# What else the account has there is given to root: its number may be another's tomorrow.
remove_elsewhere() {
    [ -z "$elsewhere" ] || printf '%s\n' "$elsewhere" | while read -r thing; do
        rm -f -- "$thing"
        echo "Removed $thing."
    done
    [ -n "$backups" ] || return 0
    for folder in "$backups" "${file%/*}/"; do
        [ -d "$folder" ] || continue
        if [ "$service" = yes ] && getent passwd "$account" >/dev/null; then
            find "$folder" -xdev -depth -user "$account" ! -type l -exec chmod go= {} + -exec chown root:root {} + -print |
                sed "s/^/Kept, and given to root: /"
        fi
        [ "$folder" != "$backups" ] || rmdir -- "$folder" 2>/dev/null || echo "Kept: $folder, which holds something else."
    done
}

# The bot's name as Telegram knows it; where it cannot be asked, ours.
bot_name() {
    said=''
    if [ "$service" = yes ] && [ -x "$program" ] && id "$account" >/dev/null 2>&1; then
        given=''
        [ ! -s "$token" ] || given=$(tr -d '\n' <"$token")
        said=$(TELEGRAM_BOT_TOKEN=$given as_account_with_token "$program" webhook show --json 2>/dev/null || :)
    elif [ -x "$program" ]; then
        said=$(timeout 20 "$program" webhook show --json 2>/dev/null || :)
    fi
    said=$(printf '%s' "$said" | sed -n 's/.*"bot" *: *"@\{0,1\}\([A-Za-z0-9_]*\)".*/@\1/p' | head -n 1)
    printf '%s' "${said:-reelbot}"
}

# The token goes by the environment, which others cannot see.
as_account_with_token() {
    (cd / && timeout 20 runuser -u "$account" -- env HOME="$data_dir" \
        XDG_CONFIG_HOME="${config_dir%/*}" XDG_DATA_HOME="${data_dir%/*}" "$@")
}

main "$@"
