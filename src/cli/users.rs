//! `reelbot users …`: the people.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::CliError,
    number::limit,
    open::open_from,
    output::{note, note_cut, print, print_json},
    people,
    table::{iso, numbers, pairs, table, text, words},
    user_ref::UserRef,
};
use crate::store::{
    report::{self, Summary},
    users::{self, User},
};

const USERS: &str = "\
Examples:
  reelbot users list
  reelbot users show @anna";

const LIST: &str = "\
Examples:
  reelbot users list
  reelbot users list --limit 100 --json";

const SHOW: &str = "\
Examples:
  reelbot users show @anna
  reelbot users show 123456789 --json";

/// Show who uses the bot.
#[derive(Args, Clone, Debug)]
#[command(after_help = USERS)]
pub(crate) struct UsersArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: UsersCommand,
}

/// What can be seen of people.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// List people with their balances, the newest first
    #[command(after_help = LIST)]
    List(ListUsers),
    /// Show one person: balance, orders, videos
    #[command(after_help = SHOW)]
    Show(ShowUser),
}

/// The options of `users list`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ListUsers {
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = limit)]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The options of `users show`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShowUser {
    /// A Telegram id, a @username or a t.me link
    pub user: UserRef,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl UsersArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        match self.command {
            UsersCommand::List(args) => args.run(context),
            UsersCommand::Show(args) => args.run(context),
        }
    }
}

impl ListUsers {
    fn run(self, context: &Context) -> Result<(), CliError> {
        let (users, all) = open_from(context)?
            .read(|view| Ok((users::list(view, self.limit)?, users::count(view)?)))?;
        if self.json {
            print_json(&users.iter().map(as_json).collect::<Vec<_>>())?;
        } else if users.is_empty() {
            note("nobody has pressed Start yet");
        } else {
            let columns = [
                numbers("id"),
                words("came"),
                numbers("credits"),
                words("bot"),
                words("username"),
                text("name"),
            ];
            print(&table(&columns, users.iter().map(as_row)))?;
        }
        note_cut(users.len(), all);
        Ok(())
    }
}

impl ShowUser {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let (user, summary) = db.try_read(|view| -> Result<_, CliError> {
            let user = people::find(view, &self.user)?;
            let summary = report::summary(view, user.id)?;
            Ok((user, summary))
        })?;
        people::note_doubt(&self.user, &user, db.clock.now());
        if self.json {
            let mut json = as_json(&user);
            json["orders"] = summary.orders.into();
            json["videos"] = json!({
                "open": summary.open,
                "completed": summary.completed,
                "failed": summary.failed,
            });
            return print_json(&json);
        }
        print(&pairs(as_pairs(&user, summary)))
    }
}

fn as_row(user: &User) -> Vec<String> {
    let bot = if user.blocked_at.is_some() { "✗ blocked" } else { "" };
    vec![
        user.id.to_string(),
        user.created_at.to_string(),
        user.credits.to_string(),
        bot.to_owned(),
        handle(user),
        user.first_name.clone(),
    ]
}

fn as_pairs(user: &User, summary: Summary) -> Vec<(&'static str, String)> {
    let Summary { orders, open, completed, failed } = summary;
    let mut pairs = vec![
        ("id", user.id.to_string()),
        ("username", handle(user)),
        ("name", user.first_name.clone()),
        ("language", user.language.code().to_owned()),
        ("came", user.created_at.to_string()),
        ("seen", user.seen_at.to_string()),
        ("credits", user.credits.to_string()),
        ("orders", orders.to_string()),
        ("videos", format!("{open} under way, {completed} completed, {failed} failed")),
    ];
    if let Some(since) = user.blocked_at {
        pairs.push(("blocked", format!("✗ the bot is blocked since {since}")));
    }
    pairs
}

fn handle(user: &User) -> String {
    user.username.as_ref().map_or("–".to_owned(), |name| format!("@{name}"))
}

fn as_json(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "first_name": user.first_name,
        "language": user.language,
        "credits": user.credits,
        "came_at": user.created_at.to_string(),
        "seen_at": user.seen_at.to_string(),
        "blocked_at": iso(user.blocked_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{credits::Credits, id::UserId, time::Timestamp, user::Language};

    #[test]
    fn a_person_that_blocked_the_bot_is_marked() {
        let at = Timestamp(1_764_000_000_000);
        let anna = User {
            is_greeted: true,
            awaits: None,
            id: UserId(7),
            username: Some("anna".to_owned()),
            first_name: "Anna".to_owned(),
            language: Language::Ru,
            credits: Credits(3),
            blocked_at: Some(at),
            created_at: at,
            seen_at: at,
        };
        let row = as_row(&anna);
        assert_eq!(row, ["7", "2025-11-24T16:00:00Z", "3", "✗ blocked", "@anna", "Anna"]);
        let pairs = as_pairs(&anna, Summary { orders: 2, open: 1, completed: 3, failed: 0 });
        assert!(pairs.contains(&("videos", "1 under way, 3 completed, 0 failed".to_owned())));
    }
}
