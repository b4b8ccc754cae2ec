//! Entries from bytes: the reading half of `pack`.

use std::collections::HashSet;
use std::sync::Arc;

use anning_ledger::sheet::Table;
use anning_link::{Address, Fee, MessageId, Report, ReportState, Segment, Submission, Tlv, Wish};
use anning_store::{Decided, View};
use anning_vocab::{Channel, ContentKind, PartyId, Prior, RecipientKey, Timestamp};

use super::entry::{Carried, Entry, Item, Outcome, Parked, Part, Stage, Start, State, Why};
use super::pack::{REPORT_STATES, STATES, VERSION, letter_state, state_code};
use crate::codes::Reason;
use crate::letter::{Lane, Letter, LetterId};

/// Bytes that are no entry: where they stop making sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub usize);

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "entries of an outbox stop making sense at byte {}", self.0)
    }
}
impl core::error::Error for Malformed {}

/// Reads entries.
pub struct Unpacker<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Gives numbers to names.
    view: &'b View,
    /// Names of accounts and carriers, each once in memory.
    texts: &'b mut HashSet<Arc<str>>,
}

impl<'b> Unpacker<'b> {
    /// Begins to read a record's payload.
    ///
    /// # Errors
    /// [`Malformed`] for another version.
    pub fn new(bytes: &'b [u8], view: &'b View, texts: &'b mut HashSet<Arc<str>>) -> Result<Self, Malformed> {
        if bytes.first() == Some(&VERSION) {
            Ok(Self { bytes, at: 1, view, texts })
        } else {
            Err(Malformed(0))
        }
    }

    /// The next entry, which has this number; none at the end.
    ///
    /// # Errors
    /// [`Malformed`].
    // size: one arm a kind of entry
    pub fn entry(&mut self, number: u64) -> Result<Option<Entry>, Malformed> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let kind = self.byte()?;
        Ok(Some(match kind {
            1 => {
                let start = self.start()?;
                Entry::Accepted { letter: Arc::new(self.letter(LetterId(number))?), start }
            }
            2 => Entry::Decision(Arc::new(self.decided()?)),
            3 => Entry::HandingOver { letter: self.id()? },
            4 => Entry::Taken { letter: self.id()?, segment: self.byte()?, id: self.message_id()? },
            5 => Entry::RefusedByCarrier { letter: self.id()?, segment: self.byte()?, code: self.small()? },
            6 => Entry::InDoubt { letter: self.id()? },
            7 => Entry::Released { letter: self.id()?, until: self.maybe(Self::time)? },
            8 => Entry::Recalled { letter: self.id()?, why: self.why()? },
            9 => Entry::Refused { letter: self.id()?, reason: self.reason()? },
            10 => Entry::Reported {
                letter: self.id()?,
                segment: self.byte()?,
                report: Arc::new(self.report()?),
            },
            11 => Entry::ReportTold { letter: self.id()?, segment: self.byte()? },
            12 => Entry::Parked(Arc::new(self.parked()?)),
            13 => Entry::Unparked { parked: self.number()? },
            14 => Entry::Expired { letter: self.id()? },
            15 => Entry::GaveUp { letter: self.id()? },
            16 => Entry::Untold { letter: self.id()? },
            17 => Entry::Scribed { through: self.number()?, position: self.number()? },
            18 => Entry::Restarted,
            19 => {
                let from = self.small()?;
                Entry::Kept { from, scribed: self.maybe(|f| Ok((f.number()?, f.number()?)))? }
            }
            20 => Entry::Carried { number: self.number()?, what: self.carried()? },
            _ => return Err(Malformed(self.at - 1)),
        }))
    }

    fn carried(&mut self) -> Result<Carried, Malformed> {
        match self.byte()? {
            1 => Ok(Carried::Item(Box::new(self.item()?))),
            2 => Ok(Carried::Decision(Arc::new(self.decided()?))),
            3 => Ok(Carried::Parked(Arc::new(self.parked()?))),
            _ => Err(self.wrong()),
        }
    }

    const fn wrong(&self) -> Malformed {
        Malformed(self.at.saturating_sub(1))
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], Malformed> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.get(..count));
        let bytes = bytes.ok_or(Malformed(self.at))?;
        self.at += count;
        Ok(bytes)
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        self.take(1)?.first().copied().ok_or(Malformed(self.at))
    }

    fn flag(&mut self) -> Result<bool, Malformed> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.wrong()),
        }
    }

    fn maybe<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        if self.flag()? { read(self).map(Some) } else { Ok(None) }
    }

    fn number(&mut self) -> Result<u64, Malformed> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(self.wrong());
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.wrong())
    }

    fn small(&mut self) -> Result<u32, Malformed> {
        self.number()?.try_into().map_err(|_| self.wrong())
    }

    fn id(&mut self) -> Result<LetterId, Malformed> {
        self.number().map(LetterId)
    }

    fn time(&mut self) -> Result<Timestamp, Malformed> {
        let zigzag = self.number()?;
        Ok(Timestamp::from_millis((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed()))
    }

    fn slice(&mut self) -> Result<&'b [u8], Malformed> {
        let len = self.number()?;
        self.take(usize::try_from(len).map_err(|_| self.wrong())?)
    }

    fn vec(&mut self) -> Result<Vec<u8>, Malformed> {
        self.slice().map(<[u8]>::to_vec)
    }

    fn str(&mut self) -> Result<&'b str, Malformed> {
        core::str::from_utf8(self.slice()?).map_err(|_| self.wrong())
    }

    /// A name of which there are few, held once.
    fn text(&mut self) -> Result<Arc<str>, Malformed> {
        let text = self.str()?;
        if let Some(known) = self.texts.get(text) {
            return Ok(Arc::clone(known));
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        Ok(text)
    }

    /// A list. Every member takes a byte at least, so no count makes more room than there are bytes.
    fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let count = usize::try_from(self.number()?).map_err(|_| self.wrong())?;
        if count > self.bytes.len() - self.at {
            return Err(self.wrong());
        }
        // A count alone must not take memory that its members may never fill.
        let mut list = Vec::with_capacity(count.min(ROOM_AT_ONCE));
        for _ in 0..count {
            list.push(read(self)?);
        }
        Ok(list)
    }

    fn message_id(&mut self) -> Result<MessageId, Malformed> {
        self.vec().map(MessageId)
    }

    fn key(&mut self) -> Result<RecipientKey, Malformed> {
        let bytes = self.take(16)?;
        Ok(RecipientKey(bytes.try_into().map_err(|_| Malformed(self.at))?))
    }

    fn address(&mut self) -> Result<Address, Malformed> {
        Ok(Address { text: self.vec()?, ton: self.byte()?, npi: self.byte()? })
    }

    fn tlvs(&mut self) -> Result<Vec<Tlv>, Malformed> {
        self.list(|from| {
            let tag = from.number()?.try_into().map_err(|_| from.wrong())?;
            Ok(Tlv { tag, value: from.vec()? })
        })
    }

    fn lane(&mut self) -> Result<Lane, Malformed> {
        match self.byte()? {
            0 => Ok(Lane::Code),
            1 => Ok(Lane::Service),
            2 => Ok(Lane::Commercial),
            _ => Err(self.wrong()),
        }
    }

    fn wish(&mut self) -> Result<Wish, Malformed> {
        match self.byte()? {
            0 => Ok(Wish::Nothing),
            1 => Ok(Wish::Report),
            2 => Ok(Wish::ReportOfFailure),
            _ => Err(self.wrong()),
        }
    }

    fn why(&mut self) -> Result<Why, Malformed> {
        match self.byte()? {
            1 => Ok(Why::Withdrawal),
            2 => Ok(Why::Cancelled),
            3 => Ok(Why::Operator),
            _ => Err(self.wrong()),
        }
    }

    fn letter(&mut self, id: LetterId) -> Result<Letter, Malformed> {
        let mut letter = Letter {
            id,
            account: self.text()?,
            upstream: self.text()?,
            lane: self.lane()?,
            accepted_at: self.time()?,
            not_before: self.maybe(Self::time)?,
            expires: self.time()?,
            recipient: self.key()?,
            segments: self.list(Self::submission)?,
            ours: self.list(Self::message_id)?,
            beyond: Vec::new(),
        };
        let own = letter.segments.len().min(letter.ours.len());
        for id in letter.ours.split_off(own) {
            letter.beyond.push((id, self.wish()?));
        }
        Ok(letter)
    }

    fn submission(&mut self) -> Result<Submission, Malformed> {
        Ok(Submission {
            source: self.address()?,
            destinations: self.list(Self::address)?,
            coding: self.byte()?,
            udh: self.flag()?,
            content: self.vec()?,
            segment: self.segment()?,
            wish: self.wish()?,
            service: self.vec()?,
            enterprise: self.vec()?,
            fee: Fee {
                payer_kind: self.byte()?,
                payer: self.address()?,
                kind: self.vec()?,
                code: self.vec()?,
                fixed: self.vec()?,
            },
            priority: self.byte()?,
            protocol_id: self.byte()?,
            mode: self.byte()?,
            valid_until: self.vec()?,
            not_before: self.vec()?,
            link: self.vec()?,
            extra: self.tlvs()?,
        })
    }

    fn segment(&mut self) -> Result<Option<Segment>, Malformed> {
        let how = self.byte()?;
        if how == 0 {
            return Ok(None);
        }
        let (total, number) = (self.byte()?, self.byte()?);
        match how {
            1 => Ok(Some(Segment { reference: None, total, number })),
            2 => {
                let reference = self.number()?.try_into().map_err(|_| self.wrong())?;
                Ok(Some(Segment { reference: Some(reference), total, number }))
            }
            _ => Err(self.wrong()),
        }
    }

    fn report(&mut self) -> Result<Report, Malformed> {
        Ok(Report {
            id: self.message_id()?,
            carried_as: self.message_id()?,
            recipient: self.address()?,
            source: self.address()?,
            state: self.report_state()?,
            word: self.vec()?,
            error: self.vec()?,
            submitted: self.vec()?,
            done: self.vec()?,
            text: self.vec()?,
            service: self.vec()?,
            extra: self.tlvs()?,
        })
    }

    fn start(&mut self) -> Result<Start, Malformed> {
        match self.byte()? {
            0 => Ok(Start::Waits),
            1 => Ok(Start::AtOnce),
            2 => Ok(Start::Refused(self.reason()?)),
            _ => Err(self.wrong()),
        }
    }

    fn reason(&mut self) -> Result<Reason, Malformed> {
        let number = self.byte()?;
        Reason::ALL.iter().copied().find(|reason| reason.number() == number).ok_or_else(|| self.wrong())
    }

    fn report_state(&mut self) -> Result<ReportState, Malformed> {
        let code = self.byte()?;
        REPORT_STATES.into_iter().find(|state| state_code(*state) == code).ok_or_else(|| self.wrong())
    }

    fn parked(&mut self) -> Result<Parked, Malformed> {
        Ok(Parked {
            upstream: self.text()?,
            forms: self.list(Self::message_id)?,
            recipient: self.maybe(Self::key)?,
            since: self.time()?,
            report: Arc::new(self.report()?),
        })
    }

    fn decided(&mut self) -> Result<Decided, Malformed> {
        let (recipient, record) = (self.key()?, self.vec()?);
        let evidence = self.maybe(Self::vec)?;
        Ok(Decided { recipient, record, handed_over: self.maybe(Self::prior)?, evidence })
    }

    fn prior(&mut self) -> Result<Prior, Malformed> {
        let sent_at = self.time()?;
        let view = self.view;
        let number = |table, name: &str| (!name.is_empty()).then(|| view.number(table, name));
        let sender = number(Table::Party, self.str()?).map(PartyId);
        let channel = Channel::from_code(self.str()?).ok_or_else(|| self.wrong())?;
        let kind = match self.str()? {
            "" => None,
            code => Some(ContentKind::from_code(code).ok_or_else(|| self.wrong())?),
        };
        let (commercial, request) = (self.flag()?, self.flag()?);
        let wording = number(Table::Wording, self.str()?);
        Ok(Prior { sent_at, sender, channel, kind, commercial, request, wording })
    }

    fn item(&mut self) -> Result<Item, Malformed> {
        let id = self.id()?;
        Ok(Item {
            id,
            account: self.text()?,
            upstream: self.text()?,
            lane: self.lane()?,
            accepted_at: self.time()?,
            expires: self.time()?,
            recipient: self.key()?,
            destination: self.address()?,
            source: self.address()?,
            service: self.vec()?,
            letter: self.maybe(|from| from.letter(id).map(Arc::new))?,
            state: self.state()?,
            since: self.time()?,
            parts: self.list(Self::part)?,
        })
    }

    fn state(&mut self) -> Result<State, Malformed> {
        let (code, until) = (self.byte()?, self.maybe(Self::time)?);
        match (code, until) {
            (2, Some(until)) => Ok(State::Held { until }),
            (_, None) => STATES.into_iter().find(|s| letter_state(*s).0 == code).ok_or_else(|| self.wrong()),
            (_, Some(_)) => Err(self.wrong()),
        }
    }

    fn part(&mut self) -> Result<Part, Malformed> {
        Ok(Part {
            ours: self.message_id()?,
            theirs: self.maybe(Self::message_id)?,
            wish: self.wish()?,
            owed: self.flag()?,
            stage: self.stage()?,
        })
    }

    fn stage(&mut self) -> Result<Stage, Malformed> {
        Ok(match self.byte()? {
            1 => Stage::Waiting,
            2 => Stage::HandingOver,
            3 => Stage::InDoubt,
            4 => Stage::Taken,
            5 => Stage::Ended(Outcome::Reported(Arc::new(self.report()?))),
            6 => Stage::Ended(Outcome::RefusedByCarrier(self.small()?)),
            7 => Stage::Ended(Outcome::Recalled(self.why()?)),
            8 => Stage::Ended(Outcome::Refused(self.reason()?)),
            9 => Stage::Ended(Outcome::Expired),
            10 => Stage::Ended(Outcome::Unknown),
            11 => Stage::Follows,
            _ => return Err(self.wrong()),
        })
    }
}

/// Members for which room is made before the first is read.
const ROOM_AT_ONCE: usize = 64;
