//! What strangers write for an audit: tables and mappings.

use std::path::PathBuf;

use anning_audit::Settings;
use anning_audit::input::{
    ActReader, Contexts, Input, Logs, Mapping, Names, Registry, SendReader, Table, TermsTable, Units,
};
use anning_vocab::{Recipient, RecipientKey};

/// A table of sends on standard input, as CSV or NDJSON, with its usual header before the bytes: every row is
/// read or rejected, and nothing panics.
pub(crate) fn sends(bytes: &[u8]) {
    let header: &[u8] = b"recipient,sent_at,channel,text,send_id,campaign,sender_number\n";
    balanced(&[header, bytes].concat(), &[Table::Sends]);
    balanced(bytes, &[Table::Sends]);
}

/// A table of consents in the same way.
pub(crate) fn consents(bytes: &[u8]) {
    let header: &[u8] =
        b"recipient,occurred_at,act,origin,channels,kinds,frequency,until,days,control,notice,provision_to,age\n";
    balanced(&[header, bytes].concat(), &[Table::Consents, Table::Withdrawals]);
}

/// A mapping: read, or refused with a line.
pub(crate) fn mapping(bytes: &[u8]) {
    crate::text(bytes, |text| {
        let _ = Mapping::parse(text);
    });
}

/// An `audit.toml`: read, or refused.
pub(crate) fn settings(bytes: &[u8]) {
    crate::text(bytes, |text| {
        let _ = Settings::parse(text, "audit.toml");
    });
}

fn balanced(bytes: &[u8], tables: &[Table]) {
    let stream = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let Ok(input) = Input::open(&[PathBuf::from("-")], Mapping::default(), Some(stream)) else { return };
    let (names, contexts, terms) = (Names::default(), Contexts::default(), TermsTable::default());
    let Ok(read) = Registry::read(&input, &names, &Logs::default()) else { return };
    let hash = |_: &Recipient| RecipientKey([7; 16]);
    let units = Units::new(&input, tables);
    if tables.contains(&Table::Sends) {
        let mut reader = SendReader::new(&input, &read.registry, &names, &contexts, hash);
        while let Ok(Some(batch)) = reader.next(&units) {
            assert_eq!(batch.tally.rows, batch.tally.read + batch.tally.rejected);
            assert_eq!(
                (batch.tally.read, batch.tally.rejected),
                (batch.len() as u64, batch.rejects.len() as u64)
            );
            for at in 0..batch.len() {
                let _ = batch.texts.get(at);
            }
        }
    } else {
        let mut reader = ActReader::new(&input, &read.registry, &names, &terms, hash);
        while let Ok(Some(batch)) = reader.next(&units) {
            assert_eq!(batch.tally.rows, batch.tally.read + batch.tally.rejected);
            assert_eq!(
                (batch.tally.read, batch.tally.rejected),
                (batch.len() as u64, batch.rejects.len() as u64)
            );
        }
    }
}
