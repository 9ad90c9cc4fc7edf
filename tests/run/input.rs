//! Bad input gets a clear answer and loses nothing.

use reelbot::sandbox::demo::PHOTO;
use reelbot::sandbox::telegram::person::Person;
use serde_json::json;

use crate::books::audit;
use crate::books::count;
use crate::child::Bot;
use crate::street::Street;
use crate::street::button;

/// A person from Russia, and a bot that runs.
fn anna(street: &Street) -> (Bot, Person) {
    (street.run(), street.telegram.person("Анна", "ru"))
}

/// The texts of the bot in a chat.
fn texts(person: &Person) -> Vec<String> {
    let from_bot = person.chat().into_iter().filter(|message| message.from_bot);
    from_bot.map(|message| message.text).collect()
}

/// Everything that was sent is answered once /balance, which is last in line, is.
#[track_caller]
fn settle(street: &Street, person: &Person) {
    let before = balances(person);
    person.sends_text("/balance");
    street.until("the balance", || balances(person) > before);
}

fn balances(person: &Person) -> usize {
    texts(person).iter().filter(|text| text.contains("Одно видео: ")).count()
}

/// Sends something and returns the answers to it alone.
#[track_caller]
fn answers(street: &Street, person: &Person, deed: impl FnOnce()) -> Vec<String> {
    let before = texts(person).len();
    deed();
    settle(street, person);
    let mut answers = texts(person).split_off(before);
    assert!(answers.pop().is_some_and(|balance| balance.contains("На балансе")));
    answers
}

#[test]
fn what_is_no_usable_photo_is_answered_once_with_what_to_send_instead() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    let said = answers(&street, &anna, || {
        anna.sends_text("Чашка на столе");
    });
    assert!(matches!(&said[..], [one] if one.contains("Сначала отправьте фото")), "{said:?}");

    let mut large = PHOTO.to_vec();
    large.resize(25_000_000, 0);
    let said = answers(&street, &anna, || {
        anna.sends_document(&large, "cup.jpg", "image/jpeg").unwrap();
    });
    assert!(matches!(&said[..], [one] if one.contains("файл до 10 МБ")), "{said:?}");

    let said = answers(&street, &anna, || {
        anna.sends_document(b"%PDF-1.7", "cup.pdf", "application/pdf").unwrap();
    });
    assert!(matches!(&said[..], [one] if one.contains("не похож на фото")), "{said:?}");

    for deed in [Person::sends_sticker, Person::sends_voice] {
        let said = answers(&street, &anna, || {
            deed(&anna).unwrap();
        });
        assert!(matches!(&said[..], [one] if one.contains("Я понимаю фото и текст")), "{said:?}");
    }
    let said = answers(&street, &anna, || {
        anna.sends_text("/buy now");
    });
    assert!(matches!(&said[..], [one] if one.contains("Такой команды нет")), "{said:?}");
    bot.stop();
    assert_eq!(count(&street.database(), "select count(*) from drafts"), 0);
}

#[test]
fn a_pdf_that_calls_itself_a_photo_is_noticed_before_anything_is_charged() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    anna.sends_document(b"%PDF-1.7 and so on", "cup.jpg", "image/jpeg").unwrap();
    street.tap(&anna, "p:", "");
    street.hears(&anna, "не похож на фото");
    bot.stop();
    assert_eq!(count(&street.database(), "select credits from users"), 50);
    audit(&street.database());
}

#[test]
fn of_an_album_the_first_photo_is_used_and_the_rest_is_explained_once() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    let said = answers(&street, &anna, || {
        anna.sends_album(&vec![PHOTO.to_vec(); 5]).unwrap();
    });
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("Выберите идею") && said[1].contains("Беру первое"), "{said:?}");
    street.tap(&anna, "p:", "");
    street.orders_script(&anna, 1);
    street.closes(&anna);
    assert_eq!(anna.videos().len(), 1);
    bot.stop();
    assert_eq!(count(&street.database(), "select count(*) from photos"), 1);
}

#[test]
fn own_texts_without_text_or_too_long_get_exactly_one_answer_and_the_next_one_works() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    anna.sends_photo(PHOTO).unwrap();
    street.tap(&anna, "w:", "");
    street.hears(&anna, "Опишите видео");
    let said = answers(&street, &anna, || {
        anna.sends_text(" \n ");
    });
    assert!(matches!(&said[..], [one] if one.contains("нет текста")), "{said:?}");
    // The client breaks it into two messages.
    let said = answers(&street, &anna, || {
        anna.sends_text(&"ы".repeat(5000));
    });
    assert!(matches!(&said[..], [one] if one.contains("слишком длинно")), "{said:?}");
    street.tap(&anna, "i:", "");
    street.tap(&anna, "p:", "");
    street.orders_script(&anna, 1);
    street.closes(&anna);
    bot.stop();
    audit(&street.database());
}

#[test]
fn a_prompt_with_markup_is_shown_literally_when_gpt_is_down() {
    let street = Street::open();
    street.gpt.usually(reelbot::sandbox::gpt::Reply::Html);
    let (bot, anna) = anna(&street);
    anna.sends_photo(PHOTO).unwrap();
    street.hears(&anna, "Выберите идею");
    anna.sends_text("чашка <b>& пар</b> &lt;");
    let script = street.hears(&anna, "чашка <b>& пар</b> &lt;");
    assert!(script.text.contains("взял ваш текст как есть"), "{}", script.text);
    street.orders_script(&anna, 1);
    street.closes(&anna);
    let prompt = street.kie.tasks()[0].input["prompt"].clone();
    assert_eq!(prompt, "чашка <b>& пар</b> &lt;");
    bot.stop();
}

#[test]
fn who_has_too_few_credits_is_told_how_many_are_missing_and_pays_nothing() {
    let street = Street::open();
    let path = street.config();
    let text = std::fs::read_to_string(&path).unwrap().replace("welcome = 50", "welcome = 2");
    let poor = street.path("poor.toml");
    std::fs::write(&poor, text).unwrap();
    let mut command = street.command();
    command.env("REELBOT_CONFIG", poor);
    let bot = Bot::start(command);
    let anna = street.telegram.person("Анна", "ru");
    street.chooses(&anna);
    street.tap(&anna, "o:", ":3");
    street
        .hears(&anna, "для 3 видео нужен ещё 1 кредит. На балансе: 2 кредита. Ничего не списано.");
    street.orders_script(&anna, 1);
    street.closes(&anna);
    bot.stop();
    assert_eq!(count(&street.database(), "select credits from users"), 1);
    audit(&street.database());
}

#[test]
fn two_taps_at_once_are_one_order_and_one_charge() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    street.chooses(&anna);
    let script = street.message(&anna, "a script", |m| button(m, "o:", ":3").is_some());
    anna.taps_twice(script.id, &button(&script, "o:", ":3").unwrap()).unwrap();
    anna.forges_tap(script.id, &button(&script, "o:", ":5").unwrap());
    street.closes(&anna);
    settle(&street, &anna);
    bot.stop();
    assert_eq!(anna.videos().len(), 3);
    assert_eq!(count(&street.database(), "select count(*) from orders"), 1);
    assert_eq!(count(&street.database(), "select credits from users"), 47);
    audit(&street.database());
}

#[test]
fn taps_on_messages_a_month_old_and_made_up_data_are_answered_and_do_nothing() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    anna.sends_text("/start");
    street.hears(&anna, "Дарим вам");
    let (from, chat) = (json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"}), anna.id());
    let month_old = json!({"chat": {"id": chat, "type": "private"}, "message_id": 3, "date": 0});
    for data in ["o:9000:1:5", "h", "m:77", "p:1:", "' or 1=1 --", "o:1:1:999999999999", "💥"] {
        let said = answers(&street, &anna, || {
            street.telegram.raw_update(json!({"callback_query": {"id": "77", "from": from,
                "message": month_old, "chat_instance": "1", "data": data}}));
        });
        let expected = if data == "h" {
            "Главное меню"
        } else {
            "Эта кнопка уже устарела"
        };
        assert!(matches!(&said[..], [one] if one.contains(expected)), "{data}: {said:?}");
    }
    // A query without a message (an inline one), and one without data.
    let said = answers(&street, &anna, || {
        street.telegram.raw_update(json!({"callback_query": {"id": "78", "from": from,
            "inline_message_id": "x", "chat_instance": "1", "data": "h"}}));
        street.telegram.raw_update(json!({"callback_query": {"id": "79", "from": from,
            "message": month_old, "chat_instance": "1", "game_short_name": "g"}}));
    });
    assert!(said.is_empty(), "{said:?}");
    let said = bot.stop();
    assert!(!said.contains(" ERROR "), "{said}");
}

#[test]
fn groups_edits_bots_and_channels_are_met_with_silence() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    let first = anna.sends_text("/start");
    street.hears(&anna, "Дарим вам");
    let from = json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"});
    let said = answers(&street, &anna, || {
        let group = json!({"id": -100_500, "type": "supergroup", "title": "Семья"});
        for text in ["/start", "привет", "/help@reelbot_sandbox_bot"] {
            street.telegram.raw_update(json!({"message": {"message_id": 5, "date": 0,
                "from": from, "chat": group, "text": text}}));
        }
        street.telegram.raw_update(json!({"message": {"message_id": 6, "date": 0,
            "from": {"id": 9, "is_bot": true, "first_name": "b"},
            "chat": {"id": 9, "type": "private"}, "text": "/start"}}));
        street.telegram.raw_update(json!({"channel_post": {"message_id": 7, "date": 0,
            "chat": {"id": -1, "type": "channel", "title": "c"}, "text": "/start"}}));
        anna.edits_message(first, "/help");
    });
    assert!(said.is_empty(), "{said:?}");
    let elsewhere = street.telegram.calls().into_iter();
    let elsewhere: Vec<_> = elsewhere.filter_map(|call| call.chat).collect();
    assert!(elsewhere.iter().all(|chat| *chat == anna.id()), "{elsewhere:?}");
    bot.stop();
    assert_eq!(count(&street.database(), "select count(*) from users"), 1);
}

#[test]
fn the_videos_of_who_blocked_the_bot_are_kept_and_who_is_back_is_served_again() {
    let street = Street::open();
    let (bot, anna) = anna(&street);
    street.wire.close_gate("createTask");
    street.orders(&anna, 3);
    street.until("KIE is asked", || street.wire.asked("createTask") > 0);
    anna.blocks();
    street.until("the bot knows", || street.telegram.pending_updates() == 0);
    street.wire.open_gate();
    bot.says_often("outcome=\"blocked\"", 3);
    // Another person's order is not held up.
    let ben = street.telegram.person("Ben", "en");
    street.orders(&ben, 1);
    street.closes(&ben);
    anna.unblocks();
    street.orders(&anna, 1);
    street.until("the new video", || anna.videos().len() == 1);
    street.closes(&anna);
    bot.stop();
    audit(&street.database());
    let kept = "select count(*) from generation_jobs
                where status = 'completed' and delivered_at is null and video_url is not null";
    assert_eq!(count(&street.database(), kept), 3);
}
