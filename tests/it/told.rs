//! News are worded when they are sent: one message for each cause, with how things stand then.

use std::time::Duration;

use reelbot::testing::{
    chat::Tap,
    sandbox::{FailureText, Person, RenderOutcome},
};

use crate::world::{
    World,
    checks::{closings, count_of, reads, texts},
};

/// KIE's words for a photo with people in it.
const PEOPLE: &str =
    "We currently do not support uploads of images containing photorealistic people.";

/// KIE's words for what passes by itself.
const INTERNAL: &str = "Internal Error, Please try again later.";

fn fails(text: &str) -> RenderOutcome {
    RenderOutcome::Fail(FailureText::new("500", text))
}

/// Anna orders so many videos, whose renders have these outcomes one after the other.
fn one_by_one(count: u32, outcomes: Vec<RenderOutcome>) -> (World, Person) {
    let mut world = World::with(|config| config.kie.in_flight = 1);
    let anna = world.person_with("Анна", "ru", count.into());
    world.stage.kie.script(outcomes);
    world.orders(&anna, count);
    (world, anna)
}

#[test]
fn five_videos_refused_for_one_cause_are_one_message() {
    let (mut world, anna) = one_by_one(5, vec![fails(PEOPLE); 5]);
    world.all_work_is_done();
    let words = "На фото видны люди";
    assert_eq!(count_of(&anna, words), 1, "{:#?}", texts(&anna));
    assert!(reads(&anna, "Не получилось 5 видео, вернули 5 кредитов ✅"), "{:#?}", texts(&anna));
    assert!(reads(&anna, "фото, на котором только товар"));
    assert_eq!((world.balance(&anna), closings(&anna)), (5, 1));
}

#[test]
fn the_first_failure_is_told_at_once_and_the_next_ones_in_the_same_message() {
    let (mut world, anna) =
        one_by_one(3, vec![fails(PEOPLE), RenderOutcome::Succeed, fails(PEOPLE)]);
    let told = |anna: &Person| {
        let found = anna.chat().into_iter().find(|message| message.text.contains("видны люди"));
        found.map(|message| (message.id, message.text))
    };
    while told(&anna).is_none() {
        world.passes(Duration::from_secs(30));
    }
    let (first, text) = told(&anna).unwrap();
    assert!(text.ends_with("Кредит вернули ✅"), "{text}");
    assert!(world.jobs().iter().any(|job| job.finished_at.is_none()), "others go on");
    world.all_work_is_done();
    let (last, text) = told(&anna).unwrap();
    assert_eq!(first, last);
    assert!(text.ends_with("Не получилось 2 видео, вернули 2 кредита ✅"), "{text}");
    assert_eq!(count_of(&anna, "видны люди"), 1);
    assert!(reads(&anna, "Готово 1 из 3 видео. За остальное кредиты вернули."));
    assert!(anna.chat().last().unwrap().data().any(|data| data.starts_with(Tap::MORE_WITH_PHOTO)));
}

#[test]
fn each_cause_has_its_own_message() {
    let unknown = || RenderOutcome::Fail(FailureText::new("777", "The moon is in its house"));
    let (mut world, anna) = one_by_one(3, vec![fails(PEOPLE), unknown(), unknown()]);
    world.all_work_is_done();
    for (words, times) in [("видны люди", 1), ("Сбой на моей стороне", 1), ("❌", 3)]
    {
        // The third is the order's own message.
        assert_eq!(count_of(&anna, words), times, "{words}: {:#?}", texts(&anna));
    }
    assert!(reads(&anna, "Не получилось 2 видео"), "{:#?}", texts(&anna));
    assert_eq!(world.balance(&anna), 3);
}

#[test]
fn after_a_refused_photo_another_one_is_asked_for() {
    let (mut world, anna) = one_by_one(1, vec![fails(PEOPLE)]);
    world.all_work_is_done();
    let closing = anna.chat().pop().unwrap();
    assert_eq!(closing.labels(), ["📸 Другое фото", "🏠 Главное меню"]);
    assert!(!closing.text.contains("Фото уже у меня"), "{}", closing.text);
    world.taps(&anna, Tap::ANOTHER_PHOTO);
    assert!(anna.last().unwrap().text.contains("фото товара"), "{:#?}", texts(&anna));
    world.sends_photo(&anna);
    assert!(anna.last().unwrap().data().any(|data| data.starts_with(Tap::PRESET)));
}

#[test]
fn a_photo_that_was_not_refused_is_offered_again() {
    for text in [INTERNAL, "the output video may be related to copyright restrictions"] {
        let (mut world, anna) = one_by_one(1, vec![fails(text); 4]);
        world.all_work_is_done();
        let closing = anna.chat().pop().unwrap();
        assert!(closing.labels().contains(&"🔄 Сделать еще с этим товаром"), "{text}");
        assert!(!closing.labels().contains(&"📸 Другое фото"), "{text}");
    }
}

#[test]
fn what_an_older_version_left_in_the_outbox_is_told() {
    let (mut world, anna) = World::with_anna(3);
    world.orders(&anna, 3);
    world.all_work_is_done();
    let put = |body: &str, once: &str| {
        world.database_changes(&format!(
            "insert into outbox (chat_id, kind, body, once, due_at, created_at)
             values ({}, 'notification', '{body}', '{once}', 0, 0)",
            anna.id()
        ));
    };
    let failed =
        r#"{"notification":"video_failed","kind":"temporary","violation":null,"refund":2}"#;
    put(failed, "failed job 77");
    let closed = r#"{"notification":"order_closed","order":1,"delivered":2,"count":3}"#;
    put(closed, "closing order 77");
    put(r#"{"notification":"credits_granted","amount":7,"balance":8}"#, "grant old");
    let screen = r#"{"text":"старый <b>экран</b>","buttons":[[{"label":"Меню","tap":"h"}]]}"#;
    world.database_changes(&format!(
        "insert into outbox (chat_id, kind, body, due_at, created_at)
         values ({}, 'screen', '{screen}', 0, 0)",
        anna.id()
    ));
    let before = texts(&anna).len();
    world.settles();
    let told = texts(&anna)[before..].to_vec();
    assert!(told[0].starts_with("❌ Произошла ошибка. Вернули 2 кредита ✅"), "{told:#?}");
    assert!(told[1].contains("все 3 видео"), "as it is now: {told:#?}");
    assert!(told[2].contains("Вам начислено: 7 кредитов. На балансе: 0 кредитов"), "{told:#?}");
    assert_eq!((told[3].as_str(), anna.last().unwrap().labels()), ("старый экран", vec!["Меню"]));
}

#[test]
fn a_grant_names_the_balance_of_the_moment_it_is_told() {
    let (world, anna) = World::with_anna(1);
    let mut world = world;
    world.settles();
    world.grants(&anna, 5);
    world.grants(&anna, 7);
    world.settles();
    assert_eq!(count_of(&anna, "На балансе: 13 кредитов"), 2, "{:#?}", texts(&anna));
}
