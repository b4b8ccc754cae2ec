//! The reading layer: from files as they are to typed rows, with every row accounted for.
//!
//! It finds the tables in folders, files and standard input, guesses or takes the column mapping, and
//! streams rows in bounded memory. It never judges, never drops a row silently and never asks the clock.
//!
//! Start from [`Input::open`], show its [`Plan`], read the small tables with [`Input::world`], then pull
//! [`SendBatch`]es and [`ActBatch`]es: several threads may share one [`Units`], which hands out units of
//! work in a fixed order, so that what is read does not depend on how many threads read.

mod acts;
mod arrow;
mod cells;
mod context;
mod csv;
mod discover;
mod encoding;
mod error;
mod frame;
mod mapping;
mod names;
mod open;
mod plan;
mod recipient;
mod reject;
mod row_id;
mod sends;
mod source;
mod split;
mod table;
mod time;
mod tuple;
mod units;
mod word;
mod world;

pub use acts::{ActBatch, ActReader, ActRow};
pub use context::{Context, ContextId, Contexts};
pub use error::Error;
pub use mapping::Mapping;
pub use names::{Names, TermsTable};
pub use open::Input;
pub use plan::{ColumnPlan, Encoding, FilePlan, Format, How, Plan, Warning};
pub use reject::{Reject, Tallies, Tally};
pub use row_id::RowId;
pub use sends::{SendBatch, SendReader, Texts};
pub use table::Table;
pub use units::{UnitId, Units};
pub use world::{BrandAssertion, BrandMember, Campaign, NoticeRow, Party, Port, World};
