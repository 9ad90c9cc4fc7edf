//! Which process a pulse is of, and whether that one has ended.

use std::{fs, os::unix::fs::MetadataExt, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// Which process it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Process {
    /// The release.
    pub version: String,
    /// Its number.
    pub pid: u32,
    /// When it began, by the clock on the wall.
    pub started_at: Timestamp,
    /// The same in ticks of its machine, which no later process with that number shares.
    pub(super) ticks: Option<u64>,
    /// In which system of numbers.
    pub(super) namespace: Option<PathBuf>,
    /// Its program, as a path and a file.
    program: Option<(PathBuf, u64, u64)>,
}

impl Process {
    /// This one.
    pub(super) fn own(now: Timestamp) -> Self {
        let program = fs::metadata("/proc/self/exe")
            .ok()
            .and_then(|file| Some((std::env::current_exe().ok()?, file.dev(), file.ino())));
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            started_at: now,
            ticks: ticks("self"),
            namespace: namespace(),
            program,
        }
    }

    /// Whether it has certainly ended.
    pub(super) fn has_ended(&self) -> bool {
        let is_near = self.namespace.is_some() && self.namespace == namespace();
        is_near && self.ticks.is_some() && ticks(&self.pid.to_string()) != self.ticks
    }

    /// Whether its program has been replaced since: it is the process before an upgrade.
    pub(crate) fn is_of_replaced_program(&self) -> bool {
        let Some((path, device, inode)) = &self.program else { return false };
        fs::metadata(path).is_ok_and(|file| (file.dev(), file.ino()) != (*device, *inode))
    }
}

/// When a process began, in ticks since its machine did; `None` where it has ended.
fn ticks(process: &str) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Its name stands in parentheses, and may hold any character.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    // One that has ended and was not collected has a place here still.
    (!matches!(fields.next(), Some("Z" | "X"))).then_some(())?;
    fields.nth(18)?.parse().ok()
}

fn namespace() -> Option<PathBuf> {
    fs::read_link("/proc/self/ns/pid").ok()
}
