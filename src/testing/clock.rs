//! Of [`crate::clock`].

pub use crate::clock::{ManualClock, SystemClock};
