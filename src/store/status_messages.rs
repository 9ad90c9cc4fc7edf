//! The messages that say how orders stand while their videos are made: which is to be looked at next.

use std::time::Duration;

use crate::domain::{
    credits::Credits,
    id::{JobId, MessageId, OrderId, UserId},
    time::Timestamp,
    user::Language,
};
use crate::service::notify::Channel;
use crate::store::{
    codec::language,
    error::StoreError,
    tx::{Tx, View},
};

/// The shortest time between two edits of a message.
pub(crate) const BETWEEN_EDITS: Duration = Duration::from_secs(4);

/// A message that may have more to say than it shows.
#[derive(Clone, Debug)]
pub(crate) struct StatusMessage {
    /// The order that it is about; the first of those that one tap has placed.
    pub order: OrderId,
    /// Whose that is.
    pub to: UserId,
    /// The message; none where another took its place, or nobody knows it any more.
    pub message: Option<MessageId>,
    /// The person's language.
    pub language: Language,
    /// Whether they have blocked the bot.
    pub is_blocked: bool,
    /// What they have.
    pub balance: Credits,
    /// A fingerprint of what it shows.
    pub shown: i64,
    /// How often there was more to say when it was read.
    pub version: i64,
    /// Since when its last words are to be said: all of it has closed.
    pub final_at: Option<Timestamp>,
}

/// What becomes of a message that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looked {
    /// It shows what there is to say.
    Same,
    /// It was edited, and has this fingerprint now.
    Edited(i64),
    /// It cannot be edited before then.
    NotBefore(Timestamp),
}

/// The message of an anchor says from now on how an order stands. It is just about to show what has
/// this fingerprint.
pub(crate) fn begin(
    tx: &Tx<'_>,
    order: OrderId,
    to: UserId,
    anchor: &str,
    shown: i64,
) -> Result<(), StoreError> {
    let ready = tx.now + BETWEEN_EDITS;
    tx.run(
        "insert into status_messages (order_id, chat_id, anchor, shown, ready_at, next_at)
         values (?1, ?2, ?3, ?4, ?5, ?5)",
        (order, to, anchor, shown, ready),
    )?;
    tx.notify(Channel::Outbox);
    Ok(())
}

/// Whether there is a message that says how an order stands, or is just about to: its person reads what
/// there is to say.
pub(crate) fn is_read(view: &View<'_>, order: OrderId) -> Result<bool, StoreError> {
    let sql = "select 1 from status_messages s
               join users u on u.tg_user_id = s.chat_id
               left join anchors a on a.chat_id = s.chat_id and a.name = s.anchor
               where s.order_id = (select coalesce(lead_id, id) from orders where id = ?)
                 and u.blocked_at is null
                 and (a.message_id is not null
                      or exists (select 1 from outbox w
                                 where w.chat_id = s.chat_id and w.anchor = s.anchor
                                   and w.done_at is null))";
    Ok(view.first(sql, [order], |_| Ok(()))?.is_some())
}

/// A job has moved: its order's message may have more to say.
pub(crate) fn touch(tx: &Tx<'_>, job: JobId) -> Result<(), StoreError> {
    let sql = "update status_messages set version = version + 1,
                   next_at = min(coalesce(next_at, ready_at), max(?2, ready_at))
               where order_id = (select coalesce(o.lead_id, o.id) from generation_jobs j
                                 join orders o on o.id = j.order_id where j.id = ?1)";
    if tx.run(sql, (job, tx.now))? > 0 {
        tx.notify(Channel::Outbox);
    }
    Ok(())
}

/// The order has closed: its message has its last words to say, unless others that were placed with it
/// have not.
pub(crate) fn close(tx: &Tx<'_>, order: OrderId) -> Result<(), StoreError> {
    let sql = "update status_messages set final = 1, final_at = ?2, version = version + 1,
                   next_at = max(?2, ready_at)
               where order_id = (select coalesce(lead_id, id) from orders where id = ?1)
                 and not exists (select 1 from orders o
                                 where (o.id = status_messages.order_id
                                        or o.lead_id = status_messages.order_id)
                                   and o.closed_at is null)";
    if tx.run(sql, (order, tx.now))? > 0 {
        tx.notify(Channel::Outbox);
    }
    Ok(())
}

/// At most so many messages that are to be looked at: the last words of closed orders first, then what
/// has waited longest. One that is still to be sent is not among them.
pub(crate) fn due(
    view: &View<'_>,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<StatusMessage>, StoreError> {
    let sql = "select s.order_id, s.chat_id, a.message_id, u.language, u.language_code,
                      u.blocked_at is not null, u.credits, s.shown, s.version, s.final_at
               from status_messages s
               join users u on u.tg_user_id = s.chat_id
               left join anchors a on a.chat_id = s.chat_id and a.name = s.anchor
               where s.final = ?1 and s.next_at <= ?2
                 and not exists (select 1 from outbox w
                                 where w.chat_id = s.chat_id and w.anchor = s.anchor
                                   and w.done_at is null and w.parked_at is null)
               order by s.next_at limit ?3";
    let mut found = Vec::new();
    for is_final in [true, false] {
        let left = i64::try_from(limit.saturating_sub(found.len())).unwrap_or(i64::MAX);
        found.extend(view.all(sql, (is_final, now, left), |row| {
            Ok(StatusMessage {
                order: row.get(0)?,
                to: row.get(1)?,
                message: row.get(2)?,
                language: language(row, 3, view.fallback)?,
                is_blocked: row.get(5)?,
                balance: row.get(6)?,
                shown: row.get(7)?,
                version: row.get(8)?,
                final_at: row.get(9)?,
            })
        })?);
    }
    Ok(found)
}

/// When the next message is to be looked at.
pub(crate) fn next_due(view: &View<'_>) -> Result<Option<Timestamp>, StoreError> {
    let sql = "select next_at from status_messages where final = ? and next_at is not null
               order by next_at limit 1";
    let mut next = None;
    for is_final in [true, false] {
        let first: Option<Timestamp> = view.first(sql, [is_final], |row| row.get(0))?;
        next = [next, first].into_iter().flatten().min();
    }
    Ok(next)
}

/// Notes how a look went, and when the next one is due by itself. Where there is more to say since it was
/// read, the next one comes as soon as it may.
pub(crate) fn record(
    tx: &Tx<'_>,
    message: &StatusMessage,
    looked: Looked,
    next: Option<Timestamp>,
) -> Result<(), StoreError> {
    let (shown, ready) = match looked {
        Looked::Same => (message.shown, Timestamp(0)),
        Looked::Edited(shown) => (shown, tx.now + BETWEEN_EDITS),
        Looked::NotBefore(time) => (message.shown, time),
    };
    let is_last = message.final_at.is_some() && !matches!(looked, Looked::NotBefore(_));
    if is_last {
        return end(tx, message.order);
    }
    let sql = "update status_messages set shown = ?2, ready_at = max(ready_at, ?3),
                   next_at = iif(version = ?4, max(?5, ?3), max(ready_at, ?3))
               where order_id = ?1";
    tx.run(sql, (message.order, shown, ready, message.version, next))?;
    Ok(())
}

/// The messages of a person who cannot be reached wait for them.
pub(crate) fn park(tx: &Tx<'_>, to: UserId) -> Result<(), StoreError> {
    let sql = "update status_messages set parked_at = coalesce(parked_at, ?), next_at = null
               where chat_id = ?";
    tx.run(sql, (tx.now, to)).map(drop)
}

/// A person is there: their messages say how it stands. What they show is not certain, for the answer
/// that would have shown it may not have reached them.
pub(crate) fn unpark(tx: &Tx<'_>, to: UserId) -> Result<(), StoreError> {
    let sql = "update status_messages set parked_at = null, shown = 0, version = version + 1,
                   final_at = iif(final, ?1, null), next_at = max(?1, ready_at)
               where chat_id = ?2 and parked_at is not null";
    if tx.run(sql, (tx.now, to))? > 0 {
        tx.notify(Channel::Outbox);
    }
    Ok(())
}

/// Gives up at most so many messages whose people have been away since `before`.
pub(crate) fn give_up_parked(
    tx: &Tx<'_>,
    before: Timestamp,
    most: u16,
) -> Result<usize, StoreError> {
    let sql = "delete from status_messages where order_id in
                   (select order_id from status_messages where parked_at < ? limit ?)";
    tx.run(sql, (before, most))
}

/// There is nothing more to say, or nowhere.
pub(crate) fn end(tx: &Tx<'_>, order: OrderId) -> Result<(), StoreError> {
    tx.run("delete from status_messages where order_id = ?", [order]).map(drop)
}

/// Lets none wait longer than until `latest`, where it waits for a time.
pub(crate) fn cap_next_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    let sql = "update status_messages set next_at = min(next_at, ?1), ready_at = min(ready_at, ?1)
               where next_at > ?1 or ready_at > ?1";
    tx.run(sql, [latest]).map(drop)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::ports::Clock;
    use crate::store::db::Db;

    const START: Timestamp = Timestamp(1_764_000_000_000);

    struct Fixture {
        db: Db,
        clock: Arc<ManualClock>,
        _folder: tempfile::TempDir,
    }

    /// Two people with an order and a job each, whose messages say so.
    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let db = Db::open(&folder.path().join("reelbot.db"), shared).unwrap();
        for n in [1, 2] {
            db.write(move |tx| {
                tx.run("insert into users (tg_user_id, created_at) values (?, 0)", [n])?;
                tx.run("insert into photos (id, tg_user_id, file_id) values (?1, ?1, 'f')", [n])?;
                let order = "insert into orders (id, tg_user_id, draft_id, revision, photo_id, prompt,
                                 count, price, created_at) values (?1, ?1, ?1, 1, ?1, 'p', 1, 1, 0)";
                tx.run(order, [n])?;
                let job = "insert into generation_jobs (id, order_id, tg_user_id, number, model,
                               status, step, created_at)
                           values (?1, ?1, ?1, 1, 'm', 'queued', 'submit', 0)";
                tx.run(job, [n])?;
                begin(tx, OrderId(n), UserId(n), &format!("script {n}:1"), 7)
            })
            .unwrap();
        }
        Fixture { db, clock, _folder: folder }
    }

    impl Fixture {
        fn due(&self) -> Vec<StatusMessage> {
            let now = self.clock.now();
            self.db.read(|view| due(view, now, 10)).unwrap()
        }

        fn orders(&self) -> Vec<i64> {
            self.due().iter().map(|message| message.order.0).collect()
        }

        fn passes(&self, seconds: u64) {
            self.clock.advance(Duration::from_secs(seconds));
        }

        fn touch(&self, job: i64) {
            self.db.write(move |tx| touch(tx, JobId(job))).unwrap();
        }

        fn record(&self, message: &StatusMessage, looked: Looked, next: Option<u64>) {
            let (message, now) = (message.clone(), self.clock.now());
            let next = next.map(|seconds| now + Duration::from_secs(seconds));
            self.db.write(move |tx| record(tx, &message, looked, next)).unwrap();
        }
    }

    #[test]
    fn a_move_brings_the_next_look_forward_but_no_edit_within_four_seconds() {
        let fixture = fixture();
        fixture.touch(1);
        assert_eq!(fixture.orders(), [0; 0]);
        fixture.passes(4);
        assert_eq!(fixture.orders(), [1, 2]);
        for message in fixture.due() {
            fixture.record(&message, Looked::Edited(8), Some(300));
        }
        fixture.touch(2);
        assert_eq!(fixture.orders(), [0; 0]);
        fixture.passes(4);
        assert_eq!(fixture.orders(), [2]);
        fixture.passes(296);
        assert_eq!(fixture.orders(), [2, 1], "what has waited longest goes first");
    }

    #[test]
    fn what_moves_while_it_is_edited_is_looked_at_again() {
        let fixture = fixture();
        fixture.passes(4);
        let read = fixture.due();
        fixture.touch(1);
        for message in &read {
            fixture.record(message, Looked::Edited(8), None);
        }
        fixture.passes(4);
        assert_eq!(fixture.orders(), [1]);
        assert_eq!(fixture.db.read(next_due).unwrap(), Some(fixture.clock.now()));
        fixture.record(&fixture.due()[0], Looked::Same, None);
        assert_eq!((fixture.orders(), fixture.db.read(next_due).unwrap()), (Vec::new(), None));
    }

    #[test]
    fn orders_that_were_placed_together_have_one_message_until_the_last_is_closed() {
        let fixture = fixture();
        let close = |order: i64| {
            let close = move |tx: &Tx<'_>| {
                tx.run("update orders set closed_at = ? where id = ?", (tx.now, order))?;
                close(tx, OrderId(order))
            };
            fixture.db.write(close).unwrap();
        };
        let join = |tx: &Tx<'_>| {
            end(tx, OrderId(2))?;
            tx.run("update orders set tg_user_id = 1, lead_id = 1 where id = 2", ()).map(drop)
        };
        fixture.db.write(join).unwrap();
        fixture.passes(4);
        let read = fixture.due().remove(0);
        fixture.record(&read, Looked::Same, None);
        fixture.touch(2);
        assert_eq!(fixture.orders(), [1], "a move of any of them");
        close(2);
        assert_eq!(fixture.due()[0].final_at, None);
        fixture.passes(60);
        close(1);
        assert_eq!(fixture.due()[0].final_at, Some(fixture.clock.now()));
    }

    #[test]
    fn the_last_words_go_first_and_are_the_last_also_after_a_wait() {
        let fixture = fixture();
        fixture.passes(4);
        let close = |tx: &Tx<'_>| {
            tx.run("update orders set closed_at = ? where id = 2", [tx.now])?;
            close(tx, OrderId(2))
        };
        fixture.db.write(close).unwrap();
        assert_eq!(fixture.orders(), [2, 1]);
        let last = fixture.due().remove(0);
        let until = fixture.clock.now() + Duration::from_mins(1);
        fixture.record(&last, Looked::NotBefore(until), Some(60));
        fixture.touch(2);
        fixture.passes(59);
        assert_eq!(fixture.orders(), [1]);
        fixture.passes(1);
        let last = fixture.due().remove(0);
        fixture.record(&last, Looked::Edited(9), None);
        assert_eq!(fixture.orders(), [1]);
    }
}
