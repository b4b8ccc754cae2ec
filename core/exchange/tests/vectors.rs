//! The vectors of `spec/consent-record.md`: made here and compared with the files in `spec/vectors/consent-record`.
//! `ANNING_VECTORS=write` writes them again.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where a value is missing")]

use anning_exchange::{ActProof, Error, Header, Party, Read, Reading, receipt, record};
use anning_ledger::{Batch, Checkpoint, Event, KeyKind, Secret, SignerKey, Suite, event, leaf_hash, sheet};
use anning_vocab::{
    ActKind, AgeBand, BrandId, Bundling, Category, Channel, ContentKind, Control, Covers, Date, Frequency,
    Notice, Origin, PartyId, PortId, ProcessingPurpose, Prominence, Provision, Set, Terms, Timestamp, Window,
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const SUITE: Suite = Suite::International;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/vectors/consent-record").join(name)
}

/// Compares with the file of that name, or writes it.
fn check(name: &str, text: &str) {
    if std::env::var("ANNING_VECTORS").is_ok_and(|word| word == "write") {
        std::fs::write(path(name), text).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap();
    let made: Value = serde_json::from_str(text).unwrap();
    assert!(kept == made, "other than in the file, ANNING_VECTORS=write writes it again: {name}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sheet_of(terms: &Terms) -> Vec<u8> {
    let names = |table: sheet::Table, id: u32| {
        let name = match (table, id) {
            (sheet::Table::Party, 0) => "某商城",
            (sheet::Table::Party, _) => "Courier Ltd",
            (sheet::Table::Brand, _) => "某商城会员",
            (sheet::Table::Port, _) => "10690000",
            (sheet::Table::Signature | sheet::Table::Campaign | sheet::Table::Wording, _) => "w-2027",
        };
        Some(name.into())
    };
    sheet::encode(terms, &names).unwrap()
}

/// Everything that can be recorded.
fn full() -> Terms {
    Terms {
        controller: Some(PartyId(0)),
        brand: Some(BrandId(0)),
        port: Some(PortId(0)),
        covers: Covers::Both,
        channels: Some(Set::<Channel>::of(&[Channel::Sms, Channel::Rcs, Channel::Email])),
        kinds: Some(Set::<ContentKind>::of(&[ContentKind::Retail, ContentKind::Membership])),
        purposes: Some(Set::<ProcessingPurpose>::of(&[
            ProcessingPurpose::Marketing,
            ProcessingPurpose::Provision,
        ])),
        categories: Some(Set::<Category>::of(&[Category::Contact, Category::Behaviour, Category::Location])),
        frequency: Some(Frequency { at_most: 4, per: Window::Week }),
        until: Date::from_ymd(2027, 6, 30),
        days: Some(365),
        control: Control::TickedByRecipient,
        bundling: Bundling::Separate,
        prominence: Prominence::OnFace,
        forced: Some(false),
        related: Some(true),
        notice: Some(Notice {
            hash: 0x0123_4567_89ab_cdef,
            names_controller: Some(true),
            states_purpose: Some(true),
            states_categories: Some(true),
            states_retention: Some(false),
            states_rights: Some(true),
            states_type_frequency_period: None,
        }),
        provision: Some(Provision {
            recipient: Some(PartyId(1)),
            contact: Some(true),
            purpose_and_method: Some(true),
            categories: None,
            separate: Some(true),
        }),
        age: AgeBand::Adult,
        guardian: Some(false),
        wording: Some(0),
        page: None,
    }
}

fn act(kind: ActKind, sheet: &[u8], suite: Suite, address: &str, id: &[u8]) -> Event {
    let at = Timestamp::from_millis(1_636_594_200_000);
    let (received, recorded) = (at.plus_millis(250), at.plus_millis(1_000));
    let (sheet, origin) = (sheet::hash(suite, sheet), Origin::Captured);
    Event {
        kind,
        origin,
        occurred: at,
        received,
        recorded,
        sheet,
        address: address.to_owned(),
        id: id.to_vec(),
    }
}

fn header(language: &str) -> Header {
    let party = |id: &str, name: &str| Party {
        id: id.to_owned(),
        name: name.to_owned(),
        contact: Some("Data protection office".to_owned()),
        address: Some("No. 1, Example Road, Shanghai".to_owned()),
        email: Some("privacy@example.com".to_owned()),
        phone: Some("+862100000000".to_owned()),
        url: Some("https://example.com/".to_owned()),
    };
    Header {
        record_id: format!("urn:uuid:5c3f0c0e-0000-4000-8000-00000000000{}", language.len()),
        language: Some(language.to_owned()),
        jurisdiction: Some("CN".to_owned()),
        policy_url: Some("https://example.com/privacy".to_owned()),
        parties: vec![party("某商城", "某商城有限公司"), party("Courier Ltd", "Courier Ltd")],
    }
}

/// The act alone in a log of one leaf.
fn proof(event: &Event) -> ActProof {
    let signer = SignerKey::from_seed("log.example.org/1", KeyKind::Ed25519, &[7; 32]).unwrap();
    let salt = event::salt(SUITE, &Secret::new([5; 32]), 0);
    let leaf = [&[1][..], &event::commitment(SUITE, &salt, &event.encode())].concat();
    let root = Batch::new(SUITE, vec![leaf_hash(SUITE, &leaf)]).root();
    let checkpoint = Checkpoint::new("log.example.org/1", 1, root).unwrap().sign(&signer).unwrap();
    ActProof { salt, leaf_index: 0, path: Vec::new(), checkpoint: checkpoint.to_string() }
}

fn reading(suite: Suite) -> Reading<'static> {
    Reading { now: Timestamp::from_millis(1_795_000_000_000), suite, trust: None, trust_origin: true }
}

/// File, kind, sheet, suite, address, the sender's id, with a proof or without.
type Case<'c> = (&'c str, ActKind, &'c [u8], Suite, &'c str, &'c [u8], bool);

#[test]
fn good_records() {
    let child = Terms { age: AgeBand::Under14, guardian: Some(true), ..Terms::silent(Covers::Process) };
    let none_named =
        Terms { purposes: Some(Set::EMPTY), channels: Some(Set::EMPTY), ..Terms::silent(Covers::Both) };
    let (full, silent) = (sheet_of(&full()), sheet_of(&Terms::silent(Covers::Receive)));
    let (child, none_named) = (sheet_of(&child), sheet_of(&none_named));
    let cases: [Case<'_>; 7] = [
        ("zh-given", ActKind::Given, &full, SUITE, "+8613800138000", b"e-17", false),
        ("en-withdrawn", ActKind::Withdrawn, &silent, SUITE, "bob@example.com", b"", false),
        ("zh-asked", ActKind::Asked, &full, Suite::Gm, "+8613800138000", "请求-1".as_bytes(), false),
        ("en-no-answer", ActKind::NoAnswer, &silent, SUITE, "", &[0, 255], false),
        ("zh-renewed-child", ActKind::Renewed, &child, Suite::Gm, "im:小明", b"", false),
        ("en-none-named", ActKind::Invited, &none_named, SUITE, "+447700900000", b"", false),
        ("en-proved", ActKind::Given, &full, SUITE, "+8613800138000", b"e-18", true),
    ];
    let mut expected = Vec::new();
    for (name, kind, sheet, suite, address, id, proved) in cases {
        let event = act(kind, sheet, suite, address, id);
        let proof = proved.then(|| proof(&event));
        let header = header(name.split('-').next().unwrap());
        let text = record::write(&event, sheet, suite, &header, proof.as_ref()).unwrap();
        let Read { acts, ignored, lost, .. } = record::read(text.as_bytes(), reading(suite)).unwrap();
        assert!(ignored.is_empty() && lost.is_empty());
        assert_eq!((&acts[0].event, acts[0].sheet.as_slice()), (&event, sheet));
        check(&format!("{name}.json"), &text);
        expected.push(json!({
            "file": format!("{name}.json"),
            "suite": suite.code(),
            "body": hex(&event.encode()),
            "sheet": hex(sheet),
        }));
    }
    check("expected.json", &format!("{:#}\n", Value::from(expected)));
}

#[test]
fn receipts() {
    let full = sheet_of(&full());
    for (language, whole) in [("zh", true), ("en", false)] {
        let event = act(ActKind::Given, &full, SUITE, "+8613800138000", b"e-17");
        let written = receipt::write(&event, &full, SUITE, &header(language), whole).unwrap();
        receipt::read(written.text.as_bytes(), reading(SUITE)).unwrap();
        check(&format!("receipt-{language}.json"), &written.text);
        check(
            &format!("receipt-{language}.not-carried.json"),
            &format!("{:#}\n", json!(written.not_carried)),
        );
    }
}

type Breakage = (&'static str, bool, fn(&mut Value));

/// What was done, whether the schema refuses it too, and the doing.
const BREAKAGES: &[Breakage] = &[
    ("another type of thing", true, |r| r["@type"] = "dpv:Notice".into()),
    ("no id", true, |r| drop(r.as_object_mut().map(|r| r.remove("dct:identifier")))),
    ("no person", true, |r| drop(r.as_object_mut().map(|r| r.remove("dpv:hasDataSubject")))),
    ("a time without a zone", true, |r| {
        r["dpv:hasConsentStatus"]["dpv:isIndicatedAtTime"] = "2021-11-11T09:30:00".into();
    }),
    ("a state that is no act", true, |r| r["dpv:hasConsentStatus"]["@type"] = "dpv:ConsentRevoked".into()),
    ("other words outside", false, |r| r["dpv:hasConsentStatus"]["@type"] = "dpv:ConsentWithdrawn".into()),
    ("an address as a number", true, |r| r["dpv:hasDataSubject"]["dct:identifier"] = 7.into()),
    ("other terms than the hash", false, |r| r["anning:terms"]["anning:days"] = 366.into()),
    ("a column of a later version", true, |r| r["anning:terms"]["anning:colour"] = "red".into()),
    ("a code of a later version", true, |r| r["anning:terms"]["anning:covers"] = "smell".into()),
    ("terms missing", true, |r| drop(r.as_object_mut().map(|r| r.remove("anning:terms")))),
    ("an origin of another kind", true, |r| r["anning:act"]["anning:origin"] = "sworn".into()),
    ("a flag as text", true, |r| r["anning:terms"]["anning:forced"] = "no".into()),
    ("two event ids", true, |r| r["anning:act"]["anning:eventIdHex"] = "00".into()),
];

#[test]
fn broken_records() {
    let full = sheet_of(&full());
    let event = act(ActKind::Given, &full, SUITE, "+8613800138000", b"e-17");
    let text = record::write(&event, &full, SUITE, &header("zh"), None).unwrap();
    let broken = |(what, by_schema, change): &Breakage| {
        let mut record: Value = serde_json::from_str(&text).unwrap();
        change(&mut record);
        let refused: Error = record::read(record.to_string().as_bytes(), reading(SUITE)).unwrap_err();
        json!({ "what": what, "schema_refuses": by_schema, "error": refused.to_string(), "record": record })
    };
    let all: Vec<Value> = BREAKAGES.iter().map(broken).collect();
    check("broken.json", &format!("{:#}\n", Value::from(all)));
}
