//! Updates about money. Nothing is sold yet, and yet none of them is ever lost.

use std::time::Duration;

use crate::world::{World, checks::texts};
use reelbot::testing::{config::Config, sandbox::Person, store::audit};

const WAITING: &str = "select count(*) from inbox where handled_at is null";

/// A world with an operator who is alerted, and Anna.
fn with_operator() -> (World, Person, Person) {
    let mut world = World::new();
    let olga = world.person_with("Ольга", "ru", 0);
    let id = olga.id();
    world.operator_changes(move |config: &mut Config| config.telegram.admins = vec![id]);
    let anna = world.person_with("Анна", "ru", 0);
    (world, olga, anna)
}

fn alerts(olga: &Person) -> usize {
    texts(olga).iter().filter(|text| text.contains("Пришёл платёж")).count()
}

fn broken(world: &World) -> Vec<&'static str> {
    let checks = world.db().read(|view| audit::check(view, world.now())).unwrap();
    checks.iter().filter(|check| check.broken > 0).map(|check| check.name).collect()
}

#[test]
fn a_payment_that_nothing_can_handle_is_kept_and_alerted_and_holds_up_nobody() {
    let (mut world, olga, anna) = with_operator();
    let (anna_read, credits) = (texts(&anna).len(), world.balance(&anna));
    anna.pays("inv:1", 50, "charge-1");
    anna.sends_text("/balance");
    world.settles();
    assert_eq!(texts(&anna).len(), anna_read + 1, "the chat goes on: {:?}", texts(&anna));
    let alert = texts(&olga).pop().unwrap();
    for fact in ["charge-1", "50 XTR", &anna.id().to_string()] {
        assert!(alert.contains(fact), "{alert}");
    }
    assert_eq!((world.count(WAITING), broken(&world)), (1, vec!["payments"]));

    // A minute later it is tried again, and the operator is told once an hour.
    let count_tries = "select max(tries) from inbox where handled_at is null";
    let tried = world.count(count_tries);
    world.passes(Duration::from_mins(2));
    assert!(world.count(count_tries) > tried);
    assert_eq!(alerts(&olga), 1);
    world.passes(Duration::from_mins(70));
    assert_eq!(alerts(&olga), 2);

    // Neither a restart nor the janitor loses it.
    world.restarts();
    world.passes(Duration::from_hours(24 * 40));
    world.janitor_goes_round();
    world.settles();
    assert_eq!((world.count(WAITING), broken(&world)), (1, vec!["payments"]));
    assert_eq!(world.balance(&anna), credits);
    // The books stay open, on purpose.
    world.is_killed();
}

#[test]
fn a_refund_and_a_payment_that_cannot_be_read_are_kept_too() {
    let (mut world, olga, anna) = with_operator();
    anna.is_refunded("inv:1", 50, "charge-2");
    world.settles();
    world.stage.telegram.raw_update(serde_json::json!({
        "message": {"successful_payment": {"total_amount": "many"}, "chat": {"id": -5, "type": "group"}}
    }));
    world.settles();
    assert_eq!((world.count(WAITING), alerts(&olga)), (2, 2), "{:?}", texts(&olga));
    world.is_killed();
}

#[test]
fn a_number_that_telegram_uses_again_hides_neither_update() {
    let (mut world, _, anna) = with_operator();
    anna.pays("inv:1", 50, "charge-3");
    world.settles();
    let number = world.count("select update_id from inbox where handled_at is null");
    let from = serde_json::json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"});
    let read = texts(&anna).len();
    // The program is started anew after a silence, and so asks for any number.
    world.restarts();
    world.stage.telegram.raw_update(serde_json::json!({"update_id": number, "message": {
        "message_id": 900, "date": 9, "from": from, "chat": {"id": anna.id(), "type": "private"},
        "text": "/balance"}}));
    world.settles();
    assert_eq!((texts(&anna).len(), world.count(WAITING)), (read + 1, 1));
    world.is_killed();
}

#[test]
fn nobody_can_pay_for_what_is_not_sold() {
    let (mut world, _, anna) = with_operator();
    let query = anna.checks_out("inv:1", 50);
    world.polls();
    assert!(world.checkout(&anna, &query).contains("Ничего не списано"));
    world.settles();
    assert_eq!(world.count(WAITING), 0, "what was refused moves no money");
}
