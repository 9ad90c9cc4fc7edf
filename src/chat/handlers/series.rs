//! Several products at once: one idea for all, one order.

use crate::actions::{
    begin_script::{begin_again, begin_script},
    join_album::offered,
};
use crate::chat::{
    album_tap::AlbumTap,
    conversation::Conversation,
    key::Key,
    own_text::own_text,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{
        self,
        series::{OfferedSeries, ReadySeries, SeriesIdeas},
    },
    tap::Tap,
};
use crate::domain::{
    awaited::Awaited,
    draft::{ScriptId, ScriptState, Source},
    id::{AlbumId, BatchId, MessageId},
};
use crate::store::{
    anchors,
    batches::{self, Batch},
    drafts::{self, Draft},
    error::StoreError,
    outbox, quotes, scripts, voices,
};

/// The ideas for all products of an album.
pub(crate) fn on_ideas(
    conversation: &Conversation<'_>,
    album: AlbumId,
) -> Result<Reply, StoreError> {
    match ideas(conversation, album)? {
        Some(ideas) => Ok(Reply::Edit(Anchor::Album(album), ideas)),
        None => Ok(conversation.stale()),
    }
}

/// Shows the ideas anew where a text under one of the photos was changed, unless the person has gone on.
pub(crate) fn show_ideas_again(
    conversation: &Conversation<'_>,
    album: AlbumId,
) -> Result<Reply, StoreError> {
    let (tx, user, anchor) = (conversation.tx, conversation.user.id, Anchor::Album(album));
    let name = anchor.to_string();
    if anchors::message(tx, user, &name)?.is_none() && !outbox::is_waiting(tx, user, &name)? {
        return Ok(Reply::Nothing);
    }
    on_ideas(conversation, album)
}

/// Another idea for the same products, below.
pub(crate) fn on_more(
    conversation: &mut Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    let batch = batches::find(conversation.tx, conversation.user.id, batch)?;
    let Some(Batch { album, .. }) = batch else { return Ok(conversation.stale()) };
    match ideas(conversation, album)? {
        Some(ideas) => Ok(Reply::Below(Anchor::Album(album), ideas)),
        None => Ok(conversation.stale()),
    }
}

fn ideas(conversation: &Conversation<'_>, album: AlbumId) -> Result<Option<Screen>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let drafts = drafts::of_album(tx, user, album)?;
    let Some(first) = drafts.first() else { return Ok(None) };
    conversation.expect_text(Awaited::Series(album))?;
    let mut text = None;
    for draft in &drafts {
        text = text.or(offered(tx, draft)?);
    }
    let presets = &conversation.settings.presets;
    let (products, text) = (number(drafts.len()), text.as_deref());
    let ideas = SeriesIdeas { album, products, presets, text };
    let screen = screens::series::ideas(&conversation.voice(), &ideas);
    Ok(Some(screen.in_reply_to(first.photo_message)))
}

/// A ready-made idea was chosen for all.
pub(crate) fn on_preset(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
    preset: &str,
) -> Result<Reply, StoreError> {
    let source = Source::Preset(preset.to_owned());
    if !conversation.settings.has_idea(&source) {
        return Ok(conversation.stale());
    }
    begin(conversation, album, &source, false)
}

/// The person wants to describe the videos of all.
pub(crate) fn on_own_text(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if drafts::of_album(tx, user, album)?.is_empty() {
        return Ok(conversation.stale());
    }
    conversation.expect_text(Awaited::Series(album))?;
    let (back, listens) = (Tap::Album(AlbumTap::Ideas(album)), conversation.settings.listens());
    let invitation = screens::own_text::invitation(&conversation.voice(), &back, listens);
    Ok(Reply::Edit(Anchor::Album(album), invitation))
}

/// A text was sent that is meant for all.
pub(crate) fn on_text(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
    text: &str,
) -> Result<Reply, StoreError> {
    match own_text(text) {
        Ok(text) => {
            conversation.stop_expecting()?;
            begin(conversation, album, &Source::OwnText(text.to_owned()), true)
        }
        Err(fault) => Ok(Reply::Hint(screens::own_text::unusable(&conversation.voice(), fault))),
    }
}

/// The words of a voice message are meant for all.
pub(crate) fn on_heard_text(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
    message: MessageId,
) -> Result<Reply, StoreError> {
    match voices::words(conversation.tx, conversation.user.id, message)? {
        Some(words) => begin(conversation, album, &Source::OwnText(words), false),
        None => Ok(conversation.stale()),
    }
}

/// Each product by the text under its photo; those without one by the first.
pub(crate) fn on_captions(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let mut texts = Vec::new();
    for draft in drafts::of_album(tx, user, album)? {
        texts.push((offered(tx, &draft)?, draft));
    }
    let Some(first) = texts.iter().find_map(|(text, _)| text.clone()) else {
        return Ok(conversation.stale());
    };
    let source = |text: Option<String>| Source::OwnText(text.unwrap_or_else(|| first.clone()));
    let each = texts.into_iter().map(|(text, draft)| (draft, source(text))).collect();
    begin_each(conversation, album, each, false)
}

fn begin(
    conversation: &Conversation<'_>,
    album: AlbumId,
    source: &Source,
    is_below: bool,
) -> Result<Reply, StoreError> {
    let drafts = drafts::of_album(conversation.tx, conversation.user.id, album)?;
    let each = drafts.into_iter().map(|draft| (draft, source.clone())).collect();
    begin_each(conversation, album, each, is_below)
}

/// Begins a script for each product. While those of a series before are being written, there is no
/// other: that was a second tap.
fn begin_each(
    conversation: &Conversation<'_>,
    album: AlbumId,
    each: Vec<(Draft, Source)>,
    is_below: bool,
) -> Result<Reply, StoreError> {
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    if each.is_empty() {
        return Ok(conversation.stale());
    }
    if let Some(before) = batches::newest(tx, album)? {
        let scripts = batches::scripts(tx, before)?;
        if scripts.iter().any(|script| script.state == ScriptState::Writing) {
            // A text gets an answer in the chat.
            let hint = || Reply::Hint(screens::script::still_writing(&voice));
            return Ok(if is_below { hint() } else { conversation.toast(Key::ToastWriting) });
        }
    }
    let products = number(each.len());
    let batch = batches::begin(tx, user, album, products)?;
    for (draft, source) in each {
        let script = begin_one(conversation, &draft, &source)?;
        batches::join(tx, batch, script)?;
    }
    let progress = screens::series::progress(&voice, 0, products);
    let anchor = Anchor::Series(batch);
    Ok(if is_below { Reply::Below(anchor, progress) } else { Reply::Edit(anchor, progress) })
}

/// Begins a script; the text under the photo becomes one itself.
fn begin_one(
    conversation: &Conversation<'_>,
    draft: &Draft,
    source: &Source,
) -> Result<ScriptId, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let offered = scripts::of_draft(tx, draft.id)?;
    let offered = offered
        .into_iter()
        .find(|script| script.state == ScriptState::Offered && script.source == *source);
    match offered {
        Some(script) => {
            begin_again(tx, user, script.id, source)?;
            Ok(script.id)
        }
        None => begin_script(tx, user, draft.id, source, None),
    }
}

/// A script of a series was written, or its photo cannot serve: how far the series is, or what can be
/// ordered.
pub(crate) fn on_script(
    conversation: &Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    let found = batches::find(conversation.tx, conversation.user.id, batch)?;
    let Some(found) = found else { return Ok(Reply::Nothing) };
    Ok(Reply::Edit(Anchor::Series(batch), state(conversation, &found)?))
}

/// "The other products": what of a series is not ordered yet, below.
pub(crate) fn on_series(
    conversation: &mut Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    match batches::find(conversation.tx, conversation.user.id, batch)? {
        Some(batch) => Ok(Reply::Below(Anchor::Series(batch.id), state(conversation, &batch)?)),
        None => Ok(conversation.stale()),
    }
}

/// A button of a series says what is no longer offered: what there is now, and a word about it.
pub(crate) fn on_offer_changed(
    conversation: &Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    let shown = on_script(conversation, batch)?;
    let word = conversation.voice().text(Key::ToastOfferChanged, &[]);
    Ok(Reply::WithToast(Box::new(shown), word))
}

/// What a series shows now. What can be ordered is shown with today's prices, in the shape and the
/// length in which it was shown before, as far as they are still there.
fn state(conversation: &Conversation<'_>, batch: &Batch) -> Result<Screen, StoreError> {
    let (tx, settings, voice) = (conversation.tx, conversation.settings, conversation.voice());
    let mut scripts = batches::scripts(tx, batch.id)?;
    let writing = scripts.iter().filter(|s| s.state == ScriptState::Writing).count();
    if scripts.is_empty() {
        return Ok(screens::series::none(&voice));
    }
    if writing > 0 {
        let all = scripts.len();
        return Ok(screens::series::progress(&voice, number(all - writing), number(all)));
    }
    let lost = batch.products.saturating_sub(number(scripts.len()));
    let ordered = scripts.iter().filter(|s| s.state == ScriptState::Ordered).count();
    scripts.retain(|script| script.state == ScriptState::Ready);
    if scripts.is_empty() {
        return Ok(screens::order::already_ordered(&voice));
    }
    for script in &mut scripts {
        let choice = script.shown.or(drafts::choice(tx, script.id.draft)?);
        let quote = settings.rules.offered.quote(choice);
        quotes::set(tx, script.id, quote)?;
        script.price = Some(quote.price);
    }
    let offer = batches::offer(tx, batch.id)?;
    Ok(screens::series::ready(
        &voice,
        &ReadySeries {
            offered: OfferedSeries { batch: batch.id, ordered: number(ordered), offer },
            scripts: &scripts,
            lost,
            presets: &settings.presets,
            counts: &settings.rules.counts,
            balance: conversation.user.credits,
        },
    ))
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
