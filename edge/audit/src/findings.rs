//! `findings.parquet`: one row a send that is not simply lawful or outside; nothing personal in it.

use std::path::Path;
use std::sync::Arc;

use anning_decide::Outcome;
use anning_law::ProvisionId;
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch, StringArray, TimestampMillisecondArray, UInt64Array};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::engine::Judged;
use crate::intake::Error;

/// One column of words: its name and what it says of a row.
pub(crate) type Column = (&'static str, fn(&Judged) -> String);

/// The columns of words, in order.
pub(crate) const WORDS: [Column; 12] = [
    ("file", |row| row.file.clone()),
    ("channel", |row| row.message.channel.code().to_owned()),
    ("campaign", |row| row.campaign.clone().unwrap_or_default()),
    ("class", |row| row.class.code().to_owned()),
    ("outcome", |row| outcome(row).to_owned()),
    ("breached", |row| names(row.decision.findings.strict.breached)),
    ("unproved", |row| names(row.decision.findings.strict.unproved)),
    ("unclear", |row| names(row.decision.findings.strict.unclear)),
    ("argued", |row| names(row.decision.findings.argued())),
    ("grounds", grounds),
    ("consent", |row| row.state.code().to_owned()),
    ("grade", |row| row.grade.map_or("", anning_vocab::Grade::code).to_owned()),
];

/// Is there anything to find in this send?
pub(crate) fn is_finding(row: &Judged) -> bool {
    let strict = row.decision.findings.strict;
    strict.breached | strict.unproved | strict.unclear != 0
}

/// Writes the findings.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(judged: &[Judged], path: &Path) -> Result<(), Error> {
    let io = |what: String| Error::Io { path: path.display().to_string(), what };
    let file = std::fs::File::create(path).map_err(|e| Error::io(path, &e))?;
    let level = ZstdLevel::try_new(3).map_err(|e| io(e.to_string()))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let found: Vec<&Judged> = judged.iter().filter(|row| is_finding(row)).collect();
    let first = batch(found.get(..0).unwrap_or(&[])).map_err(&io)?;
    let mut writer =
        ArrowWriter::try_new(file, first.schema(), Some(properties)).map_err(|e| io(e.to_string()))?;
    for rows in found.chunks(ROWS) {
        writer.write(&batch(rows).map_err(&io)?).map_err(|e| io(e.to_string()))?;
    }
    writer.close().map_err(|e| io(e.to_string()))?;
    Ok(())
}

fn batch(rows: &[&Judged]) -> Result<RecordBatch, String> {
    let key = |row: &&Judged| row.recipient.0.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let sent = rows.iter().map(|row| row.message.sent_at.millis());
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("send_id", Arc::new(rows.iter().map(|row| row.send_id.clone()).collect::<StringArray>())),
        ("line", Arc::new(rows.iter().map(|row| row.line).collect::<UInt64Array>())),
        ("recipient_key", Arc::new(rows.iter().map(|row| Some(key(row))).collect::<StringArray>())),
        ("sent_at", Arc::new(TimestampMillisecondArray::from_iter_values(sent).with_timezone("UTC"))),
    ];
    for (name, of) in WORDS {
        let mut words = StringDictionaryBuilder::<Int32Type>::new();
        for row in rows {
            words.append(of(row)).map_err(|e| e.to_string())?;
        }
        columns.push((name, Arc::new(words.finish())));
    }
    RecordBatch::try_from_iter(columns).map_err(|e| e.to_string())
}

/// Each breached or unproved provision with its ground.
fn grounds(row: &Judged) -> String {
    let strict = row.decision.findings.strict;
    let found =
        row.decision.findings.iter().filter(|(id, _)| (strict.breached | strict.unproved) & id.bit() != 0);
    let said: Vec<String> = found.map(|(id, finding)| format!("{id}={}", finding.ground)).collect();
    said.join(";")
}

const fn outcome(row: &Judged) -> &'static str {
    match row.decision.outcome {
        Outcome::Allow => "allow",
        Outcome::Deny => "deny",
        Outcome::Hold(_) => "hold",
        Outcome::FailOpen => "fail_open",
    }
}

fn names(mask: u64) -> String {
    let ids: Vec<&str> = ProvisionId::ALL.iter().filter(|p| mask & p.bit() != 0).map(|p| p.code()).collect();
    ids.join(";")
}

/// Rows a batch.
const ROWS: usize = 65_536;
