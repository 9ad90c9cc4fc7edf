# shellcheck shell=sh
# Roots to install into: a small Debian of this machine's own release, from where its apt is
# configured to take packages, and a layer over it for each test.

# shellcheck disable=SC2154 # Of service_test.sh.
debian=$kept/debian

make_debian() {
    [ ! -e "$debian/ready" ] || return 0
    command -v debootstrap >/dev/null || skip 'there is no debootstrap: apt-get install debootstrap'
    # shellcheck disable=SC2016 # Names of apt's.
    from=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' 'Component: main' 2>/dev/null | head -n 1)
    [ -n "$from" ] || skip 'apt has no source of packages here'
    mkdir -p "$kept"
    rm -rf "$debian.new"
    echo 'Making a Debian for the tests: about a minute, once.'
    debootstrap --variant=minbase --include=systemd,systemd-sysv "${from#* }" "$debian.new" "${from% *}" \
        >"$kept/debootstrap.log" 2>&1 || skip "debootstrap failed: $(tail -n 1 "$kept/debootstrap.log")"
    rm -rf "$debian.new"/var/cache/apt/archives/*.deb
    : >"$debian.new/ready"
    mv "$debian.new" "$debian"
}

# new_root: a root for the test in $box, with the files of this checkout in /src.
new_root() {
    mkdir -p "$box/root" "$box/layers"
    # On a file system of its own: one layer cannot lie on another.
    mount -t tmpfs -o mode=0755 layers "$box/layers" && mkdir "$box/layers/upper" "$box/layers/work" &&
        mount -t overlay -o "lowerdir=$debian,upperdir=$box/layers/upper,workdir=$box/layers/work" overlay "$box/root" ||
        return 1
    r=$box/root
    mkdir "$r/src"
    cp "$root/install.sh" "$root/packaging/reelbot.service" "$r/src/"
}

# inside COMMAND…: as root of that root, with nothing of this shell's.
inside() {
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root /usr/sbin/chroot "$r" "$@"
}

sum() {
    sha256sum <"$1" | cut -d ' ' -f 1
}
