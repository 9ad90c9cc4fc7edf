//! The text of a config file, models and durations included.
#![cfg_attr(feature = "fuzz", no_main)]

use std::path::Path;

use reelbot::testing::{
    config::{ConfigError, check, parse},
    domain::{Aspect, RenderRequest},
    provider::input,
};

reelbot_fuzz::fuzz_target!(|text: &str| {
    match parse(text, Path::new("c.toml")) {
        Ok(parsed) if check(&parsed.config).is_empty() => {
            for model in &parsed.config.models {
                let request = RenderRequest {
                    model,
                    prompt: "A cup.",
                    image_urls: &["https://h/a.jpg".to_owned()],
                    aspect: Aspect::Portrait,
                    seconds: 10,
                };
                let input = input(&request);
                let image = &input[&model.image.name];
                assert!(image == "https://h/a.jpg" || image[0] == "https://h/a.jpg");
                assert!("A cup.".starts_with(input["prompt"].as_str().expect("a prompt")));
            }
        }
        Ok(_) => {}
        Err(ConfigError::Invalid(findings)) => {
            assert!(!findings.is_empty());
            for finding in findings {
                let told = format!("{finding} {}", finding.hint);
                assert!(told.contains("line ") || told.contains("recursion limit"), "{told}");
                let mut words = told.split(|c: char| !c.is_ascii_alphanumeric());
                assert!(words.all(|word| word.len() < 20), "{told}");
            }
        }
        Err(other) => panic!("{other}"),
    }
});
