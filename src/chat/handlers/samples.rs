//! A person wants to see what the ideas look like.

use crate::chat::{
    conversation::Conversation,
    key::Key,
    reply::{Anchor, Reply},
    screens::{self, samples::ChosenFor},
};
use crate::config::samples::Sample;
use crate::domain::{
    id::{AlbumId, DraftId, MessageId},
    preset::Preset,
};
use crate::store::{
    drafts::{self, Draft},
    error::StoreError,
    outbox,
};

/// How many samples come at once.
const AT_ONCE: usize = 5;

/// "👀 Examples" in the main menu: an idea is chosen for the photo that came last.
pub(crate) fn on_examples(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    match drafts::newest(conversation.tx, conversation.user.id)? {
        Some(draft) => for_draft(conversation, &draft, 0),
        None => show(conversation, ChosenFor::Nothing, None, 0),
    }
}

/// The samples from there on, for a draft or for none.
pub(crate) fn on_samples(
    conversation: &Conversation<'_>,
    draft: Option<DraftId>,
    from: u32,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(draft) = draft else { return show(conversation, ChosenFor::Nothing, None, from) };
    match drafts::find(tx, user, draft)? {
        Some(draft) => for_draft(conversation, &draft, from),
        None => Ok(conversation.stale()),
    }
}

/// The samples from there on, for all products of an album.
pub(crate) fn on_samples_for_all(
    conversation: &Conversation<'_>,
    album: AlbumId,
    from: u32,
) -> Result<Reply, StoreError> {
    let products = drafts::of_album(conversation.tx, conversation.user.id, album)?;
    match products.first() {
        Some(first) => show(conversation, ChosenFor::Album(album), first.photo_message, from),
        None => Ok(conversation.stale()),
    }
}

fn for_draft(
    conversation: &Conversation<'_>,
    draft: &Draft,
    from: u32,
) -> Result<Reply, StoreError> {
    show(conversation, ChosenFor::Draft(draft.id), draft.photo_message, from)
}

fn show(
    conversation: &Conversation<'_>,
    chosen_for: ChosenFor,
    photo: Option<MessageId>,
    from: u32,
) -> Result<Reply, StoreError> {
    let (voice, presets) = (conversation.voice(), &conversation.settings.presets);
    let with_samples = presets.iter().filter_map(|preset| Some((preset, Sample::of(preset)?)));
    let all: Vec<(&Preset, Sample)> = with_samples.collect();
    if all.is_empty() {
        return Ok(Reply::Message(screens::start::examples(&voice, presets)));
    }
    let first = usize::try_from(from).unwrap_or(usize::MAX);
    if first >= all.len() {
        return Ok(conversation.stale());
    }
    let anchor = Anchor::Samples;
    if outbox::is_waiting(conversation.tx, conversation.user.id, &anchor.to_string())? {
        return Ok(conversation.toast(Key::ToastSamples));
    }
    for (preset, sample) in all.iter().skip(first).take(AT_ONCE) {
        let is_illustration = matches!(sample, Sample::Illustration(_));
        let screen = screens::samples::sample(&voice, preset, is_illustration, chosen_for);
        conversation.show(&Reply::Message(screen))?;
    }
    let next = first + AT_ONCE;
    let more = u32::try_from(next).ok().filter(|_| next < all.len());
    let after = screens::samples::after(&voice, chosen_for, more);
    Ok(Reply::Below(anchor, after.in_reply_to(photo)))
}
