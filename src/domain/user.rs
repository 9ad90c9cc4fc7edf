//! People and their languages.

use serde::{Deserialize, Serialize};

/// A language that reelbot speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Russian, the language of most of its people: that of a person whose app tells none, unless
    /// the operator says otherwise.
    #[default]
    Ru,
    /// English, for all whose language reelbot does not speak.
    En,
}

impl Language {
    /// Every language, in the order of the /language buttons.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The codes of the languages whose speakers read Russian more likely than English: Ukrainian,
    /// Belarusian, Kazakh, Uzbek, Kyrgyz, Tajik and Armenian.
    pub(crate) const BESIDE_RUSSIAN: [&str; 7] = ["uk", "be", "kk", "uz", "ky", "tg", "hy"];

    /// The language code of IETF and of Telegram.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language that a code such as `ru` or `en-GB` stands for, if reelbot speaks it.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = primary(code);
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language for a person: their own choice, else what their Telegram says, else
    /// `fallback`.
    pub fn of(chosen: Option<&str>, telegram: Option<&str>, fallback: Self) -> Self {
        let chosen = chosen.and_then(Self::from_code);
        chosen.unwrap_or_else(|| telegram.map_or(fallback, Self::nearest))
    }

    /// The language that a speaker of another one reads most likely.
    fn nearest(code: &str) -> Self {
        let reads_russian =
            || Self::BESIDE_RUSSIAN.iter().any(|beside| beside.eq_ignore_ascii_case(primary(code)));
        let other = || if reads_russian() { Self::Ru } else { Self::En };
        Self::from_code(code).unwrap_or_else(other)
    }
}

/// The language of a code, without its region.
fn primary(code: &str) -> &str {
    code.split(['-', '_']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_wins_over_telegrams_language() {
        for (chosen, telegram, language) in [
            (None, Some("ru-RU"), Language::Ru),
            (Some("en"), Some("ru"), Language::En),
            (Some("ru"), None, Language::Ru),
            (None, Some("uk"), Language::Ru),
            (None, Some("UK-ua"), Language::Ru),
            (None, Some("hy_AM"), Language::Ru),
            (None, Some("de"), Language::En),
            (None, Some("ukr"), Language::En),
        ] {
            for fallback in Language::ALL {
                assert_eq!(Language::of(chosen, telegram, fallback), language, "{telegram:?}");
            }
        }
    }

    #[test]
    fn a_person_whose_app_tells_no_language_is_answered_in_the_operators_choice() {
        for fallback in Language::ALL {
            assert_eq!(Language::of(None, None, fallback), fallback);
            assert_eq!(Language::of(Some("xx"), None, fallback), fallback);
        }
    }
}
