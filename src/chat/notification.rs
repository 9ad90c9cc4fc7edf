//! Notifications of the outbox as screens: they are put into words when they are sent, by how things
//! are then.

use crate::chat::{
    key::Key,
    refusal::{photo_gone, sentence, waited_in_vain},
    screen::Screen,
    screens::{
        alert,
        balance::granted,
        closing::{Went, closing},
        series_closing,
    },
    voice::Voice,
};
use crate::domain::{
    failure::{FailureKind, Violation, cause},
    notification::Notification,
};
use crate::store::{
    batches, draft_photos,
    error::StoreError,
    ledger,
    orders::{self, Ending},
    photos,
    send_queue::Message,
    tx::View,
};

/// The screen for a notification of the outbox; `None` where there is nothing to tell any more.
pub(crate) fn screen(
    view: &View<'_>,
    voice: &Voice<'_>,
    row: &Message,
    notification: &Notification,
) -> Result<Option<Screen>, StoreError> {
    Ok(match notification {
        Notification::VideosFailed { order, kind, violation } => {
            let Some(ending) = orders::ending(view, *order)? else { return Ok(None) };
            let told = cause(*kind, *violation);
            let videos = ending.count(|kind, violation| cause(kind, violation) == told);
            let refund = ending.price.times(videos);
            if *violation == Some(Violation::BadFile) && !photos::is_here_of(view, *order)? {
                return Ok((videos > 0).then(|| Screen::new(photo_gone(voice, videos, refund))));
            }
            if told.0 == FailureKind::Temporary && ending.is_away {
                return Ok((videos > 0).then(|| Screen::new(waited_in_vain(voice, videos, refund))));
            }
            (videos > 0).then(|| Screen::new(sentence(voice, *kind, *violation, videos, refund)))
        }
        Notification::VideoFailed { kind, violation, refund } => {
            Some(Screen::new(sentence(voice, *kind, *violation, 1, *refund)))
        }
        Notification::OrderClosed { order } => {
            let ending = orders::ending(view, *order)?;
            let is_here = photos::is_here_of(view, *order)?;
            let has_others = draft_photos::count_of_order(view, *order)? > 1;
            let went = |ending: &Ending| match went(ending, is_here) {
                Went::PhotoRefused if has_others => Went::SideRefused,
                went => went,
            };
            ending.map(|ending| closing(voice, *order, ending.count, went(&ending)))
        }
        Notification::SeriesClosed { batch } => {
            let endings = batches::endings(view, *batch)?;
            let more = batches::goes_on(view, *batch)?.then_some(*batch);
            (!endings.is_empty()).then(|| series_closing::closing(voice, more, &endings))
        }
        Notification::OrderHeld { order } => {
            let is_held = match order {
                Some(order) => orders::is_held(view, *order)?,
                None => true,
            };
            is_held.then(|| voice.screen(Key::OrderHeld, &[]))
        }
        Notification::CreditsGranted { amount } => {
            Some(granted(voice, *amount, ledger::balance(view, row.to)?))
        }
        Notification::Alert(alert) => Some(alert::alert(voice, row.id, alert)),
    })
}

fn went(ending: &Ending, is_photo_here: bool) -> Went {
    let cancelled = ending.cancelled();
    if ending.is_photo_refused() {
        if is_photo_here { Went::PhotoRefused } else { Went::PhotoGone }
    } else if cancelled > 0 && ending.delivered + cancelled == ending.count {
        Went::CalledOff(ending.delivered)
    } else if ending.is_text_refused() {
        Went::TextRefused(ending.delivered)
    } else {
        Went::Delivered(ending.delivered)
    }
}
