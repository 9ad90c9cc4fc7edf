//! `reelbot stats`: orders, videos and credits of a time.

use clap::Args;

use crate::cli::{
    context::Context,
    exit::CliError,
    open::open,
    output::{print, print_json},
    tally::Report,
};
use crate::config::duration;
use crate::domain::{
    time::Timestamp,
    zone::{Date, Zone},
};
use crate::store::statistics::Statistics;

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot stats
  reelbot stats --since 30d
  reelbot stats --since 2026-01-01 --json";

/// Count orders, videos, credits and waiting times, by day, model and key.
///
/// Days are those of `telegram.timezone`. Looks through the whole ledger, beside a running bot and
/// without holding it up: some seconds for a million videos.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct StatsArgs {
    /// From when on: days with today, as 7d; a date; or a time ago, as 12h
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = since)]
    pub since: Since,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// From when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// So many days with today, from midnight on.
    Days(u16),
    /// From the midnight with which it began.
    Date(Date),
    /// So long ago.
    Ago(std::time::Duration),
}

fn since(text: &str) -> Result<Since, String> {
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.trim().parse().ok()) {
        return match days {
            0 => Err("write 1d for today".to_owned()),
            days => Ok(Since::Days(days)),
        };
    }
    // Not with a time of the day, which would be left out.
    let date = Some(text).filter(|text| text.len() == "2026-01-31".len());
    if let Some(date) = date.and_then(|text| text.parse().ok()) {
        return Ok(Since::Date(date));
    }
    let wrong = |_| format!("\"{text}\" is no time: write it as 7d, 12h or 2026-01-31");
    duration::parse(text).map(Since::Ago).map_err(wrong)
}

impl Since {
    fn begin(self, now: Timestamp, zone: &Zone) -> Timestamp {
        match self {
            Self::Days(days) => zone.days_before(now, i64::from(days) - 1),
            Self::Date(date) => zone.begin(date),
            Self::Ago(time) => now - time,
        }
    }
}

impl StatsArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load_for_database()?;
        let db = open(&loaded)?;
        let zone = Zone::named(&loaded.config.telegram.timezone).unwrap_or_else(Zone::utc);
        let now = db.clock.now();
        let since = self.since.begin(now, &zone);
        let statistics = db.read(|view| Statistics::read(view, since))?;
        let report = Report::of(&statistics, since, now, zone);
        if self.json { print_json(&report.json()) } else { print(&report.text()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_time_is_days_a_date_or_a_while_ago() {
        let date: Date = "2026-01-31".parse().unwrap();
        assert_eq!(since("7d"), Ok(Since::Days(7)));
        assert_eq!(since("2026-01-31"), Ok(Since::Date(date)));
        assert_eq!(since("12h"), Ok(Since::Ago(Duration::from_hours(12))));
        for wrong in ["0d", "", "d", "-3d", "yesterday", "2026-02-30", "7", "2026-01-31T16:00"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_begin_at_the_operators_midnight() {
        let (zone, now) = (Zone::named("Europe/Moscow").unwrap(), Timestamp(1_764_000_000_000));
        let begin = |text: &str| since(text).unwrap().begin(now, &zone).to_string();
        assert_eq!(begin("1d"), "2025-11-23T21:00:00Z");
        assert_eq!(begin("2d"), "2025-11-22T21:00:00Z");
        assert_eq!(begin("2025-11-01"), "2025-10-31T21:00:00Z");
        assert_eq!(begin("1h"), "2025-11-24T15:00:00Z");
        // Over the end of summer time a day has 25 hours.
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let days = Since::Days(31).begin(now, &berlin);
        assert_eq!(days.to_string(), "2025-10-24T22:00:00Z");
    }
}
