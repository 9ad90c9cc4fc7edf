//! Archives of the videos that a person has: of which there can be some, and what each is called.

use crate::chat::{
    caption::idea_name,
    key::Key,
    screen::{Button, MAX_LABEL, Screen},
    tap::Tap,
    text::{cut, units},
    video_tap::VideoTap,
    voice::Voice,
};
use crate::domain::{
    export::Group,
    preset::Preset,
    zone::{Month, Zone},
};
use crate::store::video_groups::{MadeOrder, Ordered};

/// How many months or orders one page shows of which there can be archives.
pub(crate) const ARCHIVES_ON_A_PAGE: u32 = 8;

/// The longest name of a product or an idea in what an archive is called, in UTF-16 units.
const LONGEST: usize = 40;

/// What is cut to less on a button says nothing.
const SHORTEST_ON_BUTTON: usize = 4;

/// Between the parts of a name.
const BETWEEN: &str = " · ";

/// By which calendar orders are told, and by which ideas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    /// The calendar.
    pub zone: &'a Zone,
    /// The ready-made ideas.
    pub presets: &'a [Preset],
}

impl Told<'_> {
    /// When an order was placed, by the clock, with its number among those of that minute.
    fn time(&self, ordered: &Ordered, form: &str) -> String {
        let time = self.zone.shown(ordered.at, form);
        match ordered.nth {
            1 => time,
            nth => format!("{time} ({nth})"),
        }
    }

    /// What was filmed: the product, or else the idea.
    fn what(&self, voice: &Voice<'_>, ordered: &Ordered) -> Option<String> {
        let idea = || idea_name(voice, self.presets, ordered.preset.as_deref());
        ordered.product.clone().or_else(idea)
    }
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
    told: Told<'_>,
    number: u32,
    has_more: bool,
) -> Screen {
    let rows = orders.iter().map(|order| archive(&label(voice, order, told), order.group));
    let others = voice.button(Key::ButtonArchivesOfMonths, &Tap::Video(VideoTap::Months(1)));
    archives(voice, rows, (number, has_more, VideoTap::Orders), others)
}

/// What the button of an order or a series says: when, and as much of the name as there is room for.
fn label(voice: &Voice<'_>, order: &MadeOrder, told: Told<'_>) -> String {
    let key = match order.group {
        Group::Series(_) => Key::ButtonArchiveSeries,
        Group::Order(_) | Group::Month(_) => Key::ButtonArchiveOrder,
    };
    let with =
        |name: &str| voice.text(key, &[("name", name.into()), ("count", order.videos.into())]);
    let time = told.time(&order.ordered, "%d.%m %H:%M");
    let room = MAX_LABEL.saturating_sub(units(&with(&time)) + units(BETWEEN));
    let what = told.what(voice, &order.ordered).filter(|_| room >= SHORTEST_ON_BUTTON);
    match what {
        Some(what) => with(&[time, cut(&what, room)].join(BETWEEN)),
        None => with(&time),
    }
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

/// An archive, as people know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archive<'a> {
    /// Of which videos.
    pub group: Group,
    /// By what they are told from others, of an order or a series.
    pub ordered: Option<&'a Ordered>,
    /// By which calendar and ideas.
    pub told: Told<'a>,
}

/// What an archive is called: by the time of the order, and its product or idea.
fn title(voice: &Voice<'_>, archive: &Archive<'_>) -> String {
    let ordered = |key| {
        let Some(ordered) = archive.ordered else { return voice.text(key, &[("day", "".into())]) };
        let time = archive.told.time(ordered, "%d.%m.%y %H:%M");
        let what = archive.told.what(voice, ordered).map(|what| cut(&what, LONGEST));
        let name = [Some(voice.text(key, &[("day", time.as_str().into())])), what];
        name.into_iter().flatten().collect::<Vec<_>>().join(BETWEEN)
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
pub(crate) fn archive_begun(voice: &Voice<'_>, archive: &Archive<'_>, videos: u32) -> Screen {
    let title = title(voice, archive);
    let values = [("title", title.as_str().into()), ("count", videos.into())];
    voice.screen(Key::ArchiveBegun, &values)
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
