//! A pipe between the bot and a server, which can fail as networks do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use tokio::io::copy_bidirectional;
use tokio::net::TcpListener;
use tokio::net::TcpSocket;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::servers::PATIENCE;

/// What becomes of who connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// They reach the server.
    Open,
    /// Nobody listens.
    Refused,
    /// The connection is reset as soon as it is there.
    Reset,
    /// The connection never comes about.
    Hanging,
}

/// The pipe. Its port stays its own for as long as it lives.
pub struct Pipe {
    address: SocketAddr,
    way: watch::Sender<Way>,
    is: watch::Receiver<Way>,
    connected: Arc<AtomicUsize>,
    runtime: Runtime,
}

impl Pipe {
    /// A pipe to the server at `url`.
    pub fn to(url: &str) -> Self {
        let server: SocketAddr = url.trim_start_matches("http://").parse().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        let socket = bound("127.0.0.1:0".parse().unwrap());
        let address = socket.local_addr().unwrap();
        let (way, wanted) = watch::channel(Way::Open);
        let (now, is) = watch::channel(Way::Refused);
        let connected = Arc::<AtomicUsize>::default();
        runtime.spawn(carry(socket, server, wanted, now, Arc::clone(&connected)));
        let pipe = Self { address, way, is, connected, runtime };
        pipe.becomes(Way::Open);
        pipe
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it is so; whoever was connected is cut off.
    pub fn becomes(&self, way: Way) {
        self.way.send_replace(way);
        let mut is = self.is.clone();
        self.runtime.block_on(async { is.wait_for(|is| *is == way).await.map(drop) }).unwrap();
    }

    /// Waits until somebody tries in vain to connect.
    #[track_caller]
    pub fn is_tried_in_vain(&self) {
        // In the kernel's table: the other end, in hexadecimal, and the state SYN_SENT.
        let tried = format!(" 0100007F:{:04X} 02 ", self.address.port());
        let end = Instant::now() + PATIENCE;
        while !std::fs::read_to_string("/proc/net/tcp").unwrap().contains(&tried) {
            assert!(Instant::now() < end, "nobody tries to connect");
            std::thread::yield_now();
        }
    }

    /// How many connections have come about so far.
    pub fn connected(&self) -> usize {
        self.connected.load(Ordering::SeqCst)
    }
}

async fn carry(
    mut socket: TcpSocket,
    server: SocketAddr,
    mut wanted: watch::Receiver<Way>,
    now: watch::Sender<Way>,
    connected: Arc<AtomicUsize>,
) {
    let address = socket.local_addr().unwrap();
    loop {
        let way = *wanted.borrow_and_update();
        let mut under_way = JoinSet::new();
        if way == Way::Refused {
            now.send_replace(way);
            drop(wanted.changed().await);
        } else {
            let listener = socket.listen(if way == Way::Hanging { 0 } else { 1024 }).unwrap();
            let fillers = if way == Way::Hanging { fill(address).await } else { Vec::new() };
            now.send_replace(way);
            loop {
                tokio::select! {
                    over = wanted.changed() => {
                        if over.is_err() {
                            return;
                        }
                        break;
                    }
                    stream = accept(&listener), if way != Way::Hanging => {
                        connected.fetch_add(1, Ordering::SeqCst);
                        under_way.spawn(serve(stream, server, way));
                    }
                }
            }
            drop((listener, fillers));
            socket = bound(address);
        }
        under_way.shutdown().await;
    }
}

/// A socket that holds its port, and at which nobody listens yet.
fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn accept(listener: &TcpListener) -> TcpStream {
    listener.accept().await.unwrap().0
}

/// Takes the places of those who wait to be accepted: the next ones get no answer at all.
async fn fill(address: SocketAddr) -> Vec<TcpStream> {
    let mut fillers = Vec::new();
    let moment = Duration::from_millis(200);
    while let Ok(Ok(filler)) = tokio::time::timeout(moment, TcpStream::connect(address)).await {
        fillers.push(filler);
    }
    fillers
}

async fn serve(mut stream: TcpStream, server: SocketAddr, way: Way) {
    if way == Way::Reset {
        drop(stream.set_zero_linger());
        return;
    }
    if let Ok(mut further) = TcpStream::connect(server).await {
        // Either end may hang up when it likes.
        let _ = copy_bidirectional(&mut stream, &mut further).await;
    }
}
