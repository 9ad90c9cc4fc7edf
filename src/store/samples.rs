//! The samples of ideas that Telegram has: by what is in them, so that a changed file is another.

use sha2::{Digest, Sha256};

use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// What a sample is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SampleHash(Vec<u8>);

impl SampleHash {
    /// That of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).to_vec())
    }
}

/// The id under which Telegram has a sample, if it was sent before.
pub(crate) fn file_id(view: &View<'_>, sample: &SampleHash) -> Result<Option<String>, StoreError> {
    view.first("select file_id from samples where sha256 = ?", [&sample.0], |row| row.get(0))
}

/// Notes under which id Telegram has a sample.
pub(crate) fn keep_file_id(
    tx: &Tx<'_>,
    sample: &SampleHash,
    file_id: &str,
) -> Result<(), StoreError> {
    let sql = "insert into samples (sha256, file_id) values (?1, ?2)
               on conflict do update set file_id = ?2";
    tx.run(sql, (&sample.0, file_id)).map(drop)
}
