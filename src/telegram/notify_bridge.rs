//! A notifier of the house, heard by a waiting task.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::store::notify::Channel;
use crate::store::notify::Notifiers;
use crate::telegram::stop::Stop;

/// The longest wait for the notifier, in real time. A house that closes rings.
const LISTEN: Duration = Duration::from_secs(5);

/// Carries a notifier's rings over, from before this call returns until the house
/// closes. A ring that nobody waits for is kept for the next who does.
pub fn notify_bridge(notifiers: &Arc<Notifiers>, name: Channel, stop: &Stop) -> Arc<Notify> {
    let rung = Arc::new(Notify::new());
    let (notifiers, there, stop) = (Arc::clone(notifiers), Arc::clone(&rung), stop.clone());
    let mut ticket = notifiers.get(name).ticket();
    tokio::task::spawn_blocking(move || {
        while !stop.is_given() {
            notifiers.get(name).wait(ticket, LISTEN);
            let now = notifiers.get(name).ticket();
            if now != ticket {
                ticket = now;
                there.notify_one();
            }
        }
    });
    rung
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telegram::stop::stop_signal;

    #[tokio::test]
    async fn a_ring_is_heard_even_before_anybody_waits() {
        let notifiers = Arc::<Notifiers>::default();
        let (stopper, stop) = stop_signal();
        let rung = notify_bridge(&notifiers, Channel::Inbox, &stop);
        notifiers.inbox.notify_one();
        rung.notified().await;
        stopper.stop();
        notifiers.notify_all();
    }
}
