//! Series: many products, one idea, one order.

use crate::albums::{different, many};
use crate::world::{
    MODELS, World,
    checks::{closings, count_of, reads, texts},
    people::{button, button_with},
};
use reelbot::testing::{
    chat::{AlbumTap, Tap, VideoTap},
    sandbox::{FailureText, GptReply, Person, RenderOutcome, ShownMessage},
};

/// So many different products, with these words under them.
pub(crate) fn sends(world: &mut World, person: &Person, products: u8, captions: &[&str]) {
    person.sends_album_with(&different(products), captions).unwrap();
    world.settles();
    let (question, data) = many(person);
    person.taps(question.id, &data).unwrap();
    world.settles();
}

/// The last button that orders so many videos of each.
pub(crate) fn order(person: &Person, count: u32) -> (ShownMessage, String) {
    let is_it =
        |tap: Tap| matches!(tap, Tap::Album(AlbumTap::Order { count: of, .. }) if of == count);
    button_with(person, |data| Tap::parse(data).is_some_and(is_it))
}

pub(crate) fn label(message: &ShownMessage, data: &str) -> String {
    let mut buttons = message.buttons.iter().flatten();
    buttons.find(|button| button.data.as_deref() == Some(data)).unwrap().label.clone()
}

fn charges(world: &World) -> i64 {
    world.count("select coalesce(sum(-amount), 0) from credit_entries where kind = 'charge'")
}

#[test]
fn words_that_are_changed_under_a_photo_of_a_series_are_shown_among_its_ideas() {
    let (mut world, anna) = World::with_anna(3);
    let sent = anna.sends_album_with(&different(3), &["", "пусть идёт снег"]).unwrap();
    world.settles();
    let (question, answer) = many(&anna);
    anna.taps(question.id, &answer).unwrap();
    world.settles();
    let before = anna.chat().len();
    anna.edits_message(sent[1], "пусть идёт дождь");
    world.settles();
    assert_eq!(anna.chat().len(), before, "nothing is asked about one product");
    assert!(reads(&anna, "пусть идёт дождь") && !reads(&anna, "снег"), "{:#?}", texts(&anna));
    anna.edits_message(sent[0], "пусть светит солнце");
    world.settles();
    assert_eq!(anna.chat().len(), before);
    world.taps(&anna, AlbumTap::PRESET);
    anna.edits_message(sent[2], "пусть дует ветер");
    world.settles();
    assert!(button(&anna, AlbumTap::ORDER).0.text.contains("Сценарии готовы"), "she has gone on");
}

#[test]
fn ten_products_are_one_idea_one_order_and_one_summary() {
    for model in MODELS {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", "ru", 12);
        sends(&mut world, &anna, 10, &["арт. 101", "арт. 102"]);
        assert!(reads(&anna, "Товаров: 10"), "{:#?}", texts(&anna));
        world.taps(&anna, AlbumTap::PRESET);
        assert_eq!(world.stage.gpt.seen().len(), 10, "a script for each");
        assert!(!reads(&anna, "Пишу сценарии"), "{:#?}", texts(&anna));
        assert!(reads(&anna, "1. арт. 101") && reads(&anna, "10. "), "{:#?}", texts(&anna));
        let (screen, data) = order(&anna, 1);
        assert_eq!(label(&screen, &data), "10 × 1 видео · 10 кредитов");
        anna.taps_twice(screen.id, &data).unwrap();
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (10, 2), "{model}");
        assert_eq!(count_of(&anna, "Готово 10 из 10 видео"), 1, "{:#?}", texts(&anna));
        assert_eq!(closings(&anna), 0, "one summary and no other");
        assert_eq!(world.count("select count(distinct batch_id) from orders"), 1);
        let named = anna.videos().iter().filter(|v| v.text.contains("📦 арт. 10")).count();
        assert_eq!(named, 2);
        assert_eq!(charges(&world), 10);
    }
}

#[test]
fn how_far_the_scripts_are_is_said_in_one_message() {
    let (mut world, anna) = World::with_anna(4);
    sends(&mut world, &anna, 4, &[]);
    let (ideas, preset) = button(&anna, AlbumTap::PRESET);
    let before = texts(&anna).len();
    anna.taps(ideas.id, &preset).unwrap();
    world.answers_updates();
    world.messages_are_sent();
    assert!(reads(&anna, "Готово 0 из 4"), "{:#?}", texts(&anna));
    assert_eq!(texts(&anna).len(), before);
    world.settles();
    assert!(reads(&anna, "Сценарии готовы"), "{:#?}", texts(&anna));
    assert_eq!(texts(&anna).len(), before);
}

#[test]
fn a_second_tap_on_an_idea_begins_nothing() {
    let (mut world, anna) = World::with_anna(4);
    sends(&mut world, &anna, 4, &[]);
    let (ideas, preset) = button(&anna, AlbumTap::PRESET);
    anna.taps_twice(ideas.id, &preset).unwrap();
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 4);
    assert_eq!(world.count("select count(*) from batches"), 1);
}

#[test]
fn too_few_credits_charge_nothing_and_offer_as_many_as_they_are_enough_for() {
    let (mut world, anna) = World::with_anna(6);
    sends(&mut world, &anna, 10, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (all, data) = order(&anna, 1);
    anna.taps(all.id, &data).unwrap();
    world.settles();
    assert!(reads(&anna, "нужно ещё 4 кредита"), "{:#?}", texts(&anna));
    assert_eq!((world.balance(&anna), world.jobs().len()), (6, 0));
    let (short, fits) = order(&anna, 1);
    assert_eq!(label(&short, &fits), "6 × 1 видео · 6 кредитов");
    anna.taps_twice(short.id, &fits).unwrap();
    world.settles();
    assert_eq!((world.balance(&anna), world.jobs().len()), (0, 6));
    // The button of all is for what is no longer as it says.
    world.grants(&anna, 10);
    anna.forges_tap(all.id, &data);
    world.settles();
    assert_eq!((world.balance(&anna), world.jobs().len()), (10, 6));
    let (rest, data) = order(&anna, 1);
    assert_eq!(label(&rest, &data), "4 × 1 видео · 4 кредита");
    anna.taps_twice(rest.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((world.balance(&anna), anna.videos().len()), (6, 10));
    assert_eq!(count_of(&anna, "Готово 10 из 10"), 1, "{:#?}", texts(&anna));
}

#[test]
fn what_fails_is_told_once_in_the_summary_with_its_products_and_is_refunded() {
    let (mut world, anna) = World::with_anna(3);
    sends(&mut world, &anna, 3, &["арт. 1001", "арт. 1002", "арт. 1003"]);
    world.taps(&anna, AlbumTap::PRESET);
    let people = "The uploaded image contains photorealistic people";
    world.stage.kie.next(RenderOutcome::Fail(FailureText::new("400", people)));
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 1));
    assert_eq!(count_of(&anna, "видны люди"), 1, "{:#?}", texts(&anna));
    let summary = anna.last().unwrap().text;
    assert!(summary.contains("Готово 2 из 3"), "{summary}");
    assert!(summary.contains("видны люди") && summary.contains("📦 арт. 100"), "{summary}");
    world.taps(&anna, AlbumTap::MORE);
    assert!(reads(&anna, "Товаров: 2"), "the refused photo is no product: {:#?}", texts(&anna));
}

#[test]
fn a_script_that_nobody_wrote_takes_the_ready_made_text() {
    let (mut world, anna) = World::with_anna(3);
    sends(&mut world, &anna, 3, &[]);
    world.stage.gpt.next(GptReply::Refuse);
    world.taps(&anna, AlbumTap::PRESET);
    assert!(reads(&anna, "Часть сценариев сценарист не написал"), "{:#?}", texts(&anna));
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!(anna.videos().len(), 3);
}

#[test]
fn one_text_is_for_all_and_each_caption_for_its_own() {
    let (mut world, anna) = World::with_anna(4);
    sends(&mut world, &anna, 2, &[]);
    world.taps(&anna, AlbumTap::OWN_TEXT);
    anna.sends_text("пусть идёт снег");
    world.settles();
    let seen = world.stage.gpt.seen();
    assert_eq!(seen.iter().filter(|asked| asked.to_string().contains("снег")).count(), 2);
    order(&anna, 3);
    sends(&mut world, &anna, 3, &["арт. 500\nчаша в лесу", "", "чаша у моря"]);
    assert!(reads(&anna, "1. чаша в лесу\n2. чаша в лесу\n3. чаша у моря"), "{:#?}", texts(&anna));
    world.taps(&anna, AlbumTap::CAPTIONS);
    let seen = world.stage.gpt.seen();
    let asked = |words: &str| seen.iter().filter(|a| a.to_string().contains(words)).count();
    assert_eq!((asked("в лесу"), asked("у моря")), (2, 1), "{seen:#?}");
    order(&anna, 1);
}

#[test]
fn the_button_films_the_captions_that_stand_above_it() {
    let (mut world, anna) = World::with_anna(2);
    sends(&mut world, &anna, 2, &["чаша в лесу"]);
    let (screen, data) = button(&anna, AlbumTap::CAPTIONS);
    let photo = anna.chat().into_iter().find(|message| message.text == "чаша в лесу").unwrap();
    anna.answering(photo.id).sends_text("чаша на снегу");
    world.settles();
    anna.taps(screen.id, &data).unwrap();
    world.settles();
    assert_eq!(world.stage.gpt.seen().len(), 0, "nothing else is filmed");
    assert!(reads(&anna, "чаша на снегу"), "{:#?}", texts(&anna));
    world.taps(&anna, AlbumTap::CAPTIONS);
    let seen = world.stage.gpt.seen();
    assert!(seen.iter().all(|asked| asked.to_string().contains("на снегу")), "{seen:#?}");
    assert_eq!(seen.len(), 2);
}

#[test]
fn a_photo_that_cannot_serve_leaves_the_series_and_is_counted() {
    let (mut world, anna) = World::with_anna(3);
    sends(&mut world, &anna, 3, &[]);
    // What the doctor could not look at, the script finds out.
    world.database_changes("update photos set checked_at = null where id = 2");
    let broken = anna.sends_document(b"%PDF-1.7", "cup.jpg", "image/jpeg").unwrap();
    world.answers_updates();
    let file = "update photos set file_id = (select file_id from photos order by id desc limit 1)
                where id = 2";
    world.database_changes(file);
    anna.deletes_message(broken);
    world.taps(&anna, AlbumTap::PRESET);
    assert!(reads(&anna, "1 фото не подошло"), "{:#?}", texts(&anna));
    let (screen, data) = order(&anna, 1);
    assert_eq!(label(&screen, &data), "2 × 1 видео · 2 кредита");
}

#[test]
fn a_kill_between_the_tap_and_the_end_changes_nothing() {
    let (mut world, anna) = World::with_anna(5);
    sends(&mut world, &anna, 5, &[]);
    let (ideas, preset) = button(&anna, AlbumTap::PRESET);
    anna.taps(ideas.id, &preset).unwrap();
    world.answers_updates();
    world.restarts();
    world.settles();
    let (screen, data) = order(&anna, 1);
    anna.taps_twice(screen.id, &data).unwrap();
    world.polls();
    world.restarts();
    world.answers_updates();
    world.restarts();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna), charges(&world)), (5, 0, 5));
    assert_eq!(count_of(&anna, "Готово 5 из 5"), 1, "{:#?}", texts(&anna));
}

#[test]
fn buttons_of_others_and_made_up_ones_order_nothing() {
    let (mut world, anna) = World::with_anna(9);
    sends(&mut world, &anna, 3, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let boris = world.person_with("Борис", "ru", 9);
    let (screen, data) = order(&anna, 1);
    boris.forges_tap(screen.id, &data);
    for made_up in [
        "no:1:0:9:1:0",
        "no:1:0:0:1:0",
        "no:1:0:3:2:0",
        "no:1:0:3:1:9",
        "no:1:0:3:1",
        "no:1:3:3:1:0",
        "no:1:65535:65535:4294967295:4294967295",
        "no:9:0:3:1:0",
        "ns:9",
        "nm:9",
        "np:9:scroll-up",
        "np:1:nothing",
        "nw:9",
        "nt:1",
    ] {
        anna.forges_tap(screen.id, made_up);
        world.settles();
    }
    assert_eq!((world.jobs().len(), world.balance(&anna), world.balance(&boris)), (0, 9, 9));
}

#[test]
fn a_price_that_has_changed_is_shown_before_it_is_charged() {
    let (mut world, anna) = World::with_anna(9);
    sends(&mut world, &anna, 3, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    world.operator_changes(|config| {
        for model in &mut config.models {
            model.credits.0 = 2;
        }
    });
    anna.taps(screen.id, &data).unwrap();
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 9));
    let (screen, data) = order(&anna, 1);
    assert_eq!(label(&screen, &data), "3 × 1 видео · 6 кредитов");
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!(world.balance(&anna), 3);
}

#[test]
fn a_button_whose_price_has_changed_orders_nothing_however_often_it_is_tapped() {
    let (mut world, anna) = World::with_anna(9);
    sends(&mut world, &anna, 3, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    world.operator_changes(|config| {
        for model in &mut config.models {
            model.credits.0 = 2;
        }
    });
    for _ in 0..3 {
        let tap = anna.forges_tap(screen.id, &data);
        world.settles();
        assert!(world.toast(&anna, &tap).contains("Проверьте"), "{}", world.toast(&anna, &tap));
        assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 9));
    }
    let (screen, data) = order(&anna, 1);
    assert_eq!(label(&screen, &data), "3 × 1 видео · 6 кредитов");
    anna.taps_twice(screen.id, &data).unwrap();
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (3, 3));
}

#[test]
fn the_rest_of_a_series_keeps_what_was_shown_whatever_is_chosen_elsewhere() {
    for model in MODELS {
        let mut world = World::with(|config| config.kie.model = model.to_owned());
        let anna = world.person_with("Анна", "ru", 2);
        sends(&mut world, &anna, 3, &[]);
        world.taps(&anna, AlbumTap::PRESET);
        let (screen, data) = order(&anna, 1);
        anna.taps(screen.id, &data).unwrap();
        world.settles();
        let (short, fits) = order(&anna, 1);
        anna.taps(short.id, &fits).unwrap();
        world.settles();
        assert_eq!((world.jobs().len(), world.balance(&anna)), (2, 0));
        world.database_changes("update users set seconds = 15, aspect = '3:4'");
        world.taps(&anna, AlbumTap::SERIES);
        let (rest, data) = order(&anna, 1);
        assert_eq!(label(&rest, &data), "1 × 1 видео · 1 кредит", "{model}");
        world.grants(&anna, 5);
        anna.taps(rest.id, &data).unwrap();
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 4), "{model}");
        assert_eq!(world.count("select count(distinct seconds || aspect) from orders"), 1);
    }
}

#[test]
fn a_button_of_products_that_are_no_longer_those_orders_nothing() {
    let (mut world, anna) = World::with_anna(9);
    sends(&mut world, &anna, 4, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    world.database_changes("update drafts set closed_at = 1 where id = 2");
    let tap = anna.forges_tap(screen.id, &data);
    world.settles();
    assert!(world.toast(&anna, &tap).contains("Проверьте"), "{}", world.toast(&anna, &tap));
    let (screen, data) = order(&anna, 1);
    assert_eq!(label(&screen, &data), "3 × 1 видео · 3 кредита");
    world.database_changes("update drafts set closed_at = null where id = 2");
    anna.forges_tap(screen.id, &data);
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (0, 9));
}

#[test]
fn what_was_ordered_by_itself_does_not_hold_up_the_rest() {
    let (mut world, anna) = World::with_anna(9);
    sends(&mut world, &anna, 3, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    anna.forges_tap(screen.id, "o:2:1:1");
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (1, 8));
    anna.forges_tap(screen.id, &data);
    world.settles();
    assert_eq!((world.jobs().len(), world.balance(&anna)), (1, 8));
    let (rest, data) = order(&anna, 1);
    assert_eq!(label(&rest, &data), "2 × 1 видео · 2 кредита");
    assert!(rest.text.contains("1. ") && rest.text.contains("3. "), "{}", rest.text);
    assert!(!rest.text.contains("2. "), "{}", rest.text);
    anna.taps_twice(rest.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (3, 6));
}

#[test]
fn another_format_of_an_older_video_is_no_script_of_a_series() {
    let (mut world, anna) = World::with_anna(9);
    world.stage.gpt.usually(GptReply::Refuse);
    sends(&mut world, &anna, 2, &[]);
    world.taps(&anna, AlbumTap::PRESET);
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    world.taps(&anna, AlbumTap::MORE);
    world.taps(&anna, AlbumTap::PRESET);
    world.taps(&anna, VideoTap::OTHER_FORMAT);
    world.taps_count(&anna, 1);
    assert_eq!((world.jobs().len(), world.balance(&anna)), (3, 6));
    let (screen, data) = order(&anna, 1);
    anna.taps(screen.id, &data).unwrap();
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (5, 4), "{:#?}", texts(&anna));
}
