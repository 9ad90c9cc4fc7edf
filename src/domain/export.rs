//! What people ask to have again: a video, the same as a file, or many in an archive.

use std::fmt;

use crate::domain::{
    id::{BatchId, JobId, OrderId},
    zone::Month,
};

/// Something that was made before, and is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Export {
    /// A video, as it was sent at first.
    Video(JobId),
    /// The same as a file.
    File(JobId),
    /// Many videos in archives, with a list.
    Archive(Group),
}

/// What it takes to send something again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effort {
    /// Telegram has it ready: it is sent in a moment.
    Quick,
    /// A file is fetched and sent.
    File,
    /// Many files are.
    Archive,
}

/// Videos that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Those of an order.
    Order(OrderId),
    /// Those of the orders of a series.
    Series(BatchId),
    /// Those of a month, by the operator's calendar.
    Month(Month),
}

impl Export {
    /// What it takes, most likely.
    pub fn effort(self) -> Effort {
        match self {
            Self::Video(_) => Effort::Quick,
            Self::File(_) => Effort::File,
            Self::Archive(_) => Effort::Archive,
        }
    }

    /// Reads the words in the database.
    pub fn parse(words: &str) -> Option<Self> {
        let (what, of) = words.split_once(' ')?;
        match what {
            "video" => of.parse().ok().map(|job| Self::Video(JobId(job))),
            "file" => of.parse().ok().map(|job| Self::File(JobId(job))),
            "order" => of.parse().ok().map(|order| Self::Archive(Group::Order(OrderId(order)))),
            "series" => of.parse().ok().map(|batch| Self::Archive(Group::Series(BatchId(batch)))),
            "month" => Month::parse(of).map(|month| Self::Archive(Group::Month(month))),
            _ => None,
        }
    }
}

/// The words in the database.
impl fmt::Display for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Video(job) => write!(f, "video {job}"),
            Self::File(job) => write!(f, "file {job}"),
            Self::Archive(Group::Order(order)) => write!(f, "order {order}"),
            Self::Archive(Group::Series(batch)) => write!(f, "series {batch}"),
            Self::Archive(Group::Month(month)) => write!(f, "month {month}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_read_as_it_was_written() {
        let month = Month::parse("2026-11").unwrap();
        for export in [
            Export::Video(JobId(7)),
            Export::File(JobId(-1)),
            Export::Archive(Group::Order(OrderId(i64::MAX))),
            Export::Archive(Group::Series(BatchId(7))),
            Export::Archive(Group::Month(month)),
        ] {
            assert_eq!(Export::parse(&export.to_string()), Some(export));
        }
        for odd in ["", "video", "video x", "month 2026-13", "month 11", "zip 7"] {
            assert_eq!(Export::parse(odd), None, "{odd}");
        }
    }
}
