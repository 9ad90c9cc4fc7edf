//! The operator's own texts: a Fluent file.
#![cfg_attr(feature = "fuzz", no_main)]

use std::path::Path;

use reelbot::chat::key::Key;
use reelbot::chat::text::MAX_TEXT;
use reelbot::chat::text::check_html;
use reelbot::chat::text::units;
use reelbot::chat::words::Words;
use reelbot::domain::user::Language;

reelbot_fuzz::fuzz_target!(|input: String| {
    let mut words = Words::shipped();
    if words.take_over(Language::En, Path::new("en.ftl"), input).is_ok() {
        let said = words.say(Language::En, Key::ScriptEdit, &[("prompt", "<b>&".into())]);
        assert!(units(&said) <= MAX_TEXT);
        assert_eq!(check_html(&said), Ok(()));
    }
});
