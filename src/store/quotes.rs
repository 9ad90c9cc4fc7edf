//! What the screen of a script says: the shape, the length and the price, and what of the photos is shown.

use crate::domain::{
    draft::ScriptId,
    options::{OfPhotos, Options, Quote},
};
use crate::store::{error::StoreError, tx::Tx};

/// The screen of a script says this from now on; buttons of one that said anything else order nothing
/// more. What nobody knew of the photos then or knows now is no difference. Returns how often what it says
/// has changed.
pub(crate) fn set(
    tx: &Tx<'_>,
    id: ScriptId,
    quote: Quote,
    of: OfPhotos,
) -> Result<u32, StoreError> {
    let sql = "update scripts set
                   offer = offer + (aspect is not ?3 or seconds is not ?4 or price is not ?5
                                    or coalesce(photos <> ?6, 0) or coalesce(edges <> ?7, 0)),
                   aspect = ?3, seconds = ?4, price = ?5, photos = ?6,
                   edges = iif(aspect is ?3, coalesce(?7, edges), ?7)
               where draft_id = ?1 and revision = ?2 and state = 'ready'";
    let Quote { options: Options { aspect, seconds }, price } = quote;
    let OfPhotos { photos, edges, .. } = of;
    tx.run(sql, (id.draft, id.revision, aspect, seconds, price, photos, edges))?;
    let sql = "select offer from scripts where draft_id = ? and revision = ?";
    tx.one(sql, (id.draft, id.revision), |row| row.get(0))
}
