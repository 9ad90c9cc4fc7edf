//! A person tapped a button about several photos at once.

use crate::actions::place_series::PlaceSeries;
use crate::chat::{
    album_tap::AlbumTap,
    conversation::Conversation,
    handlers::{
        album::{on_choose_photo, on_decide, on_sides},
        order_series::on_order_series,
        samples::on_samples_for_all,
        series, series_offer,
    },
    reply::Reply,
};
use crate::domain::options::Choice;
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
        AlbumTap::Style { album, style } => series::on_style(conversation, album, style),
        AlbumTap::Samples { album, from } => on_samples_for_all(conversation, album, from),
        AlbumTap::OwnText(album) => series::on_own_text(conversation, album),
        AlbumTap::Captions { album, shown } => series::on_captions(conversation, album, shown),
        AlbumTap::Ideas(album) => series::on_ideas(conversation, album),
        AlbumTap::Refresh(batch) => series_offer::on_refresh(conversation, batch),
        AlbumTap::Aspect { batch, aspect } => {
            let picked = Choice { aspect: Some(aspect), seconds: None };
            series_offer::on_options(conversation, batch, picked)
        }
        AlbumTap::Seconds { batch, seconds } => {
            let picked = Choice { aspect: None, seconds: Some(seconds) };
            series_offer::on_options(conversation, batch, picked)
        }
        AlbumTap::Order { batch, ordered, products, count, offer } => {
            let user = conversation.user.id;
            let wanted = PlaceSeries { user, batch, ordered, products, count, offer };
            on_order_series(conversation, &wanted)
        }
        AlbumTap::Series(batch) => series_offer::on_series(conversation, batch),
        AlbumTap::More(batch) => series::on_more(conversation, batch),
    }
}
