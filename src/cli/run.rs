//! `reelbot run`: the bot.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread,
};

use clap::Args;

use crate::actions::silent_admins::silent_admins;
use crate::app::App;
use crate::cli::{
    context::{Context, log_warning, log_warnings},
    error::open_failed,
    exit::{CliError, Exit},
    log,
    open::unusable,
    owner::warn_of_root,
    proxies::try_proxies,
    signals,
};
use crate::clock::{FastClock, SteadyClock};
use crate::config::duration;
use crate::domain::ports::Clock;
use crate::plan::Plan;
use crate::service::systemd::{self, Reporter, Starting};
use crate::store::{db::Db, error::StoreError, file, keys};
use crate::telegram::streak::PollEnd;

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot run
  TELEGRAM_BOT_TOKEN=123456789:AA… KIE_API_KEY=… reelbot run
  RUST_LOG=debug reelbot run --config ./reelbot.toml --log-format json";

/// Run the bot until SIGTERM, Ctrl-C or the end of its terminal.
///
/// Takes Telegram's messages, carries the videos through KIE and delivers them. Steps under way are
/// finished on the way out; whatever is left goes on at the next start. One run per database.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RunArgs {
    /// The time of a rehearsal, which also says when to close: by closing our stdin
    #[arg(long, hide = true)]
    pub clock: Option<FastClock>,
}

/// Why the run ends.
enum Event {
    Signal,
    Reload,
    Telegram(PollEnd),
    DatabaseLost(StoreError),
}

impl RunArgs {
    /// Runs the bot until a signal, or until Telegram refuses it.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load()?;
        log::set_level(loaded.config.log.level, &context.environment);
        log_warnings(&loaded);
        if loaded.config.telegram.token.is_empty() {
            return Err(no_token(context));
        }
        warn_of_root();
        let (events, event) = channel();
        let (ended, lost) = (events.clone(), events.clone());
        signals::listen(events.clone(), || Event::Signal, Some(|| Event::Reload))?;
        let clock: Arc<dyn Clock> = match self.clock {
            Some(clock) => {
                close_with_stdin(events);
                Arc::new(clock)
            }
            None => Arc::new(SteadyClock::start()),
        };
        let plan = Plan {
            database: loaded.database()?.to_owned(),
            env_keys: loaded.env_keys,
            config: loaded.config,
            clock,
            source: Some(Arc::new(context.clone())),
        };
        file::expect_real(&plan.database).map_err(|error| unusable(&error, &plan.database))?;
        let starting = Starting::begin().map_err(anyhow::Error::from)?;
        let app = App::open(&plan, move |end| drop(ended.send(Event::Telegram(end))));
        let app = app.map_err(|error| open_failed(error, &plan.database))?;
        drop(starting);
        // On a database that is lost no more orders are taken and no more tasks are paid.
        app.db().health.on_loss(move |error| drop(lost.send(Event::DatabaseLost(error))));
        log_start(context, &app, &plan)?;
        let reporter =
            Reporter::begin(&app.db().pulse, probe(app.db())).map_err(anyhow::Error::from)?;
        try_proxies(&plan.config);
        let event = loop {
            match event.recv() {
                Ok(Event::Reload) => {
                    systemd::reloading();
                    app.reload();
                    systemd::reloaded();
                }
                event => break event,
            }
        };
        let grace = app.settings().shutdown_grace;
        reporter.closing(grace);
        tracing::info!(
            within = duration::text(grace),
            "closing: steps in hand finish, the rest goes on at the next start; a second signal ends at once"
        );
        let busy = app.close(grace);
        if busy > 0 {
            tracing::warn!(busy, "steps were cut off; they go on at the next start");
        }
        match event {
            Ok(Event::Telegram(end)) => Err(refused(&end)),
            Ok(Event::DatabaseLost(error)) => Err(unusable(&error, &plan.database)),
            Ok(Event::Signal | Event::Reload) | Err(_) => Ok(()),
        }
    }
}

/// Closes the bot when the other end of stdin is closed, or its process has ended.
fn close_with_stdin(events: Sender<Event>) {
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        // The receiver is gone when the bot is already closing.
        let _ = events.send(Event::Signal);
    });
}

/// Logs what runs, and hides the keys of the database from the log.
fn log_start(context: &Context, app: &App, plan: &Plan) -> Result<(), CliError> {
    let rows = app.db().read(keys::list)?;
    context.redactor.add(rows.iter().filter_map(|row| row.secret.clone()));
    let keys = rows.iter().filter(|row| row.enabled).count();
    if keys == 0 {
        tracing::warn!(
            "there is no KIE key: orders will be refunded; add one with `reelbot keys add`"
        );
    }
    let admins = &app.settings().rules.admins;
    app.db().read(|view| silent_admins(view, admins))?.iter().for_each(log_warning);
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        database = %plan.database.display(),
        workers = plan.config.workers.count,
        keys,
        model = plan.config.kie.model,
        "reelbot runs"
    );
    Ok(())
}

/// A write and a read: that they come back shows that the database hangs nowhere. That they fail is
/// logged where it occurs, and passes.
fn probe(db: &Arc<Db>) -> impl Fn() + Send + use<> {
    let db = Arc::downgrade(db);
    move || {
        if let Some(db) = db.upgrade() {
            let _ = db.write(|_| Ok(())).and_then(|()| db.read(|_| Ok(())));
        }
    }
}

/// The failure of a command that calls Telegram, without a token.
pub(crate) fn no_token(context: &Context) -> CliError {
    let sentence = match context.places_tried() {
        Some(places) => format!("there is no bot token, and no config file at {places}"),
        None => "there is no bot token".to_owned(),
    };
    CliError::because(Exit::Config, sentence).hint(
        "get one from @BotFather and put it into TELEGRAM_BOT_TOKEN or telegram.token; \
         `reelbot sandbox` needs none",
    )
}

fn refused(end: &PollEnd) -> CliError {
    match end {
        PollEnd::TokenWrong(_) => CliError::because(Exit::Config, end)
            .hint("copy the token again from @BotFather: /mybots, your bot, API Token"),
        PollEnd::Webhook(_) => CliError::because(Exit::Config, end).hint(
            "`reelbot webhook show` tells where Telegram pushes the updates, `reelbot webhook \
             delete` ends that and keeps those that wait",
        ),
        PollEnd::Conflict(_) => CliError::because(Exit::Busy, end).hint(
            "another program uses this bot token: stop it, or revoke the token at @BotFather",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{RecvTimeoutError, channel},
        time::Duration,
    };

    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_writer_that_hangs_holds_the_probe_back() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("reelbot.db"), Arc::new(SystemClock)).unwrap();
        let db = Arc::new(db);
        let probe = probe(&db);
        let ((hang, hangs), (enter, inside)) = (channel::<()>(), channel());
        let (answered, answer) = channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                db.write(move |_| {
                    enter.send(()).unwrap();
                    let _ = hangs.recv();
                    Ok(())
                })
            });
            inside.recv().unwrap();
            scope.spawn(move || {
                probe();
                answered.send(())
            });
            let waited = answer.recv_timeout(Duration::from_millis(200));
            assert_eq!(waited, Err(RecvTimeoutError::Timeout));
            drop(hang);
            answer.recv().unwrap();
        });
    }

    #[test]
    fn systemd_gives_a_run_the_time_that_it_takes_to_close() {
        let unit = include_str!("../../packaging/reelbot.service");
        let stop = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")).unwrap();
        let grace = crate::config::settings::Config::default().workers.shutdown_grace;
        assert!(Duration::from_secs(stop.parse().unwrap()) >= grace + systemd::CLOSING);
    }
}
