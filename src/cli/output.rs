//! Data goes to stdout, and a reader that has seen enough is no failure.

use std::io;
use std::io::ErrorKind;
use std::io::Write;

use anyhow::Context;
use serde::Serialize;

use crate::cli::exit::CliError;

/// Prints text as it is.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result.context("cannot write the answer")?),
    }
}

/// Says something to the person at the terminal, on stderr: no part of the answer.
pub fn note(sentence: &str) {
    // Without stderr there is nobody to tell.
    let _ = writeln!(io::stderr(), "{sentence}");
}

/// Prints a value as indented JSON.
pub fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let json = serde_json::to_string_pretty(value).context("cannot write the answer as JSON")?;
    print(&(json + "\n"))
}
