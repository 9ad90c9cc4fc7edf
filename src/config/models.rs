//! `[[models]]`: the operator's rows over the shipped ones.

use serde::{Deserialize, Deserializer};

use crate::config::{
    credits::MOST,
    findings::{Findings, row},
};
use crate::domain::{
    credits::Credits,
    model::{ImageShape, Model},
    video::Aspect,
};

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
        let key = row("models", &model.slug);
        findings.expect_text(format!("{key}: slug"), &model.slug);
        findings.expect_text(format!("{key}: image.name"), &model.image.name);
        if model.images_max == 0 || model.images_max > 1 && model.image.shape == ImageShape::Single
        {
            let hint = "write how many photos of one product the model takes; 1 where its field \
                        takes one address";
            findings.add(format!("{key}: images_max"), format!("is {}", model.images_max), hint);
        }
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
        if lengths.is_some_and(|allowed| allowed.contains(&0)) {
            let hint = "list the seconds the model can make, 1 or more";
            findings.add(format!("{key}: duration.allowed"), "contains 0", hint);
        }
        check_prices(&key, model, findings);
    }
}

/// Notes prices of what the model does not make, and those that nobody can pay.
fn check_prices(key: &str, model: &Model, findings: &mut Findings) {
    for (length, credits) in model.duration.iter().flat_map(|duration| &duration.credits) {
        let key = format!("{key}: duration.credits.\"{length}\"");
        if length.parse::<u32>().is_err() {
            let hint =
                "write the length in seconds from which on the price holds, as in { \"11\" = 2 }";
            findings.add(&key, "is no number of seconds", hint);
        }
        if !(Credits(1)..=MOST).contains(credits) {
            let hint = "write what one video of that length costs a person, 1 or more";
            findings.add(&key, format!("is {credits}"), hint);
        }
    }
    for (shape, credits) in model.aspect.iter().flat_map(|aspect| &aspect.credits) {
        let key = format!("{key}: aspect.credits.\"{shape}\"");
        let made = Aspect::ALL.into_iter().filter(|aspect| {
            model.aspect.as_ref().is_some_and(|field| field.value(*aspect).is_some())
        });
        if !made.clone().any(|aspect| aspect.word() == shape) {
            let made: Vec<&str> = made.map(Aspect::word).collect();
            let hint = format!("write a shape that the model makes: {}", made.join(", "));
            findings.add(&key, "is no shape of this model", hint);
        }
        if !(Credits(0)..=MOST).contains(credits) {
            let hint = "write what one video of that shape costs in addition, 0 or more";
            findings.add(&key, format!("is {credits}"), hint);
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

    fn row(duration: &str, aspect: &str) -> Vec<String> {
        found_in(&format!("image = {{ name = \"i\", shape = \"list\" }}\n{duration}\n{aspect}"))
    }

    /// What is found in a row that has these fields, and the others that are needed.
    fn found_in(fields: &str) -> Vec<String> {
        #[derive(Deserialize)]
        struct Rows {
            models: Vec<Model>,
        }
        let text = format!("[[models]]\nslug = \"a/b\"\nlongest_prompt = 9\n{fields}");
        let rows: Rows = toml::from_str(&text).unwrap();
        let mut findings = Findings::default();
        check(&rows.models, &mut findings);
        findings.0.into_iter().map(|found| format!("{} {}", found.key, found.problem)).collect()
    }

    #[test]
    fn what_each_length_and_shape_costs_is_read_and_checked() {
        let duration = |rest| format!("duration = {{ name = \"d\", shape = \"number\", {rest} }}");
        let aspect = |rest| {
            format!(
                "aspect = {{ name = \"a\", portrait = \"9:16\", landscape = \"16:9\", {rest} }}"
            )
        };
        let fine = duration("allowed = [5, 10], credits = { \"10\" = 2 }");
        let shapes = "credits = { \"16:9\" = 0, \"3:4\" = 1 }, card = \"3:4\"";
        for (duration, aspect) in [
            (duration("allowed = [5, 10]"), ""),
            (fine.clone(), ""),
            (fine.clone(), &*aspect(shapes)),
            (fine.clone(), &aspect("square = \"1:1\"")),
        ] {
            assert_eq!(row(&duration, aspect), [""; 0], "{duration} {aspect}");
        }
        for (wrong, found) in [
            ("allowed = [0, 5]", "duration.allowed contains 0"),
            ("allowed = [5], credits = { \"5s\" = 2 }", "duration.credits.\"5s\" is no number"),
            ("allowed = [5], credits = { \"5\" = 0 }", "duration.credits.\"5\" is 0"),
            ("allowed = [5], credits = { \"5\" = 1000001 }", "duration.credits.\"5\" is 1000001"),
        ] {
            let findings = row(&duration(wrong), "");
            assert!(findings.len() == 1 && findings[0].contains(found), "{wrong}: {findings:?}");
        }
        for (wrong, found) in [
            ("credits = { \"1:1\" = 1 }", "aspect.credits.\"1:1\" is no shape"),
            ("credits = { \"9:16\" = -1 }", "aspect.credits.\"9:16\" is -1"),
        ] {
            let findings = row(&fine, &aspect(wrong));
            assert!(findings.len() == 1 && findings[0].contains(found), "{wrong}: {findings:?}");
        }
    }

    #[test]
    fn several_photos_go_into_a_list() {
        let list = "image = { name = \"i\", shape = \"list\" }\n";
        let single = "image = { name = \"i\", shape = \"single\" }\n";
        for (rest, found) in [
            (list.to_owned(), None),
            (format!("{list}images_max = 7"), None),
            (format!("{single}images_max = 1"), None),
            (format!("{list}images_max = 0"), Some("images_max is 0")),
            (format!("{single}images_max = 2"), Some("images_max is 2")),
        ] {
            let found = found.map(|found| format!("models \"a/b\": {found}"));
            assert_eq!(found_in(&rest), Vec::from_iter(found), "{rest}");
        }
    }

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
