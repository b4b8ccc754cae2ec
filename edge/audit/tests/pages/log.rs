//! A log that seals page records.

use anning_ledger::{
    Batch, Checkpoint, Deed, DeedKind, Hash, KeyKind, PageSeal, SignerKey, Suite, entry, leaf_hash,
};
use anning_vocab::{Date, Timestamp};

pub const NAME: &str = "log.witness.example/pages";
/// Seed of the log's key: of a sample, no secret.
const SEED: u8 = 0x5a;

pub fn key() -> SignerKey {
    key_of(SEED)
}

pub fn key_of(seed: u8) -> SignerKey {
    SignerKey::from_seed(NAME, KeyKind::Ed25519, &[seed; 32]).unwrap()
}

/// Five seconds after ten o'clock in Beijing.
pub fn sealed_on(day: &str) -> Timestamp {
    Date::parse(day).unwrap().start().plus_millis((10 * 3_600 + 5) * 1_000)
}

/// Seals of records, each taken by the log on its day, all under one checkpoint.
pub fn seals(records: &[(Vec<u8>, &str)], key: &SignerKey) -> Vec<PageSeal> {
    let suite = Suite::International;
    let hashes: Vec<Hash> = records.iter().map(|(bytes, _)| suite.digest(&[bytes])).collect();
    let leaf = |(hash, (_, day)): (&Hash, &(Vec<u8>, &str))| {
        let deed = Deed { kind: DeedKind::Page { record: *hash }, at: sealed_on(day), subjects: [0; 32] };
        [&[entry::leaf::DEED][..], &deed.encode()].concat()
    };
    let leaves: Vec<Vec<u8>> = hashes.iter().zip(records).map(leaf).collect();
    let tree = Batch::new(suite, leaves.iter().map(|leaf| leaf_hash(suite, leaf)).collect());
    let head = Checkpoint::new(NAME, leaves.len() as u64, tree.root()).unwrap();
    let checkpoint = head.sign(key).unwrap().to_string();
    let seal = |(at, (leaf, record)): (usize, (Vec<u8>, Hash))| PageSeal {
        suite,
        record,
        position: at as u64,
        leaf,
        inclusion: tree.path(at).unwrap(),
        checkpoint: checkpoint.clone(),
    };
    leaves.into_iter().zip(hashes).enumerate().map(seal).collect()
}
