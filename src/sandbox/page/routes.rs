//! The routes of the page.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::sandbox::{
    page::{
        gallery, plays,
        reading::{self, asset, script},
        sending,
        troubles::{self, Troubles},
        view::{Page, SandboxInfo},
    },
    telegram::stand_in::TelegramStandIn,
};

/// The largest file that the page accepts, in bytes: enough to try what the bot refuses.
const LARGEST_FILE: usize = 64 << 20;

/// The page for the people of `telegram`. If there are none yet, three are created.
pub(crate) fn router(telegram: TelegramStandIn, info: SandboxInfo, troubles: Troubles) -> Router {
    if telegram.people().is_empty() {
        for (name, language) in [("Анна", "ru"), ("Борис", "ru"), ("Chloe", "en")] {
            telegram.person(name, language);
        }
    }
    let troubles = Arc::new(troubles);
    let epoch = uuid::Uuid::new_v4().to_string();
    Router::new()
        .route("/", get(|| async { asset("text/html", include_str!("index.html")) }))
        .route("/chat.css", get(|| async { asset("text/css", include_str!("chat.css")) }))
        .route("/chat.js", get(|| async { script(include_str!("chat.js")) }))
        .route("/person.js", get(|| async { script(include_str!("person.js")) }))
        .route("/composer.js", get(|| async { script(include_str!("composer.js")) }))
        .route("/troubles.js", get(|| async { script(include_str!("troubles.js")) }))
        .route("/message.js", get(|| async { script(include_str!("message.js")) }))
        .route("/words.js", get(|| async { script(include_str!("words.js")) }))
        .route("/gallery", get(|| async { asset("text/html", include_str!("gallery.html")) }))
        .route("/gallery.css", get(|| async { asset("text/css", include_str!("gallery.css")) }))
        .route("/gallery.js", get(|| async { script(include_str!("gallery.js")) }))
        .route("/gallery/{file}", get(gallery::film))
        .route("/api/gallery", get(gallery::exhibits))
        .route("/media/{file}", get(reading::media))
        .route("/api/changes", get(reading::changes))
        .route("/api/plays", get(plays::plays))
        .route("/api/troubles", get(troubles::list).post(troubles::switch))
        .route("/api/people", post(sending::new_person))
        .route("/api/people/{id}/text", post(sending::text))
        .route("/api/people/{id}/files", post(sending::files))
        .route("/api/people/{id}/voice", post(sending::voice))
        .route("/api/people/{id}/edit", post(sending::edit))
        .route("/api/people/{id}/forward", post(sending::forward))
        .route("/api/people/{id}/demo-photo", post(sending::demo_photo))
        .route("/api/people/{id}/tap", post(sending::tap))
        .route("/api/people/{id}/block", post(sending::block))
        .layer(DefaultBodyLimit::max(LARGEST_FILE))
        .with_state(Page { telegram, info, troubles, epoch })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reqwest::{
        Client,
        multipart::{Form, Part},
    };
    use serde_json::{Value, json};

    use super::*;
    use crate::clock::SystemClock;
    use crate::sandbox::{
        gpt::GptStandIn,
        kie::{behaviour::Behaviour, stand_in::KieStandIn},
        serve::{Server, serve},
        telegram::person::Person,
    };

    async fn page() -> (TelegramStandIn, Person, Server, String) {
        let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
        let kie = KieStandIn::new(Arc::new(SystemClock), Behaviour::default());
        let gpt = GptStandIn::new(Arc::new(SystemClock));
        let troubles = Troubles::new(&telegram, &kie, &gpt, "sora-2-image-to-video");
        let page = router(telegram.clone(), SandboxInfo { speed: 30.0 }, troubles);
        let first = telegram.people()[0];
        let anna = telegram.person_by_id(first).unwrap();
        let server = serve(page, 0).await.unwrap();
        let url = server.url();
        (telegram, anna, server, url)
    }

    async fn changes(url: &str, since: &Value) -> Value {
        let answer = reqwest::get(format!("{url}/api/changes?since={since}")).await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        // The names that chat.js reads.
        assert_eq!(answer["info"]["speed"], 30.0);
        assert!(answer["epoch"].is_string());
        answer["changes"].clone()
    }

    #[tokio::test]
    async fn the_page_needs_nothing_from_elsewhere() {
        let (_telegram, _anna, _server, url) = page().await;
        let scripts = ["/chat.js", "/person.js", "/composer.js", "/message.js", "/troubles.js"];
        for file in ["/", "/chat.css", "/words.js"].into_iter().chain(scripts) {
            let answer = reqwest::get(format!("{url}{file}")).await.unwrap();
            assert!(
                answer.headers()["content-security-policy"].to_str().unwrap().contains("'self'")
            );
            let text = answer.text().await.unwrap().replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http://") && !text.contains("https://"), "{file}");
        }
    }

    #[tokio::test]
    async fn what_is_said_shows_as_text_and_only_once() {
        let (telegram, anna, _server, url) = page().await;
        let say = json!({"text": "<script>alert(1)</script>"});
        let path = format!("{url}/api/people/{}/text", anna.id());
        assert!(Client::new().post(path).json(&say).send().await.unwrap().status().is_success());
        let first = changes(&url, &json!(0)).await;
        let html = &first["people"][0]["messages"][0]["html"];
        assert_eq!(html, "&lt;script&gt;alert(1)&lt;/script&gt;");
        telegram.person("Dora", "de");
        let later = changes(&url, &first["version"]).await;
        assert_eq!(later["people"][0]["messages"], json!([]));
        assert_eq!(later["people"][3]["name"], "Dora");
    }

    #[tokio::test]
    async fn a_picture_goes_as_a_photo_two_as_an_album_and_the_rest_as_files() {
        let (_telegram, anna, _server, url) = page().await;
        let coffee = || Part::bytes(include_bytes!("../coffee.jpg").as_slice()).file_name("c.jpg");
        let pdf = Part::bytes(b"%PDF".as_slice()).file_name("a.pdf");
        let one = Form::new().part("file", coffee());
        let more = Form::new()
            .text("caption", "арт. 7")
            .part("file", coffee())
            .part("file", pdf)
            .part("file", coffee());
        for form in [one, more] {
            let path = format!("{url}/api/people/{}/files", anna.id());
            let sent = Client::new().post(path).multipart(form).send().await.unwrap();
            assert!(sent.status().is_success());
        }
        let chat = anna.chat();
        let kinds = chat.iter().map(|m| m.media.as_ref().unwrap().kind).collect::<Vec<_>>();
        assert_eq!(kinds, ["photo", "photo", "photo", "document"]);
        assert!(chat[0].album.is_none() && chat[1].album.is_some() && chat[3].album.is_none());
        assert_eq!(chat[1].album, chat[2].album);
        let captions: Vec<_> = chat.iter().map(|message| message.text.as_str()).collect();
        assert_eq!(captions, ["", "арт. 7", "", ""]);
    }

    #[tokio::test]
    async fn what_was_sent_is_answered_edited_and_forwarded_as_the_bot_api_says_it() {
        let (telegram, anna, _server, url) = page().await;
        let post = async |what: &str, body: Value| {
            let path = format!("{url}/api/people/{}/{what}", anna.id());
            assert!(
                Client::new().post(path).json(&body).send().await.unwrap().status().is_success()
            );
        };
        let photo = anna.sends_photo_with(include_bytes!("../coffee.jpg"), "арт. 7").unwrap();
        post("text", json!({"text": "арт. 8", "reply_to": photo})).await;
        post("edit", json!({"message": photo, "text": "арт. 9"})).await;
        post("forward", json!({"message": photo})).await;
        let updates = telegram.change(|state| state.updates.peek(9, telegram.now()));
        let [_, answer, edited, forwarded] = updates.as_slice() else { panic!("{updates:?}") };
        let answered = &answer["message"]["reply_to_message"];
        assert_eq!(
            (&answered["message_id"], &answered["caption"]),
            (&json!(photo), &json!("арт. 7"))
        );
        let edited = &edited["edited_message"];
        assert_eq!((&edited["message_id"], &edited["caption"]), (&json!(photo), &json!("арт. 9")));
        assert!(edited["edit_date"].is_i64() && edited["photo"].is_array());
        let forwarded = &forwarded["message"];
        assert_eq!(forwarded["forward_origin"]["type"], "user");
        assert_eq!(forwarded["forward_origin"]["sender_user"]["id"], json!(anna.id()));
        assert!(forwarded["photo"].is_array() && forwarded["caption"] == "арт. 9");
        // Nobody edits what another wrote.
        post("edit", json!({"message": anna.chat()[2].id, "text": "арт. 10"})).await;
        assert_eq!(anna.chat()[2].text, "арт. 9");
    }

    #[tokio::test]
    async fn a_trouble_is_switched_on_and_off() {
        let (_telegram, _anna, _server, url) = page().await;
        let path = format!("{url}/api/troubles");
        let switch = async |name: &str, on: bool| {
            let body = json!({"name": name, "on": on});
            let answer = Client::new().post(&path).json(&body).send().await.unwrap();
            let switches: Vec<Value> = answer.json().await.unwrap();
            let on = switches.iter().filter(|switch| switch["on"] == true);
            on.map(|switch| switch["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(switch("model-down", true).await, ["model-down"]);
        assert_eq!(switch("gpt-away", true).await, ["gpt-away", "model-down"]);
        assert_eq!(switch("model-down", false).await, ["gpt-away"]);
        let all: Vec<Value> = reqwest::get(&path).await.unwrap().json().await.unwrap();
        assert_eq!(all.len(), 8);
        assert!(all.iter().all(|switch| switch["ru"] != switch["en"]));
    }

    #[tokio::test]
    async fn a_player_can_seek_and_a_file_is_never_a_page() {
        let (_telegram, anna, _server, url) = page().await;
        anna.sends_document(b"<b>0123</b>", "a.html", "text/html").unwrap();
        let id = anna.chat()[0].media.as_ref().unwrap().file_id.clone();
        let part = Client::new().get(format!("{url}/media/{id}")).header("range", "bytes=3-6");
        let part = part.send().await.unwrap();
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"], "bytes 3-6/11");
        assert_eq!(part.headers()["content-disposition"], "attachment");
        assert_eq!(part.text().await.unwrap(), "0123");
        let beyond = Client::new().get(format!("{url}/media/{id}")).header("range", "bytes=11-");
        assert_eq!(beyond.send().await.unwrap().status(), 416);
    }

    #[tokio::test]
    async fn nobody_is_not_a_person() {
        let (_telegram, _anna, _server, url) = page().await;
        let tap = json!({"message": 1, "data": "x"});
        let path = format!("{url}/api/people/7/tap");
        assert_eq!(Client::new().post(path).json(&tap).send().await.unwrap().status(), 404);
    }
}
