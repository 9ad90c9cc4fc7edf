//! The screens about albums and series, with sample data.

use crate::chat::{
    exhibit::{Named, all_named, exhibits, named},
    exhibited_videos::styles,
    own_text::MAX_OWN_TEXT,
    screen::Screen,
    screens::{album, own_text, photo, prompt::Caption, script::Offer, series, series_closing},
    text::cut,
    voice::Voice,
};
use crate::config::settings::Config;
use crate::domain::{
    article::LONGEST_NAME,
    credits::Credits,
    draft::{Fallback, ScriptId, ScriptState, SourceKind},
    failure::{FailureKind, Violation},
    id::{AlbumId, BatchId, DraftId, OrderId},
    options::{Choice, OfPhotos, Offered, Options},
    photo::{Flaw, PhotoFault},
    preset::Preset,
    video::Aspect,
};
use crate::store::{
    albums::Album,
    batches::{ProductEnding, ScriptOfBatch},
    orders::Ending,
    photos::Looked,
};

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
        album::choose(voice, DRAFT, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        photo::no_more(voice),
        own_text::offer(voice, for_all(&cut(text, MAX_OWN_TEXT))),
        series::progress(voice, BATCH, 4, 10),
        series::none(voice, &[]),
        series::none(voice, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    ];
    screens.extend(all_named("series", of_series(voice, presets, text, support)));
    screens.extend(all_named("series_closing::closing", closings(voice, text)));
    screens
}

/// A text about ten products.
fn for_all(text: &str) -> own_text::Offer<'_> {
    own_text::Offer { script: SCRIPT, text, about: own_text::About::All(ALBUM, 10), status: None }
}

/// What may be found of the photos of ten products.
fn looked() -> Vec<(u32, Looked)> {
    let flaws = [None, Some(Flaw::Blurred), Some(Flaw::TooDark), Some(Flaw::TooSmall)];
    let sides = [None, Some((1600, 900)), Some((500, 1600)), Some((900, 1600))];
    let each = flaws.into_iter().zip(sides).cycle().take(10);
    let each = each.map(|(flaw, sides)| Looked { sides, flaws: flaw.into_iter().collect() });
    (1..).zip(each).collect()
}

/// Every screen of a series in which text from outside comes in.
fn of_series(voice: &Voice<'_>, presets: &[Preset], text: &str, support: &str) -> Vec<Screen> {
    let (photos, own_styles) = (looked(), styles(text));
    let sound: Vec<_> = (1..=10).map(|number| (number, Looked::default())).collect();
    let (same, mut different) = (vec![text.to_owned(); 10], vec![text.to_owned(); 10]);
    different[2] = format!("{text}!");
    let ideas = |photos, styles, captions| series::SeriesIdeas {
        album: ALBUM,
        photos,
        presets,
        styles,
        words: None,
        captions,
    };
    let said = Some(Caption { script: SCRIPT, text });
    let mut screens = vec![
        series::ideas(voice, &ideas(&sound, &[], None)),
        series::ideas(voice, &ideas(&photos, &own_styles, Some(&same))),
        series::ideas(voice, &ideas(&photos, &own_styles, Some(&different))),
        series::ideas(
            voice,
            &series::SeriesIdeas { words: said, ..ideas(&photos, &own_styles, Some(&different)) },
        ),
        series::ideas(voice, &series::SeriesIdeas { words: said, ..ideas(&sound, &[], None) }),
    ];
    let config = Config::default();
    for (fallback, model) in [
        (None, None),
        (Some(Fallback::Away), Some("bytedance/seedance-2-mini")),
        (Some(Fallback::Limit), Some("kling-3.0/video")),
    ] {
        let is_plain = fallback.is_none();
        let usual = Options { aspect: Aspect::Portrait, seconds: 10 };
        let model = model.and_then(|slug| config.model(slug)).cloned();
        let offered = Offered { model, stand_in: None, usual };
        let script = |(number, looked): &(u32, Looked)| ScriptOfBatch {
            id: SCRIPT,
            number: *number,
            state: ScriptState::Ready,
            name: fallback.map(|_| cut(text, LONGEST_NAME)),
            source: SourceKind::Preset,
            idea: "a".repeat(24),
            prompt: Some(text.to_owned()),
            summary: None,
            fallback,
            shown: Choice::default(),
            price: Some(Credits(1)),
            people: !is_plain && number.is_multiple_of(2),
            several: !is_plain && number.is_multiple_of(3),
            looked: looked.clone(),
        };
        let photos = if is_plain { &sound } else { &photos };
        let scripts: Vec<ScriptOfBatch> = photos.iter().map(script).collect();
        let (lost, balance) = (u32::from(fallback.is_some()), Credits(6));
        let gone = if is_plain { &[][..] } else { &[3, 5] };
        let (counts, quote) = (&[1, 3, 5][..], offered.usual_quote());
        let of_photos = OfPhotos { photos: 1, left: 0, edges: None };
        let offer = Offer { counts, offered: &offered, quote, balance, number: 0, of_photos };
        let offered = series::OfferedSeries { batch: BATCH, ordered: 0, offer: 0 };
        let scripts = scripts.as_slice();
        screens.push(series::ready(
            voice,
            &series::ReadySeries { offered, scripts, lost, gone, presets, offer },
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
    screens
}

/// How a series went: well, in part, not at all, refused, and called off.
fn closings(voice: &Voice<'_>, text: &str) -> Vec<Screen> {
    let product = |place: u32, delivered, failures: &[(FailureKind, Option<Violation>)]| {
        let failures = failures.to_vec();
        let ending = Ending { count: 3, price: Credits(1), delivered, failures, is_away: false };
        let name = (place.is_multiple_of(2)).then(|| cut(text, LONGEST_NAME));
        let (order, place) = (OrderId(i64::MAX), Some(place));
        ProductEnding { order, name, place, ending, is_photo_gone: false }
    };
    let kinds: Vec<_> = FailureKind::ALL.into_iter().map(|kind| (kind, None)).collect();
    let off = [(FailureKind::Cancelled, None); 3];
    let refused = [(FailureKind::UserViolation, Some(Violation::Copyright)); 3];
    let photo = [(FailureKind::UserViolation, Some(Violation::People)); 3];
    let all = |delivered, failures| (1..=10).map(|n| product(n, delivered, failures)).collect();
    let endings: [Vec<ProductEnding>; 6] = [
        all(3, &[]),
        all(2, &kinds),
        all(0, &kinds),
        all(0, &off),
        all(0, &refused),
        vec![
            product(1, 3, &[]),
            product(2, 0, &refused),
            product(3, 0, &photo),
            product(4, 0, &off),
        ],
    ];
    endings.iter().map(|endings| series_closing::closing(voice, Some(BATCH), endings)).collect()
}
