//! The command line as a whole.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::cli::{
    audit::AuditArgs,
    backup::args::BackupArgs,
    config::ConfigArgs,
    credits::CreditsArgs,
    health::HealthArgs,
    jobs::JobsArgs,
    keys::args::KeysArgs,
    log::LogFormat,
    migrate::MigrateArgs,
    pause::{PauseArgs, ResumeArgs},
    rehearse::args::RehearseArgs,
    run::RunArgs,
    sandbox::SandboxArgs,
    stats::StatsArgs,
    status::StatusArgs,
    users::UsersArgs,
    webhook::WebhookArgs,
};
use crate::config::locate::Flags;

const EXAMPLES: &str = "\
Examples:
  reelbot sandbox --open
  reelbot keys add
  reelbot credits grant @anna 10";

/// A Telegram bot that turns a product photo into short AI videos.
#[derive(Clone, Debug, Parser)]
#[command(name = "reelbot", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The config file.
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help = "The config file [env: REELBOT_CONFIG]"
    )]
    pub config: Option<PathBuf>,
    /// The database file.
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help = "The database file [env: REELBOT_DATABASE]"
    )]
    pub database: Option<PathBuf>,
    /// The form of the log on stderr
    #[arg(long, value_name = "FORM", global = true, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// The commands. The doc of each one's `Args` is its help.
#[derive(Clone, Debug, Subcommand)]
#[allow(missing_docs, reason = "a doc here would replace the longer one of the Args in --help")]
pub(crate) enum Command {
    Run(RunArgs),
    Sandbox(SandboxArgs),
    Rehearse(RehearseArgs),
    Migrate(MigrateArgs),
    Keys(KeysArgs),
    Credits(CreditsArgs),
    Users(UsersArgs),
    Jobs(JobsArgs),
    Pause(PauseArgs),
    Resume(ResumeArgs),
    Status(StatusArgs),
    Stats(StatsArgs),
    Health(HealthArgs),
    Audit(AuditArgs),
    Backup(BackupArgs),
    Config(ConfigArgs),
    Webhook(WebhookArgs),
}

impl Global {
    /// What the command line decides of the config.
    pub(crate) fn flags(&self) -> Flags {
        Flags { config: self.config.clone(), database: self.database.clone() }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_ends_with_two_or_three_examples_that_parse() {
        let mut commands = vec![Cli::command()];
        while let Some(command) = commands.pop() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let (title, examples) = help.split_once('\n').unwrap_or_default();
            assert_eq!(title, "Examples:", "{}", command.get_name());
            assert!((2..=3).contains(&examples.lines().count()), "{}", command.get_name());
            for example in examples.lines() {
                let call = example.split("reelbot ").last().expect("one calls reelbot");
                let call = call.split(" >").next().unwrap_or_default();
                let parsed = Cli::command().try_get_matches_from(words(call));
                assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }

    /// The words of a call as a shell splits them: what stands in "quotes" is one.
    fn words(call: &str) -> Vec<String> {
        let mut words = vec!["reelbot".to_owned()];
        for (index, part) in call.split('"').enumerate() {
            match index % 2 {
                0 => words.extend(part.split_whitespace().map(str::to_owned)),
                _ => words.push(part.to_owned()),
            }
        }
        words
    }

    #[test]
    fn options_of_every_command_may_come_after_it() {
        let cli =
            Cli::try_parse_from(["reelbot", "config", "check", "--config", "a.toml"]).unwrap();
        assert_eq!(cli.global.flags().config, Some("a.toml".into()));
    }
}
