#!/bin/sh
# In the container, as root: from a clean machine to a second site, with orders all the way. The stand-ins of
# `reelbot sandbox` are Telegram, KIE and GPT; a person orders three videos at each line that they are sent.
# shellcheck disable=SC2154,SC2016 # Set by the trap itself; for other shells.
exec >/story.log 2>&1
trap 'end=$?; [ "$end" = 0 ] || { cat /shop.log; journalctl --no-pager -u reelbot -n 60; }; echo "$end" >/story.end; systemctl --no-block poweroff' EXIT
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C
began=$(date +%s)

step() {
    echo "== $(($(date +%s) - began)) s: $*"
}

install() {
    sh /src/install.sh --from "$1" --sha256 "$(sha256sum <"$1" | cut -d ' ' -f 1)"
}

# waits_for COMMAND…: for a minute at most.
waits_for() {
    for _ in $(seq 120); do
        ! "$@" >/dev/null || return 0
        sleep 0.5
    done
    echo "waited in vain for: $*"
    return 1
}

placed=0

# A new person orders; says when the order is placed.
order() {
    placed=$((placed + 1))
    echo >&3
    waits_for grep -q "Anna $placed .*three videos are ordered" /shop.log
}

# All three videos of each order have come, and the keyboard that closes it.
delivered() {
    for number in $(seq "$placed"); do
        waits_for grep -q "Anna $number .*the closing keyboard: done" /shop.log
    done
}

# Every invariant of money and videos holds. As root types it.
audited() {
    reelbot audit "$@" >/audit || { cat /audit; return 1; }
    ! grep -q '✗' /audit
}

as_service() {
    runuser -u reelbot -- env -i PATH="$PATH" HOME=/var/lib/reelbot XDG_CONFIG_HOME=/etc XDG_DATA_HOME=/var/lib "$@"
}

step 'install'
mkfifo /shop
exec 3<>/shop
/src/reelbot sandbox --stand-ins /shop.toml --port 8090 --speed 100 </shop >/shop.log 2>&1 &
waits_for test -s /shop.toml
install /src/reelbot >/install.log
cat /shop.toml >/etc/reelbot/config.toml
waits_for grep -q Key /shop.log
sed -n 's/^ *Key *//p' /shop.log | reelbot keys add
systemctl start reelbot
[ "$(stat -c '%U %a' /var/lib/reelbot/reelbot.db)" = 'reelbot 600' ]

step 'orders'
order
delivered
audited
reelbot health
reelbot stats --json | tr -d ' \n' | grep -q '"delivered":3'

step 'upgrade, with an order under way'
order
install /src/reelbot
delivered
audited

step 'an upgrade that must be rolled back, with an order under way'
order
printf '#!/bin/sh\ncase "$1" in\n--version) echo reelbot 9.9.9 ;;\nrun) exit 1 ;;\n*) exec /src/reelbot "$@" ;;\nesac\n' >/src/bad
if install /src/bad; then exit 1; fi
[ "$(reelbot --version)" = "$(/src/reelbot --version)" ]
waits_for systemctl is-active reelbot
delivered
audited

step 'backup, with an order under way'
order
reelbot backup create
backup=$(find /var/lib/reelbot/backups -name '*-manual.db' | sort | tail -n 1)
mkdir /safe
cp "$backup" "${backup%.db}.json" /safe/
delivered

step 'wipe'
systemctl stop reelbot
rm -rf /var/lib/reelbot/reelbot.db* /var/lib/reelbot/backups

step 'restore'
reelbot backup restore --yes "/safe/$(basename "$backup")"
[ "$(stat -c '%U %a' /var/lib/reelbot/reelbot.db)" = 'reelbot 600' ]
systemctl start reelbot
order
delivered
waits_for sh -c 'reelbot jobs list --json | grep -vq processing'
audited

if [ ! -x /src/litestream ]; then
    step 'no second site: there is no litestream here'
    exit 0
fi

step 'a second site'
printf '\n[database]\ncheckpoints = "litestream"\n' >>/etc/reelbot/config.toml
printf 'dbs:\n  - path: /var/lib/reelbot/reelbot.db\n    replica:\n      type: file\n      path: /srv/copy\n      sync-interval: 1s\n' >/etc/litestream.yml
mkdir /srv/copy /srv/second
chown reelbot: /srv/copy /srv/second
chmod 700 /srv/second
systemctl restart reelbot
systemd-run --quiet --unit=litestream --uid=reelbot /src/litestream replicate -config /etc/litestream.yml
order
delivered
order
# Both die at once, with an order that was placed just now.
systemctl kill --kill-whom=all -s KILL reelbot litestream
systemctl stop reelbot
as_service /src/litestream restore -config /etc/litestream.yml -o /srv/second/reelbot.db /var/lib/reelbot/reelbot.db
rm -rf /var/lib/reelbot/reelbot.db*
as_service reelbot run --database /srv/second/reelbot.db >/second.log 2>&1 &
delivered
order
delivered
waits_for reelbot health --database /srv/second/reelbot.db
audited --database /srv/second/reelbot.db
step "done: $placed orders, $((placed * 3)) videos"
