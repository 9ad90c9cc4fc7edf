//! The health of the database. Every thread that meets a fault waits and tries again
//! in silence; what the operator must know of it is said here, once for all.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::service::outage::Outage;
use crate::store::error::{StoreError, StoreErrorKind};

/// Called with the damage, once.
type Alarm = Box<dyn FnOnce(StoreError) + Send>;

/// The health of one database, as its users meet it.
pub struct Health {
    outage: Outage,
    damage: Mutex<Damage>,
}

impl Default for Health {
    fn default() -> Self {
        let outage =
            Outage::new("the database cannot be used", "the database can be used again").error();
        Self { outage, damage: Mutex::default() }
    }
}

/// Damage that was found, and what is called then.
#[derive(Default)]
struct Damage {
    found: Option<StoreError>,
    alarm: Option<Alarm>,
}

impl Health {
    /// Notes an error that somebody met. Faults that pass are logged as they last;
    /// damage does not pass, and calls the alarm.
    pub fn failed(&self, error: &StoreError) {
        if error.kind == StoreErrorKind::Corrupt {
            self.report_damage(error);
        } else if let Some(hint) = hint(error.kind) {
            self.outage.failed_with(error, Some(hint));
        }
    }

    /// Notes that something new is on disk: only that shows that a fault is over.
    pub fn wrote(&self) {
        self.outage.worked();
    }

    /// What is called when the file turns out to be damaged.
    pub fn on_damage(&self, alarm: impl FnOnce(StoreError) + Send + 'static) {
        let mut damage = self.damage();
        match damage.found.clone() {
            Some(found) => alarm(found),
            None => damage.alarm = Some(Box::new(alarm)),
        }
    }

    fn report_damage(&self, error: &StoreError) {
        let mut damage = self.damage();
        if damage.found.is_none() {
            tracing::error!(%error, "the database is damaged: nothing more can be written");
            damage.found = Some(error.clone());
        }
        if let Some(alarm) = damage.alarm.take() {
            alarm(error.clone());
        }
    }

    fn damage(&self) -> MutexGuard<'_, Damage> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner)
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
        | StoreErrorKind::TooNew
        | StoreErrorKind::TooOld
        | StoreErrorKind::Locked
        | StoreErrorKind::LostClaim
        | StoreErrorKind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn damage_calls_the_alarm_once_whoever_comes_first() {
        let damage = || StoreError::new(StoreErrorKind::Corrupt, "malformed");
        for early in [true, false] {
            let (health, (told, hears)) = (Health::default(), channel());
            if early {
                health.failed(&damage());
            }
            health.on_damage(move |error| told.send(error.text).unwrap());
            health.failed(&damage());
            health.failed(&StoreError::new(StoreErrorKind::Full, "full"));
            health.failed(&damage());
            assert_eq!(hears.iter().collect::<Vec<_>>(), ["malformed"]);
        }
    }
}
