//! "⭐ My styles": the prompts that a person has saved.

use crate::actions::keep_style::{LONGEST_NAME, MOST_STYLES};
use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    text::escape,
    video_tap::VideoTap,
    voice::Voice,
};
use crate::store::styles::Style;

/// How many numbers stand in a row.
const IN_A_ROW: usize = 5;

/// The styles, each a line and a button.
pub(crate) fn list(voice: &Voice<'_>, styles: &[Style]) -> Screen {
    let back = [voice.button(Key::ButtonMyVideos, &Tap::Video(VideoTap::FIRST))];
    if styles.is_empty() {
        return voice.screen(Key::StylesNone, &[]).row(back);
    }
    let values = [("count", number(styles.len()).into()), ("most", number(MOST_STYLES).into())];
    let lines: Vec<String> = (1..)
        .zip(styles)
        .map(|(number, style): (u32, _)| format!("<b>{number}.</b> {}", escape(&style.name)))
        .collect();
    let mut screen =
        Screen::of_paragraphs(&[voice.text(Key::StylesTitle, &values), lines.join("\n")]);
    let numbers: Vec<Button> = (1..)
        .zip(styles)
        .map(|(number, style): (u32, _)| {
            Button::new(&number.to_string(), &Tap::Video(VideoTap::Style(style.id)))
        })
        .collect();
    for row in numbers.chunks(IN_A_ROW) {
        screen = screen.row(row.to_vec());
    }
    screen.row(back)
}

/// One style, to be renamed or deleted.
pub(crate) fn one(voice: &Voice<'_>, style: &Style) -> Screen {
    let button = |label, tap| voice.button(label, &Tap::Video(tap));
    let values = [("name", style.name.as_str().into()), ("prompt", style.prompt.as_str().into())];
    voice
        .screen(Key::Style, &values)
        .row([
            button(Key::ButtonRename, VideoTap::RenameStyle(style.id)),
            button(Key::ButtonDelete, VideoTap::DeleteStyle(style.id)),
        ])
        .row([button(Key::ButtonMyStyles, VideoTap::Styles)])
}

/// The person is asked for another name.
pub(crate) fn rename(voice: &Voice<'_>, style: &Style) -> Screen {
    let values = [("name", style.name.as_str().into()), ("most", number(LONGEST_NAME).into())];
    voice.screen(Key::StyleRename, &values)
}

/// A name that no button can show.
pub(crate) fn bad_name(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::StyleBadName, &[("most", number(LONGEST_NAME).into())])
}

/// There is no room for another style.
pub(crate) fn full(voice: &Voice<'_>) -> Screen {
    voice
        .screen(Key::StylesFull, &[("most", number(MOST_STYLES).into())])
        .row([voice.button(Key::ButtonMyStyles, &Tap::Video(VideoTap::Styles))])
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
