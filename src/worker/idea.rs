//! What a script is made from: what the script writer is asked, and what stands in for its answer.

use crate::chat::settings::Settings;
use crate::domain::{
    brief::{Brief, LONGEST_SUMMARY, Task, Written},
    draft::{Fallback, Source},
    failure::Violation,
    preset::Localized,
};
use crate::store::scripts::{NewPrompt, Script};

/// What a person changed themselves is summed up best by their own words.
pub(super) fn own_summary(source: &Source) -> Option<Localized> {
    let Source::Edited(text) = source else { return None };
    let fits = text.chars().count() <= LONGEST_SUMMARY;
    fits.then(|| Localized { ru: text.clone(), en: text.clone() })
}

/// The idea itself as the prompt; of a ready-made one its name says what will be seen.
pub(super) fn as_is(settings: &Settings, source: &Source, fallback: Option<Fallback>) -> NewPrompt {
    let prompt = idea(settings, source).chars().take(settings.longest_prompt()).collect();
    let summary = match source {
        Source::Preset(id) => settings.preset(id).map(|preset| preset.label.clone()),
        Source::OwnText(_) | Source::Edited(_) | Source::Style(_) | Source::Rewrite(_) => None,
    };
    NewPrompt { prompt, summary, scenes: Vec::new(), people: false, fallback }
}

/// A preset's idea, or the person's own text.
pub(super) fn idea<'a>(settings: &'a Settings, source: &'a Source) -> &'a str {
    match source {
        Source::Preset(id) => settings.preset(id).map_or(id, |preset| &preset.idea),
        Source::OwnText(text)
        | Source::Edited(text)
        | Source::Style(text)
        | Source::Rewrite(text) => text,
    }
}

/// What the script writer is asked for; nothing where the person's own prompt is in letters that
/// every model reads.
pub(super) fn task(script: &Script) -> Option<Task> {
    match &script.source {
        Source::Preset(_) => Some(Task::Idea),
        Source::OwnText(_) => Some(Task::OwnWords),
        Source::Style(_) => Some(Task::Style),
        Source::Rewrite(_) => Some(Task::Rewrite(script.rule.unwrap_or(Violation::Other))),
        Source::Edited(_) => script.source.needs_writer().then_some(Task::Translate),
    }
}

/// What was written, unless it is what was refused before.
pub(super) fn changed(brief: &Brief, written: Written) -> Result<Written, String> {
    match brief.task {
        Task::Rewrite(_) if written.prompt == brief.idea => Err("it changed nothing".to_owned()),
        _ => Ok(written),
    }
}
