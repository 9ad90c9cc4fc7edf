//! `reelbot keys remove`

use clap::Args;
use serde_json::json;

use crate::actions::add_key::{KeyError, remove_key};
use crate::cli::{
    confirm::confirmed_by_name,
    context::Context,
    exit::{CliError, Exit},
    keys::choose::{choose, known, subject},
    open::open_from,
    output::{note, print_done},
    table::shown,
};
use crate::domain::key::KeySource;

/// The options of `keys remove`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RemoveKey {
    /// A label or number of `keys list`
    pub key: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl RemoveKey {
    /// Removes the key, after a confirmation.
    pub(crate) fn run(&self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let row = db.try_read(|view| -> Result<_, CliError> {
            Ok(choose(&known(view, &context.redactor)?, &self.key)?.clone())
        })?;
        let (id, label) = (row.id, shown(&row.label));
        let question = format!("Forget {label} ({}) for good?", row.tail);
        // A label that is the mask of the key cannot be typed.
        let name = if label.contains('…') { id.to_string() } else { label.clone() };
        let hint = "say that you mean it with --yes";
        if !self.yes && !confirmed_by_name(&question, &name, hint)? {
            return Err(CliError::because(Exit::Failed, "nothing was removed"));
        }
        let (operator, subject) = (context.operator.clone(), subject(&row));
        let removed = db.try_write(move |tx| {
            remove_key(tx, id)?;
            Ok(operator.log(tx, "keys remove", &subject, None)?)
        });
        removed.map_err(|error| refused(error, &label))?;
        let comes_back = row.source == KeySource::Environment;
        if comes_back {
            note("it comes back with the next `reelbot run` that has it in its environment");
        }
        let json = self.json.then(|| {
            json!({
                "number": row.id,
                "label": row.label,
                "account": row.account,
                "key": row.tail,
                "removed": true,
                "comes_back": comes_back,
            })
        });
        print_done(&format!("{label} is removed\n"), json.as_ref());
        Ok(())
    }
}

fn refused(error: KeyError, label: &str) -> CliError {
    match error {
        KeyError::Store(error) => error.into(),
        KeyError::InUse { .. } => CliError::new(Exit::Failed, error).hint(format!(
            "only this key may fetch them; `reelbot keys disable {label}` now, and remove it then"
        )),
        KeyError::Known { .. } => CliError::new(Exit::Failed, error),
    }
}
