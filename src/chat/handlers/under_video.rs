//! A person tapped a button under one of their videos.

use std::time::Duration;

use crate::actions::{
    keep_style::{Kept, LONGEST_NAME, keep_style},
    offered::offered,
    other_format::other_format,
    receive_photo::more_with_photo,
};
use crate::chat::{
    conversation::Conversation,
    handlers::{draft::show_ideas, photo, script::show_as},
    key::Key,
    reply::{Anchor, Reply},
    screen::{Body, Screen},
    screens::{script::Heading, styles, under_video::under_video},
    text::cut,
};
use crate::domain::{id::JobId, vote::Vote};
use crate::store::{
    anchors, drafts,
    error::StoreError,
    photos,
    videos::{self, MadeVideo},
    votes,
};

/// A second tap within this time is no second request: what the first has brought stands below.
const SAME_REQUEST: Duration = Duration::from_mins(1);

/// "🎭 Another style": the ideas of the same product, below.
pub(crate) fn on_other_style(
    conversation: &Conversation<'_>,
    job: JobId,
) -> Result<Reply, StoreError> {
    let Some(video) = find(conversation, job)? else { return Ok(conversation.stale()) };
    let (tx, user) = (conversation.tx, conversation.user.id);
    let begun = more_with_photo(tx, user, video.order)?;
    let draft = begun.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten();
    let Some(draft) = draft else { return Ok(conversation.stale()) };
    below(conversation, show_ideas(conversation, &draft)?)
}

/// "📐 Another format": a script with the same words, below, as it can be ordered today.
pub(crate) fn on_other_format(
    conversation: &Conversation<'_>,
    job: JobId,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if let Some(video) = find(conversation, job)?
        && !photos::is_here(tx, video.photo)?
    {
        return Ok(photo::gone(conversation));
    }
    let settings = conversation.settings;
    let idea = |id: &str| settings.preset(id).map(|preset| preset.label.clone());
    let offered = offered(tx, &settings.rules)?;
    let same = other_format(tx, user, job, &offered, idea)?;
    let Some(same) = same else { return Ok(conversation.stale()) };
    let draft = drafts::find(tx, user, same.script.id.draft)?;
    let shown = match show_as(conversation, &same.script, Heading::OtherFormat, same.choice)? {
        Reply::Edit(anchor, screen) => {
            Reply::Below(anchor, screen.in_reply_to(draft.and_then(|draft| draft.photo_message)))
        }
        other => other,
    };
    if same.is_old { below(conversation, shown) } else { Ok(shown) }
}

/// Shows something in a new message, unless the same tap has brought it a moment ago.
fn below(conversation: &Conversation<'_>, reply: Reply) -> Result<Reply, StoreError> {
    let Reply::Below(anchor, _) = &reply else { return Ok(reply) };
    let (tx, user) = (conversation.tx, conversation.user.id);
    let moved = anchors::moved_at(tx, user, &anchor.to_string())?;
    let is_there = moved.is_some_and(|moved| tx.now.since(moved) < SAME_REQUEST);
    Ok(if is_there { conversation.toast(Key::ToastBelow) } else { reply })
}

/// 👍 or 👎: the button shows it from now on.
pub(crate) fn on_vote(
    conversation: &Conversation<'_>,
    job: JobId,
    vote: Vote,
) -> Result<Reply, StoreError> {
    if find(conversation, job)?.is_none() {
        return Ok(conversation.stale());
    }
    votes::set(conversation.tx, conversation.user.id, job, vote)?;
    let voice = conversation.voice();
    let buttons = under_video(&voice, job, Some(vote));
    let screen = Screen { buttons, ..Screen::of(Body::Unchanged) };
    let thanks = match vote {
        Vote::Up => Key::ToastVoteUp,
        Vote::Down => Key::ToastVoteDown,
    };
    let shown = Box::new(Reply::Edit(Anchor::Video(job), screen));
    Ok(Reply::WithToast(shown, voice.text(thanks, &[])))
}

/// "⭐ Save the style"
pub(crate) fn on_keep_style(
    conversation: &Conversation<'_>,
    job: JobId,
) -> Result<Reply, StoreError> {
    let Some(video) = find(conversation, job)? else { return Ok(conversation.stale()) };
    let (voice, name) = (conversation.voice(), style_name(conversation, &video));
    let said = |key, name: &str| Reply::Toast(voice.text(key, &[("name", name.into())]));
    Ok(match keep_style(conversation.tx, conversation.user.id, job, &name)? {
        Kept::New(name) => said(Key::ToastStyleKept, &name),
        Kept::Already(name) => said(Key::ToastStyleAlready, &name),
        Kept::Full => Reply::Hint(styles::full(&voice)),
        Kept::NoVideo => conversation.stale(),
    })
}

/// What a style is called at first: as its scene, else as its idea.
fn style_name(conversation: &Conversation<'_>, video: &MadeVideo) -> String {
    let voice = conversation.voice();
    let scene = video.title.as_ref().map(|title| title.text(voice.language).to_owned());
    let preset = video.preset.as_ref().and_then(|id| conversation.settings.preset(id));
    let preset = preset.map(|preset| preset.label.text(voice.language).to_owned());
    let name = [scene, preset].into_iter().flatten().find(|name| !name.trim().is_empty());
    let name = name.unwrap_or_else(|| voice.text(Key::ButtonStyleName, &[]));
    cut(name.trim(), LONGEST_NAME)
}

/// The video, if it is this person's.
fn find(conversation: &Conversation<'_>, job: JobId) -> Result<Option<MadeVideo>, StoreError> {
    videos::find(conversation.tx, conversation.user.id, conversation.tx.now, job)
}
