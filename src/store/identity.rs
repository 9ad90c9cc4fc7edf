//! Whose database a file is: reelbot's own, a sandbox's, or another program's.

use std::{fs::File, io::Read, os::unix::ffi::OsStrExt, path::Path};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use crate::store::error::{StoreError, StoreErrorKind};

/// What a database of reelbot's is for. Each has its mark in `application_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DatabaseKind {
    /// People, money and keys.
    Real,
    /// A sandbox's: its key and its money are worth nothing.
    Sandbox,
}

impl DatabaseKind {
    const ALL: [Self; 2] = [Self::Real, Self::Sandbox];

    /// The mark: "reel" and "reeb" in ASCII.
    pub(super) const fn mark(self) -> u32 {
        match self {
            Self::Real => 0x7265_656C,
            Self::Sandbox => 0x7265_6562,
        }
    }

    fn of(mark: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.mark() == mark)
    }
}

/// What tells whose a database is.
#[derive(Clone, Copy, Debug)]
struct Signs {
    mark: u32,
    version: u32,
    has_tables: bool,
}

impl Signs {
    fn is_unmarked(self) -> bool {
        self.mark == 0 && self.version == 0
    }

    /// What they say; `None` for a database that is empty.
    fn kind(self) -> Result<Option<DatabaseKind>, StoreError> {
        match DatabaseKind::of(self.mark) {
            Some(kind) => Ok(Some(kind)),
            None if self.is_unmarked() && !self.has_tables => Ok(None),
            None => Err(StoreError::new(
                StoreErrorKind::Foreign,
                "it is another program's database, not reelbot's",
            )),
        }
    }
}

/// What the first page of every database of SQLite begins with
/// (<https://sqlite.org/fileformat.html>).
const MAGIC: &[u8] = b"SQLite format 3\0";

/// How much of the first page is read: its header, and the head of the table of all tables.
const HEAD: usize = 108;

/// Fails for another program's database, and for what is none, before anything touches it: SQLite
/// itself would make files beside it. What is not in the file yet, but in its log, is left to
/// [`kind`].
pub(super) fn expect_no_foreign(database: &Path) -> Result<(), StoreError> {
    let file = match File::open(database) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    let mut head = Vec::new();
    file.take(HEAD as u64).read_to_end(&mut head)?;
    match signs(&head) {
        _ if head.is_empty() => Ok(()),
        // They may be Litestream's alone, which was started before the bot.
        Some(signs) if signs.is_unmarked() && signs.has_tables => {
            kind(&open_immutable(database)?).map(drop)
        }
        Some(signs) => signs.kind().map(drop),
        None => Err(StoreError::new(StoreErrorKind::Corrupt, "file is not a database")),
    }
}

/// Opens what is in a file, and not in its log. SQLite makes nothing beside it, which the bot's own
/// user could perhaps not write.
pub(super) fn open_immutable(database: &Path) -> Result<Connection, StoreError> {
    let path = percent_encode(database.as_os_str().as_bytes(), NON_ALPHANUMERIC);
    let uri = format!("file:{path}?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(uri, flags)?)
}

fn signs(head: &[u8]) -> Option<Signs> {
    let number = |at: usize| head.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let has_tables = !matches!(head.get(100..105)?, [LEAF, _, _, 0, 0]);
    let signs = Signs { version: number(60)?, mark: number(68)?, has_tables };
    head.starts_with(MAGIC).then_some(signs)
}

/// The kind of a page that has its rows in itself; two of the bytes after it count them.
const LEAF: u8 = 0x0D;

/// What a database is for; `None` for an empty one, be it that Litestream has put its own tables
/// into it already. Another program's is an error.
pub(super) fn kind(connection: &Connection) -> Result<Option<DatabaseKind>, StoreError> {
    let sql = "select application_id, user_version, exists (
                   select 1 from sqlite_schema where name not glob '_litestream_*')
               from pragma_application_id, pragma_user_version";
    let signs = connection.query_row(sql, [], |row| {
        let (mark, version): (i32, i32) = (row.get(0)?, row.get(1)?);
        let has_tables = row.get(2)?;
        Ok(Signs { mark: mark.cast_unsigned(), version: version.cast_unsigned(), has_tables })
    })?;
    signs.kind()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that was made so, and what is then said of it before and after it is opened.
    fn said_of(sql: &str) -> [Result<Option<DatabaseKind>, StoreErrorKind>; 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let made = Connection::open(&path).unwrap();
        made.execute_batch(sql).unwrap();
        drop(made);
        let kind = kind(&Connection::open(&path).unwrap());
        let by_file = match expect_no_foreign(&path) {
            Ok(()) => Ok(kind.as_ref().copied().unwrap_or(None)),
            Err(error) => Err(error),
        };
        [by_file, kind].map(|said| said.map_err(|error| error.kind))
    }

    #[test]
    fn a_file_is_known_by_its_mark_and_an_unmarked_one_must_be_empty() {
        use DatabaseKind::{Real, Sandbox};
        const FOREIGN: Result<Option<DatabaseKind>, StoreErrorKind> = Err(StoreErrorKind::Foreign);
        let real = format!("pragma application_id = {}; create table t (a)", Real.mark());
        let sandbox = format!("pragma application_id = {}; create table t (a)", Sandbox.mark());
        let many = (0..200).map(|n| format!("create table t{n} (a)")).collect::<Vec<_>>().join(";");
        for (sql, said) in [
            ("", Ok(None)),
            ("create table t (a); drop table t", Ok(None)),
            ("vacuum; pragma journal_mode = wal", Ok(None)),
            (real.as_str(), Ok(Some(Real))),
            (sandbox.as_str(), Ok(Some(Sandbox))),
            ("create table _litestream_seq (id integer primary key, seq integer)", Ok(None)),
            ("create table songs (title text)", FOREIGN),
            ("create table _litestream_seq (id); create table songs (title text)", FOREIGN),
            (many.as_str(), FOREIGN),
            ("pragma user_version = 2", FOREIGN),
            ("pragma user_version = -2", FOREIGN),
            ("pragma user_version = 2; create table songs (title text)", FOREIGN),
            ("pragma application_id = 1196444487", FOREIGN),
            ("pragma application_id = -1; pragma journal_mode = wal; create table t (a)", FOREIGN),
        ] {
            assert_eq!(said_of(sql), [said, said], "{sql}");
        }
    }

    #[test]
    fn what_is_no_database_is_told_from_an_empty_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        expect_no_foreign(&path).unwrap();
        for (bytes, fits) in
            [(Vec::new(), true), (b"milk, bread".to_vec(), false), (vec![0; 4096], false)]
        {
            std::fs::write(&path, bytes).unwrap();
            let said = expect_no_foreign(&path).map_err(|error| error.kind);
            assert_eq!(said, if fits { Ok(()) } else { Err(StoreErrorKind::Corrupt) });
        }
    }
}
