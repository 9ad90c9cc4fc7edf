//! Operators mute what they know already, and get all other alerts.

use std::time::Duration;

use crate::world::{
    World,
    checks::texts,
    log::log_of,
    people::{SECOND_KEY, button, button_with},
};
use reelbot::testing::{
    chat::Tap,
    domain::{MessageId, MuteFor, OutboxId, UserId, Zone},
    sandbox::{Person, ShownMessage},
};

const HOUR: Duration = Duration::from_hours(1);

/// A world with two operators, whose account at KIE runs low.
fn running_low() -> (World, Person, Person) {
    let mut world = World::new();
    let olga = world.person_with("Olga", "en", 1);
    let oleg = world.person_with("Олег", "ru", 1);
    let admins = vec![olga.id(), oleg.id()];
    world.operator_changes(|config| config.telegram.admins = admins);
    world.stage.kie.account("main").credits(120.0);
    looks(&mut world);
    (world, olga, oleg)
}

/// The janitor looks at the balances, and its alerts are sent.
fn looks(world: &mut World) {
    world.janitor_goes_round();
    world.settles();
}

/// So many hours pass, and in each the janitor looks.
fn hours_pass(world: &mut World, hours: u32) {
    for _ in 0..hours {
        world.passes(HOUR);
        looks(world);
    }
}

/// The alerts on the screen, oldest first.
fn alerts(person: &Person) -> Vec<ShownMessage> {
    let is_alert = |message: &ShownMessage| message.text.starts_with('⚠');
    person.chat().into_iter().filter(is_alert).collect()
}

fn last_alert(person: &Person) -> ShownMessage {
    alerts(person).pop().expect("there is an alert")
}

/// A tap with any data on any message, as a client can forge it.
fn forges(world: &mut World, person: &Person, message: MessageId, data: &str) {
    person.forges_tap(message, data);
    world.settles();
}

/// The same time tomorrow, as the operator reads it.
fn in_a_day(world: &World) -> String {
    Zone::named("Europe/Moscow").unwrap().minute(world.now() + Duration::from_hours(24))
}

#[test]
fn a_tap_mutes_an_alert_for_a_day_and_the_message_says_until_when() {
    let (mut world, olga, _) = running_low();
    assert_eq!(last_alert(&olga).labels(), ["🔕 Mute for a day", "🔕 Mute for a week"]);
    world.taps(&olga, Tap::MUTE);
    let muted = last_alert(&olga);
    let until = in_a_day(&world);
    assert!(muted.edited && muted.text.contains("has 120 credits left"), "{muted:#?}");
    assert!(muted.text.contains(&format!("not hear of this again until {until}")), "{muted:#?}");
    assert_eq!(muted.labels(), ["🔔 Unmute"]);
    hours_pass(&mut world, 23);
    assert_eq!(alerts(&olga).len(), 1, "{:#?}", texts(&olga));
    hours_pass(&mut world, 1);
    assert_eq!(alerts(&olga).len(), 2, "{:#?}", texts(&olga));
}

#[test]
fn a_week_is_seven_days_and_outlives_a_restart() {
    let (mut world, olga, _) = running_low();
    let week = |tap| matches!(tap, Tap::Mute { length: MuteFor::Week, .. });
    let (message, data) = button_with(&olga, |data| Tap::parse(data).is_some_and(week));
    olga.taps(message.id, &data).unwrap();
    world.settles();
    world.restarts();
    hours_pass(&mut world, 7 * 24 - 1);
    assert_eq!(alerts(&olga).len(), 1);
    hours_pass(&mut world, 1);
    assert_eq!(alerts(&olga).len(), 2);
}

#[test]
fn after_an_unmute_alerts_come_again_and_the_first_buttons_are_back() {
    let (mut world, olga, _) = running_low();
    let before = last_alert(&olga);
    world.taps(&olga, Tap::MUTE);
    world.taps(&olga, Tap::UNMUTE);
    let after = last_alert(&olga);
    assert_eq!((after.text, after.buttons), (before.text, before.buttons));
    hours_pass(&mut world, 1);
    assert_eq!(alerts(&olga).len(), 2);
}

#[test]
fn only_this_subject_is_muted_and_only_for_this_operator() {
    let (mut world, olga, oleg) = running_low();
    world.taps(&olga, Tap::MUTE);
    world.adds_key("second", SECOND_KEY);
    world.stage.kie.account("second").credits(7.0);
    hours_pass(&mut world, 1);
    let subjects = |person: &Person, words: &str| {
        alerts(person).iter().filter(|alert| alert.text.contains(words)).count()
    };
    assert_eq!((subjects(&olga, "account main"), subjects(&olga, "account second")), (1, 1));
    assert_eq!((subjects(&oleg, "аккаунте KIE main"), subjects(&oleg, "second")), (2, 1));
}

#[test]
fn two_taps_mute_once() {
    let (mut world, olga, _) = running_low();
    let messages = olga.chat().len();
    let (message, data) = button(&olga, Tap::MUTE);
    olga.taps_twice(message.id, &data).unwrap();
    world.settles();
    assert_eq!(last_alert(&olga).labels(), ["🔔 Unmute"]);
    let (message, data) = button(&olga, Tap::UNMUTE);
    olga.taps_twice(message.id, &data).unwrap();
    world.settles();
    assert_eq!(last_alert(&olga).labels().len(), 2);
    assert_eq!(olga.chat().len(), messages, "nothing but the alert has changed");
}

#[test]
fn each_tap_on_an_old_alert_mutes_from_now_on() {
    let (mut world, olga, _) = running_low();
    hours_pass(&mut world, 96);
    let (old, newest) = (alerts(&olga)[0].clone(), alerts(&olga).len());
    let data = old.buttons[0][0].data.clone().unwrap();
    olga.taps(old.id, &data).unwrap();
    world.settles();
    let until = in_a_day(&world);
    assert!(alerts(&olga)[0].text.contains(&until), "{:#?}", alerts(&olga)[0]);
    hours_pass(&mut world, 23);
    assert_eq!(alerts(&olga).len(), newest);
    // The button is gone from the screen, but a slow phone may still show it.
    forges(&mut world, &olga, old.id, &data);
    hours_pass(&mut world, 2);
    assert_eq!(alerts(&olga).len(), newest);
}

#[test]
fn forged_data_of_a_stranger_gets_the_answer_to_any_unknown_button() {
    let (mut world, olga, oleg) = running_low();
    let anna = world.person_with("Anna", "en", 1);
    let hello = anna.last().unwrap().id;
    forges(&mut world, &anna, hello, "no such button");
    let unknown = anna.last().unwrap();
    for row in 1..20 {
        let alert = OutboxId(row);
        let [day, week] = [MuteFor::Day, MuteFor::Week].map(|length| Tap::Mute { alert, length });
        for tap in [day, week, Tap::Unmute { alert }] {
            let data = tap.to_string();
            let before = anna.chat().len();
            forges(&mut world, &anna, hello, &data);
            world.passes(Duration::from_secs(2));
            let answer = anna.last().unwrap();
            assert_eq!(
                (answer.text, answer.buttons),
                (unknown.text.clone(), unknown.buttons.clone())
            );
            assert_eq!(anna.chat().len(), before + 1);
        }
    }
    hours_pass(&mut world, 1);
    assert_eq!((alerts(&olga).len(), alerts(&oleg).len()), (2, 2), "nothing has changed");
}

#[test]
fn an_operator_can_mute_neither_another_ones_alert_nor_another_message() {
    let (mut world, olga, oleg) = running_low();
    world.grants(&olga, 5);
    world.settles();
    let (theirs, data) = button(&oleg, Tap::MUTE);
    forges(&mut world, &olga, theirs.id, &data);
    assert!(olga.last().unwrap().text.contains("out of date"), "{:#?}", texts(&olga));
    // The rows before and after the alerts: greetings, and the message about the grant.
    let own = last_alert(&olga).buttons[0][0].data.clone().unwrap();
    let mute = |row| Tap::Mute { alert: OutboxId(row), length: MuteFor::Day }.to_string();
    for data in (1..20).map(mute).filter(|data| *data != own) {
        forges(&mut world, &olga, theirs.id, &data);
        world.passes(Duration::from_secs(2));
    }
    hours_pass(&mut world, 1);
    assert_eq!((alerts(&olga).len(), alerts(&oleg).len()), (2, 2), "nothing is muted");
}

#[test]
fn a_former_operator_can_neither_mute_nor_unmute() {
    let (mut world, olga, oleg) = running_low();
    world.taps(&oleg, Tap::MUTE);
    let left = vec![UserId(1)];
    world.operator_changes(|config| config.telegram.admins = left);
    world.taps(&olga, Tap::MUTE);
    assert!(olga.last().unwrap().text.contains("out of date"), "{:#?}", texts(&olga));
    world.taps(&oleg, Tap::UNMUTE);
    let admins = vec![olga.id(), oleg.id()];
    world.operator_changes(|config| config.telegram.admins = admins);
    hours_pass(&mut world, 1);
    assert_eq!((alerts(&olga).len(), alerts(&oleg).len()), (2, 1), "all is as it was");
}

#[test]
fn a_muted_alert_is_still_in_the_log() {
    let (mut world, olga, oleg) = running_low();
    world.taps(&olga, Tap::MUTE);
    world.taps(&oleg, Tap::MUTE);
    world.passes(HOUR);
    let log = log_of(|| world.janitor_goes_round());
    assert_eq!((alerts(&olga).len(), alerts(&oleg).len()), (1, 1));
    let line = "something needs the operator concern=\"low_balance\" subject=\"main\"";
    assert!(log.contains("WARN") && log.contains(line), "{log}");
}
