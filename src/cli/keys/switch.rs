//! `reelbot keys enable` and `reelbot keys disable`

use clap::Args;
use serde_json::json;

use crate::cli::{
    context::Context,
    exit::CliError,
    keys::choose::{choose, known, subject},
    open::open_from,
    output::print_done,
    table::{count, shown},
};
use crate::store::keys::{self, KeyRow};

/// One key.
#[derive(Args, Clone, Debug)]
pub(crate) struct OneKey {
    /// A label or number of `keys list`
    pub key: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl OneKey {
    /// Enables or disables the key.
    pub(crate) fn switch(self, context: &Context, enabled: bool) -> Result<(), CliError> {
        let db = open_from(context)?;
        let (redactor, operator) = (context.redactor.clone(), context.operator.clone());
        let json = self.json;
        let (row, tasks, is_new) = db.try_write(move |tx| -> Result<_, CliError> {
            let rows = known(tx, &redactor)?;
            let row = choose(&rows, &self.key)?.clone();
            let is_new = row.enabled != enabled || (enabled && !is_in_order(&row));
            keys::enable(tx, row.id, enabled)?;
            if is_new {
                let act = if enabled { "keys enable" } else { "keys disable" };
                operator.log(tx, act, &subject(&row), None)?;
            }
            let tasks = keys::in_flight(tx, row.id)?;
            Ok((row, tasks, is_new))
        })?;
        let label = shown(&row.label);
        let done = match (enabled, tasks) {
            (true, _) => format!("{label} is enabled\n"),
            (false, 0) => format!("{label} is disabled\n"),
            (false, tasks) => {
                let tasks = count(tasks, "video");
                format!("{label} is disabled; {tasks} under way with it will still be fetched\n")
            }
        };
        let json = json.then(|| {
            json!({
                "number": row.id,
                "label": row.label,
                "account": row.account,
                "key": row.tail,
                "enabled": enabled,
                "tasks": tasks,
                "already": !is_new,
            })
        });
        print_done(&done, json.as_ref());
        Ok(())
    }
}

/// Whether nothing keeps an enabled key from being used.
fn is_in_order(row: &KeyRow) -> bool {
    row.fault.is_none() && row.cooldown_until.is_none()
}
