//! A token or a key as it was pasted.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::domain::Secret;

reelbot_fuzz::fuzz_target!(|input: &str| {
    let secret = Secret::from_input(input);
    assert_eq!(Secret::from_input(secret.expose()), secret);
    match secret.fault() {
        None => assert!(secret.expose().chars().all(|c| c.is_ascii_graphic())),
        Some(fault) => assert!(fault.to_string().len() < 100),
    }
});
