//! The authored sample: each scenario's verdicts are known by construction and compared with the audit.
#![expect(clippy::unwrap_used, reason = "a test stops where a value is missing")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use anning_audit::{Audit, Settings, audit};
use anning_law::ProvisionId;
use anning_vocab::{Answer, Class, Date};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples/double11")
}

fn run() -> Audit {
    audit(&folder(), &Settings::of_folder(&folder()).unwrap(), |_, _| {}).unwrap()
}

/// What a scenario fixes: from, until, provision, answer (strict, or `strict/lenient`). Authored from the
/// articles, not from the rules.
const EXPECTED: &[(&str, &str, &str, &str, &str)] = &[
    // A separate, informed, captured consent meets every consent provision in force.
    ("proved_separate", "2020-01-01", "2021-10-31", "adlaw_consent", "met"),
    ("proved_separate", "2021-11-01", "2026-12-31", "pipl_consent", "met"),
    ("proved_separate", "2021-01-01", "2026-12-31", "civil_peace", "met"),
    ("proved_separate", "2024-07-01", "2026-12-31", "crplreg_consent", "met"),
    ("proved_separate", "2026-05-01", "2026-12-31", "miit74_commercial", "met"),
    ("proved_separate", "2026-05-01", "2026-12-31", "miit31_consent", "not_applicable"),
    ("proved_separate", "2020-01-01", "2026-04-30", "miit31_consent", "met"),
    // Ticked by default: broken only under a text that says so; older than PIPL, both answers.
    ("default_ticked", "2020-01-01", "2026-12-31", "adlaw_consent", "met"),
    ("default_ticked", "2020-01-01", "2021-10-31", "pipl_consent", "not_applicable"),
    ("default_ticked", "2021-11-01", "2026-12-31", "pipl_consent", "breached/met"),
    ("default_ticked", "2021-01-01", "2026-12-31", "civil_peace", "breached/met"),
    ("default_ticked", "2021-05-01", "2026-12-31", "samr37_authorisation", "unclear"),
    ("default_ticked", "2024-07-01", "2026-12-31", "crplreg_authorisation", "breached"),
    ("implied", "2021-11-01", "2026-12-31", "pipl_consent", "breached/met"),
    ("implied", "2020-01-01", "2026-12-31", "crpl_standard_terms", "breached"),
    // No legacy bit is promoted; nothing on record is no breach.
    ("asserted_only", "2020-01-01", "2026-12-31", "adlaw_consent", "unproved"),
    ("asserted_only", "2021-11-01", "2026-12-31", "pipl_consent", "unproved"),
    ("asserted_only", "2026-05-01", "2026-12-31", "miit74_commercial", "unclear"),
    ("no_record", "2020-01-01", "2026-12-31", "adlaw_consent", "unproved"),
    ("no_record", "2020-01-01", "2026-12-31", "npcsc_consent", "unproved"),
    ("no_record", "2026-05-01", "2026-12-31", "miit74_commercial", "unclear"),
    // Outside what was agreed is no consent; a refusal beats everything.
    ("lapsed", "2020-06-01", "2026-12-31", "adlaw_consent", "breached"),
    ("other_channel", "2020-01-01", "2026-12-31", "adlaw_consent", "breached"),
    ("too_often", "2022-01-01", "2022-12-31", "adlaw_consent", "breached"),
    ("within_frequency", "2022-01-01", "2022-12-31", "adlaw_consent", "met"),
    ("withdrawn", "2020-10-01", "2026-12-31", "adlaw_consent", "breached"),
    ("withdrawn", "2020-10-01", "2026-12-31", "crpl_consent", "breached"),
    ("withdrawn", "2021-11-01", "2026-12-31", "pipl_withdrawal", "breached"),
    ("refusal_had_arrived", "2022-01-01", "2022-12-31", "adlaw_consent", "breached"),
    ("refusal_not_yet_arrived", "2022-01-01", "2022-12-31", "adlaw_consent", "met"),
    ("refused_other_name", "2023-01-01", "2023-12-31", "samr37_refusal", "breached"),
    ("refused_other_name", "2023-01-01", "2023-12-31", "adlaw_consent", "met"),
    ("opted_in_again", "2022-01-01", "2022-12-31", "adlaw_consent", "met"),
    ("tie_refuses", "2022-01-01", "2022-12-31", "adlaw_consent", "breached"),
    ("reassigned", "2022-01-01", "2022-12-31", "adlaw_consent", "unproved"),
    ("silence", "2025-01-01", "2025-12-31", "adlaw_consent", "breached"),
    ("asked_again", "2025-01-01", "2025-12-31", "miit31_request", "unclear"),
    // A request is a ground where the text names it; 实施条例 24 does not.
    ("requested", "2025-01-01", "2025-12-31", "adlaw_consent", "met"),
    ("requested", "2025-01-01", "2025-12-31", "crplreg_consent", "unclear"),
    ("third_party", "2023-01-01", "2023-12-31", "pipl_provision", "met"),
    ("third_party_incomplete", "2023-01-01", "2023-12-31", "pipl_provision", "breached"),
    ("third_party", "2023-01-01", "2023-12-31", "algo_switch", "breached"),
    ("minor_automated", "2024-01-01", "2024-12-31", "minors_marketing", "breached"),
    ("no_refusal_method", "2022-01-01", "2022-12-31", "adlaw_identity", "breached"),
    ("no_refusal_method", "2022-01-01", "2022-12-31", "miit31_refusal", "breached"),
    ("refusal_not_free", "2022-01-01", "2022-12-31", "samr37_refusal", "breached"),
    ("service_port", "2022-01-01", "2022-12-31", "miit31_port", "unclear"),
    ("sender_number_not_kept", "2022-01-01", "2022-12-31", "miit31_number", "unproved"),
    ("email_label", "2022-01-01", "2022-12-31", "email_label", "met"),
    ("email_no_label", "2022-01-01", "2022-12-31", "email_label", "breached"),
    ("call_no_record", "2025-01-01", "2025-12-31", "crplreg_consent", "unproved"),
    ("call_no_record", "2025-01-01", "2025-12-31", "miit31_consent", "not_applicable"),
    // The seed case: there was no consent; the operator knew.
    ("seed_case", "2021-01-01", "2021-12-31", "adlaw_consent", "breached"),
    ("seed_case", "2021-01-01", "2021-12-31", "crpl_consent", "breached"),
    ("seed_case", "2021-01-01", "2021-12-31", "adlaw_operator", "breached"),
    ("seed_case", "2021-01-01", "2021-12-31", "pipl_consent", "not_applicable"),
    ("code_or_notice", "2020-01-01", "2026-12-31", "adlaw_consent", "not_applicable"),
    ("code_with_offer", "2025-01-01", "2025-12-31", "adlaw_consent", "unproved"),
    ("foreign", "2025-01-01", "2025-12-31", "adlaw_consent", "unproved"),
    ("organisation", "2025-01-01", "2025-12-31", "crpl_consent", "not_applicable"),
];

fn scenarios() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder().join("expected.csv")).unwrap();
    text.lines()
        .skip(1)
        .filter_map(|l| l.split_once(','))
        .map(|(id, s)| (id.to_owned(), s.to_owned()))
        .collect()
}

#[test]
fn verdicts_agree_with_the_law() {
    let (found, scenarios) = (run(), scenarios());
    let (mut wrong, mut used) = (Vec::new(), BTreeMap::<usize, u32>::new());
    for row in &found.judged {
        let Some(scenario) = row.send_id.as_ref().and_then(|id| scenarios.get(id)) else { continue };
        let day = row.message.sent_at.date();
        for (at, (name, from, until, provision, expected)) in EXPECTED.iter().enumerate() {
            let spoken = Date::parse(from).unwrap() <= day && day <= Date::parse(until).unwrap();
            if name != scenario || !spoken {
                continue;
            }
            *used.entry(at).or_default() += 1;
            let finding = row.decision.findings.of(ProvisionId::from_code(provision).unwrap());
            let (strict, lenient) = expected.split_once('/').unwrap_or((expected, expected));
            let answer = |code: &str| Answer::from_code(code).unwrap_or_else(|| panic!("{code}"));
            if (finding.strict, finding.lenient) != (answer(strict), answer(lenient)) {
                wrong.push(format!("{scenario} {day} {provision}: expected {expected}, found {finding:?}"));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let unused: Vec<_> =
        (0..EXPECTED.len()).filter(|at| !used.contains_key(at)).map(|at| EXPECTED[at]).collect();
    assert!(unused.is_empty(), "no send for: {unused:?}");
}

#[test]
fn every_row_is_judged_or_rejected_with_its_reason() {
    let found = run();
    let sends = found.summary.inputs.files.iter().find(|f| f.table == "sends").unwrap();
    assert_eq!(sends.rows, sends.judged + sends.rejected);
    assert_eq!(sends.judged, found.judged.len() as u64);
    let reasons: Vec<_> = found.rejects.iter().map(|r| (r.column, r.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            ("sent_at", "is no time with a zone, such as 2021-11-11T09:30:00+08:00"),
            ("recipient", "looks like a number that a spreadsheet has rounded; export the column as text"),
        ]
    );
}

#[test]
fn codes_are_never_lost_and_never_commercial() {
    let (found, scenarios) = (run(), scenarios());
    for row in &found.judged {
        let scenario = row.send_id.as_ref().and_then(|id| scenarios.get(id)).map_or("", String::as_str);
        match scenario {
            "code_or_notice" => assert_eq!(row.class, Class::NotCommercial, "{:?}", row.excerpt),
            "code_with_offer" => assert_eq!(row.decision.outcome, anning_decide::Outcome::FailOpen),
            _ => {}
        }
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let copy = std::env::temp_dir().join(format!("anning-double11-{}", std::process::id()));
    std::fs::create_dir_all(&copy).unwrap();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap();
        let keep = ["audit.toml", "README.md", "expected.csv"].contains(&name.to_str().unwrap());
        let mut lines: Vec<&str> = text.lines().collect();
        if !keep {
            lines[1..].reverse();
        }
        // E-mail subjects hold a line break within quotes: such files are left as they are.
        let out = if keep || text.contains("\"\n") || text.contains("\n尊敬") {
            text.clone()
        } else {
            lines.join("\n")
        };
        std::fs::write(copy.join(name), out).unwrap();
    }
    let settings = Settings::of_folder(&copy).unwrap();
    let (one, other) = (run().summary, audit(&copy, &settings, |_, _| {}).unwrap().summary);
    std::fs::remove_dir_all(&copy).unwrap();
    assert_eq!(one.totals, other.totals);
    assert_eq!(one.provisions, other.provisions);
    assert_eq!(one.bound, other.bound);
}

#[test]
fn as_if_replay_asks_another_days_law() {
    let mut settings = Settings::of_folder(&folder()).unwrap();
    settings.law_on = Some(Date::parse("2021-10-31").unwrap());
    let found = audit(&folder(), &settings, |_, _| {}).unwrap();
    let pipl = ProvisionId::PiplConsent.bit();
    assert!(found.judged.iter().all(|row| row.decision.findings.strict.applicable() & pipl == 0));
    assert_eq!(found.summary.bound.law_on.as_deref(), Some("2021-10-31"));
}
