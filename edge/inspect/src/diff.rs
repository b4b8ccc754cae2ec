//! Two versions of a page beside each other: what was mended, what is new, what is left, and which words changed.

use anning_page::act::acts;
use anning_page::finding::{Outcome, Rule};
use anning_page::record::Record;
use serde::Serialize;
use serde_json::json;

use crate::inspection::{Judgement, place};
use crate::terminal::{Voice, shown};
use crate::words::{Lang, Standing, Words};

/// What changed from one record to another.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// Hashes of the two records.
    pub sha256: [String; 2],
    /// In the first, no more in the second.
    pub mended: Vec<Line>,
    /// In the second only.
    pub new: Vec<Line>,
    /// In both.
    pub left: Vec<Line>,
    /// Texts of consent that changed: the old and the new one; either may be missing.
    pub texts: Vec<Change>,
}

/// A finding in one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The rule.
    pub rule: Rule,
    /// What it finds.
    pub title: Words,
    /// How it stands.
    pub standing: Standing,
    /// Where.
    pub place: String,
    /// What it says.
    pub says: Words,
    /// First words quoted.
    pub quote: String,
}

/// Words of one consent, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where.
    pub place: String,
    /// Before; none when it is new.
    pub old: Option<String>,
    /// After; none when it is gone.
    pub new: Option<String>,
}

/// Compares two judged records.
#[must_use]
pub fn diff(old: &Judgement, new: &Judgement) -> Diff {
    let (mut mended, mut fresh, mut left) = (lines(old), lines(new), Vec::new());
    // By place first; what moved is known by its words; the last of a rule on either side is taken for the same.
    let same: [fn(&Line, &Line) -> bool; 3] =
        [|a, b| a.place == b.place, |a, b| !a.quote.is_empty() && a.quote == b.quote, |_, _| true];
    for alike in same {
        mended.retain(|was| {
            let found = fresh
                .iter()
                .position(|is| is.rule == was.rule && is.standing == was.standing && alike(was, is));
            if let Some(at) = found {
                left.push(fresh.remove(at));
            }
            found.is_none()
        });
    }
    Diff {
        sha256: [old.sha256.clone(), new.sha256.clone()],
        mended,
        new: fresh,
        left,
        texts: changes(&old.record, &new.record),
    }
}

fn lines(judgement: &Judgement) -> Vec<Line> {
    let found = judgement.findings.iter();
    found
        .filter(|judged| matches!(judged.finding.outcome, Outcome::Violation | Outcome::NeedsPerson))
        .map(|judged| Line {
            rule: judged.finding.rule,
            title: crate::words::title(&judged.finding),
            standing: Standing::of(judged),
            place: place(&judgement.record, &judged.finding),
            says: crate::words::says(&judged.finding),
            quote: judged.finding.quotes.first().cloned().unwrap_or_default(),
        })
        .collect()
}

/// Consents of a record: place and words.
fn consents(record: &Record) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for act in acts(record).iter().filter(|act| act.shown && !act.text.trim().is_empty()) {
        let place = act.spots.first().map(|spot| spot.place.clone()).unwrap_or_default();
        if !all.iter().any(|(_, text)| *text == act.text) {
            all.push((place, act.text.clone()));
        }
    }
    all
}

fn changes(old: &Record, new: &Record) -> Vec<Change> {
    let (mut before, mut after) = (consents(old), consents(new));
    before.retain(|was| {
        let kept = after.iter().position(|is| is.1 == was.1);
        if let Some(at) = kept {
            after.remove(at);
        }
        kept.is_none()
    });
    let mut all = Vec::new();
    for (place, text) in before {
        let at = after.iter().position(|is| is.0 == place);
        let new = at.map(|at| after.remove(at).1);
        all.push(Change { place, old: Some(text), new });
    }
    all.extend(after.into_iter().map(|(place, text)| Change { place, old: None, new: Some(text) }));
    all
}

impl Diff {
    /// As JSON, ending in a line feed.
    #[must_use]
    pub fn json(&self) -> String {
        let whole = json!({"format": FORMAT, "sha256": self.sha256, "mended": self.mended, "new": self.new, "left": self.left, "texts": self.texts});
        format!("{whole:#}\n")
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, voice: Voice) -> String {
        let mut out = String::new();
        let pick = |zh: &'static str, en: &'static str| match voice.lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        let groups = [
            (&self.mended, "+", pick("已改正", "mended")),
            (&self.new, "✗", pick("新出现", "new")),
            (&self.left, "=", pick("仍存在", "left")),
        ];
        for (lines, mark, name) in groups {
            out.push_str(&format!("{name} {}\n", lines.len()));
            for line in lines {
                let (standing, title) = (line.standing.words(), line.title.get(voice.lang));
                out.push_str(&format!(
                    "  {mark} {} {title} ({})  {}\n",
                    line.rule.id(),
                    standing.get(voice.lang),
                    shown(&line.place)
                ));
            }
        }
        out.push_str(&format!(
            "{} {}\n",
            pick("同意文字的变化", "texts of consent changed"),
            self.texts.len()
        ));
        for change in &self.texts {
            for (mark, text) in [("-", &change.old), ("+", &change.new)] {
                if let Some(text) = text {
                    out.push_str(&format!("  {mark} {}\n", shown(text)));
                }
            }
        }
        let [old, new] = &self.sha256;
        out.push_str(&format!("sha256 {old}\n    -> {new}\n"));
        out
    }
}

const FORMAT: &str = "anning-inspect-diff/1";
