//! One page in a profile of its own, and everything it tries while it is watched.

use std::collections::HashSet;

use anning_page::record::{Dialog, Note, Viewport};
use serde_json::{Value, json};

use crate::agent::{agent, hints, platform};
use crate::browser::{Browser, answer, text};
use crate::door::Door;
use crate::error::Error;
use crate::pipe::Message;
use crate::profile::Profile;
use crate::traffic::{Ground, Request, Ruling, Traffic, bare, kept, served};

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
    /// Times the page was kept from going where nobody knew before something was typed.
    pub(crate) held: u32,
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
    /// The way out, for a page on the network.
    door: Option<Door>,
    /// What the page's profile held when typing began.
    pub(crate) before: Option<Profile>,
    /// A known address the page wants to go to though something was typed.
    pub(crate) wanted: Option<String>,
    viewport: Viewport,
}

impl<'b> Tab<'b> {
    /// Opens an empty page in a fresh profile.
    pub(crate) fn open(browser: &'b mut Browser, viewport: Viewport, ground: Ground) -> Result<Self, Error> {
        let mut tab = Self {
            browser,
            context: String::new(),
            target: String::new(),
            session: String::new(),
            frame: String::new(),
            traffic: Traffic::new(ground),
            seen: Seen::new(),
            world: None,
            hold: false,
            event: 0,
            door: None,
            before: None,
            wanted: None,
            viewport,
        };
        tab.begin()?;
        Ok(tab)
    }

    /// A new profile with an empty page in it, and a door of its own.
    fn begin(&mut self) -> Result<(), Error> {
        self.browser.events.clear();
        let mut fresh = json!({"disposeOnDetach": true});
        if self.traffic.has_server() {
            let door = self.browser.door(self.traffic.origins())?;
            if let Some(fresh) = fresh.as_object_mut() {
                fresh.insert("proxyServer".to_owned(), Value::from(door.address()));
                fresh.insert("proxyBypassList".to_owned(), Value::from("<-loopback>"));
            }
            self.door = Some(door);
        }
        let made = self.browser.call("", "Target.createBrowserContext", &fresh, CALL_MS)?;
        self.context = text(&made, "browserContextId");
        self.browser.call(
            "",
            "Browser.setDownloadBehavior",
            &json!({"behavior": "deny", "browserContextId": self.context, "eventsEnabled": true}),
            CALL_MS,
        )?;
        // Granting nothing refuses everything without asking.
        let none = json!({"browserContextId": self.context, "permissions": []});
        self.browser.call("", "Browser.grantPermissions", &none, CALL_MS)?;
        let (width, height) = (self.viewport.width, self.viewport.height);
        let page = json!({
            "url": "about:blank", "browserContextId": self.context, "width": width, "height": height,
        });
        let made = self.browser.call("", "Target.createTarget", &page, CALL_MS)?;
        self.target = text(&made, "targetId");
        self.take_events()?;
        let until = self.browser.now() + CALL_MS;
        while self.session.is_empty() {
            if !self.pump(until)? {
                return Err(Error::Slow { call: "Target.createTarget".to_owned(), millis: CALL_MS });
            }
        }
        self.dress()
    }

    /// Nothing leaves from now on, whatever the page finds to send by.
    pub(crate) fn shut(&self) {
        if let Some(door) = &self.door {
            door.shut();
        }
    }

    /// Ends the page with all it knows and opens an empty one, with what the profile held before anything was typed.
    pub(crate) fn afresh(&mut self) -> Result<(), Error> {
        self.dispose();
        self.door = None;
        self.session.clear();
        self.world = None;
        self.hold = false;
        self.wanted = None;
        self.seen.crashed = false;
        self.seen.running.clear();
        self.seen.forms.clear();
        self.seen.popups.clear();
        self.traffic.afresh();
        self.begin()
    }

    /// Why a host could not be reached, as this machine says it.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.door.as_ref()?.trouble()
    }

    /// Notes what the door turned away.
    pub(crate) fn turned_away(&mut self) {
        let Some(door) = &self.door else { return };
        for what in door.refused() {
            self.note("request_refused", &format!("not as the page was allowed: {what}"));
        }
    }

    /// Sets window, touch and language, and lets the page run.
    fn dress(&mut self) -> Result<(), Error> {
        let session = self.session.clone();
        let Viewport { width, height, scale, touch } = self.viewport;
        let agent = agent(&self.browser.agent, touch);
        let hints = hints(&self.browser.version, touch);
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
                json!({"userAgent": agent, "acceptLanguage": "zh-CN,zh;q=0.9,en;q=0.5", "platform": platform(touch), "userAgentMetadata": hints}),
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
        request.main = request.kind == "Document" && request.frame == self.frame;
        request.asked_by_page = match request.kind.as_str() {
            "Document" => self.hold,
            kind => matches!(kind, "XHR" | "Fetch"),
        };
        let ruling = self.traffic.judge(&request);
        if self.traffic.is_typed() && request.kind == "Document" && ruling != Ruling::Continue {
            self.seen.held += 1;
        }
        match ruling {
            Ruling::Afresh(told) => {
                // Its fragment could tell the next page what was typed.
                self.wanted = Some(bare(&request.url).to_owned());
                if !told.is_empty() {
                    self.keep(request, told);
                }
                self.post(session, "Fetch.fulfillRequest", &kept(&id))
            }
            Ruling::Submit(fields) => {
                if popup && self.traffic.is_typed() && !request.form && request.method == "GET" {
                    self.popup(&request.url);
                }
                self.keep(request, fields);
                self.post(session, "Fetch.fulfillRequest", &kept(&id))
            }
            Ruling::Continue | Ruling::Serve { .. } if popup && self.is_popup(session) => {
                self.popup(&request.url);
                self.post(session, "Fetch.failRequest", &json!({"requestId": id, "errorReason": "Aborted"}))
            }
            Ruling::Continue => {
                self.running(params);
                if let Some(door) = &self.door {
                    door.release(&request.url);
                }
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

    fn keep(&mut self, request: Request, fields: Vec<(String, String)>) {
        if self.seen.kept.len() < KEPT_MAX {
            let (address, method) = (request.url.chars().take(500).collect(), request.method);
            self.seen.kept.push(Kept { event: self.event, address, method, fields });
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

impl Tab<'_> {
    fn dispose(&mut self) {
        self.end();
        self.shut();
        let context = json!({"browserContextId": self.context});
        let _ = self.browser.call("", "Target.disposeBrowserContext", &context, CALL_MS);
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        self.dispose();
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
            held: 0,
            native: 0,
            bytes: 0,
            running: HashSet::new(),
            forms: HashSet::new(),
        }
    }
}

/// Milliseconds for a call that computes nothing.
pub(crate) const CALL_MS: i64 = 5_000;
/// Stands between pages and what neither `Fetch` holds back nor a proxy carries; it runs before their first line.
const TAKEN: &str = include_str!("script/guard.js");
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
