//! Which of a host's addresses is tried first: the family, IPv4 or IPv6, that reached it. ureq tries
//! one address after the other, so where one family leads nowhere, as IPv6 does on many servers, each
//! new connection would wait most of its time for it.

use std::{
    collections::HashMap,
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

/// The lead of the first family over the second: RFC 8305's Connection Attempt Delay.
const LEAD: Duration = Duration::from_millis(250);

/// How long both are waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long what was found is trusted.
const MEMORY: Duration = Duration::from_mins(5);

/// The family that reached each host. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Families(Arc<Mutex<HashMap<String, (bool, Instant)>>>);

impl Families {
    /// Puts those of a host's addresses first that are of the family that reaches it. Which reaches
    /// it from a proxy nobody here can try: then IPv4 goes first.
    pub(crate) fn sort(&self, uri: &Uri, config: &Config, found: &mut ResolvedSocketAddrs) {
        let first_v6 = found.iter().copied().find(SocketAddr::is_ipv6);
        let first_v4 = found.iter().copied().find(SocketAddr::is_ipv4);
        let (Some(first_v6), Some(first_v4)) = (first_v6, first_v4) else { return };
        let is_v4 = is_behind_proxy(uri, config) || self.prefers_v4(uri, first_v6, first_v4);
        found.sort_by_key(|address| address.is_ipv4() != is_v4);
    }

    /// Whether IPv4 reaches a host sooner; what was found is remembered.
    fn prefers_v4(&self, uri: &Uri, v6: SocketAddr, v4: SocketAddr) -> bool {
        let name = uri.authority().map_or(String::new(), ToString::to_string);
        self.known(&name).unwrap_or_else(|| {
            let winner = race(v6, v4);
            let is_v4 = winner.is_none_or(|winner| winner.is_ipv4());
            if winner.is_some() {
                self.remember(name, is_v4);
            }
            is_v4
        })
    }

    fn known(&self, name: &str) -> Option<bool> {
        let hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(name).filter(|(_, since)| since.elapsed() < MEMORY).map(|(is_v4, _)| *is_v4)
    }

    /// Answers name few hosts, yet nothing bounds them: what is old is forgotten.
    fn remember(&self, name: String, is_v4: bool) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.retain(|_, (_, since)| since.elapsed() < MEMORY);
        hosts.insert(name, (is_v4, Instant::now()));
    }
}

/// Whether a host is reached by a proxy, and is not that proxy itself.
fn is_behind_proxy(uri: &Uri, config: &Config) -> bool {
    config.proxy().is_some_and(|proxy| uri.host() != proxy.uri().host())
}

/// Connects to both, the second somewhat later, and says which of them answered first.
fn race(first: SocketAddr, second: SocketAddr) -> Option<SocketAddr> {
    let (results, result) = channel();
    let (end, mut running) = (Instant::now() + PATIENCE, 0);
    for (address, lead) in [(first, LEAD), (second, PATIENCE)] {
        let results = results.clone();
        thread::spawn(move || {
            let reached = TcpStream::connect_timeout(&address, PATIENCE).is_ok();
            // Nobody waits for the one that lost.
            let _ = results.send(reached.then_some(address));
        });
        running += 1;
        let until = (Instant::now() + lead).min(end);
        while running > 0 {
            match result.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Some(winner)) => return Some(winner),
                Ok(None) => running -= 1,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
    }
    None
}

/// Finds the addresses of any host.
#[derive(Debug, Default)]
pub(crate) struct AnyHost {
    resolver: DefaultResolver,
    families: Families,
}

impl Resolver for AnyHost {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let mut found = self.resolver.resolve(uri, config, timeout)?;
        self.families.sort(uri, config, &mut found);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn listening(address: &str) -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// An address that nothing listens at.
    fn closed() -> SocketAddr {
        listening("127.0.0.1:0").1
    }

    /// An address of the documentation's network, from which no answer comes.
    fn silent() -> SocketAddr {
        "[2001:db8::1]:443".parse().unwrap()
    }

    fn addresses(all: &[SocketAddr]) -> ResolvedSocketAddrs {
        let mut found = AnyHost::default().empty();
        for address in all {
            found.push(*address);
        }
        found
    }

    fn sorted(
        families: &Families,
        uri: &Uri,
        config: &Config,
        found: &ResolvedSocketAddrs,
    ) -> Vec<SocketAddr> {
        let mut found = found.clone();
        families.sort(uri, config, &mut found);
        found.to_vec()
    }

    #[test]
    fn the_address_that_answers_wins() {
        let (_listener, open) = listening("127.0.0.1:0");
        assert_eq!(race(closed(), open), Some(open));
        assert_eq!(race(open, closed()), Some(open));
        assert_eq!(race(silent(), open), Some(open));
        assert_eq!(race(closed(), closed()), None);
    }

    #[test]
    fn the_family_that_reached_a_host_goes_first_and_is_remembered_for_that_host() {
        let (listener, open) = listening("127.0.0.1:0");
        let (families, direct) = (Families::default(), Config::default());
        let found = addresses(&[silent(), open]);
        let (a, b) = ("http://a.test".parse().unwrap(), "http://b.test".parse().unwrap());
        let proxy = ureq::Proxy::new("socks5://127.0.0.1:9").unwrap();
        let proxied = ureq::Agent::config_builder().proxy(Some(proxy)).build();
        assert_eq!(sorted(&families, &a, &proxied, &found), [open, silent()]);
        assert_eq!(families.known("a.test"), None, "a proxy stands between");
        assert_eq!(sorted(&families, &a, &direct, &found), [open, silent()]);
        assert_eq!(families.known("a.test"), Some(true));
        drop(listener);
        assert_eq!(
            sorted(&families, &a, &direct, &found),
            [open, silent()],
            "nobody is asked again"
        );
        assert_eq!(families.known("b.test"), None);
        assert_eq!(sorted(&families, &b, &direct, &addresses(&[silent()])), [silent()]);
    }
}
