//! How a run is doing, and whether that is well enough.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::time::rough;

/// After how long without an answer from Telegram a run counts as deaf. Telegram holds a request for
/// fifty seconds while there is nothing.
const DEAF: Duration = Duration::from_secs(90);

/// After how long without a commit nobody knows whether one is possible. An idle run makes one
/// within a minute.
const UNPROVEN: Duration = Duration::from_mins(2);

/// What a run does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RunState {
    /// It opens the database: migrates it, and looks it through where that is due.
    #[default]
    Starting,
    /// It works.
    Running,
    /// It finishes what it has in hand.
    Closing,
}

impl RunState {
    /// For people and for JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Closing => "closing",
        }
    }
}

/// How much there is to do, and what was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Work {
    /// Jobs that wait for their submission.
    pub queued: u32,
    /// Jobs that are rendered or delivered.
    pub running: u32,
    /// Videos that arrived since midnight, where the operator is.
    pub videos_today: u32,
}

/// How a run is doing. Times are milliseconds ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vitals {
    /// What it does.
    pub state: RunState,
    /// Since when it runs.
    pub up_ms: u64,
    /// When Telegram last answered a request for updates.
    pub polled_ms_ago: Option<u64>,
    /// When a step of a job was last settled.
    pub settled_ms_ago: Option<u64>,
    /// When Telegram last took a message.
    pub sent_ms_ago: Option<u64>,
    /// When something was last committed.
    pub committed_ms_ago: Option<u64>,
    /// Why the database cannot be used, if so.
    pub database_fault: Option<String>,
    /// For how long that is so.
    pub database_failing_ms: Option<u64>,
    /// The loops that hang.
    pub hanging: Option<String>,
    /// What there is to do.
    pub work: Work,
}

/// What is not well with a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Ailment {
    /// Which part: `pulse`, `state`, `threads`, `database` or `telegram`.
    pub part: &'static str,
    /// What it is, in a sentence.
    pub reason: String,
    /// What to do about it.
    pub hint: &'static str,
}

impl Vitals {
    /// The same, as it is known so much later.
    pub(crate) fn later(self, by: Duration) -> Self {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let later = |ms: Option<u64>| ms.map(|ms| ms.saturating_add(by));
        Self {
            up_ms: self.up_ms.saturating_add(by),
            polled_ms_ago: later(self.polled_ms_ago),
            settled_ms_ago: later(self.settled_ms_ago),
            sent_ms_ago: later(self.sent_ms_ago),
            committed_ms_ago: later(self.committed_ms_ago),
            database_failing_ms: later(self.database_failing_ms),
            ..self
        }
    }

    /// Everything that keeps the run from serving people now, the gravest first.
    pub(crate) fn ailments(&self) -> Vec<Ailment> {
        [self.not_running(), self.hangs(), self.cannot_commit(), self.deaf()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// What only a new start can mend: threads that hang. A network that is away is nothing of the
    /// kind, nor is a disk that is full, or another program's lock: a new process meets the same,
    /// and the answers of KIE's that this one still holds would be lost.
    pub(crate) fn is_beyond_help(&self) -> bool {
        self.state == RunState::Running && self.hanging.is_some()
    }

    fn not_running(&self) -> Option<Ailment> {
        let up = rough(Duration::from_millis(self.up_ms));
        let (reason, hint) = match self.state {
            RunState::Running => return None,
            RunState::Starting => (
                format!("the bot is starting, since {up}"),
                "a large database takes minutes to migrate or to check; `reelbot health --wait 5m` \
                 waits for it",
            ),
            RunState::Closing => (
                "the bot is closing".to_owned(),
                "it finishes what it has in hand; start it again when it has ended",
            ),
        };
        Some(Ailment { part: "state", reason, hint })
    }

    fn hangs(&self) -> Option<Ailment> {
        let names = self.hanging.as_ref().filter(|_| self.state == RunState::Running)?;
        let reason = format!("a part of the bot hangs: {names}");
        let hint = "look at its log and at the disk of the database, then restart it";
        Some(Ailment { part: "threads", reason, hint })
    }

    fn cannot_commit(&self) -> Option<Ailment> {
        if self.state == RunState::Starting {
            return None;
        }
        let hint = "look at the disk of the database: its room, and whether it can be written";
        let ailment = |reason| Some(Ailment { part: "database", reason, hint });
        if let Some((fault, ms)) = self.database_fault.as_ref().zip(self.database_failing_ms) {
            let lasts = rough(Duration::from_millis(ms));
            return ailment(format!("the database cannot be used, since {lasts}: {fault}"));
        }
        let ago = Duration::from_millis(self.committed_ms_ago.unwrap_or(self.up_ms));
        if ago <= UNPROVEN {
            return None;
        }
        ailment(format!("nothing was written to the database for {}", rough(ago)))
    }

    fn deaf(&self) -> Option<Ailment> {
        if self.state != RunState::Running {
            return None;
        }
        let hint = "look at the network, telegram.api_url and telegram.proxy, and at the bot's log; \
                    nothing is lost meanwhile";
        let reason = match self.polled_ms_ago.map(Duration::from_millis) {
            Some(ago) if ago < DEAF => return None,
            Some(ago) => format!("Telegram has answered no request for updates for {}", rough(ago)),
            None => "Telegram has answered no request for updates yet".to_owned(),
        };
        Some(Ailment { part: "telegram", reason, hint })
    }

    /// One line for `systemctl status` and the like.
    pub(crate) fn line(&self) -> String {
        let polling = match self.state {
            RunState::Running => match self.polled_ms_ago.map(Duration::from_millis) {
                Some(ago) if ago < DEAF => format!("polling ok {} ago", rough(ago)),
                Some(ago) => format!("no answer from Telegram for {}", rough(ago)),
                None => "no answer from Telegram yet".to_owned(),
            },
            state => state.word().to_owned(),
        };
        let Work { queued, running, videos_today } = self.work;
        let videos = if videos_today == 1 { "video" } else { "videos" };
        let line = format!(
            "{polling} · {running} running, {queued} queued · today {videos_today} {videos}"
        );
        let ailments = [self.hangs(), self.cannot_commit()].into_iter().flatten();
        let parts: Vec<String> =
            [line].into_iter().chain(ailments.map(|ailment| ailment.reason)).collect();
        parts.join(" · ")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A run that is well.
    pub(crate) fn well() -> Vitals {
        Vitals {
            state: RunState::Running,
            up_ms: 3_600_000,
            polled_ms_ago: Some(2_000),
            settled_ms_ago: Some(5_000),
            sent_ms_ago: None,
            committed_ms_ago: Some(1_000),
            database_fault: None,
            database_failing_ms: None,
            hanging: None,
            work: Work { queued: 5, running: 3, videos_today: 41 },
        }
    }

    #[test]
    fn each_part_that_is_not_well_is_named_and_only_some_want_a_new_start() {
        let fault = |ms| Vitals {
            database_fault: Some("disk full".to_owned()),
            database_failing_ms: Some(ms),
            ..well()
        };
        let table: [(&str, Vitals, &[&str], bool); 12] = [
            ("well", well(), &[], false),
            ("a long poll", Vitals { polled_ms_ago: Some(65_000), ..well() }, &[], false),
            ("deaf", Vitals { polled_ms_ago: Some(90_000), ..well() }, &["telegram"], false),
            ("never", Vitals { polled_ms_ago: None, ..well() }, &["telegram"], false),
            ("hangs", Vitals { hanging: Some("worker".into()), ..well() }, &["threads"], true),
            ("fails", fault(1_000), &["database"], false),
            ("fails for long", fault(301_000), &["database"], false),
            (
                "no commit",
                Vitals { committed_ms_ago: Some(121_000), ..well() },
                &["database"],
                false,
            ),
            ("none at all", Vitals { committed_ms_ago: None, ..well() }, &["database"], false),
            ("starts", Vitals { state: RunState::Starting, ..well() }, &["state"], false),
            ("closes", Vitals { state: RunState::Closing, ..well() }, &["state"], false),
            (
                "all",
                Vitals { hanging: Some("guard".into()), polled_ms_ago: None, ..fault(5) },
                &["threads", "database", "telegram"],
                true,
            ),
        ];
        for (what, vitals, parts, beyond_help) in table {
            let found: Vec<&str> = vitals.ailments().iter().map(|ailment| ailment.part).collect();
            assert_eq!((found.as_slice(), vitals.is_beyond_help()), (parts, beyond_help), "{what}");
        }
    }

    #[test]
    fn the_line_says_what_matters() {
        assert_eq!(well().line(), "polling ok 2 s ago · 3 running, 5 queued · today 41 videos");
        let sick = Vitals {
            polled_ms_ago: Some(180_000),
            hanging: Some("worker".into()),
            work: Work { videos_today: 1, ..Work::default() },
            ..well()
        };
        assert_eq!(
            sick.line(),
            "no answer from Telegram for 3 min · 0 running, 0 queued · today 1 video · a part of the \
             bot hangs: worker"
        );
    }
}
