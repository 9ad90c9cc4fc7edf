//! The bot behind proxies: small real ones for HTTP and SOCKS5, on loopback.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use crate::bot::Bot;
use crate::database::audit;
use crate::servers::Servers;

/// What the proxies know of their user: in SOCKS's form and in HTTP's.
const LOGIN: &str = "anna:s3cretword";
const BASIC: &str = "Basic YW5uYTpzM2NyZXR3b3Jk";

/// A proxy that looks every name up as this machine, and notes whom it was asked for. Its threads
/// end with the test's process.
struct Proxy {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn http() -> Self {
        Self::serving(http)
    }

    fn socks() -> Self {
        Self::serving(socks)
    }

    fn serving(greet: fn(&mut TcpStream) -> Option<Request>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let noted = Arc::clone(&noted);
                thread::spawn(move || carry(stream, greet, &noted));
            }
        });
        Self { port, asked }
    }

    fn url(&self, scheme: &str, login: &str) -> String {
        format!("{scheme}://{login}@127.0.0.1:{}", self.port)
    }

    /// Whom it was asked for, each once.
    fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

/// Whom a client asks for, and what goes to the other side before anything else.
struct Request {
    target: String,
    first: Vec<u8>,
}

fn carry(
    mut stream: TcpStream,
    greet: fn(&mut TcpStream) -> Option<Request>,
    asked: &Mutex<Vec<String>>,
) {
    let Some(Request { target, first }) = greet(&mut stream) else { return };
    let port = target.rsplit(':').next().unwrap().to_owned();
    asked.lock().unwrap().push(target);
    let Ok(mut server) = TcpStream::connect(format!("127.0.0.1:{port}")) else { return };
    // Either end may close at any time.
    let _ = server.write_all(&first);
    let (mut from, mut to) = (stream.try_clone().unwrap(), server.try_clone().unwrap());
    let up = thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut server, &mut stream);
    let _ = stream.shutdown(std::net::Shutdown::Both);
    up.join().unwrap();
}

/// CONNECT, or a request that names its whole address: RFC 9112.
fn http(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    if !text.contains(BASIC) {
        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").ok()?;
        return None;
    }
    let mut words = text.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    if method == "CONNECT" {
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok()?;
        return Some(Request { target: target.to_owned(), first: Vec::new() });
    }
    let place = target.strip_prefix("http://")?.split('/').next()?.to_owned();
    Some(Request { target: place, first: head })
}

/// SOCKS5 with user and password: RFC 1928 and RFC 1929.
fn socks(stream: &mut TcpStream) -> Option<Request> {
    let methods = take(stream, 2)?[1];
    if !take(stream, methods.into())?.contains(&2) {
        stream.write_all(&[5, 0xFF]).ok()?;
        return None;
    }
    stream.write_all(&[5, 2]).ok()?;
    take(stream, 1)?;
    let (user, password) = (text(stream)?, text(stream)?);
    let is_known = format!("{user}:{password}") == LOGIN;
    stream.write_all(&[1, u8::from(!is_known)]).ok()?;
    if !is_known {
        return None;
    }
    let host = match take(stream, 4)?[3] {
        1 => take(stream, 4)?.iter().map(ToString::to_string).collect::<Vec<_>>().join("."),
        3 => text(stream)?,
        _ => return None,
    };
    let port = take(stream, 2)?;
    let port = u16::from_be_bytes([port[0], port[1]]);
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    Some(Request { target: format!("{host}:{port}"), first: Vec::new() })
}

fn take(stream: &mut TcpStream, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).ok().map(|()| bytes)
}

/// A text after its length.
fn text(stream: &mut TcpStream) -> Option<String> {
    let length = take(stream, 1)?[0];
    String::from_utf8(take(stream, length.into())?).ok()
}

/// The config's lines for the proxies before Telegram, KIE and GPT.
fn proxies(urls: [String; 3]) -> [String; 3] {
    urls.map(|url| format!("proxy = \"{url}\""))
}

/// Where a server is, without the scheme.
fn place(url: &str) -> String {
    url.trim_start_matches("http://").to_owned()
}

#[test]
fn each_service_is_reached_by_its_own_proxy_with_user_and_password() {
    let mut servers = Servers::open();
    let [telegram, kie, gpt] = servers.urls().map(|url| place(&url));
    let [socks_h, http, socks] = [Proxy::socks(), Proxy::http(), Proxy::socks()];
    servers.lines = proxies([
        socks_h.url("socks5h", LOGIN),
        http.url("http", LOGIN),
        socks.url("socks5", LOGIN),
    ]);
    let bot = servers.run();
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    bot.logs_times("calls go by the proxy", 3);
    let log = bot.stop();
    assert_eq!(anna.videos().len(), 1);
    assert_eq!(socks_h.asked(), [telegram]);
    assert_eq!(http.asked(), [kie]);
    assert_eq!(socks.asked(), [gpt]);
    assert!(!log.contains("s3cretword"), "{log}");
    audit(&servers.database());
}

#[test]
fn an_http_proxy_carries_telegram_and_the_photo_too() {
    let mut servers = Servers::open();
    let [telegram, kie, _] = servers.urls().map(|url| place(&url));
    let [http, socks] = [Proxy::http(), Proxy::socks()];
    servers.lines =
        proxies([http.url("http", LOGIN), socks.url("socks", LOGIN), "none".to_owned()]);
    let bot = servers.run();
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    assert_eq!(http.asked(), [telegram]);
    assert_eq!(socks.asked(), [kie]);
}

#[test]
fn the_environments_proxy_is_for_the_world_and_not_for_this_machine() {
    let servers = Servers::open();
    let [telegram, kie, gpt] = servers.urls();
    let world = |url: &str| url.replace("127.0.0.1", "reelbot.test");
    let http = Proxy::http();
    let run = |telegram: &str, gpt: &str, no_proxy: &str| {
        let mut command = servers.command();
        servers.config_for(telegram, &kie, &format!("{gpt}/v1"));
        for name in ["HTTP_PROXY", "https_proxy", "ALL_PROXY"] {
            command.env(name, http.url("http", LOGIN));
        }
        command.env("NO_PROXY", no_proxy);
        let bot = Bot::start(command);
        bot.logs("reelbot runs");
        bot
    };
    let bot = run(&telegram, &gpt, "");
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    bot.stop();
    assert_eq!(http.asked(), [""; 0]);
    let bot = run(&world(&telegram), &world(&gpt), "a.test");
    servers.orders(&anna, 1);
    servers.until("two videos", || anna.videos().len() == 2);
    bot.stop();
    let mut expected = [&telegram, &gpt].map(|url| place(&world(url)));
    expected.sort();
    assert_eq!(http.asked(), expected);
    let bot = run(&world(&telegram), &gpt, "*.test");
    bot.logs("Telegram does not answer");
    bot.stop();
    assert_eq!(http.asked(), expected, "nobody asked the proxy for what NO_PROXY names");
}

#[test]
fn a_proxy_that_does_not_carry_is_named_at_the_start_with_a_hint() {
    let mut servers = Servers::open();
    let (http, socks) = (Proxy::http(), Proxy::socks());
    let closed = Proxy { port: 9, asked: Arc::default() };
    servers.lines = proxies([
        socks.url("socks5h", "anna:wr0ngword"),
        http.url("http", "anna:wr0ngword"),
        closed.url("socks5h", LOGIN),
    ]);
    let bot = servers.run();
    bot.logs_times("the proxy does not carry calls", 3);
    bot.logs_times("does not accept its user and password", 2);
    let log = bot.stop();
    for option in ["telegram.proxy", "kie.proxy", "gpt.proxy"] {
        assert!(log.contains(&format!("check {option}")), "{log}");
    }
    assert!(!log.contains("s3cretword") && !log.contains("wr0ngword"), "{log}");
}
