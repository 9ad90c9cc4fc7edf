//! Polls: how soon a finished render is noticed, and how often KIE is asked for that.

use std::time::Duration;

use crate::world::{RENDER, World};
use reelbot::testing::store::JobLine;

/// How long after its end a render was noticed.
fn lag(job: &JobLine, render: Duration) -> Duration {
    job.rendered_at.unwrap().since(job.submitted_at.unwrap() + render)
}

/// A world that polls as a bot does by default.
fn polling() -> World {
    World::with(|config| config.kie.poll_interval_min = Duration::from_secs(2))
}

/// One in which enough renders of five minutes have been seen.
fn experienced() -> World {
    let mut world = polling();
    order_for(&mut world, "Experience", 4, 5);
    world.all_work_is_done();
    world
}

/// So many people order so many videos each.
fn order_for(world: &mut World, name: &str, people: u32, count: u32) {
    for number in 0..people {
        let person = world.person_with(&format!("{name} {number}"), "en", count.into());
        world.orders(&person, count);
    }
}

/// How many polls there were while time passed.
fn polls_during(world: &mut World, time: Duration) -> u64 {
    let before = world.stage.kie.calls().record;
    world.passes(time);
    world.stage.kie.calls().record - before
}

#[test]
fn a_lone_render_is_noticed_within_two_seconds_of_its_end() {
    let mut world = polling();
    let anna = world.person_with("Anna", "en", 1);
    let render = Duration::from_secs(311);
    world.stage.kie.behave(|behaviour| behaviour.render = (render, render));
    world.orders(&anna, 1);
    world.all_work_is_done();
    let lag = lag(&world.jobs()[0], render);
    assert!(lag <= Duration::from_secs(2), "{lag:?}");
}

#[test]
fn a_hundred_renders_are_polled_with_half_of_what_their_key_may_make() {
    let mut world = polling();
    order_for(&mut world, "P", 20, 5);
    world.passes(Duration::from_mins(1));
    assert_eq!(world.stage.kie.in_flight(), 100);
    let polls = polls_during(&mut world, Duration::from_mins(1));
    assert!((270..=310).contains(&polls), "{polls} in a minute");
    world.all_work_is_done();
    let lags: Vec<_> = world.jobs().iter().map(|job| lag(job, RENDER)).collect();
    assert!(lags.iter().all(|lag| *lag <= Duration::from_secs(22)), "{lags:?}");
}

#[test]
fn no_task_is_polled_less_often_than_the_operator_says() {
    let mut world = World::with(|config| {
        config.kie.poll_interval_min = Duration::from_secs(2);
        config.kie.poll_interval = Duration::from_secs(10);
    });
    order_for(&mut world, "P", 15, 5);
    world.all_work_is_done();
    let lags: Vec<_> = world.jobs().iter().map(|job| lag(job, RENDER)).collect();
    assert!(lags.iter().all(|lag| *lag <= Duration::from_secs(11)), "{lags:?}");
}

#[test]
fn polls_begin_when_renders_of_the_model_begin_to_end() {
    let mut world = experienced();
    order_for(&mut world, "P", 4, 3);
    let polls = polls_during(&mut world, Duration::from_secs(280));
    assert!((50..=70).contains(&polls), "{polls}: every sixteenth task from half the time on");
    world.all_work_is_done();
    for job in &world.jobs()[20..] {
        assert!(lag(job, RENDER) <= Duration::from_secs(4), "{job:?}");
    }
}

#[test]
fn renders_that_have_become_faster_are_soon_noticed_in_time() {
    let mut world = experienced();
    let fast = Duration::from_mins(1);
    world.stage.kie.behave(|behaviour| behaviour.render = (fast, fast));
    for round in 0..5 {
        order_for(&mut world, &format!("Round {round}"), 2, 5);
        world.all_work_is_done();
    }
    for job in &world.jobs()[60..] {
        assert!(lag(job, fast) <= Duration::from_secs(20), "{job:?}");
    }
}

#[test]
fn renders_that_have_become_a_little_faster_are_noticed_in_time_too() {
    let mut world = experienced();
    let faster = Duration::from_secs(200);
    world.stage.kie.behave(|behaviour| behaviour.render = (faster, faster));
    for round in 0..3 {
        order_for(&mut world, &format!("Round {round}"), 2, 5);
        world.all_work_is_done();
    }
    for job in &world.jobs()[40..] {
        assert!(lag(job, faster) <= Duration::from_secs(6), "{job:?}");
    }
}

#[test]
fn what_a_model_took_yesterday_delays_no_poll() {
    let mut world = experienced();
    world.passes(Duration::from_hours(7));
    let faster = Duration::from_secs(61);
    world.stage.kie.behave(|behaviour| behaviour.render = (faster, faster));
    order_for(&mut world, "P", 1, 1);
    world.all_work_is_done();
    assert!(lag(world.jobs().last().unwrap(), faster) <= Duration::from_secs(2));
}

#[test]
fn a_key_whose_polls_are_limited_makes_few_of_them_until_they_are_taken_again() {
    let mut world = polling();
    order_for(&mut world, "P", 4, 5);
    world.passes(Duration::from_secs(20));
    world.stage.kie.behave(|behaviour| behaviour.polls = Some(0));
    let polls = polls_during(&mut world, Duration::from_mins(3));
    assert!((5..=10).contains(&polls), "{polls}: after 2, 4, 8, 16, 30, 30 s …");
    world.stage.kie.behave(|behaviour| behaviour.polls = None);
    world.all_work_is_done();
    for job in &world.jobs() {
        assert!(lag(job, RENDER) <= Duration::from_secs(6), "{job:?}");
    }
}
