//! The entry of a fuzz target: libFuzzer's own, or one by which a stable compiler can
//! check the target without it.

#[cfg(feature = "fuzz")]
pub use libfuzzer_sys::fuzz_target;

/// Takes what libFuzzer's macro takes and never runs it.
#[cfg(not(feature = "fuzz"))]
#[macro_export]
macro_rules! fuzz_target {
    (|$input:ident: $kind:ty| $target:block) => {
        fn main() {
            let _: fn($kind) = |$input: $kind| $target;
        }
    };
}
