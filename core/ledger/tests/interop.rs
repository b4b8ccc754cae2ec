//! A log, honest and tampered with, written for a verifier in another language, and judged by ours on the way.
//!
//! `tests/go/verify.go` reads `ledger-interop` in the build's folder for temporary files and has to come to the same
//! verdicts, case by case: `cargo xtask test` runs both.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where a value is missing")]

mod grown;

use anning_ledger::{
    Checkpoint, Head, KeyKind, Mirror, Note, Signature, SignerKey, Suite, Tile, VerifierKey,
    consistency_proof, cosign, cosigned, inclusion_proof, leaf_hash, verify_consistency, verify_inclusion,
};
use base64ct::{Base64, Encoding as _};
use grown::Grown;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const SUITE: Suite = Suite::International;
const ORIGIN: &str = "log.example.org/consent";
const OLD: u64 = 51_234;
const NEW: u64 = 66_051;

/// What a case presents: files below the log's prefix, and claims about them.
#[derive(Clone)]
struct Case {
    files: BTreeMap<String, Vec<u8>>,
    claims: Value,
}

fn key(name: &str, kind: KeyKind, seed: u8) -> SignerKey {
    SignerKey::from_seed(name, kind, &[seed; 32]).unwrap()
}

fn log_key() -> SignerKey {
    key(ORIGIN, KeyKind::Ed25519, 1)
}

fn witness_key() -> SignerKey {
    key("witness.example.org/w1", KeyKind::Ed25519Cosignature, 2)
}

fn base64(bytes: &[u8]) -> Value {
    Value::from(Base64::encode_string(bytes))
}

fn signed(origin: &str, head: Head) -> Note {
    let checkpoint = Checkpoint::new(origin, head.size, head.root).unwrap();
    let mut note = checkpoint.sign(&log_key()).unwrap();
    note.add(cosign(&witness_key(), &checkpoint, 1_790_000_000).unwrap()).unwrap();
    // One that nobody knows: to be passed over.
    note.add(Signature::sign(&key("other.example.org", KeyKind::Sm2, 3), &checkpoint.body()).unwrap())
        .unwrap();
    note
}

fn honest() -> Case {
    let (old, new) = (Grown::new(SUITE, OLD), Grown::new(SUITE, NEW));
    let mut files = new.files();
    files.insert("checkpoint".to_owned(), signed(ORIGIN, new.head()).to_string().into_bytes());
    let records: Vec<Value> = [0, 1, 255, 256, 40_000, 65_535, 65_536, 66_049, 66_050]
        .into_iter()
        .map(|index| {
            let proof = inclusion_proof(SUITE, index, NEW, &new).unwrap();
            json!({ "index": index, "proof": proof.iter().map(|hash| base64(hash)).collect::<Vec<_>>() })
        })
        .collect();
    let consistency = consistency_proof(SUITE, OLD, NEW, &new).unwrap();
    let claims = json!({
        "origin": ORIGIN,
        "key": log_key().verifier().to_string(),
        "witness": witness_key().verifier().to_string(),
        "old": signed(ORIGIN, old.head()).to_string(),
        "consistency": consistency.iter().map(|hash| base64(hash)).collect::<Vec<_>>(),
        "records": records,
    });
    Case { files, claims }
}

/// Name, part that has to fail, and what was done.
type Tampering = (&'static str, &'static str, fn(&mut Case));

const TAMPERINGS: &[Tampering] = &[
    ("altered root", "checkpoint", |case| reword(case, |note| flip_line(note, 2))),
    ("altered size", "checkpoint", |case| reword(case, |note| note.replacen("66051", "66052", 1))),
    ("altered origin", "checkpoint", |case| reword(case, |note| note.replacen("consent", "content", 1))),
    ("altered signature", "checkpoint", |case| reword(case, |note| flip_line(note, 4))),
    ("signature removed", "checkpoint", |case| {
        reword(case, |note| {
            note.lines().filter(|line| !line.contains("\u{2014} log")).fold(String::new(), add_line)
        });
    }),
    ("another key", "checkpoint", |case| {
        case.claims["key"] = key(ORIGIN, KeyKind::Ed25519, 9).verifier().to_string().into();
    }),
    ("another log's origin, well signed", "checkpoint", |case| resign(case, "log.example.org/other", |_| {})),
    ("altered root, signed again", "tree", |case| resign(case, ORIGIN, |head| head.root[7] ^= 1)),
    ("size too large, signed again", "tree", |case| resign(case, ORIGIN, |head| head.size += 1)),
    ("size too small, signed again", "tree", |case| resign(case, ORIGIN, |head| head.size -= 1)),
    ("altered cosignature", "cosignature", |case| reword(case, |note| flip_line(note, 5))),
    ("altered entry", "entries", |case| flip(case, "tile/entries/007", 300)),
    ("entries a byte short", "entries", |case| cut(case, "tile/entries/007", 1)),
    ("entry of another place", "entries", |case| copy(case, "tile/entries/008", "tile/entries/007")),
    ("altered byte in a full tile", "tree", |case| flip(case, "tile/0/009", 4_000)),
    ("altered byte at the edge", "tree", |case| flip(case, "tile/0/258.p/3", 40)),
    ("altered byte in an upper tile", "tree", |case| flip(case, "tile/1/000", 8_000)),
    ("tile of another place", "tree", |case| copy(case, "tile/0/003", "tile/0/002")),
    ("tile a hash short", "tree", |case| cut(case, "tile/0/003", 32)),
    ("tile a byte short", "tree", |case| cut(case, "tile/0/003", 1)),
    ("tile missing", "tree", |case| drop(case.files.remove("tile/0/003"))),
    ("proof a hash short", "record", |case| drop(hashes(&mut case.claims["records"][4]["proof"]).pop())),
    ("proof a hash too long", "record", |case| {
        let proof = hashes(&mut case.claims["records"][4]["proof"]);
        proof.push(proof[0].clone());
    }),
    ("altered hash in a proof", "record", |case| flip_hash(&mut case.claims["records"][4]["proof"][3])),
    ("proof of another record", "record", |case| case.claims["records"][4]["index"] = 40_001.into()),
    ("record beyond the log", "record", |case| case.claims["records"][4]["index"] = NEW.into()),
    ("consistency a hash short", "consistency", |case| drop(hashes(&mut case.claims["consistency"]).pop())),
    ("altered hash in the consistency", "consistency", |case| flip_hash(&mut case.claims["consistency"][2])),
    ("older tree of another history", "consistency", |case| {
        let other = Head { size: OLD, root: Grown::new(SUITE, OLD + 1).head().root };
        case.claims["old"] = signed(ORIGIN, other).to_string().into();
    }),
    ("newer tree passed as the older", "consistency", |case| {
        let newest = Grown::new(SUITE, NEW + 1).head();
        case.claims["old"] = signed(ORIGIN, newest).to_string().into();
    }),
    ("older checkpoint not signed", "checkpoint", |case| {
        case.claims["old"] = flip_line(case.claims["old"].as_str().unwrap(), 4).into();
    }),
];

fn reword(case: &mut Case, change: impl FnOnce(&str) -> String) {
    let note = String::from_utf8(case.files["checkpoint"].clone()).unwrap();
    let changed = change(&note);
    assert_ne!(changed, note);
    case.files.insert("checkpoint".to_owned(), changed.into_bytes());
}

fn resign(case: &mut Case, origin: &str, change: impl FnOnce(&mut Head)) {
    let note = Note::parse(&case.files["checkpoint"]).unwrap();
    let mut head = Checkpoint::parse(note.text()).unwrap().head();
    change(&mut head);
    case.files.insert("checkpoint".to_owned(), signed(origin, head).to_string().into_bytes());
}

/// Another character near the middle of a line's last word.
fn flip_line(text: &str, nth: usize) -> String {
    let change = |line: &str| {
        let (head, tail) = line.split_at(line.len() - 30);
        let other = if tail.starts_with('A') { 'B' } else { 'A' };
        format!("{head}{other}{}", &tail[1..])
    };
    let lines = text.lines().enumerate();
    lines
        .map(|(n, line)| if n == nth { change(line) } else { line.to_owned() })
        .fold(String::new(), |text, line| add_line(text, &line))
}

fn add_line(text: String, line: &str) -> String {
    text + line + "\n"
}

fn flip(case: &mut Case, path: &str, at: usize) {
    case.files.get_mut(path).unwrap()[at] ^= 0x10;
}

fn cut(case: &mut Case, path: &str, bytes: usize) {
    let file = case.files.get_mut(path).unwrap();
    file.truncate(file.len() - bytes);
}

fn copy(case: &mut Case, from: &str, to: &str) {
    let file = case.files[from].clone();
    case.files.insert(to.to_owned(), file);
}

fn hashes(proof: &mut Value) -> &mut Vec<Value> {
    proof.as_array_mut().unwrap()
}

fn flip_hash(hash: &mut Value) {
    let mut bytes = decoded(hash);
    bytes[5] ^= 1;
    *hash = base64(&bytes);
}

fn decoded(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().unwrap()).unwrap()
}

/// The part that fails, if one does.
fn verify(case: &Case) -> Result<(), &'static str> {
    let text = |name: &str| case.claims[name].as_str().unwrap();
    let keys = [VerifierKey::parse(text("key")).unwrap()];
    let open = |note: &[u8]| Checkpoint::open(note, text("origin"), &keys).map_err(|_| "checkpoint");
    let (new, note) = open(&case.files["checkpoint"])?;
    let (old, _) = open(text("old").as_bytes())?;
    let witness = VerifierKey::parse(text("witness")).unwrap();
    if cosigned(&note, &[witness]).is_empty() {
        return Err("cosignature");
    }
    let fetch = |tile: &Tile| case.files.get(&tile.path()).cloned().ok_or("missing");
    let mirror = Mirror::open(SUITE, new.head(), fetch).map_err(|_| "tree")?;
    for tile in 0..new.size / 256 {
        anning_ledger::Nodes::node(&mirror, 0, tile * 256).map_err(|_| "tree")?;
    }
    let proof = |value: &Value| -> Vec<[u8; 32]> {
        value.as_array().unwrap().iter().map(|hash| decoded(hash).try_into().unwrap()).collect()
    };
    verify_consistency(SUITE, &old.head(), &new.head(), &proof(&case.claims["consistency"]))
        .map_err(|_| "consistency")?;
    let mut entries = Vec::new();
    for bundle in 0..new.size.div_ceil(256) {
        entries.extend(mirror.bundle(bundle).map_err(|_| "entries")?);
    }
    for record in case.claims["records"].as_array().unwrap() {
        let index = record["index"].as_u64().unwrap();
        let entry = entries.get(usize::try_from(index).unwrap()).ok_or("record")?;
        let leaf = leaf_hash(SUITE, entry);
        verify_inclusion(SUITE, &leaf, index, new.size, &proof(&record["proof"]), &new.root)
            .map_err(|_| "record")?;
    }
    Ok(())
}

/// Messages with signatures, good and spoiled, for a second opinion.
fn signatures() -> Value {
    let one = |number: u8| {
        let signer = key("a", KeyKind::Ed25519, number);
        let mut text = format!("{}\n", "text ".repeat(usize::from(number)));
        let mut bytes = Signature::sign(&signer, &text).unwrap().bytes().to_vec();
        match number % 4 {
            1 => bytes[usize::from(number) % 64] ^= 1 << (number % 8),
            2 => text.insert(0, 'x'),
            _ => {}
        }
        let line = [&signer.verifier().id()[..], &bytes].concat();
        let signature = Signature::parse(&format!("\u{2014} a {}", Base64::encode_string(&line))).unwrap();
        let good = signature.fits(signer.verifier(), &text);
        assert_eq!(good, matches!(number % 4, 0 | 3));
        json!({ "key": base64(&signer.verifier().public_bytes()), "text": text, "signature": base64(&bytes), "good": good })
    };
    (0..=255).map(one).collect()
}

#[test]
fn the_honest_log_is_accepted_and_every_tampering_refused() {
    let honest = honest();
    assert_eq!(verify(&honest), Ok(()));
    let mut cases = vec![json!({ "name": "honest", "fails": "", "claims": honest.claims })];
    for (name, fails, tamper) in TAMPERINGS {
        let mut case = honest.clone();
        tamper(&mut case);
        assert_eq!(verify(&case), Err(*fails), "{name}");
        let paths = honest.files.keys().filter(|path| case.files.get(*path) != honest.files.get(*path));
        let files: BTreeMap<&String, Value> =
            paths.map(|path| (path, case.files.get(path).map_or(Value::Null, |file| base64(file)))).collect();
        cases.push(json!({ "name": name, "fails": fails, "claims": case.claims, "files": files }));
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ledger-interop");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    for (path, bytes) in &honest.files {
        let file = folder.join("log").join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    let write = |name: &str, value: &Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
    write("cases.json", &Value::from(cases));
    write("signatures.json", &signatures());
}
