//! The bot's database, read after the bot has ended.

use std::{path::Path, sync::Arc};

use reelbot::testing::{
    clock::SystemClock,
    store::{Db, audit},
};
use rusqlite::Connection;

/// One number of the database.
pub(crate) fn count(database: &Path, sql: &str) -> i64 {
    Connection::open(database).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Every invariant of money and videos holds.
#[track_caller]
pub(crate) fn audit(database: &Path) {
    let db = Db::open(database, Arc::new(SystemClock)).unwrap();
    let checks = db.read(|view| audit::check(view, db.clock.now())).unwrap();
    let broken: Vec<_> = checks.iter().filter(|check| check.broken > 0).collect();
    assert!(broken.is_empty() && !checks.is_empty(), "{broken:?}");
}
