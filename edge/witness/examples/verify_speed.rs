//! How fast a log is verified and mirrored from local files: writes a log of some millions of entries, then measures.
//!
//!     cargo run --release -p anning-witness --example verify_speed -- FOLDER [MILLIONS]

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "an example stops where a value is missing"
)]

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use anning_ledger::{
    Checkpoint, Frontier, Hash, KeyKind, Shelf, SignerKey, Suite, Tile, leaf_hash, push_entry,
};
use anning_witness::{Source, mirror, verify, watched};

const ORIGIN: &str = "example.org/speed";

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap();
    let size = args.next().map_or(4, |millions| millions.parse::<u64>().unwrap()) * 1_000_000 + 77;
    for suite in [Suite::International, Suite::Gm] {
        let folder = Path::new(&folder).join(suite.code());
        let key = SignerKey::from_seed(ORIGIN, KeyKind::of(suite, false), &[7; 32]).unwrap();
        build(&folder, suite, &key, size);
        let log = watched(&key.verifier().to_string(), None).unwrap();
        let source = Source::of_folder(&folder);
        for threads in [1, 2] {
            let start = Instant::now();
            let report = verify(&source, &log, None, NonZeroUsize::new(threads).unwrap(), &|_| {}).unwrap();
            assert_eq!(report.counts.acts, size);
            said(&format!("{} verified, threads: {threads}", suite.code()), size, start);
        }
        let copy = folder.with_extension("copy");
        let start = Instant::now();
        mirror(&source, &copy, &log, &|_| ControlFlow::Continue(())).unwrap();
        said(&format!("{} mirrored", suite.code()), size, start);
        std::fs::remove_dir_all(copy).unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
}

fn said(what: &str, size: u64, start: Instant) {
    let rate = f64::from(u32::try_from(size).unwrap()) / start.elapsed().as_secs_f64();
    println!("{what:<40} {rate:>12.0} entries/s");
}

fn build(folder: &Path, suite: Suite, key: &SignerKey, size: u64) {
    let mut edge = Frontier::new(suite);
    let (mut rows, mut bundle) = (vec![Vec::<Hash>::new(); 8], Vec::new());
    let put = |shelf, index: u64, width, bytes: &[u8]| {
        let path = folder.join(Tile { shelf, index, width }.path());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let hashes = |level: usize| Shelf::Hashes { level: u8::try_from(level).unwrap() };
    for n in 0..size {
        let leaf = [&[1][..], &[5; 24], &n.to_be_bytes()].concat();
        push_entry(&mut bundle, &leaf).unwrap();
        edge.append(leaf_hash(suite, &leaf), |level, index, hash| {
            let at = usize::try_from(level / 8).unwrap();
            let Some(row) = rows.get_mut(at).filter(|_| level.is_multiple_of(8)) else { return };
            row.push(hash);
            if row.len() == 256 {
                put(hashes(at), index / 256, 256, row.as_flattened());
                row.clear();
            }
        });
        if (n + 1).is_multiple_of(256) {
            put(Shelf::Entries, n / 256, 256, &bundle);
            bundle.clear();
        }
    }
    for (level, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
        let index = (size >> (8 * level)) / 256;
        put(hashes(level), index, u16::try_from(row.len()).unwrap(), row.as_flattened());
    }
    if !bundle.is_empty() {
        put(Shelf::Entries, size / 256, u16::try_from(size % 256).unwrap(), &bundle);
    }
    let note = Checkpoint::new(ORIGIN, size, edge.root()).unwrap().sign(key).unwrap().to_string();
    std::fs::write(folder.join("checkpoint"), note).unwrap();
}
