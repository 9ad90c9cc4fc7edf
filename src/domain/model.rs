//! Models as data: how each of KIE's image-to-video models wants its input.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

use crate::domain::credits::Credits;

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

/// The shape of the video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// Upright, 9:16.
    #[default]
    Portrait,
    /// Wide, 16:9.
    Landscape,
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
}

/// One model of KIE's, a row of `src/domain/models.toml` or of the operator's config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// KIE's name for it.
    pub slug: String,
    /// Where the photo goes.
    pub image: ImageField,
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
    /// What one video costs a person.
    #[serde(default = "one_credit")]
    pub credits: Credits,
}

impl Model {
    /// The `input` of a createTask call.
    pub fn input(&self, photo_url: &str, prompt: &str, aspect: Aspect, seconds: u32) -> Value {
        let mut input = self.extra.clone();
        let prompt: String = prompt.chars().take(self.longest_prompt).collect();
        input.insert("prompt".to_owned(), Value::from(prompt));
        let image = match self.image.shape {
            ImageShape::Single => Value::from(photo_url),
            ImageShape::List => Value::from(vec![photo_url]),
        };
        input.insert(self.image.name.clone(), image);
        if let Some(duration) = &self.duration {
            let seconds = duration.nearest(seconds);
            let value = match duration.shape {
                NumberShape::String => Value::from(seconds.to_string()),
                NumberShape::Number => Value::from(seconds),
            };
            input.insert(duration.name.clone(), value);
        }
        if let Some(field) = &self.aspect {
            let value = match aspect {
                Aspect::Portrait => &field.portrait,
                Aspect::Landscape => &field.landscape,
            };
            input.insert(field.name.clone(), Value::from(value.as_str()));
        }
        Value::Object(input)
    }
}

impl DurationField {
    /// The allowed length closest to what is wanted; the longer of two equally close ones.
    fn nearest(&self, wanted: u32) -> u32 {
        let mut lengths = self.allowed.iter().rev().copied();
        let first = lengths.next().unwrap_or(wanted);
        lengths.fold(first, |best, length| {
            if length.abs_diff(wanted) < best.abs_diff(wanted) { length } else { best }
        })
    }
}

fn one_credit() -> Credits {
    Credits(1)
}

/// The models that come with reelbot.
pub fn shipped() -> Vec<Model> {
    #[derive(Deserialize)]
    struct Shipped {
        models: Vec<Model>,
    }
    let rows: Shipped = toml::from_str(include_str!("models.toml")).expect("models.toml is valid");
    rows.models
}
