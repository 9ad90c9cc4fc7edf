//! Bad input gets a clear answer and loses nothing.

use reelbot::testing::{
    chat::Tap,
    domain::{DraftId, OrderId, ScriptId},
    sandbox::{PHOTO, Person},
};
use serde_json::json;

use crate::bot::Bot;
use crate::database::{audit, count};
use crate::servers::{Servers, count_button};

/// A bot that runs, and a person from Russia whom it has greeted.
fn anna(servers: &Servers) -> (Bot, Person) {
    let (bot, anna) = (servers.run(), servers.telegram.person("Анна", "ru"));
    anna.sends_text("/start");
    servers.reads(&anna, "Отправьте фото товара");
    (bot, anna)
}

/// The texts of the bot in a chat.
fn bot_texts(person: &Person) -> Vec<String> {
    let from_bot = person.chat().into_iter().filter(|message| message.from_bot);
    from_bot.map(|message| message.text).collect()
}

/// Waits until everything sent is answered: /balance, sent last, is answered last.
#[track_caller]
fn settle(servers: &Servers, person: &Person) {
    let before = balances(person);
    person.sends_text("/balance");
    servers.until("the balance", || balances(person) > before);
}

fn balances(person: &Person) -> usize {
    bot_texts(person).iter().filter(|text| text.contains("Одно видео")).count()
}

/// Sends something and returns the answers to it alone.
#[track_caller]
fn answers(servers: &Servers, person: &Person, action: impl FnOnce()) -> Vec<String> {
    let before = bot_texts(person).len();
    action();
    settle(servers, person);
    let mut answers = bot_texts(person).split_off(before);
    assert!(answers.pop().is_some_and(|balance| balance.contains("На балансе")));
    answers
}

#[test]
fn an_unusable_message_gets_one_answer_that_names_what_to_send_instead() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    let answered = answers(&servers, &anna, || {
        anna.sends_text("Чашка на столе");
    });
    assert!(
        matches!(&answered[..], [one] if one.contains("Сначала отправьте фото")),
        "{answered:?}"
    );

    let mut large = PHOTO.to_vec();
    large.resize(25_000_000, 0);
    let answered = answers(&servers, &anna, || {
        anna.sends_document(&large, "cup.jpg", "image/jpeg").unwrap();
    });
    assert!(matches!(&answered[..], [one] if one.contains("файл до 10 МБ")), "{answered:?}");

    let answered = answers(&servers, &anna, || {
        anna.sends_document(b"%PDF-1.7", "cup.pdf", "application/pdf").unwrap();
    });
    assert!(matches!(&answered[..], [one] if one.contains("не похож на фото")), "{answered:?}");

    let answered = answers(&servers, &anna, || {
        anna.sends_sticker().unwrap();
    });
    let [one] = &answered[..] else { panic!("{answered:?}") };
    assert!(one.contains("Я понимаю фото и текст"), "{one}");
    let answered = answers(&servers, &anna, || {
        anna.sends_voice("чашка", 2).unwrap();
    });
    let [one] = &answered[..] else { panic!("{answered:?}") };
    assert!(one.contains("Голосовые пока не понимаю"), "{one}");
    let answered = answers(&servers, &anna, || {
        anna.sends_text("/buy now");
    });
    assert!(matches!(&answered[..], [one] if one.contains("Такой команды нет")), "{answered:?}");
    bot.stop();
    assert_eq!(count(&servers.database(), "select count(*) from drafts"), 0);
}

#[test]
fn a_pdf_that_calls_itself_a_photo_is_noticed_before_anything_is_charged() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    anna.sends_document(b"%PDF-1.7 and so on", "cup.jpg", "image/jpeg").unwrap();
    servers.reads(&anna, "не похож на фото");
    bot.stop();
    assert_eq!(count(&servers.database(), "select credits from users"), 50);
    audit(&servers.database());
}

#[test]
fn an_album_is_asked_about_once() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    // The question waits for the last photo; other answers do not wait for the question.
    let answered = answers(&servers, &anna, || {
        anna.sends_album(&vec![PHOTO.to_vec(); 5]).unwrap();
        servers.reads(&anna, "5 фото");
    });
    assert!(matches!(&answered[..], [one] if one.contains("5 фото")), "{answered:?}");
    servers.taps(&anna, "da:");
    servers.taps(&anna, "dp:");
    servers.taps(&anna, Tap::PRESET);
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 1);
    bot.stop();
    assert_eq!(count(&servers.database(), "select count(*) from photos"), 5);
}

#[test]
fn an_empty_or_too_long_own_text_gets_exactly_one_answer_and_the_next_one_works() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    anna.sends_photo(PHOTO).unwrap();
    servers.taps(&anna, Tap::OWN_TEXT);
    servers.reads(&anna, "Опишите видео");
    let answered = answers(&servers, &anna, || {
        anna.sends_text(" \n ");
    });
    assert!(matches!(&answered[..], [one] if one.contains("нет текста")), "{answered:?}");
    // The client breaks it into two messages.
    let answered = answers(&servers, &anna, || {
        anna.sends_text(&"ы".repeat(5000));
    });
    assert!(matches!(&answered[..], [one] if one.contains("слишком длинно")), "{answered:?}");
    servers.taps(&anna, Tap::IDEAS);
    servers.taps(&anna, Tap::PRESET);
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    audit(&servers.database());
}

#[test]
fn a_prompt_with_markup_is_shown_literally_when_gpt_is_down() {
    let servers = Servers::open();
    servers.gpt.usually(reelbot::testing::sandbox::GptReply::Html);
    let (bot, anna) = anna(&servers);
    anna.sends_photo(PHOTO).unwrap();
    servers.reads(&anna, "Выберите идею");
    anna.sends_text("чашка <b>& пар</b> &lt;");
    let script = servers.reads(&anna, "чашка <b>& пар</b> &lt;");
    assert!(script.text.contains("взял его как есть"), "{}", script.text);
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    let prompt = servers.kie.tasks()[0].input["prompt"].clone();
    assert_eq!(prompt, "чашка <b>& пар</b> &lt;");
    bot.stop();
}

#[test]
fn an_order_with_too_few_credits_is_answered_with_how_many_are_missing() {
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
    servers.taps_count(&anna, 3);
    servers
        .reads(&anna, "для 3 видео нужен ещё 1 кредит. На балансе: 2 кредита. Ничего не списано.");
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
    let script = servers.message(&anna, "a script", |m| count_button(m, 3).is_some());
    anna.taps_twice(script.id, &count_button(&script, 3).unwrap()).unwrap();
    anna.forges_tap(script.id, &count_button(&script, 5).unwrap());
    servers.closes(&anna);
    settle(&servers, &anna);
    bot.stop();
    assert_eq!(anna.videos().len(), 3);
    assert_eq!(count(&servers.database(), "select count(*) from orders"), 1);
    assert_eq!(count(&servers.database(), "select credits from users"), 47);
    audit(&servers.database());
}

#[test]
fn taps_on_messages_a_month_old_and_forged_data_are_answered_and_do_nothing() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    let (from, chat) = (json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"}), anna.id());
    let month_old = json!({"chat": {"id": chat, "type": "private"}, "message_id": 3, "date": 0});
    let script = ScriptId { draft: DraftId(9000), revision: 1 };
    let order = Tap::Order { script, count: 5, offer: 0 }.to_string();
    let more = Tap::MoreWithPhoto { order: OrderId(77) }.to_string();
    let [no_preset, too_many] =
        [format!("{}1:", Tap::PRESET), format!("{}1:1:999999999999", Tap::ORDER)];
    for data in [&order, Tap::MENU, &more, &no_preset, "' or 1=1 --", &too_many, "💥"] {
        let answered = answers(&servers, &anna, || {
            servers.telegram.raw_update(json!({"callback_query": {"id": "77", "from": from,
                "message": month_old, "chat_instance": "1", "data": data}}));
        });
        let expected = if data == Tap::MENU {
            "Главное меню"
        } else {
            "Эта кнопка уже устарела"
        };
        assert!(matches!(&answered[..], [one] if one.contains(expected)), "{data}: {answered:?}");
    }
    // A query without a message (an inline one), and one without data.
    let answered = answers(&servers, &anna, || {
        servers.telegram.raw_update(json!({"callback_query": {"id": "78", "from": from,
            "inline_message_id": "x", "chat_instance": "1", "data": Tap::MENU}}));
        servers.telegram.raw_update(json!({"callback_query": {"id": "79", "from": from,
            "message": month_old, "chat_instance": "1", "game_short_name": "g"}}));
    });
    assert!(answered.is_empty(), "{answered:?}");
    let log = bot.stop();
    assert!(!log.contains(" ERROR "), "{log}");
}

#[test]
fn groups_edits_bots_and_channels_get_no_answer() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    let first = anna.chat()[0].id;
    let from = json!({"id": anna.id(), "is_bot": false, "first_name": "Анна"});
    let answered = answers(&servers, &anna, || {
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
    assert!(answered.is_empty(), "{answered:?}");
    let elsewhere = servers.telegram.calls().into_iter();
    let elsewhere: Vec<_> = elsewhere.filter_map(|call| call.chat).collect();
    assert!(elsewhere.iter().all(|chat| *chat == anna.id()), "{elsewhere:?}");
    bot.stop();
    assert_eq!(count(&servers.database(), "select count(*) from users"), 1);
}

#[test]
fn videos_for_a_person_that_blocked_the_bot_arrive_after_an_unblock() {
    let servers = Servers::open();
    let (bot, anna) = anna(&servers);
    servers.wire.holds("createTask");
    servers.orders(&anna, 3);
    servers.until("KIE is asked", || servers.wire.asked("createTask") > 0);
    anna.blocks();
    servers.until("the bot knows", || servers.telegram.pending_updates() == 0);
    servers.wire.releases();
    bot.logs_times("outcome=\"blocked\"", 3);
    // Another person's order is not held up.
    let ben = servers.telegram.person("Ben", "en");
    servers.orders(&ben, 1);
    servers.closes(&ben);
    anna.unblocks();
    servers.orders(&anna, 1);
    servers.until("the kept videos and the new one", || anna.videos().len() == 4);
    servers.closes(&anna);
    bot.stop();
    audit(&servers.database());
    let delivered = "select count(*) from generation_jobs
                     where status = 'completed' and delivered_at is not null";
    assert_eq!(count(&servers.database(), delivered), 5);
}
