//! How a command ends: its exit code and, when it failed, an error and a hint on stderr.

use std::{
    ffi::OsString,
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use serde_json::json;

use crate::cli::{color::Paint, redact::Redactor};
use crate::config::error::ConfigError;

/// The exit codes of every command; from 64 on they are those of BSD's `sysexits.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Called wrongly.
    Usage = 2,
    /// A service is unreachable.
    Unavailable = 69,
    /// The database is locked by another run; later it may work.
    Busy = 75,
    /// The configuration must be corrected first; trying again is no use.
    Config = 78,
    /// Interrupted before it was done, by Ctrl-C or another signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// How a failure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Lines for people.
    Text,
    /// One JSON object in one line, for programs: `error`, `hint` (or null) and `exit`.
    Json,
}

impl Form {
    /// What the command line asks for, even where the rest of it is wrong: `--json`.
    pub(crate) fn asked(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut options = arguments.into_iter().skip(1).take_while(|argument| argument != "--");
        if options.any(|option| option == "--json") { Self::Json } else { Self::Text }
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct CliError {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong, with its causes.
    pub error: anyhow::Error,
    /// What to type or change.
    pub hint: Option<String>,
}

impl CliError {
    /// A failure without a hint.
    pub(crate) fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// A failure in a sentence of our own.
    pub(crate) fn because(exit: Exit, sentence: impl fmt::Display) -> Self {
        Self::new(exit, anyhow::anyhow!("{sentence}"))
    }

    /// The same with a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints it to stderr, without secrets.
    pub(crate) fn report(&self, redactor: &Redactor, form: Form) {
        let text = match form {
            Form::Text => self.text(redactor, Paint::on(&io::stderr())),
            Form::Json => self.json(redactor),
        };
        // Without stderr only the exit code remains.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    fn json(&self, redactor: &Redactor) -> String {
        let error = redactor.redact(&format!("{:#}", self.error)).into_owned();
        let hint = self.hint.as_ref().map(|hint| redactor.redact(hint).into_owned());
        json!({ "error": error, "hint": hint, "exit": self.exit as u8 }).to_string() + "\n"
    }

    fn text(&self, redactor: &Redactor, color: Paint) -> String {
        let error = format!("{:#}", self.error);
        let line = |title, text| format!("{title} {}\n", redactor.redact(text));
        let hint = self.hint.as_ref().map(|hint| line(color.cyan("hint:"), hint));
        line(color.red("error:"), &error) + &hint.unwrap_or_default()
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        let hint = error.hint();
        // Its cause is part of its sentence.
        Self::because(Exit::Config, error).hint(hint)
    }
}

impl From<anyhow::Error> for CliError {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Exit::Failed, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;

    #[test]
    fn a_failure_is_printed_with_its_causes_and_a_hint_but_no_secret() {
        let redactor = Redactor::default();
        redactor.add([Secret::new("0123456789abcdef")]);
        let error = anyhow::anyhow!("the key 0123456789abcdef is dead").context("cannot ask KIE");
        let failed = CliError::new(Exit::Unavailable, error).hint("`reelbot keys list`");
        assert_eq!(
            failed.text(&redactor, Paint::plain()),
            "error: cannot ask KIE: the key …cdef is dead\nhint: `reelbot keys list`\n"
        );
    }

    #[test]
    fn for_programs_a_failure_is_one_line_of_json() {
        let redactor = Redactor::default();
        redactor.add([Secret::new("0123456789abcdef")]);
        let failed = CliError::because(Exit::Config, "two\nlines of 0123456789abcdef");
        let line = "{\"error\":\"two\\nlines of …cdef\",\"exit\":78,\"hint\":null}\n";
        assert_eq!(failed.json(&redactor), line);
    }

    #[test]
    fn a_config_error_says_its_cause_once_and_ends_with_78() {
        let source = io::Error::other("the file is empty");
        let failed = CliError::from(ConfigError::Unreadable { path: "key".into(), source });
        let text = failed.text(&Redactor::default(), Paint::plain());
        assert!(text.starts_with("error: cannot read key: the file is empty\nhint: "), "{text}");
        assert_eq!(failed.exit as u8, 78);
    }
}
