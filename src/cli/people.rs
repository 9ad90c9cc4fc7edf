//! The person that the operator names.

use crate::cli::{
    exit::{CliError, Exit},
    table::shown,
    user_ref::UserRef,
};
use crate::store::{
    tx::View,
    users::{self, User},
};

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
