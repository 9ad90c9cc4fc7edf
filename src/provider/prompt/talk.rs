//! What is said before and after a prompt: "Sure! Here's your final prompt:", "Let me know if …".
//!
//! What stands before is known by its words: a scene has others. What stands after speaks to the
//! person.

use crate::provider::prompt::{
    phrases::{after, begins, is_among},
    scene::{first_sentence, has_word, is_scene, scenery},
};

/// The words that what stands before a prompt is made of, beside [`THINGS`].
const WORDS: &str = "\
    a|absolutely|ad|advertising|ai|alright|an|and|are|as|based|below|brief|by|can|certainly|\
    clip|concise|course|crafted|create|created|description|detailed|done|english|final|\
    following|follows|for|from|full|generated|generation|generator|gladly|got|great|have|hello|\
    here|here's|hey|hi|i|i've|idea|image|improved|in|is|it|me|model|my|new|of|ok|okay|on|one|\
    optimized|paragraph|paste|perfect|polished|product|ready|refined|requested|revised|\
    rewritten|s|second|seconds|short|single|suggested|sure|text|that|the|this|to|understood|\
    updated|use|version|video|with|written|wrote|you|your|ваш|вашего|видео|вот|готов|готово|\
    готовый|держите|для|и|из|итоговый|конечно|который|можно|на|написал|английском|английский|\
    отлично|по|подробный|пожалуйста|понял|привет|ролика|с|твой|текст|удовольствием|финальный|\
    хорошо|этот|я";

/// What is announced. One of these must be among the words.
const THINGS: &str = "\
    prompt|prompts|answer|assistant|ai|script|result|output|response|version|промпт|промт|промпта|ответ|сценарий|\
    результат|option|вариант";

/// Those that a line within a text is labelled with.
const LABELS: &str = "prompt|prompts|answer|assistant|ai|script|промпт|промт|промпта|ответ";

/// Talk that announces nothing by name.
const PHRASES: &str = "\
    absolutely|alright|certainly|done|gladly|got it|great|hello|here it is|here you are|\
    love it|i'd be happy to help|i'd be glad to help|i'm happy to help|happy to help|\
    i would be happy to help|glad to help|отличная идея|хорошая идея|рад помочь|\
    here you go|hey|hi|of course|ok|okay|perfect|sure|sure thing|understood|вот|вот он|готово|\
    держите|здравствуйте|конечно|отлично|пожалуйста|понял|привет|с удовольствием|хорошо";

/// How far into a text its talk may go before the prompt begins, in characters.
const LONGEST: usize = 200;

/// The prompt without what is said before it.
pub(crate) fn without_preface(text: &str) -> &str {
    let mut text = labelled(text).unwrap_or(text);
    while let Some(rest) = after_talk(text) {
        text = rest;
    }
    let bare = text.trim_start_matches(is_mark);
    let marks = &text[..text.len() - bare.len()];
    // The marks of a list stay on all its items, and the one of a number stays.
    if marks.ends_with('#') && bare.starts_with(|c: char| c.is_ascii_digit()) {
        &text[marks.len() - 1..]
    } else if marks.ends_with("- ") && bare.contains("\n- ") {
        &text[marks.len() - 2..]
    } else {
        without_number(bare)
    }
}

/// Without the number of an item in a list.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = (1..3).contains(&(text.len() - rest.len()));
    let rest = rest.strip_prefix(['.', ')']).filter(|rest| is_number && rest.starts_with(' '));
    let is_list = |rest: &&str| ["2.", "2)"].iter().any(|next| rest.contains(next));
    rest.filter(|rest| !is_list(rest)).map_or(text, str::trim_start)
}

/// What stands after the last line that is, or begins with, a label such as `Final prompt:`.
fn labelled(text: &str) -> Option<&str> {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let lines: Vec<usize> = std::iter::once(0).chain(starts).collect();
    lines.into_iter().rev().find_map(|start| {
        let line = text[start..].lines().next()?;
        let end = line.char_indices().find(|(_, c)| matches!(c, ':' | '：' | '='));
        let end = end.map_or(line.len(), |(at, c)| at + c.len_utf8());
        let rest = &text[start + end..];
        (announces(&line[..end], LABELS) && is_something(rest)).then_some(rest)
    })
}

/// What stands after a talk that the text begins with.
fn after_talk(text: &str) -> Option<&str> {
    let window = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]);
    let ends = window.char_indices().filter(|(at, c)| match c {
        ':' | '：' | '\n' | '!' | '.' | '—' | '–' => true,
        '-' => window[..*at].ends_with(' ') && window[*at..].starts_with("- "),
        _ => false,
    });
    ends.map(|(at, c)| (&text[..at], c, &text[at + c.len_utf8()..])).find_map(
        |(head, end, rest)| {
            let presents = || matches!(end, ':' | '：') && presents_a_prompt(head);
            let is_phrase = || is_among(&words(head).join(" "), PHRASES) || praises(head);
            ((announces(head, THINGS) || is_phrase() || presents()) && is_something(rest))
                .then_some(rest)
        },
    )
}

/// Whether a text praises the idea: "What a lovely concept".
fn praises(text: &str) -> bool {
    let words = words(text);
    let Some((last, praise)) = words.split_last() else { return false };
    is_among(last, "idea|concept|choice|brief|theme|идея|задумка")
        && (1..5).contains(&praise.len())
        && praise.iter().all(|word| is_among(word, PRAISE))
}

const PRAISE: &str = "\
    what|a|an|such|i|i'd|love|like|it's|that's|is|this|the|that|your|great|nice|good|lovely|\
    wonderful|fantastic|excellent|amazing|beautiful|awesome|cool|brilliant|interesting|fun|\
    perfect|creative|отличная|хорошая|прекрасная|классная|интересная|какая";

/// Whether a text is a talk and nothing else.
pub(crate) fn is_only_talk(text: &str) -> bool {
    announces(text, THINGS) || is_among(&words(text).join(" "), PHRASES)
}

/// Whether all words of a text are those of a talk, and one of these is among them.
fn announces(text: &str, things: &str) -> bool {
    let words = words(text);
    let is_talk = |word: &String| {
        let is_number = word.chars().all(|c| c.is_ascii_digit());
        is_number || is_among(word, WORDS) || is_among(word, THINGS)
    };
    words.iter().any(|word| is_among(word, things)) && words.iter().all(is_talk)
}

/// Whether a text is "here is the prompt for …", whatever that is for.
fn presents_a_prompt(text: &str) -> bool {
    let words = words(text);
    let opens = words.first().is_some_and(|word| is_among(word, OPENERS));
    let is_presented = opens && words.len() < 20 && words.iter().any(|word| is_among(word, LABELS));
    let names = ["提示词", "提示詞", "プロンプト", "프롬프트"];
    is_presented || text.len() < LONGEST / 2 && names.iter().any(|name| text.contains(name))
}

/// What presents something, in several languages.
const OPENERS: &str = "\
    here|here's|below|this|вот|ось|voici|voilà|hier|aquí|este|esta|aqui|ecco|questo|oto|işte|här|\
    her|tässä|zde|tady|iată|íme|ini|berikut|dies|das|dit";

/// The words of a text in lower case. A talk has few: more than those of the window are not looked at.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(LONGEST)
        .map(|word| word.to_lowercase().replace('’', "'"))
        .collect()
}

fn is_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The marks of headings, lists and lines.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '#' | '-' | '—' | '–' | '=' | '>' | '~' | ':')
}

/// How a remark to the person begins, in lower case.
const REMARKS: &str = "\
    let me know|please let me know|feel free|would you like|do you want|want me to|shall i|\
    should i|hope this|i hope|if you'd like|if you would like|i can also|i can adjust|\
    i'm happy to|i'd be happy|happy to|just let me|enjoy!|good luck|is there anything|\
    you can copy|you can adjust|дайте знать|если хотите|надеюсь|сообщите|могу также|\
    обращайтесь|буду рад*|if you'd prefer";

/// How one begins that stands on a line, or in brackets, of its own.
const NOTES: &str = "\
    if you want|if you need|note:|notes:|(note*|word count|character count|characters:|\
    (character*|(word*|[character*|[word*|negative prompt|this prompt|the prompt above|\
    why this works|explanation:|option 2|variant 2|вариант 2|tip:|tips:|pro tip|совет:|\
    напишите|хотите|если вам|если нужно|негативный промпт|количество символов|примечание*|удачи|\
    summary:|summary -|summary —|summary (*|summary_ru*|summary_en*|summary ru*|summary en*|\
    summary in*|summaryru*|summaryen*|russian summary*|english summary*|ru summary*|en summary*|\
    резюме*|краткое описание*|краткое содержание*|кратко:|кратко (*";

/// How a line begins that tells of the video or of its maker, if no scene follows.
const FIELDS: &str = "\
    duration:|aspect ratio:|tags:|hashtags:|keywords:|resolution:|fps:|title:|model:|seed:|\
    translation:|translation (*|перевод:|disclaimer:|please note that|generated by|\
    generated with|created by|created with|written by|made with|\
    length:|language:|mood:|music:|audio:";

/// Whether a line tells of the video or of its maker, and no scene follows.
fn is_field(text: &str) -> bool {
    begins_with(text, FIELDS) && text.len() <= LONGEST_REMARK && !is_scene(text)
}

/// Whether there is a count in brackets: "(262 characters)".
fn is_count(text: &str) -> bool {
    let head: String = text.chars().take(40).collect();
    head.split_once([')', ']']).is_some_and(|(inside, _)| {
        inside.contains(|c: char| c.is_ascii_digit())
            && has_word(inside, "characters|chars|words|symbols|tokens|символ*|знак*|слов*")
    })
}

/// The prompt without what is said after it.
pub(crate) fn without_remark(text: &str) -> &str {
    let (mut begins_sentence, mut begins_line) = (false, false);
    for (at, c) in text.char_indices() {
        let is_aside = begins_sentence && matches!(c, '(' | '[');
        let is_end = begins_sentence && is_remark(&text[at..])
            || (begins_line || is_aside) && begins_with(&text[at..], NOTES)
            || begins_line && is_field(&text[at..])
            || is_aside && is_count(&text[at..]);
        if is_end && is_something(&text[..at]) {
            return text[..at]
                .trim_end_matches(|c: char| is_mark(c) || "([*_⚠\u{fe0f}".contains(c));
        }
        let is_between = c.is_whitespace() || ")]\"”»*([-_>".contains(c);
        begins_sentence =
            matches!(c, '.' | '!' | '?' | '…' | '\n') || begins_sentence && is_between;
        begins_line = c == '\n' || begins_line && !c.is_alphanumeric();
    }
    text
}

/// What a remark to the person speaks of, besides what it begins with.
const TOPICS: &str = "\
    you|you'd|your|i|i'd|i'll|me|this|it|helps|help|prompt*|version*|variation*|change*|adjust*|\
    tweak*|edit*|modif*|should|refine*|else|another|different|more|shorter|longer|landscape|нужн*|\
    что|если|верси*|вариант*|ещё|помо*|измен*|подойд*|понрав*|вам|обращ*";

/// How long what is said after a prompt is at most, in bytes.
const LONGEST_REMARK: usize = 2000;

/// Whether a remark to the person begins there, and nothing of a scene follows.
fn is_remark(text: &str) -> bool {
    if !begins_with(text, REMARKS) || text.len() > LONGEST_REMARK {
        return false;
    }
    let (first, mut rest) = first_sentence(text);
    let head = first.to_lowercase().replace('’', "'");
    let said = after(&head, REMARKS).unwrap_or(&head);
    if scenery(said) > 0 && !has_word(said, TOPICS) {
        return false;
    }
    while !rest.trim().is_empty() {
        let (next, after) = first_sentence(rest);
        if scenery(next) > 0 && !has_word(next, SPEAKERS) {
            return false;
        }
        rest = after;
    }
    true
}

/// What a sentence has that speaks to the person.
const SPEAKERS: &str = "you|you'd|your|i|i'd|i'll|i'm|me|вы|вам|ваш*|я";

fn begins_with(text: &str, list: &str) -> bool {
    let head: String = text.chars().take(24).collect();
    begins(&head.to_lowercase().replace('’', "'"), list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_before_a_prompt_is_left_out() {
        for text in [
            "A cup turns.",
            "Here is the prompt: A cup turns.",
            "Sure! Here's your final prompt: A cup turns.",
            "Sure, here’s the prompt you requested:\n\nA cup turns.",
            "Certainly! Below is the refined video prompt:\n\n---\n\nA cup turns.",
            "Of course. Here is a 10-second image-to-video prompt in English:\nA cup turns.",
            "Prompt: A cup turns.",
            "Prompt — A cup turns.",
            "Prompt - A cup turns.",
            "Prompt\nA cup turns.",
            "### Final Prompt\n\nA cup turns.",
            "Final video prompt:A cup turns.",
            "Here you go:\nA cup turns.",
            "Okay, I've created the prompt for your video: A cup turns.",
            "Вот промпт: A cup turns.",
            "Конечно! Вот ваш готовый промпт для видео:\nA cup turns.",
            "Промпт: A cup turns.",
            "The idea is good, so I kept it.\n\nFinal prompt: A cup turns.",
            "Title: The cup\nPrompt: A cup turns.",
            "Sure thing — here's a cinematic prompt for the coffee: A cup turns.",
            "Option 1: A cup turns.",
            "1. A cup turns.",
            "Voici le prompt :\n\nA cup turns.",
            "Hier ist der Prompt:\n\nA cup turns.",
            "以下是提示词：\n\nA cup turns.",
            "Great idea! A cup turns.",
            "What a lovely concept! A cup turns.",
            "Here's the final version:\n\nA cup turns.",
            "Absolutely! I'd be happy to help.\n\n---\n\nA cup turns.",
            "Assistant: A cup turns.",
            "assistant\n\nA cup turns.",
            "User: a mug\nAssistant: A cup turns.",
            "prompt = A cup turns.",
        ] {
            assert_eq!(without_preface(text), "A cup turns.", "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_scene_stays() {
        for text in [
            "Here, on a wooden table: a cup turns.",
            "Here stands a cup. It turns.",
            "Here. In the quiet. A cup turns.",
            "Here — in the light — a cup turns.",
            "Here is the product: a cup on a table.",
            "The product is perfect. The cup turns.",
            "Camera: slow orbit.\nLight: soft.\nOutput: a cup that turns.",
            "Here is the cup: it turns.",
            "Here the camera rests! The cup turns.",
            "A prompt waiter sets a cup down: it turns.",
            "Video of a cup: it turns.",
            "Great light falls on a cup. It turns.",
            "The final second: the cup stops.",
            "Camera: slow orbit. Light: soft.",
            "One cup — three colours.",
            "Here.",
            "10 cups turn. 1.5x zoom.",
            "1. Wide: a cup turns. 2. Close: it stops.",
            "- A cup turns.\n- It stops.",
            "#1 DAD is printed on the mug.",
            "Prompt:",
            "",
        ] {
            assert_eq!(without_preface(text), text);
        }
    }

    #[test]
    fn what_is_said_after_a_prompt_is_left_out() {
        for text in [
            "A cup turns. It stops.",
            "A cup turns. It stops. Let me know if you want changes!",
            "A cup turns. It stops.\n\nFeel free to adjust it. Enjoy!",
            "A cup turns. It stops.\n\n---\n\nWould you like another one?",
            "A cup turns. It stops.\n\n(Word count: 85)",
            "A cup turns. It stops.\nNote: It has 85 characters.",
            "A cup turns. It stops. [Character count: 85]",
            "A cup turns. It stops. I hope this helps.",
            "A cup turns. It stops. Let me know if you'd like another camera angle or softer light!",
            "A cup turns. It stops. I can also make a version with a slower camera. Just say what light you like.",
            "A cup turns. It stops. (Note: 85 characters)",
            "A cup turns. It stops.\n\nЕсли хотите, я изменю его.",
            "A cup turns. It stops.\nNegative prompt: blur, text",
            "A cup turns. It stops.\n\n(262 characters)",
            "A cup turns. It stops.\n\n— Generated by GPT",
            "A cup turns. It stops.\n\nTranslation: Eine Tasse dreht sich.",
            "A cup turns. It stops.\n\n⚠️ Disclaimer: results may vary.",
            "A cup turns. It stops.\nDuration: 10 seconds",
        ] {
            assert_eq!(without_remark(text), "A cup turns. It stops.", "{text}");
        }
        for text in [
            "A cup turns; a voice says \"let me know\" and stops.",
            "The steam feels free to rise. It does.",
            "Let me know which photo to use.",
            "A note: the cup enjoys the light.",
            "A cup turns. Note: its label stays sharp. If you want calm, this is calm.",
            "The mug turns slowly on oak. Would you like a sip? asks the printed label, unchanged. Soft light, the camera drifts in, steam curls upward.",
            "The mug turns slowly on oak. Let me know if the label moves: it must not; the mug stands still. Camera gliding in.",
            "The mug turns slowly on oak in soft light. Feel free as the wind, the curtain billows behind it. The camera glides in.",
            "The mug turns slowly on oak in soft light. I hope the steam stays visible, curling slowly. The camera glides in.",
            "The mug turns slowly on oak. I hope the steam stays visible, curling slowly.",
            "The mug turns slowly on oak. Enjoy! shouts the neon sign. Happy to be seen, the camera glides in.",
        ] {
            assert_eq!(without_remark(text), text);
        }
    }
}
