//! What the buttons of a script say: the shape, the length and the price.

use crate::domain::{
    draft::ScriptId,
    options::{Options, Quote},
};
use crate::store::{error::StoreError, tx::Tx};

/// The buttons of a script say this from now on; those that say anything else order nothing more.
/// Returns how often what they say has changed.
pub(crate) fn set(tx: &Tx<'_>, id: ScriptId, quote: Quote) -> Result<u32, StoreError> {
    let sql = "update scripts set aspect = ?3, seconds = ?4, price = ?5, offer = offer + 1
               where draft_id = ?1 and revision = ?2 and state = 'ready'
                 and (aspect is not ?3 or seconds is not ?4 or price is not ?5)";
    let Quote { options: Options { aspect, seconds }, price } = quote;
    tx.run(sql, (id.draft, id.revision, aspect, seconds, price))?;
    let sql = "select offer from scripts where draft_id = ? and revision = ?";
    tx.one(sql, (id.draft, id.revision), |row| row.get(0))
}
