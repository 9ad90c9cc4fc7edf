//! What a person did, as far as the conversation needs to know.

use crate::chat::{
    answered::Answered, incoming_photo::IncomingPhoto, incoming_voice::IncomingVoice,
};
use crate::domain::{id::MessageId, photo::PhotoFault};
use crate::store::users::Profile;

/// One update of a private chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The person.
    pub from: Profile,
    /// What they did.
    pub input: Input,
    /// The message that they sent or edited; none for a tap or a block.
    pub message: Option<MessageId>,
    /// The message that they answer with it.
    pub replies_to: Option<Answered>,
}

/// What the person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// `/start`
    Start {
        /// What came along in the link, `t.me/bot?start=…`. Nothing reads it yet; invitations
        /// and promo codes will come this way.
        payload: Option<String>,
    },
    /// Another command that we have.
    Command(Command),
    /// `/my арт 123`: the videos in which this is found.
    FindVideos(String),
    /// A command that we do not have: its name, without the `/`.
    UnknownCommand(String),
    /// A text that is no command.
    Text(String),
    /// An earlier text, or the text under an earlier photo, as it reads now.
    Edited(String),
    /// The photo of an earlier message as it is now: it may be another one, or have other words.
    EditedPhoto(IncomingPhoto),
    /// An earlier message has a file now that is no usable photo.
    EditedFile {
        /// Why it cannot be used.
        fault: PhotoFault,
        /// What is written under it.
        caption: Option<String>,
    },
    /// A photo, or a file that may be an image, and looks usable.
    Photo(IncomingPhoto),
    /// A photo or file that cannot be used.
    BadFile {
        /// Why.
        fault: PhotoFault,
        /// The album it came in, so that an album is answered once.
        album: Option<String>,
    },
    /// A voice message, or another recording of a voice.
    Voice(IncomingVoice),
    /// A sticker, a video …
    OtherMedia {
        /// The album it came in: it is one of its files that cannot serve.
        album: Option<String>,
    },
    /// A tap on a button.
    Tap {
        /// Its callback data: anything at all, see [`crate::chat::tap::Tap::parse`].
        data: String,
        /// The message with the button.
        message: MessageId,
    },
    /// The person blocked the bot.
    Blocked,
    /// The person took the block away.
    Unblocked,
}

/// A command besides `/start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// The person's videos.
    My,
    /// How it works.
    Help,
    /// The credits.
    Balance,
    /// What the person may choose for themselves.
    Settings,
    /// The choice of a language.
    Language,
    /// From the beginning.
    Menu,
    /// Nothing is awaited any longer.
    Cancel,
    /// The operator's contact.
    Support,
    /// The terms of use; Telegram requires them of bots that sell.
    Terms,
    /// What is stored; Telegram requires it of every bot.
    Privacy,
    /// Questions about payments; Telegram requires it of bots that sell.
    PaySupport,
}

impl Command {
    /// Every command.
    pub const ALL: [Self; 11] = [
        Self::My,
        Self::Help,
        Self::Balance,
        Self::Settings,
        Self::Language,
        Self::Menu,
        Self::Cancel,
        Self::Support,
        Self::Terms,
        Self::Privacy,
        Self::PaySupport,
    ];

    /// What is typed after the `/`.
    pub fn name(self) -> &'static str {
        match self {
            Self::My => "my",
            Self::Help => "help",
            Self::Balance => "balance",
            Self::Settings => "settings",
            Self::Language => "language",
            Self::Menu => "menu",
            Self::Cancel => "cancel",
            Self::Support => "support",
            Self::Terms => "terms",
            Self::Privacy => "privacy",
            Self::PaySupport => "paysupport",
        }
    }
}

impl Input {
    /// What a text message is: a command (`/help`, `/help@our_bot`, `/start abc`) or a text.
    pub fn from_text(text: &str) -> Self {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default();
        let name = first.strip_prefix('/').map(|name| name.split('@').next().unwrap_or_default());
        let Some(name) = name.filter(|name| is_command_name(name)) else {
            return known_word(text).unwrap_or_else(|| Self::Text(text.to_owned()));
        };
        let name = name.to_lowercase();
        if name == "start" {
            return Self::Start { payload: words.next().map(str::to_owned) };
        }
        let rest: Vec<&str> = words.collect();
        if name == Command::My.name() && !rest.is_empty() {
            return Self::FindVideos(rest.join(" "));
        }
        let known = Command::ALL.into_iter().find(|command| command.name() == name);
        known.map_or(Self::UnknownCommand(name), Self::Command)
    }
}

/// What people write where a command is meant, without its `/`.
fn known_word(text: &str) -> Option<Input> {
    Some(Input::Command(match bare(text).as_str() {
        "старт" | "начать" | "start" | "запуск" => {
            return Some(Input::Start { payload: None });
        }
        "меню"
        | "главное меню"
        | "🏠 главное меню"
        | "в меню"
        | "на главную"
        | "menu"
        | "main menu"
        | "🏠 main menu"
        | "home" => Command::Menu,
        "отмена" | "отменить" | "отмени" | "стоп" | "назад" | "cancel" | "stop" | "back" => {
            Command::Cancel
        }
        "мои видео" | "my videos" => Command::My,
        "помощь"
        | "помоги"
        | "помогите"
        | "справка"
        | "инструкция"
        | "как это работает"
        | "help"
        | "how it works" => Command::Help,
        "баланс"
        | "мой баланс"
        | "кредиты"
        | "мои кредиты"
        | "сколько кредитов"
        | "сколько у меня кредитов"
        | "balance"
        | "my balance"
        | "credits"
        | "my credits" => Command::Balance,
        "настройки" | "мои настройки" | "settings" | "my settings" => {
            Command::Settings
        }
        "язык" | "сменить язык" | "language" => Command::Language,
        "поддержка" | "техподдержка" | "support" => Command::Support,
        "условия" | "terms" => Command::Terms,
        _ => return None,
    }))
}

/// What people say when nothing is to be done.
pub(crate) fn is_small_talk(text: &str) -> bool {
    matches!(
        bare(text).as_str(),
        "" | "да"
            | "нет"
            | "ок"
            | "окей"
            | "ага"
            | "угу"
            | "хорошо"
            | "понятно"
            | "ясно"
            | "спасибо"
            | "спасибо большое"
            | "большое спасибо"
            | "благодарю"
            | "супер"
            | "класс"
            | "отлично"
            | "круто"
            | "здравствуйте"
            | "привет"
            | "добрый день"
            | "yes"
            | "no"
            | "ok"
            | "okay"
            | "thanks"
            | "thank you"
            | "thx"
            | "great"
            | "cool"
            | "nice"
            | "hello"
            | "hi"
    )
}

/// A text as a word to be recognised: without what stands around it.
pub(super) fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('ё', "е")
}

/// Telegram's rule: 1 to 32 Latin letters, digits and underscores.
fn is_command_name(name: &str) -> bool {
    (1..=32).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    #[test]
    fn commands_and_texts_are_distinguished() {
        let payload = Some("abc".to_owned());
        assert_eq!(Input::from_text("/start abc"), Input::Start { payload });
        assert_eq!(Input::from_text("/start"), Input::Start { payload: None });
        for command in Command::ALL {
            let typed = format!("/{}@reel_bot", command.name().to_uppercase());
            assert_eq!(Input::from_text(&typed), Input::Command(command));
        }
        assert_eq!(Input::from_text("/dance"), Input::UnknownCommand("dance".into()));
        for (words, command) in [
            ("меню", Command::Menu),
            (" Баланс! ", Command::Balance),
            ("«Помощь»", Command::Help),
            ("ОТМЕНА.", Command::Cancel),
            ("Menu", Command::Menu),
            ("balance?", Command::Balance),
            ("Как это работает?", Command::Help),
        ] {
            assert_eq!(Input::from_text(words), Input::Command(command), "{words}");
        }
        assert_eq!(Input::from_text("Старт"), Input::Start { payload: None });
        assert_eq!(Input::from_text("💳 Баланс"), Input::Command(Command::Balance));
        let texts = ["", "/", "a /help", "/привет", "фон 50/50", "меню кафе"];
        for text in texts {
            assert_eq!(Input::from_text(text), Input::Text(text.into()));
        }
    }

    proptest! {
        #[test]
        fn a_text_is_kept_whole_unless_it_is_a_command(
            text in texts(&["/start abc".to_owned(), "/help@our_bot".to_owned(), "фон".to_owned()]),
        ) {
            match Input::from_text(&text) {
                Input::Text(kept) => prop_assert_eq!(kept, text),
                Input::Start { .. } | Input::Command(_) => {
                    let is_word = known_word(&text).is_some();
                    prop_assert!(is_word || text.trim_start().starts_with('/'));
                }
                Input::UnknownCommand(name) => prop_assert!(is_command_name(&name)),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
