//! The picture of `reelbot status`, for people and as JSON.

use std::{path::PathBuf, time::Duration};

use serde_json::{Value, json};

use crate::cli::{
    health::{absent, run_as_json},
    keys::state::state,
    table::{count, decimal, iso, numbers, pairs, size, table, text, words},
};
use crate::domain::{
    job::Status,
    key::KeyFault,
    time::{Timestamp, rough},
    zone::Zone,
};
use crate::service::vitals::Ailment;
use crate::store::{
    overview::{KeyGlance, Overview},
    pulse_file::{NoPulse, SeenPulse},
};

/// A backup that is older wants a look.
const OLD_BACKUP: Duration = Duration::from_hours(36);

/// All that is shown.
pub(crate) struct Glance {
    /// When this was seen.
    pub now: Timestamp,
    /// The operator's zone.
    pub zone: Zone,
    /// The file.
    pub database: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// The room on its disk.
    pub free_bytes: Option<u64>,
    /// The run on it.
    pub pulse: Result<SeenPulse, NoPulse>,
    /// What it holds.
    pub overview: Overview,
    /// When its newest backup was made.
    pub backup_at: Option<Timestamp>,
    /// When none could be made since, and why.
    pub backup_error: Option<(Timestamp, String)>,
}

impl Glance {
    fn ailments(&self) -> Vec<Ailment> {
        match &self.pulse {
            Ok(seen) => seen.ailments(),
            Err(no_pulse) => vec![absent(no_pulse, &self.database)],
        }
    }

    fn ago(&self, at: Timestamp) -> String {
        rough(self.now.since(at))
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut lines = self.run();
        lines.push(("orders", self.orders()));
        lines.push(("jobs", self.jobs()));
        lines.push(("today", videos(self.overview.videos_today)));
        lines.push(("messages", self.messages()));
        lines.push(("models", self.models()));
        lines.push(("database", self.database.display().to_string()));
        lines.push(("size", self.size()));
        lines.push(("backup", self.backup()));
        if self.overview.orphans > 0 {
            let orphans = count(self.overview.orphans, "answer");
            lines.push(("orphans", format!("◌ {orphans} of KIE lost, see `reelbot audit`")));
        }
        for alert in &self.overview.alerts {
            let words = alert.concern.replace('_', " ");
            let text = format!("◌ {words}: {}, {} ago", alert.subject, self.ago(alert.at));
            lines.push(("alert", text));
        }
        pairs(lines) + "\n" + &self.keys()
    }

    fn run(&self) -> Vec<(&'static str, String)> {
        let ailments = self.ailments();
        let mut lines = Vec::new();
        if let Ok(seen) = &self.pulse {
            let (process, vitals) = (&seen.process, &seen.vitals);
            let (since, up) =
                (self.zone.minute(process.started_at), rough(Duration::from_millis(vitals.up_ms)));
            let mark = if ailments.is_empty() { "✓" } else { "✗" };
            let beats = ailments.iter().all(|ailment| ailment.part != "pulse");
            let state = if beats {
                format!("{mark} {} since {since}, {up}", vitals.state.word())
            } else {
                format!("✗ gives no sign of life; it began {since}")
            };
            lines.push(("bot", state));
            lines.push(("", format!("reelbot {}, process {}", process.version, process.pid)));
            if beats {
                let ago = |what: &str, ms: Option<u64>| {
                    ms.map(|ms| format!("{what} {} ago", rough(Duration::from_millis(ms))))
                };
                let last = [
                    ago("polled", vitals.polled_ms_ago),
                    ago("step settled", vitals.settled_ms_ago),
                    ago("message sent", vitals.sent_ms_ago),
                ];
                let last: Vec<String> = last.into_iter().flatten().collect();
                if !last.is_empty() {
                    lines.push(("", last.join(", ")));
                }
            }
        }
        for ailment in ailments {
            let name = if lines.is_empty() { "bot" } else { "" };
            lines.push((name, format!("✗ {}", ailment.reason)));
        }
        lines
    }

    fn orders(&self) -> String {
        let paused = |since| format!("✗ paused since {}", self.zone.minute(since));
        self.overview.paused_since.map_or("✓ taken".to_owned(), paused)
    }

    fn jobs(&self) -> String {
        if self.overview.jobs.is_empty() {
            return "none open".to_owned();
        }
        let each = self.overview.jobs.iter().map(|jobs| format!("{} {}", jobs.count, jobs.stage()));
        let each: Vec<String> = each.collect();
        let queued = self.overview.jobs.iter().filter(|jobs| jobs.status == Status::Queued);
        let oldest = queued.map(|jobs| jobs.oldest).min();
        let oldest = oldest.map(|at| format!("; the oldest queued waits {}", self.ago(at)));
        each.join(", ") + &oldest.unwrap_or_default()
    }

    fn messages(&self) -> String {
        match self.overview.oldest_message {
            None => "none wait".to_owned(),
            Some(at) => format!("{} wait, the oldest {}", self.overview.messages, self.ago(at)),
        }
    }

    fn models(&self) -> String {
        match self.overview.models_down.as_slice() {
            [] => "✓ none is down".to_owned(),
            down => format!("✗ down: {}", down.join(", ")),
        }
    }

    fn size(&self) -> String {
        let free = self.free_bytes.map(|free| format!(", {} free on its disk", size(free)));
        size(self.bytes) + &free.unwrap_or_default()
    }

    fn backup(&self) -> String {
        if let Some((at, error)) = &self.backup_error {
            return format!("✗ failed {} ago: {error}", self.ago(*at));
        }
        match self.backup_at {
            None => "◌ none yet; `reelbot backup create` makes one".to_owned(),
            Some(at) if self.now.since(at) > OLD_BACKUP => {
                format!("✗ the last one is {} old", self.ago(at))
            }
            Some(at) => format!("✓ {} ago", self.ago(at)),
        }
    }

    fn keys(&self) -> String {
        if self.overview.keys.is_empty() {
            return "no KIE key: orders are refunded; `reelbot keys add` adds one\n".to_owned();
        }
        let columns =
            [words("key"), numbers("credits"), words("read"), numbers("tasks"), text("state")];
        let row = |key: &KeyGlance| {
            vec![
                key.row.label.clone(),
                key.row.balance.map_or("–".to_owned(), decimal),
                key.balance_at.map_or("–".to_owned(), |at| format!("{} ago", self.ago(at))),
                key.tasks.to_string(),
                state(&key.row, self.now),
            ]
        };
        table(&columns, self.overview.keys.iter().map(row))
    }

    /// For programs: see docs/json.md.
    pub(crate) fn json(&self) -> Value {
        let overview = &self.overview;
        let ailments = self.ailments();
        json!({
            "at": self.now.to_string(),
            "healthy": ailments.is_empty(),
            "ailments": ailments,
            "run": self.pulse.as_ref().ok().map(run_as_json),
            "paused_since": iso(overview.paused_since),
            "jobs": overview.jobs.iter().map(|jobs| json!({
                "stage": jobs.stage(),
                "count": jobs.count,
                "oldest_at": jobs.oldest.to_string(),
            })).collect::<Vec<_>>(),
            "videos_today": overview.videos_today,
            "messages_waiting": overview.messages,
            "oldest_message_at": iso(overview.oldest_message),
            "models_down": overview.models_down,
            "keys": overview.keys.iter().map(|key| self.key_json(key)).collect::<Vec<_>>(),
            "database": self.database,
            "database_bytes": self.bytes,
            "disk_free_bytes": self.free_bytes,
            "backup_at": iso(self.backup_at),
            "backup_error": self.backup_error.as_ref().map(|(_, error)| error),
            "orphans": overview.orphans,
            "alerts": overview.alerts.iter().map(|alert| json!({
                "concern": alert.concern,
                "subject": alert.subject,
                "at": alert.at.to_string(),
            })).collect::<Vec<_>>(),
        })
    }

    fn key_json(&self, key: &KeyGlance) -> Value {
        json!({
            "label": key.row.label,
            "account": key.row.account,
            "on": key.row.is_on(self.now),
            "fault": key.row.fault.map(KeyFault::word),
            "credits": key.row.balance,
            "credits_read_at": iso(key.balance_at),
            "tasks": key.tasks,
        })
    }
}

fn videos(number: u32) -> String {
    count(number, "video")
}
