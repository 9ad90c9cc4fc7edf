//! Root's commands on the database of another user are done as that user: whatever they leave behind,
//! the bot can write.

use std::{env, fs, io, path::Path, process};

use rustix::process::{geteuid, umask};

use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
};
use crate::config::{account::Account, load::read, text_file::read_text};

/// Makes the process that of the user whose the database of this command is, or the folder where it
/// will be, if root has started it. Comes before all threads: each would have its own rights.
///
/// The config is read before: it may lie where only root reaches it.
pub(crate) fn become_owner(context: &mut Context) -> Result<(), CliError> {
    if !is_root() {
        return Ok(());
    }
    // What is wrong with the config the command itself will say.
    let Ok(loaded) = read(&context.flags, &context.environment.of_places()) else { return Ok(()) };
    let Some(owner) = loaded.database().ok().and_then(owner_of) else { return Ok(()) };
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    if owner.uid == 0 || !is_mapped(owner.uid, &map) {
        return Ok(());
    }
    match loaded.path {
        Some(path) => {
            context.environment.read_before = read_text(&path).ok().map(|text| (path, text));
        }
        // Root's own folder cannot be looked into any more.
        None => context.environment.config_dir = None,
    }
    switch(&owner).map_err(|error| {
        let sentence =
            format!("the database is {}'s, whom root cannot become here: {error}", owner.name);
        CliError::because(Exit::Failed, sentence).hint(format!(
            "type `sudo -u {} reelbot …`, or give root the right to setuid",
            owner.name
        ))
    })?;
    tracing::debug!(user = owner.name, "acting as the owner of the database");
    Ok(())
}

/// Whether a user exists in this user namespace, by its table of first numbers and counts. In one that has
/// only root, all others look like one user whom nobody can become.
fn is_mapped(uid: u32, map: &str) -> bool {
    let mut rows = map.lines().map(|line| {
        let row: Vec<u32> =
            line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        row.first()
            .zip(row.get(2))
            .is_some_and(|(first, count)| (*first..first.saturating_add(*count)).contains(&uid))
    });
    map.is_empty() || rows.any(|is_in| is_in)
}

/// Whether the process has the rights of root.
pub(crate) fn is_root() -> bool {
    geteuid().is_root()
}

/// Whose a database is, or the nearest folder that is there.
fn owner_of(path: &Path) -> Option<Account> {
    let found = path
        .ancestors()
        .filter(|path| !path.as_os_str().is_empty())
        .find_map(|path| fs::metadata(path).ok());
    found.as_ref().map(Account::owning)
}

#[cfg(target_os = "linux")]
fn switch(owner: &Account) -> io::Result<()> {
    use rustix::{
        process::{Gid, Uid},
        thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid},
    };
    let gids: Vec<Gid> = owner.gids.iter().copied().map(Gid::from_raw).collect();
    let (uid, gid) = (Uid::from_raw(owner.uid), gids[0]);
    set_thread_groups(&gids)?;
    set_thread_res_gid(gid, gid, gid)?;
    set_thread_res_uid(uid, uid, uid)?;
    umask(rustix::fs::Mode::from_raw_mode(0o077));
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn switch(_: &Account) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// Warns of a bot that runs as root where nothing confines it.
pub(crate) fn warn_of_root() {
    let is_set = |name: &str| env::var_os(name).is_some();
    if is_root() && process::id() != 1 && !is_container(Path::new("/"), is_set) {
        tracing::warn!(
            hint = "give it a user of its own who owns the database and its folder",
            "the bot runs as root and needs none of root's rights"
        );
    }
}

/// Whether this is a container: by the marks of Docker and Podman, and by the variables of systemd,
/// Podman and Kubernetes.
fn is_container(root: &Path, is_set: impl Fn(&str) -> bool) -> bool {
    [".dockerenv", "run/.containerenv"].iter().any(|mark| root.join(mark).exists())
        || ["container", "KUBERNETES_SERVICE_HOST"].into_iter().any(is_set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_whom_the_namespace_does_not_have_is_nobody_to_become() {
        let [whole, root_alone] = ["         0          0 4294967295\n", " 0 1000 1\n"];
        assert!(is_mapped(996, whole) && is_mapped(0, root_alone) && is_mapped(996, ""));
        assert!(!is_mapped(65_534, root_alone));
        assert!(is_mapped(65_534, "0 1000 1\n1 100000 65536\n"));
    }

    #[test]
    fn a_container_is_known_by_its_marks() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        assert!(!is_container(root, |_| false));
        assert!(is_container(root, |name| name == "container"));
        fs::create_dir(root.join("run")).unwrap();
        fs::write(root.join("run/.containerenv"), "").unwrap();
        assert!(is_container(root, |_| false));
    }
}
