//! A script is begun: the script writer is asked for it, within bounds.

use crate::actions::rules::{CUSTOMERS_SCRIPTS, FREE_SCRIPTS, SCRIPTS_COUNTED};
use crate::domain::{
    draft::{Fallback, ScriptId, Source},
    id::{DraftId, MessageId, UserId},
};
use crate::store::{error::StoreError, orders, scripts, tx::Tx};

/// Begins a script from an idea or from the person's words, which came with `message`.
pub(crate) fn begin_script(
    tx: &Tx<'_>,
    user: UserId,
    draft: DraftId,
    source: &Source,
    message: Option<MessageId>,
) -> Result<ScriptId, StoreError> {
    let fallback = bounded(tx, user, draft, source)?;
    scripts::begin(tx, draft, source, message, fallback)
}

/// Begins a script that was offered, or has one that is being written begun again, with these
/// words.
pub(crate) fn begin_again(
    tx: &Tx<'_>,
    user: UserId,
    script: ScriptId,
    words: &Source,
) -> Result<(), StoreError> {
    let fallback = bounded(tx, user, script.draft, words)?;
    scripts::begin_again(tx, script, words.idea(), fallback)
}

/// Why the script writer is not asked for a script of this source, which needs it.
pub(crate) fn bounded(
    tx: &Tx<'_>,
    user: UserId,
    draft: DraftId,
    source: &Source,
) -> Result<Option<Fallback>, StoreError> {
    if source.needs_writer() { fallback(tx, user, draft) } else { Ok(None) }
}

/// Whether the script writer would still be asked.
pub(crate) fn has_scripts_left(
    tx: &Tx<'_>,
    user: UserId,
    draft: DraftId,
) -> Result<bool, StoreError> {
    Ok(fallback(tx, user, draft)?.is_none())
}

/// The script writer costs the operator's credits and none of the person's: beyond the bounds the
/// idea is taken as it is.
fn fallback(tx: &Tx<'_>, user: UserId, draft: DraftId) -> Result<Option<Fallback>, StoreError> {
    let bounds = if orders::has_any(tx, user)? { CUSTOMERS_SCRIPTS } else { FREE_SCRIPTS };
    let since = tx.now - SCRIPTS_COUNTED;
    let (of_draft, of_person) = scripts::count_asked(tx, user, draft, since)?;
    let is_beyond = of_draft >= bounds.of_draft || of_person >= bounds.of_person;
    Ok(is_beyond.then_some(Fallback::Limit))
}
