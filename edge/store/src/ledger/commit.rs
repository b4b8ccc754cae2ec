//! The way of an append: checked, numbered, sealed, written and synced once, then visible.

use std::borrow::Borrow;

use anning_ledger::event::{commitment, salt};
use anning_ledger::receipt::{self, BatchLeaf};
use anning_ledger::sheet::{Table, hash as sheet_hash};
use anning_ledger::{
    Batch, DeedKind, ENTRY_MAX, Entry, Event, Hash, Place, Purpose, Sealed, Secret, Suite, leaf_hash,
};
use anning_vocab::{
    Act, ActKind, Channel, ContentKind, Origin, PartyId, Prior, RecipientKey, TermsId, Timestamp,
};
use minicbor::{Decoder, Encoder};

use super::Ledger;
use crate::error::{Error, Refusal};
use crate::journal::RECORD_MAX;
use crate::recent::{ByName, name};
use crate::sheets::{Names, Sheets};

/// An act that is to be put on record.
#[derive(Clone, Debug)]
pub struct NewAct {
    /// Whose.
    pub recipient: RecipientKey,
    /// The address, E.164 with a plus or a name; empty where only a pseudonym is known.
    pub address: String,
    /// What it was.
    pub kind: ActKind,
    /// How the record of it came about.
    pub origin: Origin,
    /// When the person acted.
    pub occurred: Timestamp,
    /// When it arrived.
    pub received: Timestamp,
    /// When it was learnt.
    pub recorded: Timestamp,
    /// Hash of the sheet of its terms; the sheet goes before it or with it.
    pub sheet: Hash,
    /// The sender's own id of the event, empty if none.
    pub id: Vec<u8>,
}

/// What became of an act: durable and visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// Its position in the log; `None` for a repeat whose first position is no longer remembered.
    pub position: Option<u64>,
    /// It was on record already.
    pub repeated: bool,
    /// Its id is that of another act; as it refuses, it was put on record all the same.
    pub id_taken: bool,
}

/// A decision that is to be put on record.
#[derive(Clone)]
pub struct Decided {
    /// Whom the message is for.
    pub recipient: RecipientKey,
    /// The record of the decision.
    pub record: Vec<u8>,
    /// What was handed over to the carrier, if anything: frequency is counted on it.
    pub handed_over: Option<Prior>,
    /// The evidence that the record names, to be opened later; none where the caller keeps it elsewhere. It is sealed
    /// with the record under the recipient's key and goes when the key goes.
    pub evidence: Option<Vec<u8>>,
}

impl core::fmt::Debug for Decided {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // The evidence holds a person's message.
        let (record, evidence) = (self.record.len(), self.evidence.as_ref().map_or(0, Vec::len));
        write!(f, "Decided({:?}, {record} + {evidence} bytes, {:?})", self.recipient, self.handed_over)
    }
}

impl Decided {
    /// Bytes it takes in a batch, about.
    fn len(&self) -> usize {
        self.record.len() + self.evidence.as_ref().map_or(0, Vec::len) + 128
    }
}

/// An act on its way.
struct Coming<'a> {
    new: &'a NewAct,
    act: Act,
    subject: u32,
    own: Secret,
    position: u64,
}

impl Ledger {
    /// Puts acts on record, with the sheets that are not held yet. When it returns, all are durable and the next
    /// decision sees them.
    ///
    /// # Errors
    /// [`Error::Refused`] when one cannot be taken: then none was. [`Error::Io`] when the disk fails; whether they
    /// are on record is then known after opening again, and sending them again is safe.
    pub fn put(&mut self, sheets: &[Vec<u8>], acts: &[NewAct], now: Timestamp) -> Result<Vec<Ack>, Error> {
        let recipients = self.subjects.mark();
        self.try_put(sheets, acts, now).inspect_err(|_| self.subjects.back_to(recipients))
    }

    fn try_put(&mut self, sheets: &[Vec<u8>], acts: &[NewAct], now: Timestamp) -> Result<Vec<Ack>, Error> {
        bounded(sheets, acts)?;
        self.note_clock(now)?;
        let fresh_sheets = self.new_sheets(sheets)?;
        acts.iter().try_for_each(check)?;
        let mut entries: Vec<Entry> =
            fresh_sheets.iter().map(|(_, bytes)| Entry::Sheet(bytes.clone())).collect();
        let mut position = self.size() + entries.len() as u64;
        let (mut acks, mut coming) = (Vec::with_capacity(acts.len()), Vec::with_capacity(acts.len()));
        let (mut seen, mut ids) = (ByName::<u64>::default(), ByName::<u64>::default());
        let mut known = Vec::new();
        let seed = self.fresh();
        let first_new = self.subjects.count();
        let mut latest = None;
        for new in acts {
            // Neighbours mostly share their terms.
            let terms = match latest {
                Some((sheet, terms)) if sheet == new.sheet => terms,
                Some(_) | None => self.terms_of(&new.sheet, &fresh_sheets)?,
            };
            latest = Some((new.sheet, terms));
            let act = new.act(terms);
            let number = self.subjects.find(new.recipient)?;
            let mut id_taken = false;
            // Whoever was not met before this batch has nothing on record to repeat.
            if number.is_some_and(|number| number < first_new) {
                let state = self.state();
                let by_id = state.recent.find(new.recipient, &new.id);
                state.index.acts(new.recipient, &mut known);
                let by_content = known.contains(&act);
                if by_content || (by_id.is_some() && new.id_decides()) {
                    acks.push(Ack { position: by_id, repeated: true, id_taken: false });
                    continue;
                }
                id_taken = by_id.is_some();
            }
            // The same event twice within the batch, by its id or by what it says.
            let id = name(new.recipient, &new.id);
            let content = name(new.recipient, &new.content());
            if let Some(at) = seen.get(&content).or_else(|| ids.get(&id).filter(|_| new.id_decides())) {
                acks.push(Ack { position: Some(*at), repeated: true, id_taken: false });
                continue;
            }
            seen.insert(content, position);
            if !new.id.is_empty() {
                id_taken |= ids.insert(id, position).is_some();
            }
            let (subject, own) = self.subject((new.recipient, number), &seed, first_new, &mut entries)?;
            coming.push(Coming { new, act, subject, own, position });
            acks.push(Ack { position: Some(position), repeated: false, id_taken });
            position += 1;
        }
        if coming.is_empty() && fresh_sheets.is_empty() {
            return Ok(acks);
        }
        self.wrap_new(&seed, first_new, &mut entries);
        entries.extend(sealed(self.suite, &coming, now));
        self.record(entries, now)?;
        let mut state = self.state_mut();
        for (_, bytes) in &fresh_sheets {
            // It was read once already.
            let _ = state.sheets.put(self.suite, bytes);
        }
        for c in &coming {
            state.index.put(c.new.recipient, &c.act);
            state.recent.put(c.new.recipient, &c.new.id, c.position);
        }
        state.position = position;
        // Visible. Whoever is told from here on can rely on the next decision.
        Ok(acks)
    }

    /// Puts a batch of decisions on record; the position of the batch. Each gets a receipt from it.
    ///
    /// # Errors
    /// As [`Ledger::put`].
    pub fn put_decisions<D: Borrow<Decided>>(
        &mut self,
        decisions: &[D],
        now: Timestamp,
    ) -> Result<u64, Error> {
        let recipients = self.subjects.mark();
        let decisions: Vec<&Decided> = decisions.iter().map(D::borrow).collect();
        self.try_put_decisions(&decisions, now).inspect_err(|_| self.subjects.back_to(recipients))
    }

    fn try_put_decisions(&mut self, decisions: &[&Decided], now: Timestamp) -> Result<u64, Error> {
        let bytes: usize = decisions.iter().map(|decided| decided.len()).sum();
        if decisions.len() > BATCH_MAX || bytes > BYTES_MAX {
            return Err(Refusal::TooLarge { bytes }.into());
        }
        let (mut entries, seed, first_new) = (Vec::new(), self.fresh(), self.subjects.count());
        let position = self.size();
        let (mut leaves, mut bodies) = (Vec::new(), Vec::new());
        for (part, decided) in (0..).zip(decisions) {
            let found = self.subjects.find(decided.recipient)?;
            let (subject, own) = self.subject((decided.recipient, found), &seed, first_new, &mut entries)?;
            let salt = decision_salt(self.suite, &own, position, part);
            let commitment = receipt::commitment(self.suite, &salt, &decided.record);
            leaves.push(leaf_hash(self.suite, &commitment));
            let mut body = private(decided, &self.state().sheets);
            self.suite.seal(&own, Place::in_log(Purpose::Decision, position, part, now), &mut body);
            bodies.push(Sealed { subject, commitment, body });
        }
        self.wrap_new(&seed, first_new, &mut entries);
        let root = Batch::new(self.suite, leaves).root();
        let leaf = BatchLeaf { root, count: decisions.len() as u64 }.to_bytes();
        let head = leaf.get(1..).unwrap_or_default().to_vec();
        entries.push(Entry::Batch { head, decisions: bodies });
        self.record(entries, now)?;
        let mut state = self.state_mut();
        for decided in decisions {
            if let Some(prior) = &decided.handed_over {
                state.index.handed_over(decided.recipient, prior);
            }
        }
        state.position = position + 1;
        Ok(position)
    }

    /// Puts the hash of a page record on record, and says at which position: a consent given on that page can cite it.
    /// Durable when this returns.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn put_page(&mut self, record: Hash, now: Timestamp) -> Result<u64, Error> {
        self.note_clock(now)?;
        let position = self.size();
        let deed = self.deed(DeedKind::Page { record }, &[], now);
        self.record(vec![deed], now)?;
        Ok(position)
    }

    /// Writes entries as one record and syncs it.
    pub(super) fn record(&mut self, entries: Vec<Entry>, now: Timestamp) -> Result<(), Error> {
        let bodies = entries.iter().filter_map(|entry| {
            let Entry::Batch { decisions, .. } = entry else { return None };
            Some(decisions.iter().map(|sealed| sealed.body.len() + 64).sum::<usize>())
        });
        let bodies: usize = bodies.sum();
        let mut payload = Vec::with_capacity(entries.len() * 128 + bodies);
        let mut leaves = Vec::with_capacity(entries.len());
        for entry in &entries {
            entry.write(&mut payload);
            leaves.extend(entry.leaf());
        }
        // Before it is written: what the tiles cannot hold would stop them for good.
        let long = leaves.iter().map(Vec::len).find(|len| *len > ENTRY_MAX);
        if let Some(bytes) = long.or_else(|| (payload.len() > RECORD_MAX).then_some(payload.len())) {
            return Err(Refusal::TooLarge { bytes }.into());
        }
        let count = u32::try_from(leaves.len()).unwrap_or(u32::MAX);
        self.journal.append(count, now, &payload)?;
        // Committed and durable; not yet visible.
        self.subjects.flush().inspect_err(|_| self.journal.stop())?;
        self.leaves.extend(leaves);
        let position = self.journal.mark().position;
        let mut state = self.state_mut();
        state.last = now;
        // What an append is about becomes visible with it; records of other kinds hold nothing that decisions read.
        state.position = state.position.max(position - u64::from(count));
        Ok(())
    }

    /// A clock that ran backwards is put on record; time stays what it says.
    fn note_clock(&mut self, now: Timestamp) -> Result<(), Error> {
        let from = self.state().last;
        if now.plus_millis(CLOCK_SLACK) < from {
            let deed = self.deed(DeedKind::ClockLeapt { from }, &[], now);
            self.record(vec![deed], now)?;
        }
        Ok(())
    }

    /// Number and key of a recipient, who was found under a number or not; a new one is numbered, and what the journal
    /// needs for it is put before.
    fn subject(
        &mut self,
        (recipient, found): (RecipientKey, Option<u32>),
        seed: &[u8; 32],
        first_new: u32,
        entries: &mut Vec<Entry>,
    ) -> Result<(u32, Secret), Error> {
        if let Some(number) = found {
            if number >= first_new {
                return Ok((number, own_key(seed, number)));
            }
            if let Some(own) = self.subjects.key(number)? {
                return Ok((number, own));
            }
        }
        let number = self.subjects.count();
        let own = own_key(seed, number);
        let epoch = self.ring.epoch(self.epoch)?;
        let number = self.subjects.add(recipient, entries, (self.epoch, epoch))?;
        Ok((number, own))
    }

    /// Numbers somebody who was not met before; what the journal needs for it is put before.
    pub(super) fn stranger(
        &mut self,
        recipient: RecipientKey,
        entries: &mut Vec<Entry>,
    ) -> Result<u32, Error> {
        let (seed, first_new) = (self.fresh(), self.subjects.count());
        let (number, _) = self.subject((recipient, None), &seed, first_new, entries)?;
        self.wrap_new(&seed, first_new, entries);
        Ok(number)
    }

    /// Wraps the keys of those who were numbered in this batch.
    fn wrap_new(&mut self, seed: &[u8; 32], first_new: u32, entries: &mut [Entry]) {
        let numbers: Vec<u32> = (first_new..self.subjects.count()).collect();
        let subjects = &self.subjects;
        let wraps = in_two(&numbers, |number| subjects.wrapped(*number, &own_key(seed, *number)));
        self.subjects.fill(first_new, &wraps);
        let mut wraps = wraps.into_iter();
        for entry in entries {
            if let Entry::Subject { wrapped, .. } = entry
                && let Some(wrap) = wraps.next()
            {
                *wrapped = wrap;
            }
        }
    }

    fn new_sheets(&self, sheets: &[Vec<u8>]) -> Result<Vec<(Hash, Vec<u8>)>, Error> {
        let mut fresh: Vec<(Hash, Vec<u8>)> = Vec::new();
        for bytes in sheets {
            let hash = sheet_hash(self.suite, bytes);
            if self.state().sheets.find(&hash).is_none() && fresh.iter().all(|(h, _)| *h != hash) {
                // Read before it is written: what is on record must be readable for ever.
                let read = anning_ledger::sheet::decode(bytes, &mut |_, _| 0);
                read.map_err(|_| Refusal::UnknownSheet)?;
                fresh.push((hash, bytes.clone()));
            }
        }
        Ok(fresh)
    }

    fn terms_of(&self, sheet: &Hash, fresh: &[(Hash, Vec<u8>)]) -> Result<TermsId, Error> {
        if let Some(id) = self.state().sheets.find(sheet) {
            return Ok(id);
        }
        let at = fresh.iter().position(|(hash, _)| hash == sheet).ok_or(Refusal::UnknownSheet)?;
        let number = self.state().sheets.count() + at;
        Ok(TermsId(u32::try_from(number).unwrap_or(u32::MAX)))
    }
}

impl NewAct {
    /// An id that was seen before makes an act a repeat, but never a refusal: whoever numbers events badly must not lose
    /// one.
    const fn id_decides(&self) -> bool {
        !self.kind.refuses()
    }

    fn act(&self, terms: TermsId) -> Act {
        Act {
            kind: self.kind,
            origin: self.origin,
            occurred: self.occurred,
            received: self.received,
            recorded: self.recorded,
            terms,
        }
    }

    fn body(&self) -> Vec<u8> {
        Event {
            kind: self.kind,
            origin: self.origin,
            occurred: self.occurred,
            received: self.received,
            recorded: self.recorded,
            sheet: self.sheet,
            address: self.address.clone(),
            id: self.id.clone(),
        }
        .encode()
    }

    /// Tells two acts of one recipient in one batch apart.
    /// What it says, as two acts of one person are told apart.
    fn content(&self) -> [u8; CONTENT] {
        let mut content = [0; CONTENT];
        let times = [self.occurred, self.received, self.recorded].map(|t| t.millis().to_le_bytes());
        let parts = [self.kind as u8, self.origin as u8].into_iter();
        let parts = parts.chain(times.into_iter().flatten()).chain(self.sheet);
        content.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        content
    }
}

fn check(new: &NewAct) -> Result<(), Error> {
    if new.id.len() > ID_MAX {
        return Err(Refusal::LongId(new.id.len()).into());
    }
    // Evidence clocks are no finer than a second.
    if new.received.second() < new.occurred.second() || new.recorded.second() < new.received.second() {
        return Err(Refusal::Times.into());
    }
    Ok(())
}

fn sealed(suite: Suite, coming: &[Coming<'_>], now: Timestamp) -> Vec<Entry> {
    in_two(coming, |c| {
        let mut body = c.new.body();
        let commitment = commitment(suite, &salt(suite, &c.own, c.position), &body);
        suite.seal(&c.own, Place::in_log(Purpose::Act, c.position, 0, now), &mut body);
        Entry::Act { subject: c.subject, commitment, sealed: body }
    })
}

/// On two threads when there are many, for sealing is most of the work.
fn in_two<T: Sync, R: Send>(items: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() < PARALLEL {
        return items.iter().map(one).collect();
    }
    let (left, right) = items.split_at(items.len() / 2);
    std::thread::scope(|scope| {
        let right = scope.spawn(|| right.iter().map(&one).collect::<Vec<_>>());
        let mut all: Vec<R> = left.iter().map(&one).collect();
        match right.join() {
            Ok(rest) => all.extend(rest),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        all
    })
}

/// A recipient's own key: from the batch's seed, which is used once and kept nowhere.
fn own_key(seed: &[u8; 32], number: u32) -> Secret {
    Secret::new(*blake3::keyed_hash(seed, &[&b"own"[..], &number.to_le_bytes()].concat()).as_bytes())
}

/// The salt of one decision in a batch.
pub(crate) fn decision_salt(suite: Suite, own: &Secret, position: u64, part: u32) -> Hash {
    suite.keyed(own.bytes(), &[b"anning decision salt 1\n", &position.to_be_bytes(), &part.to_be_bytes()])
}

/// What is sealed of a decision: its record; by name what was handed over, on which frequency is counted; and the
/// evidence, if it is kept. Bodies of two parts, from before evidence was kept, are read as they are.
fn private(decided: &Decided, sheets: &Sheets) -> Vec<u8> {
    let name =
        |table, number: Option<u32>| number.and_then(|n| sheets.names().name(table, n)).unwrap_or_default();
    let mut out = Encoder::new(Vec::with_capacity(decided.len()));
    let mut write = || -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        out.array(if decided.evidence.is_some() { 3 } else { 2 })?.bytes(&decided.record)?;
        if let Some(prior) = &decided.handed_over {
            out.array(7)?.i64(prior.sent_at.millis())?;
            out.str(&name(Table::Party, prior.sender.map(|p| p.0)))?;
            out.str(prior.channel.code())?.str(prior.kind.map_or("", ContentKind::code))?;
            out.bool(prior.commercial)?.bool(prior.request)?.str(&name(Table::Wording, prior.wording))?;
        } else {
            out.null()?;
        }
        if let Some(evidence) = &decided.evidence {
            out.bytes(evidence)?;
        }
        Ok(())
    };
    let written = write();
    debug_assert!(written.is_ok(), "a decision has a body");
    out.into_writer()
}

/// What was handed over, out of what was sealed of a decision.
pub(super) fn handed_over(body: &[u8], names: &mut Names) -> Option<Prior> {
    let mut from = Decoder::new(body);
    from.array().ok()?;
    from.bytes().ok()?;
    from.array().ok()?;
    let sent_at = Timestamp::from_millis(from.i64().ok()?);
    let mut number = |table, name: &str| (!name.is_empty()).then(|| names.intern(table, name));
    Some(Prior {
        sent_at,
        sender: number(Table::Party, from.str().ok()?).map(PartyId),
        channel: Channel::from_code(from.str().ok()?)?,
        kind: ContentKind::from_code(from.str().ok()?),
        commercial: from.bool().ok()?,
        request: from.bool().ok()?,
        wording: number(Table::Wording, from.str().ok()?),
    })
}

/// The record, out of what was sealed of a decision.
pub(super) fn record_of(body: &[u8]) -> Option<Vec<u8>> {
    let mut from = Decoder::new(body);
    from.array().ok()?;
    from.bytes().ok().map(<[u8]>::to_vec)
}

/// The evidence, out of what was sealed of a decision, if it was kept there.
pub(super) fn evidence_of(body: &[u8]) -> Option<Vec<u8>> {
    let mut from = Decoder::new(body);
    (from.array().ok()? == Some(3)).then_some(())?;
    from.skip().ok()?;
    from.skip().ok()?;
    from.bytes().ok().map(<[u8]>::to_vec)
}

/// Is this a batch that one record can hold?
fn bounded(sheets: &[Vec<u8>], acts: &[NewAct]) -> Result<(), Error> {
    let of_acts: usize = acts.iter().map(|act| act.address.len() + act.id.len() + 320).sum();
    let bytes = sheets.iter().map(Vec::len).sum::<usize>() + of_acts;
    // A sheet is a leaf, and the length of a leaf stands in two bytes.
    let long = sheets.iter().map(Vec::len).find(|len| *len >= SHEET_MAX);
    match long {
        Some(bytes) => Err(Refusal::TooLarge { bytes }.into()),
        None if acts.len() > BATCH_MAX || bytes > BYTES_MAX => Err(Refusal::TooLarge { bytes }.into()),
        None => Ok(()),
    }
}

/// Bytes of an event's own id.
pub const ID_MAX: usize = 64;
/// Bytes that tell an act from another of the same person: kind, origin, three times, its sheet.
const CONTENT: usize = 2 + 3 * 8 + 32;
/// Acts or decisions in one batch.
pub const BATCH_MAX: usize = 1 << 16;
/// Bytes in one batch; what sealing adds fits into a record.
const BYTES_MAX: usize = RECORD_MAX - (1 << 20);
/// Bytes of a sheet.
const SHEET_MAX: usize = 60_000;
/// Milliseconds by which clocks are set back without a word.
const CLOCK_SLACK: i64 = 1_000;
/// Acts from which on two threads seal.
const PARALLEL: usize = 1_024;
