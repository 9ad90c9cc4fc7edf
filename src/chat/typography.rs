//! How every text is set: in one voice, with full stops.
#![cfg(test)]

use std::collections::BTreeSet;

use crate::chat::{
    ftl::{needs, variables},
    key::Key,
    text::plain,
    words::{Value, Words, shipped_file},
};
use crate::config::presets::shipped;
use crate::domain::user::Language;

/// Values that are no numbers.
const TEXTS: [&str; 12] = [
    "aspect", "detail", "ideas", "list", "prompt", "subject", "summary", "support", "text", "url",
    "video", "why",
];

/// Texts that end with a value, a heading or a caption, and are no sentences.
const NO_SENTENCES: [Key; 30] = [
    Key::AlbumGone,
    Key::AlbumNotAnImage,
    Key::AlbumOtherFormat,
    Key::AlbumTooLarge,
    Key::AlbumTooSmall,
    Key::ArchiveColumns,
    Key::ArchiveList,
    Key::ArchiveMissing,
    Key::ArchiveMonth,
    Key::ArchiveOrder,
    Key::ArchivePart,
    Key::ArchiveSeries,
    Key::Balance,
    Key::Credits,
    Key::CreditsGranted,
    Key::HelpCommands,
    Key::MyOwnText,
    Key::OrderBalance,
    Key::StartBalance,
    Key::StartPhoto,
    Key::LanguageChoose,
    Key::Sample,
    Key::MyFound,
    Key::MyPage,
    Key::MySearch,
    Key::MyTitle,
    Key::VideoCaption,
    Key::VideoFormat,
    Key::VideoScene,
    Key::VideoProduct,
];

/// Every text of a language as it is read, with each of some numbers.
pub(crate) fn read(language: Language) -> BTreeSet<(String, String)> {
    let words = Words::shipped();
    let shipped = needs(&shipped_file(language));
    let mut read = BTreeSet::new();
    for key in Key::ALL {
        for number in [0, 1, 2, 5, 21] {
            let given = variables(&shipped, key.name());
            let value = |name: &String| match name.as_str() {
                name if TEXTS.contains(&name) || name == "until" => Value::Text("…"),
                _ => Value::Number(number),
            };
            let values: Vec<_> = given.iter().map(|name| (name.as_str(), value(name))).collect();
            let text = words.text(language, *key, &values);
            read.insert((key.name().to_owned(), plain(&text)));
        }
    }
    read
}

#[test]
fn a_sentence_ends_with_its_mark_and_a_button_with_none() {
    let mut texts: Vec<_> = Language::ALL.into_iter().flat_map(read).collect();
    texts.retain(|(key, text)| {
        let last = text.trim_end().chars().next_back().unwrap();
        let known = Key::from_name(key).unwrap();
        let is_label = known.is_plain() || NO_SENTENCES.contains(&known);
        let fits = if is_label { last != '.' } else { !last.is_alphanumeric() };
        !fits && !key.starts_with("toast-")
    });
    assert!(texts.is_empty(), "{texts:#?}");
}

#[test]
fn one_voice_speaks() {
    const OURS: [&str; 9] =
        ["наш", "наша", "наше", "наши", "нашу", "нашей", "нашего", "нашему", "нашем"];
    let we: [&[&str]; 2] = [&["мы", "нас", "нам", "нами"], &["we", "us", "our", "ours"]];
    for (language, we) in Language::ALL.into_iter().zip(we) {
        for (key, text) in read(language) {
            let small = text.to_lowercase();
            let mut words = small.split(|c: char| !c.is_alphabetic());
            let found = words.find(|word| we.contains(word) || OURS.contains(word));
            assert_eq!(found, None, "{key}: {text}");
        }
    }
}

/// Where a text could be broken from one line to the next and should not be: between a number and
/// its word, and in Russian after a word of one letter.
fn bad_break(language: Language, text: &str) -> Option<&str> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let small = |c: char| language == Language::Ru && "авикосуя".contains(c);
    let found = letters.windows(3).enumerate().find(|(index, three)| {
        let [(_, before), (_, space), (_, after)] = [three[0], three[1], three[2]];
        let is_alone = *index == 0 || !letters[index - 1].1.is_alphanumeric();
        let is_small = is_alone && before.to_lowercase().all(small);
        space == ' ' && (before.is_ascii_digit() && after.is_alphabetic() || is_small)
    });
    found.map(|(index, _)| &text[letters[index.saturating_sub(8)].0..])
}

#[test]
fn a_number_stays_with_its_word_and_a_word_of_one_letter_with_the_next() {
    for language in Language::ALL {
        let mut texts: Vec<_> = read(language).into_iter().collect();
        texts.retain(|(_, text)| bad_break(language, text).is_some());
        assert!(texts.is_empty(), "{texts:#?}");
        for preset in shipped() {
            let label = preset.label.text(language);
            assert_eq!(bad_break(language, label), None, "{label}");
        }
    }
    for broken in ["5 видео", "готово за 5 минут", "В файле", "фото и видео", "(я понял)"]
    {
        assert!(bad_break(Language::Ru, broken).is_some(), "{broken}");
    }
    for fine in ["5\u{a0}видео", "1. Отправьте", "В\u{a0}файле", "до завтра", "KIE 🎬 5 ✅"]
    {
        assert_eq!(bad_break(Language::Ru, fine), None, "{fine}");
    }
}
