//! A look into the bot's database when the bot is gone.

use std::path::Path;
use std::sync::Arc;

use reelbot::clock::SystemClock;
use reelbot::store::audit;
use reelbot::store::db::Db;
use rusqlite::Connection;

/// One number of the database.
pub fn count(database: &Path, sql: &str) -> i64 {
    Connection::open(database).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Every invariant of money and videos holds.
#[track_caller]
pub fn audit(database: &Path) {
    let db = Db::open(database, Arc::new(SystemClock)).unwrap();
    let verdicts = db.read(audit::check).unwrap();
    let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken > 0).collect();
    assert!(broken.is_empty() && !verdicts.is_empty(), "{broken:?}");
}
