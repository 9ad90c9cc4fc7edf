//! KIE API keys and their state, shared by all threads and kept over restarts.

use rusqlite::Row;

use crate::domain::{
    id::KeyId,
    key::{KeyFault, KeySource, fingerprint},
    secret::Secret,
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// A key's row.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// The row.
    pub id: KeyId,
    /// The KIE account whose limits it shares.
    pub account: String,
    /// What the operator calls it.
    pub label: String,
    /// Where its secret is.
    pub source: KeySource,
    /// The secret, when it is kept here.
    pub secret: Option<Secret>,
    /// Finds the secret in the environment when it is kept there.
    pub fingerprint: String,
    /// The mask that may be shown.
    pub tail: String,
    /// Whether the operator lets it be used.
    pub enabled: bool,
    /// What KIE said is wrong with it.
    pub fault: Option<KeyFault>,
    /// Until when the fault keeps it off; `None` is until an operator acts.
    pub off_until: Option<Timestamp>,
    /// Until when a rate limit keeps it off.
    pub cooldown_until: Option<Timestamp>,
    /// Rate limits in a row.
    pub cooldowns: u32,
    /// The account's credits at KIE, when last asked.
    pub balance: Option<f64>,
    /// When that was.
    pub balance_at: Option<Timestamp>,
}

impl KeyRow {
    /// Whether it may create tasks, now or after a cool-down.
    pub fn is_on(&self, now: Timestamp) -> bool {
        let over = self.off_until.is_some_and(|until| until <= now);
        self.enabled && (self.fault.is_none() || over)
    }
}

const COLUMNS: &str = "id, account, label, source, secret, fingerprint, tail, enabled, fault, \
     off_until, cooldown_until, cooldowns, balance, balance_at";

fn key(row: &Row<'_>) -> rusqlite::Result<KeyRow> {
    let secret: Option<String> = row.get(4)?;
    Ok(KeyRow {
        id: row.get(0)?,
        account: row.get(1)?,
        label: row.get(2)?,
        source: row.get(3)?,
        secret: secret.map(|text| Secret::new(&text)),
        fingerprint: row.get(5)?,
        tail: row.get(6)?,
        enabled: row.get(7)?,
        fault: row.get(8)?,
        off_until: row.get(9)?,
        cooldown_until: row.get(10)?,
        cooldowns: row.get(11)?,
        balance: row.get(12)?,
        balance_at: row.get(13)?,
    })
}

/// The keys that were not removed.
pub fn list(view: &View<'_>) -> Result<Vec<KeyRow>, StoreError> {
    let sql = format!("select {COLUMNS} from kie_keys where removed_at is null order by id");
    view.all(&sql, [], key)
}

/// All keys ever added: a removed one may still have tasks.
pub fn list_all(view: &View<'_>) -> Result<Vec<KeyRow>, StoreError> {
    view.all(&format!("select {COLUMNS} from kie_keys order by id"), [], key)
}

/// The ids of all keys ever added. Asked for at each claim, so their rows are left alone.
pub fn ids(view: &View<'_>) -> Result<Vec<KeyId>, StoreError> {
    view.all("select id from kie_keys order by id", [], |row| row.get(0))
}

/// The key with that id, unless it was removed.
pub fn get(view: &View<'_>, id: KeyId) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!("select {COLUMNS} from kie_keys where id = ? and removed_at is null");
    view.first(&sql, [id], key)
}

/// The key that this secret belongs to, removed or not.
pub fn find(view: &View<'_>, secret: &Secret) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!("select {COLUMNS} from kie_keys where fingerprint = ?");
    view.first(&sql, [fingerprint(secret)], key)
}

/// Adds a key, or brings a removed one back; a key that is there is left as it is.
/// The secret of a key of the environment is not written down.
pub fn add(
    tx: &Tx<'_>,
    secret: &Secret,
    source: KeySource,
    account: &str,
    label: &str,
) -> Result<KeyId, StoreError> {
    let kept = match source {
        KeySource::Stored => Some(secret.expose()),
        KeySource::Environment => None,
    };
    let sql = "insert into kie_keys (account, label, source, secret, fingerprint, tail)
               values (?1, ?2, ?3, ?4, ?5, ?6)
               on conflict (fingerprint) do update
               set account = ?1, label = ?2, source = ?3, secret = ?4, removed_at = null,
                   enabled = 1, fault = null, off_until = null, cooldown_until = null
               where removed_at is not null";
    let fingerprint = fingerprint(secret);
    tx.run(sql, (account, label, source, kept, &fingerprint, secret.mask()))?;
    tx.notify(Channel::Work);
    tx.one("select id from kie_keys where fingerprint = ?", [fingerprint], |row| row.get(0))
}

/// Puts a key of that source into an account.
pub fn set_account(
    tx: &Tx<'_>,
    id: KeyId,
    source: KeySource,
    account: &str,
) -> Result<(), StoreError> {
    let sql = "update kie_keys set account = ?3 where id = ?1 and source = ?2 and account <> ?3";
    tx.run(sql, (id, source, account))?;
    Ok(())
}

/// Lets a key be used, or not. Enabling forgets what was wrong with it.
pub fn enable(tx: &Tx<'_>, id: KeyId, enabled: bool) -> Result<(), StoreError> {
    tx.run(
        "update kie_keys set enabled = ?1, fault = iif(?1, null, fault),
             off_until = iif(?1, null, off_until), cooldown_until = iif(?1, null, cooldown_until),
             cooldowns = 0
         where id = ?2 and removed_at is null",
        (enabled, id),
    )?;
    tx.notify(Channel::Work);
    Ok(())
}

/// Removes a key and forgets its secret.
pub fn remove(tx: &Tx<'_>, id: KeyId) -> Result<(), StoreError> {
    let sql = "update kie_keys set removed_at = ?, secret = null, enabled = 0 where id = ?";
    tx.run(sql, (tx.now, id))?;
    Ok(())
}

/// Switches a key off for a fault; an empty account takes all its keys along.
pub fn switch_off(
    tx: &Tx<'_>,
    id: KeyId,
    fault: KeyFault,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    let sql = match fault {
        KeyFault::AccountEmpty => {
            // What the account had before says nothing any more: the next reading counts anew.
            "update kie_keys set fault = ?2, off_until = ?3, balance = null
             where account = (select account from kie_keys where id = ?1)"
        }
        KeyFault::KeyDead | KeyFault::KeyCapped => {
            "update kie_keys set fault = ?2, off_until = ?3 where id = ?1"
        }
    };
    tx.run(sql, (id, fault, until))?;
    Ok(())
}

/// Pauses all keys of an account after a rate limit.
pub fn cool_down(tx: &Tx<'_>, id: KeyId, until: Timestamp) -> Result<(), StoreError> {
    tx.run(
        "update kie_keys set cooldown_until = ?2, cooldowns = cooldowns + 1
         where account = (select account from kie_keys where id = ?1)",
        (id, until),
    )?;
    Ok(())
}

/// Lets no account pause longer than until `latest`.
pub fn cap_cooldowns(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    tx.run("update kie_keys set cooldown_until = ?1 where cooldown_until > ?1", [latest]).map(drop)
}

/// Notes that the account of a key takes tasks again.
pub fn reset_cooldowns(tx: &Tx<'_>, id: KeyId) -> Result<(), StoreError> {
    tx.run(
        "update kie_keys set cooldowns = 0
         where cooldowns > 0 and account = (select account from kie_keys where id = ?1)",
        [id],
    )?;
    Ok(())
}

/// Notes an account's credits. An account that was empty is switched on again when it has more
/// than at the first reading after that, or at least `plenty`.
pub fn note_balance(tx: &Tx<'_>, id: KeyId, balance: f64, plenty: f64) -> Result<(), StoreError> {
    tx.run(
        "update kie_keys set balance = ?2, balance_at = ?3,
             off_until = iif(fault = 'account_empty' and (?2 > balance or ?2 >= ?4), null, off_until),
             fault = iif(fault = 'account_empty' and (?2 > balance or ?2 >= ?4), null, fault)
         where account = (select account from kie_keys where id = ?1)",
        (id, balance, tx.now, plenty),
    )?;
    tx.notify(Channel::Work);
    Ok(())
}

/// Whether an account has run empty and has not been read since: the sooner it is, the less
/// of a top-up is taken for what was left.
pub fn is_reading_wanted(view: &View<'_>) -> Result<bool, StoreError> {
    let sql = "select 1 from kie_keys
               where fault = 'account_empty' and balance is null and removed_at is null limit 1";
    Ok(view.first(sql, [], |_| Ok(()))?.is_some())
}

/// How many tasks a key has at KIE.
pub fn in_flight(view: &View<'_>, id: KeyId) -> Result<u32, StoreError> {
    view.one(
        "select (select count(*) from generation_jobs
                 where status = 'processing' and step = 'poll' and key_id = ?1)
              + (select count(*) from generation_jobs
                 where claimed_until is not null and step = 'submit' and key_id = ?1)",
        [id],
        |row| row.get(0),
    )
}
