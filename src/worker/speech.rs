//! What was spoken, in the words that a model heard.

/// What models hear where nothing is said: the words that films end with.
const HEARD_IN_SILENCE: &[&str] = &[
    "субтитры",
    "субтитров",
    "продолжение следует",
    "спасибо за просмотр",
    "подписывайтесь на канал",
    "ставьте лайки",
    "thanks for watching",
    "thank you for watching",
    "subtitles by",
    "subscribe to",
    "amara.org",
];

/// The longest text that may be of that kind, in characters.
const SHORT: usize = 80;

/// How many letters speech has at least.
const LETTERS: usize = 3;

/// The words that were spoken; nothing where there were none.
pub(super) fn speech(text: &str) -> Option<&str> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let is_silence =
        text.chars().count() <= SHORT && HEARD_IN_SILENCE.iter().any(|words| lower.contains(words));
    let letters = without_sounds(text).chars().filter(|c| c.is_alphabetic()).count();
    (letters >= LETTERS && !is_silence).then_some(text)
}

/// Without sounds that are told in brackets: `[music]`.
fn without_sounds(text: &str) -> String {
    let mut depth = 0_u32;
    let is_said = |c: &char| {
        match c {
            '[' | '(' | '*' if depth == 0 => depth = 1,
            ']' | ')' | '*' => {
                depth = 0;
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(is_said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_and_noise_are_no_speech() {
        for text in [
            "",
            " \n",
            "…",
            "[музыка]",
            "(applause) [Music]",
            "*sighs*",
            "Субтитры сделал DimaTorzok",
            "Продолжение следует...",
            "Thanks for watching!",
            "12 34",
        ] {
            assert_eq!(speech(text), None, "{text}");
        }
        for text in ["кружка", "Чашка (белая) на столе", "Steam rises [slowly].", "А", "ok"]
        {
            let expected = (text.chars().count() > 2).then_some(text);
            assert_eq!(speech(text), expected, "{text}");
        }
        let long = "Снимите кофе так, чтобы пар поднимался, а субтитры внизу кадра не мешали его \
                    видеть никому из зрителей.";
        assert_eq!(speech(long), Some(long));
    }
}
