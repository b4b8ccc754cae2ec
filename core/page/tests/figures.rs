//! Precision and recall of the rules over stored records of labelled pages.
//!
//! Runs when `ANNING_CORPUS` names the folder with the pages' labels and `ANNING_RECORDS` one with a record of each page,
//! `PAGE.json`. The figures are printed; what is asserted is only that every record could be read and was judged.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anning_page::finding::{Outcome, Rule, judge};
use anning_page::record::Record;

#[test]
fn figures_over_stored_records() {
    let (Some(corpus), Some(records)) = (folder("ANNING_CORPUS"), folder("ANNING_RECORDS")) else {
        println!("skipped: set ANNING_CORPUS and ANNING_RECORDS to run it");
        return;
    };
    let labels = labels(&corpus.join("data/pages/labels.csv"));
    let not_scored = not_scored(&corpus.join("data/pages/pages.csv"));
    let mut counts: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    let mut judged = 0;
    for (page, skipped) in &not_scored {
        let Ok(text) = std::fs::read_to_string(records.join(format!("{page}.json"))) else {
            println!("no record: {page}");
            continue;
        };
        let record: Record = serde_json::from_str(&text).unwrap();
        let began = std::env::var_os("ANNING_SHOW").is_some();
        let findings = judge(&record);
        judged += 1;
        for rule in Rule::ALL {
            let violations: Vec<_> =
                findings.iter().filter(|f| f.rule == rule && f.outcome == Outcome::Violation).collect();
            let label = labels.get(&(page.clone(), rule.id().to_owned())).map(String::as_str);
            if label == Some("review") || skipped.contains(rule.id()) {
                continue;
            }
            let row = counts.entry(rule.id()).or_default();
            match (violations.is_empty(), label.is_some()) {
                (false, true) => row[0] += 1,
                (false, false) => {
                    row[1] += 1;
                    println!(
                        "too much: {page} {} {} {:?}",
                        rule.id(),
                        violations[0].en,
                        violations[0].quotes
                    );
                }
                (true, true) => {
                    row[2] += 1;
                    println!("missed: {page} {}", rule.id());
                }
                (true, false) => {}
            }
        }
        for finding in findings.iter().filter(|f| began && f.outcome != Outcome::NotApplicable) {
            println!(
                "  {page} {} {:?} {} {:?}",
                finding.rule.id(),
                finding.outcome,
                finding.en,
                finding.quotes
            );
        }
    }
    assert_eq!(counts.is_empty(), judged == 0, "records were read and none was judged");
    for (name, upto) in [("RP-01 to RP-14", 14), ("all", 30)] {
        let rows = counts.iter().filter(|row| row.0[3..].parse::<u32>().unwrap() <= upto);
        let sum = rows.fold([0; 3], |all, row| [all[0] + row.1[0], all[1] + row.1[1], all[2] + row.1[2]]);
        println!("{name}: {judged} pages, right {}, too much {}, missed {}", sum[0], sum[1], sum[2]);
    }
    for (rule, [right, too_much, missed]) in counts {
        println!("{rule}: right {right}, too much {too_much}, missed {missed}");
    }
}

fn folder(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from)
}

fn labels(path: &Path) -> BTreeMap<(String, String), String> {
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1).map(|line| line.splitn(4, ',').collect::<Vec<_>>());
    rows.filter(|row| row.len() == 4)
        .map(|row| ((row[0].to_owned(), row[1].to_owned()), row[2].to_owned()))
        .collect()
}

fn not_scored(path: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1).map(|line| line.splitn(6, ',').collect::<Vec<_>>());
    rows.filter(|row| row.len() == 6)
        .map(|row| (row[0].to_owned(), row[4].split(';').map(str::to_owned).collect()))
        .collect()
}
