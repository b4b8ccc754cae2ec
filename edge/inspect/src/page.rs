//! The page in a tab: opened, read, operated.

use std::sync::OnceLock;

use anning_page::record::{ControlKind, State};
use base64ct::{Base64, Encoding};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::browser::text;
use crate::error::Error;
use crate::tab::{CALL_MS, Tab};

/// What a page must show before it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// Something to fill in or to tick; what shows only words or buttons is given a moment more.
    Form,
    /// Words.
    Words,
}

/// A state with what only the recorder needs.
#[derive(Debug, Deserialize)]
pub(crate) struct Snapshot {
    pub(crate) state: State,
    pub(crate) selects: Vec<Choice>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) cuts: Vec<String>,
    pub(crate) tabs: Vec<FormTab>,
    pub(crate) captcha: String,
}

/// A small drawing beside words, and all that would differ between on and off.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Mark {
    pub(crate) key: String,
    pub(crate) sign: String,
}

/// A list to choose from.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) options: Vec<String>,
    pub(crate) count: usize,
    pub(crate) chosen: i64,
}

/// What may switch to another form.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct FormTab {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// Where to press.
#[derive(Debug, Deserialize)]
struct Point {
    x: f64,
    y: f64,
    free: bool,
    gone: bool,
}

/// What a document says.
#[derive(Debug, Deserialize)]
pub(crate) struct Reading {
    pub(crate) title: String,
    pub(crate) language: String,
    pub(crate) paragraphs: Vec<anning_page::record::Paragraph>,
    pub(crate) cut: bool,
    pub(crate) form: bool,
    pub(crate) address: String,
    pub(crate) height: f32,
    pub(crate) window: f32,
    pub(crate) links: Vec<Anchor>,
    pub(crate) media: u32,
}

/// A link of a document.
#[derive(Debug, Deserialize)]
pub(crate) struct Anchor {
    pub(crate) text: String,
    pub(crate) target: String,
    pub(crate) url: String,
}

impl Tab<'_> {
    /// Opens an address and waits until it shows something and nothing more comes. The browser's word for what failed.
    ///
    /// After something was typed the address is opened in a new profile that knows nothing of it.
    pub(crate) fn go(&mut self, address: &str, awaited: Awaited) -> Result<Option<String>, Error> {
        let restored = if self.traffic.is_typed() { self.restored()? } else { None };
        self.traffic.learn(address);
        let gone = self.go_there(address, awaited);
        if let Some(script) = restored {
            let session = self.session.clone();
            self.post(&session, "Page.removeScriptToEvaluateOnNewDocument", &json!({"identifier": script}))?;
        }
        gone
    }

    fn go_there(&mut self, address: &str, awaited: Awaited) -> Result<Option<String>, Error> {
        self.hold = false;
        self.seen.loaded = false;
        self.seen.status = 0;
        self.seen.media.clear();
        let answer = self.call("Page.navigate", &json!({"url": address}), LOAD_MS)?;
        let failed = text(&answer, "errorText");
        if !failed.is_empty() {
            return Ok(Some(self.why(failed)));
        }
        // Another place of the page that is open already loads nothing.
        let loads = answer.get("loaderId").is_some();
        let until = self.browser.now() + LOAD_MS;
        while loads && !self.seen.loaded && !self.seen.crashed && self.pump(until)? {}
        if self.seen.crashed {
            return Err(Error::Crashed);
        }
        self.settle(QUIET_MS)?;
        self.rendered(awaited)?;
        self.hold = true;
        Ok(None)
    }

    /// Waits, within a bound, until a page that its scripts build has something to look at.
    fn rendered(&mut self, awaited: Awaited) -> Result<(), Error> {
        let began = self.browser.now();
        let mut late = false;
        loop {
            let shows = self.evaluate_raw(SHOWS, CALL_MS)?.as_u64().unwrap_or(FORM);
            let waited = self.browser.now() - began;
            let enough = match awaited {
                Awaited::Form => shows >= FORM,
                Awaited::Words => shows >= WORDS,
            };
            let patient = self.busy() > 0 || (shows == NOTHING && awaited == Awaited::Form);
            let moment = match awaited {
                Awaited::Words if shows > NOTHING => WORDS_MS,
                Awaited::Words | Awaited::Form => MOMENT_MS,
            };
            if enough || waited >= if patient { RENDER_MS } else { moment } {
                break;
            }
            late = true;
            self.wait(WATCH_MS)?;
        }
        if late { self.settle(LATE_QUIET_MS) } else { Ok(()) }
    }

    /// Waits until no request is under way and the page has not changed for so long, within a bound.
    pub(crate) fn settle(&mut self, quiet: i64) -> Result<(), Error> {
        let until = self.browser.now() + SETTLE_MS;
        if let Err(Error::Slow { .. }) = self.frames() {
            // A page that left while it was asked takes the answer with it: the next one is asked once more.
            self.world = None;
        }
        loop {
            self.frames()?;
            self.wait(quiet)?;
            let still = self.evaluate_raw(STILL, CALL_MS)?.as_bool().unwrap_or(true);
            if let Some(url) = self.wanted.take() {
                // The page leads on to where anybody may go: there, without what was typed.
                return self.go(&url, Awaited::Form).map(|_| ());
            }
            if (self.busy() == 0 && still) || self.browser.now() >= until {
                return Ok(());
            }
        }
    }

    /// Waits until the page changes, within a bound.
    pub(crate) fn watch(&mut self, millis: i64) -> Result<(), Error> {
        let until = self.browser.now() + millis;
        self.evaluate_raw(STILL, CALL_MS)?;
        while self.browser.now() < until {
            self.wait(WATCH_MS)?;
            if self.evaluate_raw(STILL, CALL_MS)? == Value::Bool(false) {
                return self.settle(QUIET_MS);
            }
        }
        Ok(())
    }

    /// Two frames painted.
    fn frames(&mut self) -> Result<(), Error> {
        self.evaluate_raw(FRAMES, CALL_MS).map(|_| ())
    }

    /// The number of the world apart in which our script runs: the page neither sees nor changes it.
    fn world(&mut self) -> Result<i64, Error> {
        if let Some((world, _)) = self.world {
            return Ok(world);
        }
        let apart = json!({"frameId": self.frame, "worldName": "anning", "grantUniveralAccess": true});
        let made = self.call("Page.createIsolatedWorld", &apart, CALL_MS)?;
        let world = made
            .get("executionContextId")
            .and_then(Value::as_i64)
            .ok_or_else(|| Error::Answer("no world".to_owned()))?;
        self.world = Some((world, false));
        Ok(world)
    }

    pub(crate) fn evaluate_raw(&mut self, expression: &str, millis: i64) -> Result<Value, Error> {
        match self.evaluate_once(expression, millis) {
            // The page went on while it was asked: the next world answers.
            Err(Error::Refused { reason, .. }) if reason.contains("context") => {
                self.world = None;
                if expression.contains("anning.") {
                    self.script()?;
                }
                self.evaluate_once(expression, millis)
            }
            other => other,
        }
    }

    fn evaluate_once(&mut self, expression: &str, millis: i64) -> Result<Value, Error> {
        let world = self.world()?;
        let code = json!({
            "expression": expression, "contextId": world, "returnByValue": true, "awaitPromise": true,
        });
        let answer = self.call("Runtime.evaluate", &code, millis)?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let what = thrown.pointer("/exception/description").and_then(Value::as_str);
            return Err(Error::Answer(format!("the script failed: {}", what.unwrap_or("no description"))));
        }
        Ok(answer.pointer("/result/value").cloned().unwrap_or(Value::Null))
    }

    /// Makes sure that our script is in the page as it is now.
    fn script(&mut self) -> Result<(), Error> {
        self.world()?;
        if self.world.is_some_and(|(_, ready)| !ready) {
            self.evaluate_once(script(), CALL_MS)?;
            if let Some((_, ready)) = &mut self.world {
                *ready = true;
            }
        }
        Ok(())
    }

    /// Calls one of the script's functions.
    pub(crate) fn ask(&mut self, function: &str, argument: &Value) -> Result<Value, Error> {
        self.script()?;
        if function == "fill" {
            self.typing(argument)?;
        }
        self.evaluate_raw(&format!("anning.{function}({argument})"), SNAPSHOT_MS)
    }

    fn ask_text<T: DeserializeOwned>(&mut self, function: &str, argument: &Value) -> Result<T, Error> {
        let said = self.ask(function, argument)?;
        read(function, &said)
    }

    /// What the page shows now.
    pub(crate) fn snapshot(&mut self) -> Result<Snapshot, Error> {
        self.script()?;
        let roots = self.closed_roots()?;
        let said =
            if roots.is_empty() { self.ask("snapshot", &json!({}))? } else { self.snapshot_with(&roots)? };
        let mut snapshot: Snapshot = read("snapshot", &said)?;
        self.listeners(&mut snapshot)?;
        snapshot.state.dialogs.append(&mut self.seen.dialogs);
        Ok(snapshot)
    }

    /// Closed shadow roots, which only the protocol opens, as objects of our world.
    fn closed_roots(&mut self) -> Result<Vec<String>, Error> {
        if self.evaluate_raw(MAY_HIDE, CALL_MS)? != Value::Bool(true) {
            return Ok(Vec::new());
        }
        let whole = json!({"depth": -1, "pierce": true});
        let tree = self.call("DOM.getDocument", &whole, SNAPSHOT_MS)?;
        let mut found = Vec::new();
        find_closed(tree.get("root").unwrap_or(&Value::Null), &mut found);
        let world = self.world()?;
        let mut objects = Vec::new();
        for node in found {
            let node = json!({"backendNodeId": node, "executionContextId": world});
            let object = self.call("DOM.resolveNode", &node, CALL_MS)?;
            if let Some(id) = object.pointer("/object/objectId").and_then(Value::as_str) {
                objects.push(id.to_owned());
            }
        }
        let session = self.session.clone();
        self.post(&session, "DOM.disable", &json!({}))?;
        Ok(objects)
    }

    fn snapshot_with(&mut self, roots: &[String]) -> Result<Value, Error> {
        let world = self.world()?;
        let arguments: Vec<Value> = roots.iter().map(|id| json!({"objectId": id})).collect();
        let call = json!({
            "functionDeclaration": "function(...roots) { return anning.snapshot({roots}) }",
            "executionContextId": world, "arguments": arguments, "returnByValue": true,
        });
        let answer = self.call("Runtime.callFunctionOn", &call, SNAPSHOT_MS)?;
        Ok(answer.pointer("/result/value").cloned().unwrap_or(Value::Null))
    }

    /// Drawn controls are operable when something listens on them or close above.
    fn listeners(&mut self, snapshot: &mut Snapshot) -> Result<(), Error> {
        let drawn = snapshot
            .state
            .controls
            .iter_mut()
            .filter(|control| control.made == anning_page::record::Made::Drawn && !control.operable)
            .filter(|control| control.seen.is_shown())
            .take(ASKED_MAX);
        for control in drawn {
            let button = control.kind == ControlKind::Button;
            control.operable = button || self.listens(&control.key)?;
        }
        Ok(())
    }

    fn listens(&mut self, key: &str) -> Result<bool, Error> {
        let world = self.world()?;
        for level in 0..CHAIN {
            let code = json!({
                "expression": format!("anning.chain({})[{level}]", json!(key)), "contextId": world,
            });
            let object = self.call("Runtime.evaluate", &code, CALL_MS)?;
            let Some(id) = object.pointer("/result/objectId").and_then(Value::as_str) else { break };
            // Only the page's own world knows the page's listeners.
            let node = self.call("DOM.describeNode", &json!({"objectId": id}), CALL_MS)?;
            let node = node.pointer("/node/backendNodeId").cloned().unwrap_or(Value::Null);
            let object = self.call("DOM.resolveNode", &json!({"backendNodeId": node}), CALL_MS)?;
            let id = object.pointer("/object/objectId").and_then(Value::as_str).unwrap_or_default();
            let said =
                self.call("DOMDebugger.getEventListeners", &json!({"objectId": id, "depth": 1}), CALL_MS)?;
            let heard = said.get("listeners").and_then(Value::as_array).into_iter().flatten();
            if heard.into_iter().any(|listener| PRESSES.contains(&text(listener, "type").as_str())) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Presses an element as a person would; when something lies over it or it has no area, without a pointer.
    pub(crate) fn press(&mut self, key: &str) -> Result<bool, Error> {
        let point: Option<Point> = serde_json::from_value(self.ask("point", &json!(key))?)
            .map_err(|err| Error::Answer(format!("point: {err}")))?;
        let Some(point) = point else { return Ok(false) };
        if point.gone || !point.free {
            return Ok(self.ask("press", &json!(key))? == Value::Bool(true));
        }
        self.press_at(point.x, point.y)?;
        Ok(true)
    }

    pub(crate) fn press_at(&mut self, x: f64, y: f64) -> Result<(), Error> {
        for (kind, buttons, count) in [("mouseMoved", 0, 0), ("mousePressed", 1, 1), ("mouseReleased", 0, 1)]
        {
            let button = if count == 0 { "none" } else { "left" };
            let event = json!({
                "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": count,
            });
            self.call("Input.dispatchMouseEvent", &event, CALL_MS)?;
        }
        // The pointer leaves, or what it hovers over would look different in every state.
        let away = json!({"type": "mouseMoved", "x": -1, "y": -1, "button": "none"});
        let session = self.session.clone();
        self.post(&session, "Input.dispatchMouseEvent", &away)
    }

    /// The browser's way back, within what the page itself put into its history or to the page before.
    pub(crate) fn back(&mut self) -> Result<(), Error> {
        self.evaluate_raw("history.back()", CALL_MS)?;
        self.wait(WATCH_MS)?;
        self.settle(QUIET_MS)
    }

    pub(crate) fn escape(&mut self) -> Result<(), Error> {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({
                "type": kind, "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27,
            });
            self.call("Input.dispatchKeyEvent", &event, CALL_MS)?;
        }
        Ok(())
    }

    /// Reads a document, or what stands in one element.
    pub(crate) fn reading(&mut self, key: Option<&str>) -> Result<Reading, Error> {
        self.ask_text("document", &json!(key))
    }

    /// The whole page as a picture, to a bounded height.
    pub(crate) fn picture(&mut self, size: [f32; 2]) -> Result<Vec<u8>, Error> {
        let clip = json!({
            "x": 0, "y": 0, "width": size[0].clamp(1.0, PICTURE_WIDTH), "height": size[1].clamp(1.0, PICTURE_HEIGHT),
            "scale": 1,
        });
        let how =
            json!({"format": "png", "captureBeyondViewport": true, "clip": clip, "optimizeForSpeed": true});
        let answer = self.call("Page.captureScreenshot", &how, PICTURE_MS)?;
        Base64::decode_vec(&text(&answer, "data"))
            .map_err(|_| Error::Answer("a picture in base64".to_owned()))
    }

    /// The page with all it consists of, as one file.
    pub(crate) fn saved(&mut self) -> Result<Vec<u8>, Error> {
        let answer = self.call("Page.captureSnapshot", &json!({"format": "mhtml"}), PICTURE_MS)?;
        Ok(text(&answer, "data").into_bytes())
    }
}

/// A JSON text that the script answered with. Half a character, which JavaScript allows, is read as one unknown.
pub(crate) fn read<T: DeserializeOwned>(function: &str, said: &Value) -> Result<T, Error> {
    let said = crate::pipe::well_formed(said.as_str().unwrap_or("null").as_bytes());
    serde_json::from_slice(&said).map_err(|err| Error::Answer(format!("{function}: {err}")))
}

fn find_closed(node: &Value, into: &mut Vec<i64>) {
    if into.len() >= ROOTS_MAX {
        return;
    }
    if node.get("shadowRootType").and_then(Value::as_str) == Some("closed") {
        into.extend(node.get("backendNodeId").and_then(Value::as_i64));
    }
    for name in ["children", "shadowRoots"] {
        for child in node.get(name).and_then(Value::as_array).into_iter().flatten() {
            find_closed(child, into);
        }
    }
    if let Some(inner) = node.get("contentDocument") {
        find_closed(inner, into);
    }
}

/// The script as one expression.
fn script() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    let parts = [
        include_str!("script/tree.js"),
        include_str!("script/look.js"),
        include_str!("script/words.js"),
        include_str!("script/controls.js"),
        include_str!("script/snapshot.js"),
        include_str!("script/act.js"),
        include_str!("script/find.js"),
        include_str!("script/held.js"),
    ];
    SCRIPT.get_or_init(|| format!("\"use strict\";(()=>{{{}}})()", crate::script::own(&parts.join("\n"))))
}

/// Fulfilled after two frames, or after a moment where no frames are painted.
const FRAMES: &str = "new Promise(done => { setTimeout(() => done(1), 250); \
     requestAnimationFrame(() => requestAnimationFrame(() => done(2))) })";
/// Whether the page has kept still since the last time this was asked; the first time it begins to watch.
const STILL: &str = "(() => { const w = globalThis, d = Document.prototype; \
     const ready = Object.getOwnPropertyDescriptor(d, 'readyState').get.call(document) === 'complete'; \
     const ticks = d.querySelectorAll.call(document, ':checked').length; const moving = d.getAnimations.call(document).some(a => \
     a.playState === 'running' && a.effect && Number.isFinite(a.effect.getComputedTiming().endTime)); if (!w.anningWatch) { w.anningWatch = { n: 0, ticks }; \
     new MutationObserver(l => { w.anningWatch.n += l.length }).observe(document, \
     { subtree: true, childList: true, attributes: true, characterData: true }); return ready } \
     const still = w.anningWatch.n < 1 && (w.anningWatch.ticks ?? ticks) === ticks; \
     w.anningWatch.n = 0; w.anningWatch.ticks = ticks; return still && !moving && ready })()";
/// How much the page shows, as [`NOTHING`], a few words, [`WORDS`] or buttons, a [`FORM`].
const SHOWS: &str = "(() => { let words = 0, most = 0; const own = (of, name) => Object.getOwnPropertyDescriptor(of.prototype, name).get; \
     const shadow = own(Element, 'shadowRoot'), name = own(Element, 'localName'), body = own(Document, 'body'); const look = (root) => { \
     const within = root instanceof ShadowRoot; \
     for (const e of (within ? DocumentFragment : Document).prototype.querySelectorAll.call(root, '*')) { if (most > 2) return; const n = name.call(e); \
     const role = Element.prototype.getAttribute.call(e, 'role') || ''; const r = () => Element.prototype.getBoundingClientRect.call(e); \
     if (n === 'textarea' || n === 'select' || (n === 'input' && !/^(hidden|search|submit|button|image|reset)$/.test(e.type)) \
     || e.isContentEditable === true || role === 'checkbox' || role === 'switch') { if (r().width || e.labels && e.labels.length) most = 3 } \
     else if (most < 2 && (/^(button|input|embed|object)$/.test(n) || role === 'button') && r().width) most = 2; \
     const open = shadow.call(e); if (open) look(open); else if (n.includes('-') && e.clientHeight > 40) most = Math.max(most, 2); \
     if (n === 'iframe') try { if (e.contentDocument && r().width) look(e.contentDocument) } catch { } } \
     if (!within) { const b = body.call(root); words += b ? b.innerText.trim().length : 0 } \
     else for (const c of root.children) words += (c.innerText || '').trim().length }; look(document); \
     return Math.max(most, words > 200 ? 2 : words ? 1 : 0) })()";
/// Neither words nor anything to operate.
const NOTHING: u64 = 0;
/// A page's worth of words, or buttons.
const WORDS: u64 = 2;
/// Something to fill in or to tick.
const FORM: u64 = 3;
/// An element of the page's own making that shows no open root may have a closed one.
const MAY_HIDE: &str = "(() => { const root = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot').get; \
     const has = (d) => { for (const e of (d instanceof ShadowRoot ? DocumentFragment : Document).prototype.querySelectorAll.call(d, '*')) { \
     const open = e instanceof Element ? root.call(e) : null; \
     if (!open && (String(e.localName).includes('-') || (e.localName === 'div' && !e.childNodes.length && e.clientHeight > 8))) return true; \
     if (open && has(open)) return true; \
     if (e.localName === 'iframe') { try { if (e.contentDocument && has(e.contentDocument)) return true } catch { } } } return false }; \
     return has(document) })()";
/// Events that a press causes.
const PRESSES: &[&str] =
    &["click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend", "change"];
/// Elements upwards that are asked who listens.
const CHAIN: usize = 3;
/// Drawn controls that are asked.
const ASKED_MAX: usize = 12;
/// Closed shadow roots that are opened.
const ROOTS_MAX: usize = 200;
/// Milliseconds for a page to come.
pub(crate) const LOAD_MS: i64 = 15_000;
/// Milliseconds without a change that count as rest.
pub(crate) const QUIET_MS: i64 = 40;
/// Milliseconds between two looks at a page that may change by itself.
const WATCH_MS: i64 = 100;
/// Milliseconds within which a page that never rests is taken as it is.
const SETTLE_MS: i64 = 2_500;
/// Milliseconds within which a page that shows nothing, or still loads, may begin to show something.
const RENDER_MS: i64 = 5_000;
/// Milliseconds within which a form may join what a page shows already.
const MOMENT_MS: i64 = 1_500;
/// Milliseconds within which more words may join the few of a document.
const WORDS_MS: i64 = 300;
/// Milliseconds without a change that count as rest on a page that was late: it is built in parts.
const LATE_QUIET_MS: i64 = 200;
/// Milliseconds for the script on a page of 30 000 elements.
pub(crate) const SNAPSHOT_MS: i64 = 15_000;
/// Milliseconds for a picture.
const PICTURE_MS: i64 = 8_000;
/// CSS pixels of a picture.
const PICTURE_WIDTH: f32 = 2_000.0;
/// CSS pixels of a picture.
const PICTURE_HEIGHT: f32 = 8_000.0;
