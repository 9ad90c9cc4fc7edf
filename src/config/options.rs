//! The names that reelbot knows.

use toml::{Table, Value};

use crate::config::settings::Config;

/// The dotted names of all values of a table, sections resolved.
pub(crate) fn leaves(table: &Table) -> Vec<String> {
    let names = table.iter().flat_map(|(section, value)| match value {
        Value::Table(inner) => inner.keys().map(|key| format!("{section}.{key}")).collect(),
        _ => vec![section.clone()],
    });
    names.collect()
}

/// The defaults as TOML: the names that reelbot knows.
///
/// # Panics
///
/// Never: a test reads the defaults in this form.
pub(crate) fn known() -> Table {
    Table::try_from(Config::default()).expect("the defaults are tables, text and numbers")
}
