//! Section D: was the user told enough?

use std::collections::HashSet;

use super::document::is_closed;
use crate::act::Act;
use crate::finding::{Finding, Outcome, Rule, Spot};
use crate::fold::fold;
use crate::lexicon::{Word, has, hits};
use crate::phrase;
use crate::purpose::{Purposes, mentioned, purposes};
use crate::record::{Document, Record, State, Text};
use crate::scene::Scene;
use crate::sentence::{Sentence, sentences};

/// RP-22: the request for marketing consent lacks frequency or period.
pub(super) fn marketing_notice(scene: &Scene<'_>) -> Vec<Finding> {
    marketing_acts(scene).map(|act| notice_of(scene, act)).collect()
}

fn notice_of(scene: &Scene<'_>, act: &Act) -> Finding {
    let told = told(scene, act);
    // Boxes beside it may share one word on how often and how long.
    let shared: Vec<String> = told.iter().cloned().chain(beside(scene, act)).collect();
    let items = [
        ("种类", "kind of content", quote(&told, |s| has(&s.folded, Word::Kind))),
        ("渠道", "channel", quote(&told, |s| !phrase::channels(s.text).is_empty())),
        ("频次", "frequency", quote(&shared, says_frequency)),
        ("期限", "period", quote(&shared, says_period)),
        ("使用的个人信息", "data used", quote(&told, |s| has(&s.folded, Word::Data))),
    ];
    let missing = || items.iter().filter(|(.., quote)| quote.is_none());
    let fires = missing().any(|(_, en, _)| matches!(*en, "frequency" | "period"));
    let (zh, en) = if fires {
        let names = |f: fn(&(&'static str, &'static str, Option<String>)) -> &'static str, comma: &str| {
            missing().map(f).collect::<Vec<_>>().join(comma)
        };
        (
            format!("征求营销同意时没有说明：{}", names(|item| item.0, "、")),
            format!("the request for marketing consent does not tell: {}", names(|item| item.1, ", ")),
        )
    } else {
        ("营销的频次和期限已说明".to_owned(), "frequency and period of marketing are told".to_owned())
    };
    let outcome = if fires { Outcome::Violation } else { Outcome::Passes };
    let found = seen(Finding::new(Rule::Rp22, outcome, zh, en), act).quoting(&act.text);
    items.iter().filter_map(|(.., quote)| quote.as_deref()).fold(found, Finding::quoting)
}

/// RP-25: marketing consent is asked with no word on how to withdraw.
pub(super) fn withdrawal(scene: &Scene<'_>) -> Vec<Finding> {
    let mut acts = marketing_acts(scene).peekable();
    if acts.peek().is_none() {
        return Vec::new();
    }
    let surface = surface_withdrawal(scene);
    acts.map(|act| withdrawal_of(scene, act, &surface)).collect()
}

/// Sentences of the surface that tell how to withdraw, with the dialog they stand in.
fn surface_withdrawal<'a>(scene: &Scene<'a>) -> Vec<(Option<&'a str>, &'a str)> {
    let mut read = HashSet::new();
    let texts = scene.record.states.iter().flat_map(|state| &state.texts).filter(|text| text.seen.is_shown());
    texts
        .filter(|text| read.insert((text.dialog.as_deref(), text.text.as_str())))
        // A panel about cookies tells how to stop cookies.
        .filter(|text| !fold(&text.text).contains("cookie"))
        .filter_map(|text| {
            let told = sentences(&text.text).into_iter().find(tells_withdrawal)?;
            Some((text.dialog.as_deref(), told.text))
        })
        .collect()
}

fn withdrawal_of(scene: &Scene<'_>, act: &Act, surface: &[(Option<&str>, &str)]) -> Finding {
    let finding =
        |outcome, zh: &str, en: &str| seen(Finding::new(Rule::Rp25, outcome, zh, en), act).quoting(&act.text);
    let own = sentences(&act.text).into_iter().find(tells_withdrawal).map(|sentence| sentence.text);
    let beside = surface.iter().find(|(dialog, _)| *dialog == act.dialog.as_deref()).map(|(_, quote)| *quote);
    if let Some(quote) = own.or(beside) {
        return finding(Outcome::Passes, "告知了如何撤回或退订", "it tells how to withdraw").quoting(quote);
    }
    for document in first_layer(scene.record, act) {
        let whole = is_about_marketing(&document.name) || is_about_marketing(&document.title);
        for paragraph in &document.texts {
            let tells =
                |s: &&Sentence<'_>| if whole { tells_withdrawal(s) } else { tells_withdrawal_in_document(s) };
            if let Some(sentence) = sentences(&paragraph.text).iter().find(tells) {
                let place = Spot::paragraph(document.id, document.name.clone(), paragraph.top);
                return finding(
                    Outcome::Passes,
                    "一次点击之内告知了如何撤回",
                    "it tells how to withdraw one click away",
                )
                .quoting(sentence.text)
                .at(place);
            }
        }
    }
    if first_layer(scene.record, act).any(is_closed) {
        return finding(
            Outcome::NeedsPerson,
            "同意文字没有告知如何撤回，所链接的文件没有读到：请人工核对",
            "the request does not tell how to withdraw; a linked document was not read and may",
        );
    }
    finding(
        Outcome::Violation,
        "征求营销同意时没有告知如何撤回",
        "marketing consent is asked with no word on how to withdraw",
    )
}

/// RP-26: an authorisation that cannot be taken back.
pub(super) fn irrevocable(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut read: Vec<usize> = Vec::new();
    for act in &scene.acts {
        if let Some(quote) =
            phrase::irrevocable(&act.text).filter(|quote| !is_about_payment_or_content(quote))
        {
            let found = Finding::new(
                Rule::Rp26,
                Outcome::Violation,
                "授权写明不可撤销、永久或放弃权利",
                "the authorisation is said to be irrevocable, perpetual or a waiver",
            );
            findings.push(seen(found, act).quoting(quote));
            continue;
        }
        for id in &act.documents {
            if read.contains(id) {
                continue;
            }
            read.push(*id);
            let Some(document) = scene.record.documents.get(*id) else { continue };
            findings.extend(irrevocable_in(document, act));
        }
    }
    if findings.is_empty() && !scene.acts.is_empty() {
        let act = scene.acts.iter().take(1);
        let found = Finding::new(
            Rule::Rp26,
            Outcome::Passes,
            "没有不可撤销的授权",
            "no authorisation is said to be irrevocable",
        );
        findings.push(act.fold(found, seen));
    }
    findings
}

fn irrevocable_in(document: &Document, act: &Act) -> Option<Finding> {
    let (paragraph, quote) = document
        .texts
        .iter()
        .filter_map(|paragraph| phrase::irrevocable(&paragraph.text).map(|quote| (paragraph, quote)))
        .find(|(_, quote)| !is_about_payment_or_content(quote))?;
    let folded = fold(quote);
    let consent = has(&folded, Word::Authorise) || has(&folded, Word::Agree) || has(&folded, Word::YouAgree);
    let personal = has(&folded, Word::Person) || has(&folded, Word::Data) || !purposes(quote).is_none();
    let (outcome, zh, en) = if consent && personal {
        (
            Outcome::Violation,
            "文件中的授权写明不可撤销、永久或放弃权利",
            "a document has an authorisation that is irrevocable, perpetual or a waiver",
        )
    } else {
        (
            Outcome::NeedsPerson,
            "文件中有不可撤销或永久的字样，是否涉及个人信息的授权不明",
            "a document speaks of something irrevocable or perpetual; whether of personal information is unclear",
        )
    };
    let found = seen(Finding::new(Rule::Rp26, outcome, zh, en), act).quoting(quote);
    Some(found.at(Spot::paragraph(document.id, document.name.clone(), paragraph.top)))
}

/// Payments already made cannot be called back; licences of what a user uploads are another matter.
fn is_about_payment_or_content(quote: &str) -> bool {
    let folded = fold(quote);
    OTHER_MATTERS.iter().any(|word| folded.contains(word))
}

/// Acts that ask for marketing, on the surface or in a clause that takes consent.
fn marketing_acts<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = &'s Act> {
    scene.acts.iter().filter(|act| {
        act.shown
            && !act.covered
            && !act.refuses_by_default()
            && (act.purposes().has(Purposes::MARKETING)
                || act.inverted && mentioned(&act.text).has(Purposes::MARKETING))
    })
}

pub(super) fn seen(found: Finding, act: &Act) -> Finding {
    act.spots.iter().fold(found.in_state(act.state), |found, spot| found.at(spot.clone()))
}

/// The first state in which a person sees the act: its texts, or its control.
pub(super) fn stage<'a>(scene: &Scene<'a>, act: &Act) -> Option<&'a State> {
    let states = || act.states.iter().filter_map(|id| scene.record.states.get(*id));
    let text =
        |state: &&State| state.texts.iter().any(|text| text.seen.is_shown() && act.texts.contains(&text.key));
    let control = |state: &&State| {
        act.control.as_ref().and_then(|handle| state.control(&handle.key)).is_some_and(|c| c.seen.is_shown())
    };
    states().find(text).or_else(|| states().find(control)).or_else(|| scene.record.states.get(act.state))
}

/// What the request tells: its text, texts beside it that speak of marketing, clauses of documents one click away.
fn told(scene: &Scene<'_>, act: &Act) -> Vec<String> {
    let mut told = vec![act.text.clone()];
    if let Some(state) = stage(scene, act) {
        told.push(near_text(state, act));
    }
    for document in first_layer(scene.record, act) {
        // A notice of its own speaks of nothing else; of a longer document only what speaks of marketing counts.
        let whole = is_about_marketing(&document.name) || is_about_marketing(&document.title);
        let about = document.texts.iter().filter(|p| whole || mentioned(&p.text).has(Purposes::MARKETING));
        told.extend(about.map(|paragraph| paragraph.text.clone()));
    }
    let folded = fold(&act.text);
    if ABOVE.iter().any(|word| folded.contains(word)) {
        let before = scene.record.states.iter().flat_map(|state| &state.texts);
        told.extend(before.filter(|text| text.seen.is_shown()).map(|text| text.text.clone()));
    }
    told
}

/// Texts beside the act, those of other boxes too.
fn beside(scene: &Scene<'_>, act: &Act) -> Vec<String> {
    let texts = stage(scene, act).map(|state| near(state, act)).unwrap_or_default();
    texts.into_iter().map(|text| text.text.clone()).collect()
}

fn is_about_marketing(name: &str) -> bool {
    mentioned(name).has(Purposes::MARKETING) && !mentioned(name).meets(DOCUMENTS)
}

/// The act's text and those of the same form or dialog near it that speak of what it asks. What another box asks is its own.
pub(super) fn near_text(state: &State, act: &Act) -> String {
    let others = |text: &&Text| {
        state
            .controls
            .iter()
            .any(|other| other.kind.is_tick() && other.key != act.key && state.is_of(other, text))
    };
    let mut words = vec![act.text.as_str()];
    words.extend(near(state, act).into_iter().filter(|text| !others(text)).map(|text| text.text.as_str()));
    words.join("\n")
}

/// Texts of the same layer, near the act or in its form, that speak of what it asks.
fn near<'a>(state: &'a State, act: &Act) -> Vec<&'a Text> {
    let own: Vec<&Text> = act.texts.iter().filter_map(|key| state.text(key)).collect();
    let layer = own.first().map(|text| text.lies_in());
    let group = own.first().and_then(|text| text.group.as_deref());
    let near = |text: &&Text| {
        text.seen.is_shown()
            && text.dialog == act.dialog
            && layer.is_none_or(|layer| layer == text.lies_in())
            && (own.is_empty() || text.group.as_deref() == group || distance(&own, text) < NEAR)
            && (act.dialog.is_some() || own.is_empty() || distance(&own, text) < FAR)
            && !mentioned(&text.text).intersection(act.purposes()).without(DOCUMENTS).is_none()
    };
    state.texts.iter().filter(near).filter(|text| text.text != act.text).collect()
}

fn distance(own: &[&Text], text: &Text) -> f32 {
    let [_, y, _, h] = text.area;
    let gap = |other: &&Text| {
        let [_, oy, _, oh] = other.area;
        (y - oy - oh).max(oy - y - h).max(0.0)
    };
    own.iter().map(gap).fold(f32::MAX, f32::min)
}

fn first_layer<'a>(record: &'a Record, act: &'a Act) -> impl Iterator<Item = &'a Document> {
    act.documents.iter().filter_map(|id| record.documents.get(*id)).filter(|document| document.clicks == 1)
}

fn quote(told: &[String], says: impl Fn(&Sentence<'_>) -> bool) -> Option<String> {
    told.iter().find_map(|text| sentences(text).iter().find(|s| says(s)).map(|s| s.text.to_owned()))
}

/// How often: a span of time, or a number of messages; “up to” and “no more than” alone count nothing.
fn says_frequency(sentence: &Sentence<'_>) -> bool {
    let folded = &sentence.folded;
    let varies = VARIES.iter().any(|word| folded.contains(word));
    let messages =
        COUNTED.iter().any(|word| folded.contains(word)) && folded.contains(|c: char| c.is_ascii_digit());
    if varies {
        return false;
    }
    counts_messages(folded)
        || hits(folded).iter().filter(|hit| hit.word == Word::Frequency).any(|hit| {
            let word = folded.get(hit.start..hit.end).unwrap_or_default();
            messages || !VAGUE.contains(&word)
        })
}

/// How long: of the messages or of the consent, not of an offer or a code.
fn says_period(sentence: &Sentence<'_>) -> bool {
    let folded = &sentence.folded;
    (has(folded, Word::Period) || counts_months(folded))
        && !OFFER_PERIOD.iter().any(|word| folded.contains(word))
}

/// “12 个月”, “for 2 years”, “pendant 12 mois”: a small number and a unit that lasts.
fn counts_months(folded: &str) -> bool {
    MONTHS.iter().any(|unit| {
        folded.match_indices(unit).any(|(at, _)| {
            let before = folded.get(..at).unwrap_or_default().trim_end();
            let digits = before.chars().rev().take_while(char::is_ascii_digit).count();
            (1..=3).contains(&digits)
        })
    })
}

/// “月2通まで”, “每周 1 封”: a number of messages, and a span of time.
fn counts_messages(folded: &str) -> bool {
    let counted = COUNTERS.iter().any(|unit| {
        folded.match_indices(unit).any(|(at, _)| {
            folded.get(..at).unwrap_or_default().trim_end().ends_with(|c: char| c.is_ascii_digit())
        })
    });
    counted && SPANS.iter().any(|span| folded.contains(span))
}

fn tells_withdrawal(sentence: &Sentence<'_>) -> bool {
    let folded = &sentence.folded;
    if folded.contains("cookie") {
        return false;
    }
    let settings =
        has(folded, Word::Deliver) || !mentioned(sentence.text).is_none() || has(folded, Word::Agree);
    let about = settings || !phrase::channels(sentence.text).is_empty();
    CHOICES.iter().any(|word| folded.contains(word))
        || hits(folded).iter().filter(|hit| hit.word == Word::Withdraw).any(|hit| {
            // Settings and stops are of many things; unsubscribing is of messages.
            let word = folded.get(hit.start..hit.end).unwrap_or_default();
            about || !WEAK.contains(&word)
        })
}

fn tells_withdrawal_in_document(sentence: &Sentence<'_>) -> bool {
    let folded = &sentence.folded;
    let about = mentioned(sentence.text).has(Purposes::MARKETING)
        || ["同意", "consent", "souhlas", "соглас", "einwillig", "consentement", "consentimiento"]
            .iter()
            .any(|word| folded.contains(word))
        || !phrase::channels(sentence.text).is_empty() && has(folded, Word::Deliver);
    phrase::tells_withdrawal(sentence.text) && about && !folded.contains("cookie")
}

const DOCUMENTS: Purposes = Purposes::TERMS.union(Purposes::PRIVACY);

/// CSS pixels between texts that belong together whatever holds them.
const NEAR: f32 = 60.0;
/// CSS pixels between texts of one form that may still belong together.
const FAR: f32 = 260.0;

/// Units in which a consent lasts.
const MONTHS: [&str; 18] = [
    "个月",
    "か月",
    "ヶ月",
    "カ月",
    "月间",
    "month",
    "monat",
    "mois",
    "месяц",
    "měsíc",
    "meses",
    "mesi",
    "maanden",
    "miesi",
    "year",
    "jahr",
    "años",
    "年",
];
const COUNTERS: [&str; 6] = ["条", "次", "封", "通", "回", "件"];
const SPANS: [&str; 6] = ["月", "周", "週", "年", "每日", "每天"];
const VAGUE: [&str; 7] = ["不超过", "至多", "最多", "up to", "no more than", "at most", "一周"];
const COUNTED: [&str; 12] =
    ["条", "次", "封", "通", "time", "message", "email", "e-mail", "msg", "text", "call", "回"];
/// The notice stands somewhere else on the way.
const ABOVE: [&str; 7] = ["同上", "如上", "见上", "上一页", "上述说明", "as above", "see above"];
const VARIES: [&str; 5] = ["varies", "vary", "不定期", "频率不固定", "from time to time"];
const OFFER_PERIOD: [&str; 6] = ["优惠券", "礼券", "验证码", "coupon", "voucher", "积分有效"];
const WEAK: [&str; 14] = [
    "account settings",
    "turn off",
    "change your mind",
    "cancel at any time",
    "cancel anytime",
    "停止",
    "解除",
    "退会",
    "随时更改",
    "随时取消",
    "可关闭",
    "随时关闭",
    "revoke",
    "zrušit odběr",
];
const CHOICES: [&str; 7] = [
    "marketing choices",
    "manage your marketing",
    "email choices",
    "your choices",
    "communication choices",
    "manage your choices",
    "change your marketing",
];
const OTHER_MATTERS: [&str; 22] = [
    "付款",
    "支付",
    "款项",
    "转账",
    "扣款",
    "交易",
    "订单",
    "上传",
    "发布的内容",
    "作品",
    "知识产权",
    "著作权",
    "交易指令",
    "payment",
    "transaction",
    "order",
    "upload",
    "user content",
    "your content",
    "licence to",
    "license to",
    "submissions",
];
