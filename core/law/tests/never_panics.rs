//! No text makes the reader panic, and what it reads it reads as TOML readers do.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop on what cannot be")]

use anning_law::{Corpus, Document, Value};
use proptest::prelude::*;

const PAGE: &str = include_str!("../../../law/cn/2015-sms-provisions.md");
const PHRASES: &str = include_str!("../../../law/examples.md");
const OBLIGATIONS: &str = include_str!("../../../law/obligations.md");
const CASE: &str = include_str!("../../../law/cases/c01-ouhai.md");

/// A line of one of the pages, or anything.
fn line() -> impl Strategy<Value = String> {
    let lines: Vec<String> =
        PAGE.lines().chain(CASE.lines()).chain(OBLIGATIONS.lines()).map(str::to_owned).collect();
    prop_oneof![
        4 => proptest::sample::select(lines.clone()),
        1 => any::<String>(),
        2 => (proptest::sample::select(lines), any::<prop::sample::Index>(), any::<char>()).prop_map(
            |(line, at, other)| {
                let mut chars: Vec<char> = line.chars().collect();
                if !chars.is_empty() {
                    let index = at.index(chars.len());
                    chars[index] = other;
                }
                chars.into_iter().collect()
            }
        ),
        1 => Just("+++".to_owned()),
        1 => Just("```toml limits".to_owned()),
        1 => Just("```".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pack_is_read_or_refused(lines in prop::collection::vec(line(), 0..60), head in any::<bool>()) {
        let mut page = lines.join("\n");
        if head {
            let end = PAGE.match_indices("+++\n").nth(1).map_or(0, |(at, _)| at + 4);
            page = format!("{}{page}", &PAGE[..end]);
        }
        let files = [
            ("cn/2015-sms-provisions.md", page.as_str()),
            ("cases/c01.md", page.as_str()),
            ("obligations.md", page.as_str()),
            ("examples.md", PHRASES),
        ];
        if let Err(errors) = Corpus::read(&files) {
            for error in errors {
                prop_assert!(error.to_string().starts_with("law/"), "{error}");
            }
        }
    }

    #[test]
    fn one_character_changed(at in any::<prop::sample::Index>(), other in any::<char>()) {
        let mut chars: Vec<char> = PAGE.chars().collect();
        let index = at.index(chars.len());
        chars[index] = other;
        let page: String = chars.into_iter().collect();
        let _read = Corpus::read(&[("cn/2015-sms-provisions.md", &page), ("examples.md", PHRASES)]);
    }

    #[test]
    fn what_is_accepted_is_toml(text in "([a-z_0-9]{1,6} = (\"[^\u{0}]{0,6}\"|-?[0-9_]{1,6}|true|\\[[0-9, ]{0,6}\\]|\\{ ?[a-z]{1,2} = [0-9\"]{1,3} ?\\})[ #]{0,2}\n|\\[\\[[a-z]{1,3}\\]\\]\n){0,6}") {
        let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(i, line)| (i + 1, line)).collect();
        if let Ok(ours) = Document::read("x", 1, &lines) {
            let theirs: toml::Table = text.parse().map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
            prop_assert_eq!(table(&ours), theirs, "{}", text);
        }
    }
}

#[test]
fn the_whole_pack_reads_as_toml() {
    let mut blocks = 0;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../law/");
    for folder in ["cn", "cases"] {
        for entry in std::fs::read_dir(format!("{root}{folder}")).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let parts: Vec<&str> = text.split("+++\n").collect();
            let head = if text.starts_with("+++\n") { parts[1] } else { "" };
            let fences = text.split("```toml ").skip(1).map(|rest| {
                let (_, body) = rest.split_once('\n').unwrap();
                body.split("```").next().unwrap()
            });
            for block in fences.chain([head]) {
                let lines: Vec<(usize, &str)> = block.lines().enumerate().map(|(i, l)| (i + 1, l)).collect();
                let ours = Document::read("x", 1, &lines).unwrap();
                assert_eq!(table(&ours), block.parse::<toml::Table>().unwrap());
                blocks += 1;
            }
        }
    }
    assert!(blocks > 60, "{blocks}");
}

fn table(document: &Document) -> toml::Table {
    let mut all: toml::Table = document.top.iter().map(|(k, v)| (k.to_owned(), value(v))).collect();
    for (name, table) in &document.tables {
        let one = table.iter().map(|(k, v)| (k.to_owned(), value(v))).collect();
        let list = all.entry(name.clone()).or_insert_with(|| toml::Value::Array(Vec::new()));
        list.as_array_mut().unwrap().push(toml::Value::Table(one));
    }
    all
}

fn value(value_: &Value) -> toml::Value {
    match value_ {
        Value::Text(text) => toml::Value::String(text.clone()),
        Value::Whole(number) => toml::Value::Integer(*number),
        Value::Flag(flag) => toml::Value::Boolean(*flag),
        Value::List(list) => toml::Value::Array(list.iter().map(value).collect()),
        Value::Table(table) => {
            toml::Value::Table(table.iter().map(|(k, v)| (k.to_owned(), value(v))).collect())
        }
    }
}
