//! The releases of reelbot that have written a database.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::time::Timestamp;
use crate::store::{error::StoreError, tx::Tx};

/// This release.
pub(crate) const RELEASE: &str = env!("CARGO_PKG_VERSION");

const NOTE: &str = "insert into releases (version, since) select ?1, ?2
     where ?1 is not (select version from releases where id = (select max(id) from releases))";

/// Notes that this release writes the file from now on, if another was the last to do so.
pub(crate) fn note(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.run(NOTE, (RELEASE, tx.now)).map(drop)
}

/// The same on a connection of its own, for a file that was just made or migrated.
pub(super) fn note_on(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    connection.execute(NOTE, (RELEASE, now))?;
    Ok(())
}

/// The release that was the last to write the file; `None` where the file does not tell.
pub(super) fn last(connection: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "select 1 from sqlite_schema where type = 'table' and name = 'releases'";
    if connection.query_row(sql, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    let sql = "select version from releases order by id desc limit 1";
    Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?)
}
