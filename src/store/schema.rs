//! The schema and the steps that bring older files to it.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::store::error::{StoreError, StoreErrorKind};

/// The truth for a new database.
pub(crate) const SCHEMA: &str = include_str!("../../schema.sql");

/// What each version added. The first is the schema as it was first released.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("steps/001.sql")),
    M::up(include_str!("steps/002.sql")),
    M::up(include_str!("steps/003.sql")),
    M::up(include_str!("steps/004.sql")).foreign_key_check(),
    M::up(include_str!("steps/005.sql")).foreign_key_check(),
    M::up(include_str!("steps/006.sql")).foreign_key_check(),
];

/// The version of `SCHEMA`, kept in `user_version`.
pub const VERSION: usize = STEPS.len();

/// Marks a file as reelbot's, in `application_id`: "reel" in ASCII.
const APPLICATION: i64 = 0x7265_656C;

/// What [`migrate`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Migrated {
    /// There was nothing: the schema was created.
    Created,
    /// It was brought here from an older version.
    From(usize),
    /// It was up to date.
    Already,
}

/// The version of a database; 0 is an empty one.
pub(crate) fn version(connection: &Connection) -> Result<usize, StoreError> {
    let version: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    usize::try_from(version)
        .map_err(|_| StoreError::new(StoreErrorKind::Corrupt, format!("user_version is {version}")))
}

/// Creates the schema or brings an older one up to date, in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<Migrated, StoreError> {
    let found = version(connection)?;
    if found > VERSION {
        return Err(StoreError::new(
            StoreErrorKind::TooNew,
            format!("it has version {found}, this reelbot knows versions up to {VERSION}"),
        ));
    }
    if found == 0 {
        refuse_foreign(connection)?;
        create(connection)?;
        return Ok(Migrated::Created);
    }
    if found == VERSION {
        return Ok(Migrated::Already);
    }
    climb(connection)?;
    Ok(Migrated::From(found))
}

fn create(connection: &mut Connection) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", as_integer(VERSION))?;
    Ok(tx.commit()?)
}

/// Foreign keys are off meanwhile: a table that is built anew is dropped once. The steps that do
/// so check them at their end.
fn climb(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "foreign_keys", false)?;
    let climbed = Migrations::from_slice(STEPS).to_latest(connection);
    connection.pragma_update(None, "foreign_keys", true)?;
    climbed.map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        error => StoreError::new(StoreErrorKind::Other, error.to_string()),
    })
}

fn as_integer(version: usize) -> i64 {
    i64::try_from(version).expect("there are few versions")
}

fn refuse_foreign(connection: &Connection) -> Result<(), StoreError> {
    let tables: i64 =
        connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(());
    }
    Err(StoreError::new(StoreErrorKind::Corrupt, "it is another program's database, not reelbot's"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        credits::EntryKind,
        draft::{Fallback, ScriptState, SourceKind},
        failure::FailureKind,
        job::{Form, Status, Step},
        key::{KeyFault, KeySource},
        video::Aspect,
    };

    /// Every table, index and trigger, without comments and with white space folded.
    fn objects(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("select sql from sqlite_schema where sql is not null order by type, name")
            .unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(|sql| folded(&sql.unwrap())).collect()
    }

    fn folded(sql: &str) -> String {
        let code = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
        let folded = code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
        // SQLite quotes the name of a table that was renamed; a dropped or added last column takes
        // the end of its line along, or leaves it behind.
        folded.replace('"', "").replace(" )", ")").replace(" ,", ",")
    }

    /// A person, and their order of one video, as the first version had them.
    const OLD_ROWS: &str = "
        insert into users (tg_user_id, credits, created_at) values (7, 1, 1);
        insert into photos (id, tg_user_id, file_id, created_at) values (1, 7, 'f', 1);
        insert into drafts (id, tg_user_id, photo_id, state, prompt, created_at, updated_at)
            values (2, 7, 1, 'ordered', 'p', 1, 1);
        insert into orders (id, tg_user_id, draft_id, photo_id, prompt, count, price, created_at)
            values (3, 7, 2, 1, 'p', 1, 1, 1);
        insert into generation_jobs (id, order_id, tg_user_id, photo_id, number, prompt, model,
                status, step, due_at, created_at)
            values (4, 3, 7, 1, 1, 'p', 'm', 'queued', 'submit', 1, 1);
        insert into credit_entries (tg_user_id, amount, kind, once, order_id, created_at)
            values (7, -1, 'charge', 'charge order 3', 3, 1);";

    #[test]
    fn a_migrated_database_equals_a_new_one() {
        let mut fresh = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut fresh).unwrap(), Migrated::Created);
        assert_eq!(migrate(&mut fresh).unwrap(), Migrated::Already);
        let mut climbed = Connection::open_in_memory().unwrap();
        climb(&mut climbed).unwrap();
        assert_eq!(version(&climbed).unwrap(), VERSION);
        assert_eq!(objects(&fresh), objects(&climbed));
    }

    #[test]
    fn the_first_version_is_brought_here_with_all_that_is_in_it() {
        let mut old = Connection::open_in_memory().unwrap();
        old.execute_batch(include_str!("steps/001.sql")).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.execute_batch("pragma foreign_keys = on").unwrap();
        old.execute_batch(OLD_ROWS).unwrap();
        assert_eq!(migrate(&mut old).unwrap(), Migrated::From(1));
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh).unwrap();
        assert_eq!(objects(&fresh), objects(&old));
        let user: i64 =
            old.query_row("select tg_user_id from users", [], |row| row.get(0)).unwrap();
        assert_eq!(user, 7);
        let job: (i64, String, i64) = old
            .query_row(
                "select j.order_id, status, amount from generation_jobs j, credit_entries",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(job, (3, "queued".to_owned(), -1));
    }

    #[test]
    fn a_newer_database_is_refused_with_both_versions() {
        let mut newer = Connection::open_in_memory().unwrap();
        newer.pragma_update(None, "user_version", as_integer(VERSION + 6)).unwrap();
        let error = migrate(&mut newer).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::TooNew);
        assert!(
            error.text.contains(&(VERSION + 6).to_string())
                && error.text.contains(&VERSION.to_string())
        );
    }

    #[test]
    fn another_programs_database_is_refused() {
        let mut foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("create table songs (title text)").unwrap();
        assert_eq!(migrate(&mut foreign).unwrap_err().kind, StoreErrorKind::Corrupt);
    }

    #[test]
    fn the_schema_lists_exactly_the_words_of_the_enums() {
        let check = |column: &str, words: Vec<&str>| {
            let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            let text = format!("check ({column} in ({}))", quoted.join(", "));
            assert!(folded(SCHEMA).contains(&text), "schema.sql lacks {text}");
        };
        check("kind", EntryKind::ALL.map(EntryKind::word).to_vec());
        check("failure_kind", FailureKind::ALL.map(FailureKind::word).to_vec());
        check("state", ScriptState::ALL.map(ScriptState::word).to_vec());
        check("source", SourceKind::ALL.map(SourceKind::word).to_vec());
        check("fallback", Fallback::ALL.map(Fallback::word).to_vec());
        check("aspect", Aspect::ALL.map(Aspect::word).to_vec());
        check("form", Form::ALL.map(Form::word).to_vec());
        check("status", Status::ALL.map(Status::word).to_vec());
        check("step", Step::ALL.map(Step::word).to_vec());
        check("fault", KeyFault::ALL.map(KeyFault::word).to_vec());
        check("source", KeySource::ALL.map(KeySource::word).to_vec());
    }
}
