//! The disk is full: at the start, in the middle of everything, and space again.

use std::{fs, io::Write, path::Path, process::Command};

use crate::bot::Bot;
use crate::machine::{
    crowd::{
        all_are_served, all_order, books_are_in_order, command, crowd, ends_small, logged, start,
    },
    namespace::{in_namespace, inside},
};
use crate::servers::Servers;

/// A bot whose database has a disk of so many KiB for itself.
fn on_a_disk_of(servers: &Servers, kib: usize) -> Command {
    let folder = servers.path("data");
    fs::create_dir_all(&folder).unwrap();
    let script = format!("mount -t tmpfs -o size={kib}k tmpfs '{}'", folder.display());
    in_namespace(&command(servers, &[]), &script)
}

/// Fills the disk to the last byte.
fn fill(filler: &Path) {
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}

/// The disk ends with the bot, so the database is copied before. The bot is stopped meanwhile.
fn copy_database(servers: &Servers, bot: &Bot, copy: &Path) {
    bot.signal("STOP");
    for suffix in ["", "-wal"] {
        let file = servers.path(&format!("data/reelbot.db{suffix}"));
        fs::copy(inside(bot, &file), format!("{}{suffix}", copy.display())).unwrap();
    }
    bot.signal("CONT");
}

#[test]
fn a_disk_that_is_full_at_the_start_is_1_with_a_hint() {
    let servers = Servers::open();
    for kib in [4, 64] {
        let (code, log) = Bot::start(on_a_disk_of(&servers, kib)).ends();
        assert_eq!(code, 1, "{log}");
        assert!(log.contains("error: cannot use the database"), "{log}");
        assert!(log.contains("hint: make room on the disk"), "{log}");
        assert!(!log.contains("panicked"), "{log}");
    }
}

#[test]
fn while_the_disk_is_full_paid_tasks_are_kept_in_memory_and_nothing_new_is_paid() {
    let servers = Servers::open();
    let bot = start(on_a_disk_of(&servers, 16 << 10));
    let crowd = crowd(&servers, 5);
    let (early, late) = crowd.split_at(3);
    // Nine tasks are created, and KIE's answers are on their way.
    servers.wire.holds("createTask");
    all_order(&servers, early);
    servers.until("nine submissions", || servers.wire.asked("createTask") == 9);
    let filler = inside(&bot, &servers.path("data/filler"));
    fill(&filler);
    servers.wire.releases();
    bot.logs("the database cannot be used");
    all_order(&servers, late);
    // They reach the bot again and again, and cannot be stored.
    let polls = servers.wire.asked("GetUpdates");
    servers.until("more updates", || servers.wire.asked("GetUpdates") >= polls + 3);
    assert!(servers.wire.asked("GetUpdates") < polls + 10);
    assert_eq!((servers.wire.asked("createTask"), servers.kie.tasks().len()), (9, 9));
    assert_eq!(servers.gpt.seen().len(), 5);
    fs::remove_file(filler).unwrap();
    all_are_served(&servers, &crowd);
    bot.logs("the database can be used again");
    let copy = servers.path("copy.db");
    copy_database(&servers, &bot, &copy);
    let log = ends_small(bot);
    logged(&log, "the database cannot be used", 1);
    logged(&log, "hint=\"make room on its disk", 1);
    logged(&log, "the database can be used again", 1);
    books_are_in_order(&servers, &copy, &crowd);
}

#[test]
fn a_script_from_gpt_is_kept_in_memory_while_the_disk_is_full() {
    let servers = Servers::open();
    let bot = start(on_a_disk_of(&servers, 16 << 10));
    let anna = servers.telegram.person("Anna", "en");
    servers.wire.holds("completions");
    servers.chooses(&anna);
    servers.until("GPT", || servers.wire.asked("completions") == 1);
    let filler = inside(&bot, &servers.path("data/filler"));
    fill(&filler);
    servers.wire.releases();
    bot.logs("the database cannot be used");
    anna.sends_text("/balance");
    let polls = servers.wire.asked("GetUpdates");
    servers.until("more updates", || servers.wire.asked("GetUpdates") >= polls + 2);
    fs::remove_file(filler).unwrap();
    servers.orders_script(&anna, 3);
    servers.closes(&anna);
    servers.reads(&anna, "47");
    assert_eq!(servers.wire.asked("completions"), 1, "it was paid for once");
    logged(&bot.stop(), "the database cannot be used", 1);
}
