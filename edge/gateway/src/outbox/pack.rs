//! Entries as bytes.
//!
//! The payload of a record of the journal is a seal (ChaCha20-Poly1305, key of the segment, place: the record's first
//! number) of one byte, the version of this format (1), and its entries one after another. Entry number `i` of a record
//! has the number `first + i + 1`, where `first` stands in the record's frame.
//!
//! | part | bytes |
//! | --- | --- |
//! | number | LEB128, at most ten bytes |
//! | time | milliseconds since 1970, zigzag, as a number |
//! | text, bytes | length as a number, then as many bytes |
//! | list | count as a number, then its members |
//! | optional | 0, or 1 and the value |
//! | entry | one byte for its kind, then its fields in the order of [`Entry`] |
//!
//! A letter's ids are one list, those of its segments first; each beyond them has a byte after the list: are reports
//! wanted.
//!
//! Names of parties and wordings are written as names: their numbers do not outlive the process. Reading is total: any
//! bytes yield entries, or the place where they stop making sense.

use anning_ledger::sheet::Table;
use anning_link::{Address, MessageId, Report, ReportState, Segment, Submission, Tlv, Wish};
use anning_store::{Decided, Now};
use anning_vocab::{ContentKind, RecipientKey, Timestamp};

use super::entry::{Carried, Entry, Item, Outcome, Parked, Part, Stage, Start, State, Why};
use crate::letter::{Lane, Letter, LetterId};

/// Writes entries.
pub struct Packer<'v> {
    /// Whose names stand behind numbers.
    names: &'v Now<'v>,
    out: Vec<u8>,
}

impl<'v> Packer<'v> {
    /// Begins a record's payload.
    #[must_use]
    pub fn new(names: &'v Now<'v>, mut out: Vec<u8>) -> Self {
        out.clear();
        out.push(VERSION);
        Self { names, out }
    }

    /// The payload.
    #[must_use]
    pub fn end(self) -> Vec<u8> {
        self.out
    }

    /// Bytes so far.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was appended after so many bytes.
    pub fn back_to(&mut self, size: usize) {
        self.out.truncate(size);
    }

    /// Appends an entry.
    // size: one arm a kind of entry
    pub fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Accepted { letter, start } => {
                self.kind(1).start(*start).letter(letter);
            }
            Entry::Decision(decided) => {
                self.kind(2).decided(decided);
            }
            Entry::HandingOver { letter } => {
                self.kind(3).id(*letter);
            }
            Entry::Taken { letter, segment, id } => {
                self.kind(4).id(*letter).byte(*segment).bytes(&id.0);
            }
            Entry::RefusedByCarrier { letter, segment, code } => {
                self.kind(5).id(*letter).byte(*segment).number(u64::from(*code));
            }
            Entry::InDoubt { letter } => {
                self.kind(6).id(*letter);
            }
            Entry::Released { letter, until } => {
                self.kind(7).id(*letter).maybe_time(*until);
            }
            Entry::Recalled { letter, why } => {
                self.kind(8).id(*letter).byte(why_code(*why));
            }
            Entry::Refused { letter, reason } => {
                self.kind(9).id(*letter).byte(reason.number());
            }
            Entry::Reported { letter, segment, report } => {
                self.kind(10).id(*letter).byte(*segment).report(report);
            }
            Entry::ReportTold { letter, segment } => {
                self.kind(11).id(*letter).byte(*segment);
            }
            Entry::Parked(parked) => {
                self.kind(12).parked(parked);
            }
            Entry::Unparked { parked } => {
                self.kind(13).number(*parked);
            }
            Entry::Expired { letter } => {
                self.kind(14).id(*letter);
            }
            Entry::GaveUp { letter } => {
                self.kind(15).id(*letter);
            }
            Entry::Untold { letter } => {
                self.kind(16).id(*letter);
            }
            Entry::Scribed { through, position } => {
                self.kind(17).number(*through).number(*position);
            }
            Entry::Restarted => {
                self.kind(18);
            }
            Entry::Kept { from, scribed } => {
                self.kind(19).number(u64::from(*from));
                match scribed {
                    None => self.byte(0),
                    Some((through, position)) => self.byte(1).number(*through).number(*position),
                };
            }
            Entry::Carried { number, what } => {
                self.kind(20).number(*number);
                match what {
                    Carried::Item(item) => self.byte(1).item(item),
                    Carried::Decision(decided) => self.byte(2).decided(decided),
                    Carried::Parked(parked) => self.byte(3).parked(parked),
                };
            }
        }
    }

    fn kind(&mut self, kind: u8) -> &mut Self {
        self.byte(kind)
    }

    fn byte(&mut self, byte: u8) -> &mut Self {
        self.out.push(byte);
        self
    }

    fn start(&mut self, start: Start) -> &mut Self {
        match start {
            Start::Waits => self.byte(0),
            Start::AtOnce => self.byte(1),
            Start::Refused(reason) => self.byte(2).byte(reason.number()),
        }
    }

    fn flag(&mut self, flag: bool) -> &mut Self {
        self.byte(u8::from(flag))
    }

    fn number(&mut self, mut number: u64) -> &mut Self {
        while number >= 0x80 {
            self.out.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8)
    }

    fn count(&mut self, count: usize) -> &mut Self {
        self.number(count as u64)
    }

    fn id(&mut self, id: LetterId) -> &mut Self {
        self.number(id.0)
    }

    fn time(&mut self, time: Timestamp) -> &mut Self {
        let millis = time.millis();
        self.number(((millis << 1) ^ (millis >> 63)).cast_unsigned())
    }

    fn maybe_time(&mut self, time: Option<Timestamp>) -> &mut Self {
        match time {
            None => self.byte(0),
            Some(time) => self.byte(1).time(time),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len());
        self.out.extend_from_slice(bytes);
        self
    }

    fn key(&mut self, key: RecipientKey) -> &mut Self {
        self.out.extend_from_slice(&key.0);
        self
    }

    fn ids(&mut self, ids: &[MessageId]) -> &mut Self {
        self.count(ids.len());
        for id in ids {
            self.bytes(&id.0);
        }
        self
    }

    fn address(&mut self, address: &Address) -> &mut Self {
        self.bytes(&address.text).byte(address.ton).byte(address.npi)
    }

    fn tlvs(&mut self, tlvs: &[Tlv]) -> &mut Self {
        self.count(tlvs.len());
        for tlv in tlvs {
            self.number(u64::from(tlv.tag)).bytes(&tlv.value);
        }
        self
    }

    fn letter(&mut self, letter: &Letter) -> &mut Self {
        self.bytes(letter.account.as_bytes()).bytes(letter.upstream.as_bytes()).byte(lane_code(letter.lane));
        self.time(letter.accepted_at).maybe_time(letter.not_before).time(letter.expires);
        self.key(letter.recipient).count(letter.segments.len());
        for segment in &letter.segments {
            self.submission(segment);
        }
        self.count(letter.ours.len() + letter.beyond.len());
        for id in letter.ours.iter().chain(letter.beyond.iter().map(|(id, _)| id)) {
            self.bytes(&id.0);
        }
        for (_, wish) in &letter.beyond {
            self.byte(wish_code(*wish));
        }
        self
    }

    fn submission(&mut self, s: &Submission) -> &mut Self {
        self.address(&s.source).count(s.destinations.len());
        for to in &s.destinations {
            self.address(to);
        }
        self.byte(s.coding).flag(s.udh).bytes(&s.content);
        match s.segment {
            None => self.byte(0),
            Some(Segment { reference: None, total, number }) => self.byte(1).byte(total).byte(number),
            Some(Segment { reference: Some(reference), total, number }) => {
                self.byte(2).byte(total).byte(number).number(u64::from(reference))
            }
        };
        self.byte(wish_code(s.wish)).bytes(&s.service).bytes(&s.enterprise);
        self.byte(s.fee.payer_kind).address(&s.fee.payer).bytes(&s.fee.kind).bytes(&s.fee.code);
        self.bytes(&s.fee.fixed).byte(s.priority).byte(s.protocol_id).byte(s.mode);
        self.bytes(&s.valid_until).bytes(&s.not_before).bytes(&s.link).tlvs(&s.extra)
    }

    fn report(&mut self, r: &Report) -> &mut Self {
        self.bytes(&r.id.0)
            .bytes(&r.carried_as.0)
            .address(&r.recipient)
            .address(&r.source)
            .byte(state_code(r.state));
        self.bytes(&r.word).bytes(&r.error).bytes(&r.submitted).bytes(&r.done).bytes(&r.text);
        self.bytes(&r.service).tlvs(&r.extra)
    }

    fn parked(&mut self, parked: &Parked) -> &mut Self {
        self.bytes(parked.upstream.as_bytes()).ids(&parked.forms);
        match parked.recipient {
            None => self.byte(0),
            Some(key) => self.byte(1).key(key),
        };
        self.time(parked.since).report(&parked.report)
    }

    fn decided(&mut self, decided: &Decided) -> &mut Self {
        self.key(decided.recipient).bytes(&decided.record);
        match &decided.evidence {
            None => self.byte(0),
            Some(evidence) => self.byte(1).bytes(evidence),
        };
        let Some(prior) = &decided.handed_over else { return self.byte(0) };
        let names = self.names.sheets().names();
        let name = |table, number| names.name(table, number).unwrap_or_default();
        let sender = prior.sender.map(|party| name(Table::Party, party.0)).unwrap_or_default();
        let wording = prior.wording.map(|number| name(Table::Wording, number)).unwrap_or_default();
        self.byte(1).time(prior.sent_at).bytes(sender.as_bytes()).bytes(prior.channel.code().as_bytes());
        self.bytes(prior.kind.map_or("", ContentKind::code).as_bytes());
        self.flag(prior.commercial).flag(prior.request).bytes(wording.as_bytes())
    }

    fn item(&mut self, item: &Item) -> &mut Self {
        self.id(item.id).bytes(item.account.as_bytes()).bytes(item.upstream.as_bytes());
        self.byte(lane_code(item.lane)).time(item.accepted_at).time(item.expires).key(item.recipient);
        self.address(&item.destination).address(&item.source).bytes(&item.service);
        match &item.letter {
            None => self.byte(0),
            Some(letter) => self.byte(1).letter(letter),
        };
        let (code, until) = letter_state(item.state);
        self.byte(code).maybe_time(until).time(item.since).count(item.parts.len());
        for part in &item.parts {
            self.part(part);
        }
        self
    }

    fn part(&mut self, part: &Part) -> &mut Self {
        self.bytes(&part.ours.0);
        match &part.theirs {
            None => self.byte(0),
            Some(id) => self.byte(1).bytes(&id.0),
        };
        self.byte(wish_code(part.wish)).flag(part.owed);
        match &part.stage {
            Stage::Waiting => self.byte(1),
            Stage::HandingOver => self.byte(2),
            Stage::InDoubt => self.byte(3),
            Stage::Taken => self.byte(4),
            Stage::Ended(Outcome::Reported(report)) => self.byte(5).report(report),
            Stage::Ended(Outcome::RefusedByCarrier(code)) => self.byte(6).number(u64::from(*code)),
            Stage::Ended(Outcome::Recalled(why)) => self.byte(7).byte(why_code(*why)),
            Stage::Ended(Outcome::Refused(reason)) => self.byte(8).byte(reason.number()),
            Stage::Ended(Outcome::Expired) => self.byte(9),
            Stage::Ended(Outcome::Unknown) => self.byte(10),
            Stage::Follows => self.byte(11),
        }
    }
}

pub(super) const fn lane_code(lane: Lane) -> u8 {
    match lane {
        Lane::Code => 0,
        Lane::Service => 1,
        Lane::Commercial => 2,
    }
}

pub(super) const fn wish_code(wish: Wish) -> u8 {
    match wish {
        Wish::Nothing => 0,
        Wish::Report => 1,
        Wish::ReportOfFailure => 2,
    }
}

pub(super) const fn why_code(why: Why) -> u8 {
    match why {
        Why::Withdrawal => 1,
        Why::Cancelled => 2,
        Why::Operator => 3,
    }
}

pub(super) const fn state_code(state: ReportState) -> u8 {
    match state {
        ReportState::Underway => 1,
        ReportState::Delivered => 2,
        ReportState::Expired => 3,
        ReportState::Deleted => 4,
        ReportState::Undeliverable => 5,
        ReportState::Accepted => 6,
        ReportState::Unknown => 7,
        ReportState::Rejected => 8,
        ReportState::Failed => 9,
    }
}

pub(super) const fn letter_state(state: State) -> (u8, Option<Timestamp>) {
    match state {
        State::Queued => (1, None),
        State::Held { until } => (2, Some(until)),
        State::HandingOver => (3, None),
        State::Sent => (4, None),
        State::InDoubt => (5, None),
        State::Delivered => (6, None),
        State::Failed => (7, None),
        State::Recalled => (8, None),
        State::Refused => (9, None),
        State::Expired => (10, None),
        State::Unknown => (11, None),
    }
}

pub(super) const REPORT_STATES: [ReportState; 9] = [
    ReportState::Underway,
    ReportState::Delivered,
    ReportState::Expired,
    ReportState::Deleted,
    ReportState::Undeliverable,
    ReportState::Accepted,
    ReportState::Unknown,
    ReportState::Rejected,
    ReportState::Failed,
];
/// Those without a time.
pub(super) const STATES: [State; 10] = [
    State::Queued,
    State::HandingOver,
    State::Sent,
    State::InDoubt,
    State::Delivered,
    State::Failed,
    State::Recalled,
    State::Refused,
    State::Expired,
    State::Unknown,
];
pub(super) const VERSION: u8 = 1;
