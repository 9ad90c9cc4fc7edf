//! `reelbot keys test`

use clap::Args;

use crate::cli::context::Context;
use crate::cli::exit::CliError;
use crate::cli::exit::Exit;
use crate::cli::keys::ask::KeyCheck;
use crate::cli::keys::ask::ask;
use crate::cli::keys::ask::unreachable;
use crate::cli::keys::choose::choose;
use crate::cli::keys::choose::known;
use crate::cli::open::open;
use crate::cli::output::print;
use crate::cli::redact::Redactor;
use crate::cli::table::numbers;
use crate::cli::table::shown;
use crate::cli::table::table;
use crate::cli::table::text;
use crate::cli::table::words;
use crate::domain::key::KeyFault;
use crate::domain::key::fingerprint;
use crate::domain::secret::Secret;
use crate::provider::kie::client::KieClient;
use crate::store::db::Db;
use crate::store::keys::KeyRow;

/// The options of `keys test`.
#[derive(Args, Clone, Debug)]
pub struct TestKeys {
    /// A label or number of `keys list`; every key otherwise
    pub key: Option<String>,
}

impl TestKeys {
    /// Asks KIE about each key and notes what it says.
    pub fn run(&self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load()?;
        let db = open(&loaded)?;
        let rows = self.chosen(&db, &context.redactor)?;
        let kie = KieClient::new(&loaded.config);
        let mut tried = Vec::new();
        for row in rows {
            let verdict = secret(&row, &loaded.env_keys).map(|secret| ask(&kie, &secret));
            if let Some(verdict) = verdict.clone() {
                db.write(move |tx| verdict.note(tx, row.id))?;
            }
            tried.push((row, verdict));
        }
        let columns = [numbers("no"), words("label"), words("account"), words("key"), text("KIE")];
        let lines = tried.iter().map(|key| as_row(key, context));
        print(&table(&columns, lines))?;
        judge(&tried, &loaded.config.kie.api_url)
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

/// Said of a key whose secret only the bot's own environment has.
const ELSEWHERE: &str = "◌ not asked: its secret is only in the bot's environment";

fn secret(row: &KeyRow, environment: &[Secret]) -> Option<Secret> {
    let there = || environment.iter().find(|key| fingerprint(key) == row.fingerprint);
    row.secret.as_ref().or_else(there).cloned()
}

/// A key and what KIE said of it, if it could be asked.
type Tried = (KeyRow, Option<KeyCheck>);

fn as_row((row, verdict): &Tried, context: &Context) -> Vec<String> {
    let words = verdict.as_ref().map_or(ELSEWHERE.to_owned(), KeyCheck::words);
    let words = context.redactor.redact(&words);
    // A balance alone does not bring back what an operator or a dead key switched off.
    let off = !row.enabled || row.fault == Some(KeyFault::KeyDead);
    let advice = match verdict {
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

fn judge(tried: &[Tried], api_url: &str) -> Result<(), CliError> {
    let verdicts = tried.iter().filter_map(|(row, verdict)| Some((row, verdict.as_ref()?)));
    let dead: Vec<&str> = verdicts
        .clone()
        .filter(|(_, verdict)| verdict.is_dead())
        .map(|(row, _)| row.label.as_str())
        .collect();
    if !dead.is_empty() {
        let sentence = format!("KIE does not know {}", shown(&dead.join(", ")));
        return Err(CliError::because(Exit::Failed, sentence)
            .hint("`reelbot keys remove` forgets a key, `reelbot keys add` adds a new one"));
    }
    for (_, verdict) in verdicts {
        if let KeyCheck::Unknown(text) = verdict {
            return Err(unreachable(api_url, text)
                .hint("look at https://kie.ai and at kie.api_url in the config, and try again"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::keys::choose::row;

    fn exit(verdicts: &[KeyCheck]) -> Exit {
        let tried: Vec<Tried> =
            verdicts.iter().map(|verdict| (row(1, "studio"), Some(verdict.clone()))).collect();
        judge(&tried, "http://kie").map_or_else(|failed| failed.exit, |()| Exit::Done)
    }

    #[test]
    fn a_dead_key_weighs_more_than_an_unreachable_service() {
        let [dead, unknown] = [KeyCheck::Dead("401".into()), KeyCheck::Unknown("gone".into())];
        assert_eq!(exit(&[KeyCheck::Works(1.0), KeyCheck::Empty, KeyCheck::Capped]), Exit::Done);
        assert_eq!(exit(&[KeyCheck::Works(1.0), unknown.clone()]), Exit::Unavailable);
        assert_eq!(exit(&[unknown, dead]), Exit::Failed);
    }
}
