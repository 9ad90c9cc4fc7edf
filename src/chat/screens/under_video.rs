//! The buttons under a video.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    video_tap::VideoTap,
    voice::Voice,
};
use crate::domain::{
    id::{JobId, OrderId},
    vote::Vote,
};

/// What can be done with a video: the thumb that was given is marked.
pub(crate) fn under_video(voice: &Voice<'_>, job: JobId, vote: Option<Vote>) -> Vec<Vec<Button>> {
    let button = |label, tap| voice.button(label, &Tap::Video(tap));
    let thumb = |thumb: &str, of| {
        let label = if vote == Some(of) { format!("{thumb} ✓") } else { thumb.to_owned() };
        Button::new(&label, &Tap::Video(VideoTap::Vote(job, of)))
    };
    vec![
        vec![
            button(Key::ButtonOtherStyle, VideoTap::OtherStyle(job)),
            button(Key::ButtonOtherFormat, VideoTap::OtherFormat(job)),
        ],
        vec![
            thumb("👍", Vote::Up),
            thumb("👎", Vote::Down),
            button(Key::ButtonAsFile, VideoTap::AsFile(job)),
        ],
        vec![button(Key::ButtonKeepStyle, VideoTap::KeepStyle(job))],
    ]
}

/// A video that nobody has any more, of that order and told so.
pub(crate) fn gone(voice: &Voice<'_>, order: OrderId, told: &str) -> Screen {
    voice
        .screen(Key::VideoGone, &[("video", told.into())])
        .row([voice.button(Key::ButtonMore, &Tap::MoreWithPhoto { order })])
}

/// A video that Telegram sends again and does not hand out as a file.
pub(crate) fn only_in_chat(voice: &Voice<'_>, told: &str) -> Screen {
    voice
        .screen(Key::VideoOnlyInChat, &[("video", told.into())])
        .row([voice.button(Key::ButtonMyVideos, &Tap::Video(VideoTap::My))])
}

/// A video that cannot be sent for now.
pub(crate) fn not_now(voice: &Voice<'_>, told: &str) -> Screen {
    voice.screen(Key::VideoNotNow, &[("video", told.into())])
}
