//! The bot's log.

use std::{
    io::Read,
    sync::{Mutex, Once},
};

/// Enables every line of the log from the start. A story that reads the log in its own
/// thread could miss a line that another thread logs for the first time at that very moment:
/// tracing asks only once, per line, whether any subscriber wants it.
pub(crate) fn enable_every_line() {
    static ENABLED: Once = Once::new();
    ENABLED.call_once(|| {
        let set = tracing::subscriber::set_global_default(tracing_subscriber::registry());
        set.expect("nothing else sets it");
    });
}

/// What this thread logs during an action.
pub(crate) fn log_of(action: impl FnOnce()) -> String {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let logger = tracing_subscriber::fmt().with_ansi(false).with_writer(Mutex::new(writer));
    tracing::subscriber::with_default(logger.finish(), action);
    let mut log = String::new();
    reader.read_to_string(&mut log).unwrap();
    log
}
