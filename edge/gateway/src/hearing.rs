//! What subscribers reply: joined, read, and acted upon before the carrier is answered.
//!
//! A refusal is on record and seen by the next decision before anything else happens; then what waits for the person in
//! that name is recalled, then the carrier gets its answer, then the sender hears of it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use anning_judge::Intent as Meant;
use anning_ledger::sheet::Table;
use anning_link::{Address, Answer, MessageId, Reply, Sequence, Submission, Wish};
use anning_store::Clerk;
use anning_text::{Beside, Coding, Format, Header, Joiner, Outcome, Part, Placement};
use anning_vocab::{Class, PortId, Recipient, RecipientKey, Timestamp};
use tokio::sync::mpsc::Sender;

use crate::batch::{Back, Batch};
use crate::carrier::Order;
use crate::config::{Account, International, Upstream};
use crate::dispatch;
use crate::gate::Gate;
use crate::gateway::Gateway;
use crate::intake::{self, Incoming, numbering};
use crate::letter::{Lane, Letter};
use crate::line::Time;
use crate::outbox::{Entry, Why};
use crate::register::Named;
use crate::replies::{Consequence, Ground, Intent, heard};

/// A reply as it came, and where its answer goes.
pub(crate) struct Heard {
    pub reply: Reply,
    pub upstream: Arc<Upstream>,
    pub at: Timestamp,
    pub back: Sender<Order>,
    pub sequence: Sequence,
}

/// Those who listen: replies of one person go to one of them, in order.
pub(crate) struct Ears {
    to: Vec<SyncSender<Heard>>,
}

impl Ears {
    /// Ears, and what each of them hears.
    pub fn new() -> (Self, Vec<Receiver<Heard>>) {
        let (to, from) = (0..EARS).map(|_| sync_channel(WAITING_MAX)).unzip();
        (Self { to }, from)
    }

    /// Takes a reply; false where too many wait.
    pub fn hear(&self, heard: Heard) -> bool {
        let name = blake3::hash(&heard.reply.source.text);
        let at = usize::from(name.as_bytes().first().copied().unwrap_or(0)) % self.to.len().max(1);
        self.to.get(at).is_some_and(|to| to.try_send(heard).is_ok())
    }
}

/// Listens until the gateway ends.
pub(crate) fn run(gateway: &Arc<Gateway>, clerk: &Clerk, from: &Receiver<Heard>) {
    let mut joiner: Joiner<Arc<str>, Heard> = Joiner::new(anning_text::Bounds::default());
    loop {
        let next = from.recv_timeout(TICK);
        let steady = gateway.hands().steady().since_beginning();
        let millis = u64::try_from(steady.as_millis()).unwrap_or(u64::MAX);
        // What came of it is read as it is: a refusal is not lost because its second half is.
        for part in joiner.expire(millis).into_iter().flat_map(|incomplete| incomplete.carried) {
            let text = alone(&part);
            act(gateway, clerk, &text, vec![part]);
        }
        let heard = match next {
            Ok(heard) => heard,
            Err(RecvTimeoutError::Timeout) if gateway.is_over() => return,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let cut = if heard.reply.udh { Header::cut(&heard.reply.content).ok() } else { None };
        let (header, content) =
            cut.map_or((None, heard.reply.content.clone()), |(header, rest)| (Some(header), rest.to_vec()));
        let beside =
            heard.reply.segment.map(|s| Beside { reference: s.reference, total: s.total, number: s.number });
        let place = Placement::of(header.as_ref(), beside).place.filter(|place| place.total > 1);
        let Some(place) = place else {
            let text = read(&heard, &content);
            act(gateway, clerk, &text, vec![heard]);
            continue;
        };
        let part = Part {
            account: Arc::clone(&heard.upstream.name),
            source: heard.reply.source.text.clone(),
            destination: heard.reply.destination.text.clone(),
            coding: heard.reply.coding,
            place,
            content,
            carried: heard,
        };
        let taken = joiner.take(part, millis);
        for part in taken.given_up.into_iter().flat_map(|incomplete| incomplete.carried) {
            let text = alone(&part);
            act(gateway, clerk, &text, vec![part]);
        }
        match taken.outcome {
            // The carrier is answered when the whole is acted upon; it sends again what is not answered in time.
            Outcome::Waiting => {}
            Outcome::Refused(_, part) => {
                let text = alone(&part);
                act(gateway, clerk, &text, vec![part]);
            }
            Outcome::Joined(joined) => {
                let text =
                    joined.segments.first().map(|first| read(first, &joined.content)).unwrap_or_default();
                let mut parts = joined.segments;
                parts.extend(joined.duplicates);
                act(gateway, clerk, &text, parts);
            }
        }
    }
}

/// The text of one segment by itself.
fn alone(part: &Heard) -> String {
    let content = part.reply.content.as_slice();
    let content =
        if part.reply.udh { Header::cut(content).map_or(content, |(_, rest)| rest) } else { content };
    read(part, content)
}

fn read(heard: &Heard, content: &[u8]) -> String {
    let format = Format::of(numbering(heard.upstream.protocol), heard.reply.coding, None);
    let coding = if format.coding == Coding::Binary && !format.known { Coding::Gbk } else { format.coding };
    let text = anning_text::decode(&intake::in_order(content, coding), coding).text;
    if !matches!(anning_judge::read_reply(&text), Meant::Other) {
        return text;
    }
    // Carriers number the codings of what subscribers write wrongly. A refusal that another coding spells out, to the last
    // byte, is one: no other text reads like that by chance.
    let turned: Vec<u8> = content.chunks(2).flat_map(|pair| pair.iter().rev().copied()).collect();
    let others =
        [Coding::Ascii, Coding::Gbk, Coding::Ucs2].map(|coding| anning_text::decode(content, coding));
    let others = others.into_iter().chain([anning_text::decode(&turned, Coding::Ucs2)]);
    let utf8 = core::str::from_utf8(content).ok().map(str::to_owned);
    let whole = others.filter(|decoded| decoded.replaced == 0).map(|decoded| decoded.text).chain(utf8);
    let refuses = |text: &String| matches!(anning_judge::read_reply(text), Meant::Refusal { .. });
    whole.into_iter().find(refuses).unwrap_or(text)
}

/// Acts upon one reply, and answers for all its segments.
fn act(gateway: &Arc<Gateway>, clerk: &Clerk, text: &str, parts: Vec<Heard>) {
    let Some(first) = parts.first() else { return };
    let mut intent = match anning_judge::read_reply(text) {
        Meant::Refusal { .. } => Intent::Stop,
        Meant::Resubscription => Intent::Start,
        Meant::AsksHow | Meant::Other => Intent::Nothing,
    };
    // Whoever owns the number replied to says what its correspondents' numbers mean.
    let owner = gateway.owner(&gateway.as_shown(&String::from_utf8_lossy(&first.reply.destination.text)));
    let international = owner.map_or(International::default(), |account| account.international);
    let recipient = Gate::recipient(first.upstream.protocol, &first.reply.source, international).ok();
    let person = recipient.map(|recipient| (gateway.gate().key(&recipient), recipient));
    let key = person.as_ref().map(|(key, _)| *key);
    let taken = match person {
        Some((key, recipient)) => {
            let to = gateway.as_shown(&String::from_utf8_lossy(&first.reply.destination.text));
            if intent == Intent::Nothing && is_told(gateway, key, &to, text, first.at) {
                intent = Intent::Stop;
            }
            match on_record(gateway, clerk, first, intent, (key, &recipient), &to) {
                Ok(consequence) => {
                    if !consequence.refused.is_empty() || consequence.port {
                        tell(gateway, first, intent, &consequence);
                        recall(gateway, key, &consequence.refused, consequence.port);
                    }
                    if let Some(confirmation) = consequence.confirmation {
                        confirm(gateway, first, (key, &to), confirmation);
                    }
                    true
                }
                Err(error) => {
                    gateway.ledger_failed(&error);
                    false
                }
            }
        }
        // Nobody's number: there is nobody to act for.
        None => true,
    };
    gateway.tally().replied(intent);
    let whole: Vec<Reply> = parts.iter().map(|part| part.reply.clone()).collect();
    for part in &parts {
        // A connection that is gone gets no answer; the carrier tells again, and the act is on record once.
        let _ = part.back.try_send(Order::Heard(vec![part.sequence], taken));
    }
    if taken {
        gateway.forward(&first.reply.destination, &first.upstream, (key, first.at), whole);
    }
}

/// Does it say the word that a message from this number told this person to refuse with?
fn is_told(gateway: &Gateway, key: RecipientKey, to: &str, text: &str, at: Timestamp) -> bool {
    let told = gateway.port(to).map_or(Vec::new(), |port| gateway.told(key, port, at));
    told.iter().any(|told| matches!(anning_judge::read_reply_to(text, Some(told)), Meant::Refusal { .. }))
}

/// Puts on record what follows from it. When this returns, the next decision sees it.
fn on_record(
    gateway: &Gateway,
    clerk: &Clerk,
    first: &Heard,
    intent: Intent,
    (key, from): (RecipientKey, &Recipient),
    to: &str,
) -> Result<Consequence, anning_store::Error> {
    if intent == Intent::Nothing {
        return Ok(Consequence::default());
    }
    let book = gateway.gate().book();
    let port = gateway.port(to);
    let reply = crate::replies::Heard { from, key, to, port, intent, id: &first.reply.id.0, at: first.at };
    let consequence = {
        let now = clerk.view().now();
        let mut acts = Vec::new();
        now.index().acts(key, &mut acts);
        let recent = port.map_or(Vec::new(), |port: PortId| gateway.recent(key, port, first.at));
        let known = Ground {
            register: &book.register,
            sheets: now.sheets(),
            suite: gateway.suite(),
            acts: &acts,
            recent: &recent,
            words: &book.config.replies,
        };
        heard(&reply, &known)
    };
    let mut consequence = consequence.map_err(|error| gateway.bug(&error))?;
    if !consequence.acts.is_empty() {
        let (sheets, acts) =
            (core::mem::take(&mut consequence.sheets), core::mem::take(&mut consequence.acts));
        clerk.put(sheets, acts)?;
        // Visible. Whatever is decided from here on knows of it.
    }
    Ok(consequence)
}

/// Somebody refuses: whom, and what it was taken for; never who.
fn tell(gateway: &Gateway, first: &Heard, intent: Intent, consequence: &Consequence) {
    let now = gateway.view().now();
    let brand = |id: anning_vocab::BrandId| now.sheets().names().name(Table::Brand, id.0);
    let brands: Vec<_> = consequence.refused.iter().filter_map(|named| named.brand.and_then(brand)).collect();
    let number = String::from_utf8_lossy(&first.reply.destination.text);
    let account = gateway.owner(&number).map(|account| Arc::clone(&account.name));
    let account = account.as_deref().unwrap_or("");
    tracing::info!(?intent, account, brands = %brands.join(" "), port = consequence.port, "a person refuses");
}

/// Takes back what waits for this person in the refused names, or in any.
pub(crate) fn recall(gateway: &Arc<Gateway>, key: RecipientKey, refused: &[Named], any: bool) {
    let book = gateway.gate().book();
    let entries: Vec<Entry> = {
        let letters = gateway.outbox().book();
        letters
            .recallable(key)
            .into_iter()
            .filter(|id| {
                let Some(item) = letters.get(*id) else { return false };
                (any || gateway.is_refused(&book, &item.account, refused))
                    && letters.letter(*id).is_some_and(|letter| is_offer(gateway, &letter))
            })
            .map(|letter| Entry::Recalled { letter, why: Why::Withdrawal })
            .collect()
    };
    if entries.is_empty() {
        return;
    }
    gateway.tally().recalled(entries.len());
    // Those that cannot be recalled now are refused when they are decided again.
    match gateway.outbox().put(entries) {
        Ok(_) => gateway.wake_all(),
        Err(error) => gateway.not_durable(&error),
    }
}

/// Is it, or may it be, an advertisement, whatever queue it waits in? A refusal of advertisements takes back no code that
/// the person asked for, and no notice.
fn is_offer(gateway: &Gateway, letter: &Letter) -> bool {
    match letter.lane {
        Lane::Code => false,
        Lane::Commercial => true,
        Lane::Service => match dispatch::read(gateway, letter) {
            Ok(read) => read.class != Class::NotCommercial && !read.is_code(),
            // What cannot be read any more is not known to be a notice; it would be refused when decided again.
            Err(_) => true,
        },
    }
}

/// The one confirmation: a message like any other, decided like any other.
fn confirm(gateway: &Arc<Gateway>, first: &Heard, (key, to): (RecipientKey, &str), text: String) {
    let Some(account) = gateway.owner_for(to, Some(key), first.at) else {
        return gateway.tally().trouble("unconfirmed");
    };
    let text = signed(text, &account);
    let content: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let submission = Submission {
        source: Address {
            ton: first.reply.destination.ton,
            npi: first.reply.destination.npi,
            text: to.into(),
        },
        destinations: vec![first.reply.source.clone()],
        coding: UCS2,
        content,
        wish: Wish::Nothing,
        ..Submission::default()
    };
    let protocol = first.upstream.protocol;
    let at = Time::of(gateway.hands());
    let incoming = Incoming { account, protocol, submission, id: MessageId::default(), back: Back::Nobody };
    let mut batch = Batch::default();
    intake::take(gateway, incoming, at, &mut batch);
    // Nobody is answered here, so that it shows nowhere else.
    if batch.answers.iter().any(|owed| matches!(owed.answer, Answer::Refused(_))) {
        gateway.tally().trouble("unconfirmed");
    }
    batch.hand_in(gateway);
}

/// Under a signature that the account may use: the name of a brand need not be one, and carriers want what is on file.
fn signed(text: String, account: &Account) -> String {
    let other = anning_judge::signature(&text).filter(|signature| !account.may_sign(signature));
    match other.zip(account.signatures.first()) {
        Some((other, own)) => text.replacen(&*other, own, 1),
        None => text,
    }
}

/// Listeners: what they wait for is the disk, and what waits together goes on record together.
const EARS: usize = 8;
/// Replies that wait for one listener.
const WAITING_MAX: usize = 4_096;
/// How often it is looked at whether a long reply has run out of time.
const TICK: Duration = Duration::from_secs(1);
/// UCS-2, in every protocol's numbers.
const UCS2: u8 = 8;
const _: () = assert!(EARS > 0);
