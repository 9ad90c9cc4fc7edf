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
use crate::street::Street;

/// A bot whose database has a disk of so many KiB for itself.
fn on_a_disk_of(street: &Street, kib: usize) -> Command {
    let folder = street.path("data");
    fs::create_dir_all(&folder).unwrap();
    let script = format!("mount -t tmpfs -o size={kib}k tmpfs '{}'", folder.display());
    furnished(&command(street, &[]), &script)
}

/// Fills the disk to the last byte.
fn fill(filler: &Path) {
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}

/// The disk goes with the bot, so the books must be taken before. It stands still meanwhile.
fn copy_database(street: &Street, bot: &Bot, copy: &Path) {
    bot.signal("STOP");
    for suffix in ["", "-wal"] {
        let file = street.path(&format!("data/reelbot.db{suffix}"));
        fs::copy(inside(bot, &file), format!("{}{suffix}", copy.display())).unwrap();
    }
    bot.signal("CONT");
}

#[test]
fn a_disk_that_is_full_at_the_start_is_1_with_a_hint() {
    let street = Street::open();
    for kib in [4, 64] {
        let (code, said) = Bot::start(on_a_disk_of(&street, kib)).ends();
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("error: cannot use the database"), "{said}");
        assert!(said.contains("hint: make room on the disk"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn while_the_disk_is_full_paid_tasks_are_kept_in_hand_and_nothing_new_is_paid() {
    let street = Street::open();
    let bot = start(on_a_disk_of(&street, 16 << 10));
    let crowd = crowd(&street, 5);
    let (early, late) = crowd.split_at(3);
    // Nine tasks are created, and KIE's answers are on their way.
    street.wire.close_gate("createTask");
    all_order(&street, early);
    street.until("nine submissions", || street.wire.asked("createTask") == 9);
    let filler = inside(&bot, &street.path("data/filler"));
    fill(&filler);
    street.wire.open_gate();
    bot.says("the database cannot be used");
    all_order(&street, late);
    // They reach the bot again and again, and cannot be stored.
    let polls = street.wire.asked("GetUpdates");
    street.until("more updates", || street.wire.asked("GetUpdates") >= polls + 3);
    assert!(street.wire.asked("GetUpdates") < polls + 10);
    assert_eq!((street.wire.asked("createTask"), street.kie.tasks().len()), (9, 9));
    assert_eq!(street.gpt.seen().len(), 5);
    fs::remove_file(filler).unwrap();
    all_have_all(&street, &crowd);
    bot.says("the database can be used again");
    stayed_small(&bot);
    let copy = street.path("copy.db");
    copy_database(&street, &bot, &copy);
    let said = bot.stop();
    has_said(&said, "the database cannot be used", 1);
    has_said(&said, "hint=\"make room on its disk", 1);
    has_said(&said, "the database can be used again", 1);
    books_are_in_order(&street, &copy, &crowd);
}

#[test]
fn a_script_that_gpt_has_written_is_kept_while_the_disk_is_full() {
    let street = Street::open();
    let bot = start(on_a_disk_of(&street, 16 << 10));
    let anna = street.telegram.person("Anna", "en");
    street.wire.close_gate("completions");
    street.chooses(&anna);
    street.until("GPT", || street.wire.asked("completions") == 1);
    let filler = inside(&bot, &street.path("data/filler"));
    fill(&filler);
    street.wire.open_gate();
    bot.says("the database cannot be used");
    anna.sends_text("/balance");
    let polls = street.wire.asked("GetUpdates");
    street.until("more updates", || street.wire.asked("GetUpdates") >= polls + 2);
    fs::remove_file(filler).unwrap();
    street.orders_script(&anna, 3);
    street.closes(&anna);
    street.hears(&anna, "47");
    assert_eq!(street.wire.asked("completions"), 1, "it was paid for once");
    has_said(&bot.stop(), "the database cannot be used", 1);
}
