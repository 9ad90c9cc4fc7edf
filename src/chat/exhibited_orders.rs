//! The exhibits about how orders stand, and how they went.

use std::time::Duration;

use crate::chat::{
    exhibit::{Named, all_named},
    refusal::{photo_gone, sentence, waited_in_vain},
    screen::Screen,
    screens::{
        cancellable::{Cancellable, OrderName},
        order::{accepted, ended, progress, progress_in_short},
        series::rest,
    },
    voice::Voice,
};
use crate::domain::{
    credits::Credits,
    failure::{FailureKind, Violation},
    id::{BatchId, OrderId},
};
use crate::store::standing::{Standing, Trouble};

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
pub(super) fn orders(voice: &Voice<'_>, product: &str) -> Vec<Named> {
    let standings = standings().into_iter();
    let accepted_by = |standing: &Standing, balance| accepted(voice, ORDER, standing, balance);
    let accepted = standings.map(|standing| accepted_by(&standing, Credits(2)));
    let all = Standing { count: 10, delivered: 6, cancelled: 4, ..Standing::default() };
    let of_series = [
        accepted_by(&FULL, Credits(0)).row(rest(voice, BatchId(i64::MAX), 4)),
        ended(voice, &all).row(rest(voice, BatchId(i64::MAX), 4)),
    ];
    let ended = endings().into_iter().map(|standing| ended(voice, &standing));
    let progress = [1, 4, 45].map(|orders| progress(voice, &FULL, &cancellable(orders, product)));
    [
        all_named("order::accepted", accepted),
        all_named("order::ended", ended),
        all_named("order::of_series", of_series),
        all_named("order::progress", progress),
    ]
    .concat()
}

/// So many orders that can be called off.
pub(super) fn cancellable(orders: usize, product: &str) -> Vec<Cancellable> {
    let time = "26.11 14:05".to_owned();
    let names = [
        OrderName::Only,
        OrderName::Product(product.to_owned(), time.clone()),
        OrderName::Series(10, time.clone()),
        OrderName::Placed(time, Some(product.to_owned())),
    ];
    let names = names.into_iter().cycle().take(orders);
    (1..).zip(names).map(|(videos, name)| Cancellable { order: ORDER, name, videos }).collect()
}

/// How far orders are of which some can be called off.
pub(super) fn in_progress(voice: &Voice<'_>, product: &str) -> Screen {
    progress(voice, &FULL, &cancellable(3, product))
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

fn endings() -> Vec<Standing> {
    let all = [(1, 1), (3, 3), (3, 2), (3, 0), (1, 0)];
    let lost = |(count, delivered)| {
        let lost = count - delivered;
        let failed = Standing { count, delivered, failed: lost, ..Standing::default() };
        [failed, Standing { failed: 0, cancelled: lost, ..failed }]
    };
    all.into_iter().flat_map(lost).collect()
}

/// Why videos failed, for each cause that is told.
pub(super) fn failures(voice: &Voice<'_>) -> impl Iterator<Item = Screen> {
    let violations = || Violation::ALL.into_iter().map(Some).chain([None]);
    let causes = FailureKind::ALL
        .into_iter()
        .flat_map(move |kind| violations().map(move |violation| (kind, violation)));
    let refunds = [(1, 1), (1, 0), (1, 3), (5, 5), (5, 0)];
    let told = causes.flat_map(move |(kind, violation)| {
        refunds.map(|(videos, back)| sentence(voice, kind, violation, videos, Credits(back)))
    });
    let away = refunds.map(|(videos, back)| waited_in_vain(voice, videos, Credits(back)));
    let gone = refunds.map(|(videos, back)| photo_gone(voice, videos, Credits(back)));
    told.chain(away).chain(gone).map(Screen::new)
}
