//! What a claim costs: with little and much else in the database, with many threads on a
//! disk that takes its time, and for a worker that was idle. A part can be run by its
//! name: `cargo bench --bench claim -- rate`.

#![expect(clippy::cast_precision_loss, reason = "counts are small")]

#[path = "../common/mod.rs"]
mod common;

mod depth;

mod fill;

mod pickup;

mod rate;

use std::path::Path;

/// The parts, by name.
const PARTS: [(&str, Part); 3] =
    [("depth", depth::measure), ("rate", rate::measure), ("pickup", pickup::measure)];

type Part = fn(&Path);

fn main() {
    let asked: Vec<String> = std::env::args().collect();
    let named = |name: &str| asked.iter().any(|word| word == name);
    let all = !PARTS.iter().any(|(name, _)| named(name));
    let folder = common::folder();
    common::print_machine(folder.path());
    for (name, measure) in PARTS {
        if all || named(name) {
            measure(folder.path());
        }
    }
}
