//! Answers of a chat-completions API: the first byte is the length that is asked for.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::provider::written;

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    let Some((longest, body)) = input.split_first() else { return };
    let longest = usize::from(*longest) * 8;
    if let Ok(prompt) = written(200, body, longest) {
        assert!((1..=longest).contains(&prompt.chars().count()));
        assert!(prompt == prompt.trim() && !prompt.contains('\n'));
    }
});
