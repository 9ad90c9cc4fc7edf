//! What an update means for the conversation. Only private chats are answered.
//!
//! Updates are read as plain JSON, field by field: a field that this version of the
//! program does not know must not hide those that it knows.

use serde_json::Value;

use crate::chat::{
    incoming_photo::IncomingPhoto,
    incoming_voice::IncomingVoice,
    input::{Incoming, Input},
};
use crate::domain::{
    id::{MessageId, UserId},
    photo::PhotoFault,
    text::is_blank,
};
use crate::store::users::Profile;
use crate::telegram::{answered::answered, attachment, service_notes::SERVICE_NOTES};

/// An update, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedUpdate {
    /// A person did something.
    Person(Box<Incoming>),
    /// It needs no answer: a group, a channel, a bot, an update of an
    /// unknown kind.
    NoAnswer,
    /// Its text is not JSON, or is beyond what we read.
    Unreadable,
}

impl ParsedUpdate {
    /// Reads the text of an update, whatever it is.
    pub fn read(json: &str) -> Self {
        match serde_json::from_str(json) {
            Ok(update) => incoming(&update)
                .map_or(Self::NoAnswer, |incoming| Self::Person(Box::new(incoming))),
            Err(_) => Self::Unreadable,
        }
    }

    /// The person to be answered.
    pub fn sender(&self) -> Option<UserId> {
        match self {
            Self::Person(incoming) => Some(incoming.from.id),
            Self::NoAnswer | Self::Unreadable => None,
        }
    }
}

fn incoming(update: &Value) -> Option<Incoming> {
    if let Some(message) = object(update, "message") {
        from_message(message, content(message)?)
    } else if let Some(message) = object(update, "edited_message") {
        from_message(message, edited(message)?)
    } else if let Some(query) = object(update, "callback_query") {
        from_tap(query)
    } else if let Some(change) = object(update, "my_chat_member") {
        from_member_change(change)
    } else {
        None
    }
}

fn from_message(message: &Value, input: Input) -> Option<Incoming> {
    let from = person(message, message)?;
    let replies_to = object(message, "reply_to_message").and_then(answered);
    Some(Incoming { from, input, message: message_id(message), replies_to })
}

fn message_id(message: &Value) -> Option<MessageId> {
    message.get("message_id")?.as_i64().map(MessageId)
}

/// What may stand in the place of a photo once its message was edited.
const IN_PLACE_OF_PHOTOS: [&str; 5] = ["animation", "audio", "document", "photo", "video"];

/// What an edited message has now; a command is no text that was meant for a video.
fn edited(message: &Value) -> Option<Input> {
    let words = |key| text(message, key).filter(|text| !is_blank(text) && !text.starts_with('/'));
    if let Some(now) = words("text") {
        return Some(Input::Edited(now.to_owned()));
    }
    if !IN_PLACE_OF_PHOTOS.iter().any(|kind| has(message, kind)) {
        return None;
    }
    let caption = words("caption").map(str::to_owned);
    Some(match content(message)? {
        Input::Photo(photo) => Input::EditedPhoto(IncomingPhoto { caption, ..photo }),
        Input::BadFile { fault, .. } => Input::EditedFile { fault, caption },
        _ => Input::EditedFile { fault: PhotoFault::NotAnImage, caption },
    })
}

/// What a message is, unless Telegram itself wrote it. A kind that is not known here was sent by the
/// person all the same.
fn content(message: &Value) -> Option<Input> {
    if let Some(text) = text(message, "text").filter(|text| !text.is_empty()) {
        return Some(Input::from_text(text));
    }
    if SERVICE_NOTES.iter().any(|kind| has(message, kind)) {
        return None;
    }
    if let Some(sizes) = message.get("photo").and_then(Value::as_array) {
        return Some(photo(sizes, message));
    }
    if let Some(voice) = voice(message) {
        return Some(Input::Voice(voice));
    }
    // An animation carries a document too, for old clients.
    let file = object(message, "document").filter(|_| !has(message, "animation"));
    let other = || Input::OtherMedia { album: album(message) };
    Some(file.map_or_else(other, |file| document(file, message)))
}

fn has(message: &Value, kind: &str) -> bool {
    message.get(kind).is_some_and(|value| !value.is_null())
}

fn photo(sizes: &[Value], message: &Value) -> Input {
    let area = |size: &&Value| u64::from(side(size, "width")) * u64::from(side(size, "height"));
    let largest = sizes.iter().filter(|size| text(size, "file_id").is_some()).max_by_key(area);
    match largest {
        Some(size) => checked(image(size, message)),
        None => Input::OtherMedia { album: album(message) },
    }
}

fn document(file: &Value, message: &Value) -> Input {
    let no_file = || text(file, "file_id").is_none().then_some(PhotoFault::NotAnImage);
    match attachment::fault(text(file, "mime_type"), text(file, "file_name")).or_else(no_file) {
        Some(fault) => Input::BadFile { fault, album: album(message) },
        None => checked(image(file, message)),
    }
}

/// A recording of a voice, if there is one whose format usual services take.
fn voice(message: &Value) -> Option<IncomingVoice> {
    let (file, name) = if let Some(voice) = object(message, "voice") {
        (voice, "voice.ogg")
    } else if let Some(note) = object(message, "video_note") {
        (note, "note.mp4")
    } else {
        let audio = object(message, "audio")?;
        let name = match text(audio, "mime_type")? {
            "audio/mpeg" | "audio/mp3" => "audio.mp3",
            "audio/mp4" | "audio/x-m4a" | "audio/m4a" => "audio.m4a",
            "audio/ogg" => "audio.ogg",
            "audio/x-wav" | "audio/wav" => "audio.wav",
            _ => return None,
        };
        (audio, name)
    };
    Some(IncomingVoice {
        file_id: owned(file, "file_id").filter(|id| !id.is_empty())?,
        name: name.to_owned(),
        seconds: side(file, "duration"),
        size: file.get("file_size").and_then(Value::as_u64),
    })
}

fn checked(photo: IncomingPhoto) -> Input {
    match photo.fault() {
        Some(fault) => Input::BadFile { fault, album: photo.album },
        None => Input::Photo(photo),
    }
}

fn image(file: &Value, message: &Value) -> IncomingPhoto {
    IncomingPhoto {
        file_id: owned(file, "file_id").unwrap_or_default(),
        unique_id: owned(file, "file_unique_id").filter(|id| !id.is_empty()),
        width: side(file, "width"),
        height: side(file, "height"),
        size: file.get("file_size").and_then(Value::as_u64),
        album: album(message),
        caption: owned(message, "caption").filter(|text| !is_blank(text)),
    }
}

fn album(message: &Value) -> Option<String> {
    owned(message, "media_group_id")
}

/// A tap. Its message may be inaccessible: then it has a chat and an id, no more.
fn from_tap(query: &Value) -> Option<Incoming> {
    let message = object(query, "message")?;
    let from = person(query, message)?;
    let data = owned(query, "data")?;
    let input = Input::Tap { data, message: message_id(message)? };
    Some(Incoming { from, input, message: None, replies_to: None })
}

fn from_member_change(change: &Value) -> Option<Incoming> {
    let from = person(change, change)?;
    let input = match text(object(change, "new_chat_member")?, "status")? {
        "kicked" => Input::Blocked,
        "member" => Input::Unblocked,
        _ => return None,
    };
    Some(Incoming { from, input, message: None, replies_to: None })
}

/// The person that did it, unless it was a bot or `place` is not their private chat.
fn person(action: &Value, place: &Value) -> Option<Profile> {
    let from = object(action, "from")?;
    let chat = object(place, "chat")?;
    let id = from.get("id")?.as_i64().filter(|id| *id > 0)?;
    // The chat of an inaccessible message may lack its type: its id is enough.
    let private = text(chat, "type").is_none_or(|kind| kind == "private");
    let human = from.get("is_bot") != Some(&Value::Bool(true));
    let own = chat.get("id").and_then(Value::as_i64) == Some(id);
    (private && human && own).then(|| Profile {
        id: UserId(id),
        username: owned(from, "username").filter(|name| !name.is_empty()),
        first_name: owned(from, "first_name").unwrap_or_default(),
        language_code: owned(from, "language_code").filter(|code| !code.is_empty()),
    })
}

fn object<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|inner| inner.is_object())
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn owned(value: &Value, key: &str) -> Option<String> {
    text(value, key).map(str::to_owned)
}

/// Pixels, or seconds; 0 where Telegram names no usable number.
fn side(value: &Value, key: &str) -> u32 {
    value.get(key).and_then(Value::as_u64).and_then(|side| side.try_into().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::chat::input::Command;
    use crate::testing::malformed::documents;

    fn message(content: &Value) -> Value {
        let mut message = json!({
            "message_id": 5, "date": 1_764_000_000,
            "from": {"id": 7, "is_bot": false, "first_name": "Ann", "username": "ann",
                     "language_code": "ru"},
            "chat": {"id": 7, "type": "private", "first_name": "Ann"},
        });
        let fields = content.as_object().unwrap().clone();
        message.as_object_mut().unwrap().extend(fields);
        json!({"update_id": 1, "message": message})
    }

    fn tap(place: &Value) -> Value {
        let from = json!({"id": 7, "is_bot": false, "first_name": "Ann"});
        json!({"update_id": 2, "callback_query": {"id": "44", "from": from, "message": place,
            "chat_instance": "1", "data": "h"}})
    }

    fn member(status: &str) -> Value {
        let bot = json!({"id": 1, "is_bot": true, "first_name": "B"});
        json!({"update_id": 3, "my_chat_member": {
            "from": {"id": 7, "is_bot": false, "first_name": "Ann"}, "date": 1,
            "chat": {"id": 7, "type": "private"},
            "old_chat_member": {"status": "member", "user": bot},
            "new_chat_member": {"status": status, "user": bot, "until_date": 0}}})
    }

    fn input(update: &Value) -> Option<Input> {
        incoming(update).map(|incoming| incoming.input)
    }

    fn of(content: &Value) -> Option<Input> {
        input(&message(content))
    }

    #[test]
    fn a_recording_of_a_voice_is_one_in_every_form_that_can_be_listened_to() {
        let file = json!({"file_id": "AwAC", "duration": 7, "file_size": 900});
        let with = |mime: &str| {
            let mut file = file.clone();
            file["mime_type"] = json!(mime);
            file
        };
        for (kind, file, name) in [
            ("voice", file.clone(), "voice.ogg"),
            ("voice", with("audio/ogg"), "voice.ogg"),
            ("video_note", file.clone(), "note.mp4"),
            ("audio", with("audio/mpeg"), "audio.mp3"),
            ("audio", with("audio/x-m4a"), "audio.m4a"),
        ] {
            let (file_id, name) = ("AwAC".to_owned(), name.to_owned());
            let voice = IncomingVoice { file_id, name, seconds: 7, size: Some(900) };
            assert_eq!(of(&json!({kind: file})), Some(Input::Voice(voice)), "{kind} {file}");
        }
        for (kind, file) in [
            ("voice", json!({})),
            ("voice", json!({"file_id": ""})),
            ("voice", json!({"file_id": 7})),
            ("audio", file.clone()),
            ("audio", with("audio/flac-of-mars")),
        ] {
            assert_eq!(
                of(&json!({kind: file})),
                Some(Input::OtherMedia { album: None }),
                "{kind} {file}"
            );
        }
        let odd = json!({"voice": {"file_id": "a", "duration": -3, "file_size": "x"}});
        let Some(Input::Voice(odd)) = of(&odd) else { panic!() };
        assert_eq!((odd.seconds, odd.size), (0, None));
    }

    #[test]
    fn a_text_comes_with_its_person() {
        let entities = json!([{"type": "date_time", "offset": 0, "length": 2}]);
        let update = message(&json!({"text": "кофе", "entities": entities}));
        let from = Profile {
            id: UserId(7),
            username: Some("ann".into()),
            first_name: "Ann".into(),
            language_code: Some("ru".into()),
        };
        let input = Input::Text("кофе".into());
        let read = ParsedUpdate::read(&update.to_string());
        let expected = Incoming { from, input, message: Some(MessageId(5)), replies_to: None };
        assert_eq!(read, ParsedUpdate::Person(Box::new(expected)));
        assert_eq!(read.sender(), Some(UserId(7)));
    }

    #[test]
    fn commands_are_understood() {
        assert_eq!(of(&json!({"text": "/help@our_bot"})), Some(Input::Command(Command::Help)));
        let payload = Some("x".to_owned());
        assert_eq!(of(&json!({"text": "/start x"})), Some(Input::Start { payload }));
    }

    #[test]
    fn of_a_photo_the_largest_size_counts() {
        let size = |id: &str, side: u32| {
            json!({"file_id": id, "file_unique_id": id, "width": side,
            "height": side})
        };
        let sizes = json!([size("s", 90), size("l", 1280), size("m", 320)]);
        let Some(Input::Photo(photo)) = of(&json!({"photo": sizes, "media_group_id": "9"})) else {
            panic!("no photo");
        };
        assert_eq!((photo.file_id.as_str(), photo.size), ("l", None));
        assert_eq!(photo.album.as_deref(), Some("9"));
        assert_eq!(of(&json!({"photo": []})), Some(Input::OtherMedia { album: None }));
    }

    #[test]
    fn an_image_sent_as_a_file_counts() {
        let file = |fields: &Value| {
            let mut file = json!({"file_id": "f", "file_unique_id": "u", "file_size": 5_000_000});
            file.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            of(&json!({"document": file}))
        };
        for good in [
            json!({"mime_type": "image/jpeg"}),
            json!({"mime_type": "image/PNG", "thumbnail": {"width": 320, "height": 200}}),
            json!({"file_name": "Cup.JPG"}),
            json!({"file_name": "cup.webp", "mime_type": "application/octet-stream"}),
            json!({"file_name": "Cup.JPG", "mime_type": ""}),
            json!({"file_name": 5, "mime_type": ["image"]}),
            json!({}),
        ] {
            assert!(matches!(file(&good), Some(Input::Photo(_))), "{good}");
        }
        let fault = |fault| Some(Input::BadFile { fault, album: None });
        for bad in [
            json!({"mime_type": "application/pdf"}),
            json!({"file_id": 5, "mime_type": "image/png"}),
        ] {
            assert_eq!(file(&bad), fault(PhotoFault::NotAnImage), "{bad}");
        }
        for other in [
            json!({"mime_type": "image/heic", "file_size": 50_000_000}),
            json!({"mime_type": "image/gif", "file_name": "a.png"}),
        ] {
            assert_eq!(file(&other), fault(PhotoFault::OtherFormat), "{other}");
        }
        let large = json!({"mime_type": "image/png", "file_size": 10_000_001});
        assert_eq!(file(&large), fault(PhotoFault::TooLarge));
    }

    #[test]
    fn what_a_person_sent_is_an_input_whatever_it_is() {
        for kind in [
            "animation",
            "audio",
            "checklist",
            "contact",
            "dice",
            "game",
            "invoice",
            "location",
            "paid_media",
            "poll",
            "rich_message",
            "sticker",
            "story",
            "venue",
            "video",
            "of_the_year_2030",
        ] {
            let sent = json!({kind: {"file_id": "f"}, "caption": "кофе"});
            assert_eq!(of(&sent), Some(Input::OtherMedia { album: None }), "{kind}");
        }
        let animation = json!({"animation": {}, "document": {"mime_type": "image/png"}});
        for odd in [animation, json!({}), json!({"text": ""}), json!({"text": 5, "photo": "cup"})] {
            assert_eq!(of(&odd), Some(Input::OtherMedia { album: None }), "{odd}");
        }
    }

    #[test]
    fn how_a_message_came_does_not_matter() {
        let sizes = json!([{"file_id": "f", "file_unique_id": "u", "width": 600, "height": 600}]);
        let bot = json!({"id": 9, "is_bot": true, "first_name": "B"});
        let story = json!({"id": 3, "chat": {"id": -5, "type": "channel"}});
        for way in [
            json!({}),
            json!({"forward_origin": {"type": "hidden_user", "sender_user_name": "X", "date": 1}}),
            json!({"forward_from": bot, "forward_date": 1}),
            json!({"via_bot": bot}),
            json!({"reply_to_story": story}),
            json!({"external_reply": {"story": story}, "quote": {"text": "a", "position": 0}}),
            json!({"reply_to_checklist_task_id": 4, "message_thread_id": 9, "is_topic_message": true}),
            json!({"reply_to_message": {"message_id": 4, "pinned_message": {}}}),
            json!({"live_photo": {"file_id": "v", "duration": 3}, "has_media_spoiler": true}),
            json!({"pinned_message": null, "effect_id": "5"}),
        ] {
            let with = |content: Value| {
                let mut message = way.clone();
                message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
                of(&message)
            };
            assert_eq!(with(json!({"text": "кофе"})), Some(Input::Text("кофе".into())), "{way}");
            let photo = with(json!({"photo": sizes, "caption": "кофе"}));
            assert!(matches!(photo, Some(Input::Photo(_))), "{way}");
            assert_eq!(
                with(json!({"sticker": {}})),
                Some(Input::OtherMedia { album: None }),
                "{way}"
            );
        }
    }

    #[test]
    fn what_telegram_itself_notes_is_none() {
        for note in SERVICE_NOTES {
            assert_eq!(of(&json!({*note: {"message_id": 3}})), None, "{note}");
            assert_eq!(of(&json!({*note: true, "from_offline": true})), None, "{note}");
        }
        assert!(SERVICE_NOTES.is_sorted());
    }

    #[test]
    fn an_edit_of_what_was_written_is_an_input_and_any_other_is_none() {
        let edited = |content: &Value| {
            let update = json!({"update_id": 1, "edited_message": message(content)["message"]});
            input(&update)
        };
        for content in [
            json!({"document": {"file_id": "f"}, "caption": "кофе"}),
            json!({"photo": [{"file_id": "f", "width": 1280, "height": 960}], "caption": "кофе"}),
        ] {
            let Some(Input::EditedPhoto(photo)) = edited(&content) else { panic!("{content}") };
            assert_eq!((photo.file_id.as_str(), photo.caption.as_deref()), ("f", Some("кофе")));
        }
        let file = |caption: Option<&str>, fault| {
            let caption = caption.map(str::to_owned);
            Some(Input::EditedFile { fault, caption })
        };
        for (content, caption, fault) in [
            (json!({"video": {}, "caption": "кофе"}), Some("кофе"), PhotoFault::NotAnImage),
            (json!({"audio": {}, "caption": "/start"}), None, PhotoFault::NotAnImage),
            (json!({"photo": [], "caption": " "}), None, PhotoFault::NotAnImage),
            (
                json!({"document": {"file_id": "f", "mime_type": "image/heic"}}),
                None,
                PhotoFault::OtherFormat,
            ),
        ] {
            assert_eq!(edited(&content), file(caption, fault), "{content}");
        }
        assert_eq!(edited(&json!({"text": "кофе"})), Some(Input::Edited("кофе".into())));
        for content in [
            json!({"text": "/start"}),
            json!({"text": ""}),
            json!({"text": "\u{200b} "}),
            json!({"location": {"latitude": 1, "live_period": 900}}),
            json!({"checklist": {"title": "кофе"}}),
            json!({"sticker": {}}),
            json!({"pinned_message": {}}),
            json!({}),
        ] {
            assert_eq!(edited(&content), None, "{content}");
        }
    }

    #[test]
    fn a_tap_counts_even_when_its_message_cannot_be_seen() {
        let tapped = Some(Input::Tap { data: "h".into(), message: MessageId(5) });
        let seen = json!({"message_id": 5, "date": 9, "chat": {"id": 7, "type": "private"}});
        let unseen = json!({"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}});
        assert_eq!(input(&tap(&seen)), tapped);
        assert_eq!(input(&tap(&unseen)), tapped);
        let group = json!({"message_id": 5, "date": 9, "chat": {"id": -7, "type": "group"}});
        assert_eq!(input(&tap(&group)), None);
    }

    #[test]
    fn a_block_and_its_end_are_recognized() {
        assert_eq!(input(&member("kicked")), Some(Input::Blocked));
        assert_eq!(input(&member("member")), Some(Input::Unblocked));
        assert_eq!(input(&member("administrator")), None);
    }

    #[test]
    fn groups_channels_bots_and_edits_are_not_answered() {
        let mut group = message(&json!({"text": "/start"}));
        group["message"]["chat"] = json!({"id": -100, "type": "supergroup"});
        let mut bot = message(&json!({"text": "/start"}));
        bot["message"]["from"]["is_bot"] = json!(true);
        let mut senderless = message(&json!({"text": "/start"}));
        senderless["message"].as_object_mut().unwrap().remove("from");
        let edited = message(&json!({"text": "/start"}))["message"].clone();
        let unanswered = [
            group,
            bot,
            senderless,
            json!({"update_id": 1, "edited_message": edited}),
            json!({"update_id": 1, "channel_post": edited}),
            json!({"update_id": 1, "of_the_year_2030": edited}),
            json!({"update_id": 1}),
            json!([]),
        ];
        for update in unanswered {
            assert_eq!(incoming(&update), None, "{update}");
            assert_eq!(ParsedUpdate::read(&update.to_string()), ParsedUpdate::NoAnswer);
        }
    }

    #[test]
    fn invalid_or_too_deep_json_is_unreadable() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        for odd in ["", "{", "\"\\ud800\"", "1e999", &deep] {
            let update = format!("{{\"update_id\":7,\"message\":{odd}}}");
            assert_eq!(ParsedUpdate::read(&update), ParsedUpdate::Unreadable, "{update}");
        }
    }

    proptest! {
        #[test]
        fn a_sender_is_a_person_in_their_own_chat(update in documents(&updates())) {
            let update: Value = serde_json::from_slice(&update).unwrap_or_default();
            let parsed = incoming(&update);
            prop_assert_eq!(&parsed, &incoming(&update));
            let Some(Incoming { from, input, .. }) = parsed else { return Ok(()) };
            prop_assert!(from.id.0 > 0);
            let action = ["message", "edited_message", "callback_query", "my_chat_member"]
                .into_iter()
                .find_map(|kind| object(&update, kind))
                .unwrap();
            prop_assert_eq!(action["from"]["id"].as_i64(), Some(from.id.0));
            let chat = object(action, "chat").or_else(|| object(object(action, "message")?, "chat"));
            prop_assert_eq!(chat.unwrap()["id"].as_i64(), Some(from.id.0));
            if let Input::Photo(photo) = input {
                prop_assert_eq!(photo.fault(), None);
            }
        }
    }

    /// Updates of every kind that is answered.
    fn updates() -> Vec<Value> {
        let place = json!({"message_id": 5, "date": 9, "chat": {"id": 7, "type": "private"}});
        let photo = json!({"file_id": "f", "file_unique_id": "u", "width": 1280, "height": 960,
            "file_size": 200_000});
        let file = json!({"file_id": "f", "file_unique_id": "u", "file_name": "cup.png",
            "mime_type": "image/png", "file_size": 5_000_000});
        vec![
            message(&json!({"text": "/start ref_7"})),
            message(&json!({"text": "кофе", "entities": [{"type": "bold", "offset": 0}]})),
            message(&json!({"photo": [photo, photo], "media_group_id": "9", "caption": "cup"})),
            message(&json!({"document": file})),
            message(&json!({"sticker": {"file_id": "f"}})),
            json!({"update_id": 4, "edited_message": message(&json!({"text": "чай"}))["message"]}),
            tap(&place),
            member("kicked"),
        ]
    }
}
