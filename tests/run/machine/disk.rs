//! The disk is full: at the start, in the middle of everything, and space again.

use std::{fs, io::Write, path::Path, process::Command};

use rusqlite::Connection;

use crate::bot::Bot;
use crate::database::audit;
use crate::machine::crowd::{
    all_are_served, all_order, books_are_in_order, command, crowd, ends_small, logged, start,
};
use crate::namespace::{in_namespace, inside};
use crate::servers::Servers;

/// A bot whose database has a disk of so many KiB for itself.
fn on_a_disk_of(servers: &Servers, kib: usize) -> Command {
    let folder = servers.path("data");
    fs::create_dir_all(&folder).unwrap();
    let script = format!("mount -t tmpfs -o size={kib}k tmpfs '{}'", folder.display());
    in_namespace(&command(servers, &[]), &script)
}

/// A database of version 4, of 11 MB.
fn version_4(path: &Path) {
    let database = Connection::open(path).unwrap();
    for step in [
        include_str!("../../../src/store/steps/001.sql"),
        include_str!("../../../src/store/steps/002.sql"),
        include_str!("../../../src/store/steps/003.sql"),
        include_str!("../../../src/store/steps/004.sql"),
    ] {
        database.execute_batch(step).unwrap();
    }
    database.execute_batch(OLD_ROWS).unwrap();
}

/// 5,000 orders of one video, with a prompt of 800 characters each; and 8 MB in a row that no step
/// moves, but that is written anew with the whole file.
const OLD_ROWS: &str = "
    begin;
    create temp table n (i integer primary key);
    insert into n with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000)
        select i from n;
    insert into users (tg_user_id, created_at) values (5, 0);
    insert into credit_entries (tg_user_id, amount, kind, once, created_at)
        values (5, 5000, 'grant', 'grant a', 0);
    insert into photos (id, tg_user_id, file_id) values (1, 5, 'f');
    insert into drafts (id, tg_user_id, photo_id, state, preset, prompt, updated_at)
        select i, 5, 1, 'ordered', 'p', hex(zeroblob(400)), 1 from n;
    insert into orders (id, tg_user_id, draft_id, photo_id, count, price, created_at, closed_at)
        select i, 5, i, 1, 1, 1, 1, 2 from n;
    insert into credit_entries (tg_user_id, amount, kind, once, order_id, created_at)
        select 5, -1, 'charge', 'charge order ' || i, i, 1 from n;
    insert into generation_jobs (order_id, tg_user_id, photo_id, number, prompt, model, status,
            video_url, delivered_at, finished_at, created_at)
        select i, 5, 1, 1, hex(zeroblob(400)), 'm', 'completed', 'u', 2, 2, 1 from n;
    insert into outbox (chat_id, kind, body, due_at, created_at, done_at)
        values (5, 'screen', hex(zeroblob(4000000)), 0, 0, 0);
    pragma user_version = 4;
    pragma application_id = 0x7265656C;
    commit;";

#[test]
fn where_there_is_no_room_to_write_an_old_database_anew_it_is_used_as_it_is() {
    let servers = Servers::open();
    let old = servers.path("old.db");
    version_4(&old);
    let folder = servers.path("data");
    fs::create_dir_all(&folder).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=58m tmpfs '{0}'; cp '{1}' '{0}/reelbot.db'",
        folder.display(),
        old.display()
    );
    let bot = start(in_namespace(&command(&servers, &[]), &script));
    let crowd = crowd(&servers, 3);
    all_order(&servers, &crowd);
    all_are_served(&servers, &crowd);
    let log = bot.log();
    logged(&log, "the database keeps its size", 1);
    logged(&log, "the database cannot be used", 0);
    let copy = servers.path("copy.db");
    copy_database(&servers, &bot, &copy);
    audit(&copy);
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
    // The write-ahead log still has room of its own.
    servers.until("a full disk", || {
        anna.sends_text("/balance");
        bot.log().contains("the database cannot be used")
    });
    servers.wire.releases();
    let polls = servers.wire.asked("GetUpdates");
    servers.until("more updates", || servers.wire.asked("GetUpdates") >= polls + 2);
    fs::remove_file(filler).unwrap();
    servers.orders_script(&anna, 3);
    servers.closes(&anna);
    anna.sends_text("/balance");
    servers.reads(&anna, "47");
    assert_eq!(servers.wire.asked("completions"), 1, "it was paid for once");
    logged(&bot.stop(), "the database cannot be used", 1);
}
