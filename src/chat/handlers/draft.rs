//! A person tapped a button under the ideas, or wants more of a product.

use crate::actions::{begin_script::begin_script, receive_photo::more_with_photo};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        album::on_sides,
        ideas::{idea_gone, ideas},
        photo,
        script::show_again,
    },
    key::Key,
    reply::{Anchor, Reply},
    screens::{self, prompt::Occasion},
    tap::Tap,
};
use crate::domain::{
    awaited::Awaited,
    draft::{ScriptState, Source},
    id::{DraftId, OrderId},
};
use crate::store::{
    draft_photos,
    drafts::{self, Draft},
    error::StoreError,
    orders, photos, scripts,
};

/// A ready-made idea was chosen.
pub(crate) fn on_preset(
    conversation: &mut Conversation<'_>,
    id: DraftId,
    preset: &str,
) -> Result<Reply, StoreError> {
    begin_idea(conversation, id, &Source::Preset(preset.to_owned()))
}

/// Begins a script of an idea, unless there is one already.
pub(crate) fn begin_idea(
    conversation: &Conversation<'_>,
    id: DraftId,
    source: &Source,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(draft) = drafts::find(tx, user, id)? else { return Ok(conversation.stale()) };
    if !conversation.settings.has_idea(source) {
        let ideas = ideas(conversation, &draft, Occasion::SamePhoto)?;
        return Ok(idea_gone(conversation, Reply::Edit(Anchor::Ideas(id), ideas)));
    }
    if !photos::is_here(tx, draft.photo)? {
        return Ok(photo::gone(conversation));
    }
    let scripts = scripts::of_draft(tx, draft.id)?;
    // A second tap that came late. The person may have read the script and be ordering it
    // already, so it stays; another one has a button of its own.
    if let Some(script) = scripts.iter().find(|script| script.source == *source) {
        match script.state {
            ScriptState::Writing => return Ok(conversation.toast(Key::ToastWriting)),
            ScriptState::Ready => return show_again(conversation, script),
            ScriptState::Offered | ScriptState::Ordered => {}
        }
    }
    let script = begin_script(tx, user, draft.id, source, None)?;
    let writing = screens::script::writing(&conversation.voice());
    Ok(Reply::Edit(Anchor::Script(script), writing))
}

/// The person wants to describe the video.
pub(crate) fn on_own_text(
    conversation: &mut Conversation<'_>,
    id: DraftId,
) -> Result<Reply, StoreError> {
    let Some(draft) = drafts::find(conversation.tx, conversation.user.id, id)? else {
        return Ok(conversation.stale());
    };
    conversation.expect_text(Awaited::Text(draft.id))?;
    let (back, listens) = (Tap::Ideas { draft: id }, conversation.settings.listens());
    let invitation = screens::own_text::invitation(&conversation.voice(), &back, listens);
    Ok(Reply::Edit(Anchor::Draft(id), invitation))
}

/// Back to the ideas.
pub(crate) fn on_ideas(
    conversation: &mut Conversation<'_>,
    id: DraftId,
) -> Result<Reply, StoreError> {
    let Some(draft) = drafts::find(conversation.tx, conversation.user.id, id)? else {
        return Ok(conversation.stale());
    };
    conversation.expect_text(Awaited::Text(id))?;
    let ideas = ideas(conversation, &draft, Occasion::SamePhoto)?;
    Ok(Reply::Edit(Anchor::Ideas(id), ideas))
}

/// More videos with the photo of an order.
pub(crate) fn on_more(
    conversation: &mut Conversation<'_>,
    order: OrderId,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let begun = more_with_photo(tx, user, order)?;
    let draft = begun.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten();
    let Some(draft) = draft else { return Ok(conversation.stale()) };
    let ending = orders::ending(tx, order)?;
    if ending.is_some_and(|ending| ending.is_photo_refused())
        && draft_photos::count(tx, draft.id)? > 1
    {
        return on_sides(conversation, draft.id);
    }
    show_ideas(conversation, &draft)
}

/// The ideas of a draft in a new message; the next text is one as well. Without its photo there are none.
pub(crate) fn show_ideas(
    conversation: &Conversation<'_>,
    draft: &Draft,
) -> Result<Reply, StoreError> {
    if !photos::is_here(conversation.tx, draft.photo)? {
        return Ok(photo::gone(conversation));
    }
    conversation.expect_text(Awaited::Text(draft.id))?;
    Ok(Reply::Below(Anchor::Ideas(draft.id), ideas(conversation, draft, Occasion::SamePhoto)?))
}
