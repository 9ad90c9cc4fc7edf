//! Several products at once: one idea for all, one order.

use crate::actions::{
    begin_script::{begin_again, begin_script},
    join_album::offered_text,
};
use crate::chat::{
    album_tap::AlbumTap,
    conversation::Conversation,
    handlers::ideas::idea_gone,
    key::Key,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{
        self,
        prompt::Caption,
        series::{SeriesIdeas, fingerprint},
    },
    tap::Tap,
};
use crate::domain::{
    awaited::Awaited,
    draft::{Scope, ScriptId, ScriptState, Source},
    id::{AlbumId, BatchId, StyleId},
    photo::PhotoFault,
};
use crate::store::{
    anchors,
    batches::{self, Batch},
    drafts::{self, Draft},
    error::StoreError,
    outbox, own_texts, photos,
    scripts::{self, Script},
    styles,
    tx::Tx,
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
    let Some(Batch { id, album, .. }) = batch else { return Ok(conversation.stale()) };
    if !batches::goes_on(conversation.tx, id)? {
        let gone = screens::photo::unusable(&conversation.voice(), PhotoFault::Gone);
        return Ok(Reply::Hint(gone));
    }
    match ideas(conversation, album)? {
        Some(ideas) => Ok(Reply::Below(Anchor::Album(album), ideas)),
        None => Ok(conversation.stale()),
    }
}

fn ideas(conversation: &Conversation<'_>, album: AlbumId) -> Result<Option<Screen>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let products = drafts::products(tx, user, album)?;
    let Some((_, first)) = products.first() else { return Ok(None) };
    conversation.expect_text(Awaited::Series(album))?;
    let looked = products
        .iter()
        .map(|(number, draft)| Ok((*number, photos::looked(tx, draft.photo)?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let (photos, captions) = (&looked, captions(tx, &products)?);
    let (presets, styles) = (&conversation.settings.presets, &styles::of_user(tx, user)?);
    let words = words(tx, album, &products)?;
    let words =
        words.as_ref().map(|script| Caption { script: script.id, text: script.source.idea() });
    let captions = captions.as_deref();
    let ideas = SeriesIdeas { album, photos, presets, styles, words, captions };
    let screen = screens::series::ideas(&conversation.voice(), &ideas);
    Ok(Some(screen.in_reply_to(first.photo_message)))
}

/// What the person wrote of all products before there were any ideas for them.
fn words(
    tx: &Tx<'_>,
    album: AlbumId,
    products: &[(u32, Draft)],
) -> Result<Option<Script>, StoreError> {
    if batches::newest(tx, album)?.is_some() {
        return Ok(None);
    }
    let offered = products.iter().map(|(_, draft)| own_texts::offered(tx, draft.id, Scope::All));
    Ok(offered.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().next())
}

/// A ready-made idea was chosen for all.
pub(crate) fn on_preset(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
    preset: &str,
) -> Result<Reply, StoreError> {
    let source = Source::Preset(preset.to_owned());
    if !conversation.settings.has_idea(&source) {
        return Ok(idea_gone(conversation, on_ideas(conversation, album)?));
    }
    begin(conversation, album, &source)
}

/// A style of the person's own was chosen for all.
pub(crate) fn on_style(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
    style: StyleId,
) -> Result<Reply, StoreError> {
    match styles::find(conversation.tx, conversation.user.id, style)? {
        Some(style) => begin(conversation, album, &Source::Style(style.prompt)),
        None => Ok(conversation.stale()),
    }
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

/// A text is meant for all: a script is written for each.
pub(crate) fn write(
    conversation: &Conversation<'_>,
    album: AlbumId,
    text: &str,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if is_writing(tx, album)? {
        // A text is answered in the chat: there is no button that could say a word.
        return Ok(Reply::Hint(screens::script::still_writing(&conversation.voice())));
    }
    let source = Source::OwnText(text.to_owned());
    if let Some(first) = drafts::of_album(tx, user, album)?.first() {
        own_texts::offer(tx, first.id, &source, conversation.message, Scope::All)?;
    }
    Ok(match begin(conversation, album, &source)? {
        Reply::Edit(anchor, progress) => Reply::Below(anchor, progress),
        other => other,
    })
}

/// Each product by the text under its photo, as long as these are what was shown.
pub(crate) fn on_captions(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
    shown: u32,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let products = drafts::products(tx, user, album)?;
    let Some(captions) = captions(tx, &products)? else { return Ok(conversation.stale()) };
    if fingerprint(&captions) != shown {
        let word = conversation.voice().text(Key::ToastCaptionsChanged, &[]);
        return Ok(Reply::WithToast(Box::new(on_ideas(conversation, album)?), word));
    }
    let each = products.into_iter().zip(captions.into_iter().map(Source::OwnText)).collect();
    begin_each(conversation, album, each)
}

/// The text under the photo of each product, and under those without one the first of the others; nothing
/// where there is none.
fn captions(tx: &Tx<'_>, products: &[(u32, Draft)]) -> Result<Option<Vec<String>>, StoreError> {
    let texts = products.iter().map(|(_, draft)| offered_text(tx, draft));
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let first = texts.iter().flatten().next().cloned();
    Ok(first
        .map(|first| texts.into_iter().map(|text| text.unwrap_or_else(|| first.clone())).collect()))
}

/// Begins a script of the same idea for each product.
pub(super) fn begin(
    conversation: &Conversation<'_>,
    album: AlbumId,
    source: &Source,
) -> Result<Reply, StoreError> {
    let products = drafts::products(conversation.tx, conversation.user.id, album)?;
    let each = products.into_iter().map(|product| (product, source.clone())).collect();
    begin_each(conversation, album, each)
}

/// Begins a script for each product. While those of a series before are being written, there is no
/// other: that was a second tap.
fn begin_each(
    conversation: &Conversation<'_>,
    album: AlbumId,
    each: Vec<((u32, Draft), Source)>,
) -> Result<Reply, StoreError> {
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    if each.is_empty() {
        return Ok(conversation.stale());
    }
    if is_writing(tx, album)? {
        return Ok(conversation.toast(Key::ToastWriting));
    }
    let products = number(each.len());
    let batch = batches::begin(tx, user, album, products)?;
    for ((place, draft), source) in each {
        let script = begin_one(conversation, &draft, &source)?;
        batches::join(tx, batch, script, place)?;
    }
    let progress = screens::series::progress(&voice, batch, 0, products);
    Ok(Reply::Edit(Anchor::Series(batch), progress))
}

/// Whether scripts of an album's newest series are being written.
fn is_writing(tx: &Tx<'_>, album: AlbumId) -> Result<bool, StoreError> {
    let Some(batch) = batches::newest(tx, album)? else { return Ok(false) };
    let scripts = batches::scripts(tx, batch)?;
    Ok(scripts.iter().any(|script| script.state == ScriptState::Writing))
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

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
