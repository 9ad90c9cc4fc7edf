//! Making backups, and looking whether they are of use.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use crate::domain::{time::Timestamp, user::Language, zone::Zone};
use crate::service::stop::Stop;
use crate::store::{
    audit,
    backup::{
        draft::{Draft, Inspected, expect_room_for_copy, inspect_file},
        folder::{Backup, BackupFolder},
        keep::{Keep, surplus},
        manifest::Reason,
        source::Source,
    },
    db::stop_when_set,
    error::StoreError,
    file::open_to_look,
    health::Health,
    schema::VERSION,
    tx::View,
};

/// How long a copy waits for another program to let go of the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// From what age on an unfinished file is nobody's: no copy takes so long.
const ABANDONED: Duration = Duration::from_hours(24);

/// Whether the secrets of the KIE keys are in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrets {
    /// As they are in the database: whoever has the file has the keys.
    Kept,
    /// Taken out; the keys must be added again after a restore.
    Removed,
}

/// Copies the database of the folder, beside a run that works on it, and keeps the copy once it was
/// found sound. What the audit finds in it is noted in its manifest: a backup of books that are off
/// is better than none. A stop ends it, with an error that passes.
pub(crate) fn back_up(
    folder: &BackupFolder,
    reason: Reason,
    secrets: Secrets,
    now: Timestamp,
    stop: &Stop,
) -> Result<Backup, StoreError> {
    let connection = source(folder.database())?;
    expect_room_for_copy(&connection, folder)?;
    back_up_through(&connection, folder, reason, secrets, now, stop)
}

/// The same through a connection that is there.
pub(super) fn back_up_through(
    connection: &Connection,
    folder: &BackupFolder,
    reason: Reason,
    secrets: Secrets,
    now: Timestamp,
    stop: &Stop,
) -> Result<Backup, StoreError> {
    stop_when_set(connection, stop)?;
    let mut draft = Draft::copy(connection, folder, now)?;
    if secrets == Secrets::Removed {
        draft.remove_keys()?;
    }
    let copy = draft.open()?;
    stop_when_set(&copy, stop)?;
    let inspected = inspect(&copy, now)?;
    drop(copy);
    draft.keep(folder, reason, inspected)
}

/// Removes the backups of this database that need not be kept, and what was left unfinished;
/// returns how many went.
pub(crate) fn prune(
    folder: &BackupFolder,
    keep: Keep,
    zone: &Zone,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let backups = folder.own()?;
    let surplus = surplus(&backups, keep, zone, now);
    surplus.iter().try_for_each(|backup| backup.remove())?;
    folder.sweep(ABANDONED)?;
    Ok(surplus.len())
}

/// Looks through all of a copy. Fails where it is damaged, or no database that this reelbot knows.
pub(crate) fn inspect(copy: &Connection, now: Timestamp) -> Result<Inspected, StoreError> {
    let mut inspected = inspect_file(copy)?;
    if inspected.version == VERSION {
        inspected.findings = audited(copy, now)?;
    }
    Ok(inspected)
}

fn audited(copy: &Connection, now: Timestamp) -> Result<Vec<String>, StoreError> {
    let health = Health::default();
    // No text is written, so the language does not matter.
    let checks = audit::check(&View::new(copy, &health, Language::Ru), now)?;
    let broken = checks.iter().filter(|check| check.broken > 0);
    let sentence = |check: &audit::InvariantCheck| {
        format!("{}: {} of {} off", check.name, check.broken, check.checked)
    };
    Ok(broken.map(sentence).collect())
}

/// Looks whether a backup is whole: its checksum, each page and reference, and its books. Writes
/// nothing beside it.
pub fn verify(file: &Path, now: Timestamp) -> Result<Inspected, StoreError> {
    Source::open(file)?.expect_checksum()?;
    inspect(&open_to_look(file)?, now)
}

/// Opens a database that may be in use, to be read.
fn source(database: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}
