//! A mount namespace for the bot, in which its disk is small or its table of host names another.
//! Needs no rights but user namespaces.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::bot::Bot;

/// The same command in a mount namespace that `script` has set up.
pub(crate) fn in_namespace(command: &Command, script: &str) -> Command {
    let mut all = Command::new("unshare");
    all.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
    all.arg(format!("set -e; {script}; exec \"$0\" \"$@\""));
    all.arg(command.get_program()).args(command.get_args()).env_clear();
    let environment = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    all.envs(environment.chain([("PATH".as_ref(), path().as_os_str())]));
    all.current_dir(command.get_current_dir().unwrap());
    assert!(
        Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success()),
        "this machine gives no user and mount namespaces (unshare -rm), without which its disk \
         cannot be filled nor its host names changed: allow them (on Ubuntu: sysctl \
         kernel.apparmor_restrict_unprivileged_userns=0), or run the tests as root"
    );
    all
}

fn path() -> OsString {
    std::env::var_os("PATH").unwrap_or_else(|| "/usr/sbin:/usr/bin:/sbin:/bin".into())
}

/// A path in the bot's namespace, as it is reached from outside.
pub(crate) fn inside(bot: &Bot, path: &Path) -> PathBuf {
    PathBuf::from(format!("/proc/{}/root{}", bot.pid(), path.display()))
}
