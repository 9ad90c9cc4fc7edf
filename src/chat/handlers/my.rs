//! A person looks through their videos, or wants some of them again.

use crate::actions::send_again::{Requested, send_again};
use crate::chat::{
    conversation::Conversation,
    handlers::{my_videos::see, status::status},
    key::Key,
    looked_up::{LookedUp, Seen, Wanted},
    reply::{Anchor, Reply},
    screens::{archives, my_videos},
};
use crate::domain::{
    awaited::Awaited,
    export::{Export, Group},
    id::JobId,
};
use crate::store::{error::StoreError, video_groups, videos};

/// `/my`: the newest videos; while the first ones are being made, how far these are.
pub(crate) fn on_my(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if videos::page(tx, user, tx.now, 0, 1)?.is_empty()
        && let Some(status) = status(conversation)?
    {
        return Ok(Reply::Message(status));
    }
    below(conversation, &Wanted::Page(1, None))
}

/// `/my арт 123`, or the text that was asked for with "🔎": what is found, in a new message.
pub(crate) fn on_find(conversation: &Conversation<'_>, text: &str) -> Result<Reply, StoreError> {
    below(conversation, &Wanted::found(text))
}

/// Another page of the videos, or of what there can be archives of, in the message that was tapped.
pub(crate) fn on_page(
    conversation: &Conversation<'_>,
    wanted: &Wanted,
) -> Result<Reply, StoreError> {
    Ok(match seen(conversation, wanted)? {
        Seen::Screen(screen) => Reply::Edit(Anchor::MyVideos, screen),
        Seen::Videos(_) => Reply::Nothing,
    })
}

fn below(conversation: &Conversation<'_>, wanted: &Wanted) -> Result<Reply, StoreError> {
    Ok(match seen(conversation, wanted)? {
        Seen::Screen(screen) => Reply::Message(screen),
        Seen::Videos(_) => Reply::Nothing,
    })
}

/// What was looked up before the transaction; where nothing was, as of a person who was not known then,
/// it is looked up now.
fn seen(conversation: &Conversation<'_>, wanted: &Wanted) -> Result<Seen, StoreError> {
    let (settings, tx) = (conversation.settings, conversation.tx);
    match &conversation.looked_up {
        Some(LookedUp { wanted: asked, seen }) if asked == wanted => Ok(seen.clone()),
        _ => see(settings, tx, tx.now, &conversation.user, wanted),
    }
}

/// "🔎": the next text is what to look for.
pub(crate) fn on_search(conversation: &Conversation<'_>) -> Result<Reply, StoreError> {
    conversation.expect_text(Awaited::Search)?;
    Ok(Reply::Message(my_videos::search(&conversation.voice())))
}

/// A video is to be sent again.
pub(crate) fn on_again(conversation: &Conversation<'_>, job: JobId) -> Result<Reply, StoreError> {
    on_video(conversation, job, Export::Video(job), [Key::ToastSending; 2])
}

/// "📎 As a file"
pub(crate) fn on_as_file(conversation: &Conversation<'_>, job: JobId) -> Result<Reply, StoreError> {
    on_video(conversation, job, Export::File(job), [Key::ToastFile, Key::ToastOnItsWay])
}

fn on_video(
    conversation: &Conversation<'_>,
    job: JobId,
    what: Export,
    [new, already]: [Key; 2],
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if videos::find(tx, user, tx.now, job)?.is_none() {
        return Ok(conversation.stale());
    }
    Ok(match send_again(tx, user, what)? {
        Requested::New => conversation.toast(new),
        Requested::Already | Requested::TooMany => conversation.toast(already),
    })
}

/// An archive is to be put together.
pub(crate) fn on_archive(
    conversation: &Conversation<'_>,
    group: Group,
) -> Result<Reply, StoreError> {
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    let videos = match seen(conversation, &Wanted::Archive(group))? {
        Seen::Videos(videos) if videos > 0 => videos,
        Seen::Videos(_) | Seen::Screen(_) => return Ok(conversation.stale()),
    };
    Ok(match send_again(tx, user, Export::Archive(group))? {
        Requested::New => {
            let ordered = video_groups::ordered(tx, group)?;
            let told = conversation.settings.told();
            let archive = archives::Archive { group, ordered: ordered.as_ref(), told };
            Reply::Message(archives::archive_begun(&voice, &archive, videos))
        }
        Requested::Already => conversation.toast(Key::ToastOnItsWay),
        Requested::TooMany => conversation.toast(Key::ToastArchives),
    })
}
