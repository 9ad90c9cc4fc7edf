//! In which language a person is answered, and what their menu says.

use crate::world::{World, checks::texts};
use reelbot::testing::{
    chat::Tap,
    config::Config,
    domain::{Language, UserId},
    sandbox::Person,
};
use serde_json::Value;

fn speaks_russian(text: &str) -> bool {
    text.chars().any(|c| ('а'..='я').contains(&c))
}

/// A person who has pressed /start.
fn greeted(world: &mut World, code: &str) -> Person {
    let person = world.stage.telegram.person("Ann", code);
    person.sends_text("/start");
    world.settles();
    person
}

/// The menu that was set for this chat alone.
fn own_menu(world: &World, person: UserId) -> Option<Value> {
    let scope = (format!("chat {person}"), String::new());
    world.stage.telegram.read(|state| state.commands.get(&scope).cloned())
}

#[test]
fn who_tells_no_language_is_answered_in_the_operators() {
    for (language, none, german) in [(Language::Ru, true, false), (Language::En, false, false)] {
        let mut world = World::with(|config: &mut Config| config.telegram.language = language);
        for (code, russian) in
            [("", none), ("de", german), ("ru", true), ("uk", true), ("hy-AM", true), ("en", false)]
        {
            let person = greeted(&mut world, code);
            let hello = texts(&person).pop().unwrap();
            assert_eq!(speaks_russian(&hello), russian, "{language:?} {code}: {hello}");
            world.grants(&person, 5);
            world.settles();
            let news = texts(&person).pop().unwrap();
            assert_eq!(speaks_russian(&news), russian, "{language:?} {code}: {news}");
        }
    }
}

#[test]
fn another_choice_of_the_operators_counts_at_once() {
    let mut world = World::new();
    let person = greeted(&mut world, "");
    world.operator_changes(|config| config.telegram.language = Language::En);
    person.sends_text("/balance");
    world.settles();
    assert!(!speaks_russian(&texts(&person).pop().unwrap()));
}

#[test]
fn who_chose_a_language_has_a_menu_in_it_whatever_happens_in_between() {
    let mut world = World::new();
    let person = greeted(&mut world, "ru");
    world.menus_are_set();
    assert_eq!(own_menu(&world, person.id()), None);
    for (code, russian) in [("en", false), ("ru", true)] {
        person.sends_text("/language");
        world.settles();
        world.taps(&person, &Tap::Language(Language::from_code(code).unwrap()).to_string());
        // It was chosen, and then the process died.
        world.restarts();
        world.menus_are_set();
        let menu = own_menu(&world, person.id()).unwrap();
        assert_eq!(speaks_russian(menu[0]["description"].as_str().unwrap()), russian);
    }
}
