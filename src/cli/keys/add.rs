//! `reelbot keys add`

use std::io::{self, IsTerminal, Read};

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use crate::actions::add_key::{KeyError, NewKey, add_key};
use crate::cli::{
    confirm::expect_terminal,
    context::Context,
    exit::{CliError, Exit},
    keys::{
        ask::{KeyCheck, ask, unreachable},
        choose::{free_label, known, same, subject},
    },
    open::open_or_create,
    output::print_done,
    table::{decimal, pairs},
    terminal::ask_hidden,
};
use crate::config::settings::Config;
use crate::domain::{secret::Secret, text::is_blank};
use crate::provider::kie::client::KieClient;
use crate::store::{
    keys::{self, KeyRow},
    tx::Tx,
};

/// The longest line of stdin that is read, in bytes; KIE's keys have 32.
const LONGEST_LINE: u64 = 4096;

/// The longest label or name of an account, in characters.
const LONGEST_NAME: usize = 40;

const ON_STDIN: &str = "give it on stdin, as in `pass show kie | reelbot keys add`";

/// The options of `keys add`. The key itself is never one: arguments are visible to everybody.
#[derive(Args, Clone, Debug)]
pub(crate) struct AddKey {
    /// The KIE account it belongs to; keys of one account share its limits [default: its own]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub account: Option<String>,
    /// What to call it; a name is made up otherwise
    #[arg(long, value_name = "LABEL", value_parser = label)]
    pub label: Option<String>,
    /// Take it without asking KIE whether it works
    #[arg(long)]
    pub no_test: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl AddKey {
    /// Reads the key, checks it at KIE, and stores it.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load()?;
        let db = open_or_create(&loaded)?;
        let rows = db.try_read(|view| known(view, &context.redactor))?;
        self.refuse_taken(&rows)?;
        let secret = read_key()?;
        context.redactor.add([secret.clone()]);
        let check = if self.no_test { None } else { Some(check_at_kie(&loaded.config, &secret)?) };
        let (json, operator) = (self.json, context.operator.clone());
        let (storing, recorded) = (secret.clone(), check.clone());
        let added = db.try_write(move |tx| {
            let added = self.store(tx, &storing, recorded.as_ref())?;
            operator.log(tx, "keys add", &subject(&added), None)?;
            Ok::<_, CliError>(added)
        })?;
        let json = json.then(|| as_json(&added, check.as_ref()));
        print_done(&described(&added, check.as_ref()), json.as_ref());
        Ok(())
    }

    fn refuse_taken(&self, known: &[KeyRow]) -> Result<(), CliError> {
        let taken = |label: &String| known.iter().any(|row| same(&row.label, label));
        match self.label.as_ref().filter(|label| taken(label)) {
            None => Ok(()),
            Some(label) => Err(CliError::because(
                Exit::Failed,
                format!("there is a key called “{label}” already"),
            )
            .hint("choose another --label, or leave it out")),
        }
    }

    fn store(
        self,
        tx: &Tx<'_>,
        secret: &Secret,
        check: Option<&KeyCheck>,
    ) -> Result<KeyRow, CliError> {
        let known = keys::list(tx)?;
        self.refuse_taken(&known)?;
        let stem = self.account.as_deref().unwrap_or("key");
        let label = self.label.clone().unwrap_or_else(|| free_label(&known, stem));
        let new =
            NewKey { secret: secret.clone(), account: self.account.clone(), label: Some(label) };
        let id = add_key(tx, &new).map_err(refused)?;
        if let Some(check) = check {
            check.record(tx, id)?;
        }
        Ok(keys::get(tx, id)?.context("the new key is not there")?)
    }
}

fn described(added: &KeyRow, check: Option<&KeyCheck>) -> String {
    let credits = match check {
        Some(KeyCheck::Works(credits)) => format!("{} at KIE", decimal(*credits)),
        Some(other) => other.words(),
        None => "not asked; `reelbot keys test` asks".to_owned(),
    };
    pairs([
        ("added", added.label.clone()),
        ("number", added.id.to_string()),
        ("account", added.account.clone()),
        ("key", added.tail.clone()),
        ("credits", credits),
    ])
}

fn as_json(added: &KeyRow, check: Option<&KeyCheck>) -> Value {
    json!({
        "number": added.id,
        "label": added.label,
        "account": added.account,
        "key": added.tail,
        "check": check.map_or("not_asked", KeyCheck::word),
        "credits": check.and_then(KeyCheck::credits),
    })
}

fn refused(error: KeyError) -> CliError {
    match error {
        KeyError::Store(error) => error.into(),
        KeyError::Known { ref label } => {
            let hint =
                format!("to give it another label or account, `reelbot keys remove {label}` first");
            CliError::new(Exit::Failed, error).hint(hint)
        }
        KeyError::InUse { .. } => CliError::new(Exit::Failed, error),
    }
}

/// The key: from a hidden prompt, or the first line of stdin.
fn read_key() -> Result<Secret, CliError> {
    let key = if io::stdin().is_terminal() {
        expect_terminal(ON_STDIN)?;
        ask_hidden("KIE API key (not shown):")?.unwrap_or_default()
    } else {
        let mut text = String::new();
        io::stdin().lock().take(LONGEST_LINE).read_to_string(&mut text).map_err(unreadable)?;
        text
    };
    let hint = "keys are made at https://kie.ai/api-key; give one alone, and call this for each";
    let mut filled = key.lines().zip(1..).filter(|(line, _)| !is_blank(line));
    if let (Some((_, first)), Some((_, second))) = (filled.next(), filled.next()) {
        let sentence =
            format!("line {second} is one too many: neither it nor line {first} was taken");
        return Err(CliError::because(Exit::Usage, sentence).hint(hint));
    }
    let key = Secret::from_input(&key);
    if key.is_empty() {
        return Err(CliError::because(Exit::Usage, "no key was given").hint(hint));
    }
    if let Some(fault) = key.fault() {
        return Err(CliError::because(Exit::Usage, format!("this is no key: {fault}")).hint(hint));
    }
    // What may follow `Bearer` (RFC 6750): no list, no bot token, no placeholder.
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
    if let Some(other) = key.expose().chars().find(|c| !fits(*c)) {
        let sentence = format!("this is no key: no key has a {other}");
        return Err(CliError::because(Exit::Usage, sentence).hint(hint));
    }
    Ok(key)
}

/// What was read is not printed: it may be part of a key.
fn unreadable(_: io::Error) -> CliError {
    CliError::because(Exit::Failed, "the key could not be read").hint(ON_STDIN)
}

/// Checks the key at KIE; an unknown one is refused.
fn check_at_kie(config: &Config, secret: &Secret) -> Result<KeyCheck, CliError> {
    match ask(&KieClient::new(config), secret) {
        KeyCheck::Dead(text) => {
            let sentence = format!("KIE does not know the key {} ({text})", secret.mask());
            let hint = "copy it again from https://kie.ai/api-key; nothing was added";
            Err(CliError::because(Exit::Failed, sentence).hint(hint))
        }
        KeyCheck::Unknown(text) => Err(unreachable(&config.kie.api_url, &text)
            .hint("try again, or take the key untested with --no-test; nothing was added")),
        works => Ok(works),
    }
}

/// Whether a text can name an account.
fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let short = (1..=LONGEST_NAME).contains(&text.chars().count());
    if short && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(format!("write a name of 1 to {LONGEST_NAME} characters"))
}

/// Whether a text can name a key: digits alone would be taken for its number.
fn label(text: &str) -> Result<String, String> {
    let label = name(text)?;
    if label.chars().all(|c| c.is_ascii_digit()) {
        return Err("a label has a letter in it, or it would be taken for a number".to_owned());
    }
    Ok(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_no_number() {
        assert_eq!(label(" studio "), Ok("studio".to_owned()));
        for wrong in ["", " ", "42", "a\nb", &"x".repeat(41)] {
            assert!(label(wrong).is_err(), "{wrong}");
        }
    }
}
