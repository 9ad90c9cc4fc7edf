//! No secret leaves through the log or an error message.

use std::{
    borrow::Cow,
    io::{self, Write},
    sync::{Arc, PoisonError, RwLock},
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use crate::domain::secret::Secret;

/// Replaces every known secret by its mask, and whatever looks like one by `…`. Clones share the
/// known secrets, so a key added later is hidden everywhere from then on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor(Arc<RwLock<Vec<Secret>>>);

impl Redactor {
    /// Adds secrets, as they are and as they stand in an address.
    pub(crate) fn add(&self, secrets: impl IntoIterator<Item = Secret>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let in_addresses = |secret: Secret| {
            let escaped = ["%3A", "%3a"].map(|colon| secret.expose().replace(':', colon));
            [secret].into_iter().chain(escaped.map(|text| Secret::new(&text)))
        };
        for secret in secrets.into_iter().flat_map(in_addresses) {
            if !secret.is_empty() && !known.contains(&secret) {
                known.push(secret);
            }
        }
        // Longest first: a secret within another must not leave the rest of that one behind.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    }

    /// The text without secrets.
    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut text = Cow::Borrowed(text);
        for secret in known.iter() {
            if text.contains(secret.expose()) {
                text = Cow::Owned(text.replace(secret.expose(), &secret.mask()));
            }
        }
        if let Cow::Owned(hidden) = hide_shapes(&text) {
            text = Cow::Owned(hidden);
        }
        text
    }

    /// A writer for the log that redacts each event as a whole before it goes to `sink`.
    pub(crate) fn guard<M>(&self, sink: M) -> Guarded<M> {
        Guarded { redactor: self.clone(), sink, has_priorities: false }
    }
}

/// Makes the writers of a guarded log.
#[derive(Clone, Debug)]
pub(crate) struct Guarded<M> {
    redactor: Redactor,
    sink: M,
    has_priorities: bool,
}

impl<M> Guarded<M> {
    /// The same, with the priority of an event before each of its lines, as systemd's journal reads it.
    #[must_use]
    pub(crate) fn with_priorities(self) -> Self {
        Self { has_priorities: true, ..self }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Guarded<M> {
    type Writer = EventWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        let redactor = self.redactor.clone();
        EventWriter { redactor, event: Vec::new(), sink: self.sink.make_writer(), priority: "" }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        let mut writer = self.make_writer();
        if self.has_priorities {
            writer.priority = priority(*metadata.level());
        }
        writer
    }
}

/// The level as syslog counts it.
fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        _ => "<7>",
    }
}

/// Holds one event back until it is complete: a secret may come in two pieces.
#[derive(Debug)]
pub(crate) struct EventWriter<W: Write> {
    redactor: Redactor,
    event: Vec<u8>,
    sink: W,
    priority: &'static str,
}

impl<W: Write> Write for EventWriter<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.event.extend_from_slice(piece);
        Ok(piece.len())
    }

    /// Does nothing: only the whole event may pass.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for EventWriter<W> {
    fn drop(&mut self) {
        let event = std::mem::take(&mut self.event);
        let event = self.redactor.redact(&String::from_utf8_lossy(&event)).into_owned();
        let lines = event.split_inclusive('\n').map(|line| self.priority.to_owned() + line);
        let event = if self.priority.is_empty() { event } else { lines.collect() };
        // A log that cannot be written is no reason to stop, and there is nowhere to report it.
        let _ = self.sink.write_all(event.as_bytes());
        let _ = self.sink.flush();
    }
}

/// Hides what looks like a secret: a Telegram token (in a URL its colon may be `%3A`), and what
/// follows `Bearer`.
fn hide_shapes(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((start, end)) = first_shape(rest) {
        shown.push_str(&rest[..start]);
        shown.push('…');
        rest = &rest[end..];
    }
    if shown.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

fn first_shape(text: &str) -> Option<(usize, usize)> {
    [first_token(text), first_bearer(text)].into_iter().flatten().min()
}

/// `\d{6,}(:|%3A)[A-Za-z0-9_-]{30,}`
fn first_token(text: &str) -> Option<(usize, usize)> {
    let colons = [":", "%3A", "%3a"].into_iter().flat_map(|colon| text.match_indices(colon));
    let token = |(at, colon): (usize, &str)| {
        let digits = run_back(&text[..at], |c| c.is_ascii_digit());
        let from = at + colon.len();
        let letters = run(&text[from..], |c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        (digits >= 6 && letters >= 30).then_some((at - digits, from + letters))
    };
    colons.filter_map(token).min()
}

/// The credentials of an `Authorization: Bearer …` header.
fn first_bearer(text: &str) -> Option<(usize, usize)> {
    let words = text.match_indices(|c: char| c.eq_ignore_ascii_case(&'b'));
    let bearer = |(at, _): (usize, &str)| {
        let word = text.get(at..at + 7).filter(|word| word.eq_ignore_ascii_case("bearer "))?;
        let from = at + word.len();
        let letters = run(&text[from..], |c| c.is_ascii_graphic() && !"\"'\\,;".contains(c));
        (letters >= 6).then_some((from, from + letters))
    };
    words.filter_map(bearer).min()
}

fn run(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|c| !fits(c)).unwrap_or(text.len())
}

fn run_back(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.len() - text.trim_end_matches(fits).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_secrets_become_their_masks() {
        let redactor = Redactor::default();
        redactor.clone().add(["longsecret-1234", "secret"].map(Secret::new));
        assert_eq!(
            redactor.redact("a longsecret-1234, a secret, a longsecret-1234."),
            "a …1234, a …, a …1234."
        );
    }

    #[test]
    fn a_short_token_is_known_in_an_address_too() {
        let redactor = Redactor::default();
        redactor.add([Secret::new("123:TESTtoken")]);
        let redacted = redactor.redact("/bot123:TESTtoken/a /bot123%3ATESTtoken/a");
        assert_eq!(redacted, "/bot…oken/a /bot…oken/a");
    }

    #[test]
    fn what_looks_like_a_secret_is_hidden_though_it_is_not_known() {
        let token = format!("8123456789:{}", "Aa0_-".repeat(7));
        let redactor = Redactor::default();
        for (text, expected) in [
            (
                format!("url (https://api.telegram.org/bot{token}/getMe)"),
                "url (https://api.telegram.org/bot…/getMe)",
            ),
            (format!("{token} and {token}"), "… and …"),
            (token.replace(':', "%3A"), "…"),
            (
                "authorization: Bearer abc.def-123/4==\" next".to_owned(),
                "authorization: Bearer …\" next",
            ),
            ("é bearer 0123456789é".to_owned(), "é bearer …é"),
            (
                "at 12:30:05 a forbearer bears 123456:short".to_owned(),
                "at 12:30:05 a forbearer bears 123456:short",
            ),
        ] {
            assert_eq!(redactor.redact(&text), expected, "{text}");
        }
    }

    #[test]
    fn an_event_in_two_pieces_is_redacted_as_a_whole() {
        let redactor = Redactor::default();
        redactor.add([Secret::new("0123456789abcdef")]);
        let mut sink = Vec::new();
        let mut writer = EventWriter { redactor, event: Vec::new(), sink: &mut sink, priority: "" };
        writer.write_all(b"key 01234567").unwrap();
        writer.flush().unwrap();
        writer.write_all(b"89abcdef failed\n").unwrap();
        drop(writer);
        assert_eq!(String::from_utf8(sink).unwrap(), "key …cdef failed\n");
    }
}
