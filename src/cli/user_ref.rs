//! How a person is named on the command line.

use std::str::FromStr;

use crate::domain::id::UserId;

/// The hosts of Telegram's links to people.
const HOSTS: [&str; 3] = ["t.me", "telegram.me", "telegram.dog"];

/// The longest username, in characters.
const LONGEST: usize = 32;

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
        let text = text.trim();
        if let Some(query) = text.strip_prefix("tg://") {
            return in_app_link(query).ok_or_else(expected);
        }
        let named = in_link(text).or_else(|| text.strip_prefix('@'));
        match named.unwrap_or(text).parse() {
            Ok(id) if id > 0 && named.is_none() => Ok(Self::Id(UserId(id))),
            _ => Self::of_name(named.unwrap_or(text)).ok_or_else(expected),
        }
    }
}

impl UserRef {
    /// A name begins with a letter, and so is no id.
    fn of_name(name: &str) -> Option<Self> {
        let fits = name.len() <= LONGEST
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        fits.then(|| Self::Name(name.to_owned()))
    }
}

/// The name in `https://t.me/anna`, with or without the scheme and with whatever follows.
fn in_link(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let (host, path) = rest.split_once('/')?;
    let is_web = ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_telegram = HOSTS.iter().any(|known| host.eq_ignore_ascii_case(known));
    let name = path.split(['?', '#']).next().unwrap_or_default();
    (is_web && is_telegram).then(|| name.strip_suffix('/').unwrap_or(name))
}

/// The person in `resolve?domain=anna` or `user?id=123456789`.
fn in_app_link(link: &str) -> Option<UserRef> {
    let (call, query) = link.split_once('?')?;
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    match call.trim_end_matches('/') {
        "resolve" => UserRef::of_name(value("domain")?),
        "user" => value("id")?.parse().ok().filter(|id| *id > 0).map(|id| UserRef::Id(UserId(id))),
        _ => None,
    }
}

fn expected() -> String {
    "write a Telegram id such as 123456789, a @username or a t.me link".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    #[test]
    fn a_person_is_an_id_or_a_username_however_it_was_copied() {
        for id in ["42", " 42 ", "tg://user?id=42"] {
            assert_eq!(id.parse(), Ok(UserRef::Id(UserId(42))), "{id}");
        }
        for name in [
            "@Anna_1",
            "Anna_1",
            " @Anna_1 ",
            "t.me/Anna_1",
            "https://t.me/Anna_1",
            "HTTPS://T.ME/Anna_1",
            "http://www.t.me/Anna_1/",
            "https://telegram.me/Anna_1?start=x",
            "tg://resolve?domain=Anna_1",
            "tg://resolve?start=x&domain=Anna_1",
        ] {
            assert_eq!(name.parse(), Ok(UserRef::Name("Anna_1".to_owned())), "{name}");
        }
        for wrong in [
            "",
            "@",
            "@an na",
            "-5",
            "0",
            "@42",
            "4anna",
            "анна",
            "t.me/42",
            "t.me/",
            "t.me/+79991234567",
            "t.me/c/1234/5",
            "t.me/joinchat/AAAA",
            "example.com/anna",
            "ftp://t.me/anna",
            "tg://user?id=anna",
            "tg://resolve?phone=79991234567",
            "a_name_that_is_longer_than_any_of_telegrams",
        ] {
            assert!(wrong.parse::<UserRef>().is_err(), "{wrong}");
        }
    }
    proptest! {
        #[test]
        fn every_accepted_text_is_an_id_or_a_username_that_it_has_in_it(
            text in texts(&["123456789".to_owned(), "@Anna_1".to_owned(), "https://t.me/Anna_1".to_owned(), "tg://user?id=123456789".to_owned()]),
        ) {
            match text.parse::<UserRef>() {
                Ok(UserRef::Id(id)) => prop_assert!(id.0 > 0),
                Ok(UserRef::Name(name)) => {
                    prop_assert!(text.contains(&name) && UserRef::of_name(&name).is_some());
                }
                Err(hint) => prop_assert_eq!(hint, expected()),
            }
        }
    }
}
