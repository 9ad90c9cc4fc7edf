//! `reelbot health`: whether the bot serves people now.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
    output::{print, print_json},
};
use crate::config::duration;
use crate::service::{notify::Notifiers, stop::Stop, vitals::Ailment};
use crate::store::pulse_file::{NoPulse, SeenPulse};

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot health
  reelbot health --wait 60s
  reelbot health --json";

/// The time between two looks.
const LOOK: Duration = Duration::from_millis(300);

/// Say whether the bot on this database serves people now: ends with 0, or with 1 and why not.
///
/// Opens no port and no database: the bot writes its pulse beside its database every two seconds.
/// Well is a bot whose pulse is fresh, which Telegram has answered within 90 seconds, which can write
/// its database, and of which no part hangs.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct HealthArgs {
    /// Wait until it is well, so long at most; a bot whose program was replaced is not waited for
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub wait: Option<Duration>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl HealthArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load_for_database()?;
        let database = loaded.database()?;
        let began = Instant::now();
        let pause = Stop::new(&Arc::<Notifiers>::default());
        let health = loop {
            let health = Health::of(database, self.wait.is_some());
            let left = self.wait.map(|wait| wait.saturating_sub(began.elapsed()));
            match left.filter(|left| !health.ailments.is_empty() && !left.is_zero()) {
                Some(left) => pause.pause(LOOK.min(left)),
                None => break health,
            };
        };
        // The exit code is the answer, also where stdout is full.
        if self.json {
            let _ = print_json(&health.as_json());
        }
        let Some(ailment) = health.ailments.first() else {
            let line = health.seen.map(|seen| seen.vitals.line()).unwrap_or_default();
            if !self.json {
                let _ = print(&format!("the bot is well: {line}\n"));
            }
            return Ok(());
        };
        let reasons: Vec<&str> = health.ailments.iter().map(|one| one.reason.as_str()).collect();
        Err(CliError::because(Exit::Failed, reasons.join("; ")).hint(ailment.hint))
    }
}

/// What a look has shown.
struct Health {
    seen: Option<SeenPulse>,
    ailments: Vec<Ailment>,
}

impl Health {
    /// Looks. After an upgrade the process of before is not the one that is waited for.
    fn of(database: &Path, is_waited_for: bool) -> Self {
        let seen = match SeenPulse::read(database) {
            Ok(seen) => seen,
            Err(no_pulse) => {
                return Self { seen: None, ailments: vec![absent(&no_pulse, database)] };
            }
        };
        let mut ailments = seen.ailments();
        if ailments.is_empty() && is_waited_for && seen.process.is_of_replaced_program() {
            let reason = format!(
                "the bot of before the upgrade still runs (process {}, reelbot {})",
                seen.process.pid, seen.process.version
            );
            ailments.push(Ailment { part: "pulse", reason, hint: "restart it" });
        }
        Self { seen: Some(seen), ailments }
    }

    fn as_json(&self) -> Value {
        let seen = self.seen.as_ref();
        let vitals = seen.map(|seen| &seen.vitals);
        json!({
            "healthy": self.ailments.is_empty(),
            "ailments": self.ailments,
            "run": seen.map(run_as_json),
            "queued": vitals.map(|vitals| vitals.work.queued),
            "running": vitals.map(|vitals| vitals.work.running),
            "videos_today": vitals.map(|vitals| vitals.work.videos_today),
        })
    }
}

/// The run that a pulse shows, for JSON.
pub(crate) fn run_as_json(seen: &SeenPulse) -> Value {
    let SeenPulse { process, vitals, age } = seen;
    let seconds = |ms: Option<u64>| ms.map(|ms| ms / 1000);
    json!({
        "state": vitals.state,
        "pid": process.pid,
        "version": process.version,
        "started_at": process.started_at.to_string(),
        "pulse_seconds_ago": age.map(|age| age.as_secs()),
        "polled_seconds_ago": seconds(vitals.polled_ms_ago),
        "step_settled_seconds_ago": seconds(vitals.settled_ms_ago),
        "message_sent_seconds_ago": seconds(vitals.sent_ms_ago),
        "committed_seconds_ago": seconds(vitals.committed_ms_ago),
    })
}

/// Why there is nothing to be seen.
pub(crate) fn absent(no_pulse: &NoPulse, database: &Path) -> Ailment {
    let (reason, hint) = match no_pulse {
        NoPulse::None => (
            format!("no bot runs on {}", database.display()),
            "start it with `reelbot run`; if it runs on another database, name that with --database",
        ),
        NoPulse::Foreign(_) => (
            no_pulse.to_string(),
            "restart the bot: it writes the file anew; if it stays so, another program writes it",
        ),
        NoPulse::Unreadable { .. } => {
            (no_pulse.to_string(), "run this as the user who owns the database")
        }
    };
    Ailment { part: "pulse", reason, hint }
}
