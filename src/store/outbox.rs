//! Messages to people, durable until they have been sent.

use crate::domain::{
    id::{MessageId, OutboxId, UserId},
    notification::Notification,
    time::Timestamp,
    user::Language,
};
use crate::service::notify::Channel;
use crate::store::{
    codec::language,
    error::{StoreError, StoreErrorKind},
    tx::{Tx, View},
};

/// Whether the body is a screen of the conversation or [`Notification`]; both are JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A screen, ready to be shown.
    Screen,
    /// A fact, to be worded when it is sent.
    Notification,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Notification => "notification",
        }
    }
}

/// A message that waits to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// The row.
    pub id: OutboxId,
    /// To whom.
    pub to: UserId,
    /// The person's language.
    pub language: Language,
    /// What kind of thing the body is.
    pub kind: Kind,
    /// The screen or the notification, as JSON.
    pub body: String,
    /// The name of the message it shows itself in.
    pub anchor: Option<String>,
    /// That message, if there is one: it is edited.
    pub edits: Option<MessageId>,
    /// How often sending it has failed.
    pub tries: u32,
    /// When it was put here.
    pub created_at: Timestamp,
}

/// Puts a screen in the outbox. With an anchor it takes the place of what the
/// anchor has not shown yet.
pub fn put_screen(
    tx: &Tx<'_>,
    to: UserId,
    body: &str,
    anchor: Option<&str>,
) -> Result<(), StoreError> {
    if let Some(anchor) = anchor {
        let sql = "delete from outbox where chat_id = ? and anchor = ? and done_at is null";
        tx.run(sql, (to, anchor))?;
    }
    tx.run(
        "insert into outbox (chat_id, kind, body, anchor, due_at, created_at)
         values (?1, 'screen', ?2, ?3, ?4, ?4)",
        (to, body, anchor, tx.now),
    )?;
    tx.notify(Channel::Outbox);
    Ok(())
}

/// Puts a notification in the outbox, once for each event. It is due at once whatever the clock
/// of this process says: a command may run by another one than the bot.
pub fn put_notification(
    tx: &Tx<'_>,
    to: UserId,
    notification: &Notification,
    once: &str,
) -> Result<(), StoreError> {
    let body = serde_json::to_string(notification)
        .map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))?;
    tx.run(
        "insert into outbox (chat_id, kind, body, once, due_at, created_at)
         values (?1, 'notification', ?2, ?3, 0, ?4) on conflict (once) do nothing",
        (to, body, once, tx.now),
    )?;
    tx.notify(Channel::Outbox);
    Ok(())
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

/// What may be sent now: of each chat its oldest message, if that one is due.
pub fn due(view: &View<'_>, now: Timestamp, limit: u32) -> Result<Vec<Message>, StoreError> {
    let sql = "select o.id, o.chat_id, o.kind, o.body, o.anchor, a.message_id, o.tries,
                      o.created_at, u.language, u.language_code
               from outbox o
               left join anchors a on a.chat_id = o.chat_id and a.name = o.anchor
               left join users u on u.tg_user_id = o.chat_id
               where o.done_at is null and o.due_at <= ?
                 and o.id = (select min(first.id) from outbox first
                             where first.chat_id = o.chat_id and first.done_at is null)
               order by o.due_at, o.id limit ?";
    view.all(sql, (now, limit), |row| {
        let is_notification = row.get_ref(2)?.as_str()? == Kind::Notification.word();
        Ok(Message {
            id: row.get(0)?,
            to: row.get(1)?,
            language: language(row, 8)?,
            kind: if is_notification { Kind::Notification } else { Kind::Screen },
            body: row.get(3)?,
            anchor: row.get(4)?,
            edits: row.get(5)?,
            tries: row.get(6)?,
            created_at: row.get(7)?,
        })
    })
}

/// When the next message becomes due that cannot be sent now. A message behind
/// another one of its chat waits for that one, whatever its own time.
pub fn next_due(view: &View<'_>, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let sql = "select min(o.due_at) from outbox o
               where o.done_at is null and o.due_at > ?
                 and o.id = (select min(first.id) from outbox first
                             where first.chat_id = o.chat_id and first.done_at is null)";
    view.one(sql, [now], |row| row.get(0))
}

/// Notes that a message was sent, and which message shows it now.
pub fn mark_sent(
    tx: &Tx<'_>,
    message: &Message,
    shown_in: Option<MessageId>,
) -> Result<(), StoreError> {
    tx.run("update outbox set done_at = ? where id = ? and done_at is null", (tx.now, message.id))?;
    if let (Some(name), Some(shown_in)) = (&message.anchor, shown_in) {
        anchor(tx, message.to, name, shown_in)?;
    }
    Ok(())
}

/// Puts a message off.
pub fn put_off(tx: &Tx<'_>, id: OutboxId, until: Timestamp) -> Result<(), StoreError> {
    let sql = "update outbox set due_at = ?, tries = tries + 1 where id = ? and done_at is null";
    tx.run(sql, (until, id))?;
    Ok(())
}

/// Lets nothing wait longer than until `latest`.
pub fn cap_due_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    tx.run("update outbox set due_at = ?1 where due_at > ?1 and done_at is null", [latest])
        .map(drop)
}

/// Gives a message up.
pub fn give_up(tx: &Tx<'_>, id: OutboxId, error: &str) -> Result<(), StoreError> {
    let sql = "update outbox set done_at = ?, error = ? where id = ? and done_at is null";
    tx.run(sql, (tx.now, error, id))?;
    Ok(())
}

/// Gives up all messages to a person who blocked the bot.
pub fn give_up_all(tx: &Tx<'_>, to: UserId, error: &str) -> Result<(), StoreError> {
    let sql = "update outbox set done_at = ?, error = ? where chat_id = ? and done_at is null";
    tx.run(sql, (tx.now, error, to))?;
    Ok(())
}

/// Says which message an anchor stands for.
pub fn anchor(tx: &Tx<'_>, chat: UserId, name: &str, at: MessageId) -> Result<(), StoreError> {
    tx.run(
        "insert into anchors (chat_id, name, message_id, updated_at) values (?1, ?2, ?3, ?4)
         on conflict do update set message_id = ?3, updated_at = ?4",
        (chat, name, at, tx.now),
    )?;
    Ok(())
}

/// The anchor that a message stands for.
pub(crate) fn anchor_of_message(
    view: &View<'_>,
    chat: UserId,
    message: MessageId,
) -> Result<Option<String>, StoreError> {
    let sql = "select name from anchors where chat_id = ? and message_id = ?
               order by updated_at desc limit 1";
    view.first(sql, (chat, message), |row| row.get(0))
}

/// Lets an anchor go: what it shows next is a new message.
pub fn clear_anchor(tx: &Tx<'_>, chat: UserId, name: &str) -> Result<(), StoreError> {
    tx.run("delete from anchors where chat_id = ? and name = ?", (chat, name))?;
    Ok(())
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

/// Lets at most so many anchors go that have not moved since `before`.
pub(crate) fn forget_anchors(
    tx: &Tx<'_>,
    before: Timestamp,
    most: u16,
) -> Result<usize, StoreError> {
    let sql = "delete from anchors where (chat_id, name) in
                   (select chat_id, name from anchors where updated_at < ? limit ?)";
    tx.run(sql, (before, most))
}
