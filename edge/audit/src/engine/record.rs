//! Sends and acts as bytes: what one phase writes and the next reads, in memory or on disk alike.

use anning_vocab::{Act, ActKind, Origin, RecipientKey, RecipientKind, TermsId, Timestamp};

use crate::input::{ContextId, Masked, RowId};

use super::reading::Reading;

/// A send, ready to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SendRecord {
    pub key: RecipientKey,
    pub sent_at: Timestamp,
    pub row: RowId,
    pub context: ContextId,
    /// Signature that the text carries, by id, or [`NO_SIGNATURE`].
    pub signature: u32,
    pub masked: Masked,
    pub reading: Reading,
    pub kind: RecipientKind,
    /// Where its id stands in the arena of its partition.
    pub id: (u32, u8),
}

/// An act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ActRecord {
    pub key: RecipientKey,
    pub act: Act,
    pub row: RowId,
    /// Hash of its id; 0 when it has none.
    pub event: u64,
}

/// Appends a send; `id` is at most 64 bytes long.
pub(crate) fn write_send(out: &mut Vec<u8>, send: &SendRecord, id: &[u8]) {
    let mut fixed = [0; SEND_BYTES];
    let mut to = Put { fixed: &mut fixed, at: 0 };
    to.put(&send.key.0);
    to.put(&send.sent_at.millis().to_le_bytes());
    to.put(&send.row.to_bits().to_le_bytes());
    to.put(&send.context.0.to_le_bytes());
    to.put(&send.signature.to_le_bytes());
    to.put(&send.masked.to_bits().to_le_bytes());
    to.put(&send.reading.to_bits().to_le_bytes());
    to.put(&[send.kind as u8, u8::try_from(id.len()).unwrap_or(0)]);
    out.extend_from_slice(&fixed);
    out.extend_from_slice(id);
}

/// Reads the sends of a block; their ids stay where they are in it. `None` when the block is damaged.
pub(crate) fn read_sends(block: &[u8], base: usize, out: &mut Vec<SendRecord>) -> Option<()> {
    let mut at = 0;
    while at < block.len() {
        let mut from = Get { bytes: block.get(at..at + SEND_BYTES)? };
        let key = RecipientKey(from.get()?);
        let sent_at = Timestamp::from_millis(i64::from_le_bytes(from.get()?));
        let row = RowId::from_bits(u64::from_le_bytes(from.get()?));
        let context = ContextId(u32::from_le_bytes(from.get()?));
        let signature = u32::from_le_bytes(from.get()?);
        let masked = Masked::from_bits(u32::from_le_bytes(from.get()?));
        let reading = Reading::from_bits(u16::from_le_bytes(from.get()?));
        let [kind, len] = from.get()?;
        let kind = RecipientKind::ALL.get(usize::from(kind)).copied()?;
        let id = (u32::try_from(base + at + SEND_BYTES).ok()?, len);
        at += SEND_BYTES + usize::from(len);
        if at > block.len() {
            return None;
        }
        out.push(SendRecord { key, sent_at, row, context, signature, masked, reading, kind, id });
    }
    Some(())
}

/// Appends an act.
pub(crate) fn write_act(out: &mut Vec<u8>, record: &ActRecord) {
    let mut fixed = [0; ACT_BYTES];
    let mut to = Put { fixed: &mut fixed, at: 0 };
    to.put(&record.key.0);
    to.put(&record.act.occurred.millis().to_le_bytes());
    to.put(&record.act.received.millis().to_le_bytes());
    to.put(&record.act.recorded.millis().to_le_bytes());
    to.put(&record.row.to_bits().to_le_bytes());
    to.put(&record.event.to_le_bytes());
    to.put(&record.act.terms.0.to_le_bytes());
    to.put(&[record.act.kind as u8, record.act.origin as u8]);
    out.extend_from_slice(&fixed);
}

/// Reads the acts of a block. `None` when the block is damaged.
pub(crate) fn read_acts(block: &[u8], out: &mut Vec<ActRecord>) -> Option<()> {
    for bytes in block.chunks(ACT_BYTES) {
        let mut from = Get { bytes };
        let key = RecipientKey(from.get()?);
        let mut time = || Some(Timestamp::from_millis(i64::from_le_bytes(from.get()?)));
        let (occurred, received, recorded) = (time()?, time()?, time()?);
        let row = RowId::from_bits(u64::from_le_bytes(from.get()?));
        let event = u64::from_le_bytes(from.get()?);
        let terms = TermsId(u32::from_le_bytes(from.get()?));
        let [kind, origin] = from.get()?;
        let kind = ActKind::ALL.get(usize::from(kind)).copied()?;
        let origin = Origin::ALL.get(usize::from(origin)).copied()?;
        out.push(ActRecord {
            key,
            row,
            event,
            act: Act { kind, origin, occurred, received, recorded, terms },
        });
    }
    Some(())
}

/// Writes fields one after the other into bytes that are just long enough.
struct Put<'a> {
    fixed: &'a mut [u8],
    at: usize,
}

impl Put<'_> {
    fn put(&mut self, field: &[u8]) {
        if let Some(place) = self.fixed.get_mut(self.at..self.at + field.len()) {
            place.copy_from_slice(field);
        }
        self.at += field.len();
    }
}

/// Reads fields one after the other.
struct Get<'a> {
    bytes: &'a [u8],
}

impl Get<'_> {
    fn get<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*field)
    }
}

/// Stands for no signature in [`SendRecord::signature`].
pub(crate) const NO_SIGNATURE: u32 = u32::MAX;
const SEND_BYTES: usize = 16 + 8 + 8 + 4 + 4 + 4 + 2 + 2;
const ACT_BYTES: usize = 16 + 8 * 3 + 8 + 8 + 4 + 2;

#[cfg(test)]
mod tests {
    use anning_vocab::{Class, TextFacts};

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let send = SendRecord {
            key: RecipientKey([7; 16]),
            sent_at: Timestamp::from_millis(-5),
            row: RowId::new(3, 1 << 40),
            context: ContextId(9),
            signature: NO_SIGNATURE,
            masked: Masked::NAME,
            reading: Reading::of(Class::Mixed, TextFacts::UNKNOWN, anning_vocab::Known::No),
            kind: RecipientKind::Organisation,
            id: (0, 0),
        };
        let mut block = Vec::new();
        write_send(&mut block, &send, b"first");
        write_send(&mut block, &send, b"");
        let mut read = Vec::new();
        read_sends(&block, 0, &mut read).unwrap();
        let at = u32::try_from(SEND_BYTES).unwrap();
        assert_eq!(read, [SendRecord { id: (at, 5), ..send }, SendRecord { id: (2 * at + 5, 0), ..send }]);
        assert_eq!(&block[SEND_BYTES..SEND_BYTES + 5], b"first");
        block.pop();
        assert!(read_sends(&block, 0, &mut Vec::new()).is_none());

        let now = Timestamp::from_millis(1);
        let act = Act {
            kind: ActKind::Reassigned,
            origin: Origin::Imported,
            occurred: now,
            received: now,
            recorded: now,
            terms: TermsId(4),
        };
        let record = ActRecord { key: send.key, act, row: send.row, event: 8 };
        let mut block = Vec::new();
        write_act(&mut block, &record);
        let mut read = Vec::new();
        read_acts(&block, &mut read).unwrap();
        assert_eq!(read, [record]);
    }
}
