//! From a submit to letters: joined, read, decided, routed, and put on record together with the answers.

mod content;
mod times;

use std::sync::Arc;

use anning_decide::ClearanceKind;
use anning_link::{Address, Answer, MessageId, Submission, Wish};
use anning_text::{Beside, Incomplete, Outcome, Part, Placement};
use anning_vocab::{Recipient, RecipientKey, Timestamp};

use crate::batch::{Back, Batch, Code, Fate, Onward, Owed};
use crate::codes::{Kind, Reason, Refusal};
use crate::config::{Account, International, PerRecipient, Protocol};
use crate::gate::{Gate, Pass, Read, Ruling, Verdict, Way as Ruled};
use crate::gateway::Gateway;
use crate::letter::{Lane, Letter, LetterId};
use crate::line::Time;
use crate::outbox::{Entry, Start};
use crate::way::Way;

pub(crate) use content::{in_order, numbering, text_of, zero_of};

/// One submit, as it came.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub account: Arc<Account>,
    pub protocol: Protocol,
    pub submission: Submission,
    /// The id its sender is to be told.
    pub id: MessageId,
    pub back: Back,
}

/// A whole message: all its segments.
struct Whole {
    account: Arc<Account>,
    protocol: Protocol,
    segments: Vec<Submission>,
    ids: Vec<MessageId>,
    backs: Vec<Back>,
    /// None where it cannot be read.
    text: Option<String>,
}

/// One recipient of a whole message.
struct Addressee {
    recipient: Result<Recipient, Reason>,
    /// The way to the carrier, and what goes there; or why nothing can.
    carried: Result<Carried, Reason>,
}

/// What goes to a carrier for one recipient.
struct Carried {
    way: Arc<Way>,
    segments: Vec<Submission>,
    ours: Vec<MessageId>,
    beyond: Vec<(MessageId, Wish)>,
}

/// Takes a submit. Its answer comes with the batch, or, while segments are missing, with that of the last one.
pub(crate) fn take(gateway: &Arc<Gateway>, incoming: Incoming, at: Time, batch: &mut Batch) {
    let (header, content) = match content::cut(&incoming.submission) {
        Ok(cut) => cut,
        Err(_) => return whole(gateway, Err(Reason::Unreadable), vec![incoming], Vec::new(), at, batch),
    };
    let beside = incoming.submission.segment.map(|segment| Beside {
        reference: segment.reference,
        total: segment.total,
        number: segment.number,
    });
    let Some(place) = Placement::of(header.as_ref(), beside).place.filter(|place| place.total > 1) else {
        let text = content::text(incoming.protocol, &incoming.account, incoming.submission.coding, content);
        return whole(gateway, text, vec![incoming], Vec::new(), at, batch);
    };
    let destinations =
        incoming.submission.destinations.iter().flat_map(|a| a.text.iter().copied().chain([0]));
    let part = Part {
        account: Arc::clone(&incoming.account.name),
        source: incoming.submission.source.text.clone(),
        destination: destinations.collect(),
        coding: incoming.submission.coding,
        place,
        content: content.to_vec(),
        carried: incoming,
    };
    let millis = u64::try_from(at.steady.since_beginning().as_millis()).unwrap_or(u64::MAX);
    let taken = gateway.joiner().take(part, millis);
    give_up(gateway, taken.given_up, at, batch);
    match taken.outcome {
        Outcome::Waiting => {}
        Outcome::Refused(_, incoming) => {
            whole(gateway, Err(Reason::Incomplete), vec![incoming], Vec::new(), at, batch);
        }
        Outcome::Joined(joined) => {
            let first = joined.segments.first();
            let text = first.map(|first| {
                content::text(first.protocol, &first.account, first.submission.coding, &joined.content)
            });
            if let Some(text) = text {
                whole(gateway, text, joined.segments, joined.duplicates, at, batch);
            }
        }
    }
}

/// Segments whose message was given up: each is refused, or goes on by itself where nothing is blocked.
pub(crate) fn give_up(
    gateway: &Arc<Gateway>,
    given_up: Vec<Incomplete<Incoming>>,
    at: Time,
    batch: &mut Batch,
) {
    for incoming in given_up.into_iter().flat_map(|incomplete| incomplete.carried) {
        whole(gateway, Err(Reason::Incomplete), vec![incoming], Vec::new(), at, batch);
    }
}

/// Takes a whole message; one without a text that can be read goes on only where the account blocks nothing.
fn whole(
    gateway: &Arc<Gateway>,
    text: Result<String, Reason>,
    parts: Vec<Incoming>,
    duplicates: Vec<Incoming>,
    at: Time,
    batch: &mut Batch,
) {
    let Some(first) = parts.first() else { return };
    let (account, protocol) = (Arc::clone(&first.account), first.protocol);
    let (mut segments, mut ids, mut backs) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        segments.push(part.submission);
        ids.push(part.id);
        backs.push(part.back);
    }
    // A repetition is answered as the segment it repeats, and sent once.
    for (again, id) in duplicates.into_iter().zip(ids.iter().cycle()) {
        let answer = Answer::Taken(id.clone());
        batch.answers.push(Owed { back: again.back, id: id.clone(), answer, fates: Vec::new() });
    }
    let unread = text.as_ref().err().copied();
    let whole = Whole { account, protocol, segments, ids, backs, text: text.ok() };
    let text = whole.text.as_deref().ok_or(unread.unwrap_or(Reason::Unreadable));
    match gateway.read(&whole.account, whole.source(), text, at) {
        Err(reason) => whole.backs.into_iter().for_each(|back| batch.refuse(back, reason)),
        Ok(read) => whole.decide(gateway, &read, at, batch),
    }
}

impl Whole {
    fn source(&self) -> &str {
        let first = self.segments.first().map_or(&[][..], |segment| segment.source.text.as_slice());
        core::str::from_utf8(first).unwrap_or("")
    }

    fn addressees(&self, gateway: &Gateway) -> Vec<Addressee> {
        let book = gateway.gate().book();
        let to = self.segments.first().map_or(&[][..], |segment| segment.destinations.as_slice());
        to.iter()
            .enumerate()
            .map(|(place, address)| {
                let recipient = Gate::recipient(self.protocol, address, self.account.international);
                let upstream = recipient.as_ref().ok().and_then(|r| book.config.route(&self.account.name, r));
                let way = upstream.and_then(|upstream| gateway.way(&upstream.name)).ok_or(Reason::NoRoute);
                let carried = way.and_then(|way| self.carried(gateway, way, address, place));
                Addressee { recipient, carried }
            })
            .collect()
    }

    fn decide(self, gateway: &Arc<Gateway>, read: &Read, at: Time, batch: &mut Batch) {
        let addressees = self.addressees(gateway);
        let known: Vec<Recipient> = addressees.iter().filter_map(|a| a.recipient.clone().ok()).collect();
        let mut verdicts = gateway.gate().decide(read, &known, at.wall).into_iter();
        let mut ruled: Vec<Result<Box<Ruling>, Reason>> = Vec::with_capacity(addressees.len());
        for addressee in &addressees {
            ruled.push(match (&addressee.recipient, &addressee.carried) {
                (Err(reason), _) => Err(*reason),
                (Ok(_), carried) => match (verdicts.next(), carried) {
                    (Some(Verdict::Ruled(ruling)), Err(reason)) => {
                        if let Some(ticket) = ruling.ticket {
                            gateway.gate().settle(ruling.recipient, ticket);
                        }
                        Err(*reason)
                    }
                    (Some(Verdict::Ruled(ruling)), Ok(_)) => Ok(ruling),
                    (Some(Verdict::Unavailable(_)) | None, _) => Err(Reason::Unavailable),
                },
            });
        }
        let fates: Vec<Fate> = ruled.iter().map(fate).collect();
        let refused = fates.iter().filter_map(|fate| match fate {
            Fate::Refused(refusal) => Some(refusal.reason),
            Fate::Passes(_) | Fate::Held(_) => None,
        });
        let (count, first) = (refused.clone().count(), refused.min());
        let later = ruled.iter().any(|r| matches!(r, Err(Reason::Unavailable)));
        let whole = count == fates.len() || later || self.account.per_recipient == PerRecipient::Split;
        match first.filter(|_| whole) {
            Some(reason) => {
                let reason = if later { Reason::Unavailable } else { reason };
                self.refuse(gateway, ruled, (&fates, reason), at, batch);
            }
            None => self.take(gateway, addressees, ruled, &fates, at, batch),
        }
    }

    /// Refuses the whole submit. Decisions against it stand on record; those for it were not used and do not.
    ///
    /// Over HTTP a message to one person that law or house policy stops keeps its id, for its sender can ask for the receipt
    /// of the decision. In other protocols a refusal has no id.
    fn refuse(
        self,
        gateway: &Gateway,
        ruled: Vec<Result<Box<Ruling>, Reason>>,
        (fates, reason): (&[Fate], Reason),
        at: Time,
        batch: &mut Batch,
    ) {
        let mut id = MessageId::default();
        let final_ = matches!(reason.kind(), Kind::Law | Kind::House);
        let asked_for = final_ && self.protocol == Protocol::Http && fates.len() == 1;
        for ruling in ruled.into_iter().filter_map(Result::ok) {
            match (ruling.way(), ruling.ticket) {
                (Ruled::Refuse(_), _) => {
                    batch.decision(ruling.record, None);
                    if asked_for {
                        let hours = gateway.gate().book().config.outbox.wait_hours;
                        let expires = expires(self.segments.first(), at.wall, hours);
                        let letter = self.stub(gateway, ruling.recipient, 0, (at.wall, expires));
                        id = letter.ours.first().cloned().unwrap_or_default();
                        let (letter, start) = (Arc::new(letter), Start::Refused(reason));
                        batch.entries.push(Entry::Accepted { letter, start });
                        batch.onward.push(Onward::Over);
                    }
                }
                (Ruled::Pass(_) | Ruled::Hold(_), Some(ticket)) => {
                    gateway.gate().settle(ruling.recipient, ticket)
                }
                (Ruled::Pass(_) | Ruled::Hold(_), None) => {}
            }
        }
        for back in self.backs {
            let answer = Answer::Refused(back.code(reason));
            batch.answers.push(Owed { back, id: id.clone(), answer, fates: fates.to_vec() });
        }
    }

    /// Takes it: a letter each, those refused only to be reported on.
    fn take(
        self,
        gateway: &Arc<Gateway>,
        addressees: Vec<Addressee>,
        ruled: Vec<Result<Box<Ruling>, Reason>>,
        fates: &[Fate],
        at: Time,
        batch: &mut Batch,
    ) {
        let hours = gateway.gate().book().config.outbox.wait_hours;
        let expires = expires(self.segments.first(), at.wall, hours);
        let asked = self.segments.first().and_then(|segment| times::not_before(&segment.not_before, at.wall));
        let (alone, before) = (fates.len() == 1, batch.onward.len());
        // Of the only one: is it a code, and what does it go on if its way is not free?
        let (mut code, mut kept) = (false, None);
        for (place, (addressee, ruling)) in addressees.into_iter().zip(ruled).enumerate() {
            let Carried { way, segments, ours, beyond } = match addressee.carried {
                Ok(carried) => carried,
                Err(reason) => {
                    let reason = addressee.recipient.as_ref().err().copied().unwrap_or(reason);
                    self.report_only(gateway, addressee.recipient.ok(), place, (reason, expires), batch);
                    continue;
                }
            };
            // Evidence that cannot be had refuses the whole, so that nobody is left out here.
            let Ok(ruling) = ruling else { continue };
            let hold = match ruling.way() {
                Ruled::Hold(until) => Some(until),
                Ruled::Pass(_) | Ruled::Refuse(_) => None,
            };
            let letter = Letter {
                id: LetterId(0),
                account: Arc::clone(&self.account.name),
                upstream: Arc::clone(&way.upstream.name),
                lane: ruling.lane,
                accepted_at: at.wall,
                not_before: hold.max(asked),
                expires,
                recipient: ruling.recipient,
                segments,
                ours,
                beyond,
            };
            let passes = ruling.pass.as_ref().map(Pass::kind);
            code = letter.lane == Lane::Code || passes == Some(ClearanceKind::FailOpen);
            kept = onward(gateway, &way, letter, *ruling, batch);
        }
        let answers = batch.answers.len();
        for (back, id) in self.backs.into_iter().zip(self.ids) {
            let (answer, fates) = (Answer::Taken(id.clone()), fates.to_vec());
            batch.answers.push(Owed { back, id, answer, fates });
        }
        if let (true, Some(Entry::Accepted { letter, .. })) = (alone && code, batch.entries.last())
            && (kept.is_some() || matches!(batch.onward.get(before), Some(Onward::AtOnce(_))))
        {
            let (letter, answers) = (Arc::clone(letter), answers..batch.answers.len());
            batch.codes.push(Code { letter, pass: kept, onward: before, answers });
        }
    }

    /// Whoever cannot be written to, in a submit that is taken for the sake of others: a letter that never goes anywhere,
    /// so that its sender is told by a report.
    fn report_only(
        &self,
        gateway: &Gateway,
        recipient: Option<Recipient>,
        place: usize,
        (reason, expires): (Reason, Timestamp),
        batch: &mut Batch,
    ) {
        // A number that is none is nobody's.
        let key = recipient.map_or(RecipientKey([0; 16]), |recipient| gateway.gate().key(&recipient));
        let letter = self.stub(gateway, key, place, (gateway.hands().wall(), expires));
        batch.entries.push(Entry::Accepted { letter: Arc::new(letter), start: Start::Refused(reason) });
        batch.onward.push(Onward::Over);
    }

    /// A letter that never goes anywhere: without its text.
    fn stub(
        &self,
        gateway: &Gateway,
        recipient: RecipientKey,
        place: usize,
        (accepted_at, expires): (Timestamp, Timestamp),
    ) -> Letter {
        let destination = self.segments.first().and_then(|segment| segment.destinations.get(place)).cloned();
        let to = |segment: &Submission| Submission {
            destinations: destination.iter().cloned().collect(),
            content: Vec::new(),
            ..segment.clone()
        };
        Letter {
            id: LetterId(0),
            account: Arc::clone(&self.account.name),
            upstream: "".into(),
            lane: Lane::Service,
            accepted_at,
            not_before: None,
            expires,
            recipient,
            segments: self.segments.iter().map(to).collect(),
            ours: self.ids.iter().map(|id| gateway.nth_id(self.protocol, id, place)).collect(),
            beyond: Vec::new(),
        }
    }

    /// The segments as they go to a carrier, to this one recipient, and the ids that the sender is told of them.
    fn carried(
        &self,
        gateway: &Gateway,
        way: Arc<Way>,
        to: &Address,
        place: usize,
    ) -> Result<Carried, Reason> {
        let mut segments = content::carry(
            &self.segments,
            (self.protocol, &self.account),
            &way.upstream,
            self.text.as_deref(),
        )?;
        let (ours, theirs) = (self.protocol, way.upstream.protocol);
        let to = crate::protocols::address(to, ours, theirs, self.account.international);
        let to = to.ok_or(Reason::Destination)?;
        for segment in &mut segments {
            segment.destinations = vec![to.clone()];
            let source = crate::protocols::address(&segment.source, ours, theirs, International::default());
            segment.source = source.ok_or(Reason::Source)?;
            segment.not_before = Vec::new();
        }
        segments.iter().try_for_each(|segment| crate::protocols::fits(gateway, &way.upstream, segment))?;
        let own = self.ids.iter().map(|id| gateway.nth_id(self.protocol, id, place));
        let mut own = own.zip(self.segments.iter().map(|segment| segment.wish));
        let mut ours = Vec::with_capacity(segments.len());
        for segment in &mut segments {
            // Of segments that the sender did not make it knows nothing.
            let (id, wish) = own.next().unwrap_or((MessageId::default(), Wish::Nothing));
            segment.wish = wish;
            ours.push(id);
        }
        Ok(Carried { way, segments, ours, beyond: own.collect() })
    }
}

/// What becomes of a letter, by what was decided and by the room there is. Its clearance, where it waits for room alone: it
/// is decided again when taken out, unless it is a code and nothing can be put on record.
fn onward(
    gateway: &Arc<Gateway>,
    way: &Arc<Way>,
    letter: Letter,
    ruling: Ruling,
    batch: &mut Batch,
) -> Option<Pass> {
    let counted = ruling.ticket.map(|ticket| (ruling.recipient, ticket));
    let (lane, count, waits) = (letter.lane, letter.segments.len(), letter.not_before.is_some());
    if let Ruled::Refuse(refusal) = ruling.way() {
        batch.decision(ruling.record, None);
        let letter = Arc::new(letter);
        batch.entries.push(Entry::Accepted { letter, start: Start::Refused(refusal.reason) });
        batch.onward.push(Onward::Over);
        return None;
    }
    let clear = !waits && way.is_clear(lane);
    let reserved = if clear { way.reserve(lane, count, gateway.hands().steady()) } else { None };
    match (reserved, ruling.pass) {
        (Some(reserved), Some(pass)) => {
            batch.decision(ruling.record, counted);
            batch.entries.push(Entry::Accepted { letter: Arc::new(letter), start: Start::AtOnce });
            batch.onward.push(Onward::AtOnce(Box::new((reserved, pass))));
            None
        }
        (_, pass) => {
            let record = anning_store::Decided { handed_over: None, ..ruling.record };
            batch.decision(record, None);
            batch.entries.push(Entry::Accepted { letter: Arc::new(letter), start: Start::Waits });
            batch.onward.push(Onward::Waits(Arc::clone(way), counted));
            pass.filter(|_| !waits)
        }
    }
}

fn fate(ruled: &Result<Box<Ruling>, Reason>) -> Fate {
    match ruled {
        Err(reason) => Fate::Refused(Refusal::from(*reason)),
        Ok(ruling) => match ruling.way() {
            Ruled::Pass(kind) => Fate::Passes(kind),
            Ruled::Hold(until) => Fate::Held(until),
            Ruled::Refuse(refusal) => Fate::Refused(refusal),
        },
    }
}

/// When a letter is not to be handed over any more: the sender's word, within the gateway's longest wait.
fn expires(segment: Option<&Submission>, now: Timestamp, longest_hours: i64) -> Timestamp {
    let longest = now.plus_millis(longest_hours * 3_600_000);
    let said = segment.and_then(|segment| times::not_before(&segment.valid_until, now));
    said.map_or(longest, |said| said.min(longest))
}
