//! How an order stands, for telling it.

use std::time::Duration;

use rusqlite::Row;

use crate::domain::{
    failure::FailureKind,
    id::OrderId,
    job::{Status, Step},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::View,
    wait::{Flow, median_render, videos_ahead},
};

/// A render takes long when it takes so many times the usual.
const LONG: u32 = 2;

/// Why videos take longer than they should. What holds up the others the most comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// Telegram does not take a video that is there.
    Sending,
    /// A render takes long.
    Slow,
    /// An attempt failed, and another follows.
    Retry,
    /// KIE refuses more for now.
    Busy,
    /// No model is up.
    Held,
}

/// How an order stands, with those that were placed with it, or several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Videos that were ordered.
    pub count: u32,
    /// Those that have arrived.
    pub delivered: u32,
    /// Those that have failed.
    pub failed: u32,
    /// Those that were called off.
    pub cancelled: u32,
    /// Those that wait to be submitted.
    pub waiting: u32,
    /// Of these, what can be called off.
    pub cancellable: u32,
    /// Those that have a task or a video.
    pub filming: u32,
    /// What holds them up the most.
    pub trouble: Option<Trouble>,
    /// How many other videos the first that waits has to wait for.
    pub ahead: Option<u32>,
    /// How long the last may still take.
    pub wait: Option<Duration>,
    /// After how long there is something else to say by the clock alone.
    pub changes_in: Option<Duration>,
}

impl Standing {
    /// How an order stands now with those that the same tap has placed, the first of which it is, where
    /// the queue moves so.
    pub(crate) fn of(
        view: &View<'_>,
        lead: OrderId,
        flow: &Flow,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let sql =
            "select status, step, failure_kind, claimed_until is null and submitting_at is null,
                          lost_submissions, fence, attempt, held_since is not null,
                          rate_limited_since is not null, submitted_at, model, deliveries, order_id
                   from generation_jobs
                   where order_id in (select id from orders where id = ?1 or lead_id = ?1)
                   order by order_id, number";
        let jobs = view.all(sql, [lead], job)?;
        let mut standing = Self::default();
        let (mut waits, mut fresh, mut next) = (Vec::new(), 0, None);
        for job in &jobs {
            standing.count += 1;
            match (job.status, job.step) {
                (Status::Completed, _) => standing.delivered += 1,
                (Status::Failed, _) if job.failure == Some(FailureKind::Cancelled) => {
                    standing.cancelled += 1;
                }
                (Status::Failed, _) => standing.failed += 1,
                (Status::Queued, _) => {
                    standing.waiting += 1;
                    standing.cancellable += u32::from(job.is_untouched && job.lost == 0);
                    standing.note(job.trouble());
                    // One that was claimed before goes first, and so needs only its render.
                    if job.fence == 0 {
                        fresh += 1;
                        next = next.or(Some(job.order));
                    }
                    waits.push(flow.render.filter(|_| !job.is_held));
                }
                (Status::Processing, Some(Step::Poll)) => {
                    standing.filming += 1;
                    let usual = median_render(view, &job.model, now)?;
                    let run = now.since(job.submitted_at.unwrap_or(now));
                    waits.push(usual.and_then(|usual| usual.checked_sub(run)));
                    standing.render_under_way(usual, run);
                }
                (Status::Processing, _) => {
                    standing.filming += 1;
                    standing.note((job.deliveries > 0).then_some(Trouble::Sending));
                    waits.push(Some(Duration::ZERO).filter(|_| job.deliveries == 0));
                }
            }
        }
        if let Some(next) = next.filter(|_| standing.trouble != Some(Trouble::Held)) {
            let ahead = videos_ahead(view, next)?;
            standing.ahead = Some(ahead).filter(|ahead| flow.is_full_for(*ahead));
            waits.push(flow.wait_for(ahead + fresh));
        }
        standing.wait = waits.into_iter().collect::<Option<Vec<_>>>().and_then(longest);
        Ok(standing)
    }

    fn note(&mut self, trouble: Option<Trouble>) {
        self.trouble = self.trouble.max(trouble);
    }

    /// A render that has run so long: when its usual time is over there is no wait to be told, and later
    /// it takes long.
    fn render_under_way(&mut self, usual: Option<Duration>, run: Duration) {
        let Some(usual) = usual else { return };
        let next = [usual, usual * LONG].into_iter().find(|end| run < *end);
        match next {
            Some(end) => {
                let left = end.saturating_sub(run);
                self.changes_in = Some(self.changes_in.map_or(left, |before| before.min(left)));
            }
            None => self.note(Some(Trouble::Slow)),
        }
    }

    /// Both together.
    pub(crate) fn and(self, other: &Self) -> Self {
        let both = |one: Option<Duration>, other: Option<Duration>| Some(one?.max(other?));
        Self {
            count: self.count + other.count,
            delivered: self.delivered + other.delivered,
            failed: self.failed + other.failed,
            cancelled: self.cancelled + other.cancelled,
            waiting: self.waiting + other.waiting,
            cancellable: self.cancellable + other.cancellable,
            filming: self.filming + other.filming,
            trouble: self.trouble.max(other.trouble),
            ahead: [self.ahead, other.ahead].into_iter().flatten().min(),
            wait: both(self.wait, other.wait),
            changes_in: [self.changes_in, other.changes_in].into_iter().flatten().min(),
        }
    }
}

/// The longest of some waits that is worth a word.
fn longest(waits: Vec<Duration>) -> Option<Duration> {
    waits.into_iter().max().filter(|wait| !wait.is_zero())
}

/// What is read of a job.
struct Job {
    status: Status,
    step: Option<Step>,
    failure: Option<FailureKind>,
    is_untouched: bool,
    lost: u32,
    fence: i64,
    attempt: u32,
    is_held: bool,
    is_rate_limited: bool,
    submitted_at: Option<Timestamp>,
    model: String,
    deliveries: u32,
    order: OrderId,
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        status: row.get(0)?,
        step: row.get(1)?,
        failure: row.get(2)?,
        is_untouched: row.get(3)?,
        lost: row.get(4)?,
        fence: row.get(5)?,
        attempt: row.get(6)?,
        is_held: row.get(7)?,
        is_rate_limited: row.get(8)?,
        submitted_at: row.get(9)?,
        model: row.get(10)?,
        deliveries: row.get(11)?,
        order: row.get(12)?,
    })
}

impl Job {
    /// Why it waits longer than its place in the queue would make it.
    fn trouble(&self) -> Option<Trouble> {
        if self.is_held {
            Some(Trouble::Held)
        } else if self.is_rate_limited {
            Some(Trouble::Busy)
        } else {
            (self.attempt > 1).then_some(Trouble::Retry)
        }
    }
}
