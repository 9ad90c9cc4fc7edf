//! A person wants something that was made for them once more.

use std::time::Duration;

use crate::domain::{export::Export, id::UserId};
use crate::store::{error::StoreError, exports, tx::Tx};

/// How many archives a person may ask for in a day: each is many files to fetch and to send.
const ARCHIVES: u32 = 20;

const DAY: Duration = Duration::from_hours(24);

/// What becomes of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requested {
    /// It is being seen to.
    New,
    /// It was asked for before, and is on its way.
    Already,
    /// It is one archive too many for a day.
    TooMany,
}

/// Asks for something that is this person's; nothing is charged.
pub(crate) fn send_again(tx: &Tx<'_>, user: UserId, what: Export) -> Result<Requested, StoreError> {
    if exports::is_asked_for(tx, user, what)? {
        return Ok(Requested::Already);
    }
    let is_bounded = matches!(what, Export::Archive(_));
    if is_bounded && exports::archives_since(tx, user, tx.now - DAY)? >= ARCHIVES {
        return Ok(Requested::TooMany);
    }
    exports::request(tx, user, what)?;
    Ok(Requested::New)
}
