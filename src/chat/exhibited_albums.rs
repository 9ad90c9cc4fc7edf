//! The screens about albums and series, with sample data.

use crate::chat::{
    exhibit::{Named, all_named, exhibits, named},
    own_text::MAX_OWN_TEXT,
    screen::Screen,
    screens::{album, series, voice_message},
    text::cut,
    voice::Voice,
};
use crate::domain::{
    article::LONGEST_NAME,
    credits::Credits,
    draft::{Fallback, ScriptId, ScriptState, SourceKind},
    failure::FailureKind,
    id::{AlbumId, BatchId, DraftId, MessageId},
    options::Choice,
    photo::PhotoFault,
    preset::Preset,
};
use crate::store::{albums::Album, batches::ScriptOfBatch, orders::Ending};

const DRAFT: DraftId = DraftId(i64::MAX);
const SCRIPT: ScriptId = ScriptId { draft: DRAFT, revision: u32::MAX };
const ALBUM: AlbumId = AlbumId(i64::MAX);
const BATCH: BatchId = BatchId(i64::MAX);

/// An album of which one file cannot serve for each of these reasons.
fn sent(faults: &[PhotoFault]) -> Album {
    let unusable = u32::try_from(faults.len()).unwrap_or(u32::MAX);
    Album { id: ALBUM, unusable, faults: faults.to_vec(), kind: None }
}

/// Every screen about several photos, with `text` wherever text from outside comes in.
pub(super) fn albums(
    voice: &Voice<'_>,
    presets: &[Preset],
    text: &str,
    support: &str,
) -> Vec<Named> {
    let mut screens = exhibits![
        album::question(voice, &sent(&[]), 10),
        album::question(voice, &sent(&PhotoFault::ALL), 6),
        album::choose(voice, DRAFT, 10),
        voice_message::offer_for_all(voice, ALBUM, MessageId(i64::MAX), &cut(text, MAX_OWN_TEXT)),
        series::progress(voice, 4, 10),
        series::none(voice),
        series::accepted(voice, BATCH, 10, Credits(3), 0),
        series::accepted(voice, BATCH, 6, Credits(0), 4),
    ];
    screens.extend(all_named("series", of_series(voice, presets, text, support)));
    screens
}

/// Every screen of a series in which text from outside comes in.
fn of_series(voice: &Voice<'_>, presets: &[Preset], text: &str, support: &str) -> Vec<Screen> {
    let (counts, balance): (&[u32], _) = (&[1, 3, 5], Credits(6));
    let ideas = |text| series::SeriesIdeas { album: ALBUM, products: 10, presets, text };
    let mut screens =
        vec![series::ideas(voice, &ideas(None)), series::ideas(voice, &ideas(Some(text)))];
    for fallback in [None, Some(Fallback::Away), Some(Fallback::Limit)] {
        let script = ScriptOfBatch {
            id: SCRIPT,
            number: 10,
            state: ScriptState::Ready,
            name: fallback.map(|_| cut(text, LONGEST_NAME)),
            source: SourceKind::Preset,
            idea: "a".repeat(24),
            prompt: Some(text.to_owned()),
            summary: None,
            fallback,
            shown: Choice::default(),
            price: Some(Credits(1)),
        };
        let scripts = vec![script; 10];
        let offered = series::OfferedSeries { batch: BATCH, ordered: 0, offer: 0 };
        let scripts = scripts.as_slice();
        let lost = u32::from(fallback.is_some());
        screens.push(series::ready(
            voice,
            &series::ReadySeries { offered, scripts, lost, presets, counts, balance },
        ));
        for (support, enough_for) in [(support, 6), ("", 0)] {
            let cost = Credits(10);
            screens.push(series::too_few_credits(
                voice,
                &series::SeriesShortage {
                    offered,
                    scripts,
                    count: 1,
                    cost,
                    balance,
                    enough_for,
                    support,
                },
            ));
        }
    }
    let ending = |delivered, failures| {
        let ending = Ending { count: 3, price: Credits(1), delivered, failures };
        (Some(cut(text, LONGEST_NAME)), ending)
    };
    let failures: Vec<_> = FailureKind::ALL.into_iter().map(|kind| (kind, None)).collect();
    for endings in [
        vec![ending(3, Vec::new()); 10],
        vec![ending(2, failures.clone()); 10],
        vec![ending(0, failures); 2],
    ] {
        screens.push(series::closing(voice, BATCH, &endings));
    }
    screens
}
