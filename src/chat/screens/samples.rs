//! "👀 Examples": what the ideas look like, and which to choose.

use crate::chat::{
    key::Key,
    screen::{Body, Screen},
    tap::Tap,
    voice::Voice,
};
use crate::domain::{id::DraftId, preset::Preset};

/// One sample. In a draft its idea can be chosen.
pub(crate) fn sample(
    voice: &Voice<'_>,
    preset: &Preset,
    is_illustration: bool,
    draft: Option<DraftId>,
) -> Screen {
    let key = if is_illustration { Key::SampleIllustration } else { Key::Sample };
    let caption = voice.text(key, &[("name", preset.name(voice.language).into())]);
    let screen = Screen::of(Body::Sample { preset: preset.id.clone(), caption });
    let choose = draft.map(|draft| {
        voice.button(Key::ButtonChoose, &Tap::Preset { draft, preset: preset.id.clone() })
    });
    screen.row(choose)
}

/// What stands below the samples: where to go on. `more` is the first that was not shown.
pub(crate) fn after(voice: &Voice<'_>, draft: Option<DraftId>, more: Option<u32>) -> Screen {
    let more = more.map(|from| voice.button(Key::ButtonMoreSamples, &Tap::Samples { draft, from }));
    match draft {
        Some(draft) => voice
            .screen(Key::SamplesChoose, &[])
            .row(more)
            .row([voice.button(Key::ButtonIdeas, &Tap::Ideas { draft })]),
        None => voice
            .screen(Key::StartPhoto, &[])
            .row(more)
            .row([voice.button(Key::ButtonMenu, &Tap::Menu)]),
    }
}
