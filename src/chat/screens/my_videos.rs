//! `/my`: the videos that a person has, and archives of them.

use crate::chat::{
    caption::product_name,
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    text::{cut, escape},
    video_tap::VideoTap,
    voice::Voice,
};
use crate::domain::{
    export::Group,
    preset::Preset,
    time::Timestamp,
    zone::{Month, Zone},
};
use crate::store::{video_groups::MadeOrder, videos::MadeVideo};

/// How many videos one page shows.
pub(crate) const ON_A_PAGE: u32 = 10;

/// How many months or orders one page shows of which there can be archives.
pub(crate) const ARCHIVES_ON_A_PAGE: u32 = 8;

/// How many numbers stand in a row.
const IN_A_ROW: usize = 5;

/// The longest name of a product in the list, and the longest title of a scene, in UTF-16 units.
const LONGEST: usize = 40;

/// The longest name of a product on a button: a phone shows about so much beside the rest.
const LONGEST_ON_BUTTON: usize = 20;

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
    let title = title.or_else(|| match &video.preset {
        Some(id) => {
            let preset = presets.iter().find(|preset| preset.id == *id);
            preset.map(|preset| preset.name(voice.language).to_owned())
        }
        None => Some(voice.text(Key::MyOwnText, &[])),
    });
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

/// A page of the months of which there can be archives, with how many videos there are in each.
pub(crate) fn months(
    voice: &Voice<'_>,
    months: &[(Month, u32)],
    number: u32,
    has_more: bool,
) -> Screen {
    let rows = months.iter().map(|(month, count)| {
        let title = of_month(voice, *month);
        let values = [("month", title.as_str().into()), ("count", (*count).into())];
        archive(&voice.text(Key::ButtonArchiveMonth, &values), Group::Month(*month))
    });
    let others = voice.button(Key::ButtonArchivesOfOrders, &Tap::Video(VideoTap::Orders(1)));
    archives(voice, rows, (number, has_more, VideoTap::Months), others)
}

/// A page of the orders and the series of which there can be archives.
pub(crate) fn orders(
    voice: &Voice<'_>,
    orders: &[MadeOrder],
    zone: &Zone,
    number: u32,
    has_more: bool,
) -> Screen {
    let rows = orders.iter().map(|order| {
        let day = day(zone, order.at);
        let product = order.product.as_deref().map(|product| cut(product, LONGEST_ON_BUTTON));
        let name = [Some(day), product].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let values = [("name", name.as_str().into()), ("count", order.videos.into())];
        let key = match order.group {
            Group::Series(_) => Key::ButtonArchiveSeries,
            Group::Order(_) | Group::Month(_) => Key::ButtonArchiveOrder,
        };
        archive(&voice.text(key, &values), order.group)
    });
    let others = voice.button(Key::ButtonArchivesOfMonths, &Tap::Video(VideoTap::Months(1)));
    archives(voice, rows, (number, has_more, VideoTap::Orders), others)
}

fn archives(
    voice: &Voice<'_>,
    rows: impl Iterator<Item = Button>,
    (number, has_more, tap): (u32, bool, fn(u32) -> VideoTap),
    others: Button,
) -> Screen {
    let screen = rows.fold(voice.screen(Key::ArchiveChoose, &[]), |screen, row| screen.row([row]));
    let to = |number, key| voice.button(key, &Tap::Video(tap(number)));
    let back = (number > 1).then(|| to(number - 1, Key::ButtonPageBack));
    let next = has_more.then(|| to(number.saturating_add(1), Key::ButtonPageNext));
    screen
        .row(back.into_iter().chain(next))
        .row([others])
        .row([voice.button(Key::ButtonMyVideos, &Tap::Video(VideoTap::FIRST))])
}

fn archive(label: &str, group: Group) -> Button {
    Button::new(label, &Tap::Video(VideoTap::Archive(group)))
}

fn day(zone: &Zone, at: Timestamp) -> String {
    zone.shown(at, "%d.%m.%y")
}

/// An archive, as people know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archive<'a> {
    /// Of which videos.
    pub group: Group,
    /// When they were ordered, of an order or a series.
    pub ordered_at: Option<Timestamp>,
    /// By which calendar.
    pub zone: &'a Zone,
}

/// What an archive is called.
fn title(voice: &Voice<'_>, archive: &Archive<'_>) -> String {
    let ordered = |key| {
        let day = archive.ordered_at.map(|at| day(archive.zone, at)).unwrap_or_default();
        voice.text(key, &[("day", day.as_str().into())])
    };
    match archive.group {
        Group::Order(_) => ordered(Key::ArchiveOrder),
        Group::Series(_) => ordered(Key::ArchiveSeries),
        Group::Month(month) => of_month(voice, month),
    }
}

fn of_month(voice: &Voice<'_>, month: Month) -> String {
    let values = [("month", month.number().into()), ("year", month.year().into())];
    voice.text(Key::ArchiveMonth, &values)
}

/// An archive of so many videos is being put together.
pub(crate) fn archive_begun(voice: &Voice<'_>, videos: u32) -> Screen {
    voice.screen(Key::ArchiveBegun, &[("count", videos.into())])
}

/// An archive cannot be sent for now.
pub(crate) fn archive_failed(voice: &Voice<'_>, archive: &Archive<'_>) -> Screen {
    let title = title(voice, archive);
    voice.screen(Key::ArchiveFailed, &[("title", title.as_str().into())])
}

/// The caption of one part of an archive.
pub(crate) fn part_caption(
    voice: &Voice<'_>,
    archive: &Archive<'_>,
    part: u32,
    videos: u32,
) -> String {
    let title = title(voice, archive);
    let values =
        [("title", title.as_str().into()), ("part", part.into()), ("count", videos.into())];
    voice.text(Key::ArchivePart, &values)
}

/// The caption of the list of an archive.
pub(crate) fn list_caption(
    voice: &Voice<'_>,
    archive: &Archive<'_>,
    videos: u32,
    missing: u32,
) -> String {
    let title = title(voice, archive);
    let values =
        [("title", title.as_str().into()), ("count", videos.into()), ("missing", missing.into())];
    voice.text(Key::ArchiveList, &values)
}
