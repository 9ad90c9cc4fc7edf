//! People.

use std::time::Duration;

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
    /// When they did something, to the day.
    pub seen_at: Timestamp,
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
     blocked_at, created_at, greeted_at is not null, awaits, awaits_until, seen_at";

/// How exactly it is known when somebody was seen: not every update has to write it down.
const SEEN: Duration = Duration::from_hours(24);

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
        seen_at: row.get(11)?,
        is_greeted: row.get(8)?,
        awaits: awaits.as_deref().and_then(Awaited::parse).zip(until),
    })
}

/// The person with that id.
pub fn find(view: &View<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    let sql = format!("select {COLUMNS} from users where tg_user_id = ?");
    view.first(&sql, [id], |row| user(row, view.fallback))
}

/// The person with that name, whatever its case: whom Telegram last said.
pub fn find_by_name(view: &View<'_>, username: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("select {COLUMNS} from users where username = ? collate nocase");
    view.first(&sql, [username], |row| user(row, view.fallback))
}

/// The people who came last, the newest first.
pub fn list(view: &View<'_>, limit: u32) -> Result<Vec<User>, StoreError> {
    let sql = format!("select {COLUMNS} from users order by created_at desc, tg_user_id limit ?");
    view.all(&sql, [limit], |row| user(row, view.fallback))
}

/// How many people there are.
pub(crate) fn count(view: &View<'_>) -> Result<u32, StoreError> {
    view.one("select count(*) from users", [], |row| row.get(0))
}

/// Adds a person, or brings a known one's names up to date: they did something, so they have not
/// blocked the bot. Says whether they are new.
pub fn see(tx: &Tx<'_>, profile: &Profile) -> Result<bool, StoreError> {
    free_name(tx, profile)?;
    let Profile { id, username, first_name, language_code } = profile;
    let added = tx.run(
        "insert into users (tg_user_id, username, first_name, language_code, created_at, seen_at)
         values (?1, ?2, ?3, ?4, ?5, ?5) on conflict (tg_user_id) do nothing",
        (id, username, first_name, language_code, tx.now),
    )?;
    if added == 1 {
        return Ok(true);
    }
    tx.run(
        "update users set username = ?2, first_name = ?3,
             language_code = coalesce(?4, language_code), blocked_at = null, seen_at = ?5
         where tg_user_id = ?1 and (username is not ?2 or first_name <> ?3
             or language_code is not coalesce(?4, language_code) or blocked_at is not null
             or seen_at not between ?6 and ?5)",
        (id, username, first_name, language_code, tx.now, tx.now - SEEN),
    )?;
    Ok(false)
}

/// Takes a person's name away from whoever had it before: it belongs to whom Telegram last said.
fn free_name(tx: &Tx<'_>, profile: &Profile) -> Result<(), StoreError> {
    let Some(name) = &profile.username else { return Ok(()) };
    let sql = "update users set username = null
               where username = ?2 collate nocase and tg_user_id <> ?1";
    tx.run(sql, (profile.id, name)).map(drop)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;
    use crate::store::db::Db;

    const ANN: UserId = UserId(7);
    const BEN: UserId = UserId(8);

    struct Seen {
        db: Db,
        clock: Arc<ManualClock>,
        _folder: tempfile::TempDir,
    }

    impl Seen {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let clock = Arc::new(ManualClock::at(Timestamp(1_764_000_000_000)));
            let db = Db::open(&folder.path().join("reelbot.db"), clock.clone()).unwrap();
            Self { db, clock, _folder: folder }
        }

        fn see(&self, id: UserId, name: Option<&str>) -> bool {
            let username = name.map(str::to_owned);
            let profile = Profile { id, username, first_name: "P".to_owned(), language_code: None };
            self.db.write(move |tx| see(tx, &profile)).unwrap()
        }

        fn user(&self, id: UserId) -> User {
            self.db.read(|view| find(view, id)).unwrap().unwrap()
        }

        fn owner(&self, name: &str) -> Option<UserId> {
            self.db.read(|view| find_by_name(view, name)).unwrap().map(|user| user.id)
        }
    }

    #[test]
    fn a_name_is_whose_telegram_last_said_it_is() {
        let seen = Seen::new();
        assert!(seen.see(ANN, Some("shop")));
        assert_eq!(seen.owner("SHOP"), Some(ANN));
        assert!(seen.see(BEN, Some("Shop")), "somebody new comes with it");
        assert_eq!((seen.owner("shop"), seen.user(ANN).username), (Some(BEN), None));
        assert!(!seen.see(ANN, Some("shop")), "and gives it back");
        assert_eq!((seen.owner("shop"), seen.user(BEN).username), (Some(ANN), None));
        assert!(!seen.see(BEN, Some("ben")));
        assert!(!seen.see(ANN, None), "nobody has it");
        assert_eq!((seen.owner("shop"), seen.owner("ben")), (None, Some(BEN)));
        assert!(!seen.see(ANN, Some("BEN")), "two swap their names");
        assert!(!seen.see(BEN, Some("shop")));
        assert_eq!((seen.owner("ben"), seen.owner("shop")), (Some(ANN), Some(BEN)));
    }

    #[test]
    fn when_somebody_was_seen_is_written_once_a_day() {
        let seen = Seen::new();
        let start = seen.db.clock.now();
        seen.see(ANN, None);
        for (hours, seen_after) in [(0, 0), (23, 0), (24, 0), (25, 25), (48, 25), (50, 50)] {
            let now = start + Duration::from_hours(hours);
            seen.clock.advance(now.since(seen.db.clock.now()));
            seen.see(ANN, None);
            let known = seen.user(ANN).seen_at;
            assert_eq!(known, start + Duration::from_hours(seen_after), "after {hours} hours");
        }
    }
}
