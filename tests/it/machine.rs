//! Faults of the machine that need a clock moved by hand: the clock jumps, or the disk refuses
//! files for a while. Those of the network and of a full disk are in tests/run.

use std::{fs, sync::Arc, time::Duration};

use crate::world::{World, checks::closings};
use reelbot::testing::{
    chat::Tap,
    domain::{Clock, FailureKind, Status, Timestamp},
    sandbox::Person,
};

const HOUR: i64 = 3600;

/// A clock that is late.
struct Behind {
    clock: Arc<dyn Clock>,
    behind: Duration,
}

impl Clock for Behind {
    fn now(&self) -> Timestamp {
        self.clock.now() - self.behind
    }

    fn real(&self, duration: Duration) -> Duration {
        self.clock.real(duration)
    }
}

/// Three people with three videos each, a minute after their orders.
fn crowd_in_flight() -> (World, Vec<Person>, Timestamp) {
    let mut world = World::new();
    let crowd: Vec<_> = ["Анна", "Bea", "Cem"]
        .into_iter()
        .zip(["ru", "en", "en"])
        .map(|(name, language)| world.person_with(name, language, 3))
        .collect();
    for person in &crowd {
        world.orders(person, 3);
    }
    let ordered = world.clock.now();
    world.passes(Duration::from_mins(1));
    (world, crowd, ordered)
}

/// Each has three videos, made at the first attempt.
fn all_are_served(world: &World, crowd: &[Person]) {
    for person in crowd {
        assert_eq!((person.videos().len(), closings(person), world.balance(person)), (3, 1, 0));
    }
    for job in world.jobs() {
        assert_eq!((job.status, job.attempt), (Status::Completed, 1), "{job:#?}");
    }
    assert_eq!(world.stage.kie.tasks().len(), 9);
}

#[test]
fn a_clock_that_jumps_by_an_hour_neither_times_anything_out_nor_holds_it_up() {
    for jumps in [&[HOUR][..], &[-HOUR], &[HOUR, -HOUR], &[-HOUR, HOUR], &[-HOUR, -HOUR, 3 * HOUR]]
    {
        let (mut world, crowd, ordered) = crowd_in_flight();
        for jump in jumps {
            world.clock.jump(*jump);
            world.passes(Duration::from_secs(40));
        }
        world.all_work_is_done();
        all_are_served(&world, &crowd);
        let took = world.clock.now().since(ordered);
        assert!(took < Duration::from_mins(10), "{jumps:?}: {took:?}");
        let polls = world.stage.kie.tasks().iter().map(|task| task.polled_by.len()).max();
        assert!(polls < Some(20), "{jumps:?}: {polls:?}");
    }
}

#[test]
fn after_a_start_with_an_earlier_clock_nothing_waits_for_the_later_one() {
    for behind in [Duration::from_hours(1), Duration::from_hours(24)] {
        let (mut world, crowd, ordered) = crowd_in_flight();
        world.restarts_with(move |plan| {
            plan.clock = Arc::new(Behind { clock: Arc::clone(&plan.clock), behind });
        });
        world.all_work_is_done();
        all_are_served(&world, &crowd);
        let took = world.clock.now().since(ordered);
        assert!(took < Duration::from_mins(10), "{behind:?}: {took:?}");
    }
}

#[test]
fn a_render_is_given_up_after_half_an_hour_only_when_kie_says_that_it_still_runs() {
    for (away, refunds) in [(45, 0), (75, 3)] {
        let (mut world, crowd, _) = crowd_in_flight();
        // Nothing listens where KIE should be.
        world.restarts_with(|plan| plan.config.kie.api_url = "http://127.0.0.1:1".to_owned());
        world.passes(Duration::from_mins(away));
        world.restarts_with(|_| {});
        world.all_work_is_done();
        // What was paid for arrives, even after its refund.
        world.passes(Duration::from_hours(1));
        for person in &crowd {
            assert_eq!((person.videos().len(), world.balance(person)), (3, refunds), "{away}");
        }
        for job in world.jobs() {
            assert_eq!(job.failure, (refunds > 0).then_some(FailureKind::Timeout));
            assert_eq!(job.attempt, 1);
        }
        assert_eq!(world.stage.kie.tasks().len(), 9);
    }
}

#[test]
fn a_result_is_recorded_though_the_next_claim_fails() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    let polls = |world: &World| world.stage.kie.tasks()[0].polled_by.len();
    let end = world.now() + Duration::from_hours(1);
    while world.jobs()[0].rendered_at.is_none() {
        assert!(world.now() < end, "the answer is lost");
        let before = polls(&world);
        if world.moves() {
            if polls(&world) > before {
                // The answer is not recorded yet, and no claim can be made without this table.
                world.database_changes("alter table kie_keys rename to nowhere");
                assert!(world.moves());
                world.database_changes("alter table nowhere rename to kie_keys");
            }
        } else {
            world.clock.advance(Duration::from_secs(5));
        }
    }
    let answered = polls(&world);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), polls(&world)), (1, answered));
}

#[test]
fn a_disk_that_takes_no_photo_costs_no_attempt() {
    let (mut world, anna) = World::with_anna(3);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    fs::remove_dir_all(world.scratch()).unwrap();
    world.taps_count(&anna, 3);
    world.passes(Duration::from_mins(20));
    assert!(world.stage.kie.uploads().is_empty() && world.stage.kie.tasks().is_empty());
    assert_eq!((world.balance(&anna), closings(&anna)), (0, 0), "the place is kept");
    fs::create_dir(world.scratch()).unwrap();
    let again = world.clock.now();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.stage.kie.tasks().len()), (3, 3));
    assert!(world.jobs().iter().all(|job| job.attempt == 1));
    assert!(world.clock.now().since(again) < Duration::from_mins(10));
}

#[test]
fn a_disk_that_takes_no_video_delays_it_and_costs_no_second_render() {
    let (mut world, anna) = World::with_anna(3);
    world.orders(&anna, 3);
    fs::remove_dir_all(world.scratch()).unwrap();
    world.passes(Duration::from_hours(2));
    assert!(anna.videos().is_empty());
    fs::create_dir(world.scratch()).unwrap();
    let again = world.clock.now();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.stage.kie.tasks().len()), (3, 3));
    assert!(world.clock.now().since(again) <= Duration::from_mins(10));
    assert!(world.jobs().iter().all(|job| job.attempt == 1));
}
