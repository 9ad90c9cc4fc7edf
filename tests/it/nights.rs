//! What comes by itself at night makes no sound; answers do, and so do alerts.

use std::time::Duration;

use jiff::Zoned;
use reelbot::testing::{
    chat::Tap,
    config::Config,
    sandbox::{Person, ShownMessage},
};

use crate::world::{MODELS, World, faults::refuse};

/// The world's time goes on to a moment that is written with its zone.
fn goes_on_to(world: &World, moment: &str) {
    let moment: Zoned = moment.parse().unwrap();
    let wait = moment.timestamp().as_millisecond() - world.now().0;
    world.clock.advance(Duration::from_millis(wait.try_into().expect("it is yet to come")));
}

/// The messages of the bot that came since there were so many.
fn came(person: &Person, since: usize) -> Vec<ShownMessage> {
    person.chat().into_iter().skip(since).filter(|message| message.from_bot).collect()
}

/// Whether news that come now come without a sound.
fn news_are_silent(world: &mut World, person: &Person) -> bool {
    let before = person.chat().len();
    // The grants of one second are one.
    world.clock.advance(Duration::from_secs(1));
    world.grants(person, 1);
    world.settles();
    let came = came(person, before);
    assert_eq!(came.len(), 1, "{came:#?}");
    came[0].silent
}

/// Whether an answer that comes now comes without a sound.
fn answers_are_silent(world: &mut World, person: &Person) -> bool {
    let before = person.chat().len();
    person.sends_text("/balance");
    world.settles();
    came(person, before).iter().any(|message| message.silent)
}

#[test]
fn the_night_begins_and_ends_by_the_operators_clocks() {
    let (mut world, anna) = World::with_anna(1);
    for (time, is_night) in [
        ("2026-11-18T21:59[Europe/Moscow]", false),
        ("2026-11-18T22:00[Europe/Moscow]", true),
        ("2026-11-19T00:00[Europe/Moscow]", true),
        ("2026-11-19T07:59[Europe/Moscow]", true),
        ("2026-11-19T08:00[Europe/Moscow]", false),
    ] {
        goes_on_to(&world, time);
        assert_eq!(news_are_silent(&mut world, &anna), is_night, "{time}");
        assert!(!answers_are_silent(&mut world, &anna), "{time}");
    }
}

#[test]
fn it_does_so_too_when_clocks_are_put_forward_and_back() {
    let mut world = World::with(|config: &mut Config| {
        config.telegram.timezone = "Europe/Berlin".to_owned();
    });
    let anna = world.person_with("Анна", "ru", 1);
    for (time, is_night) in [
        // Winter: 20:59 and 21:00 in universal time.
        ("2027-03-27T21:59[Europe/Berlin]", false),
        ("2027-03-27T22:00[Europe/Berlin]", true),
        // The hour from 2 to 3 is skipped.
        ("2027-03-28T07:59[Europe/Berlin]", true),
        ("2027-03-28T08:00[Europe/Berlin]", false),
        ("2027-03-28T21:59[Europe/Berlin]", false),
        ("2027-03-28T22:00[Europe/Berlin]", true),
        // The hour from 2 to 3 is there twice.
        ("2027-10-31T02:30+02:00[Europe/Berlin]", true),
        ("2027-10-31T02:30+01:00[Europe/Berlin]", true),
        ("2027-10-31T07:59[Europe/Berlin]", true),
        ("2027-10-31T08:00[Europe/Berlin]", false),
    ] {
        goes_on_to(&world, time);
        assert_eq!(news_are_silent(&mut world, &anna), is_night, "{time}");
    }
}

#[test]
fn videos_and_the_closing_come_without_a_sound_and_what_was_tapped_is_answered_with_one() {
    for model in MODELS {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 2);
        for (time, is_night) in
            [("2026-11-18T21:50[Europe/Moscow]", false), ("2026-11-18T22:30[Europe/Moscow]", true)]
        {
            goes_on_to(&world, time);
            let before = anna.chat().len();
            world.orders(&anna, 1);
            let answered = anna.chat().len();
            world.all_work_is_done();
            let answers = came(&anna, before);
            let answers = &answers[..answers.len() - came(&anna, answered).len()];
            assert!(!answers.is_empty() && answers.iter().all(|answer| !answer.silent), "{time}");
            let by_itself = came(&anna, answered);
            assert_eq!(by_itself.len(), 2, "the video and the closing: {by_itself:#?}");
            assert!(by_itself.iter().all(|message| message.silent == is_night), "{by_itself:#?}");
        }
    }
}

#[test]
fn the_operators_other_hours_and_zone_hold_at_once() {
    let (mut world, anna) = World::with_anna(1);
    goes_on_to(&world, "2026-11-18T18:10[Europe/Moscow]");
    assert!(!news_are_silent(&mut world, &anna));
    world.operator_changes(|config| config.telegram.timezone = "Asia/Vladivostok".to_owned());
    assert!(news_are_silent(&mut world, &anna), "it is ten past one there");
    world.operator_changes(|config| config.telegram.quiet_hours = "2-8".to_owned());
    assert!(!news_are_silent(&mut world, &anna));
    world.operator_changes(|config| config.telegram.quiet_hours = "1-2".to_owned());
    assert!(news_are_silent(&mut world, &anna));
    world.operator_changes(|config| config.telegram.quiet_hours.clear());
    assert!(!news_are_silent(&mut world, &anna), "there are none");
}

#[test]
fn people_choose_whether_their_nights_are_quiet() {
    let (mut world, anna) = World::with_anna(1);
    let boris = world.person_with("Борис", "ru", 1);
    goes_on_to(&world, "2026-11-18T23:00[Europe/Moscow]");
    anna.sends_text("/settings");
    world.settles();
    world.taps(&anna, "s:q:0");
    assert!(!news_are_silent(&mut world, &anna), "Anna wants to hear of it");
    assert!(news_are_silent(&mut world, &boris));
    world.operator_changes(|config| config.telegram.quiet_hours.clear());
    assert!(!news_are_silent(&mut world, &boris));
    world.taps(&anna, "s:q:1");
    assert!(news_are_silent(&mut world, &anna), "her nights are quiet all the same");
    goes_on_to(&world, "2026-11-19T08:00[Europe/Moscow]");
    assert!(!news_are_silent(&mut world, &anna));
}

#[test]
fn an_alert_is_heard_at_night() {
    let (mut world, anna) = World::with_anna(1);
    let olga = world.person_with("Olga", "en", 1);
    let admin = olga.id();
    world.operator_changes(|config| config.telegram.admins = vec![admin]);
    goes_on_to(&world, "2026-11-18T23:00[Europe/Moscow]");
    world.stage.kie.next(refuse(402, "Credits insufficient"));
    let before = olga.chat().len();
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let alerts = came(&olga, before);
    assert!(!alerts.is_empty() && alerts.iter().all(|alert| !alert.silent), "{alerts:#?}");
}
