//! Promises of `anning-ledger`'s public log.

use anning_ledger::{
    Batch, Checkpoint, Frontier, Hash, Head, Mirror, Note, Request, Shelf, Suite, Tile, VerifierKey,
    consistency_proof, inclusion_proof, leaf_hash, push_entry, verify_consistency, verify_inclusion,
};

const SUITE: Suite = Suite::International;

/// A note or a key that is taken is written again as it was read; nobody's signature is believed by chance.
pub(crate) fn note(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes, "a note is written as it was read");
        assert!(!note.signatures().is_empty() && note.text().ends_with('\n'));
        assert!(note.verify(&[]).is_err(), "nobody is known");
    }
    crate::text(bytes, |text| {
        for line in text.lines() {
            if let Ok(key) = VerifierKey::parse(line) {
                assert_eq!(key.to_string(), line, "a key is written as it was read");
                if let Ok(note) = Note::parse(bytes) {
                    let signed = note.signatures().iter().any(|signature| signature.fits(&key, note.text()));
                    assert!(!signed || note.signatures().iter().any(|signature| signature.is_by(&key)));
                }
            }
        }
    });
}

/// A checkpoint, or a request to a witness, is written as it was read.
pub(crate) fn checkpoint(bytes: &[u8]) {
    crate::text(bytes, |text| {
        if let Ok(checkpoint) = Checkpoint::parse(text) {
            assert_eq!(checkpoint.body(), text);
        }
    });
    if let Ok(request) = Request::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        assert!(request.proof.len() < 64);
    }
}

/// Paths and bundles are written as they were read; a mirror is believed in the one tile that is true.
pub(crate) fn tile(bytes: &[u8]) {
    crate::text(bytes, |text| {
        if let Ok(tile) = Tile::parse(text) {
            assert_eq!(tile.path(), text);
            assert!((1..=256).contains(&tile.width));
        }
    });
    let Some((width, rest)) = bytes.split_first() else { return };
    let width = u16::from(*width) + 1;
    let bundle = Tile { shelf: Shelf::Entries, index: 0, width };
    if let Ok(entries) = bundle.entries(rest) {
        let mut again = Vec::new();
        assert!(entries.iter().all(|entry| push_entry(&mut again, entry).is_ok()));
        assert_eq!(again, rest);
    }
    let hashes = Tile { shelf: Shelf::Hashes { level: 0 }, index: 0, width };
    assert_eq!(hashes.hashes(rest).is_ok(), rest.len() == usize::from(width) * 32);
    let leaves: Vec<Hash> = (0..3_u8).map(|n| leaf_hash(SUITE, &[n])).collect();
    let head = Head { size: 3, root: Batch::new(SUITE, leaves.clone()).root() };
    let opened = Mirror::open(SUITE, head, |_: &Tile| Ok::<_, ()>(rest.to_vec()));
    assert_eq!(opened.is_ok(), rest == leaves.concat());
}

/// Whatever the bytes, a proof is refused or true: a true one with anything changed is refused.
pub(crate) fn proof(bytes: &[u8]) {
    for suite in [SUITE, Suite::Gm] {
        if let Some(edge) = Frontier::from_bytes(suite, bytes) {
            assert_eq!(edge.to_bytes(), bytes);
        }
    }
    let Some(([size, place], rest)) = bytes.split_first_chunk::<2>() else { return };
    let size = u64::from(*size % 64) + 1;
    let tree = Batch::new(SUITE, (0..size).map(|n| leaf_hash(SUITE, &n.to_be_bytes())).collect());
    let place = u64::from(*place) % size;
    if let Ok(mut proof) = inclusion_proof(SUITE, place, size, &tree) {
        let changed = spoil(&mut proof, rest);
        let leaf = leaf_hash(SUITE, &place.to_be_bytes());
        let good = verify_inclusion(SUITE, &leaf, place, size, &proof, &tree.root()).is_ok();
        assert_eq!(good, !changed, "inclusion of {place} in {size}");
    }
    if let Ok(mut proof) = consistency_proof(SUITE, place, size, &tree) {
        let older =
            Batch::new(SUITE, tree.leaves().iter().copied().take(place.try_into().unwrap_or(0)).collect());
        let (old, new) = (Head { size: place, root: older.root() }, Head { size, root: tree.root() });
        let changed = spoil(&mut proof, rest);
        assert_eq!(verify_consistency(SUITE, &old, &new, &proof).is_ok(), !changed, "{place} to {size}");
    }
    wild(bytes);
}

/// Mixes the bytes into the hashes, and adds those left over as further ones. Was anything changed?
fn spoil(proof: &mut Vec<Hash>, bytes: &[u8]) -> bool {
    let before = proof.clone();
    let (hashes, _) = bytes.as_chunks::<32>();
    let mut noise = hashes.iter();
    for (hash, noise) in proof.iter_mut().zip(noise.by_ref()) {
        hash.iter_mut().zip(noise).for_each(|(to, from)| *to ^= from);
    }
    proof.extend(noise);
    *proof != before
}

/// Any sizes, any hashes: it ends.
fn wild(bytes: &[u8]) {
    let Some((index, rest)) = bytes.split_first_chunk::<8>() else { return };
    let Some((size, rest)) = rest.split_first_chunk::<8>() else { return };
    let (index, size) = (u64::from_be_bytes(*index), u64::from_be_bytes(*size));
    let (hashes, _) = rest.as_chunks::<32>();
    let zero = [0; 32];
    let included = verify_inclusion(SUITE, &zero, index, size, hashes, &zero).is_ok();
    let (old, new) = (Head { size: index, root: zero }, Head { size, root: zero });
    let consistent = verify_consistency(SUITE, &old, &new, hashes).is_ok();
    // A hash of zeros has no known preimage: only trees that need no hash can agree.
    assert!(!included || size == 1, "a proof out of nothing");
    assert!(!consistent || (index == size && size > 0), "consistency out of nothing");
}
