//! Who types a command, and the log of what they do.

use rustix::process::getuid;

use crate::config::{account::Account, environment::Environment};
use crate::store::{
    admin_log::{self, AdminAct},
    error::StoreError,
    tx::Tx,
};

/// The longest name that is believed of `SUDO_USER`, in characters.
const LONGEST_NAME: usize = 64;

/// The user of the system who types a command.
#[derive(Clone, Debug)]
pub(crate) struct Operator(String);

impl Operator {
    /// The user of this process; with sudo, who called it.
    pub(crate) fn of_process(environment: &Environment) -> Self {
        let name = Account::name_of(getuid().as_raw());
        Self::named(name, environment.vars.get("SUDO_USER").map(String::as_str))
    }

    fn named(own: String, caller: Option<&str>) -> Self {
        let is_name = |name: &&str| {
            (1..=LONGEST_NAME).contains(&name.chars().count())
                && !name.chars().any(char::is_control)
        };
        Self(caller.filter(is_name).map_or(own, |caller| format!("{caller} (sudo)")))
    }

    /// Notes what they do, in the transaction in which it is done. No part of it is a secret.
    pub(crate) fn log(
        &self,
        tx: &Tx<'_>,
        act: &'static str,
        subject: &str,
        details: Option<String>,
    ) -> Result<(), StoreError> {
        let (os_user, subject) = (self.0.clone(), subject.to_owned());
        admin_log::add(tx, &AdminAct { os_user, act, subject, details })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_called_sudo_is_named_and_what_is_no_name_is_not() {
        let named = |caller| Operator::named("root".to_owned(), caller).0;
        assert_eq!(named(None), "root");
        assert_eq!(named(Some("anna")), "anna (sudo)");
        for wrong in ["", "a\nb", "\u{1b}[2J", &"x".repeat(65)] {
            assert_eq!(named(Some(wrong)), "root", "{wrong:?}");
        }
    }
}
