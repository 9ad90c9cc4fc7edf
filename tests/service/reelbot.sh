#!/bin/sh
# A stand-in for reelbot VERSION, whose database has the form FORM. Its database is a file of lines:
# the form, then what came. What happens to it is ruled by files in /rules.
version=VERSION form=FORM
data=/var/lib/reelbot
db=$(cat /rules/database 2>/dev/null || echo $data/reelbot.db)
echo "$version $(id -un): $*" >>/calls
has_form() { head -n 1 "$1" | cut -d ' ' -f 2; }
case "$*" in
--version) echo "reelbot $version" ;;
'config example') echo "# the example of $version" ;;
'config check')
    echo "database    $db"
    [ -s /etc/reelbot/credentials/telegram-bot-token ] || echo 'bot token   not set'
    ! grep broken "${REELBOT_CONFIG:-/etc/reelbot/config.toml}"
    ;;
'health --help' | 'backup --help') [ ! -e "/rules/$version.plain" ] ;;
'health --wait '*)
    [ ! -e /rules/slow-health ] || sleep 3
    [ ! -e "/rules/$version.sick" ] || { echo 'Telegram has not answered for 3 min'; exit 1; } ;;
'migrate --dry-run') [ "$(has_form "$db")" -le "$form" ] ;;
'backup create --json')
    [ ! -e /rules/no-backup ] || { echo '{"error":"the \"disk\" is full","exit":1,"hint":"make room"}' >&2; exit 1; }
    [ ! -e /rules/slow-backup ] || sleep 3
    mkdir -p $data/backups && cp "$db" $data/backups/1.db && echo "{\"path\": \"$data/backups/1.db\"}"
    ;;
'backup restore '*' --dry-run --json')
    printf '{\n  "since": {\n    "delivered": 0,\n    "orders": %s\n  }\n}\n' $(($(wc -l <"$db") - $(wc -l <"$3")))
    ;;
'backup restore '*' --yes') cp "$3" "$db" ;;
'webhook show --json') echo '{"bot": "shop_bot"}' ;;
run)
    [ ! -e "/rules/$version.crashes" ] || exit 1
    [ -e "$db" ] || echo "form $form" >"$db"
    sed -i "1s/.*/form $form/" "$db"
    [ ! -e "/rules/$version.order" ] || echo order >>"$db"
    ;;
*) exit 2 ;;
esac
