//! Voice messages that are to be put into words.

use std::time::Duration;

use crate::domain::{
    awaited::Awaited,
    id::{DraftId, MessageId, OrderId, UserId},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// A voice message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Voice {
    /// Whose it is.
    pub user: UserId,
    /// The message.
    pub message: MessageId,
    /// The draft that it is about; none where something else was asked for.
    pub draft: Option<DraftId>,
    /// The order whose product it is about, with what it answers.
    pub order: Option<OrderId>,
    /// Whether it answers a message: it is about just that, whatever it names.
    pub is_answer: bool,
    /// What was asked for when it came.
    pub awaits: Option<Awaited>,
    /// With it the file can be fetched.
    pub file_id: String,
    /// A name for the file, with the ending of its format.
    pub name: String,
    /// How many tries were begun.
    pub tries: u32,
}

/// Keeps a voice message to be put into words, once.
pub(crate) fn keep(tx: &Tx<'_>, voice: &Voice) -> Result<(), StoreError> {
    let sql = "insert into voices (tg_user_id, message_id, draft_id, order_id, is_answer, awaits,
                   file_id, name, sent_at, next_at)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) on conflict do nothing";
    let Voice { user, message, draft, order, is_answer, awaits, file_id, name, .. } = voice;
    let awaits = awaits.map(|awaits| awaits.to_string());
    tx.notify(Channel::Voices);
    let values = (user, message, draft, order, is_answer, awaits, file_id, name, tx.now);
    tx.run(sql, values).map(drop)
}

/// How many a person has sent since then that were kept.
pub(crate) fn count_since(
    view: &View<'_>,
    user: UserId,
    since: Timestamp,
) -> Result<u32, StoreError> {
    let sql = "select count(*) from voices where tg_user_id = ? and sent_at > ?";
    view.one(sql, (user, since), |row| row.get(0))
}

/// At most so many that are due, the longest due first.
pub(crate) fn due(view: &View<'_>, now: Timestamp, limit: u32) -> Result<Vec<Voice>, StoreError> {
    let sql = "select tg_user_id, message_id, draft_id, file_id, name, tries, awaits, order_id,
                      is_answer
               from voices where next_at is not null and next_at <= ? order by next_at limit ?";
    view.all(sql, (now, limit), |row| {
        let awaits: Option<String> = row.get(6)?;
        Ok(Voice {
            user: row.get(0)?,
            message: row.get(1)?,
            draft: row.get(2)?,
            order: row.get(7)?,
            is_answer: row.get(8)?,
            awaits: awaits.and_then(|awaits| Awaited::parse(&awaits)),
            file_id: row.get(3)?,
            name: row.get(4)?,
            tries: row.get(5)?,
        })
    })
}

/// Counts a try before it is made: what kills the process counts as well.
pub(crate) fn count_try(tx: &Tx<'_>, voice: &Voice) -> Result<(), StoreError> {
    let sql = "update voices set tries = tries + 1 where tg_user_id = ? and message_id = ?";
    tx.run(sql, (voice.user, voice.message)).map(drop)
}

/// Tries again after a while.
pub(crate) fn put_off(tx: &Tx<'_>, voice: &Voice, wait: Duration) -> Result<(), StoreError> {
    let sql = "update voices set next_at = ?
               where tg_user_id = ? and message_id = ? and next_at is not null";
    tx.run(sql, (tx.now + wait, voice.user, voice.message)).map(drop)
}

/// Lets none wait longer than until `latest`.
pub(crate) fn cap_next_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    let sql = "update voices set next_at = ?1 where next_at is not null and next_at > ?1";
    tx.run(sql, [latest]).map(drop)
}

/// Notes that nothing more is to be done with it; `false` when that was noted before.
pub(crate) fn finish(tx: &Tx<'_>, voice: &Voice) -> Result<bool, StoreError> {
    let sql = "update voices set next_at = null
               where tg_user_id = ? and message_id = ? and next_at is not null";
    Ok(tx.run(sql, (voice.user, voice.message))? == 1)
}

/// Forgets at most so many that came before `before` and are done.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from voices where (tg_user_id, message_id) in
                   (select tg_user_id, message_id from voices
                    where sent_at < ? and next_at is null limit ?)";
    tx.run(sql, (before, most))
}
