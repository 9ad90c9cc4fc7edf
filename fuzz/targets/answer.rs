//! An answer of the Bot API to a call.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::telegram::raw::Said;
use reelbot::telegram::raw::said;
use reelbot::telegram::trouble::LONGEST_WAIT;
use reelbot::telegram::trouble::Trouble;

reelbot_fuzz::fuzz_target!(|input: &[u8]| {
    if let Some(Said::No(answer)) = said(input) {
        for status in [200, 400, 403, 429, 502] {
            if let Trouble::RetryAfter(wait) = Trouble::told(status, None, &answer) {
                assert!(wait <= LONGEST_WAIT);
            }
        }
    }
});
