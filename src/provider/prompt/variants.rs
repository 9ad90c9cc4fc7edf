//! One prompt of several: the first of variants, and one of copies.

/// The words that variants are numbered with.
const VARIANTS: &[&str] =
    &["option", "variant", "variation", "version", "prompt", "вариант", "версия", "промпт"];

/// The numbers of the first and of the second.
const NUMBERS: [&[&str]; 2] = [&["1", "a", "one", "i", "а"], &["2", "b", "two", "ii", "б"]];

/// How long an item of a plain list is at least that is a prompt of its own, in bytes: shots are
/// shorter.
const LONG: usize = 180;

/// How long a text is at least that can stand there twice by mistake, in bytes.
const COPY: usize = 40;

/// The first of several variants, or the whole text where there are none.
pub(crate) fn first_variant(text: &str) -> &str {
    let mut first = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((number, is_named, length)) = numbered(line) {
            let [ones, twos] = NUMBERS;
            match first {
                None if ones.contains(&number.as_str()) => first = Some((is_named, start + length)),
                Some((named, from)) if named == is_named && twos.contains(&number.as_str()) => {
                    let variant = &text[from..start];
                    let rest = text.len() - start;
                    if named && !variant.trim().is_empty() || variant.len().min(rest) >= LONG {
                        return variant;
                    }
                }
                _ => {}
            }
        }
        start += line.len();
    }
    text
}

/// The number that a line begins with, whether a word names what is numbered, and how long both
/// are.
fn numbered(line: &str) -> Option<(String, bool, usize)> {
    let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "#*_->".contains(c));
    let name = bare.split(|c: char| !c.is_alphabetic()).next()?;
    let is_named = VARIANTS.contains(&name.to_lowercase().as_str());
    let rest = if is_named { bare[name.len()..].strip_prefix([' ', '#', '_'])? } else { bare };
    let rest = rest.trim_start_matches('#');
    let number = rest.split(|c: char| !c.is_alphanumeric()).next()?;
    let after = &rest[number.len()..];
    let is_digit = number.starts_with(|c: char| c.is_ascii_digit());
    let ends = after.starts_with([':', '.', ')', '*', '\n', '\r'])
        || is_named && (after.starts_with([' ', '(', '—', '-']) && is_digit);
    let length = line.len() - after.len();
    let marks = after.len() - after.trim_start_matches([':', '.', ')', '*', ' ']).len();
    (ends && (is_named || is_digit)).then(|| (number.to_lowercase(), is_named, length + marks))
}

/// The text once, where it is the same several times.
pub(crate) fn once(text: &str) -> &str {
    let unit = (2..=8).rev().find_map(|copies| {
        let length = ((text.len() + 1) / copies).checked_sub(1)?;
        let unit = text
            .get(..length)
            .filter(|_| (text.len() + 1).is_multiple_of(copies) && length >= COPY)?;
        text.split(unit).all(|between| matches!(between, "" | " ")).then_some(unit)
    });
    unit.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUP: &str = "A cup turns slowly on a pale oak table while steam curls upward. The camera \
                       glides to a close-up of its glaze, lit by soft morning light. It keeps the \
                       exact shape, colours and label of the photo. No people.";

    #[test]
    fn the_first_of_variants_is_taken() {
        let jar = CUP.replace("cup", "jar");
        for text in [
            CUP.to_owned(),
            format!("1. {CUP}\n\n2. {jar}\n\n3. {jar}"),
            format!("Option 1: {CUP}\n\nOption 2: {jar}"),
            format!("Here are two:\n\nVariant A:\n{CUP}\n\nVariant B:\n{jar}"),
            format!("### Prompt 1\n{CUP}\n\n### Prompt 2\n{jar}\n\n### Prompt 3\n{jar}"),
            format!("Version 1 (calm)\n{CUP}\nVersion 2 (wild)\n{jar}").replace(" (calm)", ""),
            format!("Вариант 1. {CUP}\nВариант 2. {jar}"),
        ] {
            assert_eq!(first_variant(&text).trim(), CUP, "{text}");
        }
        for text in [
            "1. Wide: a cup turns. 2. Close: it stops.",
            "1. Wide: a cup turns.\n2. Close: it stops.",
            "Option-rich, the desk unfolds.\nPrompt 2 is its name.",
            "1\n2\n",
            "",
        ] {
            assert_eq!(first_variant(text), text);
        }
    }

    #[test]
    fn of_copies_one_is_taken() {
        for copies in 1..=4 {
            assert_eq!(once(&vec![CUP; copies].join(" ")), CUP);
        }
        for text in ["", "Cup Cup", "Slowly. Slowly. A cup turns, and turns, and turns again."] {
            assert_eq!(once(text), text);
        }
    }
}
