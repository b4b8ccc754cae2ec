//! The vectors of `spec/log.md`: made here and compared with the files in `spec/vectors/log`, which other
//! implementations run. `ANNING_VECTORS=write` writes them again.

#![expect(clippy::unwrap_used, reason = "a test stops where a value is missing")]

use anning_ledger::{
    Answer, Batch, Checkpoint, Frontier, Head, KeyKind, Mirror, MirrorError, Note, NoteError, Refusal,
    Request, Shelf, Signature, SignerKey, Suite, Tile, VerifierKey, Watched, changed_tiles,
    consistency_proof, cosign, cosigned, inclusion_proof, leaf_hash, push_entry, verify_consistency,
    verify_inclusion, witness,
};
use serde_json::{Value, json};
use std::path::Path;

const SUITES: [Suite; 2] = [Suite::International, Suite::Gm];

/// Compares with the file of that name, or writes it.
fn check(name: &str, made: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/vectors/log").join(name);
    let text = format!("{made:#}\n");
    if std::env::var("ANNING_VECTORS").is_ok_and(|word| word == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(kept == *made, "other than in the file, ANNING_VECTORS=write writes it again: {name}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hexes(hashes: &[[u8; 32]]) -> Vec<String> {
    hashes.iter().map(|hash| hex(hash)).collect()
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap()
}

fn tree_of(suite: Suite, size: usize) -> Batch {
    Batch::new(suite, (0..size).map(|n| leaf_hash(suite, n.to_string().as_bytes())).collect())
}

fn head(suite: Suite, size: usize) -> Head {
    Head { size: number(size), root: tree_of(suite, size).root() }
}

#[test]
fn trees() {
    let of = |suite: Suite| {
        let roots: Vec<String> = (0..=33).map(|size| hex(&tree_of(suite, size).root())).collect();
        let inclusion = |&(index, size): &(usize, usize)| {
            let tree = tree_of(suite, size);
            let proof = inclusion_proof(suite, number(index), number(size), &tree).unwrap();
            let (leaf, root) = (tree.leaves()[index], tree.root());
            verify_inclusion(suite, &leaf, number(index), number(size), &proof, &root).unwrap();
            json!({ "index": index, "size": size, "proof": hexes(&proof) })
        };
        let consistency = |&(old, new): &(usize, usize)| {
            let proof = consistency_proof(suite, number(old), number(new), &tree_of(suite, new)).unwrap();
            verify_consistency(suite, &head(suite, old), &head(suite, new), &proof).unwrap();
            json!({ "old": old, "new": new, "proof": hexes(&proof) })
        };
        let indexes = [
            (0, 1),
            (0, 2),
            (1, 2),
            (2, 3),
            (4, 5),
            (5, 7),
            (6, 7),
            (0, 8),
            (10, 11),
            (16, 17),
            (31, 33),
            (32, 33),
        ];
        let pairs = [
            (0, 0),
            (0, 5),
            (1, 1),
            (1, 2),
            (2, 3),
            (3, 4),
            (4, 7),
            (6, 7),
            (6, 8),
            (8, 8),
            (8, 13),
            (17, 33),
        ];
        let mut edge = Frontier::new(suite);
        tree_of(suite, 21).leaves().iter().for_each(|leaf| edge.append(*leaf, |_, _, _| {}));
        json!({
            "roots": roots,
            "inclusions": indexes.iter().map(inclusion).collect::<Vec<_>>(),
            "consistencies": pairs.iter().map(consistency).collect::<Vec<_>>(),
            "edge_of_21": hex(&edge.to_bytes()),
        })
    };
    check(
        "tree.json",
        &json!({ Suite::International.code(): of(SUITES[0]), Suite::Gm.code(): of(SUITES[1]) }),
    );
}

fn shelf(tile: &Tile) -> Value {
    match tile.shelf {
        Shelf::Hashes { level } => level.into(),
        Shelf::Entries => "entries".into(),
    }
}

#[test]
fn tiles() {
    let path = |text: &&str| match Tile::parse(text) {
        Ok(tile) => json!({ "path": text, "shelf": shelf(&tile), "index": tile.index, "width": tile.width }),
        Err(_) => json!({ "path": text, "bad": true }),
    };
    let paths: Vec<Value> = [
        "tile/0/000",
        "tile/0/273.p/112",
        "tile/63/x001/x234/067",
        "tile/entries/x001/000.p/1",
        "tile/64/000",
        "tile/00/000",
        "tile/0/1",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/8/0/000",
    ]
    .iter()
    .map(path)
    .collect();
    let changed = |&(old, new): &(u64, u64)| {
        let tiles: Vec<String> = changed_tiles(old, new).map(|tile| tile.path()).collect();
        json!({ "old": old, "new": new, "tiles": tiles })
    };
    let sizes =
        [(0, 0), (0, 1), (1, 2), (0, 256), (255, 257), (256, 256), (65_500, 65_537), (69_888, 70_000)];
    let mut bundle = Vec::new();
    for entry in [&b"one"[..], b"", b"three"] {
        push_entry(&mut bundle, entry).unwrap();
    }
    check(
        "tiles.json",
        &json!({
            "paths": paths,
            "changes": sizes.iter().map(changed).collect::<Vec<_>>(),
            "bundle": { "entries": ["one", "", "three"], "bytes": hex(&bundle) },
        }),
    );
}

/// A tile of three leaves is read as it was written, and each way to spoil it is refused.
#[test]
fn mirrors() {
    let suite = Suite::International;
    let entries = [&b"0"[..], b"1", b"2"];
    let hashes: Vec<u8> = entries.iter().flat_map(|entry| leaf_hash(suite, entry)).collect();
    let mut bundle = Vec::new();
    entries.iter().for_each(|entry| push_entry(&mut bundle, entry).unwrap());
    let read = |hashes: &[u8], bundle: &[u8]| {
        let fetch = |tile: &Tile| match tile.shelf {
            Shelf::Hashes { .. } => Ok(hashes.to_vec()),
            Shelf::Entries => Ok::<_, ()>(bundle.to_vec()),
        };
        Mirror::open(suite, head(suite, 3), fetch)?.bundle(0)
    };
    let word = |result: Result<Vec<Vec<u8>>, MirrorError<()>>| match result {
        Ok(_) => "good",
        Err(MirrorError::Shape { .. }) => "shape",
        Err(MirrorError::Lie { .. } | MirrorError::Root) => "other hash",
        Err(MirrorError::Fetch { .. } | MirrorError::NoNode(_)) => "missing",
    };
    let case = |hashes: &[u8], bundle: &[u8]| json!({ "tile": hex(hashes), "entries": hex(bundle), "is": word(read(hashes, bundle)) });
    let (mut tile, mut entry) = (hashes.clone(), bundle.clone());
    tile[40] ^= 1;
    entry[2] ^= 1;
    let more = [&bundle[..], &[0, 0]].concat();
    let cases = [
        case(&hashes, &bundle),
        case(&tile, &bundle),
        case(&hashes, &entry),
        case(&hashes[..64], &bundle),
        case(&hashes[..95], &bundle),
        case(&hashes, &bundle[..8]),
        case(&hashes, &bundle[..6]),
        case(&hashes, &more),
    ];
    check("mirror.json", &json!({ "size": 3, "root": hex(&head(suite, 3).root), "cases": cases }));
}

fn signer(name: &str, kind: KeyKind, seed: u8) -> SignerKey {
    SignerKey::from_seed(name, kind, &[seed; 32]).unwrap()
}

const KINDS: [(KeyKind, &str); 4] = [
    (KeyKind::Ed25519, "ed25519"),
    (KeyKind::Ed25519Cosignature, "ed25519 cosignature"),
    (KeyKind::Sm2, "sm2"),
    (KeyKind::Sm2Cosignature, "sm2 cosignature"),
];

#[test]
fn keys() {
    let keys: Vec<Value> = KINDS
        .iter()
        .map(|(kind, word)| {
            let signer = signer("log.example.org", *kind, 7);
            assert_eq!(&VerifierKey::parse(&signer.verifier().to_string()).unwrap(), signer.verifier());
            json!({ "kind": word, "secret": hex(&[7; 32]), "key": signer.verifier().to_string() })
        })
        .collect();
    let good = signer("log.example.org", KeyKind::Ed25519, 7).verifier().to_string();
    let weak = "a+cae63997+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let bad = [
        good.replace("log", "lag"),
        good.replace("log.", "log "),
        good[..good.len() - 1].to_owned(),
        good.replacen('+', "-", 1),
        weak,
    ];
    for text in &bad {
        assert!(VerifierKey::parse(text).is_err(), "{text}");
    }
    check("keys.json", &json!({ "keys": keys, "bad": bad }));
}

#[test]
fn notes() {
    let [one, gm, cosigner] = [KeyKind::Ed25519, KeyKind::Sm2, KeyKind::Ed25519Cosignature]
        .map(|kind| signer("log.example.org", kind, 7));
    let keys = [&one, &gm, &cosigner].map(|key| key.verifier().clone());
    let text = "one line\n\nand, after an empty one, \u{53e6}\u{4e00}\u{884c}\n";
    let mut note = Note::new(text).unwrap();
    for key in [&one, &gm, &signer("other.example.org", KeyKind::Ed25519, 9)] {
        note.add(Signature::sign(key, text).unwrap()).unwrap();
    }
    let note = note.to_string();
    let unknown = note.replace("log.example", "lug.example");
    let case = |note: &str| {
        let verdict = Note::parse(note.as_bytes()).and_then(|note| {
            let signers = note.verify(&keys)?.iter().map(|key| key.to_string()).collect::<Vec<_>>();
            Ok(json!({ "note": note.to_string(), "signers": signers }))
        });
        verdict.unwrap_or_else(|error| {
            let is = match error {
                NoteError::BadSignature { .. } => "bad signature",
                NoteError::NobodyKnown => "nobody known",
                NoteError::TooLong { .. }
                | NoteError::Encoding
                | NoteError::Control { .. }
                | NoteError::Text
                | NoteError::NoSignatures
                | NoteError::TooManySignatures
                | NoteError::SignatureLine { .. } => "malformed",
            };
            json!({ "note": note, "is": is })
        })
    };
    let last = note.len() - 1;
    let cases = [
        case(&note),
        case(&unknown),
        case(&note.replacen("one line", "one lime", 1)),
        case(&note.replacen('\u{2014}', "-", 1)),
        case(&note[..last]),
        case(&format!("{note}\n")),
        case(&note.replacen("line\n", "line\r\n", 1)),
        case(&note.replacen("log.example", "log+example", 1)),
        case(&note.replacen(" log.example", "  log.example", 1)),
        case("text\n\n\u{2014} a AAAAAA==\n"),
        case("text\n\n\u{2014} a AAAAAAB=\n"),
        case("text\n"),
    ];
    check("notes.json", &json!({ "keys": keys.map(|key| key.to_string()), "cases": cases }));
}

#[test]
fn checkpoints() {
    let log = "log.example.org/consent";
    let of = |suite: Suite| {
        let signer_key = signer(log, KeyKind::of(suite, false), 7);
        let witness_key = signer("witness.example.org", KeyKind::of(suite, true), 8);
        let now = head(suite, 33);
        let checkpoint = Checkpoint::new(log, now.size, now.root).unwrap();
        let mut note = checkpoint.sign(&signer_key).unwrap();
        note.add(cosign(&witness_key, &checkpoint, 1_790_000_000).unwrap()).unwrap();
        let keys = [signer_key.verifier().clone()];
        let (read, note) = Checkpoint::open(note.to_string().as_bytes(), log, &keys).unwrap();
        let witnesses = [witness_key.verifier().clone()];
        assert_eq!(cosigned(&note, &witnesses), [(&witnesses[0], 1_790_000_000)]);
        json!({
            "origin": read.origin, "size": read.size, "root": hex(&read.root), "key": keys[0].to_string(),
            "witness": witnesses[0].to_string(), "seconds": 1_790_000_000, "note": note.to_string(),
        })
    };
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let texts = [
        format!("a\n0\n{root}\n"),
        format!("a b+c\n9223372036854775807\n{root}\nmore\n"),
        format!("a\n9223372036854775808\n{root}\n"),
        format!("a\n01\n{root}\n"),
        format!("a\n+1\n{root}\n"),
        format!("a\n1\n{root}"),
        format!("\n1\n{root}\n"),
        format!("a\n1\n{root}\n\n"),
        format!("a\n1\n{}\n", root.trim_end_matches('=')),
        "a\n1\n".to_owned(),
    ];
    let case = |text: &String| json!({ "text": text, "good": Checkpoint::parse(text).is_ok() });
    let signed: Vec<Value> = SUITES.into_iter().map(of).collect();
    check(
        "checkpoints.json",
        &json!({ "signed": signed, "texts": texts.iter().map(case).collect::<Vec<_>>() }),
    );
}

/// As tlog-witness maps them to HTTP.
fn status(answer: &Answer) -> u16 {
    match answer {
        Answer::Cosigned { .. } => 200,
        Answer::Refused(Refusal::Malformed(_) | Refusal::OldBeyondNew) => 400,
        Answer::Refused(Refusal::UnknownKey | Refusal::BadSignature) => 403,
        Answer::Refused(Refusal::UnknownOrigin) => 404,
        Answer::Refused(Refusal::Rollback { .. } | Refusal::Stale { .. }) => 409,
        Answer::Refused(Refusal::Fork | Refusal::EmptyRoot | Refusal::BadProof(_)) => 422,
    }
}

#[test]
fn witnesses() {
    let (suite, origin) = (Suite::International, "log.example.org/consent");
    let (log, key) =
        (signer(origin, KeyKind::Ed25519, 7), signer("witness.example.org", KeyKind::Ed25519Cosignature, 8));
    let watched = Watched { origin: origin.to_owned(), suite, keys: vec![log.verifier().clone()] };
    let note = |origin: &str, head: Head, key: &SignerKey| {
        Checkpoint::new(origin, head.size, head.root).unwrap().sign(key).unwrap()
    };
    let proof = |old: usize, new: usize| {
        consistency_proof(suite, number(old), number(new), &tree_of(suite, new)).unwrap()
    };
    let case = |seen: Option<Head>, old: u64, proof: Vec<[u8; 32]>, note: Note| {
        let request = Request { old, proof, note };
        let answer = witness(&watched, seen, &request, &key, 1_790_000_000).unwrap();
        let line = match &answer {
            Answer::Cosigned { signature, .. } => signature.to_string(),
            Answer::Refused(Refusal::Rollback { known } | Refusal::Stale { known }) => format!("{known}\n"),
            Answer::Refused(_) => String::new(),
        };
        let seen = seen.map(|head| json!({ "size": head.size, "root": hex(&head.root) }));
        json!({ "seen": seen, "request": request.to_string(), "status": status(&answer), "body": line })
    };
    let [zero, five, nine] = [0, 5, 9].map(|size| head(suite, size));
    let forged = |size, of: Head| Head { size, root: of.root };
    let ours = |head| note(origin, head, &log);
    let cases = [
        case(None, 0, Vec::new(), ours(zero)),
        case(None, 0, Vec::new(), ours(nine)),
        case(Some(five), 5, proof(5, 9), ours(nine)),
        case(Some(nine), 9, Vec::new(), ours(nine)),
        case(Some(nine), 5, Vec::new(), ours(five)),
        case(Some(nine), 9, Vec::new(), ours(five)),
        case(Some(five), 4, proof(4, 9), ours(nine)),
        case(Some(five), 5, Vec::new(), ours(forged(5, nine))),
        case(Some(forged(5, nine)), 5, proof(5, 9), ours(nine)),
        case(Some(five), 5, proof(5, 9)[1..].to_vec(), ours(nine)),
        case(None, 0, vec![nine.root], ours(nine)),
        case(None, 0, Vec::new(), ours(forged(0, nine))),
        case(None, 0, Vec::new(), note("log.example.org/other", nine, &log)),
        case(None, 0, Vec::new(), note(origin, nine, &signer(origin, KeyKind::Ed25519, 9))),
    ];
    check(
        "witness.json",
        &json!({
            "origin": origin, "key": log.verifier().to_string(), "witness": key.verifier().to_string(),
            "witness_secret": hex(&[8; 32]), "seconds": 1_790_000_000, "cases": cases,
        }),
    );
}
