//! The main job: photo, prompt, videos.

use std::time::Duration;

use crate::world::{
    World,
    checks::{closings, reads, texts},
    people::{button, count_button},
};
use reelbot::testing::{chat::Tap, domain::Language, sandbox::PHOTO, store::switches};

#[test]
fn three_videos_arrive_and_the_closing_keyboard_once() {
    let (mut world, anna) = World::with_anna(5);
    world.orders(&anna, 3);
    assert!(reads(&anna, "Принял!"), "{:#?}", texts(&anna));
    assert_eq!(world.balance(&anna), 2);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 3);
    assert_eq!(closings(&anna), 1);
    assert_eq!(world.stage.kie.tasks().len(), 3);
    assert_eq!(world.stage.kie.uploads().len(), 1, "the photo is uploaded once for an order");
}

#[test]
fn a_new_person_is_welcomed_with_credits_once() {
    let mut world = World::new();
    let anna = world.stage.telegram.person("Анна", "ru");
    for _ in 0..3 {
        anna.sends_text("/start");
        world.settles();
    }
    assert_eq!(world.balance(&anna), 1);
    assert_eq!(texts(&anna).len(), 3);
}

#[test]
fn an_english_speaker_reads_only_english() {
    let mut world = World::new();
    let chloe = world.person_with("Chloe", "en", 1);
    world.orders(&chloe, 1);
    world.all_work_is_done();
    let cyrillic = |text: &String| text.chars().any(|c| ('а'..='я').contains(&c));
    assert!(!texts(&chloe).iter().any(cyrillic), "{:#?}", texts(&chloe));
}

#[test]
fn the_language_can_be_chosen() {
    let (mut world, anna) = World::with_anna(1);
    anna.sends_text("/language");
    world.settles();
    world.taps(&anna, &Tap::Language(Language::En).to_string());
    anna.sends_text("/balance");
    world.settles();
    assert!(anna.last().unwrap().text.contains("credit"), "{:?}", anna.last());
}

#[test]
fn two_taps_are_one_order() {
    let (mut world, anna) = World::with_anna(10);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (message, data) = count_button(&anna, 3);
    anna.taps_twice(message.id, &data).unwrap();
    anna.forges_tap(message.id, &data.replace(":3", ":5"));
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 7);
    assert_eq!(anna.videos().len(), 3);
}

#[test]
fn a_button_of_somebody_else_orders_and_shows_nothing() {
    let (mut world, anna) = World::with_anna(3);
    let boris = world.person_with("Борис", "ru", 3);
    world.orders(&anna, 1);
    world.all_work_is_done();
    let (closing, more) = button(&anna, Tap::MORE_WITH_PHOTO);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (script, order) = button(&anna, Tap::ORDER);
    let before = (world.jobs().len(), texts(&anna));
    boris.forges_tap(closing.id, &more);
    boris.forges_tap(script.id, &order);
    world.settles();
    assert_eq!((world.jobs().len(), texts(&anna)), before);
    assert_eq!((world.balance(&anna), world.balance(&boris)), (2, 3));
    let mut offered = boris.buttons().into_iter().flatten().filter_map(|button| button.data);
    assert!(offered.all(|data| data == Tap::MENU), "{:#?}", texts(&boris));
}

#[test]
fn an_order_with_too_few_credits_charges_nothing() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 5);
    assert_eq!(world.balance(&anna), 2);
    assert!(world.jobs().is_empty());
    world.grants(&anna, 3);
    world.taps_count(&anna, 5);
    assert_eq!(world.balance(&anna), 0, "the same button works once there are credits");
    world.all_work_is_done();
}

#[test]
fn while_orders_are_paused_nothing_is_charged_and_open_jobs_go_on() {
    let (mut world, anna) = World::with_anna(2);
    world.orders(&anna, 1);
    world.db().write(switches::pause).unwrap();
    world.orders(&anna, 1);
    assert!(reads(&anna, "перерыв"), "{:#?}", texts(&anna));
    assert_eq!(world.balance(&anna), 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
    world.db().write(switches::resume).unwrap();
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 2, "the same button works again");
}

#[test]
fn more_with_this_product_needs_no_new_photo() {
    let (mut world, anna) = World::with_anna(2);
    world.orders(&anna, 1);
    world.all_work_is_done();
    world.orders_more(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 2);
    assert_eq!(closings(&anna), 2);
    assert_eq!(world.stage.kie.uploads().len(), 1, "a fresh upload is used again");
}

#[test]
fn a_photo_that_comes_again_is_not_uploaded_again_while_its_upload_is_fresh() {
    let (mut world, anna) = World::with_anna(3);
    let sends_again = |world: &mut World| {
        let photo =
            anna.chat().into_iter().find(|message| !message.from_bot && message.media.is_some());
        anna.sends_again(photo.expect("a photo of hers").id).unwrap();
        world.settles();
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
    };
    world.orders(&anna, 1);
    world.all_work_is_done();
    sends_again(&mut world);
    assert_eq!(anna.videos().len(), 2);
    assert_eq!(world.stage.kie.uploads().len(), 1, "a fresh upload is used again");
    world.passes(Duration::from_hours(7));
    sends_again(&mut world);
    assert_eq!(anna.videos().len(), 3);
    assert_eq!(world.stage.kie.uploads().len(), 2, "an old upload may be gone");
}

#[test]
fn after_the_main_menu_a_text_is_asked_about() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.all_work_is_done();
    world.taps(&anna, Tap::MENU);
    anna.sends_text("красиво");
    world.settles();
    assert_eq!((world.jobs().len(), world.stage.gpt.seen().len()), (1, 1));
    assert!(anna.last().unwrap().text.contains("по вашему тексту?"), "{:?}", anna.last());
}

#[test]
fn a_new_photo_leaves_the_script_of_the_old_one_orderable() {
    let (mut world, anna) = World::with_anna(2);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (old, data) = button(&anna, Tap::ORDER);
    world.sends_photo(&anna);
    anna.taps(old.id, &data).unwrap();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 2);
}

#[test]
fn five_videos_of_one_person_do_not_hold_back_anothers_one() {
    let mut world = World::with(|config| config.kie.in_flight = 1);
    let boris = world.person_with("Борис", "ru", 5);
    let anna = world.person_with("Анна", "ru", 1);
    world.orders(&boris, 5);
    world.orders(&anna, 1);
    world.passes(Duration::from_mins(10));
    world.passes(Duration::from_secs(50));
    assert_eq!((anna.videos().len(), boris.videos().len()), (1, 1));
    world.all_work_is_done();
    assert_eq!(boris.videos().len(), 5);
}

#[test]
fn what_was_sent_while_the_bot_was_down_is_answered() {
    let (mut world, anna) = World::with_anna(1);
    world.is_killed();
    anna.sends_photo(PHOTO).unwrap();
    world.starts();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}
