//! How fast the log's hashing and proving are on this machine: `cargo run --release -p anning-ledger --example speed`.
//!
//! Each line: what was done, how often a second on one core. Leaves are of 33 bytes, as a commitment's are.

#![expect(clippy::unwrap_used, reason = "an example stops where a value is missing")]

use anning_ledger::{
    Batch, Checkpoint, Frontier, Head, KeyKind, Mirror, SignerKey, Suite, Tile, changed_tiles, leaf_hash,
    verify_inclusion,
};
use std::hint::black_box;
use std::time::Instant;

const LEAVES: u64 = 1 << 20;

fn main() {
    for suite in [Suite::International, Suite::Gm] {
        println!("{}", suite.code());
        append(suite);
        prove(suite);
        mirror(suite);
        sign(suite);
    }
}

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn timed<T>(what: &str, times: u64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = black_box(work());
    let rate = f64::from(u32::try_from(times).unwrap()) / start.elapsed().as_secs_f64();
    println!("  {what:<34} {rate:>12.0} /s");
    made
}

fn leaf(n: u64) -> [u8; 33] {
    let mut leaf = [7; 33];
    leaf.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    leaf
}

fn append(suite: Suite) {
    let mut edge = Frontier::new(suite);
    timed("leaves hashed and appended", LEAVES, || {
        (0..LEAVES).for_each(|n| edge.append(leaf_hash(suite, &leaf(n)), |_, _, hash| _ = black_box(hash)));
    });
}

fn prove(suite: Suite) {
    let tree = Batch::new(suite, (0..LEAVES).map(|n| leaf_hash(suite, &leaf(n))).collect());
    let places = (0..100_000_u64).map(|n| n * 7_919 % LEAVES);
    let proofs: Vec<_> = timed("inclusion proofs made, 20 hashes", 100_000, || {
        places.clone().map(|place| tree.path(usize::try_from(place).unwrap()).unwrap()).collect()
    });
    let leaves: Vec<_> = places.clone().map(|place| leaf_hash(suite, &leaf(place))).collect();
    timed("inclusion proofs verified", 100_000, || {
        for ((proof, place), leaf) in proofs.iter().zip(places).zip(&leaves) {
            verify_inclusion(suite, leaf, place, LEAVES, proof, &tree.root()).unwrap();
        }
    });
}

/// A whole log read from its tiles, every entry checked up to the root.
fn mirror(suite: Suite) {
    let count = LEAVES / 4;
    let tree = Batch::new(suite, (0..count).map(|n| leaf_hash(suite, &leaf(n))).collect());
    let content = |tile: &Tile| {
        let mut bytes = Vec::new();
        for n in (0..u64::from(tile.width)).map(|nth| tile.index * 256 + nth) {
            match tile.shelf {
                anning_ledger::Shelf::Hashes { level } => {
                    bytes.extend(anning_ledger::Nodes::node(&tree, 8 * u32::from(level), n).unwrap());
                }
                anning_ledger::Shelf::Entries => anning_ledger::push_entry(&mut bytes, &leaf(n)).unwrap(),
            }
        }
        (*tile, bytes)
    };
    let tiles: std::collections::HashMap<Tile, Vec<u8>> =
        changed_tiles(0, count).map(|tile| content(&tile)).collect();
    timed("entries verified out of tiles", count, || {
        let head = Head { size: count, root: tree.root() };
        let mirror = Mirror::open(suite, head, |tile: &Tile| tiles.get(tile).cloned().ok_or(())).unwrap();
        (0..count / 256).for_each(|bundle| drop(black_box(mirror.bundle(bundle).unwrap())));
    });
}

fn sign(suite: Suite) {
    let key = SignerKey::from_seed("log.example.org", KeyKind::of(suite, false), &[7; 32]).unwrap();
    let checkpoint = Checkpoint::new("log.example.org", LEAVES, [7; 32]).unwrap();
    timed("checkpoints signed", 500, || {
        (0..500).for_each(|_| drop(black_box(checkpoint.sign(&key).unwrap())));
    });
    let note = checkpoint.sign(&key).unwrap().to_string();
    let keys = [key.verifier().clone()];
    timed("checkpoints verified", 500, || {
        (0..500).for_each(|_| {
            drop(black_box(Checkpoint::open(note.as_bytes(), "log.example.org", &keys).unwrap()))
        });
    });
}
