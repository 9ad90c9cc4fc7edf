//! The database is damaged while the bot runs.

use std::fs;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;

use rusqlite::Connection;

use crate::machine::crowd::all_order;
use crate::machine::crowd::command;
use crate::machine::crowd::crowd;
use crate::machine::crowd::start;
use crate::servers::Servers;

#[test]
fn on_a_database_that_is_damaged_in_mid_run_nothing_more_is_taken_or_paid() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    let crowd = crowd(&servers, 3);
    servers.wire.close_gate("createTask");
    all_order(&servers, &crowd);
    servers.until("nine submissions", || servers.wire.asked("createTask") == 9);
    overwrite(&servers);
    servers.wire.open_gate();
    let (code, said) = bot.ends();
    assert_eq!(code, 1, "{said}");
    assert_eq!(said.matches("the database is damaged").count(), 1, "{said}");
    assert!(said.contains("error: cannot use the database"), "{said}");
    assert!(said.contains("hint: put the file aside and restore a backup"), "{said}");
    // The operator can find what was paid and could not be noted.
    for task in servers.kie.tasks() {
        assert!(said.contains(&format!("task=\"{}\"", task.task_id)), "{said}");
    }
    assert_eq!(servers.kie.tasks().len(), 9);
}

/// Overwrites all pages but the first, with the log folded in.
fn overwrite(servers: &Servers) {
    let other = Connection::open(servers.database()).unwrap();
    let folded = || other.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0));
    while folded().unwrap_or(1) != 0 {}
    let length = fs::metadata(servers.database()).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(servers.database()).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&vec![0x5A; usize::try_from(length - 4096).unwrap()]).unwrap();
}
