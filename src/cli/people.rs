//! The person that the operator names.

use std::time::Duration;

use crate::cli::{
    confirm::confirmed,
    exit::{CliError, Exit},
    output::note,
    table::shown,
    user_ref::UserRef,
};
use crate::domain::time::Timestamp;
use crate::store::{
    db::Db,
    tx::View,
    users::{self, User},
};

/// For how long a name is taken to be still its owner's: names change owners, and the bot hears of
/// it only when the new one writes.
const TRUSTED: Duration = Duration::from_hours(30 * 24);

/// Finds a person by id or name.
pub(crate) fn find(view: &View<'_>, user: &UserRef) -> Result<User, CliError> {
    let found = match user {
        UserRef::Id(id) => users::find(view, *id)?,
        UserRef::Name(name) => users::find_by_name(view, name)?,
    };
    found.ok_or_else(|| {
        let named = match user {
            UserRef::Id(id) => id.to_string(),
            UserRef::Name(name) => format!("@{name}"),
        };
        CliError::because(Exit::Failed, format!("the bot does not know {named}")).hint(
            "a person must have pressed Start in the bot once; `reelbot users list` shows who has",
        )
    })
}

/// `@anna (123456789)`; a person without a username goes by their first name.
pub(crate) fn name(user: &User) -> String {
    match &user.username {
        Some(username) => format!("@{} ({})", shown(username), user.id),
        None if user.first_name.is_empty() => user.id.to_string(),
        None => format!("{} ({})", shown(&user.first_name), user.id),
    }
}

/// The person whose balance is to be changed. Where a name has not been seen for long it may be
/// somebody else's by now: then the operator is asked, unless they said `yes`.
pub(crate) fn sure(db: &Db, named: &UserRef, yes: bool) -> Result<User, CliError> {
    let user = db.try_read(|view| find(view, named))?;
    let Some(doubt) = doubt(named, &user, db.clock.now()) else { return Ok(user) };
    let hint = format!("name them by id, {}, or say that you mean it with --yes", user.id);
    let question = format!("{doubt}. Is it {} that you mean?", name(&user));
    if yes {
        note(&doubt);
    } else if !confirmed(&question, &hint).map_err(|error| match error.exit {
        Exit::Usage => CliError { error: error.error.context(doubt.clone()), ..error },
        _ => error,
    })? {
        return Err(CliError::because(Exit::Failed, "nothing was changed").hint(hint));
    }
    Ok(user)
}

/// Notes that a name may be somebody else's by now.
pub(crate) fn note_doubt(named: &UserRef, user: &User, now: Timestamp) {
    if let Some(doubt) = doubt(named, user, now) {
        note(&doubt);
    }
}

fn doubt(named: &UserRef, user: &User, now: Timestamp) -> Option<String> {
    let UserRef::Name(named) = named else { return None };
    let days = now.since(user.seen_at).as_secs() / (24 * 3600);
    let is_old = now.since(user.seen_at) > TRUSTED;
    is_old
        .then(|| format!("the bot last heard of @{named} {days} days ago, and names change owners"))
}
