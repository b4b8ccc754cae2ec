//! Parquet: row groups as units of work, columns as lanes.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::error::Error;
use super::frame::{Frame, Lane, written_float};
use super::plan::{Matched, Slot};
use super::source::io_error;

/// A Parquet file whose footer was read.
pub(crate) struct Layout {
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    /// Fields that are read, in the order of the file.
    fields: Vec<usize>,
    /// For each cell that is read, its position among `fields`.
    places: Vec<usize>,
}

impl Layout {
    /// Reads the footer.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|e| io_error("open", path, &e))?;
        let loaded = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|e| damaged(&path.display().to_string(), 0, &e))?;
        Ok(Self {
            metadata: Arc::clone(loaded.metadata()),
            schema: Arc::clone(loaded.schema()),
            fields: Vec::new(),
            places: Vec::new(),
        })
    }

    pub(crate) fn headers(&self) -> Vec<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.metadata.file_metadata().num_rows()).unwrap_or(0)
    }

    /// Keeps the columns that are read.
    pub(crate) fn choose(&mut self, file: &str, matched: &Matched) -> Result<(), Error> {
        self.fields.clone_from(&matched.headers);
        self.fields.sort_unstable();
        self.places = matched
            .headers
            .iter()
            .filter_map(|header| self.fields.iter().position(|field| field == header))
            .collect();
        for field in self.fields.iter().filter_map(|at| self.schema.fields().get(*at)) {
            if !is_read(field.data_type()) {
                return Err(Error::ColumnType {
                    file: file.to_owned(),
                    header: field.name().clone(),
                    kind: field.data_type().to_string(),
                });
            }
        }
        Ok(())
    }

    /// Units of work.
    pub(crate) fn row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Rows of one row group.
    pub(crate) fn rows_of(&self, group: usize) -> u64 {
        let group = self.metadata.row_groups().get(group);
        group.and_then(|g| u64::try_from(g.num_rows()).ok()).unwrap_or(0)
    }

    /// A reader of one row group. Text that is kept in a dictionary throughout the group comes as one, so that
    /// each distinct text is looked at once.
    pub(crate) fn reader(&self, path: &Path, group: usize) -> Result<ParquetRecordBatchReader, Error> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|e| io_error("open", path, &e))?;
        let options = ArrowReaderOptions::new().with_schema(self.asked(group));
        let build = || {
            let metadata = ArrowReaderMetadata::try_new(Arc::clone(&self.metadata), options)?;
            let mask = ProjectionMask::roots(metadata.parquet_schema(), self.fields.iter().copied());
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                .with_projection(mask)
                .with_row_groups(vec![group])
                .with_batch_size(BATCH_ROWS)
                .build()
        };
        build().map_err(|e| damaged(&name, 0, &e))
    }

    /// The types asked for in one row group.
    fn asked(&self, group: usize) -> SchemaRef {
        let columns = self.metadata.row_groups().get(group).map(|g| g.columns()).unwrap_or_default();
        let parquet = self.metadata.file_metadata().schema_descr();
        let fields: Vec<Field> = self
            .schema
            .fields()
            .iter()
            .enumerate()
            .map(|(at, field)| {
                if !is_text(field.data_type()) {
                    return field.as_ref().clone();
                }
                let chunk = columns
                    .iter()
                    .enumerate()
                    .find(|(leaf, _)| parquet.get_column_root_idx(*leaf) == at)
                    .map(|(_, chunk)| chunk);
                field.as_ref().clone().with_data_type(match chunk {
                    Some(chunk) if is_dictionary(chunk) => {
                        DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
                    }
                    _ => DataType::Utf8,
                })
            })
            .collect();
        Arc::new(Schema::new_with_metadata(fields, self.schema.metadata().clone()))
    }
}

/// Is every data page of this chunk dictionary-encoded, as far as its footer tells?
fn is_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    if let Some(pages) = chunk.page_encoding_stats_mask() {
        return pages.is_only(Encoding::RLE_DICTIONARY) || pages.is_only(Encoding::PLAIN_DICTIONARY);
    }
    // Without statistics the dictionary page is the only sign; pages that fell back to plain text are packed
    // into a dictionary again, which is slower but no less right.
    chunk.dictionary_page_offset().is_some()
}

const fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        || matches!(kind, DataType::Dictionary(_, value) if matches!(**value, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View))
}

/// Columns of one batch, in forms that lanes can point into.
pub(crate) struct Held {
    columns: Vec<Kept>,
    rows: usize,
}

enum Kept {
    Strings(StringArray),
    Dictionary(Int32Array, StringArray),
    Integers(Int64Array),
    Times { values: Int64Array, per_second: i64, zoned: bool },
    Flags(BooleanArray),
    Floats(Float64Array),
    Written(Vec<Option<String>>),
}

impl Held {
    pub(crate) fn new(batch: &RecordBatch) -> Self {
        Self { columns: batch.columns().iter().map(kept).collect(), rows: batch.num_rows() }
    }

    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn frame<'a>(&'a self, layout: &Layout, slots: &'a [Slot], first_row: u64) -> Frame<'a> {
        let lane = |slot: &'a Slot| match slot {
            Slot::Cell(at) => layout
                .places
                .get(*at)
                .and_then(|place| self.columns.get(*place))
                .map_or(Lane::Constant(""), Kept::lane),
            Slot::Constant(text) => Lane::Constant(text),
            Slot::Absent => Lane::Constant(""),
        };
        Frame { rows: self.rows, lanes: slots.iter().map(lane).collect(), first_line: first_row, lines: None }
    }
}

impl Kept {
    fn lane(&self) -> Lane<'_> {
        match self {
            Self::Strings(array) => Lane::Strings(array),
            Self::Dictionary(keys, values) => Lane::Dictionary { keys, values },
            Self::Integers(array) => Lane::Integers(array),
            Self::Times { values, per_second, zoned } => {
                Lane::Times { values, per_second: *per_second, zoned: *zoned }
            }
            Self::Flags(array) => Lane::Flags(array),
            Self::Floats(array) => Lane::Floats(array),
            Self::Written(rows) => Lane::Written(rows),
        }
    }
}

/// Types that [`kept`] reads.
#[expect(clippy::wildcard_enum_match_arm, reason = "a foreign enum; what is not named is not read")]
fn is_read(kind: &DataType) -> bool {
    match kind {
        DataType::List(item) | DataType::LargeList(item) => {
            matches!(item.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        }
        DataType::Dictionary(_, value) => is_text(value),
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float32
        | DataType::Float64
        | DataType::Timestamp(_, _)
        | DataType::Date32
        | DataType::Date64
        | DataType::Decimal128(_, 0)
        | DataType::Binary
        | DataType::FixedSizeBinary(_) => true,
        other => is_text(other),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a foreign enum; what is not named was refused by `is_read`"
)]
fn kept(array: &ArrayRef) -> Kept {
    macro_rules! integers {
        ($kind:ty) => {
            Kept::Integers(array.as_primitive::<$kind>().iter().map(|n| n.map(i64::from)).collect())
        };
    }
    macro_rules! times {
        ($kind:ty, $per_second:expr, $zone:expr) => {
            Kept::Times {
                values: array.as_primitive::<$kind>().reinterpret_cast::<Int64Type>(),
                per_second: $per_second,
                zoned: $zone.is_some(),
            }
        };
    }
    match array.data_type() {
        DataType::Utf8 => Kept::Strings(array.as_string::<i32>().clone()),
        DataType::Dictionary(key, value) if **key == DataType::Int32 && **value == DataType::Utf8 => {
            let dictionary = array.as_dictionary::<Int32Type>();
            Kept::Dictionary(dictionary.keys().clone(), dictionary.values().as_string::<i32>().clone())
        }
        DataType::Int8 => integers!(Int8Type),
        DataType::Int16 => integers!(Int16Type),
        DataType::Int32 => integers!(Int32Type),
        DataType::UInt8 => integers!(UInt8Type),
        DataType::UInt16 => integers!(UInt16Type),
        DataType::UInt32 => integers!(UInt32Type),
        DataType::Int64 => Kept::Integers(array.as_primitive::<Int64Type>().clone()),
        DataType::UInt64 => written(array.as_primitive::<UInt64Type>().iter(), |n| n.to_string()),
        DataType::Float64 => Kept::Floats(array.as_primitive::<Float64Type>().clone()),
        DataType::Float32 => {
            written(array.as_primitive::<Float32Type>().iter(), |n| written_float(f64::from(n)))
        }
        DataType::Boolean => Kept::Flags(array.as_boolean().clone()),
        DataType::Timestamp(TimeUnit::Second, zone) => times!(TimestampSecondType, 1, zone),
        DataType::Timestamp(TimeUnit::Millisecond, zone) => times!(TimestampMillisecondType, 1_000, zone),
        DataType::Timestamp(TimeUnit::Microsecond, zone) => times!(TimestampMicrosecondType, 1_000_000, zone),
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
            times!(TimestampNanosecondType, 1_000_000_000, zone)
        }
        DataType::Date32 => written(array.as_primitive::<Date32Type>().iter(), day),
        DataType::Date64 => written(array.as_primitive::<Date64Type>().iter(), |ms| {
            day(i32::try_from(ms.div_euclid(86_400_000)).unwrap_or(i32::MAX))
        }),
        DataType::Decimal128(_, _) => {
            written(array.as_primitive::<Decimal128Type>().iter(), |n| n.to_string())
        }
        DataType::Binary => {
            written(array.as_binary::<i32>().iter(), |bytes| String::from_utf8_lossy(bytes).into_owned())
        }
        // Only within lists: at the top they were asked for as `Utf8`.
        DataType::LargeUtf8 => written(array.as_string::<i64>().iter(), str::to_owned),
        DataType::Utf8View => written(array.as_string_view().iter(), str::to_owned),
        DataType::FixedSizeBinary(_) => written(array.as_fixed_size_binary().iter(), hex),
        DataType::List(_) => written(array.as_list::<i32>().iter(), |items| joined(&items)),
        DataType::LargeList(_) => written(array.as_list::<i64>().iter(), |items| joined(&items)),
        _ => Kept::Written(vec![None; array.len()]),
    }
}

fn written<T>(cells: impl Iterator<Item = Option<T>>, write: impl Fn(T) -> String) -> Kept {
    Kept::Written(cells.map(|cell| cell.map(&write)).collect())
}

fn day(days: i32) -> String {
    anning_vocab::Date::from_days(days).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all kinds but one are read alike")]
fn joined(items: &ArrayRef) -> String {
    let texts: Vec<String> = match kept(items) {
        Kept::Strings(array) => array.iter().flatten().map(str::to_owned).collect(),
        kept => {
            let lane = kept.lane();
            (0..items.len()).map(|row| lane.text(row).into_owned()).collect()
        }
    };
    texts.join("|")
}

/// An error of the Parquet library.
pub(crate) fn damaged(file: &str, after: u64, error: &dyn core::fmt::Display) -> Error {
    Error::Damaged { file: file.to_owned(), after, what: error.to_string() }
}

/// Rows a batch: large enough that work a batch does not count, small enough for the cache.
const BATCH_ROWS: usize = 16_384;
