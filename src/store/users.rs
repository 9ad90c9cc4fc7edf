//! People.

use rusqlite::Row;

use crate::domain::{
    awaited::Awaited, credits::Credits, id::UserId, time::Timestamp, user::Language,
};
use crate::service::notify::Channel;
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
    /// Whether they have read what the bot does.
    pub is_greeted: bool,
    /// What their next text means, until then.
    pub awaits: Option<(Awaited, Timestamp)>,
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
     blocked_at, created_at, greeted_at is not null, awaits, awaits_until";

fn user(row: &Row<'_>, fallback: Language) -> rusqlite::Result<User> {
    let (awaits, until): (Option<String>, Option<Timestamp>) = (row.get(9)?, row.get(10)?);
    Ok(User {
        id: row.get(0)?,
        username: row.get(1)?,
        first_name: row.get(2)?,
        language: language(row, 3, fallback)?,
        credits: row.get(5)?,
        blocked_at: row.get(6)?,
        created_at: row.get(7)?,
        is_greeted: row.get(8)?,
        awaits: awaits.as_deref().and_then(Awaited::parse).zip(until),
    })
}

/// The person with that id.
pub fn find(view: &View<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    let sql = format!("select {COLUMNS} from users where tg_user_id = ?");
    view.first(&sql, [id], |row| user(row, view.fallback))
}

/// The person with that name, whatever its case. Names change owners: the last
/// person seen with it.
pub fn find_by_name(view: &View<'_>, username: &str) -> Result<Option<User>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from users where username = ? collate nocase
         order by created_at desc limit 1"
    );
    view.first(&sql, [username], |row| user(row, view.fallback))
}

/// The people seen last.
pub fn list(view: &View<'_>, limit: u32) -> Result<Vec<User>, StoreError> {
    let sql = format!("select {COLUMNS} from users order by created_at desc, tg_user_id limit ?");
    view.all(&sql, [limit], |row| user(row, view.fallback))
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

/// Keeps a person's choice of language. The menu of their chat is not in it any longer.
pub fn choose_language(tx: &Tx<'_>, id: UserId, language: Language) -> Result<(), StoreError> {
    let sql = "update users set language = ?, menu = null where tg_user_id = ?";
    tx.run(sql, (language.code(), id))?;
    tx.notify(Channel::Menus);
    Ok(())
}

/// Notes that a person has read what the bot does.
pub(crate) fn mark_greeted(tx: &Tx<'_>, id: UserId) -> Result<(), StoreError> {
    let sql = "update users set greeted_at = ? where tg_user_id = ? and greeted_at is null";
    tx.run(sql, (tx.now, id)).map(drop)
}

/// Keeps the payload of the first link that had one.
pub(crate) fn keep_payload(tx: &Tx<'_>, id: UserId, payload: &str) -> Result<(), StoreError> {
    let sql = "update users set start_payload = ? where tg_user_id = ? and start_payload is null";
    tx.run(sql, (payload, id)).map(drop)
}

/// Notes what a person's next text means, until then.
pub(crate) fn set_awaited(
    tx: &Tx<'_>,
    id: UserId,
    awaited: Awaited,
    until: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update users set awaits = ?, awaits_until = ? where tg_user_id = ?";
    tx.run(sql, (awaited.to_string(), until, id)).map(drop)
}

/// Nothing is awaited from a person any longer.
pub(crate) fn clear_awaited(tx: &Tx<'_>, id: UserId) -> Result<(), StoreError> {
    let sql = "update users set awaits = null, awaits_until = null where tg_user_id = ?";
    tx.run(sql, [id]).map(drop)
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
