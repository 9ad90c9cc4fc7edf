//! The names of products: what sellers write first under a photo.

use crate::world::{
    World,
    checks::{count_of, reads, texts},
    people::{button, count_button},
};
use reelbot::testing::{
    chat::Tap,
    sandbox::{PHOTO, Person},
};

/// The model that follows the photo, and one that takes a format.
const MODELS: [&str; 2] = ["grok-imagine-video-1-5-preview", "bytedance/seedance-2-mini"];

fn captions(person: &Person) -> Vec<String> {
    person.videos().into_iter().map(|video| video.text).collect()
}

#[test]
fn an_article_number_under_a_photo_is_the_name_in_the_captions() {
    for model in MODELS {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", "ru", 3);
        anna.sends_photo_with(PHOTO, "Артикул: 12345678").unwrap();
        world.settles();
        assert!(!reads(&anna, "по вашему тексту?"), "{:#?}", texts(&anna));
        assert!(reads(&anna, "📦 Артикул: 12345678"), "{:#?}", texts(&anna));
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert!(captions(&anna)[0].ends_with("📦 Артикул: 12345678"), "{:?}", captions(&anna));
        world.orders_more(&anna, 1);
        world.all_work_is_done();
        assert!(captions(&anna)[1].ends_with("📦 Артикул: 12345678"), "{:?}", captions(&anna));
    }
}

#[test]
fn what_stands_below_an_article_number_is_the_text() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_photo_with(PHOTO, "арт. 123\nкружка парит над морем").unwrap();
    world.settles();
    assert!(reads(&anna, "📦 арт. 123"), "{:#?}", texts(&anna));
    assert!(reads(&anna, "Снять по вашему тексту?"));
    world.taps(&anna, Tap::USE_TEXT);
    let asked = world.stage.gpt.seen()[0].to_string();
    assert!(asked.contains("кружка парит над морем") && !asked.contains("арт. 123"), "{asked}");
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert!(captions(&anna)[0].ends_with("📦 арт. 123"), "{:?}", captions(&anna));
}

#[test]
fn a_text_that_is_an_article_number_names_the_product_and_is_no_script() {
    type Say = fn(&Person);
    let ways: [(&str, Say); 3] = [
        ("after the photo", |anna| {
            anna.sends_text("арт. 123");
        }),
        ("as an answer to it", |anna| {
            let photo = anna.chat().into_iter().find(|message| message.media.is_some()).unwrap();
            anna.replies(photo.id, "арт. 123");
        }),
        ("by a change of the caption", |anna| {
            let photo = anna.chat().into_iter().find(|message| message.media.is_some()).unwrap();
            anna.edits_message(photo.id, "арт. 123");
        }),
    ];
    for (way, say) in ways {
        let (mut world, anna) = World::with_anna(1);
        world.sends_photo(&anna);
        say(&anna);
        world.settles();
        assert!(reads(&anna, "Записал: арт. 123"), "{way}: {:#?}", texts(&anna));
        assert!(world.stage.gpt.seen().is_empty(), "{way}");
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert!(captions(&anna)[0].ends_with("📦 арт. 123"), "{way}: {:?}", captions(&anna));
    }
}

#[test]
fn a_text_is_still_awaited_after_the_name() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::OWN_TEXT);
    anna.sends_text("SKU AB-12");
    anna.sends_text("кружка кружится");
    world.settles();
    let asked = world.stage.gpt.seen()[0].to_string();
    assert!(asked.contains("кружка кружится"), "{asked}");
    assert_eq!(count_of(&anna, "Записал: SKU AB-12"), 1);
    count_button(&anna, 1);
}

#[test]
fn a_prompt_that_is_edited_is_the_prompt_whatever_it_begins_with() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps(&anna, Tap::EDIT_SCRIPT);
    anna.sends_text("Art 1960, a mug turns.");
    world.settles();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks()[0].input["prompt"], "Art 1960, a mug turns.");
    assert_eq!(captions(&anna)[0], "🎬 Ваше видео готово");
}

#[test]
fn markup_in_a_name_is_text() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_photo_with(PHOTO, "SKU <b>&12").unwrap();
    world.settles();
    button(&anna, Tap::PRESET);
    anna.sends_photo_with(PHOTO, "арт. 12<i>\nснег").unwrap();
    world.settles();
    assert!(reads(&anna, "📦 арт. 12"), "{:#?}", texts(&anna));
}
