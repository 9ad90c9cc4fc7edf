//! The bot dies after every single move of the main story, and nothing is lost.

use crate::world::World;
use crate::world::closings;
use reelbot::domain::job::Status;
use reelbot::sandbox::kie::corpus::Line;
use reelbot::sandbox::kie::outcome::Outcome;
use reelbot::sandbox::telegram::person::Person;

/// The story up to the tap on "3 videos": two will be made, one refused.
fn ordered() -> (World, Person) {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 3);
    let line = Line::new("422", "Invalid prompt: prompt contains prohibited content");
    world.stage.kie.script([Outcome::Fail(line)]);
    world.sends_photo(&anna);
    world.taps(&anna, "p:");
    let (message, data) =
        crate::world::button(&anna, |data| data.starts_with("o:") && data.ends_with(":3"));
    anna.taps(message.id, &data).unwrap();
    (world, anna)
}

/// Makes so many moves, time passing where nobody can move; `false` when the
/// story ends before.
fn moves(world: &mut World, many: usize) -> bool {
    for _ in 0..many {
        let mut waited = 0;
        while !world.moves() {
            let open = world.jobs().iter().any(|job| job.finished_at.is_none());
            if !open || waited > 500 {
                return false;
            }
            world.clock.advance(std::time::Duration::from_secs(5));
            waited += 1;
        }
    }
    true
}

#[test]
fn a_crash_after_any_move_loses_nothing() {
    let mut crashes = 0;
    for many in 1.. {
        let (mut world, anna) = ordered();
        if !moves(&mut world, many) {
            break;
        }
        crashes += 1;
        world.dies();
        world.starts();
        world.all_work_is_done();
        let jobs = world.jobs();
        let completed = jobs.iter().filter(|job| job.status == Status::Completed).count();
        let delivered = anna.videos().len();
        assert_eq!(jobs.len(), 3, "after move {many}");
        assert_eq!(
            world.balance(&anna),
            i64::try_from(3 - completed).unwrap(),
            "after move {many}"
        );
        assert!(completed >= 2, "after move {many}: {jobs:#?}");
        assert!((completed..=completed + 1).contains(&delivered), "after move {many}");
        assert_eq!(closings(&anna), 1, "after move {many}");
        let tasks = world.stage.kie.tasks();
        assert!(tasks.len() <= 4, "after move {many}: at most one orphan");
        world.adds_up();
    }
    assert!(crashes > 15, "the story has more moves than {crashes}");
}
