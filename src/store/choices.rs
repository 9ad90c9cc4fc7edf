//! What people chose for themselves, besides their language.

use crate::domain::{id::UserId, options::Choice, video::Aspect};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// A person's choices; `None` is what the operator decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choices {
    /// The shape of their videos.
    pub aspect: Option<Aspect>,
    /// Their length in seconds.
    pub seconds: Option<u32>,
    /// Whether messages that come by themselves are without a sound in quiet hours.
    pub quiet: Option<bool>,
}

impl Choices {
    /// What of it is about videos.
    pub(crate) fn options(self) -> Choice {
        Choice { aspect: self.aspect, seconds: self.seconds }
    }
}

/// What a person chose.
pub(crate) fn find(view: &View<'_>, user: UserId) -> Result<Choices, StoreError> {
    let sql = "select aspect, seconds, quiet from users where tg_user_id = ?";
    let choices = view.first(sql, [user], |row| {
        Ok(Choices { aspect: row.get(0)?, seconds: row.get(1)?, quiet: row.get(2)? })
    })?;
    Ok(choices.unwrap_or_default())
}

/// Keeps all of a person's choices.
pub(crate) fn keep(tx: &Tx<'_>, user: UserId, choices: Choices) -> Result<(), StoreError> {
    let Choices { aspect, seconds, quiet } = choices;
    let sql = "update users set aspect = ?, seconds = ?, quiet = ? where tg_user_id = ?";
    tx.run(sql, (aspect, seconds, quiet, user)).map(drop)
}

/// Keeps what a person chose of their videos; what that says nothing of stays as it is.
pub(crate) fn choose(tx: &Tx<'_>, user: UserId, choice: Choice) -> Result<(), StoreError> {
    let sql = "update users set aspect = coalesce(?2, aspect), seconds = coalesce(?3, seconds)
               where tg_user_id = ?1";
    tx.run(sql, (user, choice.aspect, choice.seconds)).map(drop)
}
