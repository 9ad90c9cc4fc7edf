//! A person saves the style of a video, for other products.

use crate::domain::id::{JobId, UserId};
use crate::store::{error::StoreError, styles, tx::Tx, videos};

/// So many styles fit among the ideas of a photo.
pub(crate) const MOST_STYLES: usize = 10;

/// The longest name of a style, in UTF-16 units: a button shows it.
pub(crate) const LONGEST_NAME: usize = 30;

/// What becomes of a style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is saved, under this name.
    New(String),
    /// It was saved before, under this name.
    Already(String),
    /// There are as many as there may be.
    Full,
    /// That person has no such video.
    NoVideo,
}

/// Saves the prompt of a video under a name. The same prompt is saved once.
pub(crate) fn keep_style(
    tx: &Tx<'_>,
    user: UserId,
    job: JobId,
    name: &str,
) -> Result<Kept, StoreError> {
    let Some(video) = videos::find(tx, user, tx.now, job)? else { return Ok(Kept::NoVideo) };
    let saved = styles::of_user(tx, user)?;
    if let Some(same) = saved.iter().find(|style| style.prompt == video.prompt) {
        return Ok(Kept::Already(same.name.clone()));
    }
    if saved.len() >= MOST_STYLES {
        return Ok(Kept::Full);
    }
    let is_free = |name: &str| saved.iter().all(|style| style.name != name);
    let numbered = (2..).map(|number| format!("{name} {number}"));
    let name = [name.to_owned()].into_iter().chain(numbered).find(|name| is_free(name));
    let name = name.unwrap_or_default();
    styles::add(tx, user, &name, &video.prompt)?;
    Ok(Kept::New(name))
}
