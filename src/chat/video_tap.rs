//! What the buttons mean that are about videos a person has, and about their saved styles.

use std::fmt;

use crate::domain::{
    export::Group,
    id::{BatchId, DraftId, JobId, OrderId, StyleId},
    vote::Vote,
    zone::Month,
};

/// The longest text that is looked for, in bytes: the buttons of its pages carry it.
pub(crate) const LONGEST_SEARCH: usize = 48;

/// One meaning of such a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VideoTap {
    /// "🎬 My videos" of the main menu: the first page in a new message.
    My,
    /// A page of the person's videos.
    Page {
        /// Which one, from 1 on.
        page: u32,
        /// Only of the videos in which this is found.
        search: Option<String>,
    },
    /// "🔎 Search"
    Search,
    /// Send this video again.
    Again(JobId),
    /// "📎 As a file"
    AsFile(JobId),
    /// "🗂 Download all": a page of the months of which there can be archives, from 1 on.
    Months(u32),
    /// The same of the orders.
    Orders(u32),
    /// Send these as an archive.
    Archive(Group),
    /// "🎭 Another style": the ideas of the same product.
    OtherStyle(JobId),
    /// "📐 Another format": the same words.
    OtherFormat(JobId),
    /// 👍 or 👎
    Vote(JobId, Vote),
    /// "⭐ Save the style"
    KeepStyle(JobId),
    /// Take a saved style for a product.
    UseStyle {
        /// For this draft.
        draft: DraftId,
        /// The style.
        style: StyleId,
    },
    /// "⭐ My styles"
    Styles,
    /// One of them.
    Style(StyleId),
    /// "✏️ Rename"
    RenameStyle(StyleId),
    /// "🗑 Delete"
    DeleteStyle(StyleId),
}

/// What callback data begins with, by the kind of tap.
impl VideoTap {
    /// A [`VideoTap::My`], which is all of its data.
    pub const MY: &str = "y";
    /// A [`VideoTap::Page`] of all videos.
    pub const PAGE: &str = "y:";
    /// A [`VideoTap::Page`] of some.
    pub const FOUND: &str = "yq:";
    /// A [`VideoTap::Search`], which is all of its data.
    pub const SEARCH: &str = "ys";
    /// A [`VideoTap::Again`].
    pub const AGAIN: &str = "yj:";
    /// A [`VideoTap::AsFile`].
    pub const AS_FILE: &str = "va:";
    /// A [`VideoTap::Months`].
    pub const MONTHS: &str = "yz:";
    /// A [`VideoTap::Orders`].
    pub const ORDERS: &str = "yzo:";
    /// A [`VideoTap::Archive`] of an order.
    pub const ARCHIVE_OF_ORDER: &str = "yo:";
    /// A [`VideoTap::Archive`] of a series.
    pub const ARCHIVE_OF_SERIES: &str = "yb:";
    /// A [`VideoTap::Archive`] of a month.
    pub const ARCHIVE_OF_MONTH: &str = "ym:";
    /// A [`VideoTap::OtherStyle`].
    pub const OTHER_STYLE: &str = "vs:";
    /// A [`VideoTap::OtherFormat`].
    pub const OTHER_FORMAT: &str = "vf:";
    /// A [`VideoTap::Vote`].
    pub const VOTE: &str = "v:";
    /// A [`VideoTap::KeepStyle`].
    pub const KEEP_STYLE: &str = "vk:";
    /// A [`VideoTap::UseStyle`].
    pub const USE_STYLE: &str = "stu:";
    /// A [`VideoTap::Styles`], which is all of its data.
    pub const STYLES: &str = "st";
    /// A [`VideoTap::Style`].
    pub const STYLE: &str = "st:";
    /// A [`VideoTap::RenameStyle`].
    pub const RENAME_STYLE: &str = "stn:";
    /// A [`VideoTap::DeleteStyle`].
    pub const DELETE_STYLE: &str = "std:";

    /// The first page of all videos.
    pub const FIRST: Self = Self::Page { page: 1, search: None };

    /// The tap of callback data, from what it begins with, its colon included, and the rest.
    /// Whether it is spelt as ours is for the caller to see.
    pub(super) fn parse(prefix: &str, rest: &str) -> Option<Self> {
        let number = || rest.parse().ok();
        let (job, style) = (|| number().map(JobId), || number().map(StyleId));
        match prefix {
            Self::MY => Some(Self::My),
            Self::PAGE => number_of_page(rest).map(|page| Self::Page { page, search: None }),
            Self::FOUND => {
                let (number, search) = rest.split_once(':')?;
                let fits = (1..=LONGEST_SEARCH).contains(&search.len());
                let page = number_of_page(number).filter(|_| fits)?;
                Some(Self::Page { page, search: Some(search.to_owned()) })
            }
            Self::SEARCH => Some(Self::Search),
            Self::AGAIN => job().map(Self::Again),
            Self::AS_FILE => job().map(Self::AsFile),
            Self::MONTHS => number_of_page(rest).map(Self::Months),
            Self::ORDERS => number_of_page(rest).map(Self::Orders),
            Self::ARCHIVE_OF_ORDER => {
                number().map(|order| Self::Archive(Group::Order(OrderId(order))))
            }
            Self::ARCHIVE_OF_SERIES => {
                number().map(|batch| Self::Archive(Group::Series(BatchId(batch))))
            }
            Self::ARCHIVE_OF_MONTH => {
                Month::parse(rest).map(|month| Self::Archive(Group::Month(month)))
            }
            Self::OTHER_STYLE => job().map(Self::OtherStyle),
            Self::OTHER_FORMAT => job().map(Self::OtherFormat),
            Self::VOTE => {
                let (job, vote) = rest.split_once(':')?;
                Some(Self::Vote(JobId(job.parse().ok()?), Vote::parse(vote)?))
            }
            Self::KEEP_STYLE => job().map(Self::KeepStyle),
            Self::USE_STYLE => {
                let (draft, style) = rest.split_once(':')?;
                let (draft, style) = (draft.parse().ok()?, style.parse().ok()?);
                Some(Self::UseStyle { draft: DraftId(draft), style: StyleId(style) })
            }
            Self::STYLES => Some(Self::Styles),
            Self::STYLE => style().map(Self::Style),
            Self::RENAME_STYLE => style().map(Self::RenameStyle),
            Self::DELETE_STYLE => style().map(Self::DeleteStyle),
            _ => None,
        }
    }
}

fn number_of_page(number: &str) -> Option<u32> {
    number.parse().ok().filter(|page| *page > 0)
}

impl VideoTap {
    /// Whether it changes or sends something in its place and leads nowhere.
    pub(crate) fn is_beside(&self) -> bool {
        matches!(self, Self::Again(_) | Self::AsFile(_) | Self::Vote(..) | Self::KeepStyle(_))
    }
}

/// The callback data.
impl fmt::Display for VideoTap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::My => f.write_str(Self::MY),
            Self::Page { page, search: None } => write!(f, "{}{page}", Self::PAGE),
            Self::Page { page, search: Some(search) } => {
                write!(f, "{}{page}:{search}", Self::FOUND)
            }
            Self::Search => f.write_str(Self::SEARCH),
            Self::Again(job) => write!(f, "{}{job}", Self::AGAIN),
            Self::AsFile(job) => write!(f, "{}{job}", Self::AS_FILE),
            Self::Months(page) => write!(f, "{}{page}", Self::MONTHS),
            Self::Orders(page) => write!(f, "{}{page}", Self::ORDERS),
            Self::Archive(Group::Order(order)) => write!(f, "{}{order}", Self::ARCHIVE_OF_ORDER),
            Self::Archive(Group::Series(batch)) => write!(f, "{}{batch}", Self::ARCHIVE_OF_SERIES),
            Self::Archive(Group::Month(month)) => write!(f, "{}{month}", Self::ARCHIVE_OF_MONTH),
            Self::OtherStyle(job) => write!(f, "{}{job}", Self::OTHER_STYLE),
            Self::OtherFormat(job) => write!(f, "{}{job}", Self::OTHER_FORMAT),
            Self::Vote(job, vote) => write!(f, "{}{job}:{}", Self::VOTE, vote.word()),
            Self::KeepStyle(job) => write!(f, "{}{job}", Self::KEEP_STYLE),
            Self::UseStyle { draft, style } => write!(f, "{}{draft}:{style}", Self::USE_STYLE),
            Self::Styles => f.write_str(Self::STYLES),
            Self::Style(style) => write!(f, "{}{style}", Self::STYLE),
            Self::RenameStyle(style) => write!(f, "{}{style}", Self::RENAME_STYLE),
            Self::DeleteStyle(style) => write!(f, "{}{style}", Self::DELETE_STYLE),
        }
    }
}
