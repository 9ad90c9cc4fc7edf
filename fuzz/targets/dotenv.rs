//! The text of a `.env` file.
#![cfg_attr(feature = "fuzz", no_main)]

use std::path::Path;

use reelbot::testing::config::dotenv;

reelbot_fuzz::fuzz_target!(|input: &str| {
    if let Ok(found) = dotenv(input, Path::new(".env")) {
        assert!(found.values().all(|value| value.len() <= 4096));
    }
});
