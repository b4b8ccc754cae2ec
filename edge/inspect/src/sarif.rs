//! SARIF 2.1.0, for code hosts and editors.

use anning_page::finding::{Rule, Severity};
use serde_json::{Value, json};

use crate::advice;
use crate::diff::Diff;
use crate::gaps::gaps;
use crate::inspection::{Inspection, Issue};
use crate::steps::steps;
use crate::words::{Lang, Standing, severity_code, window};

/// The log of one run.
#[must_use]
pub fn sarif(pages: &[Inspection], lang: Lang) -> String {
    log(pages, lang, &|_, _| None)
}

/// The log of a newer version: each of its findings as `new` or `unchanged`, compared with an older one.
#[must_use]
pub fn sarif_compared(newer: &Inspection, found: &Diff, lang: Lang) -> String {
    let state = |page: &Inspection, issue: &Issue<'_>| {
        Some(if found.is_new(page, issue) { "new" } else { "unchanged" })
    };
    log(std::slice::from_ref(newer), lang, &state)
}

/// How a result stands to an older version, where there is one.
type State<'a> = dyn Fn(&Inspection, &Issue<'_>) -> Option<&'static str> + 'a;

fn log(pages: &[Inspection], lang: Lang, state: &State<'_>) -> String {
    let mut results: Vec<Value> = Vec::new();
    for page in pages {
        for issue in page.issues() {
            let mut one = result(page, &issue, lang);
            if let (Some(state), Some(object)) = (state(page, &issue), one.as_object_mut()) {
                object.insert("baselineState".to_owned(), state.into());
            }
            results.push(one);
        }
    }
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
    let windows = issue.seen().filter_map(|(at, _)| page.judgements.get(at));
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

/// An address is a URI reference already; of a path, what a URI may not hold is escaped, `:` too, lest a path pass for
/// a scheme.
fn uri(address: &str) -> String {
    let web = address.starts_with("https://") || address.starts_with("http://");
    let plain: &[u8] = if web { b"-._~:/?#[]@!$&'()*+,;=%" } else { b"-._~/@!$&'()*+,;=" };
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_no_scheme() {
        for (source, said) in [
            ("javascript:alert(1)", "javascript%3Aalert(1)"),
            ("注册/index.html", "%E6%B3%A8%E5%86%8C/index.html"),
            ("a#b?c%41", "a%23b%3Fc%2541"),
            ("https://a.example/x?y=%41#z", "https://a.example/x?y=%41#z"),
        ] {
            assert_eq!(uri(source), said);
        }
    }
}
