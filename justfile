# The same scripts under shorter names; `just` itself is optional.

# what CI runs
ci:
    bash .ci/run

# every test, or those that a filter names
test *filter:
    sh scripts/test {{filter}}

# a rush, with a crowd, chaos and kills
rehearse *options:
    cargo run --locked --release -- rehearse {{options}}

# the main job in the sandbox
sandbox *options:
    sh scripts/sandbox {{options}}

fmt:
    cargo fmt

lint:
    cargo clippy --locked --all-targets -- -D warnings

# speed and memory, with the machine: BENCHMARKS.md
bench *names:
    for name in {{ if names == "" { "claim flow idle lag memory peak taps years" } else { names } }}; do cargo bench --locked --bench "$name"; done

# with what is private
docs:
    RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items --open

# licences, bans, sources and unused dependencies
deps:
    . scripts/lib.sh && ensure_cargo_tools && cargo deny --locked check bans licenses sources && cargo machete

# one fuzz target, with options of libFuzzer's; needs cargo-fuzz and a nightly compiler: fuzz/README.md
fuzz target *options:
    mkdir -p fuzz/found/{{target}}
    cargo +nightly fuzz run --sanitizer none {{target}} fuzz/found/{{target}} fuzz/seeds/{{target}} -- -max_len=65536 {{options}}
