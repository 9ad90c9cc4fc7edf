//! Bad input gets a clear answer and loses nothing.

use reelbot::sandbox::demo::PHOTO;
use reelbot::sandbox::telegram::person::Person;
use serde_json::json;

use crate::books::audit;
use crate::books::count;
use crate::child::Bot;
use crate::servers::Servers;
use crate::servers::button;

/// A person from Russia, and a bot that runs.
fn anna(servers: &Servers) -> (Bot, Person) {
    (servers.run(), servers.telegram.person("Анна", "ru"))
}

/// The texts of the bot in a chat.
fn texts(person: &Person) -> Vec<String> {
    let from_bot = person.chat().into_iter().filter(|message| message.from_bot);
    from_bot.map(|message| message.text).collect()
}

/// Everything that was sent is answered once /balance, which is last in line, is.
#[track_caller]
fn settle(servers: &Servers, person: &Person) {
    let before = balances(person);
    person.sends_text("/balance");
    servers.until("the balance", || balances(person) > before);
}

fn balances(person: &Person) -> usize {
    texts(person).iter().filter(|text| text.contains("Одно видео: ")).count()
}

/// Sends something and returns the answers to it alone.
#[track_caller]
fn answers(servers: &Servers, person: &Person, action: impl FnOnce()) -> Vec<String> {
    let before = texts(person).len();
    action();
    settle(servers, person);
    let mut answers = texts(person).split_off(before);
    assert!(answers.pop().is_some_and(|balance| balance.contains("На балансе")));
    answers
}

#[test]
fn what_is_no_usable_photo_is_answered_once_with_what_to_send_instead() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    let said = answers(&servers, &anna, || {
        anna.sends_text("Чашка на столе");
    });
    assert!(matches!(&said[..], [one] if one.contains("Сначала отправьте фото")), "{said:?}");

    let mut large = PHOTO.to_vec();
    large.resize(25_000_000, 0);
    let said = answers(&servers, &anna, || {
        anna.sends_document(&large, "cup.jpg", "image/jpeg").unwrap();
    });
    assert!(matches!(&said[..], [one] if one.contains("файл до 10 МБ")), "{said:?}");

    let said = answers(&servers, &anna, || {
        anna.sends_document(b"%PDF-1.7", "cup.pdf", "application/pdf").unwrap();
    });
    assert!(matches!(&said[..], [one] if one.contains("не похож на фото")), "{said:?}");

    for action in [Person::sends_sticker, Person::sends_voice] {
        let said = answers(&servers, &anna, || {
            action(&anna).unwrap();
        });
        assert!(matches!(&said[..], [one] if one.contains("Я понимаю фото и текст")), "{said:?}");
    }
    let said = answers(&servers, &anna, || {
        anna.sends_text("/buy now");
    });
    assert!(matches!(&said[..], [one] if one.contains("Такой команды нет")), "{said:?}");
    bot.stop();
    assert_eq!(count(&servers.database(), "select count(*) from drafts"), 0);
}

#[test]
fn a_pdf_that_calls_itself_a_photo_is_noticed_before_anything_is_charged() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    anna.sends_document(b"%PDF-1.7 and so on", "cup.jpg", "image/jpeg").unwrap();
    servers.tap(&anna, "p:", "");
    servers.hears(&anna, "не похож на фото");
    bot.stop();
    assert_eq!(count(&servers.database(), "select credits from users"), 50);
    audit(&servers.database());
}

#[test]
fn of_an_album_the_first_photo_is_used_and_the_rest_is_explained_once() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    let said = answers(&servers, &anna, || {
        anna.sends_album(&vec![PHOTO.to_vec(); 5]).unwrap();
    });
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("Выберите идею") && said[1].contains("Беру первое"), "{said:?}");
    servers.tap(&anna, "p:", "");
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 1);
    bot.stop();
    assert_eq!(count(&servers.database(), "select count(*) from photos"), 1);
}

#[test]
fn own_texts_without_text_or_too_long_get_exactly_one_answer_and_the_next_one_works() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    anna.sends_photo(PHOTO).unwrap();
    servers.tap(&anna, "w:", "");
    servers.hears(&anna, "Опишите видео");
    let said = answers(&servers, &anna, || {
        anna.sends_text(" \n ");
    });
    assert!(matches!(&said[..], [one] if one.contains("нет текста")), "{said:?}");
    // The client breaks it into two messages.
    let said = answers(&servers, &anna, || {
        anna.sends_text(&"ы".repeat(5000));
    });
    assert!(matches!(&said[..], [one] if one.contains("слишком длинно")), "{said:?}");
    servers.tap(&anna, "i:", "");
    servers.tap(&anna, "p:", "");
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    audit(&servers.database());
}

#[test]
fn a_prompt_with_markup_is_shown_literally_when_gpt_is_down() {
    let servers = Servers::open();
    servers.gpt.usually(reelbot::sandbox::gpt::GptReply::Html);
    let (bot, anna) = anna(&servers);
    anna.sends_photo(PHOTO).unwrap();
    servers.hears(&anna, "Выберите идею");
    anna.sends_text("чашка <b>& пар</b> &lt;");
    let script = servers.hears(&anna, "чашка <b>& пар</b> &lt;");
    assert!(script.text.contains("взял ваш текст как есть"), "{}", script.text);
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    let prompt = servers.kie.tasks()[0].input["prompt"].clone();
    assert_eq!(prompt, "чашка <b>& пар</b> &lt;");
    bot.stop();
}

#[test]
fn who_has_too_few_credits_is_told_how_many_are_missing_and_pays_nothing() {
    let servers = Servers::open();
    let path = servers.config();
    let text = std::fs::read_to_string(&path).unwrap().replace("welcome = 50", "welcome = 2");
    let poor = servers.path("poor.toml");
    std::fs::write(&poor, text).unwrap();
    let mut command = servers.command();
    command.env("REELBOT_CONFIG", poor);
    let bot = Bot::start(command);
    let anna = servers.telegram.person("Анна", "ru");
    servers.chooses(&anna);
    servers.tap(&anna, "o:", ":3");
    servers
        .hears(&anna, "для 3 видео нужен ещё 1 кредит. На балансе: 2 кредита. Ничего не списано.");
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    assert_eq!(count(&servers.database(), "select credits from users"), 1);
    audit(&servers.database());
}

#[test]
fn two_taps_at_once_are_one_order_and_one_charge() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    servers.chooses(&anna);
    let script = servers.message(&anna, "a script", |m| button(m, "o:", ":3").is_some());
    anna.taps_twice(script.id, &button(&script, "o:", ":3").unwrap()).unwrap();
    anna.forges_tap(script.id, &button(&script, "o:", ":5").unwrap());
    servers.closes(&anna);
    settle(&servers, &anna);
    bot.stop();
    assert_eq!(anna.videos().len(), 3);
    assert_eq!(count(&servers.database(), "select count(*) from orders"), 1);
    assert_eq!(count(&servers.database(), "select credits from users"), 47);
    audit(&servers.database());
}

#[test]
fn taps_on_messages_a_month_old_and_made_up_data_are_answered_and_do_nothing() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    anna.sends_text("/start");
    servers.hears(&anna, "Дарим вам");
    let (from, chat) = (json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"}), anna.id());
    let month_old = json!({"chat": {"id": chat, "type": "private"}, "message_id": 3, "date": 0});
    for data in ["o:9000:1:5", "h", "m:77", "p:1:", "' or 1=1 --", "o:1:1:999999999999", "💥"] {
        let said = answers(&servers, &anna, || {
            servers.telegram.raw_update(json!({"callback_query": {"id": "77", "from": from,
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
    let said = answers(&servers, &anna, || {
        servers.telegram.raw_update(json!({"callback_query": {"id": "78", "from": from,
            "inline_message_id": "x", "chat_instance": "1", "data": "h"}}));
        servers.telegram.raw_update(json!({"callback_query": {"id": "79", "from": from,
            "message": month_old, "chat_instance": "1", "game_short_name": "g"}}));
    });
    assert!(said.is_empty(), "{said:?}");
    let said = bot.stop();
    assert!(!said.contains(" ERROR "), "{said}");
}

#[test]
fn groups_edits_bots_and_channels_are_met_with_silence() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    let first = anna.sends_text("/start");
    servers.hears(&anna, "Дарим вам");
    let from = json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"});
    let said = answers(&servers, &anna, || {
        let group = json!({"id": -100_500, "type": "supergroup", "title": "Семья"});
        for text in ["/start", "привет", "/help@reelbot_sandbox_bot"] {
            servers.telegram.raw_update(json!({"message": {"message_id": 5, "date": 0,
                "from": from, "chat": group, "text": text}}));
        }
        servers.telegram.raw_update(json!({"message": {"message_id": 6, "date": 0,
            "from": {"id": 9, "is_bot": true, "first_name": "b"},
            "chat": {"id": 9, "type": "private"}, "text": "/start"}}));
        servers.telegram.raw_update(json!({"channel_post": {"message_id": 7, "date": 0,
            "chat": {"id": -1, "type": "channel", "title": "c"}, "text": "/start"}}));
        anna.edits_message(first, "/help");
    });
    assert!(said.is_empty(), "{said:?}");
    let elsewhere = servers.telegram.calls().into_iter();
    let elsewhere: Vec<_> = elsewhere.filter_map(|call| call.chat).collect();
    assert!(elsewhere.iter().all(|chat| *chat == anna.id()), "{elsewhere:?}");
    bot.stop();
    assert_eq!(count(&servers.database(), "select count(*) from users"), 1);
}

#[test]
fn the_videos_of_who_blocked_the_bot_are_kept_and_who_is_back_is_served_again() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    servers.wire.close_gate("createTask");
    servers.orders(&anna, 3);
    servers.until("KIE is asked", || servers.wire.asked("createTask") > 0);
    anna.blocks();
    servers.until("the bot knows", || servers.telegram.pending_updates() == 0);
    servers.wire.open_gate();
    bot.says_often("outcome=\"blocked\"", 3);
    // Another person's order is not held up.
    let ben = servers.telegram.person("Ben", "en");
    servers.orders(&ben, 1);
    servers.closes(&ben);
    anna.unblocks();
    servers.orders(&anna, 1);
    servers.until("the new video", || anna.videos().len() == 1);
    servers.closes(&anna);
    bot.stop();
    audit(&servers.database());
    let kept = "select count(*) from generation_jobs
                where status = 'completed' and delivered_at is null and video_url is not null";
    assert_eq!(count(&servers.database(), kept), 3);
}
