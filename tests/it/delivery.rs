//! A finished video on its way to the person: it is never rendered again.

use std::time::Duration;

use crate::world::{
    World,
    checks::{closings, reads},
};
use reelbot::testing::{
    domain::Status,
    sandbox::{Fault, FileFault, Person, PlannedFault, RenderOutcome},
};

#[test]
fn a_download_that_goes_wrong_is_done_again() {
    for fault in [
        FileFault::Truncated,
        FileFault::NotFound,
        FileFault::Html,
        FileFault::Json,
        FileFault::Empty,
        FileFault::CutOff,
        FileFault::AllAsPart,
    ] {
        let (mut world, anna) = World::with_anna(1);
        world.stage.kie.next(RenderOutcome::File { fault, times: 3 });
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1, "{fault:?}");
        assert_eq!(world.stage.kie.tasks().len(), 1, "{fault:?}");
    }
}

/// A world an hour after the render of an order whose every download has this fault.
fn an_hour_of(fault: FileFault) -> (World, Person) {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.behave(|behaviour| behaviour.stall = Duration::from_millis(20));
    world.stage.kie.next(RenderOutcome::File { fault, times: u32::MAX });
    world.orders(&anna, 1);
    while world.jobs()[0].rendered_at.is_none() {
        world.passes(Duration::from_secs(10));
    }
    world.passes(Duration::from_hours(1));
    assert!(world.jobs()[0].finished_at.is_some(), "{fault:?}: {:#?}", world.jobs());
    assert_eq!(world.stage.kie.tasks().len(), 1, "{fault:?}");
    (world, anna)
}

#[test]
fn a_video_that_never_comes_whole_comes_as_a_link() {
    for fault in [FileFault::Stalling, FileFault::CutOff] {
        let (world, anna) = an_hour_of(fault);
        assert_eq!((world.jobs()[0].status, world.balance(&anna)), (Status::Completed, 0));
        assert!(reads(&anna, ".mp4"), "{fault:?}");
        assert_eq!((anna.videos().len(), closings(&anna)), (0, 1), "{fault:?}");
    }
}

#[test]
fn the_credit_of_a_video_that_never_comes_is_given_back() {
    for fault in [FileFault::Html, FileFault::Json, FileFault::Empty, FileFault::Picture] {
        let (world, anna) = an_hour_of(fault);
        assert_eq!((world.jobs()[0].status, world.balance(&anna)), (Status::Failed, 1));
        assert!(!reads(&anna, ".mp4"), "{fault:?}");
        assert_eq!((anna.videos().len(), closings(&anna)), (0, 1), "{fault:?}");
    }
}

#[test]
fn a_video_that_telegram_does_not_play_comes_as_a_file() {
    for (fault, name) in
        [(FileFault::WebM, "video-1_9x16_1.webm"), (FileFault::QuickTime, "video-1_9x16_1.mov")]
    {
        let (world, anna) = an_hour_of(fault);
        assert_eq!((world.jobs()[0].status, world.balance(&anna)), (Status::Completed, 0));
        let media = anna.chat().into_iter().filter_map(|message| message.media);
        let files = media.filter(|media| media.kind == "document");
        assert_eq!(files.map(|file| file.name).collect::<Vec<_>>(), [name]);
        assert_eq!(world.stage.telegram.calls_of("sendDocument").len(), 1);
    }
}

#[test]
fn telegrams_retry_after_is_obeyed() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world
        .stage
        .telegram
        .plan(PlannedFault::new(Fault::TooManyRequests { retry_after: 30 }).on("sendVideo"));
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
    let calls = world.stage.telegram.calls_of("sendVideo");
    assert_eq!(calls.len(), 2);
    assert!(calls[1].at.since(calls[0].at) >= Duration::from_secs(30));
}

#[test]
fn a_person_who_blocked_the_bot_gets_the_video_when_they_come_back() {
    let unblocks = |person: &Person| person.unblocks();
    let writes = |person: &Person| {
        person.unblocks();
        person.sends_text("/balance");
    };
    for comes_back in [unblocks as fn(&Person), writes] {
        let (mut world, anna) = World::with_anna(1);
        world.orders(&anna, 1);
        anna.blocks();
        world.passes(Duration::from_hours(30));
        assert_eq!((world.jobs()[0].status, world.balance(&anna)), (Status::Processing, 0));
        assert!(anna.videos().is_empty());
        assert!(world.stage.telegram.calls_of("sendVideo").len() <= 1, "it waits in silence");
        comes_back(&anna);
        world.all_work_is_done();
        assert_eq!(world.jobs()[0].status, Status::Completed);
        assert_eq!((anna.videos().len(), closings(&anna)), (1, 1));
    }
}

#[test]
fn a_person_who_never_comes_back_has_the_credit_back_after_ten_days() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    anna.blocks();
    world.passes(Duration::from_hours(9 * 24));
    assert_eq!(world.balance(&anna), 0);
    world.restarts();
    world.passes(Duration::from_hours(2 * 24));
    assert_eq!((world.jobs()[0].status, world.balance(&anna)), (Status::Failed, 1));
    assert!(world.stage.telegram.calls_of("sendVideo").len() <= 3);
}

#[test]
fn a_text_that_is_refused_says_nothing_of_a_video() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.stage.telegram.plan(PlannedFault::new(Fault::Forbidden).on("sendMessage"));
    world.grants(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.jobs()[0].status, Status::Completed);
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_block_that_only_the_send_reveals_is_respected() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.stage.telegram.plan(PlannedFault::new(Fault::Forbidden).on("sendVideo"));
    world.passes(Duration::from_hours(1));
    assert_eq!(world.jobs()[0].status, Status::Processing);
    assert_eq!(closings(&anna), 0, "nothing is sent to a person who blocked the bot");
    anna.sends_text("/start");
    world.all_work_is_done();
    assert!(reads(&anna, "кредит"), "a person who comes back is talked to again");
    assert_eq!((anna.videos().len(), closings(&anna)), (1, 1));
}

#[test]
fn a_lost_answer_may_repeat_a_video_but_never_loses_it() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.stage.telegram.plan(PlannedFault::new(Fault::Dropped).on("sendVideo"));
    world.all_work_is_done();
    assert!((1..=2).contains(&anna.videos().len()));
    assert_eq!(world.jobs()[0].status, Status::Completed);
    assert_eq!(world.stage.kie.tasks().len(), 1);
}

#[test]
fn five_videos_at_once_keep_to_telegrams_limits() {
    let mut world = World::new();
    world.stage.telegram.flood_limit(true);
    let anna = world.person_with("Анна", "ru", 5);
    world.orders(&anna, 5);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), closings(&anna)), (5, 1));
    let refused = world.stage.telegram.calls().into_iter().filter(|call| call.status == 429);
    assert_eq!(refused.count(), 0);
}
