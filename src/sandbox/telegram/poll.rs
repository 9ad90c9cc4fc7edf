//! getUpdates: the long poll.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::sandbox::telegram::{
    error::{ApiError, MethodResult},
    params::Params,
    stand_in::TelegramStandIn,
};

/// The longest time that getUpdates waits, whatever the call asks for.
const LONGEST_POLL: Duration = Duration::from_secs(50);

impl TelegramStandIn {
    /// The long poll. Its timeout is in real time, as on a network.
    pub async fn get_updates(&self, params: &Params) -> MethodResult {
        let timeout = u64::try_from(params.int("timeout").unwrap_or(0)).unwrap_or(0);
        let end = Instant::now() + Duration::from_secs(timeout).min(LONGEST_POLL);
        let limit = params.int("limit").filter(|limit| (1..=100).contains(limit)).unwrap_or(100);
        let limit = usize::try_from(limit).unwrap_or(100);
        let mut changes = self.changes();
        let turn = self.change(|state| {
            state.poller += 1;
            if let Some(kinds) = params.json("allowed_updates") {
                state.updates.allow(serde_json::from_value(kinds).unwrap_or_default());
            }
            state.updates.confirm(params.int("offset").unwrap_or(0));
            state.poller
        });
        if self.read(|state| !state.webhook.is_empty()) {
            return Err(ApiError::new(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook \
                 to delete the webhook first",
            ));
        }
        loop {
            changes.mark_unchanged();
            let now = self.now();
            let (newest, updates) =
                self.change_quietly(|state| (state.poller, state.updates.peek(limit, now)));
            if newest != turn {
                return Err(ApiError::new(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot \
                     instance is running",
                ));
            }
            let over = Instant::now() >= end;
            if over || !updates.is_empty() {
                return Ok(json!(updates));
            }
            // An error means the end of the wait; the next round notices it.
            let _ = tokio::time::timeout_at(end, changes.changed()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::SystemClock;

    fn params(json: serde_json::Value) -> Params {
        let serde_json::Value::Object(values) = json else { panic!("an object") };
        Params { values, ..Params::default() }
    }

    #[tokio::test]
    async fn a_waiting_poll_is_woken_by_what_a_person_sends() {
        let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
        let ann = telegram.person("Ann", "en");
        let bot = telegram.clone();
        let wait = params(json!({"timeout": 30}));
        let waiting = tokio::spawn(async move { bot.get_updates(&wait).await });
        tokio::task::yield_now().await;
        ann.sends_text("/start");
        let updates = waiting.await.unwrap().unwrap();
        assert_eq!(updates[0]["message"]["text"], "/start");
        assert_eq!(updates[0]["message"]["entities"][0]["type"], "bot_command");
        let next = updates[0]["update_id"].as_i64().unwrap() + 1;
        let rest = telegram.get_updates(&params(json!({"offset": next.to_string()}))).await;
        assert_eq!((rest, telegram.pending_updates()), (Ok(json!([])), 0));
    }

    #[tokio::test]
    async fn of_two_polls_the_older_one_ends_with_a_conflict() {
        let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
        let bot = telegram.clone();
        let wait = params(json!({"timeout": 30}));
        let older = tokio::spawn(async move { bot.get_updates(&wait).await });
        tokio::task::yield_now().await;
        assert_eq!(telegram.get_updates(&params(json!({}))).await, Ok(json!([])));
        assert_eq!(older.await.unwrap().unwrap_err().code, 409);
    }

    #[tokio::test]
    async fn the_wanted_kinds_are_remembered_until_others_are_named() {
        let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
        let ann = telegram.person("Ann", "en");
        let only_taps = params(json!({"allowed_updates": "[\"callback_query\"]"}));
        telegram.get_updates(&only_taps).await.unwrap();
        telegram.get_updates(&params(json!({}))).await.unwrap();
        ann.sends_text("unseen");
        assert_eq!(telegram.pending_updates(), 0);
        telegram.get_updates(&params(json!({"allowed_updates": []}))).await.unwrap();
        ann.sends_text("seen");
        assert_eq!(telegram.pending_updates(), 1);
    }
}
