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

/// The idea itself as the prompt; of a ready-made one its name says what will be seen. A saved style
/// speaks of another product: the first ready-made idea stands in for it.
pub(super) fn as_is(settings: &Settings, source: &Source, fallback: Option<Fallback>) -> NewPrompt {
    let (prompt, preset) = match source {
        Source::Preset(id) => (idea(settings, source), settings.preset(id)),
        Source::Style(_) => {
            let preset = settings.presets.first();
            (preset.map_or(NEUTRAL, |preset| &preset.idea), preset)
        }
        Source::OwnText(_) | Source::Edited(_) | Source::Rewrite(_) => {
            (idea(settings, source), None)
        }
    };
    NewPrompt {
        prompt: prompt.chars().take(settings.longest_prompt()).collect(),
        summary: preset.map(|preset| preset.label.clone()),
        scenes: Vec::new(),
        people: false,
        several: false,
        fallback,
    }
}

/// What is true of every product, for an operator without ready-made ideas.
const NEUTRAL: &str = "The product stands still in soft light while the camera slowly moves closer. The \
                       product stays exactly as in the photo: same shape, colours, label and text. No \
                       people, no hands, no added text.";

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
