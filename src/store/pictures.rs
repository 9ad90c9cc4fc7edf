//! Pictures that screens show: each under its name, with Telegram's id for it once it was sent.

use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The image file.
    pub bytes: Vec<u8>,
    /// The id under which Telegram has it, if it was sent before.
    pub file_id: Option<String>,
}

/// Keeps a picture under a name. Other bytes than before are another picture to Telegram.
pub fn put(tx: &Tx<'_>, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    tx.run(
        "insert into pictures (name, bytes) values (?1, ?2)
         on conflict do update set bytes = ?2, file_id = null where bytes <> ?2",
        (name, bytes),
    )?;
    Ok(())
}

/// The picture of that name.
pub(crate) fn find(view: &View<'_>, name: &str) -> Result<Option<Picture>, StoreError> {
    let sql = "select bytes, file_id from pictures where name = ?";
    view.first(sql, [name], |row| Ok(Picture { bytes: row.get(0)?, file_id: row.get(1)? }))
}

/// Notes under which id Telegram has a picture, unless it is another one by now.
pub(crate) fn keep_file_id(
    tx: &Tx<'_>,
    name: &str,
    bytes: &[u8],
    file_id: &str,
) -> Result<(), StoreError> {
    let sql = "update pictures set file_id = ? where name = ? and bytes = ?";
    tx.run(sql, (file_id, name, bytes))?;
    Ok(())
}
