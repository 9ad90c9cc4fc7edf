//! The person's own words for the video.

use crate::chat::{
    album_tap::AlbumTap,
    key::Key,
    own_text::{MAX_OWN_TEXT, TextFault},
    screen::Screen,
    tap::Tap,
    voice::Voice,
};
use crate::domain::{draft::ScriptId, id::AlbumId};

/// What makes a good text, with an example, and that it can be spoken where the bot `listens`. `back`
/// leads to the ideas.
pub(crate) fn invitation(voice: &Voice<'_>, back: &Tap, listens: bool) -> Screen {
    let mut paragraphs = vec![voice.text(Key::OwnTextInvitation, &[])];
    paragraphs.extend(listens.then(|| voice.text(Key::OwnTextSpoken, &[])));
    Screen::of_paragraphs(&paragraphs).row([voice.button(Key::ButtonIdeas, back)])
}

/// Whose videos a text would be for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// One product, which may have a name.
    One(Option<&'a str>),
    /// All products of an album, so many.
    All(AlbumId, u32),
}

/// A text that nobody asked for.
#[derive(Clone, Debug)]
pub(crate) struct Offer<'a> {
    /// The script that it may become.
    pub script: ScriptId,
    /// The text.
    pub text: &'a str,
    /// What it is about.
    pub about: About<'a>,
    /// What is said first: how far the person's orders are, since they may have asked for that.
    pub status: Option<String>,
}

/// Whether the text is meant for a video.
pub(crate) fn offer(voice: &Voice<'_>, offer: Offer<'_>) -> Screen {
    let text = ("text", offer.text.into());
    let (question, ideas) = match offer.about {
        About::One(None) => (voice.text(Key::OwnTextOffer, &[text]), None),
        About::One(Some(name)) => {
            (voice.text(Key::OwnTextOfferProduct, &[text, ("name", name.into())]), None)
        }
        About::All(album, products) => {
            let ideas = voice.button(Key::ButtonIdeas, &Tap::Album(AlbumTap::Ideas(album)));
            (voice.text(Key::SeriesOffer, &[text, ("products", products.into())]), Some(ideas))
        }
    };
    let paragraphs: Vec<String> = offer.status.into_iter().chain([question]).collect();
    Screen::of_paragraphs(&paragraphs)
        .row([voice.button(Key::ButtonUseText, &Tap::UseText(offer.script))])
        .row(ideas)
}

/// Why a text cannot be used.
pub(crate) fn unusable(voice: &Voice<'_>, fault: TextFault) -> Screen {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    match fault {
        TextFault::Empty => voice.screen(Key::OwnTextEmpty, &[]),
        TextFault::TooLong { length } => {
            let values =
                [("length", number(length).into()), ("limit", number(MAX_OWN_TEXT).into())];
            voice.screen(Key::OwnTextTooLong, &values)
        }
    }
}
