//! `reelbot jobs …`: the videos and how they are doing.

use clap::Args;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

use crate::cli::who::Who;
use crate::domain::job::Status;

const JOBS: &str = "\
Examples:
  reelbot jobs list --status failed
  reelbot jobs show 17";

const LIST: &str = "\
Examples:
  reelbot jobs list
  reelbot jobs list --status failed --user @anna
  reelbot jobs list --limit 1000 --json";

const SHOW: &str = "\
Examples:
  reelbot jobs show 17
  reelbot jobs show 17 --json";

/// Show the videos and how they are doing.
#[derive(Args, Clone, Debug)]
#[command(after_help = JOBS)]
pub struct JobsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: JobsCommand,
}

/// What can be seen of jobs.
#[derive(Clone, Debug, Subcommand)]
pub enum JobsCommand {
    /// List jobs, the newest first
    #[command(after_help = LIST)]
    List(ListJobs),
    /// Show one job: its course, its key, its failure
    #[command(after_help = SHOW)]
    Show(ShowJob),
}

/// The options of `jobs list`.
#[derive(Args, Clone, Debug)]
pub struct ListJobs {
    /// Only those with this status
    #[arg(long, value_parser = status_parser())]
    pub status: Option<Status>,
    /// Only those of this person: a Telegram id or a @username
    #[arg(long)]
    pub user: Option<Who>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The options of `jobs show`.
#[derive(Args, Clone, Copy, Debug)]
pub struct ShowJob {
    /// The number of the job
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    pub job: i64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

fn status_parser() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new(Status::ALL.map(Status::word)).try_map(|word| {
        Status::ALL.into_iter().find(|status| status.word() == word).ok_or("no such status")
    })
}
