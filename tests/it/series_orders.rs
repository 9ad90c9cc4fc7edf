//! The orders of a series live like a single one: one message tells how they stand, one tap calls them off.

use std::time::Duration;

use reelbot::testing::{
    chat::{AlbumTap, Tap},
    domain::{FailureKind, MessageId},
    sandbox::{FailureText, GptReply, Person, RenderOutcome},
};

use crate::series::{label, order, sends};
use crate::waiting::{one_at_a_time, order_message, says};
use crate::world::{
    MODELS, World,
    checks::{count_of, reads, texts},
    people::{button, button_with},
};

/// Longer than the time between two edits of a message.
const SOON: Duration = Duration::from_secs(5);

/// A series of so many products is ordered, one video of each; the message of its orders.
fn orders(world: &mut World, person: &Person, products: u8, captions: &[&str]) -> MessageId {
    sends(world, person, products, captions);
    world.taps(person, AlbumTap::PRESET);
    let (screen, data) = order(person, 1);
    person.taps(screen.id, &data).unwrap();
    world.settles();
    order_message(person).id
}

/// The studio makes one video at a time, and is busy with another's.
fn busy(model: &str, credits: i64) -> (World, Person) {
    let mut world = one_at_a_time(model);
    let boris = world.person_with("Борис", "ru", 1);
    world.orders(&boris, 1);
    let anna = world.person_with("Анна", "ru", credits);
    (world, anna)
}

fn forges(world: &mut World, person: &Person, message: MessageId, data: &str) -> String {
    let tap = person.forges_tap(message, data);
    world.settles();
    world.toast(person, &tap).replace('\u{a0}', " ")
}

fn labels(person: &Person, id: MessageId) -> Vec<String> {
    let found = person.chat().into_iter().find(|message| message.id == id).unwrap();
    found.labels().into_iter().map(str::to_owned).collect()
}

fn cancelled(world: &World) -> usize {
    let is_off = |failure: Option<FailureKind>| failure == Some(FailureKind::Cancelled);
    world.jobs().iter().filter(|job| is_off(job.failure)).count()
}

#[test]
fn one_message_tells_a_series_from_its_beginning_to_its_end() {
    for model in MODELS {
        let mut world = one_at_a_time(model);
        let anna = world.person_with("Анна", "ru", 4);
        let id = orders(&mut world, &anna, 3, &[]);
        let before = texts(&anna).len();
        assert!(says(&anna, id).contains("Генерация 3 видео запущена"), "{}", says(&anna, id));
        assert!(says(&anna, id).contains("На балансе: 1 кредит"), "{}", says(&anna, id));
        world.passes(SOON);
        assert!(says(&anna, id).contains("Снимается 1 видео"), "{}", says(&anna, id));
        assert_eq!(labels(&anna, id), ["✖️ Отменить 2 видео"]);
        while anna.videos().is_empty() {
            world.passes(Duration::from_secs(30));
        }
        world.passes(SOON);
        assert!(says(&anna, id).contains("Готово 1 из 3 видео"), "{}", says(&anna, id));
        world.all_work_is_done();
        assert_eq!(
            (says(&anna, id).as_str(), labels(&anna, id).len()),
            ("✅ Все 3 видео у вас.", 0)
        );
        assert_eq!(texts(&anna).len(), before + 4, "three videos and the summary");
        assert_eq!(world.count("select count(*) from status_messages"), 0);
    }
}

#[test]
fn the_first_that_fails_is_told_while_the_others_are_made() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 3);
    let people = "The uploaded image contains photorealistic people";
    world.stage.kie.next(RenderOutcome::Fail(FailureText::new("400", people)));
    let id = orders(&mut world, &anna, 3, &[]);
    while world.balance(&anna) == 0 {
        world.passes(Duration::from_secs(30));
    }
    world.passes(SOON);
    assert!(says(&anna, id).contains("Не получилось 1 видео"), "{}", says(&anna, id));
    world.all_work_is_done();
    assert!(says(&anna, id).starts_with("✅ Готово 2 из 3 видео"), "{}", says(&anna, id));
}

#[test]
fn a_series_that_waits_comes_back_at_once_and_once() {
    for model in MODELS {
        let (mut world, anna) = busy(model, 5);
        let id = orders(&mut world, &anna, 4, &[]);
        assert_eq!(labels(&anna, id), ["✖️ Отменить"]);
        let (message, data) = button(&anna, Tap::CANCEL);
        let mallory = world.person_with("Mallory", "en", 1);
        let greeting = mallory.last().unwrap().id;
        assert_eq!(forges(&mut world, &mallory, greeting, &data), "This button is out of date");
        anna.taps_twice(message.id, &data).unwrap();
        world.settles();
        assert_eq!((world.balance(&anna), cancelled(&world)), (5, 4));
        assert_eq!(forges(&mut world, &anna, message.id, &data), "Этот заказ уже завершён");
        world.passes(SOON);
        assert_eq!(says(&anna, id), "✖️ Заказ на 4 видео отменён, кредиты вернули.");
        assert_eq!(count_of(&anna, "Заказ отменён, кредиты вернули. Фото у меня"), 1);
        assert!(!reads(&anna, "не получились") && !reads(&anna, "🎉"), "{:#?}", texts(&anna));
        world.all_work_is_done();
        assert_eq!((world.balance(&anna), world.stage.kie.tasks().len()), (5, 1), "Boris's");
        world.taps(&anna, AlbumTap::MORE);
        assert!(reads(&anna, "Товаров: 4"), "{:#?}", texts(&anna));
    }
}

#[test]
fn what_of_a_series_is_being_filmed_is_said_and_goes_on() {
    for model in MODELS {
        let mut world = one_at_a_time(model);
        let anna = world.person_with("Анна", "ru", 3);
        let id = orders(&mut world, &anna, 3, &[]);
        let (message, data) = button(&anna, Tap::CANCEL);
        let said = forges(&mut world, &anna, message.id, &data);
        assert_eq!(said, "Отменено 2 видео, вернули 2 кредита. Ещё одно уже снимается и придёт");
        let said = forges(&mut world, &anna, message.id, &data);
        assert!(said.starts_with("Уже снимается, отменить нельзя"), "{said}");
        world.passes(SOON);
        assert!(says(&anna, id).contains("Отменено 2 видео"), "{}", says(&anna, id));
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 2));
        let summary = anna.last().unwrap().text;
        assert!(summary.starts_with("Готово 1 из 3 видео."), "{summary}");
        assert!(summary.contains("✖️ Отменено 2 видео, кредиты за них вернули."), "{summary}");
        assert!(!summary.contains("олучилось") && !summary.contains("🎉"), "{summary}");
        assert_eq!(says(&anna, id), "✅ Готово 1 из 3 видео, за остальное кредиты вернули.");
    }
}

#[test]
fn an_english_speaker_calls_a_series_off_in_english() {
    let (mut world, _) = busy(MODELS[0], 0);
    let chloe = world.person_with("Chloe", "en", 2);
    let id = orders(&mut world, &chloe, 2, &[]);
    assert!(reads(&chloe, "Those were your last credits"), "{:#?}", texts(&chloe));
    let (message, data) = button(&chloe, Tap::CANCEL);
    let said = forges(&mut world, &chloe, message.id, &data);
    assert_eq!(said, "2 videos were called off, 2 credits back");
    world.passes(SOON);
    assert!(says(&chloe, id).contains("called off"), "{}", says(&chloe, id));
    world.all_work_is_done();
}

#[test]
fn in_a_race_with_the_workers_each_video_of_a_series_is_filmed_or_refunded() {
    let mut world = World::new();
    let people: Vec<Person> =
        (0..3).map(|number| world.person_with(&format!("P{number}"), "ru", 4)).collect();
    for person in &people {
        sends(&mut world, person, 4, &[]);
        world.taps(person, AlbumTap::PRESET);
    }
    for person in &people {
        let (screen, data) = order(person, 1);
        person.taps(screen.id, &data).unwrap();
    }
    world.answers_updates();
    world.races_to_cancel(&people, 4);
    assert_eq!(world.count("select count(*) from status_messages"), 0);
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
    ];
    for kill in at_each {
        let (mut world, anna) = busy(MODELS[0], 3);
        let id = orders(&mut world, &anna, 3, &[]);
        let (message, data) = button(&anna, Tap::CANCEL);
        anna.taps(message.id, &data).unwrap();
        kill(&mut world);
        world.settles();
        world.passes(Duration::from_mins(2));
        assert_eq!((world.balance(&anna), cancelled(&world)), (3, 3));
        assert_eq!(says(&anna, id), "✖️ Заказ на 3 видео отменён, кредиты вернули.");
        assert_eq!(count_of(&anna, "Фото у меня: можно снять по-другому"), 1);
        world.all_work_is_done();
    }
}

#[test]
fn what_is_ordered_later_of_a_series_has_a_message_of_its_own() {
    let (mut world, anna) = busy(MODELS[0], 2);
    sends(&mut world, &anna, 5, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.settles();
    let (short, fits) = order(&anna, 1);
    anna.taps(short.id, &fits).unwrap();
    world.settles();
    let first = order_message(&anna).id;
    assert!(says(&anna, first).contains("Это были последние кредиты"), "{}", says(&anna, first));
    assert_eq!(labels(&anna, first), ["✖️ Отменить", "➕ Ещё товаров: 3"]);
    world.passes(SOON);
    assert_eq!(labels(&anna, first), ["✖️ Отменить", "➕ Ещё товаров: 3"], "it stays below");
    world.grants(&anna, 3);
    world.taps(&anna, AlbumTap::SERIES);
    world.passes(SOON);
    let (rest, data) = order(&anna, 1);
    assert_eq!(label(&rest, &data), "3 × 1 видео · 3 кредита", "the status shows elsewhere");
    anna.taps(rest.id, &data).unwrap();
    world.settles();
    let second = order_message(&anna).id;
    assert_ne!(first, second);
    world.taps(&anna, Tap::CANCEL);
    world.passes(SOON);
    assert_eq!(says(&anna, second), "✖️ Заказ на 3 видео отменён, кредиты вернули.");
    assert!(says(&anna, first).contains("Генерация 2 видео запущена"), "{}", says(&anna, first));
    assert_eq!((world.balance(&anna), cancelled(&world)), (3, 3));
    world.all_work_is_done();
    assert_eq!((says(&anna, first).as_str(), anna.videos().len()), ("✅ Оба видео у вас.", 2));
    assert_eq!(world.balance(&anna), 3);
    let summary = anna.last().unwrap().text;
    assert!(summary.contains("Готово 2 из 5") && summary.contains("Отменено 3"), "{summary}");
}

#[test]
fn a_product_without_a_name_is_called_by_its_number() {
    for (language, second, refused) in
        [("ru", "Товар 2", "📦 Товар 1"), ("en", "Product 2", "📦 Product 1")]
    {
        let mut world = one_at_a_time(MODELS[0]);
        let anna = world.person_with("Анна", language, 3);
        let brand = "The prompt contains a copyrighted brand";
        world.stage.kie.next(RenderOutcome::Fail(FailureText::new("400", brand)));
        orders(&mut world, &anna, 3, &["", "", "арт. 300"]);
        world.all_work_is_done();
        let said: Vec<String> =
            anna.videos().iter().map(|video| video.text.replace('\u{a0}', " ")).collect();
        assert!(said.iter().any(|text| text.contains(&format!("📦 {second}"))), "{said:?}");
        assert!(said.iter().any(|text| text.contains("📦 арт. 300")), "{said:?}");
        assert!(reads(&anna, refused), "{:#?}", texts(&anna));
        anna.sends_text("/my");
        world.settles();
        let list = anna.last().unwrap().text.replace('\u{a0}', " ");
        assert!(list.contains(&format!(" · {second} · ")), "{list}");
        world.taps(&anna, Tap::REWRITE);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 0));
    }
}

#[test]
fn each_refused_photo_of_a_series_can_be_replaced() {
    let mut world = one_at_a_time(MODELS[0]);
    let anna = world.person_with("Анна", "ru", 2);
    let people = "The uploaded image contains photorealistic people";
    world.stage.kie.next(RenderOutcome::Fail(FailureText::new("400", people)));
    orders(&mut world, &anna, 2, &[]);
    world.all_work_is_done();
    assert_eq!(anna.last().unwrap().labels()[0], "📸 Другое фото");
    world.taps(&anna, Tap::ANOTHER_PHOTO);
    assert!(reads(&anna, "Отправьте фото товара"), "{:#?}", texts(&anna));
}

/// The labels that call something off, of the last message.
fn offers_to_cancel(person: &Person) -> Vec<String> {
    let labels = person.last().unwrap();
    let labels = labels.labels().into_iter().filter(|label| label.starts_with("✖️"));
    labels.map(|label| label.replace('\u{a0}', " ")).collect()
}

#[test]
fn whoever_asks_can_call_each_order_off_by_its_name() {
    let (mut world, anna) = busy(MODELS[0], 20);
    orders(&mut world, &anna, 3, &[]);
    anna.sends_photo_with(reelbot::testing::sandbox::PHOTO, "арт. 77").unwrap();
    world.settles();
    world.taps(&anna, Tap::PRESET);
    world.taps_count(&anna, 3);
    world.orders(&anna, 1);
    for words in ["отмена", "/cancel"] {
        anna.sends_text(words);
        world.settles();
        let offered = offers_to_cancel(&anna);
        assert_eq!(offered.len(), 3, "{offered:?}");
        assert!(offered[0].starts_with("✖️ 3 видео: 3 товара, "), "{offered:?}");
        assert_eq!(offered[1], "✖️ 3 видео: арт. 77");
        assert!(offered[2].starts_with("✖️ 1 видео: "), "{offered:?}");
    }
    let (list, series) = button_with(&anna, |data| data == "c:2");
    let said = forges(&mut world, &anna, list.id, &series);
    assert_eq!(said, "Отменено 3 видео, вернули 3 кредита");
    // While a text is awaited, what can be called off is shown as well.
    world.sends_photo(&anna);
    anna.sends_text("отмена");
    world.settles();
    let shown = anna.last().unwrap();
    assert!(shown.text.contains("текст больше не жду"), "{}", shown.text);
    assert!(shown.text.contains("4 видео в работе"), "{}", shown.text);
    assert_eq!(offers_to_cancel(&anna).len(), 2);
    world.all_work_is_done();
    world.sends_photo(&anna);
    anna.sends_text("отмена");
    world.settles();
    assert!(!anna.last().unwrap().text.contains("в работе"), "nothing is");
}

#[test]
fn a_script_that_a_person_was_away_for_can_be_had_again() {
    let (mut world, anna) = World::with_anna(3);
    sends(&mut world, &anna, 3, &[]);
    let (ideas, preset) = button(&anna, AlbumTap::PRESET);
    anna.taps(ideas.id, &preset).unwrap();
    world.answers_updates();
    world.messages_are_sent();
    anna.blocks();
    world.settles();
    anna.unblocks();
    world.settles();
    assert!(reads(&anna, "Пишу сценарии"), "{:#?}", texts(&anna));
    world.taps(&anna, AlbumTap::REFRESH);
    assert!(!reads(&anna, "Пишу сценарии"), "{:#?}", texts(&anna));
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 3);
}

#[test]
fn a_series_that_is_forgotten_is_stale_and_leaves_nothing_behind() {
    let (mut world, anna) = World::with_anna(3);
    world.stage.gpt.usually(GptReply::Refuse);
    sends(&mut world, &anna, 2, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    sends(&mut world, &anna, 3, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    let (first, first_data) = button_with(&anna, |data| data.starts_with("no:1:"));
    assert_eq!(world.count("select count(*) from batches"), 2);
    world.passes(Duration::from_hours(8 * 24));
    world.janitor_goes_round();
    assert_eq!(world.count("select count(*) from drafts"), 0);
    assert_eq!(world.count("select id from batches"), 2, "the one that was ordered stays");
    for data in [first_data.as_str(), "ns:1", "nr:1", "na:1:1:1", "nl:1:5", "ns:2", "nr:2"] {
        assert_eq!(forges(&mut world, &anna, first.id, data), "Эта кнопка устарела", "{data}");
    }
    assert!(!reads(&anna, "Ни одно из этих фото"), "{:#?}", texts(&anna));
    assert_eq!((world.jobs().len(), world.balance(&anna)), (3, 0));
}

#[test]
fn videos_that_waited_in_vain_are_told_as_that_and_not_as_an_error() {
    let (mut world, anna) = World::with_anna(2);
    orders(&mut world, &anna, 2, &[]);
    anna.blocks();
    world.passes(Duration::from_hours(11 * 24));
    assert_eq!(world.balance(&anna), 2);
    anna.unblocks();
    world.settles();
    assert!(reads(&anna, "2 видео были готовы и ждали вас десять дней"));
    assert!(!reads(&anna, "Произошла ошибка"));
}
