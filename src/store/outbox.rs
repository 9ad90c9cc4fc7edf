//! Messages to people, durable until they have been sent: how they come to wait. Which goes next is
//! in `send_queue`.

use crate::domain::{
    id::{OutboxId, UserId},
    lane::Lane,
    notification::Notification,
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    anchors,
    error::{StoreError, StoreErrorKind},
    tx::{Tx, View},
};

/// So many messages that wait for one person are enough to read: hints come no more.
const MANY: u32 = 20;

/// The anchor of hints. Each is a new message; it is an anchor so that one takes the place of
/// another that still waits.
const HINT: &str = "hint";

/// Whether the body is a screen of the conversation or [`Notification`]; both are JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A screen, ready to be shown.
    Screen,
    /// A fact, to be worded when it is sent.
    Notification,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Notification => "notification",
        }
    }
}

/// Puts a screen in the outbox. With an anchor it takes the place of what the anchor has not shown
/// yet. Answers that failed and were put off go before a new one: their person is there.
pub fn put_screen(
    tx: &Tx<'_>,
    to: UserId,
    lane: Lane,
    body: &str,
    anchor: Option<&str>,
) -> Result<(), StoreError> {
    if let Some(anchor) = anchor {
        let sql = "delete from outbox
                   where chat_id = ? and anchor = ? and done_at is null and parked_at is null";
        tx.run(sql, (to, anchor))?;
    }
    if lane == Lane::Answers {
        let sql = "update outbox set due_at = ?1 where chat_id = ?2 and lane = ?3 and due_at > ?1
                       and tries > 0 and done_at is null and parked_at is null";
        tx.run(sql, (tx.now, to, lane))?;
    }
    let generation = anchors::generation(tx, to, anchor)?;
    tx.run(
        "insert into outbox (chat_id, lane, kind, body, anchor, generation, due_at, created_at)
         values (?1, ?2, 'screen', ?3, ?4, ?5, ?6, ?6)",
        (to, lane, body, anchor, generation, tx.now),
    )?;
    tx.notify(Channel::Outbox);
    Ok(())
}

/// Holds back what an anchor has yet to show. Other answers pass it by until then.
pub(crate) fn hold_back(
    tx: &Tx<'_>,
    to: UserId,
    anchor: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update outbox set due_at = max(due_at, ?)
               where chat_id = ? and anchor = ? and done_at is null and parked_at is null";
    tx.run(sql, (until, to, anchor)).map(drop)
}

/// Puts a hint in the outbox, as an answer. It takes the place of a hint that still waits, and where
/// much waits there is none.
pub fn put_hint(tx: &Tx<'_>, to: UserId, body: &str) -> Result<(), StoreError> {
    let sql = "select count(*) from (select 1 from outbox
               where chat_id = ? and done_at is null and parked_at is null limit ?)";
    if tx.one(sql, (to, MANY), |row| row.get::<_, u32>(0))? >= MANY {
        return Ok(());
    }
    anchors::clear(tx, to, HINT)?;
    put_screen(tx, to, Lane::Answers, body, Some(HINT))
}

/// Whether something waits to be shown by an anchor.
pub(crate) fn is_waiting(view: &View<'_>, to: UserId, anchor: &str) -> Result<bool, StoreError> {
    let sql = "select 1 from outbox
               where chat_id = ? and anchor = ? and done_at is null and parked_at is null";
    Ok(view.first(sql, (to, anchor), |_| Ok(()))?.is_some())
}

/// Puts a notification in the outbox, once for each event. It is due at once whatever the clock
/// of this process says: a command may run by another one than the bot.
pub fn put_notification(
    tx: &Tx<'_>,
    to: UserId,
    notification: &Notification,
    once: &str,
) -> Result<(), StoreError> {
    tx.run(
        "insert into outbox (chat_id, lane, kind, body, once, due_at, created_at)
         values (?1, ?2, 'notification', ?3, ?4, 0, ?5) on conflict (once) do nothing",
        (to, Lane::News, json(notification)?, once, tx.now),
    )?;
    tx.notify(Channel::Outbox);
    Ok(())
}

/// Puts a notification in the outbox whose subject goes on: what waits under that name says more
/// when it is sent, and what was sent is edited.
pub fn put_subject(
    tx: &Tx<'_>,
    to: UserId,
    notification: &Notification,
    name: &str,
) -> Result<(), StoreError> {
    let generation = anchors::generation(tx, to, Some(name))?;
    tx.run(
        "insert into outbox (chat_id, lane, kind, body, anchor, generation, once, due_at, created_at)
         values (?1, ?2, 'notification', ?3, ?4, ?5, ?4, 0, ?6)
         on conflict (once) do update set body = excluded.body, version = version + 1,
             generation = excluded.generation,
             tries = iif(done_at is null, tries, 0), due_at = iif(done_at is null, due_at, 0),
             created_at = ?6, done_at = null, error = null",
        (to, Lane::News, json(notification)?, name, generation, tx.now),
    )?;
    tx.notify(Channel::Outbox);
    Ok(())
}

/// Puts a notification in the outbox that may come again under that name: what still waits is
/// replaced, and what was sent is sent anew. One that was parked before `retry` is tried again.
pub fn put_again(
    tx: &Tx<'_>,
    to: UserId,
    notification: &Notification,
    name: &str,
    retry: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "insert into outbox (chat_id, lane, kind, body, once, due_at, created_at)
         values (?1, ?2, 'notification', ?3, ?4, 0, ?5)
         on conflict (once) do update set body = excluded.body,
             tries = iif(done_at is null, tries, 0),
             due_at = iif(done_at is not null or parked_at <= ?6, 0, due_at),
             created_at = ?5, done_at = null, error = null,
             parked_at = iif(parked_at <= ?6, null, parked_at)",
        (to, Lane::News, json(notification)?, name, tx.now, retry),
    )?;
    tx.notify(Channel::Outbox);
    Ok(())
}

fn json(notification: &Notification) -> Result<String, StoreError> {
    serde_json::to_string(notification)
        .map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))
}

/// The notification of a row that was put here for this person. Rows with a `once` name stay
/// longer than others, so what a button of an older message is about can still be found.
pub fn notification(
    view: &View<'_>,
    id: OutboxId,
    to: UserId,
) -> Result<Option<Notification>, StoreError> {
    let sql = "select body from outbox where id = ? and chat_id = ? and kind = 'notification'";
    let body: Option<String> = view.first(sql, (id, to), |row| row.get(0))?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

/// Forgets at most so many messages without a `once` name that were sent before `before`.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from outbox where id in (select id from outbox
                   where done_at is not null and once is null and done_at < ? limit ?)";
    tx.run(sql, (before, most))
}

/// Forgets at most so many messages with a `once` name that were sent before `before`: neither
/// does their event come again, nor is a button under them still about something.
pub(crate) fn forget_once(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from outbox where id in (select id from outbox
                   where done_at is not null and once is not null and done_at < ? limit ?)";
    tx.run(sql, (before, most))
}
