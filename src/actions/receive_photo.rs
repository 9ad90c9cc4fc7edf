//! A product photo arrives, or is used again.

use crate::domain::id::{DraftId, MessageId, OrderId, UserId};
use crate::store::{albums, drafts, error::StoreError, orders, photos, tx::Tx};

/// A photo as it arrives.
#[derive(Clone, Copy, Debug)]
pub struct NewPhoto<'a> {
    /// With it the file can be fetched.
    pub file_id: &'a str,
    /// The same whenever the photo comes again, where Telegram says.
    pub unique_id: Option<&'a str>,
    /// The message that brought it.
    pub message: Option<MessageId>,
    /// The album it came in.
    pub album: Option<&'a str>,
}

/// What became of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is the photo of this draft.
    Kept(DraftId),
    /// It came in an album after the photo that is used.
    AlbumSibling {
        /// Its number in the album: the person is notified at the second, not at each.
        number: u32,
        /// The draft of the photo that is used.
        draft: Option<DraftId>,
    },
}

/// Begins a draft with a photo, beside those of other photos. Of an album only the first photo
/// counts. A photo that comes again is not uploaded again while its upload is fresh.
pub fn receive_photo(
    tx: &Tx<'_>,
    user: UserId,
    new: &NewPhoto<'_>,
) -> Result<Received, StoreError> {
    if let Some(group) = new.album {
        let number = albums::count(tx, user, group)?;
        if number > 1 {
            return Ok(Received::AlbumSibling { number, draft: albums::draft(tx, user, group)? });
        }
    }
    let photo = photos::keep(tx, user, new.file_id, new.unique_id)?;
    let draft = drafts::begin(tx, user, photo, new.message)?;
    if let Some(group) = new.album {
        albums::set_draft(tx, user, group, draft)?;
    }
    Ok(Received::Kept(draft))
}

/// Begins a draft with the photo of an order of the same person, as a copy of what was chosen
/// there; `None` when they have no such order. A second tap finds the draft that the first began.
pub(crate) fn more_with_photo(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Option<DraftId>, StoreError> {
    let Some(order) = orders::find(tx, user, order)? else { return Ok(None) };
    match drafts::untouched(tx, order.photo)? {
        Some(draft) => Ok(Some(draft)),
        None => drafts::copy(tx, &order).map(Some),
    }
}
