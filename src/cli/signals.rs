//! Signals: SIGTERM, Ctrl-C and the hang-up of the terminal close the command in order, and a second
//! one ends it at once. Where there is no terminal to hang up, SIGHUP asks a bot to read its config
//! again. Other signals that would kill it are noted, and change nothing.

use std::{
    fs,
    io::{self, IsTerminal},
    sync::mpsc::Sender,
    thread,
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2},
    iterator::Signals,
    low_level::signal_name,
};

use crate::cli::exit::CliError;

/// Sends what `close` returns at the first signal that closes; the second ends the process at
/// once, with the exit code of a process killed by that signal.
///
/// SIGHUP closes where one of the standard streams is a terminal: then it says that this is gone. A
/// service has none: it gets what `reload` returns, where there is that. What `nohup` has started
/// hears nothing of it.
pub(crate) fn listen<T: Send + 'static>(
    events: Sender<T>,
    close: impl FnOnce() -> T + Send + 'static,
    reload: Option<fn() -> T>,
) -> Result<(), CliError> {
    let mut heard = vec![SIGINT, SIGTERM, SIGUSR1, SIGUSR2];
    if !is_ignored(SIGHUP, &fs::read_to_string("/proc/self/status").unwrap_or_default()) {
        heard.push(SIGHUP);
    }
    let mut signals = Signals::new(heard).map_err(anyhow::Error::from)?;
    let has_terminal = has_terminal();
    thread::spawn(move || {
        let mut first = Some((events.clone(), close));
        for signal in signals.forever() {
            let closes = match signal {
                SIGINT | SIGTERM => true,
                SIGHUP => has_terminal,
                _ => false,
            };
            if let (SIGHUP, false, Some(reload)) = (signal, closes, reload) {
                // The receiver is gone when the bot is closing.
                drop(events.send(reload()));
                continue;
            }
            if !closes {
                let name = signal_name(signal).unwrap_or("another");
                tracing::info!(signal = name, "a signal that changes nothing");
                continue;
            }
            match first.take() {
                // The receiver is gone when the bot is already closing.
                Some((events, close)) => drop(events.send(close())),
                // The system and the shell may both report the same hang-up.
                None if signal == SIGHUP => {}
                None => std::process::exit(128 + signal),
            }
        }
    });
    Ok(())
}

fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()
}

/// Whether whoever started the process had it ignore that signal, by the text of Linux's
/// `/proc/self/status`; elsewhere nothing tells.
fn is_ignored(signal: i32, status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parent_had_ignored_is_read_from_the_systems_mask() {
        let status = |mask: &str| format!("Name:\treelbot\nSigBlk:\t0001\nSigIgn:\t{mask}\n");
        for (mask, ignored) in [
            ("0000000000000000", false),
            ("0000000000001000", false),
            ("0000000000000001", true),
            ("0000000000001001", true),
            ("no number", false),
        ] {
            assert_eq!(is_ignored(SIGHUP, &status(mask)), ignored, "{mask}");
        }
        assert!(is_ignored(SIGTERM, &status("4000")));
        assert!(!is_ignored(SIGHUP, ""));
    }
}
