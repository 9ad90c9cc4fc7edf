//! Data goes to stdout; a reader that closes the pipe is no failure.

use std::io::{self, ErrorKind, Write};

use anyhow::Context;
use serde::Serialize;

use crate::cli::exit::CliError;

/// Prints text as it is.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result.context("cannot write the answer")?),
    }
}

/// Prints a note for the person at the terminal to stderr: no part of the answer.
pub(crate) fn note(sentence: &str) {
    // Without stderr there is nowhere to print it.
    let _ = writeln!(io::stderr(), "{sentence}");
}

/// Prints a value as indented JSON.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let json = serde_json::to_string_pretty(value).context("cannot write the answer as JSON")?;
    print(&(json + "\n"))
}
