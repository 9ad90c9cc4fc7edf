//! A product photo arrives, or is used again.

use crate::domain::id::DraftId;
use crate::domain::id::OrderId;
use crate::domain::id::UserId;
use crate::store::drafts;
use crate::store::error::StoreError;
use crate::store::orders;
use crate::store::tx::Tx;

/// What became of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is the photo of this draft now.
    Kept(DraftId),
    /// A sibling of an album's first photo: put aside. For each the person
    /// needs no word of its own.
    AlbumSibling,
}

/// Keeps a photo in the person's draft, replacing the one that was there. Of an
/// album only the first photo counts.
pub fn receive_photo(
    tx: &Tx<'_>,
    user: UserId,
    file_id: &str,
    album: Option<&str>,
) -> Result<Received, StoreError> {
    if let Some(group) = album
        && !drafts::first_of_album(tx, user, group)?
    {
        return Ok(Received::AlbumSibling);
    }
    let photo = drafts::add_photo(tx, user, file_id)?;
    match drafts::open(tx, user)? {
        Some(draft) => {
            drafts::change_photo(tx, draft.id, photo)?;
            Ok(Received::Kept(draft.id))
        }
        None => drafts::begin(tx, user, photo).map(Received::Kept),
    }
}

/// Begins a new draft with the photo of an order of the same person; `None`
/// when they have no such order.
pub fn more_with_photo(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Option<DraftId>, StoreError> {
    match orders::find(tx, user, order)? {
        Some(order) => drafts::begin(tx, user, order.photo).map(Some),
        None => Ok(None),
    }
}
