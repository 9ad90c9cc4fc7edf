//! The sandbox's chat page in a real browser: the real binary, Chromium, and a
//! person's clicks.

mod process;

mod browser;

mod chat;

mod gallery;

mod walk;

use browser::{Browser, DESKTOP, PHONE};
use process::Sandbox;
use serde_json::json;

/// A cup of coffee.
const PHOTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/coffee.jpg");

#[tokio::test]
async fn a_photo_becomes_three_videos_that_play() {
    let sandbox = Sandbox::open();
    let browser = Browser::open(&sandbox.url, DESKTOP).await;
    let anna = browser.chat("Анна");
    anna.clicks("start").await;
    anna.sees("Отправьте фото товара").await;
    anna.sends_file(PHOTO).await;
    anna.taps("Прокрути вверх").await;
    anna.taps("3 видео").await;
    for number in 1..=3 {
        let playing = anna.plays(number).await;
        assert!(playing["ready"].as_u64() >= Some(2), "{playing}");
        assert!(playing["width"].as_u64() > Some(0), "{playing}");
        assert!(playing["time"].as_f64() > Some(0.0), "{playing}");
        assert!(playing["duration"].as_f64() > Some(1.0), "{playing}");
    }
    anna.sees("все 3 видео у вас").await;
    anna.has_key("Главное меню").await;
    if Browser::takes_pictures() {
        let [boris, chloe] = ["Борис", "Chloe"].map(|name| browser.chat(name));
        for person in [boris, chloe] {
            person.clicks("start").await;
            person.clicks("demo-photo").await;
        }
        boris.has_key("Прокрути вверх").await;
        chloe.taps("Scroll up").await;
        chloe.has_key("3 videos").await;
        browser.takes_picture("sandbox").await;
    }
    let ideas = anna.keys("Прокрути вверх").await;
    anna.taps("Сделать еще с этим товаром").await;
    anna.has_keys("Прокрути вверх", ideas + 1).await;
    browser.is_clean().await;
}

#[tokio::test]
async fn two_people_side_by_side_have_a_chat_each() {
    let sandbox = Sandbox::open();
    let browser = Browser::open(&sandbox.url, DESKTOP).await;
    let [anna, chloe] = ["Анна", "Chloe"].map(|name| browser.chat(name));
    anna.clicks("start").await;
    anna.sees("Отправьте фото товара").await;
    assert_eq!(chloe.messages().await, 0);
    chloe.clicks("start").await;
    chloe.clicks("demo-photo").await;
    chloe.has_key("Scroll up").await;
    anna.types("Добрый день").await;
    anna.sees("Добрый день").await;
    assert!(!chloe.text().await.contains("Добрый день"));
    assert_eq!(anna.keys("Scroll up").await, 0);
    browser.is_clean().await;
}

#[tokio::test]
async fn a_file_that_is_no_photo_gets_an_answer_and_several_photos_are_one_album() {
    let sandbox = Sandbox::open();
    let browser = Browser::open(&sandbox.url, DESKTOP).await;
    let boris = browser.chat("Борис");
    boris.clicks("start").await;
    boris.sends_file(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).await;
    boris.sees("не похож на фото").await;
    let huge = sandbox.file("huge.jpg", 64 << 20);
    boris.picks(&huge).await;
    boris.has_toast("64 МБ").await;
    boris.sends_file(&format!("{PHOTO}\n{PHOTO}\n{PHOTO}")).await;
    boris.sees("3 фото").await;
    boris.has_key("Один товар").await;
    browser.is_clean().await;
}

#[tokio::test]
async fn an_album_with_captions_is_edited_answered_and_forwarded() {
    let sandbox = Sandbox::open();
    let browser = Browser::open(&sandbox.url, DESKTOP).await;
    let anna = browser.chat("Анна");
    anna.clicks("start").await;
    anna.picks(&format!("{PHOTO}\n{PHOTO}")).await;
    anna.writes_caption(1, "арт. 101").await;
    anna.writes_caption(2, "арт. 102").await;
    anna.clicks("send").await;
    anna.sees("2 фото").await;
    anna.taps("Разные товары").await;
    anna.sees("101").await;

    anna.acts_on("арт. 102", "change").await;
    anna.types("3").await;
    anna.sees("арт. 1023").await;
    anna.acts_on("арт. 101", "answer").await;
    anna.types("арт. 205").await;
    anna.has("quote").await;
    let before = anna.messages().await;
    anna.acts_on("арт. 205", "forward").await;
    anna.sees("Переслано от").await;
    assert!(anna.messages().await > before);

    // As files: an album that holds what is no photo.
    anna.picks(&format!("{PHOTO}\n{}", concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"))).await;
    anna.clicks("uncompressed").await;
    anna.clicks("send").await;
    anna.sees("README.md").await;
    browser.is_clean().await;
}

#[tokio::test]
async fn what_shall_go_wrong_is_switched_on_and_told_by_the_bot() {
    let sandbox = Sandbox::open();
    let browser = Browser::open(&sandbox.url, PHONE).await;
    let anna = browser.chat("Анна");
    browser.clicks("troubles").await;
    browser.clicks("models-down").await;
    browser.evaluates("document.querySelector('#panel').hidePopover()").await;
    anna.clicks("start").await;
    anna.clicks("commands").await;
    anna.clicks("commands").await;
    anna.clicks("sample").await;
    anna.taps("Прокрути вверх").await;
    anna.taps("1 видео").await;
    anna.sees("на ремонт").await;
    browser.clicks("troubles").await;
    browser.clicks("models-down").await;
    anna.plays(1).await;
    browser.is_clean().await;
}

#[tokio::test]
async fn an_open_page_shows_that_the_sandbox_has_ended() {
    let sandbox = Sandbox::open();
    let browser = Browser::open(&sandbox.url, DESKTOP).await;
    let anna = browser.chat("Анна");
    anna.has("start").await;
    drop(sandbox);
    browser.has_status("The sandbox is not running").await;
    anna.clicks("start").await;
    anna.has_toast("Песочница не запущена").await;
}

#[tokio::test]
async fn a_phone_shows_one_chat_and_nothing_sticks_out() {
    let sandbox = Sandbox::open();
    let browser = Browser::open(&sandbox.url, PHONE).await;
    let anna = browser.chat("Анна");
    anna.clicks("start").await;
    anna.clicks("sample").await;
    anna.taps("Прокрути вверх").await;
    anna.has_key("3 видео").await;
    let seen = browser
        .evaluates(
            "const page = document.documentElement;
             const composer = document.querySelector('.composer').getBoundingClientRect();
             return [innerWidth, page.scrollWidth, composer.left >= 0, composer.right <= innerWidth,
                     composer.bottom <= innerHeight, composer.height > 30]",
        )
        .await;
    assert_eq!(seen, json!([390, 390, true, true, true, true]));
    browser.takes_picture("phone").await;
    browser.is_clean().await;
}
