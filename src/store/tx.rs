//! What a deed holds in its hands: a view of the database, and the right to change it.

use std::cell::RefCell;
use std::ops::Deref;

use rusqlite::Connection;
use rusqlite::Params;
use rusqlite::Row;

use crate::domain::time::Timestamp;
use crate::store::bell::Ring;
use crate::store::error::StoreError;
use crate::store::health::Health;

/// A consistent view of the database.
pub struct View<'a> {
    connection: &'a Connection,
    health: &'a Health,
}

impl<'a> View<'a> {
    /// A view through a connection on which a transaction is open.
    pub(super) fn new(connection: &'a Connection, health: &'a Health) -> Self {
        Self { connection, health }
    }

    /// The first row, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.noted(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            rows.next()?.map(read).transpose()
        })
    }

    /// The one row that must be there.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.first(sql, params, read)?.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
    }

    /// All rows.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.noted(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map(params, read)?.collect()
        })
    }

    /// Runs a statement; an error of the database as a whole is noted.
    fn noted<T>(
        &self,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let done = run(self.connection).map_err(StoreError::from);
        done.inspect_err(|error| self.health.failed(error))
    }
}

/// A write transaction. It lives inside the pen's; when its deed fails it is
/// undone alone.
pub struct Tx<'a> {
    view: View<'a>,
    /// The time of the deed: it stands still until the deed is done.
    pub now: Timestamp,
    rings: RefCell<Vec<Ring>>,
}

impl<'a> Tx<'a> {
    /// A transaction on a connection on which a savepoint is open.
    pub(super) fn new(connection: &'a Connection, health: &'a Health, now: Timestamp) -> Self {
        Self { view: View::new(connection, health), now, rings: RefCell::default() }
    }

    /// Rings a bell once the commit is on disk.
    pub fn ring(&self, name: Ring) {
        let mut rings = self.rings.borrow_mut();
        if !rings.contains(&name) {
            rings.push(name);
        }
    }

    /// The bells to ring.
    pub(super) fn into_rings(self) -> Vec<Ring> {
        self.rings.into_inner()
    }

    /// Runs a statement and returns how many rows it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.view.noted(|connection| connection.prepare_cached(sql)?.execute(params))
    }

    /// Runs an insert and returns the id of the new row.
    pub(super) fn add(&self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        self.view.noted(|connection| connection.prepare_cached(sql)?.insert(params))
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = View<'a>;

    fn deref(&self) -> &Self::Target {
        &self.view
    }
}
