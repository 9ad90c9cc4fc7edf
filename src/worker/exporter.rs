//! The exporters send people once more what was made for them: a video by Telegram's id of it, a
//! video that has to be fetched first, a file, an archive.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use crate::chat::{
    conversation::Conversation,
    reply::Reply,
    screens::{
        archives, my_videos,
        under_video::{self, Unsent},
    },
    settings::Settings,
};
use crate::domain::{
    export::{Effort, Export},
    id::UserId,
    retry::doubling,
};
use crate::service::{
    notify::Channel,
    serve::{IDLE, Next, RETRY, serve},
};
use crate::store::{
    away::{self, AWAY},
    error::StoreError,
    exports::{self, OpenExport},
    tx::Tx,
    users, video_groups, videos,
};
use crate::worker::{
    archive::send_part,
    context::WorkerContext,
    requests::{Requests, Taken, record},
    resend::{Outcome, resend_file, resend_video},
};

/// How many of them there are, how many may do at once what takes its time, and how many of these an
/// archive: one is kept for what Telegram has ready, and one for a file.
pub(crate) const EXPORTERS: usize = 4;
const SLOW_AT_ONCE: usize = 3;
const ARCHIVES_AT_ONCE: usize = 2;

/// Nothing takes one longer: an archive is put together part by part.
const LONGEST_TURN: Duration = Duration::from_mins(45);

/// How often something is tried that fails, the wait after the first time, and the longest. All of it
/// takes five minutes: the person is waiting, and may ask again.
const MOST_TRIES: u32 = 5;
/// An archive takes long by itself, and waits for half an hour.
const MOST_TRIES_OF_ARCHIVE: u32 = 14;
const FIRST_WAIT: Duration = Duration::from_secs(10);
const LONGEST_WAIT: Duration = Duration::from_mins(3);

/// Why nothing is sent to who is away.
const BLOCKED: &str = "the person has blocked the bot";

type Place = (UserId, Effort);

/// What the exporters share.
pub struct Exporter {
    context: Arc<WorkerContext>,
    /// Whose requests are being carried out, and what those take.
    busy: Requests<Place>,
}

impl Exporter {
    /// Exporters that have not begun.
    pub fn new(context: Arc<WorkerContext>) -> Self {
        Self { context, busy: Requests::of(Channel::Exports) }
    }

    /// Works until the bot shuts down.
    pub(crate) fn work(&self) {
        let db = &self.context.db;
        let turns = db.pulse.loops.join("exporter", LONGEST_TURN);
        let notifier = db.notifiers.get(Channel::Exports);
        serve(&turns, &self.context.stop, Some(notifier), RETRY, || self.next());
    }

    fn next(&self) -> Result<Next, StoreError> {
        if self.turn()? {
            return Ok(Next::Now);
        }
        let (db, now) = (&self.context.db, self.context.db.clock.now());
        let wait = db.read(exports::next_due)?.map(|due| due.since(now));
        // What is due already is in hand, or waits for a place.
        let wait = wait.filter(|wait| !wait.is_zero()).unwrap_or(IDLE);
        Ok(Next::Within(db.clock.real(wait).min(IDLE)))
    }

    /// Carries out one request, or a part of one, if any is due.
    pub fn turn(&self) -> Result<bool, StoreError> {
        let Some((_held, open)) = self.take()? else { return Ok(false) };
        let tried = catch_unwind(AssertUnwindSafe(|| self.carry_out(&open)));
        let outcome = match tried {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => Outcome::Failed(error.to_string()),
            Err(_) => {
                tracing::error!(user.id = open.user.0, what = %open.what, "an export panicked");
                Outcome::Failed("it panicked".to_owned())
            }
        };
        let (refused, context) = (open.clone(), Arc::clone(&self.context));
        let settle = move |tx: &Tx<'_>| settle(tx, &context.settings(), &open, &outcome);
        // What cannot be recorded counts as a try that failed.
        let refused = move |tx: &Tx<'_>| not_recorded(tx, &refused);
        record(&self.context.db, &self.context.stop, settle, refused).map(|()| true)
    }

    /// Takes the request that has been due longest, whose person has none of its kind in hand and which
    /// has a place.
    fn take(&self) -> Result<Taken<'_, Place, OpenExport>, StoreError> {
        let (db, now) = (&self.context.db, self.context.db.clock.now());
        self.busy.take(db, |view, busy| {
            let at_once = |effort| busy.iter().filter(|(_, other)| *other == effort).count();
            let archives = at_once(Effort::Archive);
            let slow = archives + at_once(Effort::File);
            let is_free = |user, effort| {
                let has_place = match effort {
                    Effort::Quick => true,
                    Effort::File => slow < SLOW_AT_ONCE,
                    Effort::Archive => slow < SLOW_AT_ONCE && archives < ARCHIVES_AT_ONCE,
                };
                has_place && !busy.contains(&(user, effort))
            };
            let open = exports::due(view, now, is_free)?;
            Ok(open.map(|open| ((open.user, open.what.effort()), open)))
        })
    }

    fn carry_out(&self, open: &OpenExport) -> Result<Outcome, StoreError> {
        let (now, user) = (self.context.db.clock.now(), open.user);
        let ready = self.context.ports.courier.ready_at(user);
        if ready > now || self.context.stop.is_set() {
            return Ok(Outcome::NotBefore(ready.max(now)));
        }
        let Some(user) = self.context.db.read(|view| users::find(view, user))? else {
            return Ok(Outcome::Blocked);
        };
        match open.what {
            _ if user.blocked_at.is_some() => Ok(Outcome::StillBlocked),
            Export::Video(job) => resend_video(&self.context, open, job, user.language),
            Export::File(job) => resend_file(&self.context, open, job, user.language),
            Export::Archive(group) => send_part(&self.context, open, group, user.language),
        }
    }
}

/// Records what became of a request, and tells the person where it came to nothing.
fn settle(
    tx: &Tx<'_>,
    settings: &Settings,
    open: &OpenExport,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    match outcome {
        Outcome::Sent(file_id) => {
            if let (Export::Video(job), Some(file_id)) = (open.what, file_id) {
                videos::keep_file_id(tx, job, file_id)?;
            }
            exports::close(tx, open, None)
        }
        Outcome::Packed(packed) => exports::note_packed(tx, open, packed),
        Outcome::NotBefore(time) => exports::put_off(tx, open.id, *time, false),
        Outcome::Failed(_) if has_tries(open) => try_again(tx, open),
        Outcome::Failed(text) => give_up(tx, settings, open, Unsent::NotNow, text),
        Outcome::Gone(text) => give_up(tx, settings, open, Unsent::Gone, text),
        Outcome::OnlyInChat => {
            give_up(tx, settings, open, Unsent::OnlyInChat, "too large to be fetched")
        }
        // They may have come back since this was read.
        Outcome::StillBlocked if !users::is_blocked(tx, open.user)? => Ok(()),
        Outcome::StillBlocked => away::park(tx, open.user, AWAY, BLOCKED),
        Outcome::Blocked => {
            users::block(tx, open.user)?;
            away::park(tx, open.user, AWAY, BLOCKED)
        }
    }
}

fn has_tries(open: &OpenExport) -> bool {
    let most = match open.what {
        Export::Video(_) | Export::File(_) => MOST_TRIES,
        Export::Archive(_) => MOST_TRIES_OF_ARCHIVE,
    };
    open.tries + 1 < most
}

fn try_again(tx: &Tx<'_>, open: &OpenExport) -> Result<(), StoreError> {
    let wait = doubling(FIRST_WAIT, open.tries, LONGEST_WAIT);
    exports::put_off(tx, open.id, tx.now + wait, true)
}

/// What was sent, or not, could not be recorded.
fn not_recorded(tx: &Tx<'_>, open: &OpenExport) -> Result<(), StoreError> {
    if has_tries(open) {
        return try_again(tx, open);
    }
    exports::close(tx, open, Some("the database does not take what became of it"))
}

fn give_up(
    tx: &Tx<'_>,
    settings: &Settings,
    open: &OpenExport,
    unsent: Unsent,
    why: &str,
) -> Result<(), StoreError> {
    tracing::warn!(user.id = open.user.0, what = %open.what, why, "an export was given up");
    exports::close(tx, open, Some(why))?;
    let Some(user) = users::find(tx, open.user)? else { return Ok(()) };
    let conversation = Conversation::with(settings, tx, user);
    let voice = conversation.voice();
    let screen = match open.what {
        Export::Archive(group) => {
            let ordered = video_groups::ordered(tx, group)?;
            let told = settings.told();
            let archive = archives::Archive { group, ordered: ordered.as_ref(), told };
            archives::archive_failed(&voice, &archive)
        }
        Export::Video(job) | Export::File(job) => {
            let Some(video) = videos::find(tx, open.user, tx.now, job)? else { return Ok(()) };
            let (zone, presets) = (&settings.timezone, &settings.presets);
            let told = my_videos::told(&voice, zone, presets, &video);
            under_video::unsent(&voice, unsent, video.order, &told)
        }
    };
    conversation.show(&Reply::Message(screen))
}
