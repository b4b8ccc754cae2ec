//! Section D, who: the handler of the data, and whoever else receives them.

use std::collections::HashSet;

use super::document::{is_closed, links_of};
use super::notice::{near_text, seen, stage};
use super::party::{Named, has_contact, named};
use crate::act::Act;
use crate::finding::{Finding, Outcome, Rule, Spot};
use crate::fold::fold;
use crate::lexicon::{Word, has, hits};
use crate::phrase;
use crate::purpose::{Purposes, mentioned};
use crate::record::{self, Document, Field, Opened, Record, State};
use crate::scene::Scene;
use crate::sentence::sentences;

/// RP-23: who asks, how to reach them or the processing rules are neither on the surface nor one click away.
pub(super) fn handler(scene: &Scene<'_>) -> Vec<Finding> {
    let record = scene.record;
    let asks = !scene.acts.is_empty()
        || record
            .states
            .iter()
            .flat_map(|state| &state.fields)
            .any(|field| field.seen.is_shown() && !is_search(field));
    if !asks || record.states.is_empty() {
        return Vec::new();
    }
    let mut reach = Reach::default();
    let mut read = HashSet::new();
    for state in &record.states {
        for text in state.texts.iter().filter(|text| text.seen.is_shown() && read.insert(text.text.as_str()))
        {
            reach.read(&text.text);
            // A message that demands agreement offers nothing to read.
            if !text.message && !phrase::demands(&text.text) {
                reach.read_rules(&text.text);
            }
        }
        // A link that the snapshot takes for cut off, or that a later step shows, is no missing one.
        for link in state.links.iter().filter(|link| read.insert(link.key.as_str())) {
            reach.read_link(&link.text, link.document.and_then(|id| record.documents.get(id)));
        }
    }
    let layer: Vec<&Document> = record.documents.iter().filter(|document| document.clicks == 1).collect();
    for document in &layer {
        let paragraphs = document.texts.iter().map(|paragraph| paragraph.text.as_str());
        for text in paragraphs.chain([document.title.as_str()]) {
            reach.read(text);
            reach.read_rules(text);
        }
    }
    // Steps that were not walked may say it.
    let unread = layer.iter().any(|document| is_closed(document))
        || reach.untried
        || record.outcome != record::Outcome::Complete;
    vec![reach.finding(unread)]
}

/// What is looked for is no personal information.
fn is_search(field: &Field) -> bool {
    let words = fold(&format!("{} {}", field.label, field.placeholder));
    field.kind == "search" || SEARCHES.iter().any(|word| words.contains(word))
}

#[derive(Default)]
struct Reach {
    name: Option<String>,
    contact: Option<String>,
    rules: Option<String>,
    untried: bool,
}

impl Reach {
    fn read(&mut self, text: &str) {
        if self.name.is_none() {
            self.name = named(text).first().map(|party| party.name.clone());
        }
        if self.contact.is_none() && has_contact(text) {
            let found = sentences(text).into_iter().find(|sentence| has_contact(sentence.text));
            self.contact = found.map(|sentence| sentence.text.to_owned());
        }
    }

    /// Rules of processing may stand under a heading of a longer document, or on the page itself.
    fn read_rules(&mut self, text: &str) {
        let short = text.chars().count() <= HEADING_MAX;
        if self.rules.is_none() && short && mentioned(text).has(Purposes::PRIVACY) {
            self.rules = Some(text.to_owned());
        }
    }

    fn read_link(&mut self, text: &str, document: Option<&Document>) {
        let folded = fold(text);
        let reach =
            CONTACT_LINKS.iter().any(|word| folded.contains(word)) && folded.chars().count() <= HEADING_MAX;
        let about = reach || ABOUT.iter().any(|word| folded.contains(word));
        let legal = !mentioned(text).intersection(Purposes::PRIVACY.union(Purposes::TERMS)).is_none();
        // Whoever is named behind a link that was not tried is not known to be missing.
        let tried =
            document.is_some_and(|document| !matches!(document.opened, Opened::NotTried | Opened::Elsewhere));
        self.untried |= (about || legal) && !tried;
        if self.contact.is_none() && reach {
            self.contact = Some(text.to_owned());
        }
        if self.rules.is_none() && mentioned(text).has(Purposes::PRIVACY) {
            self.rules = Some(text.to_owned());
        }
    }

    fn finding(self, unread: bool) -> Finding {
        let items = [
            ("处理者名称", "name of the handler", self.name),
            ("联系方式", "contact", self.contact),
            ("处理规则", "processing rules", self.rules),
        ];
        let missing = || items.iter().filter(|(.., quote)| quote.is_none());
        let names = |at: fn(&(&'static str, &'static str, Option<String>)) -> &'static str, comma: &str| {
            missing().map(at).collect::<Vec<_>>().join(comma)
        };
        let (outcome, zh, en) = if missing().next().is_none() {
            (
                Outcome::Passes,
                "处理者、联系方式和处理规则均可在一次点击内看到".to_owned(),
                "handler, contact and processing rules are on the page or one click away".to_owned(),
            )
        } else {
            // What was not opened may say it.
            let outcome = if unread { Outcome::NeedsPerson } else { Outcome::Violation };
            (
                outcome,
                format!("页面及一次点击之内没有：{}", names(|item| item.0, "、")),
                format!("neither on the page nor one click away: {}", names(|item| item.1, ", ")),
            )
        };
        let found = Finding::new(Rule::Rp23, outcome, zh, en);
        items
            .iter()
            .filter_map(|(_, en, quote)| quote.as_ref().map(|q| format!("{en}: {q}")))
            .fold(found, |found, quote| found.quoting(&quote))
    }
}

/// RP-24: provision to others, or their marketing, without their name and contact.
pub(super) fn recipient(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for act in scene.acts.iter().filter(|act| act.shown && !act.covered) {
        let Some(state) = stage(scene, act) else { continue };
        if act.surface.has(Purposes::THIRD_PARTY) {
            let text = near_text(state, act);
            findings.push(recipient_of(scene.record, state, act, &text, None));
            continue;
        }
        let clause =
            act.reached.iter().find(|clause| clause.firm && clause.purposes.has(Purposes::THIRD_PARTY));
        if let Some(clause) = clause {
            let paragraph = scene
                .record
                .documents
                .get(clause.document)
                .and_then(|document| document.texts.get(clause.paragraph))
                .map_or(clause.quote.as_str(), |paragraph| paragraph.text.as_str());
            let place = Spot::paragraph(clause.document, "document", 0.0);
            findings.push(recipient_of(scene.record, state, act, paragraph, Some(place)));
        }
    }
    findings
}

fn recipient_of(record: &Record, state: &State, act: &Act, text: &str, place: Option<Spot>) -> Finding {
    let parties = named(text);
    let generic = names_others(text, &parties);
    let list = links_to_list(record, state, act);
    let (outcome, zh, en) = match (parties.as_slice(), list) {
        (_, Some(true)) => (Outcome::Passes, "接收方以清单列明", "the recipients stand on a linked list"),
        (_, Some(false)) => {
            (Outcome::NeedsPerson, "接收方清单没有读到", "the list of recipients was not read")
        }
        ([], None) if has(&fold(text), Word::Processor) => (
            Outcome::NeedsPerson,
            "提到受托处理、配送或支付，是否属于向第三方提供不明",
            "it speaks of processors, couriers or payment; whether that is provision is unclear",
        ),
        ([], None) => (
            Outcome::Violation,
            "没有写明接收方的名称和联系方式",
            "the recipients are not named, nor how to reach them",
        ),
        (parties, None) if parties.iter().any(Named::is_reachable) && !generic => {
            (Outcome::Passes, "写明了接收方的名称和联系方式", "the recipient is named with a contact")
        }
        (_, None) if generic => (
            Outcome::NeedsPerson,
            "写明了公司名称，同时还有未写明的接收方",
            "a company is named, and others besides are not",
        ),
        (_, None) => (
            Outcome::NeedsPerson,
            "写明了接收方名称，没有联系方式",
            "the recipient is named without a contact",
        ),
    };
    let found = seen(Finding::new(Rule::Rp24, outcome, zh, en), act).quoting(text);
    let found = parties.iter().fold(found, |found, party| found.quoting(&party.name));
    match place {
        Some(place) => found.at(place),
        None => found,
    }
}

/// Others than those named: “合作方” right before a name is the one named, “及其他合作伙伴” is not.
fn names_others(text: &str, parties: &[Named]) -> bool {
    let mut rest = String::new();
    let mut left = text;
    for party in parties {
        let Some((before, after)) = left.split_once(party.name.as_str()) else { continue };
        let folded = fold(before.trim_end_matches(['（', '(', '“', '"', '：', ':']));
        let called =
            hits(&folded).into_iter().filter(|hit| hit.word == Word::Third && hit.end == folded.len());
        let start = called.map(|hit| hit.start).min().unwrap_or(folded.len());
        rest.push_str(folded.get(..start).unwrap_or_default());
        rest.push(' ');
        left = after;
    }
    rest.push_str(left);
    sentences(&rest).iter().any(|sentence| {
        hits(&sentence.folded).iter().any(|hit| hit.word == Word::Third && !sentence.is_negated(*hit))
    })
}

/// A link of the consent text to a list of recipients: whether it was read and names somebody.
fn links_to_list(record: &Record, state: &State, act: &Act) -> Option<bool> {
    let link = links_of(state, act).into_iter().find(|link| {
        let folded = fold(&link.text);
        LIST.iter().any(|word| folded.contains(word))
            && (has(&folded, Word::Third) || has(&folded, Word::Share))
    })?;
    let document = link.document.and_then(|id| record.documents.get(id))?;
    if is_closed(document) {
        return Some(false);
    }
    Some(document.texts.iter().any(|paragraph| !named(&paragraph.text).is_empty()))
}

/// Characters of a heading or a link.
const HEADING_MAX: usize = 40;
const ABOUT: [&str; 8] = ["关于", "公司", "about", "imprint", "impressum", "legal", "会社概要", "o nás"];
/// Links that lead to a way to reach somebody.
const CONTACT_LINKS: [&str; 14] = [
    "联系我们",
    "联系客服",
    "在线客服",
    "客服中心",
    "联系方式",
    "contact",
    "customer service",
    "customer support",
    "help centre",
    "help center",
    "お問い合わせ",
    "kontakt",
    "контакты",
    "contacto",
];
const SEARCHES: [&str; 5] = ["搜索", "检索", "关键词", "search", "keyword"];
const LIST: [&str; 7] = ["清单", "名单", "列表", "list", "partners", "合作方", "合作伙伴"];
