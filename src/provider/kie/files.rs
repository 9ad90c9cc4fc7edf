//! Files at the addresses that stand in answers, wherever those lead: from public hosts and the API's
//! own alone, each by the proxy that stands before it.

use std::time::Instant;

use ureq::{
    Agent, Body, Error,
    http::{
        Response, Uri,
        header::{ACCEPT_ENCODING, LOCATION},
    },
};

use crate::config::proxy::Proxy;
use crate::provider::{
    agent::{Purpose, client_proxy},
    kie::wire::address,
    public_hosts::{may_be_proxied, private_host},
};

/// How many redirects are followed.
const MOST: usize = 5;

/// Fetches files.
#[derive(Debug)]
pub(crate) struct Files {
    agent: Agent,
    proxy: Proxy,
    api_url: String,
}

impl Files {
    /// Files for that purpose, behind that proxy, which the answers of that API name.
    pub(crate) fn new(purpose: Purpose, proxy: &Proxy, api_url: &str) -> Self {
        let agent = purpose.file_agent(api_url);
        Self { agent, proxy: proxy.clone(), api_url: api_url.to_owned() }
    }

    /// Fetches an address, wherever that leads. The time that the purpose has is for all of it.
    pub(crate) fn get(&self, url: &str) -> Result<Response<Body>, Error> {
        let began = Instant::now();
        let total = self.agent.config().timeouts().global;
        let mut url = url.to_owned();
        for _ in 0..=MOST {
            let left = total.map(|total| total.saturating_sub(began.elapsed()));
            let proxy = client_proxy(&self.proxy, &url);
            if proxy.is_some() && !may_be_proxied(&url, &self.api_url) {
                return Err(private_host());
            }
            let uri: Uri = url.parse().map_err(|_| Error::BadUri(String::new()))?;
            let call = self.agent.get(&uri).config().timeout_global(left).proxy(proxy).build();
            // With compression the announced length would not be that of the file.
            let answer = call.header(ACCEPT_ENCODING, "identity").call()?;
            if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            // ureq follows redirects by itself, but takes no address that has to be encoded first.
            let location = answer.headers().get(LOCATION).ok_or(Error::RedirectFailed)?;
            let location = String::from_utf8_lossy(location.as_bytes());
            url = target(&uri, &location).ok_or(Error::RedirectFailed)?;
        }
        Err(Error::TooManyRedirects)
    }
}

/// The address that a Location means, seen from another.
fn target(from: &Uri, location: &str) -> Option<String> {
    let location = location.trim();
    let (scheme, host) = (from.scheme_str()?, from.authority()?);
    let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let head = location.split_once(':').map(|(head, _)| head);
    address(&if head.is_some_and(|head| !head.is_empty() && head.chars().all(is_scheme)) {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{host}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{host}{}{location}", from.path())
    } else {
        format!("{scheme}://{host}{folder}/{location}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_absolute_or_seen_from_the_address_before() {
        let from: Uri = "https://h:8/a/b.mp4?c=d".parse().unwrap();
        for (location, url) in [
            ("https://i/v.mp4", "https://i/v.mp4"),
            ("https://i/my v.mp4?x=y z", "https://i/my%20v.mp4?x=y%20z"),
            ("//i/my v.mp4", "https://i/my%20v.mp4"),
            ("/my v.mp4", "https://h:8/my%20v.mp4"),
            ("my v.mp4", "https://h:8/a/my%20v.mp4"),
            ("?to=https://i/v", "https://h:8/a/b.mp4?to=https://i/v"),
            ("чай.mp4", "https://h:8/a/%D1%87%D0%B0%D0%B9.mp4"),
        ] {
            assert_eq!(target(&from, location).as_deref(), Some(url), "{location}");
        }
        assert_eq!(target(&from, "https://"), None);
        assert_eq!(target(&from, "file:///etc/passwd"), None);
    }
}
