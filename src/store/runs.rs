//! Whether the runs on this file were closed: one that was cut off may have left damage behind,
//! with its machine or its disk.

use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Notes that a run begins.
pub(crate) fn begin(tx: &Tx<'_>) -> Result<(), StoreError> {
    let sql = "insert into open_runs (id, since) values (1, ?)
               on conflict do update set since = excluded.since, cut_off = 1";
    tx.run(sql, [tx.now]).map(drop)
}

/// Whether an earlier run was cut off, and the file has not been checked since.
pub(crate) fn was_cut_off(view: &View<'_>) -> Result<bool, StoreError> {
    let sql = "select 1 from open_runs where cut_off = 1";
    Ok(view.first(sql, [], |_| Ok(()))?.is_some())
}

/// Notes that the file was checked.
pub(crate) fn mark_checked(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.run("update open_runs set cut_off = 0", []).map(drop)
}

/// Notes that the run is closed. A file that ought to have been checked is so in the next.
pub(crate) fn close(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.run("delete from open_runs where cut_off = 0", []).map(drop)
}
