//! SIGTERM and Ctrl-C: the first asks to close, the second does not ask.

use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;

use crate::cli::exit::CliError;

/// Sends what `make` makes at the first signal; the second ends the process at
/// once, with the exit code of a process killed by that signal.
pub fn listen<T: Send + 'static>(
    events: Sender<T>,
    make: impl FnOnce() -> T + Send + 'static,
) -> Result<(), CliError> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(anyhow::Error::from)?;
    thread::spawn(move || {
        let mut first = Some((events, make));
        for signal in signals.forever() {
            match first.take() {
                // Nobody listens any more when the house is already closing.
                Some((events, make)) => drop(events.send(make())),
                None => std::process::exit(128 + signal),
            }
        }
    });
    Ok(())
}
