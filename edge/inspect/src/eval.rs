//! How well the rules do on a folder of labelled pages: `pages.csv` says which, `labels.csv` what a person found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anning_page::finding::{Outcome, Rule, judge};
use anning_page::record::{Record, Viewport};
use serde::Serialize;

use crate::error::Error;
use crate::list::{LIST, list, rows};
use crate::terminal::shown;

/// A folder of labelled pages.
#[derive(Clone, Debug)]
pub struct Labelled {
    folder: PathBuf,
    /// Its pages.
    pub pages: Vec<Sheet>,
}

/// A page and what a person found on it.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name, which is its folder's.
    pub name: String,
    /// The window it is to be opened in.
    pub viewport: Viewport,
    /// Rules that mean nothing on this page.
    unscored: BTreeSet<Rule>,
    /// Rules that a person found broken.
    wanted: BTreeSet<Rule>,
    /// Rules in dispute.
    disputed: BTreeSet<Rule>,
}

/// Right, wrong and missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Labelled and reported.
    pub right: usize,
    /// Reported, not labelled.
    pub wrong: usize,
    /// Labelled, not reported.
    pub missed: usize,
}

/// The result.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// By rule.
    pub rules: BTreeMap<Rule, Tally>,
    /// Pages and rules reported wrongly.
    pub wrong: Vec<(String, Rule)>,
    /// Pages and rules missed.
    pub missed: Vec<(String, Rule)>,
    /// Pages scored.
    pub pages: usize,
    /// Pages without a record.
    pub lacking: Vec<String>,
}

impl Labelled {
    /// Reads `pages.csv` and `labels.csv`.
    ///
    /// # Errors
    /// [`Error::List`] with file and line.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let mut pages: Vec<Sheet> = Vec::new();
        for listed in list(folder)? {
            let bad = |id: &str| Error::List(folder.join(LIST), listed.line, format!("no such rule: {id}"));
            pages.push(Sheet {
                viewport: listed.viewport,
                unscored: listed
                    .not_scored
                    .iter()
                    .map(|id| Rule::of_id(id).ok_or_else(|| bad(id)))
                    .collect::<Result<_, _>>()?,
                wanted: BTreeSet::new(),
                disputed: BTreeSet::new(),
                name: listed.name.clone(),
            });
        }
        let labels = folder.join("labels.csv");
        for (line, row) in rows(&labels, ["page", "rule", "label"], 3)? {
            let [name, id, label] = row;
            let bad = |what: String| Error::List(labels.clone(), line, what);
            let sheet = pages
                .iter_mut()
                .find(|sheet| sheet.name == name)
                .ok_or_else(|| bad(format!("pages.csv has no page: {name}")))?;
            let rule = Rule::of_id(&id).ok_or_else(|| bad(format!("no such rule: {id}")))?;
            match label.as_str() {
                "violation" => sheet.wanted.insert(rule),
                "review" => sheet.disputed.insert(rule),
                other => return Err(bad(format!("a label is violation or review: {other}"))),
            };
        }
        Ok(Self { folder: folder.to_owned(), pages })
    }

    /// Folder of a page.
    #[must_use]
    pub fn folder(&self, sheet: &Sheet) -> PathBuf {
        self.folder.join(&sheet.name)
    }

    /// Scores records, asked for by name of the page.
    #[must_use]
    pub fn score(&self, record: &dyn Fn(&str) -> Option<Record>) -> Score {
        let mut score = Score::default();
        for sheet in &self.pages {
            match record(&sheet.name) {
                None => score.lacking.push(sheet.name.clone()),
                Some(record) => {
                    score.pages += 1;
                    score.add(sheet, &record);
                }
            }
        }
        score
    }
}

impl Score {
    /// What the interface does counts, whatever the law of the day: labels say the same.
    fn add(&mut self, sheet: &Sheet, record: &Record) {
        let findings = judge(record);
        let reported: BTreeSet<Rule> =
            findings.iter().filter(|f| f.outcome == Outcome::Violation).map(|f| f.rule).collect();
        for rule in Rule::ALL {
            if sheet.unscored.contains(&rule)
                || (sheet.disputed.contains(&rule) && !sheet.wanted.contains(&rule))
            {
                continue;
            }
            let tally = self.rules.entry(rule).or_default();
            match (sheet.wanted.contains(&rule), reported.contains(&rule)) {
                (true, true) => tally.right += 1,
                (true, false) => {
                    tally.missed += 1;
                    self.missed.push((sheet.name.clone(), rule));
                }
                (false, true) => {
                    tally.wrong += 1;
                    self.wrong.push((sheet.name.clone(), rule));
                }
                (false, false) => {}
            }
        }
    }

    /// All rules together.
    #[must_use]
    pub fn overall(&self) -> Tally {
        self.rules.values().fold(Tally::default(), |sum, tally| Tally {
            right: sum.right + tally.right,
            wrong: sum.wrong + tally.wrong,
            missed: sum.missed + tally.missed,
        })
    }

    /// As JSON, ending in a line feed.
    #[must_use]
    pub fn json(&self) -> String {
        let rules: Vec<_> = self.rules.iter().map(|(rule, tally)| figures(rule.id(), *tally)).collect();
        let pairs = |list: &[(String, Rule)]| {
            list.iter().map(|(page, rule)| serde_json::json!([page, rule])).collect::<Vec<_>>()
        };
        let whole = serde_json::json!({
            "format": "anning-inspect-eval/1",
            "pages": self.pages,
            "without_record": self.lacking,
            "overall": figures("all", self.overall()),
            "rules": rules,
            "reported_wrongly": pairs(&self.wrong),
            "missed": pairs(&self.missed),
        });
        format!("{whole:#}\n")
    }

    /// As a table for a terminal.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = format!(
            "{:7} {:>6} {:>6} {:>6}  {:>6} {:>6} {:>6}\n",
            "rule", "right", "wrong", "missed", "prec.", "recall", "F1"
        );
        let met = self.rules.iter().filter(|(_, tally)| **tally != Tally::default());
        let lines = met.map(|(rule, tally)| (rule.id(), *tally)).chain([("all", self.overall())]);
        for (name, tally) in lines {
            let Tally { right, wrong, missed } = tally;
            let [precision, recall, both] = [tally.precision(), tally.recall(), tally.f1()]
                .map(|share| share.map_or("–".to_owned(), |s| format!("{s:.3}")));
            out.push_str(&format!(
                "{name:7} {right:>6} {wrong:>6} {missed:>6}  {precision:>6} {recall:>6} {both:>6}\n"
            ));
        }
        for (what, list) in [("wrong", &self.wrong), ("missed", &self.missed)] {
            for (page, rule) in list {
                out.push_str(&format!("{what:7} {} {}\n", rule.id(), shown(page)));
            }
        }
        for page in &self.lacking {
            out.push_str(&format!("no record of {}\n", shown(page)));
        }
        out
    }
}

impl Tally {
    /// Share of what was reported that is right.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.right + self.wrong)
    }

    /// Share of what is there that was reported.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }

    /// Their harmonic mean.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

fn figures(name: &str, tally: Tally) -> serde_json::Value {
    serde_json::json!({
        "rule": name, "right": tally.right, "wrong": tally.wrong, "missed": tally.missed,
        "precision": tally.precision(), "recall": tally.recall(), "f1": tally.f1(),
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of labels are small")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
