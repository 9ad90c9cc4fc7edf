//! An update as it arrives: only what the poller needs is read.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// What the poller needs of an update, whatever else is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedUpdate {
    /// The number that confirms the update to Telegram. Telegram counts from "a certain
    /// positive number"; another one would confirm what has not arrived, or nothing.
    pub number: Option<i64>,
    /// The id of the tap in it, to be answered at once, wherever it was made.
    pub tap: Option<String>,
}

impl ReceivedUpdate {
    /// Reads any text. What stands beside the number and the tap need not be readable.
    pub fn read(json: &str) -> Self {
        let Some(update) = fields(json) else { return Self::default() };
        let number = update.get("update_id").and_then(|id| id.get().parse().ok());
        let query = update.get("callback_query").and_then(|query| fields(query.get()));
        let tap = query.and_then(|query| serde_json::from_str(query.get("id")?.get()).ok());
        Self { number: number.filter(|number| (1..i64::MAX).contains(number)), tap }
    }
}

/// The fields of an object, each as it was written.
fn fields(json: &str) -> Option<BTreeMap<String, &RawValue>> {
    serde_json::from_str(json).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::malformed::documents;

    fn number(json: &str) -> Option<i64> {
        ReceivedUpdate::read(json).number
    }

    #[test]
    fn a_number_is_found_beside_whatever_cannot_be_read() {
        for odd in ["\"\\ud800\"", "1e999", &nested(1000)] {
            assert_eq!(number(&format!("{{\"message\":{odd},\"update_id\":7}}")), Some(7));
        }
        for none in ["{}", "7", "{\"update_id\":\"7\"}", "{\"update_id\":7.5}"] {
            assert_eq!(number(none), None, "{none}");
        }
        for id in [0, -1, i64::MIN, i64::MAX] {
            assert_eq!(number(&format!("{{\"update_id\":{id}}}")), None);
        }
    }

    #[test]
    fn a_tap_is_found_wherever_it_was_made_and_beside_whatever_cannot_be_read() {
        for odd in ["\"\\ud800\"", "1e999", &nested(1000)] {
            let query = format!("{{\"data\":{odd},\"id\":\"44\"}}");
            let update = format!("{{\"update_id\":7,\"callback_query\":{query}}}");
            let tap = Some("44".to_owned());
            assert_eq!(ReceivedUpdate::read(&update), ReceivedUpdate { number: Some(7), tap });
        }
        for (chat, kind) in [(7, "private"), (-7, "group")] {
            let place = json!({"message_id": 5, "date": 9, "chat": {"id": chat, "type": kind}});
            let query = json!({"callback_query": {"id": "44", "message": place, "data": "h"}});
            assert_eq!(ReceivedUpdate::read(&query.to_string()).tap.as_deref(), Some("44"));
        }
        for none in ["7", "{}", "[\"id\"]", "{\"id\":44}", "{\"id\":\"\\ud800\"}"] {
            let update = format!("{{\"update_id\":7,\"callback_query\":{none}}}");
            assert_eq!(
                ReceivedUpdate::read(&update),
                ReceivedUpdate { number: Some(7), tap: None },
                "{none}"
            );
        }
    }

    fn nested(levels: usize) -> String {
        "[".repeat(levels) + &"]".repeat(levels)
    }

    proptest! {
        #[test]
        fn a_readable_update_has_its_number_and_its_tap(
            update in documents(&updates()),
        ) {
            let Ok(text) = std::str::from_utf8(&update) else { return Ok(()) };
            let Ok(whole) = serde_json::from_str::<Value>(text) else { return Ok(()) };
            let ReceivedUpdate { number, tap } = ReceivedUpdate::read(text);
            let right = whole["update_id"].as_i64().filter(|id| (1..i64::MAX).contains(id));
            prop_assert_eq!(number, right);
            prop_assert_eq!(tap.as_deref(), whole["callback_query"]["id"].as_str());
        }
    }

    fn updates() -> Vec<Value> {
        let from = json!({"id": 7, "is_bot": false, "first_name": "Ann"});
        let place = json!({"message_id": 5, "date": 9, "chat": {"id": 7, "type": "private"}});
        vec![
            json!({"update_id": 1, "message": place}),
            json!({"update_id": 2, "callback_query": {"id": "44", "from": from, "message": place,
                "chat_instance": "1", "data": "h"}}),
        ]
    }
}
