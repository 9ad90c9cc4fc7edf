//! How a task waits for the signal that the bot shuts down.

use std::time::Duration;

use crate::service::stop::Stop;

/// Waits for the signal.
pub(crate) async fn stopped(stop: &Stop) {
    // An error would mean that the signal is gone, and `stop` holds it.
    drop(stop.watch().wait_for(|is_set| *is_set).await);
}

/// Waits so long in real time; `false` when the signal was set first.
pub(crate) async fn pause(stop: &Stop, real: Duration) -> bool {
    tokio::select! {
        biased;
        () = stopped(stop) => false,
        () = tokio::time::sleep(real) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_pause_ends_when_the_bot_shuts_down() {
        let stop = Stop::new(&Arc::default());
        assert!(pause(&stop, Duration::ZERO).await);
        assert!(!stop.is_set());
        let signal = stop.clone();
        let paused = tokio::spawn(async move { pause(&signal, Duration::from_hours(1)).await });
        stop.set();
        assert!(!paused.await.unwrap());
        assert!(stop.is_set());
    }

    #[tokio::test]
    async fn a_dropped_owner_of_the_signal_sets_it() {
        let stop = Stop::new(&Arc::default());
        drop(stop.clone().on_drop());
        stopped(&stop).await;
        assert!(stop.is_set());
    }
}
