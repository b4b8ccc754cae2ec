//! The specification, its schema and the reader say the same of every sample.
#![cfg(test)]

use anning_page::record::Record;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const FULL: &str = include_str!("records/full.json");
const LEAST: &str = include_str!("records/least.json");
const REFUSED: &str = include_str!("records/refused.jsonl");
const SCHEMA: &str = include_str!("../../../spec/page-record.schema.json");
const SPEC: &str = include_str!("../../../spec/page-record.md");

#[test]
fn samples_are_accepted_by_reader_and_schema() {
    for sample in [FULL, LEAST] {
        let record = Record::read(sample.as_bytes()).unwrap();
        let value: Value = serde_json::from_str(sample).unwrap();
        assert_eq!(conforms(&value, &schema(), &schema()), Ok(()));
        // What we write, we read, and so does the schema.
        let written = serde_json::to_value(&record).unwrap();
        assert_eq!(conforms(&written, &schema(), &schema()), Ok(()));
        assert_eq!(Record::read(written.to_string().as_bytes()).unwrap(), record);
    }
}

#[test]
fn flaws_are_refused_with_their_place() {
    for line in REFUSED.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let mut sample: Value = serde_json::from_str(FULL).unwrap();
        for (pointer, put) in case["put"].as_object().unwrap() {
            set(&mut sample, pointer, put.clone());
        }
        let error = Record::read(sample.to_string().as_bytes()).expect_err(line).to_string();
        let at = case["at"].as_str().unwrap();
        assert!(error.starts_with(&format!("{at}: ")), "{line}\n{error}");
        assert_eq!(
            conforms(&sample, &schema(), &schema()).is_err(),
            case["shape"].as_bool().unwrap(),
            "{line}"
        );
    }
}

/// Whoever cuts a text may cut it apart from its runs, when the record says that it was cut.
#[test]
fn what_was_cut_still_begins_alike() {
    let read = |text: &str, kind: &str| {
        let mut sample: Value = serde_json::from_str(FULL).unwrap();
        set(&mut sample, "/states/0/texts/0/text", Value::from(text));
        set(&mut sample, "/notes/0/kind", Value::from(kind));
        Record::read(sample.to_string().as_bytes()).is_ok()
    };
    for (text, kind, accepted) in [
        ("我已阅读并同意《会员协议》", "request_refused", true),
        ("我已 阅读并同意\n《会员协议》", "request_refused", true),
        ("我已阅读并同意", "request_refused", false),
        ("我已阅读并同意", "bound_reached", true),
        ("我已阅读并同意《会员协议》和别的", "bound_reached", true),
        ("别的", "bound_reached", false),
    ] {
        assert_eq!(read(text, kind), accepted, "{text} {kind}");
    }
}

/// Every name of every type: taken away, doubled or joined by another, reader and schema agree.
#[test]
fn names_of_schema_and_reader_are_the_same() {
    let full: Value = serde_json::from_str(FULL).unwrap();
    let mut seen = BTreeSet::new();
    walk(&full, &schema(), "", &mut |pointer, object, shape| {
        seen.insert(shape["description"].to_string());
        let named: BTreeSet<&String> = shape["properties"].as_object().unwrap().keys().collect();
        assert_eq!(object.keys().collect::<BTreeSet<_>>(), named, "{pointer}");
        let required: BTreeSet<&str> =
            shape["required"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        for name in object.keys() {
            let mut less = full.clone();
            less.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
            let read = serde_json::from_value::<Record>(less);
            assert_eq!(read.is_err(), required.contains(name.as_str()), "{pointer}/{name}");
            assert!(SPEC.contains(&format!("`{name}`")), "spec/page-record.md says nothing of `{name}`");
        }
    });
    let defined = schema()["$defs"].as_object().unwrap().values().filter(|d| d["type"] == "object").count();
    assert_eq!(seen.len(), defined + 1, "full.json has every type");
}

#[test]
fn words_of_schema_and_reader_are_the_same() {
    for (pointer, definition) in [
        ("/outcome", "Outcome"),
        ("/states/0/texts/0/seen", "Seen"),
        ("/states/0/controls/0/kind", "ControlKind"),
        ("/states/0/controls/0/made", "Made"),
        ("/events/0/act", "Act"),
        ("/documents/0/opened", "Opened"),
    ] {
        let mut sample: Value = serde_json::from_str(FULL).unwrap();
        set(&mut sample, pointer, Value::from("?"));
        let said = serde_json::from_value::<Record>(sample).unwrap_err().to_string();
        let words: BTreeSet<&str> = said.split('`').skip(3).step_by(2).collect();
        let schema = schema();
        let listed = schema["$defs"][definition]["enum"].as_array().unwrap();
        assert_eq!(words, listed.iter().map(|v| v.as_str().unwrap()).collect(), "{definition}");
        for word in words {
            assert!(SPEC.contains(&format!("`{word}`")), "spec/page-record.md says nothing of `{word}`");
        }
    }
}

#[test]
fn lists_beyond_their_bound_are_refused() {
    for (pointer, bound, path) in [
        ("/states", 200, "$.states"),
        ("/events", 400, "$.events"),
        ("/documents", 64, "$.documents"),
        ("/states/0/texts", 20_000, "$.states[0].texts"),
        ("/states/0/controls", 20_000, "$.states[0].controls"),
        ("/documents/0/texts", 20_000, "$.documents[0].texts"),
        ("/states/1/dialogs", 100, "$.states[1].dialogs"),
    ] {
        let mut sample: Value = serde_json::from_str(FULL).unwrap();
        let list = sample.pointer_mut(pointer).unwrap().as_array_mut().unwrap();
        let one = list[0].clone();
        list.resize(bound + 1, one);
        let error = Record::read(sample.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(path) && error.contains("too many"), "{error}");
        assert!(conforms(&sample, &schema(), &schema()).is_err(), "{pointer}");
    }
}

/// Cut anywhere, or a byte changed: an answer, never a panic. (A third and a fifth of the places, for the time it takes.)
#[test]
fn broken_bytes_never_panic() {
    let bytes = FULL.as_bytes();
    for end in (0..bytes.len() - 1).step_by(3) {
        Record::read(&bytes[..end]).unwrap_err();
    }
    let mut refused = 0;
    for at in (0..bytes.len()).step_by(5) {
        for with in [b'"', b'{', b']', b'-', 0xff] {
            let mut broken = bytes.to_vec();
            broken[at] = with;
            refused += usize::from(Record::read(&broken).is_err());
        }
    }
    assert!(refused > bytes.len() / 5);
}

#[test]
fn hostile_bytes_are_refused_before_anything_is_built() {
    let check = |bytes: Vec<u8>, says: &str| {
        let error = Record::read(&bytes).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    check(vec![b' '; (64 << 20) + 1], "at most 67108864 bytes");
    check(b"[".repeat(1 << 20), "nested deeper");
    check(br#"{"a":"#.repeat(1 << 16), "nested deeper");
    check([b"[".as_slice(), &b"[],".repeat(5_000_000), b"[]]"].concat(), "too many items");
    check(
        format!("[{}[]]", format!("[{}0],", "0,".repeat(19_999)).repeat(300)).into_bytes(),
        "values in all",
    );
    check(format!("{{\"format\":\"{}\"}}", "x".repeat(1 << 20)).into_bytes(), "$.format: a text of at most");
    check(b"\xff\xfe".to_vec(), "$: ");
    check(br#"{"format":"\ud800"}"#.to_vec(), "$.format: ");
    check(br#"{"format":"a","format":"b"}"#.to_vec(), "$.format: duplicate field");
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn set(value: &mut Value, pointer: &str, put: Value) {
    let (above, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(above).unwrap() {
        Value::Object(object) => drop(object.insert(name.to_owned(), put)),
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = put,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            panic!("{pointer} leads nowhere")
        }
    }
}

fn resolve<'s>(shape: &'s Value, root: &'s Value) -> &'s Value {
    let shape = shape["anyOf"].get(0).unwrap_or(shape);
    let Some(name) = shape["$ref"].as_str() else { return shape };
    root.pointer(name.strip_prefix('#').unwrap()).unwrap()
}

type Visit<'v> = dyn FnMut(&str, &Map<String, Value>, &Value) + 'v;

fn walk(value: &Value, root: &Value, pointer: &str, visit: &mut Visit<'_>) {
    fn step(value: &Value, shape: &Value, root: &Value, pointer: &str, visit: &mut Visit<'_>) {
        let shape = resolve(shape, root);
        if let (Value::Object(object), Some(named)) = (value, shape["properties"].as_object()) {
            visit(pointer, object, shape);
            for (name, value) in object {
                step(value, &named[name], root, &format!("{pointer}/{name}"), visit);
            }
        }
        if let Value::Array(list) = value {
            for (index, value) in list.iter().enumerate() {
                step(value, &shape["items"], root, &format!("{pointer}/{index}"), visit);
            }
        }
    }
    step(value, root, root, pointer, visit);
}

/// As much of JSON Schema 2020-12 as the schema uses; a word it does not know is an error of the test.
fn conforms(value: &Value, shape: &Value, root: &Value) -> Result<(), String> {
    for (word, rule) in shape.as_object().unwrap() {
        let holds = match word.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            "$ref" => conforms(value, resolve(shape, root), root).is_ok(),
            "anyOf" => rule.as_array().unwrap().iter().any(|one| conforms(value, one, root).is_ok()),
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_u64() || value.is_i64(),
                "number" => value.is_number(),
                "null" => value.is_null(),
                other => panic!("{other}"),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "required" => value.as_object().is_none_or(|o| {
                rule.as_array().unwrap().iter().all(|name| o.contains_key(name.as_str().unwrap()))
            }),
            "properties" => value.as_object().is_none_or(|o| {
                o.iter().all(|(name, v)| rule.get(name).is_none_or(|one| conforms(v, one, root).is_ok()))
            }),
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false));
                value.as_object().is_none_or(|o| o.keys().all(|name| shape["properties"].get(name).is_some()))
            }
            "items" => value.as_array().is_none_or(|l| l.iter().all(|one| conforms(one, rule, root).is_ok())),
            "prefixItems" => value.as_array().is_none_or(|l| {
                l.iter().zip(rule.as_array().unwrap()).all(|(one, rule)| conforms(one, rule, root).is_ok())
            }),
            "minItems" => value.as_array().is_none_or(|l| l.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|l| l.len() as u64 <= rule.as_u64().unwrap()),
            "minLength" => value.as_str().is_none_or(|s| s.chars().count() as u64 >= rule.as_u64().unwrap()),
            "maxLength" => value.as_str().is_none_or(|s| s.chars().count() as u64 <= rule.as_u64().unwrap()),
            "minimum" => value.as_f64().is_none_or(|n| n >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|n| n <= rule.as_f64().unwrap()),
            "pattern" => value.as_str().is_none_or(|s| matches(s, rule.as_str().unwrap())),
            other => panic!("the schema says more than this test reads: {other}"),
        };
        if !holds {
            return Err(format!("{word}: {value}"));
        }
    }
    Ok(())
}

/// The three patterns of the schema.
fn matches(text: &str, pattern: &str) -> bool {
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    match pattern {
        "^[0-9a-f]{64}$" => text.len() == 64 && text.chars().all(hex),
        "^[A-Za-z0-9_-][A-Za-z0-9._-]*$" => {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            !text.is_empty() && text.chars().all(plain) && !text.starts_with('.')
        }
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$" => {
            let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            let fraction = form.strip_prefix("0000-00-00T00:00:00").and_then(|rest| rest.strip_suffix('Z'));
            fraction.is_some_and(|f| {
                f.is_empty()
                    || (f.len() <= 10 && f.len() > 1 && f.starts_with('.') && !f[1..].contains(|c| c != '0'))
            })
        }
        other => panic!("the schema has another pattern: {other}"),
    }
}
