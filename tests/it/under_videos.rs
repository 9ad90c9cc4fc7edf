//! The buttons under each video: another style, another format, thumbs, own styles.

use std::time::Duration;

use reelbot::testing::{
    chat::{Tap, VideoTap},
    sandbox::{GptReply, Person, ShownMessage},
};

use crate::world::{
    MODELS, World,
    checks::{closings, count_of},
    people::{button, count_button},
};

/// A world with this model, in which Anna has one video and this many credits.
fn with_video(model: &str, credits: i64) -> (World, Person) {
    let model = model.to_owned();
    let mut world = World::with(move |config| config.kie.model = model);
    let price = world.price();
    let anna = world.person_with("Анна", "ru", credits + price);
    world.orders(&anna, 1);
    world.all_work_is_done();
    assert_eq!((anna.videos().len(), world.balance(&anna)), (1, credits));
    (world, anna)
}

/// The message as it reads now.
fn now(person: &Person, message: &ShownMessage) -> ShownMessage {
    person.chat().into_iter().find(|shown| shown.id == message.id).unwrap()
}

#[test]
fn each_video_has_its_buttons_in_both_languages() {
    let mut world = World::new();
    for (language, labels) in [
        (
            "ru",
            ["🎭 Другой стиль", "📐 Другой формат", "👍", "👎", "📎 Файлом", "⭐ Сохранить стиль"],
        ),
        (
            "en",
            [
                "🎭 Another style",
                "📐 Another format",
                "👍",
                "👎",
                "📎 As a file",
                "⭐ Save the style",
            ],
        ),
    ] {
        let person = world.person_with("Ann", language, 3);
        world.orders(&person, 3);
        world.all_work_is_done();
        for video in person.videos() {
            assert_eq!(video.labels(), labels);
            assert_eq!(video.buttons.len(), 3, "few rows look well on a phone");
        }
        assert_eq!(closings(&person), 1);
    }
}

#[test]
fn another_style_leads_to_the_ideas_of_the_same_product() {
    for model in MODELS {
        let (mut world, anna) = with_video(model, 5);
        let price = world.price();
        let (video, style) = button(&anna, VideoTap::OTHER_STYLE);
        let before = anna.chat().len();
        for _ in 0..3 {
            anna.taps(video.id, &style).unwrap();
        }
        world.settles();
        assert_eq!(anna.chat().len(), before + 1, "however often it is tapped");
        assert_eq!(now(&anna, &video).buttons, video.buttons, "the video keeps its buttons");
        world.taps(&anna, Tap::PRESET);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 5 - price));
        assert_eq!(world.stage.kie.uploads().len(), 1, "of the same photo");
    }
}

#[test]
fn another_format_is_the_same_words_for_the_price_that_its_buttons_say() {
    for model in MODELS {
        let (mut world, anna) = with_video(model, 10);
        let price = world.price();
        let (video, format) = button(&anna, VideoTap::OTHER_FORMAT);
        let (before, asked) = (anna.chat().len(), world.stage.gpt.seen().len());
        let taps = [(); 3].map(|()| anna.taps(video.id, &format).unwrap());
        world.settles();
        assert_eq!(anna.chat().len(), before + 1, "however often it is tapped");
        assert_eq!(taps.map(|tap| world.toast(&anna, &tap)), ["", "👇 Уже ниже", "👇 Уже ниже"]);
        assert_eq!(world.stage.gpt.seen().len(), asked, "no script is written");
        let (script, _) = count_button(&anna, 1);
        assert!(script.text.contains("Тот же сценарий, другой формат"), "{}", script.text);
        let is_chosen =
            |shape: &str| script.labels().iter().any(|label| *label == format!("✅ {shape}"));
        assert!(!is_chosen("9:16") && is_chosen("3:4"), "{:?}", script.labels());
        let credits = format!("1 видео · {price} ");
        assert!(script.labels()[..].iter().any(|label| label.starts_with(&credits)), "{script:?}");
        assert_eq!(world.balance(&anna), 10, "and the tap costs nothing");
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!((anna.videos().len(), world.balance(&anna)), (2, 10 - price));
        let tasks = world.stage.kie.tasks();
        assert_eq!(tasks[0].input["prompt"], tasks[1].input["prompt"]);
        let shapes = "select group_concat(aspect) = '9:16,3:4' from orders";
        assert_eq!(world.count(shapes), 1, "it is not the same format again");
        world.passes(Duration::from_mins(2));
        anna.taps(video.id, &format).unwrap();
        world.settles();
        assert_eq!(count_button(&anna, 1).0.id, anna.last().unwrap().id, "and once more, later");
    }
}

#[test]
fn a_russian_reads_in_russian_what_the_other_format_shows() {
    for model in MODELS {
        let mut world = World::with(|config| model.clone_into(&mut config.kie.model));
        let anna = world.person_with("Анна", "ru", 3);
        // With scenes, without, and where nothing was written.
        let plain = r#"{"prompt":"A cup turns in the light.","summary_ru":"Чашка кружится.","summary_en":"A cup."}"#;
        for (reply, said) in [
            (GptReply::Write, "<scene>"),
            (GptReply::Say { text: plain.to_owned() }, "Чашка кружится."),
            (GptReply::Status { status: 500 }, "Прокрути вверх"),
        ] {
            world.stage.gpt.usually(reply);
            world.orders(&anna, 1);
            world.all_work_is_done();
            let (video, format) = button(&anna, VideoTap::OTHER_FORMAT);
            anna.taps(video.id, &format).unwrap();
            world.settles();
            let (script, _) = count_button(&anna, 1);
            let shown = script.text.split("Выберите, какой:").nth(1).unwrap();
            let first = shown.trim().lines().next().unwrap();
            let is_russian = first.chars().any(|c| ('а'..='я').contains(&c));
            assert!(is_russian && (said == "<scene>" || first.contains(said)), "{}", script.text);
        }
    }
}

#[test]
fn a_style_films_no_other_products_words_where_the_script_writer_is_away() {
    for model in MODELS {
        let (mut world, anna) = with_video(model, 1);
        world.taps(&anna, VideoTap::KEEP_STYLE);
        world.stage.gpt.usually(GptReply::Status { status: 500 });
        world.sends_photo(&anna);
        world.taps(&anna, VideoTap::USE_STYLE);
        let (script, _) = count_button(&anna, 1);
        assert!(script.text.contains("ваш стиль написан для другого товара"), "{}", script.text);
        assert!(script.text.contains("Прокрути вверх"), "{}", script.text);
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        let prompts: Vec<_> =
            world.stage.kie.tasks().iter().map(|task| task.input["prompt"].clone()).collect();
        assert_ne!(prompts[0], prompts[1]);
    }
}

#[test]
fn a_thumb_is_one_vote_that_may_change_and_counts_for_the_idea() {
    let (mut world, anna) = with_video(MODELS[0], 0);
    let (video, up) = button(&anna, "v:1:up");
    let down = "v:1:down";
    let before = anna.chat().len();
    let tap = anna.taps(video.id, &up).unwrap();
    world.settles();
    assert!(world.toast(&anna, &tap).contains("Спасибо"));
    let labels = |world: &mut World| {
        world.settles();
        now(&anna, &video).labels()[2..4]
            .iter()
            .map(|label| (*label).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(labels(&mut world), ["👍 ✓", "👎"]);
    anna.taps(video.id, &up).unwrap();
    assert_eq!(labels(&mut world), ["👍 ✓", "👎"]);
    let tap = anna.taps(video.id, down).unwrap();
    assert_eq!(labels(&mut world), ["👍", "👎 ✓"]);
    assert!(world.toast(&anna, &tap).contains("Спасибо"));
    assert_eq!(anna.chat().len(), before, "a vote leaves nothing in the chat");
    let votes = "select count(*) from votes v join generation_jobs j on j.id = v.job_id
                 join orders o on o.id = j.order_id where o.preset is not null and vote = 'down'";
    assert_eq!((world.count(votes), world.count("select count(*) from votes")), (1, 1));
    anna.sends_text("/my");
    world.settles();
    world.taps(&anna, VideoTap::AGAIN);
    let again = anna.videos().pop().unwrap();
    assert_eq!(again.labels()[2..4], ["👍", "👎 ✓"], "it is known where the video comes again");
}

#[test]
fn what_is_another_persons_is_refused() {
    let (mut world, anna) = with_video(MODELS[0], 0);
    let boris = world.person_with("Борис", "ru", 5);
    let hello = boris.last().unwrap();
    let video = anna.videos().pop().unwrap();
    for data in video.data().chain(["v:1:up", "vs:999", "vf:-1", "vk:0", "st:1", "stu:1:1"]) {
        let messages = boris.videos().len();
        let tap = boris.forges_tap(hello.id, data);
        world.settles();
        assert_eq!(world.toast(&boris, &tap), "Эта кнопка устарела", "{data}");
        assert_eq!(boris.videos().len(), messages);
    }
    for table in ["votes", "styles", "exports"] {
        assert_eq!(world.count(&format!("select count(*) from {table}")), 0, "{table}");
    }
    assert_eq!(world.count("select count(*) from drafts"), 1);
}

#[test]
fn a_saved_style_is_an_idea_for_every_product() {
    for model in MODELS {
        let (mut world, anna) = with_video(model, 10);
        let (video, keep) = button(&anna, VideoTap::KEEP_STYLE);
        let taps = [(); 2].map(|()| anna.taps(video.id, &keep).unwrap());
        world.settles();
        let toasts = taps.map(|tap| world.toast(&anna, &tap));
        assert!(toasts[0].contains("сохранён, он среди идей"), "{toasts:?}");
        assert!(toasts[1].contains("уже сохранён"), "{toasts:?}");
        assert_eq!(world.count("select count(*) from styles"), 1);
        world.sends_photo(&anna);
        let ideas = anna.last().unwrap();
        assert!(
            ideas.labels().iter().any(|label| label.starts_with("⭐ ")),
            "{:?}",
            ideas.labels()
        );
        let asked = world.stage.gpt.seen().len();
        world.taps(&anna, VideoTap::USE_STYLE);
        assert_eq!(world.stage.gpt.seen().len(), asked + 1);
        let prompt = world.stage.kie.tasks()[0].input["prompt"].as_str().unwrap().to_owned();
        let source = "select source = 'style' and length(idea) from scripts order by draft_id desc";
        assert!(world.count(source) > 0, "{prompt}");
        world.taps_count(&anna, 1);
        world.all_work_is_done();
        assert_eq!(anna.videos().len(), 2);
    }
}

/// A world in which Anna has as many styles as there may be, and a video of another.
fn with_ten_styles() -> (World, Person) {
    let (world, anna) = with_video(MODELS[0], 0);
    for number in 1..=10 {
        world.database_changes(&format!(
            "insert into styles (tg_user_id, name, prompt, created_at)
             select tg_user_id, 'Стиль {number}', 'A cup turns {number}.', 1 from generation_jobs"
        ));
    }
    (world, anna)
}

#[test]
fn the_eleventh_style_is_answered_with_what_to_do() {
    let (mut world, anna) = with_ten_styles();
    world.taps(&anna, VideoTap::KEEP_STYLE);
    assert_eq!(count_of(&anna, "Сохранено уже 10 стилей"), 1);
    world.taps(&anna, VideoTap::STYLES);
    let (list, data) = button(&anna, VideoTap::STYLE);
    assert!(list.text.contains("10 из 10") && list.text.contains("Стиль 10"), "{}", list.text);
    anna.taps(list.id, &data).unwrap();
    world.settles();
    assert!(now(&anna, &list).text.contains("A cup turns 1."));
    world.taps(&anna, VideoTap::DELETE_STYLE);
    assert!(now(&anna, &list).text.contains("9 из 10"));
    world.taps(&anna, VideoTap::KEEP_STYLE);
    assert_eq!(world.count("select count(*) from styles"), 10);
}

#[test]
fn a_style_is_renamed_by_the_next_text() {
    let (mut world, anna) = with_ten_styles();
    anna.sends_text("/my");
    world.settles();
    world.taps(&anna, VideoTap::STYLES);
    world.taps(&anna, VideoTap::STYLE);
    world.taps(&anna, VideoTap::RENAME_STYLE);
    for bad in ["ж".repeat(31), "a\nb".to_owned(), "\u{2800}".to_owned()] {
        anna.sends_text(&bad);
        world.settles();
        assert!(anna.last().unwrap().text.contains("Такое имя не подойдёт"), "{bad}");
    }
    anna.sends_text("<b>Утро</b> & свет");
    world.settles();
    let list = anna.last().unwrap();
    assert!(list.text.contains("1. <b>Утро</b> & свет"), "{}", list.text);
    world.sends_photo(&anna);
    assert!(anna.last().unwrap().labels().contains(&"⭐ <b>Утро</b> & свет"));
    world.taps(&anna, VideoTap::USE_STYLE);
    world.database_changes("delete from styles");
    anna.forges_tap(list.id, "stu:1:1");
    world.settles();
    assert_eq!(count_of(&anna, "Эта кнопка уже устарела"), 1, "of a style that is gone");
}
