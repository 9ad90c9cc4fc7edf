//! The message that a person answers, as it comes along with theirs.

use serde_json::Value;

use crate::chat::answered::Answered;
use crate::domain::id::MessageId;

/// The message that is answered. Of the bot's own, Telegram tells the buttons as well.
pub(super) fn answered(message: &Value) -> Option<Answered> {
    let is_of_bot = message.pointer("/from/is_bot") == Some(&Value::Bool(true));
    let rows = message.pointer("/reply_markup/inline_keyboard").filter(|_| is_of_bot);
    let rows = rows.and_then(Value::as_array).into_iter().flatten();
    let buttons = rows.filter_map(Value::as_array).flatten();
    let data = buttons.filter_map(|button| button.get("callback_data")?.as_str());
    let has = |kind: &str| message.get(kind).is_some_and(|value| !value.is_null());
    Some(Answered {
        message: message.get("message_id")?.as_i64().map(MessageId)?,
        buttons: data.map(str::to_owned).collect(),
        is_photo: !is_of_bot && (has("photo") || has("document")),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::malformed::documents;

    fn of_bot() -> Value {
        let row = json!([{"text": "👍", "callback_data": "v:1:up"}, {"text": "site", "url": "u"}]);
        json!({"message_id": 5, "from": {"id": 1, "is_bot": true}, "video": {"file_id": "f"},
               "reply_markup": {"inline_keyboard": [row, [{"text": "h", "callback_data": "h"}]]}})
    }

    #[test]
    fn the_buttons_of_the_bots_own_message_are_told() {
        let buttons = vec!["v:1:up".to_owned(), "h".to_owned()];
        let expected = Answered { message: MessageId(5), buttons, is_photo: false };
        assert_eq!(answered(&of_bot()), Some(expected));
    }

    #[test]
    fn a_photo_of_the_persons_own_is_known_as_one() {
        let sent = json!({"message_id": 5, "from": {"id": 7, "is_bot": false}, "photo": [],
                          "reply_markup": of_bot()["reply_markup"]});
        let expected = Answered { message: MessageId(5), buttons: Vec::new(), is_photo: true };
        assert_eq!(answered(&sent), Some(expected));
        assert_eq!(answered(&json!({"from": {}})), None);
    }

    proptest! {
        #[test]
        fn whatever_is_answered_is_read(message in documents(&[of_bot()])) {
            let message: Value = serde_json::from_slice(&message).unwrap_or_default();
            if let Some(read) = answered(&message) {
                prop_assert_eq!(Some(read.message.0), message["message_id"].as_i64());
            }
        }
    }
}
