//! A minimal HTTP client, for photos on other hosts and for callbacks: plain
//! HTTP/1.0, no redirects, no TLS. It blocks, for five seconds at most.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::net::ToSocketAddrs;
use std::time::Duration;
use std::time::Instant;

/// The most that is read.
pub const LIMIT: usize = 10 * 1000 * 1000;
/// How long a whole exchange may take, in real time.
const PATIENCE: Duration = Duration::from_secs(5);

/// `host:port` and the path of a plain address; none for any other.
pub fn split(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let slash = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(slash);
    (!host.is_empty()).then_some((host, if path.is_empty() { "/" } else { path }))
}

/// The body behind an address; an error unless the status is 200. One byte
/// over [`LIMIT`] tells that there was more.
pub fn get(url: &str) -> io::Result<Vec<u8>> {
    let (status, body) = exchange(url, "GET", "Accept: image/*\r\n", b"")?;
    if status == 200 { Ok(body) } else { Err(io::Error::other(format!("status {status}"))) }
}

/// Posts JSON with further header lines, each ended by CR and LF; returns the status.
pub fn post(url: &str, headers: &str, body: &[u8]) -> io::Result<u16> {
    let length = body.len();
    let headers =
        format!("Content-Type: application/json\r\nContent-Length: {length}\r\n{headers}");
    exchange(url, "POST", &headers, body).map(|(status, _)| status)
}

fn exchange(url: &str, verb: &str, headers: &str, body: &[u8]) -> io::Result<(u16, Vec<u8>)> {
    let (host, path) = split(url).ok_or_else(|| io::Error::other("not a plain HTTP address"))?;
    let port = if host.contains(':') { "" } else { ":80" };
    let place = format!("{host}{port}").to_socket_addrs()?.next();
    let place = place.ok_or_else(|| io::Error::other("no such host"))?;
    let mut stream = TcpStream::connect_timeout(&place, PATIENCE)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let head = format!(
        "{verb} {path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: kie-sandbox\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    parse(&read(&mut stream)?)
}

fn read(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (began, mut answer, mut piece) = (Instant::now(), Vec::new(), [0; 16 * 1024]);
    // A little over the limit is read, so that the head has room as well.
    while answer.len() <= LIMIT + piece.len() {
        let left = PATIENCE.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut piece)? {
            0 => break,
            count => answer.extend_from_slice(&piece[..count]),
        }
    }
    Ok(answer)
}

fn parse(answer: &[u8]) -> io::Result<(u16, Vec<u8>)> {
    let broken = || io::Error::other("not an HTTP answer");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(broken)?;
    let head = std::str::from_utf8(&answer[..end]).map_err(|_| broken())?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(broken)?;
    Ok((status, answer[end + 4..].to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_understood() {
        assert_eq!(split("http://a:1/b/c?d"), Some(("a:1", "/b/c?d")));
        assert_eq!(split("http://a"), Some(("a", "/")));
        assert_eq!(split("https://a/b"), None);
        assert_eq!(split("http:///b"), None);
    }

    #[test]
    fn an_answer_is_cut_behind_its_head() {
        let (status, body) = parse(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nbody\r\n\r\n").unwrap();
        assert_eq!((status, body.as_slice()), (404, b"body\r\n\r\n".as_slice()));
        assert!(parse(b"nonsense").is_err());
    }
}
