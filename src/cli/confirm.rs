//! Asking before what cannot be undone.

use std::io::{self, IsTerminal};

use dialoguer::Confirm;

use crate::cli::exit::{CliError, Exit};

/// Asks at the terminal; without one it is an error, whose hint is that.
pub(crate) fn confirmed(question: &str, hint: &str) -> Result<bool, CliError> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(CliError::because(Exit::Usage, "there is no terminal to ask on").hint(hint));
    }
    let answer = Confirm::new().with_prompt(question).default(false).interact_opt();
    answer.map(|yes| yes == Some(true)).map_err(|error| CliError::new(Exit::Failed, error))
}
