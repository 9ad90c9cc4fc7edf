//! An update of Telegram's.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::chat::input::Input;
use reelbot::telegram::parse::Parsed;
use reelbot::telegram::parse::incoming;
use reelbot::telegram::parse::tap_id;
use reelbot::telegram::parse::update_id;
use serde_json::Value;

reelbot_fuzz::fuzz_target!(|input: &str| {
    let id = update_id(input);
    assert!(id.is_none_or(|id| id > 0 && id.checked_add(1).is_some()));
    let Ok(update) = serde_json::from_str::<Value>(input) else { return };
    if let Some(number) = update["update_id"].as_i64().filter(|n| (1..i64::MAX).contains(n)) {
        assert_eq!(id, Some(number), "what can be read has its number");
    }
    let _ = tap_id(&update);
    if let Parsed::Person(person) = incoming(&update) {
        assert!(person.from.id.0 > 0);
        if let Input::Photo(photo) = person.input {
            assert_eq!(photo.fault(), None);
        }
    }
});
