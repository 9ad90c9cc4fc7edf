//! What systemd hears of a run: whether it is alive, and what it does.

use std::sync::{Arc, Weak};

use crate::service::{pulse::Beat, systemd::Vitals};
use crate::store::db::Db;

/// A run, by its database: what everything goes through.
pub(crate) struct RunVitals(Weak<Db>);

impl RunVitals {
    /// Those of the run on this database, which they do not keep open.
    pub(crate) fn of(db: &Arc<Db>) -> Self {
        Self(Arc::downgrade(db))
    }
}

impl Vitals for RunVitals {
    fn has_begun(&self) -> bool {
        self.0.upgrade().is_none_or(|db| db.pulse.last(Beat::Poll).is_some())
    }

    /// A write and a read that come back show that neither the writer nor the readers hang. That
    /// they fail is no reason for systemd to end the run: another program's lock and a full disk
    /// pass by themselves, and a kill would lose answers of KIE's that are not recorded yet. The
    /// network is no reason either, since a new process has no other one.
    fn line(&self) -> String {
        let Some(db) = self.0.upgrade() else { return "closes".to_owned() };
        let answered = db.write(|_| Ok(())).and_then(|()| db.read(|_| Ok(())));
        if let Err(error) = answered {
            return format!("the database cannot be used: {error}");
        }
        match db.pulse.last(Beat::Poll) {
            None => "Telegram has not answered yet".to_owned(),
            Some(last) => {
                format!("Telegram answered {} s ago", db.clock.now().since(last).as_secs())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{RecvTimeoutError, channel},
        thread,
        time::Duration,
    };

    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_writer_that_hangs_holds_the_line_back() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("reelbot.db"), Arc::new(SystemClock)).unwrap();
        let db = Arc::new(db);
        let vitals = RunVitals::of(&db);
        let ((hang, hangs), (begin, begun)) = (channel::<()>(), channel());
        let (told, line) = channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                db.write(move |_| {
                    begin.send(()).unwrap();
                    drop(hangs.recv());
                    Ok(())
                })
            });
            begun.recv().unwrap();
            scope.spawn(move || told.send(vitals.line()));
            let waited = line.recv_timeout(Duration::from_millis(200));
            assert_eq!(waited, Err(RecvTimeoutError::Timeout));
            drop(hang);
            assert_eq!(line.recv().unwrap(), "Telegram has not answered yet");
        });
    }
}
