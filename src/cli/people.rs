//! The person whom the operator means.

use crate::cli::exit::Exit;
use crate::cli::exit::Failed;
use crate::cli::table::shown;
use crate::cli::who::Who;
use crate::store::tx::View;
use crate::store::users;
use crate::store::users::User;

/// Finds a person by id or name.
pub fn find(view: &View<'_>, who: &Who) -> Result<User, Failed> {
    let found = match who {
        Who::Id(id) => users::find(view, *id)?,
        Who::Name(name) => users::find_by_name(view, name)?,
    };
    found.ok_or_else(|| {
        let whom = match who {
            Who::Id(id) => id.to_string(),
            Who::Name(name) => format!("@{name}"),
        };
        Failed::because(Exit::Failed, format!("the bot does not know {whom}")).hint(
            "a person must have pressed Start in the bot once; `reelbot users list` shows who has",
        )
    })
}

/// `@anna (123456789)`; somebody without a username goes by their first name.
pub fn name(user: &User) -> String {
    match &user.username {
        Some(username) => format!("@{} ({})", shown(username), user.id),
        None if user.first_name.is_empty() => user.id.to_string(),
        None => format!("{} ({})", shown(&user.first_name), user.id),
    }
}
