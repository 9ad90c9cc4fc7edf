#!/bin/sh
# In the container, as root: the life of a service under systemd.
# shellcheck disable=SC2154,SC2016 # Set by the trap itself; for other shells.
exec >/story.log 2>&1
trap 'end=$?; [ "$end" = 0 ] || journalctl --no-pager -u reelbot -n 60; echo "$end" >/story.end; systemctl --no-block poweroff' EXIT
set -eux
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
token=7654321:AAtokenTOKENtokenTOKENtokenTOKEN123
perl /src/telegram.pl 8081 "$token" &

install() {
    file=$1
    shift
    sh /src/install.sh --from "$file" --sha256 "$(sha256sum <"$file" | cut -d ' ' -f 1)" "$@"
}

# waits_for COMMAND…: for half a minute at most.
waits_for() {
    for _ in $(seq 60); do
        ! "$@" || return 0
        sleep 0.5
    done
    return 1
}

property() {
    systemctl show --property="$1" --value reelbot
}

as_service() {
    runuser -u reelbot -- env -i HOME=/var/lib/reelbot XDG_CONFIG_HOME=/etc XDG_DATA_HOME=/var/lib /usr/local/bin/reelbot "$@"
}

# A fresh machine: nothing is started before there is a token.
install /src/reelbot
[ "$(systemctl is-enabled reelbot)" = enabled ]
[ "$(systemctl is-active reelbot)" = inactive ]
printf '[telegram]\napi_url = "http://127.0.0.1:8081"\n[kie]\napi_url = "http://127.0.0.1:1"\nupload_url = "http://127.0.0.1:1"\n' >/etc/reelbot/config.toml

# A wrong token: told as such, and not tried for ever.
(umask 077 && echo 1111111:AAwrongWRONGwrongWRONGwrongWRONG123 >/etc/reelbot/credentials/telegram-bot-token)
systemctl start reelbot || :
waits_for sh -c '[ "$(systemctl show -p ExecMainStatus --value reelbot)" = 78 ]'
journalctl --no-pager -u reelbot | grep 'copy the token again from @BotFather'
[ "$(property ActiveState)" = failed ]
[ "$(property NRestarts)" = 0 ]
systemctl reset-failed reelbot

# The right one. `start` returns when it runs.
echo "$token" >/etc/reelbot/credentials/telegram-bot-token
systemctl start reelbot
[ "$(property ActiveState)" = active ]
waits_for sh -c 'systemctl show -p StatusText --value reelbot | grep "polling ok"'
[ "$(stat -c '%U %a' /var/lib/reelbot/reelbot.db)" = 'reelbot 600' ]
waits_for sh -c 'runuser -u reelbot -- env XDG_CONFIG_HOME=/etc XDG_DATA_HOME=/var/lib /usr/local/bin/reelbot users list | grep Anna'

# No secret is in what others may see.
if systemctl show reelbot | grep -F "$token"; then exit 1; fi
if tr '\0' '\n' <"/proc/$(property MainPID)/environ" | grep -F "$token"; then exit 1; fi

# The configuration is read again.
systemctl reload reelbot
waits_for sh -c 'journalctl --no-pager -u reelbot | grep "the config was read again"'
[ "$(property ActiveState)" = active ]

# A run that is killed comes back; one that hangs is ended by the watchdog, and comes back.
kill -9 "$(property MainPID)"
waits_for sh -c '[ "$(systemctl show -p NRestarts --value reelbot)" = 1 ] && systemctl is-active reelbot'
mkdir -p /etc/systemd/system/reelbot.service.d
printf '[Service]\nWatchdogSec=3\n' >/etc/systemd/system/reelbot.service.d/override.conf
systemctl daemon-reload
systemctl restart reelbot
hung=$(property MainPID)
kill -STOP "$hung"
waits_for sh -c "[ ! -e /proc/$hung ]"
waits_for systemctl is-active reelbot

# The same again is an upgrade; the database, the configuration and the drop-in stay.
install /src/reelbot | tee /upgrade
backup=$(sed -n 's/^Backed up as \(.*\)\.$/\1/p' /upgrade)
[ "$(stat -c '%U %a' "$backup")" = 'reelbot 600' ]
[ "$(systemctl is-active reelbot)" = active ]
[ -e /etc/systemd/system/reelbot.service.d/override.conf ]
as_service users list | grep Anna

# What install.sh asks of a backup before it puts one back.
systemctl stop reelbot
as_service backup restore "$backup" --dry-run --json | tr -d ' \n' | grep '"since":{"acts":0,"delivered":0,"entries":0,"orders":0,'
systemctl start reelbot

# A release that cannot run comes and goes.
printf '#!/bin/sh\ncase "$1" in\n--version) echo reelbot 9.9.9 ;;\nrun) exit 1 ;;\n*) exec /src/reelbot "$@" ;;\nesac\n' >/src/bad
if install /src/bad; then exit 1; fi
[ "$(reelbot --version)" = "$(/src/reelbot --version)" ]
waits_for systemctl is-active reelbot
as_service users list | grep Anna

# Away, and away for good.
sh /src/install.sh --uninstall
[ ! -e /usr/local/bin/reelbot ]
[ "$(systemctl is-active reelbot)" = inactive ]
[ -s /var/lib/reelbot/reelbot.db ]
install /src/reelbot
systemctl start reelbot
if sh /src/install.sh --purge --yes somebody </dev/null; then exit 1; fi
# Root's own database, which is another one.
mkdir -p ~/.local/share/reelbot
echo mine >~/.local/share/reelbot/reelbot.db
sh /src/install.sh --purge --yes @shop_bot
[ -s ~/.local/share/reelbot/reelbot.db ]
[ ! -e /var/lib/reelbot ]
[ ! -e /etc/reelbot ]
if id reelbot; then exit 1; fi
