//! Receipts: a good one is believed, and whatever is done to it is found.

#![cfg(test)]

use anning_ledger::receipt::RECEIPT_MAX;
use anning_ledger::{
    Batch, BatchLeaf, Checkpoint, Fault, Hash, KeyKind, Receipt, SignerKey, Suite, Trust, Value, Verified,
    commitment, cosign, leaf_hash, node_hash,
};

const SUITES: [Suite; 2] = [Suite::International, Suite::Gm];

/// A receipt of one decision among `decisions`, in a log of `size` leaves of which it is number `index`.
fn receipt(
    suite: Suite,
    decisions: usize,
    place: usize,
    size: u64,
    index: u64,
    witnesses: usize,
) -> (Receipt, Trust) {
    let record = vec![0x5a; 347];
    let salt = suite.digest(&[b"salt"]).to_vec();
    let others = (0..decisions).map(|n| suite.digest(&[&n.to_be_bytes()]));
    let mut leaves: Vec<Hash> = others.map(|other| leaf_hash(suite, &other)).collect();
    leaves[place] = leaf_hash(suite, &commitment(suite, &salt, &record));
    let batch = Batch::new(suite, leaves);
    let leaf = BatchLeaf { root: batch.root(), count: decisions as u64 }.to_bytes();
    let (proof, root) = chain(suite, leaf_hash(suite, &leaf), index, size);
    let checkpoint = Checkpoint::new("log.example.org/anning", size, root).unwrap();
    let log = SignerKey::from_seed("log.example.org/anning", KeyKind::of(suite, false), &[1; 32]).unwrap();
    let mut note = checkpoint.sign(&log).unwrap();
    let mut keys = Vec::new();
    for n in 0..witnesses {
        let name = format!("witness-{n}.example.org/w");
        let seed = [2 + u8::try_from(n).unwrap(); 32];
        let key = SignerKey::from_seed(&name, KeyKind::of(suite, true), &seed).unwrap();
        note.add(cosign(&key, &checkpoint, 1_795_752_000 + n as u64).unwrap()).unwrap();
        keys.push(key.verifier().clone());
    }
    let receipt = Receipt {
        suite,
        record,
        salt,
        batch_index: place as u64,
        batch_path: batch.path(place).unwrap(),
        leaf,
        leaf_index: index,
        proof,
        checkpoint: note.to_string(),
    };
    (receipt, Trust { log: log.verifier().clone(), witnesses: keys })
}

/// Siblings as they might be, and the root that they lead to: a log of any size without its leaves.
fn chain(suite: Suite, leaf: Hash, index: u64, size: u64) -> (Vec<Hash>, Hash) {
    let (mut hash, mut at, mut last, mut proof) = (leaf, index, size - 1, Vec::new());
    while last > 0 {
        let sibling = suite.digest(&[b"sibling", &[proof.len() as u8]]);
        if at % 2 == 1 {
            hash = node_hash(suite, &sibling, &hash);
            proof.push(sibling);
        } else if at < last {
            hash = node_hash(suite, &hash, &sibling);
            proof.push(sibling);
        }
        (at, last) = (at / 2, last / 2);
    }
    (proof, hash)
}

#[test]
fn good_ones_of_every_shape() {
    let mut good = 0;
    for suite in SUITES {
        for (decisions, place) in [(1, 0), (2, 1), (3, 2), (5, 4), (7, 0)] {
            for (size, index) in [(1, 0), (2, 1), (6, 4), (1_000, 999), (1_001, 17), (1 << 40, 12_345)] {
                let (receipt, trust) = receipt(suite, decisions, place, size, index, 1);
                let verified = receipt.verify(&trust).unwrap();
                assert_eq!(
                    verified,
                    Verified {
                        origin: "log.example.org/anning".to_owned(),
                        size,
                        batch_count: decisions as u64,
                        witnesses: vec![("witness-0.example.org/w".to_owned(), 1_795_752_000)],
                        unchecked: vec![],
                    }
                );
                let without = Trust { witnesses: vec![], ..trust };
                assert_eq!(receipt.verify(&without).unwrap().unchecked, ["witness-0.example.org/w"]);
                let bytes = receipt.to_bytes();
                assert_eq!(Receipt::from_bytes(&bytes).as_ref(), Ok(&receipt));
                let words = Value::map([("outcome", Some(Value::text("deny")))]);
                let readable = receipt.to_readable(words.clone());
                assert_eq!(Receipt::from_readable(readable), Ok((receipt, words)));
                good += 1;
            }
        }
    }
    println!("{good} good receipts");
}

/// At most 2 KB packed, and each cosignature at most 200 bytes more.
#[test]
fn sizes() {
    for suite in SUITES {
        let size =
            |witnesses| receipt(suite, 4_096, 2_730, 1 << 27, 89_478_485, witnesses).0.to_bytes().len();
        let (alone, one, three) = (size(0), size(1), size(3));
        println!("{}: {alone} bytes, with 1 cosignature {one}, with 3 {three}", suite.code());
        assert!(alone <= 2_048);
        assert!(one - alone <= 200 && three - alone <= 600);
    }
    let (large, _) = receipt(Suite::International, 4_096, 0, 1 << 62, 3, 30);
    assert!(large.to_bytes().len() < RECEIPT_MAX);
}

/// For every byte and several flips of it: no longer read, or no longer believed.
#[test]
fn any_byte_flipped() {
    let mut counts = [0, 0];
    for (suite, decisions, size, witnesses) in
        [(Suite::International, 4_096, 1 << 27, 1), (Suite::International, 5, 6, 0), (Suite::Gm, 5, 6, 1)]
    {
        let (receipt, trust) = receipt(suite, decisions, decisions - 1, size, size - 2, witnesses);
        let bytes = receipt.to_bytes();
        assert!(receipt.verify(&trust).is_ok());
        for at in 0..bytes.len() {
            for flip in [0x01, 0x20, 0x80, 0xff] {
                let mut other = bytes.clone();
                other[at] ^= flip;
                match Receipt::from_bytes(&other) {
                    Err(_) => counts[0] += 1,
                    Ok(read) => {
                        assert!(read.verify(&trust).is_err(), "byte {at} of {} ^ {flip:02x}", bytes.len());
                        counts[1] += 1;
                    }
                }
            }
            assert!(Receipt::from_bytes(&bytes[..at]).is_err());
        }
    }
    println!("flips: {} not read, {} not believed", counts[0], counts[1]);
}

/// Each thing that can be wrong has its own name.
#[test]
fn faults() {
    let (good, trust) = receipt(Suite::International, 5, 2, 1_000, 17, 1);
    let check = |change: &dyn Fn(&mut Receipt, &mut Trust), expected: Fault| {
        let (mut receipt, mut trust) = (good.clone(), trust.clone());
        change(&mut receipt, &mut trust);
        assert_eq!(receipt.verify(&trust), Err(expected.clone()));
        assert!(!expected.to_string().is_empty());
    };
    check(&|r, _| r.record[40] ^= 1, Fault::AlteredDecision);
    check(&|r, _| r.salt[0] ^= 1, Fault::AlteredDecision);
    check(&|r, _| r.batch_index = 3, Fault::AlteredDecision);
    check(&|r, _| r.batch_index = 5, Fault::BatchPath);
    check(&|r, _| r.batch_path.push([0; 32]), Fault::BatchPath);
    check(&|r, _| r.batch_path.truncate(2), Fault::Truncated);
    check(&|r, _| r.proof.truncate(9), Fault::Truncated);
    check(&|r, _| r.proof.push([0; 32]), Fault::Inclusion);
    check(&|r, _| r.leaf_index = 1_000, Fault::Inclusion);
    check(&|r, _| r.leaf_index = 16, Fault::Inclusion);
    check(&|r, _| r.leaf[0] = 2, Fault::Leaf);
    check(&|r, _| r.checkpoint.truncate(20), Fault::Checkpoint);
    check(&|r, _| r.checkpoint = r.checkpoint.replace("1000\n", "1001\n"), Fault::CheckpointSignature);
    let other = |name: &str, seed: u8, kind| {
        SignerKey::from_seed(name, kind, &[seed; 32]).unwrap().verifier().clone()
    };
    check(&|_, t| t.log = other("log.example.org/anning", 9, KeyKind::Ed25519), Fault::WrongKey);
    check(&|_, t| t.log = other("log.example.org/anning", 9, KeyKind::Sm2), Fault::WrongKey);
    let names = ("log.example.org/anning".to_owned(), "other.example.org/log".to_owned());
    let foreign = Fault::OtherOrigin { origin: names.0, key: names.1 };
    check(&|_, t| t.log = other("other.example.org/log", 1, KeyKind::Ed25519), foreign);
    let absent = || Fault::Witness { name: "absent.example.org/w".to_owned() };
    check(&|_, t| t.witnesses.push(other("absent.example.org/w", 5, KeyKind::Ed25519Cosignature)), absent());
    let time = |r: &mut Receipt, _: &mut Trust| {
        // The witness's line with another time before its signature.
        let line = r.checkpoint.lines().last().unwrap().to_owned();
        let (head, base64) = line.rsplit_once(' ').unwrap();
        let middle = base64[8..10].replace(|c: char| c != 'z', "z");
        r.checkpoint =
            r.checkpoint.replace(&line, &format!("{head} {}{middle}{}", &base64[..8], &base64[10..]));
    };
    check(&time, Fault::Witness { name: "witness-0.example.org/w".to_owned() });
    // A checkpoint of the same log over another tree.
    let (elsewhere, _) = receipt(Suite::International, 6, 2, 1_000, 17, 1);
    check(&|r, _| r.checkpoint.clone_from(&elsewhere.checkpoint), Fault::Inclusion);
}

#[test]
fn what_is_no_receipt() {
    let (good, _) = receipt(Suite::International, 5, 2, 1_000, 17, 0);
    let check = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = good.clone();
        change(&mut receipt);
        assert!(Receipt::from_bytes(&receipt.to_bytes()).is_err());
        assert!(Receipt::from_readable(receipt.to_readable(Value::Flag(true))).is_err());
    };
    check(&|r| r.salt.truncate(15));
    check(&|r| r.salt.resize(33, 0));
    check(&|r| r.record.resize(1_025, 0));
    check(&|r| r.leaf.resize(65, 0));
    check(&|r| r.proof.resize(64, [0; 32]));
    check(&|r| r.batch_path.resize(64, [0; 32]));
    check(&|r| r.checkpoint = "a".repeat(16_385));
    assert!(Receipt::from_bytes(&vec![0; RECEIPT_MAX + 1]).is_err());
    // An origin beside the checkpoint's own is refused.
    let Value::Map(mut map) = good.to_readable(Value::Flag(true)) else { unreachable!() };
    map.insert(anning_ledger::Key::from("origin"), Value::text("other"));
    assert!(Receipt::from_readable(Value::Map(map)).is_err());
}
