//! A person wants something that was made for them once more.

use crate::domain::{
    export::{Export, Group},
    id::UserId,
    zone::Zone,
};
use crate::store::{error::StoreError, exports, tx::Tx, videos};

/// What becomes of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requested {
    /// It is being seen to: of so many videos.
    New(u32),
    /// It was asked for before, and is on its way.
    Already,
    /// That person has nothing of the kind.
    Nothing,
}

/// Asks for something that is this person's; nothing is charged.
pub(crate) fn send_again(
    tx: &Tx<'_>,
    user: UserId,
    what: Export,
    zone: &Zone,
) -> Result<Requested, StoreError> {
    let videos = match what {
        Export::Video(job) | Export::File(job) => {
            usize::from(videos::find(tx, user, tx.now, job)?.is_some())
        }
        Export::Archive(group) => count(tx, user, group, zone)?,
    };
    if videos == 0 {
        return Ok(Requested::Nothing);
    }
    let videos = u32::try_from(videos).unwrap_or(u32::MAX);
    let is_new = exports::request(tx, user, what)?;
    Ok(if is_new { Requested::New(videos) } else { Requested::Already })
}

fn count(tx: &Tx<'_>, user: UserId, group: Group, zone: &Zone) -> Result<usize, StoreError> {
    Ok(videos::of_group(tx, user, tx.now, group, zone)?.len())
}
