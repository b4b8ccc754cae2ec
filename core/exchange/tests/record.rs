//! Consent records: ours come back byte by byte, a stranger's as far as its words go, and nothing panics.

#![expect(clippy::unwrap_used, reason = "a test stops where a value is missing")]

mod terms;

use anning_exchange::{ActProof, Claim, Error, Header, Party, ProofFault, Read, Reading, Standing, record};
use anning_ledger::sheet::{self, Names, Table};
use anning_ledger::{
    Batch, Checkpoint, Event, KeyKind, Secret, SignerKey, Suite, Trust, event, inclusion_proof, leaf_hash,
};
use anning_vocab::{ActKind, Category, Covers, Origin, ProcessingPurpose, Set, Terms, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const SUITE: Suite = Suite::International;

fn header() -> Header {
    Header { record_id: "urn:uuid:0c7b6e55".to_owned(), ..Header::default() }
}

fn reading(suite: Suite, trust_origin: bool) -> Reading<'static> {
    Reading { now: NOW, suite, trust: None, trust_origin }
}

fn full_header() -> Header {
    Header {
        record_id: "urn:uuid:1".to_owned(),
        language: Some("zh".to_owned()),
        jurisdiction: Some("CN".to_owned()),
        policy_url: Some("https://example.com/privacy".to_owned()),
        parties: vec![Party {
            id: "某商城".to_owned(),
            name: "某商城有限公司".to_owned(),
            ..Party::default()
        }],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ours_come_back_byte_by_byte((event, sheet, suite) in terms::act()) {
        let text = record::write(&event, &sheet, suite, &header(), None).unwrap();
        let read = record::read(text.as_bytes(), reading(suite, true)).unwrap();
        prop_assert_eq!(&read.ignored, &Vec::<String>::new());
        prop_assert_eq!(&read.lost, &Vec::<String>::new());
        prop_assert_eq!(read.acts.len(), 1);
        let act = &read.acts[0];
        prop_assert_eq!(act.event.encode(), event.encode());
        prop_assert_eq!(&act.sheet, &sheet);
        prop_assert_eq!(&act.standing, &Standing::Restored);
    }

    /// ★ No bit in a record is ever promoted.
    #[test]
    fn no_claim_is_promoted((event, sheet, suite) in terms::act()) {
        let text = record::write(&event, &sheet, suite, &header(), None).unwrap();
        let act = record::read(text.as_bytes(), reading(suite, false)).unwrap().acts.remove(0);
        prop_assert_eq!(act.claimed, Claim { origin: Some(event.origin), recorded: Some(event.recorded) });
        prop_assert_eq!(&act.standing, &Standing::Claimed);
        let expected = Event { origin: Origin::Imported, recorded: NOW, ..event };
        prop_assert_eq!(act.event, expected);
        prop_assert_eq!(act.sheet, sheet);
    }

    /// Without our part a consent is never wider, and a refusal never narrower, than it was.
    #[test]
    fn a_strangers_copy_is_no_wider((event, sheet, suite) in terms::act()) {
        let text = record::write(&event, &sheet, suite, &header(), None).unwrap();
        let mut json: Value = serde_json::from_str(&text).unwrap();
        json.as_object_mut().unwrap().retain(|name, _| !name.starts_with("anning:"));
        let ours = sheet::decode(&sheet, &mut |_, _| 1).unwrap();
        let read = match record::read(json.to_string().as_bytes(), reading(suite, true)) {
            Ok(read) => read,
            Err(error) => {
                let expected = matches!(error, Error::NoAct { .. }) && event.kind == ActKind::Reassigned;
                prop_assert!(expected, "{}", error);
                return Ok(());
            }
        };
        let act = &read.acts[0];
        prop_assert_eq!(act.event.origin, Origin::Imported);
        prop_assert_eq!(act.claimed, Claim::default());
        let theirs = sheet::decode(&act.sheet, &mut |_, _| 1).unwrap();
        if event.kind.refuses() {
            prop_assert_eq!(theirs.covers, Covers::Both);
        } else {
            prop_assert_eq!((ours.until, ours.days, ours.frequency), (theirs.until, theirs.days, theirs.frequency));
            prop_assert_eq!(theirs.covers, ours.covers);
            if let (Some(ours), Some(theirs)) = (ours.purposes, theirs.purposes) {
                prop_assert!(ours.covers(theirs));
            }
            prop_assert_eq!(ours.categories, theirs.categories);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(record::read(&bytes, reading(SUITE, true)));
    }

    #[test]
    fn a_spoilt_record_is_read_or_refused((event, sheet, suite) in terms::act(), at in any::<prop::sample::Index>(), by in any::<u8>()) {
        let mut bytes = record::write(&event, &sheet, suite, &full_header(), None).unwrap().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = by;
        if let Ok(read) = record::read(&bytes, reading(suite, true)) {
            prop_assert!(read.acts.iter().all(|act| sheet::hash(suite, &act.sheet) == act.event.sheet));
        }
    }
}

fn read(json: &Value) -> Result<Read, Error> {
    record::read(json.to_string().as_bytes(), reading(SUITE, false))
}

/// A record as a stranger might write it.
fn stranger() -> Value {
    json!({
        "@context": ["https://example.com/other.jsonld"],
        "@id": "https://example.com/record/9",
        "@type": ["dpv:ConsentRecord"],
        "dpv:hasDataSubject": { "@type": "dpv:DataSubject", "dct:identifier": "+8613800138000", "ex:shoe": 42 },
        "dpv:hasDataController": [{ "@type": "dpv:DataController", "@id": "ex:Acme", "dpv:hasName": "Acme" }],
        "dpv:hasPurpose": [{ "@id": "ex:news", "@type": ["dpv:Purpose", "https://w3id.org/dpv#DirectMarketing"] }],
        "dpv:hasPersonalData": ["pd:Contact", "pd:Age"],
        "dpv:hasNotice": "https://example.com/notice/7",
        "dpv:hasConsentStatus": [{
            "@type": ["dpv:ConsentGiven", "dpv:ExpressedConsent"],
            "dpv:isIndicatedAtTime": { "@type": "xsd:dateTime", "@value": "2024-01-01T00:00:00Z" },
            "dpv:isIndicatedBy": "dpv:DataSubject",
            "dpv:hasIndicationMethod": "agree button",
            "dpv:hasDuration": { "@type": "dpv:TemporalDuration", "rdf:value": "P12M" }
        }, { "@type": "dpv:ConsentWithdrawn", "dct:date": "2024-04-20T10:00:00.5+01:00" }],
        "ex:colour": null
    })
}

#[test]
fn a_strangers_record_gives_acts_and_names_the_rest() {
    let read = read(&stranger()).unwrap();
    let mut names = Names::default();
    let mut terms =
        |n: usize| sheet::decode(&read.acts[n].sheet, &mut |t, name| names.intern(t, name)).unwrap();
    let (given, withdrawn) = (terms(0), terms(1));
    assert_eq!(read.acts[0].event.kind, ActKind::Given);
    assert_eq!(given.covers, Covers::Receive);
    assert_eq!(given.categories, Some(Set::<Category>::of(&[Category::Contact])));
    assert_eq!(given.until.unwrap().to_string(), "2025-01-01");
    assert_eq!(names.name(Table::Party, given.controller.unwrap().0).as_deref(), Some("Acme"));
    assert_eq!(read.acts[1].event.kind, ActKind::Withdrawn);
    assert_eq!(read.acts[1].event.occurred.millis(), 1_713_603_600_500);
    assert_eq!((withdrawn.covers, withdrawn.categories), (Covers::Both, None));
    assert!(read.acts.iter().all(|act| act.event.origin == Origin::Imported && act.event.recorded == NOW));
    assert_eq!(read.ignored, ["$['dpv:hasDataSubject']['ex:shoe']", "$['ex:colour']"]);
    assert_eq!(
        read.lost,
        [
            "$['dpv:hasConsentStatus'][0]['@type'][1]",
            "a category: pd:Age",
            "a method: agree button",
            "the id of the record",
        ]
    );
}

fn spoil(change: impl FnOnce(&mut Value), expected: &str) {
    let mut record = stranger();
    change(&mut record);
    assert_eq!(read(&record).unwrap_err().to_string(), expected);
}

#[test]
fn what_is_wrong_is_named_with_its_path() {
    spoil(|r| r["@type"] = "dpv:Notice".into(), "must be dpv:ConsentRecord: $['@type']");
    spoil(
        |r| r["dpv:hasConsentStatus"][1]["dct:date"] = "2024-04-20".into(),
        "must be a time with its zone, as in 2021-11-11T09:30:00+08:00: $['dpv:hasConsentStatus'][1]['dct:date']",
    );
    spoil(|r| r["dpv:hasDataSubject"] = 7.into(), "must be an object: $['dpv:hasDataSubject']");
    spoil(
        |r| r["dpv:hasPersonalData"] = json!([1.5]),
        "must be a text of at most 4,096 bytes: $['dpv:hasPersonalData'][0]",
    );
    spoil(
        |r| r["dpv:hasConsentStatus"][1]["@type"] = "dpv:ConsentRevoked".into(),
        "dpv:ConsentRevoked is no act of the person in: $['dpv:hasConsentStatus'][1]",
    );
    spoil(
        |r| r["dpv:hasConsentStatus"][0]["dpv:hasDuration"]["rdf:value"] = "P1DT2H".into(),
        "must be a day or a period, 2027-06-30 or P30D: $['dpv:hasConsentStatus'][0]['dpv:hasDuration']['rdf:value']",
    );
    spoil(
        |r| r["dpv:hasPurpose"] = json!(vec!["dpv:Marketing"; 65]),
        "at most 64 may stand in: $['dpv:hasPurpose']",
    );
    spoil(
        |r| r["dpv:hasDataSubject"] = json!({}),
        "must be there, but is missing: $['dpv:hasDataSubject']['dct:identifier']",
    );
}

#[test]
fn marketing_alone_is_no_consent_to_receive() {
    let mut record = stranger();
    record["dpv:hasPurpose"] = json!(["dpv:Marketing", "dpv:Advertising"]);
    let read = read(&record).unwrap();
    let terms = sheet::decode(&read.acts[0].sheet, &mut |_, _| 0).unwrap();
    assert_eq!(terms.covers, Covers::Process);
    assert_eq!(terms.purposes, Some(Set::<ProcessingPurpose>::of(&[ProcessingPurpose::Marketing])));
    // Of a refusal nothing is cut off.
    assert_eq!(sheet::decode(&read.acts[1].sheet, &mut |_, _| 0).unwrap().purposes, None);
}

#[test]
fn form_and_bounds() {
    let refused = |bytes: &[u8]| record::read(bytes, reading(SUITE, false)).unwrap_err();
    assert_eq!(refused(b"{\"a\":1,\"a\":2}"), Error::Twice { line: 1, column: 13 });
    assert!(matches!(refused(b"{"), Error::Json { .. }));
    assert!(matches!(refused(&[b'['; 4_000]), Error::Json { .. }));
    assert!(matches!(refused(b"\xff"), Error::Json { .. }));
    assert_eq!(refused(&vec![b' '; 65_537]), Error::TooLong { bytes: 65_537 });
}

fn one() -> terms::Act {
    let sheet = sheet::encode(&Terms::silent(Covers::Receive), &|_, _| None).unwrap();
    let event = Event {
        kind: ActKind::Given,
        origin: Origin::Captured,
        occurred: Timestamp::from_millis(1_636_594_200_000),
        received: Timestamp::from_millis(1_636_594_200_000),
        recorded: Timestamp::from_millis(1_636_594_201_000),
        sheet: sheet::hash(SUITE, &sheet),
        address: "+8613800138000".to_owned(),
        id: b"e-1".to_vec(),
    };
    (event, sheet, SUITE)
}

#[test]
fn words_and_our_part_must_agree() {
    let (event, sheet, suite) = one();
    let text = record::write(&event, &sheet, suite, &full_header(), None).unwrap();
    let changed = |change: fn(&mut Value)| {
        let mut record: Value = serde_json::from_str(&text).unwrap();
        change(&mut record);
        read(&record).map(|_| ())
    };
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(changed(|r| r["dpv:hasConsentStatus"] = json!([r["dpv:hasConsentStatus"]])), Ok(()));
    let act = || Err(Error::Contradiction { path: "$['anning:act']".to_owned() });
    assert_eq!(changed(|r| r["anning:act"]["anning:kind"] = "withdrawn".into()), act());
    assert_eq!(changed(|r| r["dpv:hasConsentStatus"]["@type"] = "dpv:ConsentWithdrawn".into()), act());
    assert_eq!(changed(|r| r["anning:terms"]["anning:days"] = 7.into()), act());
    assert_eq!(changed(|r| r["anning:act"]["anning:suite"] = "sm2-sm3".into()), act());
    let unknown = |path: &str| Err(Error::Unknown { path: path.to_owned() });
    assert_eq!(
        changed(|r| r["anning:terms"]["anning:colour"] = "red".into()),
        unknown("$['anning:terms']['anning:colour']")
    );
    assert_eq!(
        changed(|r| r["anning:act"]["anning:colour"] = "red".into()),
        unknown("$['anning:act']['anning:colour']")
    );
}

#[test]
fn what_cannot_be_written_says_so() {
    let (event, sheet, suite) = one();
    let refused =
        |event: &Event, header: &Header| record::write(event, &sheet, suite, header, None).unwrap_err();
    let late = Event { received: Timestamp::MAX, ..event.clone() };
    assert_eq!(refused(&late, &header()), Error::Time("received"));
    assert_eq!(refused(&Event { sheet: [0; 32], ..event.clone() }, &header()), Error::OtherSheet);
    assert_eq!(
        refused(&Event { id: vec![b'x'; 65], ..event.clone() }, &header()),
        Error::Oversize("event id")
    );
    assert_eq!(refused(&event, &Header::default()), Error::Oversize("record id"));
}

/// A log of a few leaves, the act among them.
fn proved(event: &Event, change: impl FnOnce(&mut ActProof)) -> (ActProof, Trust) {
    let signer = SignerKey::from_seed("log.example.org/1", KeyKind::Ed25519, &[7; 32]).unwrap();
    let salt = event::salt(SUITE, &Secret::new([5; 32]), 2);
    let leaf = [&[1][..], &event::commitment(SUITE, &salt, &event.encode())].concat();
    let leaves = [&b"a"[..], b"b", &leaf, b"d", b"e"].map(|leaf| leaf_hash(SUITE, leaf));
    let tree = Batch::new(SUITE, leaves.to_vec());
    let checkpoint = Checkpoint::new("log.example.org/1", 5, tree.root()).unwrap().sign(&signer).unwrap();
    let path = inclusion_proof(SUITE, 2, 5, &tree).unwrap();
    let mut proof = ActProof { salt, leaf_index: 2, path, checkpoint: checkpoint.to_string() };
    change(&mut proof);
    (proof, Trust { log: signer.verifier().clone(), witnesses: Vec::new() })
}

#[test]
fn a_proof_of_a_trusted_log_keeps_the_origin() {
    let (event, sheet, suite) = one();
    let read = |change: fn(&mut ActProof), trusted: bool, said: &Event| {
        let (proof, trust) = proved(&event, change);
        let text = record::write(said, &sheet, suite, &header(), Some(&proof)).unwrap();
        let trust = Some(&trust).filter(|_| trusted);
        let reading = Reading { now: NOW, suite, trust, trust_origin: false };
        record::read(text.as_bytes(), reading).map(|mut read| read.acts.remove(0))
    };
    let good = read(|_| {}, true, &event).unwrap();
    assert_eq!(good.standing, Standing::Proved { log: "log.example.org/1".to_owned(), size: 5 });
    assert_eq!(good.event, event);
    assert_eq!(read(|_| {}, false, &event).unwrap().event.origin, Origin::Imported);
    // Of another log than the trusted one: a claim like any other.
    let elsewhere = read(|proof| proof.checkpoint.insert(0, 'x'), true, &event).unwrap();
    assert_eq!((elsewhere.standing, elsewhere.event.origin), (Standing::Claimed, Origin::Imported));
    let fault = |change, said: &Event| read(change, true, said).unwrap_err();
    let other = Event { recorded: event.occurred, ..event.clone() };
    assert_eq!(fault(|_| {}, &other), Error::Proof(ProofFault::Inclusion));
    assert_eq!(fault(|proof| proof.leaf_index = 3, &event), Error::Proof(ProofFault::Inclusion));
    let cut = |proof: &mut ActProof| proof.checkpoint = proof.checkpoint.replacen("\n5\n", "\n6\n", 1);
    assert_eq!(fault(cut, &event), Error::Proof(ProofFault::Signature));
}
