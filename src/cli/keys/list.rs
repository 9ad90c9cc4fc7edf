//! `reelbot keys list`

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::CliError,
    keys::{
        choose::known,
        state::{place, state},
    },
    open::open,
    output::{note, print, print_json},
    table::{decimal, iso, numbers, table, text, words},
};
use crate::domain::{
    key::{EnvironmentKey, KeyFault, fingerprint},
    time::{Timestamp, rough},
};
use crate::store::{
    error::StoreError,
    keys::{self, KeyRow},
};

/// The options of `keys list`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ListKeys {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl ListKeys {
    /// Prints the keys, masked.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load()?;
        let db = open(&loaded)?;
        let keys = db.read(|view| {
            let rows = known(view, &context.redactor)?.into_iter();
            rows.map(|row| keys::in_flight(view, row.id).map(|tasks| (row, tasks)))
                .collect::<Result<Vec<_>, StoreError>>()
        })?;
        let listed = |key: &&EnvironmentKey| {
            keys.iter().any(|(row, _)| row.fingerprint == fingerprint(&key.secret))
        };
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
            words("credits"),
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
        credits(row, now),
        tasks.to_string(),
        state(row, now),
    ]
}

/// What the account has, and how old that word is: `80.2, 3 h ago`.
fn credits(row: &KeyRow, now: Timestamp) -> String {
    match (row.balance, row.balance_at) {
        (Some(balance), Some(at)) => format!("{}, {} ago", decimal(balance), rough(now.since(at))),
        (Some(balance), None) => decimal(balance),
        (None, _) => "–".to_owned(),
    }
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
        "credits_at": iso(row.balance_at.filter(|_| row.balance.is_some())),
        "tasks": tasks,
    })
}
