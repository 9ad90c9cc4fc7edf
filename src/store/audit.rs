//! The invariants of money and videos, checked over the whole database.

use serde::Serialize;

use crate::store::error::StoreError;
use crate::store::tx::View;

/// What must hold in every committed state.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// Counts where it is broken.
    sql: &'static str,
}

/// Every invariant.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "balances",
        sentence: "each balance is the sum of its ledger and not below zero",
        sql: "select count(*) from users u
              where u.credits < 0 or u.credits <> (select coalesce(sum(amount), 0)
                                from credit_entries e where e.tg_user_id = u.tg_user_id)",
    },
    Invariant {
        name: "charges",
        sentence: "each order was charged once, for all its videos",
        sql: "select count(*) from orders o
              where not exists (select 1 from credit_entries e
                                where e.once = 'charge order ' || o.id and e.order_id = o.id
                                  and e.tg_user_id = o.tg_user_id
                                  and e.amount = -o.count * o.price)
                 or (select count(*) from generation_jobs j where j.order_id = o.id) <> o.count",
    },
    Invariant {
        name: "refunds",
        sentence: "each failed video was refunded once, and no other",
        sql: "select count(*) from generation_jobs j join orders o on o.id = j.order_id
              where (j.status = 'failed') <> exists (
                  select 1 from credit_entries e
                  where e.once = 'refund job ' || j.id and e.job_id = j.id
                    and e.tg_user_id = j.tg_user_id and e.amount = o.price)",
    },
    Invariant {
        name: "foreign entries",
        sentence: "each charge and refund belongs to an order or a job of that person",
        sql: "select count(*) from credit_entries e
              where (e.kind = 'charge' and e.once <> 'charge order ' || e.order_id)
                 or (e.kind = 'refund' and e.once <> 'refund job ' || e.job_id)",
    },
    Invariant {
        name: "deliveries",
        sentence: "each completed video was delivered, or waits for a person who left",
        sql: "select count(*) from generation_jobs
              where status = 'completed' and delivered_at is null and video_url is null",
    },
    Invariant {
        name: "claims",
        sentence: "no step runs without a claim, and no ended job is claimed",
        sql: "select count(*) from generation_jobs
              where (claimed_until is not null and step is null)
                 or (submitting_at is not null and claimed_until is null)",
    },
    Invariant {
        name: "closings",
        sentence: "each order whose videos have all ended is closed, and no other",
        sql: "select count(*) from orders o
              where (o.closed_at is not null) = exists (
                  select 1 from generation_jobs j
                  where j.order_id = o.id and j.status in ('queued', 'processing'))",
    },
    Invariant {
        name: "line",
        sentence: "nobody's videos wait without one of them standing in line",
        sql: "select count(distinct behind.tg_user_id) from generation_jobs behind
              where behind.status = 'queued' and behind.due_at is null
                and not exists (select 1 from generation_jobs ahead
                                where ahead.tg_user_id = behind.tg_user_id
                                  and ahead.status = 'queued' and ahead.due_at is not null)",
    },
];

/// What an invariant's check found.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The invariant.
    pub name: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// In how many places it is broken.
    pub broken: u32,
}

/// Checks every invariant.
pub fn check(view: &View<'_>) -> Result<Vec<Verdict>, StoreError> {
    INVARIANTS
        .iter()
        .map(|invariant| {
            let broken = view.one(invariant.sql, [], |row| row.get(0))?;
            Ok(Verdict { name: invariant.name, sentence: invariant.sentence, broken })
        })
        .collect()
}
