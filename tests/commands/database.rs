//! The database and the config: sound, damaged, newer and unreachable ones.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use reelbot::testing::{
    clock::SystemClock,
    store::{Db, VERSION},
};
use rusqlite::Connection;

use crate::shell::{GOOD, Shell};

#[test]
fn a_newer_database_is_refused_with_both_versions() {
    let shell = Shell::new();
    let created = shell.runs("migrate");
    assert!(created.ends_with(&format!("is created, with version {VERSION}\n")), "{created}");
    shell.sql("pragma user_version = 99");
    let (this, release) = (format!("(version {VERSION})"), env!("CARGO_PKG_VERSION"));
    let versions = format!(
        "it was written by reelbot {release} (version 99); this is reelbot {release} {this}"
    );
    for line in ["keys list", "migrate", "migrate --dry-run"] {
        shell.fails(line, 1, &versions, "update");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_stays_as_it_is() {
    let shell = Shell::new();
    fs::create_dir(shell.path("data")).unwrap();
    let list = "this is a shopping list, not a database\n".repeat(200);
    fs::write(shell.database(), &list).unwrap();
    for line in ["keys list", "keys add --no-test", "migrate", "migrate --dry-run"] {
        shell.fails_with(line, GOOD, 1, "file is not a database", "restore a backup");
    }
    assert_eq!(fs::read_to_string(shell.database()).unwrap(), list);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let shell = Shell::new();
    fs::create_dir(shell.path("data")).unwrap();
    fs::set_permissions(shell.path("data"), fs::Permissions::from_mode(0o500)).unwrap();
    let root = fs::write(shell.path("data/probe"), "").is_ok();
    // For root every folder can be written but those of the kernel.
    let folder = if root { Path::new("/proc").to_owned() } else { shell.path("data") };
    let line = format!("migrate --database {}", folder.join("reelbot.db").display());
    shell.fails(&line, 1, "cannot use the database", folder.to_str().unwrap());
}

#[test]
fn a_folder_cannot_be_a_file() {
    let shell = Shell::new();
    fs::write(shell.path("data"), "").unwrap();
    shell.fails("migrate", 78, "data is a file and no folder", "another place");
    fs::remove_file(shell.path("data")).unwrap();
    fs::create_dir_all(shell.database()).unwrap();
    shell.fails("keys list", 78, "which is a folder", "reelbot.db/reelbot.db");
}

#[test]
fn an_unreadable_config_is_78() {
    let shell = Shell::new();
    for line in ["keys list", "migrate", "credits show 7", "users list", "jobs list"] {
        shell.fails(&format!("{line} --config /nowhere/config.toml"), 78, "cannot read", "path");
    }
    fs::write(shell.path("config.toml"), "kie = 5").unwrap();
    shell.fails("keys list", 78, "kie in line 1 is the number 5", "write [kie]");
}

#[test]
fn commands_work_beside_a_bot_that_has_the_database_open() {
    let shell = Shell::new();
    let _bot = Db::open(&shell.database(), Arc::new(SystemClock)).unwrap();
    shell.adds_key("keys add", GOOD);
    assert!(shell.runs("keys list").contains("key-1"));
}

/// A database as version 3 of the schema left it.
fn older_database(shell: &Shell) -> Connection {
    fs::create_dir(shell.path("data")).unwrap();
    let older = Connection::open(shell.database()).unwrap();
    for step in [
        include_str!("../../src/store/steps/001.sql"),
        include_str!("../../src/store/steps/002.sql"),
        include_str!("../../src/store/steps/003.sql"),
    ] {
        older.execute_batch(step).unwrap();
    }
    older.execute_batch("insert into users (tg_user_id, created_at) values (7, 1)").unwrap();
    older.pragma_update(None, "user_version", 3).unwrap();
    older.pragma_update(None, "application_id", 0x7265_656C).unwrap();
    older
}

#[test]
fn only_run_and_migrate_change_an_older_database_and_a_copy_stays() {
    let shell = Shell::new();
    let older = older_database(&shell);
    let versions = format!("it has version 3, this reelbot needs version {VERSION}");
    for line in ["keys list", "audit", "users list", "credits show 7", "pause"] {
        shell.fails(line, 78, &versions, "`reelbot migrate`");
    }
    let version = |connection: &Connection| -> i64 {
        connection.query_row("pragma user_version", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(version(&older), 3, "nothing was changed");
    drop(older);
    let migrated = shell.runs("migrate");
    assert!(migrated.contains("from version 3"), "{migrated}");
    assert!(shell.runs("users list").contains('7'));
    let backup = migrated.trim_end().rsplit(' ').next().unwrap();
    assert!(backup.ends_with("-migration.db"), "{migrated}");
    assert_eq!(version(&Connection::open(backup).unwrap()), 3);
    let mode = fs::metadata(backup).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_database_that_others_can_read_is_made_private_and_said_once() {
    let shell = Shell::new();
    shell.runs("migrate");
    fs::set_permissions(shell.database(), fs::Permissions::from_mode(0o644)).unwrap();
    let output = shell.run("audit", "");
    assert!(output.err.contains("it is private now"), "{output:?}");
    let mode = fs::metadata(shell.database()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!shell.run("audit", "").err.contains("private"), "said once");
}
