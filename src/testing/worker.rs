//! Of [`crate::worker`].

pub use crate::worker::context::Ports;
pub use crate::worker::context::WorkerContext;
pub use crate::worker::inspect::judge;
pub use crate::worker::janitor::Janitor;
pub use crate::worker::keyring::Keyring;
pub use crate::worker::step::Done;
pub use crate::worker::step::StepOutcome;
pub use crate::worker::step::settle;
pub use crate::worker::worker::Turn;
pub use crate::worker::worker::Worker;
