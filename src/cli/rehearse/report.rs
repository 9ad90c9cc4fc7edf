//! The report of a rehearsal.

use std::time::Duration;

use serde::Serialize;

use crate::cli::{
    audit::invariants,
    rehearse::rush::Rush,
    table::{count, pairs},
};
use crate::domain::time::Timestamp;
use crate::sandbox::rehearsal::{checks::FinalState, report::RehearsalOutcome};
use crate::store::{
    audit::{self, InvariantCheck, Orphan},
    error::StoreError,
    report::{self, JobLine},
    tx::View,
};

/// What the database holds at the end.
pub(crate) struct Books {
    jobs: Vec<JobLine>,
    audit: Vec<InvariantCheck>,
    orphans: Vec<Orphan>,
}

impl Books {
    /// Reads them.
    pub(crate) fn read(view: &View<'_>, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            jobs: report::jobs(view, None, None, u32::MAX)?,
            audit: audit::check(view, now)?,
            orphans: audit::orphans(view)?,
        })
    }
}

/// What was rehearsed.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Terms {
    /// How many people came.
    pub users: u32,
    /// How many videos each of them wanted.
    pub videos: u32,
    /// In which share of calls something went wrong.
    pub chaos: f64,
    /// The seed of all faults and kills.
    pub seed: u64,
    /// How many times faster than real time passed.
    pub speed: f64,
    /// How many threads the bot had.
    pub workers: usize,
}

/// The report, as `--json` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Whether nothing was lost or doubled.
    pub green: bool,
    /// What was rehearsed.
    #[serde(flatten)]
    pub terms: Terms,
    /// How long it really took, in seconds.
    pub real: f64,
    /// What became of the videos; times are the bot's.
    #[serde(flatten)]
    pub outcome: RehearsalOutcome,
    /// The most tasks at KIE at one time.
    pub most_in_flight: usize,
    /// The most memory that the bot had resident, in MiB, where the system tells.
    pub most_memory: Option<f64>,
    /// How often it was killed.
    pub kills: u32,
    /// Videos that came twice.
    pub repeated: usize,
    /// Videos that may have come twice: one in each thread at each kill, one for each answer lost.
    pub may_repeat: usize,
    /// Videos that Telegram took without the bot learning of it.
    pub lost_answers: usize,
    /// Submissions whose answer was lost.
    pub orphans: usize,
    /// Every check from outside, and every one of the audit.
    pub invariants: Vec<InvariantCheck>,
}

impl Report {
    /// Counts and checks.
    pub(crate) fn of(terms: Terms, rush: &Rush<'_>, books: &Books) -> Self {
        let telegram = &rush.stage.telegram;
        let kills = usize::try_from(rush.bot.kills()).unwrap_or(usize::MAX);
        let lost = telegram.lost_answers();
        let lost = lost.iter().filter(|lost| lost.method == "sendvideo").count();
        let end = FinalState {
            wanted: &rush.crowd.people().map(|user| (user, terms.videos)).collect(),
            served: rush.crowd.served(),
            received: &rush.crowd.received(),
            tasks: &rush.stage.kie.tasks(),
            jobs: &books.jobs,
            unread: telegram.pending_updates(),
            orphans: books.orphans.len(),
            may_repeat: kills * terms.workers + lost,
        };
        let invariants: Vec<InvariantCheck> =
            end.check().into_iter().chain(books.audit.clone()).collect();
        Self {
            green: invariants.iter().all(|check| check.broken == 0),
            terms,
            real: rush.took.as_secs_f64(),
            outcome: RehearsalOutcome::of(&books.jobs),
            most_in_flight: rush.most_in_flight,
            most_memory: rush.bot.most_memory(),
            kills: rush.bot.kills(),
            repeated: end.repeated(),
            may_repeat: end.may_repeat,
            lost_answers: lost,
            orphans: end.orphans,
            invariants,
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        format!("{}\n{}", pairs(self.lines()), invariants(&self.invariants))
    }

    fn lines(&self) -> Vec<(&'static str, String)> {
        let RehearsalOutcome { ordered, delivered, took, per_minute, waits, gifts, .. } =
            &self.outcome;
        let mut lines = vec![
            ("took", format!("{}; {} of real time", time(*took), time(self.real))),
            ("delivered", format!("{delivered} of {ordered} videos, {per_minute:.1} a minute")),
            (
                "waits",
                format!(
                    "{} for half, {} for 99 of 100, {} at most",
                    time(waits.p50),
                    time(waits.p99),
                    time(waits.most)
                ),
            ),
            ("refunded", self.refunds()),
            ("in flight", format!("{} at most", self.most_in_flight)),
        ];
        if *gifts > 0 {
            lines.push(("gifts", format!("{gifts} late videos")));
        }
        if let Some(memory) = self.most_memory {
            lines.push(("memory", format!("{memory:.1} MiB at most")));
        }
        let (orphans, lost) = (as_i64(self.orphans), as_i64(self.lost_answers));
        lines.extend([
            ("kills", format!("{}, each with {} threads at work", self.kills, self.terms.workers)),
            (
                "lost",
                format!(
                    "{} of KIE's, noted as orphans; {} of Telegram's to a video",
                    count(orphans, "answer"),
                    lost
                ),
            ),
            (
                "repeated",
                format!(
                    "{}; the kills and Telegram's lost answers allow {}",
                    count(as_i64(self.repeated), "video"),
                    self.may_repeat
                ),
            ),
        ]);
        lines
    }

    fn refunds(&self) -> String {
        let refunded = &self.outcome.refunded;
        if refunded.is_empty() {
            return "none".to_owned();
        }
        let kinds: Vec<String> =
            refunded.iter().map(|(kind, many)| format!("{many} {kind}")).collect();
        format!("{}: {}", self.outcome.refunds(), kinds.join(", "))
    }
}

fn as_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Seconds, as people say them: `48 min 12 s`.
fn time(seconds: f64) -> String {
    let whole = Duration::from_secs_f64(seconds.max(0.0)).as_secs();
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, _) => format!("{seconds:.1} s"),
        (0, minutes, rest) => format!("{minutes} min {rest} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}
