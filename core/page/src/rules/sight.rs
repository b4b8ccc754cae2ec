//! Section C, what a person sees: size, contrast, place, and consents that nobody sees.

use super::dialog::{Way, asks, is_refusal};
use super::notice::stage;
use crate::act::{Act, ActKind, Required};
use crate::finding::{Finding, Outcome, Rule, Severity, Spot, Within};
use crate::fold::fold;
use crate::phrase;
use crate::purpose::{Purposes, mentioned, purposes};
use crate::record::{self, Control, ControlKind, Record, State, Style, Submit, Text};
use crate::scene::Scene;

/// RP-16: consent text, notice or refusal too small.
pub(super) fn small_text(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (state, words) in looked_at(scene) {
        let submit = submit_of(state, words.group, words.area);
        let label = submit.and_then(|control| control.style).map_or(0.0, |style| style.size);
        let limit = SIZE_MIN.max(label * SIZE_RATIO);
        let Some(main) = words.sentence.first().map(|(style, _)| style.size) else { continue };
        let least = words.sentence.iter().map(|(style, _)| style.size).fold(main, f32::min);
        let (outcome, value, zh, en) = if main < limit - ROUNDING {
            (
                Outcome::Violation,
                main,
                "同意、告知或拒绝的文字过小",
                "words of consent, notice or refusal are too small",
            )
        } else if least < limit - ROUNDING {
            (Outcome::NeedsPerson, least, "同意文字的一部分较小", "part of the consent text is small")
        } else {
            (Outcome::Passes, main, "文字大小足够", "the words are large enough")
        };
        let found = Finding::new(Rule::Rp16, outcome, zh, en).in_state(state.id).at(words.spot(state.id));
        findings.push(found.quoting(words.text).measured("font size", value, limit));
    }
    worst_first(findings)
}

/// RP-17: … too pale.
pub(super) fn low_contrast(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (state, words) in looked_at(scene) {
        if words.disabled {
            continue;
        }
        findings.push(pale(state, &words));
    }
    worst_first(findings)
}

fn pale(state: &State, words: &Words<'_>) -> Finding {
    let finding = |outcome, zh: &str, en: &str| {
        Finding::new(Rule::Rp17, outcome, zh, en)
            .in_state(state.id)
            .at(words.spot(state.id))
            .quoting(words.text)
    };
    // Links say by their colour that they are links: what is judged is the sentence around them.
    let plain: Vec<&(Style, bool)> = words.sentence.iter().filter(|(_, link)| !link).collect();
    let low = |style: &Style| style.contrast.filter(|contrast| *contrast < limit_of(style) - ROUNDING);
    let main = plain.first().map(|(style, _)| style);
    if let Some(style) = main {
        let Some(contrast) = style.contrast else {
            return finding(
                Outcome::NeedsPerson,
                "文字在图片之上，对比度没有测得",
                "words over a picture, contrast not measured",
            );
        };
        if low(style).is_some() {
            let severity = if contrast < CONTRAST_LARGE { Severity::Serious } else { Severity::Moderate };
            return finding(
                Outcome::Violation,
                "同意、告知或拒绝的文字颜色过淡",
                "words of consent, notice or refusal are too pale",
            )
            .measured("contrast", contrast, limit_of(style))
            .weighing(severity);
        }
    }
    let pale = words.sentence.iter().filter_map(|(style, _)| low(style).map(|c| (c, limit_of(style))));
    match pale.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((contrast, limit)) => finding(
            Outcome::NeedsPerson,
            "只有链接或部分文字颜色较淡",
            "only links or a part of the words are pale",
        )
        .measured("contrast", contrast, limit),
        None => finding(Outcome::Passes, "文字颜色足够清晰", "the words are dark enough"),
    }
}

/// RP-18: the user can submit without having it on screen.
pub(super) fn out_of_view(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for act in scene.acts.iter().filter(|act| act.dialog.is_none()) {
        let Some(state) = stage(scene, act).filter(|state| state.styled) else { continue };
        let texts = act.texts.iter().filter_map(|key| state.text(key)).filter(|text| is_visible(text));
        let texts: Vec<&Text> = texts.collect();
        let (Some(first), Some(area)) = (texts.first(), union(texts.iter().map(|text| text.area))) else {
            continue;
        };
        let Some(submit) = submit_of(state, first.group.as_deref(), area) else { continue };
        findings.push(placed(scene.record, state, act, &texts, area, submit));
    }
    worst_first(findings)
}

fn placed(
    record: &Record,
    state: &State,
    act: &Act,
    texts: &[&Text],
    area: [f32; 4],
    submit: &Control,
) -> Finding {
    let window = pixels(record.viewport.height);
    let [_, top, _, height] = area;
    let [_, submit_top, _, submit_height] = submit.area;
    let [_, scrolled] = state.scroll;
    // A bar that stays on screen is visible before anything is scrolled.
    let scroll = if submit.fixed { 0.0 } else { (submit_top + submit_height - window).max(0.0) };
    let text_top = if texts.iter().all(|text| text.fixed) { top - scrolled + scroll } else { top };
    let middle = text_top + height / 2.0;
    let in_view = middle >= scroll && middle <= scroll + window;
    let below = !submit.fixed && top >= submit_top + submit_height - 1.0;
    let sure = match act.kind {
        ActKind::Implied | ActKind::Announced => true,
        ActKind::Tick => act.pristine_on == Some(true) || act.inverted || act.required != Required::No,
        ActKind::Button => false,
    };
    let finding = |outcome, zh: &str, en: &str| {
        let found = Finding::new(Rule::Rp18, outcome, zh, en).in_state(state.id).quoting(&act.text);
        let found = texts.iter().fold(found, |found, text| found.at(Spot::text(state.id, text)));
        found.at(Spot::control(state.id, submit)).measured("top of text", text_top, scroll + window)
    };
    match (in_view, below, sure) {
        (true, false, _) => finding(
            Outcome::Passes,
            "提交时可以看到同意文字",
            "the consent text is on screen when submitting",
        ),
        (_, true, true) => {
            let severity = if in_view { Severity::Moderate } else { Severity::Serious };
            finding(
                Outcome::Violation,
                "同意文字在提交按钮之下",
                "the consent text stands below the submit button",
            )
            .weighing(severity)
        }
        (false, false, true) => finding(
            Outcome::Violation,
            "看到提交按钮时看不到同意文字",
            "the consent text is not on screen with the submit button",
        ),
        (_, _, false) => finding(
            Outcome::NeedsPerson,
            "可选的同意在提交时不在视野之内或在按钮之下",
            "an optional consent is out of view or below the button when submitting",
        ),
    }
}

/// RP-19: a consent that nobody sees, on, and sent.
pub(super) fn hidden_and_sent(scene: &Scene<'_>) -> Vec<Finding> {
    let record = scene.record;
    let mut findings = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for state in &record.states {
        for control in &state.controls {
            let hidden = !control.seen.is_shown() && control.stand_in.is_none();
            if !hidden
                || !control.kind.is_tick()
                || control.on != Some(true)
                || done.contains(&control.key.as_str())
            {
                continue;
            }
            let words = words_of(state, control);
            if !is_consent(&words, &control.name) || ever_shown(record, &control.key) {
                continue;
            }
            done.push(&control.key);
            findings.push(sent(record, state, control, &words));
        }
    }
    findings.extend(unnamed(record));
    findings.extend(super::effect::sent_while_off(scene));
    findings
}

fn sent(record: &Record, state: &State, control: &Control, words: &str) -> Finding {
    let touched = record.events.iter().any(|event| event.target.as_deref() == Some(control.key.as_str()));
    // Under one name with a control that is seen, what is sent may be the other's.
    let shared = record
        .states
        .iter()
        .flat_map(|state| &state.controls)
        .any(|other| other.key != control.key && other.name == control.name && other.seen.is_shown());
    let submit = record.submits.iter().find(|submit| !touched && !shared && carries(submit, &control.name));
    let (outcome, zh, en) = match submit {
        Some(_) => (
            Outcome::Violation,
            "看不见的同意项处于开启状态并被提交",
            "a consent that nobody sees is on and is sent",
        ),
        None => (
            Outcome::NeedsPerson,
            "看不见的同意项处于开启状态，是否提交没有记录",
            "a consent that nobody sees is on; whether it is sent is not recorded",
        ),
    };
    let found = Finding::new(Rule::Rp19, outcome, zh, en).in_state(state.id);
    let found = found.at(Spot::control(state.id, control)).quoting(words).quoting(&control.name);
    match submit {
        Some(submit) => found.by_event(submit.event),
        None => found,
    }
}

/// Fields that carry a consent for marketing and belong to no control: for a person to look at.
fn unnamed(record: &Record) -> Option<Finding> {
    let named =
        |name: &str| record.states.iter().flat_map(|s| &s.controls).any(|control| control.name == name);
    let (submit, (name, _)) = record
        .submits
        .iter()
        .flat_map(|submit| submit.fields.iter().map(move |field| (submit, field)))
        .find(|(_, (name, value))| is_on(value) && is_marketing_name(name) && !named(name))?;
    Some(
        Finding::new(
            Rule::Rp19,
            Outcome::NeedsPerson,
            "提交的数据含有页面上没有的营销同意字段",
            "what is sent carries a marketing consent that no control of the page shows",
        )
        .by_event(submit.event)
        .quoting(name),
    )
}

/// Words that must be readable: of consent, notice, refusal.
#[derive(Debug)]
struct Words<'a> {
    text: &'a str,
    key: &'a str,
    place: &'a str,
    area: [f32; 4],
    group: Option<&'a str>,
    /// Styles by weight of their characters, and whether they belong to a link.
    sentence: Vec<(Style, bool)>,
    disabled: bool,
}

impl Words<'_> {
    fn spot(&self, state: usize) -> Spot {
        Spot {
            within: Within::State(state),
            key: self.key.to_owned(),
            place: self.place.to_owned(),
            area: self.area,
        }
    }
}

/// Everything of the record whose size and colour count, each once, in styled states only.
fn looked_at<'a>(scene: &Scene<'a>) -> Vec<(&'a State, Words<'a>)> {
    let mut found: Vec<(&State, Words<'_>)> = Vec::new();
    let mut push = |state: &'a State, words: Words<'a>| {
        let known = found.iter().any(|(_, known)| known.key == words.key && known.text == words.text);
        if !known && !words.sentence.is_empty() {
            found.push((state, words));
        }
    };
    for act in &scene.acts {
        let Some(state) = stage(scene, act).filter(|state| state.styled) else { continue };
        for text in state.texts.iter().filter(|text| act.texts.contains(&text.key) && is_visible(text)) {
            push(state, words_of_text(text));
        }
    }
    for ask in asks(scene.record).into_iter().filter(|ask| ask.state.styled) {
        for way in &ask.decline {
            push(ask.state, words_of_way(way));
        }
    }
    for state in scene.record.states.iter().filter(|state| state.styled) {
        // The “no” of a choice on the page itself.
        for control in state.controls.iter().filter(|c| c.kind == ControlKind::Radio && is_refusal(&c.label))
        {
            for text in state.texts_of(control).filter(|text| is_visible(text)) {
                if is_refusal(&text.text) && beside_consent(scene, control) {
                    push(state, words_of_text(text));
                }
            }
        }
    }
    found
}

fn beside_consent(scene: &Scene<'_>, control: &Control) -> bool {
    scene.acts.iter().filter_map(|act| act.control.as_ref()).any(|handle| {
        let other = scene.record.states.iter().find_map(|state| state.control(&handle.key));
        handle.key == control.key
            || other.is_some_and(|other| !other.name.is_empty() && other.name == control.name)
    })
}

fn words_of_text(text: &Text) -> Words<'_> {
    let mut sentence: Vec<(Style, bool, usize)> = Vec::new();
    for run in &text.runs {
        let weight = run.text.chars().filter(|c| c.is_alphanumeric()).count();
        // A document's name stands out as a link does, whether or not it is made one.
        let words = run.text.trim();
        let link = run.link.is_some() || (words.starts_with('《') && words.ends_with('》'));
        if weight == 0 || run.style.size <= 0.0 {
            continue;
        }
        match sentence.iter_mut().find(|(style, is_link, _)| *style == run.style && *is_link == link) {
            Some((_, _, sum)) => *sum += weight,
            None => sentence.push((run.style, link, weight)),
        }
    }
    // A character or two (an asterisk, a number) say nothing of the sentence.
    let most = sentence.iter().map(|(_, _, weight)| *weight).max().unwrap_or(0);
    sentence.retain(|(_, _, weight)| *weight >= RUN_MIN || *weight == most);
    sentence.sort_by_key(|(_, _, weight)| core::cmp::Reverse(*weight));
    Words {
        text: &text.text,
        key: &text.key,
        place: &text.place,
        area: text.area,
        group: text.group.as_deref(),
        sentence: sentence.into_iter().map(|(style, link, _)| (style, link)).collect(),
        disabled: false,
    }
}

fn words_of_way<'a>(way: &Way<'a>) -> Words<'a> {
    Words {
        text: way.label,
        key: way.key,
        place: way.place,
        area: way.area,
        group: None,
        sentence: way
            .style
            .filter(|style| style.size > 0.0)
            .map(|style| (style, false))
            .into_iter()
            .collect(),
        disabled: way.disabled,
    }
}

/// A person sees it: shown, and not the one pixel of a text for screen readers.
fn is_visible(text: &Text) -> bool {
    let [x, y, width, height] = text.area;
    text.seen.is_shown()
        && width > SCREEN_READER
        && height > SCREEN_READER
        && x + width > 0.0
        && y + height > 0.0
}

/// The submit control that goes with a text: of its group, else the nearest.
pub(super) fn submit_of<'a>(state: &'a State, group: Option<&str>, area: [f32; 4]) -> Option<&'a Control> {
    let shown = || {
        state.controls.iter().filter(|control| {
            control.kind == ControlKind::Submit && control.seen.is_shown() && control.dialog.is_none()
        })
    };
    let [_, top, _, height] = area;
    let far = |control: &Control| {
        let [_, y, _, h] = control.area;
        (y + h / 2.0 - top - height / 2.0).abs()
    };
    let nearest = |a: &&Control, b: &&Control| far(a).total_cmp(&far(b));
    let same = shown().filter(|control| group.is_some() && control.group.as_deref() == group).min_by(nearest);
    same.or_else(|| shown().min_by(nearest))
}

/// The smallest box around several.
fn union(boxes: impl Iterator<Item = record::Box4>) -> Option<record::Box4> {
    boxes.reduce(|[ax, ay, aw, ah], [bx, by, bw, bh]| {
        let (x, y) = (ax.min(bx), ay.min(by));
        [x, y, (ax + aw).max(bx + bw) - x, (ay + ah).max(by + bh) - y]
    })
}

fn limit_of(style: &Style) -> f32 {
    let large = style.size >= LARGE || (style.size >= LARGE_BOLD && style.weight >= BOLD);
    if large { CONTRAST_LARGE } else { CONTRAST }
}

fn words_of(state: &State, control: &Control) -> String {
    let texts = state.texts_of(control).map(|text| text.text.as_str());
    let joined: Vec<&str> = texts.collect();
    if control.label.is_empty() { joined.join(" ") } else { control.label.clone() }
}

fn is_consent(words: &str, name: &str) -> bool {
    if phrase::is_plain(words) || is_plain_name(name) {
        return false;
    }
    let asked = purposes(words).union(mentioned(words).intersection(Purposes::MARKETING));
    !asked.without(Purposes::OTHER).is_none() || is_marketing_name(name) || is_agreement_name(name)
}

fn ever_shown(record: &Record, key: &str) -> bool {
    record
        .states
        .iter()
        .filter_map(|state| state.control(key))
        .any(|control| control.seen.is_shown() || control.stand_in.is_some())
}

fn carries(submit: &Submit, name: &str) -> bool {
    !name.is_empty() && submit.fields.iter().any(|(sent, value)| sent == name && is_on(value))
}

fn is_on(value: &str) -> bool {
    !matches!(fold(value).trim(), "" | "0" | "false" | "off" | "no" | "n" | "null")
}

fn is_marketing_name(name: &str) -> bool {
    let name = name.to_lowercase();
    MARKETING_NAMES.iter().any(|word| name.contains(word))
        && !NEGATED_NAMES.iter().any(|word| name.contains(word))
}

fn is_agreement_name(name: &str) -> bool {
    let name = name.to_lowercase();
    AGREEMENT_NAMES.iter().any(|word| name.contains(word))
}

fn is_plain_name(name: &str) -> bool {
    let name = name.to_lowercase();
    PLAIN_NAMES.iter().any(|word| name.contains(word))
}

/// Violations first: who reads one reads the worst.
fn worst_first(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| match finding.outcome {
        Outcome::Violation => 0,
        Outcome::NeedsPerson => 1,
        Outcome::Passes => 2,
        Outcome::NotApplicable => 3,
    });
    findings
}

fn pixels(number: u32) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}

const MARKETING_NAMES: [&str; 11] = [
    "newsletter",
    "marketing",
    "promo",
    "subscribe",
    "optin",
    "opt_in",
    "opt-in",
    "edm",
    "mailing",
    "advert",
    "offers",
];
const NEGATED_NAMES: [&str; 4] = ["unsubscribe", "optout", "opt_out", "opt-out"];
const AGREEMENT_NAMES: [&str; 6] = ["agree", "consent", "terms", "privacy", "authoriz", "protocol"];
const PLAIN_NAMES: [&str; 6] = ["remember", "keep", "autologin", "auto_login", "showpass", "cookie"];

/// CSS pixels. A convention: no Chinese rule gives a number.
const SIZE_MIN: f32 = 12.0;
/// Against the label of the submit control.
const SIZE_RATIO: f32 = 0.75;
/// WCAG 2.2, 1.4.3: 4.5, and 3 from 24 CSS pixels or 18.7 bold.
const CONTRAST: f32 = 4.5;
const CONTRAST_LARGE: f32 = 3.0;
const LARGE: f32 = 24.0;
const LARGE_BOLD: f32 = 18.66;
const BOLD: u16 = 700;
/// What computing with whole pixels may lose.
const ROUNDING: f32 = 0.01;
/// Characters of one style that say something of the sentence.
const RUN_MIN: usize = 3;
/// Side of a box for screen readers only.
const SCREEN_READER: f32 = 2.0;
