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

/// Why a video that was asked for again is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// Nobody has it any more.
    Gone,
    /// Telegram sends it again, and does not hand it out as a file.
    OnlyInChat,
    /// It cannot be sent for now.
    NotNow,
}

/// A video of that order, told so, is not sent.
pub(crate) fn unsent(voice: &Voice<'_>, why: Unsent, order: OrderId, told: &str) -> Screen {
    let (key, next) = match why {
        Unsent::Gone => {
            (Key::VideoGone, Some(voice.button(Key::ButtonMore, &Tap::MoreWithPhoto { order })))
        }
        Unsent::OnlyInChat => (
            Key::VideoOnlyInChat,
            Some(voice.button(Key::ButtonMyVideos, &Tap::Video(VideoTap::My))),
        ),
        Unsent::NotNow => (Key::VideoNotNow, None),
    };
    voice.screen(key, &[("video", told.into())]).row(next)
}
