//! A person sent a text that is no command.

use std::time::Duration;

use crate::actions::begin_script::begin_script;
use crate::chat::{
    conversation::Conversation,
    handlers::{
        addressed::{Addressed, Target, addressed, asked_beside, filmed_again},
        album,
        my::on_find,
        naming::{named_product, on_name, title},
        photo, series,
        status::{status, status_in_short},
        style::on_style_name,
    },
    input::is_small_talk,
    own_text::{TextFault, own_text},
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{
        self,
        own_text::{About, Offer},
    },
};
use crate::domain::{
    article::{Named, named},
    awaited::Awaited,
    draft::{Scope, ScriptId, ScriptState, Source, SourceKind},
};
use crate::store::{
    drafts::{self, Draft},
    error::StoreError,
    outbox, own_texts,
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
    match asked_beside(conversation)? {
        Some(Awaited::Search) => {
            conversation.stop_expecting()?;
            return on_find(conversation, text);
        }
        Some(Awaited::StyleName(style)) => return on_style_name(conversation, style, text),
        Some(Awaited::Text(_) | Awaited::Edit(_) | Awaited::Series(_)) | None => {}
    }
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    let addressed = addressed(conversation)?;
    let is_prompt = matches!(addressed, Addressed::Target(_, Some(SourceKind::Edited)));
    // What a person answers is more than a name.
    let is_answer = conversation.replies_to.is_some();
    if !is_prompt
        && !is_answer
        && let Some((draft, rest)) = named_product(conversation, text)?
        && !addressed.is_about(&draft)
    {
        if rest.is_empty() {
            return on_name(conversation, &draft);
        }
        return on_text_about(conversation, &Target::one(draft), None, rest);
    }
    match addressed {
        Addressed::Target(target, asked) => on_text_about(conversation, &target, asked, text),
        // It is no reason to take the photo again.
        Addressed::Order(_) if is_small_talk(text) => {
            Ok(Reply::Hint(screens::hint::pleasure(&voice)))
        }
        Addressed::Order(order) => match filmed_again(tx, user, order)? {
            Some(target) => on_text_about(conversation, &target, None, text),
            None => Ok(photo::gone(conversation)),
        },
        Addressed::Gone => Ok(Reply::Hint(screens::photo::no_more(&voice))),
        Addressed::Nothing => Ok(Reply::Hint(match status(conversation)? {
            Some(status) => status,
            None => screens::photo::needed(&voice),
        })),
    }
}

/// Answers a text about these products.
fn on_text_about(
    conversation: &mut Conversation<'_>,
    target: &Target,
    asked: Option<SourceKind>,
    text: &str,
) -> Result<Reply, StoreError> {
    let (tx, voice) = (conversation.tx, conversation.voice());
    let mut target = target.clone();
    if let Some(kind) = album::typed_answer(conversation, text)
        && let Some(album) = album::undecided(conversation, &target.draft)?
    {
        return album::on_typed(conversation, album.id, kind);
    }
    let is_rest = is_rest_of_a_long_text(tx, &target.draft);
    // A prompt that is edited is the prompt itself, whatever it begins with, and words for all name none.
    let may_name = asked != Some(SourceKind::Edited) && target.scope == Scope::One;
    let text = match named(text).filter(|_| may_name) {
        Some(Named { name, rest }) => {
            drafts::set_name(tx, target.draft.id, &name)?;
            if rest.is_empty() {
                return Ok(named_so(conversation, &target.draft, &name));
            }
            // The question says it.
            target.draft.name = Some(name);
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
        Ok(text) if asked != Some(SourceKind::Edited) && is_small_talk(text) => {
            Ok(Reply::Hint(screens::hint::pleasure(&voice)))
        }
        Ok(text) => match (asked, target.draft.album) {
            (Some(_), Some(album)) if target.scope == Scope::All => {
                let reply = series::write(conversation, album, text)?;
                // While others are being written it comes to nothing, and can be sent again.
                if matches!(reply, Reply::Below(..)) {
                    conversation.stop_expecting()?;
                }
                Ok(reply)
            }
            (Some(kind), _) => {
                conversation.stop_expecting()?;
                write(conversation, &target.draft, &kind.of(text.to_owned()))
            }
            (None, _) => offer(conversation, &target, text),
        },
        Err(fault) => {
            if let TextFault::TooLong { .. } = fault {
                drafts::mark_text_refused(tx, target.draft.id)?;
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
    target: &Target,
    text: &str,
) -> Result<Reply, StoreError> {
    let (tx, draft) = (conversation.tx, target.draft.id);
    let keep = |text: &str| {
        let words = Source::OwnText(text.to_owned());
        own_texts::offer(tx, draft, &words, conversation.message, target.scope)
    };
    if let Some(album) = album::undecided(conversation, &target.draft)? {
        keep(text)?;
        return album::ask_again(conversation, &album);
    }
    if let Some(before) = waiting_offer(conversation, target)? {
        let both = format!("{}\n{text}", before.source.idea());
        let both = own_text(&both).map_or_else(|_| before.source.idea().to_owned(), str::to_owned);
        own_texts::change(tx, before.id, &both)?;
        return ask(conversation, target, before.id, &both);
    }
    ask(conversation, target, keep(text)?, text)
}

/// The text that the person will be asked about next.
fn waiting_offer(
    conversation: &Conversation<'_>,
    target: &Target,
) -> Result<Option<Script>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let newest = scripts::of_draft(tx, target.draft.id)?.into_iter().next();
    let is_offered =
        |script: &Script| script.state == ScriptState::Offered && script.scope == target.scope;
    let Some(newest) = newest.filter(is_offered) else { return Ok(None) };
    let is_waiting = outbox::is_waiting(tx, user, &Anchor::Offer(newest.id).to_string())?;
    Ok(is_waiting.then_some(newest))
}

/// The question whether a text is meant for a video; while videos are being made, how far they are
/// is said first.
pub(super) fn ask(
    conversation: &Conversation<'_>,
    target: &Target,
    script: ScriptId,
    text: &str,
) -> Result<Reply, StoreError> {
    let question = question(conversation, target, script, text, status_in_short(conversation)?)?;
    let photo = target.draft.photo_message.filter(|_| target.scope == Scope::One);
    Ok(Reply::Edit(Anchor::Offer(script), question.in_reply_to(photo)))
}

/// That question, with the products that it is about.
pub(super) fn question(
    conversation: &Conversation<'_>,
    target: &Target,
    script: ScriptId,
    text: &str,
    status: Option<String>,
) -> Result<Screen, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let title = title(conversation, &target.draft)?;
    let about = match target.draft.album.filter(|_| target.scope == Scope::All) {
        Some(album) => About::All(album, series::number(drafts::of_album(tx, user, album)?.len())),
        None => About::One(title.as_deref()),
    };
    let offer = Offer { script, text, about, status };
    Ok(screens::own_text::offer(&conversation.voice(), offer))
}

fn is_rest_of_a_long_text(tx: &Tx<'_>, draft: &Draft) -> bool {
    draft.refused_at.is_some_and(|refused| tx.now.since(refused) < REST_OF_A_LONG_TEXT)
}
