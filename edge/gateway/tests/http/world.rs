//! A gateway that takes HTTP, its clocks in the hands of the test, and a client without any library.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use anning_gateway::config::{Config, Outside, Protocol};
use anning_gateway::outbox::{Ground, Limits, Outbox};
use anning_gateway::{Gate, Hands, Parts, Serving};
use anning_ledger::Suite;
use anning_link::Moment;
use anning_store::disk::Real;
use anning_store::{Access, Clerk, Entropy, Ledger, Pace, Running, SoftMaster};
use anning_vocab::{Date, Timestamp};
use base64ct::{Base64, Encoding as _};
use serde_json::Value;
use tokio::runtime::Runtime;

pub const SAMPLE: &str = include_str!("../../../../samples/gateway/gateway.toml");
pub const OFFER: &str =
    "【云栖百货】今晚八点全场五折，满300减50，点击领券 https://yq.example/a 客服4008123123 拒收请回复R";
pub const CODE: &str = "【云栖百货】您的验证码是482913，5分钟内有效，请勿告诉他人";
pub const SECRET: &str = "secret";

const TEMPLATES: &str = "
[[template]]
code = \"SMS_1\"
account = \"mall\"
text = \"您的验证码是${code}，5分钟内有效，请勿告诉他人\"

[[template]]
code = \"1001\"
account = \"mall\"
text = \"您的验证码是{1}，{2}分钟内有效\"
from = \"1069000177\"
signature = \"云栖生活\"
";

pub struct World {
    pub folder: PathBuf,
    pub wall: Arc<AtomicI64>,
    pub steady: Arc<AtomicU64>,
    pub at: SocketAddr,
    runtime: Runtime,
    serving: Option<Serving>,
    running: Option<Running>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
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

/// The sample, in enforcing mode, with nothing but HTTP at a free port, and carriers that do not answer.
fn config(edits: &[(&str, &str)]) -> Config {
    let usual = [
        ("cmpp = \"127.0.0.1:7890\"", ""),
        ("smpp = \"127.0.0.1:2775\"", ""),
        ("smgp = \"127.0.0.1:8890\"", ""),
        ("sgip = \"127.0.0.1:8801\"", ""),
        ("127.0.0.1:8080", "127.0.0.1:0"),
        ("192.0.2.10:7890", "127.0.0.1:1"),
        ("192.0.2.20:2775", "127.0.0.1:1"),
        ("[\"10690001*\"]", "[\"10690001*\", \"10690001\"]"),
        ("mode = \"shadow\" ", "mode = \"enforce\" "),
        ("{ not_commercial = \"shadow\" }", "{ not_commercial = \"enforce\" }"),
    ];
    let text = usual.iter().chain(edits).fold(SAMPLE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let outside = Outside { variable: &|_| Some(SECRET.to_owned()), file: &|_: &Path| Ok(SECRET.to_owned()) };
    Config::parse(&(text + TEMPLATES), &outside).unwrap_or_else(|faults| panic!("{faults:#?}")).0
}

/// Eleven in the morning, so that no quiet hours are near.
fn morning() -> Timestamp {
    Date::from_ymd(2026, 11, 27).unwrap().start().plus_millis(11 * 3_600_000)
}

impl World {
    pub fn new(edits: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("anning-http-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let ledger = folder.join("ledger");
        std::fs::create_dir_all(&folder).unwrap();
        let begun = Date::from_ymd(2019, 1, 1).unwrap().start();
        Ledger::create(&ledger, "log.example/test", Suite::International, access(&ledger), begun).unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut world = Self {
            folder,
            wall: Arc::new(AtomicI64::new(morning().millis())),
            steady: Arc::new(AtomicU64::new(0)),
            at: ([127, 0, 0, 1], 0).into(),
            runtime,
            serving: None,
            running: None,
        };
        world.start(edits);
        world
    }

    /// Starts it on what lies in its folder.
    pub fn start(&mut self, edits: &[(&str, &str)]) {
        let at = self.folder.join("ledger");
        let ledger = Ledger::open(&at, access(&at)).unwrap();
        let (suite, view, hash) = (ledger.suite(), ledger.view(), ledger.hasher());
        let gate = Gate::new(view.clone(), suite, Box::new(hash), entropy(), config(edits));
        let ground = Ground {
            disk: Arc::new(Real),
            folder: self.folder.join("outbox"),
            master: access(&at).master,
            entropy: entropy(),
            suite,
            view,
        };
        let (wall, steady) = (Arc::clone(&self.wall), Arc::clone(&self.steady));
        let now = move || Timestamp::from_millis(wall.load(Ordering::SeqCst));
        let clock = now.clone();
        let (outbox, _) = Outbox::open(ground, Limits::default(), Box::new(clock.clone())).unwrap();
        let (clerk, running) =
            Clerk::start(ledger, Arc::new(Real), Box::new(clock), Pace::default()).unwrap();
        let hands = Hands::new(now, move || Moment::from_millis(steady.fetch_add(1, Ordering::SeqCst)));
        let parts = Parts { gate, outbox, clerk, suite, hands };
        let serving = self.runtime.block_on(Serving::start(parts)).unwrap();
        self.at = serving.bound().iter().find(|(protocol, _)| *protocol == Protocol::Http).unwrap().1;
        (self.serving, self.running) = (Some(serving), Some(running));
    }

    /// Begins to end it.
    pub fn end(&mut self, within: Duration) -> tokio::task::JoinHandle<()> {
        self.runtime.spawn(self.serving.take().unwrap().drain(within))
    }

    /// It has ended.
    pub fn ended(&mut self, ending: tokio::task::JoinHandle<()>) {
        self.runtime.block_on(ending).unwrap();
        self.stop();
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

    /// Sends bytes as they are, and reads to the end.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        let mut socket = TcpStream::connect(self.at).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // A server that has answered already may have closed.
        let _ = socket.write_all(bytes);
        let mut all = Vec::new();
        let _ = socket.read_to_end(&mut all);
        let text = String::from_utf8(all).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let body =
            if head.contains("transfer-encoding: chunked") { dechunked(body) } else { body.to_owned() };
        Answer { status, head: head.to_ascii_lowercase(), body }
    }

    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let length = body.len();
        self.raw(
            format!("{method} {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
                .as_bytes(),
        )
    }

    /// As account `mall`, in JSON.
    pub fn post(&self, body: &str, headers: &str) -> Answer {
        self.ask(
            "POST",
            "/v1/messages",
            &format!("{}Content-Type: application/json\r\n{headers}", basic("mall", SECRET)),
            body,
        )
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &basic("mall", SECRET), "")
    }

    /// The sum of a metric.
    pub fn metric(&self, name: &str) -> u64 {
        let numbers = self.ask("GET", "/metrics", "", "").body;
        let lines = numbers.lines().filter(|line| line.starts_with(name));
        lines.map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap()).sum()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

pub fn basic(login: &str, secret: &str) -> String {
    format!("Authorization: Basic {}\r\n", Base64::encode_string(format!("{login}:{secret}").as_bytes()))
}

fn dechunked(mut rest: &str) -> String {
    let mut out = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        out.push_str(&after[..size]);
        rest = after[size..].strip_prefix("\r\n").unwrap();
    }
    out
}
