//! What a page asks consent to, in the words that consents themselves are described in.
//!
//! Facts, not verdicts: a box that was on is `ticked_by_default`, whatever a law makes of it. What the record cannot tell
//! stays unknown, so that what a sender says of it stands.

mod limit;

use anning_vocab::{
    Bundling, Channel as Way, Control, Notice, PageAsks, PageFacts, PageReceiver, Prominence, Set,
};

use crate::act::{Act, ActKind};
use crate::finding::{Finding, Outcome as Answer, Rule};
use crate::fold::fold;
use crate::lexicon::{Word, has};
use crate::phrase::{self, Channel};
use crate::purpose::Purposes;
use crate::record::{Outcome, Record, Seen};
use crate::rules;
use crate::scene::Scene;

/// The requests for consent on a page, each once: for marketing first, in the order in which they are met.
///
/// A page that was seen whole and asks for no marketing has one request for it all the same: consent obtained there can
/// only follow from something else.
#[must_use]
pub fn requests(record: &Record) -> Vec<PageFacts> {
    asked(record).requests
}

/// What a page asks consent to, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// As [`requests`] tells them.
    pub requests: Vec<PageFacts>,
    /// The first company that it names in full, as it stands: most likely who handles the data.
    pub handler: Option<String>,
}

/// The requests for consent on a page and who makes them.
#[must_use]
pub fn asked(record: &Record) -> Asked {
    if !matches!(record.outcome, Outcome::Complete | Outcome::Partial) {
        return Asked::default();
    }
    let reading = Reading::of(record);
    Asked { requests: reading.requests(), handler: reading.handler() }
}

/// A record, its acts, and what the rules that speak of them found.
struct Reading<'a> {
    scene: Scene<'a>,
    findings: Vec<Finding>,
}

impl<'a> Reading<'a> {
    fn of(record: &'a Record) -> Self {
        let scene = Scene::of(record);
        let findings = RULES.iter().flat_map(|rule| rules::answer(*rule, &scene)).collect();
        Self { scene, findings }
    }

    fn requests(&self) -> Vec<PageFacts> {
        let mut found: Vec<PageFacts> =
            self.marketing().map(|act| self.request(act, PageAsks::Marketing)).collect();
        if found.is_empty() && self.asks_for_none() {
            found.push(PageFacts { control: Control::Implied, ..PageFacts::silent(PageAsks::Marketing) });
        }
        found.extend(self.provision().map(|act| self.request(act, PageAsks::Provision)));
        let mut once: Vec<PageFacts> = Vec::with_capacity(found.len());
        for facts in found {
            if !once.contains(&facts) {
                once.push(facts);
            }
        }
        once
    }

    fn handler(&self) -> Option<String> {
        let quotes =
            self.findings.iter().filter(|finding| finding.rule == Rule::Rp23).flat_map(|f| &f.quotes);
        quotes.filter_map(|quote| quote.strip_prefix(HANDLER[0])).map(str::to_owned).next()
    }

    /// Acts by which consent to marketing is given. Where it is asked for, an announcement beside it asks for nothing.
    fn marketing(&self) -> impl Iterator<Item = &Act> {
        let takes = |act: &&Act| self.counts(act) && act.purposes().has(Purposes::MARKETING);
        let asked =
            self.scene.acts.iter().filter(takes).any(|act| act.kind != ActKind::Announced && !act.inverted);
        self.scene.acts.iter().filter(takes).filter(move |act| !asked || act.kind != ActKind::Announced)
    }

    fn provision(&self) -> impl Iterator<Item = &Act> {
        self.scene
            .acts
            .iter()
            .filter(|act| self.counts(act) && !act.inverted && act.purposes().has(Purposes::THIRD_PARTY))
    }

    /// A person sees it, or it is sent unseen; and it is not said twice.
    fn counts(&self, act: &Act) -> bool {
        !act.covered && (act.shown || (act.pristine_on == Some(true) && self.scene.is_sent(act)))
    }

    /// Everything was seen and read, and none of it speaks of marketing as something agreed to.
    fn asks_for_none(&self) -> bool {
        let record = self.scene.record;
        let unread = record.documents.iter().any(rules::is_closed);
        let loose = self.scene.acts.iter().any(|act| {
            act.surface.has(Purposes::MARKETING)
                || act.reached.iter().any(|clause| clause.purposes.has(Purposes::MARKETING))
        });
        record.outcome == Outcome::Complete && !record.states.is_empty() && !unread && !loose
    }

    fn request(&self, act: &Act, asks: PageAsks) -> PageFacts {
        let purpose = match asks {
            PageAsks::Marketing => Purposes::MARKETING,
            PageAsks::Provision => Purposes::THIRD_PARTY,
        };
        let told = self.told(act, purpose);
        let limits = |text: &String| (limit::frequency(text), limit::days(text));
        let (frequencies, days): (Vec<_>, Vec<_>) = told.iter().map(limits).unzip();
        PageFacts {
            channels: channels(act, purpose),
            frequency: one(frequencies),
            days: one(days),
            control: self.control(act),
            bundling: self.bundling(act, asks),
            prominence: self.prominence(act, purpose),
            forced: if asks == PageAsks::Marketing {
                self.answer(Rule::Rp11, act, true, false)
            } else {
                None
            },
            notice: self.notice(act, &told),
            receiver: if asks == PageAsks::Provision { self.receiver(act) } else { PageReceiver::default() },
            ..PageFacts::silent(asks)
        }
    }

    /// What the rule found of this act.
    fn on(&self, rule: Rule, act: &Act) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| {
            finding.rule == rule && finding.spots.iter().any(|spot| spot.key == act.key)
        })
    }

    fn violates(&self, rule: Rule, act: &Act) -> bool {
        self.on(rule, act).any(|finding| finding.outcome == Answer::Violation)
    }

    /// What the rule's answers to this act come to; unknown where it asks a person, or where they differ.
    fn answer(&self, rule: Rule, act: &Act, violated: bool, passed: bool) -> Option<bool> {
        let answers = self.on(rule, act).map(|finding| match finding.outcome {
            Answer::Violation => Some(violated),
            Answer::Passes => Some(passed),
            Answer::NeedsPerson | Answer::NotApplicable => None,
        });
        let mut answers = answers.collect::<Option<Vec<bool>>>()?;
        answers.dedup();
        if let [answer] = answers.as_slice() { Some(*answer) } else { None }
    }

    fn control(&self, act: &Act) -> Control {
        match act.kind {
            ActKind::Implied | ActKind::Announced => Control::Implied,
            ActKind::Button => Control::TickedByRecipient,
            // Silence is taken for a yes.
            ActKind::Tick if act.inverted => match act.pristine_on {
                Some(false) => Control::Implied,
                Some(true) | None => Control::NotRecorded,
            },
            ActKind::Tick if act.pristine_on == Some(true) => Control::TickedByDefault,
            // It turned on by itself when something else was done.
            ActKind::Tick if self.violates(Rule::Rp08, act) => Control::Implied,
            ActKind::Tick if act.pristine_on == Some(false) => Control::TickedByRecipient,
            ActKind::Tick => Control::NotRecorded,
        }
    }

    fn bundling(&self, act: &Act, asks: PageAsks) -> Bundling {
        // One control for all may have set it, or its own: nobody can tell from the page.
        if act.kind == ActKind::Announced || act.inverted || self.violates(Rule::Rp07, act) {
            return Bundling::NotRecorded;
        }
        let (own, other) = match asks {
            PageAsks::Marketing => (Purposes::MARKETING, Rule::Rp09),
            PageAsks::Provision => (Purposes::THIRD_PARTY, Rule::Rp10),
        };
        let all = act.purposes();
        if all.meets(AGREEMENT) {
            Bundling::WithTerms
        } else if self.violates(other, act) || all.without(own.union(Purposes::OTHER)) != Purposes::NONE {
            Bundling::WithOtherConsents
        } else if self.answer(other, act, false, true) == Some(true) {
            Bundling::Separate
        } else {
            Bundling::NotRecorded
        }
    }

    fn prominence(&self, act: &Act, purpose: Purposes) -> Prominence {
        let clause = |finding: &&Finding| {
            let mut clauses = act.firm().filter(|clause| clause.purposes.has(purpose));
            finding.outcome == Answer::Violation && clauses.any(|c| finding.quotes.contains(&c.quote))
        };
        if act.surface.has(purpose) {
            let control = self.scene.state(act.state).and_then(|state| state.control(&act.key));
            let folded = control.is_some_and(|control| control.seen == Seen::Folded);
            if folded { Prominence::BehindLink } else { Prominence::OnFace }
        } else if self.on(Rule::Rp15, act).any(|finding| clause(&finding)) {
            Prominence::Buried
        } else {
            Prominence::NotRecorded
        }
    }

    fn notice(&self, act: &Act, told: &[String]) -> Notice {
        let says = |word: Word| told.iter().any(|text| has(&fold(text), word));
        let documents = || {
            let layer = self.scene.record.documents.iter().filter(|document| document.clicks == 1);
            layer.flat_map(|document| &document.texts).map(|paragraph| fold(&paragraph.text))
        };
        let known = |found: bool| found.then_some(true);
        let listed = |words: &[&str]| documents().any(|text| words.iter().any(|word| text.contains(word)));
        let withdrawal = self.answer(Rule::Rp25, act, false, true);
        let limits = self.answer(Rule::Rp22, act, false, true);
        Notice {
            hash: 0,
            names_controller: self.names_controller(),
            // An act whose purpose is not told is no act of it.
            states_purpose: Some(true),
            states_categories: known(says(Word::Data) || documents().any(|text| has(&text, Word::Data))),
            states_retention: known(listed(&RETENTION)),
            states_rights: withdrawal.filter(|told| !told || listed(&RIGHTS)),
            states_type_frequency_period: limits.filter(|told| !told || says(Word::Kind)),
        }
    }

    /// Name and contact are told; the rules of processing are another matter.
    fn names_controller(&self) -> Option<bool> {
        let finding = self.findings.iter().find(|finding| finding.rule == Rule::Rp23)?;
        let both = HANDLER.iter().all(|item| finding.quotes.iter().any(|quote| quote.starts_with(item)));
        match finding.outcome {
            Answer::Passes => Some(true),
            Answer::Violation => Some(both),
            Answer::NeedsPerson => both.then_some(true),
            Answer::NotApplicable => None,
        }
    }

    fn receiver(&self, act: &Act) -> PageReceiver {
        let named = self.answer(Rule::Rp24, act, false, true);
        PageReceiver {
            named,
            contact: named,
            purpose_and_method: None,
            categories: has(&fold(&act.text), Word::Data).then_some(true),
            separate: self.answer(Rule::Rp10, act, false, true),
        }
    }

    /// The request itself, what RP-22 found told beside it, and the clauses it rests on.
    fn told(&self, act: &Act, purpose: Purposes) -> Vec<String> {
        let clauses =
            act.firm().filter(|clause| clause.purposes.has(purpose)).map(|clause| clause.quote.clone());
        let quotes = self.on(Rule::Rp22, act).flat_map(|finding| finding.quotes.iter().cloned());
        core::iter::once(act.text.clone()).chain(quotes).chain(clauses).collect()
    }
}

/// The one value that is told, if not two.
fn one<T: PartialEq>(told: Vec<Option<T>>) -> Option<T> {
    let mut told: Vec<T> = told.into_iter().flatten().collect();
    told.dedup();
    if told.len() == 1 { told.pop() } else { None }
}

/// Channels named by the request, or by the clauses that take it. A page that names only others than ours says nothing.
fn channels(act: &Act, purpose: Purposes) -> Option<Set<Way>> {
    let text = if act.surface.has(purpose) {
        phrase::asking_text(&act.text)
    } else {
        let clauses = act.firm().filter(|clause| clause.purposes.has(purpose));
        clauses.map(|clause| clause.quote.as_str()).collect::<Vec<_>>().join(" ")
    };
    let set =
        phrase::channels(&text).into_iter().fold(Set::<Way>::EMPTY, |all, channel| all.union(ways(channel)));
    (!set.is_empty()).then_some(set)
}

/// 短信 is SMS, MMS and 5G messages: the provisions on short messages speak of all.
const fn ways(channel: Channel) -> Set<Way> {
    match channel {
        Channel::Sms => Set::<Way>::of(&[Way::Sms, Way::Mms, Way::Rcs]),
        Channel::Call => Set::<Way>::of(&[Way::Call]),
        Channel::Email => Set::<Way>::of(&[Way::Email]),
        Channel::Im => Set::<Way>::of(&[Way::Im]),
        Channel::Push | Channel::Post => Set::<Way>::EMPTY,
    }
}

/// Rules whose answers are facts of the one or the other kind.
const RULES: [Rule; 10] = [
    Rule::Rp07,
    Rule::Rp08,
    Rule::Rp09,
    Rule::Rp10,
    Rule::Rp11,
    Rule::Rp15,
    Rule::Rp22,
    Rule::Rp23,
    Rule::Rp24,
    Rule::Rp25,
];
const AGREEMENT: Purposes = Purposes::TERMS.union(Purposes::PRIVACY).union(Purposes::AUTHORISATION);
/// How RP-23 begins its quotations of name and contact.
const HANDLER: [&str; 2] = ["name of the handler: ", "contact: "];
const RETENTION: [&str; 12] = [
    "保存期限",
    "存储期限",
    "保存多久",
    "保存至",
    "保存期",
    "保存时间",
    "存储时间",
    "留存",
    "保留期",
    "retention",
    "retain",
    "how long we keep",
];
const RIGHTS: [&str; 9] =
    ["权利", "查阅", "更正", "删除", "your rights", "right to", "access", "rectif", "erasure"];
