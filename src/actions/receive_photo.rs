//! A product photo arrives, or is used again.

use crate::domain::id::{AlbumId, DraftId, MessageId, OrderId, UserId};
use crate::store::{
    albums, drafts,
    error::StoreError,
    orders::{self, Order},
    photos,
    tx::Tx,
};

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

/// Begins a draft with a photo, beside those of other photos; returns it with the album that it came
/// in. A photo that comes again is not uploaded again while its upload is fresh.
pub fn receive_photo(
    tx: &Tx<'_>,
    user: UserId,
    new: &NewPhoto<'_>,
) -> Result<(DraftId, Option<AlbumId>), StoreError> {
    let photo = photos::keep(tx, user, new.file_id, new.unique_id)?;
    let album = new.album.map(|group| albums::of_group(tx, user, group)).transpose()?;
    let draft = drafts::begin(tx, user, photo, new.message, album)?;
    Ok((draft, album))
}

/// Begins a draft with the photo of an order of the same person, as a copy of what was chosen
/// there; `None` when they have no such order. A second tap finds the draft that the first began.
/// A product that was renamed since has its new name, and one whose photo was replaced its new photo.
pub(crate) fn more_with_photo(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Option<DraftId>, StoreError> {
    let Some(order) = orders::find(tx, user, order)? else { return Ok(None) };
    let draft = drafts::find(tx, user, order.script.draft)?;
    if let Some(draft) = &draft
        && !drafts::shows(tx, draft, order.photo)?
    {
        return match drafts::untouched(tx, draft.photo, draft.name.as_deref())? {
            Some(draft) => Ok(Some(draft)),
            None => {
                drafts::copy_with_photo(tx, draft.id, draft.photo, draft.photo_message).map(Some)
            }
        };
    }
    let name = draft.and_then(|draft| draft.name).or(order.name);
    match drafts::untouched(tx, order.photo, name.as_deref())? {
        Some(draft) => Ok(Some(draft)),
        None => drafts::copy(tx, &Order { name, ..order }).map(Some),
    }
}
