//! Another program locks the database for longer than the bot's writes wait for it.

use rusqlite::Connection;

use crate::machine::crowd::{
    all_are_served, all_order, bot_and_crowd, command, crowd, ends_well, logged, start,
};
use crate::servers::Servers;

#[test]
fn a_database_that_another_program_locks_is_waited_for_and_no_answer_of_kie_is_lost() {
    let (servers, bot, crowd) = bot_and_crowd(5);
    let (early, late) = crowd.split_at(3);
    servers.wire.holds("createTask");
    all_order(&servers, early);
    servers.until("nine submissions", || servers.wire.asked("createTask") == 9);
    let other = Connection::open(servers.database()).unwrap();
    other.execute_batch("begin exclusive; update users set language = language").unwrap();
    servers.wire.releases();
    bot.logs("the database cannot be used");
    all_order(&servers, late);
    // Every write has failed more than once meanwhile.
    let polls = servers.wire.asked("GetUpdates");
    servers.until("more updates", || servers.wire.asked("GetUpdates") >= polls + 2);
    assert_eq!((servers.wire.asked("createTask"), servers.kie.tasks().len()), (9, 9));
    other.execute_batch("rollback").unwrap();
    let log = ends_well(&servers, bot, &crowd);
    logged(&log, "the database cannot be used", 1);
    logged(&log, "hint=\"another program holds it", 1);
    logged(&log, "the database can be used again", 1);
}

#[test]
fn a_signal_ends_a_run_whose_database_is_locked_and_the_next_one_goes_on() {
    let servers = Servers::open();
    let grace = [("shutdown_grace = \"60s\"", "shutdown_grace = \"1s\"")];
    let bot = start(command(&servers, &grace));
    let crowd = crowd(&servers, 2);
    all_order(&servers, &crowd);
    let other = Connection::open(servers.database()).unwrap();
    other.execute_batch("begin exclusive; update users set language = language").unwrap();
    bot.logs("the database cannot be used");
    // What was done and not recorded is counted as lost at the next start, and refunded or made
    // again; nobody pays for it.
    let log = bot.stop();
    assert!(!log.contains("panicked"), "{log}");
    other.execute_batch("rollback").unwrap();
    let bot = start(command(&servers, &[]));
    all_are_served(&servers, &crowd);
    bot.stop();
    crate::database::audit(&servers.database());
}
