//! The command line as a whole.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::cli::{
    admin_log::AdminLogArgs,
    audit::AuditArgs,
    backup::args::BackupArgs,
    config::ConfigArgs,
    credits::args::CreditsArgs,
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

/// Where the help has the options of every command: below a command's own.
const COMMON: &str = "Common options";

const EXAMPLES: &str = "\
Examples:
  reelbot sandbox --open
  reelbot keys add
  reelbot credits grant @anna 10";

/// A Telegram bot that turns a product photo into short AI videos.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "reelbot",
    version,
    after_help = EXAMPLES,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_version_flag = true,
    max_term_width = 80
)]
pub(crate) struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub global: Global,
    /// Print the version
    #[arg(short = 'V', long, help_heading = COMMON, action = ArgAction::Version)]
    pub version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The config file.
    #[arg(long, value_name = "FILE", global = true, help_heading = COMMON)]
    #[arg(help = "The config file [env: REELBOT_CONFIG]")]
    pub config: Option<PathBuf>,
    /// The database file.
    #[arg(long, value_name = "FILE", global = true, help_heading = COMMON)]
    #[arg(help = "The database file [env: REELBOT_DATABASE]")]
    pub database: Option<PathBuf>,
    /// The form of the log on stderr: human, or json with one object a line
    #[arg(long, value_name = "FORM", global = true, help_heading = COMMON)]
    #[arg(value_enum, default_value_t, hide_possible_values = true)]
    pub log_format: LogFormat,
    /// Print this help, or with -h a shorter one
    #[arg(short, long, global = true, help_heading = COMMON, action = ArgAction::Help)]
    pub help: Option<bool>,
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
    AdminLog(AdminLogArgs),
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

    /// The commands without `--json`, and why.
    const WITHOUT_JSON: [(&str, &str); 3] = [
        ("run", "its lines are the log's, with --log-format json"),
        ("sandbox", "it is for looking at"),
        ("config example", "its answer is a TOML file"),
    ];

    #[test]
    fn every_command_answers_programs_too() {
        let mut commands = vec![(String::new(), Cli::command())];
        let mut without = Vec::new();
        while let Some((path, command)) = commands.pop() {
            let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
            let inner: Vec<_> = inner.cloned().collect();
            if inner.is_empty() && !command.get_arguments().any(|arg| arg.get_id() == "json") {
                without.push(path.trim_start().to_owned());
            }
            commands.extend(
                inner.into_iter().map(|inner| (format!("{path} {}", inner.get_name()), inner)),
            );
        }
        without.sort_unstable();
        let mut known = WITHOUT_JSON.map(|(command, _)| command);
        known.sort_unstable();
        assert_eq!(without, known);
    }

    #[test]
    fn no_list_is_asked_for_no_lines() {
        for list in ["users list", "jobs list", "credits show 7", "admin-log"] {
            let with = |limit: &str| {
                let call = format!("{list} --limit={limit}");
                Cli::try_parse_from(words(&call)).map_err(|error| error.to_string())
            };
            assert!(with("1").is_ok() && with("4294967295").is_ok(), "{list}");
            for wrong in ["0", "-1", "many", "", "4294967296"] {
                let error = with(wrong).expect_err(wrong);
                assert!(error.contains("write a number, 1 or more"), "{list}: {error}");
            }
        }
    }
}
