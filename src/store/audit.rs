//! The invariants of money and videos, checked over the whole database.

use serde::Serialize;

use crate::domain::{
    id::{JobId, UserId},
    rfc3339,
    time::Timestamp,
};
use crate::store::{error::StoreError, submit_queue::STRANDED, tx::View};

/// What must hold in every committed state.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// Its name.
    pub name: &'static str,
    /// The table whose rows it is about.
    table: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// Selects where it is broken.
    sql: &'static str,
}

/// Every invariant.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "balances",
        table: "users",
        sentence: "each balance is the sum of its ledger and not below zero",
        sql: "select 1 from users u
              where u.credits < 0 or u.credits <> (select coalesce(sum(amount), 0)
                                from credit_entries e where e.tg_user_id = u.tg_user_id)",
    },
    Invariant {
        name: "charges",
        table: "orders",
        sentence: "each order was charged once, for all its videos",
        sql: "select 1 from orders o
              where not exists (select 1 from credit_entries e
                                where e.once = 'charge order ' || o.id and e.order_id = o.id
                                  and e.tg_user_id = o.tg_user_id
                                  and e.amount = -o.count * o.price)
                 or (select count(*) from generation_jobs j where j.order_id = o.id) <> o.count",
    },
    Invariant {
        name: "refunds",
        table: "generation_jobs",
        sentence: "each failed video was refunded once, and no other",
        sql: "select 1 from generation_jobs j join orders o on o.id = j.order_id
              where (j.status = 'failed') <> exists (
                  select 1 from credit_entries e
                  where e.once = 'refund job ' || j.id and e.job_id = j.id
                    and e.tg_user_id = j.tg_user_id and e.amount = o.price)",
    },
    Invariant {
        name: "cancellations",
        table: "generation_jobs",
        sentence: "each video that was called off had nothing submitted, and needs nothing more",
        sql: "select 1 from generation_jobs
              where failure_kind = 'cancelled'
                and (status <> 'failed' or step is not null or task_id is not null
                     or lost_submissions > 0 or delivered_at is not null)",
    },
    Invariant {
        name: "statuses",
        table: "status_messages",
        sentence: "each message with the standing of orders has its last words to say once all are closed",
        sql: "select 1 from status_messages s
              where s.final = exists (
                  select 1 from orders o
                  where (o.id = s.order_id or o.lead_id = s.order_id) and o.closed_at is null)
                 or exists (select 1 from orders o where o.id = s.order_id and o.lead_id is not null)",
    },
    Invariant {
        name: "series",
        table: "orders",
        sentence: "the orders that were placed together are one person's, of one series and of one time",
        sql: "select 1 from orders o left join orders l on l.id = o.lead_id
              where (o.batch_id is null) <> (o.place is null)
                 or (o.lead_id is not null
                     and (l.id is null or l.id >= o.id or l.lead_id is not null
                          or l.tg_user_id <> o.tg_user_id or l.batch_id is not o.batch_id
                          or l.created_at <> o.created_at))
                 or (o.batch_id is not null
                     and not exists (select 1 from batches b
                                     where b.id = o.batch_id and b.tg_user_id = o.tg_user_id
                                       and b.is_ordered = 1))",
    },
    Invariant {
        name: "foreign entries",
        table: "credit_entries",
        sentence: "each charge and refund belongs to an order or a job of that person",
        sql: "select 1 from credit_entries e
              where (e.kind = 'charge' and e.once <> 'charge order ' || e.order_id)
                 or (e.kind = 'refund' and e.once <> 'refund job ' || e.job_id)",
    },
    Invariant {
        name: "kinds",
        table: "credit_entries",
        sentence: "each entry has the sign of its kind, and names just what its kind refers to",
        sql: "select 1 from credit_entries e left join entry_kinds k on k.kind = e.kind
              where k.kind is null or (e.amount > 0) <> (k.sign > 0)
                 or (e.order_id is not null) <> (k.refers is 'order')
                 or (e.job_id is not null) <> (k.refers is 'job')
                 or (e.payment_id is not null) <> (k.refers is 'payment')
                 or (e.promo_code is not null) <> (k.refers is 'promo')
                 or (e.invited_id is not null) <> (k.refers is 'invited')",
    },
    Invariant {
        name: "deliveries",
        table: "generation_jobs",
        sentence: "each completed video was delivered, or sent and never confirmed",
        sql: "select 1 from generation_jobs
              where status = 'completed' and delivered_at is null and video_url is null",
    },
    Invariant {
        name: "claims",
        table: "generation_jobs",
        sentence: "no step runs without a claim, and no job without a next step is claimed",
        sql: "select 1 from generation_jobs
              where (claimed_until is not null and step is null)
                 or (submitting_at is not null and claimed_until is null)",
    },
    Invariant {
        name: "closings",
        table: "orders",
        sentence: "each order whose videos have all ended is closed, and no other",
        sql: "select 1 from orders o
              where (o.closed_at is not null) = exists (
                  select 1 from generation_jobs j
                  where j.order_id = o.id and j.status in ('queued', 'processing'))",
    },
    Invariant {
        name: "queue",
        table: "users",
        sentence: "nobody's videos wait without one of them in the submit queue",
        sql: STRANDED,
    },
    Invariant {
        name: "payments",
        table: "inbox",
        sentence: "each payment that Telegram told of was handled",
        sql: "select 1 from inbox where handled_at is null and due_at is not null",
    },
    Invariant {
        name: "waits",
        table: "users",
        sentence: "videos, what was asked for again, and what orders have to say wait for who is away \
                   alone, and a month at most",
        sql: "select 1 from (select tg_user_id as person, parked_at from exports
                             union all select chat_id, parked_at from status_messages
                             union all select tg_user_id, parked_at from generation_jobs
                                       where step is 'deliver' and claimed_until is null) w
              left join users u on u.tg_user_id = w.person
              where w.parked_at is not null
                and (u.blocked_at is null or w.parked_at < :now - 31 * 86400000)",
    },
    Invariant {
        name: "endings",
        table: "generation_jobs",
        sentence: "no video is open, or watched, for longer than anything can take",
        sql: OVERDUE,
    },
];

/// What has passed its bound, by the time that takes the place of `:now`: a render three days, a
/// delivery eleven (its person may be away for ten), a watch four, and anything else two weeks.
const OVERDUE: &str = "select 1 from generation_jobs
     where step is not null and (
         (step = 'poll' and status = 'processing' and submitted_at < :now - 3 * 86400000)
         or (step = 'deliver' and rendered_at < :now - 11 * 86400000)
         or (step = 'poll' and status = 'failed' and finished_at < :now - 4 * 86400000)
         or created_at < :now - 14 * 86400000)";

/// What an invariant's check found.
#[derive(Clone, Debug, Serialize)]
pub struct InvariantCheck {
    /// The invariant.
    pub name: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// How many rows were looked at.
    pub checked: u32,
    /// In how many places it is broken.
    pub broken: u32,
}

/// A submission whose answer was lost: KIE may have made a video of it that
/// nobody asked for again.
#[derive(Clone, Debug, Serialize)]
pub struct Orphan {
    /// When the request was sent.
    #[serde(serialize_with = "rfc3339::serialize")]
    pub sent_at: Timestamp,
    /// The job.
    pub job: JobId,
    /// The label of the key.
    pub key: Option<String>,
    /// The model's slug.
    pub model: String,
    /// What was known of the loss.
    pub reason: String,
}

/// Checks every invariant, as of `now`.
pub fn check(view: &View<'_>, now: Timestamp) -> Result<Vec<InvariantCheck>, StoreError> {
    INVARIANTS
        .iter()
        .map(|invariant| {
            let count = format!("select count(*) from {}", invariant.table);
            let checked = view.one(&count, [], |row| row.get(0))?;
            let sql = invariant.sql.replace(":now", &now.0.to_string());
            let broken = format!("select count(*) from ({sql})");
            let broken = view.one(&broken, [], |row| row.get(0))?;
            Ok(InvariantCheck {
                name: invariant.name,
                sentence: invariant.sentence,
                checked,
                broken,
            })
        })
        .collect()
}

/// The possible orphans at KIE, newest first: to be compared with KIE's own log.
pub fn orphans(view: &View<'_>) -> Result<Vec<Orphan>, StoreError> {
    let sql = "select l.sent_at, l.job_id, k.label, l.model, l.reason
               from lost_submissions l left join kie_keys k on k.id = l.key_id
               order by l.id desc";
    view.all(sql, [], |row| {
        Ok(Orphan {
            sent_at: row.get(0)?,
            job: row.get(1)?,
            key: row.get(2)?,
            model: row.get(3)?,
            reason: row.get(4)?,
        })
    })
}

/// A video that was sent several times while no answer came: the person most likely has it.
#[derive(Clone, Debug, Serialize)]
pub struct Unconfirmed {
    /// The job.
    pub job: JobId,
    /// The person.
    pub user: UserId,
    /// When it was given up.
    #[serde(serialize_with = "rfc3339::serialize")]
    pub finished_at: Timestamp,
    /// What was known of it.
    pub reason: String,
}

/// The deliveries that were never confirmed, newest first.
pub fn unconfirmed(view: &View<'_>) -> Result<Vec<Unconfirmed>, StoreError> {
    let sql = "select id, tg_user_id, finished_at, error_message from generation_jobs
               where unconfirmed > 0 and step is null and delivered_at is null
                 and finished_at is not null and error_message is not null
               order by id desc";
    view.all(sql, [], |row| {
        Ok(Unconfirmed {
            job: row.get(0)?,
            user: row.get(1)?,
            finished_at: row.get(2)?,
            reason: row.get(3)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::store::health::Health;
    use rusqlite::Connection;

    use super::*;
    use crate::domain::user::Language;

    /// One person with one order of two videos, of which one failed and came back.
    const SOUND: &str = "
        insert into users (tg_user_id, created_at) values (1, 0);
        insert into credit_entries (tg_user_id, amount, kind, once, created_at)
            values (1, 5, 'grant', 'grant a', 0);
        insert into photos (tg_user_id, file_id) values (1, 'f');
        insert into drafts (tg_user_id, photo_id, updated_at) values (1, 1, 0);
        insert into orders (tg_user_id, draft_id, revision, photo_id, prompt, count, price, created_at,
                closed_at)
            values (1, 1, 1, 1, 'p', 2, 1, 0, 9);
        insert into credit_entries (tg_user_id, amount, kind, once, order_id, created_at)
            values (1, -2, 'charge', 'charge order 1', 1, 0);
        insert into generation_jobs (order_id, tg_user_id, number, model, status, task_id,
                submitted_at, video_url, delivered_at, finished_at, failure_kind, created_at)
            values (1, 1, 1, 'm', 'completed', 't', 1, 'u', 8, 8, null, 0),
                   (1, 1, 2, 'm', 'failed', null, null, null, null, 9, 'unknown', 0);
        insert into credit_entries (tg_user_id, amount, kind, once, job_id, created_at)
            values (1, 1, 'refund', 'refund job 2', 2, 0);";

    /// Each invariant's name, and each way to break it. The schema's checks forbid some
    /// of them; an audit trusts nobody.
    const BREAKAGES: &[(&str, &str)] = &[
        ("balances", "update users set credits = credits + 1"),
        ("balances", "update users set credits = credits - 9"),
        ("charges", "update orders set price = 2"),
        (
            "charges",
            "insert into generation_jobs (order_id, tg_user_id, number, model, status, video_url,
                 finished_at, created_at)
             values (1, 1, 3, 'm', 'completed', 'u', 8, 0)",
        ),
        ("refunds", "update generation_jobs set status = 'failed', failure_kind = 'unknown'"),
        (
            "refunds",
            "insert into credit_entries (tg_user_id, amount, kind, once, job_id, created_at)
             values (1, 1, 'refund', 'refund job 1', 1, 0)",
        ),
        (
            "cancellations",
            "update generation_jobs set failure_kind = 'cancelled', task_id = 't2', submitted_at = 1
             where number = 2",
        ),
        (
            "cancellations",
            "update generation_jobs set failure_kind = 'cancelled', lost_submissions = 1
             where number = 2",
        ),
        ("cancellations", "update generation_jobs set failure_kind = 'cancelled'"),
        (
            "statuses",
            "insert into status_messages (order_id, chat_id, anchor, shown, ready_at)
             values (1, 1, 'script 1:1', 0, 0)",
        ),
        (
            "statuses",
            "insert into status_messages (order_id, chat_id, anchor, shown, ready_at, final)
             values (1, 1, 'script 1:1', 0, 0, 1);
             update orders set closed_at = null",
        ),
        (
            "statuses",
            "insert into orders (tg_user_id, draft_id, revision, photo_id, prompt, count, price,
                 lead_id, created_at) values (1, 2, 1, 1, 'p', 1, 1, 1, 0);
             insert into status_messages (order_id, chat_id, anchor, shown, ready_at, final)
             values (1, 1, 'orders 1', 0, 0, 1)",
        ),
        (
            "statuses",
            "insert into orders (tg_user_id, draft_id, revision, photo_id, prompt, count, price,
                 lead_id, created_at, closed_at) values (1, 2, 1, 1, 'p', 1, 1, 1, 0, 9);
             insert into status_messages (order_id, chat_id, anchor, shown, ready_at, final)
             values (2, 1, 'orders 2', 0, 0, 1)",
        ),
        ("series", "update orders set batch_id = 7"),
        ("series", "update orders set batch_id = 7, place = 1"),
        ("series", "update orders set lead_id = 1"),
        ("series", "update orders set lead_id = 99"),
        (
            "series",
            "insert into batches (id, tg_user_id, album_id, products, is_ordered, created_at)
             values (7, 1, 1, 2, 0, 0);
             update orders set batch_id = 7, place = 1",
        ),
        (
            "foreign entries",
            "insert into credit_entries (tg_user_id, amount, kind, once, job_id, created_at)
             values (1, 1, 'refund', 'refund job 2 again', 2, 0)",
        ),
        (
            "foreign entries",
            "insert into credit_entries (tg_user_id, amount, kind, once, order_id, created_at)
             values (1, -1, 'charge', 'charge order 1 again', 1, 0)",
        ),
        (
            "kinds",
            "drop trigger credit_entries_are_of_their_kind;
             insert into credit_entries (tg_user_id, amount, kind, once, created_at)
             values (1, -1, 'grant', 'grant b', 0)",
        ),
        (
            "kinds",
            "drop trigger credit_entries_are_of_their_kind;
             insert into credit_entries (tg_user_id, amount, kind, once, job_id, created_at)
             values (1, 1, 'grant', 'grant b', 2, 0)",
        ),
        (
            "kinds",
            "drop trigger credit_entries_are_of_their_kind;
             insert into credit_entries (tg_user_id, amount, kind, once, created_at)
             values (1, 1, 'purchase', 'purchase st', 0)",
        ),
        (
            "kinds",
            "pragma foreign_keys = off; drop trigger credit_entries_are_of_their_kind;
             insert into credit_entries (tg_user_id, amount, kind, once, created_at)
             values (1, 1, 'gift', 'gift a', 0)",
        ),
        (
            "deliveries",
            "update generation_jobs set delivered_at = null, video_url = null where number = 1",
        ),
        ("claims", "update generation_jobs set submitting_at = 5 where number = 2"),
        ("claims", "update generation_jobs set claimed_until = 5 where number = 2"),
        ("closings", "update orders set closed_at = null"),
        (
            "closings",
            "update generation_jobs set status = 'queued', step = 'submit', due_at = 0,
                 task_id = null, submitted_at = null, finished_at = null where number = 1",
        ),
        (
            "payments",
            "insert into inbox (update_id, body, tries, due_at) values (7, '{}', 1, 60000)",
        ),
        (
            "waits",
            "insert into exports (tg_user_id, what, due_at, created_at, parked_at)
             values (1, 'video 1', 99, 0, 9)",
        ),
        (
            "waits",
            "insert into status_messages (order_id, chat_id, anchor, shown, ready_at, final, parked_at)
             values (1, 1, 'script 1:1', 0, 0, 1, 9)",
        ),
        (
            "waits",
            "update users set blocked_at = 9;
             insert into exports (tg_user_id, what, due_at, created_at, parked_at)
             values (1, 'video 1', 99, 0, -2419200000)",
        ),
        (
            "waits",
            "update generation_jobs set status = 'processing', step = 'deliver', task_id = 't9', due_at = 99,
                 submitted_at = 1, video_url = 'v', finished_at = null, failure_kind = null,
                 parked_at = 9 where number = 2",
        ),
        (
            "endings",
            "update generation_jobs set status = 'processing', step = 'poll', task_id = 't9',
                 submitted_at = 1, finished_at = null, failure_kind = null where number = 2",
        ),
        (
            "queue",
            "insert into generation_jobs (order_id, tg_user_id, number, model, status, step,
                 created_at) values (1, 1, 3, 'm', 'queued', 'submit', 0)",
        ),
    ];

    /// Four days after the rows of the tests.
    const NOW: Timestamp = Timestamp(4 * 86_400_000);

    fn broken(breakage: &str) -> Vec<&'static str> {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(crate::store::schema::SCHEMA).unwrap();
        connection.execute_batch(SOUND).unwrap();
        connection.execute_batch("pragma ignore_check_constraints = on").unwrap();
        connection.execute_batch(breakage).unwrap();
        let verdicts =
            check(&View::new(&connection, &Health::default(), Language::default()), NOW).unwrap();
        verdicts.iter().filter(|verdict| verdict.broken > 0).map(|verdict| verdict.name).collect()
    }

    #[test]
    fn a_sound_database_keeps_every_invariant() {
        assert_eq!(broken(""), [""; 0]);
    }

    #[test]
    fn each_invariant_is_red_when_it_is_broken_on_purpose() {
        for invariant in INVARIANTS {
            assert!(BREAKAGES.iter().any(|(name, _)| *name == invariant.name), "{invariant:?}");
        }
        for (name, breakage) in BREAKAGES {
            let red = broken(breakage);
            assert!(red.contains(name), "{name} is not among {red:?} after {breakage}");
        }
    }
}
