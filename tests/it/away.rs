//! People who block the bot and come back: news wait for them, screens do not.

use std::time::Duration;

use reelbot::testing::{
    chat::Tap,
    sandbox::{FailureText, ModelState, Person, RenderOutcome},
};

use crate::world::{
    World,
    checks::{count_of, reads, texts},
    people::count_button,
};

/// What a person was sent after they had seen so many messages.
fn since(person: &Person, seen: usize) -> Vec<String> {
    texts(person)[seen..].to_vec()
}

/// Anna has blocked the bot, and is back after `away` in one of the ways there are.
fn back(world: &mut World, anna: &Person, message: Option<&str>) -> Vec<String> {
    let seen = texts(anna).len();
    anna.unblocks();
    if let Some(text) = message {
        anna.sends_text(text);
    }
    world.settles();
    since(anna, seen)
}

#[test]
fn credits_given_while_a_person_is_away_are_told_when_they_are_back() {
    for knows in [false, true] {
        for message in [None, Some("/help")] {
            let (mut world, anna) = World::with_anna(1);
            world.settles();
            anna.blocks();
            if knows {
                world.settles();
            }
            world.grants(&anna, 50);
            world.settles();
            world.passes(Duration::from_hours(48));
            let told = back(&mut world, &anna, message);
            let words = "Вам начислено: 50 кредитов. На балансе: 51 кредит";
            let news = told.iter().filter(|text| text.contains(words)).count();
            assert_eq!(news, 1, "{knows} {message:?}: {told:#?}");
            assert_eq!(told.len(), 1 + usize::from(message.is_some()), "{told:#?}");
            world.passes(Duration::from_hours(1));
            assert_eq!(count_of(&anna, words), 1);
        }
    }
}

#[test]
fn of_much_news_the_five_newest_are_told_the_newest_last() {
    let (mut world, anna) = World::with_anna(1);
    anna.blocks();
    for amount in 11..=18 {
        world.grants(&anna, amount);
        world.passes(Duration::from_hours(1));
    }
    let told = back(&mut world, &anna, None);
    let amounts = [14, 15, 16, 17, 18].map(|amount| format!("Вам начислено: {amount} "));
    assert_eq!(told.len(), amounts.len(), "{told:#?}");
    for (text, amount) in told.iter().zip(&amounts) {
        assert!(text.contains(amount), "{told:#?}");
    }
}

#[test]
fn how_an_order_went_is_told_and_old_screens_are_not() {
    let (mut world, anna) = World::with_anna(1);
    let moon = FailureText::new("777", "The moon is in the wrong house");
    world.stage.kie.script([RenderOutcome::Fail(moon)]);
    world.orders(&anna, 1);
    anna.sends_text("/help");
    world.answers_updates();
    anna.blocks();
    world.all_work_is_done();
    let told = back(&mut world, &anna, None);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with('❌') && told[1].contains("кредит вернули"), "{told:#?}");
}

#[test]
fn whoever_never_comes_back_is_not_waited_for_for_ever() {
    let (mut world, anna) = World::with_anna(1);
    anna.blocks();
    world.grants(&anna, 50);
    world.settles();
    world.passes(Duration::from_hours(31 * 24));
    world.janitor_goes_round();
    assert_eq!(world.count("select count(*) from outbox where done_at is null"), 0);
    assert!(back(&mut world, &anna, None).is_empty());
}

#[test]
fn for_a_deleted_account_news_wait_a_day() {
    for (hours, told) in [(20, 1), (26, 0)] {
        let (mut world, anna) = World::with_anna(1);
        anna.deletes_account(true);
        world.grants(&anna, 50);
        world.settles();
        assert!(!reads(&anna, "начислено: 50"));
        world.passes(Duration::from_hours(hours));
        world.janitor_goes_round();
        anna.deletes_account(false);
        anna.sends_text("/help");
        world.settles();
        assert_eq!(count_of(&anna, "начислено: 50"), told, "{hours}");
    }
}

#[test]
fn what_is_over_when_they_are_back_is_not_told() {
    for is_over in [false, true] {
        let mut world = World::with(|config| config.kie.fallback_model = String::new());
        let anna = world.person_with("Анна", "ru", 1);
        let model = |world: &World, state| {
            world.stage.kie.model_state("sora-2-image-to-video", state);
        };
        model(&world, ModelState::Paused);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        let (script, count) = count_button(&anna, 1);
        anna.taps(script.id, &count).unwrap();
        world.answers_updates();
        anna.blocks();
        world.settles();
        if is_over {
            model(&world, ModelState::Alive);
            world.passes(Duration::from_mins(2));
            world.janitor_goes_round();
            world.passes(Duration::from_mins(20));
        }
        let told = back(&mut world, &anna, None);
        assert_eq!(told.iter().any(|text| text.contains("короткий ремонт")), !is_over, "{told:#?}");
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), usize::from(is_over));
    }
}
