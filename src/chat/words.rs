//! The words of reelbot, in Russian and English.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::chat::{
    key::Key,
    screen::MAX_LABEL,
    text::{cut, escape_cut, units},
};
use crate::domain::{credits::Credits, user::Language};

/// How much room the inserted texts of one message share, in UTF-16 units: an
/// own text of the greatest length fits. The words around them have the rest of
/// Telegram's 4,096; see [`Words::new`] for how it is kept.
pub(crate) const MAX_INSERTED: usize = 3000;

/// A value to insert into a message.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Text from outside. It is cut if need be and escaped, so it shows as it is.
    Text(&'a str),
    /// A number; it chooses the plural form.
    Number(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Credits> for Value<'_> {
    fn from(credits: Credits) -> Self {
        Self::Number(credits.0)
    }
}

/// All texts of reelbot. Built once, shared by all threads.
pub struct Words {
    ru: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Words {
    /// The words as shipped.
    pub fn shipped() -> Self {
        Self { ru: bundle(Language::Ru), en: bundle(Language::En) }
    }

    /// Lets a file's messages take the place of those with the same keys.
    pub(crate) fn replace(&mut self, language: Language, file: FluentResource) {
        match language {
            Language::Ru => self.ru.add_resource_overriding(file),
            Language::En => self.en.add_resource_overriding(file),
        }
    }

    /// A message in a language: Telegram HTML, or plain text for a
    /// [plain](Key::is_plain) key.
    pub fn text(&self, language: Language, key: Key, values: &[(&str, Value<'_>)]) -> String {
        let (text, complete) = self.attempt(language, key, values);
        if !complete {
            tracing::warn!(%key, language = language.code(), "a message could not be put together whole");
        }
        text
    }

    /// The message, and whether nothing that it mentions was missing.
    pub(crate) fn attempt(
        &self,
        language: Language,
        key: Key,
        values: &[(&str, Value<'_>)],
    ) -> (String, bool) {
        let args = arguments(key, values);
        for bundle in [self.of(language), &self.en] {
            if let Some(pattern) = bundle.get_message(key.name()).and_then(|found| found.value()) {
                let mut errors = Vec::new();
                let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
                return (text, errors.is_empty());
            }
        }
        (key.name().to_owned(), false)
    }

    fn of(&self, language: Language) -> &FluentBundle<FluentResource> {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}

/// The shipped Fluent file of a language.
pub(crate) fn shipped_file(language: Language) -> FluentResource {
    let text = match language {
        Language::Ru => include_str!("ru.ftl"),
        Language::En => include_str!("en.ftl"),
    };
    FluentResource::try_new(text.to_owned()).expect("the shipped words are valid, by test")
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = language.code().parse().expect("our codes are IETF's");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would be invisible characters around every value.
    bundle.set_use_isolating(false);
    bundle.add_resource(shipped_file(language)).expect("each shipped key is there once, by test");
    bundle
}

fn arguments<'a>(key: Key, values: &[(&'a str, Value<'_>)]) -> FluentArgs<'a> {
    let room = room(values);
    let mut args = FluentArgs::new();
    for (name, value) in values {
        let value = match value {
            Value::Number(number) => FluentValue::from(*number),
            Value::Text(text) if key.is_plain() => FluentValue::from(cut(text, MAX_LABEL)),
            Value::Text(text) => FluentValue::from(escape_cut(text, room)),
        };
        args.set(*name, value);
    }
    args
}

/// The most of each inserted text, in UTF-16 units: a short one leaves its room to the others.
fn room(values: &[(&str, Value<'_>)]) -> usize {
    let length = |value: &Value<'_>| match value {
        Value::Text(text) => Some(units(text)),
        Value::Number(_) => None,
    };
    let mut lengths: Vec<usize> = values.iter().filter_map(|(_, value)| length(value)).collect();
    lengths.sort_unstable();
    let (mut left, mut texts) = (MAX_INSERTED, lengths.len());
    for length in lengths {
        if length * texts > left {
            return left / texts;
        }
        left -= length;
        texts -= 1;
    }
    MAX_INSERTED
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::chat::{
        ftl::{needs, variables},
        text::escape,
    };

    fn credits(language: Language, amount: i64) -> String {
        Words::shipped().text(language, Key::Credits, &[("credits", amount.into())])
    }

    #[test]
    fn both_files_and_the_code_know_the_same_keys() {
        let code: BTreeSet<String> = Key::ALL.iter().map(ToString::to_string).collect();
        for language in Language::ALL {
            let file: BTreeSet<String> = needs(&shipped_file(language)).into_keys().collect();
            assert_eq!(file, code, "{language:?}");
        }
    }

    #[test]
    fn a_message_needs_the_same_variables_in_both_languages() {
        let [ru, en] = Language::ALL.map(|language| needs(&shipped_file(language)));
        for key in Key::ALL {
            assert_eq!(variables(&ru, key.name()), variables(&en, key.name()), "{key}");
        }
    }

    #[test]
    fn russian_credits_follow_their_number() {
        let texts = [0, 1, 2, 3, 5, 11, 12, 21, 22, 25, 101, 111].map(|n| credits(Language::Ru, n));
        let right = [
            "0\u{a0}кредитов",
            "1\u{a0}кредит",
            "2\u{a0}кредита",
            "3\u{a0}кредита",
            "5\u{a0}кредитов",
            "11\u{a0}кредитов",
            "12\u{a0}кредитов",
            "21\u{a0}кредит",
            "22\u{a0}кредита",
            "25\u{a0}кредитов",
            "101\u{a0}кредит",
            "111\u{a0}кредитов",
        ];
        assert_eq!(texts, right);
    }

    #[test]
    fn english_credits_follow_their_number() {
        assert_eq!(
            [0, 1, 2].map(|n| credits(Language::En, n)),
            ["0\u{a0}credits", "1\u{a0}credit", "2\u{a0}credits"]
        );
    }

    #[test]
    fn a_prompt_with_markup_shows_as_it_is() {
        let words = Words::shipped();
        let text = words.text(Language::En, Key::ScriptEdit, &[("prompt", "<b>&".into())]);
        assert!(text.ends_with("<code>&lt;b&gt;&amp;</code>"), "{text}");
    }

    #[test]
    fn an_own_text_with_quotes_is_shown_whole() {
        let own = "\"a\"".repeat(1000);
        let text = Words::shipped().text(
            Language::Ru,
            Key::ScriptEdit,
            &[("prompt", own.as_str().into())],
        );
        assert!(text.contains(&escape(&own)), "{text}");
    }

    #[test]
    fn a_short_text_leaves_its_room_to_a_long_one() {
        let texts = |lengths: &[usize]| {
            let texts: Vec<String> = lengths.iter().map(|length| "a".repeat(*length)).collect();
            let values: Vec<_> = texts.iter().map(|text| ("text", text.as_str().into())).collect();
            room(&values)
        };
        assert_eq!(texts(&[]), MAX_INSERTED);
        assert_eq!(texts(&[9000]), MAX_INSERTED);
        assert_eq!(texts(&[100, 9000]), MAX_INSERTED - 100);
        assert_eq!(texts(&[9000, 9000, 100]), (MAX_INSERTED - 100) / 2);
        assert_eq!(texts(&[1000, 1000, 1000]), MAX_INSERTED);
    }

    #[test]
    fn words_are_shared_by_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&Words::shipped());
    }
}
