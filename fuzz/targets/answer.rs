//! An answer of the Bot API to a call.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::telegram::Said;
use reelbot::testing::telegram::said;
use reelbot::testing::telegram::LONGEST_WAIT;
use reelbot::testing::telegram::TelegramError;

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    if let Some(Said::No(answer)) = said(input) {
        for status in [200, 400, 403, 429, 502] {
            if let TelegramError::RetryAfter(wait) = TelegramError::from_answer(status, None, &answer) {
                assert!(wait <= LONGEST_WAIT);
            }
        }
    }
});
