//! What came of writing a script is saved, and shown with the offer of that moment.

use crate::actions::offered::{of_photos, offered};
use crate::chat::{
    conversation::Conversation,
    handlers::{replaced_photo::restore, series_offer},
    reply::{Anchor, Reply},
    screens::{
        hint, photo, rewrite,
        script::{self, Heading, Offer, ReadyScript},
    },
    settings::Settings,
};
use crate::domain::{
    draft::{Fallback, Source},
    photo::PhotoFault,
};
use crate::store::{
    batches, drafts,
    error::StoreError,
    outbox, photos, quotes, rewrites,
    scripts::{self, NewPrompt},
    scripts_in_hand::{self, ScriptInHand},
    tx::Tx,
    users,
};
use crate::worker::idea::as_is;

/// What came of writing a prompt.
pub(super) enum WrittenPrompt {
    Script(NewPrompt),
    Unusable(PhotoFault),
    /// The preset is no longer there.
    Gone,
    /// What was refused was not written anew, and cannot be taken as it is.
    NotRewritten,
    /// The database refuses for good what was written.
    NotKept,
}

/// What there is where the script writer has no part in it, for this reason if it should have had one.
pub(super) fn without_writer(
    settings: &Settings,
    source: &Source,
    fallback: Option<Fallback>,
) -> WrittenPrompt {
    match source {
        Source::Rewrite(_) => WrittenPrompt::NotRewritten,
        Source::Preset(_) | Source::OwnText(_) | Source::Edited(_) | Source::Style(_) => {
            WrittenPrompt::Script(as_is(settings, source, fallback))
        }
    }
}

/// Saves a script and shows it, unless it was begun again meanwhile.
pub(super) fn save(
    tx: &Tx<'_>,
    settings: &Settings,
    requested: &ScriptInHand,
    written: &WrittenPrompt,
) -> Result<(), StoreError> {
    let Some(user) = users::find(tx, requested.user)? else { return Ok(()) };
    let conversation = Conversation::with(settings, tx, user);
    let (voice, id) = (conversation.voice(), requested.script.id);
    if !scripts_in_hand::is_current(tx, requested)? {
        return Ok(());
    }
    let batch = batches::of_script(tx, id)?;
    let screen = match written {
        // All that is written of its draft is written for the photo before.
        WrittenPrompt::Unusable(fault)
            if *fault != PhotoFault::Gone
                && restore(&conversation, id.draft, requested.photo, *fault)? =>
        {
            return Ok(());
        }
        WrittenPrompt::Unusable(fault) => {
            scripts_in_hand::drop_writing(tx, id)?;
            drafts::close(tx, id.draft)?;
            if *fault == PhotoFault::Gone {
                photos::mark_gone(tx, requested.photo)?;
            }
            photo::unusable(&voice, *fault)
        }
        WrittenPrompt::NotKept => {
            rewrites::fail(tx, id)?;
            scripts_in_hand::drop_writing(tx, id)?;
            hint::trouble(&voice)
        }
        WrittenPrompt::Gone => {
            scripts_in_hand::drop_writing(tx, id)?;
            hint::stale(&voice)
        }
        WrittenPrompt::NotRewritten => {
            let order = rewrites::fail(tx, id)?;
            scripts_in_hand::drop_writing(tx, id)?;
            order.map_or_else(|| script::no_more(&voice), |order| rewrite::away(&voice, order))
        }
        WrittenPrompt::Script(new) => {
            let choice = requested.script.shown.or(drafts::choice(tx, id.draft)?);
            let offered = &*offered(tx, &settings.rules)?;
            let quote = offered.quote(choice);
            scripts::finish(tx, id, requested.script.begun_at, new, quote)?;
            let of_photos = of_photos(tx, offered, id.draft, quote.options.aspect)?;
            let number = quotes::set(tx, id, quote, of_photos)?;
            let offer = settings.offer(conversation.user.credits, quote);
            let offer = Offer { offered, number, of_photos, ..offer };
            let (source, summary) = (requested.script.source.kind(), new.summary.as_ref());
            let NewPrompt { prompt, scenes, people, several, fallback, .. } = new;
            let (people, several, fallback) = (*people, *several, *fallback);
            let heading = Heading::Ready;
            let ready = ReadyScript {
                id,
                heading,
                source,
                prompt,
                summary,
                scenes,
                people,
                several,
                fallback,
            };
            script::script(&voice, &ready, &offer)
        }
    };
    let (anchor, reply) = if let Some(batch) = batch {
        (Anchor::Series(batch), series_offer::on_script(&conversation, batch)?)
    } else {
        let screen = screen.in_reply_to(requested.photo_message);
        (Anchor::Script(id), Reply::Edit(Anchor::Script(id), screen))
    };
    conversation.show(&reply)?;
    // A copy of the database must have the script before its person can order it.
    outbox::hold_back(tx, requested.user, &anchor.to_string(), tx.now + settings.copied_after)
}
