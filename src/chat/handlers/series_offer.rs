//! What a series offers: its scripts with their prices, in the shape and the length that is chosen.

use crate::actions::offered::{of_photos, offered};
use crate::chat::{
    conversation::Conversation,
    handlers::series::number,
    key::Key,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{
        self,
        script::Offer,
        series::{OfferedSeries, ReadySeries},
    },
};
use crate::domain::{draft::ScriptState, id::BatchId, options::Choice};
use crate::store::{
    batches::{self, Batch, ScriptOfBatch},
    choices, drafts,
    error::StoreError,
    quotes,
};

/// A script of a series was written, or its photo cannot serve: how far the series is, or what can be
/// ordered.
pub(crate) fn on_script(
    conversation: &Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    match state(conversation, batch)? {
        Some(state) => Ok(Reply::Edit(Anchor::Series(batch), state)),
        None => Ok(Reply::Nothing),
    }
}

/// "🔄 Refresh": the same, where the person was away when it was to be shown.
pub(crate) fn on_refresh(
    conversation: &Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    let Some(state) = state(conversation, batch)? else { return Ok(conversation.stale()) };
    let shown = Reply::Edit(Anchor::Series(batch), state);
    let scripts = batches::scripts(conversation.tx, batch)?;
    if scripts.iter().any(|script| script.state == ScriptState::Writing) {
        let word = conversation.voice().text(Key::ToastWriting, &[]);
        return Ok(Reply::WithToast(Box::new(shown), word));
    }
    Ok(shown)
}

/// "The other products": what of a series is not ordered yet, below.
pub(crate) fn on_series(
    conversation: &Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    match state(conversation, batch)? {
        Some(state) => Ok(Reply::Below(Anchor::Series(batch), state)),
        None => Ok(conversation.stale()),
    }
}

/// A button of a series says what is no longer offered: what there is now, and a word about it.
pub(crate) fn on_offer_changed(
    conversation: &Conversation<'_>,
    batch: BatchId,
) -> Result<Reply, StoreError> {
    show_with_word(conversation, batch, Key::ToastOfferChanged)
}

/// What there is now of a series, and this word about it.
pub(crate) fn show_with_word(
    conversation: &Conversation<'_>,
    batch: BatchId,
    word: Key,
) -> Result<Reply, StoreError> {
    let Some(state) = state(conversation, batch)? else { return Ok(conversation.stale()) };
    let shown = Reply::Edit(Anchor::Series(batch), state);
    Ok(Reply::WithToast(Box::new(shown), conversation.voice().text(word, &[])))
}

/// A shape or a length was chosen for all that is not ordered yet. It is kept for what the person prepares
/// next.
pub(crate) fn on_options(
    conversation: &Conversation<'_>,
    id: BatchId,
    picked: Choice,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(batch) = find(conversation, id)? else { return Ok(conversation.stale()) };
    let scripts = batches::scripts(tx, id)?;
    if scripts.iter().any(|script| script.state == ScriptState::Writing) {
        return Ok(conversation.toast(Key::ToastWriting));
    }
    let mut ready = scripts.iter().filter(|script| script.state == ScriptState::Ready).peekable();
    let Some(first) = ready.peek() else {
        return Ok(if scripts.is_empty() {
            conversation.stale()
        } else {
            conversation.toast(Key::ToastAccepted)
        });
    };
    let offered = offered(tx, &conversation.settings.rules)?;
    if !offered.takes(picked) {
        // Under a series that shows what is offered there is no such button.
        let stands = offered.takes(first.shown);
        let word = conversation.toast(Key::ToastNotOffered);
        return if stands { Ok(word) } else { on_offer_changed(conversation, id) };
    }
    for script in ready {
        drafts::choose(tx, script.id.draft, picked)?;
    }
    choices::choose(tx, user, picked)?;
    let shown = ready_series(conversation, &batch, scripts, picked)?;
    Ok(Reply::Edit(Anchor::Series(id), shown))
}

/// The series, if it is this person's and not forgotten.
fn find(conversation: &Conversation<'_>, id: BatchId) -> Result<Option<Batch>, StoreError> {
    let found = batches::find(conversation.tx, conversation.user.id, id)?;
    Ok(if batches::is_known(conversation.tx, id)? { found } else { None })
}

/// What a series shows now; `None` where there is no such series any more.
fn state(conversation: &Conversation<'_>, id: BatchId) -> Result<Option<Screen>, StoreError> {
    let (tx, voice) = (conversation.tx, conversation.voice());
    let Some(batch) = find(conversation, id)? else { return Ok(None) };
    let scripts = batches::scripts(tx, id)?;
    let are = |state| scripts.iter().filter(|script| script.state == state).count();
    let (writing, ready) = (are(ScriptState::Writing), are(ScriptState::Ready));
    Ok(Some(if scripts.is_empty() {
        screens::series::none(&voice, &batches::gone(tx, id)?)
    } else if writing > 0 {
        let all = scripts.len();
        screens::series::progress(&voice, id, number(all - writing), number(all))
    } else if ready == 0 {
        screens::order::already_ordered(&voice)
    } else {
        ready_series(conversation, &batch, scripts, Choice::default())?
    }))
}

/// What can be ordered of a series, with today's prices, in the shape and the length that was picked just now or
/// else shown before, as far as they are still there: one for all.
fn ready_series(
    conversation: &Conversation<'_>,
    batch: &Batch,
    mut scripts: Vec<ScriptOfBatch>,
    picked: Choice,
) -> Result<Screen, StoreError> {
    let (tx, settings) = (conversation.tx, conversation.settings);
    let gone = &batches::gone(tx, batch.id)?;
    let lost = batch.products.saturating_sub(number(scripts.len() + gone.len()));
    let ordered = scripts.iter().filter(|s| s.state == ScriptState::Ordered).count();
    scripts.retain(|script| script.state == ScriptState::Ready);
    let mut choice = picked;
    for script in &scripts {
        choice = choice.or(script.shown).or(drafts::choice(tx, script.id.draft)?);
    }
    let offered = &*offered(tx, &settings.rules)?;
    let quote = offered.quote(choice);
    for script in &mut scripts {
        let of_photos = of_photos(tx, offered, script.id.draft, quote.options.aspect)?;
        quotes::set(tx, script.id, quote, of_photos)?;
        script.price = Some(quote.price);
    }
    let offer = batches::offer(tx, batch.id)?;
    Ok(screens::series::ready(
        &conversation.voice(),
        &ReadySeries {
            offered: OfferedSeries { batch: batch.id, ordered: number(ordered), offer },
            scripts: &scripts,
            lost,
            gone,
            presets: &settings.presets,
            offer: Offer { offered, ..settings.offer(conversation.user.credits, quote) },
        },
    ))
}
