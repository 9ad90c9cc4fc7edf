//! The queue of updates, with the semantics of the offset of getUpdates.

use std::{collections::VecDeque, time::Duration};

use serde_json::{Value, json};

use crate::domain::time::Timestamp;

/// How long the server keeps an update that is not fetched.
const KEPT: Duration = Duration::from_hours(24);

/// How long it keeps a callback query, and takes an answer to it: 150 s (tdsrv, `add_update`).
pub(crate) const QUERY_KEPT: Duration = Duration::from_secs(150);

/// Kinds that a bot gets only if it names them in `allowed_updates`.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

#[derive(Debug)]
struct Waiting {
    id: i64,
    update: Value,
    until: Timestamp,
}

/// The updates that the bot has not confirmed.
#[derive(Debug, Default)]
pub struct Updates {
    queue: VecDeque<Waiting>,
    /// The next id; none before the first update. That one is numbered by the time, so that a
    /// bot with a kept database does not take it for one of an earlier sandbox.
    next: Option<i64>,
    allowed: Vec<String>,
}

impl Updates {
    /// Adds an update of one kind, unless the bot does not want that kind.
    pub fn add(&mut self, kind: &str, value: &Value, now: Timestamp) {
        let wanted = if self.allowed.is_empty() {
            !ON_REQUEST.contains(&kind)
        } else {
            self.allowed.iter().any(|allowed| allowed == kind)
        };
        if wanted {
            self.add_raw(json!({(kind): value}), now);
        }
    }

    /// Adds an update as it is; an `update_id` of its own is kept. Returns that id.
    pub fn add_raw(&mut self, mut update: Value, now: Timestamp) -> i64 {
        let next = self.next.unwrap_or(now.0.div_euclid(1000));
        let id = update["update_id"].as_i64().unwrap_or(next);
        self.next = Some(next.max(id + 1));
        let short = ["callback_query", "pre_checkout_query", "shipping_query"];
        let kept =
            if short.iter().any(|kind| update.get(kind).is_some()) { QUERY_KEPT } else { KEPT };
        if let Some(fields) = update.as_object_mut() {
            fields.insert("update_id".into(), json!(id));
        }
        self.queue.push_back(Waiting { id, update, until: now + kept });
        id
    }

    /// Sets the kinds that the bot wants; an empty list means the usual ones.
    pub fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = kinds;
    }

    /// Removes what `offset` confirms: everything before it or, when it is
    /// negative, everything but the last `-offset` updates.
    pub fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let left = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            self.queue.drain(..self.queue.len().saturating_sub(left));
        } else {
            self.queue.retain(|waiting| waiting.id >= offset);
        }
    }

    /// The first `limit` updates in the queue; they stay until they are confirmed.
    pub fn peek(&mut self, limit: usize, now: Timestamp) -> Vec<Value> {
        self.queue.retain(|waiting| waiting.until > now);
        self.queue.iter().take(limit).map(|waiting| waiting.update.clone()).collect()
    }

    /// How many are in the queue.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.queue.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(0);

    fn ids(updates: &mut Updates) -> Vec<i64> {
        let found = updates.peek(100, NOW);
        found.iter().map(|update| update["update_id"].as_i64().unwrap()).collect()
    }

    #[test]
    fn a_later_sandbox_does_not_use_the_ids_of_an_earlier_one() {
        let id = |now| Updates::default().add_raw(json!({"message": {}}), Timestamp(now));
        assert!(id(1_795_000_060_000) > id(1_795_000_000_000) + 50);
    }

    #[test]
    fn an_update_comes_again_until_a_higher_offset_confirms_it() {
        let mut updates = Updates::default();
        let [a, b, c] = [(); 3].map(|()| updates.add_raw(json!({"message": {}}), NOW));
        assert_eq!(ids(&mut updates), [a, b, c]);
        updates.confirm(b);
        assert_eq!(ids(&mut updates), [b, c]);
        updates.confirm(-1);
        assert_eq!(ids(&mut updates), [c]);
        updates.confirm(c + 1);
        assert!(ids(&mut updates).is_empty());
    }

    #[test]
    fn unwanted_kinds_are_never_created() {
        let mut updates = Updates::default();
        updates.add("chat_member", &json!({}), NOW);
        updates.allow(vec!["message".into()]);
        updates.add("callback_query", &json!({}), NOW);
        updates.add("message", &json!({}), NOW);
        assert_eq!(updates.pending(), 1);
    }

    #[test]
    fn a_tap_is_forgotten_after_150_seconds_and_a_message_after_a_day() {
        let mut updates = Updates::default();
        updates.add("callback_query", &json!({}), NOW);
        updates.add("message", &json!({}), NOW);
        assert_eq!(updates.peek(9, NOW + Duration::from_secs(149)).len(), 2);
        assert_eq!(updates.peek(9, NOW + Duration::from_secs(150)).len(), 1);
        assert_eq!(updates.peek(9, NOW + Duration::from_hours(24)).len(), 0);
    }
}
