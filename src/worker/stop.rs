//! The sign that the house closes.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crate::store::notify::Notifiers;

/// Shared by everybody who has to stop. Clones are the same sign.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether the house closes.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Closes the house, and wakes everybody so that they see it.
    pub fn set(&self, notifiers: &Notifiers) {
        self.0.store(true, Ordering::SeqCst);
        notifiers.notify_all();
    }
}
