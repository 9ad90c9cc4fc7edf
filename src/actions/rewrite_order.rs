//! A refused text is written anew within the rule that it broke, free of charge and of the limits of
//! other scripts: once for an order.

use crate::actions::rules::SCRIPTS_COUNTED;
use crate::domain::{
    draft::{ScriptId, Source},
    id::{OrderId, UserId},
};
use crate::store::{drafts, error::StoreError, orders, rewrites, scripts, tx::Tx};

/// How often the script writer is asked for one rewrite, where it is away or refuses.
const MOST_ASKED: u32 = 3;

/// How often it is asked for rewrites of one person in [`SCRIPTS_COUNTED`]: each costs the operator.
const MOST_REWRITES: u32 = 20;

/// What became of the wish for a rewrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rewriting {
    /// It is begun.
    Begun(ScriptId),
    /// It was begun before.
    Before(ScriptId),
    /// The script writer was asked often enough, in vain.
    GivenUp,
    /// The person has had many rewrites lately.
    Enough,
    /// The person has no such order, or no text of it was refused.
    Nothing,
}

/// Begins the rewrite of an order of this person, in a draft of its own.
pub(crate) fn rewrite_order(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Rewriting, StoreError> {
    let refused = rewrites::refused(tx, order)?;
    let order = orders::find(tx, user, order)?;
    let Some((order, refused)) = order.zip(refused) else { return Ok(Rewriting::Nothing) };
    let before = rewrites::find(tx, order.id)?;
    if let Some((before, revision)) = before.and_then(|before| Some((before, before.revision?))) {
        let script = ScriptId { draft: before.draft, revision };
        // It is forgotten with its draft, and was perhaps never read.
        if scripts::find(tx, script)?.is_some() || orders::of_script(tx, script)?.is_some() {
            return Ok(Rewriting::Before(script));
        }
    }
    if before.is_some_and(|before| before.asked >= MOST_ASKED) {
        return Ok(Rewriting::GivenUp);
    }
    if rewrites::count_asked(tx, user, tx.now - SCRIPTS_COUNTED)? >= MOST_REWRITES {
        return Ok(Rewriting::Enough);
    }
    let draft = before.map(|before| drafts::find(tx, user, before.draft)).transpose()?.flatten();
    let draft = match draft {
        Some(draft) => draft.id,
        None => drafts::copy(tx, &order)?,
    };
    let script = scripts::begin(tx, draft, &Source::Rewrite(refused.prompt), None, None)?;
    scripts::set_rule(tx, script, refused.rule)?;
    rewrites::begin(tx, user, order.id, script)?;
    Ok(Rewriting::Begun(script))
}
