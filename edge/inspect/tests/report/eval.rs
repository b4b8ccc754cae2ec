//! Scoring, on a folder of three pages with stored records.

use std::fs;

use anning_inspect::{Labelled, Tally};
use anning_page::finding::Rule;

use super::page::{PLAIN, folder, record};

const PAGES: &str = "page,kind,lang,viewport,not_scored,steps\n\
    a,authored,zh-CN,390x844,,load\nb,authored,zh-CN,1366x900,RP-01;RP-15,load\nc,authored,zh-CN,390x844,,load\n";

fn labelled(name: &str, labels: &str) -> Result<Labelled, anning_inspect::Error> {
    let folder = folder(name);
    fs::write(folder.join("pages.csv"), PAGES).unwrap();
    fs::write(folder.join("labels.csv"), format!("page,rule,label,locator,quote,why\n{labels}")).unwrap();
    Labelled::read(&folder)
}

#[test]
fn pairs_are_counted_as_the_labels_say() {
    // a has the box on and is labelled; b is not scored for it; c has no record.
    let set = labelled(
        "eval",
        "a,RP-01,violation,#ad,,\na,RP-22,review,,,\na,RP-30,violation,,,\nb,RP-01,violation,,,\n",
    )
    .unwrap();
    let score = set.score(&|name| (name != "c").then(|| record(PLAIN, true)));
    assert_eq!((score.pages, score.lacking.as_slice()), (2, &["c".to_owned()][..]));
    assert_eq!(score.rules[&Rule::Rp01], Tally { right: 1, wrong: 0, missed: 0 });
    assert_eq!(score.rules[&Rule::Rp30], Tally { right: 0, wrong: 0, missed: 1 });
    // In dispute on a, reported on b where nobody labelled it.
    assert_eq!(score.rules[&Rule::Rp22], Tally { right: 0, wrong: 1, missed: 0 });
    assert!(!score.wrong.iter().any(|(page, rule)| page == "b" && *rule == Rule::Rp15));
    let all = score.overall();
    assert_eq!(all.missed, 1);
    assert_eq!(all.right, 1);
    assert!(score.table().contains("missed  RP-30 a"), "{}", score.table());
    let json: serde_json::Value = serde_json::from_str(&score.json()).unwrap();
    assert_eq!(json["overall"]["recall"], 0.5);
    assert_eq!(json["missed"], serde_json::json!([["a", "RP-30"]]));
}

#[test]
fn what_nothing_was_found_of_has_no_share() {
    let none = Tally::default();
    assert_eq!((none.precision(), none.recall(), none.f1()), (None, None, None));
    let some = Tally { right: 3, wrong: 1, missed: 2 };
    assert_eq!((some.precision(), some.recall(), some.f1()), (Some(0.75), Some(0.6), Some(6.0 / 9.0)));
}

#[test]
fn a_wrong_line_is_named() {
    for (labels, says) in [
        ("d,RP-01,violation,,,\n", "labels.csv:2: pages.csv has no page: d"),
        ("a,RP-31,violation,,,\n", "labels.csv:2: no such rule: RP-31"),
        ("a,RP-01,violation,,,\na,RP-02,maybe,,,\n", "labels.csv:3: a label is violation or review: maybe"),
    ] {
        let error = labelled("eval-wrong", labels).unwrap_err().to_string();
        assert!(error.ends_with(says), "{error}");
    }
}
