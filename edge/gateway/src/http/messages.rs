//! `POST /v1/messages`, `GET /v1/messages/{id}`.

use std::net::IpAddr;
use std::sync::Arc;

use anning_link::MessageId;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::keys::{self, Found};
use super::reply::{JSON, LINES, Problem, Reply, pause, status};
use super::send::{self, Result as Answered, Wanted};
use super::{Front, basic, body, lines};
use crate::codes::Reason;
use crate::config::{Account, Protocol};
use crate::gateway::Gateway;
use crate::outbox::{self, Item, Outcome, Stage, Why};

/// A body: one message, or several.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    pub from: Option<String>,
    pub to: Option<To>,
    pub text: Option<String>,
    pub reference: Option<String>,
    pub messages: Option<Vec<One>>,
}

/// One of several messages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct One {
    pub from: Option<String>,
    pub to: To,
    pub text: String,
    pub reference: Option<String>,
}

/// One recipient, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum To {
    One(String),
    Many(Vec<String>),
}

/// What became of one message.
#[derive(Debug, Serialize)]
pub(super) struct Done {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    pub recipients: Vec<Answered>,
}

/// A message that is in order: its recipients one by one, each a submit of its own.
pub(super) struct Ready {
    pub reference: Option<String>,
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

#[derive(Serialize)]
struct Several {
    messages: Vec<Done>,
}

/// A refusal of everything: a problem, with what became of each beside it.
#[derive(Serialize)]
struct Refused<'d> {
    #[serde(flatten)]
    problem: Problem,
    messages: &'d [Done],
}

/// Takes messages.
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
    if front.gateway.is_draining() {
        return draining().into_response();
    }
    let key = match key(&account, &head.headers) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    if kind(&head.headers) == Some(LINES) {
        return lines::take(&front, &account, key, body);
    }
    let whole = match front.room.read(body).await {
        Ok(whole) => whole,
        Err(problem) => return problem.into_response(),
    };
    let Some(key) = key else { return take(&front.gateway, &account, None, &whole).await.into_response() };
    let hash = *blake3::hash(&whole.bytes).as_bytes();
    match front.keys.begin(key, hash, front.gateway.hands().steady()) {
        Found::Done(reply) => return reply.into_response(),
        Found::Other => return other_body().into_response(),
        Found::Running => return running().into_response(),
        Found::Full => return body::full().into_response(),
        Found::Fresh => {}
    }
    // It goes on when the caller hangs up: what he sends again then finds it done.
    let working = Arc::clone(&front);
    let done = tokio::spawn(async move {
        let reply = take(&working.gateway, &account, Some(&key), &whole).await;
        let kept = Some(reply.clone()).filter(|reply| reply.retry_after.is_none() && reply.status != 400);
        working.keys.end(key, kept, working.gateway.hands().steady());
        reply
    });
    match done.await {
        Ok(reply) => reply.into_response(),
        Err(_) => Problem::of(Reason::Unavailable).into_response(),
    }
}

async fn take(
    gateway: &Arc<Gateway>,
    account: &Arc<Account>,
    key: Option<&[u8; 32]>,
    whole: &body::Whole,
) -> Reply {
    let (ready, single) = match read(account, &whole.bytes) {
        Ok(ready) => ready,
        Err(problem) => return problem.reply(),
    };
    let mut wanted = Vec::new();
    for message in &ready {
        for to in &message.to {
            let id = key.map(|key| keys::id(key, wanted.len(), (&message.from, to, &message.text)));
            let (from, text) = (message.from.clone(), message.text.clone());
            wanted.push(Wanted { from, to: vec![to.clone()], text, id });
        }
    }
    let mut pending = send::begin(gateway, account, wanted).await.into_iter();
    let mut done = Vec::with_capacity(ready.len());
    for message in ready {
        let mut recipients = Vec::with_capacity(message.to.len());
        for to in &message.to {
            let Some(one) = pending.next() else { break };
            recipients.extend(send::results(gateway, account, core::slice::from_ref(to), &one.told().await));
        }
        done.push(Done { reference: message.reference, recipients });
    }
    answer(done, single)
}

/// Reads a body; says whether it was one message.
pub(super) fn read(account: &Account, bytes: &[u8]) -> Result<(Vec<Ready>, bool), Problem> {
    let asked: Asked = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    let Asked { from, to, text, reference, messages } = asked;
    let (messages, single) = match (messages, to, text) {
        (Some(messages), None, None) if from.is_none() && reference.is_none() => (messages, false),
        (None, Some(to), Some(text)) => (vec![One { from, to, text, reference }], true),
        (Some(_) | None, _, _) => {
            return Err(Problem::new(400, "malformed", "give `to` and `text`, or `messages`, not both"));
        }
    };
    let mut ready = Vec::with_capacity(messages.len());
    let mut recipients = 0;
    for message in messages {
        let message = in_order(account, message)?;
        recipients += message.to.len();
        if recipients > RECIPIENTS_MAX {
            return Err(Problem::new(413, "too_many_recipients", "more than 1000 recipients in one request"));
        }
        ready.push(message);
    }
    if ready.is_empty() {
        return Err(Problem::new(400, "malformed", "`messages` is empty"));
    }
    Ok((ready, single))
}

fn in_order(account: &Account, message: One) -> Result<Ready, Problem> {
    let One { from, to, text, reference } = message;
    let Some(from) = from.or_else(|| send::source(account)) else {
        return Err(Problem::new(
            400,
            "malformed",
            "`from` is missing, and the account has no whole number of its own",
        ));
    };
    let to = match to {
        To::One(to) => vec![to],
        To::Many(many) => many,
    };
    if to.is_empty() || text.is_empty() {
        return Err(Problem::new(400, "malformed", "`to` or `text` is empty"));
    }
    if reference.as_ref().is_some_and(|reference| reference.len() > REFERENCE_MAX) {
        return Err(Problem::new(400, "malformed", "`reference` is longer than 256 bytes"));
    }
    Ok(Ready { reference, from, to, text })
}

/// Where it is no JSON, or other JSON: never what stands there.
pub(super) fn malformed(error: &serde_json::Error) -> Problem {
    let what = match error.classify() {
        serde_json::error::Category::Data => "the body is JSON, but not of this form; see docs/http.md",
        serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof
        | serde_json::error::Category::Io => "the body is no JSON",
    };
    Problem::new(400, "malformed", what).detail(format!("line {}, column {}", error.line(), error.column()))
}

/// The answer, by what became of all: 202, 207 where it differs, or the status of the refusal.
fn answer(mut done: Vec<Done>, single: bool) -> Reply {
    let all = || done.iter().flat_map(|done| &done.recipients);
    let refusals: Vec<Reason> = all().filter_map(|one| one.why).collect();
    let count = all().count();
    let pauses = refusals.iter().filter_map(|reason| pause(*reason)).max();
    // Of several refusals the first in order of precedence is said.
    match refusals.iter().min() {
        Some(first) if refusals.len() == count => {
            let mixed = refusals.iter().any(|reason| status(*reason) != status(*first));
            let problem = Problem { retry_after: pauses, retry: pauses.is_some(), ..Problem::of(*first) };
            let status = if mixed { 207 } else { problem.status };
            let reply = problem.reply();
            let problem = Problem { status, ..problem };
            Reply {
                status,
                kind: reply.kind,
                retry_after: pauses,
                ..Reply::json(status, &Refused { problem, messages: &done })
            }
        }
        first => {
            let status = if first.is_some() { 207 } else { 202 };
            let reply = match done.pop() {
                Some(one) if single => Reply::json(status, &one),
                last => {
                    done.extend(last);
                    Reply::json(status, &Several { messages: done })
                }
            };
            Reply { retry_after: pauses, ..reply }
        }
    }
}

/// What a key is called inside; none where none is given.
fn key(account: &Account, headers: &HeaderMap) -> Result<Option<[u8; 32]>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str().map(str::trim) {
        Ok(text) if !text.is_empty() && text.len() <= KEY_MAX => Ok(Some(keys::name(&account.name, text))),
        Ok(_) | Err(_) => {
            Err(Problem::new(400, "malformed", "`Idempotency-Key` must be 1 to 255 ASCII characters"))
        }
    }
}

/// The kind of a body, without parameters.
pub(super) fn kind(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next().map(str::trim)
}

pub(super) fn other_body() -> Problem {
    Problem::new(422, "key_used_for_another", "this Idempotency-Key was used for another body")
}

pub(super) fn running() -> Problem {
    Problem::new(409, "key_in_use", "a request of this Idempotency-Key is being worked on").again(1)
}

pub(super) fn draining() -> Problem {
    Problem::new(503, "ending", "the gateway is ending; another one, or this one later, takes it").again(5)
}

/// What is known of a message.
#[derive(Serialize)]
struct Known {
    id: String,
    to: String,
    /// Name of the state, with `_` for spaces.
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    accepted_at: String,
    since: String,
    expires: String,
    segments: usize,
    /// It will be decided again.
    #[serde(skip)]
    waits: bool,
    /// The ledger has the decision: a receipt of it can be made.
    recorded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Told>,
}

/// Where the ledger has a decision.
#[derive(Clone, Copy, Serialize)]
struct Place {
    /// Position of its batch in the log.
    leaf: u64,
    /// Place in the batch.
    index: u32,
}

/// What the last segment that was told of ended as.
#[derive(Serialize)]
struct Told {
    word: String,
    error: String,
}

/// The ledger had the decision before the gateway was started again, or nothing was decided.
fn not_placed() -> Problem {
    Problem::new(
        410,
        "receipt_not_placed",
        "the ledger has the decision since before the gateway was started, and where is not known any more",
    )
    .detail(
        "asking again does not help; fetch receipts before a restart, and give this id and `accepted_at` to whoever keeps \
         the ledger",
    )
}

/// State of a message of one's own.
pub(super) async fn get(
    State(front): State<Arc<Front>>,
    Extension(from): Extension<IpAddr>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let account = match basic::enter(&front.gateway, from, &headers) {
        Ok(account) => account,
        Err(denied) => return Problem::from(denied).into_response(),
    };
    match find(&front.gateway, &account, &id) {
        Some(known) => Reply::json(200, &known).into_response(),
        None => Problem::new(404, "unknown_message", "no message of this id is known, or no longer")
            .into_response(),
    }
}

fn find(gateway: &Gateway, account: &Account, id: &str) -> Option<Known> {
    let book = gateway.outbox().book();
    let told = MessageId(id.as_bytes().to_vec());
    let letter = book.told(&account.name, &told).into_iter().next()?;
    let item = book.get(letter)?;
    let to = String::from_utf8_lossy(&item.destination.text).into_owned();
    // Decisions come before their letter, and go to the ledger in order.
    let recorded = book.unrecorded(1).first().is_none_or(|(number, _)| *number > letter.0);
    let until = if let outbox::State::Held { until } = item.state { Some(until.to_string()) } else { None };
    Some(Known {
        id: id.to_owned(),
        to: send::masked(&to),
        state: item.state.name().replace(' ', "_"),
        until,
        accepted_at: item.accepted_at.to_string(),
        since: item.since.to_string(),
        expires: item.expires.to_string(),
        segments: item.parts.len(),
        waits: item.state.waits(),
        recorded,
        receipt: book.receipt(letter).map(|(leaf, index)| Place { leaf, index }),
        report: item_report(item),
    })
}

/// The receipt of the decision on a message of one's own.
pub(super) async fn receipt(
    State(front): State<Arc<Front>>,
    Extension(from): Extension<IpAddr>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let account = match basic::enter(&front.gateway, from, &headers) {
        Ok(account) => account,
        Err(denied) => return Problem::from(denied).into_response(),
    };
    let none = || Problem::new(404, "no_receipt_yet", "no receipt is there, or not yet; ask again").again(1);
    let Some(known) = find(&front.gateway, &account, &id) else {
        return Problem::new(404, "unknown_message", "no message of this id is known, or no longer")
            .into_response();
    };
    let Some(Place { leaf, index }) = known.receipt else {
        // What still waits is decided again when it goes out.
        let coming = !known.recorded || known.waits;
        return if coming { none() } else { not_placed() }.into_response();
    };
    let gateway = Arc::clone(&front.gateway);
    // The ledger answers in its turn, which is waited for on a thread of its own.
    let asked = tokio::task::spawn_blocking(move || {
        gateway.clerk().with(move |ledger| ledger.receipt(leaf, index)).and_then(|receipt| receipt)
    });
    let receipt = match asked.await {
        Ok(Ok(receipt)) => receipt,
        Ok(Err(anning_store::Error::Refused(_))) => return none().into_response(),
        Ok(Err(_)) | Err(_) => return Problem::of(Reason::Unavailable).into_response(),
    };
    match anning_decide::DecisionRecord::from_bytes(&receipt.record) {
        Ok(record) => Reply::text(200, JSON, receipt.to_readable(record.words()).to_json()).into_response(),
        Err(_) => Problem::of(Reason::Unavailable).into_response(),
    }
}

fn item_report(item: &Item) -> Option<Told> {
    let ended = item.parts.iter().rev().find_map(|part| match &part.stage {
        Stage::Ended(outcome) => Some(outcome),
        Stage::Waiting | Stage::HandingOver | Stage::InDoubt | Stage::Taken | Stage::Follows => None,
    })?;
    let because = |reason: Reason| Told {
        word: reason.code().to_owned(),
        error: String::from_utf8_lossy(&reason.err(Protocol::Http)).into_owned(),
    };
    Some(match ended {
        Outcome::Reported(report) => Told {
            word: String::from_utf8_lossy(&report.word).into_owned(),
            error: String::from_utf8_lossy(&report.error).into_owned(),
        },
        Outcome::RefusedByCarrier(code) => {
            Told { word: "refused_by_carrier".to_owned(), error: code.to_string() }
        }
        Outcome::Recalled(Why::Withdrawal) => because(Reason::Recalled),
        Outcome::Recalled(Why::Cancelled | Why::Operator) => because(Reason::Cancelled),
        Outcome::Refused(reason) => because(*reason),
        Outcome::Expired => because(Reason::Expired),
        Outcome::Unknown => Told { word: "unknown".to_owned(), error: String::new() },
    })
}

/// Recipients of one request.
const RECIPIENTS_MAX: usize = 1_000;
/// Bytes of a sender's own reference.
const REFERENCE_MAX: usize = 256;
/// Bytes of a key.
const KEY_MAX: usize = 255;
