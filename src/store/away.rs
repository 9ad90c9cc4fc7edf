//! People who have blocked the bot, or were never there: what there is for them waits.

use std::time::Duration;

use crate::domain::{
    id::{OutboxId, UserId},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError, exports, jobs, send_queue::give_up, status_messages, tx::Tx,
};

/// How long news wait for a person who has blocked the bot.
pub(crate) const AWAY: Duration = Duration::from_hours(30 * 24);

/// How long news wait for a person whose account is deleted.
pub(crate) const GONE: Duration = Duration::from_hours(24);

/// Of so much news, the newest, a person is told who comes back.
const TOLD: usize = 5;

/// A person cannot be reached: news, and what they asked to have again, wait for them, for so long at most,
/// and the messages of their orders. What else there is for them is given up.
pub(crate) fn park(tx: &Tx<'_>, to: UserId, wait: Duration, why: &str) -> Result<(), StoreError> {
    let sql = "update outbox set parked_at = ?1, due_at = ?2
               where chat_id = ?3 and lane = 1 and done_at is null and parked_at is null";
    tx.run(sql, (tx.now, tx.now + wait, to))?;
    let sql = "update outbox set done_at = ?, error = ?
               where chat_id = ? and lane in (0, 2, 3) and done_at is null and parked_at is null";
    tx.run(sql, (tx.now, why, to))?;
    status_messages::park(tx, to)?;
    exports::park(tx, to, tx.now + wait)
}

/// A person is there: what waited for them is due.
pub(crate) fn unpark(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    jobs::unpark(tx, user)?;
    unpark_news(tx, user)?;
    status_messages::unpark(tx, user)?;
    exports::unpark(tx, user)
}

/// The newest of the news that waited for a person are due, the rest is given up.
fn unpark_news(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let sql = "select id from outbox where chat_id = ? and parked_at is not null
               order by created_at desc, id desc";
    let parked: Vec<OutboxId> = tx.all(sql, [user], |row| row.get(0))?;
    if parked.is_empty() {
        return Ok(());
    }
    let (told, rest) = parked.split_at(parked.len().min(TOLD));
    for id in told {
        let sql = "update outbox set parked_at = null, due_at = 0, tries = 0, created_at = ?
                   where id = ?";
        tx.run(sql, (tx.now, id))?;
    }
    for id in rest {
        give_up(tx, *id, "newer news came first")?;
    }
    tx.notify(Channel::Outbox);
    Ok(())
}

/// Gives up at most so many messages that have waited in vain until `before`.
pub(crate) fn give_up_parked(
    tx: &Tx<'_>,
    before: Timestamp,
    most: u16,
) -> Result<usize, StoreError> {
    let sql = "select id from outbox where parked_at is not null and due_at < ? limit ?";
    let late: Vec<OutboxId> = tx.all(sql, (before, most), |row| row.get(0))?;
    late.iter().try_for_each(|id| give_up(tx, *id, "the person did not come back"))?;
    Ok(late.len())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::{lane::Lane, notification::Notification, ports::Clock};
    use crate::store::{
        db::Db,
        outbox::{put_again, put_notification, put_screen},
        send_queue::due,
    };

    const ANN: UserId = UserId(7);

    struct Fixture {
        db: Db,
        clock: Arc<ManualClock>,
        _folder: tempfile::TempDir,
    }

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_764_000_000_000)));
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let db = Db::open(&folder.path().join("reelbot.db"), shared).unwrap();
        Fixture { db, clock, _folder: folder }
    }

    impl Fixture {
        fn news(&self, number: i64) {
            let news =
                Notification::CreditsGranted { amount: crate::domain::credits::Credits(number) };
            let once = format!("grant {number}");
            self.db.write(move |tx| put_notification(tx, ANN, &news, &once)).unwrap();
        }

        fn park(&self, wait: Duration) {
            self.db.write(move |tx| park(tx, ANN, wait, "away")).unwrap();
        }

        fn unpark(&self) {
            self.db.write(|tx| unpark(tx, ANN)).unwrap();
        }

        fn due(&self) -> usize {
            let now = self.clock.now();
            self.db.read(|view| due(view, now, 100)).unwrap().len()
        }

        fn count(&self, sql: &'static str) -> i64 {
            self.db.read(|view| view.one(sql, [], |row| row.get(0))).unwrap()
        }
    }

    #[test]
    fn news_wait_and_screens_do_not() {
        let fixture = fixture();
        for lane in Lane::ALL {
            fixture.db.write(move |tx| put_screen(tx, ANN, lane, "s", None)).unwrap();
        }
        fixture.park(AWAY);
        assert_eq!(fixture.due(), 0);
        assert_eq!(fixture.count("select count(*) from outbox where error = 'away'"), 3);
        fixture.clock.advance(Duration::from_hours(20 * 24));
        fixture.unpark();
        assert_eq!(fixture.due(), 1);
    }

    #[test]
    fn of_the_news_the_five_newest_are_told_the_newest_last() {
        let fixture = fixture();
        for number in 1..=8 {
            fixture.news(number);
            fixture.park(AWAY);
            fixture.clock.advance(Duration::from_secs(1));
        }
        fixture.unpark();
        let sql = "select group_concat(amount, ' ') from
                   (select json_extract(body, '$.amount') as amount from outbox
                    where done_at is null order by id)";
        let told: String = fixture.db.read(|view| view.one(sql, [], |row| row.get(0))).unwrap();
        assert_eq!(told, "4 5 6 7 8");
        fixture.unpark();
        assert_eq!(fixture.count("select count(*) from outbox where done_at is null"), 5);
    }

    #[test]
    fn news_do_not_wait_for_ever() {
        let fixture = fixture();
        for (wait, number) in [(AWAY, 1), (GONE, 2)] {
            fixture.news(number);
            fixture.park(wait);
            let left = |fixture: &Fixture| {
                let now = fixture.clock.now();
                fixture.db.write(move |tx| give_up_parked(tx, now, 10)).unwrap()
            };
            fixture.clock.advance(wait.saturating_sub(Duration::from_secs(1)));
            assert_eq!(left(&fixture), 0);
            fixture.clock.advance(Duration::from_secs(2));
            assert_eq!(left(&fixture), 1);
            fixture.unpark();
            assert_eq!(fixture.due(), 0);
        }
    }

    #[test]
    fn what_is_parked_is_tried_again_after_a_while_and_not_before() {
        let fixture = fixture();
        let alert = || {
            let retry = fixture.clock.now() - Duration::from_hours(1);
            let news = Notification::OrderHeld { order: None };
            fixture.db.write(move |tx| put_again(tx, ANN, &news, "alert", retry)).unwrap();
        };
        alert();
        fixture.park(AWAY);
        fixture.clock.advance(Duration::from_mins(59));
        alert();
        assert_eq!(fixture.due(), 0);
        fixture.clock.advance(Duration::from_mins(1));
        alert();
        assert_eq!(fixture.due(), 1);
    }
}
