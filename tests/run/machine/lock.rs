//! Another program holds the database for longer than anybody waits for it.

use rusqlite::Connection;

use crate::machine::crowd::all_have_all;
use crate::machine::crowd::all_order;
use crate::machine::crowd::books_are_in_order;
use crate::machine::crowd::command;
use crate::machine::crowd::crowd;
use crate::machine::crowd::has_said;
use crate::machine::crowd::start;
use crate::machine::crowd::stayed_small;
use crate::street::Street;

#[test]
fn a_database_that_another_program_holds_is_waited_for_and_no_answer_of_kie_is_lost() {
    let street = Street::open();
    let bot = start(command(&street, &[]));
    let crowd = crowd(&street, 5);
    let (early, late) = crowd.split_at(3);
    street.wire.close_gate("createTask");
    all_order(&street, early);
    street.until("nine submissions", || street.wire.asked("createTask") == 9);
    let other = Connection::open(street.database()).unwrap();
    other.execute_batch("begin exclusive; update users set language = language").unwrap();
    street.wire.open_gate();
    bot.says("the database cannot be used");
    all_order(&street, late);
    // Every write has been given up more than once meanwhile.
    let polls = street.wire.asked("GetUpdates");
    street.until("more updates", || street.wire.asked("GetUpdates") >= polls + 2);
    assert_eq!((street.wire.asked("createTask"), street.kie.tasks().len()), (9, 9));
    other.execute_batch("rollback").unwrap();
    all_have_all(&street, &crowd);
    stayed_small(&bot);
    let said = bot.stop();
    has_said(&said, "the database cannot be used", 1);
    has_said(&said, "hint=\"another program holds it", 1);
    has_said(&said, "the database can be used again", 1);
    books_are_in_order(&street, &street.database(), &crowd);
}

#[test]
fn a_signal_ends_a_run_whose_database_is_held_and_the_next_one_goes_on() {
    let street = Street::open();
    let grace = [("shutdown_grace = \"60s\"", "shutdown_grace = \"1s\"")];
    let bot = start(command(&street, &grace));
    let crowd = crowd(&street, 2);
    all_order(&street, &crowd);
    let other = Connection::open(street.database()).unwrap();
    other.execute_batch("begin exclusive; update users set language = language").unwrap();
    bot.says("the database cannot be used");
    // What was done and not recorded is counted as lost at the next start, and refunded or made
    // again; nobody pays for it.
    let said = bot.stop();
    assert!(!said.contains("panicked"), "{said}");
    other.execute_batch("rollback").unwrap();
    let bot = start(command(&street, &[]));
    all_have_all(&street, &crowd);
    bot.stop();
    crate::books::audit(&street.database());
}
