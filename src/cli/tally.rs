//! What `reelbot stats` says, for people and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::{
    figures::{both, count_of, listed, shares, spark, typical},
    opinions,
    table::{count, numbers, pairs, table, words},
};
use crate::domain::{
    time::Timestamp,
    zone::{Date, Zone},
};
use crate::store::{
    statistics::{Seconds, Statistics},
    votes::Opinion,
};

/// How many days are shown to people.
const SHOWN_DAYS: usize = 31;

/// Counts of a time, of a model or of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    orders: u64,
    videos: u64,
    delivered: u64,
    failed: BTreeMap<String, u64>,
    cancelled: u64,
    gifts: u64,
    refunded: u64,
    refunded_credits: i64,
    credits_in: i64,
    credits_out: i64,
    new_users: u64,
}

impl Counts {
    fn failed(&self) -> u64 {
        self.failed.values().sum()
    }
}

/// What came of the jobs of a model or a key.
#[derive(Clone, Debug, Default)]
struct Made {
    counts: Counts,
    waited: Seconds,
    rendered: Seconds,
}

/// All of it.
pub(crate) struct Report {
    since: Timestamp,
    until: Timestamp,
    zone: Zone,
    total: Made,
    credits: BTreeMap<String, i64>,
    days: BTreeMap<Date, Counts>,
    models: BTreeMap<String, Made>,
    keys: BTreeMap<String, Made>,
    opinions: Vec<Opinion>,
}

impl Report {
    /// Puts together what was counted.
    pub(crate) fn of(
        statistics: &Statistics,
        since: Timestamp,
        until: Timestamp,
        zone: Zone,
    ) -> Self {
        let mut report = Self {
            since,
            until,
            total: Made::default(),
            credits: BTreeMap::new(),
            days: zone.dates(since, until).map(|date| (date, Counts::default())).collect(),
            models: BTreeMap::new(),
            keys: BTreeMap::new(),
            opinions: statistics.opinions.clone(),
            zone,
        };
        report.count_entries(statistics);
        report.count_jobs(statistics);
        for at in &statistics.users {
            report.note(*at, |counts| counts.new_users += 1);
        }
        for durations in &statistics.durations {
            let key = durations.key.clone().unwrap_or_default();
            let model = report.models.entry(durations.model.clone()).or_default();
            for made in [model, report.keys.entry(key).or_default(), &mut report.total] {
                made.waited.merge(&durations.waited);
                made.rendered.merge(&durations.rendered);
            }
        }
        // Of a job that failed before it had one.
        report.keys.remove("");
        report
    }

    /// Counts something in its day and in all.
    fn note(&mut self, at: Timestamp, add: impl Fn(&mut Counts)) {
        add(&mut self.total.counts);
        if let Some(date) = self.zone.date(at) {
            add(self.days.entry(date).or_default());
        }
    }

    fn count_entries(&mut self, statistics: &Statistics) {
        for entry in &statistics.entries {
            *self.credits.entry(entry.kind.clone()).or_default() += entry.credits;
            self.note(entry.at.max(self.since), |counts| {
                match entry.kind.as_str() {
                    "charge" => {
                        counts.orders += entry.count;
                        counts.videos += entry.videos;
                    }
                    "refund" => {
                        counts.refunded += entry.count;
                        counts.refunded_credits += entry.credits;
                    }
                    _ => {}
                }
                counts.credits_in += entry.credits.max(0);
                counts.credits_out -= entry.credits.min(0);
            });
        }
    }

    fn count_jobs(&mut self, statistics: &Statistics) {
        for jobs in &statistics.jobs {
            let add = |counts: &mut Counts| {
                counts.gifts += jobs.gifts;
                match &jobs.failure {
                    None => counts.delivered += jobs.count,
                    Some(_) if jobs.is_cancelled() => counts.cancelled += jobs.count,
                    Some(kind) => *counts.failed.entry(kind.clone()).or_default() += jobs.count,
                }
            };
            self.note(jobs.at.max(self.since), add);
            add(&mut self.models.entry(jobs.model.clone()).or_default().counts);
            if let Some(key) = &jobs.key {
                add(&mut self.keys.entry(key.clone()).or_default().counts);
            }
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let counts = &self.total.counts;
        let kinds = listed(counts.failed.iter().map(|(kind, count)| format!("{count} {kind}")));
        let credits = |wanted: fn(i64) -> bool| {
            let kinds = self.credits.iter().filter(|(_, sum)| wanted(**sum));
            listed(kinds.map(|(kind, sum)| format!("{} {kind}", sum.unsigned_abs())))
        };
        let day = |of: fn(&Counts) -> u64| spark(self.days.values().map(of));
        let lines = [
            ("from", self.zone.minute(self.since)),
            ("to", self.zone.minute(self.until)),
            (
                "orders",
                format!(
                    "{} of {}  {}",
                    counts.orders,
                    count_of(counts.videos, "video"),
                    day(|c| c.orders)
                ),
            ),
            ("delivered", format!("{}  {}", counts.delivered, day(|c| c.delivered))),
            ("failed", format!("{}{kinds}  {}", counts.failed(), day(Counts::failed))),
            ("cancelled", format!("{}  {}", counts.cancelled, day(|c| c.cancelled))),
            (
                "refunded",
                format!(
                    "{}, {}",
                    count_of(counts.refunded, "video"),
                    count(counts.refunded_credits, "credit")
                ),
            ),
            ("late gifts", counts.gifts.to_string()),
            ("credits in", format!("{}{}", counts.credits_in, credits(|sum| sum > 0))),
            ("out", format!("{}{}", counts.credits_out, credits(|sum| sum < 0))),
            ("waited", typical(&self.total.waited)),
            ("rendered", typical(&self.total.rendered)),
            ("new people", format!("{}  {}", counts.new_users, day(|c| c.new_users))),
        ];
        let lines = lines.map(|(name, value)| (name, value.trim_end().to_owned()));
        let mut text = pairs(lines) + "\n" + &self.days();
        if !self.models.is_empty() {
            text = text + "\n" + &made("model", &self.models);
        }
        if !self.keys.is_empty() {
            text = text + "\n" + &made("key", &self.keys);
        }
        text + &opinions::text(&self.opinions)
    }

    fn days(&self) -> String {
        let columns = [
            words("day"),
            numbers("orders"),
            numbers("videos"),
            numbers("delivered"),
            numbers("failed"),
            numbers("refunded"),
            numbers("in"),
            numbers("out"),
            numbers("new"),
        ];
        let row = |(date, counts): (&Date, &Counts)| {
            let numbers = [
                counts.orders,
                counts.videos,
                counts.delivered,
                counts.failed(),
                counts.refunded,
                counts.credits_in.unsigned_abs(),
                counts.credits_out.unsigned_abs(),
                counts.new_users,
            ];
            let numbers = numbers.iter().map(u64::to_string);
            [date.to_string()].into_iter().chain(numbers).collect()
        };
        let rest = self.days.len().saturating_sub(SHOWN_DAYS);
        let text = table(&columns, self.days.iter().skip(rest).map(row));
        if rest == 0 {
            return text;
        }
        text + &format!("{} before are not shown; --json has all\n", count_of(rest as u64, "day"))
    }

    /// For programs: see docs/json.md.
    pub(crate) fn json(&self) -> Value {
        let made = |all: &BTreeMap<String, Made>, name: &str| {
            let each = all.iter().map(|(of, made)| {
                json!({
                    name: of,
                    "delivered": made.counts.delivered,
                    "failed": made.counts.failed,
                    "cancelled": made.counts.cancelled,
                    "gifts": made.counts.gifts,
                    "waited_seconds": shares(&made.waited),
                    "rendered_seconds": shares(&made.rendered),
                })
            });
            each.collect::<Vec<_>>()
        };
        let days = self.days.iter().map(|(date, counts)| {
            let mut day = numbers_of(counts);
            day["day"] = date.to_string().into();
            day
        });
        let mut total = numbers_of(&self.total.counts);
        total["credits_by_kind"] = json!(self.credits);
        total["waited_seconds"] = shares(&self.total.waited);
        total["rendered_seconds"] = shares(&self.total.rendered);
        json!({
            "since": self.since.to_string(),
            "until": self.until.to_string(),
            "total": total,
            "days": days.collect::<Vec<_>>(),
            "models": made(&self.models, "model"),
            "keys": made(&self.keys, "key"),
            "presets": opinions::json(&self.opinions),
        })
    }
}

fn numbers_of(counts: &Counts) -> Value {
    json!({
        "orders": counts.orders,
        "videos_ordered": counts.videos,
        "delivered": counts.delivered,
        "failed": counts.failed,
        "cancelled": counts.cancelled,
        "gifts": counts.gifts,
        "refunded": counts.refunded,
        "refunded_credits": counts.refunded_credits,
        "credits_in": counts.credits_in,
        "credits_out": counts.credits_out,
        "new_users": counts.new_users,
    })
}

fn made(name: &'static str, all: &BTreeMap<String, Made>) -> String {
    let columns =
        [words(name), numbers("delivered"), numbers("failed"), words("waited"), words("rendered")];
    table(
        &columns,
        all.iter().map(|(of, made)| {
            let Made { counts, waited, rendered } = made;
            let (delivered, failed) = (counts.delivered.to_string(), counts.failed().to_string());
            vec![of.clone(), delivered, failed, both(waited), both(rendered)]
        }),
    )
}
