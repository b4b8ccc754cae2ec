//! One table on disk, row after row, as CSV or Parquet, in memory that does not grow with it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_vocab::Timestamp;
use arrow_array::builder::{StringBuilder, TimestampMillisecondBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use crate::Error;

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, UTF-8, LF.
    Csv,
    /// Parquet, zstd, words in dictionaries.
    Parquet,
}

/// What a column holds; decides how Parquet encodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One of few words.
    Word,
    /// Text that rarely repeats.
    Free,
    /// An instant.
    Time,
}

/// Name and content of a column.
pub(crate) type Column = (&'static str, Holds);

/// A table being written. Cells are put in the order of the columns.
pub(crate) struct Table {
    path: PathBuf,
    sink: Sink,
    columns: usize,
    at: usize,
}

enum Sink {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Box<Batches>),
}

/// Rows gathered until a batch is full.
struct Batches {
    writer: ArrowWriter<BufWriter<File>>,
    schema: Arc<Schema>,
    builders: Vec<Builder>,
    rows: usize,
}

enum Builder {
    Text(StringBuilder),
    Time(TimestampMillisecondBuilder),
}

impl Table {
    /// Creates `folder/name` with the ending of the format, and its heading.
    pub(crate) fn create(
        folder: &Path,
        name: &str,
        columns: &'static [Column],
        format: Format,
    ) -> Result<Self, Error> {
        let path = folder.join(file_name(name, format));
        let open = || -> io::Result<Sink> {
            let file = BufWriter::with_capacity(BUFFER, File::create(&path)?);
            Ok(match format {
                Format::Csv => {
                    let mut writer = csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(file);
                    writer.write_record(columns.iter().map(|(name, _)| name)).map_err(from_csv)?;
                    Sink::Csv(Box::new(writer))
                }
                Format::Parquet => {
                    Sink::Parquet(Box::new(Batches::new(file, columns).map_err(from_parquet)?))
                }
            })
        };
        let sink = open().map_err(|e| Error::write(&path, e))?;
        Ok(Self { path, sink, columns: columns.len(), at: 0 })
    }

    /// Puts a text; an empty one is an empty cell, *not recorded*.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Error> {
        let at = self.at;
        self.at += 1;
        match &mut self.sink {
            Sink::Csv(writer) => {
                writer.write_field(text).map_err(|e| Error::write(&self.path, from_csv(e)))?;
            }
            Sink::Parquet(batches) => {
                if let Some(Builder::Text(builder)) = batches.builders.get_mut(at) {
                    if text.is_empty() { builder.append_null() } else { builder.append_value(text) }
                }
            }
        }
        Ok(())
    }

    /// Puts texts, one after the other.
    pub(crate) fn texts(&mut self, texts: &[&str]) -> Result<(), Error> {
        texts.iter().try_for_each(|text| self.text(text))
    }

    /// Puts an instant, given in seconds since the epoch, or an empty cell.
    pub(crate) fn time(&mut self, second: Option<i64>) -> Result<(), Error> {
        let at = self.at;
        match &mut self.sink {
            Sink::Csv(_) => match second {
                Some(second) => self.text(&Timestamp::from_millis(second * 1_000).to_string())?,
                None => self.text("")?,
            },
            Sink::Parquet(batches) => {
                if let Some(Builder::Time(builder)) = batches.builders.get_mut(at) {
                    builder.append_option(second.map(|second| second * 1_000));
                }
                self.at += 1;
            }
        }
        Ok(())
    }

    /// Ends the row.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        debug_assert_eq!(
            self.at,
            self.columns,
            "a row of {} has a wrong number of cells",
            self.path.display()
        );
        self.at = 0;
        let ended = match &mut self.sink {
            Sink::Csv(writer) => writer.write_record(None::<&[u8]>).map_err(from_csv),
            Sink::Parquet(batches) => batches.end_row().map_err(from_parquet),
        };
        ended.map_err(|e| Error::write(&self.path, e))
    }

    /// Writes what is left and closes the file.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let close = |sink: Sink| -> io::Result<()> {
            match sink {
                Sink::Csv(writer) => {
                    let mut file = writer.into_inner().map_err(|e| io::Error::other(e.to_string()))?;
                    file.flush()
                }
                Sink::Parquet(batches) => batches.finish().map_err(from_parquet),
            }
        };
        close(self.sink).map_err(|e| Error::write(&self.path, e))
    }
}

impl Batches {
    fn new(file: BufWriter<File>, columns: &[Column]) -> Result<Self, ParquetError> {
        let field = |(name, holds): &Column| {
            let kind = match holds {
                Holds::Word | Holds::Free => DataType::Utf8,
                Holds::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
            };
            Field::new(*name, kind, true)
        };
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
            .set_created_by("anning sample".to_owned())
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_dictionary_page_size_limit(DICTIONARY);
        for (name, _) in columns.iter().filter(|(_, holds)| *holds != Holds::Word) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), *name == "text");
        }
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties.build()))?;
        let builders = columns.iter().map(|(_, holds)| Builder::new(*holds)).collect();
        Ok(Self { writer, schema, builders, rows: 0 })
    }

    fn end_row(&mut self) -> Result<(), ParquetError> {
        self.rows += 1;
        if self.rows == BATCH { self.write_batch() } else { Ok(()) }
    }

    fn write_batch(&mut self) -> Result<(), ParquetError> {
        let arrays: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::take).collect();
        self.rows = 0;
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), arrays)?)
    }

    fn finish(mut self) -> Result<(), ParquetError> {
        self.write_batch()?;
        self.writer.finish()?;
        self.writer.inner_mut().flush()?;
        Ok(())
    }
}

impl Builder {
    fn new(holds: Holds) -> Self {
        match holds {
            Holds::Word | Holds::Free => Self::Text(StringBuilder::new()),
            Holds::Time => Self::Time(TimestampMillisecondBuilder::new().with_timezone("UTC")),
        }
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Time(builder) => Arc::new(builder.finish()),
        }
    }
}

/// The name of a table's file in a format.
pub(crate) fn file_name(name: &str, format: Format) -> String {
    let ending = match format {
        Format::Csv => "csv",
        Format::Parquet => "parquet",
    };
    format!("{name}.{ending}")
}

fn from_csv(error: csv::Error) -> io::Error {
    let text = error.to_string();
    if let csv::ErrorKind::Io(error) = error.into_kind() { error } else { io::Error::other(text) }
}

/// The operating system's own error where there is one below, so that a full disk is told as such.
fn from_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<ArrowError>() {
            Ok(arrow) => from_arrow(*arrow),
            Err(inner) => inner.downcast::<io::Error>().map_or_else(io::Error::other, |error| *error),
        },
        ParquetError::ArrowError(_)
        | ParquetError::General(_)
        | ParquetError::NYI(_)
        | ParquetError::EOF(_)
        | ParquetError::IndexOutOfBound(_, _)
        | ParquetError::NeedMoreData(_)
        | _ => io::Error::other(error),
    }
}

fn from_arrow(error: ArrowError) -> io::Error {
    if let ArrowError::IoError(_, inner) = error { inner } else { io::Error::other(error) }
}

const BUFFER: usize = 1 << 20;
/// Rows handed to the Parquet encoder at once.
const BATCH: usize = 16 * 1_024;
const ROW_GROUP: usize = 1 << 20;
const _: () = assert!(ROW_GROUP.is_multiple_of(BATCH));
/// Room for the distinct texts of one row group when a tenth of them differ.
const DICTIONARY: usize = 24 << 20;
const ZSTD_LEVEL: i32 = 1;
