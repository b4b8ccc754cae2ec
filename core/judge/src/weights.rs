//! Weights: the numbers learnt, and their file.
//!
//! The file: magic, version, BLAKE3 of all that follows (first 16 bytes), then little-endian numbers:
//! table size (log2), the two scales and biases, the combining weights, the two margins, the table.

use crate::Error;

/// How many figures the combining model reads.
pub(crate) const FIGURES: usize = 11;
/// First bytes of a file of weights.
const MAGIC: [u8; 4] = *b"ANJW";
/// Version of the format.
const VERSION: u16 = 1;
/// Magic, version, checksum.
const HEAD: usize = 4 + 2 + 16;
/// Numbers between head and table.
const BODY: usize = 4 + 4 * (2 + 2 + FIGURES + 2);
/// Slots looked at before a sequence counts as absent.
const PROBES: usize = 8;
/// Largest table accepted (log2).
const BITS_MAX: u32 = 22;

/// One slot of the table: weights of one sequence, in units of the scales.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Part of the hash; 0 marks an empty slot.
    check: u16,
    /// For the message as a whole.
    pub(crate) message: i8,
    /// For one clause.
    pub(crate) clause: i8,
}

/// All that was learnt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Weights {
    /// Value of one unit of `Slot::message` and `Slot::clause`.
    pub(crate) scale: [f32; 2],
    /// Biases of the two linear models.
    pub(crate) bias: [f32; 2],
    /// Weights of the combining model.
    pub(crate) combine: [f32; FIGURES],
    /// Scores nearer to zero than this are borderline.
    pub(crate) margin: f32,
    /// A clause below this is a notice by itself.
    pub(crate) notice: f32,
    bits: u32,
    table: Vec<Slot>,
}

impl Weights {
    /// Weights of zero with room for `sequences`.
    pub(crate) fn with_room(sequences: usize) -> Self {
        let bits = (sequences * 3 / 2).next_power_of_two().trailing_zeros().clamp(4, BITS_MAX);
        Self {
            scale: [1.0; 2],
            bias: [0.0; 2],
            combine: [0.0; FIGURES],
            margin: 0.0,
            notice: 0.0,
            bits,
            table: vec![Slot::default(); 1 << bits],
        }
    }

    /// The weights of a sequence, if it was learnt.
    #[inline]
    pub(crate) fn find(&self, hash: u64) -> Option<Slot> {
        let (mut at, check, mask) = self.place(hash);
        for _ in 0..PROBES {
            let slot = *self.table.get(at)?;
            if slot.check == check {
                return Some(slot);
            }
            if slot.check == 0 {
                return None;
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Puts a sequence in; answers false if there is no room near its place.
    pub(crate) fn put(&mut self, hash: u64, message: i8, clause: i8) -> bool {
        let (mut at, check, mask) = self.place(hash);
        for _ in 0..PROBES {
            let Some(slot) = self.table.get_mut(at) else { return false };
            if slot.check == 0 || slot.check == check {
                *slot = Slot { check, message, clause };
                return true;
            }
            at = (at + 1) & mask;
        }
        false
    }

    #[inline]
    const fn place(&self, hash: u64) -> (usize, u16, usize) {
        let mask = (1_usize << self.bits) - 1;
        ((hash >> 20) as usize & mask, (hash & 0xffff) as u16 | 1, mask)
    }

    /// As a file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(BODY + self.table.len() * 4);
        body.extend(self.bits.to_le_bytes());
        let numbers = self.scale.iter().chain(&self.bias).chain(&self.combine);
        for number in numbers.chain([&self.margin, &self.notice]) {
            body.extend(number.to_le_bytes());
        }
        for slot in &self.table {
            body.extend(slot.check.to_le_bytes());
            body.extend(slot.message.to_le_bytes());
            body.extend(slot.clause.to_le_bytes());
        }
        let mut file = Vec::with_capacity(HEAD + body.len());
        file.extend(MAGIC);
        file.extend(VERSION.to_le_bytes());
        file.extend(blake3::hash(&body).as_bytes().iter().take(16));
        file.extend(body);
        file
    }

    /// From a file.
    pub(crate) fn from_bytes(file: &[u8]) -> Result<Self, Error> {
        let mut rest = file.strip_prefix(&MAGIC).ok_or(Error::NotWeights)?;
        let version = u16::from_le_bytes(take(&mut rest, file.len())?);
        if version != VERSION {
            return Err(Error::Version(version, VERSION));
        }
        let sum: [u8; 16] = take(&mut rest, file.len())?;
        if rest.len() < BODY {
            return Err(Error::Length(file.len(), HEAD + BODY));
        }
        if blake3::hash(rest).as_bytes().iter().take(16).ne(&sum) {
            return Err(Error::Checksum);
        }
        let bits = u32::from_le_bytes(take(&mut rest, file.len())?);
        if !(4..=BITS_MAX).contains(&bits) {
            return Err(Error::Value);
        }
        let mut read = [0_f32; 2 + 2 + FIGURES + 2];
        for number in &mut read {
            *number = f32::from_le_bytes(take(&mut rest, file.len())?);
            if !number.is_finite() {
                return Err(Error::Value);
            }
        }
        if rest.len() != 4 << bits {
            return Err(Error::Length(file.len(), HEAD + BODY + (4 << bits)));
        }
        let mut numbers = read.iter().copied();
        let mut next = || numbers.next().unwrap_or(0.0);
        let mut weights = Self {
            scale: [next(), next()],
            bias: [next(), next()],
            combine: core::array::from_fn(|_| next()),
            margin: next(),
            notice: next(),
            bits,
            table: Vec::with_capacity(1 << bits),
        };
        weights.table.extend(rest.chunks_exact(4).filter_map(|four| {
            let [a, b, message, clause] = *four else { return None };
            Some(Slot { check: u16::from_le_bytes([a, b]), message: message as i8, clause: clause as i8 })
        }));
        Ok(weights)
    }
}

fn take<const N: usize>(rest: &mut &[u8], length: usize) -> Result<[u8; N], Error> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or(Error::Length(length, HEAD + BODY))?;
    *rest = tail;
    Ok(*head)
}
