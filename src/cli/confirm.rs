//! Asking before what is not meant lightly.

use crate::cli::{
    exit::{CliError, Exit},
    terminal::{self, ask},
};

/// Asks whether to go on: only `y` or `yes` is a yes. Without a terminal it is an error, with
/// this hint.
pub(crate) fn confirmed(question: &str, hint: &str) -> Result<bool, CliError> {
    expect_terminal(hint)?;
    let answer = ask(&format!("{question} [y/N]"))?.unwrap_or_default();
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// Asks before what cannot be undone: the name of the thing has to be typed. Without a terminal it is
/// an error, with this hint.
pub(crate) fn confirmed_by_name(question: &str, name: &str, hint: &str) -> Result<bool, CliError> {
    expect_terminal(hint)?;
    let answer = ask(&format!("{question} Type {name} to go on:"))?.unwrap_or_default();
    Ok(answer.trim() == name)
}

/// Fails with this hint where there is no terminal.
pub(crate) fn expect_terminal(hint: &str) -> Result<(), CliError> {
    if terminal::is_there() {
        return Ok(());
    }
    Err(CliError::because(Exit::Usage, "there is no terminal to ask on").hint(hint))
}
