//! Somebody comes to the bot.

use crate::actions::rules::Rules;
use crate::domain::credits::{Credits, EntryKind};
use crate::store::{
    away,
    error::{StoreError, StoreErrorKind},
    ledger::{self, Entry},
    tx::Tx,
    users::{self, Profile, Seen, User},
};

/// Registers a person or finds them, however often they come. A new person
/// gets the welcome credits, once; what waited for a person who could not be reached is due.
pub fn admit_user(tx: &Tx<'_>, rules: &Rules, profile: &Profile) -> Result<User, StoreError> {
    match users::see(tx, profile)? {
        Seen::New => {
            welcome(tx, rules, profile)?;
            // An admin may have news before they first come.
            away::unpark(tx, profile.id)?;
        }
        Seen::Back => away::unpark(tx, profile.id)?,
        Seen::Known => {}
    }
    users::find(tx, profile.id)?.ok_or_else(|| {
        StoreError::new(StoreErrorKind::Other, "a person just admitted is not there")
    })
}

fn welcome(tx: &Tx<'_>, rules: &Rules, profile: &Profile) -> Result<(), StoreError> {
    if rules.welcome == Credits(0) {
        return Ok(());
    }
    let entry = Entry {
        user: profile.id,
        amount: rules.welcome,
        kind: EntryKind::Welcome,
        once: format!("welcome {}", profile.id),
        order: None,
        job: None,
        note: None,
    };
    ledger::add(tx, &entry).map(drop)
}
