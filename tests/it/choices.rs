//! `/settings`: what people choose for themselves, in one message that is edited.

use reelbot::testing::{
    config::Config,
    sandbox::{Person, ShownMessage},
};

use crate::world::World;

/// The settings as they stand in the chat now.
fn settings(person: &Person) -> ShownMessage {
    let chat = person.chat();
    let is_it = |message: &&ShownMessage| message.data().any(|data| data.starts_with("s:"));
    chat.iter().rev().find(is_it).unwrap_or_else(|| panic!("no settings in {chat:#?}")).clone()
}

/// The labels that have the mark.
fn marked(person: &Person) -> Vec<String> {
    let labels = settings(person);
    let labels = labels.labels().into_iter().filter_map(|label| label.strip_prefix("✅ "));
    labels.map(str::to_owned).collect()
}

fn opens(world: &mut World, person: &Person) {
    person.sends_text("/settings");
    world.settles();
}

fn with_model(slug: &str) -> (World, Person) {
    let slug = slug.to_owned();
    let mut world = World::with(|config: &mut Config| config.kie.model = slug);
    let anna = world.person_with("Анна", "ru", 1);
    (world, anna)
}

#[test]
fn each_toggle_edits_the_message_and_is_there_after_a_restart() {
    let (mut world, anna) = with_model("bytedance/seedance-2-mini");
    opens(&mut world, &anna);
    let message = settings(&anna).id;
    assert_eq!(marked(&anna), ["🇷🇺 Русский", "9:16", "10 с", "🔕 Ночью тихо"]);
    let messages = anna.chat().len();
    for tap in ["s:a:3:4", "s:n:5", "s:q:0", "s:l:en"] {
        world.taps(&anna, tap);
        assert_eq!((settings(&anna).id, anna.chat().len()), (message, messages), "{tap}");
    }
    let chosen = ["🇬🇧 English", "3:4", "5 s", "🔔 Always with sound"];
    assert_eq!(marked(&anna), chosen);
    world.restarts();
    opens(&mut world, &anna);
    assert_eq!(marked(&anna), chosen);
    let boris = world.person_with("Борис", "ru", 1);
    opens(&mut world, &boris);
    assert_eq!(marked(&boris)[1], "9:16", "others have theirs");
}

#[test]
fn only_what_the_model_makes_is_offered_and_what_it_does_not_changes_nothing() {
    for (model, aspects) in [
        ("sora-2-image-to-video", 2),
        ("bytedance/seedance-2-mini", 4),
        ("grok-imagine-video-1-5-preview", 4),
    ] {
        let (mut world, anna) = with_model(model);
        opens(&mut world, &anna);
        let shown = settings(&anna);
        assert_eq!(
            shown.data().filter(|data| data.starts_with("s:a:")).count(),
            aspects,
            "{model}"
        );
        let before = marked(&anna);
        for made_up in ["s:n:1000", "s:n:0", "s:a:4:3", "s:q:7", "s:l:de", "s:", "s:a:", "s:x:1"] {
            anna.forges_tap(shown.id, made_up);
            world.settles();
            assert_eq!(marked(&anna), before, "{model} {made_up}");
        }
    }
    let (mut world, anna) = with_model("sora-2-image-to-video");
    opens(&mut world, &anna);
    let (id, before) = (settings(&anna).id, marked(&anna));
    let tap = anna.forges_tap(id, "s:a:1:1");
    world.settles();
    assert_eq!(marked(&anna), before);
    assert_eq!(world.toast(&anna, &tap), "Эта кнопка устарела");
}

#[test]
fn two_taps_at_once_are_as_good_as_one() {
    let (mut world, anna) = with_model("bytedance/seedance-2-mini");
    opens(&mut world, &anna);
    let id = settings(&anna).id;
    for tap in ["s:a:1:1", "s:a:1:1", "s:a:16:9", "s:a:1:1", "s:l:en", "s:l:en"] {
        anna.forges_tap(id, tap);
    }
    world.settles();
    assert_eq!(marked(&anna)[..2], ["🇬🇧 English", "1:1"]);
    assert_eq!(settings(&anna).id, id);
}

#[test]
fn what_was_chosen_waits_for_a_model_that_makes_it() {
    let (mut world, anna) = with_model("bytedance/seedance-2-mini");
    opens(&mut world, &anna);
    world.taps(&anna, "s:a:1:1");
    world.operator_changes(|config| config.kie.model = "sora-2-image-to-video".to_owned());
    opens(&mut world, &anna);
    assert_eq!(marked(&anna)[1..3], ["9:16", "10 с"], "what it makes instead");
    world.operator_changes(|config| config.kie.model = "bytedance/seedance-2-mini".to_owned());
    opens(&mut world, &anna);
    assert_eq!(marked(&anna)[1], "1:1");
}

#[test]
fn the_command_is_in_the_menu_which_speaks_the_chosen_language() {
    let (mut world, anna) = with_model("sora-2-image-to-video");
    for word in ["/settings", "настройки", "Settings"] {
        anna.sends_text(word);
        world.settles();
        assert!(settings(&anna).text.contains("Настройки"), "{word}");
    }
    for (tap, words) in [("s:l:en", "Language, format"), ("s:l:ru", "язык, формат")] {
        world.taps(&anna, tap);
        world.menus_are_set();
        let scope = (format!("chat {}", anna.id()), String::new());
        let menu = world.stage.telegram.read(|state| state.commands[&scope].to_string());
        assert!(menu.contains("settings") && menu.contains(words), "{menu}");
    }
}
