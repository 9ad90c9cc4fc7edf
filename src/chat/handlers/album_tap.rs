//! A person tapped a button about several photos at once.

use crate::actions::place_series::PlaceSeries;
use crate::chat::{
    album_tap::AlbumTap,
    conversation::Conversation,
    handlers::{
        album::{on_choose_photo, on_decide, on_sides},
        order_series::on_order_series,
        series,
    },
    reply::Reply,
};
use crate::store::error::StoreError;

/// Does what the button means.
pub(crate) fn on_album_tap(
    conversation: &mut Conversation<'_>,
    tap: AlbumTap,
) -> Result<Reply, StoreError> {
    match tap {
        AlbumTap::Decide { album, kind } => on_decide(conversation, album, kind),
        AlbumTap::ChoosePhoto { draft, place } => on_choose_photo(conversation, draft, place),
        AlbumTap::Sides(draft) => on_sides(conversation, draft),
        AlbumTap::Preset { album, preset } => series::on_preset(conversation, album, &preset),
        AlbumTap::OwnText(album) => series::on_own_text(conversation, album),
        AlbumTap::Captions(album) => series::on_captions(conversation, album),
        AlbumTap::Heard { album, message } => series::on_heard_text(conversation, album, message),
        AlbumTap::Ideas(album) => series::on_ideas(conversation, album),
        AlbumTap::Order { batch, ordered, products, count, offer } => {
            let user = conversation.user.id;
            let wanted = PlaceSeries { user, batch, ordered, products, count, offer };
            on_order_series(conversation, &wanted)
        }
        AlbumTap::Series(batch) => series::on_series(conversation, batch),
        AlbumTap::More(batch) => series::on_more(conversation, batch),
    }
}
