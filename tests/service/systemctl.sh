#!/bin/sh
# A stand-in for systemctl with one service. Whether it is enabled and active stands in /state.
echo "systemctl $*" >>/calls
mkdir -p /state
case "$*" in
*'enable reelbot') : >/state/enabled ;;
*'disable --now reelbot') rm -f /state/enabled /state/active ;;
'start reelbot')
    program=$(sed -n 's/^ExecStart=\(.*\) run$/\1/p' /usr/local/lib/systemd/system/reelbot.service)
    rm -f /state/active
    runuser -u reelbot -- "$program" run && : >/state/active
    ;;
'stop reelbot') rm -f /state/active ;;
'is-active reelbot') if [ -e /state/active ]; then echo active; else echo inactive; exit 3; fi ;;
daemon-reload) ;;
*) exit 1 ;;
esac
