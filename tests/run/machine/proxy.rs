//! A proxy between the bot and a server, which can fail as networks do.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpSocket, TcpStream},
    runtime::Runtime,
    sync::watch,
    task::JoinSet,
};

use crate::servers::PATIENCE;

/// What the proxy does with connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// They reach the server.
    Open,
    /// They are refused: nothing listens.
    Refused,
    /// They are reset as soon as they are there.
    Reset,
    /// They are never established.
    Hanging,
}

/// The proxy. Its port stays its own for as long as it lives.
pub(super) struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    current: watch::Receiver<Mode>,
    connected: Arc<AtomicUsize>,
    runtime: Runtime,
}

impl Proxy {
    /// A proxy to the server at `url`.
    pub(super) fn to(url: &str) -> Self {
        let server: SocketAddr = url.trim_start_matches("http://").parse().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        let socket = bound("127.0.0.1:0".parse().unwrap());
        let address = socket.local_addr().unwrap();
        let (mode, wanted) = watch::channel(Mode::Open);
        let (now, current) = watch::channel(Mode::Refused);
        let connected = Arc::<AtomicUsize>::default();
        runtime.spawn(carry(socket, server, wanted, now, Arc::clone(&connected)));
        let proxy = Self { address, mode, current, connected, runtime };
        proxy.becomes(Mode::Open);
        proxy
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the mode; existing connections are cut off.
    pub(super) fn becomes(&self, mode: Mode) {
        self.mode.send_replace(mode);
        let mut current = self.current.clone();
        let changed = async { current.wait_for(|current| *current == mode).await.map(drop) };
        self.runtime.block_on(changed).unwrap();
    }

    /// Waits until a connection is tried in vain.
    #[track_caller]
    pub(super) fn is_tried_in_vain(&self) {
        // In the kernel's table: the other end, in hexadecimal, and the state SYN_SENT.
        let tried = format!(" 0100007F:{:04X} 02 ", self.address.port());
        let end = Instant::now() + PATIENCE;
        while !std::fs::read_to_string("/proc/net/tcp").unwrap().contains(&tried) {
            assert!(Instant::now() < end, "no connection is tried");
            std::thread::yield_now();
        }
    }

    /// How many connections there have been.
    pub(super) fn connected(&self) -> usize {
        self.connected.load(Ordering::SeqCst)
    }
}

async fn carry(
    mut socket: TcpSocket,
    server: SocketAddr,
    mut wanted: watch::Receiver<Mode>,
    now: watch::Sender<Mode>,
    connected: Arc<AtomicUsize>,
) {
    let address = socket.local_addr().unwrap();
    loop {
        let mode = *wanted.borrow_and_update();
        let mut under_way = JoinSet::new();
        if mode == Mode::Refused {
            now.send_replace(mode);
            drop(wanted.changed().await);
        } else {
            let listener = socket.listen(if mode == Mode::Hanging { 0 } else { 1024 }).unwrap();
            let fillers = if mode == Mode::Hanging { fill(address).await } else { Vec::new() };
            now.send_replace(mode);
            loop {
                tokio::select! {
                    over = wanted.changed() => {
                        if over.is_err() {
                            return;
                        }
                        break;
                    }
                    stream = accept(&listener), if mode != Mode::Hanging => {
                        connected.fetch_add(1, Ordering::SeqCst);
                        under_way.spawn(serve(stream, server, mode));
                    }
                }
            }
            drop((listener, fillers));
            socket = bound(address);
        }
        under_way.shutdown().await;
    }
}

/// A socket that holds its port and does not listen yet.
fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn accept(listener: &TcpListener) -> TcpStream {
    listener.accept().await.unwrap().0
}

/// Fills the backlog of the listener: further connections get no answer at all.
async fn fill(address: SocketAddr) -> Vec<TcpStream> {
    let mut fillers = Vec::new();
    let moment = Duration::from_millis(200);
    while let Ok(Ok(filler)) = tokio::time::timeout(moment, TcpStream::connect(address)).await {
        fillers.push(filler);
    }
    fillers
}

async fn serve(mut stream: TcpStream, server: SocketAddr, mode: Mode) {
    if mode == Mode::Reset {
        drop(stream.set_zero_linger());
        return;
    }
    if let Ok(mut further) = TcpStream::connect(server).await {
        // Either end may close the connection.
        let _ = copy_bidirectional(&mut stream, &mut further).await;
    }
}
