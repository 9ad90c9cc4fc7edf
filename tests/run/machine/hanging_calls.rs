//! A KIE that takes calls and never answers them: the workers that called it wait, the others go on.

use crate::database::{audit, count};
use crate::machine::crowd::{
    all_are_served, all_order, bot_and_crowd, command, crowd, ends_well, start,
};
use crate::servers::Servers;

/// Of 25 workers, five take none of the steps that hang.
const HELD: usize = 20;

#[test]
fn while_submissions_hang_finished_videos_are_found_and_delivered() {
    for hangs in ["createTask", "file-stream-upload"] {
        let (servers, bot, crowd) = bot_and_crowd(32);
        let (early, late) = crowd.split_at(2);
        servers.wire.holds("recordInfo");
        all_order(&servers, early);
        servers.until("polls", || servers.wire.asked("recordInfo") == 6);
        let before = servers.wire.asked(hangs);
        servers.wire.holds(hangs);
        all_order(&servers, late);
        servers.until("hanging calls", || servers.wire.asked(hangs) == before + HELD);
        all_are_served(&servers, early);
        assert_eq!(servers.wire.asked(hangs), before + HELD, "{hangs}: five workers are free");
        servers.wire.releases();
        ends_well(&servers, bot, &crowd);
    }
}

#[test]
fn while_polls_or_downloads_hang_new_orders_are_sent_off() {
    for hangs in ["recordInfo", ".mp4"] {
        let (servers, bot, crowd) = bot_and_crowd(12);
        servers.wire.holds(hangs);
        all_order(&servers, &crowd[..8]);
        servers.until("hanging calls", || servers.wire.asked(hangs) == HELD);
        all_order(&servers, &crowd[8..]);
        servers.until("all tasks", || servers.kie.tasks().len() == 36);
        assert_eq!(servers.wire.asked(hangs), HELD, "{hangs}: five workers are free");
        servers.wire.releases();
        ends_well(&servers, bot, &crowd);
    }
}

#[test]
fn a_text_under_way_at_a_signal_arrives_once_though_the_grace_is_over() {
    let servers = Servers::open();
    let grace = [("shutdown_grace = \"60s\"", "shutdown_grace = \"1ms\"")];
    let bot = start(command(&servers, &grace));
    let anna = servers.telegram.person("Anna", "en");
    servers.wire.holds("SendMessage");
    anna.sends_text("/start");
    servers.until("a text under way", || servers.wire.asked("SendMessage") == 1);
    bot.signal("TERM");
    bot.logs("closing: steps in hand finish");
    servers.wire.releases();
    let (code, log) = bot.ends();
    assert_eq!(code, 0, "{log}");
    assert!(!log.contains("still in flight"), "{log}");
    let bot = start(command(&servers, &[]));
    anna.sends_text("/balance");
    // A chat's messages are sent in order: what had to be sent again would come first.
    servers.until("the next text", || servers.wire.asked("SendMessage") >= 2);
    bot.stop();
    assert_eq!(servers.wire.asked("SendMessage"), 2);
}

#[test]
fn a_signal_ends_a_run_whose_calls_hang_within_the_grace_and_the_next_one_goes_on() {
    let servers = Servers::open();
    let grace = [("shutdown_grace = \"60s\"", "shutdown_grace = \"1s\"")];
    let bot = start(command(&servers, &grace));
    let crowd = crowd(&servers, 3);
    servers.wire.holds("createTask");
    all_order(&servers, &crowd);
    servers.until("hanging calls", || servers.wire.asked("createTask") == 9);
    let log = bot.stop();
    assert!(log.contains("steps were cut off"), "{log}");
    servers.wire.releases();
    let bot = start(command(&servers, &[]));
    all_are_served(&servers, &crowd);
    bot.stop();
    audit(&servers.database());
    let lost = count(&servers.database(), "select count(*) from lost_submissions");
    assert_eq!(lost, 9, "each may have made a task, and is listed");
    assert_eq!(count(&servers.database(), "select sum(credits) from users"), 3 * 47);
}
