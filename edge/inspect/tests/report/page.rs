//! A page to say something of: a marketing box that is on, and a clause far down in a document.

use std::path::PathBuf;

use anning_page::record::{File, Record};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// Words that say nothing.
pub const PLAIN: &str = "";
/// Other words.
pub const ONCE: &str = "（每月一次）";
/// Words that try everything.
pub const HOSTILE: &str = "\"'></script><img src=x onerror=alert(1)>\u{202e}\u{7}<!--]]>{{7*7}}${x}";

/// A folder of this test's own, with the picture.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("anning-inspect-report-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("state-0.png"), picture()).unwrap();
    folder
}

/// The record, `words` in every text, the box on or off.
pub fn record(words: &str, on: bool) -> Record {
    let label = format!("我同意接收商品推广短信{words}");
    let style = json!({"size": 14.0, "weight": 400, "colour": [0.0, 0.0, 0.0, 1.0], "ground": [1.0, 1.0, 1.0], "contrast": 21.0});
    let text = |key: &str, words: &str, y: f32| {
        json!({
            "key": key, "place": format!("#{key}"), "text": words, "box": [20.0, y, 300.0, 20.0],
            "runs": [{"text": words, "box": [20.0, y, 300.0, 20.0], "style": style}],
        })
    };
    let terms = format!("我已阅读并同意《用户协议》{words}");
    let mut read = text("terms-text", &terms, 340.0);
    read["runs"][0]["link"] = json!("agreement");
    // A box that is off is not sent.
    let sent = if on { json!([[format!("ad{words}"), format!("1{words}")]]) } else { json!([]) };
    let whole = json!({
        "format": "anning/page-record/1", "address": format!("join/index.html"), "recorded_at": "2026-05-02T08:00:00Z",
        "recorder": {"name": format!("anning{words}"), "version": "0", "browser": format!("Chrome/1{words}"), "agent": words},
        "viewport": {"width": 390, "height": 844, "scale": 1.0, "touch": true}, "outcome": "complete",
        "notes": [{"kind": "request_refused", "text": format!("note{words}")}],
        "states": [{
            "id": 0, "visit": 0, "at_ms": 0, "pristine": true, "address": format!("https://x.example/{words}"),
            "title": format!("注册{words}"), "language": "zh-CN", "scroll": [0.0, 0.0], "size": [390.0, 844.0], "styled": true,
            "texts": [text("ad-text", &label, 300.0), read],
            "links": [{"key": "agreement", "place": "#agreement", "text": "《用户协议》", "target": "agreement.html", "box": [120.0, 340.0, 80.0, 20.0], "document": 0}],
            "controls": [
                {"key": "ad", "place": "#ad", "kind": "checkbox", "made": "native", "name": "ad", "on": on, "label": label, "texts": ["ad-text"], "box": [4.0, 302.0, 14.0, 14.0], "operable": true},
                {"key": "terms", "place": "#terms", "kind": "checkbox", "made": "native", "name": "terms", "on": false, "label": terms, "texts": ["terms-text"], "box": [4.0, 342.0, 14.0, 14.0], "operable": true},
                {"key": "go", "place": format!("#go{words}"), "kind": "submit", "made": "native", "label": format!("注册{words}"), "box": [20.0, 400.0, 350.0, 40.0], "operable": true},
            ],
            "picture": "state-0.png",
        }],
        "events": [{"id": 0, "act": "load", "after": 0}, {"id": 1, "act": "submit", "target": "go", "label": format!("注册{words}"), "before": 0, "after": 0}],
        "documents": [{
            "id": 0, "name": "用户协议", "address": format!("agreement.html{words}"), "clicks": 1, "opened": "page", "reason": words,
            "title": "用户协议", "language": "zh-CN", "height": 4000.0, "window": 800.0,
            "texts": [
                {"text": format!("一、总则{words}"), "top": 20.0, "heading": 2},
                {"text": format!("您同意我们将您的手机号码提供给合作伙伴，由其向您发送商业广告短信。{words}"), "top": 2000.0},
            ],
        }],
        "submits": [{"event": 1, "address": format!("https://x.example/{words}"), "method": "POST", "fields": sent}],
    });
    let mut record: Record = serde_json::from_value(whole).unwrap();
    let picture = picture();
    let sha256 = Sha256::digest(&picture).iter().map(|byte| format!("{byte:02x}")).collect();
    record.files.push(File {
        name: "state-0.png".to_owned(),
        media: "image/png".to_owned(),
        bytes: picture.len() as u64,
        sha256,
    });
    record
}

/// As much of a PNG as says its size: 390 by 844.
fn picture() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(390_u32.to_be_bytes());
    bytes.extend(844_u32.to_be_bytes());
    bytes
}
