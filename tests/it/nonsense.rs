//! Whatever KIE and Telegram answer, the books add up and the next person is served.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use proptest::prelude::*;
use reelbot::testing::{
    actions::Rules,
    chat::Tap,
    clock::ManualClock,
    config::{Config, check},
    domain::{
        Clock, Credits, DraftId, KeyId, Lane, OrderId, Progress, ScriptId, Status, Timestamp,
        UserId,
    },
    telegram::Pace,
    worker::Keyring,
};
use serde_json::{Value, json};

use crate::malformed::{Bytes, documents};
use crate::world::{World, checks::texts};

/// Is in every text of KIE's; no person may ever read it.
const KIES_WORDS: &str = "quaternion";

/// KIE's false answers, call by call, until there are no more.
type FalseAnswers = Arc<Mutex<VecDeque<Bytes>>>;

/// A KIE that does what is asked of it, and gives these answers instead of its own.
fn with_false_answers(kie: Router, answers: &FalseAnswers) -> Router {
    let answers = Arc::clone(answers);
    kie.layer(middleware::from_fn(move |request: Request, next: Next| {
        let answers = Arc::clone(&answers);
        async move {
            let api = request.uri().path().starts_with("/api");
            let own = next.run(request).await;
            let other = api.then(|| answers.lock().unwrap().pop_front()).flatten();
            other.map_or(own, |Bytes(body)| Response::new(Body::from(body)))
        }
    }))
}

/// What KIE may answer, with a text of its own in it.
fn answers() -> Vec<Value> {
    let answer = |code: u16, data: Value| json!({"code": code, "msg": KIES_WORDS, "data": data});
    let nowhere = "http://127.0.0.1:1/v.mp4";
    vec![
        answer(200, json!({"taskId": "281e5b0f39b9"})),
        answer(200, json!({"downloadUrl": nowhere})),
        answer(200, json!({"state": "fail", "failCode": "501", "failMsg": KIES_WORDS})),
        answer(200, json!({"state": "fail", "failMsg": format!("{KIES_WORDS} flagged")})),
        answer(200, json!({"state": "success", "resultJson": {"resultUrls": [nowhere]}})),
        answer(200, json!({"state": "waiting"})),
        answer(500, Value::Null),
        answer(429, Value::Null),
    ]
}

/// Updates about this person; the stand-in numbers them.
fn updates(person: UserId) -> Vec<Value> {
    let from = json!({"id": person.0, "is_bot": false, "first_name": "Анна"});
    let chat = json!({"id": person.0, "type": "private"});
    let message = |field: &str, content: Value| json!({"message": {"message_id": 5, "date": 9, "from": from, "chat": chat, field: content}});
    let photo = json!([{"file_id": "f", "file_unique_id": "u", "width": 600, "height": 600}]);
    let (draft, order, preset) = (DraftId(1), OrderId(1), "scroll-up".to_owned());
    let tap = |tap: Tap| {
        json!({"callback_query": {"id": "4", "from": from, "chat_instance": "1", "data": tap.to_string(),
            "message": {"message_id": 5, "date": 0, "chat": chat}}})
    };
    let script = ScriptId { draft, revision: 1 };
    let edited = message("text", json!("чашка на столе"));
    vec![
        message("text", json!("/start")),
        message("text", json!("/balance")),
        message("text", json!("чашка <b> & \u{1f3ac}")),
        message("photo", photo),
        message("voice", json!({"file_id": "f"})),
        tap(Tap::OwnText { draft }),
        tap(Tap::Preset { draft, preset }),
        tap(Tap::Order { script, count: 3, offer: 0 }),
        tap(Tap::UseText(script)),
        tap(Tap::AnotherScript(script)),
        tap(Tap::EditScript { draft, revision: Some(1) }),
        json!({"edited_message": edited["message"]}),
        tap(Tap::MoreWithPhoto { order }),
    ]
}

proptest! {
    // A case is the life of a whole bot.
    #![proptest_config(ProptestConfig { max_shrink_iters: 20, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn no_nonsense_costs_a_credit_or_the_next_person_an_answer(
        answers in proptest::collection::vec(documents(&answers()), 1..20),
        updates in proptest::collection::vec(documents(&updates(UserId(1))), 1..20),
    ) {
        let (mut world, anna) = World::with_anna(10);
        let answers = FalseAnswers::new(Mutex::new(answers.into()));
        world.kie_becomes(with_false_answers(world.stage.kie.router(), &answers));
        world.orders(&anna, 3);
        for update in &updates {
            // In the name of the person who is there.
            let text = String::from_utf8_lossy(update);
            let text = text.replace("\"id\":1,", &format!("\"id\":{},", anna.id()));
            // Only an object can carry a number, and Telegram numbers every update.
            match serde_json::from_str::<Value>(&text) {
                Ok(update) if update.is_object() => {
                    world.stage.telegram.raw_update(update);
                }
                _ => {}
            }
        }
        world.all_work_is_done();
        answers.lock().unwrap().clear();
        world.passes(Duration::from_hours(3));
        world.all_work_is_done();
        world.adds_up();
        prop_assert_eq!(world.stage.telegram.pending_updates(), 0);
        let jobs = world.jobs();
        prop_assert!(jobs.iter().all(|job| matches!(job.status, Status::Completed | Status::Failed)));
        let paid = jobs.iter().filter(|job| job.status == Status::Completed).count();
        prop_assert_eq!(world.balance(&anna) + i64::try_from(paid).unwrap(), 10);
        prop_assert!(texts(&anna).iter().all(|text| !text.contains(KIES_WORDS)), "{:#?}", texts(&anna));

        world.adds_key("another", "another-key-of-another-account");
        let boris = world.person_with("Борис", "ru", 1);
        prop_assert!(!texts(&boris).is_empty());
        world.orders(&boris, 1);
        world.all_work_is_done();
        let served = boris.videos().len() == 1 || world.balance(&boris) == 1;
        prop_assert!(served, "{:#?}", texts(&boris));
    }
}

fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..10_000_000_u64).prop_map(Duration::from_millis),
        any::<u64>().prop_map(Duration::from_secs),
    ]
}

fn rates() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), 0.0..100.0, Just(f64::MIN_POSITIVE), Just(1e-300), Just(1e300)]
}

proptest! {
    #[test]
    fn a_config_that_passes_its_check_can_be_used(
        times in proptest::collection::vec(durations(), 6),
        rates in proptest::collection::vec(rates(), 3),
        welcome: i64,
        price in prop_oneof![any::<i64>(), 0..1000_i64],
    ) {
        let mut config = Config::default();
        config.workers.idle_wait = times[0];
        config.workers.shutdown_grace = times[1];
        config.kie.poll_interval = times[2];
        config.kie.render_timeout = times[3];
        config.kie.hold = times[4];
        config.gpt.timeout = times[5];
        config.telegram.messages_per_second = rates[0];
        config.telegram.messages_per_second_per_chat = rates[1];
        config.kie.polls_per_second = rates[2];
        config.credits.welcome = Credits(welcome);
        config.models[0].credits = Credits(price);
        // Only wrong settings are mended, so that the others are used.
        let sound = Config::default();
        for finding in check(&config) {
            match finding.key.as_str() {
                "workers.idle_wait" => config.workers.idle_wait = sound.workers.idle_wait,
                "workers.shutdown_grace" => {
                    config.workers.shutdown_grace = sound.workers.shutdown_grace;
                }
                "kie.poll_interval" | "kie.render_timeout" => {
                    config.kie.poll_interval = sound.kie.poll_interval;
                    config.kie.render_timeout = sound.kie.render_timeout;
                }
                "kie.hold" => config.kie.hold = sound.kie.hold,
                "gpt.timeout" => config.gpt.timeout = sound.gpt.timeout,
                "telegram.messages_per_second" => config.telegram.messages_per_second = 30.0,
                "telegram.messages_per_second_per_chat" => {
                    config.telegram.messages_per_second_per_chat = 1.0;
                }
                "kie.polls_per_second" => config.kie.polls_per_second = 10.0,
                "credits.welcome" => config.credits.welcome = Credits(1),
                _ => config.models[0].credits = Credits(1),
            }
        }
        prop_assert_eq!(check(&config), []);
        let now = Timestamp(1_795_000_000_000);
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(now));
        let telegram = &config.telegram;
        let per_chat = telegram.messages_per_second_per_chat;
        let pace = Pace::new(clock, telegram.messages_per_second, per_chat);
        pace.take(UserId(7), Lane::Answers);
        prop_assert!(pace.ready_at(UserId(7), Lane::Answers) < now + Duration::from_hours(24 * 365));
        let polled = Ok(Progress::Running);
        Keyring::new(&[]).next_poll(&Rules::new(&config), Some(KeyId(1)), &polled, now);
        prop_assert!(Instant::now().checked_add(config.workers.shutdown_grace).is_some());
        prop_assert!(now + config.kie.hold < Timestamp(i64::MAX));
        prop_assert!(config.credits.welcome.0.checked_add(1_000_000_000_000).is_some());
    }
}
