//! The ideas for a draft, with what is known of its product and its photo.

use crate::actions::offered::offered;
use crate::chat::{
    conversation::Conversation,
    key::Key,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{
        photo,
        prompt::{self, Caption, Ideas, Occasion},
    },
};
use crate::domain::{
    draft::{Scope, ScriptState},
    photo::{Advice, PhotoFault, advice},
};
use crate::store::{
    anchors, draft_photos,
    drafts::{self, Draft},
    error::StoreError,
    outbox,
    photos::{self, Looked},
    scripts, styles,
};

/// The ideas, in answer to the photo. With a new photo stands what is written under it.
pub(crate) fn ideas(
    conversation: &Conversation<'_>,
    draft: &Draft,
    occasion: Occasion,
) -> Result<Screen, StoreError> {
    let newest = match occasion {
        Occasion::NewPhoto => scripts::of_draft(conversation.tx, draft.id)?.into_iter().next(),
        Occasion::SamePhoto => None,
    };
    let under_photo =
        newest.filter(|script| script.state == ScriptState::Offered && script.scope == Scope::One);
    let caption = under_photo
        .as_ref()
        .map(|script| Caption { script: script.id, text: script.source.idea() });
    let all = draft_photos::count(conversation.tx, draft.id)?;
    let shown = offered(conversation.tx, &conversation.settings.rules)?.photos_of(all);
    let ideas = Ideas {
        draft: draft.id,
        presets: &conversation.settings.presets,
        styles: &styles::of_user(conversation.tx, conversation.user.id)?,
        occasion,
        caption,
        name: draft.name.as_deref(),
        photos: (shown > 1).then_some((shown, all)),
        has_others: all > 1 && shown == 1,
        advice: advice_for(conversation, draft)?,
    };
    let screen = prompt::ideas(&conversation.voice(), &ideas);
    Ok(screen.in_reply_to(draft.photo_message))
}

/// Shows the ideas anew where there is advice on the photo by now, unless the person has gone on.
pub(crate) fn show_again(conversation: &Conversation<'_>, draft: &Draft) -> Result<(), StoreError> {
    if advice_for(conversation, draft)?.is_none() || !are_shown(conversation, draft)? {
        return Ok(());
    }
    let ideas = ideas(conversation, draft, Occasion::NewPhoto)?;
    conversation.show(&Reply::Edit(Anchor::Ideas(draft.id), ideas))
}

/// Closes a draft whose photo cannot serve, and says why, unless the person has gone on: then the
/// script tells it.
pub(crate) fn refuse(
    conversation: &Conversation<'_>,
    draft: &Draft,
    fault: PhotoFault,
) -> Result<(), StoreError> {
    if !are_shown(conversation, draft)? {
        return Ok(());
    }
    drafts::close(conversation.tx, draft.id)?;
    let screen = photo::unusable(&conversation.voice(), fault).in_reply_to(draft.photo_message);
    conversation.show(&Reply::Edit(Anchor::Ideas(draft.id), screen))
}

fn advice_for(
    conversation: &Conversation<'_>,
    draft: &Draft,
) -> Result<Option<Advice>, StoreError> {
    let Looked { sides, flaws } = photos::looked(conversation.tx, draft.photo)?;
    let choice = drafts::choice(conversation.tx, draft.id)?;
    let offered = offered(conversation.tx, &conversation.settings.rules)?;
    let aspect = offered.quote(choice).options.aspect;
    let other_shape = if offered.follows_photo() { Advice::Background } else { Advice::Cut };
    Ok(advice(&flaws, sides, aspect, other_shape))
}

/// Whether the ideas stand in a message, or will in a moment.
pub(crate) fn are_shown(
    conversation: &Conversation<'_>,
    draft: &Draft,
) -> Result<bool, StoreError> {
    let (tx, user, anchor) = (conversation.tx, conversation.user.id, Anchor::Ideas(draft.id));
    let anchor = anchor.to_string();
    Ok(anchors::message(tx, user, &anchor)?.is_some() || outbox::is_waiting(tx, user, &anchor)?)
}

/// The operator has taken an idea away since it was shown: those of today stand in their place.
pub(crate) fn idea_gone(conversation: &Conversation<'_>, ideas: Reply) -> Reply {
    let word = conversation.voice().text(Key::ToastIdeaGone, &[]);
    Reply::WithToast(Box::new(ideas), word)
}
