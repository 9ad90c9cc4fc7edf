//! The backups that a run makes by itself: each day one, each week a restore on trial.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::actions::alert_operator::alert_operator;
use crate::chat::settings::Settings;
use crate::domain::{notification::Concern, time::Timestamp};
use crate::service::serve::{Next, RETRY, serve};
use crate::store::{
    back_up::{Secrets, back_up, prune},
    backup::{
        draft::expect_room,
        folder::{Backup, BackupFolder},
        keep::Keep,
        manifest::Reason,
        source::Source,
    },
    chores::{self, Chore, Record},
    error::StoreError,
    restore::Candidate,
};
use crate::worker::{after_backup::run_after, context::WorkerContext};

/// The time between two looks at the clock.
const INTERVAL: Duration = Duration::from_mins(1);

/// No round lasts longer: a copy and a restore of a large database, and the command between them.
const LONGEST_ROUND: Duration = Duration::from_hours(6);

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_hours(1);

/// The time between two restores on trial.
const DRILL_INTERVAL: Duration = Duration::from_hours(7 * 24);

/// Makes the backups of a run.
pub struct BackupWorker {
    context: Arc<WorkerContext>,
}

impl BackupWorker {
    /// One that has not begun.
    pub fn new(context: Arc<WorkerContext>) -> Self {
        Self { context }
    }

    /// Works until the bot shuts down.
    pub fn work(self) {
        let stop = &self.context.stop;
        let pause = self.context.db.clock.real(INTERVAL).max(RETRY);
        let turns = self.context.db.pulse.loops.join("backup worker", LONGEST_ROUND);
        serve(&turns, stop, None, pause, || self.round().map(|()| Next::Within(pause)));
    }

    /// Does what is due.
    pub fn round(&self) -> Result<(), StoreError> {
        let settings = self.context.settings();
        let Some(time) = settings.backup.at else { return Ok(()) };
        let db = &self.context.db;
        let (folder, now) = (BackupFolder::new(db.path(), &settings.backup.dir), db.clock.now());
        // Where the folder cannot be read, the attempt to make one tells why.
        let newest = folder.newest_daily(now).unwrap_or_default();
        let made_at = newest.as_ref().map(|backup| backup.manifest.made_at);
        let wanted_since = settings.timezone.last(time, now);
        if made_at < wanted_since {
            return self.attempt(Chore::Backup, &settings, || self.back_up(&folder, &settings));
        }
        let Some(newest) = newest else { return Ok(()) };
        let last = |chore| db.read(|view| chores::find(view, chore));
        let is_sent = last(Chore::AfterBackup)?.done_at >= made_at;
        if !settings.backup.after.is_empty() && !is_sent {
            let command = &settings.backup.after;
            let run = || run_after(command, &newest.path, &self.context.stop);
            self.attempt(Chore::AfterBackup, &settings, run)?;
        }
        let drilled_at = last(Chore::Drill)?.done_at;
        if drilled_at.is_none_or(|at| now.since(at) >= DRILL_INTERVAL) {
            self.attempt(Chore::Drill, &settings, || drill(&newest, &folder, now))?;
        }
        Ok(())
    }

    /// Does a chore, unless it has just failed, and notes how it went; the operator is alerted of
    /// a failure. What a stop has cut short did not fail.
    fn attempt(
        &self,
        chore: Chore,
        settings: &Arc<Settings>,
        action: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let db = &self.context.db;
        let Record { failed, .. } = db.read(|view| chores::find(view, chore))?;
        if failed.is_some_and(|(at, _)| db.clock.now().since(at) < AGAIN) {
            return Ok(());
        }
        match action() {
            Ok(()) => db.write(move |tx| chores::done(tx, chore)),
            Err(_) if self.context.stop.is_set() => Ok(()),
            Err(error) => {
                let (settings, text) = (Arc::clone(settings), error.text);
                tracing::error!(chore = chore.word(), error = text, "a backup is not in order");
                db.write(move |tx| {
                    chores::failed(tx, chore, &text)?;
                    let admins = &settings.rules.admins;
                    alert_operator(tx, admins, Concern::Backup, chore.word(), &text)
                })
            }
        }
    }

    fn back_up(&self, folder: &BackupFolder, settings: &Settings) -> Result<(), StoreError> {
        let (db, began) = (&self.context.db, Instant::now());
        let now = db.clock.now();
        let made = back_up(folder, Reason::Daily, Secrets::Kept, now, &self.context.stop)?;
        tracing::info!(
            file = %made.path.display(),
            bytes = made.manifest.bytes,
            seconds = began.elapsed().as_secs_f64(),
            "the database is backed up, and the copy was found sound"
        );
        let keep = Keep { daily: settings.backup.keep_daily, weekly: settings.backup.keep_weekly };
        let removed = prune(folder, keep, &settings.timezone, now)?;
        if removed > 0 {
            tracing::info!(removed, "old backups were removed");
        }
        Ok(())
    }
}

/// Restores the newest backup into a file of its own, and looks whether a run could go on from it.
fn drill(newest: &Backup, folder: &BackupFolder, now: Timestamp) -> Result<(), StoreError> {
    let began = Instant::now();
    let source = Source::open(&newest.path)?;
    // The run writes on meanwhile.
    expect_room(folder.path(), source.length()?)?;
    Candidate::fetch(&source, folder.path(), now)?.try_out(now)?;
    tracing::info!(
        file = %newest.path.display(),
        seconds = began.elapsed().as_secs_f64(),
        "the newest backup was restored on trial, and is of use"
    );
    Ok(())
}
