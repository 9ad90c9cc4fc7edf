//! `reelbot credits show`

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::CliError,
    number::limit,
    open::open_from,
    output::{note_cut, print, print_json},
    people,
    table::{count, numbers, table, text, words},
    user_ref::UserRef,
};
use crate::domain::credits::EntryKind;
use crate::store::{
    ledger::{self, LedgerLine},
    users::User,
};

/// The options of `credits show`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShowCredits {
    /// A Telegram id, a @username or a t.me link
    pub user: UserRef,
    /// How many movements at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = limit)]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl ShowCredits {
    /// Prints the balance and the newest movements.
    pub(crate) fn run(&self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let (user, lines, all) = db.try_read(|view| -> Result<_, CliError> {
            let user = people::find(view, &self.user)?;
            let lines = ledger::last(view, user.id, self.limit)?;
            let all = ledger::count(view, user.id)?;
            Ok((user, lines, all))
        })?;
        people::note_doubt(&self.user, &user, db.clock.now());
        if self.json {
            print_json(&as_json(&user, &lines))?;
        } else {
            let mut answer =
                format!("{} has {}\n", people::name(&user), count(user.credits.0, "credit"));
            if !lines.is_empty() {
                let columns =
                    [words("when"), words("why"), numbers("credits"), words("for"), text("note")];
                answer.push('\n');
                answer += &table(&columns, lines.iter().map(as_row));
            }
            print(&answer)?;
        }
        note_cut(lines.len(), all);
        Ok(())
    }
}

fn as_json(user: &User, lines: &[LedgerLine]) -> Value {
    let entry = |line: &LedgerLine| {
        json!({
            "at": line.at.to_string(),
            "kind": line.kind.word(),
            "credits": line.amount,
            "event": line.once,
            "note": line.note,
        })
    };
    json!({
        "id": user.id,
        "username": user.username,
        "credits": user.credits,
        "entries": lines.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn as_row(line: &LedgerLine) -> Vec<String> {
    vec![
        line.at.to_string(),
        line.kind.word().to_owned(),
        format!("{:+}", line.amount.0),
        subject(line).to_owned(),
        line.note.clone().unwrap_or_default(),
    ]
}

/// `order 17` of `charge order 17`; the names of the operator's own events mean nothing to people.
fn subject(line: &LedgerLine) -> &str {
    match line.kind {
        EntryKind::Welcome | EntryKind::Grant | EntryKind::Take => "",
        EntryKind::Charge
        | EntryKind::Refund
        | EntryKind::Purchase
        | EntryKind::Chargeback
        | EntryKind::Promo
        | EntryKind::Referral => {
            line.once.strip_prefix(line.kind.word()).unwrap_or_default().trim_start()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{credits::Credits, id::UserId, time::Timestamp};

    #[test]
    fn a_ledger_line_names_what_it_was_for() {
        let at = Timestamp(1_764_000_000_000);
        let line = |kind, amount, once: &str| LedgerLine {
            user: UserId(7),
            at,
            kind,
            amount: Credits(amount),
            note: None,
            once: once.to_owned(),
        };
        let charge = as_row(&line(EntryKind::Charge, -3, "charge order 17"));
        assert_eq!(charge, ["2025-11-24T16:00:00Z", "charge", "-3", "order 17", ""]);
        let grant = as_row(&line(EntryKind::Grant, 10, "grant 0b5c"));
        assert_eq!(grant, ["2025-11-24T16:00:00Z", "grant", "+10", "", ""]);
    }
}
