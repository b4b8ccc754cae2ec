//! From a page to its record.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anning_page::record::{ControlKind, FORMAT, Note, Outcome, Record, Recorder, Viewport};
use anning_page::way;

use crate::browser::Browser;
use crate::documents::Documents;
use crate::error::Error;
use crate::evidence::Evidence;
use crate::explore;
use crate::flow::{self, Step};
use crate::folder::Folder;
use crate::traffic::{ELSEWHERE, Ground, STORED, origin};
use crate::visit::{Draft, Visit, begin};

/// Where a page is.
#[derive(Clone, Debug)]
pub enum Page {
    /// On the network. Further origins it may read from are named by the caller.
    Address {
        /// `https://…` or `http://…`.
        address: String,
        /// Origins besides its own, as `https://cdn.example`.
        origins: Vec<String>,
    },
    /// In a folder, of which the browser sees nothing outside.
    Stored {
        /// The folder.
        folder: PathBuf,
        /// The first page below it.
        entry: String,
    },
}

/// A record and how many bytes of evidence stand beside it.
#[derive(Debug)]
pub struct Recording {
    /// What the browser saw.
    pub record: Record,
    /// Milliseconds it took.
    pub millis: i64,
}

impl Browser {
    /// Records a page with one viewport; pictures and the saved page go into `evidence`.
    ///
    /// A page that fails in any way has a record that says how. Nothing is sent, whatever the page tries.
    ///
    /// # Errors
    /// [`Error::Address`], [`Error::File`] when evidence cannot be written or the folder not be read, and what ends
    /// the browser itself.
    pub fn record(
        &mut self,
        page: &Page,
        viewport: Viewport,
        evidence: Option<&Path>,
    ) -> Result<Recording, Error> {
        self.record_flow(page, &[], viewport, evidence)
    }

    /// As [`Browser::record`], taking these steps instead of looking for the way by itself.
    ///
    /// # Errors
    /// As [`Browser::record`]. A step that cannot be taken ends the flow: the record is partial and says which.
    pub fn record_flow(
        &mut self,
        page: &Page,
        steps: &[Step],
        viewport: Viewport,
        evidence: Option<&Path>,
    ) -> Result<Recording, Error> {
        let (ground, address, shown) = ground(page)?;
        let began = self.now();
        let record = Record {
            format: FORMAT.to_owned(),
            address: shown,
            recorded_at: utc((self.clock)()),
            recorder: Recorder {
                name: "anning".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                browser: self.version.clone(),
                agent: crate::agent::agent(&self.agent, viewport.touch),
            },
            viewport,
            outcome: Outcome::Complete,
            notes: Vec::new(),
            states: Vec::new(),
            events: Vec::new(),
            documents: Vec::new(),
            submits: Vec::new(),
            files: Vec::new(),
        };
        let mut draft = Draft {
            record,
            evidence: Evidence::open(evidence)?,
            began,
            until: began + PAGE_MS,
            waited: HashSet::new(),
            unfinished: None,
            leads_on: false,
        };
        if self.unprotected {
            draft.note("sandbox_missing", "this machine refused the browser its sandbox");
        }
        let walked = self.walk(&mut draft, &ground, &address, steps);
        let over = self.memory.was_over();
        if over {
            let bound = crate::memory::MEMORY_MAX >> 20;
            draft.note("memory", &format!("the browser took more than {bound} MB; the page was ended"));
        }
        match walked {
            Err(Error::BrowserEnded(_)) if over => settle_outcome(&mut draft, Err(Error::Crashed))?,
            walked => settle_outcome(&mut draft, walked)?,
        }
        crate::bounds::hold(&mut draft.record);
        let millis = self.now() - began;
        Ok(Recording { record: draft.record, millis })
    }

    fn walk(
        &mut self,
        draft: &mut Draft,
        ground: &Ground,
        address: &str,
        steps: &[Step],
    ) -> Result<(), Error> {
        let mut documents = Documents::new(HashMap::new());
        let more = match begin(self, draft, ground.clone(), address, 0)? {
            Err(failed) => {
                unreachable(draft, &failed);
                return Ok(());
            }
            Ok(mut visit) => {
                if !is_page(&mut visit) {
                    return Ok(());
                }
                if steps.is_empty() {
                    asks(&mut visit);
                }
                save(&mut visit)?;
                let walked = if steps.is_empty() {
                    explore::untouched(&mut visit, &mut documents)
                } else {
                    flow::walk(&mut visit, &mut documents, steps)
                };
                visit.gather();
                walked?;
                steps.is_empty() && explore::is_worth_another(&visit)
            }
        };
        if more
            && self.now() < draft.until
            && let Ok(mut visit) = begin(self, draft, ground.clone(), address, 1)?
        {
            let walked = explore::onwards(&mut visit, &mut documents);
            visit.gather();
            walked?;
        }
        let viewport = draft.record.viewport;
        documents.read(self, draft, viewport, ground)
    }
}

/// The page as it came, in one file.
fn save(visit: &mut Visit<'_, '_>) -> Result<(), Error> {
    let bytes = visit.tab.saved()?;
    let file = visit.draft.evidence.add("page.mhtml", "multipart/related", &bytes)?;
    visit.draft.record.files.push(file);
    Ok(())
}

/// What came is a page with a good status, and no proof of a human being is asked before it.
fn is_page(visit: &mut Visit<'_, '_>) -> bool {
    let (status, media) = (visit.tab.seen.status, visit.tab.seen.media.clone());
    if status >= 400 {
        unreachable(visit.draft, &format!("status {status}"));
        return false;
    }
    if !media.is_empty() && !media.contains("html") {
        visit.draft.note("not_a_page", &media);
        visit.draft.record.outcome = Outcome::NotAPage;
        return false;
    }
    let blank = visit.state().is_none_or(|state| {
        !state.texts.iter().any(|text| text.seen.is_shown())
            && !state.fields.iter().any(|field| field.seen.is_shown())
            && !state.controls.iter().any(|control| control.seen.is_shown())
            && state.dialogs.is_empty()
    });
    if blank && visit.captcha.is_empty() {
        visit.draft.note("blank", "no text, field or control came");
        visit.draft.record.outcome = Outcome::Blank;
        return false;
    }
    let few = visit
        .state()
        .is_none_or(|state| state.fields.iter().filter(|field| field.seen.is_shown()).count() == 0);
    if !visit.captcha.is_empty() && few {
        let place = visit.captcha.clone();
        visit.draft.note("captcha", &place);
        visit.draft.record.outcome = Outcome::Captcha;
        return false;
    }
    true
}

/// Notes a page that asks nothing. What a script of another origin would have asked is not known.
fn asks(visit: &mut Visit<'_, '_>) {
    let Some(state) = visit.state() else { return };
    let operated = state.fields.iter().any(|field| field.seen.is_shown() && field.kind != "search")
        || state
            .controls
            .iter()
            .any(|control| control.seen.is_shown() && control.kind != ControlKind::Button)
        || !state.dialogs.is_empty();
    let asked = state.texts.iter().any(|text| text.seen.is_shown() && way::asks(&text.text));
    if operated || asked {
        return;
    }
    match visit.draft.record.notes.iter().find(|note| may_hold_form(note)) {
        Some(missing) => {
            visit.draft.unfinished = Some(format!("what may hold the form was not loaded, {}", missing.text));
        }
        None => visit.draft.note("asks_nothing", "no field, no box, no way on, no words of consent"),
    }
}

/// A script or frame of an origin that nobody named was refused.
fn may_hold_form(note: &Note) -> bool {
    let kind = note.text.rsplit(": ").next().unwrap_or_default();
    note.kind == "request_refused"
        && note.text.starts_with(ELSEWHERE)
        && matches!(kind, "script" | "document")
}

fn unreachable(draft: &mut Draft, why: &str) {
    let file = why.contains("ERR_ABORTED");
    draft.record.outcome = if file { Outcome::NotAPage } else { Outcome::Unreachable };
    draft.note(if file { "not_a_page" } else { "unreachable" }, why);
}

/// What broke a page ends in its record; what broke the browser or the disk is the caller's.
fn settle_outcome(draft: &mut Draft, walked: Result<(), Error>) -> Result<(), Error> {
    let none = draft.record.states.is_empty();
    match walked {
        Ok(()) => {
            if let Some(why) = draft.unfinished.take()
                && draft.record.outcome == Outcome::Complete
            {
                draft.note("unfinished", &why);
                draft.record.outcome = Outcome::Partial;
            }
            if draft.record.outcome == Outcome::Complete
                && draft.record.notes.iter().any(|note| note.kind == "bound_reached")
            {
                draft.record.outcome = Outcome::Partial;
            }
        }
        Err(Error::Crashed) => {
            draft.record.outcome = Outcome::Crashed;
            draft.note("crashed", "the page's process died");
        }
        Err(err @ (Error::Slow { .. } | Error::Refused { .. } | Error::Answer(_))) => {
            draft.record.outcome = if none { Outcome::TimedOut } else { Outcome::Partial };
            draft.note("step_failed", &err.to_string());
        }
        Err(err) => return Err(err),
    }
    Ok(())
}

/// What the page may reach, its address in the browser and in the record.
fn ground(page: &Page) -> Result<(Ground, String, String), Error> {
    match page {
        Page::Address { address, origins } => {
            if !address.starts_with("https://") && !address.starts_with("http://") {
                return Err(Error::Address(address.clone()));
            }
            let mut all = vec![origin(address)];
            all.extend(origins.iter().map(|named| origin(named)));
            Ok((Ground::Origins(all), address.clone(), address.clone()))
        }
        Page::Stored { folder, entry } => {
            let entry = entry.trim_start_matches('/');
            let address = format!("{STORED}/{}", crate::folder::encode(entry));
            Ok((Ground::Folder(Folder::open(folder)?), address, entry.to_owned()))
        }
    }
}

/// A time as RFC 3339 in UTC.
fn utc(at: anning_vocab::Timestamp) -> String {
    let shifted = at.plus_millis(-BEIJING_MS).to_string();
    shifted.strip_suffix("+08:00").map_or(shifted.clone(), |plain| format!("{plain}Z"))
}

/// Milliseconds after which no further step of a page is begun.
const PAGE_MS: i64 = 60_000;
/// How far the calendar of the timestamps is ahead of UTC.
const BEIJING_MS: i64 = 8 * 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc() {
        let at = anning_vocab::Timestamp::from_millis(1_700_000_000_123);
        assert_eq!(utc(at), "2023-11-14T22:13:20.123Z");
    }
}
