//! A person tapped a button under the ideas or under a script.

use crate::actions::receive_photo::more_with_photo;
use crate::chat::{
    conversation::Conversation,
    key::Key,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{self, prompt::Occasion, script::Script},
};
use crate::domain::{
    draft::{DraftMove, DraftState, Source},
    id::{DraftId, OrderId},
};
use crate::store::{
    drafts::{self, Draft},
    error::StoreError,
};

/// A ready-made idea was chosen.
pub(crate) fn on_preset(
    conversation: &mut Conversation<'_>,
    id: DraftId,
    preset: &str,
) -> Result<Reply, StoreError> {
    let offered = conversation.settings.preset(preset).is_some();
    let Some(draft) = open_draft(conversation, id)?.filter(|_| offered) else {
        return Ok(conversation.stale());
    };
    let source = Source::Preset(preset.to_owned());
    match &draft.state {
        DraftState::Writing(wanted) if *wanted == source => {
            Ok(conversation.toast(Key::ToastWriting))
        }
        // A second tap that came late. The person may have read the script and be ordering it
        // already, so it stays; another one has a button of its own.
        DraftState::Ready { source: wanted, prompt } if *wanted == source => {
            show_again(conversation, &draft, prompt)
        }
        _ => begin_script(conversation, id, &source),
    }
}

/// The person wants to describe the video.
pub(crate) fn on_own_text(
    conversation: &mut Conversation<'_>,
    id: DraftId,
) -> Result<Reply, StoreError> {
    let voice = conversation.voice();
    if open_draft(conversation, id)?.is_none() {
        return Ok(conversation.stale());
    }
    drafts::transition(conversation.tx, id, DraftMove::Describe)?;
    Ok(Reply::Edit(Anchor::Draft(id), screens::own_text::invitation(&voice, id)))
}

/// A button of the script says what is no longer offered: the script is shown with today's offer.
pub(crate) fn on_offer_changed(
    conversation: &mut Conversation<'_>,
    id: DraftId,
) -> Result<Reply, StoreError> {
    if let Some(draft) = open_draft(conversation, id)?
        && let DraftState::Ready { prompt, .. } = &draft.state
    {
        return show_again(conversation, &draft, prompt);
    }
    Ok(conversation.stale())
}

/// Back to the ideas.
pub(crate) fn on_ideas(
    conversation: &mut Conversation<'_>,
    id: DraftId,
) -> Result<Reply, StoreError> {
    if open_draft(conversation, id)?.is_none() {
        return Ok(conversation.stale());
    }
    drafts::transition(conversation.tx, id, DraftMove::ChooseIdea)?;
    Ok(Reply::Edit(Anchor::Draft(id), ideas(conversation, id)))
}

/// Another script from the same idea, in the place of the one with this revision.
pub(crate) fn on_another_script(
    conversation: &mut Conversation<'_>,
    id: DraftId,
    revision: u32,
) -> Result<Reply, StoreError> {
    match open_draft(conversation, id)? {
        Some(Draft { revision: current, state: DraftState::Ready { source, .. }, .. })
            if current == revision =>
        {
            begin_script(conversation, id, &source)
        }
        // The tap before this one is being carried out.
        Some(Draft { state: DraftState::Writing(_), .. }) => {
            Ok(conversation.toast(Key::ToastWriting))
        }
        _ => Ok(conversation.stale()),
    }
}

/// The script to copy and change. It stays orderable while the person thinks of a better one.
pub(crate) fn on_edit_script(
    conversation: &mut Conversation<'_>,
    id: DraftId,
) -> Result<Reply, StoreError> {
    let voice = conversation.voice();
    Ok(Reply::Message(match open_draft(conversation, id)?.map(|draft| draft.state) {
        Some(DraftState::Ready { prompt, .. }) => screens::script::edit(&voice, &prompt),
        Some(DraftState::Writing(_)) => screens::script::still_writing(&voice),
        _ => return Ok(conversation.stale()),
    }))
}

/// More videos with the photo of an order.
pub(crate) fn on_more(
    conversation: &mut Conversation<'_>,
    order: OrderId,
) -> Result<Reply, StoreError> {
    let draft = more_with_photo(conversation.tx, conversation.user.id, order)?;
    Ok(match draft {
        Some(draft) => Reply::Message(ideas(conversation, draft)),
        None => conversation.stale(),
    })
}

fn begin_script(
    conversation: &Conversation<'_>,
    id: DraftId,
    source: &Source,
) -> Result<Reply, StoreError> {
    drafts::transition(conversation.tx, id, DraftMove::BeginScript(source))?;
    Ok(Reply::Edit(Anchor::Draft(id), screens::script::writing(&conversation.voice())))
}

/// Shows a script that is there already, with today's price.
fn show_again(
    conversation: &Conversation<'_>,
    draft: &Draft,
    prompt: &str,
) -> Result<Reply, StoreError> {
    let offer = conversation.settings.offer(conversation.user.credits);
    drafts::transition(conversation.tx, draft.id, DraftMove::Reprice(offer.price))?;
    let script = Script { draft: draft.id, revision: draft.revision, prompt, fallback: None };
    let screen = screens::script::script(&conversation.voice(), &script, &offer);
    Ok(Reply::Edit(Anchor::Draft(draft.id), screen))
}

fn ideas(conversation: &Conversation<'_>, draft: DraftId) -> Screen {
    let presets = &conversation.settings.presets;
    screens::prompt::ideas(&conversation.voice(), draft, presets, Occasion::SamePhoto)
}

/// The draft, if it is this person's and still open.
fn open_draft(conversation: &Conversation<'_>, id: DraftId) -> Result<Option<Draft>, StoreError> {
    let draft = drafts::find(conversation.tx, conversation.user.id, id)?;
    Ok(draft.filter(|draft| !matches!(draft.state, DraftState::Ordered | DraftState::Dropped)))
}
