//! A carrier: lets senders in, takes messages, reports what became of them, hands over replies.

mod books;
mod desk;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anning_link::{Address, Credentials, Delivery, Dialect as _, LoginMode, Reply, Session, Settings};
use anning_smpp::Form;
use anning_text::{Coding, Marking, Room};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

pub use books::CarrierCounts;

use crate::clock::Clock;
use crate::line;
use crate::protocol::Protocol;
use crate::tongue::Tongue;
use books::Shared;
use desk::Desk;

/// What a simulated carrier is like.
#[derive(Clone, Debug)]
pub struct CarrierPlan {
    /// What it speaks.
    pub protocol: Protocol,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whom it lets in; SGIP: also what it says of itself when it connects out.
    pub who: Credentials,
    /// SGIP: where it connects to hand over reports and replies. Without it there are none in SGIP.
    pub deliver_to: Option<SocketAddr>,
    /// Submits without an answer at one time, on each connection.
    pub window: usize,
    /// Reports and replies without an answer at one time, on each connection.
    pub tell_window: usize,
    /// How ids are written (SMPP).
    pub ids: Ids,
    /// How long after a message its report follows.
    pub report_after: Duration,
    /// Every so many messages cannot be delivered.
    pub fails: Option<u64>,
    /// Recipients reply.
    pub replies: Option<Answering>,
    /// What goes wrong.
    pub faults: Faults,
    /// File of the messages it took, one line each.
    pub log: Option<PathBuf>,
}

/// Recipients reply by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answering {
    /// Every so many messages.
    pub every: u64,
    /// What they write.
    pub text: String,
    /// How long after the message.
    pub after: Duration,
}

/// How a message centre writes ids: in its answers, and in its receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// Decimal in both.
    #[default]
    Decimal,
    /// Hexadecimal in both.
    Hex,
    /// Hexadecimal in the answer, decimal in the receipt.
    HexThenDecimal,
    /// Decimal in the answer, hexadecimal in the receipt.
    DecimalThenHex,
}

impl Ids {
    /// How the two are told to be one.
    pub(crate) const fn form(self) -> Form {
        match self {
            Self::Decimal | Self::Hex => Form::Exact,
            Self::HexThenDecimal => Form::HexThenDecimal,
            Self::DecimalThenHex => Form::DecimalThenHex,
        }
    }
}

/// What goes wrong, if anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Answers come so late.
    pub slow: Duration,
    /// Submits a second; what goes beyond is answered with flow control.
    pub throttle: Option<u32>,
    /// Takes messages and never answers.
    pub silent: bool,
    /// Connections break in the middle of an answer, after so many messages each.
    pub reset_after: Option<u64>,
    /// The proof that it gives of itself is wrong (CMPP, SMGP).
    pub lie: bool,
    /// Reports come before the answer they belong to.
    pub report_before_response: bool,
    /// Refuses with a code, every so many messages.
    pub refuse: Option<(u32, u64)>,
    /// Never reports.
    pub no_reports: bool,
}

/// A carrier at work.
#[derive(Debug)]
pub struct Carrier {
    shared: Arc<Shared>,
    bound: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl CarrierPlan {
    /// A carrier without faults, that reports after a tenth of a second.
    #[must_use]
    pub fn new(protocol: Protocol, listen: SocketAddr, who: Credentials) -> Self {
        Self {
            protocol,
            listen,
            who,
            deliver_to: None,
            window: WINDOW,
            tell_window: Tongue::server(protocol).limits().window,
            ids: Ids::Decimal,
            report_after: Duration::from_millis(100),
            fails: None,
            replies: None,
            faults: Faults::default(),
            log: None,
        }
    }
}

impl Carrier {
    /// Begins to listen.
    ///
    /// # Errors
    /// An address that cannot be listened at, a file that cannot be opened.
    pub async fn start(plan: CarrierPlan, clock: Clock) -> std::io::Result<Self> {
        let listener = TcpListener::bind(plan.listen).await?;
        let bound = listener.local_addr()?;
        let deliver_to = plan.deliver_to;
        let shared = Arc::new(Shared::new(plan, clock)?);
        let mut tasks = vec![tokio::spawn(accept(Arc::clone(&shared), listener))];
        if let Some(to) = deliver_to {
            tasks.push(tokio::spawn(call(Arc::clone(&shared), to)));
        }
        Ok(Self { shared, bound, tasks })
    }

    /// Where it listens.
    #[must_use]
    pub const fn bound(&self) -> SocketAddr {
        self.bound
    }

    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> CarrierCounts {
        self.shared.counts()
    }

    /// A subscriber writes. False if the text does not fit the coding.
    #[must_use]
    pub fn reply(&self, from: &str, to: &str, text: &str, coding: Coding) -> bool {
        let Some(replies) = replies(&self.shared, from.as_bytes(), to.as_bytes(), text, coding) else {
            return false;
        };
        let now = self.shared.clock.now().steady;
        replies.into_iter().for_each(|reply| self.shared.later(now, reply, 0));
        self.shared.wake();
        true
    }

    /// Every connection leaves, or is left after so long.
    pub async fn stop(mut self, within: Duration) -> CarrierCounts {
        self.shared.leaving.store(true, Ordering::Release);
        self.shared.wake();
        let quiet = async {
            while self.shared.open() > 0 {
                tokio::time::sleep(LOOK).await;
            }
        };
        // Whoever does not leave is left.
        let _ = tokio::time::timeout(within, quiet).await;
        self.tasks.drain(..).for_each(|task| task.abort());
        self.shared.counts()
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        // Connections that are left end as a killed process would end them.
        self.shared.gone.store(true, Ordering::Release);
        self.shared.wake();
    }
}

/// What a subscriber writes, as the protocol carries it.
fn replies(shared: &Shared, from: &[u8], to: &[u8], text: &str, coding: Coding) -> Option<Vec<Delivery>> {
    let numbering = shared.plan.protocol.numbering();
    let number = coding.number(numbering)?;
    let reference = shared.next().to_be_bytes();
    let marking = Marking::Short(reference.last().copied().unwrap_or(0));
    let cuts = anning_text::split(text, coding, Room::of(numbering, coding), marking, None).ok()?;
    let reply = |cut: anning_text::Cut| {
        Delivery::Reply(Reply {
            id: shared.id(shared.next(), shared.clock.now()).0,
            source: Address::new(from),
            destination: Address::new(to),
            coding: number,
            udh: cut.place.is_some(),
            content: cut.content,
            ..Reply::default()
        })
    };
    Some(cuts.into_iter().map(reply).collect())
}

async fn accept(shared: Arc<Shared>, listener: TcpListener) {
    while !shared.leaving.load(Ordering::Acquire) {
        let Ok((socket, _)) = listener.accept().await else {
            tokio::time::sleep(LOOK).await;
            continue;
        };
        if shared.open() < CONNECTIONS_MAX {
            tokio::spawn(serve(Arc::clone(&shared), socket));
        }
    }
}

async fn serve(shared: Arc<Shared>, socket: TcpStream) {
    let plan = &shared.plan;
    let dialect = Tongue::server(plan.protocol).lying(plan.faults.lie);
    let settings = Settings { window: plan.window.max(plan.tell_window), ..Settings::of(&dialect.limits()) };
    let session = Session::server(dialect, settings, (shared.clock.steady)());
    run(&shared, socket, session, plan.protocol != Protocol::Sgip).await;
}

/// SGIP: connects to whoever takes reports and replies, again and again.
async fn call(shared: Arc<Shared>, to: SocketAddr) {
    while !shared.leaving.load(Ordering::Acquire) {
        if let Ok(socket) = TcpStream::connect(to).await {
            let dialect = Tongue::client(shared.plan.protocol).of_node(GATEWAY);
            let settings = Settings { window: shared.plan.tell_window, ..Settings::of(&dialect.limits()) };
            let now = shared.clock.now();
            let who = shared.plan.who.clone();
            let mut session = Session::client(dialect, settings, who, LoginMode::Receive, now.steady);
            session.login(now.steady, now.civil);
            run(&shared, socket, session, true).await;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn run(shared: &Arc<Shared>, socket: TcpStream, session: Session<Tongue>, tells: bool) {
    let woken = Arc::new(Notify::new());
    let number = shared.enter(Arc::clone(&woken));
    let mut desk = Desk::new(Arc::clone(shared), tells);
    let ending = line::run(socket, session, &mut desk, &woken, shared.clock).await;
    shared.leave(number, ending);
}

/// Far above the windows that protocols start from: a sender is slowed down on request only.
const WINDOW: usize = 256;
/// Connections at one time.
const CONNECTIONS_MAX: usize = 1_024;
/// What sets a carrier's node number apart from those of senders.
const GATEWAY: u32 = 500_000;
/// Pause before connecting again.
const AGAIN: Duration = Duration::from_millis(250);
/// How often something is looked at while it ends.
const LOOK: Duration = Duration::from_millis(10);
