//! Years: a million videos through the bot's own actions, at a virtual pace. What a finished video
//! leaves in the file after a month, and what so large a file costs: a start, a claim, an audit,
//! and the way from the version before.

#![expect(clippy::cast_precision_loss, reason = "counts are small")]

mod common;

#[path = "years/before.rs"]
mod before;

#[path = "years/shop.rs"]
mod shop;

use std::{
    fs,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use reelbot::testing::{
    app::{Plan, runtime},
    clock::SystemClock,
    config::Config,
    sandbox::{Behaviour, Stage},
};

use crate::common::{bot::Bot, median, verdict};
use crate::shop::Shop;

/// Videos, and how many of them on one day of the bench.
const VIDEOS: usize = 1_000_000;
const A_DAY: usize = 10_000;

/// How long after the last video the file is measured.
const MONTH: usize = 30;

/// The goals of issue 9: bytes of a finished video, seconds from a start to the first poll, times
/// what a claim takes in an empty database, seconds of an audit and of a migration.
const BYTES: f64 = 1024.0;
const START: f64 = 1.0;
const CLAIM: f64 = 1.2;
const AUDIT: f64 = 5.0;
const MIGRATION: f64 = 60.0;

fn main() {
    let folder = common::folder();
    common::print_machine(folder.path());
    let outside = runtime().expect("threads for the stand-ins");
    let behaviour = Behaviour::steady(Duration::from_mins(5)).without_limits();
    let stage = outside.block_on(Stage::set(Arc::new(SystemClock), behaviour)).expect("loopback");
    let plan = stage.plan(Config::default(), &folder.path().join("reelbot.db"));
    stage.bring_key(&plan).expect("a new database takes a key");
    let mut shop = Shop::open(&plan.database, (VIDEOS / A_DAY + MONTH) as u64);
    fill(&mut shop, &plan.database);
    claims(&mut shop, folder.path());
    shop.leaves_tasks();
    drop(shop);
    start(&stage, &plan, folder.path(), "after a clean stop");
    start(&stage, &plan, folder.path(), "after a kill");
    audit(&plan.database);
    fs::remove_file(&plan.database).expect("it is there");
    migration(folder.path());
}

fn fill(shop: &mut Shop, database: &Path) {
    let began = Instant::now();
    for day in 0..VIDEOS / A_DAY {
        shop.serves(A_DAY);
        shop.night();
        if day % 25 == 24 {
            println!("             day {:>3}: {:.0} MiB", day + 1, mebibytes(database));
        }
    }
    let took = began.elapsed().as_secs_f64();
    for _ in 0..MONTH {
        shop.day_passes();
        shop.night();
    }
    shop.folds();
    let finished = shop.finished();
    let bytes = fs::metadata(database).expect("it is there").len() as f64 / finished as f64;
    println!("years        {finished} videos in {took:.0} s, {A_DAY} a day of the bench");
    println!(
        "size         {:.0} MiB a month later, {bytes:.0} bytes a video; goal {BYTES}: {}",
        mebibytes(database),
        verdict(bytes <= BYTES)
    );
    let free = shop.free_pages();
    println!("             {:.1} % of it is free", 100.0 * free);
}

/// A claim, and a claim with the settling of the step before, here and in an empty database, in
/// turns.
fn claims(shop: &mut Shop, folder: &Path) {
    let mut few = Shop::open(&folder.join("empty.db"), 1);
    let (mut full_times, mut few_times) =
        ([(); 2].map(|()| Vec::new()), [(); 2].map(|()| Vec::new()));
    for _ in 0..21 {
        for (times, shop) in [(&mut full_times, &mut *shop), (&mut few_times, &mut few)] {
            for (medians, times) in times.iter_mut().zip(shop.timed(100)) {
                medians.push(median(times));
            }
        }
    }
    let [full, full_pair] = full_times.map(median);
    let [few, few_pair] = few_times.map(median);
    println!(
        "claim        {:.0} µs, {:.0} µs in an empty one: {:.2} ×; goal {CLAIM}: {}",
        full * 1e6,
        few * 1e6,
        full / few,
        verdict(full / few <= CLAIM)
    );
    println!(
        "             with the settling of the step before {:.0} µs, {:.0} µs in an empty one: {:.2} ×",
        full_pair * 1e6,
        few_pair * 1e6,
        full_pair / few_pair
    );
}

fn start(stage: &Stage, plan: &Plan, folder: &Path, when: &str) {
    let before = stage.kie.calls().record;
    let began = Instant::now();
    let _bot = Bot::start(folder, plan);
    common::patiently("a poll", || stage.kie.calls().record > before);
    let took = began.elapsed().as_secs_f64();
    println!(
        "start        {took:.2} s to the first poll, {when}; goal {START}: {}",
        verdict(took <= START)
    );
}

/// Runs the program on a database, which must go well; returns the seconds that it took.
fn reelbot(words: &[&str], database: &Path) -> f64 {
    let began = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_reelbot"))
        .args(words)
        .arg("--database")
        .arg(database)
        .env_clear()
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{output:?}");
    began.elapsed().as_secs_f64()
}

fn audit(database: &Path) {
    let took = reelbot(&["audit"], database);
    println!("audit        {took:.1} s; goal {AUDIT}: {}", verdict(took <= AUDIT));
}

fn migration(folder: &Path) {
    let database = folder.join("before.db");
    before::fill(&database, VIDEOS);
    let old = mebibytes(&database);
    let took = reelbot(&["migrate"], &database);
    println!(
        "migrate      {took:.0} s, from {old:.0} to {:.0} MiB; goal {MIGRATION}: {}",
        mebibytes(&database),
        verdict(took <= MIGRATION)
    );
    audit(&database);
}

fn mebibytes(file: &Path) -> f64 {
    fs::metadata(file).map_or(0.0, |file| file.len() as f64) / 1024.0 / 1024.0
}
