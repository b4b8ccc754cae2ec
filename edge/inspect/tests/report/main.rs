//! What is made of records: report, SARIF, summary, comparison, measurement; from a page that is hostile in every word.
#![cfg(test)]

mod eval;
mod page;

use std::collections::BTreeSet;

use anning_inspect::terminal::{self, Voice};
use anning_inspect::{
    Inspection, Judgement, Lang, Stored, diff, report, sarif, sarif_compared, steps, summary,
};
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

/// The drawing of a picture, as the report shows it whole: its boxes by x and y.
fn boxes(html: &str, picture: &str) -> Vec<(String, String)> {
    let (_, drawing) = html.split_once(&format!("<use href=\"#{picture}\"/>")).unwrap();
    let (drawing, _) = drawing.split_once("</svg>").unwrap();
    let parts = drawing.split("<rect class=\"box\"").skip(1);
    let value = |part: &str, name: &str| {
        part.split_once(&format!(" {name}=\"")).unwrap().1.split_once('"').unwrap().0.to_owned()
    };
    parts.map(|part| (value(part, "x"), value(part, "y"))).collect()
}

#[test]
fn each_picture_has_the_boxes_of_its_own_record() {
    let mut page = inspection("boxes", PLAIN, "2026-05-02");
    let mut wide = record(PLAIN, true);
    wide.viewport = anning_page::record::Viewport { width: 1_366, height: 900, scale: 1.0, touch: false };
    for control in &mut wide.states[0].controls {
        control.area[0] += 200.0;
        control.area[1] += 100.0;
    }
    page.judgements.push(judged("boxes-wide", wide.clone(), "2026-05-02"));
    let html = report::html(&page, Lang::Zh);
    let at = |x: &str, y: &str| (x.to_owned(), y.to_owned());
    let (phone, desktop) = (boxes(&html, "p0-0"), boxes(&html, "p1-0"));
    assert!(phone.contains(&at("1", "299")), "{phone:?}");
    assert!(desktop.contains(&at("201", "399")) && !desktop.contains(&at("1", "299")), "{desktop:?}");
    let json: Value = serde_json::from_str(&summary(&[page.clone()])).unwrap();
    let preticked =
        json["pages"][0]["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "RP-01").unwrap();
    assert_eq!(preticked["places"][1]["spots"][0]["box"][0], 204.0, "{preticked}");
    // A box that is off in one of the windows is not drawn there, and the list says where it is on.
    wide.states[0].controls[0].on = Some(false);
    page.judgements[1] = judged("boxes-off", wide, "2026-05-02");
    let html = report::html(&page, Lang::Zh);
    assert!(html.contains("仅见于手机 390×844"));
}

#[test]
fn a_record_made_elsewhere_is_not_said_to_be_ours() {
    let mut own = record(PLAIN, true);
    own.recorder.name = "app-team".to_owned();
    own.recorder.browser = String::new();
    own.recorder.agent = String::new();
    own.states[0].picture = None;
    own.files.clear();
    let page = Inspection {
        name: "app".to_owned(),
        source: "app".to_owned(),
        judgements: vec![judged("elsewhere", own, "2026-05-02")],
    };
    let html = report::html(&page, Lang::En);
    for said in
        ["The record was made by app-team 0", "There are no pictures with the record", "as a new user"]
    {
        assert!(html.contains(said), "{said}");
    }
    for unsaid in [
        "A real browser opened the page",
        "stopped before they left the machine",
        "Repeat the steps in any browser",
        "every finding is boxed",
        ">Browser<",
        ">User agent<",
        "class=\"screens\"",
    ] {
        assert!(!html.contains(unsaid), "{unsaid}");
    }
}

#[test]
fn the_example_of_the_specification_is_a_record_that_says_something() {
    let spec = include_str!("../../../../spec/page-record.md");
    let example = spec.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    let record = anning_page::record::Record::read(example.as_bytes()).unwrap();
    let found = judged("example", record, "2026-11-27");
    let broken: BTreeSet<&str> =
        found.findings.iter().filter(|j| j.is_violation()).map(|j| j.finding.rule.id()).collect();
    assert!(broken.contains("RP-01") && broken.contains("RP-09"), "{broken:?}");
}

#[test]
fn the_page_version_is_told_and_what_it_is_for() {
    let page = inspection("version", PLAIN, "2026-05-02");
    let version = page.judgements[0].version().unwrap();
    assert_eq!(version.len(), 64);
    let voice = Voice { lang: Lang::En, colour: false };
    assert!(terminal::page(&page, voice).contains(&format!("page version {version}  phone 390×844")));
    assert!(terminal::versions(voice).contains("sign-up log"));
    let json: Value = serde_json::from_str(&summary(std::slice::from_ref(&page))).unwrap();
    assert_eq!(json["pages"][0]["records"][0]["page_version"], version.as_str());
    let html = report::html(&page, Lang::En);
    assert!(html.contains(&version) && html.contains("write it into the sign-up log"));
    // No page, no version.
    let mut none = record(PLAIN, true);
    none.outcome = anning_page::record::Outcome::Unreachable;
    assert_eq!(judged("version-none", none, "2026-05-02").version(), None);
}

#[test]
fn english_counts_and_times_of_beijing() {
    let mut one = record(PLAIN, true);
    one.recorded_at = "2026-05-02T16:30:07.123Z".to_owned();
    let page = Inspection {
        name: "one".to_owned(),
        source: "one".to_owned(),
        judgements: vec![judged("one", one, "2026-05-02")],
    };
    let html = report::html(&page, Lang::En);
    assert!(
        html.contains("2026-05-03 00:30:07 Beijing time") && html.contains("北京时间 2026-05-03 00:30:07")
    );
    for wrong in ["1 pictures", "1 files", "1 notes", "1 violations", "1 things", "1 rules", "1 of them are"]
    {
        assert!(!html.contains(wrong), "{wrong}");
    }
    assert!(html.contains("1 picture<") && html.contains("1 note of the recorder"));
}

#[test]
fn an_overview_begins_with_the_gravest_and_sets_apart_what_was_not_seen() {
    let named = |name: &str, change: fn(&mut anning_page::record::Record), on: bool| {
        let mut made = record(PLAIN, on);
        change(&mut made);
        let judgements = vec![judged(&format!("overview-{name}"), made, "2026-05-02")];
        Inspection { name: name.to_owned(), source: format!("{name}/index.html"), judgements }
    };
    let bare = |record: &mut anning_page::record::Record| {
        record.states[0].texts.clear();
        record.states[0].controls.clear();
        record.states[0].links.clear();
        record.documents.clear();
    };
    let pages = [
        named("a-clean", bare, false),
        named(
            "b-dead",
            |record| {
                record.outcome = anning_page::record::Outcome::Unreachable;
                record.states.clear();
                record.events.clear();
                record.submits.clear();
                record.documents.clear();
            },
            false,
        ),
        named(
            "c-part",
            |record| {
                record.states[0].texts.clear();
                record.states[0].controls.clear();
                record.states[0].links.clear();
                record.documents.clear();
                record.outcome = anning_page::record::Outcome::Partial;
            },
            false,
        ),
        named("d-bad", |_| {}, true),
    ];
    let links: Vec<String> = pages.iter().map(|page| format!("{}.html", page.name)).collect();
    let html = report::index(&pages, &links, Lang::En);
    let at = |name: &str| html.find(&format!("href=\"{name}.html\"")).unwrap();
    let apart = html.find("<section id=\"open\">").unwrap();
    assert!(at("d-bad") < at("a-clean") && at("a-clean") < apart, "{html}");
    assert!(apart < at("b-dead") && apart < at("c-part"));
    assert!(html.contains("<tr class=\"critical\">") && html.contains("unreachable"));
}

#[test]
fn fingerprints_do_not_depend_on_where_the_command_runs() {
    let prints = |source: &str| {
        let mut page = inspection("prints", PLAIN, "2026-05-02");
        page.source = source.to_owned();
        page.issues().into_iter().map(|issue| issue.fingerprint).collect::<Vec<_>>()
    };
    assert_eq!(prints("join/index.html"), prints("../site/join/index.html"));
    // Another page of the same file name keeps its own.
    let mut other = inspection("prints", PLAIN, "2026-05-02");
    other.name = "other".to_owned();
    assert_ne!(prints("x")[0], other.issues()[0].fingerprint);
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
    // No address of ours is public: a link that leads nowhere is worse than none.
    assert!(!log.to_string().contains("example.org") && rules.iter().all(|rule| rule["helpUri"].is_null()));
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

/// A version of the page: one record a window, the box on or off in each.
fn version(name: &str, words: &str, on: &[(bool, bool)]) -> Inspection {
    let made = |at: usize, (touch, on): (bool, bool)| {
        let mut record = record(words, on);
        record.viewport.touch = touch;
        record.viewport.width = if touch { 390 } else { 1_366 };
        judged(&format!("{name}-{at}"), record, "2026-05-02")
    };
    Inspection {
        name: "join".to_owned(),
        source: "join/index.html".to_owned(),
        judgements: on.iter().enumerate().map(|(at, window)| made(at, *window)).collect(),
    }
}

fn ids(lines: &[anning_inspect::Line]) -> Vec<&'static str> {
    lines.iter().map(|line| line.rule.id()).collect()
}

const ENGLISH: Voice = Voice { lang: Lang::En, colour: false };

#[test]
fn versions_are_compared() {
    let old = version("diff-old", PLAIN, &[(true, true)]);
    let new = version("diff-new", PLAIN, &[(true, false)]);
    let found = diff(&old, &new).unwrap();
    assert!(ids(&found.mended).contains(&"RP-01") && !ids(&found.left).contains(&"RP-01"), "{found:?}");
    assert!(ids(&found.left).contains(&"RP-22") && found.new.is_empty(), "{found:?}");
    assert_eq!(found.windows[0].sha256, [&old, &new].map(|page| page.judgements[0].sha256.clone()));
    assert!(found.texts.is_empty());
    let same = diff(&old, &old).unwrap();
    assert!(same.mended.is_empty() && same.new.is_empty());
    let worded = version("diff-words", ONCE, &[(true, true)]);
    let changed = diff(&old, &worded).unwrap();
    let told = changed.text(ENGLISH);
    assert_eq!(changed.texts.len(), 2, "{told}");
    assert!(
        told.contains("was: 我同意接收商品推广短信")
            && told.contains(&format!("now: 我同意接收商品推广短信{ONCE}")),
        "{told}"
    );
}

#[test]
fn versions_are_compared_window_by_window() {
    let old = version("both-old", PLAIN, &[(true, true), (false, true)]);
    // Mended on the phone alone, and the windows in another order.
    let new = version("both-new", PLAIN, &[(false, true), (true, false)]);
    let found = diff(&old, &new).unwrap();
    let of = |lines: &[anning_inspect::Line]| {
        lines.iter().filter(|line| line.rule.id() == "RP-01").map(|l| l.windows.clone()).collect::<Vec<_>>()
    };
    assert_eq!((of(&found.mended), of(&found.left)), (vec![vec![0]], vec![vec![1]]));
    let told = found.text(ENGLISH);
    assert!(told.contains("✓ mended RP-01") && told.contains("[phone 390×844]"), "{told}");
    // What both windows share is said once.
    let mut shared = found.left.iter().filter(|line| line.rule.id() == "RP-22");
    assert!(shared.all(|line| line.windows == [0, 1]), "{found:?}");
    // The way back: one new critical violation, on one window.
    let back = diff(&new, &old).unwrap();
    assert_eq!(back.gravest_new(), Some(anning_page::finding::Severity::Critical));
    assert_eq!(found.gravest_new(), None);
    let log: Value = serde_json::from_str(&sarif_compared(&old, &back, Lang::En)).unwrap();
    let state = |rule: &str| {
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().find(|result| result["ruleId"] == rule).unwrap()["baselineState"].clone()
    };
    assert_eq!((state("RP-01"), state("RP-22")), ("new".into(), "unchanged".into()));
}

#[test]
fn what_cannot_be_compared_is_said_with_the_way_out() {
    let phone = version("alone-phone", PLAIN, &[(true, true)]);
    let desktop = version("alone-desktop", PLAIN, &[(false, true)]);
    let both = version("alone-both", PLAIN, &[(true, true), (false, true)]);
    for (old, new) in [(&phone, &desktop), (&both, &phone), (&phone, &both)] {
        let error = diff(old, new).unwrap_err().to_string();
        assert!(error.contains("same --viewport") && error.contains("390×844"), "{error}");
    }
    // A dead page has no findings; that mends nothing.
    let mut dead = phone.clone();
    dead.judgements[0].record.outcome = anning_page::record::Outcome::Unreachable;
    let error = diff(&phone, &dead).unwrap_err().to_string();
    assert!(error.contains("newer version") && error.contains("unreachable"), "{error}");
    let mut part = phone.clone();
    part.judgements[0].record.outcome = anning_page::record::Outcome::Partial;
    let found = diff(&phone, &part).unwrap();
    assert!(!found.is_whole() && found.text(ENGLISH).contains("need not be mended"));
    assert!(diff(&phone, &phone).unwrap().is_whole());
}

#[test]
fn a_record_that_is_not_the_sealed_one_is_refused() {
    let folder = folder("sealed");
    let stored = Stored::write(record(PLAIN, true), &folder).unwrap();
    let seal = |hash: &str| {
        serde_json::json!({"format": "anning-page-seal/1", "log": "log.example/pages", "suite": "ed25519-sha256",
            "record_sha256": hash, "position": 7, "leaf": "", "inclusion": [], "checkpoint": ""})
        .to_string()
    };
    let write = |text: &str| std::fs::write(folder.join("seal.json"), text).unwrap();
    write(&seal(&stored.sha256));
    let read = Stored::read(&folder).unwrap();
    let judgement = Judgement::of(read, None).unwrap();
    assert_eq!(
        judgement.sealed.map(|at| (at.origin, at.position)),
        Some(("log.example/pages".to_owned(), 7))
    );
    for (text, says) in [
        (seal(&"0".repeat(64)), "ALTERED"),
        ("{}".to_owned(), "no seal of a page record"),
        (seal(&stored.sha256).replace("seal/1", "seal/9"), "seal/9"),
    ] {
        write(&text);
        for path in [folder.clone(), folder.join("record.json")] {
            let error = Stored::read(&path).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
    // A record of another name has its seal beside it too.
    std::fs::copy(folder.join("record.json"), folder.join("app.json")).unwrap();
    assert!(Stored::read(&folder.join("app.json")).unwrap().seal.is_none());
    std::fs::write(folder.join("app.seal.json"), seal(&"0".repeat(64))).unwrap();
    assert!(Stored::read(&folder.join("app.json")).unwrap_err().to_string().contains("ALTERED"));
}

#[test]
fn evidence_is_plain_files_of_bounded_length() {
    let folder = folder("plain");
    Stored::write(record(PLAIN, true), &folder).unwrap();
    let refused = |name: &str, says: &str| {
        let error = Stored::read(&folder.join(name)).unwrap_err().to_string();
        assert!(error.contains(says), "{name}: {error}");
    };
    std::fs::create_dir(folder.join("linked")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.join("linked/record.json")).unwrap();
    refused("linked", "plain files");
    std::os::unix::fs::symlink(folder.join("record.json"), folder.join("alias.json")).unwrap();
    assert!(Stored::read(&folder.join("alias.json")).is_ok(), "a link that is named is meant");
    std::os::unix::fs::symlink("/dev/zero", folder.join("zero.json")).unwrap();
    refused("zero.json", "plain files");
    // A pipe would be waited for, a long file read whole before it is refused.
    let long = std::fs::File::create(folder.join("long.json")).unwrap();
    long.set_len(1 << 32).unwrap();
    refused("long.json", "longer than");
    std::fs::remove_file(folder.join("long.json")).unwrap();
    std::fs::remove_file(folder.join("state-0.png")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.join("state-0.png")).unwrap();
    assert_eq!(Stored::read(&folder).unwrap().altered(), [("state-0.png".to_owned(), "missing")]);
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
