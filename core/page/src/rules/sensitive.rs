//! Section B, sensitive information: is there an act for it alone?

use super::deed::AGREEMENT;
use crate::act::Act;
use crate::finding::{Finding, Outcome, Rule, Spot, Within};
use crate::fold::fold;
use crate::lexicon::{Word, has};
use crate::phrase;
use crate::purpose::Purposes;
use crate::record::Field;
use crate::scene::Scene;

/// RP-12.
pub(super) fn sensitive_bundled(scene: &Scene<'_>) -> Vec<Finding> {
    let own = scene.consents().find(|act| is_own(act));
    let mut found = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for state in &scene.record.states {
        for field in state.fields.iter().filter(|field| field.seen.is_shown()) {
            let Some(asked) = asked(field) else { continue };
            if seen.contains(&field.key.as_str()) {
                continue;
            }
            seen.push(&field.key);
            let name = [&field.label, &field.placeholder, &field.name]
                .into_iter()
                .find(|name| !name.trim().is_empty());
            let finding = answer(asked, own.is_some(), is_optional(field)).in_state(state.id);
            found.push(finding.at(spot(state.id, field)).quoting(name.map_or("", String::as_str)));
        }
    }
    for act in scene.consents().filter(|act| act.surface.has(Purposes::SENSITIVE) && !is_own(act)) {
        // Messages about health or credit take no data on them: what the sender writes about is not what it asks for.
        let topic = !act.surface.meets(AGREEMENT.union(Purposes::THIRD_PARTY));
        let zh = format!("敏感个人信息与其他事项一并同意：{}", act.surface.zh());
        let en = format!("sensitive data are agreed to together with: {}", act.surface.en());
        let outcome = if topic { Outcome::NeedsPerson } else { Outcome::Violation };
        found.push(scene.with_act(Finding::new(Rule::Rp12, outcome, zh, en), act));
    }
    found
}

/// What a field asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Sensitive information.
    Sensitive,
    /// A card to pay with, data of a child: sensitive, but perhaps what the service takes.
    Doubtful,
}

fn asked(field: &Field) -> Option<Asked> {
    let words = fold(&format!("{} {}", field.label, field.placeholder));
    let name = field.name.to_ascii_lowercase();
    let hints = field.autocomplete.to_ascii_lowercase();
    let card = CARDS.iter().any(|word| words.contains(word)) || hints.starts_with("cc-");
    if card || CHILDREN.iter().any(|word| words.contains(word)) {
        return Some(Asked::Doubtful);
    }
    let named = NAMES.iter().any(|part| name == *part || name.ends_with(&format!("[{part}]")));
    let pattern = PATTERNS.iter().any(|part| field.pattern.contains(part));
    (has(&words, Word::Sensitive) || named || pattern).then_some(Asked::Sensitive)
}

fn answer(asked: Asked, own: bool, optional: bool) -> Finding {
    if own {
        return Finding::new(
            Rule::Rp12,
            Outcome::Passes,
            "敏感个人信息另有单独同意",
            "sensitive data have a consent of their own",
        );
    }
    if optional || asked == Asked::Doubtful {
        let zh = "收集敏感个人信息，是否需要单独同意请人工核对";
        return Finding::new(
            Rule::Rp12,
            Outcome::NeedsPerson,
            zh,
            "sensitive data are asked for, perhaps by choice",
        );
    }
    let zh = "收集敏感个人信息而没有单独同意";
    Finding::new(
        Rule::Rp12,
        Outcome::Violation,
        zh,
        "sensitive data are asked for without a consent of their own",
    )
}

/// An act for sensitive information and nothing else.
fn is_own(act: &Act) -> bool {
    let other =
        AGREEMENT.without(Purposes::AUTHORISATION).union(Purposes::MARKETING).union(Purposes::THIRD_PARTY);
    act.asks() && act.surface.has(Purposes::SENSITIVE) && !act.surface.meets(other)
}

fn is_optional(field: &Field) -> bool {
    !field.required && phrase::is_optional(&format!("{} {}", field.label, field.placeholder))
}

fn spot(state: usize, field: &Field) -> Spot {
    Spot {
        within: Within::State(state),
        key: field.key.clone(),
        place: field.place.clone(),
        area: field.area,
    }
}

const CARDS: [&str; 6] = ["信用卡", "credit card", "card number", "debit card", "cvv", "クレジットカード"];
const CHILDREN: [&str; 6] = ["孩子姓名", "宝宝", "儿童姓名", "孩子生日", "child's name", "child's date"];
const NAMES: [&str; 11] = [
    "idcard",
    "id_card",
    "idcardno",
    "id_card_no",
    "idno",
    "id_no",
    "identity",
    "ssn",
    "bankcard",
    "bank_card",
    "sfz",
];
/// What patterns of an identity number contain.
const PATTERNS: [&str; 2] = [r"\d{17}", r"[0-9]{17}"];
