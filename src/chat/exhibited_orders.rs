//! The exhibits about how orders stand, and how they went.

use std::time::Duration;

use crate::chat::{
    exhibit::{Named, all_named, named},
    screens::order::{accepted, ended, progress, progress_in_short},
    voice::Voice,
};
use crate::domain::{credits::Credits, failure::FailureKind, id::OrderId};
use crate::store::{
    orders::Ending,
    standing::{Standing, Trouble},
};

const ORDER: OrderId = OrderId(i64::MAX);

/// An order with everything to say.
const FULL: Standing = Standing {
    count: 10,
    delivered: 1,
    failed: 1,
    cancelled: 2,
    waiting: 3,
    cancellable: 3,
    filming: 3,
    trouble: None,
    ahead: Some(41),
    wait: Some(Duration::from_mins(90)),
    changes_in: None,
};

/// The message of an order, from its beginning to its end, and the answer to who asks.
pub(super) fn orders(voice: &Voice<'_>) -> Vec<Named> {
    let standings = standings().into_iter();
    let accepted = standings.map(|standing| accepted(voice, ORDER, &standing, Credits(2)));
    let ended = endings().into_iter().map(|ending| ended(voice, &ending));
    let progress = progress(voice, &FULL, &[(ORDER, 1), (ORDER, 5)]);
    [
        all_named("order::accepted", accepted),
        all_named("order::ended", ended),
        vec![named("order::progress", progress)],
    ]
    .concat()
}

/// How the orders stand, in short, with each kind of wait.
pub(super) fn in_short(voice: &Voice<'_>) -> [String; 4] {
    let waits = [60, 290, 2000, 9000].map(Duration::from_secs);
    waits.map(|wait| progress_in_short(voice, &Standing { wait: Some(wait), ..FULL }))
}

/// An order as it begins, with each trouble, and with all there is.
fn standings() -> Vec<Standing> {
    let new = Standing { count: 3, waiting: 3, cancellable: 3, ..Standing::default() };
    let next = Standing { ahead: Some(1), wait: Some(Duration::from_mins(1)), ..new };
    let one = Standing { count: 1, filming: 1, ..Standing::default() };
    let troubles = [Trouble::Sending, Trouble::Slow, Trouble::Retry, Trouble::Busy, Trouble::Held];
    let troubles = troubles.map(|trouble| Standing { trouble: Some(trouble), ..FULL });
    [new, next, one, FULL].into_iter().chain(troubles).collect()
}

fn endings() -> Vec<Ending> {
    let ending = |count: u32, delivered: u32, kind| {
        let failures = (delivered..count).map(|_| (kind, None)).collect();
        Ending { count, price: Credits(1), delivered, failures }
    };
    let kinds = [FailureKind::Cancelled, FailureKind::Unknown];
    [(1, 1), (3, 3), (3, 2), (3, 0), (1, 0)]
        .into_iter()
        .flat_map(|(count, delivered)| kinds.map(|kind| ending(count, delivered, kind)))
        .collect()
}
