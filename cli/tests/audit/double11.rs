//! The authored sample: each scenario's verdicts are known by construction and compared with the audit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anning_audit::Settings;
use anning_vocab::{Answer, Date};

use crate::verdicts::{run, scratch, verdicts};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples/double11")
}

fn settings() -> Settings {
    Settings::of_folder(&folder()).unwrap()
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
    let (_, found) = verdicts(&folder(), &settings());
    let (mut wrong, mut used) = (Vec::new(), BTreeMap::<usize, u32>::new());
    for (id, scenario) in scenarios() {
        let Some(row) = found.get(&id) else { continue };
        // No send of the sample lies in the hours in which the day differs.
        let day = Date::parse(row.sent_at.get(..10).unwrap()).unwrap();
        for (at, (name, from, until, provision, expected)) in EXPECTED.iter().enumerate() {
            let spoken = Date::parse(from).unwrap() <= day && day <= Date::parse(until).unwrap();
            if *name != scenario || !spoken {
                continue;
            }
            *used.entry(at).or_default() += 1;
            let (strict, lenient) = expected.split_once('/').unwrap_or((expected, expected));
            let answer = |code: &str| Answer::from_code(code).unwrap();
            if row.answers(provision) != (answer(strict), answer(lenient)) {
                let answers = row.answers(provision);
                wrong.push(format!("{scenario} {day} {provision}: expected {expected}, found {answers:?}"));
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
    let (summary, out) = run(&folder(), &settings());
    let sends = summary.inputs.files.iter().find(|f| f.table == "sends").unwrap();
    assert_eq!((sends.rows, sends.judged, sends.rejected), (1_575, 1_573, 2));
    assert_eq!(summary.totals.outcomes.sends, sends.judged);
    let rejects = std::fs::read_to_string(out.join("rejects.csv")).unwrap();
    std::fs::remove_dir_all(&out).unwrap();
    let lines: Vec<&str> = rejects.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{rejects}");
    assert!(lines[0].contains("sent_at") && lines[1].contains("recipient"), "{rejects}");
}

#[test]
fn codes_are_never_commercial_and_an_offer_in_one_is_recorded() {
    let (_, found) = verdicts(&folder(), &settings());
    for (id, scenario) in scenarios() {
        let Some(row) = found.get(&id) else { continue };
        match scenario.as_str() {
            "code_or_notice" => assert_eq!(row.class, "not_commercial", "{id}"),
            "code_with_offer" => assert!(row.caveats.iter().any(|c| c == "code_with_offer"), "{id}"),
            _ => {}
        }
    }
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
fn as_if_replay_asks_another_days_law() {
    let mut settings = settings();
    settings.law_on = Some(Date::parse("2021-10-31").unwrap());
    let (summary, out) = run(&folder(), &settings);
    std::fs::remove_dir_all(&out).unwrap();
    assert!(summary.provisions.iter().all(|p| p.id != "pipl_consent"));
    assert_eq!(summary.bound.law_on.as_deref(), Some("2021-10-31"));
}

/// Kills the audit at many points; the same command then goes on and gives the same bytes.
#[test]
fn a_killed_audit_goes_on() {
    let world = scratch("killed");
    let anning = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anning"));
        command.args(arguments).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command
    };
    let data = world.join("data");
    let path = |p: &Path| p.to_str().unwrap().to_owned();
    assert!(anning(&["sample", "--sends", "60000", "--out", &path(&data)]).status().unwrap().success());
    let (whole, out) = (world.join("whole"), world.join("out"));
    assert!(anning(&["audit", &path(&data), "--out", &path(&whole)]).status().unwrap().success());
    let mut killed = 0;
    for wait in 1..40 {
        let mut child = anning(&["audit", &path(&data), "--out", &path(&out)]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait * 7));
        killed += u32::from(child.try_wait().unwrap().is_none());
        // A run that is finished already cannot be killed any more.
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(anning(&["audit", &path(&data), "--out", &path(&out)]).status().unwrap().success());
    assert!(killed > 0, "no run was still going");
    for name in ["findings.parquet", "summary.json", "report.html", "rejects.csv"] {
        assert!(std::fs::read(whole.join(name)).unwrap() == std::fs::read(out.join(name)).unwrap(), "{name}");
    }
    std::fs::remove_dir_all(&world).unwrap();
}
