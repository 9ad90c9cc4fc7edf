//! Servers other than our stand-ins: the same formats with other details.

use std::sync::atomic::{AtomicUsize, Ordering};

use reelbot::testing::{
    chat::Tap,
    sandbox::{Behaviour, Blanks, Fault, PHOTO, PlannedFault},
};
use serde_json::{Map, Value, json};

use crate::database::audit;
use crate::servers::Servers;

#[test]
fn answers_of_telegram_with_the_fewest_fields_and_unknown_ones_are_understood() {
    let servers = Servers::open();
    servers.wire.rewrites(|path, answer| {
        let method = path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let result = &mut answer["result"];
        match method.as_str() {
            "getme" => *result = json!({"id": 7_654_321}),
            "getupdates" => updates(result),
            "getfile" => keep(result, &["file_path"]),
            "sendmessage" | "sendvideo" => keep(result, &["message_id"]),
            "editmessagetext" => *result = json!(true),
            _ => {}
        }
        answer["extra"] = json!({"of": ["a", "later", 7.9]});
    });
    for kind in ["poll_answer", "chat_boost", "quantum_message"] {
        servers.telegram.raw_update(json!({kind: {"id": 1, "from": "nobody", "chat": [7]}}));
    }
    for message in [json!(null), json!(7), json!([]), json!({}), json!({"from": 1, "chat": null})] {
        servers.telegram.raw_update(json!({"message": message}));
        servers.telegram.raw_update(json!({"callback_query": message}));
        servers.telegram.raw_update(json!({"my_chat_member": message}));
    }
    let bot = servers.run();
    let anna = servers.telegram.person("Anna", "ru");
    anna.sends_text("/start");
    // Her language is among the missing fields, so it is the operator's.
    servers.reads(&anna, "Здравствуйте!");
    servers.orders(&anna, 3);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 3);
    let log = bot.stop();
    assert!(!log.contains(" ERROR ") && !log.contains("panicked"), "{log}");
    audit(&servers.database());
}

/// Messages lose their optional fields, and gain unknown ones.
fn updates(result: &mut Value) {
    for update in result.as_array_mut().into_iter().flatten() {
        update["future"] = json!([{"deep": [null, 1e300]}]);
        if let Some(message) = update.get_mut("message").filter(|message| message.is_object()) {
            keep(message, &["message_id", "from", "chat", "text", "photo"]);
            people(message);
            message["sent_by_robot_hand"] = json!({"yes": true});
        }
        if let Some(query) = update.get_mut("callback_query").filter(|query| query.is_object()) {
            keep(query, &["id", "from", "message", "data"]);
            people(query);
            keep(&mut query["message"], &["message_id", "chat"]);
        }
    }
}

fn people(value: &mut Value) {
    if value["from"].is_object() {
        keep(&mut value["from"], &["id"]);
    }
    if value["chat"].is_object() {
        keep(&mut value["chat"], &["id", "type"]);
    }
}

/// Of an object only these fields stay.
fn keep(value: &mut Value, names: &[&str]) {
    if let Some(fields) = value.as_object_mut() {
        let kept =
            names.iter().filter_map(|name| Some(((*name).to_owned(), fields.remove(*name)?)));
        *value = Value::Object(kept.collect::<Map<_, _>>());
    }
}

#[test]
fn after_error_pages_broken_and_missing_answers_the_bot_goes_on() {
    let servers = Servers::open();
    for (fault, method) in [
        (Fault::HtmlBadGateway, "getMe"),
        (Fault::HtmlBadGateway, "getUpdates"),
        (Fault::Dropped, "getUpdates"),
        (Fault::ServerError, "setMyCommands"),
        (Fault::HtmlBadGateway, "sendMessage"),
        (Fault::ServerError, "answerCallbackQuery"),
        (Fault::HtmlBadGateway, "editMessageText"),
        (Fault::ServerError, "getFile"),
        (Fault::HtmlBadGateway, "sendVideo"),
    ] {
        servers.telegram.plan(PlannedFault::new(fault).on(method));
    }
    let bot = servers.run();
    let anna = servers.telegram.person("Anna", "en");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 1);
    // The bot calls getMe every 10 s; that fault may still wait.
    bot.stop();
    audit(&servers.database());
}

#[test]
fn a_right_token_that_is_refused_now_and_then_ends_nothing() {
    let servers = Servers::open();
    let polls = AtomicUsize::new(0);
    servers.wire.rewrites(move |path, answer| {
        let is_poll = path.ends_with("/GetUpdates");
        let code = match is_poll.then(|| polls.fetch_add(1, Ordering::SeqCst)) {
            Some(1) => 401,
            Some(3) => 404,
            _ => return,
        };
        *answer = json!({"ok": false, "error_code": code, "description": "Unauthorized"});
    });
    let bot = servers.run();
    let anna = servers.telegram.person("Anna", "en");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    servers.until("both refusals", || servers.wire.asked("/GetUpdates") > 4);
    bot.stop();
    audit(&servers.database());
}

#[test]
fn a_kie_with_other_spellings_makes_videos_all_the_same() {
    let behaviour = Behaviour {
        message: true,
        shortcut: true,
        real_statuses: true,
        blanks: Blanks::Absent,
        null_polls: 2,
        ..Behaviour::steady(std::time::Duration::from_millis(200)).without_limits()
    };
    let servers = Servers::with(behaviour);
    servers.wire.rewrites(|path, answer| {
        if !path.starts_with("/api/") {
            return;
        }
        if let Some(code) = answer["code"].as_i64() {
            answer["code"] = json!(code.to_string());
        }
        let record = &mut answer["data"]["resultJson"];
        if let Some(inner) = record.as_str().and_then(|text| serde_json::from_str(text).ok()) {
            *record = inner;
        }
        if answer["data"]["resultJson"].is_null() {
            keep(&mut answer["data"], &["taskId", "recordId", "state", "downloadUrl"]);
        }
        answer["novelty"] = json!([1, {"two": 3}]);
    });
    let bot = servers.run();
    let anna = servers.telegram.person("Anna", "en");
    servers.orders(&anna, 3);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 3);
    bot.stop();
    assert_eq!(servers.kie.tasks().len(), 3);
    audit(&servers.database());
}

#[test]
fn a_kie_that_answers_with_nothing_never_gets_a_second_paid_task_unnoticed() {
    let servers = Servers::open();
    servers.wire.rewrites(|path, answer| {
        if path.ends_with("createTask") {
            answer["data"] = Value::Null;
        }
    });
    let bot = servers.run();
    let anna = servers.telegram.person("Anna", "en");
    anna.sends_photo(PHOTO).unwrap();
    servers.taps(&anna, Tap::PRESET);
    servers.orders_script(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    assert!(anna.videos().is_empty());
    let lost = crate::database::count(&servers.database(), "select count(*) from lost_submissions");
    assert_eq!(usize::try_from(lost).unwrap(), servers.kie.tasks().len());
    let credits = crate::database::count(&servers.database(), "select credits from users");
    assert_eq!(credits, 50);
    audit(&servers.database());
}
