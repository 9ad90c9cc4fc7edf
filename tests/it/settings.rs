//! What the operator changes while the bot runs: the next action goes by it, one under way does not.

use std::time::Duration;

use reelbot::testing::{
    chat::Tap,
    domain::{FailureKind, Status},
};

use crate::world::{World, faults::refuse, people::count_button};

#[test]
fn a_step_under_way_is_settled_by_the_settings_that_it_began_with() {
    let (mut world, anna) = World::with_anna(1);
    let busy = || refuse(500, "Internal Error, Please try again later.");
    world.stage.kie.script([busy(), busy()]);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (message, data) = count_button(&anna, 1);
    anna.taps(message.id, &data).unwrap();
    while world.stage.kie.calls().create == 0 {
        assert!(world.moves());
    }
    // KIE has refused, and nothing of that is recorded yet.
    world.operator_changes(|config| config.kie.retry_delays.clear());
    world.passes(Duration::from_secs(5));
    assert_eq!(world.jobs()[0].status, Status::Queued, "it waits for its second attempt");
    world.all_work_is_done();
    assert_eq!(world.stage.kie.calls().create, 2, "and for no third");
    let jobs = world.jobs();
    assert_eq!((jobs[0].status, jobs[0].failure), (Status::Failed, Some(FailureKind::Temporary)));
    assert_eq!(world.balance(&anna), 1);
}
