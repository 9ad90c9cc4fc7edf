//! The schema and the steps that bring older files to it.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::store::{
    error::{StoreError, StoreErrorKind},
    identity::{self, DatabaseKind},
    releases::{self, RELEASE},
};

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
    M::up(include_str!("steps/008.sql")).foreign_key_check(),
];

/// The version of `SCHEMA`, kept in `user_version`.
pub const VERSION: usize = STEPS.len();

/// What a database of reelbot's is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// What it is for.
    pub kind: DatabaseKind,
    /// The version of its schema.
    pub version: usize,
    /// The release that was the last to write it, where it tells.
    pub release: Option<String>,
}

impl Found {
    /// Fails for a version that only a newer reelbot knows, and names both.
    pub(crate) fn expect_known(&self) -> Result<(), StoreError> {
        if self.version <= VERSION {
            return Ok(());
        }
        let writer = match &self.release {
            Some(release) => format!("reelbot {release}"),
            None => "a newer reelbot".to_owned(),
        };
        let found = self.version;
        Err(StoreError::new(
            StoreErrorKind::TooNew,
            format!(
                "it was written by {writer} (version {found}); \
                 this is reelbot {RELEASE} (version {VERSION})"
            ),
        ))
    }
}

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

/// What a database is; `None` for an empty one. Another program's is an error.
pub(crate) fn look(connection: &Connection) -> Result<Option<Found>, StoreError> {
    // All of it is of one moment: somebody may be creating the schema.
    let snapshot = connection.unchecked_transaction()?;
    let Some(kind) = identity::kind(&snapshot)? else { return Ok(None) };
    let version: i64 = snapshot.query_row("pragma user_version", [], |row| row.get(0))?;
    let version =
        usize::try_from(version).ok().filter(|version| *version > 0).ok_or_else(|| {
            StoreError::new(StoreErrorKind::Corrupt, format!("user_version is {version}"))
        })?;
    Ok(Some(Found { kind, version, release: releases::last(&snapshot)? }))
}

/// What a database is. Fails for an empty one, another program's and a newer one.
pub(crate) fn expect_known(connection: &Connection) -> Result<Found, StoreError> {
    let empty = || StoreError::new(StoreErrorKind::Foreign, "it is an empty database");
    let found = look(connection)?.ok_or_else(empty)?;
    found.expect_known()?;
    Ok(found)
}

/// Creates the schema, of a database of this kind, or brings an older one up to date, in one
/// transaction.
pub(crate) fn migrate(
    connection: &mut Connection,
    new: DatabaseKind,
) -> Result<Migrated, StoreError> {
    let Some(found) = look(connection)? else {
        create(connection, new)?;
        return Ok(Migrated::Created);
    };
    found.expect_known()?;
    if found.version == VERSION {
        return Ok(Migrated::Already);
    }
    climb(connection)?;
    Ok(Migrated::From(found.version))
}

fn create(connection: &mut Connection, kind: DatabaseKind) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "application_id", kind.mark())?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use DatabaseKind::Real;

    use crate::domain::{
        credits::EntryKind,
        draft::{Fallback, ScriptState, SourceKind},
        failure::{FailureKind, Violation},
        job::{Form, Status, Step},
        key::{KeyFault, KeySource},
        options::Edges,
        video::Aspect,
        vote::Vote,
    };

    /// Every table, index and trigger, without comments and with white space folded.
    /// The tables, indexes and triggers that only one of the two has.
    fn differences(one: &Connection, other: &Connection) -> Vec<String> {
        let (one, other) = (objects(one), objects(other));
        let only = |these: &[String], those: &[String]| {
            these.iter().filter(|sql| !those.contains(sql)).cloned().collect::<Vec<_>>()
        };
        [only(&one, &other), only(&other, &one)].concat()
    }

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
        assert_eq!(migrate(&mut fresh, Real).unwrap(), Migrated::Created);
        assert_eq!(migrate(&mut fresh, Real).unwrap(), Migrated::Already);
        let mut climbed = Connection::open_in_memory().unwrap();
        climb(&mut climbed).unwrap();
        let version: i64 = climbed.query_row("pragma user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, as_integer(VERSION));
        assert_eq!(differences(&fresh, &climbed), [""; 0]);
    }

    #[test]
    fn the_first_version_is_brought_here_with_all_that_is_in_it() {
        let mut old = Connection::open_in_memory().unwrap();
        old.execute_batch(include_str!("steps/001.sql")).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.pragma_update(None, "application_id", Real.mark()).unwrap();
        old.execute_batch("pragma foreign_keys = on").unwrap();
        old.execute_batch(OLD_ROWS).unwrap();
        assert_eq!(migrate(&mut old, Real).unwrap(), Migrated::From(1));
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh, Real).unwrap();
        assert_eq!(differences(&fresh, &old), [""; 0]);
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
    fn a_newer_database_is_refused_with_both_releases_and_versions() {
        let mut newer = Connection::open_in_memory().unwrap();
        migrate(&mut newer, Real).unwrap();
        newer.pragma_update(None, "user_version", as_integer(VERSION + 2)).unwrap();
        let refused = |database: &mut Connection| {
            let error = migrate(database, Real).unwrap_err();
            assert_eq!(error.kind, StoreErrorKind::TooNew);
            error.text
        };
        let (found, this) = (VERSION + 2, format!("this is reelbot {RELEASE} (version {VERSION})"));
        let unknown = format!("it was written by a newer reelbot (version {found}); {this}");
        assert_eq!(refused(&mut newer), unknown);
        let rows = "insert into releases (version, since) values ('0.3.0', 1), ('0.4.0', 2)";
        newer.execute_batch(rows).unwrap();
        let known = format!("it was written by reelbot 0.4.0 (version {found}); {this}");
        assert_eq!(refused(&mut newer), known);
        newer.execute_batch("drop table releases").unwrap();
        assert_eq!(refused(&mut newer), unknown);
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
        check("edges", Edges::ALL.map(Edges::word).to_vec());
        check("form", Form::ALL.map(Form::word).to_vec());
        check("vote", Vote::ALL.map(Vote::word).to_vec());
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
        migrate(&mut connection, Real).unwrap();
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
