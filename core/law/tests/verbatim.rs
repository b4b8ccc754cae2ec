//! Every quoted text against the collection of statutes that it was carried from.
//!
//! Needs `ANNING_CORPUS`, a folder with `law/*.md`; without it the test says so and checks nothing.

use std::collections::BTreeMap;
use std::path::Path;

use anning_law::{Corpus, Version};
use anning_vocab::Mark;

/// Instrument, file of the collection, part of the file (its `# ` heading), if it has several.
const FILES: &[(&str, &str, &str)] = &[
    ("cn/mii38", "email-measures", ""),
    ("cn/psapl", "public-security-law", ""),
    ("cn/npcsc", "npcsc-decision-2012", ""),
    ("cn/miit24", "miit-order-24", ""),
    ("cn/crpl", "consumer-law", ""),
    ("cn/adlaw", "ad-law", ""),
    ("cn/saic73", "consumer-penalty-measures", ""),
    ("cn/shanghai", "local-rules", "上海"),
    ("cn/miit31", "miit-order-31", ""),
    ("cn/internetad2016", "internet-ad-measures", "Part 1"),
    ("cn/telecom", "telecom-regulation", ""),
    ("cn/csl", "cybersecurity-law", ""),
    ("cn/pic", "criminal-pi", "Part 1"),
    ("cn/shandong", "local-rules", "山东"),
    ("cn/zhejiang", "local-rules", "浙江"),
    ("cn/ecl", "ecommerce-law", ""),
    ("cn/esign", "e-signature-law", ""),
    ("cn/henan", "local-rules", "河南"),
    ("cn/apl", "administrative-penalty-law", ""),
    ("cn/civil", "civil-code", ""),
    ("cn/minors", "minors", "Part 1"),
    ("cn/samr37", "online-trading-measures", ""),
    ("cn/pipl", "pipl", ""),
    ("cn/algo", "algorithm-rules", ""),
    ("cn/antifraud", "anti-fraud-law", ""),
    ("cn/internetad2023", "internet-ad-measures", "Part 2"),
    ("cn/crplreg", "consumer-regulation-2024", ""),
    ("cn/minorsreg", "minors", "Part 2"),
    ("cn/cac18", "compliance-audit-measures", ""),
    ("cn/netdata", "network-data-regulation", ""),
    ("cn/miit74", "miit-order-74", ""),
];

/// Renumbered articles: the collection keeps the text under its other number.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("cn/csl/43", "2026-01-01", "第四十一条"),
    ("cn/csl/44", "2026-01-01", "第四十二条"),
    ("cn/csl/45", "2026-01-01", "第四十三条"),
    ("cn/csl/46", "2026-01-01", "第四十四条"),
    ("cn/csl/71", "2026-01-01", "第六十四条"),
    ("cn/adlaw/63", "2015-09-01", "第六十二条"),
    ("cn/adlaw/63", "2018-10-26", "第六十二条"),
];

/// The article says `T` where the collection vouches for one paragraph less: marked apart on the page.
const MARKED_APART: &[&str] = &["cn/internetad2023/30", "cn/miit74/10"];

#[test]
fn quoted_texts_are_those_of_the_collection() {
    let Some(root) = std::env::var_os("ANNING_CORPUS") else {
        println!("skipped: ANNING_CORPUS is not set, so there is no collection to compare with");
        return;
    };
    let mut compared = 0;
    for instrument in Corpus::embedded().instruments() {
        let (_, file, part) = FILES.iter().find(|(id, ..)| *id == instrument.id).expect("a row above");
        let path = Path::new(&root).join("law").join(format!("{file}.md"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let sections = sections(&text, part);
        for article in &instrument.articles {
            for version in article.versions.iter().filter(|v| v.mark.is_some()) {
                let from = version.interval.from.to_string();
                let moved = ELSEWHERE.iter().find(|(id, day, _)| *id == article.id && *day == from);
                let heading = moved.map_or(article.heading.as_str(), |(.., heading)| *heading);
                compared += compare(&article.id, version, sections.get(heading).map_or("", String::as_str));
            }
        }
    }
    assert!(compared > 400, "only {compared} paragraphs compared");
    println!("{compared} paragraphs are verbatim");
}

/// Heading to text; an article that stands in two sections has both.
fn sections(text: &str, part: &str) -> BTreeMap<String, String> {
    let mut sections = BTreeMap::<String, String>::new();
    let (mut here, mut heading) = (part.is_empty(), String::new());
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            here = part.is_empty() || title.contains(part);
            heading.clear();
        } else if let Some(title) = line.strip_prefix("## ") {
            heading = title.split('[').next().unwrap_or("").trim().to_owned();
        } else if here {
            let section = sections.entry(heading.clone()).or_default();
            section.push_str(line);
            section.push('\n');
        }
    }
    sections
}

fn compare(article: &str, version: &Version, section: &str) -> usize {
    let mut compared = 0;
    for paragraph in version.paragraphs.iter().filter(|p| p.mark.carries_a_breach()) {
        assert!(section.contains(&paragraph.text), "{article} is not verbatim: {}", paragraph.text);
        compared += 1;
    }
    // `> status: [T/n] …` of the collection is the mark of the heading here.
    let status = section.lines().find_map(|line| line.strip_prefix("> status: ["));
    let mark = status.and_then(|rest| rest.split([']', ',', ';']).next()).and_then(Mark::from_code);
    if let (Some(mark), false) = (mark, MARKED_APART.contains(&article)) {
        assert_eq!(version.mark, Some(mark), "{article}");
    }
    compared
}
