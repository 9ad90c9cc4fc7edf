//! The house rules, checked by `cargo test`.
//!
//! The first rule carries the rest: read `src/lib.rs` from top to bottom, and
//! each room's `mod.rs` the same way, and every file uses only what you have
//! already met. Then reading order is dependency order, and there is no circle.
//!
//! A rule takes a house and returns its complaints. The last part of this file
//! shows each rule a small house that breaks it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Crates that may be named in one room only, beside tests.
const GUESTS: &[(&str, &str)] = &[
    ("axum", "sandbox"),
    ("clap", "cli"),
    ("r2d2", "store"),
    ("r2d2_sqlite", "store"),
    ("reqwest", "telegram"),
    ("rusqlite", "store"),
    ("rusqlite_migration", "store"),
    ("teloxide", "telegram"),
    ("ureq", "provider"),
];

/// Components that wait for the outside. Everything else is plain, blocking code.
const ASYNC_ROOMS: &[&str] = &["telegram", "sandbox"];

/// What the stand-ins may name. They speak the real wire formats and know nothing of the bot.
const STAND_IN_ROOMS: &[&str] = &["clock", "domain", "sandbox"];

/// The parts of `sandbox` that are no stand-ins: they put the bot and the stand-ins together.
const NOT_STAND_INS: &[&str] = &["sandbox/stage.rs", "sandbox/demo.rs", "sandbox/rehearsal/"];

/// The most lines of a file, its tests not counted.
const LONGEST_FILE: usize = 300;

#[test]
fn every_file_uses_only_what_stands_above_it() {
    holds(uses_of_what_comes_later);
}

#[test]
fn every_file_has_its_place_in_the_reading_order() {
    holds(files_without_a_place);
}

#[test]
fn every_module_says_what_it_is() {
    holds(modules_without_a_word);
}

#[test]
fn imports_are_one_per_line_and_start_at_the_crate_root() {
    holds(imports_in_another_form);
}

#[test]
fn front_pages_hold_no_code() {
    holds(code_on_front_pages);
}

#[test]
fn guests_stay_in_their_room() {
    holds(guests_elsewhere);
}

#[test]
fn waiting_is_done_at_the_doors() {
    holds(waiting_elsewhere);
}

#[test]
fn no_thread_sleeps_where_a_stop_cannot_wake_it() {
    holds(deaf_sleeps);
}

#[test]
fn stand_ins_know_nothing_of_the_bot() {
    holds(stand_ins_that_know_the_bot);
}

#[test]
fn no_file_is_too_long_to_read() {
    holds(long_files);
}

fn holds(rule: fn(&House) -> Vec<String>) {
    let house = House::as_built();
    assert!(!house.order().is_empty(), "there is no house under src");
    let complaints = rule(&house);
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

// The rules.

fn uses_of_what_comes_later(house: &House) -> Vec<String> {
    let order = house.order();
    let mut complaints = Vec::new();
    for (here, (name, path)) in order.iter().enumerate() {
        for (number, line) in code(&house.0[path]) {
            for used in mentions(line) {
                let there = (0..order.len())
                    .filter(|&i| format!("{used}::").starts_with(&format!("{}::", order[i].0)))
                    .max_by_key(|&i| order[i].0.len());
                if there.is_some_and(|there| there > here) {
                    complaints.push(format!(
                        "{path}:{number}: `{name}` uses `{used}`, which comes later"
                    ));
                }
            }
        }
    }
    complaints
}

fn files_without_a_place(house: &House) -> Vec<String> {
    let order = house.order();
    let mut complaints = Vec::new();
    for path in house.0.keys() {
        let known = order.iter().any(|(_, file)| file == path);
        if !known && path != "lib.rs" && path != "main.rs" {
            complaints.push(format!("{path}: is in no `pub mod` list"));
        }
    }
    complaints
}

/// The map in `lib.rs` tells each room in a doc line; every module's file begins with its own.
fn modules_without_a_word(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (_, path) in house.order() {
        if !house.0[&path].starts_with("//! ") {
            complaints.push(format!("{path}:1: begin with a `//!` line that says what this is"));
        }
    }
    let map: Vec<&str> = house.0["lib.rs"].lines().collect();
    for (index, line) in map.iter().enumerate() {
        let told = index > 0 && map[index - 1].starts_with("/// ");
        if module(line).is_some() && !told {
            complaints.push(format!("lib.rs:{}: write a `///` line above `{line}`", index + 1));
        }
    }
    complaints
}

fn imports_in_another_form(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in &house.0 {
        for (number, line) in code(text) {
            let line = line.trim();
            let up = line.starts_with("use super::") && line != "use super::*;";
            let many = line.contains("crate::{")
                || ((line.starts_with("use ") || line.starts_with("pub use "))
                    && (line.contains('{') || line.contains(',')));
            if up || many {
                complaints.push(format!("{path}:{number}: write `use crate::room::file::Name;`"));
            }
        }
    }
    complaints
}

/// `lib.rs` and every `mod.rs`: docs and `pub mod x;` lines, each in its own
/// paragraph, or rustfmt and the next hand would sort them.
fn code_on_front_pages(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in &house.0 {
        if path != "lib.rs" && !path.ends_with("/mod.rs") {
            continue;
        }
        let mut above_is_module = false;
        for (number, line) in code(text) {
            let is_module = module(line).is_some();
            if !line.is_empty() && (!is_module || above_is_module) {
                complaints.push(format!("{path}:{number}: a front page holds no `{line}`"));
            }
            above_is_module = is_module;
        }
    }
    complaints
}

fn guests_elsewhere(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in &house.0 {
        for (number, line) in code(without_tests(text)) {
            for (guest, host) in GUESTS {
                if room(path) != *host && names_crate(line, guest) {
                    complaints.push(format!("{path}:{number}: `{guest}` lives in src/{host}"));
                }
            }
        }
    }
    complaints
}

fn waiting_elsewhere(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in &house.0 {
        for (number, line) in code(without_tests(text)) {
            let waits = words(line).any(|word| word == "await" || word == "async");
            if waits && !ASYNC_ROOMS.contains(&room(path)) {
                complaints.push(format!("{path}:{number}: async code belongs in {ASYNC_ROOMS:?}"));
            }
        }
    }
    complaints
}

fn deaf_sleeps(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in &house.0 {
        for (number, line) in code(without_tests(text)) {
            if line.contains("thread::sleep") {
                complaints.push(format!("{path}:{number}: wait with `Stop::pause`"));
            }
        }
    }
    complaints
}

fn stand_ins_that_know_the_bot(house: &House) -> Vec<String> {
    let is_stand_in = |path: &str| {
        room(path) == "sandbox" && !NOT_STAND_INS.iter().any(|other| path.starts_with(other))
    };
    let mut complaints = Vec::new();
    for (path, text) in house.0.iter().filter(|(path, _)| is_stand_in(path)) {
        for (number, line) in code(text) {
            for used in mentions(line) {
                let there = used.split("::").next().unwrap_or_default();
                if !STAND_IN_ROOMS.contains(&there) {
                    complaints.push(format!("{path}:{number}: a stand-in names `{used}`"));
                }
            }
        }
    }
    complaints
}

fn long_files(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in &house.0 {
        let lines = without_tests(text).lines().count();
        if lines > LONGEST_FILE {
            complaints.push(format!("{path}: {lines} lines; over {LONGEST_FILE}, find its parts"));
        }
    }
    complaints
}

// The house and how to read it.

/// Texts by their paths under `src`, such as `store/queue.rs`.
struct House(BTreeMap<String, String>);

impl House {
    fn as_built() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut texts = BTreeMap::new();
        let mut dirs = vec![root.clone()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    dirs.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                    texts.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        Self(texts)
    }

    /// Module paths in the order in which a reader meets them, each with its file.
    fn order(&self) -> Vec<(String, String)> {
        self.order_of("lib.rs", "", "")
    }

    fn order_of(&self, page: &str, dir: &str, prefix: &str) -> Vec<(String, String)> {
        let mut order = Vec::new();
        for (_, line) in code(&self.0[page]) {
            let Some(name) = module(line) else { continue };
            let path = format!("{prefix}{name}");
            let inner = format!("{dir}{name}/mod.rs");
            if self.0.contains_key(&inner) {
                let dir = format!("{dir}{name}/");
                order.extend(self.order_of(&inner, &dir, &format!("{path}::")));
                order.push((path, inner));
            } else {
                order.push((path, format!("{dir}{name}.rs")));
            }
        }
        order
    }
}

/// `store` for `store/queue.rs`, `main` for `main.rs`.
fn room(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// `queue` for `pub mod queue;`, and for `mod queue;` where only tests are in it.
fn module(line: &str) -> Option<&str> {
    line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')
}

/// Numbered lines without comments; `https://` begins none.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines().map(|line| {
        let comment = line.match_indices("//").find(|&(at, _)| !line[..at].ends_with(':'));
        line[..comment.map_or(line.len(), |(at, _)| at)].trim_end()
    }))
}

/// The text above its `#[cfg(test)] mod tests`, which stands last in a file; of a
/// file that is there for tests alone, nothing.
fn without_tests(text: &str) -> &str {
    if text.contains("\n#![cfg(test)]\n") {
        return "";
    }
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..at])
}

/// `a::b::C` for every `crate::a::b::C` in a line.
fn mentions(line: &str) -> Vec<String> {
    let path_char = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    line.split("crate::")
        .skip(1)
        .map(|tail| tail.chars().take_while(|&c| path_char(c)).collect())
        .collect()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// Whether a line reaches into a crate: `guest::…`, and neither `my_guest::…`
/// nor `crate::guest::…`.
fn names_crate(line: &str, guest: &str) -> bool {
    line.match_indices(&format!("{guest}::"))
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

// Each rule can fail: houses that break one.

/// A small house in order, with one file written anew.
fn house_with(path: &str, text: &str) -> House {
    let files = [
        ("lib.rs", "//! A map.\n\n/// WORDS.\npub mod domain;\n\n/// MEMORY.\npub mod store;\n"),
        ("domain/mod.rs", "//! Words.\n\npub mod id;\n\npub mod job;\n"),
        ("domain/id.rs", "//! Ids.\n\npub struct Id(pub i64);\n"),
        ("domain/job.rs", "//! Jobs.\n\nuse crate::domain::id::Id;\n"),
        ("store/mod.rs", "//! Memory.\n\npub mod queue;\n"),
        ("store/queue.rs", "//! A queue.\n\nuse crate::domain::job::Job;\nuse rusqlite::Row;\n"),
        ("main.rs", "fn main() {}\n"),
    ];
    let mut texts: BTreeMap<_, _> =
        files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect();
    texts.insert(path.to_owned(), text.to_owned());
    House(texts)
}

#[track_caller]
fn breaks(rule: fn(&House) -> Vec<String>, path: &str, text: &str) {
    let sound = rule(&house_with("main.rs", "fn main() {}\n"));
    assert!(sound.is_empty(), "the sound house is blamed: {sound:?}");
    let complaints = rule(&house_with(path, text));
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].starts_with(path), "{complaints:?}");
}

#[track_caller]
fn keeps(rule: fn(&House) -> Vec<String>, path: &str, text: &str) {
    let complaints = rule(&house_with(path, text));
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn a_use_of_a_later_room_or_file_is_seen() {
    let rule = uses_of_what_comes_later;
    breaks(rule, "domain/job.rs", "//! Jobs.\nuse crate::store::queue::Queue;\n");
    breaks(rule, "domain/id.rs", "//! Ids.\nfn f(job: crate::domain::job::Job) {}\n");
    keeps(rule, "domain/id.rs", "//! Ids.\n// see crate::domain::job::Job\n");
}

#[test]
fn a_forgotten_file_is_seen() {
    breaks(files_without_a_place, "store/old.rs", "//! Old.\n");
}

#[test]
fn a_silent_module_is_seen() {
    breaks(modules_without_a_word, "store/queue.rs", "use crate::domain::id::Id;\n");
    let map = "//! A map.\n\n/// WORDS.\npub mod domain;\n\npub mod store;\n";
    breaks(modules_without_a_word, "lib.rs", map);
}

#[test]
fn an_import_in_another_form_is_seen() {
    let rule = imports_in_another_form;
    breaks(rule, "domain/job.rs", "use crate::{domain};\n");
    breaks(rule, "domain/job.rs", "use super::id::Id;\n");
    breaks(rule, "domain/job.rs", "use std::{fmt, io};\n");
    keeps(rule, "domain/job.rs", "mod tests {\n    use super::*;\n}\n");
}

#[test]
fn code_on_a_front_page_is_seen() {
    let rule = code_on_front_pages;
    breaks(rule, "store/mod.rs", "//! Memory.\n\npub mod queue;\n\nconst N: u8 = 1;\n");
    breaks(rule, "store/mod.rs", "//! Memory.\n\npub mod queue;\n\npub use queue::Queue;\n");
    breaks(rule, "domain/mod.rs", "//! Words.\n\npub mod id;\npub mod job;\n");
}

#[test]
fn a_guest_in_the_wrong_room_is_seen() {
    let rule = guests_elsewhere;
    breaks(rule, "domain/job.rs", "use rusqlite::Row;\n");
    breaks(rule, "main.rs", "fn main() { clap::Command::new(\"\"); }\n");
    keeps(rule, "domain/job.rs", "use crate::rusqlite::Row;\nfn f() { my_axum::g(); }\n");
    keeps(rule, "domain/job.rs", "#[cfg(test)]\nmod tests {\n    use rusqlite::Row;\n}\n");
    keeps(rule, "domain/job.rs", "//! Jobs.\n#![cfg(test)]\nuse rusqlite::Row;\n");
}

#[test]
fn waiting_behind_the_doors_is_seen() {
    let rule = waiting_elsewhere;
    breaks(rule, "store/queue.rs", "pub async fn claim() {}\n");
    breaks(rule, "main.rs", "fn main() { let x = f().await; }\n");
    keeps(rule, "store/queue.rs", "fn f() {} // no async here\nlet async_rooms = g.await_it();\n");
}

#[test]
fn a_deaf_sleep_is_seen() {
    let rule = deaf_sleeps;
    breaks(rule, "store/queue.rs", "fn f() { std::thread::sleep(SECOND); }\n");
    breaks(rule, "store/queue.rs", "use std::thread::sleep;\n");
    keeps(rule, "store/queue.rs", "#[cfg(test)]\nmod tests {\n    use std::thread::sleep;\n}\n");
}

#[test]
fn a_stand_in_that_knows_the_bot_is_seen() {
    let rule = stand_ins_that_know_the_bot;
    breaks(rule, "sandbox/gpt.rs", "use crate::config::settings::Config;\n");
    breaks(rule, "sandbox/kie/task.rs", "mod tests {\n    use crate::provider::kie::wire;\n}\n");
    keeps(rule, "sandbox/kie/task.rs", "use crate::domain::id::Id;\nuse crate::sandbox::gpt;\n");
    keeps(rule, "sandbox/stage.rs", "use crate::config::settings::Config;\n");
    keeps(rule, "store/queue.rs", "use crate::config::settings::Config;\n");
}

#[test]
fn a_long_file_is_seen_and_its_tests_are_not_counted() {
    let line = "const N: u8 = 1;\n";
    breaks(long_files, "domain/id.rs", &line.repeat(LONGEST_FILE + 1));
    let tests = format!("{line}#[cfg(test)]\nmod tests {{\n{}}}\n", line.repeat(LONGEST_FILE));
    keeps(long_files, "domain/id.rs", &tests);
}

#[test]
fn an_address_in_a_string_does_not_hide_the_code_behind_it() {
    let sneaky = "fn f() { g(\"https://example.org\", crate::store::queue::Queue) }\n";
    breaks(uses_of_what_comes_later, "domain/id.rs", sneaky);
}
