//! Keys: their faults, their limits, their rotation.

use std::time::Duration;

use crate::world::{World, checks::closings, faults::refuse, people::SECOND_KEY};
use reelbot::testing::domain::FailureKind;

const THIRD: &str = "11112222333344441111222233334444";

#[test]
fn while_an_account_is_empty_the_next_is_used_and_no_attempt_counted() {
    let (mut world, anna) = World::with_anna(3);
    world.stage.kie.account("main").credits(0.0);
    world.adds_key("second", SECOND_KEY);
    world.orders(&anna, 3);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 3);
    assert!(world.jobs().iter().all(|job| job.attempt == 1));
    assert!(world.stage.kie.tasks().iter().all(|task| task.account == "second"));
}

#[test]
fn when_no_account_has_credits_left_the_order_is_refunded() {
    let (mut world, anna) = World::with_anna(3);
    world.stage.kie.account("main").credits(0.0);
    world.orders(&anna, 3);
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), closings(&anna)), (3, 1));
    assert!(world.jobs().iter().all(|job| job.failure == Some(FailureKind::Billing)));
}

#[test]
fn an_account_that_is_topped_up_is_used_again() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.account("main").credits(0.0);
    world.janitor_goes_round();
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 1);
    world.stage.kie.account("main").credits(1000.0);
    world.passes(Duration::from_mins(11));
    world.janitor_goes_round();
    world.orders_more(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_key_at_its_daily_cap_is_off_until_tomorrow_and_its_account_goes_on() {
    let (mut world, anna) = World::with_anna(1);
    world.adds_key("main", THIRD);
    let capped = "The current number of points used by apiKey has exceeded the daily limit";
    world.stage.kie.next(refuse(433, capped));
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(world.jobs()[0].attempt, 1);
}

#[test]
fn a_rate_limit_waits_for_the_next_window_without_counting_an_attempt() {
    let (mut world, anna) = World::with_anna(1);
    let limited = || refuse(429, "Your call frequency is too high. Please try again later.");
    world.stage.kie.script([limited(), limited()]);
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(world.jobs()[0].attempt, 1);
    let waited = world.jobs()[0].submitted_at.unwrap().since(world.jobs()[0].created_at);
    assert_eq!(waited.as_secs(), 30, "10 s, then 20 s");
}

#[test]
fn the_head_of_the_submit_queue_keeps_its_place_after_a_refusal() {
    let limited = refuse(429, "Rate limit exceeded");
    let busy = refuse(500, "Server is busy, please try again later");
    let paused = refuse(422, "This model is temporarily paused");
    for refusal in [limited, busy, paused] {
        let mut world = World::with(|config| config.kie.creates_per_10s = 1);
        let people = ["Karl", "Anna", "Boris", "Clara"];
        let people = people.map(|name| world.person_with(name, "en", 1));
        for person in &people {
            world.orders(person, 1);
            world.clock.advance(Duration::from_secs(1));
        }
        world.stage.kie.next(refusal.clone());
        world.all_work_is_done();
        let submitted = people.map(|person| {
            let job = world.jobs().into_iter().find(|job| job.user == person.id()).unwrap();
            job.submitted_at.unwrap()
        });
        assert!(submitted.is_sorted(), "{refusal:?}: {submitted:?}");
    }
}

#[test]
fn a_rate_limit_that_lasts_ten_minutes_is_refunded() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.script((0..50).map(|_| refuse(429, "Rate limit exceeded")));
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 1);
    assert_eq!(world.jobs()[0].failure, Some(FailureKind::RateLimit));
    let waited = world.jobs()[0].finished_at.unwrap().since(world.jobs()[0].created_at);
    assert!((600..730).contains(&waited.as_secs()), "{waited:?}");
}

#[test]
fn no_account_gets_more_submissions_than_it_allows() {
    let mut world = World::new();
    let people: Vec<_> = (0..30).map(|n| world.person_with(&format!("P{n}"), "ru", 1)).collect();
    for person in &people {
        world.orders(person, 1);
    }
    world.all_work_is_done();
    let mut made: Vec<_> = world.stage.kie.tasks().iter().map(|task| task.created_at.0).collect();
    made.sort_unstable();
    assert_eq!(made.len(), 30);
    assert!(made.windows(19).all(|window| window[18] - window[0] >= 10_000), "{made:?}");
    assert!(world.jobs().iter().all(|job| job.attempt == 1));
}

#[test]
fn a_task_is_polled_with_the_key_that_created_it_after_a_restart() {
    let (mut world, anna) = World::with_anna(5);
    world.adds_key("second", SECOND_KEY);
    world.orders(&anna, 5);
    world.passes(Duration::from_mins(1));
    world.restarts();
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 5);
    for task in world.stage.kie.tasks() {
        assert_eq!(task.polled_by, std::slice::from_ref(&task.key));
    }
}
