//! The way in: messages of a request become submits like those of any protocol, and their answers are waited for.

use std::sync::Arc;

use anning_link::{Address, MessageId, Submission, Wish};
use anning_vocab::{Recipient, Timestamp};
use serde::Serialize;
use tokio::sync::oneshot::{Receiver, channel};

use super::reply::pause;
use crate::batch::{Back, Batch, Fate, Told};
use crate::codes::{Reason, Refusal};
use crate::config::{Account, Protocol};
use crate::gateway::Gateway;
use crate::intake::{self, Incoming};
use crate::line::Time;
use crate::outbox::{Outcome, Stage, State};

/// One message. Its recipients are taken or refused as the account's `per_recipient` says.
#[derive(Clone)]
pub(super) struct Wanted {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
    /// The id it is to have; none: the next.
    pub id: Option<MessageId>,
}

/// What will become of it.
pub(super) enum Pending {
    /// Known already.
    Known(Told),
    /// The outbox has it.
    Waits(Receiver<Told>),
}

/// What became of one recipient.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Result {
    /// Masked.
    pub to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `accepted`, `held`, `refused`.
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_zh: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_en: Option<&'static str>,
    pub retry: bool,
    /// Why, where it is refused.
    #[serde(skip)]
    pub why: Option<Reason>,
}

/// Hands messages in, a hundred at a time, so that others on this thread can move too.
pub(super) async fn begin(
    gateway: &Arc<Gateway>,
    account: &Arc<Account>,
    wanted: Vec<Wanted>,
) -> Vec<Pending> {
    let mut pending = Vec::with_capacity(wanted.len());
    let mut wanted = wanted.into_iter().peekable();
    while wanted.peek().is_some() {
        let mut batch = Batch::default();
        for one in wanted.by_ref().take(TOGETHER) {
            pending.push(hand_in(gateway, account, one, &mut batch));
        }
        batch.hand_in(gateway);
        tokio::task::yield_now().await;
    }
    pending
}

fn hand_in(gateway: &Arc<Gateway>, account: &Arc<Account>, wanted: Wanted, batch: &mut Batch) -> Pending {
    let Wanted { from, to, text, id } = wanted;
    if let Some(told) = id.as_ref().and_then(|id| known(gateway, account, id, to.len())) {
        return Pending::Known(told);
    }
    let (tell, told) = channel();
    let back = Back::Caller(tell);
    if text.encode_utf16().count() > UNITS_MAX {
        batch.refuse(back, Reason::TooLong);
        return Pending::Waits(told);
    }
    let at = Time::of(gateway.hands());
    let id = id.unwrap_or_else(|| gateway.ids().next(Protocol::Http, at.civil, 1));
    let submission = Submission {
        source: Address::new(from.as_bytes()),
        destinations: to.iter().map(|to| Address::new(to.as_bytes())).collect(),
        coding: UCS2,
        content: text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        // Kept until it is told or given up, so that whoever asks for its state finds it.
        wish: Wish::Report,
        ..Submission::default()
    };
    let incoming = Incoming { account: Arc::clone(account), protocol: Protocol::Http, submission, id, back };
    intake::take(gateway, incoming, at, batch);
    Pending::Waits(told)
}

/// A message that the outbox has already, because a request was sent again.
fn known(gateway: &Gateway, account: &Account, id: &MessageId, recipients: usize) -> Option<Told> {
    let book = gateway.outbox().book();
    let item = book.told(&account.name, id).into_iter().find_map(|letter| book.get(letter))?;
    let refused = item.parts.iter().find_map(|part| match part.stage {
        Stage::Ended(Outcome::Refused(reason)) => Some(reason),
        Stage::Ended(_)
        | Stage::Waiting
        | Stage::HandingOver
        | Stage::InDoubt
        | Stage::Taken
        | Stage::Follows => None,
    });
    let held = if let State::Held { until } = item.state { Some(until) } else { None };
    let fate = match (refused, held) {
        (Some(reason), _) => Fate::Refused(reason.into()),
        (None, Some(until)) => Fate::Held(until),
        (None, None) => Fate::Passes(anning_decide::ClearanceKind::Permit),
    };
    drop(book);
    Some(Told { id: id.clone(), recipients: vec![fate; recipients], failed: None })
}

impl Pending {
    /// Waits until it is durable, or not.
    pub async fn told(self) -> Told {
        match self {
            Self::Known(told) => told,
            Self::Waits(told) => told.await.unwrap_or_else(|_| Told {
                id: MessageId::default(),
                recipients: Vec::new(),
                failed: Some(Reason::Unavailable),
            }),
        }
    }
}

/// What a caller is told of each recipient.
pub(super) fn results(gateway: &Gateway, account: &Account, to: &[String], told: &Told) -> Vec<Result> {
    let taken = !told.id.0.is_empty() && told.failed.is_none();
    let id = Some(String::from_utf8_lossy(&told.id.0).into_owned()).filter(|_| taken);
    // Where the whole was refused on account of one, the others are told so too.
    let first = told.recipients.iter().find_map(|fate| match fate {
        Fate::Refused(refusal) => Some(*refusal),
        Fate::Passes(_) | Fate::Held(_) => None,
    });
    let fates = told.recipients.iter().map(Some).chain(core::iter::repeat(None));
    let mut all = Vec::with_capacity(to.len());
    for (to, fate) in to.iter().zip(fates) {
        let result = match (told.failed, fate) {
            (Some(reason), _) => refused(to, reason.into()),
            // Of several people an id is that of those who are written to.
            (None, Some(Fate::Refused(refusal))) => {
                Result { id: id.clone().filter(|_| told.recipients.len() == 1), ..refused(to, *refusal) }
            }
            (None, _) if !taken => refused(to, first.unwrap_or(Reason::Unavailable.into())),
            (None, Some(Fate::Held(until))) => held(to, id.clone(), *until),
            (None, Some(Fate::Passes(_)) | None) => accepted(to, id.clone()),
        };
        gateway.tally().submit(&account.name, result.status);
        all.push(result);
    }
    all
}

fn accepted(to: &str, id: Option<String>) -> Result {
    Result {
        to: masked(to),
        id,
        status: "accepted",
        until: None,
        reason: None,
        article: None,
        message_zh: None,
        message_en: None,
        retry: false,
        why: None,
    }
}

fn held(to: &str, id: Option<String>, until: Timestamp) -> Result {
    Result { status: "held", until: Some(until.to_string()), ..accepted(to, id) }
}

fn refused(to: &str, refusal: Refusal) -> Result {
    let reason = refusal.reason;
    Result {
        status: "refused",
        reason: Some(reason.code()),
        article: refusal.article(),
        message_zh: Some(reason.zh()),
        message_en: Some(reason.en()),
        retry: pause(reason).is_some(),
        why: Some(reason),
        ..accepted(to, None)
    }
}

/// A number as it may be shown.
pub(super) fn masked(to: &str) -> String {
    Recipient::parse(to).map_or_else(|_| "?".to_owned(), |recipient| recipient.to_string())
}

/// The number that an account shows where a request names none: the first that is whole.
pub(super) fn source(account: &Account) -> Option<String> {
    account.sources.iter().map(ToString::to_string).find(|pattern| !pattern.ends_with('*'))
}

/// Messages that go on record together at most.
const TOGETHER: usize = 100;
/// UTF-16 units of the longest text: what 255 segments hold.
const UNITS_MAX: usize = 255 * 66;
/// data_coding of UTF-16.
const UCS2: u8 = 8;
