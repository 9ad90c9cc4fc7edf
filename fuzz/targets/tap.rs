//! The data of a button, which anybody can forge.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::chat::{MAX_DATA, Tap};

reelbot_fuzz::fuzz_target!(|input: &str| {
    if let Some(tap) = Tap::parse(input) {
        assert_eq!(tap.to_string(), input);
        assert!(input.len() <= MAX_DATA);
    }
});
