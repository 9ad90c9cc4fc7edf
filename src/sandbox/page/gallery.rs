//! The gallery: every screen of the bot in each language, with sample data, as a person sees it.

use axum::{
    Json,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::chat::{
    gallery::gallery,
    screen::{Action, Body, Button, Screen},
};
use crate::config::{presets::shipped, samples::Sample};
use crate::domain::user::Language;
use crate::sandbox::{
    clip,
    telegram::{html, shown::ShownButton},
};

/// One screen.
#[derive(Debug, Serialize)]
pub(crate) struct Exhibit {
    /// The function that makes it, and which of its screens this is.
    name: String,
    /// As it is in each language.
    shown: Vec<InLanguage>,
}

/// A screen in one language.
#[derive(Debug, Serialize)]
struct InLanguage {
    language: &'static str,
    /// The text or caption as safe HTML.
    html: String,
    media: Option<ShownFile>,
    buttons: Vec<Vec<ShownButton>>,
}

/// What stands above a caption.
#[derive(Debug, Serialize)]
struct ShownFile {
    kind: &'static str,
    /// Where the page finds it.
    address: String,
    name: String,
    size: usize,
    width: u32,
    height: u32,
}

/// All screens.
pub(crate) async fn exhibits() -> Json<Vec<Exhibit>> {
    let exhibit = |(name, screens): (String, Vec<Screen>)| {
        let each = Language::ALL.into_iter().zip(&screens);
        Exhibit { name, shown: each.map(|(language, screen)| shown(language, screen)).collect() }
    };
    Json(gallery().into_iter().map(exhibit).collect())
}

fn shown(language: Language, screen: &Screen) -> InLanguage {
    let text = html::parse(screen.text()).map(|text| text.trimmed().html());
    InLanguage {
        language: language.code(),
        html: text.unwrap_or_else(|error| error.description),
        media: media(&screen.body),
        buttons: screen.buttons.iter().map(|row| row.iter().map(button).collect()).collect(),
    }
}

fn media(body: &Body) -> Option<ShownFile> {
    let film = |name: &str, (width, height)| ShownFile {
        kind: "video",
        address: format!("/gallery/{name}.mp4"),
        name: format!("{name}.mp4"),
        size: 0,
        width,
        height,
    };
    match body {
        Body::Text(_) | Body::Invoice(_) | Body::Unchanged => None,
        Body::Video { .. } => Some(film("clip", (540, 960))),
        Body::Sample { preset, .. } => Some(film(preset, (360, 640))),
        Body::Picture { name, .. } => Some(ShownFile { kind: "photo", ..film(name, (0, 0)) }),
        Body::File { name, content, .. } => Some(ShownFile {
            kind: "document",
            address: String::new(),
            name: name.clone(),
            size: content.len(),
            width: 0,
            height: 0,
        }),
    }
}

fn button(button: &Button) -> ShownButton {
    let mut shown = ShownButton { label: button.label.clone(), data: None, url: None, copy: None };
    match &button.action {
        Action::Tap(data) => shown.data = Some(data.clone()),
        Action::Url(url) => shown.url = Some(url.to_string()),
        Action::Copy(text) => shown.copy = Some(text.clone()),
        Action::Pay => {}
    }
    shown
}

/// A film of the gallery: the sample of a shipped idea, or what the sandbox makes of a photo.
pub(crate) async fn film(Path(file): Path<String>) -> Response {
    let name = file.strip_suffix(".mp4").unwrap_or_default();
    let preset = shipped().into_iter().find(|preset| preset.id == name);
    let bytes = match preset.as_ref().and_then(Sample::of) {
        Some(Sample::Illustration(bytes)) => bytes,
        _ if name == "clip" => clip::EMBEDDED,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, "video/mp4")], bytes).into_response()
}
