//! An order is called off: what nothing was submitted of comes back at once and once, and what is being
//! filmed goes on.

use std::{collections::BTreeSet, time::Duration};

use reelbot::testing::{
    chat::Tap,
    domain::{FailureKind, MessageId, Status},
    sandbox::{FailureText, ModelState, Person, RenderOutcome},
};

use crate::waiting::{one_at_a_time, order_message, says};
use crate::world::{
    MODELS, World,
    checks::{closings, count_of, reads, texts},
    faults::refuse,
    people::{button, count_button},
};

/// Boris's video keeps the studio busy, and Anna has so many credits.
fn busy(model: &str, credits: i64) -> (World, Person) {
    let mut world = one_at_a_time(model);
    let boris = world.person_with("Борис", "ru", 1);
    world.orders(&boris, 1);
    let anna = world.person_with("Анна", "ru", credits);
    (world, anna)
}

/// A person taps "✖️ Cancel"; what they are told.
fn cancels(world: &mut World, person: &Person) -> String {
    let (message, data) = button(person, Tap::CANCEL);
    forges(world, person, message.id, &data)
}

fn forges(world: &mut World, person: &Person, message: MessageId, data: &str) -> String {
    let tap = person.forges_tap(message, data);
    world.settles();
    world.toast(person, &tap).replace('\u{a0}', " ")
}

/// How the jobs ended that failed or were called off.
fn ends(world: &World) -> Vec<Option<FailureKind>> {
    world.jobs().iter().filter(|job| job.status == Status::Failed).map(|job| job.failure).collect()
}

#[test]
fn an_order_that_waits_comes_back_at_once() {
    for model in MODELS {
        let (mut world, anna) = busy(model, 4);
        world.orders(&anna, 3);
        let (id, before) = (order_message(&anna).id, texts(&anna).len());
        assert_eq!(order_message(&anna).labels(), ["✖️ Отменить"]);
        assert_eq!(cancels(&mut world, &anna), "Отменено 3 видео, вернули 3 кредита");
        assert_eq!(
            (world.balance(&anna), ends(&world)),
            (4, vec![Some(FailureKind::Cancelled); 3])
        );
        world.passes(Duration::from_secs(5));
        assert_eq!(says(&anna, id), "✖️ Заказ на 3 видео отменён, кредиты вернули.");
        assert_eq!(closings(&anna), 1);
        assert!(reads(&anna, "Заказ отменён, кредиты вернули. Фото у меня"), "{:#?}", texts(&anna));
        assert_eq!(texts(&anna).len(), before + 1, "nothing else is said: {:#?}", texts(&anna));
        world.all_work_is_done();
        assert_eq!(world.stage.kie.tasks().len(), 1, "Boris's");
        world.taps(&anna, Tap::MORE_WITH_PHOTO);
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 1, "the product can be filmed in another way");
    }
}

#[test]
fn what_is_being_filmed_is_said_and_goes_on() {
    for model in MODELS {
        let mut world = one_at_a_time(model);
        let anna = world.person_with("Анна", "ru", 3);
        world.orders(&anna, 3);
        let id = order_message(&anna).id;
        let said = cancels(&mut world, &anna);
        let expected = "Отменено 2 видео, вернули 2 кредита. Ещё одно уже снимается и придёт";
        assert_eq!((said.as_str(), world.balance(&anna)), (expected, 2));
        world.passes(Duration::from_secs(5));
        assert!(says(&anna, id).contains("Отменено 2 видео"), "{}", says(&anna, id));
        assert!(says(&anna, id).contains("Снимается 1 видео"), "{}", says(&anna, id));
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna), closings(&anna)), (1, 2, 1));
        assert!(reads(&anna, "Готово 1 из 3 видео. Остальное отменено"), "{:#?}", texts(&anna));
        assert_eq!(says(&anna, id), "✅ Готово 1 из 3 видео, за остальное кредиты вернули.");
    }
}

#[test]
fn an_english_speaker_calls_it_off_in_english() {
    let (mut world, _) = busy(MODELS[0], 0);
    let chloe = world.person_with("Chloe", "en", 1);
    world.orders(&chloe, 1);
    assert_eq!(order_message(&chloe).labels(), ["✖️ Cancel"]);
    assert_eq!(cancels(&mut world, &chloe), "1 video was called off, 1 credit back");
    assert!(
        reads(&chloe, "The order was called off, your credit is back."),
        "{:#?}",
        texts(&chloe)
    );
    world.all_work_is_done();
}

#[test]
fn only_its_owner_calls_an_order_off_and_only_once() {
    let (mut world, anna) = busy(MODELS[0], 3);
    world.orders(&anna, 3);
    let (message, data) = button(&anna, Tap::CANCEL);
    let mallory = world.person_with("Mallory", "en", 1);
    let greeting = mallory.last().unwrap().id;
    for data in [data.as_str(), "c:999", "c:-1", "c:9223372036854775807"] {
        let said = forges(&mut world, &mallory, greeting, data);
        assert_eq!(said, "This button is out of date", "{data}");
    }
    assert_eq!((world.balance(&mallory), world.balance(&anna), ends(&world).len()), (1, 0, 0));
    anna.taps_twice(message.id, &data).unwrap();
    anna.forges_tap(message.id, &data);
    world.settles();
    assert_eq!((world.balance(&anna), ends(&world).len(), closings(&anna)), (3, 3, 1));
    assert_eq!(forges(&mut world, &anna, message.id, &data), "Этот заказ уже завершён");
    world.all_work_is_done();
    assert_eq!(forges(&mut world, &anna, message.id, &data), "Этот заказ уже завершён");
    assert_eq!(world.balance(&anna), 3);
}

#[test]
fn what_is_filmed_or_delivered_is_not_called_off() {
    let mut world = World::new();
    let anna = world.person_with("Анна", "ru", 1);
    world.orders(&anna, 1);
    let (message, data) = button(&anna, Tap::CANCEL);
    world.passes(Duration::from_secs(5));
    assert!(anna.chat().iter().all(|message| !message.data().any(|data| data.starts_with("c:"))));
    let said = forges(&mut world, &anna, message.id, &data);
    assert_eq!(said, "Уже снимается, отменить нельзя. Пришлю, как только будет готово");
    world.all_work_is_done();
    assert_eq!(forges(&mut world, &anna, message.id, &data), "Этот заказ уже завершён");
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 0));
}

#[test]
fn what_is_held_or_waits_for_another_attempt_can_be_called_off() {
    for model in MODELS {
        let mut world = one_at_a_time(model);
        let anna = world.person_with("Анна", "ru", 1);
        world.stage.kie.model_state(model, ModelState::Paused);
        world.orders(&anna, 1);
        assert_eq!(cancels(&mut world, &anna), "Отменено 1 видео, вернули 1 кредит");
        world.stage.kie.model_state(model, ModelState::Alive);
        world.passes(Duration::from_mins(2));
        world.janitor_goes_round();
        world.all_work_is_done();
        assert_eq!((world.balance(&anna), world.stage.kie.tasks().len()), (1, 0));

        world.stage.kie.script([refuse(500, "the server is busy")]);
        world.orders(&anna, 1);
        assert_eq!(cancels(&mut world, &anna), "Отменено 1 видео, вернули 1 кредит");
        world.all_work_is_done();
        assert_eq!((world.balance(&anna), world.stage.kie.tasks().len()), (1, 0));
        assert_eq!(ends(&world), vec![Some(FailureKind::Cancelled); 2]);
        assert_eq!(count_of(&anna, "Произошла ошибка"), 0);
    }
}

#[test]
fn a_video_that_may_have_been_submitted_is_not_called_off() {
    let (mut world, anna) = busy(MODELS[0], 3);
    world.orders(&anna, 3);
    let (message, data) = button(&anna, Tap::CANCEL);
    world.database_changes(
        "update generation_jobs set lost_submissions = 1 where order_id = 2 and number = 1",
    );
    let said = forges(&mut world, &anna, message.id, &data);
    assert!(said.starts_with("Отменено 2 видео, вернули 2 кредита. Ещё одно"), "{said}");
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 2));
}

#[test]
fn the_persons_next_order_moves_up() {
    let (mut world, anna) = busy(MODELS[0], 2);
    world.orders(&anna, 1);
    let (message, data) = button(&anna, Tap::CANCEL);
    world.orders(&anna, 1);
    forges(&mut world, &anna, message.id, &data);
    world.adds_up();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna), closings(&anna)), (1, 1, 2));
}

#[test]
fn a_photo_that_was_refused_is_so_whatever_was_called_off() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 3);
    let people = "We currently do not support uploads of images containing photorealistic people.";
    world.stage.kie.script([RenderOutcome::Fail(FailureText::new("500", people))]);
    world.orders(&anna, 3);
    cancels(&mut world, &anna);
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 3);
    button(&anna, Tap::ANOTHER_PHOTO);
}

#[test]
fn a_kill_around_it_neither_loses_nor_doubles_it() {
    let at_each = [
        |world: &mut World| world.restarts(),
        |world: &mut World| {
            world.polls();
            world.restarts();
        },
        |world: &mut World| {
            world.answers_updates();
            world.restarts();
        },
        |world: &mut World| {
            world.settles();
            world.restarts();
        },
    ];
    for kill in at_each {
        let (mut world, anna) = busy(MODELS[0], 3);
        world.orders(&anna, 3);
        let (message, data) = button(&anna, Tap::CANCEL);
        anna.taps(message.id, &data).unwrap();
        kill(&mut world);
        world.settles();
        world.passes(Duration::from_mins(2));
        assert_eq!((world.balance(&anna), ends(&world).len(), closings(&anna)), (3, 3, 1));
        let said = says(&anna, message.id);
        assert_eq!(said, "✖️ Заказ на 3 видео отменён, кредиты вернули.");
        world.all_work_is_done();
    }
}

#[test]
fn in_a_race_with_the_workers_each_video_is_filmed_or_refunded_and_never_both() {
    for round in 0..3 {
        let mut world = World::new();
        let people: Vec<Person> =
            (0..4).map(|number| world.person_with(&format!("P{round}{number}"), "ru", 5)).collect();
        for person in &people {
            world.sends_photo(person);
            world.taps(person, Tap::PRESET);
        }
        for person in &people {
            let (message, data) = count_button(person, 5);
            person.taps(message.id, &data).unwrap();
        }
        // The orders are placed, and no worker has come to them yet.
        world.answers_updates();
        world.races_to_cancel(&people, 5);
    }
}

#[test]
fn orders_of_one_minute_are_told_apart_and_each_button_calls_off_its_own() {
    let (mut world, anna) = busy(MODELS[0], 8);
    for preset in [0, 1, 1, 1] {
        world.sends_photo(&anna);
        let (ideas, _) = button(&anna, Tap::PRESET);
        let data: Vec<&str> = ideas.data().filter(|data| data.starts_with(Tap::PRESET)).collect();
        anna.taps(ideas.id, data[preset]).unwrap();
        world.settles();
        world.taps_count(&anna, 1);
    }
    anna.sends_text("/cancel");
    world.settles();
    let list = anna.last().unwrap();
    let labels: Vec<&str> = list.labels();
    assert_eq!(labels.iter().collect::<BTreeSet<_>>().len(), 4, "{labels:?}");
    assert!(labels[0].contains("Прокрути"), "{labels:?}");
    assert!(labels[2].contains("(2)") && labels[3].contains("(3)"), "{labels:?}");
    let data = list.data().nth(2).unwrap().to_owned();
    anna.taps(list.id, &data).unwrap();
    world.settles();
    let called_off: Vec<_> =
        world.jobs().iter().filter(|job| job.failure.is_some()).map(|job| job.order).collect();
    assert_eq!(called_off.len(), 1);
    assert_eq!(data, format!("c:{}", called_off[0]));
}
