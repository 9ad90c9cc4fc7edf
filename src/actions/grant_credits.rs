//! The operator gives or takes credits.

use crate::domain::{
    credits::{Credits, EntryKind},
    id::UserId,
    notification::Notification,
};
use crate::store::{
    error::StoreError,
    ledger::{self, Entry},
    outbox,
    tx::Tx,
};

/// Why credits were not given or taken.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GrantError {
    /// Not a positive number.
    #[error("{0} is not a number of credits: name 1 or more")]
    NotPositive(Credits),
    /// More than the person has.
    #[error("they have only {balance} credits")]
    Short {
        /// What they have.
        balance: Credits,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Credits given or taken back, which happens once however often it is carried out.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The person who gets or loses them.
    pub user: UserId,
    /// How many; positive.
    pub amount: Credits,
    /// A name that no other grant has.
    pub uuid: String,
    /// The operator's words.
    pub note: Option<String>,
}

/// Gives credits and notifies the person; returns the new balance.
pub fn grant_credits(tx: &Tx<'_>, grant: &Grant) -> Result<Credits, GrantError> {
    positive(grant.amount)?;
    let once = format!("grant {}", grant.uuid);
    let added = ledger::add(tx, &entry(grant, grant.amount, EntryKind::Grant, &once))?;
    let balance = ledger::balance(tx, grant.user)?;
    if added {
        let notification = Notification::CreditsGranted { amount: grant.amount };
        outbox::put_notification(tx, grant.user, &notification, &once)?;
    }
    Ok(balance)
}

/// Takes credits, never more than the person has; returns the new balance.
pub fn take_credits(tx: &Tx<'_>, grant: &Grant) -> Result<Credits, GrantError> {
    positive(grant.amount)?;
    let balance = ledger::balance(tx, grant.user)?;
    if balance < grant.amount {
        return Err(GrantError::Short { balance });
    }
    let once = format!("take {}", grant.uuid);
    ledger::add(tx, &entry(grant, -grant.amount, EntryKind::Take, &once))?;
    Ok(ledger::balance(tx, grant.user)?)
}

fn positive(amount: Credits) -> Result<(), GrantError> {
    if amount > Credits(0) { Ok(()) } else { Err(GrantError::NotPositive(amount)) }
}

fn entry(grant: &Grant, amount: Credits, kind: EntryKind, once: &str) -> Entry {
    Entry {
        user: grant.user,
        amount,
        kind,
        once: once.to_owned(),
        order: None,
        job: None,
        note: grant.note.clone(),
    }
}
