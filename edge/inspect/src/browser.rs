//! A Chromium process: found, started, ended.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anning_vocab::Timestamp;
use serde_json::{Value, json};

use crate::door::Door;
use crate::error::Error;
use crate::memory::Watch;
use crate::pipe::{Message, Pipe};

/// What tells the time. Only the command line reads the machine's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a browser is started.
#[derive(Clone)]
pub struct Options {
    /// The time.
    pub clock: Clock,
    /// The program; without one, the usual names are tried.
    pub program: Option<PathBuf>,
    /// A folder for the profile, which is made and removed again.
    pub profile: PathBuf,
    /// Hosts that this browser can reach at all. None: stored pages only.
    pub hosts: Vec<String>,
}

/// A running browser. It ends when this is dropped.
pub struct Browser {
    pub(crate) pipe: Pipe,
    pub(crate) clock: Clock,
    pub(crate) events: VecDeque<Message>,
    /// Its build, as it says itself.
    pub version: String,
    pub(crate) agent: String,
    /// It runs without a sandbox of its own, because this machine refused it one.
    pub unprotected: bool,
    profile: PathBuf,
    hosts: Vec<String>,
    /// The way out for all that belongs to no page: there is none.
    #[expect(dead_code, reason = "it stands until the browser ends")]
    wall: Door,
    pub(crate) memory: Watch,
}

impl Browser {
    /// Starts Chromium, in its sandbox where the machine allows one.
    ///
    /// # Errors
    /// [`Error::NoBrowser`], [`Error::BrowserEnded`] with its last words, [`Error::Slow`].
    pub fn start(options: &Options) -> Result<Self, Error> {
        let program = program(options)?;
        let first = Self::with(options, &program, false);
        match first {
            Err(Error::BrowserEnded(_)) => Self::with(options, &program, true),
            other => other,
        }
    }

    fn with(options: &Options, program: &str, unprotected: bool) -> Result<Self, Error> {
        let folder = options.profile.clone();
        std::fs::create_dir_all(&folder).map_err(|err| Error::File(folder.clone(), err))?;
        let wall = Door::open(Vec::new())?;
        let pipe = Pipe::start(program, &arguments(options, &wall.address(), unprotected))?;
        crate::remains::enter(pipe.process(), &folder);
        let memory = Watch::start(pipe.process());
        let mut browser = Self {
            pipe,
            clock: Arc::clone(&options.clock),
            events: VecDeque::new(),
            version: String::new(),
            agent: String::new(),
            unprotected,
            profile: folder,
            hosts: options.hosts.clone(),
            wall,
            memory,
        };
        let said = match browser.call("", "Browser.getVersion", &json!({}), START_MS) {
            Err(Error::BrowserEnded(said)) => return Err(full(&options.profile, said)),
            other => other?,
        };
        browser.version = text(&said, "product");
        browser.agent = text(&said, "userAgent");
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        browser.call("", "Target.setAutoAttach", &attach, CALL_MS)?;
        Ok(browser)
    }

    /// Process number.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.pipe.process()
    }

    /// A door to those of the origins whose host this browser may reach.
    pub(crate) fn door(&self, origins: Vec<String>) -> Result<Door, Error> {
        let named = |origin: &String| {
            let host = origin.split("://").nth(1).unwrap_or_default();
            let bare = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
            let bare = bare.map_or(host, |(bare, _)| bare);
            self.hosts.iter().any(|own| own.eq_ignore_ascii_case(bare))
        };
        Door::open(origins.into_iter().filter(named).collect())
    }

    pub(crate) fn now(&self) -> i64 {
        (self.clock)().millis()
    }

    /// Calls and waits; events that come meanwhile are kept for [`Browser::event`].
    pub(crate) fn call(
        &mut self,
        session: &str,
        method: &str,
        params: &Value,
        millis: i64,
    ) -> Result<Value, Error> {
        let id = self.pipe.send(session, method, params)?;
        let until = self.now() + millis;
        loop {
            let Some(message) = self.receive(until)? else {
                return Err(Error::Slow { call: method.to_owned(), millis });
            };
            if message.id == Some(id) {
                return answer(method, message);
            }
            self.keep(message);
        }
    }

    /// The next message of any kind before a time.
    pub(crate) fn receive(&mut self, until: i64) -> Result<Option<Message>, Error> {
        let left = u64::try_from(until - self.now()).unwrap_or(0);
        self.pipe.receive(Duration::from_millis(left))
    }

    fn keep(&mut self, message: Message) {
        if message.id.is_none() {
            // The oldest goes: what matters is handled while it arrives, by the tab that waits.
            if self.events.len() >= EVENTS_MAX {
                self.events.pop_front();
            }
            self.events.push_back(message);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.pipe.send("", "Browser.close", &json!({}));
        let until = self.now() + CLOSE_MS;
        while let Ok(Some(_)) = self.receive(until) {}
        self.pipe.end();
        crate::remains::leave(self.pipe.process());
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// Why a browser did not start: nothing says it less than its own last words when the disk is full.
fn full(profile: &std::path::Path, said: String) -> Error {
    match std::fs::write(profile.join("room"), [0; ROOM]) {
        Err(err) => Error::File(profile.to_owned(), err),
        Ok(()) => Error::BrowserEnded(said),
    }
}

/// The result of a call, or why there is none.
pub(crate) fn answer(method: &str, message: Message) -> Result<Value, Error> {
    match message.error {
        Some(refusal) => Err(Error::Refused { call: method.to_owned(), reason: refusal.message }),
        None => Ok(message.result),
    }
}

/// A string in an answer.
pub(crate) fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn program(options: &Options) -> Result<String, Error> {
    if let Some(path) = &options.program {
        return if path.exists() {
            Ok(path.display().to_string())
        } else {
            Err(Error::NoBrowser(vec![path.display().to_string()]))
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = NAMES.iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    });
    found
        .map(|file| file.display().to_string())
        .ok_or_else(|| Error::NoBrowser(NAMES.iter().map(|name| (*name).to_owned()).collect()))
}

fn arguments(options: &Options, way_out: &str, unprotected: bool) -> Vec<String> {
    let mut all: Vec<String> = ARGUMENTS.iter().map(|argument| (*argument).to_owned()).collect();
    all.push(format!("--user-data-dir={}", options.profile.display()));
    all.push(format!("--proxy-server={way_out}"));
    if unprotected {
        all.push("--no-sandbox".to_owned());
    }
    all.push("about:blank".to_owned());
    all
}

/// Where Chromium may be found.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
/// Quiet in every way: no window, no service of the maker's, no request of its own, one process for a page's frames.
const ARGUMENTS: &[&str] = &[
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-blink-features=AutomationControlled",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,\
     GlobalMediaControls,HttpsUpgrades,IsolateOrigins,MediaRouter,NetworkErrorLogging,OptimizationHints,Prerender2,\
     Reporting,Translate,site-per-process",
    "--disable-gpu",
    "--disable-hang-monitor",
    "--disable-ipc-flooding-protection",
    "--disable-prompt-on-repost",
    "--disable-renderer-backgrounding",
    "--disable-site-isolation-trials",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--hide-scrollbars",
    // No name is looked up, and nothing but the doors can be reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=<-loopback>",
    "--js-flags=--max-old-space-size=512",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
];
/// Bytes that must find room in a profile.
const ROOM: usize = 256 << 10;
/// Milliseconds for the browser to start.
const START_MS: i64 = 20_000;
/// Milliseconds for a call that computes nothing.
const CALL_MS: i64 = 5_000;
/// Milliseconds for it to end of its own accord.
const CLOSE_MS: i64 = 500;
/// Events kept until a tab reads them.
const EVENTS_MAX: usize = 10_000;
