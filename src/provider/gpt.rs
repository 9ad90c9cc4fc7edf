//! The chat-completions client: an idea becomes the prompt of a video.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::Value;
use ureq::Agent;

use crate::config::gpt::Gpt;
use crate::domain::{
    brief::{Brief, Written},
    ports::{PromptWriter, TranscribeError, Transcriber},
    secret::Secret,
    text::{is_blank, trimmed},
};
use crate::provider::{
    agent::{CallError, HttpAnswer, Purpose, bearer, client_proxy, post},
    completion::{completion, said},
    prompt::{
        extract::prompt_in,
        json::{fields_before_the_cut, json_in},
        reasoning::without_reasoning,
        scenes::{json_with_scenes, people_in, scenes_in, several_in},
        summary::summary_in,
    },
    question::{question, with_format},
    sentences::within,
    transcription::{Listener, transcribe},
};

/// A client of any API with `OpenAI`'s chat completions.
#[derive(Debug)]
pub(crate) struct GptClient {
    address: String,
    listens_at: String,
    transcribe_model: String,
    model: String,
    api_key: Secret,
    takes_kie_keys: bool,
    agent: Agent,
    /// Whether the API refused a format of the answer, and answered without one.
    takes_no_format: AtomicBool,
    /// The same of a picture.
    takes_no_picture: AtomicBool,
}

impl GptClient {
    /// A client of the API that the config names. Without a key of its own it uses the KIE key of
    /// the call, where the API may see that.
    pub(crate) fn new(gpt: &Gpt, takes_kie_keys: bool) -> Self {
        let base = gpt.api_url.trim_end_matches('/');
        let address = format!("{base}/chat/completions");
        let proxy = client_proxy(&gpt.proxy, &address);
        Self {
            address,
            listens_at: format!("{base}/audio/transcriptions"),
            transcribe_model: gpt.transcribe_model.clone(),
            model: gpt.model.clone(),
            api_key: gpt.api_key.clone(),
            takes_kie_keys,
            agent: Purpose::calls(gpt.timeout, proxy).agent(),
            takes_no_format: AtomicBool::new(false),
            takes_no_picture: AtomicBool::new(false),
        }
    }

    /// The key that it may see: its own, or KIE's where the API is KIE's.
    fn key<'a>(&'a self, kies: Option<&'a Secret>) -> Option<&'a Secret> {
        let own = Some(&self.api_key).filter(|key| !key.is_empty());
        own.or_else(|| kies.filter(|key| self.takes_kie_keys && !key.is_empty()))
    }

    fn ask(&self, key: &Secret, body: &Value) -> Result<HttpAnswer, String> {
        post(&self.agent, &self.address, key, body, &[]).map_err(|error| match error {
            CallError::NotSent(text) | CallError::Lost(text) => text,
            CallError::BadKey => "the key has characters that no header carries".to_owned(),
        })
    }
}

impl GptClient {
    /// Asks with the picture or without, with the format of the answer or without.
    fn ask_so(
        &self,
        key: &Secret,
        brief: &Brief,
        (seen, format): (bool, bool),
    ) -> Result<HttpAnswer, String> {
        let brief = if seen { brief } else { &Brief { photo: None, ..brief.clone() } };
        let plain = question(&self.model, brief);
        let body = if format { with_format(&plain, brief) } else { plain };
        self.ask(key, &body)
    }

    /// Remembers what the API does not take: what it first refused, and answered without.
    fn learn(&self, refused: &HttpAnswer, was_seen: bool, (seen, format): (bool, bool)) {
        if !format && !self.takes_no_format.swap(true, Ordering::Relaxed) {
            tracing::info!("GPT's API takes no response_format; from now on it is asked without");
        }
        // One picture may be refused for what is in it: others are not.
        let is_refused = was_seen && !seen && speaks_of_pictures(refused);
        if is_refused && !self.takes_no_picture.swap(true, Ordering::Relaxed) {
            tracing::info!("GPT's API takes no pictures; from now on it is asked without");
        }
    }
}

impl PromptWriter for GptClient {
    fn write(&self, brief: &Brief, key: Option<&Secret>) -> Result<Written, String> {
        let key = self.key(key).ok_or(NO_KEY)?;
        let (longest, scenes) = (brief.room(), brief.most_scenes());
        let sees = brief.photo.is_some() && !self.takes_no_picture.load(Ordering::Relaxed);
        let formats = !self.takes_no_format.load(Ordering::Relaxed);
        let first = self.ask_so(key, brief, (sees, formats))?;
        if !may_refuse_the_form(&first) {
            return written(first.status, &first.body, longest, scenes);
        }
        let mut others = [(true, false), (false, true), (false, false)];
        if speaks_of_pictures(&first) {
            others.swap(0, 1);
        }
        let is_less = |(seen, format): &(bool, bool)| {
            (sees || !seen) && (formats || !format) && (*seen, *format) != (sees, formats)
        };
        for way in others.into_iter().filter(is_less) {
            let answer = self.ask_so(key, brief, way)?;
            if has_text(&answer) {
                self.learn(&first, sees, way);
            }
            if !may_refuse_the_form(&answer) || way == (false, false) {
                return written(answer.status, &answer.body, longest, scenes);
            }
        }
        written(first.status, &first.body, longest, scenes)
    }
}

/// Why nobody is asked.
const NO_KEY: &str = "there is no key that it may see";

impl Transcriber for GptClient {
    fn transcribe(
        &self,
        voice: &Path,
        name: &str,
        key: Option<&Secret>,
    ) -> Result<String, TranscribeError> {
        let refused = |text: &str| TranscribeError::Refused(text.to_owned());
        let key = self.key(key).ok_or_else(|| refused(NO_KEY))?;
        let bearer =
            bearer(key).map_err(|_| refused("the key has characters that no header carries"))?;
        let (url, model) = (&self.listens_at, &self.transcribe_model);
        transcribe(Listener { agent: &self.agent, url, model }, bearer, key.expose(), voice, name)
    }
}

/// Whether a refusal says that pictures are not taken at all, in the words of usual APIs.
fn speaks_of_pictures(answer: &HttpAnswer) -> bool {
    let text = String::from_utf8_lossy(&answer.body).to_lowercase();
    let words = ["image", "vision", "multimodal", "modalit", "be a string", "valid string"];
    words.iter().any(|word| text.contains(word))
}

/// Whether an answer may mean that the API does not know the form of the question: it is
/// refused as invalid or as not included, by a code, a status or in words, it broke something
/// there, or nothing was written.
fn may_refuse_the_form(answer: &HttpAnswer) -> bool {
    if has_text(answer) {
        return false;
    }
    let root = completion(&answer.body);
    let root = root.as_ref().unwrap_or(&Value::Null);
    let codes = [&root["code"], &root["error"]["code"]].map(Value::as_u64);
    let code = codes.into_iter().flatten().find(|code| *code != 200);
    match code.unwrap_or(u64::from(answer.status)) {
        200..300 => root.is_object(),
        code => matches!(code, 400 | 403 | 404 | 405 | 406 | 413 | 415 | 422 | 500 | 501),
    }
}

/// Whether an answer has a choice in which something is written, or refused.
fn has_text(answer: &HttpAnswer) -> bool {
    let root = completion(&answer.body).unwrap_or_default();
    let message = &root["choices"][0]["message"];
    let refuses = message["refusal"].as_str().is_some_and(|text| !is_blank(text));
    (200..300).contains(&answer.status) && (refuses || !is_blank(&said(message)))
}

/// What an answer has written, in at most so many scenes, each with a prompt of at most `longest`
/// characters; or why there is none. The reasons never repeat the answer.
pub fn written(
    status: u16,
    body: &[u8],
    longest: usize,
    most_scenes: usize,
) -> Result<Written, String> {
    if !(200..300).contains(&status) {
        return Err(format!("HTTP {status}"));
    }
    let root = completion(body).ok_or("an answer that is no JSON")?;
    let choice = &root["choices"][0];
    if choice.is_null() {
        return Err(match root["code"].as_i64() {
            Some(code) => format!("an answer without a choice, code {code}"),
            None => "an answer without a choice".to_owned(),
        });
    }
    let message = &choice["message"];
    let finish = choice["finish_reason"].as_str().map(str::to_lowercase).unwrap_or_default();
    if ["content_filter", "safety", "recitation", "prohibited_content"].contains(&finish.as_str()) {
        return Err("the answer was filtered".to_owned());
    }
    if message["refusal"].as_str().is_some_and(|text| !is_blank(text)) {
        return Err("the model refused".to_owned());
    }
    let is_cut = ["length", "max_tokens"].contains(&finish.as_str());
    let said = said(message);
    let answer = without_reasoning(trimmed(&said));
    // What is cut off costs nobody what came whole before: a prompt, or scenes.
    let (json, said) = match json_with_scenes(&answer) {
        Some(json) => (json.clone(), json.to_string()),
        None if is_cut => {
            let fields = fields_before_the_cut(&answer).ok_or("the answer is cut off")?;
            (fields.clone(), fields.to_string())
        }
        None => (json_in(&answer).unwrap_or_default(), said),
    };
    let mut scenes = scenes_in(&json, most_scenes, longest);
    let prompt = match scenes.first() {
        Some(first) => first.prompt.clone(),
        None => within(&prompt_in(&said)?, longest),
    };
    if prompt.is_empty() {
        return Err("an empty answer".to_owned());
    }
    // One without a title is the prompt, and nothing more.
    if scenes.len() == 1 && scenes[0].title.is_none() {
        scenes.clear();
    }
    let (people, several) = (people_in(&json), several_in(&json));
    Ok(Written { prompt, summary: summary_in(&said), scenes, people, several })
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use serde_json::json;

    use super::*;
    use crate::domain::{
        brief::{LONGEST_SUMMARY, LONGEST_TITLE, SmallPhoto, Task, WORTHWHILE_PROMPT},
        draft::Scene,
        preset::Localized,
    };
    use crate::provider::scripted::{Reply, Scripted, unused_address};
    use crate::testing::malformed::documents;
    use proptest::{prelude::*, sample::select};

    fn brief() -> Brief {
        let task = Task::OwnWords;
        Brief {
            idea: "чашка на столе".into(),
            task,
            seconds: 10,
            longest: 800,
            scenes: 5,
            photo: None,
        }
    }

    fn gpt(url: &str, key: &str) -> GptClient {
        let timeout = Duration::from_secs(5);
        let (api_url, api_key) = (url.to_owned(), Secret::new(key));
        GptClient::new(&Gpt { api_url, api_key, timeout, ..Gpt::default() }, true)
    }

    fn choice(content: &str, finish: &str) -> String {
        let message = json!({ "role": "assistant", "content": content });
        json!({ "choices": [{ "message": message, "finish_reason": finish }] }).to_string()
    }

    fn prompt(body: &[u8]) -> Result<String, String> {
        written(200, body, 800, 5).map(|written| written.prompt)
    }

    fn says(content: &str) -> Result<String, String> {
        prompt(choice(content, "stop").as_bytes())
    }

    /// An answer that is a prompt alone.
    fn plain(prompt: &str, summary: Option<&Localized>) -> Written {
        let (prompt, summary) = (prompt.to_owned(), summary.cloned());
        Written { prompt, summary, scenes: Vec::new(), people: false, several: false }
    }

    fn writes(gpt: &GptClient) -> Result<String, String> {
        gpt.write(&brief(), None).map(|written| written.prompt)
    }

    #[test]
    fn an_idea_becomes_a_prompt_with_ones_own_key() {
        let server = Scripted::new([Reply::json(200, &choice("\"A cup turns.\"\n", "stop"))]);
        let gpt = gpt(&format!("{}/v1/", server.url()), "own-key");
        let written = gpt.write(&brief(), Some(&Secret::new("kie-key")));
        assert_eq!(written, Ok(plain("A cup turns.", None)));
        let asked = &server.asked()[0];
        assert_eq!(asked.line(), "POST /v1/chat/completions HTTP/1.1");
        assert_eq!(asked.header("authorization"), Some("Bearer own-key"));
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        assert_eq!((&body["stream"], &body["model"]), (&json!(false), &json!("gpt-5-2")));
        assert_eq!(body["response_format"]["type"], "json_schema");
        assert!(body["messages"][0]["content"].as_str().unwrap().contains("800 characters"));
        assert!(body["messages"][1]["content"].as_str().unwrap().contains("чашка на столе"));
    }

    #[test]
    fn without_its_own_key_it_uses_the_one_for_kie_and_without_any_none() {
        let server = Scripted::new([Reply::json(200, &choice("A cup.", "stop"))]);
        let gpt = gpt(&server.url(), "");
        assert!(gpt.write(&brief(), None).is_err());
        assert!(gpt.write(&brief(), Some(&Secret::new("kie-key"))).is_ok());
        let asked = server.asked();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].header("authorization"), Some("Bearer kie-key"));
    }

    #[test]
    fn an_api_that_takes_no_format_is_asked_without_one_and_from_then_on() {
        let prompt = choice("A cup turns.", "stop");
        for refusal in [
            Reply::json(400, r#"{"error":{"message":"Unrecognized argument: response_format"}}"#),
            Reply::json(422, "{}"),
            Reply::json(500, "oh"),
            Reply::json(200, r#"{"code":500,"msg":"response_format is invalid","data":null}"#),
            Reply::json(200, r#"{"error":{"code":400,"message":"no response_format"}}"#),
            Reply::json(403, r#"{"error":{"message":"response_format requires a paid plan"}}"#),
            Reply::json(405, "{}"),
            Reply::json(413, "{}"),
            Reply::json(200, r#"{"error":"invalid request"}"#),
            Reply::json(200, r#"{"status":"error","message":"Invalid value: response_format"}"#),
            Reply::json(200, r#"{"choices":[]}"#),
            Reply::json(200, r#"{"choices":[{"message":{"content":null}}]}"#),
            Reply::json(200, &choice("", "stop")),
        ] {
            let good = || Reply::json(200, &prompt);
            let server = Scripted::new([refusal, good(), good()]);
            let gpt = gpt(&server.url(), "own-key");
            for _ in 0..2 {
                assert_eq!(writes(&gpt).as_deref(), Ok("A cup turns."));
            }
            let bodies = server.asked();
            let has_format =
                |asked: &crate::provider::scripted::Asked| asked.text().contains("response_format");
            assert_eq!(bodies.iter().map(has_format).collect::<Vec<_>>(), [true, false, false]);
        }
    }

    #[test]
    fn an_api_that_fails_without_a_format_too_is_asked_for_one_again() {
        let broken = || Reply::json(400, "{}");
        let good = Reply::json(200, &choice("{\"prompt\":\"A cup turns.\"}", "stop"));
        let server = Scripted::new([broken(), broken(), good]);
        let gpt = gpt(&server.url(), "own-key");
        assert_eq!(writes(&gpt).unwrap_err(), "HTTP 400");
        assert_eq!(writes(&gpt).as_deref(), Ok("A cup turns."));
        assert!(server.asked()[2].text().contains("response_format"));
    }

    fn seeing() -> Brief {
        Brief { photo: Some(SmallPhoto(Arc::from(&b"jpeg"[..]))), ..brief() }
    }

    /// Whether each question had a picture, and a format.
    fn forms(server: &Scripted) -> Vec<(bool, bool)> {
        let asked = server.asked();
        let form = |text: String| (text.contains("image_url"), text.contains("response_format"));
        asked.iter().map(|asked| form(asked.text())).collect()
    }

    #[test]
    fn an_api_that_takes_no_pictures_is_asked_without_one_and_from_then_on() {
        let good =
            || Reply::json(200, &choice("{\"prompt\":\"A cup turns.\",\"people\":true}", "stop"));
        for text in [
            r#"{"error":{"message":"Invalid content type. image_url is only supported by certain models."}}"#,
            r#"{"error":{"message":"messages[1].content must be a string"}}"#,
            r#"{"code":400,"msg":"this model is not multimodal"}"#,
        ] {
            let server = Scripted::new([Reply::json(400, text), good(), good()]);
            let gpt = gpt(&server.url(), "own-key");
            for _ in 0..2 {
                assert!(gpt.write(&seeing(), None).is_ok());
            }
            assert_eq!(forms(&server), [(true, true), (false, true), (false, true)], "{text}");
        }
        // What is in one picture says nothing of the next.
        let filtered = || Reply::json(400, r#"{"error":{"code":"content_filter"}}"#);
        let server = Scripted::new([filtered(), filtered(), good(), good()]);
        let gpt = gpt(&server.url(), "own-key");
        assert!(gpt.write(&seeing(), None).is_ok());
        assert_eq!(gpt.write(&seeing(), None).map(|written| written.people), Ok(true));
        assert_eq!(forms(&server), [(true, true), (true, false), (false, true), (true, true)]);
    }

    #[test]
    fn an_api_that_takes_neither_pictures_nor_formats_is_asked_for_plain_words() {
        let bad = || Reply::json(400, r#"{"error":"invalid image, invalid format"}"#);
        let good = || Reply::json(200, &choice("A cup turns.", "stop"));
        let server = Scripted::new([bad(), bad(), bad(), good(), good()]);
        let gpt = gpt(&server.url(), "own-key");
        for _ in 0..2 {
            assert!(gpt.write(&seeing(), None).is_ok());
        }
        let all = [(true, true), (false, true), (true, false), (false, false), (false, false)];
        assert_eq!(forms(&server), all);
    }

    #[test]
    fn an_api_that_takes_pictures_and_no_format_still_sees() {
        let bad = || Reply::json(400, r#"{"error":"response_format"}"#);
        let good = || Reply::json(200, &choice("A cup turns.", "stop"));
        let server = Scripted::new([bad(), good(), good()]);
        let gpt = gpt(&server.url(), "own-key");
        for _ in 0..2 {
            assert!(gpt.write(&seeing(), None).is_ok());
        }
        assert_eq!(forms(&server), [(true, true), (true, false), (true, false)]);
    }

    #[test]
    fn what_says_nothing_of_the_format_is_not_asked_twice() {
        for reply in [
            Reply::json(401, "{}"),
            Reply::json(429, "{}"),
            Reply::html(502),
            Reply::json(200, r#"{"code":402,"msg":"Credits insufficient","data":null}"#),
            Reply::json(200, &choice("I cannot.", "stop")),
        ] {
            let server = Scripted::new([reply]);
            assert!(gpt(&server.url(), "own-key").write(&brief(), None).is_err());
            assert_eq!(server.asked().len(), 1);
        }
    }

    #[test]
    fn a_prompt_is_freed_from_its_wrapping() {
        for wrapped in [
            "  A cup turns.  ",
            "«A cup turns.»",
            "“A cup\nturns.”",
            "```text\nA cup turns.\n```",
            "Here it is:\n```\nA cup turns.\n```\nEnjoy!",
            "**A cup turns.**",
            "<think>Hmm. I cannot say.</think>A cup turns.",
            "{\"prompt\": \"A cup turns.\"}",
            "Here is the prompt:\n\n**A cup turns.**\n\nLet me know if it fits.",
        ] {
            assert_eq!(says(wrapped).as_deref(), Ok("A cup turns."), "{wrapped}");
        }
        let marked = format!("\u{feff}{}", choice("A cup turns.", "stop"));
        assert_eq!(prompt(marked.as_bytes()).as_deref(), Ok("A cup turns."));
        let decoded = json!({ "choices": [{ "message": { "content": { "prompt": "A cup." } } }] });
        assert_eq!(prompt(decoded.to_string().as_bytes()).as_deref(), Ok("A cup."));
        let thoughts = json!({ "choices": [{ "message": { "content": [
            { "type": "thinking", "text": "Hm." }, { "type": "text", "text": "A cup." } ] } }] });
        assert_eq!(prompt(thoughts.to_string().as_bytes()).as_deref(), Ok("A cup."));
        let parts = json!({ "choices": [{ "message": { "content": [
            { "type": "text", "text": "A cup " }, { "type": "text", "text": "turns." } ] } }] });
        assert_eq!(prompt(parts.to_string().as_bytes()).as_deref(), Ok("A cup turns."));
    }

    #[test]
    fn what_is_no_prompt_is_not_taken_for_one() {
        for refusal in
            ["I’m sorry, but I can’t help.", "Я не могу это сделать.", "", "\"\"", "\u{200b}"]
        {
            assert!(says(refusal).is_err(), "{refusal}");
        }
        let cut = choice("A cup tur", "length");
        assert_eq!(prompt(cut.as_bytes()).unwrap_err(), "the answer is cut off");
        let paused = br#"{"code":402,"msg":"a secret prompt","data":null}"#;
        assert_eq!(prompt(paused).unwrap_err(), "an answer without a choice, code 402");
        assert!(prompt(b"<html>").is_err());
        assert!(written(502, choice("A cup.", "stop").as_bytes(), 99, 5).is_err());
    }

    #[test]
    fn a_prompt_is_no_longer_than_was_asked_for() {
        let shots = (0..200).map(|shot| format!("The mug of shot {shot} moves under the light."));
        let long = shots.collect::<Vec<_>>().join(" ");
        let server = Scripted::new([(); 2].map(|()| Reply::json(200, &choice(&long, "stop"))));
        let gpt = gpt(&server.url(), "own-key");
        for (task, most) in [(Task::Idea, WORTHWHILE_PROMPT), (Task::Translate, 2_500)] {
            let brief = Brief { task, longest: 2_500, ..brief() };
            let prompt = gpt.write(&brief, None).unwrap().prompt;
            let room = most - 100..=most;
            assert!(room.contains(&prompt.len()) && prompt.ends_with("light."), "{task:?}");
            let asked = server.asked().pop().unwrap().text();
            assert!(asked.contains(&format!("{most} characters")), "{asked}");
        }
    }

    #[test]
    fn a_summary_comes_along_and_never_costs_the_prompt() {
        let summary =
            Localized { ru: "Чашка кружится.".into(), en: "A cup turns.".into() };
        let whole = r#"{"prompt":"The cup turns.","summary_en":"A cup turns.","summary_ru":"Чашка кружится."}"#;
        for (content, finish, expected) in [
            (whole, "stop", Some(&summary)),
            (whole, "length", Some(&summary)),
            (&whole[..60], "stop", None),
            (&whole[..60], "length", None),
            (r#"{"prompt":"The cup turns.","summary_en":null,"summary_ru":7}"#, "stop", None),
            (r#"{"summary_en":"A cup turns.","prompt":"The cup turns."}"#, "stop", None),
            ("The cup turns.\n\nSummary (EN): A cup turns in the light.", "stop", None),
            ("**Summary:** A cup turns.\n\n**Prompt:** The cup turns.", "stop", None),
            ("The cup turns.\n\n**Резюме:** Чашка медленно кружится на столе.", "stop", None),
        ] {
            let written = written(200, choice(content, finish).as_bytes(), 800, 5);
            assert_eq!(written, Ok(plain("The cup turns.", expected)), "{content}");
        }
        let called = json!({ "choices": [{ "message": { "content": null, "tool_calls": [
            { "function": { "name": "video_prompt", "arguments": whole } } ] } }] });
        let written = written(200, called.to_string().as_bytes(), 800, 5);
        assert_eq!(written.map(|written| written.summary), Ok(Some(summary)));
        let summaries = r#"{"prompt":"","summary_en":"A cup turns.","summary_ru":"Чашка."}"#;
        assert!(says(summaries).is_err());
    }

    #[test]
    fn scenes_come_with_their_summary_and_those_that_came_whole_survive_a_cut() {
        let scene = |ru: &str, en: &str, prompt: &str| Scene {
            title: Some(Localized { ru: ru.into(), en: en.into() }),
            prompt: prompt.into(),
        };
        let scenes =
            [scene("Пар", "Steam", "A cup turns."), scene("Свет", "Light", "A cup stops.")];
        let items = json!([
            { "title_ru": "Пар", "title_en": "Steam", "prompt": "A cup turns." },
            { "title_ru": "Свет", "title_en": "Light", "prompt": "A cup stops." },
        ]);
        let whole = format!(
            "{{\"summary_ru\": \"Чашка кружится.\", \"summary_en\": \"A cup turns.\", \"people\": true, \
             \"scenes\": {items}}}"
        );
        let summary =
            Localized { ru: "Чашка кружится.".into(), en: "A cup turns.".into() };
        let read = |content: &str, finish, most| {
            written(200, choice(content, finish).as_bytes(), 800, most).unwrap()
        };
        for (content, finish) in
            [(whole.clone(), "stop"), (whole.clone(), "length"), (format!("Here: {whole}"), "stop")]
        {
            let expected = Written {
                prompt: "A cup turns.".into(),
                summary: Some(summary.clone()),
                scenes: scenes.to_vec(),
                people: true,
                several: false,
            };
            assert_eq!(read(&content, finish, 5), expected, "{content}");
        }
        assert_eq!(read(&whole, "stop", 1).scenes, scenes[..1]);
        let cut = &whole[..whole.len() - 20];
        for finish in ["stop", "length"] {
            let written = read(cut, finish, 5);
            assert_eq!(
                (&written.scenes[..], written.summary),
                (&scenes[..1], Some(summary.clone()))
            );
        }
        let none = json!({ "summary_ru": "Чашка.", "summary_en": "A cup.", "scenes": [] });
        assert!(says(&none.to_string()).is_err());
        let refused = json!({ "scenes": [{ "prompt": "I cannot help with that." }] });
        assert!(says(&refused.to_string()).is_err());
    }

    #[test]
    fn an_edited_prompt_is_translated_without_the_rules_of_the_product() {
        let server = Scripted::new([Reply::json(200, &choice("The cup stops.", "stop"))]);
        let brief = Brief { task: Task::Translate, ..brief() };
        gpt(&server.url(), "own-key").write(&brief, None).unwrap();
        let body: Value = serde_json::from_slice(&server.asked()[0].body).unwrap();
        let system = body["messages"][0]["content"].as_str().unwrap();
        assert!(system.contains("into English faithfully") && !system.contains("no people"));
        assert_eq!(
            body["messages"][1]["content"],
            "The prompt to put into English:\nчашка на столе"
        );
    }

    #[test]
    fn a_server_that_is_away_or_silent_is_an_error_without_an_address() {
        let error = gpt(&unused_address(), "own-key").write(&brief(), None).unwrap_err();
        assert!(!error.contains("127.0.0.1"), "{error}");
        let server = Scripted::new([Reply::Stall(Vec::new())]);
        let (api_key, timeout) = (Secret::new("k"), Duration::from_millis(200));
        let gpt = GptClient::new(
            &Gpt { api_url: server.url(), api_key, timeout, ..Gpt::default() },
            true,
        );
        assert_eq!(gpt.write(&brief(), None).unwrap_err(), "no answer in time");
    }

    #[test]
    fn a_million_marks_around_a_text_are_no_danger() {
        let stars = "*".repeat(1_000_000);
        assert_eq!(says(&format!("{stars}A cup turns.{stars}")).as_deref(), Ok("A cup turns."));
        for many in
            [". (", "\ntags: ", "{prompt: \"a\",", "Feel free to you. ", "Option 1\n", "&amp;"]
        {
            let _ = says(&format!("{}{many}", many.repeat(20_000)));
        }
        let quotes = "'\"".repeat(1_000_000);
        assert!(says(&format!("{quotes}A cup.{quotes}")).is_ok());
    }

    proptest! {
        #[test]
        fn a_prompt_is_one_line_of_a_bounded_length(
            bytes in documents(&answers()),
            status in prop_oneof![4 => Just(200_u16), 1 => any::<u16>()],
            longest in 0_usize..50,
        ) {
            match written(status, &bytes, longest, 3) {
                Ok(Written { prompt, summary, scenes, .. }) => {
                    prop_assert!(scenes.len() <= 3);
                    if let Some(first) = scenes.first() {
                        prop_assert_eq!(&first.prompt, &prompt);
                    }
                    for scene in &scenes {
                        prop_assert!((1..=longest).contains(&scene.prompt.chars().count()));
                        let titles = scene.title.iter().flat_map(|title| [&title.ru, &title.en]);
                        for title in titles {
                            prop_assert!((1..=LONGEST_TITLE).contains(&title.chars().count()));
                            prop_assert!(!title.contains(['\n', '\r']));
                        }
                    }
                    for text in summary.iter().flat_map(|summary| [&summary.ru, &summary.en]) {
                        prop_assert!((1..=LONGEST_SUMMARY).contains(&text.chars().count()));
                        prop_assert!(!text.contains(['\n', '\r']));
                    }
                    prop_assert!((1..=longest).contains(&prompt.chars().count()));
                    prop_assert_eq!(prompt.trim(), prompt.as_str());
                    prop_assert!(!prompt.contains(['\n', '\r']));
                }
                Err(why) => prop_assert!(why.len() < 80, "{}", why),
            }
        }

        #[test]
        fn a_prompt_is_neither_lost_among_odd_summaries_nor_mixed_up_with_them(
            [ru, en] in [odd_summary(), odd_summary()],
            place in 0_usize..3,
            kept in any::<proptest::sample::Index>(),
            finish in select(vec!["stop", "length"]),
        ) {
            let mut fields = vec![format!("\"summary_ru\": {ru}"), format!("\"summary_en\": {en}")];
            fields.insert(place, "\"prompt\": \"A mug turns.\"".to_owned());
            let json = format!("{{{}}}", fields.join(", "));
            let whole = json.find("turns.\"").unwrap() + "turns.\"".len();
            let ends: Vec<usize> = (whole..=json.len()).filter(|at| json.is_char_boundary(*at)).collect();
            let text = &json[..ends[kept.index(ends.len())]];
            let body = choice(text, finish);
            let found = prompt(body.as_bytes());
            prop_assert_eq!(found, Ok("A mug turns.".to_owned()), "{}", text);
        }
    }

    /// What may stand where a summary should, as JSON.
    fn odd_summary() -> impl Strategy<Value = String> {
        let odd = [
            "null",
            "7",
            "true",
            "{}",
            "[]",
            "[\"a\", {}]",
            "{\"ru\": \"Чашка\", \"en\": null}",
            "\"You will see, in a video, how a cup turns slowly in soft light.\"",
            "\"{\\\"prompt\\\": \\\"A jar.\\\"}\"",
        ];
        prop_oneof![
            select(odd.to_vec()).prop_map(str::to_owned),
            any::<String>().prop_map(|text| json!(text).to_string()),
        ]
    }

    /// Answers of chat-completions APIs: a text, a list of parts, a refusal, an error.
    fn answers() -> Vec<Value> {
        let choice = |message: Value| {
            json!({"id": "1", "model": "gpt-5-2", "usage": {"total_tokens": 17},
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})
        };
        let fenced = "<think>Hm.</think>```text\n«A cup turns. It stops.»\n```";
        vec![
            choice(json!({"role": "assistant", "content": "**A cup turns.** It stops."})),
            choice(json!({"role": "assistant", "content": fenced})),
            choice(
                json!({"content": "{\"prompt\": \"A cup turns. It stops.\", \"title\": \"Cup\"}"}),
            ),
            choice(json!({"content": "Sure! Here's the prompt:\n\n> A cup turns.\n\nEnjoy!"})),
            choice(
                json!({"content": "<|channel|>analysis<|message|>Hm.<|channel|>final<|message|>A cup."}),
            ),
            choice(json!({"content": "{\"prompt\": \"A cup turns.\", \"summary_ru\": \"Чашка \
                кружится.\", \"summary_en\": \"A cup turns.\"}"})),
            choice(json!({"content": "{\"summary_ru\": \"Чашка.\", \"summary_en\": \"A cup.\", \
                \"people\": true, \"scenes\": [{\"title_ru\": \"Пар\", \"title_en\": \"Steam\", \
                \"prompt\": \"A cup turns.\"}, {\"prompt\": \"A cup stops.\"}]}"})),
            choice(json!({"content": [{"type": "text", "text": "A cup "}, "turns."]})),
            choice(json!({"content": null, "refusal": "I cannot."})),
            json!({"code": 402, "msg": "Credits insufficient", "data": null}),
        ]
    }
}
