//! What a claim costs: whatever else lies in the database, and with many
//! threads on a disk that takes its time.

#![expect(clippy::cast_precision_loss, reason = "counts are small")]

#[path = "../common/mod.rs"]
mod common;

mod depth;

mod fill;

mod rate;

fn main() {
    let folder = common::folder();
    common::print_machine(folder.path());
    depth::measure(folder.path());
    rate::measure(folder.path());
}
