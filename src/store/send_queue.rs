//! The messages of the outbox that wait: which may be sent now, and what became of it.

use crate::domain::{
    id::{MessageId, OutboxId, UserId},
    lane::Lane,
    time::Timestamp,
    user::Language,
};
use crate::store::{
    anchors,
    codec::language,
    error::StoreError,
    outbox::Kind,
    tx::{Tx, View},
};

/// A message that waits to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// The row.
    pub id: OutboxId,
    /// To whom.
    pub to: UserId,
    /// Its lane.
    pub lane: Lane,
    /// The person's language.
    pub language: Language,
    /// Whether the person wants quiet hours; `None`: as the operator decided.
    pub quiet: Option<bool>,
    /// Whether the person has blocked the bot.
    pub is_blocked: bool,
    /// What kind of thing the body is.
    pub kind: Kind,
    /// The screen or the notification, as JSON.
    pub body: String,
    /// The name of the message it shows itself in.
    pub anchor: Option<String>,
    /// The generation of that anchor for which it was put here.
    pub generation: i64,
    /// That message, if there is one: it is edited.
    pub edits: Option<MessageId>,
    /// How often there was more to say since it was put here.
    pub version: i64,
    /// How often sending it has failed.
    pub tries: u32,
    /// When it was put here.
    pub created_at: Timestamp,
}

/// What may be sent now, the lanes one after the other: of each chat the oldest message of a lane, if
/// that one is due, and at most so many of each lane. One that is held back, and was never tried, is
/// passed by. Answers and news are one line in a chat: the
/// older of both comes, and with an answer behind it as early as the answer.
pub fn due(view: &View<'_>, now: Timestamp, limit: u32) -> Result<Vec<Message>, StoreError> {
    let mut found: Vec<Message> = Vec::new();
    for lane in Lane::ALL {
        let heads = heads(view, lane, now, limit)?;
        let is_there = |message: &Message| {
            let same =
                |other: &Message| other.to == message.to && lane.keeps_order_with(other.lane);
            lane == Lane::News && found.iter().any(same)
        };
        let new: Vec<Message> = heads.into_iter().filter(|message| !is_there(message)).collect();
        found.extend(new);
    }
    Ok(found)
}

/// The heads of a lane that are due, the longest due first; instead of an answer the news before it.
fn heads(
    view: &View<'_>,
    lane: Lane,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Message>, StoreError> {
    let sql = "select m.id, m.chat_id, m.lane, u.language, u.language_code, u.blocked_at is not null,
                      m.kind, m.body, m.anchor, m.generation, a.message_id, m.version, m.tries,
                      m.created_at, u.quiet
               from (select o.id as head, o.due_at as since,
                            (select n.id from outbox n
                             where ?1 = 0 and n.chat_id = o.chat_id and n.lane = 1
                               and n.done_at is null and n.parked_at is null
                             order by n.id limit 1) as news
                     from outbox o
                     where o.lane = ?1 and o.due_at <= ?2
                       and o.done_at is null and o.parked_at is null
                       and o.id = (select min(first.id) from outbox first
                                   where first.chat_id = o.chat_id and first.lane = ?1
                                     and first.done_at is null and first.parked_at is null
                                     and (first.due_at <= ?2 or first.tries > 0))
                     order by o.due_at, o.id limit ?3)
               join outbox m on m.id = iif(
                   news < head and (select n.due_at from outbox n where n.id = news) <= ?2, news, head)
               left join anchors a on a.chat_id = m.chat_id and a.name = m.anchor
                   and a.generation = m.generation
               left join users u on u.tg_user_id = m.chat_id
               order by since, head";
    view.all(sql, (lane, now, limit), |row| {
        let is_notification = row.get_ref(6)?.as_str()? == Kind::Notification.word();
        Ok(Message {
            id: row.get(0)?,
            to: row.get(1)?,
            lane: row.get(2)?,
            language: language(row, 3, view.fallback)?,
            quiet: row.get(14)?,
            is_blocked: row.get(5)?,
            kind: if is_notification { Kind::Notification } else { Kind::Screen },
            body: row.get(7)?,
            anchor: row.get(8)?,
            generation: row.get(9)?,
            edits: row.get(10)?,
            version: row.get(11)?,
            tries: row.get(12)?,
            created_at: row.get(13)?,
        })
    })
}

/// When the next message becomes due that cannot be sent now. A message behind
/// another one of its lane and chat waits for that one, whatever its own time; one that is held back
/// waits for itself alone.
pub fn next_due(view: &View<'_>, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let sql = "select o.due_at from outbox o
               where o.lane = ?1 and o.due_at > ?2 and o.done_at is null and o.parked_at is null
                 and (o.tries = 0 or o.id = (select min(first.id) from outbox first
                             where first.chat_id = o.chat_id and first.lane = ?1
                               and first.done_at is null and first.parked_at is null))
               order by o.due_at limit 1";
    let mut next = None;
    for lane in Lane::ALL {
        let first = view.first(sql, (lane, now), |row| row.get(0))?;
        next = [next, first].into_iter().flatten().min();
    }
    Ok(next)
}

/// Notes that a message was sent, and which message shows it now. Where there is more to say since
/// it was read, it goes on waiting.
pub fn mark_sent(
    tx: &Tx<'_>,
    message: &Message,
    shown_in: Option<MessageId>,
) -> Result<(), StoreError> {
    tx.run(
        "update outbox set done_at = ?, parked_at = null
         where id = ? and version = ? and done_at is null",
        (tx.now, message.id, message.version),
    )?;
    if let (Some(name), Some(shown_in)) = (&message.anchor, shown_in) {
        anchors::show(tx, message.to, name, message.generation, shown_in)?;
    }
    Ok(())
}

/// Puts a message off.
pub fn put_off(tx: &Tx<'_>, id: OutboxId, until: Timestamp) -> Result<(), StoreError> {
    let sql = "update outbox set due_at = ?, tries = tries + 1
               where id = ? and done_at is null and parked_at is null";
    tx.run(sql, (until, id))?;
    Ok(())
}

/// Lets nothing wait longer than until `latest`, except for a person who is away.
pub fn cap_due_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    for lane in Lane::ALL {
        let sql = "update outbox set due_at = ?1
                   where lane = ?2 and due_at > ?1 and done_at is null and parked_at is null";
        tx.run(sql, (latest, lane))?;
    }
    Ok(())
}

/// Gives a message up.
pub fn give_up(tx: &Tx<'_>, id: OutboxId, error: &str) -> Result<(), StoreError> {
    let sql = "update outbox set done_at = ?, error = ?, parked_at = null
               where id = ? and done_at is null";
    tx.run(sql, (tx.now, error, id))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::{notification::Notification, ports::Clock};
    use crate::store::{
        db::Db,
        outbox::{hold_back, put_again, put_hint, put_notification, put_screen, put_subject},
    };

    const ANN: UserId = UserId(7);
    const BEN: UserId = UserId(8);
    const START: Timestamp = Timestamp(1_764_000_000_000);

    struct Fixture {
        db: Db,
        clock: Arc<ManualClock>,
        _folder: tempfile::TempDir,
    }

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let db = Db::open(&folder.path().join("reelbot.db"), shared).unwrap();
        Fixture { db, clock, _folder: folder }
    }

    impl Fixture {
        fn put(&self, to: UserId, lane: Lane, body: &'static str, anchor: Option<&'static str>) {
            self.db.write(move |tx| put_screen(tx, to, lane, body, anchor)).unwrap();
        }

        fn hint(&self, to: UserId, body: &'static str) {
            self.db.write(move |tx| put_hint(tx, to, body)).unwrap();
        }

        fn news(&self, to: UserId, name: &'static str) {
            let news = Notification::OrderHeld { order: None };
            self.db.write(move |tx| put_notification(tx, to, &news, name)).unwrap();
        }

        fn due(&self) -> Vec<Message> {
            let now = self.clock.now();
            self.db.read(|view| due(view, now, 100)).unwrap()
        }

        /// The bodies of what is due, in the order of service.
        fn bodies(&self) -> Vec<String> {
            self.due().into_iter().map(|message| message.body).collect()
        }

        fn next(&self) -> Option<u64> {
            let now = self.clock.now();
            let next = self.db.read(|view| next_due(view, now)).unwrap();
            next.map(|next| next.since(now).as_secs())
        }

        fn put_off(&self, message: &Message, seconds: u64) {
            let (id, until) = (message.id, self.clock.now() + Duration::from_secs(seconds));
            self.db.write(move |tx| put_off(tx, id, until)).unwrap();
        }

        fn sent(&self, message: &Message, shown_in: i64) {
            let message = message.clone();
            self.db.write(move |tx| mark_sent(tx, &message, Some(MessageId(shown_in)))).unwrap();
        }

        /// Sends all that is due, and returns it in that order.
        fn all(&self) -> Vec<String> {
            let mut all = Vec::new();
            while let Some(first) = self.due().first().cloned() {
                self.sent(&first, 1);
                all.push(first.body);
            }
            all
        }
    }

    #[test]
    fn the_lanes_are_served_one_after_the_other() {
        let fixture = fixture();
        let lanes = [Lane::Broadcast, Lane::Status, Lane::News, Lane::Answers];
        for (lane, (chat, body)) in lanes.into_iter().zip([(1, "b"), (2, "s"), (3, "n"), (4, "a")])
        {
            fixture.put(UserId(chat), lane, body, None);
        }
        assert_eq!(fixture.bodies(), ["a", "n", "s", "b"]);
    }

    #[test]
    fn what_is_not_due_holds_up_its_own_lane_of_its_own_chat() {
        for (waits, first) in Lane::ALL.into_iter().zip(["a", "n", "s", "b"]) {
            let fixture = fixture();
            fixture.put(ANN, waits, first, None);
            let held = fixture.due().remove(0);
            for (lane, body) in Lane::ALL.into_iter().zip(["a2", "n2", "s2", "b2"]) {
                fixture.put(ANN, lane, body, None);
            }
            fixture.put(BEN, waits, "ben", None);
            fixture.put_off(&held, 10);
            let all = fixture.all();
            assert_eq!(fixture.next(), Some(10));
            let second = format!("{first}2");
            let mut others = ["a2", "n2", "s2", "b2", "ben"].map(str::to_owned).to_vec();
            others.retain(|body| *body != second);
            assert_eq!(all.len(), others.len(), "{all:?}");
            assert!(others.iter().all(|body| all.contains(body)), "{all:?}");
            fixture.clock.advance(Duration::from_secs(10));
            assert_eq!(fixture.all(), [first.to_owned(), second]);
        }
    }

    #[test]
    fn answers_and_news_of_a_chat_keep_their_order() {
        let fixture = fixture();
        fixture.put(ANN, Lane::News, "n1", None);
        fixture.put(ANN, Lane::Answers, "a1", None);
        fixture.put(ANN, Lane::News, "n2", None);
        fixture.put(BEN, Lane::News, "ben", None);
        fixture.put(ANN, Lane::Answers, "a2", None);
        // With answers behind them, the news come as early as the answers.
        assert_eq!(fixture.bodies(), ["n1", "ben"]);
        assert_eq!(fixture.all(), ["n1", "a1", "n2", "a2", "ben"]);
    }

    #[test]
    fn news_that_are_not_due_let_the_answers_pass() {
        let fixture = fixture();
        fixture.put(ANN, Lane::News, "n", None);
        fixture.put_off(&fixture.due()[0], 10);
        fixture.put(ANN, Lane::Answers, "a", None);
        assert_eq!(fixture.all(), ["a"]);
        fixture.clock.advance(Duration::from_secs(10));
        assert_eq!(fixture.all(), ["n"]);
    }

    #[test]
    fn a_new_answer_brings_along_what_was_put_off_before_it() {
        let fixture = fixture();
        fixture.put(ANN, Lane::Answers, "a1", None);
        fixture.put_off(&fixture.due()[0], 300);
        assert_eq!(fixture.bodies(), Vec::<String>::new());
        fixture.put(ANN, Lane::Answers, "a2", None);
        assert_eq!(fixture.all(), ["a1", "a2"]);
    }

    #[test]
    fn what_is_held_back_is_passed_by_and_comes_when_its_time_is_there() {
        let fixture = fixture();
        fixture.put(ANN, Lane::Answers, "held", Some("album 1"));
        let until = fixture.clock.now() + Duration::from_secs(2);
        fixture.db.write(move |tx| hold_back(tx, ANN, "album 1", until)).unwrap();
        fixture.put(ANN, Lane::Answers, "a", None);
        fixture.put(ANN, Lane::News, "n", None);
        assert_eq!(fixture.all(), ["a", "n"]);
        assert_eq!(fixture.next(), Some(2));
        fixture.clock.advance(Duration::from_secs(2));
        fixture.put(ANN, Lane::Answers, "a2", None);
        assert_eq!(fixture.all(), ["held", "a2"]);
    }

    #[test]
    fn a_hint_replaces_the_hint_that_waits_and_comes_in_a_new_message() {
        let fixture = fixture();
        fixture.hint(ANN, "h1");
        fixture.sent(&fixture.due()[0], 11);
        fixture.hint(ANN, "h2");
        fixture.put(ANN, Lane::Answers, "a", None);
        fixture.hint(ANN, "h3");
        fixture.hint(BEN, "ben");
        let edits: Vec<_> = fixture.due().into_iter().map(|message| message.edits).collect();
        assert_eq!(edits, [None, None]);
        assert_eq!(fixture.all(), ["a", "h3", "ben"]);
    }

    #[test]
    fn where_much_waits_there_are_no_hints() {
        let fixture = fixture();
        (0..19).for_each(|_| fixture.put(ANN, Lane::Answers, "a", None));
        fixture.hint(ANN, "h1");
        fixture.hint(ANN, "h2");
        fixture.hint(BEN, "ben");
        assert_eq!(fixture.all().iter().filter(|body| body.starts_with('h')).count(), 1);
        (0..20).for_each(|_| fixture.put(ANN, Lane::Answers, "a", None));
        fixture.hint(ANN, "h3");
        assert!(!fixture.all().contains(&"h3".to_owned()));
    }

    #[test]
    fn more_to_say_while_it_is_sent_is_said_in_the_same_message() {
        let fixture = fixture();
        let tell = || {
            let news = Notification::OrderHeld { order: None };
            fixture.db.write(move |tx| put_subject(tx, ANN, &news, "order 1")).unwrap();
        };
        tell();
        tell();
        let first = fixture.due();
        assert_eq!(first.len(), 1, "what waits says it all");
        tell();
        fixture.sent(&first[0], 11);
        let again = fixture.due();
        assert_eq!((again.len(), again[0].edits), (1, Some(MessageId(11))));
        fixture.sent(&again[0], 11);
        assert_eq!(fixture.bodies(), Vec::<String>::new());
        tell();
        assert_eq!(fixture.due()[0].edits, Some(MessageId(11)), "what was sent is edited");
    }

    #[test]
    fn what_may_come_again_waits_once_and_comes_anew() {
        let fixture = fixture();
        let tell = || {
            let now = fixture.clock.now();
            let news = Notification::OrderHeld { order: None };
            fixture.db.write(move |tx| put_again(tx, ANN, &news, "alert", now)).unwrap();
        };
        tell();
        tell();
        let first = fixture.due();
        tell();
        fixture.sent(&first[0], 11);
        assert_eq!((first.len(), fixture.due().len()), (1, 0));
        tell();
        assert_eq!(fixture.due()[0].edits, None);
    }

    #[test]
    fn what_is_sent_late_does_not_take_a_newer_messages_place() {
        let fixture = fixture();
        let next = |body| {
            fixture.put(ANN, Lane::Answers, body, Some("draft 1"));
            fixture.due().remove(0)
        };
        fixture.sent(&next("a"), 11);
        let late = next("b");
        assert_eq!(late.edits, Some(MessageId(11)));
        fixture.db.write(|tx| anchors::clear(tx, ANN, "draft 1")).unwrap();
        fixture.put(ANN, Lane::Answers, "c", Some("draft 1"));
        fixture.sent(&late, 11);
        let below = fixture.due().remove(0);
        assert_eq!((below.body.as_str(), below.edits), ("c", None));
        fixture.sent(&below, 12);
        let late = next("d");
        fixture.db.write(|tx| anchors::stand_for(tx, ANN, "draft 1", MessageId(5))).unwrap();
        fixture.sent(&late, 12);
        assert_eq!(next("e").edits, Some(MessageId(5)));
        // The same message again is no newer one: a slow edit of it still counts.
        let late = next("f");
        fixture.db.write(|tx| anchors::stand_for(tx, ANN, "draft 1", MessageId(5))).unwrap();
        fixture.sent(&late, 13);
        assert_eq!(next("g").edits, Some(MessageId(13)));
    }

    #[test]
    fn of_two_messages_below_each_other_the_later_one_is_the_anchors() {
        let fixture = fixture();
        let below = |body| {
            fixture.db.write(|tx| anchors::clear(tx, ANN, "draft 1")).unwrap();
            fixture.put(ANN, Lane::Answers, body, Some("draft 1"));
            fixture.due().remove(0)
        };
        let (first, second) = (below("a"), below("b"));
        fixture.sent(&second, 12);
        fixture.sent(&first, 11);
        fixture.put(ANN, Lane::Answers, "c", Some("draft 1"));
        assert_eq!(fixture.due()[0].edits, Some(MessageId(12)));
    }

    #[test]
    fn the_looks_for_what_is_due_are_seeks() {
        let fixture = fixture();
        for chat in 0..300 {
            fixture.put(UserId(chat), Lane::Answers, "a", None);
            fixture.put(UserId(chat), Lane::Answers, "b", None);
            fixture.put(UserId(chat), Lane::Broadcast, "c", None);
        }
        // Asked in a write, a statement that looks through a table panics.
        let now = fixture.clock.now();
        let found = fixture.db.write(move |tx| {
            cap_due_at(tx, now)?;
            next_due(tx, now)?;
            due(tx, now, 100)
        });
        let lanes: Vec<_> = found.unwrap().into_iter().map(|message| message.lane).collect();
        assert_eq!(lanes, [[Lane::Answers; 100], [Lane::Broadcast; 100]].concat());
    }

    #[test]
    fn news_of_a_command_whose_clock_is_ahead_are_due() {
        let fixture = fixture();
        fixture.clock.advance(Duration::from_hours(1));
        fixture.news(ANN, "grant 1");
        let due = fixture.db.read(|view| due(view, START, 100)).unwrap();
        assert_eq!(due[0].lane, Lane::News);
    }
}
