//! People who were away come back: the messages of their orders, the videos that they asked for again and
//! the videos that were made meanwhile.

use std::time::Duration;

use reelbot::testing::{
    chat::{AlbumTap, Tap, VideoTap},
    domain::MessageId,
    sandbox::{FailureText, Fault, Person, PlannedFault, RenderOutcome},
};

use crate::my::{files, names, with_large_videos, with_videos};
use crate::series;
use crate::waiting::{order_message, says};
use crate::world::{
    MODELS, World,
    checks::texts,
    people::{button, count_button},
};

const DAY: Duration = Duration::from_hours(24);

/// KIE makes nothing of the next renders.
fn kie_fails(world: &World, renders: usize) {
    let moon = || FailureText::new("777", "The moon is in the wrong house");
    world.stage.kie.script((0..renders).map(|_| RenderOutcome::Fail(moon())));
}

/// A person is away for so many days, and the janitor goes round as it does.
fn is_away_for(world: &mut World, days: u32) {
    for _ in 0..days {
        world.passes(DAY);
        world.janitor_goes_round();
    }
}

/// An order that ends badly while its person is away for so many days; its message.
fn order_of_who_leaves(world: &mut World, anna: &Person, hears: bool) -> MessageId {
    kie_fails(world, 1);
    world.sends_photo(anna);
    world.taps(anna, Tap::PRESET);
    let (script, data) = count_button(anna, 1);
    anna.taps(script.id, &data).unwrap();
    if hears {
        world.settles();
    } else {
        world.answers_updates();
    }
    anna.blocks();
    script.id
}

#[test]
fn an_order_that_ended_while_its_person_was_away_has_its_last_words_when_they_are_back() {
    for (days, hears, writes) in
        [(0, true, false), (5, true, true), (5, false, false), (29, true, false)]
    {
        let (mut world, anna) = World::with_anna(1);
        let id = order_of_who_leaves(&mut world, &anna, hears);
        world.all_work_is_done();
        is_away_for(&mut world, days);
        assert!(!says(&anna, id).starts_with('❌'), "{}", says(&anna, id));
        anna.unblocks();
        if writes {
            anna.sends_text("/balance");
        }
        world.passes(Duration::from_secs(30));
        assert!(says(&anna, id).starts_with('❌'), "{days} {hears}: {}", says(&anna, id));
        assert_eq!(world.count("select count(*) from status_messages"), 0);
    }
}

#[test]
fn an_answer_that_was_lost_by_a_block_is_shown_when_its_person_is_back() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (script, data) = count_button(&anna, 1);
    anna.taps(script.id, &data).unwrap();
    world.answers_updates();
    anna.blocks();
    world.settles();
    anna.unblocks();
    world.passes(Duration::from_secs(10));
    let shown = says(&anna, script.id);
    assert!(shown.contains("Принял!") && shown.contains("Видео снимается"), "{shown}");
    world.all_work_is_done();
}

#[test]
fn the_message_of_a_series_has_its_last_words_too() {
    for model in MODELS {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 2);
        kie_fails(&world, 2);
        series::sends(&mut world, &anna, 2, &[]);
        world.taps(&anna, AlbumTap::PRESET);
        let (screen, data) = series::order(&anna, 1);
        anna.taps(screen.id, &data).unwrap();
        world.settles();
        let id = order_message(&anna).id;
        anna.blocks();
        world.all_work_is_done();
        is_away_for(&mut world, 8);
        anna.unblocks();
        world.passes(Duration::from_secs(30));
        assert!(says(&anna, id).starts_with('❌'), "{}", says(&anna, id));
        assert_eq!(world.count("select count(*) from status_messages"), 0);
    }
}

#[test]
fn whoever_does_not_come_back_leaves_no_message_of_an_order_behind() {
    let (mut world, anna) = World::with_anna(1);
    order_of_who_leaves(&mut world, &anna, true);
    is_away_for(&mut world, 32);
    assert_eq!(world.count("select count(*) from status_messages"), 0);
    assert_eq!(world.count("select count(*) from anchors"), 0);
}

#[test]
fn videos_that_waited_come_in_their_order() {
    let (mut world, anna) = World::with_anna(3);
    world.orders(&anna, 3);
    anna.blocks();
    world.passes(Duration::from_hours(2));
    anna.unblocks();
    world.answers_updates();
    let apart = "select count(*) from generation_jobs one join generation_jobs next
                 on next.id = one.id + 1 and next.due_at = one.due_at + 1000";
    assert_eq!(world.count(apart), 2, "a second apart");
    world.all_work_is_done();
    let captions = anna.videos().into_iter().map(|video| video.text.replace('\u{a0}', " "));
    let captions: Vec<String> = captions.collect();
    for (caption, number) in captions.iter().zip(1..) {
        assert!(caption.contains(&format!("{number} из 3")), "{captions:#?}");
    }
    assert_eq!(captions.len(), 3);
}

/// A person asks for something again with this button, blocks the bot before it comes, and is back after so
/// many days.
fn asks_and_leaves(world: &mut World, anna: &Person, tap: &str, days: u32) {
    let (message, data) = button(anna, tap);
    anna.taps(message.id, &data).unwrap();
    world.answers_updates();
    anna.blocks();
    is_away_for(world, days);
    assert!(!world.moves(), "nothing is tried while they are away");
    world.restarts();
    anna.unblocks();
    world.passes(Duration::from_mins(1));
}

#[test]
fn what_was_asked_for_again_before_a_block_comes_once_when_they_are_back() {
    for (tap, videos, sent) in [
        (VideoTap::AGAIN, 2, &[][..]),
        (VideoTap::AS_FILE, 1, &["video-1_9x16_1.mp4"][..]),
        (VideoTap::ARCHIVE_OF_ORDER, 1, &["order-1_1.zip", "order-1.csv"]),
    ] {
        let (mut world, anna) = with_videos(&[1]);
        if tap != VideoTap::AS_FILE {
            anna.sends_text("/my");
            world.settles();
        }
        if tap == VideoTap::ARCHIVE_OF_ORDER {
            world.taps(&anna, VideoTap::MONTHS);
            world.taps(&anna, VideoTap::ORDERS);
        }
        asks_and_leaves(&mut world, &anna, tap, 9);
        assert_eq!(anna.videos().len(), videos, "{tap}: {:#?}", texts(&anna));
        assert_eq!(names(&anna), sent);
        anna.sends_text("/balance");
        world.passes(Duration::from_hours(1));
        assert_eq!((anna.videos().len(), files(&anna).len()), (videos, sent.len()), "{tap}");
        assert_eq!(world.count("select count(*) from exports where done_at is null"), 0);
    }
}

#[test]
fn what_was_asked_for_waits_thirty_days_and_no_longer() {
    let (mut world, anna) = with_videos(&[1]);
    anna.sends_text("/my");
    world.settles();
    asks_and_leaves(&mut world, &anna, VideoTap::AGAIN, 31);
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(world.count("select count(*) from exports where done_at is null"), 0);
}

#[test]
fn a_block_that_only_the_sending_reveals_holds_up_what_was_asked_for_and_nothing_else() {
    let (mut world, anna) = with_videos(&[1]);
    let boris = world.person_with("Борис", "ru", 1);
    world.orders(&boris, 1);
    world.all_work_is_done();
    for method in ["sendVideo", "sendDocument"] {
        let before = anna.videos().len() + files(&anna).len();
        world.stage.telegram.plan(PlannedFault::new(Fault::Forbidden).on(method));
        if method == "sendVideo" {
            anna.sends_text("/my");
            world.settles();
            world.taps(&anna, VideoTap::AGAIN);
        } else {
            world.taps(&anna, VideoTap::AS_FILE);
        }
        assert!(world.stage.telegram.planned_faults_are_over());
        let calls = world.stage.telegram.calls_of(method).len();
        world.passes(Duration::from_hours(3));
        assert_eq!(world.stage.telegram.calls_of(method).len(), calls, "it waits in silence");
        world.taps(&boris, VideoTap::AS_FILE);
        world.passes(Duration::from_secs(10));
        anna.sends_text("/balance");
        world.passes(Duration::from_mins(1));
        assert_eq!(anna.videos().len() + files(&anna).len(), before + 1, "{method}");
    }
    assert_eq!(files(&boris).len(), 2);
}

#[test]
fn an_archive_goes_on_after_a_block_where_it_was() {
    let (mut world, anna) = with_large_videos(18_000_000);
    anna.sends_text("/my");
    world.settles();
    world.taps(&anna, VideoTap::MONTHS);
    world.taps(&anna, VideoTap::ORDERS);
    let (message, data) = button(&anna, VideoTap::ARCHIVE_OF_ORDER);
    anna.taps(message.id, &data).unwrap();
    while files(&anna).is_empty() {
        if !world.moves() {
            world.clock.advance(Duration::from_secs(1));
        }
    }
    anna.blocks();
    is_away_for(&mut world, 5);
    assert_eq!(names(&anna), ["order-1_1.zip"]);
    anna.unblocks();
    world.passes(Duration::from_mins(1));
    assert_eq!(names(&anna), ["order-1_1.zip", "order-1_2.zip", "order-1.csv"]);
}
