//! Of `clock`.

pub use crate::clock::{ManualClock, SystemClock};
