# shellcheck shell=sh
# systemd itself, as the first process of a container without a network, runs the program.
# shellcheck disable=SC2154 # Of service_test.sh.

systemd_runs_it_from_the_installation_to_the_purge() {
    cp "$program" "$r/src/reelbot"
    cp "$here/telegram.pl" "$here/story.sh" "$r/src/"
    printf '[Unit]\nAfter=multi-user.target\n[Service]\nType=idle\nExecStart=/bin/sh /src/story.sh\n' \
        >"$r/etc/systemd/system/story.service"
    ln -s /etc/systemd/system/story.service "$r/etc/systemd/system/multi-user.target.wants/"
    # It powers off at its end; a container that hangs is ended.
    timeout -k 10 240 systemd-nspawn --quiet --register=no --keep-unit --private-network \
        --directory="$r" --boot systemd.show_status=0 </dev/null >"$box/console" 2>&1 || :
    if [ ! -e "$r/story.log" ]; then
        : >"$box/no-systemd"
        return
    fi
    cat "$r/story.log"
    [ "$(cat "$r/story.end")" = 0 ]
}

if [ -z "$program" ]; then
    echo 'systemd: skipped: there is no program; cargo build'
elif ! command -v systemd-nspawn >/dev/null; then
    echo 'systemd: skipped: there is no systemd-nspawn: apt-get install systemd-container'
elif ! /usr/sbin/chroot "$debian" /bin/true; then
    echo 'systemd: skipped: no chroot'
else
    test_that 'systemd runs it, from the installation to the purge' systemd_runs_it_from_the_installation_to_the_purge
    [ ! -e "$box/no-systemd" ] || echo "systemd: skipped: it does not start in a container here: $(tail -n 1 "$box/console")"
fi
