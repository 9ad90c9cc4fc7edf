//! What the operator has switched on. A running bot sees it at once.

use crate::domain::time::Timestamp;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Since when no more orders are taken; `None` while they are.
pub fn paused_since(view: &View<'_>) -> Result<Option<Timestamp>, StoreError> {
    view.first("select since from switches where name = 'paused'", [], |row| row.get(0))
}

/// Takes no more orders; says whether that is new.
pub fn pause(tx: &Tx<'_>) -> Result<bool, StoreError> {
    let sql = "insert into switches (name, since) values ('paused', ?) on conflict do nothing";
    Ok(tx.run(sql, [tx.now])? == 1)
}

/// Takes orders again; says whether that is new.
pub fn resume(tx: &Tx<'_>) -> Result<bool, StoreError> {
    Ok(tx.run("delete from switches where name = 'paused'", [])? == 1)
}
