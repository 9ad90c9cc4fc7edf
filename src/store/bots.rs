//! Which bot this database serves: an id of a file is good for the bot that Telegram gave it to, and
//! for no other.

use crate::domain::id::BotId;
use crate::store::{error::StoreError, tx::Tx};

/// The bot of now; null before any was noted.
pub(super) const BOT: &str = "(select id from bot where one = 1)";

/// Whether the file of a row, whose bot stands in this column, is one of the bot of now. Rows from
/// before bots were noted are of the first that was.
pub(super) fn is_ours(column: &str) -> String {
    format!("coalesce({column}, (select first_id from bot where one = 1)) is {BOT}")
}

/// Notes which bot it is from now on.
pub(crate) fn note(tx: &Tx<'_>, bot: BotId) -> Result<(), StoreError> {
    let sql = "insert into bot (one, first_id, id) values (1, ?1, ?1)
               on conflict do update set id = ?1 where id <> ?1";
    tx.run(sql, [bot]).map(drop)
}
