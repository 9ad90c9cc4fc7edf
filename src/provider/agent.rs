//! HTTP calls: always with a timeout, a User-Agent and a limit on the answer, and always
//! with the knowledge whether a request was sent.

use std::{io::Read, time::Duration};

use ureq::{
    Agent, Body, Proxy as ClientProxy, SendBody, Timeout,
    config::Config,
    http::{
        HeaderValue, Response, Uri,
        header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE},
    },
    unversioned::transport::DefaultConnector,
};

use crate::config::proxy::Proxy;
use crate::domain::secret::Secret;
use crate::provider::{families::AnyHost, public_hosts::file_agent};

/// Our User-Agent. KIE's Cloudflare and its file hosts answer 403 to clients without one.
pub(crate) const USER_AGENT: &str = concat!("reelbot/", env!("CARGO_PKG_VERSION"));

/// The longest JSON answer that is read, in bytes. Real ones have some kilobytes. Parsed, the
/// worst take 16 times as much memory, in each of 20 threads.
pub(crate) const JSON_LIMIT: u64 = 256 * 1024;

/// How long the name lookup may take, and how long the connection.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an idle connection is kept. The usual server keeps it for 60 seconds or more.
const IDLE: Duration = Duration::from_secs(30);

/// What an agent is for.
#[derive(Clone, Debug)]
pub(crate) struct Purpose {
    /// How long a call may take in total.
    pub total: Duration,
    /// How long a read or write may wait.
    pub stall: Duration,
    /// How many idle connections are kept for the next call. With 0 each call has a fresh one.
    pub idle: usize,
    /// By which proxy; `None` is the direct way.
    pub proxy: Option<ClientProxy>,
}

impl Purpose {
    /// Calls of an API that take at most `total`, on connections kept for 20 threads.
    pub(crate) fn calls(total: Duration, proxy: Option<ClientProxy>) -> Self {
        Self { total, stall: total, idle: 32, proxy }
    }

    /// The agent for it.
    pub(crate) fn agent(self) -> Agent {
        Agent::with_parts(self.config(), DefaultConnector::default(), AnyHost::default())
    }

    /// The agent for files whose addresses stand in answers of an API.
    pub(crate) fn file_agent(self, api_url: &str) -> Agent {
        file_agent(self.config(), api_url)
    }

    fn config(self) -> Config {
        Agent::config_builder()
            .http_status_as_error(false)
            .user_agent(USER_AGENT)
            // The redirect itself is the answer, so that a key is never sent to another host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(self.total))
            .timeout_resolve(Some(CONNECT.min(self.total)))
            .timeout_connect(Some(CONNECT.min(self.total)))
            .timeout_per_read(Some(self.stall))
            .timeout_per_write(Some(self.stall))
            .max_idle_connections(self.idle)
            .max_idle_connections_per_host(self.idle)
            .max_idle_age(IDLE)
            .input_buffer_size(32 * 1024)
            .output_buffer_size(32 * 1024)
            // Never the environment's: which proxy it is, the config has decided.
            .proxy(self.proxy)
            .build()
    }
}

/// The proxy on the way to an address, as ureq wants it.
///
/// # Panics
///
/// Never: a property test gives each address that the config takes to ureq.
pub fn client_proxy(proxy: &Proxy, url: &str) -> Option<ClientProxy> {
    let address = proxy.before(url)?;
    Some(ClientProxy::new(address.expose().as_str()).expect("an address of a proxy"))
}

/// Whether an address is one that can be fetched: `http` or `https`, and a host.
pub fn is_fetchable(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|h| !h.is_empty())
    })
}

/// How long a proxy has to show that it carries calls.
const TRIAL: Duration = Duration::from_secs(15);

/// Asks for an address by a proxy: any answer from there is one. An error is in words for the
/// operator.
pub(crate) fn reach(proxy: ClientProxy, url: &str) -> Result<(), String> {
    let agent = Purpose { idle: 0, ..Purpose::calls(TRIAL, Some(proxy)) }.agent();
    agent.get(url).call().map(drop).map_err(|error| describe(&error))
}

/// An answer that was read to its end.
#[derive(Debug)]
pub(crate) struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, with the secrets of the call redacted.
    pub body: Vec<u8>,
}

/// Why there is no answer. The texts never contain an address, a key or a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallError {
    /// The request was never sent completely, so no server can have acted on it.
    NotSent(String),
    /// It was sent, and there is no usable answer.
    Lost(String),
    /// The key has characters that no header can carry, so it is no key.
    BadKey,
}

/// Calls with GET.
pub(crate) fn get(agent: &Agent, url: &str, key: &Secret) -> Result<HttpAnswer, CallError> {
    let answer = agent.get(url).header(AUTHORIZATION, bearer(key)?).call();
    read(answer.map_err(|error| CallError::Lost(describe(&error)))?, &[key.expose()])
}

/// Sends JSON with POST. Where the answer repeats one of `secrets`, it is redacted.
///
/// The body is sent by a reader that notes whether it was read. As long as it was not, no
/// server can have seen a complete request, whatever the error.
pub(crate) fn post(
    agent: &Agent,
    url: &str,
    key: &Secret,
    json: &serde_json::Value,
    secrets: &[&str],
) -> Result<HttpAnswer, CallError> {
    let bytes = json.to_string().into_bytes();
    let length = bytes.len();
    let mut body = TrackedBody { rest: &bytes, was_read: false };
    let answer = agent
        .post(url)
        .header(AUTHORIZATION, bearer(key)?)
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, length)
        .send(SendBody::from_reader(&mut body));
    match answer {
        Ok(answer) => read(answer, &[&[key.expose()], secrets].concat()),
        Err(error) if body.was_read => Err(CallError::Lost(describe(&error))),
        Err(error) => Err(CallError::NotSent(describe(&error))),
    }
}

/// Reads an answer within the limit, and redacts the secrets in it.
pub(crate) fn read(mut answer: Response<Body>, secrets: &[&str]) -> Result<HttpAnswer, CallError> {
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(JSON_LIMIT).read_to_vec();
    let mut body = body.map_err(|error| CallError::Lost(describe(&error)))?;
    for secret in secrets {
        body = redact(body, secret);
        let escaped = serde_json::Value::from(*secret).to_string();
        body = redact(body, &escaped[1..escaped.len() - 1]);
    }
    Ok(HttpAnswer { status, body })
}

/// The header that carries a key.
pub(crate) fn bearer(key: &Secret) -> Result<HeaderValue, CallError> {
    // A header carries letters of any script as bytes, which the server then cannot read.
    if key.fault().is_some() {
        return Err(CallError::BadKey);
    }
    let text = format!("Bearer {}", key.expose());
    let mut value = HeaderValue::from_str(&text).map_err(|_| CallError::BadKey)?;
    value.set_sensitive(true);
    Ok(value)
}

/// An error in words for the operator: its kind, never an address.
pub(crate) fn describe(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => "no connection in time".into(),
        ureq::Error::Timeout(_) => "no answer in time".into(),
        ureq::Error::HostNotFound => "the host's name is unknown".into(),
        ureq::Error::Io(error) if refuses_login(error) => PROXY_LOGIN.into(),
        ureq::Error::Io(error) => format!("the connection failed: {}", error.kind()),
        ureq::Error::ConnectProxyFailed(text) => refused_by_proxy(text).into(),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => "no TLS connection".into(),
        ureq::Error::BodyExceedsLimit(limit) => format!("the answer is over {limit} bytes"),
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed => "redirected in vain".into(),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "the address is not valid".into(),
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            "the answer is not HTTP".into()
        }
        _ => "the call failed".into(),
    }
}

/// What is said where a proxy knows neither user nor password.
const PROXY_LOGIN: &str = "the proxy does not accept its user and password";

/// What a proxy's answer to CONNECT means. ureq keeps its status in a text alone.
fn refused_by_proxy(text: &str) -> &'static str {
    let answered = |status: &str| text.contains(&format!("responded {status}/"));
    if answered("407") || answered("401") {
        PROXY_LOGIN
    } else if answered("403") {
        "the proxy does not allow that host"
    } else {
        "the proxy does not connect"
    }
}

/// SOCKS has no status of its own: ureq tells it as an error of this kind.
fn refuses_login(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::PermissionDenied
        || error.to_string().contains("acceptable auth methods")
}

/// A request body that notes whether any of it was read.
struct TrackedBody<'a> {
    rest: &'a [u8],
    was_read: bool,
}

impl Read for TrackedBody<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.was_read = true;
        self.rest.read(buffer)
    }
}

/// The shortest text that is redacted, in bytes. Anything shorter is no secret, and its
/// redaction would only make the rest unreadable.
pub(crate) const SHORTEST_SECRET: usize = 8;

fn redact(body: Vec<u8>, secret: &str) -> Vec<u8> {
    let secret = secret.as_bytes();
    if secret.len() < SHORTEST_SECRET || body.len() < secret.len() {
        return body;
    }
    let mut clean = Vec::with_capacity(body.len());
    let mut rest = body.as_slice();
    while let Some(first) = rest.first() {
        if let Some(after) = rest.strip_prefix(secret) {
            clean.extend_from_slice("…".as_bytes());
            rest = after;
        } else {
            clean.push(*first);
            rest = &rest[1..];
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_address_of_a_proxy_that_the_config_takes_is_one_for_the_client(
            text in texts(&[
                "http://anna:p%40ss@proxy.lan:3128/".to_owned(),
                "socks5h://anna:s3cret@[2001:db8::1]:1080".to_owned(),
                "SOCKS5://127.0.0.1".to_owned(),
            ]),
        ) {
            if matches!(Proxy::parse(&text), Proxy::Fixed(_)) {
                prop_assert!(client_proxy(&Proxy::parse(&text), "https://h").is_some());
            }
        }
    }

    #[test]
    fn only_web_addresses_are_fetched() {
        assert!(is_fetchable("https://h/v.mp4?x=1"));
        for url in ["ftp://h/v", "file:///v", "//h/v", "h/v", "", "http://", "https://h/a b"] {
            assert!(!is_fetchable(url), "{url}");
        }
    }

    #[test]
    fn secrets_are_withheld_wherever_they_stand() {
        let clean = |text: &str, secret| redact(text.as_bytes().to_vec(), secret);
        assert_eq!(clean("a topsecret, topsecret", "topsecret"), "a …, …".as_bytes());
        assert_eq!(clean("topsecre", "topsecret"), b"topsecre");
        assert_eq!(clean("a b", ""), b"a b");
    }

    #[test]
    fn no_error_tells_an_address() {
        let address = "http://user:secret@h/".to_owned();
        for error in [
            ureq::Error::BadUri(address.clone()),
            ureq::Error::RequireHttpsOnly(address.clone()),
            ureq::Error::ConnectProxyFailed(address),
        ] {
            assert!(!describe(&error).contains("secret"));
        }
    }

    #[test]
    fn a_private_host_is_not_even_connected_to_unless_it_is_the_apis_own() {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        server.set_nonblocking(true).unwrap();
        let port = server.local_addr().unwrap().port();
        let purpose = Purpose::calls(Duration::from_millis(200), None);
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
            let agent = purpose.clone().file_agent("https://1.1.1.1");
            assert!(agent.get(format!("http://{host}:{port}/v.mp4")).call().is_err(), "{host}");
        }
        assert!(server.accept().is_err(), "nobody came");
        let agent = purpose.file_agent("http://localhost:1");
        assert!(agent.get(format!("http://127.0.0.1:{port}/v.mp4")).call().is_err(), "no answer");
        assert!(server.accept().is_ok(), "somebody came");
    }
}
