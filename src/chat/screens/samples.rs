//! "👀 Examples": what the ideas look like, and which to choose.

use crate::chat::{
    album_tap::AlbumTap,
    key::Key,
    screen::{Body, Screen},
    tap::Tap,
    voice::Voice,
};
use crate::domain::{
    id::{AlbumId, DraftId},
    preset::Preset,
};

/// For what an idea is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChosenFor {
    /// For nothing yet.
    Nothing,
    /// For a draft.
    Draft(DraftId),
    /// For all products of an album.
    Album(AlbumId),
}

impl ChosenFor {
    fn choose(self, preset: &Preset) -> Option<Tap> {
        let preset = preset.id.clone();
        match self {
            Self::Nothing => None,
            Self::Draft(draft) => Some(Tap::Preset { draft, preset }),
            Self::Album(album) => Some(Tap::Album(AlbumTap::Preset { album, preset })),
        }
    }

    fn from(self, from: u32) -> Tap {
        match self {
            Self::Nothing => Tap::Samples { draft: None, from },
            Self::Draft(draft) => Tap::Samples { draft: Some(draft), from },
            Self::Album(album) => Tap::Album(AlbumTap::Samples { album, from }),
        }
    }

    fn ideas(self) -> Option<Tap> {
        match self {
            Self::Nothing => None,
            Self::Draft(draft) => Some(Tap::Ideas { draft }),
            Self::Album(album) => Some(Tap::Album(AlbumTap::Ideas(album))),
        }
    }
}

/// One sample. Its idea can be chosen where that is for something.
pub(crate) fn sample(
    voice: &Voice<'_>,
    preset: &Preset,
    is_illustration: bool,
    chosen_for: ChosenFor,
) -> Screen {
    let key = if is_illustration { Key::SampleIllustration } else { Key::Sample };
    let caption = voice.text(key, &[("name", preset.name(voice.language).into())]);
    let screen = Screen::of(Body::Sample { preset: preset.id.clone(), caption });
    screen.row(chosen_for.choose(preset).map(|tap| voice.button(Key::ButtonChoose, &tap)))
}

/// What stands below the samples: where to go on. `more` is the first that was not shown.
pub(crate) fn after(voice: &Voice<'_>, chosen_for: ChosenFor, more: Option<u32>) -> Screen {
    let more = more.map(|from| voice.button(Key::ButtonMoreSamples, &chosen_for.from(from)));
    match chosen_for.ideas() {
        Some(ideas) => voice
            .screen(Key::SamplesChoose, &[])
            .row(more)
            .row([voice.button(Key::ButtonIdeas, &ideas)]),
        None => voice
            .screen(Key::StartPhoto, &[])
            .row(more)
            .row([voice.button(Key::ButtonMenu, &Tap::Menu)]),
    }
}
