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

/// What was known of a person who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: they are new.
    New,
    /// They had blocked the bot, and have not any more.
    Back,
    /// They were there.
    Known,
}

/// Adds a person, or brings a known one's names up to date: they did something, so they have not
/// blocked the bot. Of whom nothing is different nothing is written.
pub fn see(tx: &Tx<'_>, profile: &Profile) -> Result<Seen, StoreError> {
    let Profile { id, username, first_name, language_code } = profile;
    let sql = "select blocked_at is not null,
                   username is ?2 and first_name = ?3 and language_code is coalesce(?4, language_code)
                       and blocked_at is null and seen_at between ?6 and ?5
               from users where tg_user_id = ?1";
    let values = (id, username, first_name, language_code, tx.now, tx.now - SEEN);
    let known = tx.first(sql, values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if let Some((_, true)) = known {
        return Ok(Seen::Known);
    }
    free_name(tx, profile)?;
    let sql = "insert into users
                   (tg_user_id, username, first_name, language_code, created_at, seen_at)
               values (?1, ?2, ?3, ?4, ?5, ?5)
               on conflict (tg_user_id) do update set username = ?2, first_name = ?3,
                   language_code = coalesce(?4, language_code), blocked_at = null, seen_at = ?5";
    tx.run(sql, (id, username, first_name, language_code, tx.now))?;
    Ok(match known {
        None => Seen::New,
        Some((true, _)) => Seen::Back,
        Some((false, _)) => Seen::Known,
    })
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

    struct Fixture {
        db: Db,
        clock: Arc<ManualClock>,
        _folder: tempfile::TempDir,
    }

    impl Fixture {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let clock = Arc::new(ManualClock::at(Timestamp(1_764_000_000_000)));
            let db = Db::open(&folder.path().join("reelbot.db"), clock.clone()).unwrap();
            Self { db, clock, _folder: folder }
        }

        fn see(&self, id: UserId, name: Option<&str>) -> Seen {
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
        let fixture = Fixture::new();
        assert_eq!(fixture.see(ANN, Some("shop")), Seen::New);
        assert_eq!(fixture.owner("SHOP"), Some(ANN));
        assert_eq!(fixture.see(BEN, Some("Shop")), Seen::New, "somebody new comes with it");
        assert_eq!((fixture.owner("shop"), fixture.user(ANN).username), (Some(BEN), None));
        assert_eq!(fixture.see(ANN, Some("shop")), Seen::Known, "and gives it back");
        assert_eq!((fixture.owner("shop"), fixture.user(BEN).username), (Some(ANN), None));
        assert_eq!(fixture.see(BEN, Some("ben")), Seen::Known);
        assert_eq!(fixture.see(ANN, None), Seen::Known, "nobody has it");
        assert_eq!((fixture.owner("shop"), fixture.owner("ben")), (None, Some(BEN)));
        assert_eq!(fixture.see(ANN, Some("BEN")), Seen::Known, "two swap their names");
        assert_eq!(fixture.see(BEN, Some("shop")), Seen::Known);
        assert_eq!((fixture.owner("ben"), fixture.owner("shop")), (Some(ANN), Some(BEN)));
    }

    #[test]
    fn who_had_blocked_the_bot_is_back_once() {
        let fixture = Fixture::new();
        assert_eq!(fixture.see(ANN, None), Seen::New);
        fixture.db.write(|tx| block(tx, ANN)).unwrap();
        assert_eq!(fixture.see(ANN, None), Seen::Back);
        assert_eq!(fixture.see(ANN, None), Seen::Known);
        fixture.db.write(|tx| block(tx, ANN)).unwrap();
        assert_eq!(fixture.see(ANN, Some("ann")), Seen::Back);
    }

    #[test]
    fn when_somebody_was_seen_is_written_once_a_day() {
        let fixture = Fixture::new();
        let start = fixture.db.clock.now();
        fixture.see(ANN, None);
        for (hours, seen_after) in [(0, 0), (23, 0), (24, 0), (25, 25), (48, 25), (50, 50)] {
            let now = start + Duration::from_hours(hours);
            fixture.clock.advance(now.since(fixture.db.clock.now()));
            fixture.see(ANN, None);
            let known = fixture.user(ANN).seen_at;
            assert_eq!(known, start + Duration::from_hours(seen_after), "after {hours} hours");
        }
    }
}
