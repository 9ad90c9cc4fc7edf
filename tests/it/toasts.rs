//! The words that show over the chat for a moment when a button is tapped.

use crate::world::{
    World,
    people::{button, count_button},
};
use reelbot::testing::{chat::Tap, sandbox::GptReply};

#[test]
fn a_second_tap_while_a_script_is_written_is_told_so() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let (ideas, preset) = button(&anna, Tap::PRESET);
    let taps = [(); 2].map(|()| anna.taps(ideas.id, &preset).unwrap());
    world.settles();
    assert_eq!(taps.map(|tap| world.toast(&anna, &tap)), ["", "Сценарий уже пишу"]);
    let (script, another) = button(&anna, Tap::ANOTHER_SCRIPT);
    let messages = anna.chat().len();
    let taps = [(); 2].map(|()| anna.taps(script.id, &another).unwrap());
    world.settles();
    assert_eq!(taps.map(|tap| world.toast(&anna, &tap)), ["", "Сценарий уже пишу"]);
    assert_eq!(anna.chat().len(), messages + 1, "a toast leaves nothing in the chat");
    assert_eq!(world.stage.gpt.seen().len(), 2);
}

#[test]
fn a_second_tap_on_an_accepted_order_is_told_so() {
    let (mut world, anna) = World::with_anna(2);
    world.stage.gpt.usually(GptReply::Write);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let (script, order) = count_button(&anna, 1);
    let taps = [(); 2].map(|()| anna.taps(script.id, &order).unwrap());
    world.settles();
    assert_eq!(taps.map(|tap| world.toast(&anna, &tap)), ["", "Уже принято"]);
    assert_eq!(world.jobs().len(), 1);
}

#[test]
fn a_button_whose_time_is_over_is_told_so_in_the_persons_language() {
    let mut world = World::new();
    for (language, word) in [("ru", "Эта кнопка устарела"), ("en", "This button is out of date")]
    {
        let person = world.person_with("Ann", language, 0);
        let hello = person.last().unwrap();
        for data in ["o:999:1:1", "p:999:scroll-up", "m:999", "no button of ours", ""] {
            let messages = person.chat().len();
            let tap = person.forges_tap(hello.id, data);
            world.settles();
            assert_eq!(world.toast(&person, &tap), word, "{data}");
            assert_eq!(person.chat().len(), messages + 1, "the hint says what to do: {data}");
        }
    }
}

#[test]
fn a_tap_without_a_word_is_answered_all_the_same() {
    let (mut world, anna) = World::with_anna(0);
    world.sends_photo(&anna);
    let (ideas, own) = button(&anna, Tap::OWN_TEXT);
    let tap = anna.taps(ideas.id, &own).unwrap();
    world.settles();
    assert_eq!(world.toast(&anna, &tap), "");
}
