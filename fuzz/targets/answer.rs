//! An answer of the Bot API to a call.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::telegram::{ApiAnswer, LONGEST_WAIT, TelegramError, parse_answer};

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    if let Some(ApiAnswer::Failure(answer)) = parse_answer(input) {
        for status in [200, 400, 403, 429, 502] {
            if let TelegramError::RetryAfter(wait) =
                TelegramError::from_answer(status, None, &answer)
            {
                assert!(wait <= LONGEST_WAIT);
            }
        }
    }
});
