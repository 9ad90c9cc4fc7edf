//! Products of a series whose photo can be had no more: told by their numbers, which never shift.

use reelbot::testing::{
    chat::AlbumTap,
    sandbox::{Fault, Person, PlannedFault},
};

use crate::albums::{different, many};
use crate::series::{label, order};
use crate::world::{
    MODELS, World,
    checks::{reads, texts},
};

fn sends_series(world: &mut World, person: &Person, photos: u8) {
    person.sends_album(&different(photos)).unwrap();
    world.settles();
    let (question, data) = many(person);
    person.taps(question.id, &data).unwrap();
    world.settles();
}

fn goes_on(person: &Person) -> bool {
    person.last().unwrap().data().any(|data| data.starts_with(AlbumTap::MORE))
}

#[test]
fn a_photo_that_is_gone_before_its_script_is_told_by_its_number_and_the_others_keep_theirs() {
    for model in MODELS {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 9);
        sends_series(&mut world, &anna, 4);
        world.database_changes("update photos set bot_id = 0 where id = 2");
        world.taps(&anna, AlbumTap::PRESET);
        let (screen, data) = order(&anna, 1);
        let text = &screen.text;
        assert!(text.contains("Telegram больше не отдаёт фото: Товар 2."), "{text}");
        assert!(!text.contains("не подошло"), "{text}");
        assert!(text.contains("1. ") && text.contains("\n3. ") && text.contains("\n4. "), "{text}");
        assert_eq!(label(&screen, &data), "3 × 1 видео · 3 кредита");
        anna.taps(screen.id, &data).unwrap();
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 6), "{model}");
        assert_eq!(world.count("select sum(place) from orders"), 1 + 3 + 4);
        assert!(goes_on(&anna));
        world.taps(&anna, AlbumTap::MORE);
        world.taps(&anna, AlbumTap::PRESET);
        let text = order(&anna, 1).0.text;
        assert!(!text.contains("\n2. ") && text.contains("\n4. "), "{text}");
        assert!(!text.contains("больше не отдаёт"), "it was never of this series: {text}");
    }
}

#[test]
fn a_photo_that_is_gone_before_the_order_leaves_the_series_and_the_rest_can_be_ordered() {
    let (mut world, anna) = World::with_anna(9);
    sends_series(&mut world, &anna, 3);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, old) = order(&anna, 1);
    world.database_changes("update photos set bot_id = 0 where id = 3");
    let tap = anna.forges_tap(screen.id, &old);
    world.settles();
    assert!(world.toast(&anna, &tap).contains("фото больше нет"), "{}", world.toast(&anna, &tap));
    assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 9));
    let (screen, data) = order(&anna, 1);
    assert!(screen.text.contains("не отдаёт фото: Товар 3."), "{}", screen.text);
    anna.forges_tap(screen.id, &old);
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 9));
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 7));
}

#[test]
fn a_photo_that_is_gone_after_the_order_is_told_as_gone_with_its_number() {
    let (mut world, anna) = World::with_anna(9);
    sends_series(&mut world, &anna, 3);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.answers_updates();
    world.database_changes("update photos set bot_id = 0 where id = 3");
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 7));
    let summary = anna.last().unwrap().text;
    assert!(summary.contains("Telegram больше не отдаёт это фото"), "{summary}");
    assert!(summary.contains("📦 Товар 3") && !summary.contains("чёткий снимок"), "{summary}");
    assert!(goes_on(&anna), "two can be filmed");
}

#[test]
fn where_nothing_is_left_to_film_no_other_idea_is_offered() {
    let (mut world, anna) = World::with_anna(9);
    sends_series(&mut world, &anna, 2);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.answers_updates();
    world.database_changes("update photos set bot_id = 0");
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (0, 9));
    let summary = anna.last().unwrap();
    assert!(summary.text.contains("📦 Товар 1, Товар 2"), "{}", summary.text);
    assert!(!goes_on(&anna) && !summary.text.contains("Фото уже у меня"), "{summary:?}");
}

#[test]
fn a_series_whose_photos_are_all_gone_says_so() {
    let (mut world, anna) = World::with_anna(9);
    sends_series(&mut world, &anna, 2);
    world.database_changes("update photos set bot_id = 0");
    world.taps(&anna, AlbumTap::PRESET);
    assert!(reads(&anna, "не отдаёт фото: Товар 1, Товар 2."), "{:#?}", texts(&anna));
    assert!(!reads(&anna, "Пишу сценарии"), "{:#?}", texts(&anna));
}

#[test]
fn a_photo_that_telegram_finds_no_more_at_the_script_is_told_as_gone() {
    let (mut world, anna) = World::with_anna(9);
    world.stage.telegram.plan(PlannedFault::new(Fault::ServerError).on("getFile").times(2));
    sends_series(&mut world, &anna, 2);
    world.database_changes("update photos set file_id = 'gone', checked_at = null where id = 2");
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    assert!(screen.text.contains("не отдаёт фото: Товар 2."), "{}", screen.text);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, 8));
}
