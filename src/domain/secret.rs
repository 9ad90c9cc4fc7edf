//! Secrets that cannot be printed by accident.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A token or an API key. Every way of showing it yields only its [mask](Secret::mask).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret, without the white space that comes along when it is pasted.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The secret itself: for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `…` and the last four characters; of a short secret only `…`.
    pub fn mask(&self) -> String {
        let length = self.0.chars().count();
        let shown = if length >= 12 { 4 } else { 0 };
        let tail: String = self.0.chars().skip(length - shown).collect();
        format!("…{tail}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.mask())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = if self.is_empty() { String::new() } else { self.mask() };
        serializer.serialize_str(&shown)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_of_printing_shows_a_secret() {
        let key = Secret::new(" 0123456789abcdef0123456789abcdef\n");
        assert_eq!(key.mask(), "…cdef");
        assert_eq!(format!("{key:?}"), "Secret(…cdef)");
        assert_eq!(serde_json::to_string(&key).unwrap(), "\"…cdef\"");
        assert_eq!(Secret::new("short").mask(), "…");
    }
}
