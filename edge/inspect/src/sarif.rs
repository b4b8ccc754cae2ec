//! SARIF 2.1.0, for code hosts and editors.

use anning_page::finding::{Rule, Severity};
use serde_json::{Value, json};

use crate::advice;
use crate::gaps::gaps;
use crate::inspection::{Inspection, Issue};
use crate::steps::steps;
use crate::words::{Lang, Standing, severity_code, window};

/// The log of one run.
#[must_use]
pub fn sarif(pages: &[Inspection], lang: Lang) -> String {
    let results: Vec<Value> = pages
        .iter()
        .flat_map(|page| page.issues().iter().map(|issue| result(page, issue, lang)).collect::<Vec<_>>())
        .collect();
    let unseen: Vec<Value> = pages
        .iter()
        .flat_map(|page| &page.judgements)
        .filter(|judgement| !judgement.is_whole())
        .map(|judgement| {
            let why: Vec<String> =
                gaps(&judgement.record).iter().map(|words| words.get(lang).to_owned()).collect();
            json!({
                "level": "error",
                "message": {"text": format!("{}: {}", judgement.record.address, why.join("; "))},
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "anning inspect",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": HELP,
                "language": match lang { Lang::Zh => "zh-CN", Lang::En => "en-US" },
                "rules": Rule::ALL.map(|rule| describe(rule, lang)),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": unseen.is_empty(), "toolExecutionNotifications": unseen}],
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn describe(rule: Rule, lang: Lang) -> Value {
    let (title, mend) = match lang {
        Lang::Zh => (rule.title_zh(), advice::mend(rule).zh),
        Lang::En => (rule.title_en(), advice::mend(rule).en),
    };
    json!({
        "id": rule.id(),
        "name": rule.slug(),
        "shortDescription": {"text": title},
        "help": {"text": mend},
        "helpUri": format!("{HELP}#{}", rule.id().to_lowercase()),
        "defaultConfiguration": {"level": level(rule.severity())},
        "properties": {"severity": severity_code(rule.severity())},
    })
}

fn result(page: &Inspection, issue: &Issue<'_>, lang: Lang) -> Value {
    let finding = issue.finding();
    let record = page.judgements.get(issue.judgement).map(|judgement| &judgement.record);
    let level = match issue.standing {
        Standing::Violation => level(issue.severity()),
        Standing::NeedsPerson | Standing::Remark | Standing::Passes | Standing::NotApplicable => "note",
    };
    let (says, law) = match lang {
        Lang::Zh => (&finding.zh, "依据："),
        Lang::En => (&finding.en, "basis: "),
    };
    let cited: Vec<String> = issue
        .judged
        .basis
        .iter()
        .filter(|basis| basis.is_law())
        .map(|basis| crate::terminal::cite(basis, lang))
        .collect();
    let quote = finding.quotes.first().map(|quote| format!("\n“{quote}”")).unwrap_or_default();
    let basis = if cited.is_empty() { String::new() } else { format!("\n{law}{}", cited.join("; ")) };
    let places: Vec<Value> = finding
        .spots
        .iter()
        .map(|spot| json!({"fullyQualifiedName": spot.place, "kind": "element"}))
        .collect();
    let windows =
        std::iter::once(&issue.judgement).chain(&issue.also).filter_map(|at| page.judgements.get(*at));
    let shown: Vec<String> = windows.map(|j| window(j.record.viewport).get(lang).to_owned()).collect();
    let walk: Vec<Value> = record
        .map(|record| steps(record, finding))
        .unwrap_or_default()
        .iter()
        .map(|step| json!({"location": {"message": {"text": step.get(lang)}}}))
        .collect();
    json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == finding.rule),
        "kind": if issue.standing == Standing::NeedsPerson { "review" } else { "fail" },
        "level": level,
        "message": {"text": format!("{says}{quote}{basis}")},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": uri(&page.source)}, "region": {"startLine": 1}},
            "logicalLocations": places,
        }],
        "codeFlows": [{"threadFlows": [{"locations": walk}]}],
        "partialFingerprints": {"anningPlace/v1": issue.fingerprint},
        "properties": {
            "severity": severity_code(issue.severity()),
            "windows": shown,
            "inForce": issue.judged.in_force,
            "recordSha256": page.judgements.get(issue.judgement).map(|judgement| judgement.sha256.clone()),
        },
    })
}

/// `review` and the lesser severities are never errors.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Serious => "error",
        Severity::Moderate => "warning",
    }
}

/// An address is a URI reference already; of a path, what a URI may not hold is escaped.
fn uri(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Where the rules are explained; each has an anchor.
const HELP: &str = "https://example.org/anning/docs/inspect.md";
