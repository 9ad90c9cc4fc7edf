//! A person sent a text that is no command.

use std::time::Duration;

use crate::actions::begin_script::begin_script;
use crate::chat::{
    conversation::Conversation,
    handlers::{
        album,
        my::on_find,
        series,
        status::{status, status_in_short},
        style::on_style_name,
    },
    input::is_small_talk,
    own_text::{TextFault, own_text},
    reply::{Anchor, Reply},
    screens::{self, own_text::Offer},
};
use crate::domain::{
    article::{Named, named},
    awaited::Awaited,
    draft::{ScriptId, ScriptState, Source, SourceKind},
    id::MessageId,
};
use crate::store::{
    anchors,
    drafts::{self, Draft},
    error::StoreError,
    outbox,
    scripts::{self, Script},
    tx::Tx,
};

/// Telegram's apps send a very long text as several messages, one right after
/// the other: what follows a refused text this closely is the rest of it.
const REST_OF_A_LONG_TEXT: Duration = Duration::from_secs(3);

/// Answers a text: with a script where one was asked for; else the person is asked whether it is
/// meant for a video. While videos are being made, they read how far these are.
pub(crate) fn on_text(
    conversation: &mut Conversation<'_>,
    text: &str,
) -> Result<Reply, StoreError> {
    match conversation.awaited() {
        Some(Awaited::Search) => {
            conversation.stop_expecting()?;
            return on_find(conversation, text);
        }
        Some(Awaited::StyleName(style)) => return on_style_name(conversation, style, text),
        Some(Awaited::Series(album)) if conversation.replies_to.is_none() => {
            return series::on_text(conversation, album, text);
        }
        Some(Awaited::Text(_) | Awaited::Edit(_) | Awaited::Series(_)) | None => {}
    }
    let (tx, voice) = (conversation.tx, conversation.voice());
    let Some((draft, asked)) = addressed(conversation)? else {
        let status = status(conversation)?;
        return Ok(Reply::Hint(match status {
            Some(status) => status,
            None => screens::photo::needed(&voice),
        }));
    };
    if let Some(kind) = album::typed_answer(conversation, text)
        && let Some(album) = album::undecided(conversation, &draft)?
    {
        return album::on_typed(conversation, album.id, kind);
    }
    let is_rest = is_rest_of_a_long_text(tx, &draft);
    // A prompt that is edited is the prompt itself, whatever it begins with.
    let text = match named(text).filter(|_| asked != Some(SourceKind::Edited)) {
        Some(Named { name, rest }) => {
            drafts::set_name(tx, draft.id, &name)?;
            if rest.is_empty() {
                return Ok(named_so(conversation, &draft, &name));
            }
            rest
        }
        None => text,
    };
    match own_text(text) {
        Ok(text) if is_rest => {
            let (user, length) = (conversation.user.id.0, text.len());
            tracing::debug!(user.id = user, length, "the rest of a long text");
            Ok(Reply::Nothing)
        }
        Ok(text) if asked.is_none() && is_small_talk(text) => {
            Ok(Reply::Hint(screens::hint::pleasure(&voice)))
        }
        Ok(text) => match asked {
            Some(kind) => {
                conversation.stop_expecting()?;
                write(conversation, &draft, &kind.of(text.to_owned()))
            }
            None => offer(conversation, &draft, text),
        },
        Err(fault) => {
            if let TextFault::TooLong { .. } = fault {
                drafts::mark_text_refused(tx, draft.id)?;
                if is_rest {
                    return Ok(Reply::Nothing);
                }
            }
            Ok(Reply::Hint(screens::own_text::unusable(&voice, fault)))
        }
    }
}

pub(super) fn named_so(conversation: &Conversation<'_>, draft: &Draft, name: &str) -> Reply {
    let screen = screens::photo::named(&conversation.voice(), name);
    Reply::Hint(screen.in_reply_to(draft.photo_message))
}

/// The draft that a text is about, and what it is where it was asked for: with a button, with the
/// ideas, or by answering the photo. Else the newest draft.
pub(crate) fn addressed(
    conversation: &Conversation<'_>,
) -> Result<Option<(Draft, Option<SourceKind>)>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let awaited = conversation.awaited().and_then(|awaited| match awaited {
        Awaited::Text(draft) => Some((draft, SourceKind::OwnText)),
        Awaited::Edit(script) => Some((script.draft, SourceKind::Edited)),
        Awaited::Series(_) | Awaited::Search | Awaited::StyleName(_) => None,
    });
    if let Some(message) = conversation.replies_to {
        let Some(draft) = answered(conversation, message)? else {
            // It is about something else than what was asked last.
            return Ok(drafts::newest(tx, user)?.map(|draft| (draft, None)));
        };
        let asked = awaited.filter(|(awaited, _)| *awaited == draft.id).map(|(_, kind)| kind);
        let is_new = scripts::of_draft(tx, draft.id)?.is_empty();
        let asked = asked.or(is_new.then_some(SourceKind::OwnText));
        return Ok(Some((draft, asked)));
    }
    if let Some((draft, kind)) = awaited
        && let Some(draft) = drafts::find(tx, user, draft)?
    {
        return Ok(Some((draft, Some(kind))));
    }
    Ok(drafts::newest(tx, user)?.map(|draft| (draft, None)))
}

/// The draft that the message is about which the person answers: its photo, what was shown for it,
/// or their own words.
fn answered(
    conversation: &Conversation<'_>,
    message: MessageId,
) -> Result<Option<Draft>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if let Some(draft) = drafts::of_message(tx, user, message)? {
        return Ok(Some(draft));
    }
    let anchor = anchors::of_message(tx, user, message)?;
    let draft = match anchor.as_deref().and_then(Anchor::draft) {
        Some(draft) => Some(draft),
        None => scripts::of_message(tx, user, message)?.map(|script| script.id.draft),
    };
    Ok(draft.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten())
}

/// Begins a script of the person's words, below them.
pub(super) fn write(
    conversation: &Conversation<'_>,
    draft: &Draft,
    source: &Source,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let script = begin_script(tx, user, draft.id, source, conversation.message)?;
    let writing = screens::script::writing(&conversation.voice());
    Ok(Reply::Below(Anchor::Script(script), writing.in_reply_to(draft.photo_message)))
}

/// Asks whether a text is meant for a video. While the question about the text before still waits
/// to be sent, both are one text: people write in several short messages.
pub(super) fn offer(
    conversation: &Conversation<'_>,
    draft: &Draft,
    text: &str,
) -> Result<Reply, StoreError> {
    let tx = conversation.tx;
    if let Some(album) = album::undecided(conversation, draft)? {
        scripts::offer(tx, draft.id, &Source::OwnText(text.to_owned()), conversation.message)?;
        return album::ask_again(conversation, &album);
    }
    if let Some(before) = waiting_offer(conversation, draft)? {
        let both = format!("{}\n{text}", before.source.idea());
        let both = own_text(&both).map_or_else(|_| before.source.idea().to_owned(), str::to_owned);
        scripts::change_offer(tx, before.id, &both)?;
        return ask(conversation, draft, before.id, &both);
    }
    let words = Source::OwnText(text.to_owned());
    let script = scripts::offer(tx, draft.id, &words, conversation.message)?;
    ask(conversation, draft, script, text)
}

/// The text that the person will be asked about next.
fn waiting_offer(
    conversation: &Conversation<'_>,
    draft: &Draft,
) -> Result<Option<Script>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let newest = scripts::of_draft(tx, draft.id)?.into_iter().next();
    let Some(newest) = newest.filter(|script| script.state == ScriptState::Offered) else {
        return Ok(None);
    };
    let is_waiting = outbox::is_waiting(tx, user, &Anchor::Offer(newest.id).to_string())?;
    Ok(is_waiting.then_some(newest))
}

/// The question whether a text is meant for a video; while videos are being made, how far they are
/// is said first.
pub(super) fn ask(
    conversation: &Conversation<'_>,
    draft: &Draft,
    script: ScriptId,
    text: &str,
) -> Result<Reply, StoreError> {
    let offer = Offer { script, text, status: status_in_short(conversation)? };
    let screen = screens::own_text::offer(&conversation.voice(), offer);
    Ok(Reply::Edit(Anchor::Offer(script), screen.in_reply_to(draft.photo_message)))
}

fn is_rest_of_a_long_text(tx: &Tx<'_>, draft: &Draft) -> bool {
    draft.refused_at.is_some_and(|refused| tx.now.since(refused) < REST_OF_A_LONG_TEXT)
}
