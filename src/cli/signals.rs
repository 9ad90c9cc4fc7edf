//! SIGTERM and Ctrl-C: the first closes the command in order, the second ends it at once.

use std::{sync::mpsc::Sender, thread};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::cli::exit::CliError;

/// Sends what `make` returns at the first signal; the second ends the process at
/// once, with the exit code of a process killed by that signal.
pub(crate) fn listen<T: Send + 'static>(
    events: Sender<T>,
    make: impl FnOnce() -> T + Send + 'static,
) -> Result<(), CliError> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(anyhow::Error::from)?;
    thread::spawn(move || {
        let mut first = Some((events, make));
        for signal in signals.forever() {
            match first.take() {
                // The receiver is gone when the bot is already closing.
                Some((events, make)) => drop(events.send(make())),
                None => std::process::exit(128 + signal),
            }
        }
    });
    Ok(())
}
