//! `POST /v1/acts`: consents and withdrawals from elsewhere go on record while the gateway serves.
//!
//! Rows as in `spec/input.md`, one JSON object a line. Each row stands for itself: one that cannot be read keeps no other
//! from being put, for a withdrawal must not be lost over a neighbour. It is answered when it is durable and the next
//! decision sees it; a refusal has by then taken back what waits for the person.

use std::net::IpAddr;
use std::sync::Arc;

use anning_ledger::sheet::{self, Table};
use anning_store::{Ack, NewAct, sheet_hash};
use anning_vocab::{
    ActKind, BrandId, Bundling, Category, Channel, ContentKind, Control, Covers, Date, Notice, Origin,
    PartyId, PortId, ProcessingPurpose, Prominence, Recipient, Set, Terms, Timestamp,
};
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::messages::{draining, kind};
use super::reply::{LINES, Problem, Reply};
use super::{Front, basic, times};
use crate::codes::Reason;
use crate::config::Account;
use crate::gateway::Gateway;
use crate::register::Named;

/// A row of `consents`, as far as it can be put here.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Row {
    recipient: String,
    act: String,
    occurred_at: String,
    received_at: Option<String>,
    origin: Option<String>,
    event_id: String,
    covers: Option<String>,
    controller: Option<String>,
    brand: Option<String>,
    port: Option<String>,
    channels: Option<List>,
    kinds: Option<List>,
    purposes: Option<List>,
    categories: Option<List>,
    frequency: Option<String>,
    until: Option<String>,
    days: Option<u32>,
    control: Option<String>,
    bundling: Option<String>,
    prominence: Option<String>,
    forced: Option<bool>,
    related: Option<bool>,
    guardian: Option<bool>,
    notice: Option<Seen>,
}

/// What the person saw: a row of `notices`, in the row itself.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Seen {
    /// Hex digits of the hash of what was kept of it.
    hash: Option<String>,
    names_controller: Option<bool>,
    states_purpose: Option<bool>,
    states_categories: Option<bool>,
    states_retention: Option<bool>,
    states_rights: Option<bool>,
    states_type_frequency_period: Option<bool>,
}

/// A list, or its entries in one text between `|`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum List {
    Text(String),
    Entries(Vec<String>),
}

/// A row that can be put.
struct Wanted {
    act: NewAct,
    sheet: Vec<u8>,
    refused: Vec<Named>,
    /// It refuses, and names nobody.
    anybody: bool,
}

/// What became of a row.
#[derive(Serialize)]
struct Done {
    line: usize,
    /// `on_record`, `repeated` (it was there), `rejected`.
    status: &'static str,
    /// The log's position of it, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// A refusal that bears another act's `event_id`: it is on record all the same.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    id_taken: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Which column, and what is wrong with it; never what stands there.
type Fault = (&'static str, String);

/// Puts acts on record.
pub(super) async fn post(
    State(front): State<Arc<Front>>,
    Extension(from): Extension<IpAddr>,
    request: Request,
) -> Response {
    let _busy = front.gateway.busy();
    let (head, body) = request.into_parts();
    let account = match basic::enter(&front.gateway, from, &head.headers) {
        Ok(account) => account,
        Err(denied) => return Problem::from(denied).into_response(),
    };
    if !account.record_acts {
        let what =
            "this account may not record acts; the configuration says `record_acts = true` of one that may";
        return Problem::new(403, "may_not_record", what).into_response();
    }
    if front.gateway.is_draining() {
        return draining().into_response();
    }
    if kind(&head.headers) != Some(LINES) {
        return Problem::new(415, "malformed", "give rows as application/x-ndjson, one JSON object a line")
            .into_response();
    }
    let whole = match front.room.read(body).await {
        Ok(whole) => whole,
        Err(problem) => return problem.into_response(),
    };
    let gateway = Arc::clone(&front.gateway);
    // It goes on when the caller hangs up; the ledger is waited for on a thread of its own.
    let done = tokio::task::spawn_blocking(move || take(&gateway, &account, &whole.bytes)).await;
    match done {
        Ok(reply) => reply.into_response(),
        Err(_) => Problem::of(Reason::Unavailable).into_response(),
    }
}

fn take(gateway: &Arc<Gateway>, account: &Account, bytes: &[u8]) -> Reply {
    let lines: Vec<(usize, &[u8])> = (1..)
        .zip(bytes.split(|byte| *byte == b'\n'))
        .filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace))
        .collect();
    if lines.is_empty() {
        return Problem::new(400, "malformed", "no row").reply();
    }
    if lines.len() > ROWS_MAX {
        return Problem::new(413, "too_many_rows", "more than 1000 rows in one request").reply();
    }
    let now = gateway.hands().wall();
    let (mut wanted, mut done) = (Vec::new(), Vec::with_capacity(lines.len()));
    for (line, text) in lines {
        match read(gateway, account, text, now) {
            Ok(one) => wanted.push((line, one)),
            Err((column, why)) => {
                let column = Some(column).filter(|column| !column.is_empty());
                done.push(Done {
                    line,
                    status: "rejected",
                    position: None,
                    id_taken: false,
                    column,
                    why: Some(why),
                });
            }
        }
    }
    let rejected = done.len();
    let acks = match put(gateway, &wanted) {
        Ok(acks) => acks,
        Err(anning_store::Error::Busy) => return Problem::of(Reason::Full).reply(),
        Err(error) => {
            gateway.ledger_failed(&error);
            return Problem::of(Reason::Unavailable).reply();
        }
    };
    for ((line, one), ack) in wanted.iter().zip(acks) {
        if one.act.kind.refuses() {
            crate::hearing::recall(gateway, one.act.recipient, &one.refused, one.anybody);
        }
        let status = if ack.repeated { "repeated" } else { "on_record" };
        let (position, id_taken) = (ack.position, ack.id_taken);
        done.push(Done { line: *line, status, position, id_taken, column: None, why: None });
    }
    done.sort_unstable_by_key(|one| one.line);
    let status = match rejected {
        0 => 200,
        all if all == done.len() => 422,
        _ => 207,
    };
    Reply::json(status, &serde_json::json!({ "acts": done }))
}

/// Puts them; when this returns, the next decision sees them.
fn put(gateway: &Gateway, wanted: &[(usize, Wanted)]) -> Result<Vec<Ack>, anning_store::Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut sheets: Vec<Vec<u8>> = Vec::new();
    {
        let now = gateway.view().now();
        for (_, one) in wanted {
            if now.sheets().find(&one.act.sheet).is_none() && !sheets.contains(&one.sheet) {
                sheets.push(one.sheet.clone());
            }
        }
    }
    let acts = wanted.iter().map(|(_, one)| one.act.clone()).collect();
    gateway.clerk().put(sheets, acts)
}

fn read(gateway: &Gateway, account: &Account, text: &[u8], now: Timestamp) -> Result<Wanted, Fault> {
    let row: Row = serde_json::from_slice(text).map_err(|error| {
        let what = if error.is_data() {
            "is JSON, but not of this form: an unknown column (provision, age and wording go in with `anning \
             ledger import`), or a value of another kind"
        } else {
            "is no JSON"
        };
        ("", format!("the row {what}; column {}", error.column()))
    })?;
    let recipient = Recipient::parse(row.recipient.trim())
        .map_err(|_| ("recipient", "must be a telephone number or another address".to_owned()))?;
    let kind = required("act", &row.act, ActKind::from_code, &codes(ActKind::ALL, ActKind::code))?;
    if row.event_id.is_empty() || row.event_id.len() > anning_store::ID_MAX {
        let what =
            format!("must be given, at most {} bytes: by it the same act is put once", anning_store::ID_MAX);
        return Err(("event_id", what));
    }
    let occurred = instant("occurred_at", &row.occurred_at, now)?;
    let received = row.received_at.as_deref().map(|text| instant("received_at", text, now)).transpose()?;
    let received = received.unwrap_or(occurred);
    if received < occurred {
        return Err(("received_at", "is before occurred_at".to_owned()));
    }
    let origins = codes(Origin::ALL, Origin::code);
    let origin = row.origin.as_deref().map(|text| required("origin", text, Origin::from_code, &origins));
    let origin = origin.transpose()?.unwrap_or(Origin::Imported);
    let terms = terms(gateway, account, &row, kind)?;
    let (refused, anybody) = refused(gateway, kind, &terms, now.date());
    let sheet = {
        let view = gateway.view().now();
        sheet::encode(&terms, &|table, id| view.sheets().names().name(table, id))
            .map_err(|_| ("", "its terms cannot be written".to_owned()))?
    };
    let act = NewAct {
        recipient: gateway.gate().key(&recipient),
        address: recipient.reveal(),
        kind,
        origin,
        occurred,
        received,
        recorded: now.max(received),
        sheet: sheet_hash(gateway.suite(), &sheet),
        id: row.event_id.into_bytes(),
    };
    Ok(Wanted { act, sheet, refused, anybody })
}

/// What the act says. An account asks for itself alone: a consent that names another's party or brand is refused.
fn terms(gateway: &Gateway, account: &Account, row: &Row, kind: ActKind) -> Result<Terms, Fault> {
    let (book, view) = (gateway.gate().book(), gateway.view());
    let day = gateway.hands().wall().date();
    let roles = &account.roles;
    let own: Vec<&String> =
        [&roles.controller, &roles.advertiser, &roles.content_provider].into_iter().flatten().collect();
    // Whoever names nobody means the account.
    let usual =
        || own.first().map(|party| (*party).clone()).filter(|_| row.brand.is_none() && !kind.refuses());
    let controller = row.controller.clone().or_else(usual);
    if controller.as_ref().is_some_and(|party| !kind.refuses() && !own.contains(&party)) {
        return Err(("controller", "is no party that this account sends for".to_owned()));
    }
    let brand = row.brand.as_ref().map(|brand| BrandId(view.number(Table::Brand, brand)));
    let owns = |brand: BrandId| {
        own.iter().any(|party| book.register.named_by_id(party, day).is_some_and(|n| n.brand == Some(brand)))
    };
    if brand.is_some_and(|brand| !kind.refuses() && !owns(brand)) {
        return Err(("brand", "is no brand of a party that this account sends for".to_owned()));
    }
    let port = match row.port.as_deref() {
        Some(text) if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) => {
            return Err(("port", "must be digits".to_owned()));
        }
        other => other.map(|port| PortId(view.number(Table::Port, port))),
    };
    let frequency = row.frequency.as_deref().map(|text| {
        let read = crate::config::frequency(text).filter(|frequency| frequency.at_most > 0);
        read.ok_or_else(|| ("frequency", "must be such as 4/week".to_owned()))
    });
    let until = row
        .until
        .as_deref()
        .map(|text| Date::parse(text).map_err(|_| ("until", "must be a day such as 2026-12-31".to_owned())));
    Ok(Terms {
        controller: controller.map(|party| PartyId(view.number(Table::Party, &party))),
        brand,
        port,
        channels: set("channels", row.channels.as_ref(), Channel::from_code)?,
        kinds: set("kinds", row.kinds.as_ref(), ContentKind::from_code)?,
        purposes: set("purposes", row.purposes.as_ref(), ProcessingPurpose::from_code)?,
        categories: set("categories", row.categories.as_ref(), Category::from_code)?,
        frequency: frequency.transpose()?,
        until: until.transpose()?,
        days: row.days,
        control: word("control", row.control.as_deref(), (Control::from_code, Control::NotRecorded))?,
        bundling: word("bundling", row.bundling.as_deref(), (Bundling::from_code, Bundling::NotRecorded))?,
        prominence: word(
            "prominence",
            row.prominence.as_deref(),
            (Prominence::from_code, Prominence::NotRecorded),
        )?,
        forced: row.forced,
        related: row.related,
        guardian: row.guardian,
        notice: row.notice.as_ref().map(notice).transpose()?,
        ..Terms::silent(word("covers", row.covers.as_deref(), (Covers::from_code, Covers::Receive))?)
    })
}

/// The notice, by the first 64 bits of its hash; 0 only where none is given.
fn notice(seen: &Seen) -> Result<Notice, Fault> {
    let hash = seen.hash.as_deref().map(str::trim);
    let hash = match hash.map(|text| text.strip_prefix("sha256:").unwrap_or(text)) {
        None => 0,
        Some(text) => {
            let head = text.get(..text.len().min(HASH_DIGITS)).unwrap_or("");
            let hex = !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
            let read = u64::from_str_radix(head, 16).ok().filter(|_| hex);
            read.ok_or_else(|| ("notice", "its hash must be hex digits".to_owned()))?.max(1)
        }
    };
    Ok(Notice {
        hash,
        names_controller: seen.names_controller,
        states_purpose: seen.states_purpose,
        states_categories: seen.states_categories,
        states_retention: seen.states_retention,
        states_rights: seen.states_rights,
        states_type_frequency_period: seen.states_type_frequency_period,
    })
}

/// Those whom a refusal means, so that what waits in their name is taken back; true where it names nobody, or a number.
fn refused(gateway: &Gateway, kind: ActKind, terms: &Terms, day: Date) -> (Vec<Named>, bool) {
    if !kind.refuses() {
        return (Vec::new(), false);
    }
    let book = gateway.gate().book();
    let mut refused: Vec<Named> =
        terms.controller.map(|party| book.register.named(party, day)).into_iter().collect();
    if let Some(brand) = terms.brand {
        let parties = book.config.tables.parties.iter();
        let of = parties.filter_map(|row| book.register.named_by_id(&row.party, day));
        refused.extend(of.filter(|named| named.brand == Some(brand)));
    }
    let anybody = terms.controller.is_none() && terms.brand.is_none();
    (refused, anybody)
}

fn instant(column: &'static str, text: &str, now: Timestamp) -> Result<Timestamp, Fault> {
    let at = times::zoned(text.trim());
    let at = at.ok_or_else(|| {
        (column, "must be a time with a zone, such as 2026-11-27T11:00:00+08:00".to_owned())
    })?;
    if at > now.plus_millis(AHEAD_MS) {
        return Err((column, "lies in the future".to_owned()));
    }
    Ok(at.min(now))
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|word| code(*word)).collect::<Vec<_>>().join(" ")
}

fn required<T>(
    column: &'static str,
    text: &str,
    of: impl Fn(&str) -> Option<T>,
    allowed: &str,
) -> Result<T, Fault> {
    of(text.trim()).ok_or_else(|| (column, format!("must be one of: {allowed}")))
}

fn word<T>(
    column: &'static str,
    text: Option<&str>,
    (of, usual): (impl Fn(&str) -> Option<T>, T),
) -> Result<T, Fault> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(usual),
        Some(text) => {
            of(text).ok_or_else(|| (column, "is a word that spec/input.md does not have".to_owned()))
        }
    }
}

fn set<T>(
    column: &'static str,
    list: Option<&List>,
    of: impl Fn(&str) -> Option<T>,
) -> Result<Option<Set<T>>, Fault>
where
    Set<T>: FromIterator<T>,
{
    let entries: Vec<&str> = match list {
        None => return Ok(None),
        Some(List::Text(text)) => text.split('|').collect(),
        Some(List::Entries(entries)) => entries.iter().map(String::as_str).collect(),
    };
    let entries: Vec<&str> = entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty()).collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let set: Option<Set<T>> = entries.into_iter().map(of).collect();
    set.map(Some).ok_or_else(|| (column, "has a word that spec/input.md does not have".to_owned()))
}

/// Hex digits of 64 bits.
const HASH_DIGITS: usize = 16;
/// Rows of one request.
const ROWS_MAX: usize = 1_000;
/// Milliseconds that another's clock may be ahead of ours; the act then counts as of now.
const AHEAD_MS: i64 = 120_000;
