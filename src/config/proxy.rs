//! By which proxy a service is reached: one type and one parser for every client.

use hyper_util::client::proxy::matcher::Matcher;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};

use crate::config::{
    environment::Environment,
    findings::Findings,
    proxy_address::{ProxyAddress, ProxyFault},
};
use crate::domain::secret::Secret;

/// The variables that name a proxy.
const VARIABLES: [&str; 3] = ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"];

/// The option `proxy` of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// Empty: as the environment says.
    Environment(Box<ProxyVariables>),
    /// "none": no proxy, whatever the environment says.
    Direct,
    /// This one, for every address of the service.
    Fixed(ProxyAddress),
    /// What cannot be used: `config check` names it, and nothing starts with it.
    Invalid(ProxyFault),
}

/// The proxies of the environment, and what passes by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyVariables {
    all: Option<Variable>,
    http: Option<Variable>,
    https: Option<Variable>,
    /// `NO_PROXY`: names with what is below them, addresses, networks or `*`.
    bypass: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    name: String,
    address: Result<ProxyAddress, ProxyFault>,
}

impl Default for Proxy {
    fn default() -> Self {
        Self::Environment(Box::default())
    }
}

impl Proxy {
    /// Reads the option.
    pub fn parse(text: &str) -> Self {
        match text.trim() {
            "" => Self::default(),
            text if text.eq_ignore_ascii_case("none") => Self::Direct,
            text => ProxyAddress::parse(text).map_or_else(Self::Invalid, Self::Fixed),
        }
    }

    /// The proxy by which an address is reached; `None` is the direct way. That of the environment
    /// never stands before an address of this machine: it would be told the token in the clear.
    pub fn before(&self, url: &str) -> Option<&ProxyAddress> {
        match self {
            Self::Environment(variables) => variables.before(url)?.address.as_ref().ok(),
            Self::Fixed(address) => Some(address),
            Self::Direct | Self::Invalid(_) => None,
        }
    }

    /// Puts the environment's proxies where the config names none.
    pub(crate) fn take_environment(&mut self, variables: &ProxyVariables) {
        if let Self::Environment(known) = self {
            **known = variables.clone();
        }
    }

    /// Passwords, as they stand in the addresses.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let addresses: Vec<&ProxyAddress> = match self {
            Self::Environment(variables) => {
                variables.each().filter_map(|variable| variable.address.as_ref().ok()).collect()
            }
            Self::Fixed(address) => vec![address],
            Self::Direct | Self::Invalid(_) => Vec::new(),
        };
        addresses
            .into_iter()
            .filter_map(|address| address.expose().password())
            .map(Secret::new)
            .collect()
    }

    /// Notes what is wrong with the option, or with a variable that it would use for one of the
    /// addresses of its service.
    pub(crate) fn check(&self, key: &str, urls: &[&str], findings: &mut Findings) {
        match self {
            Self::Invalid(fault) => findings.add(key, fault.problem(), fault.hint()),
            Self::Environment(variables) => {
                let broken = urls.iter().find_map(|url| {
                    let variable = variables.before(url)?;
                    Some((variable, variable.address.as_ref().err()?))
                });
                if let Some((variable, fault)) = broken {
                    let problem = format!("is empty, and {} {}", variable.name, fault.problem());
                    findings.add(key, problem, fault.hint());
                }
            }
            Self::Direct | Self::Fixed(_) => {}
        }
    }
}

impl ProxyVariables {
    /// Those of the process, in capitals or small letters.
    pub(crate) fn of(environment: &Environment) -> Self {
        let find = |name: &str| {
            let names = [name.to_owned(), name.to_ascii_lowercase()];
            let value = |name: String| {
                // Docker's --env-file hands quotes on.
                let value = environment.vars.get(&name)?.trim_matches([' ', '\t', '"', '\'']);
                let is_none = ["", "none", "direct"].iter().any(|w| value.eq_ignore_ascii_case(w));
                (!is_none).then(|| (name, value.to_owned()))
            };
            names.into_iter().find_map(value)
        };
        let [all, http, https] = VARIABLES.map(|name| {
            let (name, value) = find(name)?;
            // A variable without a scheme means HTTP, for every program.
            let value = if value.contains("://") { value } else { format!("http://{value}") };
            Some(Variable { name, address: ProxyAddress::parse(&value) })
        });
        let bypass = find("NO_PROXY").map_or(String::new(), |(_, list)| list);
        Self { all, http, https, bypass }
    }

    fn each(&self) -> impl Iterator<Item = &Variable> {
        [&self.all, &self.http, &self.https].into_iter().flatten()
    }

    fn before(&self, url: &str) -> Option<&Variable> {
        let url = Url::parse(url).ok()?;
        let own = if url.scheme() == "https" { &self.https } else { &self.http };
        let variable = own.as_ref().or(self.all.as_ref())?;
        (!is_loopback(&url) && !passes_by(&self.bypass, &url)).then_some(variable)
    }
}

/// Whether `NO_PROXY` names an address. The list is curl's; beside that, blanks part the entries as
/// commas do, a name may begin with `*.`, and an entry with a port is for that port alone.
fn passes_by(list: &str, url: &Url) -> bool {
    let port = url.port_or_known_default();
    let entry = |entry: &str| {
        let (entry, wanted) = with_port(entry);
        let entry = entry.trim_matches(['[', ']']);
        let entry = entry.strip_prefix('*').filter(|name| name.starts_with('.')).unwrap_or(entry);
        (wanted.is_none() || wanted == port).then(|| entry.to_ascii_lowercase())
    };
    let entries: Vec<String> =
        list.split([',', ' ', '\t']).filter(|part| !part.is_empty()).filter_map(entry).collect();
    let matcher = Matcher::builder().all("http://proxy").no(entries.join(",")).build();
    url.as_str().parse().is_ok_and(|uri| matcher.intercept(&uri).is_none())
}

/// An entry and its port, if it has one: an address of IPv6 has colons of its own.
fn with_port(entry: &str) -> (&str, Option<u16>) {
    match entry.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !host.contains(':') => {
            port.parse().map_or((entry, None), |port| (host, Some(port)))
        }
        _ => (entry, None),
    }
}

/// Whether two addresses are on one host, whatever their ports.
pub(crate) fn is_same_host(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (Url::parse(one), Url::parse(other)) else { return false };
    one.host() == other.host() || is_loopback(&one) && is_loopback(&other)
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => {
            let mapped = ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback());
            ip.is_loopback() || ip.is_unspecified() || mapped
        }
        None => false,
    }
}

impl Serialize for Proxy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Environment(_) => serializer.serialize_str(""),
            Self::Direct => serializer.serialize_str("none"),
            Self::Fixed(address) => serializer.collect_str(address),
            Self::Invalid(_) => serializer.serialize_str("…"),
        }
    }
}

impl<'de> Deserialize<'de> for Proxy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> ProxyVariables {
        let vars = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ProxyVariables::of(&Environment { vars: vars.collect(), ..Environment::default() })
    }

    fn before(pairs: &[(&str, &str)], url: &str) -> Option<String> {
        let proxy = Proxy::Environment(Box::new(variables(pairs)));
        proxy.before(url).map(ToString::to_string)
    }

    #[test]
    fn addresses_of_every_kind_are_read_and_shown_without_a_password() {
        for (text, shown) in [
            ("http://127.0.0.1:3128", "http://127.0.0.1:3128"),
            ("HTTPS://proxy.lan:8443/", "https://proxy.lan:8443"),
            ("socks5://anna:s3cret@10.0.0.1:1080", "socks5://…@10.0.0.1:1080"),
            ("socks5h://anna:p%40ss@[2001:db8::1]:9", "socks5h://…@[2001:db8::1]:9"),
            ("socks://127.0.0.1:1080", "socks5h://127.0.0.1:1080"),
            ("socks5h://tor", "socks5h://tor"),
        ] {
            let Proxy::Fixed(address) = Proxy::parse(text) else { panic!("{text}") };
            assert_eq!(address.to_string(), shown);
            assert!(!format!("{address:?}").contains("s3cret"));
        }
        assert_eq!(Proxy::parse(" none "), Proxy::Direct);
        assert_eq!(Proxy::parse(""), Proxy::default());
    }

    #[test]
    fn what_is_no_address_is_named_without_its_password() {
        for (text, fault) in [
            ("proxy.lan:3128", ProxyFault::NoScheme),
            ("anna:s3cret@proxy.lan:3128", ProxyFault::NoScheme),
            ("10.0.0.1:1080:anna:s3cret", ProxyFault::Columns),
            ("http://10.0.0.1:1080:anna:s3cret", ProxyFault::Columns),
            ("tg://proxy?server=h&port=443&secret=s3cret", ProxyFault::TelegramLink),
            ("https://t.me/proxy?server=h&port=443&secret=s3cret", ProxyFault::TelegramLink),
            ("vless://s3cret@h:443", ProxyFault::UnknownScheme),
            ("socks4://h:1080", ProxyFault::UnknownScheme),
            ("http://", ProxyFault::Unreadable),
            ("http://h:port", ProxyFault::Unreadable),
            ("http://h:0", ProxyFault::Unreadable),
            ("socks5://anna:s3/cret@h:1080", ProxyFault::Unreadable),
            ("http://anna:s3#cret@h:1080", ProxyFault::Unreadable),
            ("http://h:3128/path", ProxyFault::Unreadable),
            ("socks5://anna@h:1080", ProxyFault::UserWithoutPassword),
        ] {
            assert_eq!(Proxy::parse(text), Proxy::Invalid(fault), "{text}");
            let mut findings = Findings::default();
            Proxy::parse(text).check("kie.proxy", &[], &mut findings);
            let said = format!("{findings:?}");
            assert!(said.contains("kie.proxy") && !said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn a_scheme_has_its_own_variable_and_the_one_for_all_is_for_the_rest() {
        let own = [("HTTPS_PROXY", "http://s:1"), ("all_proxy", "socks5://a:2")];
        assert_eq!(before(&own, "https://api.kie.ai").as_deref(), Some("http://s:1"));
        assert_eq!(before(&own, "http://api.kie.ai").as_deref(), Some("socks5://a:2"));
        let bare = [("http_proxy", "proxy.lan:3128"), ("HTTPS_PROXY", " ")];
        assert_eq!(before(&bare, "http://h/").as_deref(), Some("http://proxy.lan:3128"));
        assert_eq!(before(&bare, "https://h/"), None);
        assert_eq!(before(&own, "not an address"), None);
    }

    #[test]
    fn this_machine_is_reached_directly_unless_the_config_itself_names_a_proxy() {
        let all = [("ALL_PROXY", "http://p:1")];
        for url in [
            "http://127.0.0.1:8081",
            "http://127.9.9.9",
            "https://LOCALHOST:1/x",
            "http://bot.localhost",
            "http://localhost.:80",
            "http://[::1]:8",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0:8081",
        ] {
            assert_eq!(before(&all, url), None, "{url}");
            assert!(Proxy::parse("http://p:1").before(url).is_some(), "{url}");
        }
        for url in ["http://10.0.0.1", "http://127.evil.test", "http://localhost.test"] {
            assert!(before(&all, url).is_some(), "{url}");
        }
    }

    #[test]
    fn no_proxy_names_hosts_what_is_below_them_networks_ports_and_everything() {
        let passes = |list: &str, url: &str| {
            before(&[("ALL_PROXY", "http://p:1"), ("NO_PROXY", list)], url).is_none()
        };
        for (list, url) in [
            ("*", "https://api.kie.ai"),
            ("api.kie.ai", "https://api.kie.ai/x"),
            ("a.test, kie.ai", "https://api.kie.ai"),
            (".kie.ai", "https://api.kie.ai"),
            ("*.kie.ai", "https://api.kie.ai"),
            ("KIE.AI", "https://api.kie.ai"),
            ("a.test kie.ai", "https://kie.ai"),
            ("kie.ai:443", "https://kie.ai"),
            ("10.0.0.0/8", "http://10.9.8.7:8081"),
            ("10.0.0.1", "http://10.0.0.1"),
            ("fd00::/8", "http://[fd00::1]:8081"),
            ("[fd00::1]", "http://[fd00::1]"),
        ] {
            assert!(passes(list, url), "{list} {url}");
        }
        for (list, url) in [
            ("", "https://api.kie.ai"),
            ("kie.ai", "https://notkie.ai"),
            ("kie.ai:8080", "https://kie.ai"),
            ("10.0.0.0/8", "http://11.0.0.1"),
            ("api.kie.ai", "https://kie.ai"),
        ] {
            assert!(!passes(list, url), "{list} {url}");
        }
    }

    #[test]
    fn a_broken_variable_is_named_where_it_would_be_used() {
        let found = |proxy: &Proxy, url| {
            let mut findings = Findings::default();
            proxy.check("kie.proxy", &[url], &mut findings);
            findings.0.into_iter().map(|finding| finding.to_string()).collect::<Vec<_>>()
        };
        let mut proxy = Proxy::default();
        proxy.take_environment(&variables(&[("ALL_PROXY", "vmess://s3cret")]));
        let said = "kie.proxy is empty, and ALL_PROXY is of a kind that is not supported";
        assert_eq!(found(&proxy, "https://api.kie.ai"), [said]);
        assert_eq!(found(&proxy, "http://127.0.0.1:9"), [""; 0]);
        let mut none = Proxy::parse("none");
        none.take_environment(&variables(&[("ALL_PROXY", "vmess://s3cret")]));
        assert_eq!(found(&none, "https://api.kie.ai"), [""; 0]);
    }

    #[test]
    fn a_password_is_known_as_a_secret() {
        let exposed = |proxy: &Proxy| {
            proxy.secrets().iter().map(|secret| secret.expose().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(exposed(&Proxy::parse("http://anna:s3cret@h:1")), ["s3cret"]);
        let mut proxy = Proxy::default();
        proxy.take_environment(&variables(&[("ALL_PROXY", "http://anna:s3cret@h:1")]));
        assert_eq!(exposed(&proxy), ["s3cret"]);
    }
}
