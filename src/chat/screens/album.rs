//! Photos that came together.

use crate::chat::{
    album_tap::AlbumTap,
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    voice::Voice,
};
use crate::domain::{
    album::AlbumKind,
    id::DraftId,
    photo::{MAX_PHOTO_MEGABYTES, MIN_PHOTO_SIDE, PhotoFault},
};
use crate::store::albums::Album;

/// The most numbers in one row.
const ROW: usize = 5;

/// Whether the photos show one product or several.
pub(crate) fn question(voice: &Voice<'_>, album: &Album, photos: u32) -> Screen {
    let question = voice.text(Key::AlbumQuestion, &[("photos", photos.into())]);
    let unusable = unusable_files(voice, album.unusable, &album.faults);
    let paragraphs: Vec<String> = [question].into_iter().chain(unusable).collect();
    let album = album.id;
    let button = |kind| voice.button(label(kind), &Tap::Album(AlbumTap::Decide { album, kind }));
    AlbumKind::ALL
        .into_iter()
        .fold(Screen::of_paragraphs(&paragraphs), |screen, kind| screen.row([button(kind)]))
}

/// The label of an answer.
pub(crate) fn label(kind: AlbumKind) -> Key {
    match kind {
        AlbumKind::One => Key::ButtonAlbumOne,
        AlbumKind::Many => Key::ButtonAlbumMany,
    }
}

/// How many files of an album cannot serve, and why; `None` where all can.
pub(crate) fn unusable_files(
    voice: &Voice<'_>,
    unusable: u32,
    faults: &[PhotoFault],
) -> Option<String> {
    let reason = |fault: &PhotoFault| match fault {
        PhotoFault::NotAnImage => voice.text(Key::AlbumNotAnImage, &[]),
        PhotoFault::OtherFormat => voice.text(Key::AlbumOtherFormat, &[]),
        PhotoFault::TooLarge => {
            let megabytes = ("megabytes", MAX_PHOTO_MEGABYTES.into());
            voice.text(Key::AlbumTooLarge, &[megabytes])
        }
        PhotoFault::Gone => voice.text(Key::AlbumGone, &[]),
        PhotoFault::TooSmall => voice.text(Key::AlbumTooSmall, &[("side", MIN_PHOTO_SIDE.into())]),
    };
    let reasons: Vec<String> = faults.iter().map(reason).collect();
    let why = reasons.join(", ");
    let values = [("unusable", unusable.into()), ("why", why.as_str().into())];
    (unusable > 0).then(|| voice.text(Key::AlbumUnusable, &values))
}

/// Which of the photos with these numbers is filmed.
pub(crate) fn choose(voice: &Voice<'_>, draft: DraftId, places: &[u32]) -> Screen {
    let button = |place: u32| {
        Button::new(&place.to_string(), &Tap::Album(AlbumTap::ChoosePhoto { draft, place }))
    };
    let rows = places.chunks(ROW).map(|row| row.iter().map(|place| button(*place)));
    rows.fold(voice.screen(Key::AlbumChoose, &[]), Screen::row)
}
