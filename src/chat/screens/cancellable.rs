//! What can be called off, and what it is called on its button.

use crate::chat::{key::Key, screen::MAX_LABEL, text::cut, voice::Voice};
use crate::domain::id::OrderId;

/// What a person can call off with one tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cancellable {
    /// The order; the first of those that one tap has placed.
    pub order: OrderId,
    /// What it is called.
    pub name: OrderName,
    /// How many of its videos.
    pub videos: u32,
}

/// What an order is called where several are listed; times are like "26.11 14:05".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrderName {
    /// It needs no name: there is no other.
    Only,
    /// By its product; where there are others of it, by its time too.
    Product(String, String),
    /// By its time; where there are others of that, by its idea too.
    Placed(String, Option<String>),
    /// By how many products it is of, and its time.
    Series(u32, String),
}

/// The most of a name that a button shows with a number behind it, in UTF-16 units.
const NUMBERED_NAME: usize = 20;

impl OrderName {
    /// As short as it can be.
    fn short(&self, voice: &Voice<'_>) -> Option<String> {
        match self {
            Self::Only => None,
            Self::Product(name, _) => Some(name.clone()),
            Self::Placed(time, _) => Some(time.clone()),
            Self::Series(products, time) => {
                let values = [("products", (*products).into()), ("time", time.as_str().into())];
                Some(voice.text(Key::ButtonSeriesName, &values))
            }
        }
    }

    /// With all that tells it from others.
    fn long(&self, voice: &Voice<'_>) -> Option<String> {
        match self {
            Self::Product(name, time) => Some(format!("{time} · {name}")),
            Self::Placed(time, Some(idea)) => Some(format!("{time} · {idea}")),
            Self::Only | Self::Placed(_, None) | Self::Series(..) => self.short(voice),
        }
    }
}

impl Cancellable {
    /// What its button says under this name, as far as there is room for it.
    fn label(&self, voice: &Voice<'_>, name: Option<String>) -> String {
        let videos = ("videos", self.videos.into());
        let label = match name {
            Some(name) => {
                voice.text(Key::ButtonCancelNamed, &[videos, ("name", name.as_str().into())])
            }
            None => voice.text(Key::ButtonCancelVideos, &[videos]),
        };
        cut(&label, MAX_LABEL)
    }
}

/// What the buttons of several say: each something else, by more of its name where that is needed, and by a
/// number where that is not enough.
pub(crate) fn labels(voice: &Voice<'_>, several: &[Cancellable]) -> Vec<String> {
    let short = |one: &Cancellable| one.label(voice, one.name.short(voice));
    let shorts: Vec<String> = several.iter().map(short).collect();
    let is_only = |label: &String| shorts.iter().filter(|other| *other == label).count() == 1;
    let told = |(one, short): (&Cancellable, &String)| {
        if is_only(short) { short.clone() } else { one.label(voice, one.name.long(voice)) }
    };
    let told: Vec<String> = several.iter().zip(&shorts).map(told).collect();
    let numbered = |(number, one): (usize, &Cancellable)| {
        let nth = told[..=number].iter().filter(|other| **other == told[number]).count();
        let name = one.name.long(voice).filter(|_| nth > 1);
        match name {
            Some(name) => one.label(voice, Some(format!("{} ({nth})", cut(&name, NUMBERED_NAME)))),
            None => told[number].clone(),
        }
    };
    several.iter().enumerate().map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::user::Language;

    #[test]
    fn what_can_be_called_off_is_told_apart_by_no_more_than_is_needed() {
        let words = Words::shipped();
        let voice = words.voice(Language::Ru);
        let [early, late] = ["26.11 14:05", "26.11 15:10"].map(|time| move || time.to_owned());
        let idea = |idea: &str| OrderName::Placed(early(), Some(idea.to_owned()));
        let product = |time: String| OrderName::Product("арт. 7".to_owned(), time);
        let of = |videos, name| Cancellable { order: OrderId(7), name, videos };
        let told = labels(
            &voice,
            &[
                of(3, idea("Пар")),
                of(3, idea("Свет")),
                of(3, idea("Свет")),
                of(1, idea("Свет")),
                of(3, product(early())),
                of(3, product(late())),
                of(3, OrderName::Series(2, early())),
                of(3, OrderName::Series(2, early())),
            ],
        );
        assert_eq!(
            told.iter().map(|label| label.replace('\u{a0}', " ")).collect::<Vec<_>>(),
            [
                "✖️ 3 видео: 26.11 14:05 · Пар",
                "✖️ 3 видео: 26.11 14:05 · Свет",
                "✖️ 3 видео: 26.11 14:05 · Свет (2)",
                "✖️ 1 видео: 26.11 14:05",
                "✖️ 3 видео: 26.11 14:05 · арт. 7",
                "✖️ 3 видео: 26.11 15:10 · арт. 7",
                "✖️ 3 видео: 2 товара, 26.11 14:05",
                "✖️ 3 видео: 2 товара, 26.11 14:… (2)",
            ]
        );
    }
}
