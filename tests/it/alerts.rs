//! What the operator is told: each concern of the failure table, at most once
//! an hour about the same thing, and never a secret.

use std::time::Duration;

use crate::world::World;
use crate::world::said;
use crate::world::was_told;
use reelbot::domain::failure::FailureKind;
use reelbot::domain::job::Status;
use reelbot::sandbox::kie::corpus::FailureText;
use reelbot::sandbox::kie::outcome::RenderOutcome;
use reelbot::sandbox::telegram::person::Person;

const SECOND: &str = "aaaabbbbccccddddaaaabbbbccccdddd";

/// A world whose operator is Olga.
fn with_operator() -> (World, Person) {
    let mut world = World::new();
    let olga = world.person_with("Olga", "en", 1);
    let admin = olga.id();
    world.operator_changes(|config| config.telegram.admins = vec![admin]);
    (world, olga)
}

fn refuse(code: u16, msg: &str) -> RenderOutcome {
    RenderOutcome::Refuse { code, msg: msg.to_owned() }
}

/// How many of the messages have these words in them.
fn times(person: &Person, words: &str) -> usize {
    said(person).iter().filter(|text| text.contains(words)).count()
}

/// Anna orders a video, and this becomes of it. Before, all is well with keys and models.
fn befalls(world: &mut World, anna: &Person, outcome: &RenderOutcome) {
    world.meddles(
        "update kie_keys set fault = null, off_until = null, cooldown_until = null;
         delete from models_down",
    );
    world.stage.kie.next(outcome.clone());
    world.orders(anna, 1);
    world.all_work_is_done();
}

#[test]
fn each_concern_of_the_table_is_told_once_an_hour_with_the_providers_words_and_no_secret() {
    let echo = format!("Bearer {SECOND} is not known");
    let invalid = "This field is required";
    let moon = "The moon is in the wrong house";
    let table = [
        (refuse(402, "Credits insufficient"), "account main has no credits", "402: Credits insuf"),
        (refuse(401, &echo), "does not accept the key main aaaa", "401: Bearer … is not known"),
        (refuse(433, "Daily quota reached"), "key main aaaa has reached its own cap", "433: Daily"),
        (refuse(505, "Disabled"), "model sora-2-image-to-video is down", "505: Disabled"),
        (refuse(500, invalid), "does not understand our request", "500: This field is required"),
        (
            RenderOutcome::Fail(FailureText::new("777", moon)),
            "said something new to us",
            "777: The moon is",
        ),
    ];
    for (outcome, words, kie) in table {
        let (mut world, olga) = with_operator();
        let anna = world.person_with("Анна", "ru", 3);
        world.adds_key("main", SECOND);
        world.meddles("update kie_keys set enabled = 0 where label = 'sandbox'");
        befalls(&mut world, &anna, &outcome);
        befalls(&mut world, &anna, &outcome);
        assert_eq!(times(&olga, words), 1, "{words}: {:#?}", said(&olga));
        world.passes(Duration::from_hours(1));
        befalls(&mut world, &anna, &outcome);
        assert_eq!(times(&olga, words), 2, "{words}: {:#?}", said(&olga));
        assert_eq!(times(&olga, kie), 2, "{kie}: {:#?}", said(&olga));
        for text in said(&olga) {
            assert!(!text.contains(SECOND) && !text.contains("sandbox-token"), "{text}");
        }
        assert!(!was_told(&anna, "KIE"), "{:#?}", said(&anna));
    }
}

#[test]
fn that_no_key_is_left_is_told_once_an_hour() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 3);
    world.meddles("update kie_keys set enabled = 0");
    for wait in [0, 30, 31] {
        world.passes(Duration::from_mins(wait));
        world.orders(&anna, 1);
        world.all_work_is_done();
    }
    assert_eq!(times(&olga, "No KIE key can be used"), 2, "{:#?}", said(&olga));
}

#[test]
fn each_account_and_each_key_is_a_thing_of_its_own() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    world.adds_key("second", SECOND);
    world.stage.kie.script([refuse(402, "out of credits"), refuse(402, "out of credits")]);
    world.orders(&anna, 1);
    world.all_work_is_done();
    for account in ["account main has no credits", "account second has no credits"] {
        assert_eq!(times(&olga, account), 1, "{:#?}", said(&olga));
    }
}

#[test]
fn a_key_that_dies_while_its_video_renders_is_told_and_the_video_arrives() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    world.stage.kie.next(RenderOutcome::CodePolls { code: 401, polls: 3 });
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(times(&olga, "does not accept the key sandbox"), 1, "{:#?}", said(&olga));
    assert_eq!(anna.videos().len(), 1);
}

#[test]
fn a_rate_limit_that_lasts_is_told_before_anybody_is_refunded_and_once_an_hour() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    world.stage.kie.script((0..50).map(|_| refuse(429, "Rate limit exceeded")));
    world.orders(&anna, 1);
    world.passes(Duration::from_mins(2));
    assert!(!was_told(&olga, "too many requests"), "a short one is nobody's concern");
    world.passes(Duration::from_mins(1));
    let told = "keeps saying “too many requests” to the account main";
    assert_eq!(times(&olga, told), 1, "{:#?}", said(&olga));
    assert_eq!(world.jobs()[0].status, Status::Queued, "and nobody is hurt yet");
    world.all_work_is_done();
    assert_eq!(world.jobs()[0].failure, Some(FailureKind::RateLimit));
    assert_eq!(times(&olga, told), 1, "{:#?}", said(&olga));
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
    assert!(!was_told(&olga, "too many requests"), "{:#?}", said(&olga));
    let mut made: Vec<_> = world.stage.kie.tasks().iter().map(|task| task.created_at).collect();
    made.sort_unstable();
    let wait = made[5].since(made[4]).as_secs();
    assert!(wait < 5 * 60 + 60, "the account rests for 10 s, not for minutes: {wait} s");
}

#[test]
fn a_render_that_fails_for_a_rate_limit_every_time_is_not_paid_for_for_ever() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 1);
    let limited = || RenderOutcome::Fail(FailureText::new("429", "Rate limit exceeded"));
    world.stage.kie.script((0..9).map(|_| limited()));
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!(world.jobs()[0].failure, Some(FailureKind::RateLimit));
    assert_eq!((world.stage.kie.tasks().len(), world.balance(&anna)), (4, 1));
    assert!(was_told(&olga, "too many requests"), "{:#?}", said(&olga));
}

#[test]
fn three_videos_that_fail_for_the_same_reason_are_one_alert() {
    let (mut world, olga) = with_operator();
    let anna = world.person_with("Анна", "ru", 6);
    world.stage.kie.account("main").credits(0.0);
    world.orders(&anna, 3);
    world.all_work_is_done();
    let alert = "has no credits left";
    assert_eq!((times(&olga, alert), times(&anna, alert)), (1, 0), "{:#?}", said(&olga));
    assert!(was_told(&olga, "top up"), "the operator reads KIE's own words");
}

#[test]
fn the_audit_of_a_sound_night_alerts_nobody_and_a_broken_book_is_told() {
    let (mut world, olga) = with_operator();
    world.janitor_goes_round();
    world.settles();
    assert!(!was_told(&olga, "audit"));
    world.meddles("update users set credits = credits + 5");
    world.passes(Duration::from_hours(24));
    world.janitor_goes_round();
    world.settles();
    assert!(was_told(&olga, "something off: balances, in 1 place(s)"), "{:#?}", said(&olga));
    world.meddles("update users set credits = credits - 5");
}

#[test]
fn a_low_balance_is_told_before_people_are_hurt() {
    let (mut world, olga) = with_operator();
    world.stage.kie.account("main").credits(120.0);
    for _ in 0..8 {
        world.janitor_goes_round();
        world.passes(Duration::from_mins(10));
    }
    assert_eq!(times(&olga, "120 credits left"), 2, "in 80 minutes, twice: {:#?}", said(&olga));
}
