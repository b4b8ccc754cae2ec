//! A flow that somebody wrote down: steps through several pages, each recorded.

use anning_page::record::{Act, Outcome};
use serde_json::json;

use crate::documents::Documents;
use crate::error::Error;
use crate::page::Awaited;
use crate::traffic::origin;
use crate::visit::{LINGER_MS, Visit};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Opens another address of the same ground.
    Open(String),
    /// Presses something that is no consent and does not lead on.
    Click(Target),
    /// Switches a consent on.
    Tick(Target),
    /// Switches a consent off.
    Untick(Target),
    /// Presses the way on. What it would send is stopped.
    Submit(Target),
    /// Types a value of the author's, who must not give a real person's.
    Type(Target, String),
    /// Types invented data into every field that can be seen.
    Fill,
    /// Waits some seconds for what may come by itself.
    Wait,
}

/// What a step is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A selector; parts within frames and shadow roots follow `>>>`.
    Selector(String),
    /// The words on it.
    Words(String),
}

impl Step {
    /// As the author wrote it.
    fn shown(&self) -> String {
        match self {
            Self::Open(address) => format!("open = \"{address}\""),
            Self::Click(target) => format!("click = \"{target}\""),
            Self::Tick(target) => format!("tick = \"{target}\""),
            Self::Untick(target) => format!("untick = \"{target}\""),
            Self::Submit(target) => format!("submit = \"{target}\""),
            Self::Type(target, _) => format!("type = \"{target}\""),
            Self::Fill => "fill = true".to_owned(),
            Self::Wait => "wait = true".to_owned(),
        }
    }
}

impl core::fmt::Display for Target {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Selector(text) => f.write_str(text),
            Self::Words(text) => write!(f, "text={text}"),
        }
    }
}

impl Target {
    /// `text=…` names by words, anything else is a selector.
    #[must_use]
    pub fn read(text: &str) -> Self {
        text.strip_prefix("text=")
            .map_or_else(|| Self::Selector(text.to_owned()), |words| Self::Words(words.trim().to_owned()))
    }

    fn shown(&self) -> &str {
        match self {
            Self::Selector(text) | Self::Words(text) => text,
        }
    }
}

/// Takes the steps; the first that cannot be taken ends the flow with a note.
pub(crate) fn walk(
    visit: &mut Visit<'_, '_>,
    documents: &mut Documents,
    steps: &[Step],
) -> Result<(), Error> {
    documents.follow(visit)?;
    for (at, step) in steps.iter().enumerate() {
        if visit.is_late() {
            visit.draft.note("step_failed", &format!("step {}, {}: time ran out", at + 1, step.shown()));
            visit.draft.record.outcome = Outcome::Partial;
            return Ok(());
        }
        if let Some(why) = take(visit, step)? {
            visit.draft.note("step_failed", &format!("step {}, {}: {why}", at + 1, step.shown()));
            visit.draft.record.outcome = Outcome::Partial;
            return Ok(());
        }
        documents.follow(visit)?;
    }
    Ok(())
}

/// Takes one step; why it could not be.
fn take(visit: &mut Visit<'_, '_>, step: &Step) -> Result<Option<String>, Error> {
    match step {
        Step::Open(address) => open(visit, address),
        Step::Click(target) => press(visit, Act::Click, target),
        Step::Tick(target) => switch(visit, Act::Tick, target, true),
        Step::Untick(target) => switch(visit, Act::Untick, target, false),
        Step::Submit(target) => press(visit, Act::Submit, target),
        Step::Type(target, text) => {
            let key = match find(visit, target)? {
                Ok((key, _)) => key,
                Err(why) => return Ok(Some(why)),
            };
            visit.tab.event = visit.draft.record.events.len();
            visit.tab.ask("fill", &json!([{"key": key, "value": text}]))?;
            visit.settle_typed()?;
            visit.take(Act::Type, Some(&key), "", false)?;
            Ok(None)
        }
        Step::Fill => visit.fill().map(|_| None),
        Step::Wait => visit.linger(LINGER_MS).map(|_| None),
    }
}

fn open(visit: &mut Visit<'_, '_>, address: &str) -> Result<Option<String>, Error> {
    // A page may have put what was typed into its own address.
    let here = visit.state().map(|state| state.address.clone()).filter(|at| visit.tab.traffic.is_clean(at));
    let base = here.or_else(|| visit.draft.state(0).map(|state| state.address.clone())).unwrap_or_default();
    let whole = visit.tab.ask("absolute", &json!([address, base]))?;
    let whole = whole.as_str().unwrap_or(address).to_owned();
    if !visit.tab.traffic.admits(&whole) {
        return Ok(Some(match whole.starts_with("http") {
            true => format!(
                "{} is another origin; if it belongs to the flow, add --allow-origin {0}",
                origin(&whole)
            ),
            false => "only http and https addresses can be opened".to_owned(),
        }));
    }
    visit.tab.event = visit.draft.record.events.len();
    if let Some(failed) = visit.tab.go(&whole, Awaited::Form)? {
        return Ok(Some(format!("{failed}: {address}")));
    }
    visit.take(Act::Click, None, address, true)?;
    Ok(None)
}

fn press(visit: &mut Visit<'_, '_>, act: Act, target: &Target) -> Result<Option<String>, Error> {
    let (key, label) = match find(visit, target)? {
        Ok(found) => found,
        Err(why) => return Ok(Some(why)),
    };
    let label = if label.is_empty() { target.shown().to_owned() } else { label };
    visit.press(act, &key, &label, true)?;
    Ok(None)
}

/// As a person would: what is on already is left alone.
fn switch(visit: &mut Visit<'_, '_>, act: Act, target: &Target, on: bool) -> Result<Option<String>, Error> {
    let key = match find(visit, target)? {
        Ok((key, _)) => key,
        Err(why) => return Ok(Some(why)),
    };
    let is_on = visit.state().and_then(|state| state.control(&key)).and_then(|control| control.on);
    if is_on == Some(on) {
        return Ok(None);
    }
    press(visit, act, target)
}

/// Key and words of what a step is done to, or why there is none.
fn find(visit: &mut Visit<'_, '_>, target: &Target) -> Result<Result<(String, String), String>, Error> {
    let Target::Words(words) = target else {
        let found = visit.tab.ask("find", &json!(target.shown()))?;
        let Some(key) = found.as_str() else {
            return Ok(Err(format!(
                "neither a selector nor text=… with the words on the page: {}",
                target.shown()
            )));
        };
        if key.is_empty() {
            return Ok(Err(missing(target)));
        }
        let label = visit.state().and_then(|state| state.control(key)).map(|control| control.label.clone());
        return Ok(Ok((key.to_owned(), label.unwrap_or_default())));
    };
    let Some(state) = visit.state() else { return Ok(Err(missing(target))) };
    let controls = state.controls.iter().filter(|control| control.seen.is_shown());
    let links = state.links.iter().filter(|link| link.seen.is_shown());
    let all: Vec<(&str, &str)> = controls
        .map(|control| (control.key.as_str(), control.label.trim()))
        .chain(links.map(|link| (link.key.as_str(), link.text.trim())))
        .collect();
    let exact = all.iter().find(|(_, label)| label == words);
    let found = exact.or_else(|| all.iter().find(|(_, label)| label.contains(words.as_str())));
    Ok(found.map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).ok_or_else(|| missing(target)))
}

fn missing(target: &Target) -> String {
    format!("nothing on the page is: {}", target.shown())
}
