//! The operator's own words: a folder with `ru.ftl` and `en.ftl` whose
//! messages take the place of the shipped ones, key by key.
//!
//! A mistake in them would reach people, or make Telegram refuse the message,
//! so it is found when the program starts.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use fluent_bundle::FluentResource;
use thiserror::Error;

use crate::chat::ftl::Needs;
use crate::chat::ftl::needs;
use crate::chat::ftl::variables;
use crate::chat::key::Key;
use crate::chat::text::HtmlFault;
use crate::chat::text::check_html;
use crate::chat::text::units;
use crate::chat::words::MAX_FRAME;
use crate::chat::words::Value;
use crate::chat::words::Words;
use crate::chat::words::shipped_file;
use crate::domain::user::Language;

/// Numbers that between them choose every plural form of both languages, and
/// the forms for no, one and several.
const SAMPLES: [i64; 6] = [0, 1, 2, 5, 11, 21];

/// Why the operator's words cannot be used.
#[derive(Debug, Error)]
pub enum WordsError {
    /// The folder or a file in it cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Not Fluent.
    #[error("{}: line {line}: this is not Fluent, near `{near}`", path.display())]
    Syntax {
        /// In which file.
        path: PathBuf,
        /// In which line, from 1.
        line: usize,
        /// The line: it names the key.
        near: String,
    },
    /// A message that cannot be said.
    #[error("{}: `{key}`: {fault}", path.display())]
    Message {
        /// In which file.
        path: PathBuf,
        /// Its key.
        key: String,
        /// What is wrong with it.
        fault: MessageFault,
    },
}

/// What is wrong with one message of the operator's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MessageFault {
    /// reelbot never says such a thing.
    #[error("there is no message of this name")]
    UnknownKey,
    /// It has no text.
    #[error("it has no text")]
    Empty,
    /// Nobody gives it this value.
    #[error("it has no value `${0}`")]
    UnknownVariable(String),
    /// It mentions a message or a form that does not exist.
    #[error("it mentions something that does not exist")]
    Incomplete,
    /// Telegram would refuse it.
    #[error("{0}")]
    Html(HtmlFault),
    /// It leaves no room.
    #[error("it has {0} characters, and {MAX_FRAME} is the most")]
    TooLong(usize),
}

impl Words {
    /// The shipped words, with the messages of `ru.ftl` and `en.ftl` in a
    /// folder in the place of those with the same keys. Either file may be missing.
    pub fn new(override_dir: Option<&Path>) -> Result<Self, WordsError> {
        let mut words = Self::shipped();
        let Some(dir) = override_dir else { return Ok(words) };
        let unreadable = |path: &Path, cause| WordsError::Unreadable { path: path.into(), cause };
        fs::read_dir(dir).map_err(|cause| unreadable(dir, cause))?;
        for language in Language::ALL {
            let path = dir.join(format!("{}.ftl", language.code()));
            match fs::read_to_string(&path) {
                Ok(text) => words.take_over(language, &path, text)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(&path, error)),
            }
        }
        Ok(words)
    }

    fn take_over(
        &mut self,
        language: Language,
        path: &Path,
        text: String,
    ) -> Result<(), WordsError> {
        let file = parse(path, text)?;
        let theirs = needs(&file);
        self.replace(language, file);
        for (name, mentioned) in &theirs {
            self.check(language, name, mentioned).map_err(|fault| WordsError::Message {
                path: path.into(),
                key: name.clone(),
                fault,
            })?;
        }
        Ok(())
    }

    /// Says a replaced message with every sample number and looks at the result.
    fn check(&self, language: Language, name: &str, mentioned: &Needs) -> Result<(), MessageFault> {
        let key = Key::from_name(name).ok_or(MessageFault::UnknownKey)?;
        let given = variables(&needs(&shipped_file(language)), name);
        if let Some(unknown) = mentioned.variables.difference(&given).next() {
            return Err(MessageFault::UnknownVariable(unknown.clone()));
        }
        for sample in SAMPLES {
            let values: Vec<(&str, Value<'_>)> =
                given.iter().map(|name| (name.as_str(), Value::Number(sample))).collect();
            let (text, complete) = self.attempt(language, key, &values);
            if text.trim().is_empty() {
                return Err(MessageFault::Empty);
            }
            if !complete {
                return Err(MessageFault::Incomplete);
            }
            if units(&text) > MAX_FRAME {
                return Err(MessageFault::TooLong(units(&text)));
            }
            if !key.is_plain() {
                check_html(&text).map_err(MessageFault::Html)?;
            }
        }
        Ok(())
    }
}

fn parse(path: &Path, text: String) -> Result<FluentResource, WordsError> {
    FluentResource::try_new(text).map_err(|(file, errors)| {
        let text = file.source();
        let at = errors.first().map_or(0, |error| error.pos.start).min(text.len());
        let line = text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count();
        let near = text.lines().nth(line).unwrap_or_default().trim().to_owned();
        WordsError::Syntax { path: path.into(), line: line + 1, near }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, text: &str) -> Result<Words, WordsError> {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(name), text).unwrap();
        Words::new(Some(dir.path()))
    }

    fn fault(text: &str) -> (String, MessageFault) {
        match with("ru.ftl", text).err() {
            Some(WordsError::Message { path, key, fault }) if path.ends_with("ru.ftl") => {
                (key, fault)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_message_is_replaced_and_the_rest_stays() {
        let own = "script-writing = Минутку…\norder-balance = <b>{ credits }</b>\n";
        let words = with("ru.ftl", own).unwrap();
        assert_eq!(words.say(Language::Ru, Key::ScriptWriting, &[]), "Минутку…");
        let credits = [("credits", Value::Number(3))];
        assert_eq!(words.say(Language::Ru, Key::OrderBalance, &credits), "<b>3 кредита</b>");
        assert_eq!(words.say(Language::En, Key::ScriptWriting, &[]), "✍️ Writing the script…");
        assert_eq!(words.say(Language::Ru, Key::ButtonMenu, &[]), "🏠 Главное меню");
    }

    #[test]
    fn a_folder_without_files_changes_nothing_and_a_missing_one_says_so() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Words::new(Some(dir.path())).is_ok());
        let missing = dir.path().join("nowhere");
        let error = Words::new(Some(&missing)).err().unwrap().to_string();
        assert!(error.contains("nowhere: "), "{error}");
    }

    #[test]
    fn text_that_is_not_fluent_is_shown_with_its_line() {
        let error = with("en.ftl", "script-writing = Wait\n\nhelp = { $\n").err().unwrap();
        let WordsError::Syntax { line, near, .. } = &error else { panic!("{error}") };
        assert_eq!((*line, near.as_str()), (3, "help = { $"));
        assert!(error.to_string().contains("en.ftl: line 3: "), "{error}");
    }

    #[test]
    fn an_unknown_key_or_value_is_named() {
        assert_eq!(fault("scriptwriting = a"), ("scriptwriting".into(), MessageFault::UnknownKey));
        let unknown = MessageFault::UnknownVariable("name".into());
        assert_eq!(fault("start-first = Hi { $name }"), ("start-first".into(), unknown));
        assert_eq!(fault("start-first = { nothing }").1, MessageFault::Incomplete);
        assert_eq!(fault("start-first = { credits }").1, MessageFault::Incomplete);
        assert_eq!(fault("start-first = { \"\" }").1, MessageFault::Empty);
    }

    #[test]
    fn what_telegram_would_refuse_is_found_at_the_start() {
        let open = MessageFault::Html(HtmlFault::NotClosed("b".into()));
        assert_eq!(fault("start-first = <b>Hi").1, open);
        let hidden = "credits = { $credits ->\n    [few] <u>a</u>\n   *[other] b\n}\n";
        assert_eq!(fault(hidden).1, MessageFault::Html(HtmlFault::UnknownTag("u".into())));
        let long = format!("help = {}", "a".repeat(MAX_FRAME + 1));
        assert_eq!(fault(&long).1, MessageFault::TooLong(MAX_FRAME + 1));
        assert!(with("ru.ftl", "button-menu = a < b").is_ok(), "labels are plain text");
    }
}
