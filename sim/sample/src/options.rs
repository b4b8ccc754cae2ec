//! What to write: size, format, texts, which parts of the world.

use std::path::PathBuf;

use crate::{Error, Format};

/// What to write.
#[derive(Clone, Debug)]
pub struct Options {
    /// Same seed, same bytes.
    pub seed: u64,
    /// How much.
    pub size: Size,
    /// Which parts.
    pub part: Part,
    /// CSV or Parquet.
    pub format: Format,
    /// Share of sends with a text of their own, above 0 and at most 1.
    pub distinct: f64,
    /// Draw texts from this CSV instead (columns `text`, `commercial`, `mixed`).
    pub texts: Option<PathBuf>,
    /// Threads that write; one file is written by one thread.
    pub threads: usize,
    /// Write into a folder that holds files already.
    pub overwrite: bool,
}

/// How large the world is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// A share of the full size: 30 million sends for the whole world, 29 million for the shop of case C06
    /// alone, 35,000 for case C01 alone.
    Scale(f64),
    /// About so many sends.
    Sends(u64),
}

/// Which part of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The platform and, in proportion, both cases.
    World,
    /// Case C01 (Ouhai) alone: a carrier, a mall, 35,000 people.
    Ouhai,
    /// Case C06 (Hangzhou) alone: an online shop, 55 campaigns, 29 million deliveries.
    Hangzhou,
}

impl Part {
    /// Sends at scale 1.
    #[must_use]
    pub const fn full(self) -> u64 {
        match self {
            Self::World => 30_000_000,
            Self::Ouhai => OUHAI_SENDS,
            Self::Hangzhou => HANGZHOU_SENDS,
        }
    }
}

impl Options {
    /// The number of sends to plan.
    ///
    /// # Errors
    /// [`Error::Size`] or [`Error::Distinct`] when a figure is out of bounds.
    pub fn sends(&self) -> Result<u64, Error> {
        if !(self.distinct > 0.0 && self.distinct <= 1.0) {
            return Err(Error::Distinct(self.distinct));
        }
        let full = self.part.full();
        let sends = match self.size {
            Size::Scale(scale) if scale > 0.0 && scale <= 1.0 => (scale * full as f64).round() as u64,
            Size::Scale(scale) => {
                return Err(Error::Size(format!("scale must be above 0 and at most 1, got: {scale}")));
            }
            Size::Sends(sends) => sends,
        };
        match sends {
            0 => Err(Error::Size("a sample needs at least one send, got: 0".to_owned())),
            _ if sends > full => {
                Err(Error::Size(format!("a sample of this part has at most {full} sends, got: {sends}")))
            }
            _ => Ok(sends),
        }
    }
}

/// People matched in case C01.
pub(crate) const OUHAI_SENDS: u64 = 35_000;
/// Deliveries in case C06.
pub(crate) const HANGZHOU_SENDS: u64 = 29_000_000;
