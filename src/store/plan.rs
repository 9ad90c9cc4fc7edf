//! A lint of every statement in a write: none looks through a whole table while all others wait.
//! It is asked in debug builds, so the stories are its test.

use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex, PoisonError},
};

use rusqlite::Connection;

/// What may be looked through: it never has more than a few rows, or only those of what is open, or
/// is no table.
const SMALL: [&str; 8] = [
    "kie_keys",
    "models_down",
    "switches",
    "alerts",
    "open_runs",
    "status_messages",
    "CONSTANT",
    "head",
];

/// Indexes of what is open at a time: looking through one is no more than that.
const OF_OPEN_ROWS: [&str; 12] = [
    "jobs_to_submit",
    "jobs_to_poll",
    "jobs_to_deliver",
    "jobs_claimed",
    "jobs_in_flight",
    "jobs_queued",
    "outbox_due",
    "outbox_of_chat",
    "outbox_parked",
    "exports_due",
    "exports_parked",
    "inbox_waiting",
];

/// The statements that were seen to look through nothing.
static SOUND: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// Panics when a statement would look through a table that grows.
pub(super) fn expect_no_scan(connection: &Connection, sql: &str) {
    let mut sound = SOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if sound.contains(sql) {
        return;
    }
    // What cannot be explained fails by itself.
    let Ok(mut statement) = connection.prepare(&format!("explain query plan {sql}")) else {
        return;
    };
    let Ok(rows) = statement.query_map([], |row| row.get::<_, String>(3)) else { return };
    for line in rows.flatten() {
        assert!(!is_scan(&line), "a whole table is looked through in a write: {line}\n{sql}");
    }
    sound.insert(sql.to_owned());
}

fn is_scan(line: &str) -> bool {
    let mut words = line.split(' ');
    words.next() == Some("SCAN")
        && !words.next().is_some_and(|name| name.starts_with('(') || SMALL.contains(&name))
        && !OF_OPEN_ROWS.iter().any(|index| line.contains(&format!("INDEX {index}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_grows_may_not_be_looked_through() {
        for line in ["SCAN orders", "SCAN o", "SCAN outbox USING INDEX outbox_done"] {
            assert!(is_scan(line), "{line}");
        }
        for line in [
            "SCAN kie_keys",
            "SCAN CONSTANT ROW",
            "SCAN (subquery-2)",
            "SCAN behind USING INDEX jobs_queued",
            "SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)",
            "USE TEMP B-TREE FOR ORDER BY",
        ] {
            assert!(!is_scan(line), "{line}");
        }
    }
}
