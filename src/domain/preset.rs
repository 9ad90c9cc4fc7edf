//! Presets: the ready-made ideas behind the prompt buttons.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::user::Language;

/// A text in each language of reelbot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localized {
    /// The Russian text.
    pub ru: String,
    /// The English text.
    pub en: String,
}

impl Localized {
    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}

/// One prompt button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// The name in callback data and in the database: 1 to 24 of `a-z 0-9 -`.
    pub id: String,
    /// What the button says.
    pub label: Localized,
    /// What happens in the video, in English. GPT works it out; while GPT is
    /// down it is itself the prompt, so it must read as one.
    pub idea: String,
    /// A video that shows what it looks like, relative to the config file's folder; empty: none.
    #[serde(default, skip_serializing_if = "is_no_path")]
    pub sample: PathBuf,
}

fn is_no_path(path: &Path) -> bool {
    path.as_os_str().is_empty()
}

impl Preset {
    /// What its button says, in one language.
    pub fn name(&self, language: Language) -> &str {
        match self.label.text(language).trim() {
            "" => &self.id,
            label => label,
        }
    }

    /// Whether an id fits in callback data.
    pub fn id_is_valid(id: &str) -> bool {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        (1..=24).contains(&id.len()) && id.chars().all(letter)
    }
}
