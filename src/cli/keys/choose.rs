//! Finding a key by its name, and naming a new one.

use crate::cli::{
    exit::{CliError, Exit},
    redact::Redactor,
};
use crate::store::{
    error::StoreError,
    keys::{self, KeyRow},
    tx::View,
};

/// The keys that were not removed. Their secrets are hidden from then on.
pub(crate) fn known(view: &View<'_>, redactor: &Redactor) -> Result<Vec<KeyRow>, StoreError> {
    let rows = keys::list(view)?;
    redactor.add(rows.iter().filter_map(|row| row.secret.clone()));
    Ok(rows)
}

/// The key with that number or label. A number is tried first: no label that is given with
/// `keys add` is one.
pub(crate) fn choose<'a>(rows: &'a [KeyRow], name: &str) -> Result<&'a KeyRow, CliError> {
    if let Some(row) = rows.iter().find(|row| row.id.to_string() == name) {
        return Ok(row);
    }
    let called: Vec<&KeyRow> = rows.iter().filter(|row| same(&row.label, name)).collect();
    match called.as_slice() {
        [row] => Ok(row),
        [] => Err(CliError::because(Exit::Failed, format!("there is no key “{name}”"))
            .hint(there_is(rows))),
        several => Err(CliError::because(
            Exit::Failed,
            format!("{} keys are called “{name}”", several.len()),
        )
        .hint(format!("name it by its number: {}", listing(several.iter().copied())))),
    }
}

/// What the operators' log calls a key: its label and its mask.
pub(crate) fn subject(row: &KeyRow) -> String {
    format!("{} ({})", row.label, row.tail)
}

/// A label that no key has: the account's name and the first number that is free.
pub(crate) fn free_label(rows: &[KeyRow], account: &str) -> String {
    let taken = |label: &String| rows.iter().any(|row| same(&row.label, label));
    let mut labels = (1_u32..).map(|number| format!("{account}-{number}"));
    labels.find(|label| !taken(label)).expect("there are more numbers than keys")
}

/// Whether two labels are the same to a person.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn there_is(rows: &[KeyRow]) -> String {
    if rows.is_empty() {
        return "there are no keys yet; `reelbot keys add` adds one".to_owned();
    }
    format!("there is {}", listing(rows))
}

fn listing<'a>(rows: impl IntoIterator<Item = &'a KeyRow>) -> String {
    let names: Vec<String> = rows
        .into_iter()
        .map(|KeyRow { id, label, tail, .. }| format!("{id} ({label}, {tail})"))
        .collect();
    names.join(", ")
}

/// A key that is in order, for tests.
#[cfg(test)]
pub(crate) fn row(id: i64, label: &str) -> KeyRow {
    KeyRow {
        id: crate::domain::id::KeyId(id),
        account: "main".to_owned(),
        label: label.to_owned(),
        source: crate::domain::key::KeySource::Stored,
        secret: None,
        fingerprint: String::new(),
        tail: "…cdef".to_owned(),
        enabled: true,
        fault: None,
        off_until: None,
        cooldown_until: None,
        cooldowns: 0,
        balance: None,
        balance_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::KeyId;

    #[test]
    fn a_key_is_found_by_number_or_label_in_any_case() {
        let rows = [row(1, "studio"), row(2, "Spare")];
        assert_eq!(choose(&rows, "2").unwrap().label, "Spare");
        assert_eq!(choose(&rows, "STUDIO").unwrap().id, KeyId(1));
    }

    #[test]
    fn an_unknown_or_ambiguous_name_gets_a_hint_with_the_keys_that_exist() {
        let rows = [row(1, "…cdef"), row(2, "…cdef"), row(3, "spare")];
        let unknown = choose(&rows, "studio").unwrap_err();
        let all = "there is 1 (…cdef, …cdef), 2 (…cdef, …cdef), 3 (spare, …cdef)";
        assert_eq!(unknown.hint.as_deref(), Some(all));
        let ambiguous = choose(&rows, "…cdef").unwrap_err();
        assert_eq!(ambiguous.error.to_string(), "2 keys are called “…cdef”");
        assert!(ambiguous.hint.unwrap().ends_with("1 (…cdef, …cdef), 2 (…cdef, …cdef)"));
    }

    #[test]
    fn a_made_up_label_is_never_taken() {
        assert_eq!(free_label(&[], "main"), "main-1");
        assert_eq!(free_label(&[row(1, "Main-1"), row(2, "main-3")], "main"), "main-2");
    }
}
