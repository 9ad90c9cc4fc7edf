//! About the photo.

use crate::chat::{key::Key, screen::Screen, voice::Voice};
use crate::domain::photo::{Advice, Flaw, MAX_PHOTO_MEGABYTES, MIN_PHOTO_SIDE, PhotoFault};

/// A photo is needed before anything else.
pub(crate) fn needed(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::PhotoNeeded, &[])
}

/// Another photo than the one that was refused.
pub(crate) fn another(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::StartPhoto, &[])
}

/// Why a file cannot be used as the photo, and what can.
pub(crate) fn unusable(voice: &Voice<'_>, fault: PhotoFault) -> Screen {
    match fault {
        PhotoFault::NotAnImage => voice.screen(Key::PhotoNotAnImage, &[]),
        PhotoFault::OtherFormat => voice.screen(Key::PhotoOtherFormat, &[]),
        PhotoFault::TooLarge => {
            voice.screen(Key::PhotoTooLarge, &[("megabytes", MAX_PHOTO_MEGABYTES.into())])
        }
        PhotoFault::TooSmall => {
            voice.screen(Key::PhotoTooSmall, &[("side", MIN_PHOTO_SIDE.into())])
        }
        PhotoFault::Gone => voice.screen(Key::PhotoGone, &[]),
    }
}

/// The photo of a message is another one now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replacement {
    /// Whether scripts are written anew for it.
    pub is_written_anew: bool,
    /// Whether videos of the one before are on their way.
    pub are_ordered: bool,
}

/// The new photo is the one that is filmed.
pub(crate) fn replaced(voice: &Voice<'_>, replacement: Replacement) -> Screen {
    let anew = replacement.is_written_anew.then_some(Key::PhotoReplacedAnew);
    let ordered = replacement.are_ordered.then_some(Key::PhotoReplacedOrdered);
    let keys = [Key::PhotoReplaced].into_iter().chain(anew).chain(ordered);
    let sentences: Vec<String> = keys.map(|key| voice.text(key, &[])).collect();
    Screen::of_paragraphs(&[sentences.join(" ")])
}

/// Why what took the place of a photo cannot be used, and that the photo is used still.
pub(crate) fn kept(voice: &Voice<'_>, fault: PhotoFault) -> Screen {
    let why = unusable(voice, fault);
    Screen::of_paragraphs(&[why.text().to_owned(), voice.text(Key::PhotoKept, &[])])
}

/// What words are about cannot be filmed any more.
pub(crate) fn no_more(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::PhotoNoMore, &[])
}

/// What would make a better video, in a sentence.
pub(crate) fn advice(voice: &Voice<'_>, advice: Advice) -> String {
    match advice {
        Advice::Flaw(Flaw::Blurred) => voice.text(Key::PhotoAdviceBlurred, &[]),
        Advice::Flaw(Flaw::TooDark) => voice.text(Key::PhotoAdviceDark, &[]),
        Advice::Flaw(Flaw::TooSmall) => voice.text(Key::PhotoAdviceSmall, &[]),
        Advice::Background(aspect) => {
            voice.text(Key::PhotoAdviceBackground, &[("aspect", aspect.word().into())])
        }
        Advice::Cut(aspect) => voice.text(Key::PhotoAdviceCut, &[("aspect", aspect.word().into())]),
    }
}

/// The product has a name from now on.
pub(crate) fn named(voice: &Voice<'_>, name: &str) -> Screen {
    voice.screen(Key::PhotoNamed, &[("name", name.into())])
}
