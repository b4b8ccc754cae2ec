//! One page in a profile of its own, and everything it tries while it is watched.

use std::collections::HashSet;

use anning_page::record::{Dialog, Note, Viewport};
use serde_json::{Value, json};

use crate::browser::{Browser, answer, text};
use crate::error::Error;
use crate::pipe::Message;
use crate::traffic::{Ground, Request, Ruling, Traffic, kept, served};

/// A request that was kept from leaving.
pub(crate) struct Kept {
    pub(crate) event: usize,
    pub(crate) address: String,
    pub(crate) method: String,
    pub(crate) fields: Vec<(String, String)>,
}

/// What the tab has seen; everything in it is bounded.
pub(crate) struct Seen {
    pub(crate) kept: Vec<Kept>,
    pub(crate) dialogs: Vec<Dialog>,
    pub(crate) popups: Vec<String>,
    pub(crate) notes: Vec<Note>,
    pub(crate) loaded: bool,
    pub(crate) crashed: bool,
    pub(crate) downloads: u32,
    pub(crate) status: i64,
    pub(crate) media: String,
    pub(crate) navigations: u32,
    native: u32,
    bytes: u64,
    running: HashSet<String>,
    forms: HashSet<String>,
}

/// A page that is open.
pub(crate) struct Tab<'b> {
    pub(crate) browser: &'b mut Browser,
    context: String,
    target: String,
    pub(crate) session: String,
    pub(crate) frame: String,
    pub(crate) traffic: Traffic,
    pub(crate) seen: Seen,
    /// The world of our script in the page as it is, and whether the script is in it.
    pub(crate) world: Option<(i64, bool)>,
    /// The page stays: going elsewhere is answered with nothing when there is nothing to go to.
    pub(crate) hold: bool,
    /// Number of the event that is under way, for what the page sends because of it.
    pub(crate) event: usize,
}

impl<'b> Tab<'b> {
    /// Opens an empty page in a fresh profile.
    pub(crate) fn open(browser: &'b mut Browser, viewport: Viewport, ground: Ground) -> Result<Self, Error> {
        browser.events.clear();
        let made =
            browser.call("", "Target.createBrowserContext", &json!({"disposeOnDetach": true}), CALL_MS)?;
        let context = text(&made, "browserContextId");
        let inside = json!({"browserContextId": context});
        browser.call(
            "",
            "Browser.setDownloadBehavior",
            &json!({"behavior": "deny", "browserContextId": context, "eventsEnabled": true}),
            CALL_MS,
        )?;
        // Granting nothing refuses everything without asking.
        let mut none = inside;
        if let Some(none) = none.as_object_mut() {
            none.insert("permissions".to_owned(), json!([]));
        }
        browser.call("", "Browser.grantPermissions", &none, CALL_MS)?;
        let (width, height) = (viewport.width, viewport.height);
        let page =
            json!({"url": "about:blank", "browserContextId": context, "width": width, "height": height});
        let made = browser.call("", "Target.createTarget", &page, CALL_MS)?;
        let mut tab = Self {
            browser,
            context,
            target: text(&made, "targetId"),
            session: String::new(),
            frame: String::new(),
            traffic: Traffic::new(ground),
            seen: Seen::new(),
            world: None,
            hold: false,
            event: 0,
        };
        tab.take_events()?;
        let until = tab.browser.now() + CALL_MS;
        while tab.session.is_empty() {
            if !tab.pump(until)? {
                return Err(Error::Slow { call: "Target.createTarget".to_owned(), millis: CALL_MS });
            }
        }
        tab.dress(viewport)?;
        Ok(tab)
    }

    /// Sets window, touch and language, and lets the page run.
    fn dress(&mut self, viewport: Viewport) -> Result<(), Error> {
        let session = self.session.clone();
        let Viewport { width, height, scale, touch } = viewport;
        let agent = agent(&self.browser.agent, touch);
        let calls = [
            ("Page.enable", json!({})),
            ("Page.addScriptToEvaluateOnNewDocument", json!({"source": TAKEN, "runImmediately": true})),
            ("Network.setBypassServiceWorker", json!({"bypass": true})),
            (
                "Emulation.setDeviceMetricsOverride",
                json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": touch}),
            ),
            ("Emulation.setTouchEmulationEnabled", json!({"enabled": touch})),
            (
                "Emulation.setUserAgentOverride",
                json!({"userAgent": agent, "acceptLanguage": "zh-CN,zh;q=0.9,en;q=0.5"}),
            ),
            ("Emulation.setFocusEmulationEnabled", json!({"enabled": true})),
            // What fades or slides in is there at once: a state is taken of what is at rest.
            ("Animation.enable", json!({})),
            ("Animation.setPlaybackRate", json!({"playbackRate": ANIMATION_RATE})),
        ];
        for (method, params) in &calls {
            self.post(&session, method, params)?;
        }
        self.guard(&session)?;
        let tree = self.call("Page.getFrameTree", &json!({}), CALL_MS)?;
        self.frame =
            tree.pointer("/frameTree/frame/id").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(())
    }

    /// Holds back every request of a session, and those of what it starts.
    fn guard(&mut self, session: &str) -> Result<(), Error> {
        self.post(
            session,
            "Network.enable",
            &json!({"maxTotalBufferSize": 1 << 20, "maxResourceBufferSize": 1 << 19}),
        )?;
        let all = json!({"patterns": [{"urlPattern": "*"}], "handleAuthRequests": true});
        self.post(session, "Fetch.enable", &all)?;
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        self.post(session, "Target.setAutoAttach", &attach)?;
        self.post(session, "Runtime.runIfWaitingForDebugger", &json!({}))
    }

    /// Sends a call whose answer nobody waits for.
    pub(crate) fn post(&mut self, session: &str, method: &str, params: &Value) -> Result<(), Error> {
        self.browser.pipe.send(session, method, params).map(|_| ())
    }

    /// Calls the page and handles what happens until it answers.
    pub(crate) fn call(&mut self, method: &str, params: &Value, millis: i64) -> Result<Value, Error> {
        if self.seen.crashed {
            return Err(Error::Crashed);
        }
        let session = self.session.clone();
        let id = self.browser.pipe.send(&session, method, params)?;
        let until = self.browser.now() + millis;
        let asked = self.world.is_some() && method == "Runtime.evaluate";
        loop {
            let Some(message) = self.browser.receive(until)? else {
                return Err(Error::Slow { call: method.to_owned(), millis });
            };
            if message.id == Some(id) {
                return answer(method, message);
            }
            self.handle(message)?;
            if self.seen.crashed {
                return Err(Error::Crashed);
            }
            if asked && self.world.is_none() {
                // Whoever was asked is gone with its page, and the answer with it.
                let reason = "the context went with its page".to_owned();
                return Err(Error::Refused { call: method.to_owned(), reason });
            }
        }
    }

    /// Handles one message, if one comes before a time.
    pub(crate) fn pump(&mut self, until: i64) -> Result<bool, Error> {
        let Some(message) = self.browser.receive(until)? else { return Ok(false) };
        self.handle(message)?;
        Ok(true)
    }

    /// Lets so much time pass.
    pub(crate) fn wait(&mut self, millis: i64) -> Result<(), Error> {
        let until = self.browser.now() + millis;
        while !self.seen.crashed && self.pump(until)? {}
        if self.seen.crashed { Err(Error::Crashed) } else { Ok(()) }
    }

    /// Requests under way.
    pub(crate) fn busy(&self) -> usize {
        self.seen.running.len()
    }

    fn take_events(&mut self) -> Result<(), Error> {
        while let Some(message) = self.browser.events.pop_front() {
            self.handle(message)?;
        }
        Ok(())
    }

    fn handle(&mut self, message: Message) -> Result<(), Error> {
        let (session, params) = (&message.session, &message.params);
        match message.method.as_str() {
            "Fetch.requestPaused" => self.paused(session, params)?,
            "Fetch.authRequired" => {
                let id = text(params, "requestId");
                let cancel = json!({"requestId": id, "authChallengeResponse": {"response": "CancelAuth"}});
                self.post(session, "Fetch.continueWithAuth", &cancel)?;
                self.note("login_refused", "the server asks for a name and password");
            }
            "Page.javascriptDialogOpening" => self.dialog(session, params)?,
            "Target.attachedToTarget" => self.attached(params)?,
            "Target.targetCrashed" if text(params, "targetId") == self.target => self.seen.crashed = true,
            "Inspector.targetCrashed" if *session == self.session => self.seen.crashed = true,
            "Page.frameRequestedNavigation" => {
                let frame = text(params, "frameId");
                if text(params, "reason").starts_with("formSubmission") {
                    self.seen.forms.insert(frame);
                } else {
                    self.seen.forms.remove(&frame);
                }
            }
            "Page.frameNavigated"
                if *session == self.session && params.pointer("/frame/parentId").is_none() =>
            {
                self.seen.navigations += 1;
                self.world = None;
            }
            "Page.loadEventFired" if *session == self.session => self.seen.loaded = true,
            "Network.responseReceived"
                if text(params, "type") == "Document" && text(params, "frameId") == self.frame =>
            {
                let response = params.get("response").unwrap_or(&Value::Null);
                self.seen.status = response.get("status").and_then(Value::as_i64).unwrap_or(0);
                self.seen.media = text(response, "mimeType");
            }
            "Network.dataReceived" => self.received(params)?,
            "Network.loadingFinished" | "Network.loadingFailed" => {
                self.seen.running.remove(&text(params, "requestId"));
            }
            "Network.webSocketCreated" => self.traffic.tell("kind of request", &text(params, "url")),
            "Browser.downloadWillBegin" => {
                self.seen.downloads += 1;
                self.note("download_refused", &text(params, "url"));
            }
            _ => {}
        }
        Ok(())
    }

    fn received(&mut self, params: &Value) -> Result<(), Error> {
        self.seen.bytes += params.get("dataLength").and_then(Value::as_u64).unwrap_or(0);
        if self.seen.bytes > BYTES_MAX {
            self.seen.bytes = 0;
            self.note(
                "bound_reached",
                &format!("more than {BYTES_MAX} bytes were loaded; loading was stopped"),
            );
            let session = self.session.clone();
            self.post(&session, "Page.stopLoading", &json!({}))?;
        }
        Ok(())
    }

    fn paused(&mut self, session: &str, params: &Value) -> Result<(), Error> {
        let id = text(params, "requestId");
        let mut request = Request::of(params);
        let popup = session != self.session && request.kind == "Document";
        request.form = request.kind == "Document" && self.seen.forms.remove(&request.frame);
        request.asked_by_page = match request.kind.as_str() {
            "Document" => self.hold,
            kind => matches!(kind, "XHR" | "Fetch"),
        };
        match self.traffic.judge(&request) {
            Ruling::Submit(fields) => {
                if self.seen.kept.len() < KEPT_MAX {
                    let (address, method) = (request.url.chars().take(500).collect(), request.method);
                    self.seen.kept.push(Kept { event: self.event, address, method, fields });
                }
                self.post(session, "Fetch.fulfillRequest", &kept(&id))
            }
            Ruling::Continue | Ruling::Serve { .. } if popup && self.is_popup(session) => {
                self.popup(&request.url);
                self.post(session, "Fetch.failRequest", &json!({"requestId": id, "errorReason": "Aborted"}))
            }
            Ruling::Continue => {
                self.running(params);
                self.post(session, "Fetch.continueRequest", &json!({"requestId": id}))
            }
            Ruling::Serve { body, media } => {
                self.running(params);
                self.post(session, "Fetch.fulfillRequest", &served(&id, &body, media))
            }
            // A refused page would be an error page in place of the one that is looked at.
            Ruling::Refuse(_) if self.hold && request.kind == "Document" && request.frame == self.frame => {
                self.post(session, "Fetch.fulfillRequest", &kept(&id))
            }
            Ruling::Refuse(_) => {
                if popup {
                    self.popup(&request.url);
                }
                let reason = json!({"requestId": id, "errorReason": "BlockedByClient"});
                self.post(session, "Fetch.failRequest", &reason)
            }
        }
    }

    /// Sessions of windows the page opened, as opposed to its workers and frames.
    fn is_popup(&self, session: &str) -> bool {
        self.seen.popups.iter().any(|popup| popup == &format!("{POPUP}{session}"))
    }

    fn popup(&mut self, url: &str) {
        if self.seen.popups.len() < POPUPS_MAX {
            self.seen.popups.push(url.to_owned());
        }
    }

    /// Addresses that windows were opened for since the last call.
    pub(crate) fn popups(&mut self) -> Vec<String> {
        let (sessions, urls) =
            std::mem::take(&mut self.seen.popups).into_iter().partition(|popup| popup.starts_with(POPUP));
        self.seen.popups = sessions;
        urls
    }

    fn running(&mut self, params: &Value) {
        if self.seen.running.len() < RUNNING_MAX {
            self.seen.running.insert(text(params, "networkId"));
        }
    }

    /// A dialog of the browser stops the page until it is answered, so it is answered at once.
    fn dialog(&mut self, session: &str, params: &Value) -> Result<(), Error> {
        self.seen.native += 1;
        let (kind, words) = (text(params, "type"), text(params, "message"));
        if self.seen.native > NATIVE_MAX {
            self.note(
                "bound_reached",
                &format!("more than {NATIVE_MAX} dialogs of the browser; the page was ended"),
            );
            let target = json!({"targetId": self.target});
            self.seen.crashed = true;
            return self.post("", "Target.closeTarget", &target);
        }
        // Leaving and hearing are agreed to; nothing else is.
        let accept = matches!(kind.as_str(), "alert" | "beforeunload");
        self.note(
            "dialog_answered",
            &format!("{kind}, {}: {words}", if accept { "accepted" } else { "declined" }),
        );
        self.seen.dialogs.push(Dialog {
            key: format!("native-{}", self.seen.native),
            place: kind.clone(),
            text: words,
            modal: true,
            native: kind,
            ..Dialog::default()
        });
        self.post(session, "Page.handleJavaScriptDialog", &json!({"accept": accept}))
    }

    fn attached(&mut self, params: &Value) -> Result<(), Error> {
        let session = text(params, "sessionId");
        let info = params.get("targetInfo").unwrap_or(&Value::Null);
        let (target, kind) = (text(info, "targetId"), text(info, "type"));
        if target == self.target {
            self.session = session;
            return Ok(());
        }
        if text(info, "browserContextId") == self.context || kind.ends_with("worker") {
            match kind.as_str() {
                // It would answer for the page, out of the tab's sight: it stays where it stopped, at its beginning.
                "service_worker" => return Ok(()),
                "page" | "iframe" => {
                    let taken = json!({"source": TAKEN, "runImmediately": true});
                    self.post(&session, "Page.addScriptToEvaluateOnNewDocument", &taken)?;
                }
                _ => self.post(&session, "Runtime.evaluate", &json!({"expression": TAKEN}))?,
            }
            if kind == "page" && self.seen.popups.len() < POPUPS_MAX {
                self.seen.popups.push(format!("{POPUP}{session}"));
            }
            return self.guard(&session);
        }
        self.post(&session, "Runtime.runIfWaitingForDebugger", &json!({}))
    }

    pub(crate) fn note(&mut self, kind: &str, text: &str) {
        if self.seen.notes.len() < NOTES_MAX {
            let text = text.chars().take(NOTE_MAX).collect();
            self.seen.notes.push(Note { kind: kind.to_owned(), text });
        }
    }
}

impl Tab<'_> {
    /// Ends the page's process before the page can say good-bye, answering what it had still asked.
    fn end(&mut self) {
        let session = self.session.clone();
        if self.seen.crashed || self.post(&session, "Page.crash", &json!({})).is_err() {
            return;
        }
        let until = self.browser.now() + END_MS;
        while !self.seen.crashed && matches!(self.pump(until), Ok(true)) {}
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        self.end();
        let context = json!({"browserContextId": self.context});
        let _ = self.browser.call("", "Target.disposeBrowserContext", &context, CALL_MS);
    }
}

impl Seen {
    fn new() -> Self {
        Self {
            kept: Vec::new(),
            dialogs: Vec::new(),
            popups: Vec::new(),
            notes: Vec::new(),
            loaded: false,
            crashed: false,
            downloads: 0,
            status: 0,
            media: String::new(),
            navigations: 0,
            native: 0,
            bytes: 0,
            running: HashSet::new(),
            forms: HashSet::new(),
        }
    }
}

/// The browser's own agent with a mark, as a phone's if it is one.
pub(crate) fn agent(own: &str, touch: bool) -> String {
    let own = own.replace("HeadlessChrome", "Chrome");
    let mark = concat!("AnningInspect/", env!("CARGO_PKG_VERSION"));
    match own.split_once("Chrome/") {
        Some((_, version)) if touch => {
            let version = version.split(' ').next().unwrap_or_default();
            format!(
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version} \
                 Mobile Safari/537.36 {mark}"
            )
        }
        Some(_) | None => format!("{own} {mark}"),
    }
}

/// Milliseconds for a call that computes nothing.
pub(crate) const CALL_MS: i64 = 5_000;
/// Taken from pages and workers before their first line runs: `Fetch` does not hold back these connections.
const TAKEN: &str = "for (const name of ['WebSocket', 'WebSocketStream', 'WebTransport', 'RTCPeerConnection', \
     'webkitRTCPeerConnection', 'RTCDataChannel']) { try { delete globalThis[name] } catch { } }";
/// How much faster transitions run than the page asks for.
const ANIMATION_RATE: u32 = 20;
/// Milliseconds for a page's process to end.
const END_MS: i64 = 1_000;
/// Marks a session of a window among the addresses of windows.
const POPUP: &str = "session:";
/// Bytes one visit may load.
const BYTES_MAX: u64 = 50 << 20;
/// Requests kept from leaving in one visit.
const KEPT_MAX: usize = 100;
/// Windows a page may open in one visit.
const POPUPS_MAX: usize = 20;
/// Requests under way that are counted.
const RUNNING_MAX: usize = 600;
/// Dialogs of the browser in one visit.
const NATIVE_MAX: u32 = 20;
/// Notes of one visit.
const NOTES_MAX: usize = 200;
/// Characters of a note.
const NOTE_MAX: usize = 300;
