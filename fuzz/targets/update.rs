//! An update of Telegram's.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::{
    chat::Input,
    telegram::{ParsedUpdate, ReceivedUpdate},
};
use serde_json::Value;

reelbot_fuzz::fuzz_target!(|input: &str| {
    let ReceivedUpdate { number: id, tap, .. } = ReceivedUpdate::read(input);
    assert!(id.is_none_or(|id| id > 0 && id.checked_add(1).is_some()));
    let parsed = ParsedUpdate::read(input);
    let Ok(update) = serde_json::from_str::<Value>(input) else {
        assert_eq!(parsed, ParsedUpdate::Unreadable);
        return;
    };
    if let Some(number) = update["update_id"].as_i64().filter(|n| (1..i64::MAX).contains(n)) {
        assert_eq!(id, Some(number), "what can be read has its number");
    }
    assert_eq!(tap.as_deref(), update["callback_query"]["id"].as_str());
    if let ParsedUpdate::Person(person) = parsed {
        assert!(person.from.id.0 > 0);
        if let Input::Photo(photo) = person.input {
            assert_eq!(photo.fault(), None);
        }
    }
});
