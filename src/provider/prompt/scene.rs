//! What a text speaks of: a scene has a camera, light and motion; a talk has the person.

use crate::provider::prompt::phrases::is_any_word;

/// The words of scenes, each standing for all that begin with it.
const SCENE: &str = "\
    camera*|light*|lit|shot*|slow*|turn|turns|turning|rotat*|spin*|glid*|drift*|glow*|steam*|\
    lens*|zoom*|background*|table*|shadow*|reflect*|swirl*|curl*|orbit*|dolly|tilt*|frame*|\
    motion|rises|rising|falls|falling|pour*|drop|drops|sun*|morning|dawn|dusk|warm*|soft*|gold*|\
    dark*|bright*|label*|surface*|marble|oak|wood*|macro|wide|circl*|sway*|float*|shimmer*|\
    sparkl*|shape*|colour*|color*|proportion*|opens|keeps|stands|gleam*|burn*|flicker*|wind|\
    mist*|neon|bokeh|cinematic*|камер*|свет|света|светом|\
    медленн*|вращ*|кружит*|крупн*|кадр*|фоне|тень|тени|блик*|столе|плавн*|мягк*";

/// How many of these make a scene.
const ENOUGH: usize = 3;

/// Whether a text describes a scene.
pub(crate) fn is_scene(text: &str) -> bool {
    scenery(text) >= ENOUGH
}

/// How many words of scenes a text has, at most as many as are enough.
pub(crate) fn scenery(text: &str) -> usize {
    let mut seen: Vec<String> = Vec::new();
    for word in words(text).filter(|word| is_any_word(word, SCENE)) {
        if !seen.contains(&word) {
            seen.push(word);
        }
        if seen.len() == ENOUGH {
            break;
        }
    }
    seen.len()
}

/// Whether a text has one of the words of a list.
pub(crate) fn has_word(text: &str, list: &str) -> bool {
    words(text).any(|word| is_any_word(&word, list))
}

/// The words of a text in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
        .map(|word| word.trim_matches(['\'', '’']))
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('’', "'"))
}

/// The first sentence of a text, and the rest. A small letter goes on with the same sentence:
/// `"Sorry!" is the name of the game`.
pub(crate) fn first_sentence(text: &str) -> (&str, &str) {
    let ends =
        text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | '…' | '\n' | '。'));
    let mut ends = ends.map(|(at, c)| at + c.len_utf8()).filter(|end| {
        let rest = text[*end..].trim_start_matches(['"', '”', '»', '\'', ')', '*']);
        let is_space =
            rest.starts_with(char::is_whitespace) || text[..*end].ends_with(['\n', '。']);
        let next = rest.chars().find(|c| !c.is_whitespace());
        is_space && next.is_some_and(|next| !next.is_lowercase())
    });
    ends.next().map_or((text, ""), |end| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_is_known_by_what_it_speaks_of() {
        assert!(is_scene("A mug turns in soft light."));
        assert!(is_scene("Чашка медленно вращается на столе."));
        for text in ["", "Light, light, light.", "I cannot turn this photo into a video."] {
            assert!(!is_scene(text), "{text}");
        }
    }

    #[test]
    fn a_sentence_ends_where_another_begins() {
        assert_eq!(first_sentence("One. Two."), ("One.", " Two."));
        assert_eq!(first_sentence("Sorry! is 2.5x. Two").0, "Sorry! is 2.5x.");
        assert_eq!(first_sentence("One"), ("One", ""));
        assert_eq!(first_sentence(""), ("", ""));
    }
}
