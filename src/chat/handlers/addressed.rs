//! Which product a person's words are about: that of the message that they answer, else the one for which
//! they were asked for; else all products of the newest album of several, or that of the newest photo.

use crate::actions::receive_photo::more_with_photo;
use crate::chat::{conversation::Conversation, subject::Subject};
use crate::domain::{
    awaited::Awaited,
    draft::{Scope, ScriptId, ScriptState, SourceKind},
    id::{AlbumId, BatchId, MessageId, OrderId, UserId},
};
use crate::store::{
    anchors, batches,
    drafts::{self, Draft},
    error::StoreError,
    orders, photos,
    scripts::{self, Script},
    tx::Tx,
    videos,
};

/// A product, or all of an album, of which it is the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The draft.
    pub draft: Draft,
    /// Whether it stands for all.
    pub scope: Scope,
}

/// What words are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Addressed {
    /// These, and what the words are where they were asked for.
    Target(Target, Option<SourceKind>),
    /// The product of this order, which is to be filmed once more.
    Order(OrderId),
    /// What they answer cannot be filmed any more.
    Gone,
    /// There is no photo yet.
    Nothing,
}

impl Target {
    /// One product.
    pub(crate) fn one(draft: Draft) -> Self {
        Self { draft, scope: Scope::One }
    }

    /// Whether it is this product, and no other: one photo shows the same one however often it is filmed.
    pub(crate) fn is_of(&self, product: &Draft) -> bool {
        self.scope == Scope::One && self.draft.photo == product.photo
    }
}

impl Addressed {
    /// Whether the words are about this product alone.
    pub(crate) fn is_about(&self, draft: &Draft) -> bool {
        matches!(self, Self::Target(target, _) if target.is_of(draft))
    }
}

/// What a person's words are about, whatever they say.
pub(crate) fn addressed(conversation: &Conversation<'_>) -> Result<Addressed, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if conversation.replies_to.is_some() {
        return match answered(conversation)? {
            Some(Addressed::Target(target, _)) => {
                let asked = asked(conversation, &target)?;
                Ok(Addressed::Target(target, asked))
            }
            Some(other) => Ok(other),
            // It is about something else than what was asked last.
            None => newest(conversation),
        };
    }
    let draft = |id| drafts::find(tx, user, id);
    let awaited = match conversation.awaited() {
        Some(Awaited::Text(id)) => {
            draft(id)?.map(|draft| (Target::one(draft), SourceKind::OwnText))
        }
        Some(Awaited::Edit(id)) => {
            draft(id.draft)?.map(|draft| (Target::one(draft), SourceKind::Edited))
        }
        Some(Awaited::Series(album)) => {
            all(conversation, album)?.map(|target| (target, SourceKind::OwnText))
        }
        Some(Awaited::Search | Awaited::StyleName(_)) | None => None,
    };
    match awaited {
        Some((target, kind)) => Ok(Addressed::Target(target, Some(kind))),
        None => newest(conversation),
    }
}

/// What was asked for that is no words about a product, unless a product is what the person answers.
pub(crate) fn asked_beside(conversation: &Conversation<'_>) -> Result<Option<Awaited>, StoreError> {
    let beside = conversation.awaited().filter(|awaited| match awaited {
        Awaited::Search | Awaited::StyleName(_) => true,
        Awaited::Text(_) | Awaited::Edit(_) | Awaited::Series(_) => false,
    });
    Ok(if beside.is_some() && answered(conversation)?.is_some() { None } else { beside })
}

/// What an answer to something of these products is, where it was asked for; the first words about a
/// photo are.
fn asked(
    conversation: &Conversation<'_>,
    target: &Target,
) -> Result<Option<SourceKind>, StoreError> {
    let id = target.draft.id;
    let asked = match (conversation.awaited(), target.scope) {
        (Some(Awaited::Text(draft)), Scope::One) if draft == id => Some(SourceKind::OwnText),
        (Some(Awaited::Edit(script)), Scope::One) if script.draft == id => Some(SourceKind::Edited),
        (Some(Awaited::Series(album)), Scope::All) if Some(album) == target.draft.album => {
            Some(SourceKind::OwnText)
        }
        _ => None,
    };
    if asked.is_some() || target.scope == Scope::All {
        return Ok(asked);
    }
    let scripts = scripts::of_draft(conversation.tx, id)?;
    let is_asked_of_all =
        |script: &Script| script.scope == Scope::All && script.state == ScriptState::Offered;
    let is_new = scripts.iter().all(is_asked_of_all);
    Ok(is_new.then_some(SourceKind::OwnText))
}

fn newest(conversation: &Conversation<'_>) -> Result<Addressed, StoreError> {
    let Some(draft) = drafts::newest(conversation.tx, conversation.user.id)? else {
        return Ok(Addressed::Nothing);
    };
    let album = draft.album.map(|album| all(conversation, album)).transpose()?.flatten();
    Ok(Addressed::Target(album.unwrap_or_else(|| Target::one(draft)), None))
}

/// All products of an album, or the one that is left; `None` where none is.
pub(crate) fn all(
    conversation: &Conversation<'_>,
    album: AlbumId,
) -> Result<Option<Target>, StoreError> {
    let drafts = drafts::of_album(conversation.tx, conversation.user.id, album)?;
    let scope = if drafts.len() > 1 { Scope::All } else { Scope::One };
    Ok(drafts.into_iter().next().map(|draft| Target { draft, scope }))
}

/// What the message is about that the person answers: their photo or words, what was shown for these, an
/// order or its end, a video. `None` where that is no product, or they answer nothing.
fn answered(conversation: &Conversation<'_>) -> Result<Option<Addressed>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(answered) = &conversation.replies_to else { return Ok(None) };
    if let Some(draft) = drafts::of_message(tx, user, answered.message)? {
        return Ok(Some(Addressed::Target(Target::one(draft), None)));
    }
    let anchor = anchors::of_message(tx, user, answered.message)?;
    let shown = anchor.as_deref().and_then(Subject::of_anchor);
    let subject = match shown.or_else(|| Subject::of_buttons(&answered.buttons)) {
        Some(Subject::Voice(message)) => words(conversation, message)?,
        Some(subject) => Some(subject),
        None => words(conversation, answered.message)?,
    };
    match subject {
        Some(subject) => of_subject(conversation, subject).map(Some),
        None => Ok(answered.is_photo.then_some(Addressed::Gone)),
    }
}

fn words(
    conversation: &Conversation<'_>,
    message: MessageId,
) -> Result<Option<Subject>, StoreError> {
    let script = scripts::of_message(conversation.tx, conversation.user.id, message)?;
    Ok(script.map(|script| Subject::Script(script.id)))
}

fn of_subject(conversation: &Conversation<'_>, subject: Subject) -> Result<Addressed, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let target = match subject {
        Subject::Draft(draft) => drafts::find(tx, user, draft)?.map(Target::one),
        Subject::Script(script) => of_script(conversation, script)?,
        Subject::Album(album) => all(conversation, album)?,
        Subject::Series(batch) => of_series(conversation, Some(batch))?,
        Subject::Orders(lead) => {
            let lead = orders::find(tx, user, lead)?;
            let batch = lead.map(|lead| orders::batch(tx, lead.id)).transpose()?.flatten();
            of_series(conversation, batch)?
        }
        Subject::Order(order) => {
            let order = orders::find(tx, user, order)?;
            return Ok(order.map_or(Addressed::Gone, |order| Addressed::Order(order.id)));
        }
        Subject::Video(job) => {
            let video = videos::find(tx, user, tx.now, job)?;
            return Ok(video.map_or(Addressed::Gone, |video| Addressed::Order(video.order)));
        }
        Subject::Voice(_) | Subject::AnotherPhoto => None,
    };
    Ok(target.map_or(Addressed::Gone, |target| Addressed::Target(target, None)))
}

/// The products that a script, or words that may become one, are about.
pub(crate) fn of_script(
    conversation: &Conversation<'_>,
    id: ScriptId,
) -> Result<Option<Target>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if scripts::find(tx, id)?.is_some_and(|script| script.scope == Scope::All) {
        let album = drafts::album(tx, user, id.draft)?;
        return Ok(album.map(|album| all(conversation, album)).transpose()?.flatten());
    }
    Ok(drafts::find(tx, user, id.draft)?.map(Target::one))
}

fn of_series(
    conversation: &Conversation<'_>,
    batch: Option<BatchId>,
) -> Result<Option<Target>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let batch = batch.map(|batch| batches::find(tx, user, batch)).transpose()?.flatten();
    Ok(batch.map(|batch| all(conversation, batch.album)).transpose()?.flatten())
}

/// The product of an order, to be filmed once more; `None` where its photo is gone.
pub(crate) fn filmed_again(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Option<Target>, StoreError> {
    if !photos::is_here_of(tx, order)? {
        return Ok(None);
    }
    let begun = more_with_photo(tx, user, order)?;
    let draft = begun.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten();
    Ok(draft.map(Target::one))
}
