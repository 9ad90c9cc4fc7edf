//! The operator's own words: a folder with `ru.ftl` and `en.ftl` whose
//! messages take the place of the shipped ones, key by key.
//!
//! A mistake in them would reach people, or make Telegram refuse the message,
//! so it is found when the program starts.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use fluent_bundle::FluentResource;
use thiserror::Error;

use crate::chat::{
    check::{MessageFault, check_text, known},
    ftl::{broken_escape, needs, too_deep, variables},
    key::Key,
    text::cut,
    word_files::WordFiles,
    words::{Value, Words, shipped_file},
};
use crate::config::text_file::read_text;
use crate::domain::user::Language;

/// Numbers that between them choose every plural form of both languages, and
/// the forms for no, one and several.
const SAMPLES: [i64; 6] = [0, 1, 2, 5, 11, 21];

/// How much of a line is shown, in UTF-16 units.
const MAX_NEAR: usize = 120;

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
    /// A message that cannot be used.
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

impl WordsError {
    /// What the operator can do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { cause, .. } => match cause.kind() {
                io::ErrorKind::InvalidData => "save the file as UTF-8",
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                    "name a folder with ru.ftl and en.ftl, or leave texts.dir empty"
                }
                _ => "give the bot's user the right to read it, or leave texts.dir empty",
            },
            Self::Syntax { .. } | Self::Message { .. } => {
                "mend the file, or leave texts.dir empty for the words as shipped"
            }
        }
    }
}

impl Words {
    /// The shipped words, with the messages of `ru.ftl` and `en.ftl` in a
    /// folder in the place of those with the same keys. Either file may be missing.
    pub fn new(override_dir: Option<&Path>) -> Result<Self, WordsError> {
        let mut words = Self::shipped();
        let Some(dir) = override_dir else { return Ok(words) };
        for (language, path) in files(dir)? {
            words.take_over(language, &path, read(&path)?)?;
        }
        Ok(words)
    }

    /// What is wrong with a folder of words: the first fault of each file.
    pub(crate) fn faults(dir: &Path) -> Vec<WordsError> {
        let files = match files(dir) {
            Ok(files) => files,
            Err(error) => return vec![error],
        };
        let fault = |(language, path): (Language, PathBuf)| {
            read(&path).and_then(|text| Self::shipped().take_over(language, &path, text)).err()
        };
        files.into_iter().filter_map(fault).collect()
    }

    /// Puts the messages of a file's text in the place of those with the same keys. After
    /// an error the words are not to be used.
    pub fn take_over(
        &mut self,
        language: Language,
        path: &Path,
        text: String,
    ) -> Result<(), WordsError> {
        let file = parse(path, text)?;
        let theirs = needs(&file);
        let shipped = needs(&shipped_file(language));
        self.replace(language, file);
        let at =
            |key: &str, fault| WordsError::Message { path: path.into(), key: key.into(), fault };
        for (key, mentioned) in &theirs {
            known(key, mentioned, &shipped).map_err(|fault| at(key, fault))?;
        }
        // A replaced message can also spoil one that mentions it, so all are tried.
        for &key in Key::ALL {
            let given = variables(&shipped, key.name());
            self.try_out(language, key, &given).map_err(|fault| at(key.name(), fault))?;
        }
        Ok(())
    }

    /// Puts a message together with every sample number and checks the result.
    fn try_out(
        &self,
        language: Language,
        key: Key,
        given: &BTreeSet<String>,
    ) -> Result<(), MessageFault> {
        for sample in SAMPLES {
            let values: Vec<(&str, Value<'_>)> =
                given.iter().map(|name| (name.as_str(), Value::Number(sample))).collect();
            match self.attempt(language, key, &values) {
                (text, true) => check_text(key, &text)?,
                (_, false) => return Err(MessageFault::Incomplete),
            }
        }
        Ok(())
    }
}

fn files(dir: &Path) -> Result<Vec<(Language, PathBuf)>, WordsError> {
    let files = WordFiles::of(dir).map_err(|cause| unreadable(dir, cause))?;
    Ok(files.taken)
}

fn read(path: &Path) -> Result<String, WordsError> {
    read_text(path).map_err(|cause| unreadable(path, cause))
}

fn unreadable(path: &Path, cause: io::Error) -> WordsError {
    WordsError::Unreadable { path: path.into(), cause }
}

fn parse(path: &Path, text: String) -> Result<FluentResource, WordsError> {
    if let Some(at) = too_deep(&text).or_else(|| broken_escape(&text)) {
        return Err(syntax(path, &text, at));
    }
    FluentResource::try_new(text).map_err(|(file, errors)| {
        syntax(path, file.source(), errors.first().map_or(0, |error| error.pos.start))
    })
}

fn syntax(path: &Path, text: &str, at: usize) -> WordsError {
    let at = at.min(text.len());
    let line = text.get(..at).unwrap_or(text).matches('\n').count();
    let near = text.lines().nth(line).unwrap_or_default().trim();
    WordsError::Syntax { path: path.into(), line: line + 1, near: cut(near, MAX_NEAR) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use crate::chat::text::{HtmlFault, MAX_TEXT, check_html, shown_units};
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

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
    fn the_shipped_words_keep_the_rules_themselves() {
        for (language, file) in [(Language::Ru, "ru.ftl"), (Language::En, "en.ftl")] {
            let words = with(file, shipped_file(language).source());
            assert!(words.is_ok(), "{:?}", words.err());
        }
    }

    #[test]
    fn one_message_is_replaced_and_the_rest_stays() {
        let own = "script-writing = Минутку…\norder-balance = <b>{ credits }</b>\n";
        let words = with("ru.ftl", own).unwrap();
        assert_eq!(words.text(Language::Ru, Key::ScriptWriting, &[]), "Минутку…");
        let credits = [("credits", Value::Number(3))];
        assert_eq!(words.text(Language::Ru, Key::OrderBalance, &credits), "<b>3\u{a0}кредита</b>");
        assert_eq!(words.text(Language::En, Key::ScriptWriting, &[]), "✍️ Writing the script…");
        assert_eq!(words.text(Language::Ru, Key::ButtonMenu, &[]), "🏠 Главное меню");
    }

    #[test]
    fn a_file_is_taken_in_whichever_unicode_and_letters_it_was_saved() {
        let text = "\u{feff}script-writing = Минутку…\r\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in [("ru.ftl", text.as_bytes()), ("RU.FTL", &utf16), ("Ru.ftl", &utf16)] {
            let path = dir.path().join(name);
            fs::write(&path, bytes).unwrap();
            let words = Words::new(Some(dir.path())).unwrap();
            assert_eq!(words.text(Language::Ru, Key::ScriptWriting, &[]), "Минутку…", "{name}");
            fs::remove_file(path).unwrap();
        }
        // The same in Windows-1251.
        fs::write(dir.path().join("ru.ftl"), b"\nhelp = \xcc\xe8\n").unwrap();
        fs::write(dir.path().join("en.ftl"), "halp = a").unwrap();
        let faults: Vec<String> =
            Words::faults(dir.path()).iter().map(ToString::to_string).collect();
        assert!(faults[0].ends_with("ru.ftl: line 2 is not UTF-8"), "{faults:?}");
        assert!(faults[1].contains("en.ftl: `halp`"), "{faults:?}");
        assert!(Words::new(Some(dir.path())).is_err());
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
        let spoilt = fault("credits = a { script-question }");
        assert_eq!(spoilt, ("credits".into(), MessageFault::Incomplete));
    }

    #[test]
    fn what_telegram_would_refuse_is_found_at_the_start() {
        let open = MessageFault::Html(HtmlFault::NotClosed("b".into()));
        assert_eq!(fault("start-first = <b>Hi").1, open);
        let hidden = "credits = { $credits ->\n    [few] <u>a</u>\n   *[other] b\n}\n";
        assert_eq!(fault(hidden).1, MessageFault::Html(HtmlFault::UnknownTag("u".into())));
        let long = |key, length| format!("{key} = {}", "a".repeat(length));
        let too_long = |length, most| MessageFault::TooLong { length, most };
        assert_eq!(fault(&long("start-first", 351)).1, too_long(351, 350));
        assert_eq!(fault(&long("button-menu", 41)).1, too_long(41, 40));
        assert!(with("ru.ftl", &long("terms", 4096)).is_ok());
        assert!(with("ru.ftl", "button-menu = a < b").is_ok(), "labels are plain text");
    }
    #[test]
    fn what_is_nested_too_deep_is_refused_with_its_line() {
        let many = |piece: &str| piece.repeat(100_000);
        for text in [
            format!("help = {}", many("{")),
            format!("help = {}\"a\"{}", many("{"), many("}")),
            format!("help = {{ {}", many("F(")),
            format!("help = {}", many("{ \"}\" ->\n *[a] ")),
            format!("help = {}", many("{\nF(\n")),
        ] {
            let error = with("en.ftl", &format!("terms = Be kind\n{text}")).err().unwrap();
            let WordsError::Syntax { line, near, .. } = &error else { panic!("{error}") };
            assert!(*line > 1 && near.len() < 500, "{error}");
        }
        let smile = "(".repeat(200);
        assert!(with("en.ftl", &format!("terms = {{\"{{\"}} {smile}\nhelp = a")).is_err());
        assert!(with("en.ftl", &format!("terms = {smile}\nhelp = {{\"{{\"}}{{\"}}\"}}")).is_ok());
    }

    #[test]
    fn an_escape_that_breaks_off_is_refused_with_its_line() {
        for escape in ["\\u", "\\u00e", "\\U01F60"] {
            let error = with("en.ftl", &format!("terms = a\nhelp = {{ \"{escape}я\" }}")).err();
            assert!(matches!(error, Some(WordsError::Syntax { line: 2, .. })), "{error:?}");
        }
        assert!(with("en.ftl", "help = \\Users {\"\\u0041я\"}").is_ok());
    }

    proptest! {
        #[test]
        fn the_operators_words_are_refused_or_can_be_sent(text in texts(&files())) {
            let mut words = Words::shipped();
            let done = words.take_over(Language::Ru, Path::new("ru.ftl"), text);
            match done {
                Ok(()) => for number in SAMPLES {
                    let values = [("credits", Value::Number(number)), ("prompt", "<b>&".into())];
                    let (text, whole) = words.attempt(Language::Ru, Key::ScriptEdit, &values);
                    prop_assert!(whole && check_html(&text).is_ok(), "{}", text);
                    prop_assert!(shown_units(&text) <= MAX_TEXT);
                },
                Err(WordsError::Syntax { line, .. }) => prop_assert!(line >= 1),
                Err(WordsError::Message { key, .. }) => prop_assert!(!key.is_empty()),
                Err(WordsError::Unreadable { .. }) => prop_assert!(false, "no file is read"),
            }
        }
    }

    fn files() -> Vec<String> {
        vec![
            shipped_file(Language::Ru).source().to_owned(),
            "script-edit = Текст:\n\n    <code>{ $prompt }</code>\n".to_owned(),
            "credits = { $credits ->\n    [one] один\n   *[other] { $credits }\n}\n".to_owned(),
            "script-edit = { NUMBER($prompt, a: 1) } { -term(x: \"\\u00e9\") }\n".to_owned(),
        ]
    }
}
