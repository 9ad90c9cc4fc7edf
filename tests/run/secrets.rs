//! No token, key, prompt or photo is in the log, at any level and in either form.

use reelbot::testing::{
    chat::Tap,
    sandbox::{
        FailureText, Fault, FileFault, GptReply, PHOTO, Person, PlannedFault, RenderOutcome,
    },
};

use crate::bot::Bot;
use crate::servers::{KEYS, Servers, TOKEN, TOKEN_HALF, button};

/// What a person wrote, what GPT made of it, and the key for GPT.
const OWN_TEXT: &str = "Xylophonkatze <b>& Zimtstern";
const PROMPT: &str = "The quokka-shaped teapot turns on a slab of petrified honey in slow rain.";
const OPENAI_KEY: &str = "sk-proj-9Zy8Xw7Vu6Ts5Rq4Po3Nm2";
/// A key that KIE does not know.
const STRANGE_KEY: &str = "99887766554433221100aabbccddeeff";

/// Every library logs at its most detailed level.
const TRACE: &str = "trace,ureq=trace,ureq_proto=trace,hyper=trace,hyper_util=trace,reqwest=trace,\
                    teloxide=trace,rustls=trace,r2d2=trace";

impl Servers {
    fn run_with_log(&self, form: &str, level: &str) -> Bot {
        let mut command = self.command();
        command
            .args(["--log-format", form])
            .env("RUST_LOG", level)
            .env("RUST_BACKTRACE", "1")
            .env("OPENAI_API_KEY", OPENAI_KEY)
            .env("KIE_API_KEY", [KEYS[0], STRANGE_KEY, KEYS[1]].join(","));
        Bot::start(command)
    }
}

#[track_caller]
fn has_no_secrets(log: &str, servers: &Servers, people: &[&Person]) {
    let mut secrets: Vec<String> = [TOKEN, TOKEN_HALF, OPENAI_KEY, STRANGE_KEY, KEYS[0], KEYS[1]]
        .into_iter()
        .chain(["7654321%3A", "Xylophon", "Zimtstern", "quokka", "petrified"])
        .map(str::to_owned)
        .collect();
    let media = people.iter().flat_map(|person| person.chat()).filter_map(|m| m.media);
    secrets.extend(media.flat_map(|media| [media.file_id].into_iter().chain(media.thumbnail)));
    for task in servers.kie.tasks() {
        secrets.extend(task.input["image_urls"][0].as_str().map(str::to_owned));
        secrets.extend(task.input["prompt"].as_str().map(str::to_owned));
    }
    for secret in secrets {
        let leak = log.lines().find(|line| line.contains(&secret));
        assert!(leak.is_none(), "{secret} is logged: {leak:?}");
    }
    assert!(log.contains("reelbot runs") || log.contains("error:"), "{log}");
}

#[test]
fn a_flow_with_faults_of_every_kind_logs_no_secret() {
    flow("human", TRACE);
}

#[test]
fn a_log_in_json_has_no_secret_either() {
    flow("json", "trace");
}

fn flow(form: &str, level: &str) {
    let servers = Servers::open();
    faults(&servers);
    let bot = servers.run_with_log(form, level);
    let anna = servers.telegram.person("Анна", "ru");
    sends_own_text(&servers, &anna);
    servers.orders_script(&anna, 10);
    servers.closes(&anna);
    // A second script: GPT is down, and the own text is the prompt.
    servers.gpt.usually(GptReply::Html);
    let ben = servers.telegram.person("Ben", "en");
    sends_own_text(&servers, &ben);
    servers.orders_script(&ben, 1);
    servers.closes(&ben);
    assert!(servers.telegram.planned_faults_are_over());
    has_no_secrets(&bot.stop(), &servers, &[&anna, &ben]);
}

/// They send a photo and a text of their own.
#[track_caller]
fn sends_own_text(servers: &Servers, person: &Person) {
    person.sends_photo(PHOTO).unwrap();
    servers.message(person, "ideas", |message| button(message, Tap::OWN_TEXT).is_some());
    person.sends_text(OWN_TEXT);
}

fn faults(servers: &Servers) {
    servers.gpt.next(GptReply::Say { text: PROMPT.to_owned() });
    for (fault, method) in [
        (Fault::HtmlBadGateway, "getUpdates"),
        (Fault::Dropped, "getUpdates"),
        (Fault::ServerError, "getMe"),
        (Fault::TooManyRequests { retry_after: 1 }, "sendMessage"),
        (Fault::HtmlBadGateway, "sendMessage"),
        (Fault::Dropped, "editMessageText"),
        (Fault::HtmlBadGateway, "getFile"),
        (Fault::Dropped, "sendVideo"),
        (Fault::TooManyRequests { retry_after: 1 }, "sendVideo"),
    ] {
        servers.telegram.plan(PlannedFault::new(fault).on(method));
    }
    // KIE's texts may repeat the prompt.
    let echo = |code| FailureText::new(code, &format!("Invalid prompt: {PROMPT} {OWN_TEXT}"));
    servers.kie.script([
        RenderOutcome::HtmlBefore,
        RenderOutcome::DropBefore,
        RenderOutcome::Refuse { code: 500, msg: format!("busy with {PROMPT}") },
        RenderOutcome::Refuse { code: 422, msg: format!("cannot read {PROMPT} {OWN_TEXT}") },
        RenderOutcome::DropAfterAccept,
        RenderOutcome::BrokenAfter,
        RenderOutcome::Fail(echo("400")),
        RenderOutcome::Fail(echo("500")),
        RenderOutcome::CodePolls { code: 429, polls: 1 },
        RenderOutcome::BrokenPolls { polls: 1 },
        RenderOutcome::File { fault: FileFault::NotFound, times: 1 },
        RenderOutcome::File { fault: FileFault::Html, times: 1 },
    ]);
}

#[test]
fn a_log_about_refused_connections_has_no_secret() {
    let servers = Servers::open();
    // Nothing listens on port 1.
    let nowhere = "http://127.0.0.1:1";
    let mut command = servers.command();
    command.env("REELBOT_CONFIG", servers.config_for(nowhere, nowhere, nowhere));
    command.env("RUST_LOG", "trace").env("OPENAI_API_KEY", OPENAI_KEY);
    let bot = Bot::start(command);
    bot.logs("no updates");
    bot.logs("Telegram does not answer yet");
    has_no_secrets(&bot.stop(), &servers, &[]);

    let [telegram, ..] = servers.urls();
    let mut command = servers.command();
    command.env("REELBOT_CONFIG", servers.config_for(&telegram, nowhere, nowhere));
    command.env("RUST_LOG", "trace").env("OPENAI_API_KEY", OPENAI_KEY);
    let bot = Bot::start(command);
    let anna = servers.telegram.person("Анна", "ru");
    sends_own_text(&servers, &anna);
    servers.orders_script(&anna, 1);
    servers.reads(&anna, "Кредит вернули");
    has_no_secrets(&bot.stop(), &servers, &[&anna]);
}

#[test]
fn a_short_token_of_another_server_is_hidden_too() {
    let servers = Servers::open();
    let mut command = servers.command();
    command.env("TELEGRAM_BOT_TOKEN", "123:TESTfootoken").env("RUST_LOG", "trace");
    let (code, log) = Bot::start(command).ends();
    assert_eq!(code, 78, "{log}");
    assert!(!log.contains("TESTfoo") && log.contains("hint:"), "{log}");
}
