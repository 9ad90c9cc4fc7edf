//! Files that are elsewhere: ureq follows redirects by itself, but takes no address that has to be
//! encoded first.

use std::time::Instant;

use ureq::{
    Agent, Body, Error,
    http::{
        Response, Uri,
        header::{ACCEPT_ENCODING, LOCATION},
    },
};

use crate::provider::kie::wire::address;

/// How many redirects are followed.
const MOST: usize = 5;

/// Fetches an address, wherever that leads. The time that the agent has is for all of it.
pub(crate) fn get(agent: &Agent, url: &str) -> Result<Response<Body>, Error> {
    let began = Instant::now();
    let total = agent.config().timeouts().global;
    let mut url: Uri = url.parse().map_err(|_| Error::BadUri(String::new()))?;
    for _ in 0..=MOST {
        let left = total.map(|total| total.saturating_sub(began.elapsed()));
        let call = agent.get(&url).config().timeout_global(left).build();
        // With compression the announced length would not be that of the file.
        let answer = call.header(ACCEPT_ENCODING, "identity").call()?;
        if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(answer);
        }
        let location = answer.headers().get(LOCATION).ok_or(Error::RedirectFailed)?;
        let location = String::from_utf8_lossy(location.as_bytes());
        let next = target(&url, &location).ok_or(Error::RedirectFailed)?;
        url = next.parse().map_err(|_| Error::RedirectFailed)?;
    }
    Err(Error::TooManyRedirects)
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
