//! A person wants to see what the ideas look like.

use crate::chat::{
    conversation::Conversation,
    key::Key,
    reply::{Anchor, Reply},
    screens,
};
use crate::config::samples::Sample;
use crate::domain::{id::DraftId, preset::Preset};
use crate::store::{
    drafts::{self, Draft},
    error::StoreError,
    outbox,
};

/// How many samples come at once.
const AT_ONCE: usize = 5;

/// "👀 Examples" in the main menu: an idea is chosen for the photo that came last.
pub(crate) fn on_examples(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    let draft = drafts::newest(conversation.tx, conversation.user.id)?;
    show(conversation, draft.as_ref(), 0)
}

/// The samples from there on, for a draft or for none.
pub(crate) fn on_samples(
    conversation: &Conversation<'_>,
    draft: Option<DraftId>,
    from: u32,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let found = draft.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten();
    if draft.is_some() && found.is_none() {
        return Ok(conversation.stale());
    }
    show(conversation, found.as_ref(), from)
}

fn show(
    conversation: &Conversation<'_>,
    draft: Option<&Draft>,
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
    let id = draft.map(|draft| draft.id);
    for (preset, sample) in all.iter().skip(first).take(AT_ONCE) {
        let is_illustration = matches!(sample, Sample::Illustration(_));
        let screen = screens::samples::sample(&voice, preset, is_illustration, id);
        conversation.show(&Reply::Message(screen))?;
    }
    let next = first + AT_ONCE;
    let more = u32::try_from(next).ok().filter(|_| next < all.len());
    let after = screens::samples::after(&voice, id, more);
    Ok(Reply::Below(anchor, after.in_reply_to(draft.and_then(|draft| draft.photo_message))))
}
