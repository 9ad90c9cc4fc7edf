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
use crate::servers::Servers;

#[test]
fn a_database_that_another_program_holds_is_waited_for_and_no_answer_of_kie_is_lost() {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    let crowd = crowd(&servers, 5);
    let (early, late) = crowd.split_at(3);
    servers.wire.close_gate("createTask");
    all_order(&servers, early);
    servers.until("nine submissions", || servers.wire.asked("createTask") == 9);
    let other = Connection::open(servers.database()).unwrap();
    other.execute_batch("begin exclusive; update users set language = language").unwrap();
    servers.wire.open_gate();
    bot.says("the database cannot be used");
    all_order(&servers, late);
    // Every write has been given up more than once meanwhile.
    let polls = servers.wire.asked("GetUpdates");
    servers.until("more updates", || servers.wire.asked("GetUpdates") >= polls + 2);
    assert_eq!((servers.wire.asked("createTask"), servers.kie.tasks().len()), (9, 9));
    other.execute_batch("rollback").unwrap();
    all_have_all(&servers, &crowd);
    stayed_small(&bot);
    let said = bot.stop();
    has_said(&said, "the database cannot be used", 1);
    has_said(&said, "hint=\"another program holds it", 1);
    has_said(&said, "the database can be used again", 1);
    books_are_in_order(&servers, &servers.database(), &crowd);
}

#[test]
fn a_signal_ends_a_run_whose_database_is_held_and_the_next_one_goes_on() {
    let servers = Servers::open();
    let grace = [("shutdown_grace = \"60s\"", "shutdown_grace = \"1s\"")];
    let bot = start(command(&servers, &grace));
    let crowd = crowd(&servers, 2);
    all_order(&servers, &crowd);
    let other = Connection::open(servers.database()).unwrap();
    other.execute_batch("begin exclusive; update users set language = language").unwrap();
    bot.says("the database cannot be used");
    // What was done and not recorded is counted as lost at the next start, and refunded or made
    // again; nobody pays for it.
    let said = bot.stop();
    assert!(!said.contains("panicked"), "{said}");
    other.execute_batch("rollback").unwrap();
    let bot = start(command(&servers, &[]));
    all_have_all(&servers, &crowd);
    bot.stop();
    crate::books::audit(&servers.database());
}
