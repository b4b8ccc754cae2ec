//! Consent by a control that is on or off.

use super::{Act, ActKind, Handle, surface};
use crate::act::library::Library;
use crate::finding::Spot;
use crate::fold::fold;
use crate::lexicon::Word;
use crate::phrase;
use crate::purpose::{Purposes, asked, spoken_of};
use crate::record::{Act as Done, Control, ControlKind, Made, Record, Seen, State, Text};
use crate::sentence::{Sentence, sentences};

/// Adds the ticks of a state.
pub(super) fn gather(record: &Record, state: &State, library: &Library<'_>, found: &mut Vec<Act>) {
    for control in state.controls.iter().filter(|control| control.kind.is_tick()) {
        let visible = is_visible(state, control);
        if let Some(act) = Act::again(found, ActKind::Tick, &control.key, state.id) {
            act.shown |= visible;
            continue;
        }
        if let Some(mut act) = read(state, control, library) {
            if is_fake(record, control) && phrase::implied_agreement(&act.text).is_some() {
                continue;
            }
            act.shown = visible;
            act.pristine_on = if touched(record, control, state.id) { None } else { control.on };
            found.push(act);
        }
    }
}

/// Seen, or its words are: a native box may be hidden under one that its label's style sheet draws.
fn is_visible(state: &State, control: &Control) -> bool {
    let reachable = |seen: Seen| seen.is_shown() || matches!(seen, Seen::Folded | Seen::Covered);
    reachable(control.seen) || state.texts_of(control).any(|text| text.seen.is_shown())
}

/// Drawn, and nothing can be done with it: a picture, not a control. A click that had an effect proves the contrary.
pub(crate) fn is_fake(record: &Record, control: &Control) -> bool {
    let clicked = |event: &&crate::record::Event| event.target.as_deref() == Some(control.key.as_str());
    let mut clicks = record.events.iter().filter(clicked).peekable();
    let untried = clicks.peek().is_none();
    control.made == Made::Drawn
        && if untried { !control.operable } else { clicks.all(|event| event.without_effect > 0) }
}

/// Texts of a control, its label first, each once, and their keys.
pub(crate) fn consent_text(state: &State, control: &Control) -> (String, Vec<String>) {
    let mut whole = control.label.trim().to_owned();
    let mut keys = Vec::new();
    for text in state.texts_of(control) {
        keys.push(text.key.clone());
        let words = text.text.trim();
        if fold(words).contains(&fold(&whole)) {
            words.clone_into(&mut whole);
        } else if !fold(&whole).contains(&fold(words)) {
            whole.push(' ');
            whole.push_str(words);
        }
    }
    (whole, keys)
}

fn read(state: &State, control: &Control, library: &Library<'_>) -> Option<Act> {
    let (mut text, mut keys) = consent_text(state, control);
    for block in continuing(state, control, &keys) {
        text.push_str(block.text.trim());
        keys.push(block.key.clone());
    }
    if control.kind == ControlKind::Radio && is_negative(&text) {
        return None;
    }
    if is_bare(&text) {
        let asking = question(state, control, &keys);
        for block in asking.iter().rev() {
            text = format!("{} {text}", block.text.trim());
            keys.insert(0, block.key.clone());
        }
    } else if names_recipient(&text) {
        let asking = question(state, control, &keys);
        let last = asking.last().map(|block| block.text.trim());
        if let Some(last) = last.filter(|last| last.ends_with([':', '：', '?', '？'])) {
            let whole = format!("{last} {text}");
            if surface(&whole).has(Purposes::MARKETING) {
                text = whole;
                keys.splice(0..0, asking.last().map(|block| block.key.clone()));
            }
        }
    }
    let (purposes, inverted) = purposes_of(&text);
    if is_of_view(state, control, &text) {
        return None;
    }
    if is_of_cookies(state, control, &text) && !purposes.has(Purposes::TERMS) {
        return None;
    }
    if purposes.is_none() || (phrase::is_plain(&text) && purposes == Purposes::OTHER) {
        return None;
    }
    if control.kind == ControlKind::Radio && purposes == Purposes::OTHER {
        return None;
    }
    let mut act = Act::new(ActKind::Tick, &control.key, state);
    act.spots.push(Spot::control(state.id, control));
    act.spots.extend(keys.iter().filter_map(|key| state.text(key)).map(|text| Spot::text(state.id, text)));
    act.documents = library.linked(state, &keys);
    act.reached = library.reached(&act.documents);
    act.optional = phrase::is_optional(&text);
    act.surface = purposes;
    act.inverted = inverted;
    act.control = Some(Handle { key: control.key.clone(), kind: control.kind, made: control.made });
    act.dialog.clone_from(&control.dialog);
    act.text = text;
    act.texts = keys;
    Some(act.without_service(state))
}

/// Blocks after the control's own that go on with its sentence.
fn continuing<'a>(state: &'a State, control: &Control, own: &[String]) -> Vec<&'a Text> {
    let last = own.last().and_then(|key| state.texts.iter().position(|text| text.key == *key));
    let Some(last) = last else { return Vec::new() };
    let free = |text: &&Text| {
        text.lies_in() == control.lies_in()
            && phrase::goes_on(&text.text)
            && text.seen == control.seen
            && !state.controls.iter().any(|other| state.is_of(other, text))
    };
    state.texts.iter().skip(last + 1).take_while(free).take(BLOCKS_MAX).collect()
}

/// A switch of a cookie panel: it says so, its dialog does, or its neighbours are kinds of cookies.
fn is_of_cookies(state: &State, control: &Control, text: &str) -> bool {
    let own = phrase::is_of_cookies(text) && !phrase::names_policy(text);
    let dialog =
        control.dialog.as_ref().and_then(|key| state.dialogs.iter().find(|dialog| dialog.key == *key));
    let kinds = state.controls.iter().filter(|other| phrase::is_kind_of_cookies(&other.label)).count();
    own || dialog.is_some_and(|dialog| phrase::is_of_cookies(&dialog.text))
        || (kinds > 1 && phrase::is_kind_of_cookies(text))
}

/// It sorts what is shown, or answers where the user heard of the page: “只看促销信息”, “您从哪里了解到我们”.
fn is_of_view(state: &State, control: &Control, text: &str) -> bool {
    let folded = fold(text);
    let above = |text: &&Text| {
        let gap = control.area[1] - text.area[1];
        text.lies_in() == control.lies_in() && (0.0..REACH).contains(&gap)
    };
    let asked = |text: &Text| {
        let folded = fold(&text.text);
        SURVEYS.iter().any(|word| folded.contains(word))
    };
    VIEWS.iter().any(|word| folded.starts_with(word))
        || SURVEYS.iter().any(|word| folded.contains(word))
        || control.kind == ControlKind::Radio && state.texts.iter().filter(above).any(asked)
}

/// Purposes, and whether on means no. A label inverts when it objects and asks for nothing of what it speaks of.
fn purposes_of(text: &str) -> (Purposes, bool) {
    let sent = Purposes::MARKETING.union(Purposes::THIRD_PARTY);
    let asks = surface(text);
    let read = sentences(text);
    let objects = |sentence: &&Sentence<'_>| sentence.objects() && !sentence.says(Word::Untick);
    let objecting = read.iter().filter(objects);
    if let Some(spoken) = objects_to_the_above(&read).or_else(|| declines_mail(&read)) {
        return (asks.without(Purposes::OTHER).union(spoken.intersection(sent)), true);
    }
    let spoken = objecting.fold(Purposes::NONE, |all, sentence| all.union(spoken_of(sentence)));
    let asked_for = read.iter().fold(Purposes::NONE, |all, sentence| all.union(before_objection(sentence)));
    if spoken.meets(sent) && !asked_for.meets(sent) {
        return (asks.without(Purposes::OTHER).union(spoken.intersection(sent)), true);
    }
    let unticking = read.iter().filter(|sentence| sentence.says(Word::Untick));
    let on = unticking.fold(Purposes::NONE, |all, sentence| all.union(spoken_of(sentence)));
    (asks.union(on.intersection(sent)), false)
}

/// A tick objects to what the sentences before it announce: “We would like to e-mail you offers. Tick if you'd rather not.”
fn objects_to_the_above(read: &[Sentence<'_>]) -> Option<Purposes> {
    let at = read.iter().position(|sentence| {
        let ticks = TICKS.iter().any(|word| sentence.folded.contains(word));
        ticks
            && sentence.objects()
            && !sentence.says(Word::Untick)
            && !sentence.says(Word::Withdraw)
            && spoken_of(sentence).without(Purposes::OTHER).is_none()
    })?;
    let before = read.get(..at)?;
    let agreed = read.iter().any(|sentence| sentence.states(Word::Agree) && !sentence.says(Word::Objection));
    let spoken = before.iter().fold(Purposes::NONE, |all, sentence| all.union(spoken_of(sentence)));
    (!agreed && spoken.meets(Purposes::MARKETING.union(Purposes::THIRD_PARTY))).then_some(spoken)
}

/// Nothing is said but that no mail is wanted: “No newsletters please”.
fn declines_mail(read: &[Sentence<'_>]) -> Option<Purposes> {
    let [only] = read else { return None };
    let begins = DECLINES.iter().any(|word| only.folded.starts_with(word));
    let short = only.folded.chars().count() <= BARE_MAX;
    let spoken = spoken_of(only);
    (begins && short && spoken.has(Purposes::MARKETING)).then_some(spoken)
}

/// What a sentence asks for before it objects: “do not wish to receive news, offers and tips” objects to all of its list,
/// unless it turns: “no calls, but send me offers”.
fn before_objection(sentence: &Sentence<'_>) -> Purposes {
    let objection =
        sentence.words.iter().filter(|hit| hit.word == Word::Objection).map(|hit| hit.start).min();
    let turns = TURNS.iter().any(|word| sentence.folded.contains(word));
    match objection {
        Some(start) if !turns && !sentence.says(Word::Untick) => {
            let before = sentence.folded.get(..start).unwrap_or_default();
            let first = sentences(before).iter().fold(Purposes::NONE, |all, part| all.union(asked(part)));
            first.intersection(asked(sentence))
        }
        Some(_) | None => asked(sentence),
    }
}

/// The label alone does not say what is agreed to: “同意接收”, “Yes”, “短信”.
fn is_bare(text: &str) -> bool {
    let short = text.chars().count() <= BARE_MAX;
    let plain = surface(text).without(Purposes::OTHER).is_none();
    let content = text.chars().count() <= CONTENT_MAX && phrase::is_commercial(text);
    let answers =
        content || phrase::accepts(text) || phrase::refuses(text) || !phrase::channels(text).is_empty();
    short && plain && !phrase::is_plain(text) && (text.trim().is_empty() || answers)
}

/// The label only names whose messages they are: “Our partners”, under “I would like to receive offers from:”.
fn names_recipient(text: &str) -> bool {
    text.chars().count() <= RECIPIENT_MAX
        && surface(text).without(Purposes::OTHER).is_none()
        && sentences(text)
            .iter()
            .any(|sentence| sentence.says(Word::Third) || sentence.says(Word::Company) || has_group(sentence))
}

fn has_group(sentence: &Sentence<'_>) -> bool {
    ["group", "集团", "品牌", "brands"].iter().any(|word| sentence.folded.contains(word))
}

fn is_negative(text: &str) -> bool {
    let folded = fold(text);
    NEGATIVES.iter().any(|word| folded.starts_with(word) && !folded.starts_with("not"))
        || phrase::refuses(text)
}

/// The question above a bare answer: blocks before it up to another control's text.
fn question<'a>(state: &'a State, control: &Control, own: &[String]) -> Vec<&'a Text> {
    let labels = |text: &Text| state.controls.iter().filter(|other| state.is_of(other, text)).count();
    let answer = |text: &Text| labels(text) > 0 && (is_bare(&text.text) || names_recipient(&text.text));
    let end = own.first().and_then(|key| state.texts.iter().position(|text| text.key == *key));
    let end = end
        .or_else(|| state.texts.iter().position(|text| text.area[1] > control.area[1]))
        .unwrap_or(state.texts.len());
    let mut found = Vec::new();
    for text in state.texts.iter().take(end).rev().filter(|text| text.lies_in() == control.lies_in()) {
        let far = state.styled && control.area[1] - (text.area[1] + text.area[3]) > REACH;
        let labelled = state.fields.iter().any(|field| !field.label.is_empty() && field.label == text.text);
        if answer(text) {
            continue;
        }
        if far || labelled || labels(text) > 0 || found.len() == BLOCKS_MAX || matches!(text.heading, 1) {
            break;
        }
        found.push(text);
        if !surface(&text.text).without(Purposes::OTHER).is_none() && found.len() > 1 {
            break;
        }
    }
    found.reverse();
    found
}

/// A user, or the recorder in a user's stead, switched it before this state.
fn touched(record: &Record, control: &Control, state: usize) -> bool {
    record.events.iter().filter(|event| event.after <= state).any(|event| {
        matches!(event.act, Done::Tick | Done::Untick)
            && event.target.as_deref() == Some(control.key.as_str())
    })
}

/// Characters of a bare answer.
const BARE_MAX: usize = 40;
/// Characters of a label that only names a recipient.
const RECIPIENT_MAX: usize = 80;
/// Characters of a label that only names content: “优惠活动”.
const CONTENT_MAX: usize = 24;
/// Blocks of text a question is made of.
const BLOCKS_MAX: usize = 3;
/// CSS pixels between a question and its answer.
const REACH: f32 = 260.0;
const VIEWS: [&str; 9] =
    ["只看", "仅看", "只显示", "仅显示", "隐藏", "不显示", "show only", "only show", "hide "];
const SURVEYS: [&str; 9] = [
    "从哪里了解",
    "从何处",
    "何种途径",
    "什么渠道",
    "如何得知",
    "怎么知道",
    "how did you hear",
    "where did you hear",
    "how did you find",
];
const TICKS: [&str; 9] = ["tick", "check", "select", "mark this", "勾选", "打勾", "点选", "选中", "チェック"];
/// How a label begins that only declines.
const DECLINES: [&str; 9] = [
    "no newsletter",
    "no marketing",
    "no promotional",
    "no offers",
    "no advertising",
    "no e-mail",
    "no email",
    "no more",
    "no commercial",
];
const TURNS: [&str; 5] = [" but ", "但", "而是", "только", "sondern"];
const NEGATIVES: [&str; 12] =
    ["no", "不", "否", "ne,", "ne ", "нет", "nein", "non", "nie", "いいえ", "unsubscribe", "i don't"];
