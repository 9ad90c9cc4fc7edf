//! From the command line to the exit code.

use std::{env, process::ExitCode};

use clap::{Parser, error::ErrorKind};
use tracing::Level;

use crate::cli::{
    args::{Cli, Command},
    config::ConfigCommand,
    context::Context,
    exit::{CliError, Exit, Form},
    log,
    operator::Operator,
    owner::become_owner,
    redact::Redactor,
};
use crate::config::environment::Environment;

/// Runs the command line.
pub fn main() -> ExitCode {
    let redactor = Redactor::default();
    let form = Form::asked(env::args_os());
    let done = Cli::try_parse().map_err(|error| misused(&error, form));
    match done.and_then(|cli| dispatch(cli, &redactor)) {
        Ok(()) => Exit::Done.into(),
        Err(failed) => {
            failed.report(&redactor, form);
            failed.exit.into()
        }
    }
}

/// Wrong usage. For people clap tells it in its own form and ends the process with 2; so does
/// what is no error, such as `--help`, with 0.
fn misused(error: &clap::Error, form: Form) -> CliError {
    if form == Form::Text || !error.use_stderr() {
        error.exit();
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return CliError::because(Exit::Usage, "a command is missing")
            .hint("`reelbot --help` lists the commands");
    }
    let text = error.render().to_string();
    let mut parts =
        text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let sentence = parts.next().unwrap_or_default();
    let failed = CliError::because(Exit::Usage, sentence.trim_start_matches("error: "));
    // The last part says that there is --help.
    let mut rest: Vec<String> = parts.collect();
    let help = rest.pop();
    match help {
        Some(help) => failed.hint(if rest.is_empty() { help } else { rest.join("; ") }),
        None => failed,
    }
}

/// Whether the command may open the operator's database.
fn works_on_a_database(cli: &Cli) -> bool {
    match &cli.command {
        Command::Sandbox(_) => cli.global.database.is_some(),
        Command::Config(args) => !matches!(args.command, ConfigCommand::Example),
        Command::Rehearse(_) => false,
        _ => true,
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
    let operator = Operator::of_process(&environment);
    let redactor = redactor.clone();
    let mut context = Context { flags: cli.global.flags(), environment, redactor, operator };
    if works_on_a_database(&cli) {
        become_owner(&mut context)?;
    }
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
        Command::Status(args) => args.run(&context),
        Command::Stats(args) => args.run(&context),
        Command::Health(args) => args.run(&context),
        Command::AdminLog(args) => args.run(&context),
        Command::Audit(args) => args.run(&context),
        Command::Backup(args) => args.run(&context),
        Command::Config(args) => args.run(&context),
        Command::Webhook(args) => args.run(&context),
    }
}
