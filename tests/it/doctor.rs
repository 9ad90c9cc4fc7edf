//! The photo doctor: what is said of a photo before anything is made of it.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::world::{
    World,
    checks::{count_of, reads, texts},
    people::button,
};
use reelbot::testing::{
    chat::Tap,
    sandbox::{Fault, PHOTO, Person, PlannedFault},
};

/// The model that follows the photo, and one that takes a format.
const MODELS: [&str; 2] = ["grok-imagine-video-1-5-preview", "bytedance/seedance-2-mini"];

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn coffee() -> DynamicImage {
    image::load_from_memory(PHOTO).unwrap()
}

/// Stripes of that size.
fn stripes(width: u32, height: u32) -> DynamicImage {
    let shade = |x, _| Rgb([if x % 40 < 20 { 30 } else { 220 }; 3]);
    RgbImage::from_fn(width, height, shade).into()
}

/// A PNG of a few hundred bytes that claims this size.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = file(&RgbImage::new(300, 300).into(), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes
}

fn advice_count(person: &Person) -> usize {
    count_of(person, "💡 Фото")
}

#[test]
fn a_look_that_cannot_be_recorded_is_not_repeated_without_end() {
    let (mut world, anna) = World::with_anna(1);
    world.database_changes(
        "create trigger refuses before update on photos
         when new.checked_at is not null and old.checked_at is null
         begin select raise(abort, 'no'); end",
    );
    world.sends_photo(&anna);
    world.settles();
    assert_eq!(world.count("select count(*) from photos where looked_at is null"), 0);
}

#[test]
fn a_fine_photo_gets_no_advice() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    assert_eq!(advice_count(&anna), 0, "{:#?}", texts(&anna));
    assert_eq!(world.count("select count(*) from photos where width = 600 and height = 400"), 1);
}

#[test]
fn a_poor_photo_gets_one_sentence_in_the_ideas_and_can_be_used_all_the_same() {
    let poor = [
        (coffee().blur(5.0), "немного размыто"),
        (coffee().brighten(-190), "Фото тёмное"),
        (coffee().thumbnail(450, 450), "Фото маленькое"),
        (stripes(2000, 600), "совсем другой формы, чем видео 9:16"),
    ];
    for model in MODELS {
        for (picture, words) in &poor {
            let mut world = World::with(|config| config.kie.model = model.to_owned());
            let anna = world.person_with("Анна", "ru", 1);
            let before = texts(&anna).len();
            anna.sends_photo(&file(picture, ImageFormat::Jpeg)).unwrap();
            world.settles();
            assert!(reads(&anna, words), "{words}: {:#?}", texts(&anna));
            assert_eq!(texts(&anna).len(), before + 1, "{words}: it is the ideas' message");
            world.taps(&anna, Tap::PRESET);
            world.taps_count(&anna, 1);
            world.all_work_is_done();
            assert_eq!(anna.videos().len(), 1, "{words}");
        }
    }
}

#[test]
fn advice_comes_into_the_message_that_is_there_and_waits_for_nothing() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_photo(&file(&coffee().blur(5.0), ImageFormat::Jpeg)).unwrap();
    world.answers_updates();
    world.messages_are_sent();
    let (ideas, _) = button(&anna, Tap::PRESET);
    assert_eq!(advice_count(&anna), 0, "the doctor has not looked yet");
    world.settles();
    let (with_advice, _) = button(&anna, Tap::PRESET);
    assert_eq!((with_advice.id, advice_count(&anna)), (ideas.id, 1));
}

#[test]
fn advice_takes_no_place_of_what_the_person_has_gone_on_to() {
    for goes_on in [Tap::PRESET, Tap::OWN_TEXT] {
        let (mut world, anna) = World::with_anna(1);
        anna.sends_photo(&file(&coffee().blur(5.0), ImageFormat::Jpeg)).unwrap();
        world.answers_updates();
        world.messages_are_sent();
        let (ideas, data) = button(&anna, goes_on);
        anna.taps(ideas.id, &data).unwrap();
        world.answers_updates();
        world.settles();
        assert_eq!(advice_count(&anna), 0, "{goes_on}: {:#?}", texts(&anna));
    }
}

#[test]
fn a_look_that_a_kill_ended_is_begun_again() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_photo(&file(&coffee().blur(5.0), ImageFormat::Jpeg)).unwrap();
    world.answers_updates();
    world.restarts();
    world.settles();
    assert_eq!(advice_count(&anna), 1, "{:#?}", texts(&anna));
}

#[test]
fn a_look_that_comes_to_nothing_forgets_nothing() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let known = "select count(*) from photos where width = 600 and height = 400";
    assert_eq!(world.count(known), 1);
    // Three looks have ended the process: the fourth is not taken.
    world.database_changes("update photos set looks = 3, looked_at = null");
    world.settles();
    assert_eq!(world.count("select count(*) from photos where looked_at is null"), 0);
    assert_eq!(world.count(known), 1);
}

#[test]
fn a_photo_that_cannot_be_had_gets_no_advice_and_holds_nothing_up() {
    let (mut world, anna) = World::with_anna(1);
    let fault = PlannedFault::new(Fault::ServerError).on("getFile").times(1);
    world.stage.telegram.plan(fault);
    anna.sends_photo(&file(&coffee().blur(5.0), ImageFormat::Jpeg)).unwrap();
    world.settles();
    assert!(reads(&anna, "Выберите идею"), "{:#?}", texts(&anna));
}

#[test]
fn a_file_that_is_no_photo_is_refused_at_once_and_costs_nothing() {
    let files = [
        ("cup.png", bomb(30_000, 30_000), "слишком тяжёлое"),
        ("cup.png", bomb(11_000, 11_000), "слишком тяжёлое"),
        ("cup.jpg", b"%PDF-1.7 and so on".to_vec(), "не похож на фото"),
        ("cup.png", bomb(100, 2000), "слишком маленькое"),
    ];
    for (name, bytes, words) in files {
        let (mut world, anna) = World::with_anna(1);
        let mime = if name.ends_with("png") { "image/png" } else { "image/jpeg" };
        anna.sends_document(&bytes, name, mime).unwrap();
        world.settles();
        assert!(reads(&anna, words), "{words}: {:#?}", texts(&anna));
        assert!(!reads(&anna, "Выберите идею"), "{words}: {:#?}", texts(&anna));
        assert_eq!(world.balance(&anna), 1);
        assert_eq!(world.stage.kie.uploads().len(), 0);
    }
}

#[test]
fn a_person_who_was_faster_than_the_doctor_is_told_with_the_script() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_document(b"%PDF-1.7 and so on", "cup.jpg", "image/jpeg").unwrap();
    world.answers_updates();
    world.messages_are_sent();
    world.taps(&anna, Tap::PRESET);
    assert_eq!(count_of(&anna, "не похож на фото"), 1, "{:#?}", texts(&anna));
    assert!(anna.last().unwrap().buttons.is_empty(), "{:?}", anna.last());
    assert_eq!(world.balance(&anna), 1);
}

#[test]
fn a_photo_that_is_held_sideways_is_seen_upright() {
    let (mut world, anna) = World::with_anna(1);
    let bytes = file(&stripes(900, 700), ImageFormat::Jpeg);
    // The camera says that it was turned: the tag stands in a segment right after the beginning.
    let tag = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let segment = [b"\xff\xe1\0\x22Exif\0\0".as_slice(), tag].concat();
    let turned = [&bytes[..2], &segment, &bytes[2..]].concat();
    anna.sends_document(&turned, "cup.jpg", "image/jpeg").unwrap();
    world.settles();
    assert_eq!(world.count("select count(*) from photos where width = 700 and height = 900"), 1);
}
