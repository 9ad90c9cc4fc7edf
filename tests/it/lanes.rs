//! What waits for what: answers never wait for news, and nobody for a flood of somebody else's.

use std::time::Duration;

use reelbot::testing::{
    chat::Tap,
    domain::Timestamp,
    sandbox::{Fault, Person, PlannedFault},
};

use crate::world::{
    World,
    checks::{count_of, reads, texts},
    people::count_button,
};

/// Nothing that a person does is answered later.
const AT_ONCE: Duration = Duration::from_secs(1);

/// The next so many messages are not taken by Telegram.
fn servers_fail(world: &World, times: u32) {
    world.stage.telegram.plan(PlannedFault::new(Fault::ServerError).on("sendMessage").times(times));
}

/// How long after `since` a person was sent their first message.
fn answered_after(world: &World, person: &Person, since: Timestamp) -> Duration {
    let mut calls = world.stage.telegram.calls_of("sendMessage");
    calls.retain(|call| call.chat == Some(person.id()) && call.status == 200 && call.at >= since);
    calls.first().expect("an answer").at.since(since)
}

/// A stranger presses Start, and is answered at once.
fn a_stranger_is_answered_at_once(world: &mut World) {
    let stranger = world.stage.telegram.person("Stranger", "en");
    let now = world.now();
    stranger.sends_text("/start");
    world.settles();
    let wait = answered_after(world, &stranger, now);
    assert!(wait <= AT_ONCE, "{wait:?}");
}

#[test]
fn news_that_wait_hold_up_no_answer() {
    let (mut world, anna) = World::with_anna(1);
    world.settles();
    servers_fail(&world, 4);
    world.grants(&anna, 50);
    for wait in [0, 2, 4, 8] {
        world.passes(Duration::from_secs(wait));
    }
    assert!(world.stage.telegram.planned_faults_are_over());
    let now = world.now();
    anna.sends_text("/balance");
    world.settles();
    assert_eq!(answered_after(&world, &anna, now), Duration::ZERO, "the news are due in 16 s");
    assert!(!reads(&anna, "Вам начислено: 50"), "{:#?}", texts(&anna));
    world.passes(Duration::from_secs(16));
    assert_eq!(count_of(&anna, "Вам начислено: 50"), 1);
}

#[test]
fn an_answer_that_was_put_off_comes_before_the_next_one_and_not_later() {
    let (mut world, anna) = World::with_anna(1);
    world.settles();
    servers_fail(&world, 4);
    anna.sends_text("/help");
    for wait in [0, 2, 4, 8] {
        world.passes(Duration::from_secs(wait));
    }
    let (now, before) = (world.now(), texts(&anna).len());
    anna.sends_text("/balance");
    world.settles();
    assert_eq!(world.now().since(now), Duration::ZERO);
    let new = &texts(&anna)[before..];
    assert!(new.len() == 2 && new[0].contains("Как это работает"), "{new:#?}");
    assert!(new[1].contains("На балансе"), "{new:#?}");
}

#[test]
fn six_hundred_news_do_not_hold_up_a_stranger() {
    let mut world = World::new();
    let people: Vec<Person> = (0..600)
        .map(|number| world.stage.telegram.person(&format!("Person {number}"), "en"))
        .collect();
    for person in &people {
        person.sends_text("/start");
    }
    world.settles();
    for person in &people {
        world.grants(person, 5);
    }
    a_stranger_is_answered_at_once(&mut world);
    let told = people.iter().filter(|person| reads(person, "You have received")).count();
    assert_eq!(told, people.len(), "nothing is lost");
}

#[test]
fn a_flood_of_stickers_is_one_hint_and_holds_up_nobody() {
    let (mut world, anna) = World::with_anna(1);
    world.settles();
    for _ in 0..3 {
        for _ in 0..1000 {
            anna.sends_sticker().unwrap();
        }
        world.answers_updates();
    }
    a_stranger_is_answered_at_once(&mut world);
    assert_eq!(count_of(&anna, "Я понимаю фото и текст"), 1);
    let now = world.now();
    anna.sends_text("/balance");
    world.settles();
    assert!(answered_after(&world, &anna, now) <= AT_ONCE);
}

#[test]
fn where_much_waits_hints_are_left_out() {
    let (mut world, anna) = World::with_anna(1);
    world.settles();
    for _ in 0..20 {
        anna.sends_text("/balance");
    }
    anna.sends_sticker().unwrap();
    world.settles();
    assert_eq!(count_of(&anna, "Я понимаю фото и текст"), 0);
    assert!(count_of(&anna, "На балансе") >= 20);
    anna.sends_sticker().unwrap();
    world.settles();
    assert_eq!(count_of(&anna, "Я понимаю фото и текст"), 1);
}

#[test]
fn when_telegram_asks_for_a_wait_in_three_chats_all_wait() {
    let mut world = World::new();
    let names = ["Ann", "Ben", "Cem", "Dan"];
    let people = names.map(|name| world.person_with(name, "en", 1));
    world.passes(Duration::from_secs(10));
    for (asked, dan_waits) in [(2, false), (3, true)] {
        let busy = Fault::TooManyRequests { retry_after: 9 };
        world.stage.telegram.plan(PlannedFault::new(busy).on("sendMessage").times(asked));
        let now = world.now();
        let busy = &people[..usize::try_from(asked).unwrap()];
        for person in busy {
            person.sends_text("/balance");
            world.settles();
        }
        people[3].sends_text("/balance");
        world.settles();
        world.passes(Duration::from_secs(20));
        let wait = answered_after(&world, &people[3], now);
        assert_eq!(wait >= Duration::from_secs(9), dan_waits, "{asked}: {wait:?}");
        for person in busy {
            assert!(reads(person, "Your balance"), "{:#?}", texts(person));
        }
    }
}

#[test]
fn a_slow_edit_does_not_lead_the_answer_above_the_text() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let (ideas, data) = crate::world::people::button(&anna, Tap::OWN_TEXT);
    anna.taps(ideas.id, &data).unwrap();
    world.answers_updates();
    let mut text = ideas.id;
    world.while_an_edit_is_slow(|world| {
        text = anna.sends_text("Кружка медленно вращается, над ней поднимается пар");
        world.answers_updates();
    });
    world.settles();
    let (script, _) = count_button(&anna, 1);
    assert!(script.id > text, "{:#?}", anna.chat());
}

#[test]
fn a_slow_edit_does_not_lead_the_next_one_into_its_own_message() {
    let (mut world, anna) = World::with_anna(1);
    let [first, second] = [(); 2].map(|()| {
        anna.sends_text("/language");
        world.settles();
        anna.last().unwrap()
    });
    anna.taps(first.id, "🇬🇧 English").unwrap();
    world.answers_updates();
    world.while_an_edit_is_slow(|world| {
        anna.taps(second.id, "🇷🇺 Русский").unwrap();
        world.answers_updates();
    });
    world.settles();
    let text = |id| anna.chat().into_iter().find(|message| message.id == id).unwrap().text;
    assert!(text(first.id).contains("English"), "{}", text(first.id));
    assert!(text(second.id).contains("по-русски"), "{}", text(second.id));
}
