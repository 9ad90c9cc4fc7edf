//! The health of the database. Every thread that meets a fault waits and tries again
//! in silence; what the operator must know of it is said here, once for all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::service::{
    business::Event,
    outage::Outage,
    pulse::{Beat, Pulse},
};
use crate::store::error::{StoreError, StoreErrorKind};

/// Called with the loss, once.
type Alarm = Box<dyn FnOnce(StoreError) + Send>;

/// The health of one database, as its users meet it.
pub struct Health {
    outage: Outage,
    loss: Mutex<Loss>,
    pulse: Arc<Pulse>,
}

impl Default for Health {
    fn default() -> Self {
        let outage =
            Outage::new("the database cannot be used", "the database can be used again").error();
        Self { outage, loss: Mutex::default(), pulse: Arc::default() }
    }
}

/// That the database is lost to this run, and what is called then.
#[derive(Default)]
struct Loss {
    found: Option<StoreError>,
    alarm: Option<Alarm>,
}

impl Health {
    /// One whose faults and commits that pulse shows.
    pub(crate) fn shown_by(pulse: Arc<Pulse>) -> Self {
        Self { pulse, ..Self::default() }
    }

    /// Notes an error that somebody met. Faults that pass are logged as they last;
    /// one that ends the run calls the alarm.
    pub fn failed(&self, error: &StoreError) {
        if error.kind.ends_the_run() {
            self.report_loss(error);
        } else if let Some(hint) = hint(error.kind) {
            self.pulse.database_failed(&error.text);
            self.outage.failed_with(error, Some(hint));
        }
    }

    /// Notes that something new is on disk: only that shows that a fault is over.
    pub fn wrote(&self) {
        self.pulse.beat(Beat::Commit);
        self.outage.worked();
    }

    /// It has happened, and is on disk.
    pub(crate) fn tell(&self, event: &Event) {
        self.pulse.business.happened(event);
    }

    /// What is called when the database turns out to be lost to this run: damaged, no longer at
    /// its path, or another's.
    pub fn on_loss(&self, alarm: impl FnOnce(StoreError) + Send + 'static) {
        let mut loss = self.loss();
        match loss.found.clone() {
            Some(found) => alarm(found),
            None => loss.alarm = Some(Box::new(alarm)),
        }
    }

    /// Fails when the database is lost to this run: nothing new must be taken into it.
    pub(crate) fn expect_no_loss(&self) -> Result<(), StoreError> {
        self.loss().found.clone().map_or(Ok(()), Err)
    }

    fn report_loss(&self, error: &StoreError) {
        let mut loss = self.loss();
        if loss.found.is_none() {
            if error.kind == StoreErrorKind::Corrupt {
                tracing::error!(%error, "the database is damaged: nothing more can be written");
            } else {
                tracing::error!(%error, "the database is not this run's any longer");
            }
            loss.found = Some(error.clone());
        }
        if let Some(alarm) = loss.alarm.take() {
            alarm(error.clone());
        }
    }

    fn loss(&self) -> MutexGuard<'_, Loss> {
        self.loss.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the operator can do about a fault of the database as a whole.
fn hint(kind: StoreErrorKind) -> Option<&'static str> {
    match kind {
        StoreErrorKind::Busy => Some(
            "another program holds it: a backup, or an open sqlite3 shell? \
             Everything waits, and goes on by itself when it lets go",
        ),
        StoreErrorKind::Full => {
            Some("make room on its disk; everything waits, and goes on by itself when there is")
        }
        StoreErrorKind::ReadOnly | StoreErrorKind::CannotOpen => {
            Some("see to it that reelbot's user may write the file and its folder")
        }
        StoreErrorKind::Corrupt
        | StoreErrorKind::Foreign
        | StoreErrorKind::TooNew
        | StoreErrorKind::TooOld
        | StoreErrorKind::Locked
        | StoreErrorKind::Moved
        | StoreErrorKind::LostClaim
        | StoreErrorKind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_loss_calls_the_alarm_once_whoever_comes_first() {
        let kinds = [StoreErrorKind::Corrupt, StoreErrorKind::Moved, StoreErrorKind::Locked];
        for (kind, early) in kinds.into_iter().flat_map(|kind| [(kind, true), (kind, false)]) {
            let loss = || StoreError::new(kind, "malformed");
            let (health, (told, hears)) = (Health::default(), channel());
            assert!(health.expect_no_loss().is_ok());
            if early {
                health.failed(&loss());
            }
            health.on_loss(move |error| told.send(error.text).unwrap());
            health.failed(&loss());
            health.failed(&StoreError::new(StoreErrorKind::Full, "full"));
            health.failed(&loss());
            assert_eq!(health.expect_no_loss().unwrap_err().kind, kind);
            assert_eq!(hears.iter().collect::<Vec<_>>(), ["malformed"]);
        }
    }
}
