//! What a message is about, by what stands in it: the message of an anchor by its name, another one by its
//! buttons, which tell it however old they are.

use crate::chat::{album_tap::AlbumTap, tap::Tap, video_tap::VideoTap};
use crate::domain::{
    draft::ScriptId,
    id::{AlbumId, BatchId, DraftId, JobId, MessageId, OrderId},
};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A photo.
    Draft(DraftId),
    /// What was written for it, or is asked about it; or about all products of its album.
    Script(ScriptId),
    /// The photos of an album.
    Album(AlbumId),
    /// Scripts of several products, or how their videos went.
    Series(BatchId),
    /// The orders of a series that one tap has placed, of which this is the first.
    Orders(OrderId),
    /// An order.
    Order(OrderId),
    /// A video.
    Video(JobId),
    /// What is heard in this message.
    Voice(MessageId),
    /// A photo that cannot be filmed: another one is asked for.
    AnotherPhoto,
}

impl Subject {
    /// What the anchor of that name shows.
    pub(crate) fn of_anchor(name: &str) -> Option<Self> {
        let (kind, id) = name.split_once(' ')?;
        let number = || id.parse().ok();
        match kind {
            "ideas" | "draft" => number().map(DraftId).map(Self::Draft),
            "script" | "edit" | "offer" => ScriptId::parse(id).map(Self::Script),
            "album" => number().map(AlbumId).map(Self::Album),
            "series" => number().map(BatchId).map(Self::Series),
            // News of what failed: "failed order 17 timeout".
            "failed" => {
                let order = id.strip_prefix("order ")?.split(' ').next()?;
                order.parse().ok().map(OrderId).map(Self::Order)
            }
            "orders" => number().map(OrderId).map(Self::Orders),
            "video" => number().map(JobId).map(Self::Video),
            "voice" => number().map(MessageId).map(Self::Voice),
            _ => None,
        }
    }

    /// What a message with such buttons is about: a summary of a series has some for single products too.
    pub(crate) fn of_buttons(buttons: &[String]) -> Option<Self> {
        let subjects = || buttons.iter().filter_map(|data| Self::of_tap(&Tap::parse(data)?));
        let is_of_all = |subject: &Self| matches!(subject, Self::Album(_) | Self::Series(_));
        let is_product = |subject: &Self| *subject != Self::AnotherPhoto;
        let found = subjects().find(is_of_all).or_else(|| subjects().find(is_product));
        found.or_else(|| subjects().next())
    }

    fn of_tap(tap: &Tap) -> Option<Self> {
        match tap {
            Tap::Preset { draft, .. }
            | Tap::OwnText { draft }
            | Tap::Ideas { draft }
            | Tap::EditScript { draft, .. } => Some(Self::Draft(*draft)),
            Tap::Order { script, .. }
            | Tap::Aspect { script, .. }
            | Tap::Seconds { script, .. }
            | Tap::UseText(script)
            | Tap::AnotherScript(script) => Some(Self::Script(*script)),
            Tap::Cancel { order } | Tap::MoreWithPhoto { order } | Tap::Rewrite { order } => {
                Some(Self::Order(*order))
            }
            Tap::Album(tap) => Some(Self::of_album_tap(tap)),
            Tap::Video(tap) => Self::of_video_tap(tap),
            Tap::Samples { draft, .. } => draft.map(Self::Draft),
            Tap::AnotherPhoto => Some(Self::AnotherPhoto),
            Tap::Menu
            | Tap::Balance
            | Tap::Examples
            | Tap::Help
            | Tap::Language(_)
            | Tap::Setting(_)
            | Tap::Mute { .. }
            | Tap::Unmute { .. } => None,
        }
    }

    fn of_album_tap(tap: &AlbumTap) -> Self {
        match tap {
            AlbumTap::ChoosePhoto { draft, .. } | AlbumTap::Sides(draft) => Self::Draft(*draft),
            AlbumTap::Decide { album, .. }
            | AlbumTap::Preset { album, .. }
            | AlbumTap::Style { album, .. }
            | AlbumTap::Samples { album, .. }
            | AlbumTap::OwnText(album)
            | AlbumTap::Captions { album, .. }
            | AlbumTap::Ideas(album) => Self::Album(*album),
            AlbumTap::Refresh(batch)
            | AlbumTap::Aspect { batch, .. }
            | AlbumTap::Seconds { batch, .. }
            | AlbumTap::Order { batch, .. }
            | AlbumTap::Series(batch)
            | AlbumTap::More(batch) => Self::Series(*batch),
        }
    }

    /// A list of videos is about none of them.
    fn of_video_tap(tap: &VideoTap) -> Option<Self> {
        match tap {
            VideoTap::AsFile(job)
            | VideoTap::OtherStyle(job)
            | VideoTap::OtherFormat(job)
            | VideoTap::Vote(job, _)
            | VideoTap::KeepStyle(job) => Some(Self::Video(*job)),
            VideoTap::UseStyle { draft, .. } => Some(Self::Draft(*draft)),
            VideoTap::My
            | VideoTap::Page { .. }
            | VideoTap::Search
            | VideoTap::Again(_)
            | VideoTap::Months(_)
            | VideoTap::Orders(_)
            | VideoTap::Archive(_)
            | VideoTap::Styles
            | VideoTap::Style(_)
            | VideoTap::RenameStyle(_)
            | VideoTap::DeleteStyle(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::reply::Anchor;

    #[test]
    fn an_anchor_is_about_what_it_shows() {
        let (draft, script) = (DraftId(7), ScriptId { draft: DraftId(7), revision: 2 });
        for (anchor, subject) in [
            (Anchor::Ideas(draft), Some(Subject::Draft(draft))),
            (Anchor::Draft(draft), Some(Subject::Draft(draft))),
            (Anchor::Script(script), Some(Subject::Script(script))),
            (Anchor::Edit(script), Some(Subject::Script(script))),
            (Anchor::Offer(script), Some(Subject::Script(script))),
            (Anchor::Album(AlbumId(3)), Some(Subject::Album(AlbumId(3)))),
            (Anchor::Series(BatchId(3)), Some(Subject::Series(BatchId(3)))),
            (Anchor::Orders(OrderId(3)), Some(Subject::Orders(OrderId(3)))),
            (Anchor::Video(JobId(3)), Some(Subject::Video(JobId(3)))),
            (Anchor::Voice(MessageId(3)), Some(Subject::Voice(MessageId(3)))),
            (Anchor::Language, None),
            (Anchor::MyVideos, None),
        ] {
            assert_eq!(Subject::of_anchor(&anchor.to_string()), subject);
        }
        let failed = Subject::of_anchor("failed order 17 user_violation people");
        assert_eq!(failed, Some(Subject::Order(OrderId(17))));
    }

    #[test]
    fn buttons_tell_what_their_message_is_about() {
        for (buttons, subject) in [
            (&["m:5", "h"][..], Some(Subject::Order(OrderId(5)))),
            (&["vs:9", "vf:9", "v:9:up"], Some(Subject::Video(JobId(9)))),
            // The summary of a series, in which a text was refused.
            (&["r:5", "nm:4", "h"], Some(Subject::Series(BatchId(4)))),
            (&["yj:1", "yj:2", "y:2"], None),
            (&["f", "o:7:2:1"], Some(Subject::Script(ScriptId { draft: DraftId(7), revision: 2 }))),
            (&["f", "h"], Some(Subject::AnotherPhoto)),
            (&["h", "b"], None),
            (&["m:+5", "\u{0}", ""], None),
        ] {
            let buttons: Vec<String> = buttons.iter().map(|data| (*data).to_owned()).collect();
            assert_eq!(Subject::of_buttons(&buttons), subject, "{buttons:?}");
        }
    }
}
