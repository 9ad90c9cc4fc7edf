//! What people send, whatever it is: an answer to each thing that a person sent, and none to what
//! Telegram itself notes.

use crate::world::{World, checks::texts};
use reelbot::testing::{
    chat::Tap,
    sandbox::{PHOTO, Person},
};
use serde_json::{Value, json};

/// A message of a person with these fields.
fn sends(world: &mut World, person: &Person, content: &Value) -> Vec<String> {
    arrives(world, person, "message", content)
}

/// An update about a message of a person; what the bot answers.
fn arrives(world: &mut World, person: &Person, kind: &str, content: &Value) -> Vec<String> {
    let before = texts(person).len();
    let mut message = json!({
        "message_id": 70_000 + before, "date": 9,
        "from": {"id": person.id(), "is_bot": false, "first_name": "Анна", "language_code": "ru"},
        "chat": {"id": person.id(), "type": "private"},
    });
    message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    world.stage.telegram.raw_update(json!({ kind: message }));
    world.settles();
    texts(person).split_off(before)
}

#[test]
fn an_image_of_another_format_is_told_what_to_do_by_its_type_its_name_and_its_bytes() {
    let (mut world, anna) = World::with_anna(1);
    for (name, mime) in [
        ("IMG_1.HEIC", "image/heic"),
        ("IMG_1.HEIC", "application/octet-stream"),
        ("scan.tiff", ""),
        ("logo.svg", "image/svg+xml"),
        ("DSC_1.NEF", "image/x-nikon-nef"),
    ] {
        anna.sends_document(b"whatever", name, mime).unwrap();
        world.settles();
        let last = anna.last().unwrap().text;
        assert!(last.contains("как фото") && last.contains("JPEG"), "{name} {mime}: {last}");
    }
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on";
    anna.sends_document(heic, "cup.jpg", "image/jpeg").unwrap();
    world.settles();
    let last = anna.last().unwrap();
    assert!(last.text.contains("как фото") && last.buttons.is_empty(), "{last:?}");
    assert_eq!(world.balance(&anna), 1);
    anna.sends_document(b"%PDF-1.7", "price.pdf", "application/pdf").unwrap();
    world.settles();
    assert!(anna.last().unwrap().text.contains("не похож на фото"));
}

#[test]
fn whatever_a_person_sends_is_answered_and_what_telegram_notes_is_not() {
    let (mut world, anna) = World::with_anna(1);
    for sent in [
        json!({"sticker": {"file_id": "f"}}),
        json!({"video": {"file_id": "f"}, "caption": "кофе"}),
        json!({"checklist": {"title": "a", "tasks": []}}),
        json!({"paid_media": {"star_count": 5, "paid_media": []}}),
        json!({"story": {"id": 4}}),
        json!({"of_the_year_2030": {"file_id": "f"}}),
        json!({"text": ""}),
        json!({}),
    ] {
        let answers = sends(&mut world, &anna, &sent);
        assert!(
            matches!(&answers[..], [one] if one.contains("Я понимаю фото и текст")),
            "{sent}: {answers:?}"
        );
    }
    for note in [
        json!({"pinned_message": {"message_id": 3}}),
        json!({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}}),
        json!({"forum_topic_created": {"name": "a", "icon_color": 7}}),
        json!({"write_access_allowed": {"from_request": true}}),
        json!({"users_shared": {"request_id": 1, "users": []}}),
        json!({"chat_background_set": {"type": {}}}),
    ] {
        assert!(sends(&mut world, &anna, &note).is_empty(), "{note}");
    }
}

#[test]
fn an_edit_of_any_kind_costs_nobody_an_answer() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    for edit in [
        json!({"text": ""}),
        json!({"sticker": {}}),
        json!({"location": {"latitude": 1, "longitude": 2, "live_period": 900}}),
        json!({"checklist": {"title": "a"}}),
        json!({"video": {"file_id": "f"}, "caption": "кофе"}),
        json!({"photo": 7, "caption": "кофе"}),
        json!({"photo": [], "caption": " "}),
    ] {
        let answers = arrives(&mut world, &anna, "edited_message", &edit);
        assert!(answers.is_empty(), "{edit}: {answers:?}");
    }
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_forwarded_or_live_photo_is_a_photo() {
    let (mut world, anna) = World::with_anna(0);
    anna.sends_photo(PHOTO).unwrap();
    world.settles();
    let photo = json!([{"file_id": "f", "file_unique_id": "u", "width": 600, "height": 600}]);
    for way in [
        json!({"photo": photo, "forward_origin": {"type": "hidden_user", "date": 1}}),
        json!({"photo": photo, "via_bot": {"id": 9, "is_bot": true, "first_name": "B"}}),
        json!({"photo": photo, "live_photo": {"file_id": "v", "duration": 3}}),
        json!({"photo": photo, "reply_to_story": {"id": 3, "chat": {"id": -5}}}),
    ] {
        let answers = sends(&mut world, &anna, &way);
        assert!(matches!(&answers[..], [one] if one.contains("идею")), "{way}: {answers:?}");
    }
}
