//! Of [`crate::clock`].

pub use crate::clock::ManualClock;
pub use crate::clock::SystemClock;
