//! The body of an act: what one recipient did, in bytes that are committed to and sealed.

use anning_vocab::{ActKind, Origin, Timestamp};
use minicbor::{Decoder, Encoder};

use crate::seal::Secret;
use crate::suite::{Hash, Suite};

/// One act of one recipient as the ledger keeps it: self-contained, its terms by the hash of their sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
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
    /// Hash of the sheet of its terms.
    pub sheet: Hash,
    /// The address, E.164 with a plus or a name; empty where only a pseudonym is known.
    pub address: String,
    /// The sender's own id of the event; empty where there is none. At most 64 bytes.
    pub id: Vec<u8>,
}

/// Why bytes are no body of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventError {
    /// Not the CBOR of `spec/event.md`.
    Form,
    /// A version that this reader does not know.
    Version(u8),
    /// A number that stands for no kind of act or origin.
    Word(u8),
    /// Right, but not written in the one way there is.
    NotCanonical,
}

impl core::fmt::Display for EventError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Form => f.write_str("body of an act is not the CBOR of spec/event.md"),
            Self::Version(v) => write!(f, "body of an act has an unknown version: {v}"),
            Self::Word(w) => write!(f, "body of an act has an unknown word: {w}"),
            Self::NotCanonical => f.write_str("body of an act is not written canonically"),
        }
    }
}
impl core::error::Error for EventError {}

impl From<minicbor::decode::Error> for EventError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Form
    }
}

impl Event {
    /// The body, as `spec/event.md` lays it down.
    ///
    /// ```
    /// # use anning_ledger::Event;
    /// # use anning_vocab::{ActKind, Origin, Timestamp};
    /// # let at = Timestamp::from_millis(1_636_594_200_000);
    /// let event = Event {
    ///     kind: ActKind::Given,
    ///     origin: Origin::Captured,
    ///     occurred: at,
    ///     received: at,
    ///     recorded: at,
    ///     sheet: [7; 32],
    ///     address: "+8613800138000".to_owned(),
    ///     id: Vec::new(),
    /// };
    /// assert_eq!(Event::decode(&event.encode()), Ok(event));
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(112));
        let mut write = || -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
            out.array(9)?.u8(VERSION)?.u8(self.kind as u8)?.u8(self.origin as u8)?;
            out.i64(self.occurred.millis())?.i64(self.received.millis())?.i64(self.recorded.millis())?;
            out.bytes(&self.sheet)?.str(&self.address)?.bytes(&self.id)?;
            Ok(())
        };
        // Writing into memory does not fail.
        let written = write();
        debug_assert!(written.is_ok(), "an event has a body");
        out.into_writer()
    }

    /// Reads a body; only the one way of writing it is taken.
    ///
    /// # Errors
    /// [`EventError`] for anything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventError> {
        let mut from = Decoder::new(bytes);
        if from.array()? != Some(9) {
            return Err(EventError::Form);
        }
        let version = from.u8()?;
        if version != VERSION {
            return Err(EventError::Version(version));
        }
        let (kind, origin) = (from.u8()?, from.u8()?);
        let event = Self {
            kind: *ActKind::ALL.get(usize::from(kind)).ok_or(EventError::Word(kind))?,
            origin: *Origin::ALL.get(usize::from(origin)).ok_or(EventError::Word(origin))?,
            occurred: Timestamp::from_millis(from.i64()?),
            received: Timestamp::from_millis(from.i64()?),
            recorded: Timestamp::from_millis(from.i64()?),
            sheet: from.bytes()?.try_into().map_err(|_| EventError::Form)?,
            address: from.str()?.to_owned(),
            id: from.bytes()?.to_vec(),
        };
        if event.encode() == bytes { Ok(event) } else { Err(EventError::NotCanonical) }
    }
}

/// The salt of an entry: it follows from the recipient's key, so that it goes when the key goes.
#[must_use]
pub fn salt(suite: Suite, key: &Secret, position: u64) -> Hash {
    suite.keyed(key.bytes(), &[b"anning salt 1\n", &position.to_be_bytes()])
}

/// What the public leaf of an act says of its body.
#[must_use]
pub fn commitment(suite: Suite, salt: &Hash, body: &[u8]) -> Hash {
    suite.digest(&[b"anning act 1\n", salt, body])
}

const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use anning_vocab::{ActKind, Origin, Timestamp};
    use proptest::prelude::*;

    use super::{Event, EventError, commitment, salt};
    use crate::{Secret, Suite};

    fn event() -> impl Strategy<Value = Event> {
        let words = (prop::sample::select(ActKind::ALL.to_vec()), prop::sample::select(Origin::ALL.to_vec()));
        (words, any::<[i64; 3]>(), any::<[u8; 32]>(), ".{0,20}", prop::collection::vec(any::<u8>(), 0..64))
            .prop_map(|((kind, origin), [a, b, c], sheet, address, id)| Event {
                kind,
                origin,
                occurred: Timestamp::from_millis(a),
                received: Timestamp::from_millis(b),
                recorded: Timestamp::from_millis(c),
                sheet,
                address,
                id,
            })
    }

    proptest! {
        #[test]
        fn decode_is_the_inverse_of_encode(event in event()) {
            prop_assert_eq!(Event::decode(&event.encode()), Ok(event));
        }

        #[test]
        fn nothing_else_is_taken(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(event) = Event::decode(&bytes) {
                prop_assert_eq!(event.encode(), bytes);
            }
        }

        #[test]
        fn a_cut_body_is_none(event in event(), cut in any::<prop::sample::Index>()) {
            let bytes = event.encode();
            prop_assert!(Event::decode(&bytes[..cut.index(bytes.len())]).is_err());
        }
    }

    #[test]
    fn the_numbers_of_the_words_are_those_of_the_spec() {
        let kinds: Vec<&str> = ActKind::ALL.iter().map(|k| k.code()).collect();
        let spec =
            ["asked", "given", "invited", "refused", "no_answer", "withdrawn", "renewed", "reassigned"];
        assert_eq!(kinds, spec);
        let origins: Vec<&str> = Origin::ALL.iter().map(|o| o.code()).collect();
        assert_eq!(origins, ["captured", "anchored", "imported"]);
    }

    #[test]
    fn a_longer_number_is_not_canonical() {
        let at = Timestamp::from_millis(0);
        let event = Event {
            kind: ActKind::Given,
            origin: Origin::Captured,
            occurred: at,
            received: at,
            recorded: at,
            sheet: [0; 32],
            address: String::new(),
            id: Vec::new(),
        };
        let mut bytes = event.encode();
        // The version, 1, written in two bytes.
        bytes.splice(1..2, [0x18, 0x01]);
        assert_eq!(Event::decode(&bytes), Err(EventError::NotCanonical));
    }

    #[test]
    fn a_commitment_hangs_on_key_place_and_body() {
        let of = |key: u8, position, body: &[u8]| {
            let suite = Suite::International;
            commitment(suite, &salt(suite, &Secret::new([key; 32]), position), body)
        };
        let one = of(1, 1, b"a");
        assert!(one != of(2, 1, b"a") && one != of(1, 2, b"a") && one != of(1, 1, b"b"));
    }
}
