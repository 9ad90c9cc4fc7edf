//! A person wants a video again in another shape: the same words become a script of their own.

use crate::domain::{
    draft::{Scene, Source},
    id::{JobId, UserId},
    options::Offered,
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
}

/// Makes a draft and a script of a video, or finds the one that an earlier tap made; `None` when that
/// person has no such video. What was made from a ready-made idea counts as that still.
pub(crate) fn other_format(
    tx: &Tx<'_>,
    user: UserId,
    job: JobId,
    offered: &Offered,
) -> Result<Option<SameWords>, StoreError> {
    let Some(video) = videos::find(tx, user, tx.now, job)? else { return Ok(None) };
    if let Some(id) = same_words::find(tx, video.photo, &video.prompt)? {
        let script = scripts::find(tx, id)?;
        return Ok(script.map(|script| SameWords { script, is_old: true }));
    }
    let Some(order) = orders::find(tx, user, video.order)? else { return Ok(None) };
    let draft = drafts::copy(tx, &order)?;
    let (prompt, title) = (video.prompt, video.title);
    let source = video.preset.map_or_else(|| Source::Edited(prompt.clone()), Source::Preset);
    let scene = title.map(|title| Scene { title: Some(title), prompt: prompt.clone() });
    let scenes = scene.into_iter().collect();
    let new = NewPrompt { prompt, summary: None, scenes, people: false, fallback: None };
    let quote = offered.quote(drafts::choice(tx, draft)?);
    let id = same_words::add(tx, draft, &source, &new, quote)?;
    let script = scripts::find(tx, id)?;
    Ok(script.map(|script| SameWords { script, is_old: false }))
}
