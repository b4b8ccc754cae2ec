//! Whether the page does anything when somebody types.

use serde_json::{Value, json};

use crate::browser::text;
use crate::error::Error;
use crate::tab::{CALL_MS, Tab};

impl Tab<'_> {
    /// Something on the page or above it listens to typing. When it cannot be told, it does.
    pub(crate) fn hears_typing(&mut self) -> Result<bool, Error> {
        for (place, depth) in [("document", -1), ("window", 1)] {
            let code = json!({"expression": place, "objectGroup": GROUP});
            let object = match self.call("Runtime.evaluate", &code, CALL_MS) {
                Ok(object) => object,
                Err(Error::Refused { .. }) => return Ok(true),
                Err(err) => return Err(err),
            };
            let Some(id) = object.pointer("/result/objectId").and_then(Value::as_str) else {
                return Ok(true);
            };
            let whole = json!({"objectId": id, "depth": depth, "pierce": true});
            let said = match self.call("DOMDebugger.getEventListeners", &whole, CALL_MS) {
                Ok(said) => said,
                Err(Error::Refused { .. }) => return Ok(true),
                Err(err) => return Err(err),
            };
            let heard = said.get("listeners").and_then(Value::as_array).into_iter().flatten();
            if heard.into_iter().any(|listener| TYPING.contains(&text(listener, "type").as_str())) {
                return Ok(true);
            }
        }
        let session = self.session.clone();
        self.post(&session, "Runtime.releaseObjectGroup", &json!({"objectGroup": GROUP}))?;
        Ok(false)
    }
}

/// Events that typing causes.
const TYPING: &[&str] = &[
    "input",
    "beforeinput",
    "change",
    "keydown",
    "keypress",
    "keyup",
    "blur",
    "focus",
    "focusin",
    "focusout",
    "textInput",
    "compositionend",
    "selectionchange",
];
/// What the browser keeps for us until it is let go.
const GROUP: &str = "anning-hearing";
