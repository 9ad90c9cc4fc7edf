//! A small server that gives one scripted reply per request and records the requests.
#![cfg(test)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// What the server does with one request.
#[derive(Clone)]
pub(super) enum Reply {
    /// A whole answer: status, content type, body.
    Whole(u16, &'static str, Vec<u8>),
    /// A JSON answer after which the next request is awaited on the same connection.
    Kept(&'static str),
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// The end of the connection, without an answer.
    Silence,
    /// These bytes, and then nothing until the client gives up.
    Stall(Vec<u8>),
    /// These bytes, and then zeros without end, as fast as they go.
    Endless(Vec<u8>),
    /// These bytes, and then now and then one more until the client gives up.
    Trickle(Vec<u8>),
}

impl Reply {
    /// A JSON answer.
    pub(super) fn json(status: u16, body: &str) -> Self {
        Self::Whole(status, "application/json", body.as_bytes().to_vec())
    }

    /// An HTML page, as gateways send it.
    pub(super) fn html(status: u16) -> Self {
        Self::Whole(status, "text/html", b"<html><h1>Bad gateway</h1></html>".to_vec())
    }
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// On which connection it came: 1, 2, …
    pub connection: usize,
    /// The request line and the headers.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The request line.
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The server; it ends when it is dropped.
pub(super) struct Scripted {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    /// Starts a server that gives these replies, one per request.
    ///
    /// # Panics
    /// If loopback has no free port.
    pub(super) fn new(script: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let stopped = Arc::<AtomicBool>::default();
        let script: Vec<Reply> = script.into_iter().collect();
        let (notes, stop) = (Arc::clone(&asked), Arc::clone(&stopped));
        let thread = std::thread::spawn(move || {
            let mut script = script.iter();
            let mut connection = 0;
            while !script.as_slice().is_empty() {
                let Ok((stream, _)) = listener.accept() else { return };
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                // In many tests the client closes the connection.
                connection += 1;
                let _ = serve(&stream, connection, &mut script, &notes);
            }
        });
        Self { address, asked, stopped, thread: Some(thread) }
    }

    /// Its address, without a slash at the end.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    ///
    /// # Panics
    /// If the server panicked.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no test thread panics with it").clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The address of a port that nobody listens on.
///
/// # Panics
/// If loopback has no free port.
pub(super) fn unused_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    format!("http://{}", listener.local_addr().expect("a bound socket has an address"))
}

/// Answers one connection: with one reply, and further ones as long as it is kept.
fn serve(
    stream: &TcpStream,
    connection: usize,
    script: &mut std::slice::Iter<'_, Reply>,
    notes: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    while !script.as_slice().is_empty() {
        let asked = receive(&mut reader, connection)?;
        notes.lock().expect("no test thread panics with it").push(asked);
        let Some(reply) = script.next() else { break };
        match reply {
            Reply::Kept(body) => {
                whole(stream, 200, "application/json", body.as_bytes(), "keep-alive")?;
            }
            Reply::Whole(status, kind, body) => return whole(stream, *status, kind, body, "close"),
            Reply::Raw(bytes) => return (&*stream).write_all(bytes),
            Reply::Silence => return Ok(()),
            Reply::Stall(bytes) => {
                (&*stream).write_all(bytes)?;
                return reader.read_to_end(&mut Vec::new()).map(|_| ());
            }
            Reply::Endless(bytes) => {
                (&*stream).write_all(bytes)?;
                let zeros = vec![0; 64 * 1024];
                loop {
                    (&*stream).write_all(&zeros)?;
                }
            }
            Reply::Trickle(bytes) => {
                (&*stream).write_all(bytes)?;
                loop {
                    std::thread::sleep(Duration::from_millis(5));
                    (&*stream).write_all(b" ")?;
                }
            }
        }
    }
    Ok(())
}

fn whole(
    mut out: &TcpStream,
    status: u16,
    kind: &str,
    body: &[u8],
    then: &str,
) -> std::io::Result<()> {
    let length = body.len();
    write!(
        out,
        "HTTP/1.1 {status} Scripted\r\nContent-Type: {kind}\r\n\
         Content-Length: {length}\r\nConnection: {then}\r\n\r\n"
    )?;
    out.write_all(body)
}

fn receive(reader: &mut impl BufRead, connection: usize) -> std::io::Result<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let mut asked = Asked { connection, head, body: Vec::new() };
    if let Some(length) = asked.header("content-length").and_then(|text| text.parse().ok()) {
        asked.body = vec![0; length];
        reader.read_exact(&mut asked.body)?;
    }
    Ok(asked)
}
