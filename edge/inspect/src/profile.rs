//! What a page's profile held before anything was typed, and how it is begun anew with that.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::browser::text;
use crate::error::Error;
use crate::page::{SNAPSHOT_MS, read};
use crate::tab::{CALL_MS, Tab};

/// Cookies and storage of a page, to begin anew with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) cookies: Value,
    pub(crate) storage: Value,
}

/// What is remembered before something is typed.
#[derive(Debug, Deserialize)]
struct Held {
    references: Vec<String>,
    storage: Value,
    cut: bool,
}

impl Tab<'_> {
    /// What stands behind the browser's word.
    pub(crate) fn why(&mut self, failed: String) -> String {
        if let Some(origin) = self.traffic.elsewhere() {
            return format!("it leads to another origin, {origin}; name it with --allow-origin {origin}");
        }
        match self.trouble() {
            Some(trouble) => format!("{failed}: {trouble}"),
            None => failed,
        }
    }

    /// Before the first typing: remembers what the page names and its profile holds, then shuts its way out.
    pub(crate) fn typing(&mut self, entries: &Value) -> Result<(), Error> {
        let texts = entries.as_array().into_iter().flatten();
        let values: Vec<String> = texts.map(|entry| text(entry, "value")).collect();
        if !self.traffic.has_server() || self.traffic.is_typed() {
            self.traffic.typed(values, Vec::new());
            return Ok(());
        }
        let said = self.evaluate_raw("anning.held()", SNAPSHOT_MS)?;
        let held: Held = read("held", &said)?;
        if held.cut {
            self.note("bound_reached", "more is stored by the page than is kept for a second visit");
        }
        let cookies = self.call("Network.getAllCookies", &json!({}), CALL_MS)?;
        let cookies = cookies.get("cookies").cloned().unwrap_or(Value::Null);
        self.before = Some(Profile { cookies, storage: held.storage });
        self.traffic.typed(values, held.references);
        self.shut();
        Ok(())
    }

    /// A new profile with what the old one held before anything was typed; the script that puts it there.
    pub(crate) fn restored(&mut self) -> Result<Option<String>, Error> {
        let before = self.before.clone().unwrap_or_default();
        self.afresh()?;
        let kept: Vec<Value> = before.cookies.as_array().into_iter().flatten().map(cookie).collect();
        if !kept.is_empty() {
            self.call("Network.setCookies", &json!({"cookies": kept}), CALL_MS)?;
        }
        if before.storage.as_object().is_none_or(serde_json::Map::is_empty) {
            return Ok(None);
        }
        let source = format!("({})({})", include_str!("script/restore.js"), before.storage);
        let script = json!({"source": source, "worldName": "anning-restore"});
        let made = self.call("Page.addScriptToEvaluateOnNewDocument", &script, CALL_MS)?;
        Ok(Some(text(&made, "identifier")))
    }
}

/// What sets a cookie again.
fn cookie(known: &Value) -> Value {
    let kept = ["name", "value", "domain", "path", "secure", "httpOnly", "sameSite", "expires"];
    let known = known.as_object().into_iter().flatten();
    // One that ends with the session has an end before all time.
    let lasting = |(name, value): &(&String, &Value)| {
        kept.contains(&name.as_str())
            && (name.as_str() != "expires" || value.as_f64().is_some_and(|at| at > 0.0))
    };
    Value::Object(known.filter(lasting).map(|(name, value)| (name.clone(), value.clone())).collect())
}
