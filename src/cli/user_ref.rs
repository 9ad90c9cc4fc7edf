//! How a person is named on the command line.

use std::str::FromStr;

use crate::domain::id::UserId;

/// A person: by Telegram id or by @username.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserRef {
    /// `123456789`
    Id(UserId),
    /// `@anna`, kept without the @. Names are compared without regard to case.
    Name(String),
}

impl FromStr for UserRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix('@') {
            let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let fits = !name.is_empty() && name.chars().all(letter);
            return if fits { Ok(Self::Name(name.to_owned())) } else { Err(expected()) };
        }
        match text.parse() {
            Ok(id) if id > 0 => Ok(Self::Id(UserId(id))),
            _ => Err(expected()),
        }
    }
}

fn expected() -> String {
    "write a Telegram id such as 123456789, or a @username".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    #[test]
    fn a_person_is_an_id_or_a_username() {
        assert_eq!("42".parse(), Ok(UserRef::Id(UserId(42))));
        assert_eq!("@Anna_1".parse(), Ok(UserRef::Name("Anna_1".to_owned())));
        for wrong in ["anna", "@", "@an na", "-5", "0", ""] {
            assert!(wrong.parse::<UserRef>().is_err(), "{wrong}");
        }
    }
    proptest! {
        #[test]
        fn every_accepted_text_is_an_id_or_a_username(
            text in texts(&["123456789".to_owned(), "@Anna_1".to_owned()]),
        ) {
            match text.parse::<UserRef>() {
                Ok(UserRef::Id(id)) => prop_assert!(id.0 > 0),
                Ok(UserRef::Name(name)) => prop_assert_eq!(format!("@{}", name), text),
                Err(hint) => prop_assert_eq!(hint, expected()),
            }
        }
    }
}
