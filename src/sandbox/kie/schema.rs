//! Checks a task's input as KIE does: before any charge. Types and spelling count, unknown
//! fields are ignored, and only the first mistake is reported.

use serde_json::Value;

use crate::sandbox::kie::models::{Field, FieldKind, OfferedModel};

/// What KIE answers to a missing field.
pub(crate) const REQUIRED: &str = "This field is required";
/// What it answers to a number outside its range.
const RANGE: &str = "Value must be within the specified range";
/// What it answers to too long a text.
const LENGTH: &str = "The text length cannot exceed the maximum limit";

/// Fails with the text of the first mistake, which is sent with code 500.
pub(crate) fn check(model: &OfferedModel, input: &Value) -> Result<(), String> {
    model.fields.iter().try_for_each(|field| one(field, input))?;
    together(model.slug, input)
}

fn one(field: &Field, input: &Value) -> Result<(), String> {
    let value = &input[field.name];
    let absent = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    if absent {
        return if field.required { Err(REQUIRED.to_owned()) } else { Ok(()) };
    }
    match field.kind {
        FieldKind::Text(least, most) => text(value, least, most),
        FieldKind::Url => address(value).then_some(()).ok_or_else(|| REQUIRED.to_owned()),
        FieldKind::Urls(most) => addresses(value, most),
        FieldKind::Bool if value.is_boolean() => Ok(()),
        FieldKind::Bool => Err(format!("{} it must be a boolean", field.name)),
        FieldKind::Word(words) if value.as_str().is_some_and(|word| words.contains(&word)) => {
            Ok(())
        }
        FieldKind::Word(_) => Err(not_allowed(field.name)),
        FieldKind::Quoted(from, to) => {
            within(value.as_str().and_then(|text| text.parse().ok()), from, to)
        }
        FieldKind::Whole(from, to) => within(value.as_i64(), from, to),
        FieldKind::Number(from, to) => within(value.as_f64(), from, to),
    }
}

fn text(value: &Value, least: usize, most: usize) -> Result<(), String> {
    let length = value.as_str().ok_or(REQUIRED)?.chars().count();
    if length > most {
        return Err(LENGTH.to_owned());
    }
    if length < least { Err(RANGE.to_owned()) } else { Ok(()) }
}

fn address(value: &Value) -> bool {
    value.as_str().is_some_and(|url| url.starts_with("http://") || url.starts_with("https://"))
}

fn addresses(value: &Value, most: usize) -> Result<(), String> {
    let items = value.as_array().ok_or(REQUIRED)?;
    if items.len() > most {
        return Err(RANGE.to_owned());
    }
    items.iter().all(address).then_some(()).ok_or_else(|| REQUIRED.to_owned())
}

fn within<T: PartialOrd + Copy>(value: Option<T>, from: T, to: T) -> Result<(), String> {
    let inside = value.is_some_and(|value| from <= value && value <= to);
    inside.then_some(()).ok_or_else(|| RANGE.to_owned())
}

fn not_allowed(field: &str) -> String {
    format!("{field} is not within the range of allowed options")
}

/// Rules about more than one field.
fn together(slug: &str, input: &Value) -> Result<(), String> {
    let given = |field: &str| !input[field].is_null();
    match slug {
        "grok-imagine-video-1-5-preview" => {
            let images = input["image_urls"].as_array().map_or(0, Vec::len);
            if images == 1 && given("aspect_ratio") {
                return Err(not_allowed("aspect_ratio"));
            }
            if images > 1 && input["resolution"] == "1080p" {
                return Err(not_allowed("resolution"));
            }
        }
        slug if slug.starts_with("hailuo/2-3")
            && input["duration"] == "10"
            && input["resolution"] == "1080P" =>
        {
            return Err(not_allowed("duration"));
        }
        slug if slug.starts_with("bytedance/seedance-2") => {
            let frame = given("first_frame_url") || given("last_frame_url");
            if frame && given("reference_image_urls") {
                let mixed = "first/last frame content cannot be mixed with reference media content";
                return Err(mixed.to_owned());
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sandbox::kie::models::MODELS;

    fn verdict(slug: &str, input: &Value) -> String {
        check(OfferedModel::find(slug).unwrap(), input).err().unwrap_or_default()
    }

    #[test]
    fn the_first_mistake_is_told_in_the_words_of_kie() {
        let sora = "sora-2-image-to-video";
        let photo = json!(["http://h/p.jpg"]);
        let asked = |name: &str, value: Value| {
            let mut input = json!({"prompt": "a cup", "image_urls": photo, "unknown": 1});
            input[name] = value;
            verdict(sora, &input)
        };
        assert_eq!(asked("n_frames", json!("15")), "");
        assert_eq!(asked("prompt", Value::Null), "This field is required");
        assert_eq!(asked("image_urls", json!([])), "This field is required");
        let wrong = "n_frames is not within the range of allowed options";
        assert_eq!(asked("n_frames", json!(15)), wrong);
        assert_eq!(asked("n_frames", json!("12")), wrong);
        let wrong = "aspect_ratio is not within the range of allowed options";
        assert_eq!(asked("aspect_ratio", json!("Portrait")), wrong);
        let wrong = "remove_watermark it must be a boolean";
        assert_eq!(asked("remove_watermark", json!(1.0)), wrong);
        let long = "я".repeat(10_001);
        assert_eq!(asked("prompt", json!(long)), LENGTH);
        assert_eq!(asked("prompt", json!(long[2..])), "");
        assert_eq!(verdict(sora, &json!({"n_frames": 15})), "This field is required");
    }

    #[test]
    fn numbers_and_numbers_in_quotes_are_different_things() {
        let frame = json!("http://h/p.jpg");
        let seedance = |duration: Value| {
            let input = json!({"prompt": "x", "first_frame_url": frame, "duration": duration});
            verdict("bytedance/seedance-2-mini", &input)
        };
        assert_eq!(seedance(json!(15)), "");
        assert_eq!(seedance(json!("15")), RANGE);
        assert_eq!(seedance(json!(16)), RANGE);
        let kling = |duration: Value| {
            verdict("kling-3.0/video", &json!({"prompt": "x", "duration": duration}))
        };
        assert_eq!(kling(json!("15")), "");
        assert_eq!(kling(json!(15)), RANGE);
    }

    #[test]
    fn grok_refuses_a_shape_for_a_single_photo() {
        let input = json!({"prompt": "x", "image_urls": ["http://h/p"], "aspect_ratio": "9:16"});
        let wrong = "aspect_ratio is not within the range of allowed options";
        assert_eq!(verdict("grok-imagine-video-1-5-preview", &input), wrong);
    }

    #[test]
    fn sora_costs_what_the_price_lists_say_and_others_by_the_second() {
        let credits = |slug: &str, input: Value| OfferedModel::find(slug).unwrap().credits(&input);
        let close = |left: f64, right: f64| (left - right).abs() < 1e-9;
        assert!(close(credits("sora-2-image-to-video", json!({"n_frames": "15"})), 25.0));
        let high = json!({"size": "high", "n_frames": "10"});
        assert!(close(credits("sora-2-pro-image-to-video", high), 330.0));
        let grok = json!({"duration": 10});
        assert!(close(credits("grok-imagine-video-1-5-preview", grok), 30.0));
        assert!(MODELS.iter().all(|model| model.credits(&Value::Null) > 0.0));
    }
}
