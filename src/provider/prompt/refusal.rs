//! Whether a text is no prompt: a refusal, a question, a request for the photo, a thought.
//!
//! A prompt describes a scene. A text that speaks of the model itself or to the person where a
//! sentence begins does not. A scene may begin with the words of a refusal ("Sorry! is the name of
//! the game …"): then its first sentences speak to nobody.

use crate::provider::prompt::{
    phrases::{after, begins, is_among, is_own, phrases, says},
    scene::{first_sentence, has_word, is_scene, scenery},
    talk::is_only_talk,
    tongues::{is_of_another_script, refuses_in_another_language},
};

/// How a text begins that is no prompt, in lower case.
const OPENINGS: &str = "\
    sorry|so sorry|apologies|my apologies|unfortunately|regrettably|as an ai|as a language|\
    as a large|as an assistant|this request|that request|your request|the request|request denied|\
    content policy|error:|warning:|you haven't|you have not|you didn't|you did not|you need to|\
    you'll need|you forgot|no image|no photo|no picture|no product photo|there is no image|\
    there is no photo|there's no image|there's no photo|there was no image|there was no photo|\
    there are no images|the image you|the photo you|the image is not|the image isn't|\
    the photo is not|the photo isn't|the image was not|the photo was not|the image wasn't|\
    the photo wasn't|the image is missing|the photo is missing|it seems you|it seems that you|\
    it seems like you|it seems the image|it seems the photo|it seems there|it looks like you|\
    it looks like the image|it looks like the photo|it looks like there|it appears you|\
    it appears that you|it appears the image|it appears the photo|unable to|not able to|\
    can't help|cannot help|we're sorry|we are sorry|we can't|we cannot|to write|to help|\
    to proceed|before i|without the photo|without the image|without seeing|thank you|thanks for|\
    please share|please provide|please upload|please send|please attach|please describe|\
    please clarify|please specify|please tell|please give|please confirm|please let|please try|\
    please resend|please submit|please include|please re-upload|let me know|feel free|\
    if you share|if you send|if you provide|if you could|once you|send me|share the photo|\
    upload the photo|upload a photo|this goes against|that goes against|it goes against|\
    that's not something|that is not something|this is not something|my guidelines|my policy|\
    my policies|my programming|it is against|it's against|being an ai|as a responsible|kindly|\
    please can|please could|no attachment|no file|image not found|photo not found|\
    the image didn't|the photo didn't|the image did not|the photo did not|the image seems|\
    the photo seems|the image appears to|the photo appears to|the attachment|there doesn't seem|\
    there does not seem|there isn't an image|there isn't a photo|there isn't any image|\
    there isn't any photo|there isn't an attach*|your message|need more|more information|\
    more details|tell me|let's start|let's clarify|in order to write|in order to create|\
    in order to help|happy to|glad to|it seems that no|it seems no|looks like the image is|\
    looks like the photo is|looks like you|looks like no|looks like there|content blocked|\
    request rejected|request blocked|access denied|rate limit|too many requests|\
    internal server error|but i |no images|no photos|no pictures|there are no photos|\
    no product image|you have exceeded|you've exceeded|you have reached|you've reached|\
    service temporarily|service unavailable|the service|bad gateway|this idea|that idea|since i|\
    although i|while i|because i";

/// How a thought begins, in lower case.
const THOUGHTS: &str = "\
    we need to produce|we need to write|we need to create|we must write|the user wants|\
    the user asks|the user asked|the user is|the user needs|the user has|the user said|\
    the user provided|the user gave|the user requested|the user would|the user's|user wants|\
    let me think|\
    let's think|thinking:|thinking process|reasoning:|thought:|thoughts:|analysis:|hmm*|\
    to create the prompt|мысли:|рассуждение*|okay, the user|okay, so the";

/// How a text begins that is no prompt, in Russian.
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
    help with|help you|help create|help.|describe|use|open|show|depict|portray|include|\
    offer|accept|fulfill|answer|respond";

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

/// What a short text or a first sentence refuses with, or tells of a fault.
const SHORT_REFUSALS: &str = "\
    not possible|impossible to|cannot comply|can't comply|not allowed|isn't allowed|\
    aren't allowed|not permitted|isn't permitted|not acceptable|not something|isn't something|\
    i can write|i can create|i can help|i can do|i'm allowed|i am allowed|i'm able|i am able|\
    for me to|my scope|outside the scope|out of scope|beyond the scope|outside of what|\
    outside what|beyond what|beyond my|outside my|outside of my|not appropriate|inappropriate|\
    no prompt|prompt can be|prompt could be|prompt cannot|prompt can't|violate*|violation|\
    policy|policies|guideline*|prohibited|against the rules|decline*|refuse to|refused|\
    refusal|not able to|unable to comply|unable to create|unable to generate|unable to write|\
    cannot be written|cannot be created|cannot be generated|cannot be fulfilled|\
    cannot be completed|cannot be processed|cannot be shown|can't be written|can't be created|\
    can't be done|cannot do|can't do|won't do|must not be|i'm afraid|i am afraid|i regret|i pass|\
    i have to pass|have to pass|this request|that request|your request|the request|\
    temporarily unavailable|server busy|is busy|currently unavailable|service unavailable|unavailable|exceeded|\
    quota|rate limit|try again|retry|timed out|timeout|server error|bad gateway|overloaded|\
    insufficient|error occurred|went wrong|api key|unauthorized|forbidden|invalid request|\
    off limits|off-limits|no can do|our rules|the rules|unable to process|we are unable|\
    we're unable|you asked|you requested|not available|is restricted|was flagged|is flagged|\
    is forbidden|limit reached|has failed|went down|safety filter*|not supported|won't be|\
    will not be|i would rather|i'd rather|i'd prefer|stays empty|left empty|left blank";

/// What tells that there is no prompt, wherever it stands.
const EMPTY_FIELDS: &str = "\
    prompt field*|prompt stays empty|prompt is empty|prompt is left empty|prompt empty|\
    prompt remains empty|left it empty|leave it empty|leave it blank|leaving it empty|\
    leave the prompt|leaving the prompt|no prompt can|no prompt is|no prompt was";

/// A short text has no more characters than this.
const SHORT: usize = 200;

/// What speaks of the person, the model or the task.
const ADDRESSES: &str = "\
    i|i'm|i'd|i'll|i've|my|me|you|you'd|you'll|you're|you've|your|but|request*|prompt*|polic*|\
    guideline*|upload*|attach*|provide|provided|share|shared|allow*|permit*|service|idea|\
    violat*|appropriate|inappropriate|user|assist*|comply|possible|вы|вас|вам|ваш*|мне|мной|я|\
    но|запрос*|промпт*|политик*|правила|правилам|помочь|идея|невозможно|нельзя";

/// What does so in a second sentence as well.
const SPEAKERS: &str = "i|i'm|i'd|i'll|i've|you|prompt*|request*|polic*|instead|я|вы|промпт*";

/// Whether a text is no prompt.
pub(crate) fn is_no_prompt(text: &str) -> bool {
    let lower = text.to_lowercase().replace('’', "'");
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let opening = after_interjection(lower);
    let words: Vec<&str> = words(opening).take(3).collect();
    let is_word = words.len() < 2 && opening.is_ascii();
    is_word
        || words.len() < 3 && is_among(&words.join(" "), ALONE)
        || is_of_another_script(lower)
        || is_only_talk(lower)
        || [lower, opening].iter().any(|text| begins(text, THOUGHTS))
        || refuses(lower)
        || refuses_shortly(lower)
        || (speaks(lower) || speaks(opening)) && !(is_scene(lower) && speaks_to_nobody(text))
}

/// Whether a text begins as one that speaks to the person or of the model itself.
fn speaks(text: &str) -> bool {
    begins(text, OPENINGS)
        || begins(text, RUSSIAN)
        || of_itself(text).is_some()
        || is_question(text)
}

/// Whether the first sentences of a text address nobody, apart from the phrase they begin with.
fn speaks_to_nobody(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (first, rest) = first_sentence(text);
    let first = first.to_lowercase().replace('’', "'");
    let said = after(&first, OPENINGS).or_else(|| after(&first, RUSSIAN));
    let said = said.or_else(|| of_itself(&first)).unwrap_or(&first);
    !has_word(said, ADDRESSES) && !has_word(first_sentence(rest).0, SPEAKERS)
}

/// Whether a short text refuses, or the first sentence of a longer one. Those of a scene have the
/// words of scenes.
fn refuses_shortly(text: &str) -> bool {
    let is_short = text.chars().nth(SHORT).is_none() && !is_scene(text);
    let end = text.find(['.', '!', '?', '\n']).unwrap_or(text.len());
    let told = if is_short { text } else { &text[..end] };
    let told = if scenery(told) < 2 { told } else { "" };
    says(told, SHORT_REFUSALS) && (is_short || has_word(told, ADDRESSES))
        || refuses_in_another_language(told)
        || is_short && text.trim_end().ends_with(['?', '？'])
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

/// What stands after an "I" of the model's own and its verb.
fn of_itself(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('i')?;
    after(rest.strip_prefix(' ').or(rest.starts_with('\'').then_some(rest))?, SELF)
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
    says(text, EMPTY_FIELDS)
        || says(text, PLAIN_REFUSALS)
        || phrases(REFUSALS).any(|phrase| {
            text.match_indices(phrase)
                .any(|(at, _)| is_own(text, at) && begins(&text[at + phrase.len()..], DEEDS))
        })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '_'))
        .filter(|word| !word.is_empty())
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
    fn a_short_text_that_refuses_in_any_words_is_no_prompt() {
        for text in [
            "This isn't something I can write.",
            "It would not be appropriate for me to write that.",
            "This idea violates the policy, so no prompt can be written.",
            "Not possible.",
            "Cannot comply.",
            "This content is not allowed.",
            "That's outside my scope.",
            "The idea asks for a nude person next to the product, which is not permitted here, so the prompt field stays empty.",
            "Service temporarily unavailable",
            "You have exceeded your quota",
            "I can't help with creating that video, but here is a safer idea you could try: show the mug on a table with soft light and a slow camera move, no people.",
            "This idea violates the policy. A mug that turns slowly in soft light would be fine, with the camera gliding in and steam that curls upward over a table of pale oak.",
            "Sorry, but that is not for this service. A mug turns slowly in soft light, the camera gliding in.",
            "What kind of product is in the photo, and which mood do you have in mind for it?",
            "Since I cannot see the photo, I would need you to tell me what the product is before writing.",
            "I can help with prompts for videos, but not with ones that show weapons being used against people.",
            "I'd prefer not to write a prompt for this.",
            "I have to pass on this one.",
            "Request blocked by safety filters.",
            "video_prompt",
            "Server busy",
            "Daily limit reached",
            "Requests like this are against our rules.",
            "The content you asked for is not available.",
            "This topic is restricted.",
            "Welches Produkt ist auf dem Foto?",
            "Envie a foto do produto.",
            "Wyślij zdjęcie produktu.",
            "Не буду этого писать.",
            "Отклонено.",
            "undefined",
        ] {
            assert!(is_no_prompt(text), "{text}");
        }
    }

    #[test]
    fn a_refusal_in_another_language_is_no_prompt() {
        for text in [
            "Leider kann ich diese Anfrage nicht erfüllen.",
            "Das kann ich leider nicht schreiben.",
            "Tut mir leid, das darf ich nicht erstellen.",
            "Diese Anfrage verstößt gegen die Richtlinien.",
            "Bitte laden Sie das Foto hoch, damit ich den Prompt schreiben kann.",
            "Ich kann dabei nicht helfen.",
            "Lamentablemente no puedo crear este contenido.",
            "No me es posible generar este contenido.",
            "No puedo ayudarte con esa solicitud.",
            "Mi dispiace, ma non posso aiutarti con questa richiesta.",
            "Non posso creare questo contenuto.",
            "Não posso ajudar com esse pedido.",
            "Desculpe, mas não posso ajudar com isso.",
            "Désolé, je ne peux pas créer ce contenu.",
            "Je ne peux pas répondre à cette demande.",
            "这个请求我不能完成。",
            "无法提供帮助",
            "一个杯子在桌上旋转",
            "申し訳ありませんが、そのリクエストにはお応えできません。",
            "ごめんなさい、それはできません。",
            "この内容は作成できません。",
            "죄송하지만 그 요청은 도와드릴 수 없습니다.",
            "Это нарушает правила, поэтому я отказываюсь.",
            "Перепрошую, але я не можу допомогти з цим.",
            "Przykro mi, ale nie mogę w tym pomóc.",
            "Nie mogę spełnić tej prośby.",
            "Üzgünüm, bu konuda yardımcı olamam.",
            "Bu isteği yerine getiremiyorum.",
            "عذرًا، لا يمكنني المساعدة في هذا الطلب.",
            "Het spijt me, maar daar kan ik niet bij helpen.",
            "Ik kan je hier niet mee helpen.",
            "Xin lỗi, tôi không thể hỗ trợ yêu cầu này.",
            "Jag kan tyvärr inte hjälpa till med det.",
            "Beklager, det kan jeg ikke hjelpe med.",
            "Olen pahoillani, mutta en voi auttaa tässä.",
            "Omlouvám se, ale s tím nemohu pomoci.",
            "Îmi pare rău, dar nu pot ajuta cu asta.",
            "Sajnálom, ebben nem tudok segíteni.",
            "Λυπάμαι, δεν μπορώ να βοηθήσω με αυτό.",
            "मुझे खेद है, मैं इसमें मदद नहीं कर सकता।",
            "אני מצטער, אני לא יכול לעזור בזה.",
            "متأسفم، نمی‌توانم در این مورد کمک کنم.",
            "ขออภัย ฉันไม่สามารถช่วยเรื่องนี้ได้",
            "Maaf, saya tidak dapat membantu dengan permintaan ini.",
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
            "I-beams frame a cup that turns.",
        ] {
            assert!(!is_no_prompt(text), "{text}");
        }
    }

    #[test]
    fn a_scene_may_begin_as_refusals_do() {
        let shot = "It turns slowly in soft light while the camera glides in. The product keeps its exact shape, colours and label, no people, no hands, no added text.";
        for text in [
            "I can't believe it's not butter — the tub with this slogan turns slowly on a marble slab, soft light, the camera drifts in.",
            "Sorry! is the name on the board game box, which slowly opens under warm light as the camera circles.",
            "Unfortunately for the rain, the umbrella opens wide; drops bounce off in slow motion.",
            "As an AI-inspired neon grid lights up behind it, the headset turns slowly on a plinth.",
            "Apologies accepted: the bouquet with that ribbon text opens petal by petal, the camera rising.",
            "We cannot see the wind, only the silk scarf rippling on the line as the camera circles.",
            "Unable to resist gravity, honey pours slowly beside the jar.",
            "Does the light wake the mug? It glows on the table.",
            "Can a mug glow? This one does.",
            "Thank you, says the card beside the mug.",
            "I'm Sorry brand candles burn on a wooden shelf.",
            "A sign \"Content policy: none\" fades out behind; the game box turns slowly, camera steady.",
            "Forbidden fruit never looked so good.",
            "Bitter cocoa dusts the bar.",
            "The field is empty and the background stays empty.",
            "The user manual glows on the desk beside the lamp.",
            "You need to feel this texture: macro of the wool, soft side light.",
            "Ready for launch? The sneaker rises from mist.",
            "Refusing to melt, the ice-cold can stands in the desert sun, drops running down; camera circling.",
            "Nothing can stop the drill: it stands unshakable in a dust storm, camera circling, warm rim light.",
            "The lamp cannot help but shine: its glow warms the dark room while the camera slowly moves in.",
            "The product is unable to tip over: heavy base, slow full turn, soft studio light.",
        ] {
            assert!(!is_no_prompt(&format!("{text} {shot}")), "{text}");
        }
    }

    #[test]
    fn a_short_text_that_says_nothing_of_a_refusal_is_taken_at_its_word() {
        for text in [
            "Slow pan up",
            "Product rotates slowly",
            "Mug, studio, 10 seconds",
            "Кружка кружится",
            "A cup turns.",
        ] {
            assert!(!is_no_prompt(text), "{text}");
        }
    }
}
