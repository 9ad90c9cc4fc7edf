//! The database is damaged while the bot runs.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
};

use rusqlite::Connection;

use crate::machine::crowd::{all_order, bot_and_crowd};
use crate::servers::Servers;

#[test]
fn after_the_database_is_damaged_the_run_ends_and_starts_nothing_more() {
    let (servers, bot, crowd) = bot_and_crowd(3);
    servers.wire.holds("createTask");
    all_order(&servers, &crowd);
    servers.until("nine submissions", || servers.wire.asked("createTask") == 9);
    overwrite(&servers);
    servers.wire.releases();
    let (code, log) = bot.ends();
    assert_eq!(code, 1, "{log}");
    assert_eq!(log.matches("the database is damaged").count(), 1, "{log}");
    assert!(log.contains("error: cannot use the database"), "{log}");
    assert!(log.contains("hint: put the file aside and restore a backup"), "{log}");
    // The operator can find what was paid and could not be recorded.
    for task in servers.kie.tasks() {
        assert!(log.contains(&format!("task=\"{}\"", task.task_id)), "{log}");
    }
    assert_eq!(servers.kie.tasks().len(), 9);
}

/// Overwrites all pages but the first, after a checkpoint.
fn overwrite(servers: &Servers) {
    let other = Connection::open(servers.database()).unwrap();
    let checkpoint = || other.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0));
    while checkpoint().unwrap_or(1) != 0 {}
    let length = fs::metadata(servers.database()).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(servers.database()).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&vec![0x5A; usize::try_from(length - 4096).unwrap()]).unwrap();
}
