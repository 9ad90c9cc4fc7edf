//! `/my`: the videos that a person has.

use crate::chat::{
    caption::{idea_name, product_name},
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    text::{cut, escape},
    video_tap::VideoTap,
    voice::Voice,
};
use crate::domain::{preset::Preset, time::Timestamp, zone::Zone};
use crate::store::videos::MadeVideo;

/// How many videos one page shows.
pub(crate) const ON_A_PAGE: u32 = 10;

/// How many numbers stand in a row.
const IN_A_ROW: usize = 5;

/// The longest name of a product in the list, and the longest title of a scene, in UTF-16 units.
const LONGEST: usize = 40;

/// One page of the videos.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<'a> {
    /// Its videos, the newest first.
    pub videos: &'a [MadeVideo],
    /// Which one it is, from 1 on.
    pub number: u32,
    /// How many videos there are on all of them.
    pub all: u32,
    /// What was looked for.
    pub search: Option<&'a str>,
    /// By which calendar.
    pub zone: &'a Zone,
    /// The ready-made ideas.
    pub presets: &'a [Preset],
}

/// How many pages so many videos fill; one at least.
pub(crate) fn pages(videos: u32) -> u32 {
    videos.div_ceil(ON_A_PAGE).max(1)
}

/// A page: each video is a line and a button.
pub(crate) fn page(voice: &Voice<'_>, page: &Page<'_>) -> Screen {
    if page.all == 0 {
        return none(voice, page.search);
    }
    let count = ("count", page.all.into());
    let title = match page.search {
        Some(word) => voice.text(Key::MyFound, &[("word", word.into()), count]),
        None => voice.text(Key::MyTitle, &[count]),
    };
    let lines: Vec<String> = numbered(page).map(|(n, video)| line(voice, page, n, video)).collect();
    let mut text = vec![title, lines.join("\n")];
    let all = pages(page.all);
    let hint = voice.text(Key::MyHint, &[]);
    let of = [("page", page.number.into()), ("pages", all.into())];
    text.push(if all > 1 { format!("{}\n{hint}", voice.text(Key::MyPage, &of)) } else { hint });
    let mut screen = Screen::of_paragraphs(&text);
    let numbers: Vec<Button> = numbered(page)
        .map(|(n, video)| Button::new(&n.to_string(), &Tap::Video(VideoTap::Again(video.job))))
        .collect();
    for row in numbers.chunks(IN_A_ROW) {
        screen = screen.row(row.to_vec());
    }
    let to = |number, key| {
        let search = page.search.map(str::to_owned);
        voice.button(key, &Tap::Video(VideoTap::Page { page: number, search }))
    };
    let back = (page.number > 1).then(|| to(page.number - 1, Key::ButtonPageBack));
    let next = (page.number < all).then(|| to(page.number + 1, Key::ButtonPageNext));
    bottom(voice, screen.row(back.into_iter().chain(next)), page.search)
}

fn numbered<'a>(page: &Page<'a>) -> impl Iterator<Item = (u32, &'a MadeVideo)> {
    let first = (page.number - 1).saturating_mul(ON_A_PAGE).saturating_add(1);
    (first..).zip(page.videos)
}

fn line(voice: &Voice<'_>, page: &Page<'_>, number: u32, video: &MadeVideo) -> String {
    let told = told(voice, page.zone, page.presets, video);
    format!("<b>{number}.</b> {}", escape(&told))
}

/// How a person knows a video: `26.11.26 · арт. 123 · Пар над чашкой · № 2/3`. A scene without a title is
/// told by its idea.
pub(crate) fn told(
    voice: &Voice<'_>,
    zone: &Zone,
    presets: &[Preset],
    video: &MadeVideo,
) -> String {
    let title = video.title.as_ref().map(|title| title.text(voice.language).to_owned());
    let title = title.or_else(|| idea_name(voice, presets, video.preset.as_deref()));
    let product = video.of_order().product.map(|product| product_name(voice, product));
    let names = [product, title].into_iter().flatten();
    let names = names.map(|name| cut(&name, LONGEST));
    let of = (video.count > 1).then(|| format!("№\u{a0}{}/{}", video.number, video.count));
    let parts: Vec<String> = [day(zone, video.at)].into_iter().chain(names).chain(of).collect();
    parts.join(" · ")
}

fn none(voice: &Voice<'_>, search: Option<&str>) -> Screen {
    match search {
        Some(word) => {
            let screen = voice.screen(Key::MyFoundNone, &[("word", word.into())]);
            bottom(voice, screen, search)
        }
        None => voice.screen(Key::MyNone, &[]).row([voice.button(Key::ButtonMenu, &Tap::Menu)]),
    }
}

fn bottom(voice: &Voice<'_>, screen: Screen, search: Option<&str>) -> Screen {
    let button = |label, tap| voice.button(label, &Tap::Video(tap));
    let search_again = button(Key::ButtonSearch, VideoTap::Search);
    match search {
        Some(_) => screen.row([search_again, button(Key::ButtonMyVideos, VideoTap::FIRST)]),
        None => screen
            .row([search_again, button(Key::ButtonArchives, VideoTap::Months(1))])
            .row([button(Key::ButtonMyStyles, VideoTap::Styles)]),
    }
}

/// The person is asked what to look for.
pub(crate) fn search(voice: &Voice<'_>) -> Screen {
    voice
        .screen(Key::MySearch, &[])
        .row([voice.button(Key::ButtonMyVideos, &Tap::Video(VideoTap::FIRST))])
}

fn day(zone: &Zone, at: Timestamp) -> String {
    zone.shown(at, "%d.%m.%y")
}
