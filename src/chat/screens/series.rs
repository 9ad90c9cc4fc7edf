//! Videos of several products, ordered at once.

use crate::chat::{
    album_tap::AlbumTap,
    key::Key,
    refusal::sentence,
    screen::{Button, Screen},
    screens::{
        help::{top_up, top_up_button},
        prompt::in_rows,
    },
    tap::Tap,
    text::cut,
    voice::Voice,
};
use crate::domain::{
    credits::Credits,
    draft::Fallback,
    failure::{FailureKind, Violation, cause},
    id::{AlbumId, BatchId},
    preset::Preset,
};
use crate::store::{batches::ScriptOfBatch, orders::Ending};

/// The longest list of scripts, and the longest text under the photos, in UTF-16 units.
const MAX_LIST: usize = 2000;

/// What may be chosen for all products.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesIdeas<'a> {
    /// The album with the products.
    pub album: AlbumId,
    /// How many there are.
    pub products: u32,
    /// The ready-made ideas.
    pub presets: &'a [Preset],
    /// What the person wrote under the photos.
    pub text: Option<&'a str>,
}

/// The ideas, one for all products.
pub(crate) fn ideas(voice: &Voice<'_>, ideas: &SeriesIdeas<'_>) -> Screen {
    let &SeriesIdeas { album, products, presets, text } = ideas;
    let question = voice.text(Key::SeriesQuestion, &[("products", products.into())]);
    let shown = text.map(|text| cut(text, MAX_LIST));
    let caption =
        shown.map(|text| voice.text(Key::SeriesCaption, &[("text", text.as_str().into())]));
    let paragraphs: Vec<String> = [question].into_iter().chain(caption).collect();
    let yes =
        text.map(|_| voice.button(Key::ButtonUseText, &Tap::Album(AlbumTap::Captions(album))));
    let screen = Screen::of_paragraphs(&paragraphs).row(yes);
    let button = |preset: &Preset| {
        let tap = AlbumTap::Preset { album, preset: preset.id.clone() };
        Button::new(preset.name(voice.language), &Tap::Album(tap))
    };
    in_rows(screen, presets.iter().map(button))
        .row([voice.button(Key::ButtonOwnText, &Tap::Album(AlbumTap::OwnText(album)))])
}

/// How many of the scripts are written.
pub(crate) fn progress(voice: &Voice<'_>, ready: u32, products: u32) -> Screen {
    voice.screen(Key::SeriesProgress, &[("ready", ready.into()), ("products", products.into())])
}

/// No photo of the series can serve.
pub(crate) fn none(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::SeriesNone, &[])
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
    /// The ready-made ideas, for their names.
    pub presets: &'a [Preset],
    /// How many videos of each can be ordered.
    pub counts: &'a [u32],
    /// What the person has.
    pub balance: Credits,
}

/// The scripts with the counts to choose from, each with the price of all.
pub(crate) fn ready(voice: &Voice<'_>, series: &ReadySeries<'_>) -> Screen {
    let scripts = series.scripts;
    let room = MAX_LIST / scripts.len().max(1) - 1;
    let line = |script: &ScriptOfBatch| cut(&line(voice, series, script), room);
    let list: Vec<String> = scripts.iter().map(line).collect();
    let mut text = vec![voice.text(Key::SeriesReady, &[("list", list.join("\n").as_str().into())])];
    if series.lost > 0 {
        text.push(voice.text(Key::SeriesLost, &[("unusable", series.lost.into())]));
    }
    let is_away = |script: &ScriptOfBatch| script.fallback == Some(Fallback::Away);
    let as_is = if scripts.iter().any(is_away) { Key::SeriesAsIs } else { Key::SeriesLimit };
    if scripts.iter().any(|script| script.fallback.is_some()) {
        text.push(voice.text(as_is, &[]));
    }
    text.push(voice.text(Key::SeriesCount, &[("credits", series.balance.into())]));
    let OfferedSeries { batch, .. } = series.offered;
    let all = number(scripts.len());
    let button = |count| order_button(voice, series.offered, scripts, all, count);
    let counts = series.counts.iter().map(|count| button(*count));
    counts
        .fold(Screen::of_paragraphs(&text), |screen, button| screen.row([button]))
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

/// The orders of a series are placed; the rest of it, if any, has a button.
pub(crate) fn accepted(
    voice: &Voice<'_>,
    batch: BatchId,
    videos: u32,
    balance: Credits,
    rest: u32,
) -> Screen {
    let more = voice.text(Key::ButtonSeriesRest, &[("products", rest.into())]);
    let more = (rest > 0).then(|| Button::new(&more, &Tap::Album(AlbumTap::Series(batch))));
    Screen::of_paragraphs(&[
        voice.text(Key::OrderAccepted, &[("count", videos.into())]),
        voice.text(Key::OrderBalance, &[("credits", balance.into())]),
        voice.text(Key::OrderSoon, &[]),
    ])
    .row(more)
}

/// How a series went: one summary, with each cause of what failed and the products that it met.
pub(crate) fn closing(
    voice: &Voice<'_>,
    batch: BatchId,
    endings: &[(Option<String>, Ending)],
) -> Screen {
    let count: u32 = endings.iter().map(|(_, ending)| ending.count).sum();
    let delivered: u32 = endings.iter().map(|(_, ending)| ending.delivered).sum();
    let key = if delivered > 0 { Key::SeriesClosing } else { Key::SeriesClosingNone };
    let values = [("delivered", delivered.into()), ("count", count.into())];
    let mut text = vec![voice.text(key, &values)];
    for (kind, violation) in causes(endings) {
        text.push(failed(voice, endings, kind, violation));
    }
    Screen::of_paragraphs(&text)
        .row([voice.button(Key::ButtonSeriesMore, &Tap::Album(AlbumTap::More(batch)))])
        .row([voice.button(Key::ButtonMenu, &Tap::Menu)])
}

type Cause = (FailureKind, Option<Violation>);

/// The causes of what failed, each once; more than a few are told by the commonest.
fn causes(endings: &[(Option<String>, Ending)]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    for (kind, violation) in endings.iter().flat_map(|(_, ending)| &ending.failures) {
        let cause = cause(*kind, *violation);
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    causes.truncate(MOST_CAUSES);
    causes
}

/// So many causes are told: a message has its limit.
const MOST_CAUSES: usize = 3;

/// The most of the products' names that are listed for one cause, in UTF-16 units.
const MAX_NAMES: usize = 200;

fn failed(
    voice: &Voice<'_>,
    endings: &[(Option<String>, Ending)],
    kind: FailureKind,
    violation: Option<Violation>,
) -> String {
    let told = |of, rule| cause(of, rule) == (kind, violation);
    let met = |ending: &Ending| ending.count(told);
    let videos = endings.iter().map(|(_, ending)| met(ending)).sum();
    let back = endings.iter().map(|(_, ending)| ending.price.times(met(ending)).0).sum();
    let text = sentence(voice, kind, violation, videos, Credits(back));
    let names = endings.iter().filter(|(_, ending)| met(ending) > 0);
    let names: Vec<&str> = names.filter_map(|(name, _)| name.as_deref()).collect();
    if names.is_empty() {
        return text;
    }
    let names = cut(&names.join(", "), MAX_NAMES);
    format!("{text}\n{}", voice.text(Key::VideoProduct, &[("name", names.as_str().into())]))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
