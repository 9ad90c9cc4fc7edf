//! The stand-in itself: the handle that tests, the page and the server share.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::sync::watch;

use crate::domain::{id::UserId, ports::Clock, secret::Secret, time::Timestamp};
use crate::sandbox::telegram::{
    calls::{ApiCall, LostAnswer},
    fault::{Fault, PlannedFault},
    files::Files,
    flood::FloodLimit,
    message::{Media, MediaKind},
    state::TelegramState,
};

/// Telegram on this machine. Clones share everything.
#[derive(Clone)]
pub struct TelegramStandIn(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    token: Mutex<Secret>,
    dir: PathBuf,
    state: Mutex<TelegramState>,
    version: watch::Sender<u64>,
}

/// The first part of a token is its bot's user id.
fn bot_of(token: &str) -> i64 {
    token.split(':').next().and_then(|id| id.parse().ok()).unwrap_or(1)
}

impl TelegramStandIn {
    /// Telegram with one bot, identified by `token` (such as `12345:secret`), and
    /// no people. Fails when no temporary directory can be made.
    pub fn new(clock: Arc<dyn Clock>, token: &str) -> io::Result<Self> {
        let id = bot_of(token);
        let files = Files::new(id)?;
        let dir = files.dir().to_owned();
        let state = Mutex::new(TelegramState::new(id, files));
        let (token, version) = (Mutex::new(Secret::new(token)), watch::Sender::new(0));
        Ok(Self(Arc::new(Inner { clock, token, dir, state, version })))
    }

    /// Whether this is the bot's token.
    pub fn knows(&self, token: &str) -> bool {
        self.0.token.lock().unwrap_or_else(PoisonError::into_inner).expose() == token
    }

    /// From now on the token is this one. Where it is another bot's, nobody has a chat with that one
    /// yet, and ids of files are new for it.
    pub fn change_token(&self, token: &str) {
        let bot = bot_of(token);
        *self.0.token.lock().unwrap_or_else(PoisonError::into_inner) = Secret::new(token);
        self.change(|state| {
            if state.bot == bot {
                return;
            }
            (state.bot, state.files.bot) = (bot, bot);
            for chat in state.chats.values_mut() {
                (chat.started, chat.blocked) = (false, false);
                chat.messages.clear();
            }
        });
    }

    /// The time on Telegram's clock.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The directory with all files.
    pub fn dir(&self) -> &std::path::Path {
        &self.0.dir
    }

    /// Reads the state.
    pub fn read<T>(&self, read: impl FnOnce(&TelegramState) -> T) -> T {
        read(&self.lock())
    }

    /// Changes the state and notifies everything that waits for changes.
    pub fn change<T>(&self, change: impl FnOnce(&mut TelegramState) -> T) -> T {
        let (result, version) = {
            let mut state = self.lock();
            state.version += 1;
            (change(&mut state), state.version)
        };
        // Without the lock: a waiting task may read the state while it looks at the version.
        self.0.version.send_if_modified(|known| {
            let newer = version > *known;
            *known = version.max(*known);
            newer
        });
        result
    }

    /// Changes the state without a notification.
    pub fn change_quietly<T>(&self, change: impl FnOnce(&mut TelegramState) -> T) -> T {
        change(&mut self.lock())
    }

    /// Notifies of changes, with the state's version.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.version.subscribe()
    }

    /// The next call has this fault, getUpdates excepted.
    pub fn next(&self, fault: Fault) {
        self.plan(PlannedFault::new(fault));
    }

    /// Plans a fault, as in `plan(PlannedFault::new(fault).on("sendVideo").times(2))`.
    pub fn plan(&self, fault: PlannedFault) {
        self.lock().faults.add(fault);
    }

    /// From now on something random goes wrong in this share (0 to 1) of all calls and downloads,
    /// getUpdates included. Each fault affects one call only.
    pub fn chaos(&self, rate: f64, seed: u64) {
        self.lock().faults.chaos(rate, seed);
    }

    /// The calls, apart from getUpdates, that were executed and whose answers were lost. The bot
    /// may have repeated each of them.
    pub fn lost_answers(&self) -> Vec<LostAnswer> {
        self.lock().lost.clone()
    }

    /// For load runs: from now on the bot's uploads are read to the end, checked and not kept.
    /// Their messages stay; their files cannot be downloaded.
    pub fn forget_uploads(&self) {
        self.lock().files.forget_uploads();
    }

    /// Whether every planned fault has happened.
    pub fn planned_faults_are_over(&self) -> bool {
        self.lock().faults.is_over()
    }

    /// Turns Telegram's flood limits on or off; they are off at first.
    pub fn flood_limit(&self, on: bool) {
        self.lock().flood = on.then(FloodLimit::default);
    }

    /// Pushes updates to a web address, as another program may have asked; none is really called.
    pub fn set_webhook(&self, url: &str) {
        url.clone_into(&mut self.lock().webhook);
    }

    /// The last 10,000 calls of the bot, in order.
    pub fn calls(&self) -> Vec<ApiCall> {
        self.lock().calls.all()
    }

    /// The calls of one method, whatever its case.
    pub fn calls_of(&self, method: &str) -> Vec<ApiCall> {
        let mut calls = self.calls();
        calls.retain(|call| call.method.eq_ignore_ascii_case(method));
        calls
    }

    /// How many updates the bot has not confirmed.
    pub fn pending_updates(&self) -> usize {
        self.lock().updates.pending()
    }

    /// Sends the bot any update; it gets an `update_id` unless it has one. Returns that id.
    pub fn raw_update(&self, update: Value) -> i64 {
        let now = self.now();
        self.change(|state| state.updates.add_raw(update, now))
    }

    /// The ids of all people, in the order of their appearance.
    pub fn people(&self) -> Vec<UserId> {
        self.lock().chats.keys().copied().collect()
    }

    /// How many videos the bot has sent, to all people together.
    pub fn videos_delivered(&self) -> usize {
        let video = |media: &Media| media.kind == MediaKind::Video;
        let state = self.lock();
        let messages = state.chats.values().flat_map(|chat| &chat.messages);
        messages.filter(|m| m.from_bot && m.media.as_ref().is_some_and(video)).count()
    }

    /// After a panic elsewhere the state is still valid: each change is complete in itself.
    fn lock(&self) -> MutexGuard<'_, TelegramState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
