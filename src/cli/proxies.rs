//! The proxies on the way to the services, tried once at the start: what fails by a wrong proxy would
//! look like an outage of the service.

use std::thread;

use crate::config::settings::Config;
use crate::provider::agent::{client_proxy, reach};

/// Tries each proxy beside the work, and logs what it came to.
pub(crate) fn try_proxies(config: &Config) {
    for (service, proxy, url) in config.ways() {
        let Some(client) = client_proxy(proxy, url) else { continue };
        let address = proxy.before(url).map(ToString::to_string).unwrap_or_default();
        let (url, option) = (url.to_owned(), format!("{}.proxy", service.to_lowercase()));
        thread::spawn(move || match reach(client, &url) {
            Ok(()) => tracing::info!(service, proxy = address, "calls go by the proxy"),
            Err(reason) => tracing::warn!(
                service,
                proxy = address,
                reason,
                hint = format!(
                    "check {option} or the environment's proxy: its kind, host, port, user and \
                     password; {option} = \"none\" goes without"
                ),
                "the proxy does not carry calls"
            ),
        });
    }
}
