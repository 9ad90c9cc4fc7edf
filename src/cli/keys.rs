//! `reelbot keys …`: the KIE API keys.

use clap::Args;
use clap::Subcommand;

use crate::domain::key::DEFAULT_ACCOUNT;

const KEYS: &str = "\
Examples:
  reelbot keys add --account main --label studio
  reelbot keys list
  reelbot keys test studio";

const ADD: &str = "\
Examples:
  reelbot keys add
  reelbot keys add --account second --label spare
  pass show kie | reelbot keys add --no-test";

const LIST: &str = "\
Examples:
  reelbot keys list
  reelbot keys list --json";

const TEST: &str = "\
Examples:
  reelbot keys test
  reelbot keys test studio";

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
pub struct KeysArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What can be done with keys.
#[derive(Clone, Debug, Subcommand)]
pub enum KeysCommand {
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

/// The options of `keys add`. The key itself is never one: arguments are visible to everybody.
#[derive(Args, Clone, Debug)]
pub struct AddKey {
    /// The KIE account it belongs to; keys of one account share its limits
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ACCOUNT)]
    pub account: String,
    /// What to call it; a name is made up otherwise
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
    /// Take it without asking KIE whether it works
    #[arg(long)]
    pub no_test: bool,
}

/// The options of `keys list`.
#[derive(Args, Clone, Copy, Debug)]
pub struct ListKeys {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The options of `keys test`.
#[derive(Args, Clone, Debug)]
pub struct TestKeys {
    /// A label or number of `keys list`; every key otherwise
    pub key: Option<String>,
}

/// One key.
#[derive(Args, Clone, Debug)]
pub struct OneKey {
    /// A label or number of `keys list`
    pub key: String,
}

/// The options of `keys remove`.
#[derive(Args, Clone, Debug)]
pub struct RemoveKey {
    /// A label or number of `keys list`
    pub key: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}
