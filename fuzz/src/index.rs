//! Promises of `anning-ledger`.

use anning_ledger::index::{Damaged, Head, Index};

/// The bytes are two of length, a head of that length, and a shard's chunk. What is read can be written and read
/// again, and says the same; what is no snapshot is refused.
pub(crate) fn index(bytes: &[u8]) {
    let Some((len, rest)) = bytes.split_first_chunk::<2>() else { return };
    let Some((head, chunk)) = rest.split_at_checked(usize::from(u16::from_le_bytes(*len))) else { return };
    let Ok(read) = Head::read(head) else { return };
    let Ok(shard) = read.shard(chunk) else { return };
    let index = read.around([shard]);
    let acts = said(&index);
    assert_eq!(acts.len(), index.len());
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let written = index.write(|part| {
        parts.push(part.to_vec());
        Ok::<(), Damaged>(())
    });
    assert_eq!(written, Ok(()));
    let again = Index::read(&parts).map(|index| said(&index));
    assert_eq!(again, Ok(acts), "read, written and read again");
}

/// Everybody and what they did, in order of key.
fn said(index: &Index) -> Vec<([u8; 16], Vec<anning_vocab::Act>)> {
    let mut all = Vec::new();
    index.each(|key, acts| all.push((key.0, acts.to_vec())));
    all.sort_by_key(|(key, _)| *key);
    all
}
