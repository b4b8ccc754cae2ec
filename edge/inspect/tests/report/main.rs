//! What is made of records: report, SARIF, summary, comparison, measurement; from a page that is hostile in every word.
#![cfg(test)]

mod eval;
mod page;

use std::collections::BTreeSet;

use anning_inspect::terminal::{self, Voice};
use anning_inspect::{Inspection, Judgement, Lang, Stored, diff, report, sarif, steps, summary};
use anning_vocab::Date;
use page::{HOSTILE, ONCE, PLAIN, folder, record};
use serde_json::Value;

fn judged(name: &str, record: anning_page::record::Record, on: &str) -> Judgement {
    let folder = folder(name);
    let stored = Stored::write(record, &folder).unwrap();
    Judgement::of(stored, Some(Date::parse(on).unwrap())).unwrap()
}

fn inspection(name: &str, words: &str, on: &str) -> Inspection {
    Inspection {
        name: format!("{name} {words}"),
        source: "join/index.html".to_owned(),
        judgements: vec![judged(name, record(words, true), on)],
    }
}

/// Names of tags and attributes of a document, as a browser's tokenizer would see them outside script and style.
fn markup(html: &str) -> (Vec<String>, Vec<String>) {
    let (mut tags, mut attributes) = (Vec::new(), Vec::new());
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, next) = after.split_once('>').unwrap_or((after, ""));
        let name = tag.split([' ', '\n', '/']).next().unwrap_or_default().to_owned();
        // Values are quoted, and nothing within quotes is a name.
        for (at, part) in tag.split('"').enumerate().filter(|(at, _)| at % 2 == 0) {
            let names = part.split_whitespace().skip(usize::from(at == 0));
            attributes.extend(names.map(|name| name.trim_end_matches(['=', '/']).to_owned()));
        }
        rest = match name.as_str() {
            "script" | "style" => next.split_once("</").map_or("", |(_, end)| end),
            _ => next,
        };
        tags.push(name);
    }
    (tags, attributes)
}

#[test]
fn nothing_a_page_says_becomes_markup() {
    let check = |words: &str| {
        let html = report::html(&inspection("hostile", words, "2026-05-02"), Lang::Zh);
        let (tags, attributes) = markup(&html);
        assert_eq!(tags.iter().filter(|tag| *tag == "script").count(), 1, "{words}");
        tags.into_iter().chain(attributes).collect::<BTreeSet<String>>()
    };
    let plain = check(PLAIN);
    assert!(!plain.iter().any(|name| name.starts_with("on") || name == "style="), "{plain:?}");
    // Whatever the words are, they bring no tag and no attribute of their own.
    let brought: Vec<String> = check(HOSTILE).difference(&plain).cloned().collect();
    assert!(brought.is_empty(), "{brought:?}");
    let page = inspection("hostile-all", HOSTILE, "2026-05-02");
    let html = report::html(&page, Lang::En);
    assert!(html.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"), "escaped, not left out");
    for said in [html, report::index(std::slice::from_ref(&page), &["a.html".to_owned()], Lang::Zh)] {
        assert!(!said.contains("<img") && !said.contains('\u{202e}') && !said.contains("nonce\u{1}"));
    }
    let told = terminal::page(&page, Voice { lang: Lang::En, colour: false });
    assert!(!told.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{told:?}");
}

#[test]
fn a_report_says_what_a_person_needs() {
    let page = inspection("said", PLAIN, "2026-05-02");
    let html = report::html(&page, Lang::Zh);
    for said in [
        "RP-01",
        "默认勾选营销同意",
        "个人信息保护法第十四条",
        "[T]",
        "PIPL art. 14",
        "marketing consent is on before the user did anything",
        "不是法律",
        "自己重复一遍",
        "怎样改正",
        "data:image/png;base64,",
        &page.judgements[0].sha256,
        "本会提交的内容",
        "从注册页面点 1 次打开",
        "2.5 屏",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert_eq!(html, report::html(&page, Lang::Zh), "the same bytes again");
    // Before the law was in force the same page is only remarked upon.
    let before = inspection("before", PLAIN, "2019-06-01");
    let (html, rules) = (report::html(&before, Lang::Zh), before.rules());
    assert!(html.contains("当日没有有效的条文禁止这种做法"), "no law for some finding: {rules:?}");
}

#[test]
fn a_picture_that_was_changed_is_left_out() {
    let page = inspection("altered", PLAIN, "2026-05-02");
    let folder = page.judgements[0].folder.clone().unwrap();
    std::fs::write(folder.join("state-0.png"), b"\x89PNG\r\n\x1a\nother").unwrap();
    let html = report::html(&page, Lang::Zh);
    assert!(!html.contains("data:image/png") && html.contains("图片与记录的哈希不符"));
    assert_eq!(Stored::read(&folder).unwrap().altered(), [("state-0.png".to_owned(), "altered")]);
}

#[test]
fn sarif_has_the_form_that_hosts_read() {
    let run = || {
        serde_json::from_str::<Value>(&sarif(&[inspection("sarif", PLAIN, "2026-05-02")], Lang::En)).unwrap()
    };
    let log = run();
    assert_eq!(log["version"], "2.1.0");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().clone();
    assert_eq!(rules.len(), 30);
    assert!(rules.iter().all(|rule| rule["helpUri"].as_str().unwrap().contains("#rp-")));
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty());
    let mut prints: Vec<&str> = Vec::new();
    for result in results {
        let at = result["ruleIndex"].as_u64().unwrap();
        assert_eq!(rules[usize::try_from(at).unwrap()]["id"], result["ruleId"]);
        let (kind, level) = (result["kind"].as_str().unwrap(), result["level"].as_str().unwrap());
        let severity = result["properties"]["severity"].as_str().unwrap();
        let expected = match (kind, severity) {
            ("review", _) => "note",
            (_, "critical" | "serious") => "error",
            _ => "warning",
        };
        assert_eq!(level, expected, "{result}");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0];
        assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "join/index.html");
        assert!(place["logicalLocations"].is_array());
        prints.push(result["partialFingerprints"]["anningPlace/v1"].as_str().unwrap());
    }
    let preticked = results.iter().find(|result| result["ruleId"] == "RP-01").unwrap();
    assert_eq!(preticked["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "#ad");
    // Each its own, and the same the next time.
    let mut distinct = prints.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), prints.len());
    assert_eq!(log, run());
}

#[test]
fn a_summary_counts_what_two_windows_show_once() {
    let mut page = inspection("windows", PLAIN, "2026-05-02");
    let one: Value = serde_json::from_str(&summary(&[page.clone()])).unwrap();
    let mut wide = record(PLAIN, true);
    wide.viewport.width = 1_366;
    wide.viewport.touch = false;
    page.judgements.push(judged("windows-wide", wide, "2026-05-02"));
    let two: Value = serde_json::from_str(&summary(&[page])).unwrap();
    assert_eq!(one["totals"], two["totals"]);
    assert_eq!(two["pages"][0]["findings"][0]["records"], serde_json::json!([0, 1]));
    assert_eq!(one["pages"][0]["verdict"], "violations");
    assert_eq!(one["format"], "anning-inspect-summary/1");
}

#[test]
fn steps_lead_to_the_place() {
    let judgement = judged("steps", record(PLAIN, true), "2026-05-02");
    let of = |rule: &str| {
        let found = judgement.findings.iter().find(|j| j.finding.rule.id() == rule).unwrap();
        steps(&judgement.record, &found.finding).into_iter().map(|words| words.en).collect::<Vec<_>>()
    };
    let open = "in a fresh browser window (phone 390×844, no history, no cookies) open join/index.html";
    assert_eq!(of("RP-01"), [open]);
    assert_eq!(of("RP-15"), [open, "click the link “用户协议”", "scroll down about 2.5 screens"]);
}

#[test]
fn versions_are_compared() {
    let old = judged("diff-old", record(PLAIN, true), "2026-05-02");
    let new = judged("diff-new", record(PLAIN, false), "2026-05-02");
    let found = diff(&old, &new);
    let ids = |lines: &[anning_inspect::Line]| lines.iter().map(|line| line.rule.id()).collect::<Vec<_>>();
    assert!(ids(&found.mended).contains(&"RP-01") && !ids(&found.left).contains(&"RP-01"), "{found:?}");
    assert!(ids(&found.left).contains(&"RP-22") && found.new.is_empty(), "{found:?}");
    assert_eq!(found.sha256, [old.sha256.clone(), new.sha256]);
    assert!(found.texts.is_empty());
    let same = diff(&old, &old);
    assert!(same.mended.is_empty() && same.new.is_empty());
    let worded = judged("diff-words", record(ONCE, true), "2026-05-02");
    let changed = diff(&old, &worded);
    let told = changed.text(Voice { lang: Lang::En, colour: false });
    assert_eq!(changed.texts.len(), 2, "{told}");
    assert!(
        told.contains("- 我同意接收商品推广短信")
            && told.contains(&format!("+ 我同意接收商品推广短信{ONCE}")),
        "{told}"
    );
}

#[test]
fn what_was_seen_in_part_is_never_called_clean() {
    let mut seen = record(PLAIN, false);
    seen.outcome = anning_page::record::Outcome::Partial;
    let text = "step 2, tick = \"#none\": nothing on the page is: #none".to_owned();
    seen.notes.push(anning_page::record::Note { kind: "step_failed".to_owned(), text: text.clone() });
    let page = Inspection {
        name: "partial".to_owned(),
        source: "join/index.html".to_owned(),
        judgements: vec![judged("partial", seen, "2026-05-02")],
    };
    let log: Value = serde_json::from_str(&sarif(std::slice::from_ref(&page), Lang::En)).unwrap();
    let ended = &log["runs"][0]["invocations"][0];
    assert_eq!(ended["executionSuccessful"], false);
    let told = ended["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(told.contains(&text), "{told}");
    assert!(!page.is_whole());
    let said = terminal::page(&page, Voice { lang: Lang::En, colour: false });
    assert!(said.contains(&text), "{said}");
    let one: Value = serde_json::from_str(&summary(std::slice::from_ref(&page))).unwrap();
    assert!(one["pages"][0]["records"][0]["gaps"][0]["en"].as_str().unwrap().contains(&text));
    let html = report::html(&page, Lang::Zh);
    assert!(html.contains("step 2, tick = &quot;#none&quot;") || html.contains("step 2, tick = \"#none\""));
}
