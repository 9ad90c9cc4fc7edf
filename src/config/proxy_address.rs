//! The address of a proxy: one parser for the config, the environment and every client.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use url::Url;

/// What to write, for every hint.
const FORM: &str =
    "write it as socks5h://user:password@host:1080 or http://host:3128; \"none\" for no proxy";

/// The address of a proxy, with user and password. It is shown without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyAddress(Url);

/// Why a text is no address of a proxy. The text may hold a password and is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyFault {
    /// It begins with no scheme.
    NoScheme,
    /// A link that Telegram's apps understand.
    TelegramLink,
    /// A scheme that no client has.
    UnknownScheme,
    /// `host:port:user:password`, as sellers of proxies write it.
    Columns,
    /// There is no host, or the address cannot be read.
    Unreadable,
    /// A SOCKS proxy needs both or none.
    UserWithoutPassword,
}

impl ProxyAddress {
    /// Reads an address with its scheme.
    pub fn parse(text: &str) -> Result<Self, ProxyFault> {
        let Some((scheme, rest)) = text.split_once("://") else {
            let is_columns = text.split(':').count() == 4 && !text.contains('@');
            return Err(if is_columns { ProxyFault::Columns } else { ProxyFault::NoScheme });
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            // Desktops write "socks" and mean that the proxy looks names up.
            "socks" => "socks5h".to_owned(),
            known @ ("http" | "https" | "socks5" | "socks5h") => known.to_owned(),
            "tg" => return Err(ProxyFault::TelegramLink),
            _ => return Err(ProxyFault::UnknownScheme),
        };
        if ["t.me/", "telegram.me/", "telegram.dog/"].iter().any(|host| rest.starts_with(host)) {
            return Err(ProxyFault::TelegramLink);
        }
        let is_columns = rest.split(':').count() == 4 && !rest.contains(['@', '[']);
        if is_columns {
            return Err(ProxyFault::Columns);
        }
        let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| ProxyFault::Unreadable)?;
        let has_host = url.host_str().is_some_and(|host| !host.is_empty() && !host.contains('%'));
        let is_bare = matches!(url.path(), "" | "/") && url.query().or(url.fragment()).is_none();
        let is_text = |part: &str| percent_decode_str(part).decode_utf8().is_ok();
        let is_readable = is_text(url.username()) && is_text(url.password().unwrap_or_default());
        // The clients read it once more, by stricter rules than those of the web.
        let clients = Matcher::builder().all(url.as_str()).build();
        let is_readable =
            is_readable && "http://h/".parse().is_ok_and(|uri| clients.intercept(&uri).is_some());
        // Port 0 can be written, and nothing listens there.
        if !has_host || !is_bare || !is_readable || url.port() == Some(0) {
            return Err(ProxyFault::Unreadable);
        }
        let is_socks = scheme.starts_with("socks");
        if is_socks && !url.username().is_empty() && url.password().is_none_or(str::is_empty) {
            return Err(ProxyFault::UserWithoutPassword);
        }
        Ok(Self(url))
    }

    /// The whole address, with user and password: for the client that calls it.
    pub(crate) fn expose(&self) -> &Url {
        &self.0
    }
}

impl ProxyFault {
    /// The rest of a sentence that begins with the name of the option or variable.
    pub(super) fn problem(self) -> &'static str {
        match self {
            Self::NoScheme => "does not say of which kind the proxy is",
            Self::TelegramLink => "is a link for Telegram's apps",
            Self::UnknownScheme => "is of a kind that is not supported",
            Self::Columns => "is no address: it looks like host:port:user:password",
            Self::Unreadable => "is no address of a proxy",
            Self::UserWithoutPassword => "has a user and no password",
        }
    }

    pub(super) fn hint(self) -> String {
        match self {
            Self::TelegramLink => {
                format!("MTProto proxies do not carry bots; take a SOCKS5 or HTTP one, and {FORM}")
            }
            Self::Unreadable => format!(
                "{FORM}; in user and password write %40 for @, %3A for :, %2F for /, %23 for #"
            ),
            _ => FORM.to_owned(),
        }
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(url) = self;
        write!(f, "{}://", url.scheme())?;
        if !url.username().is_empty() || url.password().is_some() {
            f.write_str("…@")?;
        }
        f.write_str(url.host_str().unwrap_or_default())?;
        url.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyAddress({self})")
    }
}
