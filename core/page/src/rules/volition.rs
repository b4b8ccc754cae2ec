//! Section B: was it voluntary, and for this purpose alone?

use super::deed::AGREEMENT;
use super::unknown::unknown_clause;
use crate::act::{Act, ActKind, Clause, Required};
use crate::finding::{Finding, Outcome, Rule, Spot};
use crate::phrase;
use crate::purpose::Purposes;
use crate::record::Text;
use crate::scene::Scene;
use crate::title;

/// RP-09. Marketing together with sharing alone is RP-10's.
pub(super) fn marketing_bundled(scene: &Scene<'_>) -> Vec<Finding> {
    let other = AGREEMENT.union(Purposes::SENSITIVE);
    let mut found = Vec::new();
    for act in scene.consents().filter(|act| act.kind != ActKind::Announced && !act.inverted) {
        let all = act.purposes();
        let loose = act.reached.iter().find(|clause| clause.purposes.has(Purposes::MARKETING));
        let finding = if all.has(Purposes::MARKETING) && all.meets(other) {
            let zh = format!("一个行为同时同意了营销与其他事项：{}", all.zh());
            let en = format!("one act covers marketing and more: {}", all.en());
            Finding::new(Rule::Rp09, Outcome::Violation, zh, en)
        } else if all.has(Purposes::MARKETING) {
            Finding::new(Rule::Rp09, Outcome::Passes, "营销同意单独征求", "marketing is asked for alone")
        } else if loose.is_some() {
            let zh = "所链接的文件提到营销，但不清楚是否一并取得同意：请人工核对";
            Finding::new(
                Rule::Rp09,
                Outcome::NeedsPerson,
                zh,
                "a linked document speaks of marketing: does this act cover it?",
            )
        } else if act.requested {
            let zh = "除协议外还同意他人来电；来电可能就是所申请的服务：请人工核对";
            let en = "a call is agreed to with the documents; it may be the service that is asked for";
            Finding::new(Rule::Rp09, Outcome::NeedsPerson, zh, en)
        } else if let Some(clause) =
            unknown_clause(&act.text).filter(|_| all.meets(AGREEMENT) && !all.has(Purposes::THIRD_PARTY))
        {
            let zh = "除协议外还同意了别的事项，词表不能判断是什么：请人工核对";
            let en = "something besides the documents is agreed to, in words that no list knows";
            Finding::new(Rule::Rp09, Outcome::NeedsPerson, zh, en).quoting(&clause)
        } else {
            continue;
        };
        found.push(with_clauses(scene, scene.with_act(finding, act), act, Purposes::MARKETING));
    }
    found
}

/// RP-10.
pub(super) fn third_party_bundled(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for act in scene.consents().filter(|act| act.kind != ActKind::Announced && !act.inverted) {
        let all = act.purposes();
        let loose = act.reached.iter().any(|clause| clause.purposes.has(Purposes::THIRD_PARTY));
        let more = all.meets(AGREEMENT.union(Purposes::SENSITIVE));
        let own_too = all.has(Purposes::MARKETING) && (phrase::joins_others(&act.text) || more);
        let finding = if all.has(Purposes::THIRD_PARTY) && phrase::names_processor(&act.text) {
            let zh = "所提到的可能是受托处理者：请人工核对";
            Finding::new(Rule::Rp10, Outcome::NeedsPerson, zh, "those named may only process on behalf")
        } else if all.has(Purposes::THIRD_PARTY) && (more || own_too || joined_clause(act)) {
            let zh = format!("一个行为同时同意了向第三方提供与其他事项：{}", all.zh());
            let en = format!("one act covers provision to others and more: {}", all.en());
            Finding::new(Rule::Rp10, Outcome::Violation, zh, en)
        } else if all.has(Purposes::THIRD_PARTY) {
            Finding::new(
                Rule::Rp10,
                Outcome::Passes,
                "向第三方提供单独征求同意",
                "provision to others is asked for alone",
            )
        } else if loose {
            let zh = "所链接的文件提到向第三方提供，但不清楚是否一并取得同意：请人工核对";
            Finding::new(
                Rule::Rp10,
                Outcome::NeedsPerson,
                zh,
                "a linked document speaks of provision to others",
            )
        } else {
            continue;
        };
        found.push(with_clauses(scene, scene.with_act(finding, act), act, Purposes::THIRD_PARTY));
    }
    found
}

/// RP-11.
pub(super) fn marketing_forced(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for act in scene.consents().filter(|act| act.kind != ActKind::Announced && !act.inverted) {
        if !act.purposes().has(Purposes::MARKETING) {
            continue;
        }
        let declinable = act.kind == ActKind::Implied
            && scene.acts.iter().any(|other| {
                other.kind == ActKind::Tick
                    && other.surface.has(Purposes::MARKETING)
                    && other.is_in(act.state)
            });
        let finding = if act.required == Required::No || declinable {
            Finding::new(
                Rule::Rp11,
                Outcome::Passes,
                "不同意营销也可以继续",
                "one can go on without marketing consent",
            )
        } else if scene.requests_call(act) {
            let zh = "所申请的服务本身即为回电或咨询：请人工核对";
            Finding::new(
                Rule::Rp11,
                Outcome::NeedsPerson,
                zh,
                "the call may be the service that is asked for",
            )
        } else if act.required == Required::Presumed {
            Finding::new(
                Rule::Rp11,
                Outcome::NeedsPerson,
                "没有看到不同意能否继续：请人工核对",
                "whether it can be left out was not seen",
            )
        } else {
            let zh = "不同意营销就不能完成注册";
            Finding::new(Rule::Rp11, Outcome::Violation, zh, "no way on without marketing consent")
        };
        found.push(with_clauses(scene, scene.with_act(finding, act), act, Purposes::MARKETING));
    }
    found
}

/// RP-13.
pub(super) fn channel_unclear(scene: &Scene<'_>) -> Vec<Finding> {
    let announced = scene.of_kind(ActKind::Announced).next().is_some();
    let mut found = Vec::new();
    for act in scene.consents().filter(|act| act.purposes().has(Purposes::MARKETING)) {
        if act.refuses_by_default() || act.inverted && announced {
            continue;
        }
        let text = marketing_text(act);
        let channels = if act.surface.has(Purposes::MARKETING) && phrase::is_channel(&act_label(scene, act)) {
            phrase::channels(&act_label(scene, act))
        } else {
            phrase::channels(&text)
        };
        let names: Vec<&str> = channels.iter().map(|channel| channel.zh()).collect();
        let finding = if channels.len() == 1 || has_channel_choice(scene, act) {
            Finding::new(
                Rule::Rp13,
                Outcome::Passes,
                "营销渠道明确或可分别选择",
                "one channel, or each can be chosen",
            )
        } else if channels.is_empty() && (phrase::hints_channel(&text) || heading_names_channel(scene, act)) {
            Finding::new(
                Rule::Rp13,
                Outcome::NeedsPerson,
                "营销渠道表述含糊",
                "the channel is only hinted at",
            )
        } else if channels.is_empty() {
            Finding::new(
                Rule::Rp13,
                Outcome::Violation,
                "未写明通过何种渠道发送营销信息",
                "no channel is named",
            )
        } else {
            let zh = format!("一次同意包含多个渠道：{}", names.join("、"));
            let en = format!("one consent for several channels: {}", channels.len());
            Finding::new(Rule::Rp13, Outcome::Violation, zh, en)
        };
        let count = u16::try_from(channels.len()).map_or(f32::MAX, f32::from);
        let finding = scene.with_act(finding, act).measured("channels", count, 1.0);
        found.push(with_clauses(scene, finding, act, Purposes::MARKETING));
    }
    found
}

/// RP-14.
pub(super) fn stacked_documents(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for act in scene.consents() {
        let links = scene.links_of(act);
        let names = title::documents(&act.text, &links);
        if names.agreed.is_empty() {
            continue;
        }
        let (agreed, all) = (names.agreed.len(), names.agreed.len() + names.noted.len());
        let finding = if agreed >= STACK {
            let zh = format!("一次同意 {agreed} 份文件：{}", names.agreed.join("、"));
            Finding::new(
                Rule::Rp14,
                Outcome::Violation,
                zh,
                format!("one act for several documents: {agreed}"),
            )
        } else if all >= STACK {
            let zh = "同意与知悉的文件合计四份以上：请人工核对";
            Finding::new(Rule::Rp14, Outcome::NeedsPerson, zh, "four or more, some of them only acknowledged")
        } else {
            Finding::new(Rule::Rp14, Outcome::Passes, "同意的文件少于四份", "fewer than four documents")
        };
        let count = u16::try_from(agreed).map_or(f32::MAX, f32::from);
        found.push(scene.with_act(finding, act).measured("documents", count, 4.0));
    }
    found
}

/// Others are named beside the asker in a clause that takes consent.
fn joined_clause(act: &Act) -> bool {
    act.firm().any(|clause| clause.purposes.has(Purposes::THIRD_PARTY))
}

/// Sentences of the consent text, or of its documents, that ask for marketing.
fn marketing_text(act: &Act) -> String {
    if act.surface.has(Purposes::MARKETING) {
        return phrase::asking_text(&act.text);
    }
    let clauses = act.firm().filter(|clause| clause.purposes.has(Purposes::MARKETING));
    clauses.map(|clause| clause.quote.as_str()).collect::<Vec<_>>().join(" ")
}

fn act_label(scene: &Scene<'_>, act: &Act) -> String {
    let control = scene.state(act.state).and_then(|state| state.control(&act.key));
    control.map(|control| control.label.clone()).unwrap_or_default()
}

/// Controls beside it, one for each channel.
fn has_channel_choice(scene: &Scene<'_>, act: &Act) -> bool {
    let Some(state) = scene.state(act.state) else { return false };
    let each = state.controls.iter().filter(|control| {
        control.kind.is_tick()
            && control.key != act.key
            && control.dialog == act.dialog
            && phrase::is_channel(&control.label)
    });
    each.count() >= 2
}

/// A short line above the consent text names one channel: “Email preferences”.
fn heading_names_channel(scene: &Scene<'_>, act: &Act) -> bool {
    let Some(state) = scene.state(act.state) else { return false };
    let own = act.texts.first().and_then(|key| state.texts.iter().position(|text| text.key == *key));
    let above = own.and_then(|place| place.checked_sub(1)).and_then(|place| state.texts.get(place));
    // The words of another box head nothing.
    let heads = |text: &&Text| !state.controls.iter().any(|other| state.is_of(other, text));
    above.filter(heads).is_some_and(|text| {
        text.text.chars().count() <= HEADING_MAX && phrase::channels(&text.text).len() == 1
    })
}

/// Adds the clauses of documents that a finding rests on.
fn with_clauses(scene: &Scene<'_>, finding: Finding, act: &Act, purpose: Purposes) -> Finding {
    if act.surface.has(purpose) {
        return finding;
    }
    let clauses: Vec<&Clause> =
        act.reached.iter().filter(|clause| clause.purposes.has(purpose)).take(CLAUSES_MAX).collect();
    clauses.into_iter().fold(finding, |finding, clause| {
        let document = scene.record.documents.get(clause.document);
        let place = document.map(|document| document.address.clone()).unwrap_or_default();
        let top = document
            .and_then(|document| document.texts.get(clause.paragraph))
            .map_or(0.0, |paragraph| paragraph.top);
        finding.at(Spot::paragraph(clause.document, place, top)).quoting(&clause.quote)
    })
}

/// Documents from which one act is too much.
const STACK: usize = 4;
/// Characters of a line that heads a consent.
const HEADING_MAX: usize = 40;
/// Clauses quoted in one finding.
const CLAUSES_MAX: usize = 4;
