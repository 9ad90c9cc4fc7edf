//! An update as it arrives: only what cannot wait, and what must never be lost, is read.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use crate::domain::id::UserId;

/// What the poller and the handler need of an update before all else, whatever is in it besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedUpdate {
    /// The number that confirms the update to Telegram. Telegram counts from "a certain
    /// positive number"; another one would confirm what has not arrived, or nothing.
    pub number: Option<i64>,
    /// The id of the tap in it, to be answered at once, wherever it was made.
    pub tap: Option<String>,
    /// The checkout in it, to be answered within ten seconds.
    pub checkout: Option<Checkout>,
    /// The payment or its return that it tells of.
    pub payment: Option<Payment>,
    /// Who sent it.
    pub person: Option<UserId>,
}

/// Somebody is about to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// Its id.
    pub id: String,
    /// The person.
    pub from: Option<UserId>,
    /// The language of their app.
    pub language_code: Option<String>,
}

/// Money that has moved, for the operator to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What Telegram calls it.
    pub kind: &'static str,
    /// Telegram's id of the charge, if it can be read.
    pub charge: Option<String>,
    /// What it is, of how much and by whom.
    pub facts: String,
}

/// The notes of Telegram's that money has moved.
const PAYMENTS: &[&str] = &["successful_payment", "refunded_payment"];

impl ReceivedUpdate {
    /// Reads any text. What stands beside the number, the tap, the payment and the person need not be readable.
    pub fn read(json: &str) -> Self {
        let Some(update) = fields(json) else { return Self::default() };
        let number = update.get("update_id").and_then(|id| id.get().parse().ok());
        let tap = inner(&update, "callback_query").and_then(|query| value(&query, "id"));
        Self {
            number: number.filter(|number| (1..i64::MAX).contains(number)),
            tap,
            checkout: inner(&update, "pre_checkout_query").and_then(|query| checkout(&query)),
            payment: update.values().find_map(|action| payment(&fields(action.get())?)),
            person: update.values().find_map(|action| person(&fields(action.get())?)),
        }
    }
}

/// What Telegram sends of a message that it no longer has; a tap is understood by that.
const INACCESSIBLE: &[&str] = &["message_id", "chat", "date"];

/// What is stored of an update. Each tap carries our own message, with all its text and buttons, and would
/// fill the writer's time with it: of that message it keeps what a tap is understood by.
pub(super) fn stored(json: String) -> String {
    without_own_message(&json).unwrap_or(json)
}

fn without_own_message(json: &str) -> Option<String> {
    let mut update = fields(json)?;
    let mut query = inner(&update, "callback_query")?;
    let mut message = inner(&query, "message")?;
    message.retain(|name, _| INACCESSIBLE.contains(&name.as_str()));
    let message = to_raw_value(&message).ok()?;
    query.insert("message".to_owned(), &message);
    let query = to_raw_value(&query).ok()?;
    update.insert("callback_query".to_owned(), &query);
    serde_json::to_string(&update).ok()
}

fn checkout(query: &Fields<'_>) -> Option<Checkout> {
    let from = inner(query, "from").unwrap_or_default();
    Some(Checkout {
        id: value(query, "id")?,
        from: value(&from, "id").map(UserId),
        language_code: value(&from, "language_code").filter(|code: &String| !code.is_empty()),
    })
}

/// The payment that a message tells of, in whichever chat and by whomever.
fn payment(message: &Fields<'_>) -> Option<Payment> {
    let is_told = |kind: &&&str| message.get(**kind).is_some_and(|told| told.get() != "null");
    let kind = *PAYMENTS.iter().find(is_told)?;
    let told = inner(message, kind).unwrap_or_default();
    let amount = value(&told, "total_amount").map_or_else(String::new, |n: i64| format!(" {n}"));
    let currency: String = value(&told, "currency").unwrap_or_default();
    let person = person(message).map_or_else(String::new, |person| format!(", {person}"));
    Some(Payment {
        kind,
        charge: value(&told, "telegram_payment_charge_id"),
        facts: format!("{kind}{amount} {currency}{person}"),
    })
}

type Fields<'a> = BTreeMap<String, &'a RawValue>;

fn inner<'a>(fields_of: &Fields<'a>, name: &str) -> Option<Fields<'a>> {
    fields(fields_of.get(name)?.get())
}

/// Who did what this is about.
fn person(action: &Fields<'_>) -> Option<UserId> {
    value(&inner(action, "from")?, "id").map(UserId)
}

fn value<T: DeserializeOwned>(fields: &Fields<'_>, name: &str) -> Option<T> {
    serde_json::from_str(fields.get(name)?.get()).ok()
}

/// The fields of an object, each as it was written.
fn fields(json: &str) -> Option<Fields<'_>> {
    serde_json::from_str(json).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::telegram::parse::ParsedUpdate;
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
            let read = ReceivedUpdate::read(&update);
            assert_eq!((read.number, read.tap.as_deref()), (Some(7), Some("44")));
        }
        for (chat, kind) in [(7, "private"), (-7, "group")] {
            let place = json!({"message_id": 5, "date": 9, "chat": {"id": chat, "type": kind}});
            let query = json!({"callback_query": {"id": "44", "message": place, "data": "h"}});
            assert_eq!(ReceivedUpdate::read(&query.to_string()).tap.as_deref(), Some("44"));
        }
        for none in ["7", "{}", "[\"id\"]", "{\"id\":44}", "{\"id\":\"\\ud800\"}"] {
            let update = format!("{{\"update_id\":7,\"callback_query\":{none}}}");
            let expected = ReceivedUpdate { number: Some(7), ..ReceivedUpdate::default() };
            assert_eq!(ReceivedUpdate::read(&update), expected, "{none}");
        }
    }

    #[test]
    fn a_payment_is_found_in_whatever_cannot_be_read_besides() {
        let payment = r#"{"currency":"XTR","total_amount":50,"telegram_payment_charge_id":"c1"}"#;
        for odd in ["\"\\ud800\"", "1e999", &nested(1000)] {
            for (place, kind) in [
                ("message", "successful_payment"),
                ("message", "refunded_payment"),
                ("business_message", "successful_payment"),
            ] {
                let message = format!("{{\"from\":{{\"id\":7,\"x\":{odd}}},\"{kind}\":{payment}}}");
                let read = ReceivedUpdate::read(&format!("{{\"{place}\":{message}}}"));
                let facts = format!("{kind} 50 XTR, 7");
                let payment = Payment { kind, charge: Some("c1".to_owned()), facts };
                assert_eq!(read.payment, Some(payment), "{odd}");
            }
        }
        for odd in ["{}", "7", "true", "\"\"", "[]"] {
            let update = format!("{{\"message\":{{\"successful_payment\":{odd}}}}}");
            assert!(ReceivedUpdate::read(&update).payment.is_some(), "{odd}");
        }
        for none in [
            json!({"message": {"text": "successful_payment"}}),
            json!({"message": {"successful_payment": null}}),
            json!({"message": {"reply_to_message": {"successful_payment": {}}}}),
            json!({"message": {"pinned_message": {"refunded_payment": {}}}}),
        ] {
            assert_eq!(ReceivedUpdate::read(&none.to_string()).payment, None, "{none}");
        }
    }

    #[test]
    fn a_checkout_is_found_with_its_person() {
        let from = json!({"id": 7, "first_name": "Ann", "language_code": "ru"});
        let query = json!({"id": "77", "from": from, "currency": "XTR", "total_amount": 50});
        let read = ReceivedUpdate::read(&json!({"pre_checkout_query": query}).to_string());
        let (from, language_code) = (Some(UserId(7)), Some("ru".to_owned()));
        assert_eq!(read.checkout, Some(Checkout { id: "77".to_owned(), from, language_code }));
        let bare = ReceivedUpdate::read(r#"{"pre_checkout_query":{"id":"77","from":{"id":"x"}}}"#);
        let bare = bare.checkout.unwrap();
        assert_eq!((bare.from, bare.language_code), (None, None));
        for none in ["{}", "7", "{\"id\":77}", "{\"id\":null}"] {
            let update = format!("{{\"pre_checkout_query\":{none}}}");
            assert_eq!(ReceivedUpdate::read(&update).checkout, None, "{none}");
        }
    }

    #[test]
    fn a_person_is_found_in_whatever_they_sent_and_beside_whatever_cannot_be_read() {
        for kind in ["message", "edited_message", "callback_query", "my_chat_member", "unheard_of"]
        {
            for odd in ["\"\\ud800\"", "1e999", &nested(1000)] {
                let content =
                    format!("{{\"text\":{odd},\"from\":{{\"id\":9,\"first_name\":{odd}}}}}");
                let update = format!("{{\"update_id\":7,\"{kind}\":{content}}}");
                assert_eq!(ReceivedUpdate::read(&update).person, Some(UserId(9)), "{update}");
            }
        }
        for none in ["7", "{}", "{\"from\":7}", "{\"from\":{\"id\":\"7\"}}"] {
            let update = format!("{{\"update_id\":7,\"message\":{none}}}");
            assert_eq!(ReceivedUpdate::read(&update).person, None, "{none}");
        }
    }

    #[test]
    fn of_a_tap_on_a_long_message_little_is_stored() {
        let buttons = json!({"inline_keyboard": [[{"text": "1 видео", "callback_data": "o:1"}]]});
        let message = json!({"message_id": 5, "date": 9, "chat": {"id": 7, "type": "private"},
            "text": "Сценарий. ".repeat(400), "reply_markup": buttons});
        let query = json!({"id": "44", "from": {"id": 7}, "message": message, "data": "o:1"});
        let update = json!({"update_id": 7, "callback_query": query}).to_string();
        let stored = stored(update.clone());
        assert!(stored.len() < 200, "{stored}");
        assert_eq!(ParsedUpdate::read(&stored), ParsedUpdate::read(&update));
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
            let ReceivedUpdate { number, tap, checkout, payment, .. } = ReceivedUpdate::read(text);
            let right = whole["update_id"].as_i64().filter(|id| (1..i64::MAX).contains(id));
            prop_assert_eq!(number, right);
            prop_assert_eq!(tap.as_deref(), whole["callback_query"]["id"].as_str());
            let id = checkout.as_ref().map(|checkout| checkout.id.as_str());
            prop_assert_eq!(id, whole["pre_checkout_query"]["id"].as_str());
            let told = |action: &Value| PAYMENTS.iter().any(|kind| !action[*kind].is_null());
            let is_told = whole.as_object().is_some_and(|update| update.values().any(told));
            prop_assert_eq!(payment.is_some(), is_told);
        }

        #[test]
        fn what_is_stored_of_an_update_means_the_same(update in documents(&updates())) {
            let Ok(text) = String::from_utf8(update.to_vec()) else { return Ok(()) };
            let kept = stored(text.clone());
            prop_assert_eq!(ReceivedUpdate::read(&kept), ReceivedUpdate::read(&text));
            prop_assert_eq!(ParsedUpdate::read(&kept), ParsedUpdate::read(&text));
        }
    }

    fn updates() -> Vec<Value> {
        let from = json!({"id": 7, "is_bot": false, "first_name": "Ann"});
        let place = json!({"message_id": 5, "date": 9, "chat": {"id": 7, "type": "private"}});
        vec![
            json!({"update_id": 1, "message": place}),
            json!({"update_id": 2, "callback_query": {"id": "44", "from": from, "message": place,
                "chat_instance": "1", "data": "h"}}),
            json!({"update_id": 3, "pre_checkout_query": {"id": "77", "from": from,
                "currency": "XTR", "total_amount": 50, "invoice_payload": "inv:1"}}),
            json!({"update_id": 4, "message": {"message_id": 6, "from": from, "successful_payment":
                {"currency": "XTR", "total_amount": 50, "telegram_payment_charge_id": "c"}}}),
        ]
    }
}
