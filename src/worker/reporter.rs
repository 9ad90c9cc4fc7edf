//! What a run reports of itself: how much there is to do, what operators did, a summary a minute
//! while there is work, and that its database can be written.

use std::time::{Duration, Instant};

use jiff::civil::Date;

use crate::domain::job::Status;
use crate::service::{business::Tally, pulse::Beat, vitals::Work};
use crate::store::{admin_log, error::StoreError, load};
use crate::worker::context::WorkerContext;

/// The time between two summaries.
const SUMMARY: Duration = Duration::from_mins(1);

/// After how long without a commit the run makes one.
const PROOF: Duration = Duration::from_secs(45);

/// What was reported last.
pub(crate) struct Reporter {
    /// The newest line of the operators' log that was seen.
    acts: Option<i64>,
    today: Option<Date>,
    /// The videos of the day that the run's own tally lacks; below zero on the days after its first.
    videos_before: i64,
    summed_up: (Instant, Tally),
}

impl Default for Reporter {
    fn default() -> Self {
        let summed_up = (Instant::now(), Tally::default());
        Self { acts: None, today: None, videos_before: 0, summed_up }
    }
}

impl Reporter {
    /// Looks, and reports what is new.
    pub(crate) fn look(&mut self, context: &WorkerContext) -> Result<(), StoreError> {
        let pulse = &context.db.pulse;
        if pulse.is_failing() || pulse.since(Beat::Commit).is_none_or(|since| since >= PROOF) {
            context.db.write(load::prove_writable)?;
        }
        let tally = pulse.business.tally();
        let work = self.work(context, tally)?;
        pulse.note_work(work);
        self.sum_up(work, tally);
        self.log_acts(context)
    }

    fn work(&mut self, context: &WorkerContext, tally: Tally) -> Result<Work, StoreError> {
        let (now, zone) = (context.db.clock.now(), &context.settings().timezone);
        let today = zone.date(now);
        let is_new_day = self.today != today;
        let (jobs, delivered) = context.db.read(|view| {
            let midnight = is_new_day.then(|| zone.midnight(now));
            let delivered = midnight.map(|time| load::videos_since(view, time)).transpose()?;
            Ok((load::open_jobs(view)?, delivered))
        })?;
        if let Some(delivered) = delivered {
            self.videos_before = i64::from(delivered) - i64::from(tally.delivered);
            self.today = today;
        }
        let count =
            |status| jobs.iter().filter(move |jobs| jobs.status == status).map(|jobs| jobs.count);
        Ok(Work {
            queued: count(Status::Queued).sum(),
            running: count(Status::Processing).sum(),
            videos_today: u32::try_from(self.videos_before + i64::from(tally.delivered))
                .unwrap_or(0),
        })
    }

    /// A line a minute, where something was done or is to be done.
    fn sum_up(&mut self, work: Work, tally: Tally) {
        let (at, before) = self.summed_up;
        if at.elapsed() < SUMMARY {
            return;
        }
        self.summed_up = (Instant::now(), tally);
        let Work { queued, running, videos_today } = work;
        if tally == before && queued + running == 0 {
            return;
        }
        tracing::info!(
            orders = tally.orders - before.orders,
            delivered = tally.delivered - before.delivered,
            failed = tally.failed - before.failed,
            cancelled = tally.cancelled - before.cancelled,
            queued,
            running,
            videos_today,
            "the last minute"
        );
    }

    /// A line for each thing that operators did since the last look.
    fn log_acts(&mut self, context: &WorkerContext) -> Result<(), StoreError> {
        let Some(seen) = self.acts else {
            self.acts = Some(context.db.read(admin_log::newest)?);
            return Ok(());
        };
        for act in context.db.read(|view| admin_log::after(view, seen))? {
            tracing::info!(
                act = act.act,
                subject = act.subject,
                details = act.details,
                by = act.os_user,
                "an operator did something"
            );
            self.acts = Some(act.id);
        }
        Ok(())
    }
}
