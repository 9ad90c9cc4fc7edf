//! The runs on this file: which is the newest, whether the one before was closed, and what this
//! process may do before Telegram has shown that no other one is alive.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::domain::{job::Claim, time::Timestamp};
use crate::store::{
    error::{StoreError, StoreErrorKind},
    releases,
    tx::{Tx, View},
};

/// How long a run waits for a word from Telegram before it counts as the only one. After a word that
/// there was another, it must have been silent for as long.
const ALONE_AFTER: Duration = Duration::from_mins(1);

/// Notes that a run begins, and returns its number, which is higher than those before. One that was
/// cut off may have left damage behind, with its machine or its disk.
pub(crate) fn begin(tx: &Tx<'_>) -> Result<Timestamp, StoreError> {
    releases::note(tx)?;
    let sql = "insert into open_runs (id, since) values (1, ?)
               on conflict do update set since = max(excluded.since, since + 1), cut_off = 1
               returning since";
    tx.one(sql, [tx.now], |row| row.get(0))
}

/// Fails when another run has begun on the file since this one: that one goes on, this one
/// must end. Locks are to keep it from beginning; not every file system keeps them.
pub(crate) fn expect_newest(view: &View<'_>, number: Timestamp) -> Result<(), StoreError> {
    let newest = view.first("select since from open_runs where id = 1", [], |row| row.get(0))?;
    if newest == Some(number) {
        return Ok(());
    }
    Err(StoreError::new(StoreErrorKind::Locked, "another run has begun on it"))
}

/// Whether an earlier run was cut off, and the file has not been checked since.
pub(crate) fn was_cut_off(view: &View<'_>) -> Result<bool, StoreError> {
    let sql = "select 1 from open_runs where cut_off = 1";
    Ok(view.first(sql, [], |_| Ok(()))?.is_some())
}

/// Notes that the file was checked.
pub(crate) fn mark_checked(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.run("update open_runs set cut_off = 0", []).map(drop)
}

/// Notes that the run is closed. A file that ought to have been checked is so in the next.
pub(crate) fn close(tx: &Tx<'_>, number: Timestamp) -> Result<(), StoreError> {
    tx.run("delete from open_runs where cut_off = 0 and since = ?", [number]).map(drop)
}

/// The run of this process. A command has none.
///
/// A run that another one shares its token with, on a copy of the database or past its locks, would
/// pay for the same renders once more. So a run neither takes over what the one before had in hand,
/// nor submits or delivers anything, before Telegram has answered its request for updates: with
/// two programs that ask, one of them hears of the conflict.
#[derive(Debug, Default)]
pub(crate) struct Run(Mutex<Option<RunState>>);

#[derive(Debug)]
struct RunState {
    number: Timestamp,
    /// The claims of the run before, until they are given back.
    inherited: Vec<Claim>,
    /// Since when it waits to know whether it is alone; `None` once it does.
    waits_since: Option<Timestamp>,
    has_met_another: bool,
}

impl Run {
    /// The run begins, with these claims of the run before.
    pub(crate) fn open(&self, number: Timestamp, inherited: Vec<Claim>, now: Timestamp) {
        let waits_since = Some(now);
        *self.state() = Some(RunState { number, inherited, waits_since, has_met_another: false });
    }

    /// Its number.
    pub(crate) fn number(&self) -> Option<Timestamp> {
        self.state().as_ref().map(|run| run.number)
    }

    /// Whether nothing has told yet if it is alone.
    pub(crate) fn is_new(&self) -> bool {
        let state = self.state();
        state.as_ref().is_some_and(|run| run.waits_since.is_some() && !run.has_met_another)
    }

    /// Notes that Telegram has answered a request for updates; `true` when that ends the wait. After a
    /// conflict one answer proves nothing: the other one was in a pause.
    pub(crate) fn answered(&self) -> bool {
        let mut state = self.state();
        let waiting = state.as_mut().filter(|run| !run.has_met_another);
        waiting.is_some_and(|run| run.waits_since.take().is_some())
    }

    /// Notes that Telegram has refused a request for updates: another program asks for them too.
    pub(crate) fn met_another(&self, now: Timestamp) {
        if let Some(run) = self.state().as_mut().filter(|run| run.waits_since.is_some()) {
            (run.waits_since, run.has_met_another) = (Some(now), true);
        }
    }

    /// Until when it must wait at `now`, if it must.
    pub(crate) fn waits_until(&self, now: Timestamp) -> Option<Timestamp> {
        let mut state = self.state();
        let run = state.as_mut()?;
        let until = run.waits_since? + ALONE_AFTER;
        if until <= now {
            run.waits_since = None;
        }
        Some(until).filter(|until| *until > now)
    }

    /// The claims of the run before, when they may be given back and have not been.
    pub(crate) fn to_take_over(&self, now: Timestamp) -> Option<Vec<Claim>> {
        if self.waits_until(now).is_some() {
            return None;
        }
        let state = self.state();
        state.as_ref().map(|run| run.inherited.clone()).filter(|claims| !claims.is_empty())
    }

    /// Notes that they are given back.
    pub(crate) fn took_over(&self) {
        if let Some(run) = self.state().as_mut() {
            run.inherited.clear();
        }
    }

    fn state(&self) -> MutexGuard<'_, Option<RunState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{JobId, UserId},
        job::JobState,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    fn run() -> (Run, Vec<Claim>) {
        let (run, state) = (Run::default(), JobState::Rendering);
        let claims = vec![Claim { job: JobId(1), user: UserId(7), fence: 3, state }];
        run.open(at(0), claims.clone(), at(0));
        (run, claims)
    }

    #[test]
    fn a_run_takes_over_when_telegram_has_answered() {
        let (run, claims) = run();
        assert_eq!((run.to_take_over(at(1)), run.waits_until(at(1))), (None, Some(at(60))));
        assert!(run.is_new());
        assert!(run.answered());
        assert!(!run.answered() && !run.is_new());
        assert_eq!((run.to_take_over(at(1)), run.waits_until(at(1))), (Some(claims), None));
        run.met_another(at(2));
        assert_eq!(run.waits_until(at(2)), None, "the other one is the newcomer");
        run.took_over();
        assert_eq!(run.to_take_over(at(2)), None);
    }

    #[test]
    fn a_run_that_meets_another_waits_until_that_one_is_silent() {
        let (run, claims) = run();
        for second in [1, 30, 59] {
            run.met_another(at(second));
            assert!(!run.answered() && !run.is_new());
            assert_eq!(run.waits_until(at(second)), Some(at(second + 60)));
        }
        assert_eq!(run.to_take_over(at(118)), None);
        assert_eq!(run.to_take_over(at(119)), Some(claims));
    }

    #[test]
    fn a_telegram_that_is_silent_holds_nothing_up_for_long() {
        let (run, claims) = run();
        assert_eq!(run.to_take_over(at(59)), None);
        assert_eq!(run.to_take_over(at(60)), Some(claims));
        assert_eq!(run.waits_until(at(5)), None, "once it is over, it is over");
    }

    #[test]
    fn a_command_waits_for_nothing() {
        let run = Run::default();
        assert!(!run.is_new() && !run.answered());
        assert_eq!(
            (run.number(), run.waits_until(at(0)), run.to_take_over(at(0))),
            (None, None, None)
        );
    }
}
