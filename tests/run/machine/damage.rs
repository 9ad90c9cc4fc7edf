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
use crate::street::Street;

#[test]
fn on_a_database_that_is_damaged_in_mid_run_nothing_more_is_taken_or_paid() {
    let street = Street::open();
    let bot = start(command(&street, &[]));
    let crowd = crowd(&street, 3);
    street.wire.close_gate("createTask");
    all_order(&street, &crowd);
    street.until("nine submissions", || street.wire.asked("createTask") == 9);
    overwrite(&street);
    street.wire.open_gate();
    let (code, said) = bot.ends();
    assert_eq!(code, 1, "{said}");
    assert_eq!(said.matches("the database is damaged").count(), 1, "{said}");
    assert!(said.contains("error: cannot use the database"), "{said}");
    assert!(said.contains("hint: put the file aside and restore a backup"), "{said}");
    // The operator can find what was paid and could not be noted.
    for task in street.kie.tasks() {
        assert!(said.contains(&format!("task=\"{}\"", task.task_id)), "{said}");
    }
    assert_eq!(street.kie.tasks().len(), 9);
}

/// Overwrites all pages but the first, with the log folded in.
fn overwrite(street: &Street) {
    let other = Connection::open(street.database()).unwrap();
    let folded = || other.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0));
    while folded().unwrap_or(1) != 0 {}
    let length = fs::metadata(street.database()).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(street.database()).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&vec![0x5A; usize::try_from(length - 4096).unwrap()]).unwrap();
}
