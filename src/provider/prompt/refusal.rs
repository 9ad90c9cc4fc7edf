//! Whether a text is no prompt: a refusal, a question, a request for the photo, a thought.
//!
//! A prompt describes a scene. A text that speaks of the model itself or to the person where a
//! sentence begins does not.

use crate::provider::prompt::{
    phrases::{begins, is_among, phrases},
    talk::is_only_talk,
};

/// How a text begins that is no prompt, in lower case.
const OPENINGS: &str = "\
    sorry|so sorry|apologies|my apologies|unfortunately|regrettably|as an ai|as a language|\
    as a large|as an assistant|this request|that request|your request|the request|\
    request denied|content policy|error:|warning:|you haven't|you have not|you didn't|\
    you did not|you need to|you'll need|you forgot|no image|no photo|no picture|\
    no product photo|there is no image|there is no photo|there's no image|there's no photo|\
    there was no image|there was no photo|there are no images|the image you|the photo you|\
    the image is not|the image isn't|the photo is not|the photo isn't|the image was not|\
    the photo was not|the image wasn't|the photo wasn't|the image is missing|\
    the photo is missing|it seems you|it seems that you|it seems like you|it seems the image|\
    it seems the photo|it seems there|it looks like you|it looks like the image|\
    it looks like the photo|it looks like there|it appears you|it appears that you|\
    it appears the image|it appears the photo|unable to|not able to|can't help|cannot help|\
    we're sorry|we are sorry|we can't|we cannot|we need to produce|we need to write|\
    we need to create|we must write|the user|let me think|let's think|thinking:|\
    thinking process|reasoning:|thought:|thoughts:|analysis:|hmm*|to write|\
    to create the prompt|to help|to proceed|before i|without the photo|without the image|\
    without seeing|thank you|thanks for|please share|please provide|please upload|please send|\
    please attach|please describe|please clarify|please specify|please tell|please give|\
    please confirm|please let|please try|please resend|please submit|please include|\
    please re-upload|let me know|feel free|if you share|if you send|if you provide|\
    if you could|once you|send me|share the photo|upload the photo|upload a photo|\
    this goes against|that goes against|it goes against|that's not something|\
    that is not something|this is not something|my guidelines|my policy|my policies|\
    my programming|it is against|it's against|being an ai|as a responsible|kindly|please can|\
    please could|no attachment|no file|image not found|photo not found|the image didn't|\
    the photo didn't|the image did not|the photo did not|the image seems|the photo seems|\
    the image appears to|the photo appears to|the attachment|there doesn't seem|\
    there does not seem|there isn't an image|there isn't a photo|there isn't any image|\
    there isn't any photo|there isn't an attach*|your message|need more|more information|\
    more details|tell me|let's start|let's clarify|in order to write|in order to create|\
    in order to help|happy to|glad to|it seems that no|it seems no|looks like the image is|\
    looks like the photo is|looks like you|looks like no|looks like there|content blocked|\
    request rejected|request blocked|access denied|rate limit|too many requests|\
    internal server error|but i |no images|no photos|no pictures|there are no photos|\
    no product image";

/// The same in Russian.
const RUSSIAN: &str = "\
    к сожалению|сожалею|извини*|простите|прости,|прошу прощения|приношу|мне жаль|\
    мне очень жаль|увы|не могу|не вижу|не получится|не удалось|невозможно|мы не можем|\
    как языковая|как ии|как искусственный*|как нейросеть|фото не|фотография не|изображение не|\
    вы не |кажется, вы*|похоже, вы|похоже, что вы|похоже, фото|похоже, изображение|пожалуйста|\
    пришлите|отправьте|загрузите|прикрепите|уточните|опишите|поделитесь|данный запрос|\
    этот запрос|ваш запрос|я не |я вынужден*|я должен отказ*|я отказ*|я готов*|я с радостью|\
    чтобы составить|чтобы написать|чтобы создать промпт|для создания промпта|спасибо|мысли:|\
    рассуждение*|боюсь|мне нужн*|нужно фото|нужна фото|нужно изображение|фотография отсут*|\
    фото отсут*|изображение отсут*|я — |я - |я языков*|я ии|я искусственн*|я нейросеть|давайте|\
    с радостью|чем могу|но мне |но я |к счастью, я";

/// The same in the languages that models fall into: Chinese, Spanish, German, French, Portuguese,
/// Ukrainian.
const OTHERS: &str = "\
    抱歉|很抱歉|对不起|我无法|我不能|作为|请提供|请上传|désolé|je suis désolé|на жаль|вибачте|lo siento|no puedo|\
    es tut mir leid|ich kann|je ne peux|desculpe";

/// What follows an "I" of the model's own, in lower case.
const SELF: &str = "\
    am|'m|can|can't|cannot|could|couldn't|must|have to|have no|haven't|need|'d need|won't|\
    will not|will have to|'ll have to|'ll need|would|wouldn't|'d|do not|don't|did not|didn't|\
    see no|apolog*|regret|decline|refuse|understand|appreciate|noticed|notice|think|believe|\
    respectfully|only see|only have|only received|'ve been|should|shouldn't|strive|\
    want to help|want to make sure|prefer not|'ve noticed|'ve received";

/// How a question begins that is no prompt.
const QUESTIONS: &str = "\
    could|can|would|will|what|which|who|where|how|do|does|did|are|is|may|shall|should|have|has|\
    any|не могли|могли|можете|можно|какой|какая|какое|какие|что|как|хотите|вы|есть|чем|где|\
    куда|когда|зачем|почему|сколько";

/// What the model cannot do for the person.
const DEEDS: &str = "\
    assist|comply|create|write|generate|produce|provide|fulfil*|craft|process|support|see the|\
    see any|see an|view|access|identify|analy*|continue|proceed|complete|do that|do this|make|\
    help with|help you|help create|help.|describe|use|open";

/// What stands before one of [`DEEDS`] in a refusal, wherever that stands.
const REFUSALS: &str = "\
    i can't |i cannot |i can not |i am unable to |i'm unable to |i'm not able to |\
    i am not able to |i won't be able to |i will not be able to |i won't |i will not ";

/// What is a refusal wherever it stands.
const PLAIN_REFUSALS: &str = "\
    i must decline|i have to decline|i'm going to decline|as an ai language model|\
    as an ai model|не могу помочь|не могу создать|не могу написать|не могу сгенерировать|\
    не могу выполнить|не могу составить|не смогу помочь|не смогу создать";

/// Words that stand alone where a prompt should.
const ALONE: &str = "n a|no prompt|not available|not applicable|no answer";

/// Whether a text is no prompt.
pub(crate) fn is_no_prompt(text: &str) -> bool {
    let lower = text.to_lowercase().replace('’', "'");
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let opening = after_interjection(lower);
    let words: Vec<&str> = words(opening).take(3).collect();
    let is_word = words.len() < 2 && opening.is_ascii();
    is_word
        || words.len() < 3 && is_among(&words.join(" "), ALONE)
        || [OPENINGS, RUSSIAN, OTHERS]
            .iter()
            .any(|list| begins(lower, list) || begins(opening, list))
        || is_only_talk(lower)
        || is_of_itself(opening)
        || is_question(opening)
        || refuses(lower)
}

/// What may stand before a first sentence.
const INTERJECTIONS: &str = "oh|well|hello|hi|hey|sure|okay|ok|alright|of course|great|certainly|\
    здравствуйте|привет|ну|хорошо|конечно|отлично";

/// What stands after "Oh," or "Hello!".
fn after_interjection(text: &str) -> &str {
    let rest = phrases(INTERJECTIONS).find_map(|word| {
        let rest = text.strip_prefix(word)?;
        rest.starts_with([',', '!', '.', ' ']).then_some(rest)
    });
    let rest = rest.map(|rest| rest.trim_start_matches(|c: char| !c.is_alphanumeric()));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(text)
}

/// Whether the model speaks of itself.
fn is_of_itself(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('i') else { return false };
    let said = rest.strip_prefix(' ').or(rest.starts_with('\'').then_some(rest));
    said.is_some_and(|said| begins(said, SELF))
}

/// Whether the first sentence is a question.
fn is_question(text: &str) -> bool {
    let end = text.find(['.', '!', '?', '\n', '"', '“', '«']);
    let asks = end.is_some_and(|end| text[end..].starts_with('?'));
    asks && words(text).next().is_some_and(|word| {
        phrases(QUESTIONS).any(|begin| word == begin || text.starts_with(&format!("{begin} ")))
    })
}

/// Whether a sentence of it refuses, outside of quotation marks.
fn refuses(text: &str) -> bool {
    let is_own = |at: usize| {
        let before = text[..at].trim_end_matches(' ');
        !before.ends_with(['"', '\'', '“', '«', '‘', ':'])
            && !text[..at].ends_with(char::is_alphanumeric)
    };
    phrases(PLAIN_REFUSALS).any(|phrase| text.match_indices(phrase).any(|(at, _)| is_own(at)))
        || phrases(REFUSALS).any(|phrase| {
            text.match_indices(phrase)
                .any(|(at, _)| is_own(at) && begins(&text[at + phrase.len()..], DEEDS))
        })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_a_question_and_a_request_are_no_prompts() {
        for text in [
            "I must decline this request.",
            "I won't be able to write that.",
            "I’m sorry, but I can’t help.",
            "I can't assist with that.",
            "I cannot create content that shows real people.",
            "I apologize, but this goes against my guidelines.",
            "I don't see an image.",
            "I do not see any photo attached to your message.",
            "I'd be happy to help! Please share the photo.",
            "I need the product photo first.",
            "I would need more details about the product.",
            "Sorry, that is not possible.",
            "Oh, I'm sorry!",
            "Unfortunately, the request violates our policies.",
            "As an AI language model, I cannot see images.",
            "As a language model I have no eyes.",
            "Could you please share the photo?",
            "Could you tell me what product it is? Then I can write it.",
            "What product would you like to advertise?",
            "Which style do you prefer: calm or lively?",
            "Let me know which photo to use.",
            "Please share the photo of your product.",
            "Please provide more details.",
            "It looks like you haven't attached a photo.",
            "No image was provided.",
            "There is no photo attached.",
            "Hello! How can I help you today?",
            "Hi! Please upload a photo.",
            "Thank you for your message.",
            "The user wants a prompt about a cup.",
            "Hmm, a cup that turns.",
            "The idea is interesting. However, I cannot help with that.",
            "A cup turns. Unfortunately I'm unable to generate more.",
            "К сожалению, я не могу выполнить этот запрос.",
            "Я не могу это сделать.",
            "Извините, но это невозможно.",
            "Пожалуйста, пришлите фото товара.",
            "Пришлите, пожалуйста, фотографию.",
            "Не могли бы вы прислать фото?",
            "Какой товар на фото?",
            "Я не вижу изображения.",
            "Фото не прикреплено.",
            "Как языковая модель, я не вижу картинок.",
            "抱歉，我无法帮助您。",
            "Lo siento, no puedo ayudar.",
            "This goes against my guidelines.",
            "That's not something I can help with.",
            "Kindly share the product photo.",
            "Image not found.",
            "There isn't an image attached.",
            "Tell me more about the product.",
            "It seems that no photo was attached.",
            "Here is the prompt:",
            "Мне нужно фото товара.",
            "Я языковая модель.",
            "С радостью помогу! Пришлите фото.",
            "Здравствуйте! Чем могу помочь?",
            "OK",
            "N/A",
            "null",
            "None.",
            "Sure!",
            "...",
            "",
            "Error: 500",
        ] {
            assert!(is_no_prompt(text), "{text}");
        }
    }

    #[test]
    fn a_prompt_with_the_words_of_refusals_in_it_is_one() {
        for text in [
            "A cup.",
            "A cup turns. A sign says sorry, and nobody can see it.",
            "A cup that cannot fall turns on a table.",
            "Here, on a wooden table, a cup turns.",
            "Here stands a cup. It turns.",
            "A voice says: \"I can't help you\". The cup turns.",
            "A voice whispers “I'm sorry”, and the cup turns.",
            "The steam rises as if to say: I cannot make it stop.",
            "The camera cannot help but follow the cup.",
            "What a morning! A cup turns in the light.",
            "In the morning light a cup turns.",
            "Iced coffee pours into the cup.",
            "It seems to float: a cup turns slowly.",
            "There is no sound but the steam of a cup.",
            "The photo comes alive: a cup turns.",
            "No people, no hands: only a cup that turns.",
            "Whatever the light does, the cup stays as in the photo.",
            "How light plays on glass: the cup turns slowly.",
            "Простирается поле, на нём стоит чашка.",
            "Happy tones colour the cup as it turns.",
            "Amber light. I candy-coat the cup.",
            "Sorrel leaves surround the cup.",
            "Unabletofall, the cup turns.",
            "Welcoming steam rises from a cup.",
            "Чашка медленно вращается, и никто не может отвести взгляд.",
            "一个杯子在桌上旋转",
            "I-beams frame a cup that turns.",
        ] {
            assert!(!is_no_prompt(text), "{text}");
        }
    }
}
