//! The rules of the architecture, checked by `cargo test`.
//!
//! The first rule carries the rest: read `src/lib.rs` from top to bottom, and
//! each `mod.rs` the same way, and every file uses only what you have already
//! met. Then reading order is dependency order, and there is no circle.
//!
//! A rule takes sources and returns its findings. The last part of this file
//! gives each rule small sources that break it.

mod sources;

mod imports;

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{
    Sources, code, mentions, module, names_crate, top_module, without_tests, words,
};

/// Crates that may be named in these top modules only, beside tests.
const RESTRICTED_CRATES: &[(&str, &[&str])] = &[
    ("axum", &["metrics", "sandbox"]),
    ("clap", &["cli"]),
    ("prometheus_client", &["metrics"]),
    ("r2d2", &["store"]),
    ("r2d2_sqlite", &["store"]),
    ("reqwest", &["telegram"]),
    ("rusqlite", &["store"]),
    ("rusqlite_migration", &["store"]),
    ("sd_notify", &["service"]),
    ("teloxide", &["telegram"]),
    ("ureq", &["provider"]),
];

/// The modules that wait for the outside. Everything else is plain, blocking code.
const ASYNC_MODULES: &[&str] = &["telegram", "metrics", "sandbox"];

/// What the stand-ins may name. They speak the real wire formats and know nothing of the bot.
const STAND_IN_MODULES: &[&str] = &["clock", "domain", "sandbox"];

/// The parts of `sandbox` that are no stand-ins: they put the bot and the stand-ins together, or show
/// its screens.
const NOT_STAND_INS: &[&str] =
    &["sandbox/stage.rs", "sandbox/demo.rs", "sandbox/rehearsal/", "sandbox/page/gallery.rs"];

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
    holds(modules_without_a_doc_line);
}

#[test]
fn imports_are_in_braces_one_use_a_module_or_crate() {
    for folder in ["src", "tests", "benches", "fuzz"] {
        holds_in(folder, imports_in_another_form);
    }
}

#[test]
fn every_sleep_ends_with_a_stop() {
    holds(sleeps_that_no_stop_ends);
}

#[test]
fn front_pages_hold_no_code() {
    holds(code_on_front_pages);
}

#[test]
fn restricted_crates_stay_in_their_module() {
    holds(restricted_crates_elsewhere);
}

#[test]
fn async_code_stays_in_its_modules() {
    holds(async_code_elsewhere);
}

#[test]
fn stand_ins_name_nothing_of_the_bot() {
    holds(stand_ins_that_name_the_bot);
}

#[test]
fn no_file_is_too_long_to_read() {
    holds(long_files);
}

fn holds(rule: fn(&Sources) -> Vec<String>) {
    holds_in("src", rule);
}

fn holds_in(folder: &str, rule: fn(&Sources) -> Vec<String>) {
    let findings = rule(&Sources::read(folder));
    assert!(findings.is_empty(), "in {folder}:\n{}\n", findings.join("\n"));
}

// The rules.

fn uses_of_what_comes_later(sources: &Sources) -> Vec<String> {
    let order = sources.order();
    let mut findings = Vec::new();
    for (here, (name, path)) in order.iter().enumerate() {
        for (number, line) in code(&sources.0[path]) {
            let of_tests = |used: &String| used.starts_with("testing::malformed");
            for used in mentions(&line).into_iter().filter(|used| !of_tests(used)) {
                let there = (0..order.len())
                    .filter(|&i| format!("{used}::").starts_with(&format!("{}::", order[i].0)))
                    .max_by_key(|&i| order[i].0.len());
                if there.is_some_and(|there| there > here) {
                    findings.push(format!(
                        "{path}:{number}: `{name}` uses `{used}`, which comes later"
                    ));
                }
            }
        }
    }
    findings
}

fn files_without_a_place(sources: &Sources) -> Vec<String> {
    let order = sources.order();
    let mut findings = Vec::new();
    for path in sources.0.keys() {
        let known = order.iter().any(|(_, file)| file == path);
        if !known && path != "lib.rs" && path != "main.rs" {
            findings.push(format!("{path}: is in no `pub mod` list"));
        }
    }
    findings
}

/// `lib.rs` has a doc line for each top module; every module's file begins with its own.
fn modules_without_a_doc_line(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for (_, path) in sources.order() {
        if !sources.0[&path].starts_with("//! ") {
            findings.push(format!("{path}:1: begin with a `//!` line that says what this is"));
        }
    }
    let map: Vec<&str> = sources.0["lib.rs"].lines().collect();
    for (index, line) in map.iter().enumerate() {
        let has_doc = index > 0 && map[index - 1].starts_with("/// ");
        if module(line).is_some() && !has_doc {
            findings.push(format!("lib.rs:{}: write a `///` line above `{line}`", index + 1));
        }
    }
    findings
}

/// One `use` for a crate, one for a top module of this crate, nested in braces; parents are
/// named from the root.
fn imports_in_another_form(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &sources.0 {
        let mut earlier = BTreeSet::new();
        for (number, line) in imports::joined(text) {
            if let Some(fault) = imports::fault(&line, &mut earlier) {
                findings.push(format!("{path}:{number}: {fault}"));
            }
        }
    }
    findings
}

/// `lib.rs` and every `mod.rs`: docs and `pub mod x;` lines, each in its own
/// paragraph, or rustfmt would sort them.
fn code_on_front_pages(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &sources.0 {
        if path != "lib.rs" && !path.ends_with("/mod.rs") {
            continue;
        }
        let mut above_is_module = false;
        for (number, line) in code(text) {
            let is_module = module(&line).is_some();
            if !line.is_empty() && (!is_module || above_is_module) {
                findings.push(format!("{path}:{number}: a front page holds no `{line}`"));
            }
            above_is_module = is_module;
        }
    }
    findings
}

fn restricted_crates_elsewhere(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &sources.0 {
        for (number, line) in code(without_tests(text)) {
            for (name, homes) in RESTRICTED_CRATES {
                if !homes.contains(&top_module(path)) && names_crate(&line, name) {
                    findings.push(format!("{path}:{number}: `{name}` belongs in {homes:?}"));
                }
            }
        }
    }
    findings
}

fn async_code_elsewhere(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &sources.0 {
        for (number, line) in code(without_tests(text)) {
            let waits = words(&line).any(|word| word == "await" || word == "async");
            if waits && !ASYNC_MODULES.contains(&top_module(path)) {
                findings.push(format!("{path}:{number}: async code belongs in {ASYNC_MODULES:?}"));
            }
        }
    }
    findings
}

fn stand_ins_that_name_the_bot(sources: &Sources) -> Vec<String> {
    let is_stand_in = |path: &str| {
        top_module(path) == "sandbox" && !NOT_STAND_INS.iter().any(|other| path.starts_with(other))
    };
    let mut findings = Vec::new();
    for (path, text) in sources.0.iter().filter(|(path, _)| is_stand_in(path)) {
        for (number, line) in code(text) {
            for used in mentions(&line) {
                let there = used.split("::").next().unwrap_or_default();
                if !STAND_IN_MODULES.contains(&there) {
                    findings.push(format!("{path}:{number}: a stand-in names `{used}`"));
                }
            }
        }
    }
    findings
}

fn sleeps_that_no_stop_ends(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &sources.0 {
        for (number, line) in code(without_tests(text)) {
            if line.contains("thread::sleep") {
                findings.push(format!("{path}:{number}: wait with `Stop::pause`"));
            }
        }
    }
    findings
}

fn long_files(sources: &Sources) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &sources.0 {
        let lines = without_tests(text).lines().count();
        if lines > LONGEST_FILE {
            findings.push(format!("{path}: {lines} lines; over {LONGEST_FILE}, find its parts"));
        }
    }
    findings
}

// Each rule can fail: sources that break one.

/// Small sources in order, with one file written anew.
fn sources_with(path: &str, text: &str) -> Sources {
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
    Sources(texts)
}

#[track_caller]
fn breaks(rule: fn(&Sources) -> Vec<String>, path: &str, text: &str) {
    let sound = rule(&sources_with("main.rs", "fn main() {}\n"));
    assert!(sound.is_empty(), "sound sources have findings: {sound:?}");
    let findings = rule(&sources_with(path, text));
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].starts_with(path), "{findings:?}");
}

#[track_caller]
fn keeps(rule: fn(&Sources) -> Vec<String>, path: &str, text: &str) {
    let findings = rule(&sources_with(path, text));
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_use_of_a_later_module_is_seen() {
    let rule = uses_of_what_comes_later;
    breaks(rule, "domain/id.rs", "//! Ids.\nuse crate::domain::{id, job::Job};\n");
    breaks(rule, "domain/job.rs", "use crate::store::{\n    queue::{self as q},\n};\n");
    keeps(
        rule,
        "store/queue.rs",
        "use crate::{domain::{\n    id::{self, Id},\n    job::Job,\n}};\n",
    );
    breaks(rule, "domain/job.rs", "//! Jobs.\nuse crate::store::queue::Queue;\n");
    breaks(rule, "domain/id.rs", "//! Ids.\nfn f(job: crate::domain::job::Job) {}\n");
    keeps(rule, "domain/id.rs", "//! Ids.\n// see crate::domain::job::Job\n");
}

#[test]
fn a_forgotten_file_is_seen() {
    breaks(files_without_a_place, "store/old.rs", "//! Old.\n");
}

#[test]
fn a_module_without_a_doc_line_is_seen() {
    breaks(modules_without_a_doc_line, "store/queue.rs", "use crate::domain::id::Id;\n");
    let map = "//! A map.\n\n/// WORDS.\npub mod domain;\n\npub mod store;\n";
    breaks(modules_without_a_doc_line, "lib.rs", map);
}

#[test]
fn an_import_in_another_form_is_seen() {
    let rule = imports_in_another_form;
    breaks(rule, "domain/job.rs", "use super::id::Id;\n");
    breaks(rule, "domain/job.rs", "use crate::{domain::id, store::db};\n");
    breaks(rule, "domain/job.rs", "use {std::fmt, thiserror::Error};\n");
    breaks(rule, "domain/job.rs", "use std::fmt;\n\nuse std::io;\n");
    breaks(rule, "domain/job.rs", "use std::{\n    io,\n    sync::Arc,\n};\nuse std::fmt;\n");
    breaks(rule, "domain/job.rs", "use crate::domain;\nuse crate::domain::id::Id;\n");
    breaks(rule, "domain/job.rs", "use crate::domain::{id::Id, id::UserId};\n");
    breaks(rule, "domain/job.rs", "use std::{io, sync::{mpsc, mpsc::Sender}};\n");
    breaks(rule, "domain/job.rs", "mod tests {\n    use std::fmt;\n    use std::io;\n}\n");
}

#[test]
fn imports_in_braces_are_in_order() {
    let rule = imports_in_another_form;
    keeps(rule, "domain/job.rs", "use crate::domain::{\n    id::{self, Id},\n    key,\n};\n");
    keeps(rule, "domain/job.rs", "use crate::domain;\nuse crate::store::db::Db;\n");
    keeps(rule, "domain/job.rs", "use std::{fmt, io};\nuse serde::Serialize;\n");
    keeps(rule, "domain/job.rs", "mod tests {\n    use super::*;\n}\n");
    let two_blocks =
        "use std::fmt;\nfn f() {\n    use std::io;\n}\nfn g() {\n    use std::io;\n}\n";
    keeps(rule, "domain/job.rs", two_blocks);
    keeps(rule, "domain/job.rs", "const HELP: &str = \"\\\nuse it, and\nuse it again.\";\n");
}

#[test]
fn code_on_a_front_page_is_seen() {
    let rule = code_on_front_pages;
    breaks(rule, "store/mod.rs", "//! Memory.\n\npub mod queue;\n\nconst N: u8 = 1;\n");
    breaks(rule, "store/mod.rs", "//! Memory.\n\npub mod queue;\n\npub use queue::Queue;\n");
    breaks(rule, "domain/mod.rs", "//! Words.\n\npub mod id;\npub mod job;\n");
}

#[test]
fn a_restricted_crate_in_another_module_is_seen() {
    let rule = restricted_crates_elsewhere;
    breaks(rule, "domain/job.rs", "use rusqlite::Row;\n");
    breaks(rule, "domain/job.rs", "use rusqlite::{\n    types::FromSql,\n};\n");
    let two = "use rusqlite::{Row, types::FromSql};\n";
    assert_eq!(rule(&sources_with("domain/job.rs", two)).len(), 2);
    breaks(rule, "main.rs", "fn main() { clap::Command::new(\"\"); }\n");
    keeps(rule, "domain/job.rs", "use crate::rusqlite::Row;\nfn f() { my_axum::g(); }\n");
    keeps(rule, "domain/job.rs", "#[cfg(test)]\nmod tests {\n    use rusqlite::Row;\n}\n");
    keeps(rule, "domain/job.rs", "//! Jobs.\n#![cfg(test)]\nuse rusqlite::Row;\n");
}

#[test]
fn async_code_in_another_module_is_seen() {
    let rule = async_code_elsewhere;
    breaks(rule, "store/queue.rs", "pub async fn claim() {}\n");
    breaks(rule, "main.rs", "fn main() { let x = f().await; }\n");
    keeps(
        rule,
        "store/queue.rs",
        "fn f() {} // no async here\nlet async_modules = g.await_it();\n",
    );
}

#[test]
fn a_stand_in_that_names_the_bot_is_seen() {
    let rule = stand_ins_that_name_the_bot;
    breaks(rule, "sandbox/gpt.rs", "use crate::config::settings::Config;\n");
    breaks(rule, "sandbox/kie/task.rs", "mod tests {\n    use crate::provider::kie::wire;\n}\n");
    keeps(rule, "sandbox/kie/task.rs", "use crate::domain::id::Id;\nuse crate::sandbox::gpt;\n");
    keeps(rule, "sandbox/stage.rs", "use crate::config::settings::Config;\n");
    keeps(rule, "store/queue.rs", "use crate::config::settings::Config;\n");
}

#[test]
fn a_sleep_that_no_stop_ends_is_seen() {
    let rule = sleeps_that_no_stop_ends;
    breaks(rule, "store/queue.rs", "fn f() { std::thread::sleep(SECOND); }\n");
    breaks(rule, "store/queue.rs", "use std::{io, thread::{self, sleep}};\n");
    keeps(rule, "store/queue.rs", "#[cfg(test)]\nmod tests {\n    use std::thread::sleep;\n}\n");
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
    let hidden = "fn f() { g(\"https://example.org\", crate::store::queue::Queue) }\n";
    breaks(uses_of_what_comes_later, "domain/id.rs", hidden);
}
