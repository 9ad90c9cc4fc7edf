//! Data goes to stdout; a reader that closes the pipe is no failure.

use std::io::{self, ErrorKind, Write};

use anyhow::Context;
use serde::Serialize;

use crate::cli::{color::Paint, exit::CliError};

/// Prints text as it is.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    print_while_read(text).map(drop)
}

/// The same for what is printed again and again: `false` when nobody reads it any more.
pub(crate) fn print_while_read(text: &str) -> Result<bool, CliError> {
    match write(text) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        result => Ok(result.context("cannot write the answer").map(|()| true)?),
    }
}

/// Prints a value as indented JSON.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    print(&as_text(value).context("cannot write the answer as JSON")?)
}

/// Prints what a command has done, in words or, where that is wanted, as a value. It is done: where
/// nobody can be told on stdout, stderr says so, and no script has a reason to do it twice.
pub(crate) fn print_done(done: &str, json: Option<&impl Serialize>) {
    let answer = json.map_or_else(|| Ok(done.to_owned()), as_text);
    if let Err(error) = answer.map_err(io::Error::from).and_then(|answer| write(&answer)) {
        let warning = Paint::on(&io::stderr()).yellow("warning:");
        let text = error.to_string();
        // The system's number adds nothing to its text.
        let text = text.split(" (os error").next().unwrap_or_default();
        note(&format!("{warning} it is done, but stdout cannot be written ({text}):"));
        note(done.trim_end());
    }
}

/// Prints a note for the person at the terminal to stderr: no part of the answer.
pub(crate) fn note(sentence: &str) {
    // Without stderr there is nowhere to print it.
    let _ = writeln!(io::stderr(), "{sentence}");
}

/// Notes that a list shows `listed` of `all` there are, where that is not all.
pub(crate) fn note_cut(listed: usize, all: u32) {
    if usize::try_from(all).is_ok_and(|all| listed < all) {
        note(&format!("the newest {listed} of {all}; --limit {all} shows all"));
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

fn as_text(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
