//! The `input` of a createTask call: a request, written as the row of its model says.

use serde_json::Value;

use crate::domain::{
    model::{ImageShape, NumberShape},
    ports::RenderRequest,
};
use crate::provider::sentences::within;

/// The input fields of a request.
pub fn input(request: &RenderRequest<'_>) -> Value {
    let model = request.model;
    let mut input = model.extra.clone();
    let prompt = within(request.prompt, model.longest_prompt);
    input.insert("prompt".to_owned(), Value::from(prompt));
    let image = match model.image.shape {
        ImageShape::Single => Value::from(request.image_urls.first().cloned()),
        ImageShape::List => Value::from(request.image_urls),
    };
    input.insert(model.image.name.clone(), image);
    if let Some(field) = &model.duration {
        let seconds = field.nearest(request.seconds);
        let value = match field.shape {
            NumberShape::String => Value::from(seconds.to_string()),
            NumberShape::Number => Value::from(seconds),
        };
        input.insert(field.name.clone(), value);
    }
    if let Some(field) = &model.aspect {
        let value = field.value(request.aspect).unwrap_or(&field.portrait);
        input.insert(field.name.clone(), Value::from(value));
    }
    Value::Object(input)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{
        check::check,
        parse::{Parsed, parse},
    };
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_model_that_is_in_order_takes_the_photo_and_the_prompt_along(
            text in texts(&[include_str!("../../config/models.toml").to_owned()]),
            prompt in "[a-zа-я🎬. ]{1,40}",
            seconds: u32,
        ) {
            let Ok(Parsed { config, .. }) = parse(&text, Path::new("c.toml")) else {
                return Ok(());
            };
            for model in config.models.iter().filter(|_| check(&config).is_empty()) {
                let input = input(&RenderRequest {
                    model,
                    prompt: &prompt,
                    image_urls: &["https://h/a.jpg".to_owned()],
                    aspect: crate::domain::video::Aspect::Portrait,
                    seconds,
                });
                let image = &input[&model.image.name];
                prop_assert!(image == "https://h/a.jpg" || image[0] == "https://h/a.jpg");
                let taken = input["prompt"].as_str().unwrap_or_default();
                prop_assert!(prompt.starts_with(taken));
                prop_assert!(taken.chars().count() <= model.longest_prompt);
                if prompt.chars().count() <= model.longest_prompt {
                    prop_assert_eq!(taken, prompt.as_str());
                }
            }
        }
    }
}
