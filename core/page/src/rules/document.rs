//! Section C, what stands in documents: buried clauses, documents that cannot be opened or read.

use super::notice::stage;
use crate::act::{Act, Clause};
use crate::finding::{Finding, Outcome, Rule, Spot, Within};
use crate::fold::{fold, is_wide};
use crate::lexicon::{Word, has};
use crate::purpose::{Purposes, mentioned};
use crate::record::{Document, Link, Opened, Record, State};
use crate::scene::Scene;

/// RP-15: a clause on marketing or sharing that stands only in a linked text.
pub(super) fn buried_clause(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for act in scene.acts.iter().filter(|act| !act.documents.is_empty()) {
        let before = findings.len();
        let mut told: Option<&Clause> = None;
        for purpose in [Purposes::MARKETING, Purposes::THIRD_PARTY] {
            let clauses = || act.reached.iter().filter(|clause| clause.purposes.has(purpose));
            let Some(clause) = clauses().find(|clause| clause.firm).or_else(|| clauses().next()) else {
                continue;
            };
            // One sentence on both is one finding.
            if told.is_some_and(|other| other.firm == clause.firm && other.quote == clause.quote) {
                continue;
            }
            told = Some(clause);
            findings.push(buried(scene, act, clause, purpose));
        }
        if findings.len() > before {
            continue;
        }
        let closed =
            act.documents.iter().filter_map(|id| scene.record.documents.get(*id)).find(|d| is_closed(d));
        let (outcome, zh, en) = match closed {
            Some(_) => (
                Outcome::NeedsPerson,
                "有文件没有读到，是否含有营销或共享条款不明",
                "a document was not read; it may hold a clause on marketing or sharing",
            ),
            None => (
                Outcome::Passes,
                "链接的文件没有营销或共享条款",
                "the linked documents hold no clause on marketing or sharing",
            ),
        };
        let found = Finding::new(Rule::Rp15, outcome, zh, en).in_state(act.state).quoting(&act.text);
        findings.push(act.spots.iter().take(1).fold(found, |found, spot| found.at(spot.clone())));
    }
    findings
}

fn buried(scene: &Scene<'_>, act: &Act, clause: &Clause, purpose: Purposes) -> Finding {
    let others = has(&fold(&clause.quote), Word::Processor) && purpose == Purposes::THIRD_PARTY;
    let (outcome, zh, en) = if act.surface.has(purpose) {
        (Outcome::Passes, "条款在注册页面上已经写明", "the sign-up surface says so itself")
    } else if !clause.firm {
        (Outcome::Passes, "文件只是说明，没有据此取得同意", "the document describes, and takes no consent")
    } else if surface(scene, act).has(purpose) {
        (
            Outcome::NeedsPerson,
            "页面另有提及，文件中又概括取得同意",
            "the surface mentions it elsewhere, and a document takes consent besides",
        )
    } else if others {
        (
            Outcome::NeedsPerson,
            "条款提到受托处理或配送、支付，是否属于向第三方提供不明",
            "the clause speaks of processors, couriers or payment; whether that is provision is unclear",
        )
    } else {
        (
            Outcome::Violation,
            "营销或共享的条款只写在链接的文件里，注册页面没有提及",
            "the clause on marketing or sharing stands only in a linked document; the sign-up surface does not mention it",
        )
    };
    let found = Finding::new(Rule::Rp15, outcome, zh, en)
        .in_state(act.state)
        .quoting(&clause.quote)
        .quoting(&act.text);
    let found = act.spots.iter().take(1).fold(found, |found, spot| found.at(spot.clone()));
    let Some(document) = scene.record.documents.get(clause.document) else { return found };
    let top = document.texts.get(clause.paragraph).map_or(0.0, |paragraph| paragraph.top);
    let found = found.at(Spot::paragraph(document.id, document.name.clone(), top));
    let found = found.measured("clicks", f32::from(document.clicks), 0.0);
    if document.height <= 0.0 || document.window <= 0.0 {
        return found;
    }
    found.measured("screens scrolled", top / document.window, 0.0).measured(
        "per cent of document",
        100.0 * top / document.height,
        0.0,
    )
}

/// What the sign-up surface speaks of anywhere: the states in which the act is seen, dialogs of documents left out.
fn surface(scene: &Scene<'_>, act: &Act) -> Purposes {
    let states = act.states.iter().filter_map(|id| scene.state(*id));
    let texts = states
        .flat_map(|state| &state.texts)
        .filter(|text| text.seen.is_shown() && text.dialog == act.dialog);
    texts.fold(act.surface, |all, text| all.union(mentioned(&text.text)))
}

/// RP-20: a document of a consent text that cannot be opened before registering, or not in the language of the page.
pub(super) fn dead_document(scene: &Scene<'_>) -> Vec<Finding> {
    let record = scene.record;
    let mut findings: Vec<Finding> = Vec::new();
    let mut done: Vec<(&str, usize)> = Vec::new();
    let mut chinese: Vec<(usize, bool)> = Vec::new();
    for act in scene.acts.iter().filter(|act| act.shown) {
        let Some(state) = stage(scene, act) else { continue };
        for link in links_of(state, act) {
            if done.iter().any(|(key, at)| *key == link.key && *at == state.id) {
                continue;
            }
            done.push((&link.key, state.id));
            let known = chinese.iter().find(|(id, _)| *id == state.id).map(|(_, is)| *is);
            let is = known.unwrap_or_else(|| is_simplified_page(state));
            if known.is_none() {
                chinese.push((state.id, is));
            }
            findings.push(readable(record, state, link, is));
        }
    }
    findings
}

fn readable(record: &Record, state: &State, link: &Link, chinese: bool) -> Finding {
    let document = link.document.and_then(|id| record.documents.get(id));
    let twin = document.is_some_and(|document| has_twin(record, document));
    let (outcome, zh, en) = match document {
        None if is_nowhere(&link.target) => {
            (Outcome::NeedsPerson, "链接没有目标，没有试开", "the link has no target and was not tried")
        }
        None => (Outcome::NeedsPerson, "链接没有试开", "the link was not tried"),
        Some(document) => match document.opened {
            Opened::Nothing | Opened::Failed | Opened::Empty | Opened::LoginWall if twin => (
                Outcome::NeedsPerson,
                "此链接打不开，同名文件可从别处打开",
                "this link does not open; a document of the same name opens elsewhere",
            ),
            Opened::Nothing => {
                (Outcome::Violation, "链接没有目标，点击没有反应", "the link has no target and does nothing")
            }
            Opened::Failed => (Outcome::Violation, "文件打不开", "the document does not open"),
            Opened::Empty => (Outcome::Violation, "打开的页面没有内容", "the page that opens has no text"),
            Opened::LoginWall => {
                (Outcome::Violation, "须先登录才能看到", "it can be seen after logging in only")
            }
            Opened::File => {
                (Outcome::NeedsPerson, "文件是 PDF 或图片，内容没有读", "a PDF or picture, not read")
            }
            Opened::Elsewhere | Opened::NotTried => {
                (Outcome::NeedsPerson, "链接没有试开", "the link was not tried")
            }
            Opened::Page | Opened::Dialog | Opened::Anchor => match script(document) {
                Script::Other | Script::Traditional if chinese => (
                    Outcome::Violation,
                    "简体中文页面的文件不是简体中文",
                    "the document of a page in simplified Chinese is in another language or script",
                ),
                Script::Simplified | Script::Traditional | Script::Other | Script::TooShort => {
                    (Outcome::Passes, "文件可以打开阅读", "the document opens and can be read")
                }
            },
        },
    };
    let spot = Spot {
        within: Within::State(state.id),
        key: link.key.clone(),
        place: link.place.clone(),
        area: link.area,
    };
    let found = Finding::new(Rule::Rp20, outcome, zh, en)
        .in_state(state.id)
        .at(spot)
        .quoting(&link.text)
        .quoting(&link.target);
    match document {
        Some(document) => found.quoting(&document.reason).quoting(first_words(document)),
        None => found,
    }
}

/// Links of a consent text that name a document.
pub(super) fn links_of<'a>(state: &'a State, act: &Act) -> Vec<&'a Link> {
    let texts = state.texts.iter().filter(|text| act.texts.contains(&text.key));
    let keys: Vec<&str> = texts.flat_map(|text| &text.runs).filter_map(|run| run.link.as_deref()).collect();
    let mut found: Vec<&Link> = Vec::new();
    for link in state.links.iter().filter(|link| keys.contains(&link.key.as_str()) && link.seen.is_shown()) {
        let named = link.text.contains('《') || !mentioned(&link.text).intersection(DOCUMENTS).is_none();
        if named {
            found.push(link);
        }
    }
    found
}

/// The same document opens by another link.
fn has_twin(record: &Record, document: &Document) -> bool {
    let name = fold(&document.name);
    record.documents.iter().any(|other| {
        other.id != document.id
            && fold(&other.name) == name
            && matches!(other.opened, Opened::Page | Opened::Dialog | Opened::File)
    })
}

/// It could not be read, so that nothing can be said of its words.
pub(crate) fn is_closed(document: &Document) -> bool {
    match document.opened {
        Opened::Page | Opened::Dialog | Opened::Anchor | Opened::Nothing | Opened::Empty => document.cut,
        Opened::Failed | Opened::LoginWall | Opened::File | Opened::Elsewhere | Opened::NotTried => true,
    }
}

fn is_nowhere(target: &str) -> bool {
    let target = target.trim().to_lowercase();
    target.is_empty() || target == "#" || target.starts_with("javascript:")
}

/// The page is for readers of simplified Chinese.
fn is_simplified_page(state: &State) -> bool {
    let language = state.language.to_lowercase().replace('_', "-");
    let traditional = ["hant", "-tw", "-hk", "-mo"].iter().any(|part| language.contains(part));
    if language.starts_with("zh") && traditional {
        return false;
    }
    let mut count = Count::default();
    for text in state.texts.iter().filter(|text| text.seen.is_shown()) {
        count.add(&text.text);
    }
    let read = count.script();
    match read {
        Script::Simplified => true,
        Script::TooShort => language.starts_with("zh"),
        Script::Traditional | Script::Other => false,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Simplified,
    Traditional,
    Other,
    TooShort,
}

fn script(document: &Document) -> Script {
    let mut count = Count::default();
    for paragraph in &document.texts {
        count.add(&paragraph.text);
    }
    count.script()
}

#[derive(Default)]
struct Count {
    han: usize,
    traditional: usize,
    kana: usize,
    letters: usize,
}

impl Count {
    fn add(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, '\u{3040}'..='\u{30FF}') {
                self.kana += 1;
            } else if matches!(c, '\u{3400}'..='\u{9FFF}') {
                self.han += 1;
            } else if c.is_alphabetic() && !is_wide(c) {
                self.letters += 1;
            }
        }
        // Folding writes traditional characters as simplified ones: what changes is traditional.
        let plain: String = text.chars().filter(|c| matches!(c, '\u{3400}'..='\u{9FFF}')).collect();
        self.traditional += plain.chars().zip(fold(&plain).chars()).filter(|(a, b)| a != b).count();
    }

    fn script(&self) -> Script {
        // A Chinese word is about two characters, a word of letters about five.
        let words = self.han / 2 + self.kana / 2 + self.letters / 5;
        if words < WORDS_MIN {
            return Script::TooShort;
        }
        if self.kana * 10 > self.han + self.kana || (self.han / 2) * 5 < words {
            return Script::Other;
        }
        if self.traditional * 12 > self.han { Script::Traditional } else { Script::Simplified }
    }
}

fn first_words(document: &Document) -> &str {
    document
        .texts
        .iter()
        .find(|paragraph| paragraph.heading == 0)
        .map_or("", |paragraph| paragraph.text.as_str())
}

const DOCUMENTS: Purposes =
    Purposes::TERMS.union(Purposes::PRIVACY).union(Purposes::AUTHORISATION).union(Purposes::THIRD_PARTY);
/// Words of a text whose script can be told.
const WORDS_MIN: usize = 12;
