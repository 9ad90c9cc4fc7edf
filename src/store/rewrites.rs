//! The rewrites of orders whose text was refused: one script each.

use crate::domain::{
    draft::ScriptId,
    failure::{FailureKind, Violation},
    id::{DraftId, OrderId, UserId},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// A prompt that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The prompt.
    pub prompt: String,
    /// The rule that it broke.
    pub rule: Violation,
}

/// The rewrite of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rewrite {
    /// The draft that it is in, which may be forgotten.
    pub draft: DraftId,
    /// Its script in that draft; `None` where the script writer gave none.
    pub revision: Option<u32>,
    /// How often the script writer was asked for it.
    pub asked: u32,
}

/// The first prompt of an order that was refused, and not for its photo.
pub(crate) fn refused(view: &View<'_>, order: OrderId) -> Result<Option<Refused>, StoreError> {
    let sql = "select coalesce(j.prompt, o.prompt), j.violation
               from generation_jobs j join orders o on o.id = j.order_id
               where j.order_id = ? and j.failure_kind = ? order by j.number";
    let all = view.all(sql, (order, FailureKind::UserViolation), |row| {
        let rule: Option<Violation> = row.get(1)?;
        Ok(Refused { prompt: row.get(0)?, rule: rule.unwrap_or(Violation::Other) })
    })?;
    Ok(all.into_iter().find(|refused| !refused.rule.is_of_the_photo()))
}

/// The rewrite of an order, if one was asked for.
pub(crate) fn find(view: &View<'_>, order: OrderId) -> Result<Option<Rewrite>, StoreError> {
    let sql = "select draft_id, revision, asked from rewrites where order_id = ?";
    view.first(sql, [order], |row| {
        Ok(Rewrite { draft: row.get(0)?, revision: row.get(1)?, asked: row.get(2)? })
    })
}

/// Notes the script that is the rewrite of an order of that person.
pub(crate) fn begin(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
    script: ScriptId,
) -> Result<(), StoreError> {
    let sql = "insert into rewrites (order_id, draft_id, revision, asked, tg_user_id, asked_at)
               values (?, ?, ?, 1, ?, ?)
               on conflict (order_id) do update set draft_id = excluded.draft_id,
                   revision = excluded.revision, asked = asked + 1, asked_at = excluded.asked_at";
    tx.run(sql, (order, script.draft, script.revision, user, tx.now)).map(drop)
}

/// How often the script writer was asked for rewrites of a person's that it was asked for since then.
pub(crate) fn count_asked(
    view: &View<'_>,
    user: UserId,
    since: Timestamp,
) -> Result<u32, StoreError> {
    let sql = "select coalesce(sum(asked), 0) from rewrites where tg_user_id = ? and asked_at > ?";
    view.one(sql, (user, since), |row| row.get(0))
}

/// Notes that nothing came of a script; returns the order whose rewrite it was.
pub(crate) fn fail(tx: &Tx<'_>, script: ScriptId) -> Result<Option<OrderId>, StoreError> {
    let sql = "select order_id from rewrites where draft_id = ? and revision = ?";
    let order = tx.first(sql, (script.draft, script.revision), |row| row.get(0))?;
    let sql = "update rewrites set revision = null where draft_id = ? and revision = ?";
    tx.run(sql, (script.draft, script.revision))?;
    Ok(order)
}
