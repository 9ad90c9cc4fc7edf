//! `reelbot rehearse`: the command.

use std::{
    env, fs,
    path::Path,
    sync::{Arc, mpsc::channel},
    time::Duration,
};

use anyhow::Context as _;
use clap::{Args, value_parser};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::app::runtime;
use crate::cli::{
    context::Context,
    error::open_failed,
    exit::{CliError, Exit},
    number::within,
    output::{note, print, print_json},
    rehearse::{
        bot::{Bot, Setup},
        report::{Books, Report, Terms},
        rush::{Rush, RushError, kill_points},
    },
    signals,
};
use crate::clock::{FastClock, SystemClock};
use crate::config::{duration, settings::Config};
use crate::domain::{credits::Credits, ports::Clock};
use crate::plan::Plan;
use crate::sandbox::{
    kie::behaviour::{Behaviour, Clips},
    rehearsal::crowd::Crowd,
    stage::Stage,
};
use crate::store::db::Db;

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot rehearse
  reelbot rehearse --users 1000 --videos 3 --chaos 0.1 --kill 5
  reelbot rehearse --users 50 --chaos 0 --kill 0 --render 8m --json";

/// The name of a rehearsal's database.
const DATABASE: &str = "reelbot.db";

/// Rehearse a rush on this machine, before there is one outside.
///
/// Starts stand-ins of Telegram, KIE and GPT, and the bot as it would run, with your own presets,
/// texts and limits and an empty database. A crowd orders at once, the stand-ins misbehave, the bot
/// is killed and started again; then everything is counted: from outside, in the chats and at KIE,
/// and by the audit. Nothing costs anything, nothing leaves the machine, nothing of yours is
/// touched. Ends with 1 when anything was lost or doubled.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RehearseArgs {
    /// How many people come
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = value_parser!(u32).range(1..=20_000))]
    pub users: u32,
    /// How many videos each of them orders: one of credits.counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u32).range(1..=10))]
    pub videos: u32,
    /// In which share of calls, 0 to 1, KIE, Telegram and GPT misbehave
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    pub chaos: f64,
    /// How often the bot is killed without warning, and started again
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub kill: u32,
    /// How many times faster than real time passes
    #[arg(long, value_name = "TIMES", default_value_t = 60.0, value_parser = speed)]
    pub speed: f64,
    /// What chance hangs on; the same seed gives the same faults [default: another each time]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many KIE accounts there are, with one key each
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u8).range(1..=100))]
    pub accounts: u8,
    /// How long a render takes [default: 3 to 5 minutes]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub render: Option<Duration>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

fn share(text: &str) -> Result<f64, String> {
    within(text, &(0.0..=1.0))
}

fn speed(text: &str) -> Result<f64, String> {
    within(text, &(1.0..=1000.0))
}

impl RehearseArgs {
    /// Runs the command.
    pub(crate) fn run(&self, context: &Context) -> Result<(), CliError> {
        let config = self.config(context)?;
        let seed = self.seed.unwrap_or_else(|| SystemClock.now().0.unsigned_abs() % 10_000);
        let folder = tempfile::Builder::new().prefix("reelbot-rehearsal-").tempdir();
        let folder = folder.context("cannot make a folder for the rehearsal")?;
        let runtime = runtime().context("cannot start threads")?;
        let clock = FastClock::new(self.speed);
        let stage = self.stage(&runtime, clock, seed)?;
        let plan = stage.plan(config, &folder.path().join(DATABASE));
        let unusable = |error| open_failed(error, &plan.database);
        stage.bring_accounts(&plan, self.accounts.into()).map_err(unusable)?;
        let setup = setup(&plan, folder.path(), clock)?;
        let (signals, signal) = channel();
        signals::listen(signals, || (), None)?;
        note(&self.greeting(seed));
        let crowd = Crowd::new(&stage.telegram, self.users, self.videos, self.chaos, seed);
        let bot = Bot::start(setup.clone()).context("cannot start the bot")?;
        let kills = kill_points(self.kill, crowd.videos(), seed);
        let mut rush = Rush::new(&stage, crowd, bot, kills, &signal);
        let report = match rush.run() {
            Err(RushError::Interrupted) => {
                return Err(CliError::because(Exit::Interrupted, RushError::Interrupted));
            }
            Err(error) => Err(CliError::because(Exit::Failed, setup.explain(error))),
            Ok(()) => self.report(seed, &rush, &plan),
        };
        let result = report.and_then(|report| self.print(&report));
        result.map_err(|failed| keep(folder, &setup, failed))
    }

    fn stage(&self, runtime: &Runtime, clock: FastClock, seed: u64) -> Result<Stage, CliError> {
        let stage = runtime.block_on(Stage::set(Arc::new(clock), self.behaviour(seed)));
        let stage = stage.context("cannot open ports for the stand-ins")?;
        stage.misbehave(self.chaos, seed);
        stage.telegram.flood_limit(true);
        stage.telegram.forget_uploads();
        Ok(stage)
    }

    fn report(&self, seed: u64, rush: &Rush<'_>, plan: &Plan) -> Result<Report, CliError> {
        let db = Db::open(&plan.database, Arc::clone(&plan.clock))?;
        let books = db.read(|view| Books::read(view, plan.clock.now()))?;
        let Self { users, videos, chaos, speed, .. } = *self;
        let workers = plan.config.workers.count;
        Ok(Report::of(Terms { users, videos, chaos, seed, speed, workers }, rush, &books))
    }

    fn print(&self, report: &Report) -> Result<(), CliError> {
        if self.json {
            print_json(report)?;
        } else {
            print(&report.text())?;
        }
        if report.green {
            return Ok(());
        }
        Err(CliError::because(Exit::Failed, "something was lost, doubled or left waiting"))
    }

    /// The operator's own config; people come with what they need for their order.
    fn config(&self, context: &Context) -> Result<Config, CliError> {
        if context.flags.database.is_some() {
            return Err(CliError::because(
                Exit::Usage,
                "a rehearsal has an empty database of its own",
            )
            .hint("leave out --database: nothing of yours is touched"));
        }
        let mut config = context.load()?.config;
        if !config.credits.counts.contains(&self.videos) {
            let counts: Vec<String> = config.credits.counts.iter().map(u32::to_string).collect();
            let sentence = format!("there is no button for {} videos", self.videos);
            return Err(CliError::because(Exit::Usage, sentence).hint(format!(
                "credits.counts has {}: choose one with --videos",
                counts.join(", ")
            )));
        }
        let price = config.model(&config.kie.model).map_or(Credits(1), |model| model.credits);
        config.credits.welcome = Credits(price.0 * i64::from(self.videos));
        Ok(config)
    }

    fn behaviour(&self, seed: u64) -> Behaviour {
        // A stalling download is a matter of the network, and so of real time: it is sped up here.
        let stall = Behaviour::default().stall.div_f64(self.speed);
        let usual = Behaviour { clips: Clips::Embedded, seed, stall, ..Behaviour::default() };
        match self.render {
            Some(render) => Behaviour { render: (render, render), ..usual },
            None => usual,
        }
    }

    fn greeting(&self, seed: u64) -> String {
        let Self { users, videos, chaos, kill, speed, accounts, .. } = self;
        format!(
            "\n  Rehearsal: {users} people order {videos} videos each; {accounts} KIE accounts; {speed}× real time\n\
             \x20 Chaos in {:.0} % of calls, {kill} kills, seed {seed}; nothing leaves this machine\n",
            chaos * 100.0
        )
    }
}

/// Keeps the files of a failed rehearsal.
fn keep(folder: TempDir, setup: &Setup, failed: CliError) -> CliError {
    let (log, folder) = (setup.log(), folder.keep());
    let (log, folder) = (log.display(), folder.display());
    failed.hint(format!(
        "the log is {log}, the database beside it; remove {folder} when you are done"
    ))
}

/// Writes the config of the stage, and returns how the bot is started with it.
fn setup(plan: &Plan, folder: &Path, clock: FastClock) -> Result<Setup, CliError> {
    let program = env::current_exe().context("cannot find the program itself")?;
    let token = plan.config.telegram.token.clone();
    let database = plan.database.clone();
    let setup = Setup { program, folder: folder.to_owned(), database, clock, token };
    let config = toml::to_string(&plan.config).context("cannot write the config")?;
    fs::write(setup.config(), config).context("cannot write the config")?;
    Ok(setup)
}
