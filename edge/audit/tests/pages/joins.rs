//! What a page record is worth for one consent of 10 July 2022 and one send of October.

use anning_audit::Settings;

use crate::log;
use crate::world::{HOME, Made, World, consent, contradicted, outcome, warned};

/// The page-version hash of `seed-fixed`.
const FIXED: &str = "56e4091e312572b73e5480e3e2d4fb37c8f3fca4dc07344d3e5820cbe0a50331";
const OTHER: &str = "https://other-company.example/join";
const TWO: &str = "good,,records/good.json,,\nbad,,records/bad.json,,";

fn good(day: &'static str, address: &'static str, sealed: Option<&'static str>) -> Made {
    Made { of: "seed-fixed", file: "good", day, address, sealed }
}

fn bad(day: &'static str, address: &'static str, sealed: Option<&'static str>) -> Made {
    Made { of: "seed-bad", file: "bad", day, address, sealed }
}

struct Case {
    name: &'static str,
    records: Vec<Made>,
    pages: String,
    consent: String,
    /// Outcome, consents that are contradicted, captures without a seal.
    expected: (&'static str, u64, u64),
}

fn check(cases: Vec<Case>) {
    for Case { name, records, pages, consent, expected } in cases {
        let world = World::new(&records, &pages, &consent);
        let summary = world.audit();
        let found = (outcome(&summary), contradicted(&summary), warned(&summary, "pages_without_seal"));
        assert_eq!(found, expected, "{name}: {:?} {:?}", world.rejects(), summary.warnings);
    }
}

fn case(
    name: &'static str,
    records: &[Made],
    cited: (&str, &str),
    expected: (&'static str, u64, u64),
) -> Case {
    let pages = TWO.lines().take(records.len()).collect::<Vec<_>>().join("\n");
    Case { name, records: records.to_vec(), pages, consent: consent(cited.0, cited.1), expected }
}

#[test]
fn a_page_with_a_seal_proves_and_one_without_is_the_senders_own_word() {
    let (july, june) = (Some("2022-07-01"), Some("2022-06-01"));
    check(
        vec![
            case("sealed, cited", &[good("2022-07-01", HOME, july)], ("good", ""), ("lawful", 0, 0)),
            case(
                "sealed, at its address",
                &[good("2022-07-01", HOME, july)],
                ("good", HOME),
                ("lawful", 0, 0),
            ),
            case(
                "other writing",
                &[good("2022-07-01", HOME, july)],
                ("good", "http://www.Hean-Home.example:80/register/?from=sms"),
                ("lawful", 0, 0),
            ),
            case("no seal", &[good("2022-07-01", HOME, None)], ("good", ""), ("unproved", 0, 1)),
            case("no seal, by hash", &[good("2022-07-01", HOME, None)], (FIXED, ""), ("unproved", 0, 1)),
            case(
                "sealed after the act",
                &[good("2022-07-01", HOME, Some("2022-08-01"))],
                ("good", ""),
                ("unproved", 0, 0),
            ),
            case(
                "sealed after the send",
                &[good("2022-07-01", HOME, Some("2026-01-01"))],
                ("good", ""),
                ("unproved", 0, 0),
            ),
            case(
                "an admission",
                &[good("2022-06-01", HOME, june), bad("2022-07-01", HOME, None)],
                ("bad", ""),
                ("breached", 0, 1),
            ),
            Case {
                name: "no seal, but the sender kept the notice",
                records: vec![good("2022-07-01", HOME, None)],
                pages: "good,,records/good.json,,".to_owned(),
                consent: consent("good", "") + "n1",
                expected: ("lawful", 0, 1),
            },
        ]
        .into_iter()
        .map(|case| Case { ..case })
        .collect(),
    );
}

#[test]
fn what_contradicts_a_citation_leaves_no_proof() {
    let (old, july) = (Some("2015-01-01"), Some("2022-07-01"));
    let both = |good_day, good_seal| [good(good_day, HOME, good_seal), bad("2022-07-01", HOME, july)];
    check(vec![
        case("r0 the bad one cited", &both("2015-01-01", old), ("bad", ""), ("breached", 0, 0)),
        case("r1 an old one cited", &both("2015-01-01", old), ("good", HOME), ("breached", 1, 0)),
        case("r1 an old one cited, no address", &both("2015-01-01", old), ("good", ""), ("breached", 1, 0)),
        case(
            "r2 another company's",
            &[good("2022-07-01", OTHER, july), bad("2022-07-01", HOME, july)],
            ("good", HOME),
            ("unproved", 1, 0),
        ),
        case("r3 its time set by hand", &both("2022-07-01", None), ("good", ""), ("unproved", 0, 1)),
        case(
            "r3 and sealed today",
            &both("2022-07-01", Some("2026-11-27")),
            ("good", ""),
            ("unproved", 0, 0),
        ),
        case("r4 of the future", &both("2099-07-01", None), ("good", ""), ("unproved", 0, 1)),
        case(
            "r5 a hash captured years later",
            &both("2026-01-01", Some("2026-01-01")),
            (FIXED, HOME),
            ("unproved", 0, 0),
        ),
        case(
            "a hash of a page that was gone",
            &both("2022-06-01", Some("2022-06-01")),
            (FIXED, HOME),
            ("unproved", 1, 0),
        ),
        Case {
            name: "r6 the row says another address",
            records: vec![good("2022-06-01", OTHER, Some("2022-06-01"))],
            pages: format!("g1,,records/good.json,{HOME},\ng2,{FIXED},,{HOME},2022-09-01T10:00:00+08:00"),
            consent: consent("", HOME),
            expected: ("unproved", 0, 1),
        },
        Case {
            name: "r7 before it another address, after it this one",
            records: vec![good("2022-06-01", OTHER, Some("2022-06-01"))],
            pages: format!("g1,,records/good.json,,\ng2,{FIXED},,{HOME},2022-09-01T10:00:00+08:00"),
            consent: consent("", HOME),
            expected: ("unproved", 0, 1),
        },
        Case {
            name: "between two, of which one is a row without a record",
            records: vec![good("2022-06-01", HOME, Some("2022-06-01"))],
            pages: format!("g1,,records/good.json,,\ng2,{FIXED},,{HOME},2022-09-01T10:00:00+08:00"),
            consent: consent("", HOME),
            expected: ("unproved", 0, 1),
        },
    ]);
}

#[test]
fn a_seal_counts_as_far_as_its_log_is_known() {
    let sealed = good("2022-07-01", HOME, Some("2022-07-01"));
    let world = World::new(&[sealed], "good,,records/good.json,,", &consent("good", ""));
    let summary = world.audit_under(&Settings::default());
    assert_eq!(outcome(&summary), "unproved");
    assert_eq!((warned(&summary, "page_log_unknown"), warned(&summary, "pages_without_seal")), (1, 1));
    let told = &summary.warnings.iter().find(|warning| warning.code == "page_log_unknown").unwrap().words.en;
    assert!(told.contains(log::NAME) && told.contains("log_keys"), "{told}");
    // The name of a log is no key.
    let settings = Settings { logs: vec![log::key_of(1).verifier().clone()], ..Settings::default() };
    let summary = world.audit_under(&settings);
    assert_eq!((outcome(&summary), world.rejects().len()), ("unproved", 1), "{:?}", world.rejects());
    // A log that changed its key.
    let logs = vec![log::key_of(1).verifier().clone(), log::key().verifier().clone()];
    assert_eq!(outcome(&world.audit_under(&Settings { logs, ..Settings::default() })), "lawful");
}
