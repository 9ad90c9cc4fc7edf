//! A photo as a person sent it.
#![cfg_attr(feature = "fuzz", no_main)]

use std::io::Cursor;

use reelbot::testing::{domain::PhotoFormat, worker::judge};

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    let judged = judge(Cursor::new(input), input.len() as u64).expect("memory can be read");
    if let Ok(format) = judged {
        assert_eq!(Some(format), PhotoFormat::from_magic(input));
    }
});
