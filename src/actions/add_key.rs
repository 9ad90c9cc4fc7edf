//! The operator adds or removes a KIE key.

use crate::domain::{
    id::KeyId,
    key::{EnvironmentKey, KeySource},
    secret::Secret,
};
use crate::store::{
    error::StoreError,
    keys::{self, KeyRow},
    tx::Tx,
};

/// Why a key was not added or removed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeyError {
    /// The key is there already.
    #[error("this key is there already, as “{label}”")]
    Known {
        /// What it is called.
        label: String,
    },
    /// Its tasks still render.
    #[error("{count} videos of this key are still rendering")]
    InUse {
        /// How many.
        count: u32,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A key to add.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The key itself.
    pub secret: Secret,
    /// The KIE account whose limits it shares; an account of its own where none is named.
    pub account: Option<String>,
    /// What the operator calls it.
    pub label: Option<String>,
}

/// Adds a key to the database.
pub fn add_key(tx: &Tx<'_>, new: &NewKey) -> Result<KeyId, KeyError> {
    if let Some(known) = keys::find(tx, &new.secret)?
        && keys::list(tx)?.iter().any(|key| key.id == known.id)
    {
        return Err(KeyError::Known { label: known.label });
    }
    let mask = new.secret.mask();
    let label = new.label.as_deref().unwrap_or(&mask);
    let account = match &new.account {
        Some(account) => account.clone(),
        None => own_account(&keys::list(tx)?, label, None),
    };
    Ok(keys::add(tx, &new.secret, KeySource::Stored, &account, label)?)
}

/// The name of an account that no other key has: the label of its key, with a number if need be.
/// Keys of different accounts would otherwise share one pace, and one 402 would take all off.
fn own_account(known: &[KeyRow], label: &str, own: Option<KeyId>) -> String {
    let is_taken =
        |name: &String| known.iter().any(|row| row.account == *name && Some(row.id) != own);
    let numbered = (2_u32..).map(|number| format!("{label} {number}"));
    let mut names = std::iter::once(label.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_else(|| label.to_owned())
}

/// Makes the keys of the environment known, without writing down their secrets.
/// Their accounts are those of the environment as it is now; a key that was stored before
/// keeps its own.
pub fn register_environment_keys(
    tx: &Tx<'_>,
    environment: &[EnvironmentKey],
) -> Result<(), StoreError> {
    for EnvironmentKey { secret, account } in environment {
        let label = secret.mask();
        let id = keys::add(tx, secret, KeySource::Environment, &label, &label)?;
        let account = match account {
            Some(account) => account.clone(),
            None => own_account(&keys::list(tx)?, &label, Some(id)),
        };
        keys::set_account(tx, id, KeySource::Environment, &account)?;
    }
    Ok(())
}

/// Removes a key, unless tasks that only it may ask about are under way.
pub(crate) fn remove_key(tx: &Tx<'_>, key: KeyId) -> Result<(), KeyError> {
    match keys::in_flight(tx, key)? {
        0 => Ok(keys::remove(tx, key)?),
        count => Err(KeyError::InUse { count }),
    }
}
