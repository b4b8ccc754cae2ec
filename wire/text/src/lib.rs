//! What a short message says: its characters, its user data header, and its segments apart and together again.
//!
//! A gateway judges the text that a person will read, so segments are joined first and decoded then: a segment may
//! end inside a character. Nothing here is ever dropped in silence: what cannot be read is counted, and what cannot
//! be joined is given back.
//!
//! Pure: bytes and milliseconds in, values out. It knows no protocol but their numbers for codings, and no law. Start
//! from [`Format::of`], [`Header::cut`] and [`Joiner`].
//!
//! ```
//! use anning_text::{Format, Numbering};
//! let format = Format::of(Numbering::Cmpp, 8, None);
//! assert_eq!(anning_text::decode(&[0x90, 0x00, 0x8B, 0xA2], format.coding).text, "退订");
//! ```

mod charset;
mod coding;
mod header;
mod join;
mod split;

pub use charset::gsm::{pack, unpack};
pub use charset::{Decoded, Unfit, decode, encode};
pub use coding::{Coding, Format, Numbering};
pub use header::{Beside, Element, Header, HeaderFault, Place, Placement, Reference};
pub use join::{Bounds, Incomplete, Joined, Joiner, Lapse, Outcome, Part, Reason, Taken};
pub use split::{Cut, Marking, Room, Signature, SplitFault, split, split_bytes};
