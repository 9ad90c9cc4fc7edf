//! Albums: one product from several sides, or different products.

use std::time::Duration;

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use crate::world::{
    World,
    checks::{count_of, reads, texts},
    people::{button, button_with, count_button},
};
use reelbot::testing::{
    chat::{AlbumTap, Tap},
    sandbox::{PHOTO, Person, ShownMessage},
};

/// A model that takes a format, and one that follows the photo; both take one photo.
const MODELS: [&str; 2] = ["bytedance/seedance-2-mini", "kling-2.6/image-to-video"];

/// So many different photos.
pub(crate) fn different(count: u8) -> Vec<Vec<u8>> {
    (0..count).map(|number| [PHOTO, &[0, number]].concat()).collect()
}

/// A photo that is too small for any model.
fn tiny() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(90, 90, Rgb([9; 3])).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

pub(crate) fn one(person: &Person) -> (ShownMessage, String) {
    button_with(person, |data| data.starts_with(AlbumTap::DECIDE) && data.ends_with("one"))
}

pub(crate) fn many(person: &Person) -> (ShownMessage, String) {
    button_with(person, |data| data.starts_with(AlbumTap::DECIDE) && data.ends_with("many"))
}

pub(crate) fn photos(person: &Person) -> Vec<ShownMessage> {
    let is_photo = |message: &ShownMessage| !message.from_bot && message.media.is_some();
    person.chat().into_iter().filter(is_photo).collect()
}

pub(crate) fn says(world: &mut World, person: &Person, (message, data): (ShownMessage, String)) {
    person.taps(message.id, &data).unwrap();
    world.settles();
}

#[test]
fn an_album_is_asked_about_once_when_its_last_photo_has_come() {
    for kill in [false, true] {
        let (mut world, anna) = World::with_anna(1);
        let before = texts(&anna).len();
        anna.sends_album(&different(5)).unwrap();
        world.answers_updates();
        world.messages_are_sent();
        assert_eq!(texts(&anna).len(), before, "siblings may still come");
        if kill {
            world.restarts();
        }
        world.passes(Duration::from_secs(3));
        let read = texts(&anna);
        assert_eq!(read.len(), before + 1, "{read:#?}");
        let question = "5 фото: это один товар с разных сторон или разные товары?";
        assert_eq!(count_of(&anna, question), 1, "{read:#?}");
        assert_eq!(one(&anna).0.reply_to, Some(photos(&anna)[0].id));
    }
}

#[test]
fn siblings_that_come_later_and_after_a_kill_are_counted_in_the_same_message() {
    let (mut world, anna) = World::with_anna(1);
    let before = texts(&anna).len();
    anna.sends_album(&different(3)).unwrap();
    world.answers_updates();
    let group = anna.chat().last().unwrap().album.clone().unwrap();
    world.clock.advance(Duration::from_secs(1));
    anna.adds_to_album(&group, &different(5)[3]).unwrap();
    world.answers_updates();
    world.clock.advance(Duration::from_millis(1500));
    world.messages_are_sent();
    assert_eq!(texts(&anna).len(), before, "the wait began anew");
    world.passes(Duration::from_secs(2));
    assert!(reads(&anna, "4 фото"), "{:#?}", texts(&anna));
    world.restarts();
    anna.adds_to_album(&group, &different(5)[4]).unwrap();
    world.passes(Duration::from_secs(5));
    assert!(reads(&anna, "5 фото") && !reads(&anna, "4 фото"), "{:#?}", texts(&anna));
    assert_eq!(texts(&anna).len(), before + 1);
}

#[test]
fn one_product_is_one_draft_and_she_says_which_photo_is_filmed() {
    for model in MODELS {
        one_of_three_is_filmed(model);
    }
}

fn one_of_three_is_filmed(model: &str) {
    let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
    let anna = world.person_with("Анна", "ru", 1);
    anna.sends_album_with(&different(3), &["", "арт. 77", "кружка парит"]).unwrap();
    world.settles();
    let question = one(&anna);
    says(&mut world, &anna, question);
    assert!(reads(&anna, "Какой взять"), "{:#?}", texts(&anna));
    let numbers: Vec<String> =
        anna.buttons().into_iter().flatten().map(|button| button.label).collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    let (choose, data) = button_with(&anna, |data| data.ends_with(":2"));
    anna.taps_twice(choose.id, &data).unwrap();
    world.settles();
    assert!(reads(&anna, "📦 арт. 77") && reads(&anna, "кружка парит"), "{:#?}", texts(&anna));
    assert_eq!(button(&anna, Tap::PRESET).0.reply_to, Some(photos(&anna)[1].id));
    assert_eq!(count_of(&anna, "📦 арт. 77"), 1, "a second tap is no second choice");
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let videos = anna.videos();
    assert_eq!(videos.len(), 1);
    assert!(videos[0].text.ends_with("📦 арт. 77"), "{videos:?}");
    assert_eq!(world.stage.kie.uploads().len(), 1);
}

#[test]
fn an_album_of_ten_of_which_three_are_unusable_says_so_once() {
    let (mut world, anna) = World::with_anna(1);
    let before = texts(&anna).len();
    let mut photos = different(7);
    photos.insert(0, tiny());
    photos.insert(5, tiny());
    photos.push(b"%PDF-1.7 is no photo".to_vec());
    anna.sends_album(&photos).unwrap();
    world.settles();
    let read = texts(&anna);
    assert_eq!(read.len(), before + 1, "{read:#?}");
    assert!(reads(&anna, "7 фото") && reads(&anna, "Ещё 3 файла не подошли"), "{read:#?}");
    assert_eq!(world.balance(&anna), 1);
}

/// A file of an album, as Telegram tells of it: a video, an iPhone's photo as a file, a huge file.
fn other_file(person: &Person, album: &str, kind: usize) -> Value {
    let id = person.id().0;
    let document = |name: &str, mime: &str, size: u64| {
        json!({"document": {"file_id": "d", "file_unique_id": "d", "file_name": name,
            "mime_type": mime, "file_size": size}})
    };
    let content = match kind {
        0 => json!({"video": {"file_id": "v", "file_unique_id": "v", "width": 9, "height": 16,
            "duration": 3, "mime_type": "video/mp4"}}),
        1 => document("IMG_1.HEIC", "image/heic", 2_000_000),
        _ => document("photo.jpg", "image/jpeg", 12_000_000),
    };
    let mut message = json!({
        "message_id": 900_000 + kind, "date": 1_795_000_000, "media_group_id": album,
        "from": {"id": id, "is_bot": false, "first_name": "Анна", "language_code": "ru"},
        "chat": {"id": id, "type": "private", "first_name": "Анна"},
    });
    message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    json!({"message": message})
}

#[test]
fn an_album_with_a_video_and_other_files_in_it_is_asked_about_once() {
    // Where each of the other files stands among seven photos.
    for places in [[0, 0, 0], [2, 4, 6], [7, 7, 7], [7, 0, 3]] {
        let (mut world, anna) = World::with_anna(1);
        let before = texts(&anna).len();
        let group = "777";
        for (number, photo) in different(7).iter().chain([&tiny()]).enumerate() {
            for kind in (0..3).filter(|kind| places[*kind] == number) {
                world.stage.telegram.raw_update(other_file(&anna, group, kind));
            }
            if number < 7 || places[0] != 7 {
                anna.adds_to_album(group, photo).unwrap();
            }
            world.answers_updates();
            world.messages_are_sent();
            assert_eq!(texts(&anna).len(), before, "{places:?}: {:#?}", texts(&anna));
        }
        world.passes(Duration::from_secs(3));
        let read = texts(&anna);
        assert_eq!(read.len(), before + 1, "{places:?}: {read:#?}");
        assert!(reads(&anna, "7 фото"), "{read:#?}");
        let files = if places[0] == 7 {
            "Ещё 3 файла не подошли"
        } else {
            "Ещё 4 файла не подошли"
        };
        for reason in [files, "это не фото", "нужен JPEG, PNG или WEBP", "больше 10 МБ"]
        {
            assert!(reads(&anna, reason), "{places:?} {reason}: {read:#?}");
        }
        assert_eq!(reads(&anna, "меньше 240 пикселей"), places[0] != 7);
    }
}

#[test]
fn another_answer_does_not_bring_the_question_early() {
    let (mut world, anna) = World::with_anna(1);
    let before = texts(&anna).len();
    anna.sends_album(&different(3)).unwrap();
    anna.sends_text("/balance");
    world.answers_updates();
    world.messages_are_sent();
    assert_eq!(texts(&anna).len(), before + 1, "{:#?}", texts(&anna));
    assert!(anna.last().unwrap().text.contains("На балансе"));
    world.passes(Duration::from_secs(3));
    assert_eq!(count_of(&anna, "3 фото"), 1, "{:#?}", texts(&anna));
}

#[test]
fn an_album_without_any_photo_gets_one_word() {
    let (mut world, anna) = World::with_anna(1);
    let before = texts(&anna).len();
    for kind in 0..3 {
        world.stage.telegram.raw_update(other_file(&anna, "778", kind));
    }
    world.settles();
    assert_eq!(texts(&anna).len(), before + 1, "{:#?}", texts(&anna));
    assert!(reads(&anna, "Ни одно из этих фото не подошло"));
}

#[test]
fn the_labels_of_the_answers_can_be_typed() {
    for (language, typed, is_one) in [
        ("ru", "разные товары", false),
        ("ru", "Разные!", false),
        ("ru", "один товар", true),
        ("en", "different products", false),
        ("en", "One", true),
    ] {
        let mut world = World::new();
        let anna = world.person_with("Анна", language, 3);
        anna.sends_album(&different(3)).unwrap();
        world.settles();
        anna.sends_text(typed);
        world.settles();
        let open = world.count("select count(*) from drafts where closed_at is null");
        assert_eq!(open, if is_one { 1 } else { 3 }, "{typed}");
        assert_eq!(world.count("select count(*) from scripts"), 0, "{typed} is no text");
        button(&anna, if is_one { AlbumTap::CHOOSE_PHOTO } else { AlbumTap::PRESET });
    }
}

#[test]
fn an_album_with_one_usable_photo_or_none_needs_no_question() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_album(&[tiny(), PHOTO.to_vec(), tiny()]).unwrap();
    world.settles();
    assert!(reads(&anna, "Ещё 2 файла не подошли"), "{:#?}", texts(&anna));
    world.taps(&anna, Tap::PRESET);
    count_button(&anna, 1);
    let before = texts(&anna).len();
    anna.sends_album(&[tiny(), tiny()]).unwrap();
    world.settles();
    assert_eq!(texts(&anna).len(), before + 1, "{:#?}", texts(&anna));
    assert!(anna.last().unwrap().text.contains("слишком маленькое"), "{:?}", anna.last());
}

#[test]
fn the_first_answer_counts_however_often_and_on_whatever_is_tapped() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_album(&different(2)).unwrap();
    world.settles();
    let ((question, one), (_, many)) = (one(&anna), many(&anna));
    anna.taps_twice(question.id, &one).unwrap();
    world.settles();
    anna.forges_tap(question.id, &many);
    world.settles();
    assert!(reads(&anna, "устарела"), "{:#?}", texts(&anna));
    assert_eq!(world.count("select count(*) from drafts where closed_at is null"), 1);
    let boris = world.person_with("Борис", "ru", 1);
    boris.forges_tap(question.id, &many);
    boris.forges_tap(question.id, "dp:1:1");
    boris.forges_tap(question.id, "dp:1:9");
    world.settles();
    assert_eq!(count_of(&boris, "устарела"), 1, "hints take each other's place");
}

#[test]
fn a_text_before_the_answer_is_kept_and_asked_about_after_it() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_album(&different(3)).unwrap();
    world.settles();
    anna.sends_text("пусть идёт снег");
    world.settles();
    assert_eq!(count_of(&anna, "3 фото"), 2, "the question stands below: {:#?}", texts(&anna));
    assert!(world.stage.gpt.seen().is_empty());
    let question = many(&anna);
    says(&mut world, &anna, question);
    assert!(reads(&anna, "пусть идёт снег"), "{:#?}", texts(&anna));
    world.taps(&anna, Tap::USE_TEXT);
    assert_eq!(world.stage.gpt.seen().len(), 3, "it is for all");
}

#[test]
fn words_under_a_photo_of_one_product_can_be_changed() {
    let (mut world, anna) = World::with_anna(1);
    let sent = anna.sends_album_with(&different(2), &["", "пусть идёт снег"]).unwrap();
    world.settles();
    anna.edits_message(sent[1], "пусть идёт дождь");
    world.settles();
    let question = one(&anna);
    says(&mut world, &anna, question);
    world.taps(&anna, AlbumTap::CHOOSE_PHOTO);
    assert!(reads(&anna, "пусть идёт дождь") && !reads(&anna, "снег"), "{:#?}", texts(&anna));
    anna.edits_message(sent[1], "пусть светит солнце");
    world.settles();
    world.taps(&anna, Tap::USE_TEXT);
    let asked = world.stage.gpt.seen()[0].to_string();
    assert!(asked.contains("солнце"), "{asked}");
}

#[test]
fn an_answer_to_any_photo_of_one_product_is_about_that_product() {
    let (mut world, anna) = World::with_anna(1);
    let sent = anna.sends_album(&different(3)).unwrap();
    world.settles();
    let question = one(&anna);
    says(&mut world, &anna, question);
    world.sends_photo(&anna);
    anna.replies(sent[2], "арт. 5001");
    world.settles();
    assert!(reads(&anna, "Записал: арт. 5001"), "{:#?}", texts(&anna));
    let named = "select count(*) from drafts where name = 'арт. 5001' and album_id is not null";
    assert_eq!(world.count(named), 1);
}

#[test]
fn a_script_films_the_photo_that_it_was_written_for_whatever_is_chosen_after_it() {
    for model in MODELS {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 2);
        anna.sends_album_with(&different(3), &["арт. 77"]).unwrap();
        world.settles();
        let question = one(&anna);
        says(&mut world, &anna, question);
        let (numbers, first) = button_with(&anna, |data| data.ends_with(":1"));
        let third = button_with(&anna, |data| data.ends_with(":3")).1;
        for place in [&first, &third] {
            anna.taps_twice(numbers.id, place).unwrap();
            world.settles();
            assert!(reads(&anna, "📦 арт. 77"), "{:#?}", texts(&anna));
            world.taps(&anna, Tap::PRESET);
        }
        let is_order = |data: &str| data.starts_with(Tap::ORDER);
        let scripts: Vec<_> = anna
            .chat()
            .into_iter()
            .filter(|message| {
                message.buttons.iter().flatten().any(|b| b.data.as_deref().is_some_and(is_order))
            })
            .collect();
        assert_eq!(scripts.len(), 2, "{:#?}", texts(&anna));
        let sent = photos(&anna);
        for (script, photo) in scripts.iter().zip([1, 3]) {
            assert_eq!(script.reply_to, Some(sent[photo - 1].id));
            let data = script
                .buttons
                .iter()
                .flatten()
                .find_map(|b| b.data.clone().filter(|data| is_order(data)));
            anna.taps(script.id, &data.unwrap()).unwrap();
            world.settles();
            let filmed = world.count("select photo_id from orders order by id desc limit 1");
            assert_eq!(filmed, i64::try_from(photo).unwrap(), "{model}");
        }
        world.all_work_is_done();
        let videos = anna.videos();
        assert_eq!((videos.len(), world.balance(&anna)), (2, 0), "{model}");
        assert!(videos.iter().all(|video| video.text.ends_with("📦 арт. 77")), "{videos:?}");
        assert_eq!(world.stage.kie.uploads().len(), 2);
    }
}

#[test]
fn a_script_in_hand_stays_with_its_photo_too() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_album(&different(2)).unwrap();
    world.settles();
    let question = one(&anna);
    says(&mut world, &anna, question);
    let (numbers, second) = button_with(&anna, |data| data.ends_with(":2"));
    let first = button_with(&anna, |data| data.ends_with(":1")).1;
    says(&mut world, &anna, (numbers.clone(), first));
    let (ideas, preset) = button(&anna, Tap::PRESET);
    anna.taps(ideas.id, &preset).unwrap();
    world.answers_updates();
    anna.taps_twice(numbers.id, &second).unwrap();
    world.settles();
    assert_eq!(world.count("select count(*) from drafts where closed_at is null"), 2);
    let (script, _) = count_button(&anna, 1);
    assert_eq!(script.reply_to, Some(photos(&anna)[0].id));
    world.taps_count(&anna, 1);
    assert_eq!(world.count("select photo_id from orders"), 1);
}

#[test]
fn people_in_one_photo_are_told_of_on_its_own_scripts_alone() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_album(&different(2)).unwrap();
    world.settles();
    let question = one(&anna);
    says(&mut world, &anna, question);
    let (numbers, first) = button_with(&anna, |data| data.ends_with(":1"));
    let second = button_with(&anna, |data| data.ends_with(":2")).1;
    let told = |person: &Person| count_of(person, "на фото есть люди");
    says(&mut world, &anna, (numbers.clone(), first.clone()));
    anna.sends_text("девушка пьёт кофе");
    world.settles();
    assert_eq!(told(&anna), 1, "{:#?}", texts(&anna));
    says(&mut world, &anna, (numbers.clone(), second));
    world.taps(&anna, Tap::PRESET);
    assert_eq!(told(&anna), 1, "{:#?}", texts(&anna));
    says(&mut world, &anna, (numbers, first));
    world.taps(&anna, Tap::PRESET);
    assert_eq!(told(&anna), 2, "{:#?}", texts(&anna));
}
