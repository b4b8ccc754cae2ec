//! Consent receipts: what they carry comes back, what they do not carry is named, the whole comes back byte by byte.

#![expect(clippy::unwrap_used, reason = "a test stops where a value is missing")]

mod terms;

use anning_exchange::{Error, Header, Party, Reading, receipt};
use anning_ledger::sheet::{self, SHEET_MAX};
use anning_ledger::{Event, Suite, Value};
use anning_vocab::{ActKind, Covers, Origin, Terms, Timestamp};
use proptest::prelude::*;
use serde_json::json;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn header(language: &str) -> Header {
    Header {
        record_id: "0c7b6e55-1".to_owned(),
        language: Some(language.to_owned()),
        jurisdiction: Some("CN".to_owned()),
        policy_url: Some("https://example.com/privacy".to_owned()),
        parties: vec![Party {
            id: "Party 名 '\"\\1".to_owned(),
            name: "一号公司".to_owned(),
            phone: Some("+861012345678".to_owned()),
            ..Party::default()
        }],
    }
}

fn reading(suite: Suite, trust_origin: bool) -> Reading<'static> {
    Reading { now: NOW, suite, trust: None, trust_origin }
}

fn columns(sheet: &[u8]) -> anning_ledger::Map {
    let value = Value::from_bytes(sheet, SHEET_MAX).unwrap();
    if let Value::Map(map) = value { map } else { unreachable!("a sheet is a map: {value:?}") }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_whole_comes_back((event, sheet, suite) in terms::act(), language in prop::sample::select(&["zh", "en"][..])) {
        let written = receipt::write(&event, &sheet, suite, &header(language), true);
        if !event.kind.agrees() {
            prop_assert_eq!(written.unwrap_err(), Error::NoConsent(event.kind));
            return Ok(());
        }
        let text = written.unwrap().text;
        let read = receipt::read(text.as_bytes(), reading(suite, true)).unwrap();
        prop_assert!(read.ignored.is_empty() && read.lost.is_empty() && read.not_carried.is_empty());
        prop_assert_eq!(read.acts[0].event.encode(), event.encode());
        prop_assert_eq!(&read.acts[0].sheet, &sheet);
        let claimed = receipt::read(text.as_bytes(), reading(suite, false)).unwrap().acts.remove(0);
        prop_assert_eq!((claimed.event.origin, claimed.event.recorded), (Origin::Imported, NOW));
    }

    #[test]
    fn what_is_carried_comes_back((event, sheet, suite) in terms::act(), language in prop::sample::select(&["zh", "en"][..])) {
        let event = Event { address: "+8613800138000".to_owned(), kind: ActKind::Given, ..event };
        let written = receipt::write(&event, &sheet, suite, &header(language), false).unwrap();
        let mut read = receipt::read(written.text.as_bytes(), reading(suite, true)).unwrap();
        prop_assert_eq!(read.acts.len(), 1);
        let act = read.acts.remove(0);
        prop_assert_eq!(&act.event.address, &event.address);
        prop_assert_eq!(act.event.occurred.second(), event.occurred.second());
        let (ours, theirs) = (columns(&sheet), columns(&act.sheet));
        for (key, _) in ours.iter().chain(theirs.iter()) {
            let same = ours.get(key) == theirs.get(key);
            prop_assert_eq!(!same, written.not_carried.contains(&key.0.to_string()), "{}", &key.0);
            // Whatever is other is said to have no place here, or was a set in which nothing stood, or purposes of
            // processing that the consent does not cover.
            let empty = ours.get(key) == Some(&Value::List(Vec::new()));
            let covers = anning_ledger::Key::from("covers");
            let unshown = key.0 == "purposes" && ours.get(&covers) == Some(&Value::text("receive"));
            prop_assert!(same || empty || unshown || read.not_carried.contains(&&*key.0), "{}", &key.0);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(receipt::read(&bytes, reading(Suite::Gm, true)));
    }

    #[test]
    fn a_spoilt_receipt_is_read_or_refused((event, sheet, suite) in terms::act(), at in any::<prop::sample::Index>(), by in any::<u8>()) {
        let Ok(written) = receipt::write(&event, &sheet, suite, &header("en"), true) else { return Ok(()) };
        let mut bytes = written.text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = by;
        drop(receipt::read(&bytes, reading(suite, true)));
    }
}

fn stranger() -> serde_json::Value {
    json!({
        "version": "KI-CR-v1.1.0",
        "jurisdiction": "UK",
        "consentTimestamp": 1_510_567_089,
        "collectionMethod": "web form",
        "consentReceiptID": "c1befd3e",
        "publicKey": "04a1",
        "piiPrincipalId": "bob@example.com",
        "piiControllers": [{ "piiController": "Acme", "onBehalf": false, "contact": "Dave", "fax": "1" }],
        "policyUrl": "https://example.com/privacy",
        "services": [{ "service": "Shop", "purposes": [
            { "purpose": "receiving commercial messages", "purposeCategory": ["Marketing"], "consentType": "EXPLICIT",
              "piiCategory": ["contact details", "shoe size"], "termination": "at any time", "thirdPartyDisclosure": false },
            { "purpose": "statistics", "consentType": "EXPLICIT", "termination": "until 2027-06-30",
              "thirdPartyDisclosure": true, "thirdPartyName": "Counting House" }
        ]}],
        "sensitive": false,
        "spiCat": []
    })
}

fn read(json: &serde_json::Value) -> Result<anning_exchange::Read, Error> {
    receipt::read(json.to_string().as_bytes(), reading(Suite::International, true))
}

#[test]
fn a_strangers_receipt_gives_an_act_a_purpose() {
    let read = read(&stranger()).unwrap();
    let terms: Vec<Terms> =
        read.acts.iter().map(|act| sheet::decode(&act.sheet, &mut |_, _| 0).unwrap()).collect();
    assert_eq!([terms[0].covers, terms[1].covers], [Covers::Receive, Covers::Process]);
    assert_eq!((terms[0].provision, terms[0].until), (None, None));
    assert_eq!(terms[1].until.unwrap().to_string(), "2027-06-30");
    assert!(terms[1].provision.is_some());
    assert!(read.acts.iter().all(|act| act.event.origin == Origin::Imported && act.event.recorded == NOW));
    assert_eq!(read.ignored, ["$['piiControllers'][0]['fax']"]);
    assert_eq!(
        read.lost,
        [
            "$['publicKey']",
            "$['services'][0]['purposes'][0]['termination']",
            "a category: shoe size",
            "a method: web form",
            "the id of the record",
        ]
    );
}

#[test]
fn what_is_wrong_is_named_with_its_path() {
    let spoil = |change: fn(&mut serde_json::Value), expected: &str| {
        let mut receipt = stranger();
        change(&mut receipt);
        assert_eq!(read(&receipt).unwrap_err().to_string(), expected);
    };
    spoil(|r| r["version"] = "2".into(), "must be KI-CR-v1.1.0: $['version']");
    spoil(|r| r["consentTimestamp"] = "now".into(), "must be a whole number: $['consentTimestamp']");
    spoil(|r| r["sensitive"] = "no".into(), "must be true or false: $['sensitive']");
    spoil(|r| r["services"] = json!([]), "must be there, but is missing: $['services'][0]['purposes'][0]");
    spoil(|r| r["piiPrincipalId"] = "".into(), "must be there, but is missing: $['piiPrincipalId']");
    spoil(
        |r| r["consentTimestamp"] = i64::MAX.into(),
        "must be seconds since 1970, within the years 1 to 9999: $['consentTimestamp']",
    );
}
