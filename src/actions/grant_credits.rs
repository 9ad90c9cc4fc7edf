//! The operator gives or takes credits.

use crate::domain::{
    credits::{Credits, EntryKind},
    id::UserId,
    notification::Notification,
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    ledger::{self, Entry, LedgerLine},
    outbox,
    tx::{Tx, View},
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
    /// Its name was used for something else.
    #[error("that name is in the books since {}: {:+} credits of {}", .0.at, .0.amount.0, .0.user)]
    Used(LedgerLine),
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
    /// Its name: the same one counts once, whether credits are given or taken by it.
    pub once: String,
    /// The operator's words.
    pub note: Option<String>,
}

/// A grant in the books.
#[derive(Clone, Copy, Debug)]
pub struct Booked {
    /// What the person has now.
    pub balance: Credits,
    /// When it was booked.
    pub at: Timestamp,
    /// Whether it was not in the books before.
    pub is_new: bool,
}

/// Gives credits and notifies the person.
pub fn grant_credits(tx: &Tx<'_>, grant: &Grant) -> Result<Booked, GrantError> {
    let booked = book(tx, grant, EntryKind::Grant, grant.amount)?;
    if booked.is_new {
        let notification = Notification::CreditsGranted { amount: grant.amount };
        let once = event(grant, EntryKind::Grant);
        outbox::put_notification(tx, grant.user, &notification, &once)?;
    }
    Ok(booked)
}

/// Takes credits, never more than the person has.
pub fn take_credits(tx: &Tx<'_>, grant: &Grant) -> Result<Booked, GrantError> {
    book(tx, grant, EntryKind::Take, -grant.amount)
}

/// The grant as it stands in the books, if it was carried out before. Its name with another person,
/// amount or kind is an error.
pub(crate) fn booked(
    view: &View<'_>,
    grant: &Grant,
    kind: EntryKind,
) -> Result<Option<Booked>, GrantError> {
    for known in [EntryKind::Grant, EntryKind::Take] {
        let Some(entry) = ledger::find(view, &event(grant, known))? else { continue };
        let amount = Credits(entry.amount.0.abs());
        if (known, entry.user, amount) != (kind, grant.user, grant.amount) {
            return Err(GrantError::Used(entry));
        }
        let balance = ledger::balance(view, grant.user)?;
        return Ok(Some(Booked { balance, at: entry.at, is_new: false }));
    }
    Ok(None)
}

fn book(
    tx: &Tx<'_>,
    grant: &Grant,
    kind: EntryKind,
    amount: Credits,
) -> Result<Booked, GrantError> {
    if grant.amount <= Credits(0) {
        return Err(GrantError::NotPositive(grant.amount));
    }
    if let Some(booked) = booked(tx, grant, kind)? {
        return Ok(booked);
    }
    let balance = ledger::balance(tx, grant.user)?;
    if kind == EntryKind::Take && balance < grant.amount {
        return Err(GrantError::Short { balance });
    }
    let (user, note, once) = (grant.user, grant.note.clone(), event(grant, kind));
    ledger::add(tx, &Entry { user, amount, kind, once, order: None, job: None, note })?;
    Ok(Booked { balance: ledger::balance(tx, user)?, at: tx.now, is_new: true })
}

fn event(grant: &Grant, kind: EntryKind) -> String {
    format!("{} {}", kind.word(), grant.once)
}
