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
    M::up(include_str!("steps/007.sql")),
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

/// Fails where a file is no database of reelbot's, or one of a newer reelbot.
pub(crate) fn expect_known(connection: &Connection) -> Result<(), StoreError> {
    let id: i64 = connection.query_row("pragma application_id", [], |row| row.get(0))?;
    match version(connection)? {
        0 => Err(foreign()),
        _ if id != APPLICATION => Err(foreign()),
        found if found > VERSION => Err(too_new(found)),
        _ => Ok(()),
    }
}

fn too_new(found: usize) -> StoreError {
    let text = format!("it has version {found}, this reelbot knows versions up to {VERSION}");
    StoreError::new(StoreErrorKind::TooNew, text)
}

fn foreign() -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, "it is another program's database, not reelbot's")
}

/// Creates the schema or brings an older one up to date, in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<Migrated, StoreError> {
    let found = version(connection)?;
    if found > VERSION {
        return Err(too_new(found));
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
    Err(foreign())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        credits::EntryKind,
        draft::{Fallback, ScriptState, SourceKind},
        failure::{FailureKind, Violation},
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
        check("failure_kind", FailureKind::ALL.map(FailureKind::word).to_vec());
        check("violation", Violation::ALL.map(Violation::word).to_vec());
        check("state", ScriptState::ALL.map(ScriptState::word).to_vec());
        check("source", SourceKind::ALL.map(SourceKind::word).to_vec());
        check("fallback", Fallback::ALL.map(Fallback::word).to_vec());
        check("aspect", Aspect::ALL.map(Aspect::word).to_vec());
        check("form", Form::ALL.map(Form::word).to_vec());
        check("status", Status::ALL.map(Status::word).to_vec());
        check("step", Step::ALL.map(Step::word).to_vec());
        check("fault", KeyFault::ALL.map(KeyFault::word).to_vec());
        check("source", KeySource::ALL.map(KeySource::word).to_vec());
        let mut kinds = EntryKind::ALL.map(EntryKind::word);
        kinds.sort_unstable();
        let rows = with_one_of_each();
        let mut rows = rows.prepare("select kind from entry_kinds order by kind").unwrap();
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(rows.map(Result::unwrap).collect::<Vec<_>>(), kinds);
    }

    /// A new database with what an entry of the ledger may refer to.
    fn with_one_of_each() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.execute_batch("pragma foreign_keys = on").unwrap();
        let rows = "
            insert into users (tg_user_id, credits, created_at) values (7, 9, 1), (8, 0, 1);
            insert into photos (id, tg_user_id, file_id) values (1, 7, 'f');
            insert into orders (id, tg_user_id, draft_id, revision, photo_id, prompt, count, price,
                    created_at)
                values (3, 7, 2, 1, 1, 'p', 1, 1, 1);
            insert into generation_jobs (id, order_id, tg_user_id, number, model, status, step,
                    due_at, created_at)
                values (4, 3, 7, 1, 'm', 'queued', 'submit', 1, 1);";
        connection.execute_batch(rows).unwrap();
        connection
    }

    #[test]
    fn an_entry_has_the_sign_of_its_kind_and_names_just_what_its_kind_refers_to() {
        const KINDS: [(EntryKind, i64, &str); 9] = [
            (EntryKind::Welcome, 1, ""),
            (EntryKind::Grant, 1, ""),
            (EntryKind::Take, -1, ""),
            (EntryKind::Charge, -1, "order_id"),
            (EntryKind::Refund, 1, "job_id"),
            (EntryKind::Purchase, 1, "payment_id"),
            (EntryKind::Chargeback, -1, "payment_id"),
            (EntryKind::Promo, 1, "promo_code"),
            (EntryKind::Referral, 1, "invited_id"),
        ];
        const REFERENCES: [(&str, &str); 5] = [
            ("order_id", "3"),
            ("job_id", "4"),
            ("payment_id", "'stxyz'"),
            ("promo_code", "'MAY'"),
            ("invited_id", "8"),
        ];
        let connection = with_one_of_each();
        let add = |kind: &str, amount: i64, named: usize| {
            // Each bit of `named` is a reference that is set.
            let set = |bit: usize, value| if named >> bit & 1 == 1 { value } else { "null" };
            let values = (0..5).map(|bit| set(bit, REFERENCES[bit].1)).collect::<Vec<_>>();
            let sql = format!(
                "insert into credit_entries (tg_user_id, amount, kind, once, created_at, order_id,
                     job_id, payment_id, promo_code, invited_id)
                 values (7, {amount}, '{kind}', '{kind} {amount} {named}', 1, {})",
                values.join(", ")
            );
            connection.execute(&sql, [])
        };
        for (kind, sign, refers) in KINDS {
            for (amount, named) in [1, -1].into_iter().flat_map(|a| (0..32).map(move |n| (a, n))) {
                let just = REFERENCES.iter().position(|(column, _)| *column == refers);
                let fits = amount == sign && named == just.map_or(0, |bit| 1 << bit);
                let added = add(kind.word(), amount, named);
                assert_eq!(added.is_ok(), fits, "{kind:?} {amount} {named:05b}: {added:?}");
            }
        }
        for unknown in ["", "gift", "Grant", "grant "] {
            assert!(add(unknown, 1, 0).is_err(), "{unknown:?}");
        }
        connection.execute("update entry_kinds set sign = -sign", []).unwrap_err();
        connection.execute("delete from entry_kinds", []).unwrap_err();
    }
}
