//! A sender: hands in messages, measures answers, matches reports, takes replies.

mod books;
mod desk;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anning_link::{Credentials, Dialect as _, LoginMode, Session, Settings};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

pub use books::{Reports, SenderCounts};

use crate::carrier::Ids;
use crate::clock::Clock;
use crate::line;
use crate::protocol::Protocol;
use crate::tongue::Tongue;
use crate::words::{Mix, Recipients};
use books::Shared;
use desk::Desk;

/// What a simulated sender does.
#[derive(Clone, Debug)]
pub struct SenderPlan {
    /// What it speaks.
    pub protocol: Protocol,
    /// Whom it connects to.
    pub to: SocketAddr,
    /// Who it says it is.
    pub who: Credentials,
    /// SGIP: where it listens for reports and replies. Without it there are none in SGIP.
    pub listen: Option<SocketAddr>,
    /// SGIP: as whom others come there; as itself, if not given.
    pub called_as: Option<Credentials>,
    /// Connections.
    pub connections: u32,
    /// Requests without an answer at one time, on each connection.
    pub window: usize,
    /// Messages a second; as fast as answers allow without it.
    pub rate: Option<u32>,
    /// Messages.
    pub count: u64,
    /// The number of the first: texts carry it, so that those of a later run are others.
    pub first: u64,
    /// The number that recipients see.
    pub source: String,
    /// Whom it writes to.
    pub recipients: Recipients,
    /// What about.
    pub mix: Mix,
    /// Texts instead of ours, in turn; `{n}` becomes the message's number.
    pub texts: Vec<String>,
    /// How the carrier writes ids (SMPP).
    pub ids: Ids,
    /// Asks for reports.
    pub reports: bool,
    /// Connects again after a broken line, and sends again what was never answered.
    pub reconnects: bool,
    /// Sends again what was refused for the moment.
    pub retries: bool,
    /// How long it waits for an answer.
    pub answer_within: Duration,
    /// How long it waits for reports after the last answer.
    pub linger: Duration,
    /// File of what it was told of its messages, one line a segment.
    pub log: Option<PathBuf>,
}

/// A sender at work.
#[derive(Debug)]
pub struct Sender {
    shared: Arc<Shared>,
    listens: Option<SocketAddr>,
    tasks: Vec<JoinHandle<()>>,
}

/// Looks on.
#[derive(Debug)]
pub struct Watch {
    shared: Arc<Shared>,
}

impl Watch {
    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> SenderCounts {
        self.shared.counts()
    }

    /// Nothing more is handed in; what was handed in is waited for. True if that was said before.
    #[must_use]
    pub fn enough(&self) -> bool {
        self.shared.enough()
    }
}

impl SenderPlan {
    /// So many messages as fast as answers allow, on one connection, with reports, giving up where a line breaks.
    #[must_use]
    pub fn new(protocol: Protocol, to: SocketAddr, who: Credentials, count: u64) -> Self {
        Self {
            protocol,
            to,
            who,
            listen: None,
            called_as: None,
            connections: 1,
            window: Tongue::client(protocol).limits().window,
            rate: None,
            count,
            first: 0,
            source: "1069000101".to_owned(),
            recipients: Recipients { first: 13_800_000_000, count: 10_000 },
            mix: Mix::default(),
            texts: Vec::new(),
            ids: Ids::Decimal,
            reports: true,
            reconnects: false,
            retries: true,
            answer_within: Duration::from_secs(60),
            linger: Duration::from_secs(5),
            log: None,
        }
    }
}

impl Sender {
    /// Connects and begins.
    ///
    /// # Errors
    /// An address that cannot be listened at, a file that cannot be opened, a text that cannot be cut into segments.
    pub async fn start(plan: SenderPlan, clock: Clock) -> std::io::Result<Self> {
        let (connections, listen) = (plan.connections.max(1), plan.listen);
        let shared = Arc::new(Shared::new(plan, clock)?);
        let mut tasks = Vec::new();
        let mut listens = None;
        if let Some(address) = listen {
            let listener = TcpListener::bind(address).await?;
            listens = Some(listener.local_addr()?);
            tasks.push(tokio::spawn(accept(Arc::clone(&shared), listener)));
        }
        for place in 0..connections {
            shared.begins();
            tasks.push(tokio::spawn(keep(Arc::clone(&shared), place)));
        }
        Ok(Self { shared, listens, tasks })
    }

    /// Where it listens (SGIP).
    #[must_use]
    pub const fn listens(&self) -> Option<SocketAddr> {
        self.listens
    }

    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> SenderCounts {
        self.shared.counts()
    }

    /// Looks on while somebody waits for the end.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch { shared: Arc::clone(&self.shared) }
    }

    /// Waits until every message was answered and every report came, or nothing more can; then leaves.
    pub async fn finish(mut self) -> SenderCounts {
        while !self.shared.is_answered() {
            self.shared.changed.notified().await;
        }
        let reported = async {
            while !self.shared.is_reported() {
                self.shared.changed.notified().await;
            }
        };
        let _ = tokio::time::timeout(self.shared.plan.linger, reported).await;
        self.shared.end();
        let left = async {
            while self.shared.lines() > 0 {
                self.shared.changed.notified().await;
            }
        };
        let _ = tokio::time::timeout(LEAVE, left).await;
        self.tasks.drain(..).for_each(|task| task.abort());
        self.shared.counts()
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Keeps one connection, for as long as there is something to do and the plan allows it.
async fn keep(shared: Arc<Shared>, place: u32) {
    let plan = &shared.plan;
    // Ids of SGIP are numbers of requests: another connection is another node, every time.
    let mut node = place;
    loop {
        match TcpStream::connect(plan.to).await {
            Ok(socket) => {
                let dialect = Tongue::client(plan.protocol).of_node(node);
                let settings = settings(&shared, &dialect);
                let now = shared.clock.now();
                let mode = if plan.protocol == Protocol::Sgip { LoginMode::Send } else { LoginMode::Both };
                let mut session = Session::client(dialect, settings, plan.who.clone(), mode, now.steady);
                session.login(now.steady, now.civil);
                run(&shared, socket, session).await;
            }
            Err(error) => shared.ended(&error.to_string()),
        }
        if !plan.reconnects || shared.is_over() {
            break;
        }
        node += plan.connections;
        tokio::time::sleep(AGAIN).await;
    }
    shared.is_left();
}

/// SGIP: whoever carries connects to hand over reports and replies.
async fn accept(shared: Arc<Shared>, listener: TcpListener) {
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        let dialect = Tongue::server(shared.plan.protocol);
        let settings = settings(&shared, &dialect);
        let session = Session::server(dialect, settings, (shared.clock.steady)());
        let shared = Arc::clone(&shared);
        tokio::spawn(async move { run(&shared, socket, session).await });
    }
}

fn settings(shared: &Shared, dialect: &Tongue) -> Settings {
    let Shared { plan, .. } = shared;
    Settings {
        window: plan.window.max(TAKEN_MAX),
        answer_within: plan.answer_within,
        ..Settings::of(&dialect.limits())
    }
}

async fn run(shared: &Arc<Shared>, socket: TcpStream, session: Session<Tongue>) {
    let woken = Arc::new(Notify::new());
    let number = shared.enter(Arc::clone(&woken));
    let mut desk = Desk::new(Arc::clone(shared));
    let ending = line::run(socket, session, &mut desk, &woken, shared.clock).await;
    // Told before it is gone: whoever waits for the last line to go counts endings then.
    shared.ended(&ending.to_string());
    shared.leave(number);
}

/// Reports and replies that it takes at once: what it hands in has a window of its own.
const TAKEN_MAX: usize = 256;
/// Pause before connecting again.
const AGAIN: Duration = Duration::from_millis(250);
/// How long leaving may take.
const LEAVE: Duration = Duration::from_secs(3);
