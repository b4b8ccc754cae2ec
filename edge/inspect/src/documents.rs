//! What the links beside a consent open, within two clicks.

use std::collections::HashMap;

use anning_page::record::{Act, Document, Link, Opened, State, Viewport};

use crate::browser::Browser;
use crate::deed;
use crate::error::Error;
use crate::page::{Awaited, Reading};
use crate::surface::{added, grew, offers, went};
use crate::tab::Tab;
use crate::traffic::{Ground, LATE};
use crate::visit::{Draft, Visit};
use anning_page::way;

/// A link to try, once for all links to the same place.
struct Lead {
    name: String,
    target: String,
    url: String,
    key: String,
    from: Option<usize>,
}

/// Opens documents in a tab of its own and remembers which address is which document.
pub(crate) struct Documents {
    known: HashMap<String, usize>,
}

impl Documents {
    pub(crate) const fn new(known: HashMap<String, usize>) -> Self {
        Self { known }
    }

    /// Tries every link of the visit's latest state that names a document or stands in a consent.
    pub(crate) fn follow(&mut self, visit: &mut Visit<'_, '_>) -> Result<(), Error> {
        let Some(state) = visit.state() else { return Ok(()) };
        let at = state.id;
        let (deeds, wanted): (Vec<Link>, Vec<Link>) = wanted(state)
            .into_iter()
            .partition(|link| deed::is_label(&link.text) || deed::is_address(&link.target));
        for link in deeds {
            visit
                .draft
                .note("link_not_followed", &format!("it does something: {} {}", link.text, link.target));
        }
        let last = wanted.last().cloned();
        for link in wanted {
            if visit.is_late() {
                visit.draft.note("bound_reached", "time ran out before all documents were opened");
                break;
            }
            if !offers(visit, &link) && !self.restore(visit, at, &link)? {
                visit.draft.note(
                    "link_not_tried",
                    &format!("the page did not come back to where this link stands: {}", link.text),
                );
                continue;
            }
            let url = visit.tab.ask("resolve", &serde_json::json!(link.key))?;
            let lead = Lead {
                name: link.text.clone(),
                target: link.target.clone(),
                url: url.as_str().unwrap_or_default().to_owned(),
                key: link.key.clone(),
                from: None,
            };
            let found = self.open_one(visit, &lead)?;
            for state in visit.draft.record.states.iter_mut().skip(at) {
                for same in
                    state.links.iter_mut().filter(|same| same.key == link.key && same.text == link.text)
                {
                    same.document = found;
                }
            }
        }
        if let Some(last) = last.filter(|last| !offers(visit, last)) {
            self.restore(visit, at, &last)?;
        }
        Ok(())
    }

    /// Back to the state in which a link stands: by the browser's way back, else by opening the page again where nothing
    /// was done before it. Whether the link is there again.
    fn restore(&self, visit: &mut Visit<'_, '_>, at: usize, link: &Link) -> Result<bool, Error> {
        let address = |state: Option<&State>| state.map(|state| state.address.clone());
        if address(visit.state()) != address(visit.draft.state(at)) {
            visit.tab.event = visit.draft.record.events.len();
            visit.tab.back()?;
            visit.take(Act::Back, None, "", false)?;
        }
        // Opening the page again would undo the steps that were taken.
        let fresh = visit.draft.record.events.iter().all(|event| {
            event.after > at
                || matches!(event.act, Act::Load | Act::Reload | Act::Back)
                || visit.draft.state(event.after).is_none_or(|state| state.visit != visit.number)
        });
        if !offers(visit, link) && fresh {
            self.again(visit)?;
        }
        Ok(offers(visit, link))
    }

    /// Opens what a link leads to, in place or in a tab of its own.
    fn open_one(&mut self, visit: &mut Visit<'_, '_>, lead: &Lead) -> Result<Option<usize>, Error> {
        let here = visit.state().map(|state| state.address.clone()).unwrap_or_default();
        let here = here.split('#').next().unwrap_or_default();
        let (base, fragment) = lead.url.split_once('#').unwrap_or((&lead.url, ""));
        let in_place = lead.target.is_empty()
            || lead.target.starts_with('#')
            || lead.url.starts_with("javascript:")
            || base == here;
        if in_place {
            let id = if fragment.is_empty() {
                format!("{here} {} {}", lead.key, lead.target)
            } else {
                format!("{here} {} #{fragment}", lead.name.trim_matches(['《', '》', ' ']))
            };
            if let Some(known) = self.known.get(&id) {
                return Ok(Some(*known));
            }
            if let Some(found) = self.in_place(visit, lead, fragment)? {
                self.known.insert(id, found);
                return Ok(Some(found));
            }
            return Ok(None);
        }
        if let Some(known) = self.known.get(base) {
            return Ok(Some(*known));
        }
        if !visit.tab.traffic.is_clean(&lead.url) {
            return Ok(Some(late(visit.draft, lead)));
        }
        if visit.draft.record.documents.len() >= DOCUMENTS_MAX {
            visit.draft.note("bound_reached", &format!("more than {DOCUMENTS_MAX} documents"));
            return Ok(None);
        }
        Ok(Some(self.queue(visit.draft, lead, base)))
    }

    /// A document that a tab of its own will open.
    fn queue(&mut self, draft: &mut Draft, lead: &Lead, base: &str) -> usize {
        let id = draft.record.documents.len();
        let mut document = blank(id, &lead.name, &lead.url, Opened::NotTried);
        document.from = lead.from;
        document.clicks = if lead.from.is_some() { 2 } else { 1 };
        draft.record.documents.push(document);
        self.known.insert(base.to_owned(), id);
        id
    }

    /// Presses a link that leads nowhere by address and sees what it does.
    fn in_place(
        &mut self,
        visit: &mut Visit<'_, '_>,
        lead: &Lead,
        fragment: &str,
    ) -> Result<Option<usize>, Error> {
        let anchor = if fragment.is_empty() {
            String::new()
        } else {
            visit.tab.ask("anchorOf", &serde_json::json!(fragment))?.as_str().unwrap_or_default().to_owned()
        };
        let before = visit.now;
        visit.tab.popups();
        let (navigations, held) = (visit.tab.seen.navigations, visit.tab.seen.held);
        let dialogs: Vec<String> = dialogs(visit);
        let mut changed = visit.press(Act::Click, &lead.key, &lead.name, false)?;
        if !changed && anchor.is_empty() && visit.tab.seen.popups.is_empty() {
            // What a script fetches or draws may take a moment.
            changed = visit.linger(EFFECT_MS)?;
        }
        if let Some(popup) =
            visit.tab.popups().into_iter().find(|url| url.split('#').next() != lead.url.split('#').next())
        {
            let base = popup.split('#').next().unwrap_or_default().to_owned();
            let lead = Lead {
                name: lead.name.clone(),
                target: popup.clone(),
                url: popup,
                key: String::new(),
                from: None,
            };
            if !self.known.contains_key(&base) && !visit.tab.traffic.is_clean(&lead.url) {
                return Ok(Some(late(visit.draft, &lead)));
            }
            return Ok(Some(
                self.known.get(&base).copied().unwrap_or_else(|| self.queue(visit.draft, &lead, &base)),
            ));
        }
        let new = visit.state().and_then(|state| {
            state
                .dialogs
                .iter()
                .find(|dialog| dialog.native.is_empty() && !dialogs.contains(&dialog.key))
                .cloned()
        });
        let id = visit.draft.record.documents.len();
        let document = if let Some(dialog) = new {
            let reading = visit.tab.reading(Some(&dialog.key))?;
            let mut document = blank(id, &lead.name, &reading.address, Opened::Dialog);
            fill(&mut document, &reading);
            let known = visit.draft.record.documents.iter().find(|known| known.texts == document.texts);
            let id = known.map_or(id, |known| known.id);
            if id == document.id {
                visit.draft.record.documents.push(document);
            }
            self.close(visit, &dialog.key)?;
            return Ok(Some(id));
        } else if visit.tab.seen.navigations > navigations {
            let reading = visit.tab.reading(None)?;
            let mut document = blank(id, &lead.name, &reading.address, Opened::Page);
            fill(&mut document, &reading);
            visit.draft.record.documents.push(document);
            self.back(visit)?;
            return Ok(Some(id));
        } else if visit.tab.seen.held > held {
            return Ok(Some(late(visit.draft, lead)));
        } else if changed && went(visit, before, &lead.key) {
            let reading = visit.tab.reading(None)?;
            let mut document = blank(id, &lead.name, &reading.address, Opened::Page);
            fill(&mut document, &reading);
            document
        } else if !anchor.is_empty() {
            let reading = visit.tab.reading(Some(&anchor))?;
            let mut document = blank(id, &lead.name, &lead.url, Opened::Anchor);
            fill(&mut document, &reading);
            document
        } else if changed && grew(visit, before) {
            let mut document = blank(id, &lead.name, &lead.url, Opened::Dialog);
            document.reason = "more text on the same page".to_owned();
            document.texts = added(visit, before);
            document
        } else {
            let mut document = blank(id, &lead.name, &lead.url, Opened::Nothing);
            document.reason =
                format!("no effect: {}", if lead.target.is_empty() { "no target" } else { &lead.target });
            document
        };
        visit.draft.record.documents.push(document);
        Ok(Some(id))
    }

    /// Leaves a dialog that shows a document: its own way out, else Escape, else the page again.
    fn close(&mut self, visit: &mut Visit<'_, '_>, key: &str) -> Result<(), Error> {
        let way_out = visit.state().and_then(|state| {
            let mut inside = state
                .controls
                .iter()
                .filter(|control| control.dialog.as_deref() == Some(key) && control.seen.is_shown());
            let all: Vec<_> = inside.by_ref().collect();
            all.iter()
                .find(|control| way::is_decline(&control.label))
                .or_else(|| all.iter().find(|control| !way::is_consent(&control.label)))
                .map(|control| (control.key.clone(), control.label.clone()))
        });
        if let Some((button, label)) = way_out {
            visit.press(Act::Click, &button, &label, false)?;
        }
        if dialogs(visit).iter().any(|open| open == key) {
            visit.tab.event = visit.draft.record.events.len();
            visit.tab.escape()?;
            visit.tab.settle(crate::page::QUIET_MS)?;
            visit.take(Act::Escape, Some(key), "", false)?;
        }
        if dialogs(visit).iter().any(|open| open == key) { self.again(visit) } else { Ok(()) }
    }

    fn again(&self, visit: &mut Visit<'_, '_>) -> Result<(), Error> {
        let address = visit
            .draft
            .record
            .states
            .iter()
            .find(|state| state.visit == visit.number)
            .map(|state| state.address.clone());
        visit.tab.event = visit.draft.record.events.len();
        visit.tab.go(&address.unwrap_or_default(), Awaited::Form)?;
        visit.take(Act::Reload, None, "", false).map(|_| ())
    }

    fn back(&self, visit: &mut Visit<'_, '_>) -> Result<(), Error> {
        self.again(visit)
    }

    /// Reads the documents that were found, and those they link to.
    pub(crate) fn read(
        &mut self,
        browser: &mut Browser,
        draft: &mut Draft,
        viewport: Viewport,
        ground: &Ground,
    ) -> Result<(), Error> {
        let mut at = 0;
        if !draft.record.documents.iter().any(|document| document.opened == Opened::NotTried) {
            return Ok(());
        }
        let mut tab = Tab::open(browser, viewport, ground.clone())?;
        while let Some(document) = draft.record.documents.get(at).cloned() {
            let tried = document.opened != Opened::NotTried || document.reason == LATE;
            at += 1;
            if tried {
                continue;
            }
            if tab.browser.now() >= draft.until {
                draft.note("bound_reached", &format!("not opened: {}", document.address));
                continue;
            }
            let mut document = document;
            let links = match open(&mut tab, &mut document) {
                Ok(links) => links,
                Err(
                    err @ (Error::Slow { .. } | Error::Crashed | Error::Refused { .. } | Error::Answer(_)),
                ) => {
                    document.opened = Opened::Failed;
                    document.reason = err.to_string();
                    Vec::new()
                }
                Err(err) => return Err(err),
            };
            if document.clicks == 1 {
                for lead in links.into_iter().take(LINKS_MAX) {
                    if let Some(next) = self.second(draft, lead, document.id) {
                        document.links.push(next);
                    }
                }
            }
            document.links.sort_unstable();
            document.links.dedup();
            let id = document.id;
            if let Some(place) = draft.record.documents.get_mut(id) {
                *place = document;
            }
        }
        for note in tab.traffic.notes() {
            draft.note(&note.kind, &note.text);
        }
        Ok(())
    }

    fn second(&mut self, draft: &mut Draft, mut lead: Lead, from: usize) -> Option<usize> {
        let base = lead.url.split('#').next().unwrap_or_default().to_owned();
        if let Some(known) = self.known.get(&base) {
            return (*known != from).then_some(*known);
        }
        if draft.record.documents.len() >= DOCUMENTS_MAX {
            return None;
        }
        lead.from = Some(from);
        Some(self.queue(draft, &lead, &base))
    }
}

/// Opens one document and reads it; its own links that name documents come back.
fn open(tab: &mut Tab<'_>, document: &mut Document) -> Result<Vec<Lead>, Error> {
    if !tab.traffic.admits(&document.address) {
        document.opened = Opened::Elsewhere;
        "another origin".clone_into(&mut document.reason);
        return Ok(Vec::new());
    }
    if let Some(failed) = tab.go(&document.address, Awaited::Words)? {
        let file = tab.seen.downloads > 0 || is_file(&document.address);
        document.opened = if file { Opened::File } else { Opened::Failed };
        document.reason = failed;
        return Ok(Vec::new());
    }
    if tab.seen.status >= 400 {
        document.opened = Opened::Failed;
        document.reason = format!("status {}", tab.seen.status);
        return Ok(Vec::new());
    }
    if !tab.seen.media.is_empty() && !tab.seen.media.contains("html") && tab.seen.media != "text/plain" {
        document.opened = Opened::File;
        document.reason.clone_from(&tab.seen.media);
        return Ok(Vec::new());
    }
    let reading = tab.reading(None)?;
    fill(document, &reading);
    let length: usize = document.texts.iter().map(|text| text.text.chars().count()).sum();
    document.opened = if length == 0 && reading.media > 0 {
        document.reason = "only pictures or embedded parts".to_owned();
        Opened::File
    } else if length == 0 {
        Opened::Empty
    } else if reading.form && length < LOGIN_MAX {
        Opened::LoginWall
    } else {
        Opened::Page
    };
    let leads = reading
        .links
        .into_iter()
        .filter(|link| way::is_document(&link.text) && link.url.starts_with("http"))
        .filter(|link| !deed::is_label(&link.text) && !deed::is_address(&link.url))
        .map(|link| Lead {
            name: link.text,
            target: link.target,
            url: link.url,
            key: String::new(),
            from: None,
        })
        .collect();
    Ok(leads)
}

/// Links that name a document, or stand in the words of a consent or in a dialog.
fn wanted(state: &State) -> Vec<Link> {
    let consents = crate::visit::consents(state);
    let near: Vec<&str> = state
        .texts
        .iter()
        .filter(|text| {
            consents.iter().any(|(control, _)| control.texts.contains(&text.key))
                || way::is_consent(&text.text)
        })
        .flat_map(|text| text.runs.iter().filter_map(|run| run.link.as_deref()))
        .collect();
    state
        .links
        .iter()
        .filter(|link| link.seen.is_shown() && link.document.is_none())
        .filter(|link| way::is_document(&link.text) || near.contains(&link.key.as_str()))
        .filter(|link| !link.target.starts_with("mailto:") && !link.target.starts_with("tel:"))
        .take(LINKS_MAX)
        .cloned()
        .collect()
}

fn dialogs(visit: &Visit<'_, '_>) -> Vec<String> {
    visit
        .state()
        .map(|state| state.dialogs.iter().map(|dialog| dialog.key.clone()).collect())
        .unwrap_or_default()
}

fn fill(document: &mut Document, reading: &Reading) {
    document.title.clone_from(&reading.title);
    document.language.clone_from(&reading.language);
    document.texts.clone_from(&reading.paragraphs);
    document.cut = reading.cut;
    document.height = reading.height;
    document.window = reading.window;
}

fn blank(id: usize, name: &str, address: &str, opened: Opened) -> Document {
    Document {
        id,
        name: name.to_owned(),
        address: address.to_owned(),
        clicks: 1,
        from: None,
        opened,
        reason: String::new(),
        title: String::new(),
        language: String::new(),
        height: 0.0,
        window: 0.0,
        texts: Vec::new(),
        cut: false,
        links: Vec::new(),
        picture: None,
    }
}

/// A document whose address came up only after something was typed: it may carry that, so nobody goes there.
fn late(draft: &mut Draft, lead: &Lead) -> usize {
    let id = draft.record.documents.len();
    if id >= DOCUMENTS_MAX {
        draft.note("bound_reached", &format!("more than {DOCUMENTS_MAX} documents"));
        return id - 1;
    }
    let mut document = blank(id, &lead.name, &lead.url, Opened::NotTried);
    LATE.clone_into(&mut document.reason);
    draft.record.documents.push(document);
    draft.note("request_refused", &format!("{LATE}: {}", lead.url));
    id
}

fn is_file(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".pdf", ".doc", ".docx", ".png", ".jpg", ".zip"].iter().any(|ending| path.ends_with(ending))
}

/// Documents of one record.
const DOCUMENTS_MAX: usize = 30;
/// Links that are tried from one surface or document.
const LINKS_MAX: usize = 20;
/// Characters below which a page with a password field is taken for one that asks to log in first.
const LOGIN_MAX: usize = 400;
/// Milliseconds within which a link that did nothing at once may do something.
const EFFECT_MS: i64 = 700;
