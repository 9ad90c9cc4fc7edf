//! Each kind of failure, with its effect on the job, the key and the person.

use std::time::Duration;

use crate::world::{
    RENDER, World,
    checks::{closings, reads, texts},
    people::count_button,
};
use reelbot::testing::{
    chat::Tap,
    domain::{FailureKind, Status},
    sandbox::{FailureText, ModelState, Person, RenderOutcome},
};

/// The sentence for a temporary failure, word for word as the design has it.
const SORRY: &str = "❌ Произошла ошибка. Кредит вернули ✅";

/// One video is ordered; its attempts have these outcomes.
fn one_video(outcomes: impl IntoIterator<Item = RenderOutcome>) -> (World, Person) {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.script(outcomes);
    world.orders(&anna, 1);
    world.all_work_is_done();
    (world, anna)
}

fn refunded(world: &World, person: &Person, kind: FailureKind) {
    let jobs = world.jobs();
    let last = jobs.last().unwrap();
    assert_eq!((last.status, last.failure), (Status::Failed, Some(kind)), "{last:#?}");
    assert_eq!(world.balance(person), 1, "the credit is back");
    assert_eq!(closings(person), 1);
    assert!(person.videos().is_empty());
}

#[test]
fn a_violation_is_refunded_and_explained_without_the_providers_words() {
    let text = FailureText::new("500", "the output video may be related to copyright restrictions");
    let (world, anna) = one_video([RenderOutcome::Fail(text)]);
    refunded(&world, &anna, FailureKind::UserViolation);
    assert!(!reads(&anna, "copyright"), "{:#?}", texts(&anna));
    assert_eq!(world.stage.kie.tasks().len(), 1, "a violation is not tried again");
}

#[test]
fn a_temporary_failure_is_tried_four_times_and_then_refunded() {
    let text =
        || RenderOutcome::Fail(FailureText::new("500", "Internal Error, Please try again later."));
    let (world, anna) = one_video([text(), text(), text(), text()]);
    refunded(&world, &anna, FailureKind::Temporary);
    assert!(reads(&anna, SORRY), "{:#?}", texts(&anna));
    let made: Vec<_> = world.stage.kie.tasks().iter().map(|task| task.created_at).collect();
    let waits: Vec<u64> = made.windows(2).map(|two| two[1].since(two[0]).as_secs()).collect();
    for (wait, delay) in waits.iter().zip([10, 20, 40]) {
        let least = RENDER.as_secs() + delay;
        assert!((least..least + 40).contains(wait), "{waits:?}");
    }
    assert_eq!(waits.len(), 3);
}

#[test]
fn a_temporary_failure_that_passes_costs_the_person_nothing() {
    let busy = RenderOutcome::Refuse { code: 500, msg: "the server is busy".to_owned() };
    let (world, anna) = one_video([busy.clone(), busy, RenderOutcome::Succeed]);
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(world.jobs()[0].attempt, 3);
}

#[test]
fn an_unknown_failure_is_refunded_at_once() {
    let text = FailureText::new("777", "The moon is in the wrong house");
    let (world, anna) = one_video([RenderOutcome::Fail(text)]);
    refunded(&world, &anna, FailureKind::Unknown);
    assert!(!reads(&anna, "moon"));
    let error = world.jobs()[0].error.clone().unwrap();
    assert!(error.contains("The moon is in the wrong house"), "the operator reads it: {error}");
}

#[test]
fn our_own_mistake_is_refunded_and_not_blamed_on_the_photo() {
    let invalid = "aspect_ratio is not within the range of allowed options";
    let refuse = RenderOutcome::Refuse { code: 500, msg: invalid.to_owned() };
    let (world, anna) = one_video([refuse]);
    refunded(&world, &anna, FailureKind::OurBug);
}

#[test]
fn a_render_that_never_ends_is_refunded_after_half_an_hour() {
    let (world, anna) = one_video([RenderOutcome::Stuck]);
    refunded(&world, &anna, FailureKind::Timeout);
    let job = &world.jobs()[0];
    let took = job.finished_at.unwrap().since(job.submitted_at.unwrap());
    assert_eq!(took, Duration::from_mins(30));
}

#[test]
fn a_video_that_comes_after_its_refund_is_a_gift() {
    let late = Duration::from_mins(90);
    let millis = u64::try_from(late.as_millis()).unwrap();
    let (mut world, anna) = one_video([RenderOutcome::LateBy { millis }]);
    refunded(&world, &anna, FailureKind::Timeout);
    world.passes(Duration::from_hours(3));
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(world.balance(&anna), 1, "a gift is not charged again");
    assert_eq!(closings(&anna), 1);
    assert_eq!(world.stage.kie.tasks().len(), 1);
}

#[test]
fn a_task_that_is_never_done_is_not_watched_for_ever() {
    let (mut world, _anna) = one_video([RenderOutcome::Stuck]);
    world.passes(Duration::from_hours(26));
    assert_eq!(world.jobs()[0].step, None);
}

#[test]
fn a_poll_that_fails_is_no_failed_render() {
    for outcome in [
        RenderOutcome::NullPolls { polls: 2 },
        RenderOutcome::BrokenPolls { polls: 3 },
        RenderOutcome::CodePolls { code: 429, polls: 3 },
        RenderOutcome::CodePolls { code: 455, polls: 3 },
        RenderOutcome::CodePolls { code: 500, polls: 3 },
    ] {
        let (world, anna) = one_video([outcome.clone()]);
        assert_eq!(anna.videos().len(), 1, "{outcome:?}");
        assert_eq!(world.stage.kie.tasks().len(), 1, "{outcome:?}");
        assert_eq!(world.jobs()[0].attempt, 1, "{outcome:?}");
    }
}

#[test]
fn a_photo_that_kie_cannot_fetch_is_uploaded_anew() {
    let text = FailureText::new("500", "Image fetch failed");
    let (world, anna) = one_video([RenderOutcome::Fail(text)]);
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(world.stage.kie.uploads().len(), 2);
}

#[test]
fn while_the_model_is_paused_the_fallback_takes_over_at_once() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.model_state("sora-2-image-to-video", ModelState::Paused);
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(world.stage.kie.tasks()[0].model, "grok-imagine-video-1-5-preview");
    assert_eq!(world.jobs()[0].attempt, 1);
}

#[test]
fn without_a_fallback_the_order_keeps_its_place_until_the_model_is_back() {
    for has_message in [true, false] {
        keeps_its_place(has_message);
    }
}

/// The person is told once: by the message of the order, or where that is not known any more by news.
fn keeps_its_place(has_message: bool) {
    let mut world = World::with(|config| config.kie.fallback_model = String::new());
    let anna = world.person_with("Анна", "ru", 3);
    world.stage.kie.model_state("sora-2-image-to-video", ModelState::Paused);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (script, count) = count_button(&anna, 3);
    anna.taps(script.id, &count).unwrap();
    world.answers_updates();
    world.messages_are_sent();
    if !has_message {
        world.database_changes("delete from anchors");
    }
    for _ in 0..20 {
        world.passes(Duration::from_mins(1));
        world.janitor_goes_round();
    }
    assert_eq!(world.balance(&anna), 0, "the credits are kept with the place");
    let count = |words: &str| texts(&anna).iter().filter(|text| text.contains(words)).count();
    let told = (count("Студия на ремонте"), count("короткий ремонт"));
    let expected = if has_message { (1, 0) } else { (0, 1) };
    assert_eq!(told, expected, "{:#?}", texts(&anna));
    world.stage.kie.model_state("sora-2-image-to-video", ModelState::Alive);
    world.passes(Duration::from_mins(1));
    world.janitor_goes_round();
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 3);
    assert!(world.jobs().iter().all(|job| job.attempt == 1));
    assert_eq!(world.stage.kie.tasks().len(), 3, "the probes were free");
}

#[test]
fn what_is_held_for_too_long_is_refunded() {
    let mut world = World::with(|config| config.kie.fallback_model = String::new());
    let anna = world.person_with("Анна", "ru", 1);
    world.stage.kie.model_state("sora-2-image-to-video", ModelState::Paused);
    world.orders(&anna, 1);
    world.all_work_is_done();
    refunded(&world, &anna, FailureKind::ModelDown);
    let held = world.jobs()[0].finished_at.unwrap().since(world.jobs()[0].created_at);
    assert_eq!(held, Duration::from_hours(2));
}

#[test]
fn a_lost_answer_is_tried_again_and_listed() {
    for outcome in
        [RenderOutcome::DropAfterAccept, RenderOutcome::HtmlAfter, RenderOutcome::BrokenAfter]
    {
        let (world, anna) = one_video([outcome.clone()]);
        assert_eq!(anna.videos().len(), 1, "{outcome:?}");
        assert_eq!(world.jobs()[0].attempt, 2, "{outcome:?}");
        assert_eq!(world.stage.kie.tasks().len(), 2, "{outcome:?}: one of them is an orphan");
    }
}

#[test]
fn three_lost_answers_are_enough() {
    let drop = || RenderOutcome::DropAfterAccept;
    let (world, anna) = one_video([drop(), drop(), drop(), drop()]);
    refunded(&world, &anna, FailureKind::Temporary);
    assert_eq!(world.stage.kie.tasks().len(), 3, "no fourth task is paid for");
}

#[test]
fn of_three_videos_one_may_fail_and_two_arrive() {
    let (mut world, anna) = World::with_anna(3);
    let text = FailureText::new(
        "400",
        "Content was flagged by the safety system. Try different prompts or inputs.",
    );
    world.stage.kie.script([
        RenderOutcome::Succeed,
        RenderOutcome::Fail(text),
        RenderOutcome::Succeed,
    ]);
    world.orders(&anna, 3);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna), closings(&anna)), (2, 1, 1));
}
