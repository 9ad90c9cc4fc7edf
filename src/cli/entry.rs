//! From the command line to the exit code.

use std::process::ExitCode;

use clap::Parser;
use tracing::Level;

use crate::cli::{
    args::{Cli, Command},
    context::Context,
    exit::{CliError, Exit},
    log,
    redact::Redactor,
};
use crate::config::environment::Environment;

/// Runs the command line. Wrong usage is answered by clap, with exit code 2.
pub fn main() -> ExitCode {
    let redactor = Redactor::default();
    match dispatch(Cli::parse(), &redactor) {
        Ok(()) => Exit::Done.into(),
        Err(failed) => {
            failed.report(&redactor);
            failed.exit.into()
        }
    }
}

/// The sandbox and the rehearsal print what goes well, so their log does not.
fn usual_level(command: &Command) -> Level {
    match command {
        Command::Sandbox(_) | Command::Rehearse(_) => Level::WARN,
        // What fails is its answer already.
        Command::Webhook(_) => Level::ERROR,
        _ => Level::INFO,
    }
}

fn dispatch(cli: Cli, redactor: &Redactor) -> Result<(), CliError> {
    let environment = Environment::of_process();
    log::start(cli.global.log_format, usual_level(&cli.command), &environment, redactor)?;
    let context = Context { flags: cli.global.flags(), environment, redactor: redactor.clone() };
    match cli.command {
        Command::Run(args) => args.run(&context),
        Command::Sandbox(args) => args.run(&context),
        Command::Rehearse(args) => args.run(&context),
        Command::Migrate(args) => args.run(&context),
        Command::Keys(args) => args.run(&context),
        Command::Credits(args) => args.run(&context),
        Command::Users(args) => args.run(&context),
        Command::Jobs(args) => args.run(&context),
        Command::Pause(args) => args.run(&context),
        Command::Resume(args) => args.run(&context),
        Command::Health(args) => args.run(&context),
        Command::Audit(args) => args.run(&context),
        Command::Config(args) => args.run(&context),
        Command::Webhook(args) => args.run(&context),
    }
}
