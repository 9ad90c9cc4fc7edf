//! What people choose of a video, its shape and its length, and what that costs.

use crate::domain::{
    credits::Credits,
    model::Model,
    video::{Aspect, Fit},
};

/// How many lengths are shown at most: one row of buttons.
const MOST_LENGTHS: usize = 4;

/// Of a model that makes any length, these are shown, the first ones first.
const USUAL_LENGTHS: [u32; 4] = [10, 5, 15, 8];

/// The shape and the length of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Its shape.
    pub aspect: Aspect,
    /// Its length in seconds.
    pub seconds: u32,
}

/// What of it somebody chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The shape.
    pub aspect: Option<Aspect>,
    /// The length in seconds.
    pub seconds: Option<u32>,
}

impl Choice {
    /// This choice, and the other where this says nothing.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { aspect: self.aspect.or(other.aspect), seconds: self.seconds.or(other.seconds) }
    }
}

impl From<Options> for Choice {
    fn from(options: Options) -> Self {
        Self { aspect: Some(options.aspect), seconds: Some(options.seconds) }
    }
}

/// Options with the price of one video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What is made.
    pub options: Options,
    /// Credits for one video.
    pub price: Credits,
}

/// What one video costs, and which: where all cost the same, any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Credits for it.
    pub credits: Credits,
    /// Its shape, and its length in seconds where the model does not decide on that.
    pub of: Option<(Aspect, Option<u32>)>,
}

/// What becomes of the edges of a photo in a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edges {
    /// They stay: the video has the shape of the photo.
    Whole,
    /// There is more above and below.
    AddedAboveAndBelow,
    /// There is more at both sides.
    AddedAtTheSides,
    /// Those above and below are cut off.
    CutAboveAndBelow,
    /// Those at both sides are.
    CutAtTheSides,
}

impl Edges {
    /// Every kind, as the schema's CHECK lists them.
    pub const ALL: [Self; 5] = [
        Self::Whole,
        Self::AddedAboveAndBelow,
        Self::AddedAtTheSides,
        Self::CutAboveAndBelow,
        Self::CutAtTheSides,
    ];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::AddedAboveAndBelow => "added_above_and_below",
            Self::AddedAtTheSides => "added_at_the_sides",
            Self::CutAboveAndBelow => "cut_above_and_below",
            Self::CutAtTheSides => "cut_at_the_sides",
        }
    }
}

/// What a video shows of the photos of its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfPhotos {
    /// How many of them.
    pub photos: u32,
    /// How many more there are.
    pub left: u32,
    /// What becomes of the edges of the first; `None` while nobody knows its sides.
    pub edges: Option<Edges>,
}

/// What can be chosen of the videos that are ordered now.
#[derive(Clone, Debug)]
pub struct Offered {
    /// The model that makes them, and says what they cost, if its row is there.
    pub model: Option<Model>,
    /// The model that makes them in its place while it is down.
    pub stand_in: Option<Model>,
    /// What people get who choose nothing, as far as the model makes it.
    pub usual: Options,
}

impl Offered {
    /// The same while another model makes the videos; what they cost stays.
    #[must_use]
    pub fn made_by(&self, stand_in: &Model) -> Self {
        Self { stand_in: Some(stand_in.clone()), ..self.clone() }
    }

    fn maker(&self) -> Option<&Model> {
        self.stand_in.as_ref().or(self.model.as_ref())
    }

    /// The shapes, in the order of their buttons. A photo can be brought to any shape that the
    /// model does not make itself.
    pub fn shapes(&self) -> Vec<Aspect> {
        let field = self.maker().and_then(|model| model.aspect.as_ref());
        let is_made = |aspect: &Aspect| field.is_none_or(|field| field.value(*aspect).is_some());
        Aspect::ALL.into_iter().filter(is_made).collect()
    }

    /// The lengths in seconds, ascending; none where the model decides itself.
    pub fn lengths(&self) -> Vec<u32> {
        let Some(field) = self.maker().and_then(|model| model.duration.as_ref()) else {
            return Vec::new();
        };
        let mut lengths = vec![field.nearest(self.usual.seconds)];
        for length in USUAL_LENGTHS.iter().chain(&field.allowed) {
            if lengths.len() < MOST_LENGTHS
                && field.allowed.contains(length)
                && !lengths.contains(length)
            {
                lengths.push(*length);
            }
        }
        lengths.sort_unstable();
        lengths
    }

    /// Whether all that was chosen can be had as it is.
    pub fn takes(&self, choice: Choice) -> bool {
        let lengths = self.lengths();
        let is_length = |length| match *lengths {
            // The model decides itself.
            [] => length == self.usual.seconds,
            [..] => lengths.contains(&length),
        };
        choice.aspect.is_none_or(|aspect| self.shapes().contains(&aspect))
            && choice.seconds.is_none_or(is_length)
    }

    /// What a choice comes to, and its price: the nearest shape and length that can be had.
    pub fn quote(&self, choice: Choice) -> Quote {
        let wanted = choice.aspect.unwrap_or(self.usual.aspect);
        let shapes = self.shapes().into_iter();
        let nearest = shapes.min_by(|a, b| wanted.difference(*a).total_cmp(&wanted.difference(*b)));
        let aspect = nearest.unwrap_or(wanted);
        let wanted = choice.seconds.unwrap_or(self.usual.seconds);
        let seconds = self.lengths().into_iter().rev().min_by_key(|length| length.abs_diff(wanted));
        let options = Options { aspect, seconds: seconds.unwrap_or(self.usual.seconds) };
        Quote { options, price: self.price(options) }
    }

    /// What people get who choose nothing, and its price.
    pub fn usual_quote(&self) -> Quote {
        self.quote(Choice::default())
    }

    /// What one video of a choice costs.
    pub fn price_of(&self, choice: Choice) -> Price {
        let Quote { options: Options { aspect, seconds }, price: credits } = self.quote(choice);
        let seconds = Some(seconds).filter(|_| !self.lengths().is_empty());
        let varies = self.prices().into_iter().any(|price| price != credits);
        Price { credits, of: varies.then_some((aspect, seconds)) }
    }

    /// The price of the dearest video.
    pub fn highest_price(&self) -> Credits {
        self.prices().into_iter().max().unwrap_or(Credits(1))
    }

    /// The price of each video that can be had.
    fn prices(&self) -> Vec<Credits> {
        let mut lengths = self.lengths();
        if lengths.is_empty() {
            lengths.push(self.usual.seconds);
        }
        let each =
            |aspect| lengths.iter().map(move |seconds| Options { aspect, seconds: *seconds });
        self.shapes().into_iter().flat_map(each).map(|options| self.price(options)).collect()
    }

    /// Whether the video follows the shape of the photo, which is brought to the one that was chosen.
    pub fn follows_photo(&self) -> bool {
        self.maker().is_none_or(Model::follows_photo)
    }

    /// What becomes of the edges of a photo with these sides in a video of that shape.
    pub fn edges(&self, aspect: Aspect, (width, height): (u32, u32)) -> Edges {
        match (aspect.fit(width, height), self.follows_photo()) {
            (Fit::Whole, _) => Edges::Whole,
            (Fit::Wider, true) => Edges::AddedAboveAndBelow,
            (Fit::Higher, true) => Edges::AddedAtTheSides,
            (Fit::Wider, false) => Edges::CutAtTheSides,
            (Fit::Higher, false) => Edges::CutAboveAndBelow,
        }
    }

    /// How many of so many photos of one product a video shows.
    pub fn photos_of(&self, photos: u32) -> u32 {
        let model = self.maker().filter(|model| model.takes_several_photos());
        photos.min(model.map_or(1, |model| model.images_max))
    }

    fn price(&self, options: Options) -> Credits {
        let Options { aspect, seconds } = options;
        self.model.as_ref().map_or(Credits(1), |model| model.price(aspect, seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_decides_on_the_length_takes_no_other() {
        let usual = Options { aspect: Aspect::Portrait, seconds: 10 };
        let offered = Offered { model: None, stand_in: None, usual };
        for (seconds, is_taken) in [(10, true), (9, false), (u32::MAX, false)] {
            let choice = Choice { aspect: None, seconds: Some(seconds) };
            assert_eq!(offered.takes(choice), is_taken, "{seconds}");
        }
    }
}
