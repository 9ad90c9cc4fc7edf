//! Of `app`.

pub use crate::app::{App, Components, runtime};
pub use crate::plan::Plan;
