//! `reelbot backup restore`

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{
    backup::show::{contents, findings, named, useless},
    confirm::confirmed,
    context::Context,
    exit::{CliError, Exit},
    open::{backups, open, unusable},
    output::{print, print_done, print_json},
    table::{count, pairs},
};
use crate::clock::SystemClock;
use crate::config::load::Loaded;
use crate::domain::ports::Clock;
use crate::store::{
    backup::{contents::Contents, draft::Inspected, folder::BackupFolder, source::Source},
    error::{StoreError, StoreErrorKind},
    lock::RunLock,
    restore::{Before, Candidate, Present, present},
};

/// The options of `backup restore`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RestoreBackup {
    /// The backup: a path, or a name from `backup list`
    pub file: PathBuf,
    /// Only say what would be done, and what would be lost
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// The backup, opened by whoever has typed this
    #[arg(skip)]
    pub source: Option<Arc<Source>>,
}

/// Why a backup could not be copied beside the database.
fn not_fetched(file: &Path, database: &Path, error: &StoreError) -> CliError {
    let sentence = || format!("the backup {} cannot be restored: {}", file.display(), error.text);
    match error.kind {
        StoreErrorKind::Corrupt | StoreErrorKind::TooNew => useless(file, error),
        StoreErrorKind::Foreign => CliError::because(Exit::Failed, sentence())
            .hint("name the database that it is of with --database"),
        _ => unusable(error, database),
    }
}

const HINT: &str = "--yes puts it there without asking, --dry-run only looks";

impl RestoreBackup {
    /// Opens the file while the process is still its caller's: root may bring one that the owner of
    /// the database may not read.
    pub(crate) fn open_first(&mut self) {
        // What is no path may be a name in the folder of the backups.
        self.source = Source::open(&self.file).ok().map(Arc::new);
    }

    /// Puts a backup in the place of the database.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load_for_database()?;
        let folder = backups(&loaded)?;
        let (source, now) = (self.source(&folder)?, SystemClock.now());
        let file = source.path.clone();
        let database = folder.database();
        let refused = |error: StoreError| unusable(&error, database);
        // Held from the look at what is there until something else is.
        let lock = RunLock::take(database, now).map_err(refused)?;
        let candidate = Candidate::fetch_beside(database, &source, now)
            .map_err(|error| not_fetched(&file, database, &error))?;
        let plan = Replacement {
            since: Since::of(database, candidate.inspected.contents),
            inspected: candidate.inspected.clone(),
            file,
            database: database.to_owned(),
            has_keys: source.has_keys(),
        };
        if !self.json {
            print(&plan.text())?;
        }
        if self.dry_run {
            return if self.json {
                print_json(&plan.as_json(None))
            } else {
                print("\nnothing was changed: this was a dry run\n")
            };
        }
        if !self.yes && !confirmed("Put it there?", HINT)? {
            return Err(CliError::because(Exit::Failed, "nothing was changed"));
        }
        let before = candidate.put(&folder, &lock, now).map_err(refused)?;
        print_done(&plan.done(&before), self.json.then(|| plan.as_json(Some(&before))).as_ref());
        plan.log(context, &loaded);
        Ok(())
    }

    fn source(&self, folder: &BackupFolder) -> Result<Arc<Source>, CliError> {
        if let Some(source) = &self.source {
            return Ok(Arc::clone(source));
        }
        let file = named(folder, &self.file)?;
        Source::open(&file).map(Arc::new).map_err(|error| useless(&file, &error.into()))
    }
}

/// A backup that is to take the place of the database.
struct Replacement {
    file: PathBuf,
    inspected: Inspected,
    database: PathBuf,
    /// Whether the secrets of the keys are in it.
    has_keys: bool,
    since: Since,
}

/// What the database has got since the backup.
enum Since {
    Known(Contents),
    /// There is no database.
    Nothing,
    /// It cannot be read.
    Unknown,
    /// The backup holds more: it is of another database, or of another time line.
    Other,
}

impl Since {
    fn of(database: &Path, backup: Contents) -> Self {
        match present(database) {
            Present::Nothing => Self::Nothing,
            Present::Unreadable => Self::Unknown,
            Present::Holds(present) if backup.exceeds(present) => Self::Other,
            Present::Holds(present) => Self::Known(present.since(backup)),
        }
    }
}

impl Replacement {
    fn text(&self) -> String {
        pairs([
            ("backup", self.file.display().to_string()),
            ("holds", contents(&self.inspected.contents)),
            ("audit", findings(&self.inspected.findings)),
            ("replaces", self.database.display().to_string()),
            ("since then", self.came()),
        ])
    }

    fn came(&self) -> String {
        match &self.since {
            Since::Nothing => "there was no database".to_owned(),
            Since::Unknown => "unknown: what is there cannot be read".to_owned(),
            Since::Other => "unknown: the backup is no earlier state of what is there".to_owned(),
            Since::Known(since) => came(since),
        }
    }

    fn as_json(&self, before: Option<&Before>) -> Value {
        json!({
            "path": self.file,
            "database": self.database,
            "restored": before.is_some(),
            "contents": self.inspected.contents,
            "findings": self.inspected.findings,
            "since": match &self.since {
                Since::Known(since) => json!(since),
                _ => Value::Null,
            },
            "before": before.and_then(place),
        })
    }

    /// What was done, and what the file does not know while Telegram and KIE do.
    fn done(&self, before: &Before) -> String {
        let kept = match before {
            Before::Nothing => String::new(),
            Before::BackedUp(path) => format!("as it was before, it is {}\n", path.display()),
            Before::MovedAside(path) => {
                format!("it could not be read before, and lies as it was at {}\n", path.display())
            }
        };
        let lost = match self.since {
            Since::Known(since) if since == Contents::default() => String::new(),
            Since::Nothing => String::new(),
            _ => format!(
                "What came since is not in it: {}.\nVideos that have arrived since come once more.\n",
                self.came()
            ),
        };
        let keys =
            if self.has_keys { "" } else { "\nThe KIE keys are not in it: `reelbot keys add`.\n" };
        format!(
            "\nthe backup is in its place; `reelbot run` goes on from it\n{kept}{keys}\n{lost}\
             KIE is asked again for the videos that were under way then. Telegram sends again what \
             the bot\nhad not yet taken; what it took since it does not.\n"
        )
    }

    /// Notes it in the log of what was put there. An older version has none: that is no failure.
    fn log(&self, context: &Context, loaded: &Loaded) {
        let (operator, file) = (context.operator.clone(), self.file.display().to_string());
        let logged = open(loaded).and_then(|db| {
            Ok(db.write(move |tx| operator.log(tx, "backup restore", &file, None))?)
        });
        if let Err(error) = logged {
            tracing::debug!(error = %error.error, "the restore is not in the admin log");
        }
    }
}

fn place(before: &Before) -> Option<&PathBuf> {
    match before {
        Before::Nothing => None,
        Before::BackedUp(path) | Before::MovedAside(path) => Some(path),
    }
}

fn came(since: &Contents) -> String {
    let Contents { users, orders, videos, delivered, entries, acts } = *since;
    if since == &Contents::default() {
        return "nothing that is counted".to_owned();
    }
    let many = |number: u32, one: &str, more: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {more}"),
    };
    format!(
        "{}, {} of {} ({delivered} delivered), {} in the ledger, {} by operators",
        many(users, "person", "people"),
        count(orders, "order"),
        count(videos, "video"),
        many(entries, "entry", "entries"),
        many(acts, "change", "changes"),
    )
}
