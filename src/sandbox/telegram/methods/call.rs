//! From a method's name to what it does.

use crate::domain::{id::UserId, time::Timestamp};
use crate::sandbox::telegram::{
    error::{ApiError, MethodResult},
    message::MediaKind,
    methods::{edit, media, other, profile, send},
    params::Params,
    state::TelegramState,
};

/// Executes a method, named in lower case; not getUpdates, which waits.
pub(crate) fn call(
    state: &mut TelegramState,
    method: &str,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    count(state, method, params, now)?;
    match method {
        "getme" => Ok(profile::get_me(state)),
        "sendmessage" => send::send_message(state, params, now),
        // For pictures that the bot sends: a product issue to come.
        "sendphoto" => media::send(state, MediaKind::Photo, params, now),
        "sendvideo" => media::send(state, MediaKind::Video, params, now),
        "senddocument" => media::send(state, MediaKind::Document, params, now),
        "sendinvoice" => send::send_invoice(state, params, now),
        "sendchataction" => send::send_chat_action(state, params),
        "editmessagetext" => edit::edit_text(state, params, now),
        "editmessagereplymarkup" => edit::edit_buttons(state, params, now),
        "answercallbackquery" => other::answer_query(state, params, now),
        "answerprecheckoutquery" => other::answer_checkout(state, params, now),
        "getfile" => other::get_file(state, params),
        "setmycommands" => profile::set_commands(state, params),
        "getwebhookinfo" => Ok(profile::webhook_info(state)),
        "deletewebhook" => Ok(profile::delete_webhook(state, params)),
        // Only what the bot calls is here.
        _ => Err(ApiError::not_found()),
    }
}

/// What is sent or edited counts towards the flood limits, when they are on.
fn count(
    state: &mut TelegramState,
    method: &str,
    params: &Params,
    now: Timestamp,
) -> Result<(), ApiError> {
    let counts = method != "sendchataction"
        && (method.starts_with("send") || method.starts_with("editmessage"));
    match (&mut state.flood, params.int("chat_id")) {
        (Some(flood), Some(chat)) if counts => {
            flood.count(UserId(chat), now).map_err(ApiError::too_many_requests)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use serde_json::{Value, json};

    use super::*;
    use crate::clock::ManualClock;
    use crate::sandbox::telegram::{person::Person, stand_in::TelegramStandIn};

    fn ann() -> (Arc<ManualClock>, TelegramStandIn, Person) {
        let clock = Arc::new(ManualClock::at(Timestamp(1_764_000_000_000)));
        let telegram = TelegramStandIn::new(clock.clone(), "1:t").unwrap();
        let ann = telegram.person("Ann", "en");
        ann.sends_text("/start");
        (clock, telegram, ann)
    }

    fn asks(telegram: &TelegramStandIn, method: &str, params: Value) -> MethodResult {
        let Value::Object(values) = params else { panic!("an object") };
        let params = Params { values, ..Params::default() };
        let now = telegram.now();
        telegram.change(|state| call(state, method, &params, now))
    }

    fn refusal(telegram: &TelegramStandIn, method: &str, params: Value) -> String {
        asks(telegram, method, params).unwrap_err().description
    }

    #[test]
    fn texts_and_buttons_are_held_to_telegrams_limits() {
        let (_, telegram, ann) = ann();
        let chat = ann.id();
        let data = |data: String| {
            json!({"chat_id": chat, "text": "x", "reply_markup":
                {"inline_keyboard": [[{"text": "b", "callback_data": data}]]}})
        };
        let text = |text: String| json!({"chat_id": chat, "text": text, "parse_mode": "HTML"});
        let refusals = [
            (text(" \n".into()), "Bad Request: message text is empty"),
            (text("<b></b>".into()), "Bad Request: message text is empty"),
            (text("я".repeat(4097)), "Bad Request: message is too long"),
            (data("я".repeat(33)), "Bad Request: BUTTON_DATA_INVALID"),
            (data(String::new()), "Bad Request: BUTTON_DATA_INVALID"),
            (json!({"chat_id": 5, "text": "x"}), "Bad Request: chat not found"),
        ];
        for (params, description) in refusals {
            assert_eq!(refusal(&telegram, "sendmessage", params), description);
        }
        let bold = format!("<b>{}</b>", "я".repeat(4096));
        asks(&telegram, "sendmessage", text(bold)).unwrap();
        asks(&telegram, "sendmessage", data("я".repeat(32))).unwrap();
    }

    #[test]
    fn a_button_does_one_thing_that_telegram_knows() {
        let (_, telegram, ann) = ann();
        let send = |button: Value| json!({"chat_id": ann.id(), "text": "x", "reply_markup": {"inline_keyboard": [[button]]}});
        let button = |action: &str, value: Value| send(json!({"text": "b", action: value}));
        let copy = |length| button("copy_text", json!({"text": "я".repeat(length)}));
        let refusals = [
            (copy(0), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
            (copy(257), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
            (button("url", json!("no address")), "Bad Request: BUTTON_URL_INVALID"),
            (button("pay", json!(true)), "Bad Request: BUTTON_TYPE_INVALID"),
        ];
        for (params, description) in refusals {
            assert_eq!(refusal(&telegram, "sendmessage", params), description);
        }
        asks(&telegram, "sendmessage", copy(256)).unwrap();
        asks(&telegram, "sendmessage", button("url", json!("https://a.test/?b"))).unwrap();
        let shown: Vec<_> = ann.buttons().concat();
        assert_eq!((shown[0].url.as_deref(), &shown[0].data), (Some("https://a.test/?b"), &None));
    }

    #[test]
    fn an_answer_needs_its_message_unless_it_may_stand_alone() {
        let (_, telegram, ann) = ann();
        let photo = ann.sends_photo(include_bytes!("../../coffee.jpg")).unwrap();
        let answer = |alone: bool| {
            let reply = json!({"message_id": photo, "allow_sending_without_reply": alone});
            json!({"chat_id": ann.id(), "text": "x", "reply_parameters": reply})
        };
        let sent = asks(&telegram, "sendmessage", answer(false)).unwrap();
        assert_eq!(sent["reply_to_message"]["message_id"], json!(photo));
        assert_eq!(ann.last().unwrap().reply_to, Some(photo));
        ann.deletes_message(photo);
        let gone = refusal(&telegram, "sendmessage", answer(false));
        assert_eq!(gone, "Bad Request: message to be replied not found");
        let sent = asks(&telegram, "sendmessage", answer(true)).unwrap();
        assert!(sent.get("reply_to_message").is_none());
    }

    #[test]
    fn an_invoice_in_stars_has_one_price_and_its_button_first() {
        let (_, telegram, ann) = ann();
        let invoice = |change: Value| {
            let mut params = json!({"chat_id": ann.id(), "title": "3", "description": "Three",
                "payload": "inv:1", "currency": "XTR", "prices": [{"label": "3", "amount": 5}]});
            params.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            params
        };
        let keys = |row: Value| json!({"reply_markup": {"inline_keyboard": [row]}});
        let menu = json!({"text": "m", "callback_data": "h"});
        let pay = json!({"text": "p", "pay": true});
        let refusals = [
            (json!({"title": ""}), "INVOICE_TITLE_INVALID"),
            (json!({"title": "я".repeat(33)}), "INVOICE_TITLE_INVALID"),
            (json!({"description": "я".repeat(256)}), "INVOICE_DESCRIPTION_INVALID"),
            (json!({"payload": "я".repeat(65)}), "INVOICE_PAYLOAD_INVALID"),
            (json!({"currency": "RUB"}), "PAYMENT_PROVIDER_INVALID"),
            (json!({"prices": []}), "STARS_INVOICE_INVALID"),
            (keys(json!([menu])), "REPLY_MARKUP_BUY_EMPTY"),
            (keys(json!([menu, pay])), "BUTTON_TYPE_INVALID"),
        ];
        for (change, why) in refusals {
            let refusal = refusal(&telegram, "sendinvoice", invoice(change));
            assert_eq!(refusal, format!("Bad Request: {why}"));
        }
        let sent = asks(&telegram, "sendinvoice", invoice(json!({}))).unwrap();
        assert_eq!(sent["invoice"]["total_amount"], 5);
        assert_eq!(ann.last().unwrap().labels(), ["Pay ⭐️5"]);
        asks(&telegram, "sendinvoice", invoice(keys(json!([pay, menu])))).unwrap();
    }

    #[test]
    fn an_edit_shows_in_place_and_the_same_edit_again_is_refused() {
        let (_, telegram, ann) = ann();
        let sent = asks(&telegram, "sendmessage", json!({"chat_id": ann.id(), "text": "1"}));
        let id = sent.unwrap()["message_id"].clone();
        let edit = json!({"chat_id": ann.id(), "message_id": id, "text": "2"});
        asks(&telegram, "editmessagetext", edit.clone()).unwrap();
        let shown = ann.last().unwrap();
        assert_eq!((shown.text.as_str(), shown.edited), ("2", true));
        let again = refusal(&telegram, "editmessagetext", edit);
        assert!(again.starts_with("Bad Request: message is not modified: "), "{again}");
        let unknown = json!({"chat_id": ann.id(), "message_id": 0, "text": "2"});
        let gone = refusal(&telegram, "editmessagetext", unknown);
        assert_eq!(gone, "Bad Request: message to edit not found");
    }

    #[test]
    fn a_tap_can_be_answered_once_and_for_150_seconds() {
        let (clock, telegram, ann) = ann();
        let keyboard = json!({"inline_keyboard": [[{"text": "Go", "callback_data": "go:1"}]]});
        let send = json!({"chat_id": ann.id(), "text": "?", "reply_markup": keyboard});
        asks(&telegram, "sendmessage", send).unwrap();
        let message = ann.last().unwrap();
        assert!(ann.taps(message.id, "Stop").is_err());
        let [first, second] = [(); 2].map(|()| ann.taps(message.id, "Go").unwrap());
        assert_ne!(first, second);
        let answer = |id: &str| {
            let params = json!({"callback_query_id": id, "text": "ok"});
            asks(&telegram, "answercallbackquery", params)
        };
        answer(&first).unwrap();
        assert_eq!(ann.answer_to(&first).as_deref(), Some("ok"));
        clock.advance(Duration::from_secs(151));
        for id in [first.as_str(), second.as_str(), "unknown"] {
            assert!(answer(id).unwrap_err().description.contains("query is too old"));
        }
    }

    #[test]
    fn a_person_who_blocks_the_bot_gets_nothing_until_they_unblock_it() {
        let (_, telegram, ann) = ann();
        ann.blocks();
        let hello = json!({"chat_id": ann.id().to_string(), "text": "hello"});
        let error = asks(&telegram, "sendmessage", hello.clone()).unwrap_err();
        assert_eq!(error, ApiError::blocked());
        ann.unblocks();
        asks(&telegram, "sendmessage", hello).unwrap();
        assert_eq!(telegram.pending_updates(), 3);
    }

    #[test]
    fn a_photo_comes_in_two_sizes_and_a_huge_one_as_a_file_nobody_can_download() {
        let (_, telegram, ann) = ann();
        let coffee = include_bytes!("../../coffee.jpg");
        let photo = ann.sends_photo(coffee).unwrap();
        let json = telegram.read(|state| state.message_json(ann.id(), photo)).unwrap();
        assert_eq!(json["photo"].as_array().unwrap().len(), 2);
        assert_eq!(
            (&json["photo"][1]["width"], &json["photo"][0]["width"]),
            (&json!(600), &json!(90))
        );
        let mut huge = coffee.to_vec();
        huge.resize(25 << 20, 0);
        let huge = ann.sends_photo(&huge).unwrap();
        let json = telegram.read(|state| state.message_json(ann.id(), huge)).unwrap();
        let file = json!({"file_id": json["document"]["file_id"]});
        assert_eq!(refusal(&telegram, "getfile", file), "Bad Request: file is too big");
    }

    #[test]
    fn the_flood_limit_answers_as_telegram_does_when_it_is_on() {
        let (_, telegram, ann) = ann();
        telegram.flood_limit(true);
        let hello = json!({"chat_id": ann.id(), "text": "hello"});
        let sent = (0..21).map(|_| asks(&telegram, "sendmessage", hello.clone()));
        let refused: Vec<_> = sent.filter_map(Result::err).collect();
        assert_eq!(refused, [ApiError::too_many_requests(1)]);
    }
}
