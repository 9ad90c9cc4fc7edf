//! What systemd is told, where it has started the process: that the start goes on, that the run is
//! ready, reads its config, closes; and from time to time what it does, and that it is alive.

use std::{
    convert::Infallible,
    env, io,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use sd_notify::{NotifyState, notify, watchdog_enabled};

/// The longest time between two reports.
const INTERVAL: Duration = Duration::from_secs(15);

/// Each life sign may be late twice before systemd ends the process.
const SIGNS: u32 = 3;

/// How long Telegram's first answer is waited for. Without a network the run is ready then: it has
/// begun, and will go on by itself.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// The time between two looks for that answer.
const LOOK: Duration = Duration::from_millis(250);

/// The time between two signs that the start goes on.
const START_INTERVAL: Duration = Duration::from_secs(10);

/// How long each of them is good for.
const START_EXTENSION: Duration = Duration::from_mins(1);

/// How often they are given: for an hour, which a database of many gigabytes takes on a slow disk.
const START_SIGNS: u32 = 360;

/// What closing takes at most beside the grace of the steps: the last texts, the database.
const CLOSING: Duration = Duration::from_secs(40);

/// How the process can be asked for what is reported.
pub(crate) trait Vitals: Send + 'static {
    /// Whether it is known that the run can do what it is there for.
    fn has_begun(&self) -> bool;

    /// What the run does, in a line for people. It asks all that must answer for the run to work,
    /// and returns when they have: while it hangs there is no sign of life.
    fn line(&self) -> String;
}

/// Until it is dropped systemd hears that the start goes on.
pub(crate) struct Starting {
    _told: Sender<Infallible>,
}

impl Starting {
    /// Begins to tell it.
    pub(crate) fn begin() -> io::Result<Self> {
        let (told, end) = channel();
        if is_heard() {
            thread::Builder::new().name("starting".to_owned()).spawn(move || extend(&end))?;
        }
        Ok(Self { _told: told })
    }
}

fn extend(end: &Receiver<Infallible>) {
    tell(&[NotifyState::Status("opens the database; a large or old one takes its time")]);
    for _ in 0..START_SIGNS {
        tell(&[extension(START_EXTENSION)]);
        if end.recv_timeout(START_INTERVAL) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// Reports on a run until it is dropped.
pub(crate) struct Reporter(Sender<()>);

impl Reporter {
    /// Tells that the run is ready when it can do what it is there for, and from then on how it
    /// is.
    pub(crate) fn begin(vitals: impl Vitals) -> io::Result<Self> {
        let (close, closes) = channel();
        if is_heard() {
            let body = move || report(vitals, &closes);
            thread::Builder::new().name("reporter".to_owned()).spawn(body)?;
        }
        Ok(Self(close))
    }

    /// Tells that the run closes, and how long that may take. It is asked nothing more: from now
    /// on the time is its bound.
    pub(crate) fn closing(&self, grace: Duration) {
        tell(&[
            NotifyState::Stopping,
            NotifyState::Status("closes: steps in hand finish, the rest goes on at the next start"),
            extension(grace.saturating_add(CLOSING)),
        ]);
        // Without systemd nobody listens.
        let _ = self.0.send(());
    }
}

fn report(vitals: impl Vitals, closes: &Receiver<()>) {
    let began = Instant::now();
    let mut vitals = Some(vitals);
    while vitals.as_ref().is_some_and(|vitals| !vitals.has_begun())
        && began.elapsed() < FIRST_ANSWER
    {
        match closes.recv_timeout(LOOK) {
            Ok(()) => vitals = None,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
    if vitals.is_some() {
        tell(&[NotifyState::Ready]);
    }
    loop {
        if let Some(line) = vitals.as_ref().map(Vitals::line) {
            tell(&[NotifyState::Status(&line)]);
        }
        tell(&[NotifyState::Watchdog]);
        match closes.recv_timeout(interval()) {
            Ok(()) => vitals = None,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn interval() -> Duration {
    watchdog_enabled().map_or(INTERVAL, |longest| INTERVAL.min(longest / SIGNS))
}

/// Tells that the config is read again; [`reloaded`] tells the end of it.
pub(crate) fn reloading() {
    // Newer versions of systemd's want to know when it began.
    let now = NotifyState::monotonic_usec_now().ok();
    tell(&[NotifyState::Reloading].into_iter().chain(now).collect::<Vec<_>>());
}

/// Tells that the config has been read, whether it could be used or not.
pub(crate) fn reloaded() {
    tell(&[NotifyState::Ready]);
}

fn extension(time: Duration) -> NotifyState<'static> {
    NotifyState::ExtendTimeoutUsec(u32::try_from(time.as_micros()).unwrap_or(u32::MAX))
}

fn is_heard() -> bool {
    env::var_os("NOTIFY_SOCKET").is_some()
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = notify(states) {
        tracing::debug!(%error, "systemd could not be told");
    }
}
