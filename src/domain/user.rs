//! People and their languages.

use serde::{Deserialize, Serialize};

/// A language that reelbot speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Russian, the language of most of its people.
    Ru,
    /// English, for everybody else.
    #[default]
    En,
}

impl Language {
    /// Every language, in the order of the /language buttons.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The language code of IETF and of Telegram.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language that a code such as `ru` or `en-GB` stands for, if reelbot speaks it.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language for a person: their own choice, else what their Telegram
    /// says. A speaker of a neighbouring language reads Russian more
    /// likely than English.
    pub fn of(chosen: Option<&str>, telegram: Option<&str>) -> Self {
        let spoken =
            chosen.and_then(Self::from_code).or_else(|| telegram.and_then(Self::from_code));
        let neighbour = |code: &str| ["uk", "be", "kk", "uz", "ky", "tg", "hy"].contains(&code);
        match (spoken, telegram) {
            (Some(language), _) => language,
            (None, Some(code)) if neighbour(code) => Self::Ru,
            (None, _) => Self::En,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_wins_over_telegrams_language() {
        assert_eq!(Language::of(None, Some("ru-RU")), Language::Ru);
        assert_eq!(Language::of(Some("en"), Some("ru")), Language::En);
        assert_eq!(Language::of(None, Some("uk")), Language::Ru);
        assert_eq!(Language::of(None, Some("de")), Language::En);
        assert_eq!(Language::of(None, None), Language::En);
    }
}
