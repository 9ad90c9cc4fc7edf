//! What systemd is told, where it has started the process: that the start goes on, that the run is
//! ready, reads its config, closes; and from time to time what it does, and that it is alive.

use std::{
    convert::Infallible,
    env, io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use sd_notify::{NotifyState, notify, watchdog_enabled};

use crate::service::{
    outage::Outage,
    pulse::{Beat, Pulse},
};

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
pub(crate) const CLOSING: Duration = Duration::from_secs(40);

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
    /// Tells that the run is ready when it can do what it is there for, and from then on how it is.
    /// `probe` asks what everything goes through, and returns when that has answered in whatever
    /// way: while it hangs, or a part of the run does, there is no sign of life.
    pub(crate) fn begin(pulse: &Arc<Pulse>, probe: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (close, closes) = channel();
        if is_heard() {
            let pulse = Arc::clone(pulse);
            let body = move || report(&pulse, Some(probe), &closes);
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

fn report(pulse: &Pulse, mut probe: Option<impl Fn()>, closes: &Receiver<()>) {
    let hung =
        Outage::new("a part of the run hangs: systemd will end it", "nothing hangs any more");
    let hung = hung.error();
    let mut is_ready = false;
    let began = Instant::now();
    loop {
        let has_begun = pulse.since(Beat::Poll).is_some() || began.elapsed() >= FIRST_ANSWER;
        if has_begun && !is_ready && probe.is_some() {
            is_ready = true;
            tell(&[NotifyState::Ready]);
        }
        if is_ready {
            tell_how_it_is(pulse, probe.as_ref(), &hung);
        }
        match closes.recv_timeout(if is_ready { interval() } else { LOOK }) {
            // Nothing is asked any more, but each sign still says that there is time left.
            Ok(()) => (probe, is_ready) = (None, true),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn tell_how_it_is(pulse: &Pulse, probe: Option<&impl Fn()>, hung: &Outage) {
    if let Some(probe) = probe {
        probe();
        tell(&[NotifyState::Status(&pulse.vitals().line())]);
    }
    let vitals = pulse.vitals();
    if vitals.is_beyond_help() {
        hung.failed(&vitals.hanging.unwrap_or_default());
    } else {
        hung.worked();
        tell(&[NotifyState::Watchdog]);
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
