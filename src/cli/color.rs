//! Colours, where a terminal shows them.

use std::{env, io::IsTerminal};

/// Whether the terminal can only write one line after the other: no colours, nothing drawn anew.
pub(crate) fn is_dumb() -> bool {
    env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint(bool);

impl Paint {
    /// Colours if the stream is a terminal that has some, or `CLICOLOR_FORCE` asks for them
    /// (<https://bixense.com/clicolors>); never if `NO_COLOR` is set (<https://no-color.org>).
    pub(crate) fn on(stream: &impl IsTerminal) -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let shows = forced || stream.is_terminal() && !is_dumb();
        Self(shows && set("NO_COLOR").is_none())
    }

    /// Never colours.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self(false)
    }

    /// Whether it colours.
    pub(crate) fn is_on(self) -> bool {
        self.0
    }

    /// For what went wrong.
    pub(crate) fn red(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    /// For what is in order.
    pub(crate) fn green(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    /// For what deserves a look.
    pub(crate) fn yellow(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// For advice.
    pub(crate) fn cyan(self, text: &str) -> String {
        self.wrap("36", text)
    }

    /// For names.
    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// For what matters less.
    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
