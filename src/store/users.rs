//! People.

use rusqlite::Row;

use crate::domain::{credits::Credits, id::UserId, time::Timestamp, user::Language};
use crate::store::{
    codec::language,
    error::StoreError,
    tx::{Tx, View},
};

/// A person, as the database knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their Telegram id.
    pub id: UserId,
    /// Without the `@`.
    pub username: Option<String>,
    /// May be empty.
    pub first_name: String,
    /// The language in which they are answered.
    pub language: Language,
    /// Their balance.
    pub credits: Credits,
    /// Since when they have blocked the bot.
    pub blocked_at: Option<Timestamp>,
    /// When they first came.
    pub created_at: Timestamp,
}

/// A person as Telegram describes them with each update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Their Telegram id.
    pub id: UserId,
    /// Without the `@`.
    pub username: Option<String>,
    /// May be empty.
    pub first_name: String,
    /// Their Telegram's language, an IETF code.
    pub language_code: Option<String>,
}

const COLUMNS: &str = "tg_user_id, username, first_name, language, language_code, credits, \
     blocked_at, created_at";

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        username: row.get(1)?,
        first_name: row.get(2)?,
        language: language(row, 3)?,
        credits: row.get(5)?,
        blocked_at: row.get(6)?,
        created_at: row.get(7)?,
    })
}

/// The person with that id.
pub fn find(view: &View<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    view.first(&format!("select {COLUMNS} from users where tg_user_id = ?"), [id], user)
}

/// The person with that name, whatever its case. Names change owners: the last
/// person seen with it.
pub fn find_by_name(view: &View<'_>, username: &str) -> Result<Option<User>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from users where username = ? collate nocase
         order by created_at desc limit 1"
    );
    view.first(&sql, [username], user)
}

/// The people seen last.
pub fn list(view: &View<'_>, limit: u32) -> Result<Vec<User>, StoreError> {
    let sql = format!("select {COLUMNS} from users order by created_at desc, tg_user_id limit ?");
    view.all(&sql, [limit], user)
}

/// Adds a person; says whether they are new.
pub fn add(tx: &Tx<'_>, profile: &Profile) -> Result<bool, StoreError> {
    let added = tx.run(
        "insert into users (tg_user_id, username, first_name, language_code, created_at)
         values (?, ?, ?, ?, ?) on conflict do nothing",
        (profile.id, &profile.username, &profile.first_name, &profile.language_code, tx.now),
    )?;
    Ok(added == 1)
}

/// Brings a known person's names up to date. They wrote, so they have not blocked the bot.
pub fn refresh(tx: &Tx<'_>, profile: &Profile) -> Result<(), StoreError> {
    tx.run(
        "update users set username = ?2, first_name = ?3,
             language_code = coalesce(?4, language_code), blocked_at = null
         where tg_user_id = ?1 and (username is not ?2 or first_name <> ?3
             or language_code is not coalesce(?4, language_code) or blocked_at is not null)",
        (profile.id, &profile.username, &profile.first_name, &profile.language_code),
    )?;
    Ok(())
}

/// Keeps a person's choice of language.
pub fn choose_language(tx: &Tx<'_>, id: UserId, language: Language) -> Result<(), StoreError> {
    tx.run("update users set language = ? where tg_user_id = ?", (language.code(), id))?;
    Ok(())
}

/// Notes that a person blocked the bot, or is gone.
pub fn block(tx: &Tx<'_>, id: UserId) -> Result<(), StoreError> {
    tx.run(
        "update users set blocked_at = ? where tg_user_id = ? and blocked_at is null",
        (tx.now, id),
    )?;
    Ok(())
}

/// Whether a person cannot be sent anything now.
pub fn is_blocked(view: &View<'_>, id: UserId) -> Result<bool, StoreError> {
    let sql = "select 1 from users where tg_user_id = ? and blocked_at is not null";
    Ok(view.first(sql, [id], |_| Ok(()))?.is_some())
}
