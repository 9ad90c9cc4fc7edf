//! Whom people are told to turn to: a name at Telegram, a page, or a mail address.

use url::Url;

/// Hosts of links to names at Telegram.
const TELEGRAM: [&str; 4] = ["t.me", "www.t.me", "telegram.me", "telegram.dog"];

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    /// `@name`
    Name(String),
    /// The address of a page, or of a chat that has no name.
    Page(Url),
    /// A mail address, which no button can open.
    Mail(String),
}

impl Contact {
    /// Reads `@name`, `t.me/…`, a link or a mail address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if is_name(text) {
            return Some(Self::Name(text.to_owned()));
        }
        if text.contains(char::is_whitespace) {
            return None;
        }
        let is_short = TELEGRAM.iter().any(|host| {
            text.strip_prefix(host).is_some_and(|path| path.starts_with('/') && path.len() > 1)
        });
        let link = if is_short { format!("https://{text}") } else { text.to_owned() };
        if link.starts_with("https://") || link.starts_with("http://") {
            let url = Url::parse(&link).ok()?;
            return Some(named(&url).map_or(Self::Page(url), Self::Name));
        }
        is_mail(text).then(|| Self::Mail(text.to_owned()))
    }

    /// As it is written in a text.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Name(text) | Self::Mail(text) => text,
            Self::Page(url) => url.as_str(),
        }
    }

    /// What a button opens.
    pub(crate) fn url(&self) -> Option<Url> {
        match self {
            Self::Name(name) => {
                Url::parse(&format!("https://t.me/{}", name.trim_start_matches('@'))).ok()
            }
            Self::Page(url) => Some(url.clone()),
            Self::Mail(_) => None,
        }
    }
}

/// Whether this is a name at Telegram, with its `@`.
pub(crate) fn is_name(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.strip_prefix('@').is_some_and(|name| {
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
        (4..=32).contains(&name.len()) && begins && name.chars().all(letter)
    })
}

/// The name to which a link to Telegram leads, where that is all of it.
fn named(url: &Url) -> Option<String> {
    let is_telegram = url.host_str().is_some_and(|host| TELEGRAM.contains(&host));
    let name = format!("@{}", url.path().trim_matches('/'));
    (is_telegram && url.query().is_none() && is_name(&name)).then_some(name)
}

fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        let is_host = host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
        let letter = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
        !name.is_empty() && is_host && name.chars().all(letter) && host.chars().all(letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_a_name_a_page_or_a_mail_address() {
        for (text, shown, url) in [
            ("@shop_help", "@shop_help", Some("https://t.me/shop_help")),
            ("t.me/shop_help", "@shop_help", Some("https://t.me/shop_help")),
            ("https://t.me/shop_help/", "@shop_help", Some("https://t.me/shop_help")),
            ("http://telegram.me/shop_help", "@shop_help", Some("https://t.me/shop_help")),
            ("t.me/+AbCd123", "https://t.me/+AbCd123", Some("https://t.me/+AbCd123")),
            (
                "t.me/shop?start=pay",
                "https://t.me/shop?start=pay",
                Some("https://t.me/shop?start=pay"),
            ),
            (
                "https://shop.example/pay",
                "https://shop.example/pay",
                Some("https://shop.example/pay"),
            ),
            ("help@shop.example", "help@shop.example", None),
            ("касса@почта.рф", "касса@почта.рф", None),
        ] {
            let contact = Contact::parse(text).unwrap();
            let opens = contact.url();
            assert_eq!((contact.text(), opens.as_ref().map(Url::as_str)), (shown, url), "{text}");
        }
    }

    #[test]
    fn what_nobody_can_turn_to_is_no_contact() {
        for text in [
            "",
            "@",
            "@me",
            "@1234",
            "@магазин",
            "shop",
            " @shop",
            "t.me/",
            "t.me",
            "https://",
            "ftp://shop.example",
            "javascript:alert(1)",
            "tg://resolve?domain=shop",
            "a@b",
            "a@.b",
            "@shop.example",
            "a b@shop.example",
            "+79991234567",
            "</b>@x.y",
        ] {
            assert_eq!(Contact::parse(text), None, "{text}");
        }
    }
}
