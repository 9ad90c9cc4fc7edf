//! `reelbot credits …`: people's credits.

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actions::grant_credits::{Grant, GrantError, grant_credits, take_credits};
use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
    open::open_from,
    output::{note, print, print_json},
    people,
    table::{count, numbers, table, text, words},
    user_ref::UserRef,
};
use crate::domain::credits::{Credits, EntryKind};
use crate::store::{
    ledger::{self, LedgerLine},
    users::User,
};

/// How many ledger lines `credits show` lists.
const SHOWN: u32 = 20;

const CREDITS: &str = "\
Examples:
  reelbot credits grant @anna 10
  reelbot credits show 123456789";

const GRANT: &str = "\
Examples:
  reelbot credits grant @anna 10
  reelbot credits grant 123456789 5 --note \"sorry for Tuesday\"";

const TAKE: &str = "\
Examples:
  reelbot credits take @anna 3
  reelbot credits take 123456789 1 --note \"granted twice\"";

const SHOW: &str = "\
Examples:
  reelbot credits show @anna
  reelbot credits show 123456789 --json";

/// Give credits, take them back, and show where they went.
#[derive(Args, Clone, Debug)]
#[command(after_help = CREDITS)]
pub(crate) struct CreditsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: CreditsCommand,
}

/// What can be done with credits.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum CreditsCommand {
    /// Give a person credits and print the new balance
    #[command(after_help = GRANT)]
    Grant(MoveCredits),
    /// Take credits back and print the new balance; a balance never goes below 0
    #[command(after_help = TAKE)]
    Take(MoveCredits),
    /// Show a person's balance and how it came about
    #[command(after_help = SHOW)]
    Show(ShowCredits),
}

/// The options of `credits grant` and `credits take`.
#[derive(Args, Clone, Debug)]
pub(crate) struct MoveCredits {
    /// A Telegram id, a @username or a t.me link
    pub user: UserRef,
    /// How many, 1 or more
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub credits: u32,
    /// Why, for the books
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Do not ask, though the @username was not seen for a month and may be somebody else's by now
    #[arg(long)]
    pub yes: bool,
}

/// The options of `credits show`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShowCredits {
    /// A Telegram id, a @username or a t.me link
    pub user: UserRef,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl CreditsArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        match self.command {
            CreditsCommand::Grant(args) => args.grant(context),
            CreditsCommand::Take(args) => args.take(context),
            CreditsCommand::Show(args) => args.run(context),
        }
    }
}

impl MoveCredits {
    fn grant(self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let credits = count(self.credits, "credit");
        let user = people::sure(&db, &self.user, self.yes)?;
        let grant = self.of(&user);
        let balance = db.try_write(move |tx| grant_credits(tx, &grant)).map_err(refused)?;
        if user.blocked_at.is_some() {
            note("they have blocked the bot, so they get no message");
        }
        print(&format!("{} got {credits} and now has {balance}\n", people::name(&user)))
    }

    fn take(self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let credits = count(self.credits, "credit");
        let user = people::sure(&db, &self.user, self.yes)?;
        let grant = self.of(&user);
        let balance = db.try_write(move |tx| take_credits(tx, &grant)).map_err(refused)?;
        print(&format!("{} gave back {credits} and now has {balance}\n", people::name(&user)))
    }

    /// Each call is a grant of its own, so its id is a new one.
    fn of(self, user: &User) -> Grant {
        Grant {
            user: user.id,
            amount: Credits(self.credits.into()),
            uuid: Uuid::new_v4().to_string(),
            note: self.note.filter(|note| !note.trim().is_empty()),
        }
    }
}

fn refused(error: GrantError) -> CliError {
    match error {
        GrantError::Store(error) => error.into(),
        GrantError::Short { balance } => {
            let sentence = format!("they have only {}", count(balance.0, "credit"));
            CliError::because(Exit::Failed, sentence).hint("nothing was taken; take that or less")
        }
        GrantError::NotPositive(_) => CliError::new(Exit::Usage, error),
    }
}

impl ShowCredits {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let (user, lines) = db.try_read(|view| -> Result<_, CliError> {
            let user = people::find(view, &self.user)?;
            let lines = ledger::last(view, user.id, SHOWN)?;
            Ok((user, lines))
        })?;
        people::note_doubt(&self.user, &user, db.clock.now());
        if self.json {
            return print_json(&as_json(&user, &lines));
        }
        print(&format!("{} has {}\n", people::name(&user), count(user.credits.0, "credit")))?;
        if lines.is_empty() {
            return Ok(());
        }
        let columns = [words("when"), words("why"), numbers("credits"), words("for"), text("note")];
        print(&format!("\n{}", table(&columns, lines.iter().map(as_row))))
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
    use crate::domain::time::Timestamp;

    #[test]
    fn a_ledger_line_names_what_it_was_for() {
        let at = Timestamp(1_764_000_000_000);
        let line = |kind, amount, once: &str| LedgerLine {
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
