//! A person's way through what a seller comes back for, on the page of the sandbox.

use crate::PHOTO;
use crate::browser::{Browser, DESKTOP};
use crate::chat::Chat;
use crate::process::Sandbox;

/// One render at a time, so that there is something to be called off.
const ONE_AT_A_TIME: &str = "[kie]\nmodel = \"bytedance/seedance-2-mini\"\nin_flight = 1\n";

/// Asks for more videos of the product, and waits for the ideas.
async fn has_more_ideas(anna: &Chat<'_>) {
    let before = anna.keys("Игра света").await;
    anna.taps("Сделать еще с этим товаром").await;
    anna.has_keys("Игра света", before + 1).await;
}

/// Opens a new script from an idea, and waits for its buttons.
async fn has_script(anna: &Chat<'_>, idea: &str) {
    let before = anna.keys("5 видео").await;
    anna.taps(idea).await;
    anna.has_keys("5 видео", before + 1).await;
}

#[tokio::test]
async fn a_person_chooses_a_format_orders_opens_my_and_calls_an_order_off() {
    let sandbox = Sandbox::with_config(ONE_AT_A_TIME, 30);
    let browser = Browser::open(&sandbox.url, DESKTOP).await;
    let anna = browser.chat("Анна");
    anna.clicks("start").await;
    anna.sees("Отправьте фото товара").await;
    anna.sends_file(PHOTO).await;
    anna.has_key("Прокрути вверх").await;

    // The format.
    has_script(&anna, "Прокрути вверх").await;
    anna.has_key("✅ 9:16").await;
    anna.taps("1:1").await;
    anna.has_key("✅ 1:1").await;
    assert_eq!(anna.keys("✅ 9:16").await, 0);

    // The order.
    anna.taps("1 видео").await;
    anna.plays(1).await;
    anna.sees("Готово! Снять ещё?").await;

    // The same video again.
    anna.types("/my").await;
    anna.sees("Мои видео").await;
    anna.taps("1").await;
    let again = anna.plays(2).await;
    assert!(again["time"].as_f64() > Some(0.0), "{again}");

    // An order that waits behind another, called off.
    has_more_ideas(&anna).await;
    has_script(&anna, "Покрути вокруг").await;
    anna.taps("5 видео").await;
    anna.sees("Генерация 5 видео запущена").await;
    has_more_ideas(&anna).await;
    has_script(&anna, "Игра света").await;
    anna.has_key("✅ 1:1").await;
    anna.taps("3 видео").await;
    anna.sees("Генерация 3 видео запущена").await;
    anna.taps("Отменить").await;
    anna.sees("Заказ на 3 видео отменён").await;
    anna.types("/balance").await;
    anna.sees("24 кредита").await;
    browser.is_clean().await;
}
