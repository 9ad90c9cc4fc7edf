//! The main job through `run`.

use std::fs;

use crate::books::audit;
use crate::books::count;
use crate::street::KEYS;
use crate::street::Street;

#[test]
fn a_photo_becomes_three_videos_and_an_own_text_one_more() {
    let street = Street::open();
    let bot = street.run();
    let anna = street.telegram.person("Анна", "ru");
    anna.sends_text("/start");
    street.hears(&anna, "Дарим вам 50 кредитов");
    street.orders(&anna, 3);
    street.closes(&anna);
    let videos = anna.videos();
    assert_eq!(videos.len(), 3);
    for (number, video) in (1..).zip(&videos) {
        let bytes = fs::read(&video.media.as_ref().unwrap().path).unwrap();
        assert_eq!(&bytes[4..8], b"ftyp", "video {number}");
    }
    let more = street.closes(&anna);
    street.tap(&anna, "m:", "");
    street.tap(&anna, "w:", "");
    street.hears(&anna, "Опишите видео своими словами");
    anna.sends_text("Чашка <b>&amp; блюдце & <script>");
    street.orders_script(&anna, 1);
    street.until("the second closing", || {
        anna.chat().iter().any(|m| m.id > more.id && m.labels().contains(&"🏠 Главное меню"))
    });
    assert_eq!(anna.videos().len(), 4);
    let wish = street.gpt.seen()[1].body.to_string();
    assert!(wish.contains("<b>&amp; блюдце & <script>"), "{wish}");
    anna.sends_text("/balance");
    street.hears(&anna, "На балансе: 46 кредитов");
    bot.stop();
    audit(&street.database());
    assert_eq!(count(&street.database(), "select count(*) from outbox where error is not null"), 0);
    assert_eq!(street.kie.tasks().len(), 4);
    for task in street.kie.tasks() {
        assert!(task.polled_by.iter().all(|key| *key == task.key));
        assert!(KEYS.contains(&task.key.expose()));
    }
}

#[test]
fn somebody_from_england_is_spoken_to_in_english() {
    let street = Street::open();
    let bot = street.run();
    let ann = street.telegram.person("Ann", "en-GB");
    street.orders(&ann, 1);
    street.closes(&ann);
    let all: String = ann.chat().into_iter().filter(|m| m.from_bot).map(|m| m.text).collect();
    assert!(!all.chars().any(|c| ('а'..='я').contains(&c)), "{all}");
    bot.stop();
}

#[test]
fn a_markup_like_script_is_shown_literally() {
    let street = Street::open();
    let bot = street.run();
    let ann = street.telegram.person("Ann", "en");
    street.gpt.usually(reelbot::sandbox::gpt::Reply::Say {
        text: "The cup <b>& the saucer</i> turn in <a href='x'>light</a>, slowly and gently."
            .into(),
    });
    street.chooses(&ann);
    street.hears(&ann, "The cup <b>& the saucer</i> turn in <a href='x'>light</a>");
    street.tap(&ann, "e:", "");
    street.hears(&ann, "copy");
    street.orders_script(&ann, 1);
    street.closes(&ann);
    let said = bot.stop();
    assert!(!said.contains("HTML is broken"), "{said}");
}
