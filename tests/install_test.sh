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
    release 1.0.0 >"$box/reelbot"
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
    said 'reelbot 1.0.0 is installed'
    [ "$("$program" --version)" = 'reelbot 1.0.0' ]
    [ "$(cat "$config")" = '# the example of 1.0.0' ]
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
    [ "$("$program" --version)" = 'reelbot 1.0.0' ]
}

an_archive_without_a_program_is_refused() {
    tar -czf "$box/other.tar.gz" -C "$box" home
    exits 1 install_file "$box/other.tar.gz"
    [ ! -e "$prefix" ]
}

an_upgrade_keeps_an_edited_configuration() {
    install_file "$box/reelbot"
    echo '# mine' >"$config"
    release 2.0.0 >"$box/second"
    exits 0 install_file "$box/second"
    [ "$("$program" --version)" = 'reelbot 2.0.0' ]
    [ "$("$program.prev" --version)" = 'reelbot 1.0.0' ]
    [ "$(cat "$config")" = '# mine' ]
    [ "$(cat "$box/config/reelbot/config.example.toml")" = '# the example of 2.0.0' ]
    said 'config.example.toml'
}

installing_the_same_again_keeps_the_one_before() {
    install_file "$box/reelbot"
    release 2.0.0 >"$box/second"
    install_file "$box/second"
    install_file "$box/second"
    [ "$("$program.prev" --version)" = 'reelbot 1.0.0' ]
}

a_release_that_refuses_the_configuration_stays_outside() {
    install_file "$box/reelbot"
    echo 'broken' >"$config"
    release 2.0.0 >"$box/second"
    touches_nothing exits 78 install_file "$box/second"
    said "does not accept $config"
}

a_program_that_does_not_run_stays_outside() {
    printf '#!/bin/sh\nexit 1\n' >"$box/reelbot"
    touches_nothing exits 1 install_file "$box/reelbot"
    said 'does not run on this machine'
}

# Each line: what the file is, and what is said of it.
what_is_not_reelbot_stays_outside() {
    while IFS='|' read -r what words; do
        rm -f "$box/file"
        "$what" >"$box/file"
        exits 1 install_file "$box/file"
        said "$words"
        said '^hint: '
        [ ! -e "$prefix" ]
        [ "$(ls -A "$box/tmp")" = '' ]
    done <<END
of_another_name|it says "widget 1.0.0"
without_a_version|it says "reelbot"
with_more_words|it says "reelbot 1.0.0 reelbot 1.0.0"
that_answers_all|it says "--version"
that_hangs|does not answer within 10 s
that_fails_later|reelbot 1.0.0 fails on this machine: no such command
that_prints_and_fails|does not run on this machine
that_prints_without_end|it prints without end
of_text|is not a program
of_nothing|is not a program
END
    for file in /bin/true /bin/cat; do
        exits 1 install_file "$file"
        said 'this is not reelbot'
        [ ! -e "$prefix" ]
    done
}

of_another_name() { release 1.0.0 | sed "s/echo 'reelbot/echo 'widget/"; }
without_a_version() { release '' | sed "s/'reelbot '/reelbot/"; }
with_more_words() { release 1.0.0 | sed "s/^--version) /--version) echo 'reelbot 1.0.0'; /"; }
that_answers_all() { printf '#!/bin/sh\necho "$@"\n'; }
that_hangs() { printf '#!/bin/sh\nexec sleep 60\n'; }
that_fails_later() { release 1.0.0 | sed 's/^--version) \(.*\)/--version) \1\n*) echo no such command >\&2; exit 2 ;;/'; }
that_prints_and_fails() { printf '#!/bin/sh\necho reelbot 1.0.0\nexit 3\n'; }
that_prints_without_end() { printf '#!/bin/sh\nexec yes reelbot 1.0.0\n'; }
# A shell would run it: it has no `#!`, so the system hands it back.
of_text() { printf 'touch %s\necho reelbot 1.0.0\n' "$prefix"; }
of_nothing() { :; }

# elf MACHINE LOADER LIBC: the beginning of a 64-bit program with one program header, of type
# LOADER: 3 names a loader. It cannot run.
elf() {
    printf '\177ELF\002\001\001'
    head -c 9 /dev/zero
    printf '\003\000'
    octet "$1"
    printf '\000\001\000\000\000'
    head -c 8 /dev/zero
    octet 64
    head -c 21 /dev/zero
    octet 56
    printf '\000\001\000'
    head -c 6 /dev/zero
    octet "$2"
    head -c 55 /dev/zero
    printf 'GLIBC_2.2.5\000GLIBC_PRIVATE\000%s\000GLIBC_2.17\000' "$3"
}

octet() {
    # shellcheck disable=SC2059 # The format is the octet.
    printf "\\$(printf %o "$1")"
}

a_program_for_another_machine_or_a_newer_libc_is_found_before_it_runs() {
    case $(uname -m) in
    x86_64) ours=62 others=183 ;;
    *) ours=183 others=62 ;;
    esac
    elf "$others" 3 GLIBC_2.36 >"$box/file"
    touches_nothing exits 1 install_file "$box/file"
    said "is made for .*, this machine is $(uname -m)"
    elf 8 3 GLIBC_2.36 >"$box/file"
    touches_nothing exits 1 install_file "$box/file"
    said 'is made for another kind of machine'
    elf "$ours" 3 GLIBC_2.999 >"$box/file"
    touches_nothing exits 1 install_file "$box/file"
    said 'needs glibc 2.999, this machine has [2-9]'
    # A static one brings its own; this one ends where it is run.
    elf "$ours" 1 GLIBC_2.999 >"$box/file"
    touches_nothing exits 1 install_file "$box/file"
    said 'does not run on this machine'
}

an_archive_with_two_programs_or_a_folder_of_that_name_is_refused() {
    mkdir -p "$box/two/a" "$box/two/b" "$box/folder/reelbot"
    cp "$box/reelbot" "$box/two/a/"
    cp "$box/reelbot" "$box/two/b/"
    tar -czf "$box/two.tar.gz" -C "$box" two
    tar -czf "$box/folder.tar.gz" -C "$box" folder
    echo 'no archive' >"$box/text.tar.gz"
    for archive in two folder text; do
        exits 1 install_file "$box/$archive.tar.gz"
        said 'does not hold one file named reelbot\|cannot be unpacked: '
        said '^hint: '
        [ ! -e "$prefix" ]
    done
    touches_nothing exits 1 install --from "$box/folder" --sha256 0000
    said 'cannot read'
}

an_unpacked_archive_installs_what_lies_beside_its_script() {
    mkdir "$box/unpacked"
    cp "$box/reelbot" "$root/install.sh" "$box/unpacked/"
    (cd "$box/unpacked" && sha256sum reelbot install.sh >SHA256SUMS)
    exits 0 run "$box/unpacked/install.sh" --prefix "$prefix"
    [ "$("$program" --version)" = 'reelbot 1.0.0' ]
    release 2.0.0 >"$box/unpacked/reelbot"
    exits 1 run "$box/unpacked/install.sh" --prefix "$prefix"
    said 'does not have the checksum'
    [ "$("$program" --version)" = 'reelbot 1.0.0' ]
}

purging_wants_the_name_and_takes_everything() {
    install_file "$box/reelbot"
    mkdir -p "$box/data/reelbot"
    echo 'all we know' >"$box/data/reelbot/reelbot.db"
    touches_nothing exits 0 install --purge --dry-run
    said "$box/data/reelbot"
    touches_nothing exits 2 install --purge
    said 'hint: sh install.sh --purge --yes reelbot'
    touches_nothing exits 1 install --purge --yes somebody
    said 'that is not reelbot. Nothing was changed'
    exits 0 install --purge --yes reelbot
    [ ! -e "$program" ] && [ ! -e "$box/data/reelbot" ] && [ ! -e "$box/config/reelbot" ]
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
    for tool in sh env cat id dirname basename uname df awk tr grep sed sort head; do
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
test_that 'what is not reelbot stays outside' what_is_not_reelbot_stays_outside
test_that 'a program for another machine or a newer C library is found before it runs' \
    a_program_for_another_machine_or_a_newer_libc_is_found_before_it_runs
test_that 'an archive with two programs, or a folder of that name, is refused' \
    an_archive_with_two_programs_or_a_folder_of_that_name_is_refused
test_that 'an unpacked archive installs what lies beside its script' an_unpacked_archive_installs_what_lies_beside_its_script
test_that 'purging wants the name and takes everything' purging_wants_the_name_and_takes_everything
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
