//! The operator's command after a backup.

use std::{
    io::{Read, Seek, SeekFrom},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::config::backup::FILE;
use crate::service::stop::Stop;
use crate::store::error::{StoreError, StoreErrorKind};

/// How long it may take.
const TIMEOUT: Duration = Duration::from_hours(1);

/// The time between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(200);

/// The longest end of what it said that is repeated, in characters.
const LONGEST: usize = 200;

/// Runs the command for a backup, without a shell. Fails when it cannot be started, does not end
/// within an hour, or ends with anything but 0; a stop ends it too.
pub(crate) fn run_after(command: &[String], backup: &Path, stop: &Stop) -> Result<(), StoreError> {
    let Some((program, args)) = command.split_first() else { return Ok(()) };
    let file = backup.to_string_lossy();
    let said = tempfile::tempfile()?;
    let child = Command::new(program)
        .args(args.iter().map(|arg| arg.replace(FILE, &file)))
        .env("REELBOT_BACKUP", backup)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said.try_clone()?)
        // What it starts ends with it.
        .process_group(0)
        .spawn();
    let mut child = child.map_err(|error| failure(program, &error.to_string()))?;
    let status = wait(&mut child, stop)?;
    match status {
        Some(status) if status.success() => {
            tracing::info!(program, "the command after the backup has done its work");
            Ok(())
        }
        Some(status) => {
            let end = last_line(said).unwrap_or_default();
            Err(failure(program, format!("{status} {end}").trim()))
        }
        None => Err(failure(program, "it did not end in time, and was ended")),
    }
}

/// How it ended; `None` when it had to be.
fn wait(child: &mut Child, stop: &Stop) -> Result<Option<ExitStatus>, StoreError> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if !stop.pause(LOOK) || began.elapsed() > TIMEOUT {
            let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            if let Some(group) = group {
                // It fails where all of them have just ended.
                let _ = kill_process_group(group, Signal::KILL);
            }
            child.wait()?;
            return Ok(None);
        }
    }
}

/// The last line that it wrote to stderr.
fn last_line(mut said: std::fs::File) -> std::io::Result<String> {
    let end = said.metadata()?.len();
    said.seek(SeekFrom::Start(end.saturating_sub(4096)))?;
    let mut bytes = Vec::new();
    said.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    Ok(line.chars().take(LONGEST).collect())
}

fn failure(program: &str, text: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Other, format!("{program}: {text}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn run(script: &str) -> Result<(), String> {
        let command = ["sh", "-c", script].map(str::to_owned);
        let stop = Stop::new(&Arc::default());
        run_after(&command, Path::new("/backups/a.db"), &stop).map_err(|error| error.text)
    }

    #[test]
    fn its_exit_is_checked_and_its_last_words_are_told() {
        assert_eq!(run("test {file} = /backups/a.db -a $REELBOT_BACKUP = {file}"), Ok(()));
        let failed = run("echo first >&2; echo 'no such remote' >&2; exit 3").unwrap_err();
        assert_eq!(failed, "sh: exit status: 3 no such remote");
        let missing = ["/nowhere/rclone".to_owned()];
        let stop = Stop::new(&Arc::default());
        let error = run_after(&missing, Path::new("a.db"), &stop).unwrap_err();
        assert!(error.text.starts_with("/nowhere/rclone: No such file"), "{error}");
    }

    #[test]
    fn a_stop_ends_it() {
        let stop = Stop::new(&Arc::default());
        stop.set();
        let command = ["sh", "-c", "while :; do :; done"].map(str::to_owned);
        let error = run_after(&command, Path::new("a.db"), &stop).unwrap_err();
        assert_eq!(error.text, "sh: it did not end in time, and was ended");
    }
}
