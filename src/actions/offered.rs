//! What is offered now: by the model that would make the videos, and of the photos that a draft has.

use std::borrow::Cow;

use crate::actions::rules::Rules;
use crate::domain::{
    id::DraftId,
    options::{OfPhotos, Offered},
    video::Aspect,
};
use crate::store::{draft_photos, error::StoreError, models, photos, tx::View};

/// What can be chosen of the videos that would be made now. While the model is down and another stands
/// in for it, that says which shapes and lengths there are; the prices stay.
pub(crate) fn offered<'a>(
    view: &View<'_>,
    rules: &'a Rules,
) -> Result<Cow<'a, Offered>, StoreError> {
    let up = models::first_up(view, rules.models(&rules.model))?;
    let stand_in = rules.stand_in.as_ref().filter(|_| up != Some(rules.model.as_str()));
    Ok(match stand_in.filter(|stand_in| up == Some(stand_in.slug.as_str())) {
        Some(stand_in) => Cow::Owned(rules.offered.made_by(stand_in)),
        None => Cow::Borrowed(&rules.offered),
    })
}

/// What a video of that shape would show of the photos of a draft.
pub(crate) fn of_photos(
    view: &View<'_>,
    offered: &Offered,
    draft: DraftId,
    aspect: Aspect,
) -> Result<OfPhotos, StoreError> {
    let all = draft_photos::count(view, draft)?.max(1);
    let sides = photos::sides_of_draft(view, draft)?;
    Ok(OfPhotos {
        photos: offered.photos_of(all),
        left: all - offered.photos_of(all),
        edges: sides.map(|sides| offered.edges(aspect, sides)),
    })
}
