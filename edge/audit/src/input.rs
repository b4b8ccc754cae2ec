//! The reading layer: from files as they are to typed rows, with every row accounted for.
//!
//! It finds the tables in folders, files and standard input, guesses or takes the column mapping, and
//! streams rows in bounded memory. It never judges, never drops a row silently and never asks the clock.
//!
//! Start from [`Input::open`], show its [`Plan`], read the small tables with [`Registry::read`], then pull
//! [`ActBatch`]es and [`SendBatch`]es: several threads may share one [`Units`], which hands out units of work
//! in a fixed order, so that what is read does not depend on how many threads read.

mod acts;
mod address;
mod cells;
mod context;
mod csv;
mod discover;
mod encoding;
mod error;
mod frame;
mod mapping;
mod masked;
mod names;
mod ndjson;
mod open;
mod pages;
mod parquet_file;
mod plan;
mod recipient;
mod registry;
mod reject;
mod row_id;
mod rows;
mod seal;
mod sends;
mod source;
mod split;
mod table;
mod terms;
mod time;
mod tuple;
mod units;
mod usual;
mod word;

pub use acts::{ActBatch, ActReader};
pub use context::{Context, ContextId, Contexts};
pub use error::Error;
pub use mapping::Mapping;
pub use masked::Masked;
pub(crate) use names::hasher;
pub use names::{Names, TermsTable};
pub use open::Input;
pub use pages::Vouched;
pub use plan::{ColumnPlan, Compression, Encoding, FilePlan, Format, How, Plan, Warning};
pub use registry::{Campaign, NoticeRow, Party, Port, Registry, RegistryRead};
pub use reject::{OR_MAP, Reject, Tallies, Tally, masked};
pub use row_id::RowId;
pub use seal::Logs;
pub use sends::{Ids, SendBatch, SendReader, Texts};
pub use source::Stream;
pub use table::Table;
pub use time::Zone;
pub use units::{UnitId, Units};
