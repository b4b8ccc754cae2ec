//! How a person repeats what a finding rests on, in any browser.

use anning_page::finding::{Finding, Within};
use anning_page::record::{Act, Record};

use crate::words::{Words, deed, is_own, window};

/// The steps, from an empty browser to the place.
#[must_use]
pub fn steps(record: &Record, finding: &Finding) -> Vec<Words> {
    let mut all = Vec::new();
    let shown = window(record.viewport);
    all.push(if is_own(record) {
        Words::new(
            format!("用新的浏览器窗口（{}，无历史和 Cookie）打开 {}", shown.zh, record.address),
            format!(
                "in a fresh browser window ({}, no history, no cookies) open {}",
                shown.en, record.address
            ),
        )
    } else {
        // An app, perhaps: whoever recorded it knows what opening means there.
        Words::new(
            format!("以新用户身份（{}）打开 {}", shown.zh, record.address),
            format!("as a new user ({}) open {}", shown.en, record.address),
        )
    });
    let (from, to) = stretch(record, finding);
    for event in record.events.get(from..to).unwrap_or_default() {
        if event.act == Act::Load {
            continue;
        }
        let mut words = deed(event.act, &event.label);
        if event.without_effect > 1 {
            words.zh.push_str(&format!("（{} 次，没有反应）", event.without_effect));
            words.en.push_str(&format!(" ({} times, without effect)", event.without_effect));
        }
        if all.last() != Some(&words) {
            all.push(words);
        }
    }
    for spot in &finding.spots {
        let Within::Document(id) = spot.within else { continue };
        let Some(document) = record.documents.get(id) else { continue };
        let via = document.from.and_then(|from| record.documents.get(from));
        for link in via.into_iter().chain([document]) {
            let words =
                Words::new(format!("点击链接“{}”", link.name), format!("click the link “{}”", link.name));
            if !all.contains(&words) {
                all.push(words);
            }
        }
        let [_, top, ..] = spot.area;
        if document.window > 0.0 && top > document.window {
            let screens = top / document.window;
            all.push(Words::new(
                format!("向下滚动约 {screens:.1} 屏"),
                format!("scroll down about {screens:.1} screens"),
            ));
        }
    }
    all
}

/// Events of the finding's visit up to the one that shows it, or up to the state in which it is seen.
fn stretch(record: &Record, finding: &Finding) -> (usize, usize) {
    let visit_of = |state: usize| record.states.get(state).map(|state| state.visit);
    let until = match finding.event {
        Some(event) => event + 1,
        None => record.events.iter().position(|event| event.after == finding.state).map_or(0, |at| at + 1),
    };
    let until = until.min(record.events.len());
    let visit =
        until.checked_sub(1).and_then(|last| record.events.get(last)).and_then(|event| visit_of(event.after));
    let begun = record.events.iter().position(|event| visit_of(event.after) == visit).unwrap_or(0);
    (begun.min(until), until)
}
