//! `reelbot keys test`

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
    keys::{
        ask::{KeyCheck, ask, unreachable},
        choose::{choose, known, subject},
    },
    open::open,
    operator::Operator,
    output::print_done,
    redact::Redactor,
    table::{numbers, shown, table, text, words},
};
use crate::domain::{
    key::{EnvironmentKey, KeyFault, fingerprint},
    secret::Secret,
};
use crate::provider::kie::client::KieClient;
use crate::store::{
    db::Db,
    error::StoreError,
    keys::{self, KeyRow},
    tx::Tx,
};

/// The options of `keys test`.
#[derive(Args, Clone, Debug)]
pub(crate) struct TestKeys {
    /// A label or number of `keys list`; every key otherwise
    pub key: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl TestKeys {
    /// Checks each key at KIE and records the results.
    pub(crate) fn run(&self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load()?;
        let db = open(&loaded)?;
        let rows = self.chosen(&db, &context.redactor)?;
        let settings = &loaded.config.kie;
        let kie = KieClient::new(&loaded.config);
        let mut checked = Vec::new();
        for row in rows {
            let check = secret(&row, &loaded.env_keys).map(|secret| ask(&kie, &secret));
            if let Some(check) = check.clone() {
                let (operator, tested) = (context.operator.clone(), row.clone());
                db.write(move |tx| record(tx, &tested, &check, &operator))?;
            }
            checked.push((row, check));
        }
        let json =
            self.json.then(|| checked.iter().map(|key| as_json(key, context)).collect::<Vec<_>>());
        let columns = [numbers("no"), words("label"), words("account"), words("key"), text("KIE")];
        let lines = checked.iter().map(|key| as_row(key, context));
        print_done(&table(&columns, lines), json.as_ref());
        result(&checked, &settings.api_url)
    }

    fn chosen(&self, db: &Db, redactor: &Redactor) -> Result<Vec<KeyRow>, CliError> {
        let rows = db.read(|view| known(view, redactor))?;
        match &self.key {
            Some(name) => Ok(vec![choose(&rows, name)?.clone()]),
            None if rows.is_empty() => {
                Err(CliError::because(Exit::Failed, "there are no keys yet")
                    .hint("`reelbot keys add` adds one and tests it"))
            }
            None => Ok(rows),
        }
    }
}

/// Records a check, and in the operators' log that it cleared a fault.
fn record(
    tx: &Tx<'_>,
    tested: &KeyRow,
    check: &KeyCheck,
    operator: &Operator,
) -> Result<(), StoreError> {
    let fault = |row: Option<KeyRow>| row.and_then(|row| row.fault);
    let before = fault(keys::get(tx, tested.id)?);
    check.record(tx, tested.id)?;
    match (before, fault(keys::get(tx, tested.id)?)) {
        (Some(cleared), None) => {
            let details = Some(format!("{} cleared", cleared.word()));
            operator.log(tx, "keys test", &subject(tested), details)
        }
        _ => Ok(()),
    }
}

/// The text for a key whose secret only the bot's own environment has.
const ELSEWHERE: &str = "◌ not asked: its secret is only in the bot's environment";

fn secret(row: &KeyRow, environment: &[EnvironmentKey]) -> Option<Secret> {
    let secrets = || environment.iter().map(|key| &key.secret);
    let there = || secrets().find(|secret| fingerprint(secret) == row.fingerprint);
    row.secret.as_ref().or_else(there).cloned()
}

/// A key and its check, if its secret is here.
type Checked = (KeyRow, Option<KeyCheck>);

/// What was heard, in words and without secrets: a server may repeat what it was sent.
fn heard(check: Option<&KeyCheck>, context: &Context) -> String {
    let words = check.map_or(ELSEWHERE.to_owned(), KeyCheck::words);
    context.redactor.redact(&words).into_owned()
}

fn as_json((row, check): &Checked, context: &Context) -> Value {
    json!({
        "number": row.id,
        "label": row.label,
        "account": row.account,
        "key": row.tail,
        "check": check.as_ref().map_or("not_asked", KeyCheck::word),
        "credits": check.as_ref().and_then(KeyCheck::credits),
        "text": heard(check.as_ref(), context),
    })
}

fn as_row((row, check): &Checked, context: &Context) -> Vec<String> {
    let words = heard(check.as_ref(), context);
    // A balance alone does not enable a key that the operator or a refusal of KIE's switched off.
    let off = !row.enabled || row.fault == Some(KeyFault::KeyDead);
    let advice = match check {
        Some(KeyCheck::Works(_)) if off => {
            format!("; `reelbot keys enable {}` uses it again", row.id)
        }
        _ => String::new(),
    };
    vec![
        row.id.to_string(),
        row.label.clone(),
        row.account.clone(),
        row.tail.clone(),
        format!("{words}{advice}"),
    ]
}

fn result(checked: &[Checked], api_url: &str) -> Result<(), CliError> {
    let checks = checked.iter().filter_map(|(row, check)| Some((row, check.as_ref()?)));
    let dead: Vec<&str> = checks
        .clone()
        .filter(|(_, check)| check.is_dead())
        .map(|(row, _)| row.label.as_str())
        .collect();
    if !dead.is_empty() {
        let sentence = format!("KIE does not know {}", shown(&dead.join(", ")));
        return Err(CliError::because(Exit::Failed, sentence)
            .hint("`reelbot keys remove` forgets a key, `reelbot keys add` adds a new one"));
    }
    for (_, check) in checks {
        if let KeyCheck::Unknown(text) = check {
            return Err(unreachable(api_url, text)
                .hint("look at https://kie.ai and at kie.api_url and kie.proxy in the config, and try again"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::keys::choose::row;

    fn exit(checks: &[KeyCheck]) -> Exit {
        let checked: Vec<Checked> =
            checks.iter().map(|check| (row(1, "studio"), Some(check.clone()))).collect();
        result(&checked, "http://kie").map_or_else(|failed| failed.exit, |()| Exit::Done)
    }

    #[test]
    fn a_dead_key_weighs_more_than_an_unreachable_service() {
        let [dead, unknown] = [KeyCheck::Dead("401".into()), KeyCheck::Unknown("gone".into())];
        assert_eq!(exit(&[KeyCheck::Works(1.0), KeyCheck::Empty, KeyCheck::Capped]), Exit::Done);
        assert_eq!(exit(&[KeyCheck::Works(1.0), unknown.clone()]), Exit::Unavailable);
        assert_eq!(exit(&[unknown, dead]), Exit::Failed);
    }
}
