//! The models, after KIE's documentation and published measurements:
//! their input fields, and what a video costs in KIE's credits (half a US cent).

use serde_json::Value;

/// What an input field may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// A text, with its shortest and longest length in characters.
    Text(usize, usize),
    /// One address.
    Url,
    /// A list of addresses, with its greatest length.
    Urls(usize),
    /// `true` or `false`.
    Bool,
    /// One of these words, spelled exactly so.
    Word(&'static [&'static str]),
    /// A whole number in quotes, from and to.
    Quoted(i64, i64),
    /// A whole number, from and to.
    Whole(i64, i64),
    /// A number, from and to.
    Number(f64, f64),
}

/// An input field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether a task without it is refused.
    pub required: bool,
    /// What it may hold.
    pub kind: FieldKind,
}

/// How long, and at what price.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// The field with the length in seconds.
    pub seconds: &'static str,
    /// Seconds when the field is absent.
    pub usual: f64,
    /// Credits for a video of any length.
    pub base: f64,
    /// Credits for each second, in addition.
    pub rate: f64,
}

/// A model.
#[derive(Clone, Copy, Debug)]
pub struct OfferedModel {
    /// Its name on the wire.
    pub slug: &'static str,
    /// Its fields, in the order in which they are checked. Any other is ignored.
    pub fields: &'static [Field],
    /// What it costs.
    pub price: Price,
}

impl OfferedModel {
    /// All models.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        MODELS.iter()
    }

    /// The model of this name.
    pub fn find(slug: &str) -> Option<&'static Self> {
        MODELS.iter().find(|model| model.slug == slug)
    }

    /// Whether `recordInfo` reports its progress: the Sora family only.
    pub fn reports_progress(&self) -> bool {
        self.slug.starts_with("sora-2")
    }

    /// Whether its video has the shape of the photo: it knows no shape, or takes one and ignores it.
    pub fn follows_photo(&self) -> bool {
        self.slug.starts_with("kling")
            || !self.fields.iter().any(|field| field.name == "aspect_ratio")
    }

    /// The credits that a task with this input costs.
    pub fn credits(&self, input: &Value) -> f64 {
        let asked = &input[self.price.seconds];
        let quoted = || asked.as_str().and_then(|text| text.parse().ok());
        let seconds = asked.as_f64().or_else(quoted).unwrap_or(self.price.usual);
        // Sora Pro in 1080p: 330 credits for 10 s, 630 for 15 s.
        let high = input["size"] == "high" && self.slug.starts_with("sora-2-pro");
        let (base, rate) = if high { (-270.0, 60.0) } else { (self.price.base, self.price.rate) };
        base + rate * seconds
    }

    /// The addresses of the photos: those in the first of the fields that carries any.
    pub fn photos<'a>(&self, input: &'a Value) -> Vec<&'a str> {
        let addresses = self.fields.iter().map(|field| match (field.kind, &input[field.name]) {
            (FieldKind::Url, address) => address.as_str().into_iter().collect(),
            (FieldKind::Urls(_), Value::Array(all)) => {
                all.iter().filter_map(Value::as_str).collect()
            }
            _ => Vec::new(),
        });
        addresses.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }
}

const fn model(slug: &'static str, fields: &'static [Field], price: Price) -> OfferedModel {
    OfferedModel { slug, fields, price }
}

const fn needs(name: &'static str, kind: FieldKind) -> Field {
    Field { name, required: true, kind }
}

const fn may(name: &'static str, kind: FieldKind) -> Field {
    Field { name, required: false, kind }
}

const fn price(seconds: &'static str, usual: f64, rate: f64) -> Price {
    Price { seconds, usual, base: 0.0, rate }
}

// 20 credits for 10 s, 25 for 15 s.
const SORA_PRICE: Price = Price { seconds: "n_frames", usual: 10.0, base: 10.0, rate: 1.0 };
// 150 credits for 10 s, 270 for 15 s.
const SORA_PRO_PRICE: Price = Price { seconds: "n_frames", usual: 10.0, base: -90.0, rate: 24.0 };

const SORA_ASPECTS: FieldKind = FieldKind::Word(&["portrait", "landscape"]);
const SORA_SECONDS: FieldKind = FieldKind::Word(&["10", "15"]);
const STORES: FieldKind = FieldKind::Word(&["s3", "oss"]);
const FIVE_TEN: FieldKind = FieldKind::Word(&["5", "10"]);
const HD: FieldKind = FieldKind::Word(&["720p", "1080p"]);
const WIDE_TALL: FieldKind = FieldKind::Word(&["16:9", "9:16", "1:1"]);
const SEEDANCE_ASPECTS: FieldKind =
    FieldKind::Word(&["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive"]);

const SORA: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 10_000)),
    needs("image_urls", FieldKind::Urls(1)),
    may("aspect_ratio", SORA_ASPECTS),
    may("n_frames", SORA_SECONDS),
    may("remove_watermark", FieldKind::Bool),
    may("upload_method", STORES),
];
const SORA_PRO: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 10_000)),
    needs("image_urls", FieldKind::Urls(1)),
    may("aspect_ratio", SORA_ASPECTS),
    may("n_frames", SORA_SECONDS),
    may("size", FieldKind::Word(&["standard", "high"])),
    may("remove_watermark", FieldKind::Bool),
    may("upload_method", STORES),
];
const SORA_STABLE: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 10_000)),
    needs("image_urls", FieldKind::Urls(1)),
    may("aspect_ratio", SORA_ASPECTS),
    may("n_frames", SORA_SECONDS),
    may("upload_method", STORES),
];
const KLING_2_6: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 1000)),
    needs("image_urls", FieldKind::Urls(1)),
    needs("sound", FieldKind::Bool),
    needs("duration", FIVE_TEN),
];
const KLING_TURBO: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 2500)),
    needs("image_url", FieldKind::Url),
    may("tail_image_url", FieldKind::Url),
    may("duration", FIVE_TEN),
    may("negative_prompt", FieldKind::Text(0, 2496)),
    may("cfg_scale", FieldKind::Number(0.0, 1.0)),
];
const KLING_3: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 5000)),
    may("image_urls", FieldKind::Urls(2)),
    may("duration", FieldKind::Quoted(3, 15)),
    may("sound", FieldKind::Bool),
    may("mode", FieldKind::Word(&["std", "pro"])),
    may("aspect_ratio", WIDE_TALL),
    may("multi_shots", FieldKind::Bool),
];
const HAILUO_2_3: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 5000)),
    needs("image_url", FieldKind::Url),
    may("duration", FieldKind::Word(&["6", "10"])),
    may("resolution", FieldKind::Word(&["768P", "1080P"])),
];
// Its page does not say how long a prompt may be.
const HAILUO_3: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 20_000)),
    needs("first_frame_url", FieldKind::Url),
    may("last_frame_url", FieldKind::Url),
    may("duration", FieldKind::Whole(4, 15)),
];
const SEEDANCE_1: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 10_000)),
    needs("image_url", FieldKind::Url),
    may("resolution", FieldKind::Word(&["480p", "720p", "1080p"])),
    may("duration", FIVE_TEN),
    may("camera_fixed", FieldKind::Bool),
    may("enable_safety_checker", FieldKind::Bool),
];
const SEEDANCE_2: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 20_000)),
    may("first_frame_url", FieldKind::Url),
    may("last_frame_url", FieldKind::Url),
    may("reference_image_urls", FieldKind::Urls(9)),
    may("duration", FieldKind::Whole(4, 15)),
    may("resolution", FieldKind::Word(&["480p", "720p"])),
    may("aspect_ratio", SEEDANCE_ASPECTS),
    may("generate_audio", FieldKind::Bool),
    may("web_search", FieldKind::Bool),
    may("nsfw_checker", FieldKind::Bool),
];
const SEEDANCE_2_5: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 20_000)),
    may("first_frame_url", FieldKind::Url),
    may("last_frame_url", FieldKind::Url),
    may("reference_image_urls", FieldKind::Urls(9)),
    may("duration", FieldKind::Whole(4, 30)),
    may("resolution", FieldKind::Word(&["480p", "720p"])),
    may("return_last_frame", FieldKind::Bool),
    may("generate_audio", FieldKind::Bool),
];
const WAN_2_5: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 800)),
    needs("image_url", FieldKind::Url),
    may("duration", FIVE_TEN),
    may("resolution", HD),
    may("negative_prompt", FieldKind::Text(0, 500)),
    may("enable_prompt_expansion", FieldKind::Bool),
];
const WAN_2_6: &[Field] = &[
    needs("prompt", FieldKind::Text(2, 5000)),
    needs("image_urls", FieldKind::Urls(1)),
    may("duration", FieldKind::Word(&["5", "10", "15"])),
    may("resolution", HD),
];
const WAN_3: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 20_000)),
    may("reference_image_urls", FieldKind::Urls(9)),
    may("duration", FieldKind::Whole(2, 30)),
    may("resolution", FieldKind::Word(&["480P", "720P", "1080P"])),
    may("aspect_ratio", WIDE_TALL),
    may("audio", FieldKind::Bool),
    may("nsfw_checker", FieldKind::Bool),
];
const GROK: &[Field] = &[
    needs("prompt", FieldKind::Text(1, 4096)),
    needs("image_urls", FieldKind::Urls(7)),
    may("duration", FieldKind::Whole(1, 15)),
    may("resolution", FieldKind::Word(&["480p", "720p", "1080p"])),
    may("aspect_ratio", FieldKind::Word(&["16:9", "9:16", "1:1", "3:2", "2:3"])),
    may("mode", FieldKind::Word(&["fun", "normal", "spicy"])),
    may("nsfw_checker", FieldKind::Bool),
];

/// Every model. Rates of the Kling 2, Hailuo 2.3, Seedance 1 and Wan 2 rows are
/// guesses of a likely size: no measured price was found for them.
pub(crate) const MODELS: [OfferedModel; 18] = [
    model("sora-2-image-to-video", SORA, SORA_PRICE),
    model("sora-2-pro-image-to-video", SORA_PRO, SORA_PRO_PRICE),
    model("sora-2-image-to-video-stable", SORA_STABLE, SORA_PRICE),
    model("kling-2.6/image-to-video", KLING_2_6, price("duration", 5.0, 11.0)),
    model("kling/v2-5-turbo-image-to-video-pro", KLING_TURBO, price("duration", 5.0, 8.0)),
    model("kling-3.0/video", KLING_3, price("duration", 5.0, 12.0)),
    model("hailuo/2-3-image-to-video-pro", HAILUO_2_3, price("duration", 6.0, 8.0)),
    model("hailuo/2-3-image-to-video-standard", HAILUO_2_3, price("duration", 6.0, 5.0)),
    model("minimax-h3/image-to-video", HAILUO_3, price("duration", 6.0, 8.0)),
    model("bytedance/v1-pro-image-to-video", SEEDANCE_1, price("duration", 5.0, 7.0)),
    model("bytedance/seedance-2", SEEDANCE_2, price("duration", 5.0, 20.0)),
    model("bytedance/seedance-2-fast", SEEDANCE_2, price("duration", 5.0, 12.0)),
    model("bytedance/seedance-2-mini", SEEDANCE_2, price("duration", 5.0, 8.2)),
    model("bytedance/seedance-2-5", SEEDANCE_2_5, price("duration", 5.0, 63.0)),
    model("wan/2-5-image-to-video", WAN_2_5, price("duration", 5.0, 12.0)),
    model("wan/2-6-image-to-video", WAN_2_6, price("duration", 5.0, 14.0)),
    model("wan/3-0-video", WAN_3, price("duration", 5.0, 16.0)),
    model("grok-imagine-video-1-5-preview", GROK, price("duration", 6.0, 3.0)),
];
