//! Starts a gateway, keeps its connections, and ends it without losing anything.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anning_link::{Credentials, Dialect, Ending, LoginMode, Session, Settings};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::channel;
use tokio::task::JoinSet;

use crate::batch::Batch;
use crate::config::{Listen, Protocol, Upstream};
use crate::gateway::{Gateway, Parts};
use crate::hearing::{self, Ears};
use crate::line::{self, Time};
use crate::protocols;
use crate::tls::Acceptor;
use crate::way::Way;
use crate::{arrears, carrier, deliveries, dispatch, http, intake, scribe, sender};

/// A gateway that takes connections.
pub struct Serving {
    gateway: Arc<Gateway>,
    tasks: JoinSet<()>,
    /// Those that end by themselves when everything is over.
    doors: JoinSet<()>,
    threads: Vec<std::thread::JoinHandle<()>>,
    bound: Vec<(Protocol, SocketAddr)>,
}

impl Serving {
    /// Begins to listen and to connect. What was accepted before a restart goes on from where it was.
    ///
    /// # Errors
    /// An address that cannot be listened at.
    pub async fn start(parts: Parts) -> std::io::Result<Self> {
        let (ears, heard) = Ears::new();
        let gateway = Gateway::new(parts, ears);
        let mut serving = Self {
            gateway,
            tasks: JoinSet::new(),
            doors: JoinSet::new(),
            threads: Vec::new(),
            bound: Vec::new(),
        };
        serving.recount();
        serving.work(heard);
        let config = serving.gateway.gate().book();
        serving.listen(&config.config.listen).await?;
        for way in serving.gateway.ways() {
            serving.connect(&way).await?;
        }
        serving.tasks.spawn(deliveries::run(Arc::clone(&serving.gateway)));
        let gateway = Arc::clone(&serving.gateway);
        serving.tasks.spawn(expire(gateway));
        Ok(serving)
    }

    /// Listens wherever the configuration says.
    async fn listen(&mut self, listen: &Listen) -> std::io::Result<()> {
        let tls = listen.tls.as_ref().map(|(chain, key)| Acceptor::read(chain, key)).transpose()?;
        for (protocol, address) in &listen.at {
            let listener = TcpListener::bind(address).await?;
            self.bound.push((*protocol, listener.local_addr()?));
            let gateway = Arc::clone(&self.gateway);
            if *protocol == Protocol::Http {
                self.doors.spawn(http::serve(gateway, listener, tls.clone()));
            } else {
                self.tasks.spawn(accept(gateway, *protocol, listener, None));
            }
        }
        if let Some(address) = listen.smpp_tls {
            let listener = TcpListener::bind(address).await?;
            self.bound.push((Protocol::Smpp, listener.local_addr()?));
            self.tasks.spawn(accept(Arc::clone(&self.gateway), Protocol::Smpp, listener, tls));
        }
        Ok(())
    }

    /// What was handed over before a restart and is not in the ledger yet counts as under way, as it did before it.
    fn recount(&self) {
        let gateway = &self.gateway;
        let waiting = gateway.outbox().book().unrecorded(usize::MAX);
        let enter = |decided: Arc<anning_store::Decided>| {
            let prior = decided.handed_over?;
            Some((decided.recipient, gateway.gate().under_way().enter(decided.recipient, prior)))
        };
        gateway.scribe().count(waiting.into_iter().map(|(_, decided)| enter(decided)).collect());
    }

    fn work(&mut self, heard: Vec<std::sync::mpsc::Receiver<hearing::Heard>>) {
        let gateway = Arc::clone(&self.gateway);
        self.threads.push(std::thread::spawn(move || scribe::run(&gateway, gateway.clerk())));
        for from in heard {
            let gateway = Arc::clone(&self.gateway);
            self.threads.push(std::thread::spawn(move || hearing::run(&gateway, gateway.clerk(), &from)));
        }
    }

    async fn connect(&mut self, way: &Arc<Way>) -> std::io::Result<()> {
        self.tasks.spawn(dispatch::run(Arc::clone(&self.gateway), Arc::clone(way)));
        for _ in 0..way.upstream.links {
            self.tasks.spawn(keep(Arc::clone(&self.gateway), Arc::clone(way)));
        }
        if let Some(address) = way.upstream.listen {
            let listener = TcpListener::bind(address).await?;
            self.bound.push((way.upstream.protocol, listener.local_addr()?));
            self.tasks.spawn(accept_carrier(Arc::clone(&self.gateway), Arc::clone(way), listener));
        }
        Ok(())
    }

    /// The gateway.
    #[must_use]
    pub const fn gateway(&self) -> &Arc<Gateway> {
        &self.gateway
    }

    /// Where it listens.
    #[must_use]
    pub fn bound(&self) -> &[(Protocol, SocketAddr)] {
        &self.bound
    }

    /// Ends it: no new logins, what is owed is answered, sessions leave, everything goes on record. At most so long. Over HTTP
    /// whoever asks is told that it is ending, until it is over.
    pub async fn drain(mut self, within: Duration) {
        self.gateway.set_draining();
        self.gateway.roster().drain();
        let quiet = async {
            // Requests that are being worked on are answered.
            while self.gateway.requests() > 0
                || self.gateway.roster().counts().iter().any(|(_, connections)| *connections > 0)
            {
                tokio::time::sleep(LOOK).await;
            }
        };
        // Whoever does not leave is left.
        let _ = tokio::time::timeout(within / 3, quiet).await;
        for way in self.gateway.ways() {
            way.drain();
        }
        let quiet = async {
            while self.gateway.ways().iter().any(|way| way.links().0 + way.come() > 0) {
                tokio::time::sleep(LOOK).await;
            }
        };
        let _ = tokio::time::timeout(within / 3, quiet).await;
        let mut batch = Batch::default();
        let incomplete = self.gateway.joiner().end();
        intake::give_up(&self.gateway, incomplete, Time::of(self.gateway.hands()), &mut batch);
        batch.hand_in(&self.gateway);
        self.gateway.set_over();
        for (account, replies) in self.gateway.roster().lose_replies() {
            tracing::warn!(
                account = &*account,
                replies,
                "replies of subscribers that nobody came for are lost"
            );
        }
        let _ =
            tokio::time::timeout(within / 3, async { while self.doors.join_next().await.is_some() {} }).await;
        self.doors.abort_all();
        self.tasks.abort_all();
        while self.tasks.join_next().await.is_some() {}
        let threads = core::mem::take(&mut self.threads);
        // The scribe writes what is left; threads are not waited for on the loop.
        let ended = tokio::task::spawn_blocking(move || threads.into_iter().for_each(|t| drop(t.join())));
        drop(ended.await);
    }
}

/// Takes senders' connections.
async fn accept(gateway: Arc<Gateway>, protocol: Protocol, listener: TcpListener, tls: Option<Acceptor>) {
    loop {
        let (socket, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: others end, then there are some again.
                if let Some(held_back) = gateway.may_log("accept", protocol.code()) {
                    tracing::warn!(protocol = protocol.code(), what = %error, held_back, "accept");
                }
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let gateway = Arc::clone(&gateway);
        if gateway.connections_open() >= CONNECTIONS_MAX {
            gateway.tally().trouble("connections_full");
            continue;
        }
        let tls = tls.clone();
        // Answers are short and wanted at once.
        let _ = socket.set_nodelay(true);
        tokio::spawn(async move {
            let _open = gateway.open();
            match tls {
                None => greet(&gateway, protocol, socket, from).await,
                Some(acceptor) => {
                    if let Some(socket) = acceptor.accept(socket).await {
                        greet(&gateway, protocol, socket, from).await;
                    }
                }
            }
        });
    }
}

/// A sender's connection, in the protocol of the door that it came through.
async fn greet<S>(gateway: &Arc<Gateway>, protocol: Protocol, socket: S, from: SocketAddr)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    match protocol {
        Protocol::Cmpp => sender_line(gateway, protocol, protocols::cmpp_server(), socket, from).await,
        Protocol::Smpp => sender_line(gateway, protocol, protocols::smpp_server(), socket, from).await,
        Protocol::Smgp => sender_line(gateway, protocol, protocols::smgp_server(), socket, from).await,
        Protocol::Sgip => sender_line(gateway, protocol, protocols::sgip_server(), socket, from).await,
        Protocol::Http => {}
    }
}

async fn sender_line<D: Dialect + Send, S: AsyncRead + AsyncWrite + Unpin + Send>(
    gateway: &Arc<Gateway>,
    protocol: Protocol,
    dialect: D,
    socket: S,
    from: SocketAddr,
) {
    let settings = Settings::of(&dialect.limits());
    let (mailbox, mut orders) = channel(MAILBOX);
    let number = gateway.connection();
    let mut desk = sender::Desk::new(Arc::clone(gateway), protocol, from.ip(), number, mailbox);
    let session = Session::server(dialect, settings, gateway.hands().steady());
    let ending = line::run(socket, session, &mut desk, &mut orders, gateway.hands()).await;
    let from = from.ip().to_string();
    if let Some(held_back) = gateway.may_log("sender", &from) {
        tracing::info!(protocol = protocol.code(), from, how = %ending, held_back, "sender");
    }
}

/// Keeps one connection to a carrier: connects, logs in, and begins again with a growing pause.
async fn keep(gateway: Arc<Gateway>, way: Arc<Way>) {
    let mut failures = 0_u32;
    loop {
        if gateway.is_draining() {
            return;
        }
        let begun = gateway.hands().steady();
        let upstream = Arc::clone(&way.upstream);
        let connecting = tokio::time::timeout(CONNECT, TcpStream::connect(&upstream.address)).await;
        match connecting {
            Ok(Ok(socket)) => {
                let ending = carrier_line(&gateway, &way, socket, None).await;
                tracing::warn!(upstream = %upstream.name, how = %ending, "carrier connection ended");
            }
            Ok(Err(error)) => tracing::warn!(upstream = %upstream.name, what = %error, "carrier"),
            Err(_) => tracing::warn!(upstream = %upstream.name, what = "no connection in time", "carrier"),
        }
        gateway.tally().trouble("carrier_down");
        let lived = gateway.hands().steady().since(begun);
        failures = if lived > STEADY { 0 } else { failures.saturating_add(1) };
        tokio::time::sleep(backoff(failures, gateway.connection())).await;
    }
}

/// From a quarter of a second to half a minute, each half fixed and half by chance, so that links do not come in step.
pub(crate) fn backoff(failures: u32, number: u64) -> Duration {
    let span = FIRST.saturating_mul(1 << failures.min(7)).min(LONGEST);
    let hash = blake3::hash(&number.to_le_bytes());
    let part = u32::from(hash.as_bytes().first().copied().unwrap_or(0));
    span / 2 + span / 512 * part
}

/// A carrier's connection; with where it came from, if it came to us.
async fn carrier_line(
    gateway: &Arc<Gateway>,
    way: &Arc<Way>,
    socket: TcpStream,
    from: Option<IpAddr>,
) -> Ending {
    let _ = socket.set_nodelay(true);
    let upstream = &way.upstream;
    match upstream.protocol {
        Protocol::Cmpp => carry(gateway, way, protocols::cmpp_client(&upstream.version), socket, from).await,
        Protocol::Smpp => carry(gateway, way, protocols::smpp_client(&upstream.version), socket, from).await,
        Protocol::Smgp => carry(gateway, way, protocols::smgp_client(&upstream.version), socket, from).await,
        Protocol::Sgip if from.is_none() => {
            let dialect = protocols::sgip_client(upstream.node, gateway.connection());
            carry(gateway, way, dialect, socket, from).await
        }
        Protocol::Sgip => carry(gateway, way, protocols::sgip_server(), socket, from).await,
        Protocol::Http => Ending::Dropped,
    }
}

async fn carry<D: Dialect + Send>(
    gateway: &Arc<Gateway>,
    way: &Arc<Way>,
    dialect: D,
    socket: TcpStream,
    from: Option<IpAddr>,
) -> Ending {
    let Upstream { login: name, secret, window, prove, .. } = &*way.upstream;
    let theirs = Some(carrier::OWED_MOST);
    let own = Settings::of(&dialect.limits());
    let settings = Settings { window: *window, window_theirs: theirs, prove_server: *prove, ..own };
    let (mailbox, mut orders) = channel(MAILBOX);
    let mut desk =
        carrier::Desk::new(Arc::clone(gateway), Arc::clone(way), gateway.connection(), mailbox, from);
    let at = Time::of(gateway.hands());
    let session = if from.is_none() {
        let who = Credentials { account: name.clone().into_bytes(), secret: secret.bytes().to_vec() };
        let mut session = Session::client(dialect, settings, who, LoginMode::Both, at.steady);
        session.login(at.steady, at.civil);
        session
    } else {
        Session::server(dialect, settings, at.steady)
    };
    line::run(socket, session, &mut desk, &mut orders, gateway.hands()).await
}

/// Takes the connections of a carrier that comes to us (SGIP).
async fn accept_carrier(gateway: Arc<Gateway>, way: Arc<Way>, listener: TcpListener) {
    loop {
        let Ok((socket, from)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        if gateway.connections_open() >= CONNECTIONS_MAX {
            gateway.tally().trouble("connections_full");
            continue;
        }
        let (gateway, way) = (Arc::clone(&gateway), Arc::clone(&way));
        tokio::spawn(async move {
            let _open = gateway.open();
            let ending = carrier_line(&gateway, &way, socket, Some(from.ip())).await;
            let upstream = &*way.upstream.name;
            if let Some(held_back) = gateway.may_log("carrier came and went", upstream) {
                tracing::info!(upstream, how = %ending, held_back, "carrier came and went");
            }
        });
    }
}

/// What time brings about: messages whose segments do not come are refused, and senders are told of what the outbox found
/// by itself (a report that came before its answer, a letter whose time was up).
async fn expire(gateway: Arc<Gateway>) {
    while !gateway.is_over() {
        tokio::time::sleep(LOOK * 2).await;
        let now = u64::try_from(gateway.hands().steady().since_beginning().as_millis()).unwrap_or(u64::MAX);
        let lapsed = gateway.joiner().expire(now);
        if !lapsed.is_empty() {
            let mut batch = Batch::default();
            intake::give_up(&gateway, lapsed, Time::of(gateway.hands()), &mut batch);
            batch.hand_in(&gateway);
        }
        let owing = gateway.outbox().book().owing();
        owing.iter().for_each(|account| gateway.roster().wake(account));
        gateway.log_held_back();
        arrears::settle(&gateway);
    }
}

/// Connections at one time, from all senders and carriers that come to us.
pub(crate) const CONNECTIONS_MAX: usize = 20_000;
/// Orders that wait for one connection: answers are bounded by its window, letters by the room in it.
pub(crate) const MAILBOX: usize = 8_192;
/// How long a connection to a carrier may take.
pub(crate) const CONNECT: Duration = Duration::from_secs(10);
/// A connection that lived so long was no failure.
pub(crate) const STEADY: Duration = Duration::from_secs(30);
/// Pauses between connections.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(30);
/// Pause after a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(100);
/// How often something is looked at while it ends.
const LOOK: Duration = Duration::from_millis(50);
