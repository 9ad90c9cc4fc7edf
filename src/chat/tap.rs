//! What the buttons mean: the whole of our callback data.
//!
//! Anybody can send any callback data, so a tap is a request, not a right: the
//! owner of the draft or the order, and what it costs, is looked up.

use std::fmt;

use crate::chat::{album_tap::AlbumTap, setting::Setting, video_tap::VideoTap};
use crate::domain::{
    draft::ScriptId,
    id::{DraftId, OrderId, OutboxId},
    notification::MuteFor,
    preset::Preset,
    user::Language,
    video::Aspect,
};

/// The most callback data that a button can carry, in bytes.
pub const MAX_DATA: usize = 64;

/// One meaning of a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tap {
    /// Take this ready-made idea.
    Preset {
        /// For this draft.
        draft: DraftId,
        /// The preset's id.
        preset: String,
    },
    /// "✍️ My own text".
    OwnText {
        /// For this draft.
        draft: DraftId,
    },
    /// Back to the ideas.
    Ideas {
        /// Of this draft.
        draft: DraftId,
    },
    /// "1 / 3 / 5 videos".
    Order {
        /// By the script that the person has read.
        script: ScriptId,
        /// How many videos.
        count: u32,
        /// How often what the buttons of the script say had changed.
        offer: u32,
    },
    /// "9:16": this shape for the videos of the script.
    Aspect {
        /// The script.
        script: ScriptId,
        /// The shape.
        aspect: Aspect,
    },
    /// "10 s": this length for the videos of the script.
    Seconds {
        /// The script.
        script: ScriptId,
        /// The length in seconds.
        seconds: u32,
    },
    /// "✅ Yes, by my text", under a text that nobody asked for.
    UseText(ScriptId),
    /// "🔁 Another script" from the idea of this one.
    AnotherScript(ScriptId),
    /// "✏️ Edit": the person sends the changed text.
    EditScript {
        /// Of this draft.
        draft: DraftId,
        /// Which script of it; buttons of earlier versions meant the newest.
        revision: Option<u32>,
    },
    /// "✖️ Cancel": what is not being filmed yet.
    Cancel {
        /// Of this order.
        order: OrderId,
    },
    /// "🔄 More with this product".
    MoreWithPhoto {
        /// The order whose photo is taken again.
        order: OrderId,
    },
    /// "📸 Another photo": the one of the order was refused.
    AnotherPhoto,
    /// "✍️ Rewrite for free": a text of the order was refused.
    Rewrite {
        /// The order.
        order: OrderId,
    },
    /// "🏠 Main menu".
    Menu,
    /// "💳 Balance"
    Balance,
    /// "👀 Examples" in the main menu.
    Examples,
    /// "👀 Examples" of the ideas.
    Samples {
        /// For this draft.
        draft: Option<DraftId>,
        /// From this one on, counted from 0.
        from: u32,
    },
    /// "❓ Help"
    Help,
    /// Use this language.
    Language(Language),
    /// Set this, under `/settings`.
    Setting(Setting),
    /// "🔕 Mute for a day": an operator's, under an alert.
    Mute {
        /// The alert's row.
        alert: OutboxId,
        /// For how long.
        length: MuteFor,
    },
    /// "🔔 Unmute"
    Unmute {
        /// The alert's row.
        alert: OutboxId,
    },
    /// About several photos at once.
    Album(AlbumTap),
    /// A button about videos that a person has, or about their styles.
    Video(VideoTap),
}

/// What callback data begins with, by the kind of tap.
impl Tap {
    /// A [`Tap::Preset`].
    pub const PRESET: &str = "p:";
    /// A [`Tap::OwnText`].
    pub const OWN_TEXT: &str = "w:";
    /// A [`Tap::Ideas`].
    pub const IDEAS: &str = "i:";
    /// A [`Tap::Order`].
    pub const ORDER: &str = "o:";
    /// A [`Tap::Aspect`].
    pub const ASPECT: &str = "za:";
    /// A [`Tap::Seconds`].
    pub const SECONDS: &str = "zs:";
    /// A [`Tap::UseText`].
    pub const USE_TEXT: &str = "t:";
    /// A [`Tap::AnotherScript`].
    pub const ANOTHER_SCRIPT: &str = "a:";
    /// A [`Tap::EditScript`].
    pub const EDIT_SCRIPT: &str = "e:";
    /// A [`Tap::Cancel`].
    pub const CANCEL: &str = "c:";
    /// A [`Tap::MoreWithPhoto`].
    pub const MORE_WITH_PHOTO: &str = "m:";
    /// A [`Tap::AnotherPhoto`], which is all of its data.
    pub const ANOTHER_PHOTO: &str = "f";
    /// A [`Tap::Rewrite`].
    pub const REWRITE: &str = "r:";
    /// A [`Tap::Menu`], which is all of its data.
    pub const MENU: &str = "h";
    /// A [`Tap::Balance`], which is all of its data.
    pub const BALANCE: &str = "b";
    /// A [`Tap::Examples`], which is all of its data.
    pub const EXAMPLES: &str = "x";
    /// A [`Tap::Samples`].
    pub const SAMPLES: &str = "sm:";
    /// A [`Tap::Help`], which is all of its data.
    pub const HELP: &str = "j";
    /// A [`Tap::Language`].
    pub const LANGUAGE: &str = "l:";
    /// A [`Tap::Setting`].
    pub const SETTING: &str = "s:";
    /// A [`Tap::Mute`].
    pub const MUTE: &str = "q:";
    /// A [`Tap::Unmute`].
    pub const UNMUTE: &str = "u:";
}

impl Tap {
    /// The tap that callback data stands for; `None` for data that no button of ours carries.
    pub fn parse(data: &str) -> Option<Self> {
        let (prefix, rest) = data.split_at(data.find(':').map_or(data.len(), |colon| colon + 1));
        let parts: Vec<&str> = rest.split(':').collect();
        let tap = match (prefix, parts.as_slice()) {
            (Self::PRESET, [draft, preset]) if Preset::id_is_valid(preset) => {
                Self::Preset { draft: draft_id(draft)?, preset: (*preset).to_owned() }
            }
            (Self::OWN_TEXT, [draft]) => Self::OwnText { draft: draft_id(draft)? },
            (Self::IDEAS, [draft]) => Self::Ideas { draft: draft_id(draft)? },
            (Self::ORDER, [draft, revision, count, offer @ ..]) if offer.len() < 2 => Self::Order {
                script: script_id(draft, revision)?,
                count: count.parse().ok()?,
                offer: offer.first().map_or(Some(0), |offer| offer.parse().ok())?,
            },
            (Self::ASPECT, [draft, revision, width, height]) => Self::Aspect {
                script: script_id(draft, revision)?,
                aspect: Aspect::parse(&format!("{width}:{height}"))?,
            },
            (Self::SECONDS, [draft, revision, seconds]) => Self::Seconds {
                script: script_id(draft, revision)?,
                seconds: seconds.parse().ok()?,
            },
            (Self::USE_TEXT, _) => Self::UseText(ScriptId::parse(rest)?),
            (Self::ANOTHER_SCRIPT, _) => Self::AnotherScript(ScriptId::parse(rest)?),
            (Self::EDIT_SCRIPT, [draft]) => {
                Self::EditScript { draft: draft_id(draft)?, revision: None }
            }
            (Self::EDIT_SCRIPT, [draft, revision]) => {
                Self::EditScript { draft: draft_id(draft)?, revision: Some(revision.parse().ok()?) }
            }
            (Self::CANCEL, [order]) => Self::Cancel { order: OrderId(order.parse().ok()?) },
            (Self::MORE_WITH_PHOTO, [order]) => {
                Self::MoreWithPhoto { order: OrderId(order.parse().ok()?) }
            }
            (Self::ANOTHER_PHOTO, _) => Self::AnotherPhoto,
            (Self::REWRITE, [order]) => Self::Rewrite { order: OrderId(order.parse().ok()?) },
            (Self::MENU, _) => Self::Menu,
            (Self::BALANCE, _) => Self::Balance,
            (Self::EXAMPLES, _) => Self::Examples,
            (Self::SAMPLES, [from]) => Self::Samples { draft: None, from: from.parse().ok()? },
            (Self::SAMPLES, [draft, from]) => {
                Self::Samples { draft: Some(draft_id(draft)?), from: from.parse().ok()? }
            }
            (Self::HELP, _) => Self::Help,
            (Self::SETTING, _) => Self::Setting(Setting::parse(rest)?),
            (Self::LANGUAGE, [code]) => Self::Language(Language::from_code(code)?),
            (Self::MUTE, [alert, days]) => {
                let days: u32 = days.parse().ok()?;
                let length = MuteFor::ALL.into_iter().find(|length| length.days() == days)?;
                Self::Mute { alert: OutboxId(alert.parse().ok()?), length }
            }
            (Self::UNMUTE, [alert]) => Self::Unmute { alert: OutboxId(alert.parse().ok()?) },
            _ => match AlbumTap::parse(prefix, rest) {
                Some(tap) => Self::Album(tap),
                None => Self::Video(VideoTap::parse(prefix, rest)?),
            },
        };
        // Each tap has one spelling: "+7" or "007" was not written by us.
        (tap.to_string() == data).then_some(tap)
    }
}

/// The callback data.
impl fmt::Display for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preset { draft, preset } => write!(f, "{}{draft}:{preset}", Self::PRESET),
            Self::OwnText { draft } => write!(f, "{}{draft}", Self::OWN_TEXT),
            Self::Ideas { draft } => write!(f, "{}{draft}", Self::IDEAS),
            // As the first offer was written before there were others.
            Self::Order { script, count, offer: 0 } => {
                write!(f, "{}{script}:{count}", Self::ORDER)
            }
            Self::Order { script, count, offer } => {
                write!(f, "{}{script}:{count}:{offer}", Self::ORDER)
            }
            Self::Aspect { script, aspect: to } => write!(f, "za:{script}:{}", to.word()),
            Self::Seconds { script, seconds } => write!(f, "zs:{script}:{seconds}"),
            Self::UseText(script) => write!(f, "{}{script}", Self::USE_TEXT),
            Self::AnotherScript(script) => write!(f, "{}{script}", Self::ANOTHER_SCRIPT),
            Self::EditScript { draft, revision: None } => {
                write!(f, "{}{draft}", Self::EDIT_SCRIPT)
            }
            Self::EditScript { draft, revision: Some(revision) } => {
                write!(f, "{}{draft}:{revision}", Self::EDIT_SCRIPT)
            }
            Self::Cancel { order } => write!(f, "{}{order}", Self::CANCEL),
            Self::MoreWithPhoto { order } => write!(f, "{}{order}", Self::MORE_WITH_PHOTO),
            Self::AnotherPhoto => f.write_str(Self::ANOTHER_PHOTO),
            Self::Rewrite { order } => write!(f, "{}{order}", Self::REWRITE),
            Self::Menu => f.write_str(Self::MENU),
            Self::Balance => f.write_str(Self::BALANCE),
            Self::Examples => f.write_str(Self::EXAMPLES),
            Self::Samples { draft: None, from } => write!(f, "{}{from}", Self::SAMPLES),
            Self::Samples { draft: Some(draft), from } => {
                write!(f, "{}{draft}:{from}", Self::SAMPLES)
            }
            Self::Help => f.write_str(Self::HELP),
            Self::Language(language) => write!(f, "{}{}", Self::LANGUAGE, language.code()),
            Self::Setting(setting) => write!(f, "{}{setting}", Self::SETTING),
            Self::Mute { alert, length } => write!(f, "{}{alert}:{}", Self::MUTE, length.days()),
            Self::Unmute { alert } => write!(f, "{}{alert}", Self::UNMUTE),
            Self::Album(tap) => tap.fmt(f),
            Self::Video(tap) => tap.fmt(f),
        }
    }
}

fn draft_id(text: &str) -> Option<DraftId> {
    text.parse().ok().map(DraftId)
}

fn script_id(draft: &str, revision: &str) -> Option<ScriptId> {
    Some(ScriptId { draft: draft_id(draft)?, revision: revision.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::{album_tap, video_tap::LONGEST_SEARCH};
    use crate::domain::{
        export::Group,
        id::{BatchId, JobId, StyleId},
        video::Aspect,
        vote::Vote,
        zone::Month,
    };
    use crate::testing::malformed::texts;

    fn video_taps() -> impl Strategy<Value = VideoTap> {
        let job = || any::<i64>().prop_map(JobId);
        let style = || any::<i64>().prop_map(StyleId);
        let page = (1..=u32::MAX, proptest::option::of("[^\\p{Cc}]{1,12}"));
        let month = (1970..=9998_i16, 1..=12_i8)
            .prop_map(|(year, month)| Month::parse(&format!("{year:04}-{month:02}")).unwrap());
        prop_oneof![
            page.prop_map(|(page, search)| VideoTap::Page { page, search }),
            job().prop_map(VideoTap::Again),
            job().prop_map(VideoTap::AsFile),
            month.prop_map(|month| VideoTap::Archive(Group::Month(month))),
            any::<i64>().prop_map(|order| VideoTap::Archive(Group::Order(OrderId(order)))),
            any::<i64>().prop_map(|batch| VideoTap::Archive(Group::Series(BatchId(batch)))),
            (1..=u32::MAX).prop_map(VideoTap::Months),
            (1..=u32::MAX).prop_map(VideoTap::Orders),
            job().prop_map(VideoTap::OtherStyle),
            job().prop_map(VideoTap::OtherFormat),
            (job(), proptest::sample::select(&Vote::ALL[..]))
                .prop_map(|(job, vote)| VideoTap::Vote(job, vote)),
            job().prop_map(VideoTap::KeepStyle),
            (any::<i64>(), style())
                .prop_map(|(draft, style)| VideoTap::UseStyle { draft: DraftId(draft), style }),
            style().prop_map(VideoTap::Style),
            style().prop_map(VideoTap::RenameStyle),
            style().prop_map(VideoTap::DeleteStyle),
            proptest::sample::select(vec![VideoTap::My, VideoTap::Search, VideoTap::Styles]),
        ]
    }

    fn taps() -> impl Strategy<Value = Tap> {
        let draft = || any::<i64>().prop_map(DraftId);
        let script =
            || (draft(), any::<u32>()).prop_map(|(draft, revision)| ScriptId { draft, revision });
        prop_oneof![
            (draft(), "[a-z0-9-]{1,24}").prop_map(|(draft, preset)| Tap::Preset { draft, preset }),
            draft().prop_map(|draft| Tap::OwnText { draft }),
            draft().prop_map(|draft| Tap::Ideas { draft }),
            (script(), any::<u32>(), any::<u32>()).prop_map(|(script, count, offer)| Tap::Order {
                script,
                count,
                offer
            }),
            (script(), proptest::sample::select(&Aspect::ALL[..]))
                .prop_map(|(script, aspect)| Tap::Aspect { script, aspect }),
            (script(), any::<u32>()).prop_map(|(script, seconds)| Tap::Seconds { script, seconds }),
            script().prop_map(Tap::UseText),
            script().prop_map(Tap::AnotherScript),
            (draft(), any::<Option<u32>>())
                .prop_map(|(draft, revision)| Tap::EditScript { draft, revision }),
            album_tap::tests::taps().prop_map(Tap::Album),
            any::<i64>().prop_map(|order| Tap::Cancel { order: OrderId(order) }),
            any::<i64>().prop_map(|order| Tap::MoreWithPhoto { order: OrderId(order) }),
            any::<i64>().prop_map(|order| Tap::Rewrite { order: OrderId(order) }),
            proptest::sample::select(vec![Tap::Menu, Tap::Balance, Tap::Examples, Tap::Help]),
            proptest::sample::select(&Language::ALL[..]).prop_map(Tap::Language),
            settings().prop_map(Tap::Setting),
            (any::<Option<i64>>(), any::<u32>())
                .prop_map(|(draft, from)| Tap::Samples { draft: draft.map(DraftId), from }),
            (any::<i64>(), proptest::sample::select(&MuteFor::ALL[..]))
                .prop_map(|(alert, length)| Tap::Mute { alert: OutboxId(alert), length }),
            any::<i64>().prop_map(|alert| Tap::Unmute { alert: OutboxId(alert) }),
            video_taps().prop_map(Tap::Video),
        ]
    }

    fn settings() -> impl Strategy<Value = Setting> {
        prop_oneof![
            proptest::sample::select(&Language::ALL[..]).prop_map(Setting::Language),
            proptest::sample::select(&Aspect::ALL[..]).prop_map(Setting::Aspect),
            any::<u32>().prop_map(Setting::Seconds),
            any::<bool>().prop_map(Setting::Quiet),
        ]
    }

    proptest! {
        #[test]
        fn every_tap_comes_back_from_its_data_and_fits_a_button(tap in taps()) {
            let data = tap.to_string();
            prop_assert!(data.len() <= MAX_DATA, "{data}");
            prop_assert_eq!(Tap::parse(&data), Some(tap));
        }

        #[test]
        fn what_is_understood_is_what_a_button_of_ours_carries(data in texts(&ours())) {
            if let Some(tap) = Tap::parse(&data) {
                prop_assert!(data.len() <= MAX_DATA);
                prop_assert_eq!(tap.to_string(), data);
            }
        }
    }

    fn ours() -> Vec<String> {
        let (draft, order) = (DraftId(17), OrderId(i64::MAX));
        let taps = [
            Tap::Preset { draft, preset: "scroll-up".to_owned() },
            Tap::OwnText { draft },
            Tap::Order { script: ScriptId { draft, revision: 2 }, count: 3, offer: 0 },
            Tap::AnotherScript(ScriptId { draft, revision: 2 }),
            Tap::Cancel { order },
            Tap::MoreWithPhoto { order },
            Tap::Menu,
            Tap::Language(Language::Ru),
            Tap::Samples { draft: Some(draft), from: 5 },
            Tap::Setting(Setting::Aspect(Aspect::Card)),
            Tap::Video(VideoTap::Page { page: 2, search: Some("арт: 7".to_owned()) }),
            Tap::Video(VideoTap::Vote(JobId(7), Vote::Up)),
        ];
        taps.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_longest_data_fits_a_button() {
        let draft = DraftId(i64::MIN);
        let longest = [
            Tap::Preset { draft, preset: "a".repeat(24) },
            Tap::Order {
                script: ScriptId { draft, revision: u32::MAX },
                count: u32::MAX,
                offer: u32::MAX,
            },
            Tap::Album(AlbumTap::Order {
                batch: BatchId(i64::MIN),
                ordered: u16::MAX,
                products: u16::MAX,
                count: u32::MAX,
                offer: u32::MAX,
            }),
            Tap::Video(VideoTap::Page { page: u32::MAX, search: Some("a".repeat(LONGEST_SEARCH)) }),
        ];
        assert!(longest.iter().all(|tap| tap.to_string().len() <= MAX_DATA));
    }

    #[test]
    fn garbled_data_is_no_tap() {
        let garbled = [
            "",
            ":",
            "p",
            "p:1",
            "p:1:",
            "p:1:Scroll",
            "y:0",
            "y:-1",
            "y:4294967296",
            "yq:1:",
            "yq:0:a",
            "v:7:",
            "v:7:yes",
            "ym:2026-00",
            "ym:26-1",
            "st:",
            "stu:1",
            "p:1:a:b",
            "p:x:a",
            "o:1:2",
            "o:1:-2:3",
            "o:1:2:+3",
            "o:01:2:3",
            "o:1:2:4294967296",
            "w:9223372036854775808",
            "w: 1",
            "h:",
            "H",
            "l:de",
            "l:RU",
            "l:ru-RU",
            "s",
            "sm",
            "sm:",
            "sm:x",
            "sm:1:2:3",
            "sm:01",
            "s:",
            "s:l:de",
            "s:a:4:3",
            "s:a:9",
            "s:n:010",
            "s:n:-1",
            "s:n:4294967296",
            "s:q:2",
            "s:q:1:1",
            "m:",
            "c:",
            "c:07",
            "c:1:2",
            "r:",
            "r:1:2",
            "retry:1",
            "q:1",
            "q:1:2",
            "q:1:07",
            "q:1:-1",
            "u:",
            "u:1:1",
            "da:1",
            "da:1:few",
            "dp:1:01",
            "no:1:2:3",
            "no:1:0:-1:1",
        ];
        for data in garbled {
            assert_eq!(Tap::parse(data), None, "{data:?}");
        }
    }
}
