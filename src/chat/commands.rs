//! The command list that Telegram shows beside the text field.

use crate::chat::{input::Command, key::Key, voice::Voice};

/// Names, without the `/`, and descriptions, for setMyCommands. `/menu` works
/// too, but is not listed: it does what `/start` does.
pub(crate) fn commands(voice: &Voice<'_>) -> Vec<(&'static str, String)> {
    let listed = [
        ("start", Key::CommandStart),
        (Command::My.name(), Key::CommandMy),
        (Command::Balance.name(), Key::CommandBalance),
        (Command::Help.name(), Key::CommandHelp),
        (Command::Settings.name(), Key::CommandSettings),
        (Command::Language.name(), Key::CommandLanguage),
        (Command::Support.name(), Key::CommandSupport),
        (Command::Terms.name(), Key::CommandTerms),
        (Command::Privacy.name(), Key::CommandPrivacy),
        (Command::PaySupport.name(), Key::CommandPaysupport),
    ];
    listed.into_iter().map(|(name, key)| (name, voice.text(key, &[]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{input::Input, words::Words};
    use crate::domain::user::Language;

    #[test]
    fn every_listed_command_is_understood_and_described() {
        for language in Language::ALL {
            for (name, description) in commands(&Words::shipped().voice(language)) {
                let understood = Input::from_text(&format!("/{name}"));
                assert!(matches!(understood, Input::Start { .. } | Input::Command(_)), "{name}");
                // Telegram takes 1 to 256 characters.
                assert!((1..=256).contains(&description.chars().count()), "{name}");
            }
        }
    }
}
