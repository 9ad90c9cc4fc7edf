//! `reelbot sandbox`: everything without accounts.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use clap::Args;
use tokio::runtime::Runtime;

use crate::app::{App, runtime};
use crate::cli::{
    context::Context,
    error::open_failed,
    exit::{CliError, Exit},
    number::within,
    open::unusable,
    output::print,
    signals, stand_ins,
};
use crate::clock::{FastClock, SystemClock};
use crate::config::{
    backup::Backup, database::Database, error::ConfigError, locate::whole, place, settings::Config,
    source::ConfigSource,
};
use crate::domain::ports::Clock;
use crate::sandbox::{
    demo::{self, DemoError},
    kie::behaviour::Behaviour,
    serve::Server,
    stage::{Addresses, Stage, WELCOME},
};
use crate::store::{backup::folder::BackupFolder, file};

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot sandbox --open
  reelbot sandbox --port 9000 --speed 1
  reelbot sandbox --stand-ins ./reelbot.toml --speed 100";

/// Try the whole bot in the browser, without accounts and without network.
///
/// Starts stand-ins of Telegram, KIE and GPT on this machine, the bot itself with a fresh database,
/// a key and some credits, and a chat page. Nothing costs anything, nothing leaves the machine.
/// With --database it is kept; that file is a sandbox's from then on, and a real one is refused.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SandboxArgs {
    /// The port of the chat page on 127.0.0.1; 0: any free one
    #[arg(long, value_name = "N", default_value_t = 8088)]
    pub port: u16,
    /// How many times faster than real time passes: a render of 5 minutes takes 10 s at 30
    #[arg(long, value_name = "TIMES", default_value_t = 30.0, value_parser = speed)]
    pub speed: f64,
    /// Open the chat page in the browser
    #[arg(long)]
    pub open: bool,
    /// Let a person who is played by the sandbox order videos, to watch
    #[arg(long)]
    pub demo: bool,
    /// Start the stand-ins without a bot, and write the config of a bot that talks to them
    #[arg(long, value_name = "CONFIG", conflicts_with_all = ["demo", "database", "config"])]
    pub stand_ins: Option<PathBuf>,
}

fn speed(text: &str) -> Result<f64, String> {
    within(text, &(0.1..=10_000.0))
}

/// How long steps under way may take when the sandbox closes.
const GRACE: Duration = Duration::from_secs(5);

/// What the sandbox waits for.
enum Event {
    Signal,
    Reload,
    Demo(Result<(), DemoError>),
}

impl SandboxArgs {
    /// Runs the sandbox until a signal.
    pub(crate) fn run(&self, context: &Context) -> Result<(), CliError> {
        if let Some(config) = &self.stand_ins {
            let (runtime, stage, page) = self.set_stage(&Config::default())?;
            return stand_ins::serve(&runtime, &stage, &page, config);
        }
        let config = config(context)?;
        let folder = tempfile::tempdir().map_err(anyhow::Error::from)?;
        let kept = kept(context)?;
        let database = kept.clone().unwrap_or_else(|| folder.path().join("reelbot.db"));
        let backups = BackupFolder::new(&database, &config.backup.dir);
        let prepared = file::prepare_sandbox(&database, &backups, SystemClock.now());
        prepared.map_err(|error| unusable(&error, &database))?;
        let (runtime, stage, page) = self.set_stage(&config)?;
        let mut plan = stage.plan(config, &database);
        if context.flags.config.is_some() {
            let (operators, addresses) = (context.clone(), stage.addresses.clone());
            plan.source = Some(Arc::new(SandboxConfig { operators, addresses }));
        }
        let failed = |error| open_failed(error, &database);
        stage.bring_key(&plan).map_err(failed)?;
        let app = App::open(&plan, |_| {}).map_err(failed)?;
        let (events, event) = channel();
        signals::listen(events.clone(), || Event::Signal, Some(|| Event::Reload))?;
        print(&self.greeting(&page.url(), kept.as_deref()))?;
        if self.open {
            open_browser(&page.url());
        }
        if self.demo {
            play(&runtime, &stage, events)?;
        }
        let ended = wait(&event, &app, &page.url());
        print("\n  closing …\n")?;
        app.close(GRACE);
        ended
    }

    fn set_stage(&self, config: &Config) -> Result<(Runtime, Stage, Server), CliError> {
        let runtime = runtime().map_err(anyhow::Error::from)?;
        let clock = Arc::new(FastClock::new(self.speed));
        let stage = runtime.block_on(Stage::set(clock, Behaviour::default()));
        let stage = stage.map_err(anyhow::Error::from)?;
        let page = self.open_page(&runtime, &stage, &config.kie.model)?;
        Ok((runtime, stage, page))
    }

    fn open_page(&self, runtime: &Runtime, stage: &Stage, model: &str) -> Result<Server, CliError> {
        runtime.block_on(stage.open_page(self.port, self.speed, model)).map_err(|error| {
            let free = self.port.checked_add(1).unwrap_or(8089);
            CliError::because(Exit::Failed, format!("port {} cannot be used: {error}", self.port))
                .hint(format!("choose another: reelbot sandbox --port {free}"))
        })
    }

    fn greeting(&self, url: &str, kept: Option<&Path>) -> String {
        let data = kept.map_or_else(
            || "a temporary folder, gone when you stop".to_owned(),
            |path| path.display().to_string(),
        );
        format!(
            "\n  reelbot sandbox: the whole bot on this machine; nothing costs anything\n\n\
             \x20 Chat    {url}\n\
             \x20 Speed   {}× real time\n\
             \x20 Data    {data}\n\
             \x20 Stop    Ctrl-C\n\n",
            self.speed
        )
    }
}

/// The file in which it is kept, if that is wanted: looked at as that of a bot is.
fn kept(context: &Context) -> Result<Option<PathBuf>, CliError> {
    const KEY: &str = "--database";
    let Some(path) = &context.flags.database else { return Ok(None) };
    let path = whole(KEY, path, &context.environment).map_err(|slip| vec![slip]);
    let path = path.and_then(|path| match place::slip(KEY, &path) {
        Some(slip) => Err(vec![slip]),
        None => Ok(path),
    });
    Ok(Some(path.map_err(ConfigError::Invalid)?))
}

/// The operator's own presets, texts and counts where a config is named, else
/// the defaults; in either case with credits to play with.
fn config(context: &Context) -> Result<Config, CliError> {
    let config = match context.flags.config {
        Some(_) => context.load()?.config,
        None => Config::default(),
    };
    Ok(to_play(config))
}

/// Credits to play with; and nothing that is played goes where the operator's own data goes.
fn to_play(mut config: Config) -> Config {
    "whisper-1".clone_into(&mut config.gpt.transcribe_model);
    config.credits.welcome = WELCOME;
    config.backup = Backup::default();
    config.database = Database::default();
    config
}

/// The operator's config, made one of the sandbox each time it is read.
struct SandboxConfig {
    operators: Context,
    addresses: Addresses,
}

impl ConfigSource for SandboxConfig {
    fn read(&self) -> Result<Config, ConfigError> {
        Ok(to_play(self.addresses.take_over(self.operators.read()?)))
    }

    fn put_in_force(&self, config: &Config) {
        self.operators.put_in_force(config);
    }

    fn path(&self) -> Option<PathBuf> {
        self.operators.path()
    }
}

/// Lets the first person of the page play the demo, beside everything else.
fn play(runtime: &Runtime, stage: &Stage, events: Sender<Event>) -> Result<(), CliError> {
    print("  Demo: a person orders three videos\n\n")?;
    let telegram = stage.telegram.clone();
    let first = telegram.people().into_iter().next();
    let person = first.and_then(|id| telegram.person_by_id(id));
    let person = person.unwrap_or_else(|| telegram.person("Анна", "ru"));
    let print_event = |after: Duration, text: &str| {
        // The demo goes on when stdout is closed.
        let _ = print(&format!("  {:5.1} s  {text}\n", after.as_secs_f64()));
    };
    thread::spawn({
        let runtime = runtime.handle().clone();
        move || {
            let played = runtime.block_on(demo::play(&telegram, &person, print_event));
            // The receiver is gone when the sandbox is closing.
            let _ = events.send(Event::Demo(played));
        }
    });
    Ok(())
}

/// Waits for the signal; a demo that fails ends the sandbox too.
fn wait(event: &Receiver<Event>, app: &App, url: &str) -> Result<(), CliError> {
    loop {
        match event.recv() {
            Ok(Event::Demo(Ok(()))) => print(&format!("\n  See it, and go on, at {url}\n"))?,
            Ok(Event::Demo(Err(error))) => return Err(CliError::new(Exit::Failed, error)),
            Ok(Event::Reload) => app.reload(),
            Ok(Event::Signal) | Err(_) => return Ok(()),
        }
    }
}

/// Opens the page where a desktop is; elsewhere the printed address serves.
fn open_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if let Err(error) = std::process::Command::new(opener).arg(url).spawn() {
        tracing::warn!(%error, "no browser could be opened");
    }
}
