//! One page, inspected: its records under the law of a day, and what is to be said of it.

use std::path::PathBuf;

use anning_page::finding::{Finding, Outcome, Rule, Severity, Spot, Within, judge};
use anning_page::law::{Judged, under};
use anning_page::record::{Outcome as Ended, Record};
use anning_vocab::Date;

use crate::error::Error;
use crate::stored::{Stored, sha256};
use crate::words::Standing;

/// A page with one judgement a window.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// A short name: of the folder, or the address.
    pub name: String,
    /// Where it was asked for: the address, or the path as given.
    pub source: String,
    /// Its judgements, in the order of the windows.
    pub judgements: Vec<Judgement>,
}

/// A record under the law of a day.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What the browser saw.
    pub record: Record,
    /// SHA-256 of the record's file.
    pub sha256: String,
    /// Whose law: the day of the record in Beijing, or the one asked for.
    pub day: Date,
    /// Another day was asked for.
    pub as_if: bool,
    /// What the rules answer.
    pub findings: Vec<Judged>,
    /// Where the pictures are, if they were kept.
    pub folder: Option<PathBuf>,
    /// Milliseconds the recording took, if it was made just now.
    pub millis: Option<i64>,
    /// Where the ledger has it.
    pub sealed: Option<Sealed>,
}

/// Where a ledger says that a record existed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Name of the log.
    pub origin: String,
    /// Position of the entry.
    pub position: u64,
}

impl Judgement {
    /// Judges a record by every rule, under the law of its own day or of another.
    ///
    /// # Errors
    /// [`Error::Record`] when the record does not say when it was made.
    pub fn of(stored: Stored, on: Option<Date>) -> Result<Self, Error> {
        let own = stored.record.day().map_err(|err| Error::Record(stored.folder.clone(), err))?;
        let day = on.unwrap_or(own);
        let findings = judge(&stored.record).into_iter().map(|finding| under(finding, day)).collect();
        Ok(Self {
            record: stored.record,
            sha256: stored.sha256,
            day,
            as_if: day != own,
            findings,
            folder: Some(stored.folder),
            millis: None,
            sealed: None,
        })
    }

    /// There was a page to look at.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        match self.record.outcome {
            Ended::Complete | Ended::Partial => !self.record.states.is_empty(),
            Ended::Captcha
            | Ended::Crashed
            | Ended::TimedOut
            | Ended::Unreachable
            | Ended::NotAPage
            | Ended::Blank => false,
        }
    }
}

impl Judgement {
    /// All that was planned was seen: nothing found then means that nothing is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_seen() && self.record.outcome == Ended::Complete
    }
}

/// A finding of a page, once for all windows in which it is seen.
#[derive(Clone, Debug)]
pub struct Issue<'a> {
    /// As first seen.
    pub judged: &'a Judged,
    /// Index of the judgement it is from.
    pub judgement: usize,
    /// Indexes of the other judgements that say the same.
    pub also: Vec<usize>,
    /// How it stands.
    pub standing: Standing,
    /// The same in every run while the page is the same: rule, address, place.
    pub fingerprint: String,
}

impl Issue<'_> {
    /// The finding.
    #[must_use]
    pub const fn finding(&self) -> &Finding {
        &self.judged.finding
    }

    /// How much it weighs.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.judged.finding.severity
    }
}

impl Inspection {
    /// Violations, what needs a person, and remarks, the gravest first; the same in two windows once.
    #[must_use]
    pub fn issues(&self) -> Vec<Issue<'_>> {
        let mut issues: Vec<Issue<'_>> = Vec::new();
        let mut identities: Vec<(Rule, Outcome, String)> = Vec::new();
        for (at, judgement) in self.judgements.iter().enumerate() {
            // Within one window two findings of one rule at one place are two.
            let mut met: Vec<(Rule, Outcome, String)> = Vec::new();
            for judged in judgement.findings.iter().filter(|judged| is_issue(judged)) {
                let finding = &judged.finding;
                let plain = place(&judgement.record, finding);
                let before =
                    met.iter().filter(|(rule, _, known)| *rule == finding.rule && *known == plain).count();
                met.push((finding.rule, finding.outcome, plain.clone()));
                let identity = (finding.rule, finding.outcome, format!("{plain}\n{before}"));
                match identities.iter().position(|known| *known == identity) {
                    Some(known) => {
                        if let Some(issue) = issues.get_mut(known) {
                            issue.also.push(at);
                        }
                    }
                    None => {
                        let standing = Standing::of(judged);
                        let fingerprint = fingerprint(finding.rule, &self.source, &identity.2);
                        issues.push(Issue { judged, judgement: at, also: Vec::new(), standing, fingerprint });
                        identities.push(identity);
                    }
                }
            }
        }
        issues.sort_by_key(|issue| (issue.standing, issue.severity(), issue.finding().rule));
        issues
    }

    /// Rules by their best-known answer on this page: each rule once, under the gravest of its findings.
    #[must_use]
    pub fn rules(&self) -> Vec<(Rule, Standing)> {
        let all = || self.judgements.iter().flat_map(|judgement| &judgement.findings);
        Rule::ALL
            .into_iter()
            .map(|rule| {
                let own = all().filter(|judged| judged.finding.rule == rule).map(Standing::of);
                (rule, own.min().unwrap_or(Standing::NotApplicable))
            })
            .collect()
    }

    /// The gravest violation.
    #[must_use]
    pub fn gravest(&self) -> Option<Severity> {
        let all = self.judgements.iter().flat_map(|judgement| &judgement.findings);
        all.filter(|judged| judged.is_violation()).map(|judged| judged.finding.severity).min()
    }

    /// Some window showed a page.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.judgements.iter().any(Judgement::is_seen)
    }
}

impl Inspection {
    /// Every window showed all that was planned.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.judgements.is_empty() && self.judgements.iter().all(Judgement::is_whole)
    }
}

fn is_issue(judged: &Judged) -> bool {
    matches!(judged.finding.outcome, Outcome::Violation | Outcome::NeedsPerson)
}

/// Where a finding is, in words that another window and another run share.
pub(crate) fn place(record: &Record, finding: &Finding) -> String {
    let one = |spot: &Spot| match spot.within {
        Within::State(_) => spot.place.clone(),
        Within::Document(id) => {
            record.documents.get(id).map_or_else(|| spot.place.clone(), |d| d.name.clone())
        }
    };
    finding.spots.first().map(one).unwrap_or_default()
}

fn fingerprint(rule: Rule, address: &str, place: &str) -> String {
    // What follows `?` may be a visitor's own.
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let hash = sha256(format!("{}\n{address}\n{place}", rule.id()).as_bytes());
    hash.get(..32).unwrap_or_default().to_owned()
}
