//! The commands of `reelbot keys`.

use clap::{Args, Subcommand};

use crate::cli::{
    context::Context,
    exit::CliError,
    keys::{add::AddKey, list::ListKeys, remove::RemoveKey, switch::OneKey, test::TestKeys},
};

const KEYS: &str = "\
Examples:
  reelbot keys add --label studio
  reelbot keys list
  reelbot keys test studio";

const ADD: &str = "\
Examples:
  reelbot keys add
  reelbot keys add --account studio --label spare
  pass show kie | reelbot keys add --no-test --json";

const LIST: &str = "\
Examples:
  reelbot keys list
  reelbot keys list --json";

const TEST: &str = "\
Examples:
  reelbot keys test
  reelbot keys test studio --json";

const ENABLE: &str = "\
Examples:
  reelbot keys enable studio
  reelbot keys enable 2";

const DISABLE: &str = "\
Examples:
  reelbot keys disable studio
  reelbot keys disable 2";

const REMOVE: &str = "\
Examples:
  reelbot keys remove studio
  reelbot keys remove 2 --yes";

/// Add, list, test and switch the KIE API keys.
///
/// Keys are shown masked, as … and their last four characters. A running bot takes up every
/// change by itself. The secrets of keys from the environment are not stored.
#[derive(Args, Clone, Debug)]
#[command(after_help = KEYS)]
pub(crate) struct KeysArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What can be done with keys.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Add a key, from a hidden prompt or from stdin
    #[command(after_help = ADD)]
    Add(AddKey),
    /// List the keys with their state, masked
    #[command(after_help = LIST)]
    List(ListKeys),
    /// Ask KIE whether keys work and how many credits they have; costs nothing
    #[command(after_help = TEST)]
    Test(TestKeys),
    /// Use a key again
    #[command(after_help = ENABLE)]
    Enable(OneKey),
    /// Stop creating videos with a key; what it has under way is still fetched
    #[command(after_help = DISABLE)]
    Disable(OneKey),
    /// Forget a key for good
    #[command(after_help = REMOVE)]
    Remove(RemoveKey),
}

impl KeysArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        match self.command {
            KeysCommand::Add(args) => args.run(context),
            KeysCommand::List(args) => args.run(context),
            KeysCommand::Test(args) => args.run(context),
            KeysCommand::Enable(args) => args.switch(context, true),
            KeysCommand::Disable(args) => args.switch(context, false),
            KeysCommand::Remove(args) => args.run(context),
        }
    }
}
