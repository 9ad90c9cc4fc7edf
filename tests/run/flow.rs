//! The main job through `run`.

use reelbot::testing::chat::Tap;

use std::fs;

use crate::database::{audit, count};
use crate::servers::{KEYS, Servers};

#[test]
fn a_photo_becomes_three_videos_and_an_own_text_one_more() {
    let servers = Servers::open();
    let bot = servers.run();
    let anna = servers.telegram.person("Анна", "ru");
    anna.sends_text("/start");
    servers.reads(&anna, "Подарок, чтобы попробовать: 50 кредитов");
    servers.orders(&anna, 3);
    servers.closes(&anna);
    let videos = anna.videos();
    assert_eq!(videos.len(), 3);
    for (number, video) in (1..).zip(&videos) {
        let bytes = fs::read(&video.media.as_ref().unwrap().path).unwrap();
        assert_eq!(&bytes[4..8], b"ftyp", "video {number}");
    }
    let more = servers.closes(&anna);
    servers.taps(&anna, Tap::MORE_WITH_PHOTO);
    servers.taps(&anna, Tap::OWN_TEXT);
    servers.reads(&anna, "Опишите видео своими словами");
    anna.sends_text("Чашка <b>&amp; блюдце & <script>");
    servers.orders_script(&anna, 1);
    servers.until("the second closing", || {
        anna.chat().iter().any(|m| m.id > more.id && m.labels().contains(&"🏠 Главное меню"))
    });
    assert_eq!(anna.videos().len(), 4);
    let request = servers.gpt.seen()[1].to_string();
    assert!(request.contains("<b>&amp; блюдце & <script>"), "{request}");
    anna.sends_text("/balance");
    servers.reads(&anna, "На балансе: 46 кредитов");
    bot.stop();
    audit(&servers.database());
    assert_eq!(
        count(&servers.database(), "select count(*) from outbox where error is not null"),
        0
    );
    assert_eq!(servers.kie.tasks().len(), 4);
    for task in servers.kie.tasks() {
        assert!(task.polled_by.iter().all(|key| *key == task.key));
        assert!(KEYS.contains(&task.key.expose()));
    }
}

#[test]
fn a_person_with_english_set_gets_english_messages() {
    let servers = Servers::open();
    let bot = servers.run();
    let ann = servers.telegram.person("Ann", "en-GB");
    servers.orders(&ann, 1);
    servers.closes(&ann);
    let all: String = ann.chat().into_iter().filter(|m| m.from_bot).map(|m| m.text).collect();
    assert!(!all.chars().any(|c| ('а'..='я').contains(&c)), "{all}");
    bot.stop();
}

#[test]
fn a_markup_like_script_is_shown_literally() {
    let servers = Servers::open();
    let bot = servers.run();
    let ann = servers.telegram.person("Ann", "en");
    servers.gpt.usually(reelbot::testing::sandbox::GptReply::Say {
        text: "The cup <b>& the saucer</i> turn in <a href='x'>light</a>, slowly and gently."
            .into(),
    });
    servers.chooses(&ann);
    servers.reads(&ann, "The cup <b>& the saucer</i> turn in <a href='x'>light</a>");
    servers.taps(&ann, Tap::EDIT_SCRIPT);
    servers.reads(&ann, "copy");
    servers.orders_script(&ann, 1);
    servers.closes(&ann);
    let log = bot.stop();
    assert!(!log.contains("HTML is broken"), "{log}");
}
