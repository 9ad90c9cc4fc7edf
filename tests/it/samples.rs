//! "👀 Examples": what the ideas look like, before anybody pays.

use std::{fs, path::PathBuf};

use reelbot::testing::{
    chat::Tap,
    config::Config,
    sandbox::{Person, ShownMessage},
};

use crate::world::{MODELS, World, people::button};

/// The videos with samples that came since there were so many messages.
fn samples(person: &Person, since: usize) -> Vec<ShownMessage> {
    let chat = person.chat().into_iter().skip(since);
    chat.filter(|message| message.media.as_ref().is_some_and(|media| media.kind == "video"))
        .collect()
}

/// The ids under which Telegram has them.
fn file_ids(samples: &[ShownMessage]) -> Vec<String> {
    samples.iter().map(|sample| sample.media.as_ref().unwrap().file_id.clone()).collect()
}

/// What comes when a person taps a button.
fn taps(world: &mut World, person: &Person, prefix: &str) -> Vec<ShownMessage> {
    let before = person.chat().len();
    world.taps(person, prefix);
    samples(person, before)
}

/// A file of the operator's, which plays.
fn file(world: &World, name: &str, more: &[u8]) -> PathBuf {
    let clip = include_bytes!("../../src/config/samples/orbit.mp4");
    let path = world.database().with_file_name(name);
    fs::write(&path, [clip, more].concat()).unwrap();
    path
}

/// The operator's first preset has this sample.
fn shows(world: &mut World, path: PathBuf) {
    world.operator_changes(|config: &mut Config| config.presets[0].sample = path);
}

#[test]
fn each_idea_is_shown_by_its_name_with_a_button_that_chooses_it_for_the_photo() {
    for (language, model) in ["ru", "en"].into_iter().zip(MODELS) {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Anna", language, 1);
        world.sends_photo(&anna);
        let shown = taps(&mut world, &anna, Tap::SAMPLES);
        assert_eq!(shown.len(), 5);
        let chosen = Config::default().presets[2].clone();
        let (name, words) = match language {
            "ru" => (chosen.label.ru, "Иллюстрация, не результат модели"),
            _ => (chosen.label.en, "An illustration, not made by the model"),
        };
        let sample = &shown[2];
        assert!(sample.text.contains(&name) && sample.text.contains(words), "{}", sample.text);
        let media = sample.media.as_ref().unwrap();
        assert_eq!((media.width, media.height), (360, 640));
        let data = sample.data().next().unwrap().to_owned();
        assert!(data.starts_with(Tap::PRESET) && data.ends_with("hero-zoom"), "{data}");
        anna.taps(sample.id, &data).unwrap();
        world.settles();
        assert_eq!(samples(&anna, 0).len(), 5, "the sample stays as it is");
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(world.count("select count(*) from orders where preset = 'hero-zoom'"), 1);
    }
}

#[test]
fn the_main_menu_shows_the_same_and_then_asks_for_a_photo() {
    let mut world = World::new();
    let anna = world.stage.telegram.person("Анна", "ru");
    anna.sends_text("/start");
    world.settles();
    let shown = taps(&mut world, &anna, Tap::EXAMPLES);
    assert_eq!(shown.len(), 5);
    assert!(shown.iter().all(|sample| sample.buttons.is_empty()), "there is no photo");
    assert!(anna.chat().last().unwrap().text.contains("Отправьте фото товара"));
    world.sends_photo(&anna);
    let again = taps(&mut world, &anna, Tap::EXAMPLES);
    assert!(again.iter().all(|sample| sample.data().count() == 1), "now there is one");
    let (after, _) = button(&anna, Tap::IDEAS);
    world.taps(&anna, Tap::IDEAS);
    let ideas = anna.chat().into_iter().find(|message| message.id == after.id).unwrap();
    assert!(ideas.data().any(|data| data.starts_with(Tap::PRESET)), "back to the ideas");
}

#[test]
fn what_telegram_has_is_not_uploaded_again_and_what_changed_is() {
    let mut world = World::new();
    let [anna, boris] = ["Анна", "Борис"].map(|name| world.person_with(name, "ru", 1));
    let path = file(&world, "up.mp4", b"");
    shows(&mut world, path.clone());
    for person in [&anna, &boris] {
        world.sends_photo(person);
    }
    let first = taps(&mut world, &anna, Tap::SAMPLES);
    assert!(!first[0].text.contains("Иллюстрация"), "it is the operator's own");
    let first = file_ids(&first);
    assert_eq!(file_ids(&taps(&mut world, &boris, Tap::SAMPLES)), first);
    world.restarts();
    assert_eq!(file_ids(&taps(&mut world, &anna, Tap::SAMPLES)), first);
    // The same path, and as long as before.
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, [&bytes[..bytes.len() - 1], b"x"].concat()).unwrap();
    let changed = file_ids(&taps(&mut world, &anna, Tap::SAMPLES));
    assert_ne!(changed[0], first[0]);
    assert_eq!(changed[1..], first[1..]);
}

#[test]
fn ids_of_another_bot_are_replaced_once() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    taps(&mut world, &anna, Tap::SAMPLES);
    world.database_changes("update samples set file_id = 'of another bot'");
    let second = file_ids(&taps(&mut world, &anna, Tap::SAMPLES));
    assert_eq!(second.len(), 5);
    assert_eq!(world.count("select count(*) from samples where file_id = 'of another bot'"), 0);
    assert_eq!(file_ids(&taps(&mut world, &anna, Tap::SAMPLES)), second);
}

#[test]
fn a_file_that_is_gone_or_no_film_leaves_the_others() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    let gone = world.database().with_file_name("gone.mp4");
    let page = world.database().with_file_name("page.mp4");
    fs::write(&page, "<html>").unwrap();
    let folder = world.database().parent().unwrap().to_owned();
    for path in [gone, page, folder] {
        shows(&mut world, path.clone());
        let before = anna.chat().len();
        let shown = taps(&mut world, &anna, Tap::SAMPLES);
        assert_eq!(shown.len(), 4, "{}", path.display());
        assert_eq!(anna.chat().len(), before + 5, "and what stands below them");
        world.sends_photo(&anna);
    }
    let path = file(&world, "there.mp4", b"");
    shows(&mut world, path);
    assert_eq!(taps(&mut world, &anna, Tap::SAMPLES).len(), 5);
}

#[test]
fn two_taps_show_them_once_and_made_up_ones_nothing() {
    let (mut world, anna) = World::with_anna(1);
    let boris = world.person_with("Борис", "ru", 1);
    world.sends_photo(&anna);
    let (message, data) = button(&anna, Tap::SAMPLES);
    anna.taps(message.id, &data).unwrap();
    let second = anna.taps(message.id, &data).unwrap();
    world.settles();
    assert_eq!(samples(&anna, 0).len(), 5);
    assert_eq!(world.toast(&anna, &second), "Примеры уже отправляю");
    for made_up in ["sm:4294967295", "sm:5", "sm:9223372036854775807:0", "sm:1:5", "sm:-1"] {
        anna.forges_tap(message.id, made_up);
        world.settles();
        assert_eq!(samples(&anna, 0).len(), 5, "{made_up}");
    }
    boris.forges_tap(message.id, &data);
    world.settles();
    assert_eq!(samples(&boris, 0).len(), 0, "it is not his photo");
}

#[test]
fn many_samples_come_a_few_at_a_time() {
    let (mut world, anna) = World::with_anna(1);
    let path = file(&world, "own.mp4", b"");
    world.operator_changes(|config: &mut Config| {
        let preset = |n: u32| {
            let mut preset = config.presets[0].clone();
            preset.id = format!("own-{n}");
            preset.sample.clone_from(&path);
            preset
        };
        config.presets = (0..12).map(preset).collect();
    });
    world.sends_photo(&anna);
    let more = [Tap::SAMPLES; 3].map(|prefix| taps(&mut world, &anna, prefix).len());
    assert_eq!(more, [5, 5, 2]);
    assert_eq!(world.count("select count(*) from samples"), 1, "one film, uploaded once");
}

#[test]
fn ideas_without_samples_have_no_such_button() {
    let mut world = World::with(|config: &mut Config| {
        for preset in &mut config.presets {
            preset.idea.push_str(" In my own words.");
        }
    });
    let anna = world.person_with("Анна", "ru", 1);
    assert_eq!(taps(&mut world, &anna, Tap::EXAMPLES).len(), 0);
    assert!(anna.chat().last().unwrap().text.contains("Что получается из"));
    world.sends_photo(&anna);
    let has =
        anna.chat().iter().any(|shown| shown.data().any(|data| data.starts_with(Tap::SAMPLES)));
    assert!(!has);
}
