//! Which hosts a file may be fetched from: the address in an answer, or a redirect from there, may
//! name any host, and must not reach into the operator's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ureq::{
    Agent, Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};
use url::{Host, Url};

use crate::provider::families::Families;

/// Finds addresses that files may come from. It is asked for each host, those of redirects among
/// them; a name that stands for other addresses alone is refused.
#[derive(Debug)]
struct FileHosts {
    resolver: DefaultResolver,
    families: Families,
    /// The API in whose answers the addresses are: what is on its own host is the operator's will.
    api: Option<Uri>,
}

impl Resolver for FileHosts {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        let is_proxy = config.proxy().is_some_and(|proxy| uri.host() == proxy.uri().host());
        let mut allowed = if is_proxy { found } else { self.allowed(&found, config, timeout) };
        if allowed.is_empty() {
            return Err(private_host());
        }
        self.families.sort(uri, config, &mut allowed);
        Ok(allowed)
    }
}

impl FileHosts {
    /// Those of a host's addresses that are public or the API's own.
    fn allowed(
        &self,
        found: &ResolvedSocketAddrs,
        config: &Config,
        timeout: NextTimeout,
    ) -> ResolvedSocketAddrs {
        if found.iter().all(|address| is_public(address.ip())) {
            return found.clone();
        }
        let api = self.api.as_ref().map(|api| self.resolver.resolve(api, config, timeout));
        let own: Vec<IpAddr> = match api {
            Some(Ok(api)) => api.iter().map(SocketAddr::ip).collect(),
            _ => Vec::new(),
        };
        let is_own =
            |ip: IpAddr| own.iter().any(|own| *own == ip || own.is_loopback() && ip.is_loopback());
        let mut allowed = self.empty();
        for address in found.iter().filter(|found| is_public(found.ip()) || is_own(found.ip())) {
            allowed.push(*address);
        }
        allowed
    }
}

/// The error for an address that no file may come from.
pub(crate) fn private_host() -> Error {
    Error::BadUri("of a private network".to_owned())
}

/// An agent that reaches public hosts and the API's own alone. Behind a proxy it is the proxy that
/// finds the hosts, and decides.
pub(crate) fn file_agent(config: Config, api_url: &str) -> Agent {
    let hosts = FileHosts {
        resolver: DefaultResolver::default(),
        families: Families::default(),
        api: api_url.parse().ok(),
    };
    Agent::with_parts(config, DefaultConnector::default(), hosts)
}

/// Whether a proxy may be asked for a file. It finds the hosts, and decides; but an address that
/// says itself that it is of a private network is for no proxy to reach either.
pub(crate) fn may_be_proxied(url: &str, api_url: &str) -> bool {
    let private = |url: &str| {
        let url = Url::parse(url).ok()?;
        let ip = match url.host()? {
            Host::Ipv4(ip) => IpAddr::V4(ip),
            Host::Ipv6(ip) => IpAddr::V6(ip),
            Host::Domain("localhost") => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Host::Domain(_) => return None,
        };
        (!is_public(ip)).then_some(ip)
    };
    match (private(url), private(api_url)) {
        (None, _) => true,
        (Some(ip), Some(own)) => own == ip || own.is_loopback() && ip.is_loopback(),
        (Some(_), None) => false,
    }
}

/// Whether an address is on the public internet: not of this machine, of a private network or of a
/// provider's own (RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_special = (first, second, third) == (192, 0, 0) || first == 198 && second & 0xFE == 18;
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || is_shared
        || is_special
        || first == 0
        || first >= 224)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    !(ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_multicast()
        || ip.is_unique_local()
        || ip.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ones_own_network_are_not_public() {
        let private = "10.0.0.1 172.16.3.4 192.168.1.1 127.0.0.1 127.9.9.9 169.254.169.254 0.0.0.0 \
                       100.64.0.1 192.0.0.8 198.18.0.1 224.0.0.1 255.255.255.255 ::1 :: fe80::1 \
                       fd00::1 ff02::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1";
        for address in private.split_whitespace() {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "100.63.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1111"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn no_proxy_is_asked_for_a_private_address_unless_the_api_is_there_too() {
        let may = may_be_proxied;
        for url in ["https://1.1.1.1/v", "https://files.example/v", "not an address"] {
            assert!(may(url, "https://api.kie.ai"), "{url}");
        }
        for url in ["http://10.0.0.1/v", "http://localhost/v", "http://[::1]/v", "http://0x7f.1/"] {
            assert!(!may(url, "https://api.kie.ai"), "{url}");
        }
        assert!(may("http://127.0.0.1:9/v", "http://localhost:8"));
        assert!(may("http://10.0.0.1/v", "http://10.0.0.1:8"));
        assert!(!may("http://10.0.0.2/v", "http://10.0.0.1:8"));
    }
}
