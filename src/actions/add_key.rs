//! The operator adds or removes a KIE key.

use crate::domain::{
    id::KeyId,
    key::{DEFAULT_ACCOUNT, KeySource},
    secret::Secret,
};
use crate::store::{error::StoreError, keys, tx::Tx};

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
    /// The KIE account whose limits it shares.
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
    let account = new.account.as_deref().unwrap_or(DEFAULT_ACCOUNT);
    let mask = new.secret.mask();
    let label = new.label.as_deref().unwrap_or(&mask);
    Ok(keys::add(tx, &new.secret, KeySource::Stored, account, label)?)
}

/// Makes the keys of the environment known, without writing down their secrets.
pub fn know_environment_keys(tx: &Tx<'_>, secrets: &[Secret]) -> Result<(), StoreError> {
    for secret in secrets {
        keys::add(tx, secret, KeySource::Environment, DEFAULT_ACCOUNT, &secret.mask())?;
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
