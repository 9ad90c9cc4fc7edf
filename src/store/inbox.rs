//! Telegram updates, stored before they are confirmed to Telegram.

use rusqlite::Row;

use crate::domain::{
    id::{InboxId, UserId},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Whose an update is that is nobody's.
const NOBODY: UserId = UserId(0);

/// An update that waits to be handled.
#[derive(Clone, Debug)]
pub struct PendingUpdate {
    /// Its place in the order of arrival.
    pub id: InboxId,
    /// The update as Telegram sent it, JSON.
    pub body: String,
    /// How often handling it has failed.
    pub tries: u32,
}

/// Stores a person's update, or one that is nobody's; one that is already known is left alone.
pub fn add(
    tx: &Tx<'_>,
    update_id: i64,
    person: Option<UserId>,
    body: &str,
) -> Result<bool, StoreError> {
    tx.notify(Channel::Inbox);
    if insert(tx, update_id, person, body)? {
        return Ok(true);
    }
    // Telegram begins anew with its numbers after a week of silence, and what is put off may be
    // older than that: it makes way.
    let sql = "update inbox set update_id = -id
               where update_id = ? and body <> ? and due_at is not null";
    Ok(tx.run(sql, (update_id, body))? == 1 && insert(tx, update_id, person, body)?)
}

fn insert(
    tx: &Tx<'_>,
    update_id: i64,
    person: Option<UserId>,
    body: &str,
) -> Result<bool, StoreError> {
    let sql = "insert into inbox (update_id, tg_user_id, body) values (?, ?, ?)
               on conflict (update_id) do nothing";
    Ok(tx.run(sql, (update_id, person.unwrap_or(NOBODY), body))? == 1)
}

/// The updates that wait and are not put off, in the order of arrival.
pub fn waiting(
    view: &View<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<PendingUpdate>, StoreError> {
    let sql = "select id, body, tries from inbox
               where handled_at is null and (due_at is null or due_at <= ?) order by id limit ?";
    view.all(sql, (now, limit), pending)
}

fn pending(row: &Row<'_>) -> rusqlite::Result<PendingUpdate> {
    Ok(PendingUpdate { id: row.get(0)?, body: row.get(1)?, tries: row.get(2)? })
}

/// Updates that wait and are not put off, in the order of arrival: of those `people` whose oldest one
/// has waited longest the oldest `each`. So a flood of one person's holds up nobody else for long.
pub fn waiting_of_each(
    view: &View<'_>,
    now: Timestamp,
    people: u32,
    each: u32,
) -> Result<Vec<PendingUpdate>, StoreError> {
    let sql = "with recursive person (id) as (
                   select min(tg_user_id) from inbox where handled_at is null
                   union all
                   select (select min(tg_user_id) from inbox
                           where handled_at is null and tg_user_id > person.id)
                   from person where person.id is not null),
               oldest (id, first) as materialized (
                   select person.id, (select i.id from inbox i
                                      where i.handled_at is null and i.tg_user_id = person.id
                                        and (i.due_at is null or i.due_at <= ?1)
                                      order by i.id limit 1) as first
                   from person where person.id is not null and first is not null
                   order by first limit ?2)
               select i.id, i.body, i.tries from oldest join inbox i on i.id in (
                   select next.id from inbox next
                   where next.handled_at is null and next.tg_user_id = oldest.id
                     and (next.due_at is null or next.due_at <= ?1)
                   order by next.id limit ?3)
               order by i.id";
    view.all(sql, (now, people, each), pending)
}

/// Marks an update as handled, in the transaction of the action it caused;
/// `false` when it already was.
pub fn mark_handled(tx: &Tx<'_>, id: InboxId) -> Result<bool, StoreError> {
    let sql = "update inbox set handled_at = ? where id = ? and handled_at is null";
    Ok(tx.run(sql, (tx.now, id))? == 1)
}

/// Counts a failure to handle an update.
pub fn mark_failed(tx: &Tx<'_>, id: InboxId) -> Result<(), StoreError> {
    tx.run("update inbox set tries = tries + 1 where id = ?", [id])?;
    Ok(())
}

/// Counts a failure, and puts the update off: it waits for nobody, and nobody waits for it.
pub fn put_off(tx: &Tx<'_>, id: InboxId, until: Timestamp) -> Result<(), StoreError> {
    let sql = "update inbox set tries = tries + 1, due_at = ? where id = ?";
    tx.run(sql, (until, id))?;
    Ok(())
}

/// Forgets at most so many of what was handled before `before`. Telegram may use an update id
/// again after a week of silence, so old ones must not stay.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from inbox where id in (select id from inbox
                   where handled_at is not null and handled_at < ? limit ?)";
    tx.run(sql, (before, most))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use super::*;
    use crate::clock::SystemClock;
    use crate::store::db::Db;

    /// Whose updates were read, and how many of each, after these people's came in this order.
    fn read(arrived: &[i64], people: u32, each: u32) -> BTreeMap<i64, usize> {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("reelbot.db"), Arc::new(SystemClock)).unwrap();
        let arrived = arrived.to_vec();
        db.write(move |tx| {
            for (number, person) in (1..).zip(&arrived) {
                let whose = (*person > 0).then_some(UserId(*person));
                add(tx, number, whose, &person.to_string())?;
            }
            Ok(())
        })
        .unwrap();
        let now = db.clock.now();
        let read = db.read(|view| waiting_of_each(view, now, people, each)).unwrap();
        assert!(read.windows(2).all(|two| two[0].id < two[1].id), "in the order of arrival");
        let mut counts = BTreeMap::new();
        for update in read {
            *counts.entry(update.body.parse().unwrap()).or_default() += 1;
        }
        counts
    }

    #[test]
    fn a_flood_of_one_persons_leaves_room_for_others() {
        let flood = [vec![7; 3000], vec![8, 9, 8]].concat();
        assert_eq!(read(&flood, 10, 8), BTreeMap::from([(7, 8), (8, 2), (9, 1)]));
        assert_eq!(read(&[], 10, 8), BTreeMap::new());
        assert_eq!(read(&[0, 0, 5], 10, 1), BTreeMap::from([(0, 1), (5, 1)]));
    }

    #[test]
    fn whoever_has_waited_longest_comes_first() {
        assert_eq!(read(&[9, 1, 5, 9, 9], 2, 8), BTreeMap::from([(9, 3), (1, 1)]));
    }
}
