//! Every job ends, each once, and no single answer closes the shop.

use std::time::Duration;

use crate::world::{
    World,
    checks::{closings, reads, texts},
};
use reelbot::testing::{
    domain::{EnvironmentKey, FailureKind, Secret, Status},
    sandbox::{FailureText, Fault, ModelState, PlannedFault, RecordFault, RenderOutcome},
    store::audit,
};

const SORA: &str = "sora-2-image-to-video";
const GROK: &str = "grok-imagine-video-1-5-preview";

/// A key of the environment, with no account named.
fn environment_key(key: &str) -> EnvironmentKey {
    EnvironmentKey { secret: Secret::new(key), account: None }
}

/// What the audit lists as possibly paid for in vain.
fn orphans(world: &World) -> Vec<String> {
    let listed = world.db().read(audit::orphans).unwrap();
    listed.into_iter().map(|orphan| orphan.reason).collect()
}

#[test]
fn a_task_that_fails_as_unauthorized_condemns_no_key() {
    for (code, text) in [
        ("401", "Unauthorized"),
        ("403", "Forbidden"),
        ("402", "credits insufficient"),
        ("500", "invalid api key"),
    ] {
        let (mut world, anna) = World::with_anna(2);
        let failure = || RenderOutcome::Fail(FailureText::new(code, text));
        world.stage.kie.script([failure(), failure(), failure(), failure()]);
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!(world.balance(&anna), 2, "{code}: four attempts, then the credit is back");
        assert_eq!(world.stage.kie.tasks().len(), 4);
        world.orders_more(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1, "{code}: the key still makes videos");
    }
}

#[test]
fn a_model_that_accepts_tasks_and_fails_them_as_paused_is_not_asked_for_ever() {
    for (code, text) in [
        ("500", "This interface is temporarily paused"),
        ("422", "The page does not exist or is not published"),
        ("505", "The feature is disabled"),
    ] {
        let mut world = World::with(|config| config.kie.fallback_model = String::new());
        let anna = world.person_with("Анна", "ru", 1);
        let failure = || RenderOutcome::Fail(FailureText::new(code, text));
        world.stage.kie.script((0..40).map(|_| failure()));
        world.orders(&anna, 1);
        for _ in 0..40 {
            world.passes(Duration::from_mins(10));
            world.janitor_goes_round();
        }
        let job = &world.jobs()[0];
        assert_eq!((job.status, job.failure), (Status::Failed, Some(FailureKind::ModelDown)));
        assert!(world.stage.kie.tasks().len() <= 4, "{} tasks", world.stage.kie.tasks().len());
        assert_eq!((world.balance(&anna), closings(&anna)), (1, 1));
    }
}

#[test]
fn one_answer_without_the_task_in_mid_render_makes_no_second_one() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.passes(Duration::from_mins(3));
    world.stage.kie.with_state(|state| {
        let tasks = state.tasks.values_mut();
        tasks.for_each(|task| task.poll_faults.extend([RecordFault::Null; 2]));
    });
    world.all_work_is_done();
    assert_eq!(world.stage.kie.tasks().len(), 1);
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(orphans(&world), Vec::<String>::new());
}

#[test]
fn a_task_that_kie_no_longer_knows_for_ten_minutes_is_given_up_and_listed() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.script([RenderOutcome::NullPolls { polls: 1000 }, RenderOutcome::Succeed]);
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
    let tasks = world.stage.kie.tasks();
    assert_eq!(tasks.len(), 2);
    let waited = tasks[1].created_at.since(tasks[0].created_at);
    assert!(waited >= Duration::from_mins(10), "{waited:?}");
    assert_eq!(orphans(&world).len(), 1, "the operator can look for it");
}

#[test]
fn a_video_whose_address_comes_after_the_success_is_awaited() {
    for polls in [1, 2, 8] {
        let (mut world, anna) = World::with_anna(1);
        world.stage.kie.script([RenderOutcome::NoAddressPolls { polls }]);
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0), "{polls}");
        assert_eq!(world.stage.kie.tasks().len(), 1);
        assert_eq!(world.jobs()[0].attempt, 1);
    }
}

#[test]
fn a_success_without_an_address_is_refunded_after_ten_minutes_and_watched_for_a_day() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.script([RenderOutcome::NoAddressPolls { polls: 1_000_000 }]);
    world.orders(&anna, 1);
    world.all_work_is_done();
    let job = world.jobs().remove(0);
    assert_eq!((job.status, job.failure), (Status::Failed, Some(FailureKind::Timeout)));
    let ended = world.stage.kie.tasks()[0].ends_at.unwrap();
    let waited = job.finished_at.unwrap().since(ended);
    assert!((600..700).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!((world.balance(&anna), closings(&anna)), (1, 1));
    let calls = world.stage.kie.calls().record;
    world.passes(Duration::from_hours(3));
    assert!((1..10).contains(&(world.stage.kie.calls().record - calls)));
    world.stage.kie.with_state(|state| {
        state.tasks.values_mut().for_each(|task| task.poll_faults.clear());
    });
    world.passes(Duration::from_hours(1));
    assert_eq!(anna.videos().len(), 1, "a late video is a gift");
    assert_eq!((world.balance(&anna), closings(&anna)), (1, 1));
    assert_eq!(world.stage.kie.tasks().len(), 1);
}

#[test]
fn a_success_without_an_address_that_never_comes_is_not_watched_for_ever() {
    let (mut world, anna) = World::with_anna(1);
    world.stage.kie.script([RenderOutcome::NoAddressPolls { polls: 1_000_000 }]);
    world.orders(&anna, 1);
    world.passes(Duration::from_hours(27));
    assert_eq!((world.jobs()[0].step, world.balance(&anna)), (None, 1));
}

#[test]
fn a_video_whose_sending_is_never_confirmed_is_sent_three_times_and_listed() {
    let (mut world, anna) = World::with_anna(1);
    let lost = PlannedFault::new(Fault::Dropped).on("sendVideo").times(1000);
    world.stage.telegram.plan(lost);
    world.orders(&anna, 1);
    world.all_work_is_done();
    world.passes(Duration::from_hours(26));
    assert_eq!(anna.videos().len(), 3);
    let job = &world.jobs()[0];
    assert_eq!(job.status, Status::Completed);
    assert!(job.error.as_ref().is_some_and(|error| error.contains("unconfirmed")), "{job:?}");
    assert_eq!((world.balance(&anna), closings(&anna)), (0, 1));
    let listed = world.db().read(audit::unconfirmed).unwrap();
    assert_eq!(listed.len(), 1);
}

#[test]
fn an_account_that_is_topped_up_by_less_than_it_once_had_is_used_again() {
    let (mut world, anna) = World::with_anna(2);
    world.stage.kie.account("main").credits(5000.0);
    world.janitor_goes_round();
    world.stage.kie.account("main").credits(2.0);
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 2, "402, and no other account");
    world.passes(Duration::from_mins(2));
    world.janitor_goes_round();
    world.stage.kie.account("main").credits(100.0);
    world.passes(Duration::from_mins(11));
    world.janitor_goes_round();
    world.orders_more(&anna, 1);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn tasks_of_a_key_that_this_run_does_not_know_end_with_a_refund() {
    let key = "aaaabbbbccccddddaaaabbbbccccdddd";
    let (mut world, anna) = World::with_anna(1);
    world.database_changes("delete from kie_keys");
    world.stage.kie.account("second").key(key).credits(1000.0);
    world.restarts_with(move |plan| plan.env_keys = vec![environment_key(key)]);
    world.orders(&anna, 1);
    world.passes(Duration::from_mins(1));
    assert_eq!(world.stage.kie.tasks().len(), 1);
    let olga = world.person_with("Olga", "en", 1);
    let operator = olga.id();
    world.restarts_with(move |plan| {
        plan.env_keys = Vec::new();
        plan.config.telegram.admins = vec![operator];
    });
    world.janitor_goes_round();
    world.settles();
    assert!(reads(&olga, "does not know that key"), "{:#?}", texts(&olga));
    world.passes(Duration::from_mins(61));
    let job = &world.jobs()[0];
    assert_eq!((job.status, job.failure), (Status::Failed, Some(FailureKind::Timeout)), "{job:#?}");
    assert_eq!((world.balance(&anna), closings(&anna)), (1, 1));
    world.passes(Duration::from_hours(26));
    assert_eq!(world.jobs()[0].step, None, "its watch ends, too");
}

#[test]
fn tasks_of_a_key_that_was_removed_end_with_a_refund() {
    let (mut world, anna) = World::with_anna(1);
    world.orders(&anna, 1);
    world.passes(Duration::from_mins(1));
    world.database_changes("update kie_keys set removed_at = 1, secret = null, enabled = 0");
    world.passes(Duration::from_mins(61));
    assert_eq!((world.balance(&anna), closings(&anna)), (1, 1));
    world.passes(Duration::from_hours(26));
    assert_eq!(world.jobs()[0].step, None);
}

#[test]
fn a_panic_before_the_task_is_asked_for_is_no_lost_submission() {
    let (mut world, anna) = World::with_anna(1);
    world.photos_panic(1);
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.jobs()[0].attempt), (1, 2));
    assert_eq!(world.stage.kie.tasks().len(), 1);
    assert_eq!(orphans(&world), Vec::<String>::new());
}

#[test]
fn while_a_model_is_down_its_orders_cost_one_creation_each_with_the_fallback() {
    let mut world = World::with(|config| config.kie.creates_per_10s = 6);
    let anna = world.person_with("Anna", "en", 1);
    let people: Vec<_> = (0..6).map(|n| world.person_with(&format!("P{n}"), "en", 1)).collect();
    world.stage.kie.model_state(SORA, ModelState::Paused);
    world.orders(&anna, 1);
    world.passes(Duration::from_secs(11));
    let began = world.now();
    for person in &people {
        world.orders(person, 1);
    }
    world.settles();
    let tasks = world.stage.kie.tasks();
    let made = tasks.iter().filter(|task| task.created_at >= began).collect::<Vec<_>>();
    let lasted = made.iter().map(|task| task.created_at.since(began)).max().unwrap();
    assert!(made.len() == 6 && lasted < Duration::from_secs(10), "{} in {lasted:?}", made.len());
    assert!(made.iter().all(|task| task.model != SORA));
}

#[test]
fn held_jobs_ask_for_nothing_and_go_on_with_the_first_model_that_is_up() {
    let mut world = World::with(|config| config.kie.fallback_model = String::new());
    let people: Vec<_> = (0..10).map(|n| world.person_with(&format!("P{n}"), "en", 5)).collect();
    world.stage.kie.model_state(SORA, ModelState::Paused);
    for person in &people {
        world.orders(person, 5);
    }
    world.passes(Duration::from_mins(30));
    let asked = world.stage.kie.calls().create;
    assert_eq!(asked, 1, "the first refusal tells of them all");
    assert!(world.jobs().iter().all(|job| job.status == Status::Queued && job.attempt == 1));
    world.operator_changes(|config| config.kie.model = GROK.to_owned());
    world.all_work_is_done();
    assert!(world.jobs().iter().all(|job| job.status == Status::Completed && job.model == GROK));
}

#[test]
fn of_two_models_that_are_down_the_first_to_return_makes_the_videos() {
    for returns in [SORA, GROK] {
        let (mut world, anna) = World::with_anna(1);
        world.stage.kie.model_state(SORA, ModelState::Paused);
        world.stage.kie.model_state(GROK, ModelState::Paused);
        world.orders(&anna, 1);
        world.passes(Duration::from_mins(5));
        world.janitor_goes_round();
        assert_eq!(world.jobs()[0].status, Status::Queued);
        world.stage.kie.model_state(returns, ModelState::Alive);
        world.passes(Duration::from_mins(2));
        world.janitor_goes_round();
        world.all_work_is_done();
        assert_eq!(world.stage.kie.tasks()[0].model, returns);
        assert_eq!((anna.videos().len(), world.jobs()[0].attempt), (1, 1));
    }
}

#[test]
fn a_command_whose_clock_is_ahead_silences_nobody() {
    let (mut world, anna) = World::with_anna(1);
    world.grants_from_ahead(&anna, 7, Duration::from_hours(8));
    anna.sends_text("/help");
    world.settles();
    assert!(reads(&anna, "7 кредитов"), "{:#?}", texts(&anna));
    assert!(texts(&anna).last().unwrap().contains("фото"), "{:#?}", texts(&anna));
}

#[test]
fn each_key_of_the_environment_is_an_account_of_its_own() {
    let keys = ["aaaabbbbccccddddaaaabbbbccccdddd", "11112222333344441111222233334444"];
    let (mut world, anna) = World::with_anna(10);
    world.database_changes("delete from kie_keys");
    world.stage.kie.account("empty").key(keys[0]).credits(0.0);
    world.stage.kie.account("full").key(keys[1]).credits(1000.0);
    world.restarts_with(move |plan| plan.env_keys = keys.map(environment_key).to_vec());
    world.orders(&anna, 5);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (5, 5), "one 402 takes one key off");
    assert!(world.stage.kie.tasks().iter().all(|task| task.account == "full"));
}

#[test]
fn keys_of_the_environment_share_an_account_where_the_operator_says_so() {
    let keys = ["aaaabbbbccccddddaaaabbbbccccdddd", "11112222333344441111222233334444"];
    let (mut world, anna) = World::with_anna(10);
    world.database_changes("delete from kie_keys");
    world.stage.kie.account("both").key(keys[0]).key(keys[1]).credits(0.0);
    world.restarts_with(move |plan| {
        let shared = |key| EnvironmentKey { account: Some("both".into()), ..environment_key(key) };
        plan.env_keys = keys.map(shared).to_vec();
    });
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.stage.kie.calls().create, 1, "the second key has no credits either");
    assert_eq!(world.balance(&anna), 10);
}
