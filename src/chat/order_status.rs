//! How orders stand, in words: for the message of each, and for who asks.

use std::time::Duration;

use crate::chat::{
    screen::Screen,
    screens::{
        order::{accepted, ended, passes_into_less},
        series::rest,
    },
    settings::Settings,
    voice::Voice,
};
use crate::domain::time::Timestamp;
use crate::store::{
    batches, error::StoreError, orders, standing::Standing, status_messages::StatusMessage,
    tx::View, wait::Flow,
};

/// How often a place in the queue is looked at: the nearer, the more often. A thousand people who wait are
/// more than Telegram takes edits for.
const NEAR: (u32, Duration) = (10, Duration::from_secs(15));
const FAR: (u32, Duration) = (100, Duration::from_mins(1));
const FARTHEST: Duration = Duration::from_mins(5);

/// How the queue moves, by the settings in force.
pub(crate) fn flow(
    view: &View<'_>,
    settings: &Settings,
    now: Timestamp,
) -> Result<Flow, StoreError> {
    let rules = &settings.rules;
    Flow::read(view, now, rules.models(&rules.model), rules.in_flight)
}

/// What the message of an order, and of those that were placed with it, shows now, and after how long there may be something else to say by the
/// clock alone. `None` where there is nothing to say any more.
pub(crate) fn screen(
    view: &View<'_>,
    voice: &Voice<'_>,
    message: &StatusMessage,
    flow: &Flow,
    now: Timestamp,
) -> Result<Option<(Screen, Option<Duration>)>, StoreError> {
    let standing = Standing::of(view, message.order, flow, now)?;
    if standing.count == 0 {
        return Ok(None);
    }
    // The other products of its series can still be ordered.
    let rest = match orders::batch(view, message.order)? {
        Some(batch) => rest(voice, batch, batches::count_left(view, batch)?),
        None => None,
    };
    if message.final_at.is_some() {
        return Ok(Some((ended(voice, &standing).row(rest), None)));
    }
    let screen = accepted(voice, message.order, &standing, message.balance).row(rest);
    Ok(Some((screen, next_look(&standing))))
}

fn next_look(standing: &Standing) -> Option<Duration> {
    let of_the_queue = standing.ahead.filter(|ahead| *ahead > 0).map(|ahead| match ahead {
        ahead if ahead <= NEAR.0 => NEAR.1,
        ahead if ahead <= FAR.0 => FAR.1,
        _ => FARTHEST,
    });
    let of_the_wait = standing.wait.map(passes_into_less).filter(|_| standing.ahead.is_none());
    [of_the_queue, of_the_wait, standing.changes_in].into_iter().flatten().min()
}
