//! Of `app`.

pub use crate::app::{App, runtime};
pub use crate::components::Components;
pub use crate::plan::Plan;
