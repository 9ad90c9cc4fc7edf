//! What is looked up of a person's videos before the transaction of their update.

use crate::chat::{
    input::{Command, Input},
    screen::Screen,
    tap::Tap,
    video_tap::{LONGEST_SEARCH, VideoTap},
};
use crate::domain::export::Group;

/// What an answer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A page of the videos, or of those in which something is found.
    Page(u32, Option<String>),
    /// A page of the months of which there can be archives.
    Months(u32),
    /// A page of the orders and series of which there can be archives.
    Orders(u32),
    /// How many videos an archive has.
    Archive(Group),
}

impl Wanted {
    /// What is found with a text, on the first page.
    pub(crate) fn found(text: &str) -> Self {
        Self::Page(1, search_of(text))
    }

    /// What an input is about, or may be.
    pub(crate) fn of(input: &Input) -> Option<Self> {
        let Input::Tap { data, .. } = input else {
            return match input {
                Input::FindVideos(text) | Input::Text(text) => Some(Self::found(text)),
                Input::Command(Command::My) => Some(Self::Page(1, None)),
                _ => None,
            };
        };
        match Tap::parse(data)? {
            Tap::Video(VideoTap::My) => Some(Self::Page(1, None)),
            Tap::Video(VideoTap::Page { page, search }) => Some(Self::Page(page, search)),
            Tap::Video(VideoTap::Months(page)) => Some(Self::Months(page)),
            Tap::Video(VideoTap::Orders(page)) => Some(Self::Orders(page)),
            Tap::Video(VideoTap::Archive(group)) => Some(Self::Archive(group)),
            _ => None,
        }
    }
}

/// What was looked up.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    /// A screen.
    Screen(Screen),
    /// So many videos.
    Videos(u32),
}

/// What was looked up for an update.
#[derive(Clone, Debug)]
pub(crate) struct LookedUp {
    /// What the update was about.
    pub wanted: Wanted,
    /// What there is.
    pub seen: Seen,
}

/// What is looked for, as the buttons of its pages can carry it; `None` of an empty text.
fn search_of(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    let mut search = words.join(" ");
    let mut end = search.len().min(LONGEST_SEARCH);
    while !search.is_char_boundary(end) {
        end -= 1;
    }
    search.truncate(end);
    let search = search.trim_end();
    (!search.is_empty()).then(|| search.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{id::MessageId, zone::Month};

    #[test]
    fn only_what_is_about_videos_is_looked_up() {
        let tap = |data: &str| Input::Tap { data: data.to_owned(), message: MessageId(1) };
        let month = Group::Month(Month::parse("2026-11").unwrap());
        for (input, wanted) in [
            (Input::Command(Command::My), Some(Wanted::Page(1, None))),
            (
                Input::FindVideos("арт  123".to_owned()),
                Some(Wanted::Page(1, Some("арт 123".to_owned()))),
            ),
            (Input::Text(" ".to_owned()), Some(Wanted::Page(1, None))),
            (tap("y"), Some(Wanted::Page(1, None))),
            (tap("yq:2:cup"), Some(Wanted::Page(2, Some("cup".to_owned())))),
            (tap("yz:3"), Some(Wanted::Months(3))),
            (tap("yzo:1"), Some(Wanted::Orders(1))),
            (tap("ym:2026-11"), Some(Wanted::Archive(month))),
            (tap("yj:7"), None),
            (tap("o:1:1:1:0"), None),
            (tap("nonsense"), None),
            (Input::Command(Command::Help), None),
        ] {
            assert_eq!(Wanted::of(&input), wanted, "{input:?}");
        }
    }

    #[test]
    fn what_is_looked_for_fits_a_button() {
        assert_eq!(search_of("  арт \n\t 123 ").as_deref(), Some("арт 123"));
        assert_eq!(search_of(" \n "), None);
        let long = search_of(&"ж".repeat(500)).unwrap();
        assert_eq!(long.len(), LONGEST_SEARCH);
        assert!(search_of(&"a🎬".repeat(50)).unwrap().len() <= LONGEST_SEARCH);
    }
}
