//! A KIE that takes calls and never answers them: the workers who called it wait, the others go on.

use crate::books::audit;
use crate::books::count;
use crate::machine::crowd::all_have_all;
use crate::machine::crowd::all_order;
use crate::machine::crowd::books_are_in_order;
use crate::machine::crowd::command;
use crate::machine::crowd::crowd;
use crate::machine::crowd::start;
use crate::machine::crowd::stayed_small;
use crate::street::Street;

/// Of 25 workers, five have no part in the steps that hang.
const HELD: usize = 20;

#[test]
fn while_submissions_hang_finished_videos_are_found_and_delivered() {
    for hangs in ["createTask", "file-stream-upload"] {
        let street = Street::open();
        let bot = start(command(&street, &[]));
        let crowd = crowd(&street, 32);
        let (early, late) = crowd.split_at(2);
        street.wire.close_gate("recordInfo");
        all_order(&street, early);
        street.until("polls", || street.wire.asked("recordInfo") == 6);
        let before = street.wire.asked(hangs);
        street.wire.close_gate(hangs);
        all_order(&street, late);
        street.until("hanging calls", || street.wire.asked(hangs) == before + HELD);
        all_have_all(&street, early);
        assert_eq!(street.wire.asked(hangs), before + HELD, "{hangs}: five workers are free");
        street.wire.open_gate();
        all_have_all(&street, &crowd);
        stayed_small(&bot);
        bot.stop();
        books_are_in_order(&street, &street.database(), &crowd);
    }
}

#[test]
fn while_polls_or_downloads_hang_new_orders_are_sent_off() {
    for hangs in ["recordInfo", ".mp4"] {
        let street = Street::open();
        let bot = start(command(&street, &[]));
        let crowd = crowd(&street, 12);
        street.wire.close_gate(hangs);
        all_order(&street, &crowd[..8]);
        street.until("hanging calls", || street.wire.asked(hangs) == HELD);
        all_order(&street, &crowd[8..]);
        street.until("all tasks", || street.kie.tasks().len() == 36);
        assert_eq!(street.wire.asked(hangs), HELD, "{hangs}: five workers are free");
        street.wire.open_gate();
        all_have_all(&street, &crowd);
        stayed_small(&bot);
        bot.stop();
        books_are_in_order(&street, &street.database(), &crowd);
    }
}

#[test]
fn a_signal_ends_a_run_whose_calls_hang_within_the_grace_and_the_next_one_goes_on() {
    let street = Street::open();
    let grace = [("shutdown_grace = \"60s\"", "shutdown_grace = \"1s\"")];
    let bot = start(command(&street, &grace));
    let crowd = crowd(&street, 3);
    street.wire.close_gate("createTask");
    all_order(&street, &crowd);
    street.until("hanging calls", || street.wire.asked("createTask") == 9);
    let said = bot.stop();
    assert!(said.contains("steps were cut off"), "{said}");
    street.wire.open_gate();
    let bot = start(command(&street, &[]));
    all_have_all(&street, &crowd);
    bot.stop();
    audit(&street.database());
    let lost = count(&street.database(), "select count(*) from lost_submissions");
    assert_eq!(lost, 9, "each may have made a task, and is listed");
    assert_eq!(count(&street.database(), "select sum(credits) from users"), 3 * 47);
}
