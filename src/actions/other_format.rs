//! A person wants a video again in another shape: the same words become a script of their own.

use crate::domain::{
    draft::{Scene, Source},
    id::{JobId, UserId},
    options::{Choice, Offered},
    preset::Localized,
    video::Aspect,
};
use crate::store::{
    drafts,
    error::StoreError,
    orders, same_words,
    scripts::{self, NewPrompt, Script},
    tx::Tx,
    videos,
};

/// A script with the words of a video, ready to be ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SameWords {
    /// The script.
    pub script: Script,
    /// Whether it was there before.
    pub is_old: bool,
    /// What it is shown with: another shape than the video's.
    pub choice: Choice,
}

/// Makes a draft and a script of a video, or finds the one that an earlier tap made; `None` when that
/// person has no such video. What was made from a ready-made idea counts as that still. `idea` is what
/// that idea is called.
pub(crate) fn other_format(
    tx: &Tx<'_>,
    user: UserId,
    job: JobId,
    offered: &Offered,
    idea: impl FnOnce(&str) -> Option<Localized>,
) -> Result<Option<SameWords>, StoreError> {
    let Some(video) = videos::find(tx, user, tx.now, job)? else { return Ok(None) };
    let other = |aspect: &Aspect| Some(*aspect) != video.aspect;
    if let Some(id) = same_words::find(tx, video.photo, &video.prompt)? {
        let Some(script) = scripts::find(tx, id)? else { return Ok(None) };
        let mut choice = script.shown;
        choice.aspect = choice.aspect.filter(other).or(offered.shapes().into_iter().find(other));
        return Ok(Some(SameWords { script, is_old: true, choice }));
    }
    let Some(order) = orders::find(tx, user, video.order)? else { return Ok(None) };
    let draft = drafts::copy(tx, &order)?;
    let aspect = offered.shapes().into_iter().find(other);
    drafts::choose(tx, draft, Choice { aspect, seconds: None })?;
    let choice = drafts::choice(tx, draft)?;
    let preset = video.preset.as_deref();
    let summary = match (&video.title, orders::summary(tx, order.id)?) {
        (Some(title), _) => Some(title.clone()),
        (None, summary) => summary.or_else(|| preset.and_then(idea)),
    };
    let (prompt, title) = (video.prompt, video.title);
    let source = video.preset.map_or_else(|| Source::Edited(prompt.clone()), Source::Preset);
    let scene = title.map(|title| Scene { title: Some(title), prompt: prompt.clone() });
    let scenes = scene.into_iter().collect();
    let (people, several) = scripts::seen_in(tx, video.photo)?;
    let new = NewPrompt { prompt, summary, scenes, people, several, fallback: None };
    let id = same_words::add(tx, draft, &source, &new, offered.quote(choice))?;
    let script = scripts::find(tx, id)?;
    Ok(script.map(|script| SameWords { script, is_old: false, choice }))
}
