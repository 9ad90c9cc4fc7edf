//! `reelbot jobs …`: the videos and their states.

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
    number::limit,
    open::open_from,
    output::{note, note_cut, print, print_json},
    people,
    table::{iso, numbers, pairs, table, text, words},
    timeline::{brief, head, timeline},
    user_ref::UserRef,
};
use crate::domain::{
    failure::FailureKind,
    id::JobId,
    job::{Status, Step},
};
use crate::store::{
    report::{self, JobLine},
    users,
};

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
pub(crate) struct JobsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: JobsCommand,
}

/// What can be seen of jobs.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// List jobs, the newest first
    #[command(after_help = LIST)]
    List(ListJobs),
    /// Show one job: its timeline, its key, its failure
    #[command(after_help = SHOW)]
    Show(ShowJob),
}

/// The options of `jobs list`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ListJobs {
    /// Only those with this status
    #[arg(long, value_parser = status_parser())]
    pub status: Option<Status>,
    /// Only those of this person: a Telegram id, a @username or a t.me link
    #[arg(long)]
    pub user: Option<UserRef>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = limit)]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The options of `jobs show`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ShowJob {
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

impl JobsArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        match self.command {
            JobsCommand::List(args) => args.run(context),
            JobsCommand::Show(args) => args.run(context),
        }
    }
}

impl ListJobs {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let (user, jobs, all) = db.try_read(|view| -> Result<_, CliError> {
            let user = self.user.as_ref().map(|user| people::find(view, user)).transpose()?;
            let of = user.as_ref().map(|user| user.id);
            let jobs = report::jobs(view, self.status, of, self.limit)?;
            let is_all = jobs.len() < usize::try_from(self.limit).unwrap_or(usize::MAX);
            let all = if is_all { None } else { Some(report::count_jobs(view, self.status, of)?) };
            Ok((user, jobs, all))
        })?;
        if let (Some(named), Some(user)) = (&self.user, &user) {
            people::note_doubt(named, user, db.clock.now());
        }
        if self.json {
            print_json(&jobs.iter().map(as_json).collect::<Vec<_>>())?;
        } else if jobs.is_empty() {
            note("no such jobs");
        } else {
            let columns = [
                numbers("job"),
                words("order"),
                numbers("user"),
                words("ordered"),
                words("status"),
                text("detail"),
            ];
            print(&table(&columns, jobs.iter().map(as_row)))?;
        }
        if let Some(all) = all {
            note_cut(jobs.len(), all);
        }
        Ok(())
    }
}

impl ShowJob {
    fn run(self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let found = db.try_read(|view| -> Result<_, CliError> {
            let Some(job) = report::job(view, JobId(self.job))? else { return Ok(None) };
            let user = users::find(view, job.user)?;
            Ok(Some((job, user)))
        })?;
        let Some((job, user)) = found else {
            return Err(CliError::because(Exit::Failed, format!("there is no job {}", self.job))
                .hint("`reelbot jobs list` shows the newest"));
        };
        if self.json {
            return print_json(&as_json(&job));
        }
        let user = user.map_or_else(|| job.user.to_string(), |user| people::name(&user));
        print(&(pairs(head(&job, user)) + "\n" + &pairs(timeline(&job, db.clock.now()))))
    }
}

fn as_row(job: &JobLine) -> Vec<String> {
    vec![
        job.id.to_string(),
        format!("{}/{}", job.order, job.number),
        job.user.to_string(),
        job.created_at.to_string(),
        job.status.word().to_owned(),
        brief(job).to_owned(),
    ]
}

fn as_json(job: &JobLine) -> Value {
    json!({
        "id": job.id,
        "order": job.order,
        "number": job.number,
        "user": job.user,
        "status": job.status.word(),
        "step": job.step.map(Step::word),
        "due_at": iso(job.due_at),
        "attempt": job.attempt,
        "model": job.model,
        "key": job.key,
        "task": job.task,
        "failure": job.failure.map(FailureKind::word),
        "error": job.error,
        "created_at": job.created_at.to_string(),
        "submitted_at": iso(job.submitted_at),
        "rendered_at": iso(job.rendered_at),
        "delivered_at": iso(job.delivered_at),
        "finished_at": iso(job.finished_at),
    })
}
