//! Videos of several products, ordered at once.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::chat::{
    album_tap::AlbumTap,
    key::Key,
    screen::{Button, Screen},
    screens::{
        help::{top_up, top_up_button},
        prompt::{Caption, in_rows},
        script::Offer,
        series_photos::{edges, flaws, people, photos_gone, several},
    },
    tap::Tap,
    text::cut,
    voice::Voice,
};
use crate::config::samples::Sample;
use crate::domain::{
    credits::Credits,
    draft::Fallback,
    id::{AlbumId, BatchId},
    preset::Preset,
};
use crate::store::{batches::ScriptOfBatch, photos::Looked, styles::Style};

/// The longest text under the photos that is shown, in UTF-16 units.
const MAX_CAPTION: usize = 2000;

/// The longest list of scripts, the same: much is said of the photos and the videos below it.
const MAX_LIST: usize = 1000;

/// What may be chosen for all products.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesIdeas<'a> {
    /// The album with the products.
    pub album: AlbumId,
    /// The number of each, and what was found of its photo.
    pub photos: &'a [(u32, Looked)],
    /// The ready-made ideas.
    pub presets: &'a [Preset],
    /// Those that the person has saved.
    pub styles: &'a [Style],
    /// What the person wrote of all of them.
    pub words: Option<Caption<'a>>,
    /// The text that each product would be filmed by, where the person wrote any under the photos.
    pub captions: Option<&'a [String]>,
}

/// The ideas, one for all products.
pub(crate) fn ideas(voice: &Voice<'_>, ideas: &SeriesIdeas<'_>) -> Screen {
    let &SeriesIdeas { album, photos, presets, styles, words, captions } = ideas;
    let products = number(photos.len());
    let question = voice.text(Key::SeriesQuestion, &[("products", products.into())]);
    let looked: Vec<_> = photos.iter().map(|(number, looked)| (*number, looked)).collect();
    let flaws = flaws(voice, &looked);
    let numbers: Vec<u32> = photos.iter().map(|(number, _)| *number).collect();
    let room = if words.is_some() && captions.is_some() { MAX_CAPTION / 2 } else { MAX_CAPTION };
    let (said, yes) = words.map(|words| by_words(voice, words, room)).unzip();
    let by_captions = |captions| by_captions(voice, album, &numbers, captions, room);
    let (shown, by_each) = captions.map(by_captions).unzip();
    let paragraphs = [question].into_iter().chain(said).chain(shown).chain(flaws);
    let screen = Screen::of_paragraphs(&paragraphs.collect::<Vec<_>>()).row(yes).row(by_each);
    let button = |preset: &Preset| {
        let tap = AlbumTap::Preset { album, preset: preset.id.clone() };
        Button::new(preset.name(voice.language), &Tap::Album(tap))
    };
    let saved = |style: &Style| {
        let tap = AlbumTap::Style { album, style: style.id };
        Button::new(&format!("⭐ {}", style.name), &Tap::Album(tap))
    };
    let own = voice.button(Key::ButtonOwnText, &Tap::Album(AlbumTap::OwnText(album)));
    let has_samples = presets.iter().any(|preset| Sample::of(preset).is_some());
    let tap = Tap::Album(AlbumTap::Samples { album, from: 0 });
    let samples = has_samples.then(|| voice.button(Key::ButtonExamples, &tap));
    in_rows(screen, presets.iter().map(button).chain(styles.iter().map(saved)))
        .row([own].into_iter().chain(samples))
}

/// What was said of all products, and the button that takes it.
fn by_words(voice: &Voice<'_>, words: Caption<'_>, room: usize) -> (String, Button) {
    let text = cut(words.text, room);
    let said = voice.text(Key::SeriesCaption, &[("text", text.as_str().into())]);
    (said, voice.button(Key::ButtonUseText, &Tap::UseText(words.script)))
}

/// The texts under the photos, or the one that all have, and the button that takes just these.
fn by_captions(
    voice: &Voice<'_>,
    album: AlbumId,
    numbers: &[u32],
    captions: &[String],
    most: usize,
) -> (String, Button) {
    let is_one = captions.iter().all(|caption| Some(caption) == captions.first());
    let room = most / captions.len().max(1) - 4;
    let line = |(number, caption): (&u32, &String)| format!("{number}. {}", cut(caption, room));
    let (key, name, shown, label) = if is_one {
        let caption = captions.first().map_or("", String::as_str);
        (Key::SeriesCaption, "text", cut(caption, most), Key::ButtonUseText)
    } else {
        let lines: Vec<String> = numbers.iter().zip(captions).map(line).collect();
        (Key::SeriesCaptions, "list", lines.join("\n"), Key::ButtonUseCaptions)
    };
    let tap = Tap::Album(AlbumTap::Captions { album, shown: fingerprint(captions) });
    (voice.text(key, &[(name, shown.as_str().into())]), voice.button(label, &tap))
}

/// A number that other texts hardly have: by it a button is seen to be of these.
pub(crate) fn fingerprint(captions: &[String]) -> u32 {
    let mut hasher = DefaultHasher::new();
    captions.hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}

/// How many of the scripts are written. Whoever was away when they were done asks for them.
pub(crate) fn progress(voice: &Voice<'_>, batch: BatchId, ready: u32, products: u32) -> Screen {
    let values = [("ready", ready.into()), ("products", products.into())];
    voice
        .screen(Key::SeriesProgress, &values)
        .row([voice.button(Key::ButtonRefresh, &Tap::Album(AlbumTap::Refresh(batch)))])
}

/// No photo of the series can serve; those of the products with these numbers can be had no more.
pub(crate) fn none(voice: &Voice<'_>, gone: &[u32]) -> Screen {
    match photos_gone(voice, gone) {
        Some(gone) => Screen::of_paragraphs(&[gone]),
        None => voice.screen(Key::SeriesNone, &[]),
    }
}

/// What the buttons of a series are about: they order nothing once it has changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfferedSeries {
    /// The series.
    pub batch: BatchId,
    /// How many of its scripts are ordered already.
    pub ordered: u32,
    /// The number of what it offers now.
    pub offer: u32,
}

/// The scripts of a series, ready to be ordered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadySeries<'a> {
    /// The series, and its offer.
    pub offered: OfferedSeries,
    /// The scripts that are not ordered yet.
    pub scripts: &'a [ScriptOfBatch],
    /// Of how many products the photo cannot serve.
    pub lost: u32,
    /// The numbers of those whose photo can be had no more.
    pub gone: &'a [u32],
    /// The ready-made ideas, for their names.
    pub presets: &'a [Preset],
    /// What can be ordered of each, as it is chosen.
    pub offer: Offer<'a>,
}

/// The scripts with what is known of their photos, the shapes, the lengths and the counts to choose from, each
/// with the price of all.
pub(crate) fn ready(voice: &Voice<'_>, series: &ReadySeries<'_>) -> Screen {
    let scripts = series.scripts;
    let room = MAX_LIST / scripts.len().max(1) - 1;
    let line = |script: &ScriptOfBatch| cut(&line(voice, series, script), room);
    let list: Vec<String> = scripts.iter().map(line).collect();
    let mut text = vec![voice.text(Key::SeriesReady, &[("list", list.join("\n").as_str().into())])];
    if series.lost > 0 {
        text.push(voice.text(Key::SeriesLost, &[("unusable", series.lost.into())]));
    }
    text.extend(photos_gone(voice, series.gone));
    let is_away = |script: &ScriptOfBatch| script.fallback == Some(Fallback::Away);
    let as_is = if scripts.iter().any(is_away) { Key::SeriesAsIs } else { Key::SeriesLimit };
    if scripts.iter().any(|script| script.fallback.is_some()) {
        text.push(voice.text(as_is, &[]));
    }
    text.extend(people(voice, scripts));
    text.extend(several(voice, scripts));
    let photos = scripts.iter().map(|script| (script.number, &script.looked));
    text.extend(flaws(voice, &photos.collect::<Vec<_>>()));
    text.extend(edges(voice, scripts, &series.offer));
    text.push(series.offer.choice(voice));
    text.push(voice.text(Key::SeriesCount, &[("credits", series.offer.balance.into())]));
    let OfferedSeries { batch, .. } = series.offered;
    let all = number(scripts.len());
    let button = |count| order_button(voice, series.offered, scripts, all, count);
    let counts = series.offer.counts.iter().map(|count| button(*count));
    let shape = |aspect| Tap::Album(AlbumTap::Aspect { batch, aspect });
    let length = |seconds| Tap::Album(AlbumTap::Seconds { batch, seconds });
    let screen = Screen::of_paragraphs(&text)
        .row(series.offer.shapes(voice, shape))
        .row(series.offer.lengths(voice, length));
    counts
        .fold(screen, |screen, button| screen.row([button]))
        .row([voice.button(Key::ButtonSeriesMore, &Tap::Album(AlbumTap::More(batch)))])
}

/// A button that orders so many videos of the first so many of these products.
fn order_button(
    voice: &Voice<'_>,
    offered: OfferedSeries,
    scripts: &[ScriptOfBatch],
    products: u32,
    count: u32,
) -> Button {
    let prices = scripts.iter().take(products as usize).filter_map(|script| script.price);
    let cost = Credits(prices.map(|price| price.0).sum::<i64>()).times(count);
    let values = [("products", products.into()), ("count", count.into()), ("credits", cost.into())];
    let OfferedSeries { batch, ordered, offer } = offered;
    let [ordered, products] = [ordered, products].map(|of| u16::try_from(of).unwrap_or(u16::MAX));
    let tap = Tap::Album(AlbumTap::Order { batch, ordered, products, count, offer });
    Button::new(&voice.text(Key::ButtonSeriesCount, &values), &tap)
}

/// "2. арт. 123: the mug turns"
fn line(voice: &Voice<'_>, series: &ReadySeries<'_>, script: &ScriptOfBatch) -> String {
    let named = || series.presets.iter().find(|preset| preset.id == script.idea);
    let seen = match (&script.summary, named()) {
        (Some(summary), _) => summary.text(voice.language),
        (None, Some(preset)) => preset.label.text(voice.language),
        (None, None) => script.prompt.as_deref().unwrap_or(&script.idea),
    };
    let seen: Vec<&str> = seen.split_whitespace().collect();
    let name = script.name.as_deref().map_or(String::new(), |name| format!("{name}: "));
    format!("{}. {name}{}", script.number, seen.join(" "))
}

/// A series costs more than the person has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesShortage<'a> {
    /// The series, and its offer.
    pub offered: OfferedSeries,
    /// The scripts that were to be ordered.
    pub scripts: &'a [ScriptOfBatch],
    /// How many videos of each.
    pub count: u32,
    /// What all cost together.
    pub cost: Credits,
    /// What the person has.
    pub balance: Credits,
    /// For how many products it is enough.
    pub enough_for: u32,
    /// The operator's contact; may be empty.
    pub support: &'a str,
}

/// Too few credits: how many are missing, how to get them, and as many products as it is enough for.
pub(crate) fn too_few_credits(voice: &Voice<'_>, short: &SeriesShortage<'_>) -> Screen {
    let missing = short.cost.0.saturating_sub(short.balance.0).max(0);
    let videos = number(short.scripts.len()).saturating_mul(short.count);
    let values =
        [("count", videos.into()), ("missing", missing.into()), ("credits", short.balance.into())];
    let screen = Screen::of_paragraphs(&[
        voice.text(Key::OrderShort, &values),
        top_up(voice, short.support),
    ])
    .row(top_up_button(voice, short.support));
    let SeriesShortage { offered, scripts, enough_for, count, .. } = *short;
    let fits = (enough_for > 0).then(|| order_button(voice, offered, scripts, enough_for, count));
    screen.row(fits)
}

/// The other products of a series, whose scripts are not ordered yet: a button, if there are any.
pub(crate) fn rest(voice: &Voice<'_>, batch: BatchId, products: u32) -> Option<Button> {
    let label = voice.text(Key::ButtonSeriesRest, &[("products", products.into())]);
    (products > 0).then(|| Button::new(&label, &Tap::Album(AlbumTap::Series(batch))))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
