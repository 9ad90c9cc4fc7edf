//! The exhibits about the videos that a person has, and about their styles.

use crate::actions::keep_style::LONGEST_NAME;
use crate::chat::{
    caption::{caption, link},
    screen::{Body, Screen},
    screens::{
        archives, my_videos, styles as own_styles,
        under_video::{self, Unsent},
    },
    text::cut,
    voice::Voice,
};
use crate::domain::{
    article::Product,
    credits::Credits,
    export::Group,
    id::{BatchId, JobId, OrderId, PhotoId, StyleId},
    parcel::VideoOfOrder,
    preset::Localized,
    time::Timestamp,
    video::Aspect,
    vote::Vote,
    zone::{Month, Zone},
};
use crate::store::{
    styles::Style,
    video_groups::{MadeOrder, Ordered},
    videos::MadeVideo,
};

const ORDER: OrderId = OrderId(i64::MAX);

/// A text that is never empty.
fn seen(text: &str) -> &str {
    if text.is_empty() { "…" } else { text }
}

/// As many styles as there may be.
pub(super) fn styles(text: &str) -> Vec<Style> {
    let style = |id| Style {
        id: StyleId(i64::MAX - id),
        name: cut(seen(text), LONGEST_NAME),
        prompt: seen(text).to_owned(),
    };
    (0..10).map(style).collect()
}

/// A video that has no name of its own.
fn nameless() -> MadeVideo {
    MadeVideo { number: 1, count: 1, title: None, product: None, ..made("") }
}

fn made(text: &str) -> MadeVideo {
    MadeVideo {
        job: JobId(i64::MAX),
        order: ORDER,
        number: 100,
        count: 100,
        title: Some(Localized { ru: text.to_owned(), en: text.to_owned() }),
        product: Some(text.to_owned()),
        place: None,
        photo: PhotoId(1),
        aspect: Some(Aspect::Card),
        seconds: Some(10),
        preset: None,
        prompt: text.to_owned(),
        price: Credits(1),
        at: Timestamp(1_795_000_000_000),
        file_id: None,
        url: None,
        key: None,
        is_gift: false,
        vote: None,
    }
}

/// The videos of a person, their archives and their styles.
pub(super) fn my(voice: &Voice<'_>, text: &str) -> Vec<Screen> {
    let (zone, mut videos) = (Zone::utc(), vec![made(text); 9]);
    videos.push(nameless());
    let word = cut(seen(text), 20);
    let page = |number, all, search| {
        let presets = &[];
        let shown = my_videos::Page { videos: &videos, number, all, search, zone: &zone, presets };
        my_videos::page(voice, &shown)
    };
    let month = Month::parse("2026-11").unwrap();
    let (group, product) = (Group::Order(ORDER), Some(text.to_owned()));
    let at = Timestamp(1_795_000_000_000);
    let ordered = Ordered { at, nth: 1, product, preset: None };
    let order = MadeOrder { group, ordered: ordered.clone(), videos: 5 };
    let again = MadeOrder { ordered: Ordered { nth: 2, ..ordered.clone() }, ..order.clone() };
    let group = Group::Series(BatchId(i64::MAX));
    let of_series = Ordered { product: None, ..ordered.clone() };
    let series = MadeOrder { group, ordered: of_series, ..order.clone() };
    let told = archives::Told { zone: &zone, presets: &[] };
    let all = [Group::Order(ORDER), group, Group::Month(month)];
    let all = all.map(|group| archives::Archive { group, ordered: Some(&ordered), told });
    let video = my_videos::told(voice, &zone, &[], &made(text));
    let mut screens = vec![
        page(1, 10, None),
        page(2, 31, None),
        page(u32::MAX / 11, u32::MAX, Some(word.as_str())),
        page(1, 0, None),
        page(1, 0, Some(word.as_str())),
        my_videos::search(voice),
        archives::months(voice, &[(month, 12)], 1, false),
        archives::months(voice, &[(month, 12)], 2, true),
        archives::orders(voice, &[again, order, series], told, 2, true),
        archives::archive_begun(voice, &all[0], 12),
        under_video::unsent(voice, Unsent::Gone, ORDER, &video),
        under_video::unsent(voice, Unsent::OnlyInChat, ORDER, &video),
        under_video::unsent(voice, Unsent::NotNow, ORDER, &video),
        own_styles::list(voice, &[]),
        own_styles::list(voice, &styles(text)),
        own_styles::one(voice, &styles(text)[0]),
        own_styles::rename(voice, &styles(text)[0]),
        own_styles::bad_name(voice),
        own_styles::full(voice),
    ];
    for archive in &all {
        let lists = [0, 3].map(|missing| archives::list_caption(voice, archive, 12, missing));
        screens.push(archives::archive_failed(voice, archive));
        screens.push(Screen::new(archives::part_caption(voice, archive, 2, 12)));
        screens.extend(lists.map(Screen::new));
    }
    screens
}

/// The videos of an order, as they are delivered.
pub(super) fn videos(voice: &Voice<'_>) -> Vec<Screen> {
    let (ru, en) = ("Пар над чашкой".to_owned(), "Steam above the cup".to_owned());
    let title = Localized { ru, en };
    let one = VideoOfOrder {
        job: JobId(1),
        order: ORDER,
        number: 1,
        count: 1,
        title: None,
        product: None,
        aspect: None,
        vote: None,
    };
    let of_three = VideoOfOrder {
        number: 2,
        count: 3,
        title: Some(&title),
        product: Some(Product::Named("A-123")),
        ..one
    };
    let liked = VideoOfOrder { vote: Some(Vote::Up), ..of_three };
    let video = |of: &VideoOfOrder<'_>, gift| Screen {
        buttons: under_video::under_video(voice, of.job, of.vote),
        ..Screen::of(Body::Video { file_id: String::new(), caption: caption(voice, of, gift) })
    };
    let all = [(one, false), (of_three, false), (liked, false), (one, true), (of_three, true)];
    let sent = all.map(|(of, gift)| video(&of, gift));
    let link =
        link(voice, caption(voice, &of_three, false), "https://tempfile.aiquickdraw.com/v.mp4");
    sent.into_iter().chain([link]).collect()
}
