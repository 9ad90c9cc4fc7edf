//! Photos that came together: the person is asked once whether they show one product or several.

use std::time::Duration;

use crate::actions::{
    join_album::{ChosenPhoto, choose_photo, join_album},
    offered::offered,
};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        ideas::{are_shown, ideas},
        series,
    },
    input::bare,
    key::Key,
    reply::{Anchor, Reply},
    screen::{Body, Screen},
    screens::{self, prompt::Occasion},
};
use crate::domain::{
    album::AlbumKind,
    awaited::Awaited,
    id::{AlbumId, DraftId},
    photo::PhotoFault,
};
use crate::store::{
    albums::{self, Album},
    draft_photos,
    drafts::{self, Draft},
    error::StoreError,
    outbox,
};

/// For so long after a photo of an album others of it may come: each is an update of its own.
const SIBLINGS: Duration = Duration::from_secs(2);

/// A photo of an album has come, as this draft: the question waits for its siblings.
pub(crate) fn on_member(
    conversation: &mut Conversation<'_>,
    album: AlbumId,
    draft: DraftId,
) -> Result<Reply, StoreError> {
    conversation.stop_expecting()?;
    let (tx, user) = (conversation.tx, conversation.user.id);
    match albums::find(tx, user, album)? {
        Some(album) if album.kind.is_none() => ask_later(conversation, &album),
        // It comes when the person has decided already: it is a photo by itself.
        _ => {
            let Some(draft) = drafts::find(tx, user, draft)? else { return Ok(Reply::Nothing) };
            Ok(Reply::Edit(Anchor::Ideas(draft.id), begin(conversation, &draft)?))
        }
    }
}

/// A file of an album cannot serve: it is counted, and said with the question.
pub(crate) fn on_unusable(
    conversation: &Conversation<'_>,
    album: AlbumId,
    fault: PhotoFault,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    match albums::find(tx, user, album)? {
        Some(mut album) if album.kind.is_none() => {
            albums::add_unusable(tx, &mut album, fault)?;
            ask_later(conversation, &album)
        }
        _ => Ok(Reply::Hint(screens::photo::unusable(&conversation.voice(), fault))),
    }
}

/// The album of a draft whose person has not decided yet.
pub(crate) fn undecided(
    conversation: &Conversation<'_>,
    draft: &Draft,
) -> Result<Option<Album>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let album = draft.album.map(|album| albums::find(tx, user, album)).transpose()?.flatten();
    Ok(album.filter(|album| album.kind.is_none()))
}

/// Asks when no more siblings have come for a while. What is shown by then, each sibling changes.
fn ask_later(conversation: &Conversation<'_>, album: &Album) -> Result<Reply, StoreError> {
    let anchor = Anchor::Album(album.id);
    let question = question(conversation, album)?;
    conversation.show(&Reply::Edit(anchor, question))?;
    let (tx, user) = (conversation.tx, conversation.user.id);
    outbox::hold_back(tx, user, &anchor.to_string(), tx.now + SIBLINGS)?;
    Ok(Reply::Nothing)
}

/// The question once more, below what the person has written meanwhile.
pub(crate) fn ask_again(
    conversation: &Conversation<'_>,
    album: &Album,
) -> Result<Reply, StoreError> {
    Ok(Reply::Below(Anchor::Album(album.id), question(conversation, album)?))
}

/// What an album asks for: which products it shows; where one photo can serve, what shall happen in
/// its video; where none can, another photo.
fn question(conversation: &Conversation<'_>, album: &Album) -> Result<Screen, StoreError> {
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    let drafts = drafts::of_album(tx, user, album.id)?;
    let screen = match drafts.as_slice() {
        [] => {
            return Ok(match *album.faults {
                [] => screens::photo::unusable(&voice, PhotoFault::NotAnImage),
                [fault] => screens::photo::unusable(&voice, fault),
                [..] => screens::series::none(&voice, &[]),
            });
        }
        [one] => {
            conversation.expect_text(Awaited::Text(one.id))?;
            let mut ideas = ideas(conversation, one, Occasion::NewPhoto)?;
            let unusable = screens::album::unusable_files(&voice, album.unusable, &album.faults);
            if let (Body::Text(text), Some(unusable)) = (&mut ideas.body, unusable) {
                *text += "\n\n";
                *text += &unusable;
            }
            return Ok(ideas);
        }
        several => {
            conversation.stop_expecting()?;
            let photos = u32::try_from(several.len()).unwrap_or(u32::MAX);
            screens::album::question(&voice, album, photos)
        }
    };
    Ok(screen.in_reply_to(drafts.first().and_then(|draft| draft.photo_message)))
}

/// The answer to the question about an album, where it was typed: as its button says, or begins.
pub(crate) fn typed_answer(conversation: &Conversation<'_>, text: &str) -> Option<AlbumKind> {
    let text = bare(text);
    AlbumKind::ALL.into_iter().find(|kind| {
        let label = bare(&conversation.voice().text(screens::album::label(*kind), &[]));
        label == text || label.split_whitespace().next() == Some(text.as_str())
    })
}

/// That answer, below.
pub(crate) fn on_typed(
    conversation: &Conversation<'_>,
    album: AlbumId,
    kind: AlbumKind,
) -> Result<Reply, StoreError> {
    Ok(match on_decide(conversation, album, kind)? {
        Reply::Edit(anchor, screen) => Reply::Below(anchor, screen),
        other => other,
    })
}

/// "One product" or "different products" was tapped. The first word counts.
pub(crate) fn on_decide(
    conversation: &Conversation<'_>,
    id: AlbumId,
    kind: AlbumKind,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(album) = albums::find(tx, user, id)? else { return Ok(conversation.stale()) };
    let is_first = albums::decide(tx, id, kind)?;
    if !is_first && album.kind != Some(kind) {
        return Ok(conversation.stale());
    }
    match kind {
        AlbumKind::Many => series::on_ideas(conversation, id),
        AlbumKind::One if is_first => match join_album(tx, user, id)? {
            Some(draft) => on_joined(conversation, id, draft),
            None => Ok(conversation.stale()),
        },
        AlbumKind::One => match drafts::of_album(tx, user, id)?.first() {
            Some(draft) => on_joined(conversation, id, draft.id),
            None => Ok(conversation.stale()),
        },
    }
}

/// One product with several photos: where a video is made from one, the person says which.
fn on_joined(
    conversation: &Conversation<'_>,
    album: AlbumId,
    id: DraftId,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(draft) = drafts::find(tx, user, id)? else { return Ok(conversation.stale()) };
    let Some(places) = to_choose(conversation, id)? else {
        return Ok(Reply::Edit(Anchor::Ideas(id), begin(conversation, &draft)?));
    };
    let choose = screens::album::choose(&conversation.voice(), id, &places);
    Ok(Reply::Edit(Anchor::Album(album), choose.in_reply_to(draft.photo_message)))
}

/// The numbers of the photos of a product from which one is to be chosen; `None` where there is nothing to
/// choose.
fn to_choose(
    conversation: &Conversation<'_>,
    draft: DraftId,
) -> Result<Option<Vec<u32>>, StoreError> {
    let tx = conversation.tx;
    let photos = draft_photos::count(tx, draft)?;
    if photos < 2 || offered(tx, &conversation.settings.rules)?.photos_of(photos) > 1 {
        return Ok(None);
    }
    let all = draft_photos::of_draft(tx, draft)?;
    Ok(Some(all.into_iter().map(|photo| photo.place).collect()))
}

/// "Another photo" of the same product: which of them, below, where the videos show one.
pub(crate) fn on_sides(
    conversation: &Conversation<'_>,
    draft: DraftId,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(draft) = drafts::find(tx, user, draft)? else { return Ok(conversation.stale()) };
    let Some(places) = to_choose(conversation, draft.id)? else {
        return Ok(Reply::Message(screens::photo::another(&conversation.voice())));
    };
    let choose = screens::album::choose(&conversation.voice(), draft.id, &places);
    Ok(Reply::Below(Anchor::Draft(draft.id), choose.in_reply_to(draft.photo_message)))
}

/// A number was tapped: that photo is filmed. The ideas come below, in answer to it.
pub(crate) fn on_choose_photo(
    conversation: &mut Conversation<'_>,
    id: DraftId,
    place: u32,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(draft) = drafts::find(tx, user, id)? else { return Ok(conversation.stale()) };
    let chosen = draft_photos::of_draft(tx, id)?.into_iter().find(|photo| photo.place == place);
    let Some(chosen) = chosen else { return Ok(conversation.stale()) };
    let ChosenPhoto { draft, is_old } = choose_photo(tx, draft, chosen)?;
    let ideas = begin(conversation, &draft)?;
    if is_old && are_shown(conversation, &draft)? {
        return Ok(conversation.toast(Key::ToastAccepted));
    }
    Ok(Reply::Below(Anchor::Ideas(draft.id), ideas))
}

fn begin(conversation: &Conversation<'_>, draft: &Draft) -> Result<Screen, StoreError> {
    conversation.expect_text(Awaited::Text(draft.id))?;
    ideas(conversation, draft, Occasion::NewPhoto)
}
