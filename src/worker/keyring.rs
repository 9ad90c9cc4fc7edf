//! Which key may be used for what now: the limits of accounts and keys.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::actions::rules::Rules;
use crate::domain::{
    id::KeyId,
    job::Step,
    key::{EnvironmentKey, LiveKey, fingerprint},
    ports::{PollError, Progress},
    secret::Secret,
    time::Timestamp,
};
use crate::store::{
    claimed_step::ClaimedStep,
    error::StoreError,
    keys::{self, KeyRow},
    queue::{Capacity, SubmitCapacity},
    submit_queue,
    tx::View,
};
use crate::worker::{
    key_polls::{KeyPolls, PollLimits},
    window::Window,
};

/// The length of KIE's window of creations.
const CREATION_WINDOW: Duration = Duration::from_secs(10);

/// The keys and their pace, shared by all threads. The keys and their state are in
/// the database; only the pace of the last seconds is here.
pub struct Keyring {
    environment: HashMap<String, Secret>,
    pace: Mutex<Pace>,
}

/// The times of the latest calls.
#[derive(Debug, Default)]
struct Pace {
    creations: HashMap<String, Window>,
    polls: HashMap<KeyId, KeyPolls>,
}

/// What may be claimed now, and when that changes.
#[derive(Debug)]
pub struct Available {
    /// What may be claimed now.
    pub capacity: Capacity,
    /// When a window opens or a cooldown ends, if something waits for that.
    pub more_at: Option<Timestamp>,
}

impl Keyring {
    /// A keyring with the keys of the environment.
    pub fn new(environment: &[EnvironmentKey]) -> Self {
        Self {
            environment: environment
                .iter()
                .map(|key| (fingerprint(&key.secret), key.secret.clone()))
                .collect(),
            pace: Mutex::default(),
        }
    }

    /// Counts the creations of the run before, so that a restart does not exceed the
    /// limit of a window.
    pub fn restore(&self, view: &View<'_>, now: Timestamp) -> Result<(), StoreError> {
        let accounts: HashMap<KeyId, String> =
            keys::list(view)?.into_iter().map(|key| (key.id, key.account)).collect();
        for (key, at) in submit_queue::recent_submissions(view, now - CREATION_WINDOW)? {
            if let Some(account) = accounts.get(&key) {
                self.pace().creations.entry(account.clone()).or_default().count(at);
            }
        }
        Ok(())
    }

    /// What may be claimed now, by the operator's limits. A key for a submission is searched only
    /// when one is due.
    pub fn available(
        &self,
        rules: &Rules,
        view: &View<'_>,
        now: Timestamp,
    ) -> Result<Available, StoreError> {
        let keys = keys::ids(view)?;
        let mut pace = self.pace();
        let (polls, polls_at) = poll_capacity(&PollLimits::new(rules), &mut pace, keys, now);
        let (submit, submit_at) = if submit_queue::is_due(view, now)? {
            self.submit_capacity(rules, &mut pace, view, now)?
        } else {
            (SubmitCapacity::Full, None)
        };
        let more_at = [polls_at, submit_at].into_iter().flatten().min();
        Ok(Available { capacity: Capacity { submit, polls, deliveries: true }, more_at })
    }

    /// Counts a claimed step against its key.
    pub fn count(
        &self,
        view: &View<'_>,
        step: &ClaimedStep,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(key) = step.attempt.key else { return Ok(()) };
        match step.step {
            Step::Submit => {
                if let Some(row) = keys::get(view, key)? {
                    self.pace().creations.entry(row.account).or_default().count(now);
                }
            }
            Step::Poll => self.pace().polls.entry(key).or_default().count(now),
            Step::Deliver => {}
        }
        Ok(())
    }

    /// Notes the answer to a poll with a key, and says after how long its task may be polled again.
    pub fn next_poll(
        &self,
        rules: &Rules,
        key: Option<KeyId>,
        answer: &Result<Progress, PollError>,
        now: Timestamp,
    ) -> Duration {
        let limits = PollLimits::new(rules);
        let Some(key) = key else { return limits.longest };
        self.pace().polls.entry(key).or_default().next(&limits, answer, now)
    }

    /// Takes back the newest creation that was counted against the key's account.
    pub fn uncount_creation(&self, view: &View<'_>, key: KeyId) -> Result<(), StoreError> {
        if let Some(row) = keys::get(view, key)?
            && let Some(window) = self.pace().creations.get_mut(&row.account)
        {
            window.uncount();
        }
        Ok(())
    }

    /// The labels of keys whose secrets this run does not know, with how many tasks each has at KIE.
    pub(crate) fn lost_keys(&self, view: &View<'_>) -> Result<Vec<(String, u32)>, StoreError> {
        let mut lost = Vec::new();
        for row in keys::list_all(view)?.into_iter().filter(|row| self.secret(row).is_none()) {
            let tasks = keys::in_flight(view, row.id)?;
            if tasks > 0 {
                lost.push((row.label, tasks));
            }
        }
        Ok(lost)
    }

    /// A key with its secret, if that is known.
    pub fn key(&self, view: &View<'_>, id: KeyId) -> Result<Option<LiveKey>, StoreError> {
        Ok(keys::get(view, id)?.and_then(|row| self.live(row)))
    }

    /// A key that may be used for something other than a task.
    pub fn any_key(&self, view: &View<'_>, now: Timestamp) -> Result<Option<LiveKey>, StoreError> {
        let rows = keys::list(view)?;
        Ok(rows.into_iter().filter(|row| row.is_on(now)).find_map(|row| self.live(row)))
    }

    /// Every key whose secret is known.
    pub fn all(&self, view: &View<'_>) -> Result<Vec<LiveKey>, StoreError> {
        Ok(keys::list(view)?.into_iter().filter_map(|row| self.live(row)).collect())
    }

    fn live(&self, row: KeyRow) -> Option<LiveKey> {
        let secret = self.secret(&row)?;
        Some(LiveKey { id: row.id, account: row.account, label: row.label, secret })
    }

    fn secret(&self, row: &KeyRow) -> Option<Secret> {
        row.secret.clone().or_else(|| self.environment.get(&row.fingerprint).cloned())
    }

    /// The key of the account with the fewest tasks, and within it the one with
    /// the fewest.
    fn submit_capacity(
        &self,
        rules: &Rules,
        pace: &mut Pace,
        view: &View<'_>,
        now: Timestamp,
    ) -> Result<(SubmitCapacity, Option<Timestamp>), StoreError> {
        let mut live = keys::list_all(view)?;
        live.retain(|row| self.secret(row).is_some());
        let on: Vec<&KeyRow> = live.iter().filter(|row| row.is_on(now)).collect();
        if on.is_empty() {
            return Ok((SubmitCapacity::NoKeys, None));
        }
        let load = Load::count(view, &live)?;
        let creates = usize::try_from(rules.creates_per_10s).unwrap_or(usize::MAX);
        let mut best: Option<(u32, u32, KeyId)> = None;
        let mut opens = None;
        for row in on {
            let window = pace.creations.entry(row.account.clone()).or_default();
            let window = window.opens(creates, CREATION_WINDOW, now);
            let cooldown = row.cooldown_until.filter(|until| *until > now);
            if let Some(time) = window.max(cooldown) {
                opens = Some(earlier(opens, time));
            } else if load.account(&row.account) < rules.in_flight {
                let candidate = (load.account(&row.account), load.key(row.id), row.id);
                best = Some(best.map_or(candidate, |best| best.min(candidate)));
            }
        }
        Ok(match best {
            Some((_, _, key)) => (SubmitCapacity::Key(key), None),
            None => (SubmitCapacity::Full, opens),
        })
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many tasks keys and accounts have at KIE.
struct Load {
    keys: HashMap<KeyId, u32>,
    accounts: HashMap<String, u32>,
}

impl Load {
    fn count(view: &View<'_>, rows: &[KeyRow]) -> Result<Self, StoreError> {
        let keys: HashMap<KeyId, u32> = submit_queue::in_flight(view)?.into_iter().collect();
        let mut accounts = HashMap::new();
        for row in rows {
            let tasks = keys.get(&row.id).copied().unwrap_or(0);
            *accounts.entry(row.account.clone()).or_insert(0) += tasks;
        }
        Ok(Self { keys, accounts })
    }

    fn key(&self, id: KeyId) -> u32 {
        self.keys.get(&id).copied().unwrap_or(0)
    }

    fn account(&self, name: &str) -> u32 {
        self.accounts.get(name).copied().unwrap_or(0)
    }
}

/// The keys that may poll now. A key that is switched off still polls its tasks; tasks of a
/// key whose secret is gone are claimed, too: their polls are lost, and so they end.
fn poll_capacity(
    limits: &PollLimits,
    pace: &mut Pace,
    mut keys: Vec<KeyId>,
    now: Timestamp,
) -> (Vec<KeyId>, Option<Timestamp>) {
    let mut opens = None;
    keys.retain(|key| match pace.polls.entry(*key).or_default().opens(limits, now) {
        None => true,
        Some(time) => {
            opens = Some(earlier(opens, time));
            false
        }
    });
    (keys, opens)
}

fn earlier(known: Option<Timestamp>, time: Timestamp) -> Timestamp {
    known.map_or(time, |known| known.min(time))
}
