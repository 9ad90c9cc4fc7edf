//! People in a photo are told of before anybody pays.

use std::io::Cursor;

use image::ImageFormat;

use crate::world::{MODELS, World, checks::reads, people::button};
use reelbot::testing::{
    chat::Tap,
    sandbox::{GptReply, PHOTO, Person, ShownMessage},
};

/// The pictures that came along with a question, as bytes of base64.
fn pictures(question: &serde_json::Value) -> Vec<String> {
    let parts = question["messages"][1]["content"].as_array().cloned().unwrap_or_default();
    let urls = parts.iter().filter_map(|part| part["image_url"]["url"].as_str());
    urls.map(str::to_owned).collect()
}

/// An own text for a photo, on which the stand-in sees people where the text speaks of them.
fn asks(world: &mut World, person: &Person, text: &str) {
    world.sends_photo(person);
    world.taps(person, Tap::OWN_TEXT);
    person.sends_text(text);
    world.settles();
}

#[test]
fn people_in_the_photo_are_told_of_on_the_script_and_it_can_be_ordered_all_the_same() {
    for (model, language, warning) in
        [(MODELS[0], "ru", "на фото есть люди"), (MODELS[1], "en", "people in the photo")]
    {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", language, 1);
        asks(&mut world, &anna, "девушка держит чашку, a woman with a cup");
        assert_eq!(world.stage.gpt.seen().len(), 1, "it is one call");
        let (script, _) = button(&anna, Tap::ORDER);
        assert!(script.text.contains(warning), "{}", script.text);
        assert!(script.data().any(|data| data == Tap::ANOTHER_PHOTO));
        assert_eq!(world.balance(&anna), 1, "before paying");
        anna.taps(script.id, Tap::ANOTHER_PHOTO).unwrap();
        world.settles();
        assert_ne!(anna.last().unwrap().id, script.id, "another photo is asked for");
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1);
    }
}

#[test]
fn several_products_in_one_photo_are_told_of_in_the_same_call_and_before_paying() {
    for (model, language, warning) in
        [(MODELS[0], "ru", "несколько товаров"), (MODELS[1], "en", "several products")]
    {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", language, 1);
        asks(&mut world, &anna, "несколько товаров на столе, several products");
        assert_eq!(world.stage.gpt.seen().len(), 1, "it is one call");
        let (script, _) = button(&anna, Tap::ORDER);
        let said = |script: &ShownMessage| script.text.matches(warning).count();
        assert!(said(&script) > 0 && script.text.contains('📦'), "{}", script.text);
        assert!(script.data().any(|data| data == Tap::ANOTHER_PHOTO));
        assert_eq!(world.balance(&anna), 1, "before paying");
        world.taps(&anna, Tap::ASPECT);
        assert!(button(&anna, Tap::ORDER).0.text.contains('📦'), "it stays there");
        world.stage.gpt.usually(GptReply::Status { status: 500 });
        world.taps(&anna, Tap::ANOTHER_SCRIPT);
        assert!(button(&anna, Tap::ORDER).0.text.contains('📦'), "what was seen once is said");
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1);
    }
}

#[test]
fn a_photo_without_people_has_no_warning() {
    let (mut world, anna) = World::with_anna(1);
    asks(&mut world, &anna, "чашка на столе");
    let (script, _) = button(&anna, Tap::ORDER);
    assert!(!script.text.contains("люди") && !script.data().any(|data| data == Tap::ANOTHER_PHOTO));
    assert_eq!(pictures(&world.stage.gpt.seen()[0]).len(), 1, "the photo went along");
}

#[test]
fn the_photo_goes_along_small_and_as_a_jpeg() {
    let (mut world, anna) = World::with_anna(1);
    let large = image::load_from_memory(PHOTO).unwrap().resize_exact(
        2400,
        1200,
        image::imageops::FilterType::Nearest,
    );
    let mut png = Cursor::new(Vec::new());
    large.write_to(&mut png, ImageFormat::Png).unwrap();
    anna.sends_document(png.get_ref(), "cup.png", "image/png").unwrap();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    let picture = pictures(&world.stage.gpt.seen()[0]).remove(0);
    let base64 = picture.strip_prefix("data:image/jpeg;base64,").unwrap();
    assert!(base64.len() < 600_000, "{}", base64.len());
}

#[test]
fn an_api_that_takes_no_pictures_is_asked_without_and_nothing_is_blocked() {
    let (mut world, anna) = World::with_anna(2);
    world.stage.gpt.takes_no_pictures();
    world.orders(&anna, 1);
    assert_eq!(world.stage.gpt.seen().len(), 2);
    world.all_work_is_done();
    world.orders_more(&anna, 1);
    assert_eq!(world.stage.gpt.seen().len(), 3, "it is remembered");
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 2);
}

#[test]
fn an_api_that_takes_neither_pictures_nor_formats_still_writes() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.gpt.takes_no_pictures();
    world.stage.gpt.takes_no_formats();
    world.orders(&anna, 1);
    assert_eq!(world.stage.gpt.seen().len(), 4);
    world.all_work_is_done();
    assert!(!reads(&anna, "Сценарист сейчас недоступен"));
}

#[test]
fn without_vision_no_photo_leaves_for_gpt() {
    let mut world = World::with(|config| config.gpt.vision = false);
    let anna = world.person_with("Анна", "ru", 1);
    asks(&mut world, &anna, "девушка с чашкой");
    assert!(pictures(&world.stage.gpt.seen()[0]).is_empty());
    assert!(!button(&anna, Tap::ORDER).0.text.contains("есть люди"));
    world.operator_changes(|config| config.gpt.vision = true);
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    assert_eq!(pictures(&world.stage.gpt.seen()[1]).len(), 1, "it is live");
    assert!(button(&anna, Tap::ORDER).0.text.contains("есть люди"));
}

#[test]
fn what_was_seen_once_is_said_where_nobody_looks() {
    let (mut world, anna) = World::with_anna(1);
    asks(&mut world, &anna, "девушка с чашкой");
    world.stage.gpt.usually(GptReply::Status { status: 500 });
    world.taps(&anna, Tap::ANOTHER_SCRIPT);
    let (script, _) = button(&anna, Tap::ORDER);
    assert!(script.text.contains("есть люди") && script.text.contains("взял его как есть"));
}
