//! Accounts, keys, credits and rate limits.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use crate::domain::{secret::Secret, time::Timestamp};

/// A refusal in a body: KIE's code and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: u16,
    /// The text.
    pub msg: String,
}

impl Refusal {
    /// A refusal with this code and text.
    pub fn new(code: u16, msg: &str) -> Self {
        Self { code, msg: msg.to_owned() }
    }
}

/// The times of recent events, for a limit of so many in a sliding window.
#[derive(Debug, Default)]
struct Window(VecDeque<Timestamp>);

impl Window {
    /// Counts an event, unless the window is full.
    fn admit(&mut self, now: Timestamp, length: Duration, limit: Option<usize>) -> bool {
        while self.0.front().is_some_and(|first| now.since(*first) >= length) {
            self.0.pop_front();
        }
        let room = limit.is_none_or(|limit| self.0.len() < limit);
        if room {
            self.0.push_back(now);
        }
        room
    }
}

#[derive(Debug, Default)]
struct Account {
    credits: f64,
    under_way: usize,
    creations: Window,
}

#[derive(Debug)]
struct ApiKey {
    account: String,
    polls: Window,
}

/// Accounts and their keys.
#[derive(Debug, Default)]
pub struct Accounts {
    accounts: HashMap<String, Account>,
    keys: HashMap<Secret, ApiKey>,
}

/// The limits that hold for a creation.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Creations in 10 s.
    pub creations: Option<usize>,
    /// Tasks in progress at once.
    pub under_way: Option<usize>,
}

const SECOND: Duration = Duration::from_secs(1);

impl Accounts {
    /// Opens an account, unless it is there.
    pub fn open(&mut self, account: &str) {
        self.accounts.entry(account.to_owned()).or_default();
    }

    /// Gives an account a key.
    pub fn add_key(&mut self, account: &str, key: Secret) {
        let key_of = ApiKey { account: account.to_owned(), polls: Window::default() };
        self.keys.insert(key, key_of);
    }

    /// Sets an account's credits.
    pub fn set_credits(&mut self, account: &str, credits: f64) {
        self.accounts.entry(account.to_owned()).or_default().credits = credits;
    }

    /// Sets the credits of every account.
    pub fn set_all_credits(&mut self, credits: f64) {
        for account in self.accounts.values_mut() {
            account.credits = credits;
        }
    }

    /// An account's credits, without those held for tasks in progress.
    pub fn credits(&self, account: &str) -> f64 {
        self.accounts.get(account).map_or(0.0, |account| account.credits)
    }

    /// The account of a key.
    pub fn account_of(&self, key: &Secret) -> Result<String, Refusal> {
        let account = self.keys.get(key).map(|key| key.account.clone());
        account.ok_or_else(|| Refusal::new(401, "You do not have access permissions"))
    }

    /// Counts a poll against its key.
    pub fn poll(&mut self, key: &Secret, now: Timestamp, limit: Option<usize>) -> bool {
        self.keys.get_mut(key).is_none_or(|key| key.polls.admit(now, SECOND, limit))
    }

    /// Holds the price of a new task, or says why there can be none.
    pub fn hold(
        &mut self,
        key: &Secret,
        price: f64,
        now: Timestamp,
        limits: Limits,
    ) -> Result<(), Refusal> {
        let Some(key) = self.keys.get(key) else {
            return Err(Refusal::new(401, "You do not have access permissions"));
        };
        let account = self.accounts.entry(key.account.clone()).or_default();
        if account.credits < price {
            let text = "The current credits are insufficient. Please top up.";
            return Err(Refusal::new(402, text));
        }
        // Last, so that a call refused for another reason does not count.
        let busy = limits.under_way.is_some_and(|most| account.under_way >= most);
        if busy || !account.creations.admit(now, 10 * SECOND, limits.creations) {
            let text = "Your call frequency is too high. Please try again later.";
            return Err(Refusal::new(429, text));
        }
        account.credits -= price;
        account.under_way += 1;
        Ok(())
    }

    /// Ends a task: the part of its hold that was not consumed is given back.
    pub fn settle(&mut self, key: &Secret, refund: f64) {
        let Some(key) = self.keys.get(key) else { return };
        let account = self.accounts.entry(key.account.clone()).or_default();
        account.credits += refund;
        account.under_way = account.under_way.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Limits = Limits { creations: None, under_way: None };

    fn key() -> Secret {
        Secret::new("0123456789abcdef0123456789abcdef")
    }

    fn rich(credits: f64) -> Accounts {
        let mut accounts = Accounts::default();
        accounts.set_credits("main", credits);
        accounts.add_key("main", key());
        accounts
    }

    #[test]
    fn the_twenty_first_creation_within_ten_seconds_is_refused() {
        let mut accounts = rich(1000.0);
        let limits = Limits { creations: Some(20), under_way: None };
        let mut create = |at: i64| accounts.hold(&key(), 1.0, Timestamp(at), limits);
        assert!((0..20).all(|n| create(n).is_ok()));
        assert_eq!(create(9_999).unwrap_err().code, 429);
        assert!(create(10_000).is_ok());
        assert_eq!(create(10_000).unwrap_err().code, 429);
    }

    #[test]
    fn a_hold_that_does_not_fit_is_refused_and_a_refund_makes_room() {
        let mut accounts = rich(30.0);
        let hold = |accounts: &mut Accounts| accounts.hold(&key(), 20.0, Timestamp(0), FREE);
        assert!(hold(&mut accounts).is_ok());
        assert_eq!(hold(&mut accounts).unwrap_err().code, 402);
        accounts.settle(&key(), 20.0);
        assert!(hold(&mut accounts).is_ok());
    }

    #[test]
    fn an_ended_task_makes_room_for_another() {
        let mut accounts = rich(1000.0);
        let limits = Limits { creations: None, under_way: Some(2) };
        let hold = |accounts: &mut Accounts| accounts.hold(&key(), 1.0, Timestamp(0), limits);
        assert!(hold(&mut accounts).is_ok() && hold(&mut accounts).is_ok());
        assert_eq!(hold(&mut accounts).unwrap_err().code, 429);
        accounts.settle(&key(), 0.0);
        assert!(hold(&mut accounts).is_ok());
    }
}
