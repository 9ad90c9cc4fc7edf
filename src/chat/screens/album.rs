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
    id::{AlbumId, DraftId},
};

/// The most numbers in one row.
const ROW: usize = 5;

/// Whether the photos show one product or several.
pub(crate) fn question(voice: &Voice<'_>, album: AlbumId, photos: u32, unusable: u32) -> Screen {
    let question = voice.text(Key::AlbumQuestion, &[("photos", photos.into())]);
    let paragraphs: Vec<String> =
        [question].into_iter().chain(unusable_files(voice, unusable)).collect();
    let button = |label, kind| [voice.button(label, &Tap::Album(AlbumTap::Decide { album, kind }))];
    Screen::of_paragraphs(&paragraphs)
        .row(button(Key::ButtonAlbumOne, AlbumKind::One))
        .row(button(Key::ButtonAlbumMany, AlbumKind::Many))
}

/// How many files of an album cannot serve; `None` where all can.
pub(crate) fn unusable_files(voice: &Voice<'_>, unusable: u32) -> Option<String> {
    (unusable > 0).then(|| voice.text(Key::AlbumUnusable, &[("unusable", unusable.into())]))
}

/// Which of the photos is filmed.
pub(crate) fn choose(voice: &Voice<'_>, draft: DraftId, photos: u32) -> Screen {
    let button = |place: u32| {
        Button::new(&place.to_string(), &Tap::Album(AlbumTap::ChoosePhoto { draft, place }))
    };
    let places: Vec<u32> = (1..=photos).collect();
    let rows = places.chunks(ROW).map(|row| row.iter().map(|place| button(*place)));
    rows.fold(voice.screen(Key::AlbumChoose, &[]), Screen::row)
}
