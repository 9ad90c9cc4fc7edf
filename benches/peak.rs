//! The seed's peak: 1,000 people order 3 videos each at once; renders take 5 minutes; 3 accounts at
//! KIE's real limits. `reelbot rehearse` plays it with the time sped up evenly; what is measured is
//! how much longer the queue takes than those limits allow.

#![expect(clippy::cast_precision_loss, reason = "counts are small")]

mod common;

use std::process::Command;

use reelbot::testing::config::Config;
use serde_json::Value;

const PEOPLE: usize = 1000;
const VIDEOS: usize = 3;
const ACCOUNTS: usize = 3;
const RENDER: f64 = 300.0;
const SPEED: f64 = 60.0;

/// Times what the limits allow (issue 3).
const GOAL: f64 = 1.1;

/// MiB resident (engine.md, "Bounds").
const MEMORY: f64 = 64.0;

fn main() {
    let folder = common::folder();
    common::print_machine(folder.path());
    let words = format!(
        "rehearse --users {PEOPLE} --videos {VIDEOS} --accounts {ACCOUNTS} --render {RENDER}s \
         --speed {SPEED} --chaos 0 --kill 0 --seed 1 --json"
    );
    let rehearsed = Command::new(env!("CARGO_BIN_EXE_reelbot"))
        .args(words.split_whitespace())
        .env_clear()
        .env("HOME", folder.path())
        .env("TMPDIR", folder.path())
        .current_dir(folder.path())
        .output()
        .expect("the rehearsal starts");
    let report: Value = serde_json::from_slice(&rehearsed.stdout).expect("a report in JSON");
    let number = |name: &str| report[name].as_f64().unwrap_or(f64::NAN);
    assert_eq!(report["green"], true, "{report:#}");

    let (took, allowed) = (number("took"), allowed());
    println!(
        "peak         {} jobs in {:.1} min of the bot's time, {:.0} s of real time",
        PEOPLE * VIDEOS,
        took / 60.0,
        number("real")
    );
    println!(
        "limits       allow {:.1} min: {:.2} × as long; goal {GOAL}: {}",
        allowed / 60.0,
        took / allowed,
        common::verdict(took / allowed <= GOAL)
    );
    let workers = Config::default().workers.count;
    let waiting = (PEOPLE * VIDEOS).div_ceil(workers) as f64 * RENDER;
    println!(
        "if waiting   {:.1} h for {workers} workers that wait for their renders",
        waiting / 3600.0
    );
    println!("in flight    {} at most", number("most_in_flight"));
    println!(
        "memory       {:.1} MiB at most; goal {MEMORY}: {}",
        number("most_memory"),
        common::verdict(number("most_memory") < MEMORY)
    );
}

/// Seconds that KIE's limits allow at best: every account fills up as fast as it may, and each
/// place is taken again the moment it is free.
fn allowed() -> f64 {
    let kie = Config::default().kie;
    let places = f64::from(kie.in_flight);
    let rounds = (PEOPLE * VIDEOS) as f64 / (ACCOUNTS as f64 * places);
    let filling = places / f64::from(kie.creates_per_10s) * 10.0;
    filling + rounds * RENDER
}
