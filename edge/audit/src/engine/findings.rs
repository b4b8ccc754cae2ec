//! `findings.parquet`: one row a send, in order of recipient and time.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_decide::Reading;
use anning_law::ProvisionId;
use anning_vocab::Message;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, FixedSizeBinaryArray, Int32Array, RecordBatch, StringArray,
    TimestampMillisecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use crate::error::Error;
use crate::input::Plan;
use crate::report::cell;

use super::recipients::Found;
use super::verdict::{Verdict, Verdicts};

/// What the rows of findings are written out with.
pub(crate) struct Table<'a> {
    pub plan: &'a Plan,
    pub messages: &'a [Message],
    /// Names of campaigns by id.
    pub campaigns: &'a [Box<str>],
    pub reading: Reading,
    schema: SchemaRef,
}

/// A verdict in words of codes.
struct Written {
    met: String,
    breached: String,
    unproved: String,
    unclear: String,
    argued: String,
    grounds: String,
    caveats: String,
}

impl<'a> Table<'a> {
    pub fn new(plan: &'a Plan, messages: &'a [Message], campaigns: &'a [Box<str>], reading: Reading) -> Self {
        let word = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let field = |name: &&str| match *name {
            "row" => Field::new(*name, DataType::UInt64, false),
            "send_id" => Field::new(*name, DataType::Utf8, true),
            "recipient_key" => Field::new(*name, DataType::FixedSizeBinary(16), false),
            "sent_at" => {
                Field::new(*name, DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())), false)
            }
            _ => Field::new(*name, word.clone(), true),
        };
        let schema = Arc::new(Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>()));
        Self { plan, messages, campaigns, reading, schema }
    }

    fn campaign(&self, context: u32) -> Option<&str> {
        let id = self.messages.get(context as usize)?.campaign?;
        self.campaigns.get(id.0 as usize).map(AsRef::as_ref)
    }

    fn channel(&self, context: u32) -> &'static str {
        self.messages.get(context as usize).map_or("", |m| m.channel.code())
    }

    fn written(&self, verdict: &Verdict) -> Written {
        let masks = verdict.masks(self.reading);
        let open = masks.breached | masks.unproved | masks.unclear;
        let grounds: Vec<String> = verdict
            .findings
            .iter()
            .filter(|(id, _)| open & id.bit() != 0)
            .map(|(id, finding)| format!("{id}={}", finding.ground.code()))
            .collect();
        let caveats: Vec<&str> = verdict.caveats.iter().map(anning_vocab::Caveat::code).collect();
        Written {
            met: names(masks.met),
            breached: names(masks.breached),
            unproved: names(masks.unproved),
            unclear: names(masks.unclear),
            argued: names(verdict.findings.argued()),
            grounds: grounds.join(";"),
            caveats: caveats.join(";"),
        }
    }

    fn batch(&self, rows: &[Found], ids: &[u8], verdicts: &Verdicts) -> Result<RecordBatch, Error> {
        let mut seen: HashMap<u32, i32, ahash::RandomState> = HashMap::with_hasher(crate::input::hasher());
        let mut written: Vec<Written> = Vec::new();
        let keys: Vec<i32> = rows
            .iter()
            .map(|row| {
                *seen.entry(row.verdict).or_insert_with(|| {
                    written.extend(verdicts.get(row.verdict).map(|v| self.written(v)));
                    place(written.len()) - 1
                })
            })
            .collect();
        let keys = Int32Array::from(keys);
        let of_verdict = |part: fn(&Written) -> &str| -> ArrayRef {
            let values: StringArray = written.iter().map(|w| Some(part(w))).collect();
            Arc::new(DictionaryArray::<Int32Type>::new(keys.clone(), Arc::new(values)))
        };
        let send_id = |row: &Found| {
            let from = row.id.0 as usize;
            let id = ids.get(from..from + usize::from(row.id.1)).unwrap_or_default();
            if id.is_empty() { None } else { core::str::from_utf8(id).ok() }
        };
        let keys_of_people = FixedSizeBinaryArray::try_from_iter(rows.iter().map(|r| r.key.0));
        let columns: Vec<ArrayRef> = vec![
            words(rows.iter().map(|r| u32::from(r.row.file())), |file| {
                Some(self.plan.file_name(u16::try_from(file).unwrap_or(0)).to_owned())
            }),
            Arc::new(rows.iter().map(|r| Some(r.row.line())).collect::<UInt64Array>()),
            Arc::new(rows.iter().map(send_id).collect::<StringArray>()),
            Arc::new(if rows.is_empty() {
                FixedSizeBinaryArray::new(16, Vec::<u8>::new().into(), None)
            } else {
                keys_of_people.map_err(|e| bug(&e))?
            }),
            Arc::new(
                rows.iter()
                    .map(|r| Some(r.sent_at.millis()))
                    .collect::<TimestampMillisecondArray>()
                    .with_timezone("UTC"),
            ),
            words(rows.iter().map(|r| r.context), |context| Some(self.channel(context).to_owned())),
            words(rows.iter().map(|r| r.context), |context| self.campaign(context).map(str::to_owned)),
            words(rows.iter().map(|r| r.class as u32), |class| {
                anning_vocab::Class::ALL.get(class as usize).map(|c| c.code().to_owned())
            }),
            words(rows.iter().map(|r| r.outcome as u32), |outcome| {
                OUTCOMES.get(outcome as usize).map(|o| o.code().to_owned())
            }),
            of_verdict(|w| &w.breached),
            of_verdict(|w| &w.unproved),
            of_verdict(|w| &w.unclear),
            of_verdict(|w| &w.argued),
            of_verdict(|w| &w.met),
            of_verdict(|w| &w.grounds),
            words(rows.iter().map(|r| r.state as u32), |state| {
                anning_vocab::State::ALL.get(state as usize).map(|s| s.code().to_owned())
            }),
            words(rows.iter().map(|r| r.grade.map_or(NONE, |g| g as u32)), |grade| {
                anning_vocab::Grade::ALL.get(grade as usize).map(|g| g.code().to_owned())
            }),
            of_verdict(|w| &w.caveats),
            words(
                rows.iter().map(|r| r.house.map_or(NONE, |h| super::tally::house_index(h) as u32)),
                |house| super::tally::HOUSE.get(house as usize).map(|h| h.code().to_owned()),
            ),
        ];
        RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|e| bug(&e))
    }

    /// The rows as CSV, without header.
    pub fn csv(&self, rows: &[Found], ids: &[u8], verdicts: &Verdicts) -> Vec<u8> {
        let mut written: HashMap<u32, Written> = HashMap::new();
        let mut out = Vec::new();
        for row in rows {
            let Some(verdict) = verdicts.get(row.verdict) else { continue };
            let w = written.entry(row.verdict).or_insert_with(|| self.written(verdict));
            let from = row.id.0 as usize;
            let id = ids.get(from..from + usize::from(row.id.1)).unwrap_or_default();
            let key: String = row.key.0.iter().map(|b| format!("{b:02x}")).collect();
            let cells = [
                self.plan.file_name(row.row.file()),
                &row.row.line().to_string(),
                &String::from_utf8_lossy(id),
                &key,
                &row.sent_at.to_string(),
                self.channel(row.context),
                self.campaign(row.context).unwrap_or(""),
                row.class.code(),
                row.outcome.code(),
                &w.breached,
                &w.unproved,
                &w.unclear,
                &w.argued,
                &w.met,
                &w.grounds,
                row.state.code(),
                row.grade.map_or("", anning_vocab::Grade::code),
                &w.caveats,
                row.house.map_or("", anning_decide::HouseGround::code),
            ];
            for (at, text) in cells.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(cell(text).as_bytes());
            }
            out.push(b'\n');
        }
        out
    }

    /// Header of the CSV form.
    pub fn csv_header() -> String {
        COLUMNS.join(",") + "\n"
    }
}

/// A dictionary column from small numbers, each written out once.
fn words(codes: impl Iterator<Item = u32>, write: impl Fn(u32) -> Option<String>) -> ArrayRef {
    let mut seen: HashMap<u32, Option<i32>, ahash::RandomState> =
        HashMap::with_hasher(crate::input::hasher());
    let mut values: Vec<String> = Vec::new();
    let mut last: Option<(u32, Option<i32>)> = None;
    let keys: Int32Array = codes
        .map(|code| match last {
            Some((same, key)) if same == code => key,
            Some(_) | None => {
                let key = *seen.entry(code).or_insert_with(|| {
                    write(code).map(|text| {
                        values.push(text);
                        place(values.len()) - 1
                    })
                });
                last = Some((code, key));
                key
            }
        })
        .collect();
    Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(StringArray::from(values))))
}

/// Provisions of a mask, separated by `;`.
pub(crate) fn names(mask: u64) -> String {
    let ids: Vec<&str> = ProvisionId::ALL.iter().filter(|p| mask & p.bit() != 0).map(|p| p.code()).collect();
    ids.join(";")
}

fn place(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(i32::MAX)
}

/// The Parquet file in the making.
pub(crate) struct Writer {
    path: PathBuf,
    file: SerializedFileWriter<File>,
}

/// What threads encode rows with.
pub(crate) struct Encoder<'t> {
    table: &'t Table<'t>,
    factory: ArrowRowGroupWriterFactory,
}

impl Writer {
    pub fn create<'t>(path: &Path, table: &'t Table<'t>) -> Result<(Self, Encoder<'t>), Error> {
        let file = File::create(path).map_err(|e| Error::io("create", path, &e))?;
        let schema = ArrowSchemaConverter::new().convert(&table.schema).map_err(|e| bug(&e))?;
        let file = SerializedFileWriter::new(file, schema.root_schema_ptr(), Arc::new(properties()))
            .map_err(|e| failed(path, e))?;
        let factory = ArrowRowGroupWriterFactory::new(&file, Arc::clone(&table.schema));
        Ok((Self { path: path.to_path_buf(), file }, Encoder { table, factory }))
    }

    /// Appends rows that were encoded.
    pub fn append(&mut self, chunks: Vec<ArrowColumnChunk>) -> Result<(), Error> {
        if chunks.is_empty() {
            return Ok(());
        }
        let path = &self.path;
        let mut group = self.file.next_row_group().map_err(|e| failed(path, e))?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut group).map_err(|e| failed(path, e))?;
        }
        group.close().map_err(|e| failed(path, e))?;
        Ok(())
    }

    pub fn finish(self) -> Result<(), Error> {
        let path = self.path;
        self.file.close().map(|_| ()).map_err(|e| failed(&path, e))
    }
}

impl Encoder<'_> {
    /// Encodes rows as one row group; nothing for no rows.
    pub fn encode(
        &self,
        rows: &[Found],
        ids: &[u8],
        verdicts: &Verdicts,
    ) -> Result<Vec<ArrowColumnChunk>, Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut writers = self.factory.create_column_writers(0).map_err(|e| bug(&e))?;
        for slice in rows.chunks(SLICE_ROWS) {
            let batch = self.table.batch(slice, ids, verdicts)?;
            let mut writers = writers.iter_mut();
            for (field, column) in self.table.schema.fields().iter().zip(batch.columns()) {
                for leaf in compute_leaves(field, column).map_err(|e| bug(&e))? {
                    if let Some(writer) = writers.next() {
                        writer.write(&leaf).map_err(|e| bug(&e))?;
                    }
                }
            }
        }
        writers.into_iter().map(|w| w.close().map_err(|e| bug(&e))).collect()
    }
}

fn properties() -> WriterProperties {
    let column = |name: &str| ColumnPath::from(name);
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("anning {}", env!("CARGO_PKG_VERSION")))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_dictionary_enabled(column("row"), false)
        .set_column_encoding(column("row"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(column("sent_at"), false)
        .set_column_encoding(column("sent_at"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(column("send_id"), false)
        .set_column_dictionary_enabled(column("recipient_key"), false)
        .build()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "another crate's errors, all but one told alike")]
fn failed(path: &Path, error: parquet::errors::ParquetError) -> Error {
    match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast_ref::<std::io::Error>() {
            Some(io) => Error::io("write", path, io),
            None => Error::Io { doing: "write", path: path.to_path_buf(), what: inner.to_string() },
        },
        other => {
            let what = other.to_string();
            // The writer keeps only the words of an error of the system.
            if what.contains("No space left") || what.contains("File too large") || what.contains("quota") {
                return Error::Full { path: path.to_path_buf() };
            }
            Error::Io { doing: "write", path: path.to_path_buf(), what }
        }
    }
}

fn bug(error: &dyn core::fmt::Display) -> Error {
    Error::Unbalanced(format!("findings cannot be encoded: {error}"))
}

const OUTCOMES: [super::verdict::Outcome; 5] = {
    use super::verdict::Outcome as O;
    [O::Breached, O::Unproved, O::Unclear, O::Lawful, O::Outside]
};
const NONE: u32 = u32::MAX;
/// Rows turned into arrays at once.
const SLICE_ROWS: usize = 32_768;
/// Columns of the file.
pub(crate) const COLUMNS: [&str; 19] = [
    "file",
    "row",
    "send_id",
    "recipient_key",
    "sent_at",
    "channel",
    "campaign",
    "class",
    "outcome",
    "breached",
    "unproved",
    "unclear",
    "argued",
    "met",
    "grounds",
    "consent",
    "grade",
    "caveats",
    "house",
];
