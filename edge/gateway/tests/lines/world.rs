//! A gateway on the demonstration's configuration, at eleven one morning.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use anning_cmpp::{Cmpp, Version};
use anning_gateway::config::{Config, Outside, Protocol};
use anning_gateway::outbox::{Ground, Limits, Outbox};
use anning_gateway::{Gate, Hands, Parts, Serving, Shadow};
use anning_ledger::Suite;
use anning_link::{Address, Moment, Submission, Wish};
use anning_smpp::Smpp;
use anning_store::disk::{Disk, File, Real};
use anning_store::{Access, Clerk, Entropy, Ledger, Pace, Running, SoftMaster};
use anning_vocab::Date;
use tokio::runtime::Runtime;

use crate::line::{Line, connect, who};

pub const SAMPLE: &str = include_str!("../../../../samples/gateway/demo.toml");
pub const OFFER: &str =
    "【云栖百货】今晚八点全场五折，满300减50，点击领券 https://yq.example/a 客服4008123123 拒收请回复R";
pub const CODE: &str = "【云栖百货】您的验证码是482913，5分钟内有效，请勿告诉他人";

pub const ENFORCE: (&str, &str) = ("mode = \"shadow\"", "mode = \"enforce\"");

pub struct World {
    pub folder: PathBuf,
    /// The disk of the outbox has no room for another file.
    pub full: Arc<AtomicBool>,
    /// Milliseconds that the steady clock is ahead.
    pub ahead: Arc<AtomicU64>,
    carrier: TcpListener,
    runtime: Runtime,
    serving: Option<Serving>,
    running: Option<Running>,
}

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

/// The demonstration, listening wherever there is room, with these replacements; each must be there to replace.
pub fn config(edits: &[(&str, &str)], carrier: SocketAddr) -> Config {
    let carrier = format!("address = \"{carrier}\"");
    let usual = [
        ("cmpp = \"127.0.0.1:7890\"", "cmpp = \"127.0.0.1:0\""),
        ("smpp = \"127.0.0.1:2775\"", "smpp = \"127.0.0.1:0\""),
        ("http = \"127.0.0.1:8080\"", "http = \"127.0.0.1:0\""),
        ("address = \"127.0.0.1:17890\"", &*carrier),
    ];
    let text = usual.iter().chain(edits).fold(SAMPLE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let outside = Outside { variable: &|_| None, file: &|_| Err(std::io::ErrorKind::NotFound.into()) };
    Config::parse(&text, &outside).unwrap_or_else(|faults| panic!("{faults:#?}")).0
}

impl World {
    /// Eleven in the morning, so that no quiet hours are near.
    pub fn new(edits: &[(&str, &str)]) -> Self {
        Self::try_new(edits, |config| config).unwrap()
    }

    /// As [`World::new`], with a configuration that is changed once more; what keeps it from starting.
    pub fn try_new(edits: &[(&str, &str)], change: impl FnOnce(Config) -> Config) -> std::io::Result<Self> {
        Self::made(edits, change, Limits::default())
    }

    /// As [`World::new`], with segments of the outbox that are soon full.
    pub fn small(edits: &[(&str, &str)]) -> Self {
        Self::made(edits, |config| config, Limits { segment: 24 << 10, ..Limits::default() }).unwrap()
    }

    fn made(
        edits: &[(&str, &str)],
        change: impl FnOnce(Config) -> Config,
        limits: Limits,
    ) -> std::io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("anning-lines-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        let carrier = TcpListener::bind("127.0.0.1:0")?;
        let config = change(config(edits, carrier.local_addr()?));
        let begun = Date::from_ymd(2019, 1, 1).unwrap().start();
        let at = folder.join("ledger");
        Ledger::create(&at, "log.example/test", Suite::International, access(&at), begun).unwrap();
        let ledger = Ledger::open(&at, access(&at)).unwrap();
        let (suite, view, hash) = (ledger.suite(), ledger.view(), ledger.hasher());
        let gate = Gate::new(view.clone(), suite, Box::new(hash), entropy(), config);
        let master = access(&at).master;
        let full = Arc::new(AtomicBool::new(false));
        let ground = Ground {
            disk: Arc::new(Filling(Arc::clone(&full))),
            folder: folder.join("outbox"),
            master,
            entropy: entropy(),
            suite,
            view,
        };
        let morning = Date::from_ymd(2026, 11, 27).unwrap().start().plus_millis(11 * 3_600_000);
        let clock = move || morning;
        let (outbox, _) = Outbox::open(ground, limits, Box::new(clock)).unwrap();
        let (clerk, running) =
            Clerk::start(ledger, Arc::new(Real), Box::new(clock), Pace::default()).unwrap();
        // Steady time is the number of looks at it: enough for whoever waits, never enough to run out.
        let (steady, ahead) = (AtomicU64::new(0), Arc::new(AtomicU64::new(0)));
        let leapt = Arc::clone(&ahead);
        let hands = Hands::new(clock, move || {
            let looks = steady.fetch_add(1, Ordering::SeqCst);
            Moment::from_millis(looks / 8 + leapt.load(Ordering::SeqCst))
        });
        let parts = Parts { gate, outbox, clerk, suite, hands };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let serving = runtime.block_on(Serving::start(parts))?;
        Ok(Self { folder, full, ahead, carrier, runtime, serving: Some(serving), running: Some(running) })
    }

    /// What shadow mode let pass so far.
    pub fn shadow(&self) -> Shadow {
        self.serving.as_ref().unwrap().gateway().shadow()
    }

    pub fn bound(&self, protocol: Protocol) -> SocketAddr {
        let bound = self.serving.as_ref().unwrap().bound();
        bound.iter().find(|(own, _)| *own == protocol).unwrap().1
    }

    /// The carrier of the demonstration: CMPP 3.0.
    pub fn carrier(&self) -> Line<Cmpp> {
        Line::accept(&self.carrier, Cmpp::server(), &who("123456", "carrier-secret"))
    }

    /// The carrier where it speaks SMPP.
    pub fn smpp_carrier(&self) -> Line<Smpp> {
        Line::accept(&self.carrier, Smpp::server(b"them"), &who("123456", "carrier-secret"))
    }

    /// The account in CMPP of a version.
    pub fn cmpp(&self, version: Version) -> Result<Line<Cmpp>, u32> {
        let socket = connect(self.bound(Protocol::Cmpp));
        Line::login(socket, Cmpp::client(version), who("901234", "demokey1"))
    }

    /// The account in SMPP.
    pub fn smpp(&self) -> Line<Smpp> {
        let socket = connect(self.bound(Protocol::Smpp));
        Line::login(socket, Smpp::client(b""), who("mall", "demokey1")).unwrap()
    }

    /// What is answered over HTTP: status and body.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut socket = connect(self.bound(Protocol::Http));
        let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.drain(Duration::from_millis(200)));
        }
        if let Some(running) = self.running.take() {
            running.end().unwrap();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A disk that takes no new file while it is full.
struct Filling(Arc<AtomicBool>);

impl Filling {
    fn room(&self) -> std::io::Result<()> {
        let full = self.0.load(Ordering::SeqCst);
        if full { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Filling {
    fn create(&self, path: &Path) -> std::io::Result<Arc<dyn File>> {
        self.room().and_then(|()| Real.create(path))
    }
    fn create_private(&self, path: &Path) -> std::io::Result<Arc<dyn File>> {
        self.room().and_then(|()| Real.create_private(path))
    }
    fn open(&self, path: &Path) -> std::io::Result<Arc<dyn File>> {
        Real.open(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        Real.rename(from, to)
    }
    fn remove(&self, path: &Path) -> std::io::Result<()> {
        Real.remove(path)
    }
    fn list(&self, folder: &Path) -> std::io::Result<Vec<String>> {
        Real.list(folder)
    }
    fn create_folder(&self, folder: &Path) -> std::io::Result<()> {
        Real.create_folder(folder)
    }
    fn sync_folder(&self, folder: &Path) -> std::io::Result<()> {
        Real.sync_folder(folder)
    }
    fn sync_all(&self, folder: &Path) -> std::io::Result<()> {
        Real.sync_all(folder)
    }
    fn lock(&self, path: &Path) -> std::io::Result<Box<dyn Send + Sync>> {
        Real.lock(path)
    }
}

/// A text in UTF-16, to these numbers, with a report wanted.
pub fn message(to: &[&str], text: &str) -> Submission {
    Submission {
        source: Address::new(b"1069000101"),
        destinations: to.iter().map(|to| Address::new(to.as_bytes())).collect(),
        coding: 8,
        content: text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        wish: Wish::Report,
        service: b"SVC".to_vec(),
        enterprise: b"901234".to_vec(),
        ..Submission::default()
    }
}
