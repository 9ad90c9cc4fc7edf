//! The command menus of chats whose person chose a language: Telegram knows each chat's own, and
//! the database what was last set there.

use crate::domain::{id::UserId, user::Language};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// People who chose this language and whose chat has another menu than this one.
pub(crate) fn due(
    view: &View<'_>,
    language: Language,
    menu: &str,
    limit: u32,
) -> Result<Vec<UserId>, StoreError> {
    let sql = "select tg_user_id from users
               where language = ? and menu is not ? and blocked_at is null
               order by tg_user_id limit ?";
    view.all(sql, (language.code(), menu, limit), |row| row.get(0))
}

/// Notes which menu a chat was set. That is said last: a menu whose note is missing, because the
/// process died or because another language was chosen meanwhile, is set again.
pub(crate) fn note(tx: &Tx<'_>, user: UserId, menu: &str) -> Result<(), StoreError> {
    tx.run("update users set menu = ? where tg_user_id = ?", (menu, user))?;
    Ok(())
}
