# shellcheck shell=sh
# systemd itself, as the first process of a container without a network, runs the program.
# shellcheck disable=SC2154 # Of service_test.sh.

# boots STORY: runs it as the last unit of a container. systemd does not start everywhere.
boots() {
    cp "$program" "$r/src/reelbot"
    cp "$here/telegram.pl" "$here/$1" "$r/src/"
    printf '[Unit]\nAfter=multi-user.target\n[Service]\nType=idle\nExecStart=/bin/sh /src/%s\n' "$1" \
        >"$r/etc/systemd/system/story.service"
    ln -s /etc/systemd/system/story.service "$r/etc/systemd/system/multi-user.target.wants/"
    # It powers off at its end; a container that hangs is ended.
    timeout -k 10 300 systemd-nspawn --quiet --register=no --keep-unit --private-network \
        --directory="$r" --boot systemd.show_status=0 </dev/null >"$box/console" 2>&1 || :
    if [ ! -e "$r/story.log" ]; then
        : >"$box/no-systemd"
        return
    fi
    cat "$r/story.log"
    [ "$(cat "$r/story.end")" = 0 ]
}

systemd_runs_it_from_the_installation_to_the_purge() {
    boots story.sh
}

# With its figures, which are for people to read.
an_operators_year_in_a_minute() {
    litestream=$(find "$kept/../tools/litestream/0.5.17/bin/litestream" 2>/dev/null || :)
    [ -z "$litestream" ] || cp "$litestream" "$r/src/litestream"
    boots journey.sh
    [ ! -e "$r/story.log" ] || grep '^== ' "$r/story.log" >"$kept/journey"
}

if [ -z "$program" ]; then
    # Not skipped: it would be so for ever, and nobody would see it.
    echo 'FAILED: systemd: there is no program; cargo build'
    failed=$((failed + 1))
elif ! command -v systemd-nspawn >/dev/null; then
    echo 'systemd: skipped: there is no systemd-nspawn: apt-get install systemd-container'
elif ! /usr/sbin/chroot "$debian" /bin/true; then
    echo 'systemd: skipped: no chroot'
else
    test_that 'systemd runs it, from the installation to the purge' systemd_runs_it_from_the_installation_to_the_purge
    if [ ! -e "$box/no-systemd" ]; then
        rm -f "$kept/journey"
        test_that 'orders, an upgrade, a rollback, a restore and a second site' an_operators_year_in_a_minute
        [ ! -e "$kept/journey" ] || cat "$kept/journey"
    fi
    [ ! -e "$box/no-systemd" ] || echo "systemd: skipped: it does not start in a container here: $(tail -n 1 "$box/console")"
fi
