//! Prompts that people have saved as a style of their own.

use rusqlite::Row;

use crate::domain::id::{StyleId, UserId};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// A saved style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// The row, carried in callback data.
    pub id: StyleId,
    /// What its button says.
    pub name: String,
    /// The prompt.
    pub prompt: String,
}

fn style(row: &Row<'_>) -> rusqlite::Result<Style> {
    Ok(Style { id: row.get(0)?, name: row.get(1)?, prompt: row.get(2)? })
}

/// The styles of a person, in the order in which they were saved.
pub(crate) fn of_user(view: &View<'_>, user: UserId) -> Result<Vec<Style>, StoreError> {
    let sql = "select id, name, prompt from styles where tg_user_id = ? order by id";
    view.all(sql, [user], style)
}

/// The style with that id, of that person.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    id: StyleId,
) -> Result<Option<Style>, StoreError> {
    let sql = "select id, name, prompt from styles where id = ? and tg_user_id = ?";
    view.first(sql, (id, user), style)
}

/// Saves a style.
pub(crate) fn add(
    tx: &Tx<'_>,
    user: UserId,
    name: &str,
    prompt: &str,
) -> Result<StyleId, StoreError> {
    let sql = "insert into styles (tg_user_id, name, prompt, created_at) values (?, ?, ?, ?)";
    tx.add(sql, (user, name, prompt, tx.now)).map(StyleId)
}

/// Gives a style another name; `false` when that person has none such.
pub(crate) fn rename(
    tx: &Tx<'_>,
    user: UserId,
    id: StyleId,
    name: &str,
) -> Result<bool, StoreError> {
    let sql = "update styles set name = ? where id = ? and tg_user_id = ?";
    Ok(tx.run(sql, (name, id, user))? == 1)
}

/// Forgets a style; `false` when that person has none such.
pub(crate) fn delete(tx: &Tx<'_>, user: UserId, id: StyleId) -> Result<bool, StoreError> {
    Ok(tx.run("delete from styles where id = ? and tg_user_id = ?", (id, user))? == 1)
}
