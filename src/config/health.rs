//! `[health]` and `[metrics]`: how others see that the bot lives.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::findings::Findings;
use crate::domain::secret::Secret;

/// A watch over the bot from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// An address that is called each minute while the bot is well, so that another machine misses the
    /// calls when it is not; empty: none. It is a secret: whoever knows it can feign the bot.
    pub ping_url: Secret,
}

impl Health {
    /// Notes what is wrong in `[health]`.
    pub(crate) fn check(&self, findings: &mut Findings) {
        if self.ping_url.is_empty() {
            return;
        }
        let url = Url::parse(self.ping_url.expose()).ok();
        if !url.is_some_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host()) {
            let hint = "copy the whole address, as in \"https://hc-ping.com/…\"";
            findings.add("health.ping_url", "is no address of a web service", hint);
        }
    }
}

/// Numbers for Prometheus, over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metrics {
    /// Where `/metrics`, `/healthz` and `/readyz` are served; empty: nowhere.
    pub listen: String,
    /// Whether that may be an address that other machines reach: nobody is asked for a password.
    pub public: bool,
}

impl Metrics {
    /// Where it is served, if that is an address.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }

    /// Notes what is wrong in `[metrics]`.
    pub(crate) fn check(&self, findings: &mut Findings) {
        let example = "write it as \"127.0.0.1:9464\"";
        if self.listen.is_empty() {
            return;
        }
        match self.address() {
            None => findings.add("metrics.listen", "is no address with a port", example),
            Some(address) if !address.ip().is_loopback() && !self.public => findings.add(
                "metrics.listen",
                "can be reached from other machines, and asks nobody for a password",
                "write \"127.0.0.1:9464\", or set metrics.public = true behind a firewall",
            ),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_served_unless_it_is_wanted_otherwise() {
        let table = [
            ("", false, 0),
            ("127.0.0.1:9464", false, 0),
            ("[::1]:9464", false, 0),
            ("0.0.0.0:9464", false, 1),
            ("0.0.0.0:9464", true, 0),
            ("192.168.1.5:9464", false, 1),
            ("localhost", false, 1),
            ("9464", true, 1),
        ];
        for (listen, public, faults) in table {
            let mut findings = Findings::default();
            Metrics { listen: listen.to_owned(), public }.check(&mut findings);
            assert_eq!(findings.0.len(), faults, "{listen}");
        }
    }

    #[test]
    fn a_ping_goes_to_a_web_service() {
        for (url, faults) in
            [("", 0), ("https://hc-ping.com/x", 0), ("hc-ping.com/x", 1), ("ftp://a/b", 1)]
        {
            let mut findings = Findings::default();
            Health { ping_url: Secret::new(url) }.check(&mut findings);
            assert_eq!(findings.0.len(), faults, "{url}");
        }
    }
}
