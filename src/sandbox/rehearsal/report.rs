//! The results of a rehearsal in numbers. Times are on the bot's clock: real time times the speed.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use crate::domain::{job::Status, time::Timestamp};
use crate::store::report::JobLine;

/// Percentiles of a duration, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Waits {
    /// The median.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The longest.
    pub most: f64,
}

impl Waits {
    /// The percentiles of some durations in any order; zeros when there is none.
    pub(crate) fn of(mut waits: Vec<Duration>) -> Self {
        waits.sort_unstable();
        let at = |share: usize| {
            let rank = (waits.len() * share).div_ceil(100).saturating_sub(1);
            waits.get(rank).map_or(0.0, Duration::as_secs_f64)
        };
        Self { p50: at(50), p99: at(99), most: at(100) }
    }
}

/// What happened to all videos that were ordered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct RehearsalOutcome {
    /// Videos ordered.
    pub ordered: usize,
    /// Videos that were delivered.
    pub delivered: usize,
    /// Videos whose credit was refunded, by kind of failure.
    pub refunded: BTreeMap<&'static str, usize>,
    /// Videos that were delivered after their refund.
    pub gifts: usize,
    /// From the first order to the last video or refund, in seconds.
    pub took: f64,
    /// Videos delivered per minute of that time.
    pub per_minute: f64,
    /// From the order to the video in the chat.
    pub waits: Waits,
}

impl RehearsalOutcome {
    /// Counts jobs.
    pub(crate) fn of(jobs: &[JobLine]) -> Self {
        let mut refunded = BTreeMap::new();
        for kind in jobs.iter().filter_map(|job| job.failure) {
            *refunded.entry(kind.word()).or_default() += 1;
        }
        let received: Vec<&JobLine> = jobs
            .iter()
            .filter(|job| job.status == Status::Completed && job.delivered_at.is_some())
            .collect();
        let waits = received.iter().filter_map(|job| Some(job.delivered_at?.since(job.created_at)));
        let took = span(jobs).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 videos")]
        let per_minute = if took > 0.0 { received.len() as f64 * 60.0 / took } else { 0.0 };
        Self {
            ordered: jobs.len(),
            delivered: received.len(),
            gifts: jobs
                .iter()
                .filter(|job| job.failure.is_some() && job.delivered_at.is_some())
                .count(),
            waits: Waits::of(waits.collect()),
            refunded,
            took,
            per_minute,
        }
    }

    /// Videos whose credit was refunded.
    pub(crate) fn refunds(&self) -> usize {
        self.refunded.values().sum()
    }
}

/// From the first order to the end of the last job.
fn span(jobs: &[JobLine]) -> Duration {
    let first = jobs.iter().map(|job| job.created_at).min();
    let last = jobs.iter().filter_map(|job| job.finished_at).max();
    let both = first.zip(last);
    both.map_or(Duration::ZERO, |(first, last): (Timestamp, Timestamp)| last.since(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_hundred_waits_the_last_but_one_is_the_99th() {
        let waits = Waits::of((1..=100).rev().map(Duration::from_secs).collect());
        assert_eq!(waits, Waits { p50: 50.0, p99: 99.0, most: 100.0 });
        let one = Waits::of(vec![Duration::from_secs(3)]);
        assert_eq!(one, Waits { p50: 3.0, p99: 3.0, most: 3.0 });
        assert_eq!(Waits::of(Vec::new()), Waits::default());
    }
}
