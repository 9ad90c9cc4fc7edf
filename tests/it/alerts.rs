//! Alerts to the operator: each concern of the failure table, at most once an hour
//! about the same thing, and never a secret.

use std::time::Duration;

use crate::world::{
    World,
    checks::{count_of, reads, texts},
    faults::refuse,
    people::SECOND_KEY,
};
use reelbot::testing::{
    domain::{FailureKind, Status},
    sandbox::{FailureText, Person, RenderOutcome},
};

/// A world whose operator is Olga.
fn with_operator() -> (World, Person) {
    let mut world = World::new();
    let olga = world.person_with("Olga", "en", 1);
    let admin = olga.id();
    world.operator_changes(|config| config.telegram.admins = vec![admin]);
    (world, olga)
}

/// Anna orders a video with this outcome, while all keys and models are in order.
fn orders_one(world: &mut World, anna: &Person, outcome: &RenderOutcome) {
    world.database_changes(
        "update kie_keys set fault = null, off_until = null, cooldown_until = null;
         delete from models_down",
    );
    world.stage.kie.next(outcome.clone());
    world.orders(anna, 1);
    world.all_work_is_done();
}

#[test]
fn each_concern_of_the_table_alerts_once_an_hour_with_the_providers_words_and_no_secret() {
    let echo = format!("Bearer {SECOND_KEY} is not known");
    let invalid = "This field is required";
    let moon = "The moon is in the wrong house";
    let table = [
        (refuse(402, "Credits insufficient"), "account main has no credits", "402: Credits insuf"),
        (refuse(401, &echo), "does not accept the key main aaaa", "401: Bearer … is not known"),
        (refuse(433, "Daily quota reached"), "key main aaaa has reached its own cap", "433: Daily"),
        (refuse(505, "Disabled"), "model sora-2-image-to-video is down", "505: Disabled"),
        (refuse(500, invalid), "does not understand my request", "500: This field is required"),
        (
            RenderOutcome::Fail(FailureText::new("777", moon)),
            "said something new",
            "777: The moon is",
        ),
    ];
    for (outcome, words, kie) in table {
        let (mut world, olga) = with_operator();
        let anna = world.person_with("Анна", "ru", 3);
        world.adds_key("main", SECOND_KEY);
        world.database_changes("update kie_keys set enabled = 0 where label = 'sandbox'");
        orders_one(&mut world, &anna, &outcome);
        orders_one(&mut world, &anna, &outcome);
        assert_eq!(count_of(&olga, words), 1, "{words}: {:#?}", texts(&olga));
        world.passes(Duration::from_hours(1));
        orders_one(&mut world, &anna, &outcome);
        assert_eq!(count_of(&olga, words), 2, "{words}: {:#?}", texts(&olga));
        assert_eq!(count_of(&olga, kie), 2, "{kie}: {:#?}", texts(&olga));
        for text in texts(&olga) {
            assert!(!text.contains(SECOND_KEY) && !text.contains("sandbox-token"), "{text}");
        }
        assert!(!reads(&anna, "KIE"), "{:#?}", texts(&anna));
    }
}

#[test]
fn an_alert_that_no_key_is_left_comes_once_an_hour() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 3);
    world.database_changes("update kie_keys set enabled = 0");
    for wait in [0, 30, 31] {
        world.passes(Duration::from_mins(wait));
        world.orders(&anna, 1);
        world.all_work_is_done();
    }
    assert_eq!(count_of(&olga, "No KIE key can be used"), 2, "{:#?}", texts(&olga));
}

#[test]
fn each_account_and_each_key_has_alerts_of_its_own() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    world.adds_key("second", SECOND_KEY);
    world.stage.kie.script([refuse(402, "out of credits"), refuse(402, "out of credits")]);
    world.orders(&anna, 1);
    world.all_work_is_done();
    for account in ["account main has no credits", "account second has no credits"] {
        assert_eq!(count_of(&olga, account), 1, "{:#?}", texts(&olga));
    }
}

#[test]
fn a_key_that_stops_working_during_a_render_alerts_and_the_video_arrives() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    world.stage.kie.next(RenderOutcome::CodePolls { code: 401, polls: 3 });
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(count_of(&olga, "does not accept the key sandbox"), 1, "{:#?}", texts(&olga));
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_rate_limit_that_lasts_alerts_before_anybody_is_refunded_and_once_an_hour() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    world.stage.kie.script((0..50).map(|_| refuse(429, "Rate limit exceeded")));
    world.orders(&anna, 1);
    world.passes(Duration::from_mins(2));
    assert!(!reads(&olga, "too many requests"), "a short one does not alert");
    world.passes(Duration::from_mins(1));
    let alert = "keeps saying “too many requests” to the account main";
    assert_eq!(count_of(&olga, alert), 1, "{:#?}", texts(&olga));
    assert_eq!(world.jobs()[0].status, Status::Queued, "and nobody is refunded yet");
    world.all_work_is_done();
    assert_eq!(world.jobs()[0].failure, Some(FailureKind::RateLimit));
    assert_eq!(count_of(&olga, alert), 1, "{:#?}", texts(&olga));
}

#[test]
fn refusals_that_come_together_are_one_rate_limit() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 5);
    let limited = || RenderOutcome::Fail(FailureText::new("429", "Rate limit exceeded"));
    world.stage.kie.script((0..5).map(|_| limited()));
    world.orders(&anna, 5);
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 5);
    assert!(!reads(&olga, "too many requests"), "{:#?}", texts(&olga));
    let mut made: Vec<_> = world.stage.kie.tasks().iter().map(|task| task.created_at).collect();
    made.sort_unstable();
    let wait = made[5].since(made[4]).as_secs();
    assert!(wait < 5 * 60 + 60, "the account rests for 10 s, not for minutes: {wait} s");
}

#[test]
fn a_render_that_always_fails_for_a_rate_limit_is_given_up() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    let limited = || RenderOutcome::Fail(FailureText::new("429", "Rate limit exceeded"));
    world.stage.kie.script((0..9).map(|_| limited()));
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.jobs()[0].failure, Some(FailureKind::RateLimit));
    assert_eq!((world.stage.kie.tasks().len(), world.balance(&anna)), (4, 1));
    assert!(reads(&olga, "too many requests"), "{:#?}", texts(&olga));
}

#[test]
fn three_videos_that_fail_for_the_same_reason_are_one_alert() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 6);
    world.stage.kie.account("main").credits(0.0);
    world.orders(&anna, 3);
    world.all_work_is_done();
    let alert = "has no credits left";
    assert_eq!((count_of(&olga, alert), count_of(&anna, alert)), (1, 0), "{:#?}", texts(&olga));
    assert!(reads(&olga, "top up"), "the operator reads KIE's own words");
}

#[test]
fn an_audit_alerts_only_when_something_is_off() {
    let (mut world, olga) = with_operator();
    world.janitor_goes_round();
    world.settles();
    assert!(!reads(&olga, "audit"));
    world.database_changes("update users set credits = credits + 5");
    world.passes(Duration::from_hours(24));
    world.janitor_goes_round();
    world.settles();
    assert!(reads(&olga, "something off: balances, in 1 place(s)"), "{:#?}", texts(&olga));
    world.database_changes("update users set credits = credits - 5");
}

#[test]
fn a_low_balance_alerts_before_any_order_fails() {
    let (mut world, olga) = with_operator();
    world.stage.kie.account("main").credits(120.0);
    for _ in 0..8 {
        world.janitor_goes_round();
        world.passes(Duration::from_mins(10));
    }
    assert_eq!(count_of(&olga, "120 credits left"), 2, "in 80 minutes, twice: {:#?}", texts(&olga));
}

/// A world whose operator has never pressed Start.
fn with_silent_operator() -> (World, Person) {
    let mut world = World::new();
    let olga = world.stage.telegram.person("Olga", "en");
    let admin = olga.id();
    world.operator_changes(|config| config.telegram.admins = vec![admin]);
    (world, olga)
}

#[test]
fn an_operator_who_has_never_pressed_start_is_told_when_they_do() {
    let (mut world, olga) = with_silent_operator();
    let anna = world.person_with("Анна", "ru", 9);
    world.database_changes("update kie_keys set enabled = 0");
    world.orders(&anna, 1);
    world.all_work_is_done();
    world.passes(Duration::from_hours(30));
    assert!(texts(&olga).is_empty());
    olga.sends_text("/start");
    world.settles();
    let words = "No KIE key can be used";
    assert_eq!(count_of(&olga, words), 1, "{:#?}", texts(&olga));
    // The hour of quiet begins when it was told.
    for (minutes, told) in [(50, 1), (15, 2)] {
        world.passes(Duration::from_mins(minutes));
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!(count_of(&olga, words), told, "{:#?}", texts(&olga));
    }
}

#[test]
fn an_alert_that_cannot_be_told_is_tried_once_an_hour() {
    let (mut world, olga) = with_silent_operator();
    let anna = world.person_with("Анна", "ru", 9);
    world.database_changes("update kie_keys set enabled = 0");
    let tried = |world: &World| {
        let calls = world.stage.telegram.calls_of("sendMessage");
        calls.iter().filter(|call| call.chat == Some(olga.id())).count()
    };
    for (minutes, calls) in [(0, 1), (10, 1), (20, 1), (40, 2)] {
        world.passes(Duration::from_mins(minutes));
        world.orders(&anna, 1);
        world.all_work_is_done();
        assert_eq!(tried(&world), calls, "after {minutes} more minutes");
    }
    assert!(texts(&olga).is_empty());
}

#[test]
fn an_operator_who_blocks_the_bot_hears_of_it_all_the_same_when_they_are_back() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 9);
    olga.blocks();
    world.database_changes("update kie_keys set enabled = 0");
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert!(!reads(&olga, "No KIE key can be used"));
    olga.unblocks();
    world.settles();
    assert_eq!(count_of(&olga, "No KIE key can be used"), 1, "{:#?}", texts(&olga));
}
