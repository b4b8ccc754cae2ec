//! Acts out of a record that is not ours: only what its terms say, narrowly for a consent, widely for a refusal.

use crate::act::{ID_MAX, Own};
use crate::error::Error;
use crate::standing::{Claim, Imported, Reading, admit};
use crate::term;
use crate::view::{Notes, Occurrence, Process, View};
use anning_ledger::sheet::{self, Names, SHEET_MAX};
use anning_ledger::{Event, Suite, Value};
use anning_vocab::{ActKind, Category, Covers, Frequency, Origin, ProcessingPurpose, Window};

/// One act for each event, process and controller: claims, all of them, and of no origin of ours.
pub(crate) fn claims(
    views: &[View],
    record_id: &str,
    reading: Reading<'_>,
    notes: &mut Notes,
) -> Result<Vec<Imported>, Error> {
    let controllers = |process: &Process| process.controllers.len().max(1);
    let acts = |view: &View| view.events.len() * view.processes.iter().map(controllers).sum::<usize>();
    if views.iter().map(acts).sum::<usize>() > ACTS_MAX {
        return Err(Error::TooMany { path: "$".to_owned(), at_most: ACTS_MAX });
    }
    let mut acts = Vec::new();
    for view in views {
        all(view, reading.suite, notes, &mut acts)?;
    }
    // The record's id is that of its act where there is but one: read again, it is known again.
    match acts.as_mut_slice() {
        [only] if record_id.len() <= ID_MAX => only.event.id = record_id.as_bytes().to_vec(),
        [..] => notes.lost.push("the id of the record".to_owned()),
    }
    let claim = |own| {
        let imported = admit(own, None, Reading { trust_origin: false, ..reading })?;
        Ok(Imported { claimed: Claim::default(), ..imported })
    };
    acts.into_iter().map(claim).collect()
}

fn all(view: &View, suite: Suite, notes: &mut Notes, to: &mut Vec<Own>) -> Result<(), Error> {
    for event in &view.events {
        for process in &view.processes {
            if process.controllers.is_empty() {
                to.push(act(view, event, process, None, suite, notes)?);
            }
            for name in &process.controllers {
                to.push(act(view, event, process, Some(name), suite, notes)?);
            }
        }
    }
    Ok(())
}

fn act(
    view: &View,
    event: &Occurrence,
    process: &Process,
    controller: Option<&str>,
    suite: Suite,
    notes: &mut Notes,
) -> Result<Own, Error> {
    let kind = term::kind(&event.state)
        .ok_or_else(|| Error::NoAct { path: event.path.clone(), state: event.state.clone() })?;
    let sheet = Value::map([
        ("controller", controller.filter(|name| !name.is_empty()).map(|name| Value::text(name.to_owned()))),
        ("covers", Some(Value::text(covers(kind, process, event)?.code()))),
        ("purposes", purposes(kind, process, notes)),
        ("categories", categories(kind, process, notes)),
        ("frequency", frequency(process)?),
        ("until", event.until.map(|day| Value::text(day.to_string()))),
        ("days", event.days.map(|days| Value::Int(i64::from(days)))),
        ("control", control(event, notes)),
        ("notice", view.notice.as_ref().map(|_| Value::map([]))),
        ("provision", process.recipients.first().map(|_| Value::Flag(true))),
        ("provision_to", recipient(kind, process, notes)),
        ("age", age(view, notes)),
        ("guardian", event.by.iter().any(|by| is_guardian(by)).then_some(Value::Flag(true))),
    ])
    .to_bytes();
    let mut names = Names::default();
    if sheet.len() > SHEET_MAX {
        return Err(Error::Wrong { path: "$".to_owned(), expected: "names of fewer bytes" });
    }
    sheet::decode(&sheet, &mut |table, name| names.intern(table, name))?;
    let event = Event {
        kind,
        origin: Origin::Imported,
        occurred: event.at,
        received: event.at,
        recorded: event.at,
        sheet: sheet::hash(suite, &sheet),
        address: view.address.clone(),
        id: Vec::new(),
    };
    Ok(Own { event, sheet, suite })
}

/// ★ To receive is consented to only where direct marketing is named; a refusal that reaches us refuses both.
fn covers(kind: ActKind, process: &Process, event: &Occurrence) -> Result<Covers, Error> {
    if kind.refuses() {
        return Ok(Covers::Both);
    }
    let purposes = process.purposes.as_ref().filter(|purposes| !purposes.is_empty()).ok_or_else(|| {
        Error::Missing { path: format!("{} or its process ['dpv:hasPurpose']", event.path) }
    })?;
    let receives = purposes.iter().any(|purpose| purpose == term::RECEIVE);
    let processes = purposes.iter().any(|purpose| purpose != term::RECEIVE);
    Ok(match (receives, processes) {
        (true, false) => Covers::Receive,
        (true, true) => Covers::Both,
        (false, _) => Covers::Process,
    })
}

fn purposes(kind: ActKind, process: &Process, notes: &mut Notes) -> Option<Value> {
    let named = process.purposes.as_ref()?;
    let others: Vec<&String> =
        named.iter().filter(|purpose| ![term::RECEIVE, term::UNSAID].contains(&purpose.as_str())).collect();
    let known: Vec<ProcessingPurpose> =
        others.iter().filter_map(|purpose| term::purpose_of(purpose)).collect();
    let unknown = others.iter().filter(|purpose| term::purpose_of(purpose).is_none());
    notes.lost.extend(unknown.map(|purpose| format!("a purpose: {purpose}")));
    // A refusal is not narrowed to what we happen to know.
    let narrows = kind.refuses() && known.len() < others.len();
    let said = !others.is_empty() && !narrows;
    said.then(|| codes(ProcessingPurpose::ALL, &known, ProcessingPurpose::code))
}

fn categories(kind: ActKind, process: &Process, notes: &mut Notes) -> Option<Value> {
    let named = process.categories.as_ref()?;
    let known: Vec<Category> = named.iter().filter_map(|category| term::category_of(category)).collect();
    named.iter().filter(|category| term::category_of(category).is_none()).for_each(|category| {
        notes.lost.push(format!("a category: {category}"));
    });
    (!(kind.refuses() && known.len() < named.len())).then(|| codes(Category::ALL, &known, Category::code))
}

/// In the order of the list, each once.
fn codes<T: PartialEq + Copy>(all: &[T], these: &[T], code: impl Fn(T) -> &'static str) -> Value {
    Value::List(all.iter().filter(|one| these.contains(one)).map(|one| Value::text(code(*one))).collect())
}

/// A frequency that cannot be kept would stand for none, which is more than was agreed to.
fn frequency(process: &Process) -> Result<Option<Value>, Error> {
    let Some(text) = &process.frequency else { return Ok(None) };
    let read = || {
        let (number, per) = text.split_once('/')?;
        Some(Frequency { at_most: number.parse().ok()?, per: Window::from_code(per)? })
    };
    let wrong = || Error::Wrong {
        path: "$..['dpv:hasFrequency']".to_owned(),
        expected: "N/day, /week, /month, /year",
    };
    let frequency = read().ok_or_else(wrong)?;
    Ok(Some(Value::text(format!("{}/{}", frequency.at_most, frequency.per))))
}

fn control(event: &Occurrence, notes: &mut Notes) -> Option<Value> {
    let method = event.method.as_ref()?;
    let control = term::control_of(method);
    if control.is_none() {
        notes.lost.push(format!("a method: {method}"));
    }
    control.map(|control| Value::text(control.code()))
}

fn recipient(kind: ActKind, process: &Process, notes: &mut Notes) -> Option<Value> {
    let (first, others) = process.recipients.split_first()?;
    if !others.is_empty() {
        notes.lost.push("further third parties".to_owned());
    }
    // A refusal towards several is not narrowed to the first.
    let narrows = kind.refuses() && !others.is_empty();
    (!first.is_empty() && !narrows).then(|| Value::text(first.to_owned()))
}

fn age(view: &View, notes: &mut Notes) -> Option<Value> {
    let adult = view.subject.iter().any(|term| term == "dpv:Adult");
    let further = view.subject.iter().filter(|term| *term != "dpv:Adult");
    further.for_each(|term| notes.lost.push(format!("of the person: {term}")));
    adult.then(|| Value::text("adult"))
}

fn is_guardian(by: &str) -> bool {
    matches!(by, "dpv:GuardianOfDataSubject" | "dpv:ParentOfDataSubject")
}

/// Acts of one record.
const ACTS_MAX: usize = 256;
