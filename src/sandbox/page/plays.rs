//! What can be played with words alone: texts by which a stand-in does something worth seeing.

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};

/// A text for a message, and what comes of it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Play {
    text: &'static str,
    what: &'static str,
}

const fn play(text: &'static str, what: &'static str) -> Play {
    Play { text, what }
}

const EN: [Play; 10] = [
    play("a woman holds it", "people are seen before you pay"),
    play("a nude statue beside it", "refused: nudity"),
    play("a Disney castle behind it", "refused: a brand"),
    play("a celebrity beside it", "refused: people in the photo"),
    play("it turns [[policy]]", "refused: the rules"),
    play("it turns [[fetch]]", "KIE cannot fetch the photo"),
    play("it turns [[internal]]", "KIE fails by itself"),
    play("it turns [[timeout]]", "the render takes too long at KIE"),
    play("it turns [[stuck]]", "the render never ends"),
    play("cancel", "calls off what waits"),
];

const RU: [Play; 10] = [
    play("девушка держит его в руках", "люди замечены до оплаты"),
    play("рядом обнажённая статуя", "отказ: нагота"),
    play("за ним замок из Диснея", "отказ: чужой бренд"),
    play("рядом знаменитость", "отказ: люди на фото"),
    play("он вращается [[policy]]", "отказ: правила"),
    play("он вращается [[fetch]]", "KIE не может взять фото"),
    play("он вращается [[internal]]", "сбой у самого KIE"),
    play("он вращается [[timeout]]", "у KIE съёмка длится слишком долго"),
    play("он вращается [[stuck]]", "съёмка никогда не кончается"),
    play("отмена", "отменяет то, что ещё ждёт"),
];

/// All of them, by language.
pub(crate) async fn plays() -> Json<Value> {
    Json(json!({"en": EN, "ru": RU}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{kie::corpus::moderation, script::asked};

    #[test]
    fn each_text_does_what_is_said_of_it() {
        for Play { text, what } in EN.into_iter().chain(RU) {
            let picture = json!({"type": "image_url", "image_url": {"url": "https://a.test/b"}});
            let content = json!([{"type": "text", "text": text}, picture]);
            let body = json!({"messages": [{"role": "user", "content": content}]});
            let shows_people = asked(&body).unwrap().seen.contains(&"people");
            let fails = moderation(text).is_some() || text.contains("[[stuck]]");
            let is_command = ["cancel", "отмена"].contains(&text);
            assert_eq!(
                u8::from(shows_people) + u8::from(fails) + u8::from(is_command),
                1,
                "{text}"
            );
            let refused = what.starts_with("refused") || what.starts_with("отказ");
            assert!(!refused || moderation(text).unwrap().code.as_deref() == Some("400"), "{text}");
        }
    }
}
