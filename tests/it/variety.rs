//! Different scenes from one answer of the script writer: each video shows its own.

use std::collections::HashSet;

use crate::world::{MODELS, World, people::button};
use reelbot::testing::{
    chat::Tap,
    config::Config,
    sandbox::{GptReply, Person},
};

fn world_of(model: &str, language: &str) -> (World, Person) {
    let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
    let person = world.person_with("Ann", language, 10);
    (world, person)
}

/// The prompts of the tasks, in the order of their making.
fn filmed(world: &World) -> Vec<String> {
    let tasks = world.stage.kie.tasks();
    tasks.iter().map(|task| task.input["prompt"].as_str().unwrap().to_owned()).collect()
}

/// The second lines of the captions: the titles.
fn titles(person: &Person) -> Vec<String> {
    let videos = person.videos();
    videos.iter().filter_map(|video| video.text.lines().nth(1).map(str::to_owned)).collect()
}

fn different<T: std::hash::Hash + Eq>(things: &[T]) -> usize {
    things.iter().collect::<HashSet<_>>().len()
}

#[test]
fn five_videos_show_five_scenes_and_each_caption_names_its_own() {
    for (model, language, scenes) in
        [(MODELS[0], "ru", "· 5 сцен"), (MODELS[1], "en", "· 5 scenes")]
    {
        let (mut world, anna) = world_of(model, language);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        assert_eq!(world.stage.gpt.seen().len(), 1, "one call for all scenes");
        let script = button(&anna, Tap::ORDER).0.text.replace('\u{a0}', " ");
        assert!(script.contains(scenes), "{script}");
        world.taps_count(&anna, 5);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), different(&filmed(&world))), (5, 5), "{model}");
        let titles = titles(&anna);
        assert_eq!(different(&titles), 5, "{titles:?}");
        for title in &titles {
            assert!(script.contains(&format!(". {title}")), "{title} of {script}");
        }
        let is_russian = titles[0].chars().any(|c| matches!(c, 'а'..='я'));
        assert_eq!(is_russian, language == "ru", "{titles:?}");
    }
}

#[test]
fn one_video_shows_the_first_scene() {
    let (mut world, anna) = World::with_anna(1);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let script = button(&anna, Tap::ORDER).0.text;
    world.taps_count(&anna, 1);
    world.all_work_is_done();
    let first = format!("1. {} — {}", titles(&anna)[0], filmed(&world)[0]);
    assert!(script.contains(&first), "{script}");
}

#[test]
fn two_scenes_for_five_videos_take_turns_and_too_many_are_cut() {
    for (count, shown) in [(2, 2), (9, 5)] {
        let (mut world, anna) = world_of(MODELS[1], "ru");
        world.stage.gpt.next(GptReply::Scenes { count });
        world.orders(&anna, 5);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), different(&filmed(&world))), (5, shown));
        assert_eq!(different(&titles(&anna)), shown);
    }
}

#[test]
fn a_scene_that_cannot_be_used_is_left_out_and_the_others_are_not() {
    let scene = |number: u32, prompt: &str| {
        format!(
            "{{\"title_ru\": \"Сцена {number}\", \"title_en\": \"Scene {number}\", \
             \"prompt\": \"{prompt}\"}}"
        )
    };
    let text = format!(
        "{{\"summary_ru\": \"Чашка в кадре.\", \"summary_en\": \"A cup.\", \"scenes\": [{}]}}",
        [
            scene(1, "I'm sorry, I can't help with that."),
            scene(2, "A cup turns slowly in soft light."),
            scene(3, ""),
            scene(4, "A cup turns, slowly, in soft light!"),
            scene(5, "Steam rises from the cup."),
        ]
        .join(", ")
    );
    let (mut world, anna) = World::with_anna(3);
    world.stage.gpt.next(GptReply::Say { text });
    world.orders(&anna, 3);
    world.all_work_is_done();
    let (turns, rises) = ("A cup turns slowly in soft light.", "Steam rises from the cup.");
    assert_eq!(filmed(&world), [turns, rises, turns]);
    assert_eq!(different(&titles(&anna)), 2);
}

#[test]
fn a_plain_answer_is_one_scene_for_all() {
    let (mut world, anna) = World::with_anna(3);
    world.stage.gpt.next(GptReply::Prose);
    world.orders(&anna, 3);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), different(&filmed(&world))), (3, 1));
    assert_eq!(titles(&anna), [""; 0]);
    let idea = &Config::default().presets[0].idea;
    assert_ne!(&filmed(&world)[0], idea);
}

#[test]
fn scenes_are_found_in_the_words_of_an_api_that_takes_no_format() {
    let (mut world, anna) = World::with_anna(5);
    world.stage.gpt.takes_no_formats();
    world.stage.gpt.usually(GptReply::Fenced);
    world.orders(&anna, 5);
    world.all_work_is_done();
    assert_eq!((different(&filmed(&world)), different(&titles(&anna))), (5, 5));
}

#[test]
fn of_an_answer_that_is_cut_off_the_whole_scenes_are_kept() {
    let (mut world, anna) = World::with_anna(5);
    world.stage.gpt.next(GptReply::Length);
    world.orders(&anna, 5);
    world.all_work_is_done();
    let scenes = different(&filmed(&world));
    assert!((1..5).contains(&scenes), "{scenes}");
    let idea = &Config::default().presets[0].idea;
    assert!(!filmed(&world).contains(idea));
    assert_eq!(different(&titles(&anna)), scenes);
}

#[test]
fn an_edited_prompt_is_one_scene_for_all() {
    let (mut world, anna) = World::with_anna(3);
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    world.taps(&anna, Tap::EDIT_SCRIPT);
    let first = anna.last().unwrap().text;
    assert!(!first.contains("2. "), "the first scene is edited: {first}");
    anna.sends_text("A cup turns. It stops.");
    world.settles();
    world.taps_count(&anna, 3);
    world.all_work_is_done();
    assert_eq!(filmed(&world), ["A cup turns. It stops."; 3]);
    assert_eq!(titles(&anna), [""; 0]);
}

#[test]
fn while_gpt_is_away_the_idea_is_one_scene_for_all() {
    let (mut world, anna) = World::with_anna(3);
    world.stage.gpt.usually(GptReply::Status { status: 500 });
    world.orders(&anna, 3);
    world.all_work_is_done();
    let idea = &Config::default().presets[0].idea;
    assert_eq!(filmed(&world), [(); 3].map(|()| idea.clone()));
}

#[test]
fn only_as_many_scenes_are_asked_for_as_videos_are_offered() {
    for (counts, asked) in
        [(vec![1], "exactly 1 scene"), (vec![2, 4], "exactly 4 different scenes")]
    {
        let mut world = World::with(|config| config.credits.counts = counts.clone());
        let anna = world.person_with("Анна", "ru", 5);
        world.sends_photo(&anna);
        world.taps(&anna, Tap::PRESET);
        let system = world.stage.gpt.seen()[0]["messages"][0]["content"].to_string();
        assert!(system.contains(asked), "{system}");
        world.taps_count(&anna, counts[0]);
        world.all_work_is_done();
    }
}

#[test]
fn every_scene_is_as_long_as_the_model_takes() {
    let (mut world, anna) = world_of(MODELS[1], "ru");
    let long = "The cup turns slowly in soft light. ".repeat(200);
    let scene = |number: u32| {
        format!(
            "{{\"title_ru\": \"Сцена {number}\", \"title_en\": \"Scene\", \"prompt\": \"Take {number}. {long}\"}}"
        )
    };
    let scenes: Vec<String> = (1..=5).map(scene).collect();
    let text = format!("{{\"scenes\": [{}]}}", scenes.join(", "));
    world.stage.gpt.next(GptReply::Say { text });
    world.sends_photo(&anna);
    world.taps(&anna, Tap::PRESET);
    let script = button(&anna, Tap::ORDER).0.text;
    world.taps_count(&anna, 5);
    world.all_work_is_done();
    let filmed = filmed(&world);
    assert_eq!(different(&filmed), 5);
    assert!(
        filmed.iter().all(|prompt| (1000..=1500).contains(&prompt.len()) && prompt.ends_with('.'))
    );
    assert!(script.contains("1. Сцена 1 — ") && script.contains("5. Сцена 5"), "{script}");
    assert!(script.encode_utf16().count() <= 4096, "{script}");
}
