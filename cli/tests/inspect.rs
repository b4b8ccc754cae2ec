//! Sign-up pages from the command line: recorded with Chromium where there is one, judged again without.
#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("anning-cli-inspect-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn anning(folder: &Path, line: &str) -> Output {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/pages");
    let words = line.split_whitespace().map(|word| word.replace("PAGES", pages.to_str().unwrap()));
    Command::new(env!("CARGO_BIN_EXE_anning")).args(words).current_dir(folder).output().unwrap()
}

/// What a command prints when it ends with this code.
fn ends(folder: &Path, line: &str, code: i32) -> String {
    let output = anning(folder, line);
    let (told, warned) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert_eq!(output.status.code(), Some(code), "{line}: {told}{warned}");
    format!("{told}{warned}")
}

fn json(folder: &Path, line: &str, code: i32) -> Value {
    serde_json::from_slice(&{
        let output = anning(folder, line);
        assert_eq!(output.status.code(), Some(code), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    })
    .unwrap()
}

/// Is there a browser? Without one the test says that it is skipped, unless one is required.
fn browser(test: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
    let there =
        std::env::split_paths(&path).any(|folder| names.iter().any(|name| folder.join(name).is_file()));
    let required = std::env::var("ANNING_BROWSER").is_ok_and(|word| word == "required");
    assert!(there || !required, "no Chromium, and ANNING_BROWSER=required");
    if !there {
        eprintln!("skipped, there is no Chromium: {test}");
    }
    there
}

fn rules(page: &Value, outcome: &str) -> Vec<String> {
    let findings = page["findings"].as_array().unwrap().iter().filter(|found| found["outcome"] == outcome);
    findings.map(|found| found["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn pages_are_recorded_judged_sealed_and_judged_again() {
    if !browser("pages_are_recorded_judged_sealed_and_judged_again") {
        return;
    }
    let here = folder("whole");
    ends(&here, "ledger init l --master m.key --origin log.example.com/pages", 0);
    std::fs::create_dir(here.join("r")).unwrap();
    let three = "PAGES/seed-bad PAGES/seed-fixed PAGES/recruit-clean/index.html";
    let line = format!(
        "inspect {three} --viewport phone --out ev --html r/all.html --sarif all.sarif --json --ledger l --master m.key"
    );
    let run = json(&here, &line, 1);
    let pages = run["pages"].as_array().unwrap();
    assert_eq!(
        pages.iter().map(|page| page["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["seed-bad", "seed-fixed", "recruit-clean"]
    );
    let found = rules(&pages[0], "violation");
    // A box that is on for the terms, and through their clause for marketing.
    assert!(found.iter().any(|id| id == "RP-01" || id == "RP-02"), "{found:?}");
    for rule in ["RP-09", "RP-15"] {
        assert!(found.iter().any(|id| id == rule), "{rule}: {found:?}");
    }
    assert!(rules(&pages[1], "violation").is_empty(), "{}", pages[1]);
    for file in [
        "r/all.html",
        "r/all-pages/seed-bad.html",
        "r/all-pages/recruit-clean.html",
        "all.sarif",
        "ev/seed-bad/phone/page.mhtml",
    ] {
        assert!(here.join(file).is_file(), "{file}");
    }
    // The ledger's proof holds this very record.
    let record = &pages[0]["records"][0];
    let seal: Value =
        serde_json::from_slice(&std::fs::read(here.join("ev/seed-bad/phone/seal.json")).unwrap()).unwrap();
    assert_eq!(seal["record_sha256"], record["sha256"]);
    assert!(seal["leaf"].as_str().unwrap().contains(record["sha256"].as_str().unwrap()));
    assert!(seal["inclusion"].is_array() && record["ledger"]["position"] == seal["position"]);
    ends(&here, "ledger status l --master m.key", 0);
    // Again, without a browser; and before the law was made.
    let again = json(&here, "inspect rejudge ev/seed-bad --json", 1);
    let told = |page: &Value| rules(page, "violation");
    assert_eq!(told(&again["pages"][0]), found);
    assert_eq!(again["pages"][0]["records"][0]["sha256"], record["sha256"]);
    let before = json(&here, "inspect rejudge ev/seed-bad/phone --on 2010-01-01 --json", 0);
    assert_eq!(before["totals"]["violations"], 0);
    assert!(before["totals"]["remarks"].as_u64().unwrap() > 0);
    let told = ends(&here, "inspect diff ev/seed-bad/phone ev/seed-fixed --lang en", 0);
    assert!(told.contains("mended RP-15"), "{told}");
    let told = ends(&here, "inspect diff ev/seed-fixed ev/seed-bad --lang en --sarif d.sarif", 1);
    assert!(told.contains("new RP-15"), "{told}");
    assert!(std::fs::read_to_string(here.join("d.sarif")).unwrap().contains("\"baselineState\": \"new\""));
    ends(&here, "inspect diff ev/seed-fixed ev/seed-bad --fail-on never", 0);
    verified(&here);
}

/// The seal is checked as far as the ledger; what was changed in the folder, or elsewhere sealed, is told.
fn verified(here: &Path) {
    let told = ends(here, "inspect verify ev --ledger l --master m.key --lang en", 0);
    assert_eq!(told.matches("the ledger has it").count(), 3, "{told}");
    let told = ends(here, "inspect verify ev/seed-bad --lang en", 0);
    assert!(told.contains("the signature was not checked"), "{told}");
    ends(here, "ledger init other --master m.key --origin log.example.com/other", 0);
    let told = ends(here, "inspect verify ev/seed-bad --ledger other --master m.key --lang en", 1);
    assert!(told.contains("the seal is of log") && told.contains("no such page record"), "{told}");
    std::fs::write(here.join("ev/seed-fixed/phone/page.mhtml"), "other").unwrap();
    let told = ends(here, "inspect verify ev/seed-fixed --lang en", 1);
    assert!(told.contains("a file is altered: page.mhtml"), "{told}");
    // One word of the record: everything that reads it beside its seal says so and concludes nothing.
    let record = here.join("ev/seed-bad/phone/record.json");
    let text = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, text.replacen("\"width\": 390", "\"width\": 391", 1)).unwrap();
    for line in ["inspect rejudge ev/seed-bad", "inspect diff ev/seed-bad ev/seed-fixed"] {
        assert!(ends(here, line, 3).contains("ALTERED"), "{line}");
    }
    let told = ends(here, "inspect verify ev/seed-bad --lang en", 1);
    assert!(told.contains("the record was changed after it was sealed"), "{told}");
    std::fs::remove_file(here.join("ev/recruit-clean/phone/seal.json")).unwrap();
    let told = ends(here, "inspect verify ev/recruit-clean --lang en", 1);
    assert!(told.contains("no seal.json"), "{told}");
}

#[test]
fn a_folder_with_a_flow_is_walked_as_the_flow_says() {
    if !browser("a_folder_with_a_flow_is_walked_as_the_flow_says") {
        return;
    }
    let here = folder("own-flow");
    let page = here.join("join");
    std::fs::create_dir(&page).unwrap();
    std::fs::write(
        page.join("index.html"),
        "<!doctype html><meta charset=utf-8><title>一</title><p>注册<a href=two.html>下一步</a>",
    )
    .unwrap();
    std::fs::write(page.join("two.html"), "<!doctype html><meta charset=utf-8><title>二</title><form><input name=n id=n><button>注册</button></form>").unwrap();
    std::fs::write(page.join("FLOW.toml"), "page = \"index.html\"\n[[step]]\nclick = \"text=下一步\"\n")
        .unwrap();
    for word in ["join", "."] {
        let run = json(&here, &format!("inspect {word} --viewport phone --out ev --json --fail-on never"), 0);
        assert_eq!(run["pages"][0]["name"], "join");
        let record: Value =
            serde_json::from_slice(&std::fs::read(here.join("ev/join/phone/record.json")).unwrap()).unwrap();
        assert_eq!(record["events"].as_array().unwrap().len(), 2, "{}", record["events"]);
    }
}

#[test]
fn a_flow_is_walked_as_written() {
    if !browser("a_flow_is_walked_as_written") {
        return;
    }
    let here = folder("flow");
    std::fs::write(
        here.join("index.html"),
        "<!doctype html><meta charset=utf-8><html lang=zh-CN><title>一</title><p>注册</p><a href=two.html>下一步</a></html>",
    )
    .unwrap();
    std::fs::write(
        here.join("two.html"),
        "<!doctype html><meta charset=utf-8><html lang=zh-CN><style>p{color:#000}</style><title>二</title><form><input name=n id=n><p>\
         <label><input type=checkbox id=ad name=ad checked> 同意接收优惠短信</label></p><button>注册</button></form></html>",
    )
    .unwrap();
    let flow = "page = \"index.html\"\n[[step]]\nclick = \"text=下一步\"\n[[step]]\nfill = true\n[[step]]\nuntick = \"#ad\"\n[[step]]\nsubmit = \"text=注册\"\n";
    std::fs::write(here.join("walk.toml"), flow).unwrap();
    let run = json(&here, "inspect walk.toml --viewport phone --out ev --json --fail-on never", 0);
    assert_eq!(run["pages"][0]["name"], "walk");
    let record: Value =
        serde_json::from_slice(&std::fs::read(here.join("ev/walk/phone/record.json")).unwrap()).unwrap();
    let acts: Vec<&str> =
        record["events"].as_array().unwrap().iter().map(|event| event["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["load", "click", "type", "untick", "submit"]);
    assert_eq!(record["outcome"], "complete");
    let sent = record["submits"].as_array().unwrap();
    assert!(sent.len() == 1 && !sent[0]["fields"].to_string().contains("\"ad\""), "{sent:?}");
    std::fs::write(here.join("lost.toml"), "page = \"index.html\"\n[[step]]\nclick = \"text=没有\"\n")
        .unwrap();
    let lost = json(&here, "inspect lost.toml --viewport phone --json", 3);
    assert_eq!(lost["pages"][0]["records"][0]["outcome"], "partial");
    let notes = lost["pages"][0]["records"][0]["notes"].to_string();
    assert!(notes.contains("step 1, ") && notes.contains("nothing on the page is: "), "{notes}");
}

#[test]
fn what_cannot_be_looked_at_is_an_answer() {
    if !browser("what_cannot_be_looked_at_is_an_answer") {
        return;
    }
    let here = folder("dead");
    // Nobody listens on this port of this machine.
    let told = ends(&here, "inspect http://127.0.0.1:9/join --viewport phone --lang en --html r.html", 3);
    assert!(told.contains("not inspected") && told.contains("unreachable"), "{told}");
    assert!(std::fs::read_to_string(here.join("r.html")).unwrap().contains("nothing is concluded"));
}

#[test]
fn wrong_usage_and_a_missing_browser_are_said() {
    let here = folder("wrong");
    std::fs::write(here.join("bad.toml"), "page = \"x.html\"\n").unwrap();
    std::fs::write(
        here.join("step.toml"),
        "page = \"index.html\"\n[[step]]\nclick = \"#a\"\ntick = \"#b\"\n",
    )
    .unwrap();
    std::fs::write(here.join("above.toml"), "page = \"../index.html\"\n").unwrap();
    std::fs::write(here.join("index.html"), "<p>").unwrap();
    std::fs::create_dir(here.join("empty")).unwrap();
    for (line, code, says) in [
        ("inspect nowhere", 2, "neither an address"),
        ("inspect ftp://a.example/", 2, "neither an address"),
        ("inspect bad.toml", 2, "no such page beside the flow: x.html"),
        ("inspect step.toml", 2, "step 1"),
        ("inspect empty", 2, "no index.html in this folder"),
        ("inspect index.html --ledger l", 2, "--out"),
        ("inspect index.html --allow-origin cdn.example", 2, "--allow-origin"),
        ("inspect index.html --browser ./nothing", 3, "apt-get install chromium"),
        ("inspect rejudge index.html", 3, "index.html"),
        ("inspect rejudge nowhere", 3, "nowhere"),
        ("inspect rejudge index.html --on yesterday", 2, "--on takes a day"),
        ("inspect rejudge empty", 3, "no record.json in this folder"),
        ("inspect diff nowhere empty", 3, "no such file or folder: nowhere"),
        ("inspect diff empty nowhere", 3, "no record.json in this folder"),
        ("inspect verify nowhere", 3, "no such file or folder"),
        ("inspect index.html --sarif nowhere/x.sarif", 2, "no such folder to write x.sarif into"),
        ("inspect shop.example.com/join", 2, "an address begins with https://"),
        ("inspect above.toml", 2, "lies beside it or in a folder below"),
        ("inspect eval empty", 2, "pages.csv"),
        ("inspect", 2, "required"),
    ] {
        let told = ends(&here, line, code);
        assert!(told.contains(says), "{line}: {told}");
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_no_success() {
    let here = folder("full");
    record(&here.join("p"), "2026-05-02T08:00:00Z");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_anning"))
        .args(["inspect", "rejudge", "p", "--json"])
        .current_dir(&here)
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn days_that_cannot_be_are_said_and_nothing_of_a_name_reaches_the_terminal() {
    let here = folder("odd");
    for (day, says) in
        [("2099-05-02T08:00:00Z", "in the future"), ("0001-05-02T08:00:00Z", "before there were")]
    {
        record(&here.join("p"), day);
        let told = ends(&here, "inspect rejudge p", 0);
        assert!(told.contains(says), "{told}");
    }
    std::fs::create_dir(here.join("a\u{1b}[31mb")).unwrap();
    assert!(!ends(&here, "inspect rejudge a\u{1b}[31mb", 3).contains('\u{1b}'));
}

#[test]
fn a_question_finds_the_record_that_lies_beside_it() {
    let (here, elsewhere) = (folder("question"), folder("question-elsewhere"));
    let spec = include_str!("../../spec/page-record.md");
    let example = spec.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    std::fs::create_dir(here.join("pages")).unwrap();
    std::fs::write(here.join("pages/record.json"), example).unwrap();
    let question = serde_json::json!({
        "send": {"text": "【云杉】双十一优惠，拒收请回复R", "channel": "sms", "sent_at": "2026-11-28T09:30:00+08:00",
            "recipient": "13800138000"},
        "consents": [{"recipient": "13800138000", "act": "given", "occurred_at": "2026-11-27T23:00:00+08:00",
            "page": "p1", "origin": "captured"}],
        "pages": [{"page": "p1", "record": "pages/record.json"}],
    });
    std::fs::write(here.join("q.json"), question.to_string()).unwrap();
    let line = format!("check {} --lang en", here.join("q.json").display());
    for folder in [&here, &elsewhere] {
        let told = ends(folder, &line, 1);
        assert!(told.contains("must not be sent"), "{told}");
    }
    std::fs::remove_file(here.join("pages/record.json")).unwrap();
    let output = anning(&here, &line);
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be read"), "{output:?}");
}

/// A record without anything, in a folder.
fn record(folder: &Path, at: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let record = format!(
        r#"{{"format": "anning/page-record/1", "address": "a", "recorded_at": "{at}", "recorder": {{"name": "anning", "version": "0"}},
        "viewport": {{"width": 390, "height": 844, "scale": 2, "touch": true}}, "outcome": "complete",
        "states": [{{"id": 0, "visit": 0, "at_ms": 0, "pristine": true, "address": "a", "scroll": [0, 0], "size": [390, 844], "styled": true}}]}}"#
    );
    std::fs::write(folder.join("record.json"), record).unwrap();
}

#[test]
fn labelled_pages_are_scored_from_stored_records() {
    let here = folder("eval");
    std::fs::create_dir(here.join("records")).unwrap();
    std::fs::write(here.join("pages.csv"), "page,viewport,not_scored\na,390x844,\nb,390x844,\n").unwrap();
    std::fs::write(here.join("labels.csv"), "page,rule,label\na,RP-01,violation\n").unwrap();
    let record = r#"{"format": "anning/page-record/1", "address": "a", "recorded_at": "2026-05-02T08:00:00Z",
        "recorder": {"name": "anning", "version": "0"}, "viewport": {"width": 390, "height": 844, "scale": 2, "touch": true},
        "outcome": "complete", "states": []}"#;
    std::fs::write(here.join("records/a.json"), record).unwrap();
    let score = json(&here, "inspect eval . --stored records --json --out made", 0);
    assert_eq!(score["missed"], serde_json::json!([["a", "RP-01"]]));
    assert_eq!(score["without_record"], serde_json::json!(["b"]));
    let kept: Value = serde_json::from_slice(&std::fs::read(here.join("made/eval.json")).unwrap()).unwrap();
    assert_eq!(kept, score);
    // Nothing measured is no measurement; names of pages are shown, not obeyed.
    std::fs::write(here.join("pages.csv"), "page,viewport,not_scored\n\u{1b}[31ma,390x844,\n").unwrap();
    std::fs::write(here.join("labels.csv"), "page,rule,label\n").unwrap();
    let told = ends(&here, "inspect eval . --stored records", 3);
    assert!(told.contains("no record of") && !told.contains('\u{1b}'), "{told}");
}
