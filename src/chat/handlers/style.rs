//! A person takes one of their saved styles, or looks after them.

use crate::actions::keep_style::LONGEST_NAME;
use crate::chat::{
    conversation::Conversation,
    handlers::draft::begin_idea,
    key::Key,
    reply::{Anchor, Reply},
    screens::styles as screens,
    text::units,
};
use crate::domain::{
    awaited::Awaited,
    draft::Source,
    id::{DraftId, StyleId},
    text::is_blank,
};
use crate::store::{error::StoreError, styles};

/// A style was chosen among the ideas.
pub(crate) fn on_use_style(
    conversation: &Conversation<'_>,
    draft: DraftId,
    style: StyleId,
) -> Result<Reply, StoreError> {
    match styles::find(conversation.tx, conversation.user.id, style)? {
        Some(style) => begin_idea(conversation, draft, &Source::Style(style.prompt)),
        None => Ok(conversation.stale()),
    }
}

/// "⭐ My styles"
pub(crate) fn on_styles(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    let styles = styles::of_user(conversation.tx, conversation.user.id)?;
    Ok(Reply::Edit(Anchor::MyVideos, screens::list(&conversation.voice(), &styles)))
}

/// One of them.
pub(crate) fn on_style(
    conversation: &Conversation<'_>,
    style: StyleId,
) -> Result<Reply, StoreError> {
    Ok(match styles::find(conversation.tx, conversation.user.id, style)? {
        Some(style) => Reply::Edit(Anchor::MyVideos, screens::one(&conversation.voice(), &style)),
        None => conversation.stale(),
    })
}

/// "✏️ Rename": the next text is its name.
pub(crate) fn on_rename_style(
    conversation: &Conversation<'_>,
    style: StyleId,
) -> Result<Reply, StoreError> {
    let Some(style) = styles::find(conversation.tx, conversation.user.id, style)? else {
        return Ok(conversation.stale());
    };
    conversation.expect_text(Awaited::StyleName(style.id))?;
    Ok(Reply::Message(screens::rename(&conversation.voice(), &style)))
}

/// The name that was asked for. After one that does not do, another is awaited.
pub(crate) fn on_style_name(
    conversation: &Conversation<'_>,
    id: StyleId,
    text: &str,
) -> Result<Reply, StoreError> {
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    let name = text.trim();
    if is_blank(name) || units(name) > LONGEST_NAME || name.chars().any(char::is_control) {
        return Ok(Reply::Hint(screens::bad_name(&voice)));
    }
    conversation.stop_expecting()?;
    if !styles::rename(tx, user, id, name)? {
        return Ok(conversation.stale());
    }
    Ok(Reply::Message(screens::list(&voice, &styles::of_user(tx, user)?)))
}

/// "🗑 Delete"
pub(crate) fn on_delete_style(
    conversation: &Conversation<'_>,
    style: StyleId,
) -> Result<Reply, StoreError> {
    // A second tap finds it gone, and the list as it is.
    styles::delete(conversation.tx, conversation.user.id, style)?;
    let word = conversation.voice().text(Key::ToastStyleDeleted, &[]);
    Ok(Reply::WithToast(Box::new(on_styles(conversation)?), word))
}
