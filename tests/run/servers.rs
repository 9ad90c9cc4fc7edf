//! The servers of a story: Telegram, KIE and GPT on loopback, the traffic between the bot and
//! them, and the people in the chats.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use reelbot::testing::{
    chat::Tap,
    clock::SystemClock,
    sandbox::{
        Behaviour, GptStandIn, KieStandIn, PHOTO, Person, Server, ShownMessage, TelegramStandIn,
        serve,
    },
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::wire::Wire;

/// The bot token.
pub(crate) const TOKEN: &str = "7654321:AAtokenTOKENtokenTOKENtokenTOKEN123";
/// Its part that must stay secret.
pub(crate) const TOKEN_HALF: &str = "AAtokenTOKENtokenTOKENtokenTOKEN123";
/// Two KIE keys, each with an account of its own.
pub(crate) const KEYS: [&str; 2] =
    ["0a0a0a0a1b1b1b1b2c2c2c2c3d3d3d3d", "f0f0f0f0e1e1e1e1d2d2d2d2c3c3c3c3"];

/// How long anything may take before something must be wrong.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// The servers. Dropping it ends all servers.
pub(crate) struct Servers {
    pub telegram: TelegramStandIn,
    pub kie: KieStandIn,
    pub gpt: GptStandIn,
    /// More of the config file, table by table; `config` puts it together.
    pub extra: String,
    /// More lines of its tables `[telegram]`, `[kie]` and `[gpt]`.
    pub lines: [String; 3],
    dir: TempDir,
    /// Between the bot and the servers.
    pub wire: Wire,
    running: [Server; 3],
    runtime: Runtime,
}

impl Servers {
    /// Servers whose renders take 200 ms and whose KIE knows [`KEYS`].
    pub(crate) fn open() -> Self {
        Self::with(Behaviour::steady(Duration::from_millis(200)).without_limits())
    }

    pub(crate) fn with(behaviour: Behaviour) -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
        let clock = Arc::new(SystemClock);
        let telegram = TelegramStandIn::new(clock.clone(), TOKEN).unwrap();
        let kie = KieStandIn::new(clock.clone(), behaviour);
        for (index, key) in KEYS.iter().enumerate() {
            kie.account(&index.to_string()).key(key).credits(1e6);
        }
        let gpt = GptStandIn::new(clock);
        let wire = Wire::new();
        let running = [telegram.router(), kie.router(), gpt.router()]
            .map(|router| runtime.block_on(serve(wire.layer(router), 0)).unwrap());
        let dir = tempfile::tempdir().unwrap();
        let (extra, lines) = (String::new(), Default::default());
        Self { telegram, kie, gpt, extra, lines, dir, wire, running, runtime }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("data/reelbot.db")
    }

    /// The addresses of Telegram, KIE and GPT.
    pub(crate) fn urls(&self) -> [String; 3] {
        self.running.each_ref().map(Server::url)
    }

    /// Writes the config file that leads here, and returns its path.
    pub(crate) fn config(&self) -> PathBuf {
        let [telegram, kie, gpt] = self.urls();
        self.config_for(&telegram, &kie, &format!("{gpt}/v1"))
    }

    pub(crate) fn config_for(&self, telegram: &str, kie: &str, gpt: &str) -> PathBuf {
        let [telegram_lines, kie_lines, gpt_lines] = &self.lines;
        let text = format!(
            "[telegram]\napi_url = \"{telegram}\"\n{telegram_lines}\nmessages_per_second = 1000\n\
             messages_per_second_per_chat = 1000\n\
             [workers]\ncount = 25\nidle_wait = \"50ms\"\nshutdown_grace = \"60s\"\n\
             [kie]\napi_url = \"{kie}\"\nupload_url = \"{kie}\"\n{kie_lines}\npoll_interval = \"100ms\"\n\
             retry_delays = [\"100ms\", \"100ms\", \"100ms\"]\ncreates_per_10s = 10000\n\
             polls_per_second = 1000\n\
             [gpt]\napi_url = \"{gpt}\"\n{gpt_lines}\n\
             [credits]\nwelcome = 50\ncounts = [1, 3, 5, 10]\n{}",
            self.extra
        );
        let path = self.path("config.toml");
        fs::write(&path, text).unwrap();
        path
    }

    /// Waits until something is so; looks after every request, answer and change of a chat.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        self.until_within(PATIENCE, what, is_so);
    }

    /// The same with another patience.
    #[track_caller]
    pub(crate) fn until_within(&self, patience: Duration, what: &str, is_so: impl Fn() -> bool) {
        let place = std::panic::Location::caller();
        self.runtime.block_on(async {
            let (mut wire, mut telegram) = (self.wire.changes.subscribe(), self.telegram.changes());
            let seen = async {
                while !is_so() {
                    tokio::select! {
                        _ = wire.changed() => {}
                        _ = telegram.changed() => {}
                    }
                }
            };
            let in_time = tokio::time::timeout(patience, seen).await;
            assert!(in_time.is_ok(), "waited in vain for {what} at {place}:\n{}", self.all_chats());
        });
    }

    /// All chats, for the message of a failed test.
    fn all_chats(&self) -> String {
        let people = self.telegram.people().into_iter();
        let people = people.filter_map(|id| self.telegram.person_by_id(id));
        let chats = people.map(|person| {
            let line = |message: &ShownMessage| {
                let from = if message.from_bot { "bot" } else { "   " };
                let kind = message.media.as_ref().map_or("", |media| media.kind);
                format!("{from} {kind} {:?} {:?}", message.text, message.labels())
            };
            person.chat().iter().map(line).collect::<Vec<_>>().join("\n")
        });
        chats.collect::<Vec<_>>().join("\n--\n")
    }

    /// The bot's newest message in a chat that is so, once it is there.
    #[track_caller]
    pub(crate) fn message(
        &self,
        person: &Person,
        what: &str,
        is_it: impl Fn(&ShownMessage) -> bool,
    ) -> ShownMessage {
        let find = || person.chat().into_iter().rfind(|message| message.from_bot && is_it(message));
        self.until(what, || find().is_some());
        find().unwrap()
    }

    /// The bot's newest message with this text in it, once it is there.
    #[track_caller]
    pub(crate) fn reads(&self, person: &Person, text: &str) -> ShownMessage {
        self.message(person, text, |message| message.text.contains(text))
    }

    /// They tap the first button whose data begins so, once there is one.
    #[track_caller]
    pub(crate) fn taps(&self, person: &Person, prefix: &str) -> ShownMessage {
        self.taps_found(person, prefix, |message| button(message, prefix))
    }

    /// They tap on this many videos, once that is offered.
    #[track_caller]
    pub(crate) fn taps_count(&self, person: &Person, count: u32) -> ShownMessage {
        self.taps_found(person, "a script", |message| count_button(message, count))
    }

    #[track_caller]
    fn taps_found(
        &self,
        person: &Person,
        what: &str,
        find: impl Fn(&ShownMessage) -> Option<String>,
    ) -> ShownMessage {
        let message = self.message(person, what, |message| find(message).is_some());
        person.taps(message.id, &find(&message).unwrap()).unwrap();
        message
    }

    /// They send the photo and tap the first idea.
    #[track_caller]
    pub(crate) fn chooses(&self, person: &Person) {
        person.sends_photo(PHOTO).unwrap();
        self.taps(person, Tap::PRESET);
    }

    /// They order so many videos: photo, idea, count. Returns when the order is accepted.
    #[track_caller]
    pub(crate) fn orders(&self, person: &Person, count: u32) {
        self.chooses(person);
        self.orders_script(person, count);
    }

    /// They order the script that is, or comes, at the end of their chat.
    #[track_caller]
    pub(crate) fn orders_script(&self, person: &Person, count: u32) {
        let message = self.taps_count(person, count);
        self.until("the order", || {
            person.chat().iter().any(|m| m.id == message.id && m.labels().is_empty())
        });
    }

    /// The closing keyboard has come.
    #[track_caller]
    pub(crate) fn closes(&self, person: &Person) -> ShownMessage {
        self.message(person, "closing", is_closing)
    }
}

/// Whether a message is the last one of an order: after a refused photo it asks for another.
pub(crate) fn is_closing(message: &ShownMessage) -> bool {
    let closes = |data: &str| data.starts_with(Tap::MORE_WITH_PHOTO) || data == Tap::ANOTHER_PHOTO;
    message.data().any(closes)
}

/// The data of the first button that begins so.
pub(crate) fn button(message: &ShownMessage, prefix: &str) -> Option<String> {
    message.data().find(|data| data.starts_with(prefix)).map(str::to_owned)
}

/// The data of the button that orders this many videos.
pub(crate) fn count_button(message: &ShownMessage, count: u32) -> Option<String> {
    let offers = |tap: Tap| matches!(tap, Tap::Order { count: offered, .. } if offered == count);
    message.data().find(|data| Tap::parse(data).is_some_and(offers)).map(str::to_owned)
}
