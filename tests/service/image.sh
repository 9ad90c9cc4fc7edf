# shellcheck shell=sh
# The image: built by buildah from the archive of a release, and run in nothing but its own layers.
# shellcheck disable=SC2154 # Of service_test.sh.

command -v buildah >/dev/null || skip 'there is no buildah: apt-get install buildah'
[ -x "$program" ] || skip 'name a static program: sh tests/service_test.sh --image PROGRAM'

store=$boxes/store
build() {
    buildah --root "$store" --runroot "$boxes/run" --storage-driver vfs "$@"
}

# image COMMAND…: the program in the image, as its user and with its environment, before the
# stand-ins of Telegram and of a name server.
image() {
    (start "$@")
}

# The same in place of this shell.
start() {
    cd / && exec env -i REELBOT_DATABASE=/data/reelbot.db TELEGRAM_BOT_TOKEN="$token" \
        /usr/sbin/chroot --userspec=10001:10001 "$layers" /reelbot "$@"
}

new_root() {
    mkdir -p "$box/root" "$box/layers"
    mount --bind "$box/root" "$box/root" && mount --bind "$box/layers" "$box/layers"
    cp -a "$files/." "$box/layers"
    layers=$box/layers
    mkdir -p "$layers/data" "$layers/proc"
    mount --bind /proc "$layers/proc"
    chown 10001:10001 "$layers/data"
}

the_archive_holds_what_its_sums_name() {
    (cd "$boxes/out" && sha256sum -c SHA256SUMS)
    (cd "$boxes"/unpacked/reelbot-* && sha256sum -c SHA256SUMS)
}

the_image_is_what_it_should_be() {
    buildah_says=$(build inspect --type image reelbot)
    for words in '"User": "10001:10001"' '"/data": {}' '"REELBOT_DATABASE=/data/reelbot.db"' '"/reelbot"' '"health"' \
        'org.opencontainers.image.version'; do
        printf '%s' "$buildah_says" | grep -q "$words"
    done
    # Nothing else is in it: no shell, no C library, no users.
    [ "$(cd "$files" && find . -mindepth 1 ! -type d | sort | tr '\n' ' ')" = './etc/reelbot ./reelbot ' ]
}

it_finds_config_and_data_without_a_home() {
    exits 0 image config check
    said 'database  */data/reelbot.db'
    said '^file  *none'
    printf '[telegram]\ntimezone = "Asia/Vladivostok"\nsupport = "@anna"\n' >"$layers/data/config.toml"
    exits 0 image config check
    said '^file  */etc/reelbot/config.toml'
    exits 0 image migrate
    [ "$(stat -c '%u %a' "$layers/data/reelbot.db")" = '10001 600' ]
}

names_are_looked_up_and_a_run_is_healthy() {
    printf '[telegram]\napi_url = "http://tg.test:8081"\n' >"$layers/data/config.toml"
    printf 'nameserver 127.0.0.1\n' >"$layers/etc/resolv.conf"
    exits 0 image webhook show --json
    said '"bot": "shop_bot"'
    exits 1 image health
    said 'no bot runs'
    start run &
    exits 0 image health --wait 30s
    said 'polling ok'
    kill $!
    wait $! || :
}

a_folder_of_another_owner_is_told_with_what_to_type() {
    chown 0:0 "$layers/data"
    exits 1 image migrate
    said "hint: .*chown -R 10001:10001 .*/layers/data"
}

token=7654321:AAtokenTOKENtokenTOKENtokenTOKEN123
mkdir -p "$boxes/unpacked"
sh "$root/scripts/package" "$program" "$boxes/out" >/dev/null && tar -xzf "$boxes/out"/*.tar.gz -C "$boxes/unpacked" || exit 1
(cd "$boxes"/unpacked/reelbot-* && build build --quiet --format docker --isolation chroot \
    --build-arg "VERSION=$("$program" --version)" -t reelbot -f Containerfile .) || exit 1
files=$(build mount "$(build from reelbot)") || exit 1

test_that 'the archive holds what its sums name' the_archive_holds_what_its_sums_name
test_that 'the image is what it should be' the_image_is_what_it_should_be
test_that 'it finds configuration and data without a home' it_finds_config_and_data_without_a_home
ip link set lo up 2>/dev/null
perl "$here/dns.pl" &
dns=$!
perl "$here/telegram.pl" 8081 "$token" &
telegram=$!
# Until both have their ports, 53 and 8081.
for _ in $(seq 50); do
    ! grep -q ':0035 ' /proc/net/udp || ! grep -q ':1F91 ' /proc/net/tcp || break
    sleep 0.1
done
test_that 'names are looked up, and a run is healthy' names_are_looked_up_and_a_run_is_healthy
kill "$dns" "$telegram"
test_that 'a folder of another owner is told with what to type' a_folder_of_another_owner_is_told_with_what_to_type
