//! Promises of the gateway's outbox about the bytes of its journal.

use std::collections::HashSet;
use std::sync::Arc;

use anning_gateway::outbox::{Entry, Packer, Unpacker};
use anning_store::View;

/// Any bytes yield entries, or the place where they stop making sense; what was read is written and read again the same.
pub(crate) fn entries(bytes: &[u8]) {
    let view = View::default();
    let mut texts = HashSet::new();
    let Some(read) = read(bytes, &view, &mut texts) else { return };
    assert!(read.len() <= bytes.len(), "an entry takes a byte at least");
    let written = write(&read, &view);
    let again = self::read(&written, &view, &mut texts).map(|entries| write(&entries, &view));
    assert_eq!(again, Some(written), "what was written is read as it was");
}

fn read(bytes: &[u8], view: &View, texts: &mut HashSet<Arc<str>>) -> Option<Vec<Entry>> {
    let mut unpacker = match Unpacker::new(bytes, view, texts) {
        Ok(unpacker) => unpacker,
        Err(malformed) => return place(malformed.0, bytes),
    };
    let mut entries = Vec::new();
    for number in 1.. {
        match unpacker.entry(number) {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => break,
            Err(malformed) => return place(malformed.0, bytes),
        }
    }
    Some(entries)
}

fn place(at: usize, bytes: &[u8]) -> Option<Vec<Entry>> {
    assert!(at <= bytes.len(), "the place lies in the bytes");
    None
}

fn write(entries: &[Entry], view: &View) -> Vec<u8> {
    let names = view.now();
    let mut packer = Packer::new(&names, Vec::new());
    entries.iter().for_each(|entry| packer.entry(entry));
    packer.end()
}
