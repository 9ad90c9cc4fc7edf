//! `reelbot status`: what is going on, at one glance.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    sync::mpsc::channel,
    time::Duration,
};

use clap::Args;

use crate::cli::{
    color::is_dumb,
    context::Context,
    exit::CliError,
    glance::Glance,
    open::open,
    output::{print, print_json, print_while_read},
    signals,
};
use crate::config::load::Loaded;
use crate::domain::zone::Zone;
use crate::store::{
    backup::folder::BackupFolder,
    chores,
    db::Db,
    overview::{self, Overview},
    pulse_file::SeenPulse,
};

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot status
  reelbot status --watch
  reelbot status --json";

/// The time between two pictures.
const INTERVAL: Duration = Duration::from_secs(2);

/// Show what is going on: whether the bot lives, the queue, the keys, the backups.
///
/// Reads the pulse of the bot and its database, beside its work. Works as well while no bot runs.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct StatusArgs {
    /// Show it anew every two seconds, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
    /// Print JSON; with --watch a line each time
    #[arg(long)]
    pub json: bool,
}

impl StatusArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load_for_database()?;
        let db = open(&loaded)?;
        let read = || read(&db, &loaded);
        if !self.watch {
            let glance = read()?;
            return if self.json { print_json(&glance.json()) } else { print(&glance.text()) };
        }
        let (ends, end) = channel();
        signals::listen(ends, || (), None)?;
        let is_redrawn = io::stdout().is_terminal() && !is_dumb() && !self.json;
        if is_redrawn {
            print("\u{1b}[2J")?;
        }
        loop {
            let glance = read()?;
            let text = match (self.json, is_redrawn) {
                (true, _) => format!("{}\n", glance.json()),
                (false, true) => redrawn(&glance.text()),
                (false, false) => format!("{}\n", glance.text()),
            };
            if !print_while_read(&text)? || end.recv_timeout(INTERVAL).is_ok() {
                return Ok(());
            }
        }
    }
}

/// The text over what the terminal shows: each line is written over the one before, so nothing
/// flickers.
fn redrawn(text: &str) -> String {
    let lines = text.lines().map(|line| format!("{line}\u{1b}[K\r\n"));
    format!("\u{1b}[H{}\u{1b}[J", lines.collect::<String>())
}

/// Looks at everything once.
fn read(db: &Db, loaded: &Loaded) -> Result<Glance, CliError> {
    let now = db.clock.now();
    let zone = Zone::named(&loaded.config.telegram.timezone).unwrap_or_else(Zone::utc);
    let midnight = zone.midnight(now);
    let (overview, failed) =
        db.read(|view| Ok((Overview::read(view, now, midnight)?, chores::failing(view)?)))?;
    let folder = BackupFolder::new(db.path(), &loaded.config.backup.dir);
    let times = folder.own().unwrap_or_default().into_iter().map(|one| one.manifest.made_at);
    let newest = times.filter(|at| *at <= now).max();
    Ok(Glance {
        now,
        zone,
        database: absolute(db.path()),
        bytes: overview::bytes(db.path()),
        free_bytes: overview::free_bytes(db.path()),
        pulse: SeenPulse::read(db.path()),
        overview,
        backup_at: newest,
        backup_error: failed,
    })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
