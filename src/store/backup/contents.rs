//! What a database holds, in numbers that only grow: two of them tell what came in between.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::store::error::StoreError;

/// How many rows of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// People.
    pub users: u32,
    /// Orders.
    pub orders: u32,
    /// Videos that were ordered.
    pub videos: u32,
    /// Videos that have arrived.
    pub delivered: u32,
    /// Entries of the ledger.
    pub entries: u32,
    /// What operators did by command, in a database that has that log.
    #[serde(default)]
    pub acts: u32,
}

impl Contents {
    /// Counts, in a database of any version.
    pub(crate) fn of(connection: &Connection) -> Result<Self, StoreError> {
        let count = |what: &str| {
            let sql = format!("select count(*) from {what}");
            connection.query_row(&sql, [], |row| row.get(0))
        };
        Ok(Self {
            users: count("users")?,
            orders: count("orders")?,
            videos: count("generation_jobs")?,
            delivered: count("generation_jobs where delivered_at is not null")?,
            entries: count("credit_entries")?,
            acts: if has_log(connection)? { count("admin_log")? } else { 0 },
        })
    }

    /// Whether it holds more of anything: then it is no earlier state of the other.
    pub(crate) fn exceeds(self, other: Self) -> bool {
        self.since(other) != Self::default()
    }

    /// What has come since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            users: self.users.saturating_sub(earlier.users),
            orders: self.orders.saturating_sub(earlier.orders),
            videos: self.videos.saturating_sub(earlier.videos),
            delivered: self.delivered.saturating_sub(earlier.delivered),
            entries: self.entries.saturating_sub(earlier.entries),
            acts: self.acts.saturating_sub(earlier.acts),
        }
    }
}

fn has_log(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "select count(*) from sqlite_schema where name = 'admin_log'";
    Ok(connection.query_row(sql, [], |row| row.get::<_, u32>(0))? > 0)
}
