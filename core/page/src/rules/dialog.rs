//! Dialogs that ask for consent, and the ways out of them.

use std::collections::HashSet;

use crate::fold::fold;
use crate::phrase;
use crate::purpose::{Purposes, mentioned, purposes};
use crate::record::{Box4, Control, Dialog, Link, Record, Seen, State, Style, Text};

/// A dialog of one state that asks for consent.
#[derive(Clone, Debug)]
pub(super) struct Ask<'a> {
    /// The state.
    pub(super) state: &'a State,
    /// The dialog.
    pub(super) dialog: &'a Dialog,
    /// What it asks for.
    pub(super) purposes: Purposes,
    /// Ways to agree.
    pub(super) agree: Vec<Way<'a>>,
    /// Ways to decline in words.
    pub(super) decline: Vec<Way<'a>>,
    /// Ways to close it without words.
    pub(super) close: Vec<Way<'a>>,
    /// Ways to further choices.
    pub(super) more: Vec<Way<'a>>,
}

/// Something in a dialog that can be pressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'a> {
    /// Words on it.
    pub(super) label: &'a str,
    /// Key.
    pub(super) key: &'a str,
    /// Place.
    pub(super) place: &'a str,
    /// Where.
    pub(super) area: Box4,
    /// How its words look, if known.
    pub(super) style: Option<Style>,
    /// It has a fill of its own.
    pub(super) filled: bool,
    /// It takes no input now.
    pub(super) disabled: bool,
}

/// Dialogs that ask for consent, each once, in the order of the states.
pub(super) fn asks(record: &Record) -> Vec<Ask<'_>> {
    first_dialogs(record).into_iter().filter_map(|(state, dialog)| ask(state, dialog)).collect()
}

/// Every dialog once, in the state that shows it first; the same words make the same dialog.
pub(super) fn first_dialogs(record: &Record) -> Vec<(&State, &Dialog)> {
    let mut seen = HashSet::new();
    let all = record.states.iter().flat_map(|state| state.dialogs.iter().map(move |dialog| (state, dialog)));
    all.filter(|(_, dialog)| seen.insert((dialog.text.as_str(), dialog.native.as_str()))).collect()
}

/// Dialogs of a state that ask for consent.
pub(super) fn asks_of(state: &State) -> Vec<Ask<'_>> {
    state.dialogs.iter().filter_map(|dialog| ask(state, dialog)).collect()
}

/// The ways out of any dialog of the page, whatever it asks.
pub(super) fn ways<'a>(state: &'a State, dialog: &'a Dialog) -> Ask<'a> {
    let inside = |key: &Option<String>| key.as_deref() == Some(dialog.key.as_str());
    let controls =
        state.controls.iter().filter(|c| inside(&c.dialog) && c.kind.is_button()).filter(seen_control);
    let links = state.links.iter().filter(|l| inside(&l.dialog) && l.seen.is_shown());
    let texts = state.texts.iter().filter(|t| inside(&t.dialog) && t.seen.is_shown());
    let controls: Vec<Way<'_>> = controls.map(Way::of_control).collect();
    let links: Vec<Way<'_>> = links.map(|link| Way::of_link(state, link)).collect();
    let known = |text: &Text| {
        let words = fold(&text.text);
        controls.iter().chain(&links).any(|way| way.key == text.key || fold(way.label) == words)
    };
    // A word that declines may be plain text with a listener: it counts as a way when nothing else carries it.
    let words: Vec<Way<'_>> = texts
        .filter(|text| {
            text.heading == 0 && !known(text) && is_refusal(&text.text) && !has_sentence_end(&text.text)
        })
        .map(Way::of_text)
        .collect();
    let all = || controls.iter().chain(&links).chain(&words).copied();
    Ask {
        state,
        dialog,
        purposes: purposes(&dialog.text),
        agree: all().filter(|way| agrees(way.label)).collect(),
        decline: all().filter(|way| is_refusal(way.label) && !is_close(way)).collect(),
        close: all().filter(is_close).collect(),
        more: all().filter(|way| leads_on(way.label)).collect(),
    }
}

/// Buttons of the page itself: those that agree expressly, and how many do anything else.
pub(super) fn on_the_page(state: &State) -> (Vec<Way<'_>>, usize) {
    let shown =
        state.controls.iter().filter(|c| c.dialog.is_none() && c.kind.is_button()).filter(seen_control);
    let (agree, others): (Vec<Way<'_>>, Vec<Way<'_>>) = shown
        .map(Way::of_control)
        .partition(|way| phrase::agreeing_label(way.label) || is_plain_consent(way.label));
    (agree, others.len())
}

impl<'a> Way<'a> {
    fn of_control(control: &'a Control) -> Self {
        Self {
            label: &control.label,
            key: &control.key,
            place: &control.place,
            area: control.area,
            style: control.style,
            filled: control.filled,
            disabled: control.disabled,
        }
    }

    fn of_link(state: &State, link: &'a Link) -> Self {
        let runs = state.texts.iter().flat_map(|text| &text.runs);
        let style =
            runs.filter(|run| run.link.as_deref() == Some(link.key.as_str())).map(|run| run.style).next();
        Self {
            label: &link.text,
            key: &link.key,
            place: &link.place,
            area: link.area,
            style,
            filled: false,
            disabled: false,
        }
    }

    pub(super) fn of_text(text: &'a Text) -> Self {
        Self {
            label: &text.text,
            key: &text.key,
            place: &text.place,
            area: text.area,
            style: text.runs.first().map(|run| run.style),
            filled: false,
            disabled: false,
        }
    }

    /// Its area in square CSS pixels.
    pub(super) fn size(&self) -> f32 {
        let [_, _, width, height] = self.area;
        width * height
    }
}

/// It declines, in words a button has.
pub(super) fn is_refusal(label: &str) -> bool {
    let short = label.chars().count() <= LABEL_MAX;
    short && (phrase::refuses(label) || phrase::shames(label)) && !phrase::accepts(label)
}

/// How alike two texts are: shared pairs of characters, 0 to 1.
pub(super) fn likeness(one: &str, other: &str) -> f32 {
    if one == other {
        return 1.0;
    }
    let (mut one, mut other) = (pairs(one), pairs(other));
    let total = one.len() + other.len();
    if total == 0 {
        return 0.0;
    }
    one.sort_unstable();
    other.sort_unstable();
    let (mut a, mut b, mut shared) = (one.iter().peekable(), other.iter().peekable(), 0_u16);
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            core::cmp::Ordering::Less => drop(a.next()),
            core::cmp::Ordering::Greater => drop(b.next()),
            core::cmp::Ordering::Equal => {
                shared = shared.saturating_add(1);
                a.next();
                b.next();
            }
        }
    }
    2.0 * f32::from(shared) / f32::from(u16::try_from(total).unwrap_or(u16::MAX))
}

fn pairs(text: &str) -> Vec<(char, char)> {
    // A countdown in the text makes no other dialog of it.
    let chars = || fold(text).chars().filter(|c| c.is_alphabetic()).take(TEXT_MAX).collect::<Vec<_>>();
    let chars = chars();
    chars.iter().copied().zip(chars.iter().copied().skip(1)).collect()
}

fn ask<'a>(state: &'a State, dialog: &'a Dialog) -> Option<Ask<'a>> {
    if !dialog.native.is_empty() || dialog.text.chars().count() > TEXT_MAX || is_cookie(&dialog.text) {
        return None;
    }
    let found = ways(state, dialog);
    let asked = found.purposes.union(mentioned(&dialog.text).intersection(Purposes::MARKETING));
    let asked = asked.intersection(CONSENTS);
    // A box inside, a page of terms or a complaint of the form asks nothing by its buttons.
    let express = found.agree.iter().any(|way| !is_mere_ok(way.label));
    (!asked.is_none() && express).then_some(Ask { purposes: asked, ..found })
}

fn agrees(label: &str) -> bool {
    phrase::accepts(label) || phrase::agreeing_label(label)
}

/// Leads to further choices: “管理选项”, “More options”.
fn leads_on(label: &str) -> bool {
    let folded = fold(label);
    folded.chars().count() <= LABEL_MAX && MORE.iter().any(|word| folded.contains(word)) && !is_refusal(label)
}

fn is_plain_consent(label: &str) -> bool {
    let label = fold(label);
    ["同意", "接受", "允许", "agree", "accept", "allow"].iter().any(|word| label.starts_with(word))
        && phrase::accepts(&label)
}

/// Says that it was read, not that it is agreed to.
fn is_mere_ok(label: &str) -> bool {
    let label = fold(label);
    OK.iter().any(|word| label.trim() == *word)
}

fn is_close(way: &Way<'_>) -> bool {
    let label = fold(way.label);
    let label = label.trim();
    if CLOSE.contains(&label) {
        return true;
    }
    let place = way.place.to_lowercase();
    label.is_empty() && (place.contains("close") || place.contains("dismiss"))
}

fn is_cookie(text: &str) -> bool {
    fold(text).contains("cookie")
}

fn has_sentence_end(text: &str) -> bool {
    text.contains(['。', '？', '！', '，', '?'])
}

fn seen_control(control: &&Control) -> bool {
    matches!(control.seen, Seen::Shown)
}

/// What a dialog can ask consent for.
const CONSENTS: Purposes = Purposes::MARKETING
    .union(Purposes::THIRD_PARTY)
    .union(Purposes::TERMS)
    .union(Purposes::PRIVACY)
    .union(Purposes::AUTHORISATION)
    .union(Purposes::SENSITIVE);

const OK: [&str; 14] = [
    "确定",
    "确认",
    "我知道了",
    "知道了",
    "好",
    "好的",
    "ok",
    "okay",
    "got it",
    "confirm",
    "是",
    "yes",
    "了解",
    "はい",
];
const MORE: [&str; 16] = [
    "管理选项",
    "更多选项",
    "管理偏好",
    "偏好设置",
    "更多设置",
    "自定义",
    "个性化设置",
    "去设置",
    "manage",
    "customise",
    "customize",
    "more options",
    "preferences",
    "settings",
    "einstellungen",
    "paramétrer",
];
const CLOSE: [&str; 10] = ["×", "✕", "✖", "✗", "x", "关闭", "close", "dismiss", "閉じる", "╳"];
/// Characters of a label that is pressed.
const LABEL_MAX: usize = 40;
/// Characters of a dialog that asks; a longer one is a document.
const TEXT_MAX: usize = 1_500;

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn likeness_is_of_words_not_of_counters() {
        for (one, other, low, high) in [
            ("开启优惠通知", "开启优惠通知", 1.0, 1.0),
            ("开启优惠通知 59s", "开启优惠通知 12s", 0.9, 1.0),
            ("Get our offers by e-mail", "GET OUR OFFERS by e-mail!", 1.0, 1.0),
            ("开启优惠通知", "确定放弃红包吗", 0.0, 0.1),
            ("", "", 1.0, 1.0),
            ("", "开启优惠通知", 0.0, 0.0),
        ] {
            let found = likeness(one, other);
            assert!((low..=high).contains(&found), "{one} / {other}: {found}");
        }
    }
}
