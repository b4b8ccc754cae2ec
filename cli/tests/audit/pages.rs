//! Consents that page records speak for: on a bad version of the page, on the one after it was fixed, and on neither.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anning_audit::Settings;
use anning_audit::summary::PageRow;
use anning_vocab::Answer;

use crate::verdicts::{run, scratch, verdicts};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples/pages-audit")
}

fn settings() -> Settings {
    Settings::of_folder(&folder()).unwrap()
}

/// What a scenario fixes, from the articles: consent to processing and to receiving, and whether anything stands against
/// the send.
const EXPECTED: &[(&str, &str, &str, bool)] = &[
    // The tick for the terms was on, and a clause of theirs took the consent.
    ("bad_cited", "breached", "met", false),
    ("bad_between", "breached", "met", false),
    // The sender's record says that the person ticked it: two records disagree, and the page shows a default tick.
    ("bad_version_contradicted", "breached", "unproved", false),
    ("fixed_cited", "met", "met", true),
    ("fixed_version", "met", "met", true),
    ("fixed_between", "met", "met", true),
    // Sent before the second of the two captures: nothing then showed what the person had seen.
    ("fixed_between_too_early", "unproved", "unproved", false),
    // No page speaks: the record of the act shows nothing that the person saw.
    ("before_any_capture", "unproved", "unproved", false),
    ("while_it_changed", "unproved", "unproved", false),
    ("unknown_page", "unproved", "unproved", false),
    // A bit in a list is not promoted by a good page.
    ("imported", "unproved", "unproved", false),
];

fn scenarios() -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_path(folder().join("expected.csv")).unwrap();
    reader.deserialize::<(String, String)>().map(Result::unwrap).collect()
}

#[test]
fn a_page_decides_what_its_consents_are_worth() {
    let (summary, found) = verdicts(&folder(), &settings());
    let scenarios = scenarios();
    assert_eq!(found.len(), scenarios.len());
    let mut wrong = Vec::new();
    for (id, scenario) in &scenarios {
        let (_, process, receive, lawful) = EXPECTED.iter().find(|row| row.0 == scenario).unwrap();
        let row = &found[id];
        let answer = |code: &str| Answer::from_code(code).unwrap();
        for (provision, expected) in
            [("pipl_consent", process), ("crpl_consent", receive), ("adlaw_consent", receive)]
        {
            // Consent to receive as SAMR 37 and the Advertising Law ask for it says nothing of its form.
            let is = row.answers(provision);
            if is.0 != answer(expected) && is.0 != Answer::NotApplicable {
                wrong.push(format!("{scenario} {provision}: expected {expected}, found {is:?}"));
            }
        }
        if row.is_lawful() != *lawful {
            wrong.push(format!("{scenario}: lawful is {}, expected {lawful}", row.is_lawful()));
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let warned: Vec<&str> = summary.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(warned, ["unlisted_pages"], "a page that nobody captured is named: {warned:?}");
}

#[test]
fn the_summary_shows_which_version_obtained_which_share() {
    let (summary, out) = run(&folder(), &settings());
    let of = |row: &PageRow| {
        let o = row.outcomes;
        (row.name.clone(), row.consents, row.contradicted, [o.sends, o.breached, o.unproved, o.lawful])
    };
    let rows: Vec<_> = summary.pages.rows.iter().map(of).collect();
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(
        rows,
        [
            (named("signup-2022-03"), 24, 6, [24, 24, 0, 0]),
            (named("signup-2022-07"), 22, 0, [26, 0, 6, 20]),
            (None, 8, 0, [8, 0, 8, 0]),
        ]
    );
    let bad = &summary.pages.rows[0];
    assert_eq!(bad.captured, Some(("2022-03-01".to_owned(), "2022-06-01".to_owned())));
    assert_eq!(bad.address.as_deref(), Some("hean-home.example/register"));
    assert_eq!(summary.pages.consents(), 54);
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    for row in summary.pages.rows.iter().filter(|row| !row.id.is_empty()) {
        assert!(report.contains(&row.id), "{}", row.id);
    }
    // 24 and 22 of 54 consents.
    assert!(report.contains("44.4%") && report.contains("40.7%"));
    std::fs::remove_dir_all(&out).unwrap();
}

#[test]
fn threads_change_no_byte() {
    let files = ["findings.parquet", "findings.csv", "summary.json", "report.html", "rejects.csv"];
    let bytes = |threads| {
        let mut settings = settings();
        (settings.threads, settings.csv) = (threads, true);
        let (_, out) = run(&folder(), &settings);
        let all: Vec<Vec<u8>> = files.iter().map(|name| std::fs::read(out.join(name)).unwrap()).collect();
        std::fs::remove_dir_all(&out).unwrap();
        all
    };
    let one = bytes(1);
    for threads in [2, 4] {
        assert!(one == bytes(threads), "{threads} threads");
    }
}

#[test]
fn a_question_whose_consent_cites_a_bad_page_is_denied_and_allowed_once_the_page_is_fixed() {
    let ask = |page: &str| {
        let told = r#""names_controller":"yes","states_purpose":"yes","states_categories":"yes","states_retention":"yes","states_rights":"yes""#;
        let question = format!(
            r#"{{"send":{{"sent_at":"2022-10-10T10:00:00+08:00","channel":"sms","text":"【禾岸到家】生鲜8折 拒收请回复R","sender_number":"10691234",
            "advertiser":"hean","content_provider":"hean","controller":"hean","audience":"untargeted","campaign":"c"}},
            "consents":[{{"act":"given","occurred_at":"2022-08-01T10:00:00+08:00","origin":"captured","covers":"both",
            "controller":"hean","notice":"n1","page":"{page}"}}],
            "notices":[{{"notice":"n1","hash":"00000000000000cc"}}],
            "campaigns":[{{"campaign":"c","log_kept":"yes","vendor_contract":"yes"}}],
            "parties":[{{"party":"hean","name":"禾岸到家","online_business":"yes","licence":"yes"}}],
            "ports":[{{"port":"10691234","use":"commercial","shared":"no","refusal_free":"yes","signature_filed":"yes","content_provider_filed":"yes","port_filed":"yes"}}],
            "pages":[{{"page":"bad","version":"00000000000000aa","captured_at":"2022-03-01T10:00:00+08:00","control":"ticked_by_default","bundling":"with_terms","prominence":"buried",{told}}},
            {{"page":"fixed","version":"00000000000000bb","captured_at":"2022-07-01T10:00:00+08:00","control":"ticked_by_recipient","bundling":"separate","prominence":"on_face","forced":"no",{told}}}]}}"#
        );
        let mut child = Command::new(env!("CARGO_BIN_EXE_anning"))
            .args(["check", "-", "--lang", "en"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let (code, told) = ask("bad");
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("ticked by default"), "{told}");
    let (code, told) = ask("fixed");
    assert_eq!(code, Some(0), "{told}");
    let (code, _) = ask("of nobody");
    assert_eq!(code, Some(1));
}

#[test]
fn rows_of_pages_that_do_not_fit_are_rejected_with_the_reason() {
    let world = scratch("pages");
    let put = |name: &str, text: &str| std::fs::write(world.join(name), text).unwrap();
    std::fs::create_dir_all(world.join("records")).unwrap();
    std::fs::copy(folder().join("records/seed-bad.json"), world.join("records/bad.json")).unwrap();
    put("records/none.json", "{}");
    put("sends.csv", "sent_at,recipient,channel\n2022-10-10T10:00:00+08:00,13800001001,sms\n");
    let rows = [
        ("p1,,records/bad.json,,,", None),
        ("p1,00000000000000aa,,2022-03-01T10:00:00+08:00,,", Some("page")),
        ("p2,00000000000000aa,records/bad.json,,,", Some("version")),
        ("p3,,records/bad.json,2022-03-02T10:00:00+08:00,,", Some("captured_at")),
        ("p4,,records/bad.json,,implied,", Some("record")),
        ("p5,,records/none.json,,,", Some("record")),
        ("p6,,../elsewhere.json,,,", Some("record")),
        ("p7,,,2022-03-02T10:00:00+08:00,,", Some("version")),
        ("p8,xyz,,2022-03-02T10:00:00+08:00,,", Some("version")),
        ("p9,00000000000000aa,,,,", Some("captured_at")),
        ("p10,00000000000000aa,,2022-03-02T10:00:00+08:00,implied,", None),
        ("p11,00000000000000aa,,2022-03-03T10:00:00+08:00,,", None),
        ("p12,00000000000000aa,,2022-03-04T10:00:00+08:00,own_words,", Some("version")),
        ("p13,00000000000000bb,,2022-03-04T10:00:00+08:00,,2022-03-03T10:00:00+08:00", Some("recorded_at")),
    ];
    let lines: Vec<&str> = rows.iter().map(|row| row.0).collect();
    put("pages.csv", &format!("page,version,record,captured_at,control,recorded_at\n{}\n", lines.join("\n")));
    let (_, out) = run(&world, &Settings::default());
    let mut reader = csv::Reader::from_path(out.join("rejects.csv")).unwrap();
    let found: BTreeMap<u64, String> =
        reader.records().map(Result::unwrap).map(|r| (r[1].parse().unwrap(), r[2].to_owned())).collect();
    let expected: BTreeMap<u64, String> =
        (2..).zip(rows).filter_map(|(line, row)| Some((line, row.1?.to_owned()))).collect();
    assert_eq!(found, expected);
    std::fs::remove_dir_all(&world).unwrap();
    std::fs::remove_dir_all(&out).unwrap();
}
