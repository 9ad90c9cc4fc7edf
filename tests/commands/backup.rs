//! Backups: made, listed, verified, restored; and what is refused.

use std::{
    collections::HashSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use reelbot::testing::{clock::SystemClock, store::Db};
use rusqlite::Connection;
use serde_json::Value;

use crate::shell::{GOOD, Shell};

/// A shop with a key and a person who was given credits.
fn shop() -> Shell {
    let shell = Shell::new();
    shell.adds_key("keys add", GOOD);
    shell.adds_anna();
    shell.runs("credits grant @anna 10");
    shell
}

fn created(shell: &Shell, line: &str) -> (PathBuf, Value) {
    let made = shell.json(line);
    (made["path"].as_str().unwrap().into(), made["manifest"].clone())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn has(file: &Path, text: &str) -> bool {
    fs::read(file).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_backup_is_private_whole_and_can_be_made_beside_a_bot() {
    let shell = shop();
    let _bot = Db::open(&shell.database(), Arc::new(SystemClock)).unwrap();
    let (path, manifest) = created(&shell, "backup create --json");
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(mode(&path.with_extension("json")), 0o600);
    assert_eq!(path.parent(), Some(shell.path("data/backups").as_path()));
    assert_eq!(manifest["contents"]["users"], 1);
    assert_eq!((&manifest["with_keys"], &manifest["reason"]), (&true.into(), &"manual".into()));
    assert_eq!(manifest["findings"], Value::Array(Vec::new()));
    assert!(has(&path, GOOD));
    assert!(shell.runs("backup verify").contains("in order"));
    assert!(shell.runs("backup drill").contains("a bot could run on it"));
    let listed = shell.runs("backup list");
    assert!(listed.contains("manual") && listed.contains("✓"), "{listed}");
    let names = fs::read_dir(path.parent().unwrap()).unwrap();
    assert_eq!(names.count(), 2, "nothing else is left");
}

#[test]
fn the_keys_can_be_left_out_to_the_last_byte() {
    let shell = shop();
    let (path, manifest) = created(&shell, "backup create --without-keys --json");
    assert_eq!(manifest["with_keys"], false);
    assert!(!has(&path, GOOD));
    let kept = Connection::open(&path).unwrap();
    let balance: i64 = kept.query_row("select credits from users", [], |row| row.get(0)).unwrap();
    assert_eq!(balance, 10);
    let restored = shell.runs(&format!("backup restore --yes {}", path.display()));
    assert!(restored.contains("The KIE keys are not in it"), "{restored}");
    assert!(!shell.runs("keys list").contains("key-1"));
    shell.adds_key("keys add", GOOD);
}

#[test]
fn what_came_since_is_told_and_kept() {
    let shell = shop();
    let (path, _) = created(&shell, "backup create --json");
    shell.runs("credits grant @anna 5");
    let name = path.file_name().unwrap().to_str().unwrap();
    let looked = shell.runs(&format!("backup restore --dry-run {name}"));
    assert!(looked.contains("1 entry in the ledger, 1 change by operators"), "{looked}");
    assert!(looked.contains("dry run"), "{looked}");
    assert!(shell.runs("credits show @anna").contains("15 credits"));
    let asked = shell.run(&format!("backup restore {name}"), "y\n");
    assert!(asked.code == 2 && asked.err.contains("--yes"), "{asked:?}");
    assert!(shell.runs("credits show @anna").contains("15 credits"));
    let restored = shell.json(&format!("backup restore --yes --json {name}"));
    assert_eq!(restored["since"]["entries"], 1);
    assert!(shell.runs("credits show @anna").contains("10 credits"));
    assert!(shell.runs("audit").contains("✓"));
    let before = restored["before"].as_str().unwrap();
    shell.runs(&format!("backup restore --yes {before}"));
    assert!(shell.runs("credits show @anna").contains("15 credits"), "and back again");
}

#[test]
fn a_log_that_was_left_behind_is_not_taken_for_one_of_the_backup() {
    let shell = shop();
    let (path, _) = created(&shell, "backup create --json");
    let killed = Connection::open(shell.database()).unwrap();
    killed.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    killed.execute_batch("update users set first_name = 'Changed'").unwrap();
    // A process that was killed leaves its log behind.
    let [log, memory] = ["-wal", "-shm"].map(|end| shell.path(&format!("data/reelbot.db{end}")));
    let left = [fs::read(&log).unwrap(), fs::read(&memory).unwrap()];
    drop(killed);
    fs::write(&log, &left[0]).unwrap();
    fs::write(&memory, &left[1]).unwrap();
    shell.runs(&format!("backup restore --yes {}", path.display()));
    assert!(shell.runs("users list").contains("Anna"));
    assert_eq!(mode(&shell.database()), 0o600);
}

#[test]
fn a_database_that_cannot_be_read_is_put_aside_and_any_good_copy_takes_its_place() {
    let shell = shop();
    let (path, _) = created(&shell, "backup create --json");
    let copy = shell.path("copy-by-hand.db");
    fs::copy(&path, &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(shell.database(), "a shopping list ".repeat(1000)).unwrap();
    let restored = shell.run("backup restore --yes copy-by-hand.db", "");
    assert_eq!(restored.code, 0, "{restored:?}");
    assert!(restored.out.contains(".damaged-"), "{restored:?}");
    assert!(shell.runs("credits show @anna").contains("10 credits"));
    assert_eq!(mode(&shell.database()), 0o600);
    let aside = fs::read_dir(shell.path("data")).unwrap().flatten();
    let aside = aside.filter(|file| file.file_name().to_string_lossy().contains(".damaged-"));
    let sizes = aside.filter_map(|file| file.metadata().ok()).map(|file| file.len());
    assert!(sizes.into_iter().any(|size| size == 16_000), "as it was");
}

#[test]
fn what_is_of_no_use_takes_nobodys_place() {
    let shell = shop();
    let (path, _) = created(&shell, "backup create --json");
    let line = format!("backup restore --yes {}", path.display());
    let verify = format!("backup verify {}", path.display());
    let good = fs::read(&path).unwrap();
    let mut bent = good.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    fs::write(&path, bent).unwrap();
    for line in [&line, &verify] {
        shell.fails(line, 1, "its checksum", "an older one");
    }
    fs::write(&path, &good[..good.len() / 2]).unwrap();
    fs::remove_file(path.with_extension("json")).unwrap();
    for line in [&line, &verify] {
        shell.fails(line, 1, "of no use", "an older one");
    }
    for (text, why) in
        [("create table songs (title text)", "another program's"), ("", "an empty database")]
    {
        let foreign = shell.path("foreign.db");
        let _ = fs::remove_file(&foreign);
        Connection::open(&foreign).unwrap().execute_batch(text).unwrap();
        fs::OpenOptions::new().create(true).append(true).open(&foreign).unwrap();
        shell.fails("backup restore --yes foreign.db", 1, why, "--database");
    }
    fs::write(&path, &good).unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "application_id", 0x7265_6562).unwrap();
    shell.fails(&line, 1, "of a sandbox", "--database");
    fs::write(&path, &good).unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    shell.fails(&line, 1, "version 99", "an older one");
    shell.fails("backup restore --yes nowhere.db", 1, "there is no backup", "backup list");
    assert!(shell.runs("credits show @anna").contains("10 credits"));
    let left = fs::read_dir(shell.path("data")).unwrap().flatten().map(|file| file.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("part")).collect();
    assert_eq!(left, [""; 0], "nothing half done is left");
}

#[test]
fn there_may_be_no_backup_yet_and_a_shared_folder() {
    let shell = shop();
    assert!(shell.runs("backup list").contains("no backup yet"));
    shell.fails("backup verify", 1, "no backup yet", "backup create");
    shell.fails("backup drill", 1, "no backup yet", "backup create");
    fs::write(shell.path("data/backups"), "in the way").unwrap();
    shell.fails("backup create", 1, "the backup cannot be made", "backup.dir");
    fs::remove_file(shell.path("data/backups")).unwrap();
    fs::write(shell.path("config.toml"), "[backup]\ndir = \"shared\"\n").unwrap();
    shell.runs("backup create --config config.toml");
    let other = shell.path("data/other.db");
    shell.runs(&format!("migrate --database {}", other.display()));
    let line = format!("--config config.toml --database {}", other.display());
    shell.fails(&format!("backup verify {line}"), 1, "no backup yet", "backup create");
    shell.runs(&format!("backup create {line}"));
    assert_eq!(shell.json("backup list --json --config config.toml").as_array().unwrap().len(), 2);
    fs::write(shell.path("shared/reelbot-broken.json"), "{").unwrap();
    fs::write(shell.path("shared/reelbot-broken.db"), "half").unwrap();
    assert_eq!(shell.json("backup list --json --config config.toml").as_array().unwrap().len(), 2);
}

#[test]
fn a_restore_beside_other_commands_loses_nothing_that_they_have_said_is_done() {
    let shell = shop();
    let (path, _) = created(&shell, "backup create --json");
    let restored = AtomicBool::new(false);
    let booked = Mutex::new(Vec::new());
    let mut copies = Vec::new();
    thread::scope(|scope| {
        for person in 0..3 {
            let (shell, restored, booked) = (&shell, &restored, &booked);
            scope.spawn(move || {
                for number in 0.. {
                    let note = format!("n{person}-{number}");
                    let output = shell.run(&format!("credits grant @anna 1 --note {note}"), "");
                    if output.code == 0 {
                        booked.lock().unwrap().push(note);
                    } else {
                        assert_eq!(output.code, 75, "{output:?}");
                    }
                    if restored.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        for _ in 0..4 {
            let restore = format!("backup restore --yes --json {}", path.display());
            copies.push(shell.json(&restore)["before"].as_str().unwrap().to_owned());
        }
        restored.store(true, Ordering::Relaxed);
    });
    assert!(shell.runs("audit").contains("✓"));
    copies.push(shell.database().display().to_string());
    let notes: HashSet<String> = copies.iter().flat_map(|file| notes(file)).collect();
    let booked = booked.into_inner().unwrap();
    let lost: Vec<_> = booked.iter().filter(|note| !notes.contains(*note)).collect();
    assert!(lost.is_empty() && booked.len() > 3, "{lost:?} of {}", booked.len());
}

/// The notes in the ledger of a database.
fn notes(file: &str) -> Vec<String> {
    let connection = Connection::open(file).unwrap();
    let sql = "select note from credit_entries where note is not null";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
