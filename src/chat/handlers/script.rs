//! A person tapped a button under a script, or under a text that may become one.

use crate::actions::{
    begin_script::{begin_again, begin_script, has_scripts_left},
    offered::{of_photos, offered},
};
use crate::chat::{
    conversation::Conversation,
    handlers::{series, series_offer},
    key::Key,
    reply::{Anchor, Reply},
    screens::{
        self,
        script::{Heading, Offer, ReadyScript},
    },
};
use crate::domain::{
    awaited::Awaited,
    draft::{Fallback, Scope, ScriptId, ScriptState, Source, SourceKind},
    id::DraftId,
    options::Choice,
};
use crate::store::{
    batches,
    drafts::{self, Draft},
    error::StoreError,
    quotes,
    scripts::{self, Script},
};

/// "✅ Yes": the text that was asked about is meant for a video.
pub(crate) fn on_use_text(
    conversation: &mut Conversation<'_>,
    id: ScriptId,
) -> Result<Reply, StoreError> {
    if let Some(script) = scripts::find(conversation.tx, id)?
        && script.scope == Scope::All
    {
        return on_use_text_for_all(conversation, &script);
    }
    let Some((_, script)) = find(conversation, id)? else { return Ok(conversation.stale()) };
    match script.state {
        ScriptState::Offered => {
            let (tx, user) = (conversation.tx, conversation.user.id);
            begin_again(tx, user, id, &script.source)?;
            let writing = screens::script::writing(&conversation.voice());
            Ok(Reply::Edit(Anchor::Script(id), writing))
        }
        ScriptState::Writing => Ok(conversation.toast(Key::ToastWriting)),
        ScriptState::Ordered => Ok(conversation.toast(Key::ToastAccepted)),
        ScriptState::Ready => show_again(conversation, &script),
    }
}

/// The same of a text about all products of an album.
fn on_use_text_for_all(
    conversation: &Conversation<'_>,
    script: &Script,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(album) = drafts::album(tx, user, script.id.draft)? else {
        return Ok(conversation.stale());
    };
    if script.state == ScriptState::Offered {
        return series::begin(conversation, album, &script.source);
    }
    match batches::of_script(tx, script.id)? {
        Some(batch) => series_offer::on_refresh(conversation, batch),
        None => Ok(conversation.stale()),
    }
}

/// Another script from the same idea, below: the one before stays orderable.
pub(crate) fn on_another_script(
    conversation: &mut Conversation<'_>,
    id: ScriptId,
) -> Result<Reply, StoreError> {
    let Some((draft, script)) = find(conversation, id)? else { return Ok(conversation.stale()) };
    let (tx, user) = (conversation.tx, conversation.user.id);
    let scripts = scripts::of_draft(tx, id.draft)?;
    // The tap before this one is being carried out.
    if scripts.iter().any(|script| script.state == ScriptState::Writing) {
        return Ok(conversation.toast(Key::ToastWriting));
    }
    // What was refused cannot be taken as it is.
    let needs_writer =
        script.fallback == Some(Fallback::Limit) || script.source.kind() == SourceKind::Rewrite;
    if needs_writer && !has_scripts_left(tx, user, id.draft)? {
        return Ok(Reply::Hint(screens::script::no_more(&conversation.voice())));
    }
    let source = match script.source {
        Source::Edited(prompt) => Source::OwnText(prompt),
        source => source,
    };
    if !conversation.settings.has_idea(&source) {
        return Ok(conversation.stale());
    }
    let another = begin_script(tx, user, id.draft, &source, None)?;
    if let Some(rule) = script.rule {
        scripts::set_rule(tx, another, rule)?;
    }
    let writing = screens::script::writing(&conversation.voice());
    Ok(Reply::Below(Anchor::Script(another), writing.in_reply_to(draft.photo_message)))
}

/// The script to copy and change. It stays orderable while the person thinks of a better one.
pub(crate) fn on_edit_script(
    conversation: &mut Conversation<'_>,
    draft: DraftId,
    revision: Option<u32>,
) -> Result<Reply, StoreError> {
    let script = match revision {
        Some(revision) => {
            find(conversation, ScriptId { draft, revision })?.map(|(_, script)| script)
        }
        None => newest_ready(conversation, draft)?,
    };
    let Some((id, prompt)) = script.and_then(|script| Some((script.id, script.prompt?))) else {
        return Ok(conversation.stale());
    };
    conversation.expect_text(Awaited::Edit(id))?;
    let edit = screens::script::edit(&conversation.voice(), &prompt);
    Ok(Reply::Below(Anchor::Edit(id), edit))
}

/// A button of the script says what is no longer offered: the script is shown with today's offer, and
/// this word about what is different.
pub(crate) fn on_offer_changed(
    conversation: &mut Conversation<'_>,
    id: ScriptId,
    word: Key,
) -> Result<Reply, StoreError> {
    let Some((_, script)) = find(conversation, id)? else { return Ok(conversation.stale()) };
    let shown = show_again(conversation, &script)?;
    let word = conversation.voice().text(word, &[]);
    Ok(Reply::WithToast(Box::new(shown), word))
}

/// A button of a script is of the photo that was there before: what there is for the new one.
pub(crate) fn on_photo_replaced(
    conversation: &Conversation<'_>,
    id: ScriptId,
) -> Result<Reply, StoreError> {
    let Some((_, script)) = find(conversation, id)? else { return Ok(conversation.stale()) };
    let word = conversation.voice().text(Key::ToastPhotoReplaced, &[]);
    let shown = match script.state {
        ScriptState::Ready => show_again(conversation, &script)?,
        ScriptState::Offered | ScriptState::Writing | ScriptState::Ordered => Reply::Nothing,
    };
    Ok(Reply::WithToast(Box::new(shown), word))
}

/// Shows a script that is there already, with what is offered today.
pub(crate) fn show_again(
    conversation: &Conversation<'_>,
    script: &Script,
) -> Result<Reply, StoreError> {
    let choice = script.shown.or(drafts::choice(conversation.tx, script.id.draft)?);
    show_with(conversation, script, choice)
}

/// Shows a script that is there already, with what a choice comes to.
pub(crate) fn show_with(
    conversation: &Conversation<'_>,
    script: &Script,
    choice: Choice,
) -> Result<Reply, StoreError> {
    show_as(conversation, script, Heading::Ready, choice)
}

/// The same under another heading.
pub(crate) fn show_as(
    conversation: &Conversation<'_>,
    script: &Script,
    heading: Heading,
    choice: Choice,
) -> Result<Reply, StoreError> {
    let Some(ready) = ReadyScript::of(script) else { return Ok(conversation.stale()) };
    let ready = ReadyScript { heading, ..ready };
    let (tx, settings) = (conversation.tx, conversation.settings);
    let offered = &*offered(tx, &settings.rules)?;
    let quote = offered.quote(choice);
    let of_photos = of_photos(tx, offered, script.id.draft, quote.options.aspect)?;
    let number = quotes::set(tx, script.id, quote, of_photos)?;
    let offer = settings.offer(conversation.user.credits, quote);
    let offer = Offer { offered, number, of_photos, ..offer };
    let screen = screens::script::script(&conversation.voice(), &ready, &offer);
    Ok(Reply::Edit(Anchor::Script(script.id), screen))
}

/// The script, and the draft that it is of, if that is this person's and open.
pub(crate) fn find(
    conversation: &Conversation<'_>,
    id: ScriptId,
) -> Result<Option<(Draft, Script)>, StoreError> {
    let draft = drafts::find(conversation.tx, conversation.user.id, id.draft)?;
    Ok(draft.zip(scripts::find(conversation.tx, id)?))
}

fn newest_ready(
    conversation: &Conversation<'_>,
    draft: DraftId,
) -> Result<Option<Script>, StoreError> {
    if drafts::find(conversation.tx, conversation.user.id, draft)?.is_none() {
        return Ok(None);
    }
    let scripts = scripts::of_draft(conversation.tx, draft)?;
    Ok(scripts.into_iter().find(|script| script.state == ScriptState::Ready))
}
