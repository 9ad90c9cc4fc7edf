//! Of `app`.

pub use crate::app::{App, Components, Plan, runtime};
