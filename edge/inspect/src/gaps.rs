//! What of a page was not seen, in words, with the way out.

use anning_page::record::{Note, Outcome, Record};

use crate::terminal::shown;
use crate::traffic::ELSEWHERE;
use crate::words::{Words, ended};

/// Why the record does not show everything; none when it does. What was kept from the page by a refusal comes last.
#[must_use]
pub fn gaps(record: &Record) -> Vec<Words> {
    let mut all = Vec::new();
    if record.outcome != Outcome::Complete {
        all.push(ending(record));
    }
    if record.notes.iter().any(|note| note.kind == "asks_nothing") {
        all.push(Words::new(
            "页面没有征求任何同意：没有可填的栏、勾选框、提交按钮，也没有同意字样",
            "the page asks nothing: no field, no box, no way on, no words of consent",
        ));
    }
    all.extend(refused(record));
    all
}

/// How it ended, with what the recorder noted of it.
fn ending(record: &Record) -> Words {
    let mut words = ended(record.outcome);
    let told = |kinds: &[&str]| {
        record
            .notes
            .iter()
            .rev()
            .find(|note| kinds.contains(&note.kind.as_str()))
            .map(|note| shown(&note.text))
    };
    let why = match record.outcome {
        Outcome::Partial => told(&["step_failed", "unfinished"]).or_else(|| told(&["bound_reached"])),
        Outcome::Captcha => told(&["captcha"]),
        Outcome::Crashed => told(&["bound_reached"]),
        Outcome::TimedOut => told(&["step_failed"]),
        Outcome::Unreachable => told(&["unreachable"]),
        Outcome::NotAPage => told(&["not_a_page"]),
        Outcome::Complete | Outcome::Blank => None,
    };
    if let Some(why) = why {
        words.zh.push_str(&format!("：{why}"));
        words.en.push_str(&format!(": {why}"));
    }
    words
}

/// Scripts and styles of other origins that the page asked for in vain: it may look or behave otherwise with them.
fn refused(record: &Record) -> Option<Words> {
    let mut known: Vec<&str> = Vec::new();
    for origin in record.notes.iter().filter_map(origin) {
        if !known.contains(&origin) {
            known.push(origin);
        }
    }
    let named = known.iter().take(NAMED_MAX).map(|origin| shown(origin)).collect::<Vec<_>>();
    let more = known.len() - named.len();
    let first = named.first()?;
    let (and_zh, and_en) = if more > 0 {
        (format!("等 {} 个来源", known.len()), format!(" and {more} more"))
    } else {
        (String::new(), String::new())
    };
    Some(Words::new(
        format!("未读取 {}{and_zh} 的脚本或样式；如属本页面，请加 --allow-origin {first}", named.join("、")),
        format!(
            "scripts or styles of {}{and_en} were not loaded; if they belong to the page, add --allow-origin {first}",
            named.join(", ")
        ),
    ))
}

/// The origin of a note about what builds a page, refused because nobody named its origin.
fn origin(note: &Note) -> Option<&str> {
    let place = note.text.strip_prefix(ELSEWHERE)?.strip_prefix(": ")?;
    let (origin, kind) = place.rsplit_once(": ")?;
    (note.kind == "request_refused" && BUILDS.contains(&kind)).then_some(origin)
}

/// Kinds of request without which a page may lack a part.
const BUILDS: &[&str] = &["script", "stylesheet", "xhr", "fetch", "document"];
/// Origins that are named.
const NAMED_MAX: usize = 3;
