//! `reelbot credits grant` and `reelbot credits take`

use clap::Args;
use serde_json::json;
use uuid::Uuid;

use crate::actions::grant_credits::{
    Booked, Grant, GrantError, booked, grant_credits, take_credits,
};
use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
    open::open_from,
    output::{note, print_done},
    people,
    table::count,
    user_ref::UserRef,
};
use crate::domain::credits::{Credits, EntryKind};
use crate::store::{tx::Tx, users::User};

/// The longest `--once`, in characters.
const LONGEST_ONCE: usize = 100;

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
    /// A name of yours for this, such as an invoice's number: however often it is called with the
    /// same one, it counts once
    #[arg(long, value_name = "KEY", value_parser = once)]
    pub once: Option<String>,
    /// Do not ask, though the @username was not seen for a month and may be somebody else's by now
    #[arg(long)]
    pub yes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Whether a text can name a grant: what scripts have at hand, and nothing that a shell or a table
/// could change.
fn once(text: &str) -> Result<String, String> {
    let fits = (1..=LONGEST_ONCE).contains(&text.len());
    if fits && text.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err(format!("write 1 to {LONGEST_ONCE} Latin letters, digits and signs, without spaces"))
}

impl MoveCredits {
    /// Gives credits.
    pub(crate) fn grant(self, context: &Context) -> Result<(), CliError> {
        self.book(context, EntryKind::Grant, grant_credits)
    }

    /// Takes credits back.
    pub(crate) fn take(self, context: &Context) -> Result<(), CliError> {
        self.book(context, EntryKind::Take, take_credits)
    }

    fn book(
        self,
        context: &Context,
        kind: EntryKind,
        action: fn(&Tx<'_>, &Grant) -> Result<Booked, GrantError>,
    ) -> Result<(), CliError> {
        let db = open_from(context)?;
        let user = db.try_read(|view| people::find(view, &self.user))?;
        let grant = self.of(&user);
        let explained = |error| refused(error, &grant);
        // What is in the books already needs no answer to a question.
        if let Some(booked) = db.try_read(|view| booked(view, &grant, kind)).map_err(explained)? {
            self.print(kind, &user, booked);
            return Ok(());
        }
        let user = people::sure(&db, &self.user, self.yes)?;
        let (grant, operator, name) =
            (self.of(&user), context.operator.clone(), people::name(&user));
        let explained = |error| refused(error, &grant);
        let (booking, details) = (grant.clone(), self.details());
        let booked = db.try_write(move |tx| {
            let booked = action(tx, &booking)?;
            if booked.is_new {
                operator.log(tx, act(kind), &name, Some(details))?;
            }
            Ok(booked)
        });
        let booked = booked.map_err(explained)?;
        if kind == EntryKind::Grant && booked.is_new && user.blocked_at.is_some() {
            note("they have blocked the bot, so they get no message");
        }
        self.print(kind, &user, booked);
        Ok(())
    }

    /// Each call without `--once` is a grant of its own.
    fn of(&self, user: &User) -> Grant {
        Grant {
            user: user.id,
            amount: Credits(self.credits.into()),
            once: self.once.clone().unwrap_or_else(|| Uuid::new_v4().to_string()),
            note: self.note.clone().filter(|note| !note.trim().is_empty()),
        }
    }

    fn details(&self) -> String {
        let once = self.once.as_ref().map(|once| format!(", once {once}"));
        let note = self.note.as_ref().map(|note| format!(": {note}"));
        count(self.credits, "credit") + &once.unwrap_or_default() + &note.unwrap_or_default()
    }

    fn print(&self, kind: EntryKind, user: &User, booked: Booked) {
        let Booked { balance, at, is_new } = booked;
        let (name, credits) = (people::name(user), count(self.credits, "credit"));
        let deed = if kind == EntryKind::Take { "gave back" } else { "got" };
        let done = if is_new {
            format!("{name} {deed} {credits} and now has {balance}\n")
        } else {
            format!("already booked at {at}: {name} {deed} {credits}, and has {balance} now\n")
        };
        let json = self.json.then(|| {
            json!({
                "id": user.id,
                "username": user.username,
                "kind": kind.word(),
                "amount": self.credits,
                "credits": balance,
                "once": self.once,
                "at": at.to_string(),
                "already": !is_new,
            })
        });
        print_done(&done, json.as_ref());
    }
}

fn act(kind: EntryKind) -> &'static str {
    if kind == EntryKind::Take { "credits take" } else { "credits grant" }
}

fn refused(error: GrantError, grant: &Grant) -> CliError {
    match error {
        GrantError::Store(error) => error.into(),
        GrantError::Short { balance } => {
            let sentence = format!("they have only {}", count(balance.0, "credit"));
            CliError::because(Exit::Failed, sentence).hint("nothing was taken; take that or less")
        }
        GrantError::Used(entry) => {
            let deed = if entry.kind == EntryKind::Take { "taken from" } else { "given to" };
            let credits = count(entry.amount.0.abs(), "credit");
            let sentence = format!(
                "--once {} was used for another booking: {credits} {deed} {} at {}",
                grant.once, entry.user, entry.at
            );
            CliError::because(Exit::Failed, sentence)
                .hint("nothing was booked now; each booking has a key of its own")
        }
        GrantError::NotPositive(_) => CliError::new(Exit::Usage, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_booking_is_a_short_word() {
        let longest = "x".repeat(100);
        for key in ["17", "invoice-2026/17", "a:b_c#d@e.f", &longest] {
            assert_eq!(once(key), Ok(key.to_owned()));
        }
        for wrong in ["", " ", "a b", "a\n", "счёт", "x\u{1b}", &"x".repeat(101)] {
            assert!(once(wrong).is_err(), "{wrong:?}");
        }
    }
}
