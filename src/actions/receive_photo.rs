//! A product photo arrives, or is used again.

use crate::domain::{
    draft::{DraftMove, DraftState},
    id::{DraftId, OrderId, UserId},
};
use crate::store::{albums, drafts, error::StoreError, orders, photos, tx::Tx};

/// What became of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is the photo of this draft now.
    Kept(DraftId),
    /// It came in an album after the photo that is used.
    AlbumSibling {
        /// Its number in the album: the person is notified at the second, not at each.
        number: u32,
    },
}

/// Keeps a photo in the person's draft, replacing the one that was there. Of an
/// album only the first photo counts. A photo that comes again is not uploaded again while its
/// upload is fresh.
pub fn receive_photo(
    tx: &Tx<'_>,
    user: UserId,
    file_id: &str,
    unique_id: Option<&str>,
    album: Option<&str>,
) -> Result<Received, StoreError> {
    if let Some(group) = album {
        let number = albums::count(tx, user, group)?;
        if number > 1 {
            return Ok(Received::AlbumSibling { number });
        }
    }
    let photo = photos::keep(tx, user, file_id, unique_id)?;
    match drafts::open(tx, user)? {
        Some(draft) => {
            drafts::transition(tx, draft.id, DraftMove::ChangePhoto(photo))?;
            Ok(Received::Kept(draft.id))
        }
        None => drafts::begin(tx, user, photo).map(Received::Kept),
    }
}

/// Begins a draft with the photo of an order of the same person; `None` when
/// they have no such order. A second tap finds the draft that the first began.
pub(crate) fn more_with_photo(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Option<DraftId>, StoreError> {
    let Some(order) = orders::find(tx, user, order)? else { return Ok(None) };
    match drafts::open(tx, user)? {
        Some(draft) if draft.photo == order.photo && draft.state == DraftState::Choosing => {
            Ok(Some(draft.id))
        }
        _ => drafts::begin(tx, user, order.photo).map(Some),
    }
}
