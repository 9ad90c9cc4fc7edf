# shellcheck shell=sh
# The ways that an installation and an upgrade can take, with stand-ins for systemctl and reelbot.
# shellcheck disable=SC2154 # Of service_test.sh.

# release VERSION FORM: a file of a release, by its version.
release() {
    sed "s/VERSION/$1/; s/=FORM/=$2/" "$here/reelbot.sh" >"$r/src/$1"
    chmod 755 "$r/src/$1"
}

with_systemd() {
    mkdir -p "$r/run/systemd/system" "$r/rules"
    chmod 777 "$r/rules"
    cp "$here/systemctl.sh" "$r/usr/local/bin/systemctl"
    chmod 755 "$r/usr/local/bin/systemctl"
    : >"$r/calls"
    chmod 666 "$r/calls"
}

# install VERSION [OPTIONS]
install() {
    version=$1
    shift
    inside sh /src/install.sh --from "/src/$version" --sha256 "$(sum "$r/src/$version")" "$@"
}

# A running service of 1.0.0 with one order in its database.
running() {
    with_systemd
    release 1.0.0 1
    release 2.0.0 "${1:-1}"
    install 1.0.0
    echo 123:abc >"$r/etc/reelbot/credentials/telegram-bot-token"
    inside systemctl start reelbot
    echo order >>"$r/var/lib/reelbot/reelbot.db"
    : >"$r/calls"
}

runs() {
    [ -e "$r/state/active" ] && [ "$(inside reelbot --version)" = "reelbot $1" ]
}

orders() {
    [ "$(grep -c order "$r/var/lib/reelbot/reelbot.db")" = "$1" ]
}

a_new_machine_gets_account_folders_and_unit() {
    with_systemd
    release 1.0.0 1
    exits 0 install 1.0.0
    said 'write the bot.s token into /etc/reelbot/credentials/telegram-bot-token'
    [ "$(grep -c '^Next' "$box/said")" = 1 ]
    inside id reelbot
    [ "$(inside getent passwd reelbot | cut -d : -f 6,7)" = /var/lib/reelbot:/usr/sbin/nologin ]
    [ "$(inside stat -c '%U:%G %a' /etc/reelbot /etc/reelbot/config.toml /etc/reelbot/credentials /var/lib/reelbot | tr '\n' ' ')" = \
        'root:reelbot 750 root:reelbot 640 root:root 700 reelbot:reelbot 700 ' ]
    [ -e "$r/state/enabled" ] && [ ! -e "$r/state/active" ]
    # A second time changes nothing, and starts nothing.
    exits 0 install 1.0.0
    said 'write the bot.s token into'
    [ ! -e "$r/state/active" ]
}

with_a_token_it_is_started() {
    with_systemd
    release 1.0.0 1
    mkdir -p "$r/etc/reelbot/credentials"
    echo 123:abc >"$r/etc/reelbot/credentials/telegram-bot-token"
    exits 0 install 1.0.0
    runs 1.0.0
    said 'Next: systemctl status reelbot'
}

where_systemd_does_not_run_it_is_installed_and_that_is_said() {
    release 1.0.0 1
    : >"$r/calls"
    exits 0 install 1.0.0
    said 'systemd does not run here'
    [ -e "$r/usr/local/lib/systemd/system/reelbot.service" ]
    inside id reelbot
    exits 0 inside sh /src/install.sh --uninstall
    [ ! -e "$r/usr/local/lib/systemd/system/reelbot.service" ]
}

a_dry_run_names_each_change_and_makes_none() {
    with_systemd
    release 1.0.0 1
    exits 0 install 1.0.0 --dry-run
    for words in 'add the group and the user reelbot' 'make /var/lib/reelbot' 'write /etc/reelbot/config.toml' \
        'place the program as /usr/local/bin/reelbot' 'write /usr/local/lib/systemd/system/reelbot.service'; do
        said "$words"
    done
    not inside id reelbot
    [ ! -e "$r/etc/reelbot" ] && [ ! -e "$r/var/lib/reelbot" ] && [ ! -e "$r/usr/local/bin/reelbot" ]
}

another_prefix_is_that_of_the_unit() {
    with_systemd
    release 1.0.0 1
    exits 0 install 1.0.0 --prefix /opt/reelbot
    grep -qx 'ExecStart=/opt/reelbot/bin/reelbot run' "$r/usr/local/lib/systemd/system/reelbot.service"
    exits 0 inside sh /src/install.sh --no-service --from /src/1.0.0 --sha256 "$(sum "$r/src/1.0.0")"
    [ "$(inside /usr/local/bin/reelbot --version)" = 'reelbot 1.0.0' ]
}

a_configuration_of_before_becomes_readable_for_the_account() {
    with_systemd
    release 1.0.0 1
    mkdir -m 750 "$r/etc/reelbot"
    (umask 077 && echo '# mine' >"$r/etc/reelbot/config.toml")
    mkdir -p "$r/root/.local/share/reelbot"
    echo form 1 >"$r/root/.local/share/reelbot/reelbot.db"
    exits 0 install 1.0.0
    [ "$(cat "$r/etc/reelbot/config.toml")" = '# mine' ]
    [ "$(inside stat -c '%U:%G %a' /etc/reelbot/config.toml)" = 'root:reelbot 640' ]
    # Its database is not left behind unseen.
    said 'the database of before is /root/.local/share/reelbot/reelbot.db'
    [ ! -e "$r/state/enabled" ]
}

an_upgrade_stops_backs_up_starts_and_waits() {
    running
    mkdir -p "$r/etc/systemd/system/reelbot.service.d"
    echo '[Service]' >"$r/etc/systemd/system/reelbot.service.d/override.conf"
    exits 0 install 2.0.0
    runs 2.0.0
    orders 1
    [ "$(inside reelbot.prev --version)" = 'reelbot 1.0.0' ]
    [ -e "$r/etc/systemd/system/reelbot.service.d/override.conf" ]
    # In this order; what touches the data is done as the account.
    sed -n '/stop reelbot/,$p' "$r/calls" | grep -v 'is-active\|--version\|--help\|daemon-reload' >"$box/calls"
    diff - "$box/calls" <<END
systemctl stop reelbot
1.0.0 reelbot: backup create --json
systemctl start reelbot
2.0.0 reelbot: run
2.0.0 reelbot: health --wait 60s
END
}

a_service_that_was_stopped_stays_so() {
    running
    inside systemctl stop reelbot
    exits 0 install 2.0.0
    [ ! -e "$r/state/active" ]
    running_again=$(inside reelbot --version)
    [ "$running_again" = 'reelbot 2.0.0' ]
    inside systemctl start reelbot
    install 1.0.0 --no-start
    runs 1.0.0
    ! grep -q 'systemctl stop' "$r/calls" || [ "$(grep -c 'systemctl stop' "$r/calls")" = 1 ]
}

a_release_that_crashes_is_rolled_back() {
    running
    : >"$r/rules/2.0.0.crashes"
    exits 1 install 2.0.0
    said '2.0.0 did not start'
    not said 'healthy'
    said 'error: rolled back to reelbot 1.0.0, which runs again'
    said 'hint: '
    runs 1.0.0
    orders 1
    not grep -q 'backup restore' "$r/calls"
}

a_sick_release_is_rolled_back_and_says_why() {
    running
    : >"$r/rules/2.0.0.sick"
    : >"$r/rules/2.0.0.order"
    exits 1 install 2.0.0
    [ ! -e "$r/usr/local/bin/.reelbot.upgrade" ]
    said 'did not become healthy within 60 s: Telegram has not answered for 3 min'
    runs 1.0.0
    # The form of the database is the same, so that the old one goes on with all of it.
    orders 2
}

a_release_that_has_changed_the_database_is_rolled_back_with_its_backup() {
    running 2
    : >"$r/rules/2.0.0.sick"
    exits 1 install 2.0.0
    said 'Restored /var/lib/reelbot/backups/1.db'
    said 'rolled back'
    runs 1.0.0
    orders 1
    [ "$(head -n 1 "$r/var/lib/reelbot/reelbot.db")" = 'form 1' ]
}

orders_since_the_backup_are_never_lost_unasked() {
    running 2
    : >"$r/rules/2.0.0.sick"
    : >"$r/rules/2.0.0.order"
    exits 1 install 2.0.0
    said 'Since the backup there came: 1 orders'
    said 'is kept with all data'
    said 'reelbot backup restore /var/lib/reelbot/backups/1.db'
    runs 2.0.0
    orders 3
    not grep -q 'backup restore .* --yes' "$r/calls"
}

in_a_terminal_the_operator_may_give_them_up() {
    running 2
    : >"$r/rules/2.0.0.sick"
    : >"$r/rules/2.0.0.order"
    line="sh /src/install.sh --from /src/2.0.0 --sha256 $(sum "$r/src/2.0.0")"
    mkdir -p "$r/dev/pts"
    mount --rbind /dev "$r/dev"
    (sleep 3; echo yes) | exits 1 inside script -qec "$line" /dev/null
    said 'Give that up, and go back to reelbot 1.0.0? Type yes'
    said 'rolled back'
    runs 1.0.0
    orders 1
}

what_was_unhealthy_before_is_no_reason_to_go_back() {
    running
    : >"$r/rules/1.0.0.sick"
    : >"$r/rules/2.0.0.sick"
    exits 0 install 2.0.0
    said 'It is not healthy yet, and was not before'
    runs 2.0.0
    # But one that does not even start is.
    : >"$r/rules/1.0.0.crashes"
    exits 1 install 1.0.0
    said 'rolled back to reelbot 2.0.0'
    runs 2.0.0
}

without_a_backup_nothing_is_changed() {
    running
    : >"$r/rules/no-backup"
    exits 1 install 2.0.0
    said 'error: the database could not be backed up: the "disk" is full. The program was not changed'
    said 'The service is started again'
    runs 1.0.0
    # Whether it could be started is not just assumed.
    : >"$r/rules/1.0.0.crashes"
    exits 1 install 2.0.0
    said 'could not be started again'
    not said 'is started again'
}

a_release_without_backups_and_health_can_be_upgraded() {
    running
    : >"$r/rules/1.0.0.plain"
    exits 0 install 2.0.0
    said 'reelbot 1.0.0 makes no backups'
    runs 2.0.0
}

two_at_once_are_one_and_a_refusal() {
    running
    : >"$r/rules/slow-backup"
    install 2.0.0 >"$box/first" 2>&1 &
    until grep -q 'backup create' "$r/calls"; do :; done
    mount -t proc proc "$r/proc"
    exits 1 install 2.0.0
    said 'another install.sh is at work in /usr/local/bin: process [0-9]* (.*)'
    exits 1 inside sh /src/install.sh --uninstall
    said 'another install.sh is at work'
    wait $!
    runs 2.0.0
    [ "$(grep -c 'systemctl stop' "$r/calls")" = 1 ]
    [ "$(inside reelbot.prev --version)" = 'reelbot 1.0.0' ]
}

an_upgrade_that_is_cut_off_leaves_a_service_that_runs() {
    running
    # The backup never ends; somebody has had enough.
    : >"$r/rules/slow-backup"
    (exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$r" sh /src/install.sh \
        --from /src/2.0.0 --sha256 "$(sum "$r/src/2.0.0")") >"$box/said" 2>&1 &
    until grep -q 'backup create' "$r/calls"; do :; done
    kill -TERM $!
    wait $! || code=$?
    [ "$code" = 143 ]
    said 'is started again'
    runs 1.0.0
    [ ! -e "$r/usr/local/bin/.reelbot.upgrade" ]
}

without_a_reader_it_goes_on_to_the_end() {
    running
    (install 2.0.0; echo $? >"$box/code") | head -n 1
    runs 2.0.0
    [ ! -e "$r/usr/local/bin/.reelbot.upgrade" ]
    # Nor does what a failure has to say keep the service stopped.
    : >"$r/rules/no-backup"
    (install 1.0.0 2>&1; echo $? >"$box/code") | true
    [ "$(cat "$box/code")" != 0 ]
    runs 2.0.0
}

# killed AFTER: an upgrade that is killed outright when that call has come.
killed() {
    (exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$r" sh /src/install.sh \
        --from /src/2.0.0 --sha256 "$(sum "$r/src/2.0.0")") >"$box/said" 2>&1 &
    until grep -q "$1" "$r/calls"; do :; done
    kill -KILL $!
    wait $! || :
}

a_killed_upgrade_is_finished_by_the_next() {
    running 2
    : >"$r/rules/slow-backup"
    killed 'backup create'
    rm "$r/rules/slow-backup"
    [ ! -e "$r/state/active" ]
    sleep 4
    exits 0 install 2.0.0
    said 'An upgrade of reelbot 1.0.0 was cut off'
    said 'Backed up as'
    runs 2.0.0
    [ ! -e "$r/usr/local/bin/.reelbot.upgrade" ]
}

one_killed_after_the_new_has_run_goes_back_with_the_first_backup() {
    running 2
    : >"$r/rules/2.0.0.sick"
    : >"$r/rules/slow-health"
    killed '2.0.0 reelbot: health --wait 60s'
    sleep 4
    rm "$r/rules/slow-health"
    exits 1 install 2.0.0
    said 'rolled back to reelbot 1.0.0'
    runs 1.0.0
    orders 1
    [ "$(head -n 1 "$r/var/lib/reelbot/reelbot.db")" = 'form 1' ]
}

a_full_disk_is_found_before_the_stop() {
    running
    mount -t tmpfs -o size=50m small "$r/mnt"
    printf '[backup]\n# where\ndir = "/mnt/backups" # there\n' >"$r/etc/reelbot/config.toml"
    exits 1 install 2.0.0
    umount "$r/mnt"
    said '/mnt/backups has [0-9]* MB free, 65 MB are needed'
    said 'Nothing was changed'
    runs 1.0.0
    not grep -q 'systemctl stop' "$r/calls"
}

a_release_that_refuses_configuration_stays_outside() {
    running
    echo broken >"$r/etc/reelbot/config.toml"
    exits 78 install 2.0.0
    said 'Nothing was changed'
    runs 1.0.0
    not grep -q 'systemctl stop' "$r/calls"
}

uninstalling_keeps_what_matters_and_purging_asks_for_the_name() {
    running
    mkdir -p "$r/etc/systemd/system/reelbot.service.d"
    exits 2 inside sh /src/install.sh --purge
    said 'hint: sh install.sh --purge --yes @shop_bot'
    exits 1 inside sh /src/install.sh --purge --yes reelbot
    runs 1.0.0
    exits 0 inside sh /src/install.sh --uninstall
    [ ! -e "$r/state/enabled" ] && [ ! -e "$r/state/active" ] && [ ! -e "$r/usr/local/bin/reelbot" ]
    [ -s "$r/var/lib/reelbot/reelbot.db" ] && [ -s "$r/etc/reelbot/config.toml" ]
    [ -d "$r/etc/systemd/system/reelbot.service.d" ]
    install 1.0.0
    exits 0 inside sh /src/install.sh --purge --yes shop_bot
    [ ! -e "$r/var/lib/reelbot" ] && [ ! -e "$r/etc/reelbot" ] && [ ! -e "$r/etc/systemd/system/reelbot.service.d" ]
    not inside id reelbot
}

a_purge_takes_what_lies_elsewhere() {
    running
    mkdir -p "$r/srv/bot" "$r/srv/copies"
    mv "$r/var/lib/reelbot/reelbot.db" "$r/srv/bot/a.db"
    : >"$r/srv/bot/a.db.lock"
    : >"$r/srv/bot/mine"
    printf '[database]\npath = "/srv/bot/a.db"\n[backup]\ndir = "/srv/copies"\n' >"$r/etc/reelbot/config.toml"
    echo /srv/bot/a.db >"$r/rules/database"
    for copy in a b; do
        printf '{\n  "database": "/srv/bot/%s.db",\n}\n' $copy >"$r/srv/copies/$copy-1.json"
        : >"$r/srv/copies/$copy-1.db"
    done
    inside chown -R reelbot: /srv/copies /srv/bot/a.db
    exits 0 inside sh /src/install.sh --purge --dry-run
    said '  /srv/bot/a.db$'
    said '  /srv/copies/a-1.db$'
    [ -e "$r/srv/bot/a.db" ]
    exits 0 inside sh /src/install.sh --purge --yes shop_bot
    said 'Kept, and given to root: /srv/copies/b-1.db'
    [ "$(ls "$r/srv/bot")" = mine ]
    [ "$(cd "$r/srv/copies" && echo *)" = 'b-1.db b-1.json' ]
    [ "$(stat -c '%U %A' "$r/srv/copies/b-1.db" "$r/srv/copies" | tr '\n' ' ')" = 'root -rw------- root drwx------ ' ]
}

what_is_not_of_its_kind_is_found_first() {
    with_systemd
    release 1.0.0 1
    mkdir -p "$r/etc/reelbot" "$r/opt/a/bin/reelbot" "$r/opt/a/bin/reelbot.prev"
    : >"$r/etc/reelbot/credentials"
    ln -s /mnt/away.toml "$r/etc/reelbot/config.toml"
    exits 1 install 1.0.0 --prefix /opt/a
    said 'error: /opt/a/bin/reelbot is not a file'
    said 'error: /opt/a/bin/reelbot.prev is not a file'
    said 'error: /etc/reelbot/credentials is not a folder'
    said 'error: /etc/reelbot/config.toml is a link to nothing: /mnt/away.toml'
    said '4 to mend. Nothing was changed'
    not inside id reelbot
    [ -L "$r/etc/reelbot/config.toml" ]
}

a_full_folder_of_programs_is_found_first() {
    with_systemd
    release 1.0.0 1
    mkdir -p "$r/opt/b/bin"
    mount -t tmpfs -o size=1m small "$r/opt/b/bin"
    exits 1 install 1.0.0 --prefix /opt/b
    umount "$r/opt/b/bin"
    said 'error: /opt/b/bin has [01] MB free, 100 MB are needed'
    not inside id reelbot
}

the_unit_is_in_order_and_closed() {
    release 1.0.0 1
    install 1.0.0
    mount -t proc proc "$r/proc"
    exits 0 inside systemd-analyze verify --man=no reelbot.service
    [ ! -s "$box/said" ]
    exits 0 inside systemd-analyze security --offline=true --threshold=15 --no-pager reelbot.service
}

test_that 'a new machine gets an account, folders and a unit' a_new_machine_gets_account_folders_and_unit
test_that 'with a token it is started' with_a_token_it_is_started
test_that 'where systemd does not run it is installed, and that is said' where_systemd_does_not_run_it_is_installed_and_that_is_said
test_that 'a dry run names each change and makes none' a_dry_run_names_each_change_and_makes_none
test_that 'another prefix is that of the unit' another_prefix_is_that_of_the_unit
test_that 'a configuration of before becomes readable for the account' a_configuration_of_before_becomes_readable_for_the_account
test_that 'an upgrade stops, backs up, starts and waits' an_upgrade_stops_backs_up_starts_and_waits
test_that 'a service that was stopped stays so' a_service_that_was_stopped_stays_so
test_that 'a release that crashes is rolled back' a_release_that_crashes_is_rolled_back
test_that 'a sick release is rolled back, and says why' a_sick_release_is_rolled_back_and_says_why
test_that 'a release that has changed the database is rolled back with its backup' \
    a_release_that_has_changed_the_database_is_rolled_back_with_its_backup
test_that 'orders since the backup are never lost unasked' orders_since_the_backup_are_never_lost_unasked
test_that 'in a terminal the operator may give them up' in_a_terminal_the_operator_may_give_them_up
test_that 'what was unhealthy before is no reason to go back' what_was_unhealthy_before_is_no_reason_to_go_back
test_that 'without a backup nothing is changed' without_a_backup_nothing_is_changed
test_that 'a release without backups and health can be upgraded' a_release_without_backups_and_health_can_be_upgraded
test_that 'two at once are one, and a refusal' two_at_once_are_one_and_a_refusal
test_that 'an upgrade that is cut off leaves a service that runs' an_upgrade_that_is_cut_off_leaves_a_service_that_runs
test_that 'without a reader it goes on to the end' without_a_reader_it_goes_on_to_the_end
test_that 'a killed upgrade is finished by the next' a_killed_upgrade_is_finished_by_the_next
test_that 'one killed after the new has run goes back with the first backup' \
    one_killed_after_the_new_has_run_goes_back_with_the_first_backup
test_that 'a full disk is found before the stop' a_full_disk_is_found_before_the_stop
test_that 'a release that refuses the configuration stays outside' a_release_that_refuses_configuration_stays_outside
test_that 'uninstalling keeps what matters, and purging asks for the name' uninstalling_keeps_what_matters_and_purging_asks_for_the_name
test_that 'a purge takes what lies elsewhere' a_purge_takes_what_lies_elsewhere
test_that 'what is not of its kind is found first' what_is_not_of_its_kind_is_found_first
test_that 'a full folder of programs is found first' a_full_folder_of_programs_is_found_first
test_that 'the unit is in order, and closed' the_unit_is_in_order_and_closed
