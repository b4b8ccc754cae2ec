//! Section A: was it an act of the user?

use crate::act::{Act, ActKind, is_fake};
use crate::finding::{Finding, Outcome, Rule, Spot};
use crate::fold::fold;
use crate::lexicon::{Word, has};
use crate::phrase;
use crate::purpose::{Purposes, purposes};
use crate::record::{Control, Made, State};
use crate::scene::Scene;

/// RP-01.
pub(super) fn preticked_marketing(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for act in scene.ticks().filter(|act| act.asks() && act.purposes().has(Purposes::MARKETING)) {
        found.extend(preticked(scene, act, Rule::Rp01));
    }
    found
}

/// RP-02.
pub(super) fn preticked_agreement(scene: &Scene<'_>) -> Vec<Finding> {
    let agreed = AGREEMENT.union(Purposes::THIRD_PARTY).union(Purposes::SENSITIVE);
    let mut found = Vec::new();
    for act in scene.ticks().filter(|act| act.asks() && !act.purposes().has(Purposes::MARKETING)) {
        if is_about_changes(act) {
            continue;
        }
        if act.surface.meets(agreed) && !is_only_noted(act) {
            found.extend(preticked(scene, act, Rule::Rp02));
        } else if act.pristine_on == Some(true) && act.shown && !names_service(&act.text) {
            let zh = "页面打开时已经选中，同意的是什么不明：请人工核对";
            let en = "on before the user did anything; what it agrees to is unclear";
            found.push(scene.with_act(Finding::new(Rule::Rp02, Outcome::NeedsPerson, zh, en), act));
        }
    }
    found
}

/// Messages that the service itself consists of.
fn names_service(text: &str) -> bool {
    let folded = fold(text);
    has(&folded, Word::Service) || SERVICES.iter().any(|word| folded.contains(word))
}

/// A notice of changes is asked for, and nothing is agreed to: “Notify me of updates to these Terms”.
fn is_about_changes(act: &Act) -> bool {
    let folded = fold(&act.text);
    names_service(&act.text)
        && act.surface.without(AGREEMENT).is_none()
        && !AGREEING.iter().any(|word| folded.contains(word))
        && !has(&folded, Word::Read)
}

/// Rules of some kind are taken note of, and nothing is agreed to: “已知悉优惠券使用规则”.
fn is_only_noted(act: &Act) -> bool {
    let folded = fold(&act.text);
    act.surface == Purposes::TERMS
        && !CONTRACTS.iter().any(|word| folded.contains(word))
        && !has(&folded, Word::YouAgree)
        && has(&folded, Word::Acknowledge)
        && !AGREEING.iter().any(|word| folded.contains(word))
}

/// RP-03.
pub(super) fn implied_agreement(scene: &Scene<'_>) -> Vec<Finding> {
    let agreed = AGREEMENT.union(Purposes::THIRD_PARTY).union(Purposes::SENSITIVE);
    let mut found = Vec::new();
    for act in scene.of_kind(ActKind::Implied).filter(|act| act.surface.meets(agreed)) {
        let finding = if act.covered {
            let zh =
                format!("文字称注册等行为即表示同意（{}），但页面另有勾选框：请人工核对", act.surface.zh());
            Finding::new(
                Rule::Rp03,
                Outcome::NeedsPerson,
                zh,
                "a sentence implies agreement, and a box asks for the same",
            )
        } else {
            let zh = format!("以注册、登录、提交等行为推定同意：{}，没有相应的选择控件", act.surface.zh());
            let en = format!(
                "agreement ({}) follows from another act, with no control of its own",
                act.surface.en()
            );
            Finding::new(Rule::Rp03, Outcome::Violation, zh, en)
        };
        found.push(scene.with_act(finding, act));
    }
    let asked = scene.acts.iter().find(|act| act.kind != ActKind::Implied && act.surface.meets(agreed));
    if let (true, Some(act)) = (found.is_empty(), asked) {
        let passes = Finding::new(
            Rule::Rp03,
            Outcome::Passes,
            "同意由用户以自己的行为作出",
            "agreement is asked for by a control",
        );
        found.push(scene.with_act(passes, act));
    }
    found
}

/// RP-04.
pub(super) fn implied_marketing(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for act in scene.of_kind(ActKind::Implied).filter(|act| act.surface.has(Purposes::MARKETING)) {
        let zh = "以注册、登录、提交等行为推定同意接收营销信息";
        let en = "consent to marketing follows from another act, with no control of its own";
        found.push(scene.with_act(Finding::new(Rule::Rp04, Outcome::Violation, zh, en), act));
    }
    let asked = scene.acts.iter().find(|act| act.asks() && act.surface.has(Purposes::MARKETING));
    if let (true, Some(act)) = (found.is_empty(), asked) {
        let passes = Finding::new(
            Rule::Rp04,
            Outcome::Passes,
            "营销同意由控件征求",
            "marketing consent is asked for by a control",
        );
        found.push(scene.with_act(passes, act));
    }
    found
}

/// RP-05.
pub(super) fn opt_out_only(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for act in scene.ticks().filter(|act| act.inverted && act.shown) {
        let finding = match act.pristine_on {
            Some(true) => Finding::new(
                Rule::Rp05,
                Outcome::Passes,
                "拒绝选项默认选中，不作为即为不同意",
                "the objection is on from the start: silence is no consent",
            ),
            Some(false) | None => Finding::new(
                Rule::Rp05,
                Outcome::Violation,
                "只提供拒绝选项：不勾选即视为同意",
                "the control only objects: silence counts as consent",
            ),
        };
        found.push(scene.with_act(finding, act));
    }
    for act in scene.of_kind(ActKind::Announced) {
        let zh = "直接告知将发送营销信息，未征求同意，只能事后拒绝";
        let en = "sending is announced and not asked for; the user may only object";
        found.push(scene.with_act(Finding::new(Rule::Rp05, Outcome::Violation, zh, en), act));
    }
    let asked = scene.acts.iter().find(|act| act.asks() && act.surface.has(Purposes::MARKETING));
    if let (true, Some(act)) = (found.is_empty(), asked) {
        let passes =
            Finding::new(Rule::Rp05, Outcome::Passes, "营销同意由用户选择加入", "marketing is opt-in");
        found.push(scene.with_act(passes, act));
    }
    found
}

/// RP-06.
pub(super) fn fake_control(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for state in &scene.record.states {
        for control in
            state.controls.iter().filter(|control| control.kind.is_tick() && control.seen.is_shown())
        {
            let text = scene.text_of(state, control);
            let consent =
                !purposes(&text).without(Purposes::OTHER).is_none() && !phrase::is_of_cookies(&text);
            if consent && !seen.contains(&control.key.as_str()) {
                seen.push(&control.key);
                found.extend(fake(scene, state, control, &text));
            }
        }
    }
    if found.iter().any(|finding| finding.outcome != Outcome::Passes) {
        found.retain(|finding| finding.outcome != Outcome::Passes);
    }
    found
}

/// What a tick that was on, or off, from the start says to RP-01 and RP-02.
fn preticked(scene: &Scene<'_>, act: &Act, rule: Rule) -> Option<Finding> {
    let sent = scene.is_sent(act);
    if !act.shown && !sent {
        return None;
    }
    let finding = match act.pristine_on {
        Some(true) => {
            let zh = format!("用户操作之前已处于开启状态：{}", act.purposes().zh());
            let en = format!("on before the user did anything: {}", act.purposes().en());
            let (zh, en) = if sent {
                (zh + "；未经操作即随表单提交", en + "; sent untouched")
            } else {
                (zh, en)
            };
            Finding::new(rule, Outcome::Violation, zh, en)
        }
        Some(false) => Finding::new(rule, Outcome::Passes, "初始状态为未选中", "off in the pristine state"),
        None => {
            Finding::new(rule, Outcome::NeedsPerson, "无法判断初始状态", "its first state cannot be told")
        }
    };
    Some(scene.with_act(finding, act))
}

fn fake(scene: &Scene<'_>, state: &State, control: &Control, text: &str) -> Option<Finding> {
    let clicks =
        scene.record.events.iter().filter(|event| event.target.as_deref() == Some(control.key.as_str()));
    let vain = clicks.clone().map(|event| event.without_effect).max().unwrap_or(0);
    let event = clicks.clone().find(|event| event.without_effect > 0).map(|event| event.id);
    let stuck = control.disabled && control.on == Some(true) && !phrase::is_plain(text);
    let drawn = control.made == Made::Drawn;
    let finding = if stuck {
        Finding::new(
            Rule::Rp06,
            Outcome::Violation,
            "同意项已勾选且不可取消",
            "the consent is on and takes no input",
        )
    } else if drawn && control.on.is_some() && is_fake(scene.record, control) && vain >= CLICKS {
        // Whether anything changed can be told only of a tick whose state can be read.
        let zh = "勾选标记只是图形，多次点击均无变化";
        Finding::new(Rule::Rp06, Outcome::Violation, zh, "the tick is a picture: clicking it changes nothing")
    } else if is_fake(scene.record, control) {
        Finding::new(
            Rule::Rp06,
            Outcome::NeedsPerson,
            "疑似不能操作的勾选标记",
            "the tick may be a picture only",
        )
    } else {
        Finding::new(Rule::Rp06, Outcome::Passes, "控件可以操作", "the control can be operated")
    };
    let finding = finding.in_state(state.id).at(Spot::control(state.id, control)).quoting(text);
    let finding =
        if drawn { finding.measured("clicks without effect", small(vain), small(CLICKS)) } else { finding };
    Some(match event {
        Some(event) => finding.by_event(event),
        None => finding,
    })
}

/// Counts of clicks are small.
fn small(count: u32) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from)
}

pub(super) const AGREEMENT: Purposes =
    Purposes::TERMS.union(Purposes::PRIVACY).union(Purposes::AUTHORISATION);
/// Clicks after which a control that does not change cannot be operated.
const CLICKS: u32 = 3;
const AGREEING: [&str; 6] = ["同意", "接受", "授权", "允许", "agree", "accept"];
const SERVICES: [&str; 6] = ["验证码", "订单", "物流", "售后", "order", "delivery"];
const CONTRACTS: [&str; 7] = ["协议", "条款", "政策", "agreement", "terms", "policy", "contract"];
