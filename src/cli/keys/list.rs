//! `reelbot keys list`

use clap::Args;
use serde_json::Value;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::keys::choose::known;
use crate::cli::keys::state::place;
use crate::cli::keys::state::state;
use crate::cli::open::open;
use crate::cli::output::note;
use crate::cli::output::print;
use crate::cli::output::print_json;
use crate::cli::table::decimal;
use crate::cli::table::iso;
use crate::cli::table::numbers;
use crate::cli::table::table;
use crate::cli::table::text;
use crate::cli::table::words;
use crate::domain::key::KeyFault;
use crate::domain::key::fingerprint;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::keys;
use crate::store::keys::KeyRow;

/// The options of `keys list`.
#[derive(Args, Clone, Copy, Debug)]
pub struct ListKeys {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl ListKeys {
    /// Prints the keys, masked.
    pub fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load()?;
        let db = open(&loaded)?;
        let keys = db.read(|view| {
            let rows = known(view, &context.redactor)?.into_iter();
            rows.map(|row| keys::in_flight(view, row.id).map(|tasks| (row, tasks)))
                .collect::<Result<Vec<_>, StoreError>>()
        })?;
        let listed =
            |key: &&Secret| keys.iter().any(|(row, _)| row.fingerprint == fingerprint(key));
        let unlisted = loaded.env_keys.iter().filter(|key| !listed(key)).count();
        if unlisted > 0 {
            note(&format!("not listed: {unlisted} of the environment, unknown to the bot so far"));
        }
        let now = db.clock.now();
        if self.json {
            return print_json(&keys.iter().map(|key| as_json(key, now)).collect::<Vec<_>>());
        }
        if keys.is_empty() {
            note("no keys yet; `reelbot keys add` adds one");
            return Ok(());
        }
        let columns = [
            numbers("no"),
            words("label"),
            words("account"),
            words("key"),
            words("kept in"),
            numbers("credits"),
            numbers("tasks"),
            text("state"),
        ];
        print(&table(&columns, keys.iter().map(|key| as_row(key, now))))
    }
}

fn as_row((row, tasks): &(KeyRow, u32), now: Timestamp) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.label.clone(),
        row.account.clone(),
        row.tail.clone(),
        place(row.source).to_owned(),
        row.balance.map_or("–".to_owned(), decimal),
        tasks.to_string(),
        state(row, now),
    ]
}

fn as_json((row, tasks): &(KeyRow, u32), now: Timestamp) -> Value {
    json!({
        "number": row.id,
        "label": row.label,
        "account": row.account,
        "key": row.tail,
        "source": row.source.word(),
        "on": row.is_on(now),
        "enabled": row.enabled,
        "fault": row.fault.map(KeyFault::word),
        "off_until": iso(row.off_until),
        "resting_until": iso(row.cooldown_until.filter(|until| *until > now)),
        "credits": row.balance,
        "tasks": tasks,
    })
}
