//! After a change of the bot's token: Telegram's ids of files are good for one bot alone.

use std::time::Duration;

use reelbot::testing::{
    chat::{Tap, VideoTap},
    domain::Status,
    sandbox::Person,
};

use crate::world::{
    MODELS, World,
    checks::{count_of, reads},
    people::{button, button_with, count_button},
};

const SEND_AGAIN: &str = "Этого фото у меня больше нет";

/// A world with that model, in which Anna has so many credits.
fn with_model(model: &str, credits: i64) -> (World, Person) {
    let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
    let credits = credits * world.price();
    let anna = world.person_with("Анна", "ru", credits);
    (world, anna)
}

/// Anna comes to the new bot and taps a button that she should not be able to see there.
fn taps_forged(world: &mut World, anna: &Person, data: &str) {
    let message = anna.last().unwrap();
    anna.forges_tap(message.id, data);
    world.settles();
}

fn starts(world: &mut World, anna: &Person) {
    anna.sends_text("/start");
    world.settles();
}

fn files_asked_for(world: &World) -> usize {
    world.stage.telegram.calls_of("getFile").len()
}

#[test]
fn the_photo_is_asked_for_again_before_anybody_pays() {
    for model in MODELS {
        let (mut world, anna) = with_model(model, 2);
        world.orders(&anna, 1);
        world.all_work_is_done();
        world.taps(&anna, Tap::MORE_WITH_PHOTO);
        let preset = button(&anna, Tap::PRESET).1;
        let is_other = |data: &str| data.starts_with(Tap::PRESET) && data != preset;
        let other_idea = button_with(&anna, is_other).1;
        world.taps(&anna, Tap::PRESET);
        let order = count_button(&anna, 1).1;
        world.bot_is_another();
        starts(&mut world, &anna);
        let asked = files_asked_for(&world);
        let style = format!("{}1", VideoTap::OTHER_STYLE);
        let format = format!("{}1", VideoTap::OTHER_FORMAT);
        let more = format!("{}1", Tap::MORE_WITH_PHOTO);
        let balance = world.balance(&anna);
        for (told, data) in (1..).zip([style, format, more, other_idea, order]) {
            taps_forged(&mut world, &anna, &data);
            assert_eq!(count_of(&anna, SEND_AGAIN), told, "{data}: {:#?}", anna.last());
        }
        assert_eq!((world.balance(&anna), files_asked_for(&world)), (balance, asked), "{model}");
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0), "{model}");
    }
}

#[test]
fn a_text_for_a_photo_of_the_bot_before_asks_for_the_photo() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.bot_is_another();
    anna.sends_text("кружка медленно вращается");
    world.settles();
    assert!(reads(&anna, SEND_AGAIN), "{:#?}", anna.chat());
    assert_eq!(world.balance(&anna), 1);
}

#[test]
fn an_order_that_was_paid_is_refunded_once_and_at_once() {
    for model in MODELS {
        let (mut world, anna) = with_model(model, 3);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        let (message, data) = count_button(&anna, 3);
        anna.taps(message.id, &data).unwrap();
        world.answers_updates();
        assert_eq!(world.balance(&anna), 0);
        let asked = files_asked_for(&world);
        world.bot_is_another();
        starts(&mut world, &anna);
        world.settles();
        assert_eq!(world.balance(&anna), 3 * world.price(), "{model}");
        assert_eq!(files_asked_for(&world), asked, "nobody asks Telegram for it");
        assert_eq!(count_of(&anna, "Telegram больше не отдаёт это фото"), 1, "{:#?}", anna.chat());
        assert_eq!(count_of(&anna, "Пришлите это фото ещё раз"), 1, "{:#?}", anna.chat());
        button(&anna, Tap::ANOTHER_PHOTO);
        world.passes(Duration::from_hours(2));
        assert_eq!(world.balance(&anna), 3 * world.price());
        assert_eq!(world.stage.kie.tasks().len(), 0);
    }
}

#[test]
fn an_order_whose_photo_is_at_the_studio_is_made() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.bot_is_another();
    starts(&mut world, &anna);
    world.all_work_is_done();
    assert_eq!(world.jobs()[0].status, Status::Completed);
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0));
}

/// Rows from before bots were noted are taken for ours, and Telegram alone knows better.
#[test]
fn a_photo_that_telegram_does_not_hand_out_is_not_paid_for_in_a_circle() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (message, data) = count_button(&anna, 1);
    anna.taps(message.id, &data).unwrap();
    world.answers_updates();
    world.database_changes("delete from bot; update photos set bot_id = null");
    let asked = files_asked_for(&world);
    world.bot_is_another();
    starts(&mut world, &anna);
    assert_eq!(world.balance(&anna), 0, "it may be a passing trouble");
    world.passes(Duration::from_mins(5));
    assert_eq!((world.balance(&anna), files_asked_for(&world) - asked), (1, 4));
    assert_eq!(count_of(&anna, "Telegram больше не отдаёт это фото"), 1);
    taps_forged(&mut world, &anna, &format!("{}1", Tap::MORE_WITH_PHOTO));
    assert!(reads(&anna, SEND_AGAIN));
    assert_eq!((world.balance(&anna), files_asked_for(&world) - asked), (1, 4));
}

#[test]
fn the_bot_of_before_knows_its_photos_again() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.all_work_is_done();
    world.bot_is_another();
    starts(&mut world, &anna);
    world.bot_is_the_first_again();
    starts(&mut world, &anna);
    taps_forged(&mut world, &anna, &format!("{}1", Tap::MORE_WITH_PHOTO));
    button(&anna, Tap::PRESET);
    assert!(!reads(&anna, SEND_AGAIN));
}

#[test]
fn a_video_comes_from_the_studio_in_every_form_while_it_is_there() {
    let (mut world, anna) = World::with_anna(3);
    world.orders(&anna, 3);
    world.all_work_is_done();
    world.bot_is_another();
    starts(&mut world, &anna);
    let asked = files_asked_for(&world);
    anna.sends_text("/my");
    world.settles();
    world.taps(&anna, VideoTap::AGAIN);
    assert_eq!(anna.videos().len(), 1);
    world.taps(&anna, VideoTap::AS_FILE);
    taps_forged(&mut world, &anna, &format!("{}1", VideoTap::ARCHIVE_OF_ORDER));
    let files = anna.chat().into_iter().filter_map(|message| message.media);
    let names: Vec<_> =
        files.filter(|media| media.kind == "document").map(|media| media.name).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(!reads(&anna, "Не достать"), "{:#?}", anna.chat());
    assert_eq!(files_asked_for(&world), asked + 2, "by the new id, the rest comes from KIE");
    assert_eq!(world.stage.kie.tasks().len(), 3);
}

#[test]
fn what_nobody_has_any_more_is_told_at_once() {
    let (mut world, anna) = World::with_anna(3);
    world.orders(&anna, 3);
    world.all_work_is_done();
    world.clock.advance(Duration::from_hours(15 * 24));
    world.database_changes("update generation_jobs set video_url = video_url || '.gone'");
    world.bot_is_another();
    starts(&mut world, &anna);
    let asked = files_asked_for(&world);
    for data in [VideoTap::AGAIN, VideoTap::AS_FILE] {
        taps_forged(&mut world, &anna, &format!("{data}1"));
    }
    assert_eq!(count_of(&anna, "больше не достать"), 2);
    taps_forged(&mut world, &anna, &format!("{}1", VideoTap::ARCHIVE_OF_ORDER));
    assert!(reads(&anna, "Не достать из них: 3"), "{:#?}", anna.last());
    assert_eq!(files_asked_for(&world), asked);
    assert!(anna.videos().is_empty());
}
