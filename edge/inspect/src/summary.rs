//! The summary of a run: counts, pages, findings, as `spec/inspect.md` lays it down.

use anning_page::finding::{Outcome, Rule, Severity};
use serde_json::{Value, json};

use crate::gaps::gaps;
use crate::inspection::{Inspection, Issue, Judgement};
use crate::steps::steps;
use crate::words::{Standing, ended, says, severity_code, title, window};

/// What is counted, of one page or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pages asked for.
    pub pages: usize,
    /// Pages that were seen in some window.
    pub seen: usize,
    /// Violations by severity: critical, serious, moderate.
    pub violations: [usize; 3],
    /// Places where a person has to look.
    pub needs_person: usize,
    /// What no provision of the day forbids.
    pub remarks: usize,
}

impl Counts {
    /// Of these pages.
    #[must_use]
    pub fn of(pages: &[Inspection]) -> Self {
        let mut counts = Self { pages: pages.len(), ..Self::default() };
        for page in pages {
            counts.seen += usize::from(page.is_seen());
            for issue in page.issues() {
                counts.add(&issue);
            }
        }
        counts
    }

    fn add(&mut self, issue: &Issue<'_>) {
        let [critical, serious, moderate] = &mut self.violations;
        match (issue.standing, issue.severity()) {
            (Standing::Violation, Severity::Critical) => *critical += 1,
            (Standing::Violation, Severity::Serious) => *serious += 1,
            (Standing::Violation, Severity::Moderate) => *moderate += 1,
            (Standing::NeedsPerson, _) => self.needs_person += 1,
            (Standing::Remark, _) => self.remarks += 1,
            (Standing::Passes | Standing::NotApplicable, _) => {}
        }
    }

    /// All violations.
    #[must_use]
    pub fn all_violations(&self) -> usize {
        self.violations.iter().sum()
    }

    fn json(self) -> Value {
        let [critical, serious, moderate] = self.violations;
        json!({
            "pages": self.pages, "seen": self.seen, "violations": self.all_violations(),
            "critical": critical, "serious": serious, "moderate": moderate,
            "needs_person": self.needs_person, "remarks": self.remarks,
        })
    }
}

/// The summary as JSON, ending in a line feed.
#[must_use]
pub fn summary(pages: &[Inspection]) -> String {
    let all: Vec<Value> = pages.iter().map(page).collect();
    let whole = json!({
        "format": FORMAT,
        "tool": {"name": "anning", "version": env!("CARGO_PKG_VERSION")},
        "totals": Counts::of(pages).json(),
        "pages": all,
    });
    format!("{whole:#}\n")
}

fn page(inspection: &Inspection) -> Value {
    let of = |standing: Standing| -> Vec<&'static str> {
        let rules = inspection.rules();
        rules.into_iter().filter(|(_, found)| *found == standing).map(|(rule, _)| Rule::id(rule)).collect()
    };
    let findings: Vec<Value> = inspection.issues().iter().map(|issue| finding(inspection, issue)).collect();
    json!({
        "name": inspection.name,
        "address": &inspection.source,
        "verdict": verdict(inspection),
        "counts": Counts::of(std::slice::from_ref(inspection)).json(),
        "records": inspection.judgements.iter().map(record).collect::<Vec<_>>(),
        "findings": findings,
        "passes": of(Standing::Passes),
        "not_applicable": of(Standing::NotApplicable),
    })
}

/// One word for a page.
pub(crate) fn verdict(inspection: &Inspection) -> &'static str {
    let rules = inspection.rules();
    let has = |standing: Standing| rules.iter().any(|(_, found)| *found == standing);
    match () {
        () if has(Standing::Violation) => "violations",
        () if !inspection.is_seen() => "not_inspected",
        () if has(Standing::NeedsPerson) => "needs_person",
        () if !inspection.is_whole() => "partial",
        () if has(Standing::Remark) => "remarks",
        () => "clean",
    }
}

fn record(judgement: &Judgement) -> Value {
    let record = &judgement.record;
    json!({
        "viewport": record.viewport,
        "recorded_at": record.recorded_at,
        "law_of": judgement.day.to_string(),
        "as_if": judgement.as_if,
        "browser": record.recorder.browser,
        "outcome": record.outcome,
        "outcome_words": ended(record.outcome),
        "states": record.states.len(),
        "documents": record.documents.len(),
        "submits_stopped": record.submits.len(),
        "gaps": gaps(record),
        "notes": record.notes,
        "sha256": judgement.sha256,
        "files": record.files,
        "millis": judgement.millis,
        "ledger": judgement.sealed.as_ref().map(|at| json!({"log": at.origin, "position": at.position})),
    })
}

fn finding(inspection: &Inspection, issue: &Issue<'_>) -> Value {
    let found = issue.finding();
    let record = inspection.judgements.get(issue.judgement).map(|judgement| &judgement.record);
    let windows: Vec<usize> = std::iter::once(issue.judgement).chain(issue.also.iter().copied()).collect();
    json!({
        "fingerprint": issue.fingerprint,
        "rule": found.rule.id(),
        "slug": found.rule.slug(),
        "title": title(found),
        "outcome": if found.outcome == Outcome::NeedsPerson { "needs_person" } else { "violation" },
        "in_force": issue.judged.in_force,
        "severity": severity_code(found.severity),
        "says": says(found),
        "basis": issue.judged.basis,
        "quotes": found.quotes,
        "numbers": found.numbers,
        "state": found.state,
        "event": found.event,
        "spots": found.spots,
        "records": windows,
        "windows": windows.iter().filter_map(|at| inspection.judgements.get(*at)).map(|j| window(j.record.viewport)).collect::<Vec<_>>(),
        "steps": record.map(|record| steps(record, found)).unwrap_or_default(),
    })
}

const FORMAT: &str = "anning-inspect-summary/1";
