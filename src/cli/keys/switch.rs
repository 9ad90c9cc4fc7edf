//! `reelbot keys enable` and `reelbot keys disable`

use clap::Args;

use crate::cli::{
    context::Context,
    exit::CliError,
    keys::choose::{choose, known},
    open::open_from,
    output::print,
    table::{count, shown},
};
use crate::store::keys;

/// One key.
#[derive(Args, Clone, Debug)]
pub(crate) struct OneKey {
    /// A label or number of `keys list`
    pub key: String,
}

impl OneKey {
    /// Enables or disables the key.
    pub(crate) fn switch(self, context: &Context, enabled: bool) -> Result<(), CliError> {
        let db = open_from(context)?;
        let redactor = context.redactor.clone();
        let (label, tasks) = db.try_write(move |tx| -> Result<_, CliError> {
            let rows = known(tx, &redactor)?;
            let row = choose(&rows, &self.key)?;
            keys::enable(tx, row.id, enabled)?;
            Ok((shown(&row.label), keys::in_flight(tx, row.id)?))
        })?;
        print(&match (enabled, tasks) {
            (true, _) => format!("{label} is enabled\n"),
            (false, 0) => format!("{label} is disabled\n"),
            (false, tasks) => {
                let tasks = count(tasks, "video");
                format!("{label} is disabled; {tasks} under way with it will still be fetched\n")
            }
        })
    }
}
