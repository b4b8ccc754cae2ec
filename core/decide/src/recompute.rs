//! Decides again from opened evidence, and says in words where the answer differs from the record.

use anning_consent::{BrandGraph, World};
use anning_law::{Law, ProvisionId};
use anning_ledger::sheet::Names;
use anning_ledger::{Hash, Suite};
use anning_vocab::{Answer, Class, Timestamp};

use crate::decision::{Decision, decide};
use crate::evidence::Evidence;
use crate::record::{DecisionRecord, article_on};

/// The law and the judge at hand, with the hashes that name them.
pub struct Bench<'b> {
    /// The law through time.
    pub law: &'b Law,
    /// Hash of the law pack.
    pub law_hash: Hash,
    /// The class that the judge reads in a text.
    pub class_of: &'b dyn Fn(&str) -> Class,
    /// Hash of the judge.
    pub judge_hash: Hash,
}

/// A decision taken again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recomputed {
    /// What the message is.
    pub class: Class,
    /// The decision.
    pub decision: Decision,
    /// The law pack that was asked.
    pub law_hash: Hash,
    /// The judge that was asked.
    pub judge_hash: Hash,
}

/// One way in which record and evidence do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// This evidence is not the evidence that the record names: its hash differs.
    Evidence,
    /// The message in it is not the message of the record.
    Message,
    /// It is about somebody else.
    Recipient,
    /// Other time of sending.
    Time(Timestamp, Timestamp),
    /// Decided by another law pack: recorded, at hand.
    LawPack(Hash, Hash),
    /// Read by another judge: recorded, at hand.
    Judge(Hash, Hash),
    /// Other house policy: recorded, opened.
    Policy(Hash, Hash),
    /// A provision answers otherwise.
    Finding {
        /// Which.
        provision: ProvisionId,
        /// Day of sending, whose law was asked.
        on: Timestamp,
        /// Under the stricter reading, or the more lenient one.
        strict: bool,
        /// What is recorded.
        recorded: Answer,
        /// What comes out now.
        now: Answer,
    },
    /// What was concluded differs: what, recorded, now.
    Conclusion(&'static str, String, String),
}

/// Decides again on opened evidence under the law of the time of sending.
#[must_use]
pub fn recompute(evidence: &Evidence, bench: &Bench<'_>) -> Recomputed {
    let world =
        World { terms: evidence.terms.clone(), brands: BrandGraph::new(evidence.brands.iter().copied()) };
    let message = &evidence.message;
    let class = match &evidence.text {
        Some(text) if evidence.judged => (bench.class_of)(text),
        Some(_) | None => evidence.class,
    };
    let facts = world.facts(message, &evidence.acts, &evidence.priors);
    let law = bench.law.on(message.sent_at.date());
    let decision = decide(law, message, class, &facts, &evidence.priors, &evidence.policy);
    Recomputed { class, decision, law_hash: bench.law_hash, judge_hash: bench.judge_hash }
}

/// Where the record, the opened evidence and the decision taken again do not agree; empty when all is one.
#[must_use]
pub fn differences(
    record: &DecisionRecord,
    suite: Suite,
    evidence: &Evidence,
    names: &Names,
    again: &Recomputed,
) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut tell = |when: bool, difference: Difference| {
        if when {
            found.push(difference);
        }
    };
    let sealed = evidence.sealed(suite, &|table, id| names.name(table, id)).ok();
    let differs = |of: fn(&crate::Sealed) -> Hash| sealed.as_ref().map(of) != Some(of(&record.sealed));
    tell(differs(|s| s.evidence), Difference::Evidence);
    tell(differs(|s| s.message), Difference::Message);
    tell(differs(|s| s.recipient), Difference::Recipient);
    let sent = evidence.message.sent_at;
    tell(sent != record.sent_at, Difference::Time(record.sent_at, sent));
    let binds = &record.binds;
    tell(binds.law != again.law_hash, Difference::LawPack(binds.law, again.law_hash));
    tell(binds.judge != again.judge_hash, Difference::Judge(binds.judge, again.judge_hash));
    let policy = evidence.policy.hash();
    tell(binds.policy != policy, Difference::Policy(binds.policy, policy));
    findings(record, again, &mut tell);
    conclusions(record, again, &mut tell);
    found
}

fn findings(record: &DecisionRecord, again: &Recomputed, tell: &mut impl FnMut(bool, Difference)) {
    let readings = [
        (true, record.strict, again.decision.findings.strict),
        (false, record.lenient, again.decision.findings.lenient),
    ];
    for provision in ProvisionId::ALL.iter().copied() {
        for (strict, then, now) in readings {
            let (recorded, now) = (then.answer(provision), now.answer(provision));
            let on = record.sent_at;
            tell(recorded != now, Difference::Finding { provision, on, strict, recorded, now });
        }
    }
}

fn conclusions(record: &DecisionRecord, again: &Recomputed, tell: &mut impl FnMut(bool, Difference)) {
    let decision = &again.decision;
    let codes = |caveats: anning_vocab::Caveats| {
        caveats.iter().map(anning_vocab::Caveat::code).collect::<Vec<_>>().join(" ")
    };
    let pairs = [
        ("class", record.class.to_string(), again.class.to_string()),
        ("treatment", record.treatment.code().to_owned(), decision.treatment.code().to_owned()),
        ("caveats", codes(record.caveats), codes(decision.caveats)),
        ("house policy", format!("{:?}", record.house), format!("{:?}", decision.house)),
        ("outcome", format!("{:?}", record.outcome), format!("{:?}", decision.outcome)),
    ];
    for (what, recorded, now) in pairs {
        tell(recorded != now, Difference::Conclusion(what, recorded, now));
    }
}

impl core::fmt::Display for Difference {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Evidence => f.write_str("this is not the evidence that the record names: its hash differs"),
            Self::Message => f.write_str("the message is not the one recorded: its hash differs"),
            Self::Recipient => f.write_str("the evidence is about another recipient"),
            Self::Time(recorded, opened) => {
                write!(f, "time of sending: recorded {recorded}, in the evidence {opened}")
            }
            Self::LawPack(recorded, here) => hashes(f, "law pack", recorded, here),
            Self::Judge(recorded, here) => hashes(f, "judge", recorded, here),
            Self::Policy(recorded, here) => hashes(f, "house policy", recorded, here),
            Self::Finding { provision, on, strict, recorded, now } => {
                let reading = if *strict { "stricter" } else { "more lenient" };
                let day = on.date();
                let article = article_on(*provision, day);
                write!(
                    f,
                    "{article} ({provision}) on {day}, {reading} reading: recorded {recorded}, decided again {now}"
                )
            }
            Self::Conclusion(what, recorded, now) => {
                write!(f, "{what}: recorded {recorded}, decided again {now}")
            }
        }
    }
}

fn hashes(f: &mut core::fmt::Formatter<'_>, what: &str, recorded: &Hash, here: &Hash) -> core::fmt::Result {
    let short = |hash: &Hash| hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    write!(f, "{what}: recorded {}…, here {}…", short(recorded), short(here))
}
