//! The metrics: their names, and where their values come from.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::domain::{job::Status, time::Timestamp};
use crate::service::{
    business::{EndedJob, Event, JobResult},
    vitals::Vitals,
};
use crate::store::overview::Overview;

/// The bounds of the times of jobs, in seconds.
const BOUNDS: [f64; 11] = [1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0];

type Number = Gauge<f64, AtomicU64>;

/// A histogram for each phase.
type Times = Family<PhaseLabels, Histogram, fn() -> Histogram>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabels {
    model: String,
    result: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PhaseLabels {
    phase: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabels {
    stage: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KeyLabels {
    key: String,
}

/// What else is known when the metrics are asked for.
pub(crate) struct Surroundings {
    /// The time.
    pub now: Timestamp,
    /// The size of the database.
    pub database_bytes: u64,
    /// The room on its disk.
    pub free_bytes: Option<u64>,
    /// When the newest backup was made.
    pub backup_at: Option<Timestamp>,
}

/// All metrics.
#[derive(Default)]
pub(crate) struct Metrics {
    registry: Registry,
    jobs: Family<JobLabels, Counter>,
    seconds: Option<Times>,
    orders: Counter,
    refunds: Counter,
    depth: Family<StageLabels, Number>,
    key_balance: Family<KeyLabels, Number>,
    key_usable: Family<KeyLabels, Number>,
    well: Number,
    queue_age: Number,
    last_poll: Number,
    last_commit: Number,
    outbox: Number,
    outbox_age: Number,
    paused: Number,
    models_down: Number,
    orphans: Number,
    backup_age: Number,
    database: Number,
    disk: Number,
}

impl Metrics {
    /// All of them, with nothing counted.
    pub(crate) fn new() -> Self {
        let mut all = Self::default();
        let mut registry = Registry::with_prefix("reelbot");
        let seconds: Times = Family::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register("jobs", "Jobs that ended since the start", all.jobs.clone());
        registry.register("job_seconds", "How long jobs were in a phase", seconds.clone());
        registry.register("orders", "Orders since the start", all.orders.clone());
        registry.register("refunds", "Videos refunded since the start", all.refunds.clone());
        registry.register("queue_depth", "Jobs that have not ended", all.depth.clone());
        registry.register("key_balance", "Credits of a key's account", all.key_balance.clone());
        registry.register("key_usable", "1 while a key may be used", all.key_usable.clone());
        let numbers = [
            ("well", "1 while the bot serves people", &all.well),
            ("queue_age_seconds", "For how long the oldest queued job waits", &all.queue_age),
            ("last_poll_timestamp_seconds", "When Telegram last answered", &all.last_poll),
            ("last_commit_timestamp_seconds", "When something was last written", &all.last_commit),
            ("outbox_waiting", "Messages that wait", &all.outbox),
            ("outbox_age_seconds", "For how long the oldest message waits", &all.outbox_age),
            ("paused", "1 while no orders are taken", &all.paused),
            ("models_down", "Models that are down", &all.models_down),
            ("orphans", "Answers of KIE that were lost", &all.orphans),
            ("backup_age_seconds", "How old the newest backup is; +Inf: none", &all.backup_age),
            ("database_bytes", "The size of the database", &all.database),
            ("disk_free_bytes", "The room on the disk of the database", &all.disk),
        ];
        for (name, help, number) in numbers {
            registry.register(name, help, number.clone());
        }
        (all.registry, all.seconds) = (registry, Some(seconds));
        all
    }

    /// Counts what has happened.
    pub(crate) fn count(&self, event: &Event) {
        match event {
            Event::Ordered { .. } => {
                self.orders.inc();
            }
            Event::Ended(job) => self.count_job(job),
        }
    }

    fn count_job(&self, job: &EndedJob) {
        let (model, result) = (job.model.clone(), job.result.word().to_owned());
        self.jobs.get_or_create(&JobLabels { model, result }).inc();
        if matches!(job.result, JobResult::Failed(_)) {
            self.refunds.inc();
        }
        let phases =
            [("waited", job.waited), ("rendered", job.rendered), ("delivered", job.delivered)];
        for (phase, time) in phases {
            if let Some((seconds, time)) = self.seconds.as_ref().zip(time) {
                seconds.get_or_create(&PhaseLabels { phase }).observe(time.as_secs_f64());
            }
        }
    }

    /// Takes over what is so now.
    pub(crate) fn set(&self, overview: &Overview, vitals: &Vitals, around: &Surroundings) {
        let Surroundings { now, database_bytes, free_bytes, backup_at } = around;
        let age = |at: Option<Timestamp>| at.map(|at| now.since(at).as_secs_f64());
        let ago = |ms: Option<u64>| ms.map_or(0.0, |ms| seconds(now.0) - whole(ms) / 1000.0);
        let queued = overview.jobs.iter().filter(|jobs| jobs.status == Status::Queued);
        self.well.set(flag(vitals.ailments().is_empty()));
        self.queue_age.set(age(queued.map(|jobs| jobs.oldest).min()).unwrap_or(0.0));
        self.last_poll.set(ago(vitals.polled_ms_ago));
        self.last_commit.set(ago(vitals.committed_ms_ago));
        self.outbox.set(overview.messages.into());
        self.outbox_age.set(age(overview.oldest_message).unwrap_or(0.0));
        self.paused.set(flag(overview.paused_since.is_some()));
        self.models_down.set(whole(overview.models_down.len() as u64));
        self.orphans.set(overview.orphans.into());
        self.backup_age.set(age(*backup_at).unwrap_or(f64::INFINITY));
        self.database.set(whole(*database_bytes));
        self.disk.set(free_bytes.map_or(f64::NAN, whole));
        for stage in ["queued", "rendering", "delivering", "parked"] {
            let jobs = overview.jobs.iter().filter(|jobs| jobs.stage() == stage);
            let count: u32 = jobs.map(|jobs| jobs.count).sum();
            self.depth.get_or_create(&StageLabels { stage }).set(count.into());
        }
        // A key that was removed is no longer told of.
        self.key_balance.clear();
        self.key_usable.clear();
        for key in &overview.keys {
            let labels = KeyLabels { key: key.row.label.clone() };
            self.key_usable.get_or_create(&labels).set(flag(key.row.is_on(*now)));
            if let Some(balance) = key.row.balance {
                self.key_balance.get_or_create(&labels).set(balance);
            }
        }
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // A string takes whatever is written.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

fn flag(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floating-point numbers")]
fn whole(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floating-point numbers")]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, process::Command, time::Duration};

    use super::*;
    use crate::domain::{
        failure::FailureKind,
        id::{JobId, OrderId, UserId},
    };
    use crate::service::vitals::tests::well;

    const RULES: &str = include_str!("../../packaging/prometheus/reelbot.rules.yml");

    fn filled() -> Metrics {
        let metrics = Metrics::new();
        let second = Some(Duration::from_secs(1));
        let job = EndedJob {
            job: JobId(1),
            order: OrderId(1),
            user: UserId(1),
            model: "sora".to_owned(),
            key: None,
            result: JobResult::Failed(FailureKind::Timeout),
            waited: second,
            rendered: second,
            delivered: None,
        };
        metrics.count(&Event::Ended(job));
        let overview = Overview {
            jobs: Vec::new(),
            videos_today: 0,
            messages: 3,
            oldest_message: None,
            paused_since: None,
            models_down: Vec::new(),
            keys: Vec::new(),
            alerts: Vec::new(),
            orphans: 2,
        };
        let around = Surroundings {
            now: Timestamp(1_764_000_000_000),
            database_bytes: 7,
            free_bytes: Some(9),
            backup_at: None,
        };
        metrics.set(&overview, &well(), &around);
        metrics
    }

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let text = filled().text();
        for line in [
            "reelbot_jobs_total{model=\"sora\",result=\"timeout\"} 1",
            "reelbot_job_seconds_bucket{le=\"5.0\",phase=\"rendered\"} 1",
            "reelbot_refunds_total 1",
            "reelbot_queue_depth{stage=\"queued\"} 0.0",
            "reelbot_well 1.0",
            "reelbot_orphans 2.0",
            "reelbot_last_poll_timestamp_seconds 1763999998.0",
            "reelbot_disk_free_bytes 9.0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
        }
        assert!(text.ends_with("# EOF\n"), "{text}");
    }

    /// The names of metrics in a text.
    fn names(text: &str) -> BTreeSet<&str> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = text.split(|c| !is_name(c));
        words.filter(|word| word.starts_with("reelbot_")).collect()
    }

    #[test]
    fn every_metric_of_the_alert_rules_is_there() {
        let text = filled().text();
        let known: BTreeSet<&str> = names(&text);
        // Those with a label for each key are named only where there is one.
        let of_keys = ["reelbot_key_balance", "reelbot_key_usable"];
        let asked = names(RULES);
        assert!(asked.len() > 8, "{asked:?}");
        for name in asked {
            assert!(known.contains(name) || of_keys.contains(&name), "{name}");
        }
    }

    /// Where Prometheus's own tool is installed, it reads the rules and plays their test.
    #[test]
    fn prometheus_takes_the_rules() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/prometheus");
        for words in
            [["check", "rules", "reelbot.rules.yml"], ["test", "rules", "reelbot.rules.test.yml"]]
        {
            let output = Command::new("promtool").args(words).current_dir(folder).output();
            let Ok(output) = output else {
                eprintln!(
                    "promtool is not installed (Debian: prometheus): the rules are not tried"
                );
                return;
            };
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
