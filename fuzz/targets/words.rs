//! The operator's own texts: a Fluent file.
#![cfg_attr(feature = "fuzz", no_main)]

use std::path::Path;

use reelbot::testing::{
    chat::{Key, MAX_TEXT, Words, check_html, shown_units},
    domain::Language,
};

reelbot_fuzz::fuzz_target!(|input: String| {
    let mut words = Words::shipped();
    if words.take_over(Language::En, Path::new("en.ftl"), input).is_ok() {
        let said = words.text(Language::En, Key::ScriptEdit, &[("prompt", "<b>&".into())]);
        assert!(shown_units(&said) <= MAX_TEXT);
        assert_eq!(check_html(&said), Ok(()));
    }
});
