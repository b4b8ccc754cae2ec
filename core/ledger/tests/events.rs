//! The vectors of `spec/event.md`: made here and compared with the files in `spec/vectors/event`, which other
//! implementations run. `ANNING_VECTORS=write` writes them again.
#![cfg(test)]

use anning_ledger::{
    Batch, BatchLeaf, CborError, Deed, DeedKind, Entry, Event, EventError, FieldError, Hash, Secret, Suite,
    Value as Cbor, event, leaf_hash, receipt, sheet,
};
use anning_vocab::{ActKind, Covers, Date, Origin, Terms, Timestamp};
use serde_json::{Value, json};
use std::path::Path;

const SUITES: [Suite; 2] = [Suite::International, Suite::Gm];
const AT: i64 = 1_636_594_200_000;

/// Compares with the file of that name, or writes it.
fn check(name: &str, made: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/vectors/event").join(name);
    if std::env::var("ANNING_VECTORS").is_ok_and(|word| word == "write") {
        std::fs::write(&path, format!("{made:#}\n")).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(kept == *made, "other than in the file, ANNING_VECTORS=write writes it again: {name}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn event(kind: ActKind, origin: Origin, sheet: Hash) -> Event {
    let at = Timestamp::from_millis;
    let (occurred, received, recorded) = (at(AT), at(AT + 250), at(AT + 1_000));
    Event {
        kind,
        origin,
        occurred,
        received,
        recorded,
        sheet,
        address: "+8613800138000".to_owned(),
        id: b"e-17".to_vec(),
    }
}

/// Leaf bytes and leaf hash of an entry.
fn leaf(suite: Suite, entry: &Entry) -> Value {
    let leaf = entry.leaf().unwrap();
    json!({ "leaf": hex(&leaf), "leaf_hash": hex(&leaf_hash(suite, &leaf)) })
}

/// Both into one object.
fn joined(mut one: Value, other: &Value) -> Value {
    let map = one.as_object_mut().unwrap();
    map.extend(other.as_object().unwrap().clone());
    one
}

#[test]
fn acts() {
    let hash = |suite| sheet::hash(suite, &silent());
    let words = |event: &Event| {
        json!({
            "kind": event.kind.code(), "origin": event.origin.code(),
            "occurred": event.occurred.millis(), "received": event.received.millis(),
            "recorded": event.recorded.millis(),
            "sheet": hex(&event.sheet), "address": event.address, "id": hex(&event.id),
            "body": hex(&event.encode()),
        })
    };
    let committed = |suite: Suite| {
        let event = event(ActKind::Given, Origin::Captured, hash(suite));
        let (key, position) = (Secret::new([5; 32]), 1_234_567_u64);
        let salt = event::salt(suite, &key, position);
        let commitment = event::commitment(suite, &salt, &event.encode());
        let entry = Entry::Act { subject: 0, commitment, sealed: Vec::new() };
        let made = json!({
            "suite": suite.code(), "act": words(&event), "recipient_key": hex(key.bytes()), "position": position,
            "salt": hex(&salt), "commitment": hex(&commitment),
        });
        joined(made, &leaf(suite, &entry))
    };
    let kinds = ActKind::ALL.iter().map(|kind| words(&event(*kind, Origin::Anchored, [7; 32])));
    let origins = Origin::ALL.iter().map(|origin| words(&event(ActKind::Withdrawn, *origin, [7; 32])));
    let bare =
        Event { address: String::new(), id: Vec::new(), ..event(ActKind::Given, Origin::Imported, [0; 32]) };
    let early = Event {
        occurred: Timestamp::from_millis(-1),
        received: Timestamp::from_millis(i64::MIN),
        recorded: Timestamp::MAX,
        ..bare.clone()
    };
    let bodies: Vec<Value> = kinds.chain(origins).chain([words(&bare), words(&early)]).collect();
    check("acts.json", &json!({ "bodies": bodies, "committed": SUITES.map(committed), "bad": bad_acts() }));
}

/// What is no body of an act, and why.
fn bad_acts() -> Vec<Value> {
    let good = event(ActKind::Given, Origin::Captured, [7; 32]).encode();
    let with = |at: usize, bytes: &[u8]| {
        let mut body = good.clone();
        body.splice(at..=at, bytes.iter().copied());
        body
    };
    let bad = [
        ("empty", Vec::new(), EventError::Form),
        ("cut", good[..good.len() - 1].to_vec(), EventError::Form),
        ("eight items", with(0, &[0x88]), EventError::Form),
        ("version 2", with(1, &[2]), EventError::Version(2)),
        ("kind 8", with(2, &[8]), EventError::Word(8)),
        ("origin 3", with(3, &[3]), EventError::Word(3)),
        ("version in two bytes", with(1, &[0x18, 1]), EventError::NotCanonical),
        ("a byte follows", [good.as_slice(), &[0]].concat(), EventError::NotCanonical),
    ];
    let told = |(what, body, error): (&str, Vec<u8>, EventError)| {
        assert_eq!(Event::decode(&body), Err(error), "{what}");
        json!({ "what": what, "body": hex(&body) })
    };
    bad.into_iter().map(told).collect()
}

fn silent() -> Vec<u8> {
    sheet::encode(&Terms::silent(Covers::Receive), &|_, _| None).unwrap()
}

/// A sheet from its columns, as a reader of the document would write it.
fn written(columns: &[(&'static str, Cbor)]) -> Vec<u8> {
    Cbor::map(columns.iter().map(|(name, value)| (*name, Some(value.clone())))).to_bytes()
}

#[test]
fn sheets() {
    let list = |codes: &[&'static str]| Cbor::List(codes.iter().map(|code| Cbor::text(*code)).collect());
    let covers = ("covers", Cbor::text("receive"));
    let notice = Cbor::map([
        ("hash", Some(Cbor::text("0123456789abcdef"))),
        ("states_rights", Some(Cbor::Flag(true))),
    ]);
    let example = written(&[
        covers.clone(),
        ("control", Cbor::text("ticked_by_recipient")),
        ("channels", list(&["sms", "email"])),
        ("frequency", Cbor::text("4/week")),
        ("controller", Cbor::text("某商城")),
    ]);
    let noticed = written(&[
        covers.clone(),
        ("notice", notice),
        ("days", Cbor::Int(30)),
        ("provision", Cbor::Flag(true)),
    ]);
    let good = |(what, bytes): (&str, Vec<u8>)| {
        let mut names = sheet::Names::default();
        let terms = sheet::decode(&bytes, &mut |table, name| names.intern(table, name)).unwrap();
        assert_eq!(sheet::encode(&terms, &|table, id| names.name(table, id)).unwrap(), bytes);
        let of = |suite: Suite| {
            let hash = json!({ "suite": suite.code(), "hash": hex(&sheet::hash(suite, &bytes)) });
            joined(hash, &leaf(suite, &Entry::Sheet(bytes.clone())))
        };
        json!({ "what": what, "sheet": hex(&bytes), "in": SUITES.map(of) })
    };
    let goods = [("silent", silent()), ("the example", example), ("a notice", noticed)].map(good);
    let bads: [(&str, Vec<u8>, FieldError); 6] = [
        ("no covers", written(&[]), FieldError::Missing("covers")),
        (
            "unknown key",
            written(&[covers.clone(), ("colour", Cbor::text("red"))]),
            FieldError::Unknown("colour".into()),
        ),
        (
            "codes out of order",
            written(&[covers.clone(), ("channels", list(&["mms", "sms"]))]),
            FieldError::Wrong("channels"),
        ),
        ("no such code", written(&[("covers", Cbor::text("smell"))]), FieldError::Wrong("covers")),
        (
            "a party without a provision",
            written(&[covers.clone(), ("provision_to", Cbor::text("某"))]),
            FieldError::Missing("provision"),
        ),
        (
            "keys out of order",
            b"\xa2\x64days\x01\x63age\x65adult".to_vec(),
            FieldError::Cbor(CborError::NotCanonical),
        ),
    ];
    let bad = |(what, bytes, error): (&str, Vec<u8>, FieldError)| {
        assert_eq!(sheet::decode(&bytes, &mut |_, _| 0), Err(error), "{what}");
        json!({ "what": what, "sheet": hex(&bytes) })
    };
    check("sheets.json", &json!({ "good": goods, "bad": bads.map(bad) }));
}

#[test]
fn batches() {
    let of = |suite: Suite| {
        let commitments =
            [&b"one"[..], b"two", b"three"].map(|record| receipt::commitment(suite, &[3; 16], record));
        let tree = Batch::new(suite, commitments.iter().map(|one| leaf_hash(suite, one)).collect());
        let whole = BatchLeaf { root: tree.root(), count: 3 }.to_bytes();
        let (kind, head) = whole.split_first().unwrap();
        assert_eq!(*kind, 3);
        let entry = Entry::Batch { head: head.to_vec(), decisions: Vec::new() };
        let made = json!({
            "suite": suite.code(), "commitments": commitments.map(|one| hex(&one)), "root": hex(&tree.root()), "count": 3,
        });
        joined(made, &leaf(suite, &entry))
    };
    check("batches.json", &json!(SUITES.map(of)));
}

#[test]
fn deeds() {
    let name = || "2026-监-17".to_owned();
    let kinds = [
        DeedKind::Made { origin: "log.example.org/1".to_owned(), suite: "ed25519-sha256".to_owned() },
        DeedKind::Restricted {
            until: Date::parse("2027-05-27").unwrap(),
            article: "cn/miit74/13".to_owned(),
        },
        DeedKind::Erased,
        DeedKind::Held { name: name() },
        DeedKind::Released { name: name() },
        DeedKind::MasterChanged,
        DeedKind::HashKeyChanged { generation: 2 },
        DeedKind::ClockLeapt { from: Timestamp::from_millis(AT - 1) },
        DeedKind::Page { record: [9; 32] },
    ];
    let of = |suite: Suite| {
        let salt = suite.digest(&[b"a salt"]);
        let subjects = [7, 300];
        let committed = Deed::commitment(suite, &salt, &subjects);
        let made = |kind: &DeedKind| {
            let nobody = matches!(kind, DeedKind::Made { .. } | DeedKind::Page { .. });
            let subjects = if nobody { [0; 32] } else { committed };
            let deed = Deed { kind: kind.clone(), at: Timestamp::from_millis(AT), subjects };
            assert_eq!(Deed::decode(&deed.encode()), Ok(deed.clone()));
            let entry = Entry::Deed { head: deed.encode(), salt, subjects: Vec::new() };
            joined(json!({ "kind": deed.kind.code(), "subjects": hex(&deed.subjects) }), &leaf(suite, &entry))
        };
        json!({
            "suite": suite.code(), "at": AT, "salt": hex(&salt), "numbers": subjects, "commitment": hex(&committed),
            "deeds": kinds.iter().map(made).collect::<Vec<_>>(),
        })
    };
    check("deeds.json", &json!(SUITES.map(of)));
}
