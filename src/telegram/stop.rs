//! The signal that the house closes: every wait in this room listens to it.

use std::time::Duration;

use tokio::sync::watch;

/// Who can close the house. Dropping it closes the house too.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Tells whether the house closes.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// A signal that has not been given yet.
pub fn stop_signal() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Gives the signal; from any thread, as often as one likes.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether the signal has been given.
    pub fn is_given(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits for the signal.
    pub async fn given(&self) {
        // An error says that the stopper is gone: the same as the signal.
        drop(self.0.clone().wait_for(|given| *given).await);
    }

    /// Waits so long in real time; `false` when the signal came first.
    pub async fn pause(&self, real: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.given() => false,
            () = tokio::time::sleep(real) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pause_ends_when_the_house_closes() {
        let (stopper, stop) = stop_signal();
        assert!(stop.pause(Duration::ZERO).await);
        assert!(!stop.is_given());
        let sleeper = stop.clone();
        let pause = tokio::spawn(async move { sleeper.pause(Duration::from_hours(1)).await });
        stopper.stop();
        assert!(!pause.await.unwrap());
        assert!(stop.is_given());
    }

    #[tokio::test]
    async fn a_lost_stopper_closes_the_house() {
        let (stopper, stop) = stop_signal();
        drop(stopper);
        stop.given().await;
        assert!(stop.is_given());
    }
}
