//! Anchors: which message shows what, so that it can be edited later. Whatever takes another message
//! into its place begins a new generation, and what is sent late for an older one changes nothing.

use crate::domain::{
    id::{MessageId, UserId},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// The generation of an anchor that has had no other message, or is no longer known.
const FIRST: i64 = 0;

/// The generation that an anchor is in.
pub(crate) fn generation(
    view: &View<'_>,
    chat: UserId,
    name: Option<&str>,
) -> Result<i64, StoreError> {
    let sql = "select generation from anchors where chat_id = ? and name = ?";
    Ok(view.first(sql, (chat, name), |row| row.get(0))?.unwrap_or(FIRST))
}

/// The message that an anchor stands for.
pub(crate) fn message(
    view: &View<'_>,
    chat: UserId,
    name: &str,
) -> Result<Option<MessageId>, StoreError> {
    let sql = "select message_id from anchors where chat_id = ? and name = ?";
    Ok(view.first(sql, (chat, name), |row| row.get(0))?.flatten())
}

/// When an anchor last moved to another message, or showed something in one.
pub(crate) fn moved_at(
    view: &View<'_>,
    chat: UserId,
    name: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = "select updated_at from anchors where chat_id = ? and name = ?";
    view.first(sql, (chat, name), |row| row.get(0))
}

/// The anchor that a message stands for.
pub(crate) fn of_message(
    view: &View<'_>,
    chat: UserId,
    message: MessageId,
) -> Result<Option<String>, StoreError> {
    let sql = "select name from anchors where chat_id = ? and message_id = ?
               order by updated_at desc limit 1";
    view.first(sql, (chat, message), |row| row.get(0))
}

/// Says which message an anchor stands for from now on; no other does any longer.
pub(crate) fn stand_for(
    tx: &Tx<'_>,
    chat: UserId,
    name: &str,
    message: MessageId,
) -> Result<(), StoreError> {
    // What another anchor shows next would take the place of what this one shows.
    let sql = "update anchors set generation = generation + 1, message_id = null
               where chat_id = ? and message_id = ? and name <> ?";
    tx.run(sql, (chat, message, name))?;
    begin(tx, chat, name, Some(message))
}

/// Lets an anchor go: what it shows next is a new message.
pub(crate) fn clear(tx: &Tx<'_>, chat: UserId, name: &str) -> Result<(), StoreError> {
    begin(tx, chat, name, None)
}

fn begin(
    tx: &Tx<'_>,
    chat: UserId,
    name: &str,
    message: Option<MessageId>,
) -> Result<(), StoreError> {
    tx.run(
        "insert into anchors (chat_id, name, generation, message_id, updated_at)
         values (?1, ?2, ?3 + 1, ?4, ?5)
         on conflict do update set generation = generation + (message_id is null or message_id is not ?4),
             message_id = ?4, updated_at = ?5",
        (chat, name, FIRST, message, tx.now),
    )?;
    Ok(())
}

/// Notes which message shows what an anchor of that generation had to show, unless the anchor has
/// moved on since.
pub(crate) fn show(
    tx: &Tx<'_>,
    chat: UserId,
    name: &str,
    generation: i64,
    message: MessageId,
) -> Result<(), StoreError> {
    tx.run(
        "insert into anchors (chat_id, name, generation, message_id, updated_at)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict do update set message_id = ?4, updated_at = ?5 where generation = ?3",
        (chat, name, generation, message, tx.now),
    )?;
    Ok(())
}

/// Forgets at most so many anchors that have not moved since `before`, but for those of orders that may
/// have more to say.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from anchors where (chat_id, name) in
                   (select a.chat_id, a.name from anchors a
                    where a.updated_at < ?
                      and not exists (select 1 from status_messages s
                                      where s.chat_id = a.chat_id and s.anchor = a.name)
                    limit ?)";
    tx.run(sql, (before, most))
}
