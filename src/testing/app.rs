//! Of [`crate::app`].

pub use crate::app::App;
pub use crate::app::Components;
pub use crate::app::Plan;
pub use crate::app::runtime;
