//! Models as data: how each of KIE's image-to-video models wants its input.
//! `provider/kie/input.rs` applies a row to a request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::{credits::Credits, video::Aspect};

/// Whether an image field takes one address or a list. KIE ignores a field it
/// does not know, so a wrong one yields a paid video without the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageShape {
    /// `"image_url": "https://…"`
    Single,
    /// `"image_urls": ["https://…"]`
    List,
}

/// The JSON type of a duration; KIE takes `"5"` or `5`, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberShape {
    /// `"10"`
    String,
    /// `10`
    Number,
}

/// The field that carries the photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageField {
    /// Its name.
    pub name: String,
    /// One address or a list.
    pub shape: ImageShape,
}

/// The field that carries the length in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DurationField {
    /// Its name; Sora calls it `n_frames`.
    pub name: String,
    /// Its JSON type.
    pub shape: NumberShape,
    /// The seconds that the model can make, ascending.
    pub allowed: Vec<u32>,
    /// What one video costs from a length on, by that length in seconds; below the first of them
    /// it costs the model's `credits`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub credits: BTreeMap<String, Credits>,
}

impl DurationField {
    /// The allowed length closest to what is wanted; the longer of two equally close ones.
    pub fn nearest(&self, wanted: u32) -> u32 {
        let lengths = self.allowed.iter().rev().copied();
        lengths.min_by_key(|length| length.abs_diff(wanted)).unwrap_or(wanted)
    }

    /// What one video of that length costs, where it is not the model's `credits`.
    fn price(&self, seconds: u32) -> Option<Credits> {
        let from = |length: &str| length.parse().ok().filter(|from: &u32| *from <= seconds);
        let prices =
            self.credits.iter().filter_map(|(length, credits)| Some((from(length)?, *credits)));
        prices.max_by_key(|(from, _)| *from).map(|(_, credits)| credits)
    }
}

/// The field that carries the shape of the video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AspectField {
    /// Its name.
    pub name: String,
    /// Its value for an upright video.
    pub portrait: String,
    /// Its value for a wide video.
    pub landscape: String,
    /// Its value for 3:4; absent where the model does not make that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// Its value for a square; the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub square: Option<String>,
    /// What one video of a shape costs in addition, by its ratio.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub credits: BTreeMap<String, Credits>,
}

impl AspectField {
    /// Its value for a shape; `None` where the model does not make that.
    pub fn value(&self, aspect: Aspect) -> Option<&str> {
        match aspect {
            Aspect::Portrait => Some(&self.portrait),
            Aspect::Card => self.card.as_deref(),
            Aspect::Square => self.square.as_deref(),
            Aspect::Landscape => Some(&self.landscape),
        }
    }
}

/// One model of KIE's, a row of `src/config/models.toml` or of the operator's config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// KIE's name for it.
    pub slug: String,
    /// Where the photo goes.
    pub image: ImageField,
    /// How many photos it takes of one product, which it shows together.
    #[serde(default = "one_image", skip_serializing_if = "is_one")]
    pub images_max: u32,
    /// Where the length goes; absent where the model decides itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<DurationField>,
    /// Where the shape goes; absent where the video follows the photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aspect: Option<AspectField>,
    /// Further input, as KIE wants it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
    /// The longest prompt it takes, in characters.
    pub longest_prompt: usize,
    /// What one video costs a person, but for what its length and its shape say.
    #[serde(default = "one_credit")]
    pub credits: Credits,
}

impl Model {
    /// Whether the video has the shape of the photo.
    pub fn follows_photo(&self) -> bool {
        self.aspect.is_none()
    }

    /// Whether it takes several photos of one product.
    pub fn takes_several_photos(&self) -> bool {
        self.images_max > 1 && self.image.shape == ImageShape::List
    }

    /// What one video of that shape and length costs a person.
    pub fn price(&self, aspect: Aspect, seconds: u32) -> Credits {
        let of_length = self.duration.as_ref().and_then(|duration| duration.price(seconds));
        let shapes = self.aspect.as_ref().map(|field| &field.credits);
        let of_shape = shapes.and_then(|credits| credits.get(aspect.word()));
        Credits(of_length.unwrap_or(self.credits).0 + of_shape.map_or(0, |credits| credits.0))
    }
}

fn one_image() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

fn one_credit() -> Credits {
    Credits(1)
}
