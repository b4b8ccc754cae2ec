//! A gateway between a sender and a carrier of SGIP, and a few people who have agreed.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use anning_gateway::config::{Config, Outside, Protocol};
use anning_gateway::outbox::{Ground, Limits, Outbox};
use anning_gateway::{Gate, Hands, Parts, Serving};
use anning_ledger::Suite;
use anning_ledger::sheet::{self, Table};
use anning_link::{Credentials, Moment};
use anning_peers::{Carrier, CarrierPlan, Clock, Recipients, Sender, SenderPlan};
use anning_store::disk::Real;
use anning_store::{Access, Clerk, Entropy, Ledger, NewAct, Pace, Running, SoftMaster, sheet_hash};
use anning_vocab::{
    ActKind, BrandId, Bundling, Channel, ContentKind, Control, Covers, Date, Notice, Origin, PartyId,
    ProcessingPurpose, Prominence, Recipient, Set, Terms, Timestamp,
};
use tokio::runtime::Runtime;

const SAMPLE: &str = include_str!("../../../../samples/gateway/gateway.toml");
pub const OFFER: &str = "【云栖百货】今晚八点全场五折，满300减50，点击领券 客服4008123123 拒收请回复R";
pub const NOTICE: &str = "【云栖百货】您的订单已发货，预计明天送达，请保持电话畅通";
/// The sender's login at the gateway, ours at the sender's, ours at the carrier's.
pub const SENDER: &str = "mall";
pub const CALLER: &str = "anning";
pub const CARRIER: &str = "123456";
pub const SECRET: &str = "secret";

pub struct World {
    folder: PathBuf,
    /// Where the sender listens, when it does.
    pub listener: SocketAddr,
    /// Where the carrier does.
    carrier: SocketAddr,
    /// Milliseconds that the steady clock is ahead.
    pub ahead: Arc<AtomicU64>,
    edits: Vec<(String, String)>,
    bound: Vec<(Protocol, SocketAddr)>,
    pub runtime: Runtime,
    serving: Option<Serving>,
    running: Option<Running>,
}

fn wall() -> Timestamp {
    // Eleven in the morning, so that no quiet hours are near.
    Date::from_ymd(2026, 11, 27).unwrap().start().plus_millis(11 * 3_600_000)
}

fn steady() -> Moment {
    static BEGAN: std::sync::OnceLock<tokio::time::Instant> = std::sync::OnceLock::new();
    Moment::after(BEGAN.get_or_init(tokio::time::Instant::now).elapsed())
}

const CLOCK: Clock = Clock { wall, steady };

fn entropy() -> Entropy {
    let mut drawn = 0_u64;
    Box::new(move |bytes| {
        drawn += 1;
        blake3::Hasher::new().update(&drawn.to_le_bytes()).finalize_xof().fill(bytes);
    })
}

fn access(ledger: &Path) -> Access {
    Access {
        disk: Arc::new(Real),
        ring: ledger.with_extension("keys"),
        master: Box::new(SoftMaster::parse(&"7".repeat(64)).unwrap()),
        entropy: entropy(),
    }
}

/// An address that nobody has.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

pub fn who(login: &str, secret: &str) -> Credentials {
    Credentials { account: login.into(), secret: secret.into() }
}

impl World {
    /// The sample, enforcing, with SGIP on both sides and these edits.
    pub fn new(edits: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("anning-sgip-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let ledger = folder.join("ledger");
        std::fs::create_dir_all(&folder).unwrap();
        let begun = Date::from_ymd(2019, 1, 1).unwrap().start();
        Ledger::create(&ledger, "log.example/test", Suite::International, access(&ledger), begun).unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (listener, carrier) = (free(), free());
        let own = [
            ("cmpp = \"127.0.0.1:7890\"", String::new()),
            ("smpp = \"127.0.0.1:2775\"", String::new()),
            ("smgp = \"127.0.0.1:8890\"", String::new()),
            ("127.0.0.1:8801", "127.0.0.1:0".to_owned()),
            ("127.0.0.1:8080", "127.0.0.1:0".to_owned()),
            ("mode = \"shadow\" ", "mode = \"enforce\" ".to_owned()),
            ("{ not_commercial = \"shadow\" }", "{ not_commercial = \"enforce\" }".to_owned()),
            ("cap = \"4/week\"", String::new()),
            (
                "login = { cmpp = \"901234\", http = \"mall\" }",
                format!(
                    "login = {{ sgip = \"mall\", http = \"mall\" }}\ndeliver_to = \"{listener}\"\n\
                     deliver_login = \"anning\"\ndeliver_secret_env = \"HERE\""
                ),
            ),
            (
                "protocol = \"cmpp\"",
                "listen = \"127.0.0.1:0\"\nenterprise = \"12345\"\nprotocol = \"sgip\"".to_owned(),
            ),
            ("version = \"3.0\"\n", String::new()),
            ("192.0.2.10:7890", carrier.to_string()),
            ("192.0.2.20:2775", "127.0.0.1:1".to_owned()),
        ];
        let own = own.into_iter().map(|(from, to)| (from.to_owned(), to));
        let edits = edits.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
        let mut world = Self {
            folder,
            listener,
            carrier,
            ahead: Arc::default(),
            edits: own.chain(edits).collect(),
            bound: Vec::new(),
            runtime,
            serving: None,
            running: None,
        };
        world.start(10);
        world
    }

    fn config(&self) -> Config {
        let text = self.edits.iter().fold(SAMPLE.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let outside =
            Outside { variable: &|_| Some(SECRET.to_owned()), file: &|_: &Path| Ok(SECRET.to_owned()) };
        Config::parse(&text, &outside).unwrap_or_else(|faults| panic!("{faults:#?}")).0
    }

    /// Starts it on what lies in its folder; so many people agree before.
    pub fn start(&mut self, people: u64) {
        let at = self.folder.join("ledger");
        let mut ledger = Ledger::open(&at, access(&at)).unwrap();
        let (suite, view, hash) = (ledger.suite(), ledger.view(), ledger.hasher());
        let gate = Gate::new(view.clone(), suite, Box::new(hash), entropy(), self.config());
        (0..people).for_each(|n| agrees(&mut ledger, n));
        let ground = Ground {
            disk: Arc::new(Real),
            folder: self.folder.join("outbox"),
            master: access(&at).master,
            entropy: entropy(),
            suite,
            view,
        };
        let (outbox, _) = Outbox::open(ground, Limits::default(), Box::new(wall)).unwrap();
        let (clerk, running) = Clerk::start(ledger, Arc::new(Real), Box::new(wall), Pace::default()).unwrap();
        let ahead = Arc::clone(&self.ahead);
        let now = move || steady().plus(Duration::from_millis(ahead.load(Ordering::SeqCst)));
        let hands = Hands::new(wall, now);
        let parts = Parts { gate, outbox, clerk, suite, hands };
        let serving = self.runtime.block_on(Serving::start(parts)).unwrap();
        self.bound = serving.bound().to_vec();
        (self.serving, self.running) = (Some(serving), Some(running));
    }

    /// The sender moves elsewhere, and the configuration says so.
    pub fn moves(&mut self) {
        let before = core::mem::replace(&mut self.listener, free());
        self.edits.push((before.to_string(), self.listener.to_string()));
        let restart = self.serving.as_ref().unwrap().gateway().reload(self.config());
        assert!(restart.is_empty(), "{restart:?}");
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.drain(Duration::from_secs(4)));
        }
        if let Some(running) = self.running.take() {
            running.end().unwrap();
        }
    }

    fn at(&self, protocol: Protocol, place: usize) -> SocketAddr {
        self.bound.iter().filter(|(other, _)| *other == protocol).nth(place).unwrap().1
    }

    /// Where senders come in.
    pub fn door(&self) -> SocketAddr {
        self.at(Protocol::Sgip, 0)
    }

    /// Where the carrier comes to hand over.
    pub fn deliveries(&self) -> SocketAddr {
        self.at(Protocol::Sgip, 1)
    }

    pub fn carrier(&self) -> Carrier {
        let mut plan = CarrierPlan::new(anning_peers::Protocol::Sgip, self.carrier, who(CARRIER, SECRET));
        plan.deliver_to = Some(self.deliveries());
        plan.report_after = Duration::from_millis(20);
        self.runtime.block_on(Carrier::start(plan, CLOCK)).unwrap()
    }

    /// A sender of so many messages of a text, one to each of the people from 0 on.
    pub fn sender(&self, text: &str, count: u64, edit: impl FnOnce(&mut SenderPlan)) -> Sender {
        let mut plan = SenderPlan::new(anning_peers::Protocol::Sgip, self.door(), who(SENDER, SECRET), count);
        plan.recipients = Recipients { first: 13_800_000_000, count: 10 };
        plan.texts = vec![text.to_owned()];
        plan.called_as = Some(who(CALLER, SECRET));
        edit(&mut plan);
        self.runtime.block_on(Sender::start(plan, CLOCK)).unwrap()
    }

    /// A sender that only listens.
    pub fn listening(&self, secret: &str) -> Sender {
        self.sender(NOTICE, 0, |plan| {
            plan.listen = Some(self.listener);
            plan.called_as = Some(who(CALLER, secret));
        })
    }

    /// Hands in so many notices of which nobody is told yet, and waits until their reports are here.
    pub fn notices(&self, count: u64) {
        let counts = self.runtime.block_on(self.sender(NOTICE, count, |_| {}).finish());
        assert_eq!((counts.taken, counts.refused), (count, 0), "{counts:?}");
        self.until("reports wait", || self.metric(UNTOLD) == count);
    }

    /// Waits until something is so.
    pub fn until(&self, what: &str, is: impl Fn() -> bool) {
        for _ in 0..3_000 {
            if is() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("never: {what}\n{}", self.metrics());
    }

    pub fn metrics(&self) -> String {
        self.http("GET /metrics", "")
    }

    /// A request over HTTP, as the account; head and body of the answer.
    pub fn http(&self, request: &str, body: &str) -> String {
        let mut socket = TcpStream::connect(self.at(Protocol::Http, 0)).unwrap();
        // mall:secret
        let head = "Host: here\r\nConnection: close\r\nAuthorization: Basic bWFsbDpzZWNyZXQ=";
        let length = body.len();
        let whole = format!("{request} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
        socket.write_all(whole.as_bytes()).unwrap();
        let mut all = String::new();
        socket.read_to_string(&mut all).unwrap();
        all
    }

    /// The sum of a metric.
    pub fn metric(&self, name: &str) -> u64 {
        let numbers = self.metrics();
        let lines = numbers.lines().filter(|line| line.starts_with(name));
        lines.map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap()).sum()
    }

    /// How many calls went so.
    pub fn calls(&self, how: &str) -> u64 {
        self.metric(&format!("anning_calls_total{{account=\"mall\",result=\"{how}\"}}"))
    }
}

/// Letters whose reports the sender is to be told.
pub const UNTOLD: &str = "anning_untold{account=\"mall\",kind=\"reports\"}";

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Somebody agrees, in full form.
fn agrees(ledger: &mut Ledger, n: u64) {
    let person = Recipient::mainland_mobile(13_800_000_000 + n).unwrap();
    let time = Date::from_ymd(2026, 1, 5).unwrap().start();
    let yes = Some(true);
    let view = ledger.view();
    let terms = Terms {
        controller: Some(PartyId(view.number(Table::Party, "yunqi"))),
        brand: Some(BrandId(view.number(Table::Brand, "云栖"))),
        channels: Some(Set::<Channel>::of(&[Channel::Sms])),
        kinds: Some(Set::<ContentKind>::of(&[ContentKind::Retail])),
        purposes: Some(Set::<ProcessingPurpose>::of(&[ProcessingPurpose::Marketing])),
        control: Control::TickedByRecipient,
        bundling: Bundling::Separate,
        prominence: Prominence::OnFace,
        forced: Some(false),
        related: yes,
        notice: Some(Notice {
            hash: 7,
            names_controller: yes,
            states_purpose: yes,
            states_categories: yes,
            states_retention: yes,
            states_rights: yes,
            states_type_frequency_period: yes,
        }),
        ..Terms::silent(Covers::Both)
    };
    let sheet = {
        let now = ledger.read();
        sheet::encode(&terms, &|table, id| now.sheets().names().name(table, id)).unwrap()
    };
    let act = NewAct {
        recipient: ledger.hash(&person),
        address: person.reveal(),
        kind: ActKind::Given,
        origin: Origin::Captured,
        occurred: time,
        received: time,
        recorded: time,
        sheet: sheet_hash(ledger.suite(), &sheet),
        id: Vec::new(),
    };
    ledger.put(&[sheet], &[act], time).unwrap();
}
