//! The disk is full: at the start, in the middle of everything, and space again.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::child::Bot;
use crate::machine::crowd::all_have_all;
use crate::machine::crowd::all_order;
use crate::machine::crowd::books_are_in_order;
use crate::machine::crowd::command;
use crate::machine::crowd::crowd;
use crate::machine::crowd::has_said;
use crate::machine::crowd::start;
use crate::machine::crowd::stayed_small;
use crate::machine::room::furnished;
use crate::machine::room::inside;
use crate::servers::Servers;

/// A bot whose database has a disk of so many KiB for itself.
fn on_a_disk_of(servers: &Servers, kib: usize) -> Command {
    let folder = servers.path("data");
    fs::create_dir_all(&folder).unwrap();
    let script = format!("mount -t tmpfs -o size={kib}k tmpfs '{}'", folder.display());
    furnished(&command(servers, &[]), &script)
}

/// Fills the disk to the last byte.
fn fill(filler: &Path) {
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}

/// The disk goes with the bot, so the books must be taken before. It stands still meanwhile.
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
        let (code, said) = Bot::start(on_a_disk_of(&servers, kib)).ends();
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("error: cannot use the database"), "{said}");
        assert!(said.contains("hint: make room on the disk"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn while_the_disk_is_full_paid_tasks_are_kept_in_hand_and_nothing_new_is_paid() {
    let servers = Servers::open();
    let bot = start(on_a_disk_of(&servers, 16 << 10));
    let crowd = crowd(&servers, 5);
    let (early, late) = crowd.split_at(3);
    // Nine tasks are created, and KIE's answers are on their way.
    servers.wire.close_gate("createTask");
    all_order(&servers, early);
    servers.until("nine submissions", || servers.wire.asked("createTask") == 9);
    let filler = inside(&bot, &servers.path("data/filler"));
    fill(&filler);
    servers.wire.open_gate();
    bot.says("the database cannot be used");
    all_order(&servers, late);
    // They reach the bot again and again, and cannot be stored.
    let polls = servers.wire.asked("GetUpdates");
    servers.until("more updates", || servers.wire.asked("GetUpdates") >= polls + 3);
    assert!(servers.wire.asked("GetUpdates") < polls + 10);
    assert_eq!((servers.wire.asked("createTask"), servers.kie.tasks().len()), (9, 9));
    assert_eq!(servers.gpt.seen().len(), 5);
    fs::remove_file(filler).unwrap();
    all_have_all(&servers, &crowd);
    bot.says("the database can be used again");
    stayed_small(&bot);
    let copy = servers.path("copy.db");
    copy_database(&servers, &bot, &copy);
    let said = bot.stop();
    has_said(&said, "the database cannot be used", 1);
    has_said(&said, "hint=\"make room on its disk", 1);
    has_said(&said, "the database can be used again", 1);
    books_are_in_order(&servers, &copy, &crowd);
}

#[test]
fn a_script_that_gpt_has_written_is_kept_while_the_disk_is_full() {
    let servers = Servers::open();
    let bot = start(on_a_disk_of(&servers, 16 << 10));
    let anna = servers.telegram.person("Anna", "en");
    servers.wire.close_gate("completions");
    servers.chooses(&anna);
    servers.until("GPT", || servers.wire.asked("completions") == 1);
    let filler = inside(&bot, &servers.path("data/filler"));
    fill(&filler);
    servers.wire.open_gate();
    bot.says("the database cannot be used");
    anna.sends_text("/balance");
    let polls = servers.wire.asked("GetUpdates");
    servers.until("more updates", || servers.wire.asked("GetUpdates") >= polls + 2);
    fs::remove_file(filler).unwrap();
    servers.orders_script(&anna, 3);
    servers.closes(&anna);
    servers.hears(&anna, "47");
    assert_eq!(servers.wire.asked("completions"), 1, "it was paid for once");
    has_said(&bot.stop(), "the database cannot be used", 1);
}
