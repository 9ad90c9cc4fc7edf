//! A bell of the house, heard by a waiting task.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::store::bell::Bells;
use crate::store::bell::Ring;
use crate::telegram::stop::Stop;

/// The longest wait for the bell, in real time. A house that closes rings.
const LISTEN: Duration = Duration::from_secs(5);

/// Carries a bell's rings over, from before this call returns until the house
/// closes. A ring that nobody waits for is kept for the next who does.
pub fn rings(bells: &Arc<Bells>, name: Ring, stop: &Stop) -> Arc<Notify> {
    let rung = Arc::new(Notify::new());
    let (bells, there, stop) = (Arc::clone(bells), Arc::clone(&rung), stop.clone());
    let mut mark = bells.get(name).mark();
    tokio::task::spawn_blocking(move || {
        while !stop.is_given() {
            bells.get(name).wait(mark, LISTEN);
            let now = bells.get(name).mark();
            if now != mark {
                mark = now;
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
        let bells = Arc::<Bells>::default();
        let (stopper, stop) = stop_signal();
        let rung = rings(&bells, Ring::Inbox, &stop);
        bells.inbox.ring();
        rung.notified().await;
        stopper.stop();
        bells.ring_all();
    }
}
