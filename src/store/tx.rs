//! What an action works with: a view of the database, and the right to change it.

use std::{cell::RefCell, ops::Deref};

use rusqlite::{Connection, Params, Row};

use crate::domain::{time::Timestamp, user::Language};
use crate::service::{business::Event, notify::Channel};
use crate::store::{error::StoreError, health::Health, plan};

/// A consistent view of the database.
pub struct View<'a> {
    connection: &'a Connection,
    health: &'a Health,
    /// The language of people whose rows name none.
    pub(super) fallback: Language,
    is_writing: bool,
}

impl<'a> View<'a> {
    /// A view through a connection on which a transaction is open.
    pub(super) fn new(connection: &'a Connection, health: &'a Health, fallback: Language) -> Self {
        Self { connection, health, fallback, is_writing: false }
    }

    /// The first row, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.noted(sql, |connection| {
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
        self.noted(sql, |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map(params, read)?.collect()
        })
    }

    /// Runs a statement; an error of the database as a whole is noted.
    fn noted<T>(
        &self,
        sql: &str,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if cfg!(debug_assertions) && self.is_writing {
            plan::expect_no_scan(self.connection, sql);
        }
        let done = run(self.connection).map_err(StoreError::from);
        done.inspect_err(|error| self.health.failed(error))
    }
}

/// A write transaction. It lives inside the writer's; when its action fails it is
/// undone alone.
pub struct Tx<'a> {
    view: View<'a>,
    /// The time of the action: it stands still until the action is done.
    pub now: Timestamp,
    channels: RefCell<Vec<Channel>>,
    events: RefCell<Vec<Event>>,
}

impl<'a> Tx<'a> {
    /// A transaction on a connection on which a savepoint is open.
    pub(super) fn new(
        connection: &'a Connection,
        health: &'a Health,
        fallback: Language,
        now: Timestamp,
    ) -> Self {
        let view = View { connection, health, fallback, is_writing: true };
        Self { view, now, channels: RefCell::default(), events: RefCell::default() }
    }

    /// Notifies of this once the commit is on disk.
    pub fn notify(&self, channel: Channel) {
        let mut channels = self.channels.borrow_mut();
        if !channels.contains(&channel) {
            channels.push(channel);
        }
    }

    /// Tells of this once the commit is on disk.
    pub(crate) fn tell(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }

    /// What to notify of, and what to tell.
    pub(super) fn into_news(self) -> (Vec<Channel>, Vec<Event>) {
        (self.channels.into_inner(), self.events.into_inner())
    }

    /// Runs a statement and returns how many rows it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.view.noted(sql, |connection| connection.prepare_cached(sql)?.execute(params))
    }

    /// Runs an insert and returns the id of the new row.
    pub(super) fn add(&self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        self.view.noted(sql, |connection| connection.prepare_cached(sql)?.insert(params))
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = View<'a>;

    fn deref(&self) -> &Self::Target {
        &self.view
    }
}
