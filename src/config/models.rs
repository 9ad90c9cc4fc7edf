//! `[[models]]`: the operator's rows over the shipped ones.

use serde::{Deserialize, Deserializer};

use crate::config::{credits::MOST, findings::Findings};
use crate::domain::{credits::Credits, model::Model};

/// The models that come with reelbot.
pub(crate) fn shipped() -> Vec<Model> {
    #[derive(Deserialize)]
    struct Shipped {
        models: Vec<Model>,
    }
    let rows: Shipped = toml::from_str(include_str!("models.toml")).expect("models.toml is valid");
    rows.models
}

/// Reads the operator's rows and lays them over the shipped ones: the same
/// slug replaces its row, a new one comes after them.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Model>, D::Error> {
    Vec::deserialize(deserializer).map(over_shipped)
}

fn over_shipped(own: Vec<Model>) -> Vec<Model> {
    let mut rows = shipped();
    for model in own {
        match rows.iter_mut().find(|row| row.slug == model.slug) {
            Some(row) => *row = model,
            None => rows.push(model),
        }
    }
    rows
}

/// Notes what is wrong in `[[models]]`.
pub(crate) fn check(models: &[Model], findings: &mut Findings) {
    for model in models {
        let key = format!("models \"{}\"", model.slug);
        findings.expect_text(format!("{key}: slug"), &model.slug);
        findings.expect_text(format!("{key}: image.name"), &model.image.name);
        if model.longest_prompt == 0 {
            let hint = "write the longest prompt the model takes, in characters";
            findings.add(format!("{key}: longest_prompt"), "is 0", hint);
        }
        if !(Credits(1)..=MOST).contains(&model.credits) {
            let hint = "write what one video costs a person, 1 or more";
            findings.add(format!("{key}: credits"), format!("is {}", model.credits), hint);
        }
        if let Some(name) = named_twice(model) {
            let hint = "give each of prompt, image, duration and aspect a field of its own";
            findings.add(format!("{key}: {name}"), "is the name of two fields", hint);
        }
        let lengths = model.duration.as_ref().map(|duration| &duration.allowed);
        if lengths.is_some_and(|allowed| allowed.is_empty() || !allowed.is_sorted()) {
            let hint = "list the seconds the model can make, ascending, as in [5, 10]";
            findings.add(format!("{key}: duration.allowed"), "is empty or out of order", hint);
        }
    }
}

/// A name that two fields of the input share: one of them would be lost.
fn named_twice(model: &Model) -> Option<&str> {
    let duration = model.duration.as_ref().map(|field| field.name.as_str());
    let aspect = model.aspect.as_ref().map(|field| field.name.as_str());
    let names = [Some("prompt"), Some(model.image.name.as_str()), duration, aspect];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    (1..names.len()).find(|&at| names[..at].contains(&names[at])).map(|at| names[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_slug_replaces_and_a_new_one_is_added() {
        let mut changed = shipped().remove(2);
        changed.longest_prompt = 99;
        let mut new = changed.clone();
        new.slug = "next-year/video".to_owned();

        let rows = over_shipped(vec![changed.clone(), new.clone()]);

        assert_eq!(rows.len(), shipped().len() + 1);
        assert_eq!((&rows[2], rows.last()), (&changed, Some(&new)));
    }
}
