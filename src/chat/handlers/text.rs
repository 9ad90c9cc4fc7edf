//! A person sent a text that is no command, or changed one.

use std::time::Duration;

use crate::actions::begin_script::{begin_again, begin_script};
use crate::chat::{
    conversation::Conversation,
    handlers::status::status,
    own_text::{TextFault, own_text},
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{self, own_text::Offer},
};
use crate::domain::{
    awaited::Awaited,
    draft::{ScriptState, Source, SourceKind},
};
use crate::store::{
    anchors,
    drafts::{self, Draft},
    error::StoreError,
    scripts,
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
    let (tx, voice) = (conversation.tx, conversation.voice());
    let Some((draft, asked)) = addressed(conversation)? else {
        let status = status(conversation)?;
        return Ok(Reply::Hint(match status {
            Some(status) => Screen::new(status),
            None => screens::photo::needed(&voice),
        }));
    };
    let is_rest = is_rest_of_a_long_text(tx, &draft);
    match own_text(text) {
        Ok(text) if is_rest => {
            let (user, length) = (conversation.user.id.0, text.len());
            tracing::debug!(user.id = user, length, "the rest of a long text");
            Ok(Reply::Nothing)
        }
        Ok(text) => match asked {
            Some(kind) => write(conversation, &draft, &kind.of(text.to_owned())),
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

/// The draft that a text is about, and what it is where it was asked for: with a button, with the
/// ideas, or by answering the photo. Else the newest draft.
fn addressed(
    conversation: &Conversation<'_>,
) -> Result<Option<(Draft, Option<SourceKind>)>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let awaited = conversation.awaited().map(|awaited| match awaited {
        Awaited::Text(draft) => (draft, SourceKind::OwnText),
        Awaited::Edit(script) => (script.draft, SourceKind::Edited),
    });
    if let Some(draft) = answered(conversation)? {
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

/// The draft whose photo, ideas or script the person answers.
fn answered(conversation: &Conversation<'_>) -> Result<Option<Draft>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(message) = conversation.replies_to else { return Ok(None) };
    if let Some(draft) = drafts::of_message(tx, user, message)? {
        return Ok(Some(draft));
    }
    let anchor = anchors::of_message(tx, user, message)?;
    match anchor.as_deref().and_then(Anchor::draft) {
        Some(draft) => drafts::find(tx, user, draft),
        None => Ok(None),
    }
}

/// Begins a script of the person's words, below them.
fn write(
    conversation: &Conversation<'_>,
    draft: &Draft,
    source: &Source,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    conversation.stop_expecting()?;
    let script = begin_script(tx, user, draft.id, source, conversation.message)?;
    let writing = screens::script::writing(&conversation.voice());
    Ok(Reply::Below(Anchor::Script(script), writing.in_reply_to(draft.photo_message)))
}

/// Asks whether a text is meant for a video; while videos are being made, this is said first.
fn offer(conversation: &Conversation<'_>, draft: &Draft, text: &str) -> Result<Reply, StoreError> {
    let status = status(conversation)?;
    let script = scripts::offer(conversation.tx, draft.id, text, conversation.message)?;
    let offer = Offer { script, text, status };
    let screen = screens::own_text::offer(&conversation.voice(), offer);
    Ok(Reply::Hint(screen.in_reply_to(draft.photo_message)))
}

/// A text, or the words under a photo, was changed. Where it was meant for a video, a script is
/// written of what it says now; one that is there stays orderable.
pub(crate) fn on_edited(
    conversation: &mut Conversation<'_>,
    text: &str,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let (Some(message), Ok(text)) = (conversation.message, own_text(text)) else {
        return Ok(Reply::Nothing);
    };
    let Some(script) = scripts::of_message(tx, user, message)? else {
        let draft = drafts::of_message(tx, user, message)?;
        return draft.map_or(Ok(Reply::Nothing), |draft| offer(conversation, &draft, text));
    };
    let Some(draft) = drafts::find(tx, user, script.id.draft)? else { return Ok(Reply::Nothing) };
    if script.source.idea() == text {
        return Ok(Reply::Nothing);
    }
    match script.state {
        ScriptState::Offered => offer(conversation, &draft, text),
        ScriptState::Writing => {
            begin_again(tx, user, script.id, text)?;
            Ok(Reply::Nothing)
        }
        ScriptState::Ready | ScriptState::Ordered => {
            let source = script.source.kind().of(text.to_owned());
            write(conversation, &draft, &source)
        }
    }
}

fn is_rest_of_a_long_text(tx: &Tx<'_>, draft: &Draft) -> bool {
    draft.refused_at.is_some_and(|refused| tx.now.since(refused) < REST_OF_A_LONG_TEXT)
}
