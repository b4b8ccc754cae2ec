//! Two versions of a page beside each other, window by window: what was mended, what is new, what is left, and which
//! words changed.

use std::fmt;

use anning_page::act::acts;
use anning_page::finding::{Outcome, Rule, Severity};
use anning_page::record::{Outcome as Ended, Record, Viewport};
use serde::Serialize;
use serde_json::json;

use crate::inspection::{Inspection, Issue, Judgement, place};
use crate::terminal::{Voice, shown};
use crate::words::{Lang, Standing, Words, ended, window};

/// What changed from one version of a page to another.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The windows compared.
    pub windows: Vec<Pair>,
    /// In the first, no more in the second.
    pub mended: Vec<Line>,
    /// In the second only.
    pub new: Vec<Line>,
    /// In both.
    pub left: Vec<Line>,
    /// Texts of consent that changed: the old and the new one; either may be missing.
    pub texts: Vec<Change>,
    /// New findings: judgement of the second, and finding of that judgement.
    fresh: Vec<(usize, usize)>,
}

/// Two records of one window.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// The window, the same in both.
    pub viewport: Viewport,
    /// Hashes of the two records.
    pub sha256: [String; 2],
    /// How the two recordings ended.
    pub outcomes: [Ended; 2],
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
    /// How much it weighs.
    pub severity: Severity,
    /// Where.
    pub place: String,
    /// What it says.
    pub says: Words,
    /// First words quoted.
    pub quote: String,
    /// Indexes of the windows compared in which that is so.
    pub windows: Vec<usize>,
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
    /// Indexes of the windows compared in which that is so.
    pub windows: Vec<usize>,
}

/// Why two versions cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// The windows are not the same: a phone beside a desktop differs in more than the version.
    Windows {
        /// Those of the older version, in words.
        old: Vec<String>,
        /// Those of the newer.
        new: Vec<String>,
    },
    /// A record shows no page: every finding would pass for mended.
    Unseen {
        /// It is the newer version's.
        newer: bool,
        /// Its window.
        window: String,
        /// Why.
        why: String,
    },
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Windows { old, new } => write!(
                f,
                "the two were not recorded in the same windows, so that nothing can be said of versions; name records \
                 of one window (such as PAGE/phone) or record again with the same --viewport: {} beside {}",
                old.join(", "),
                new.join(", ")
            ),
            Self::Unseen { newer, window, why } => write!(
                f,
                "no page was seen in the {} version, and everything would pass for {}; record it again: {window}, {why}",
                if *newer { "newer" } else { "older" },
                if *newer { "mended" } else { "new" },
            ),
        }
    }
}

impl std::error::Error for Incomparable {}

/// Compares two judged versions of a page.
///
/// # Errors
/// [`Incomparable`] with the way out.
pub fn diff(old: &Inspection, new: &Inspection) -> Result<Diff, Incomparable> {
    let pairs = pairs(old, new)?;
    let mut whole = Diff {
        windows: Vec::with_capacity(pairs.len()),
        mended: Vec::new(),
        new: Vec::new(),
        left: Vec::new(),
        texts: Vec::new(),
        fresh: Vec::new(),
    };
    for (at, (was, index, is)) in pairs.into_iter().enumerate() {
        for (newer, judgement) in [(false, was), (true, is)] {
            if !judgement.is_seen() {
                let window = window(judgement.record.viewport).en;
                return Err(Incomparable::Unseen { newer, window, why: ended(judgement.record.outcome).en });
            }
        }
        whole.windows.push(Pair {
            viewport: is.record.viewport,
            sha256: [was.sha256.clone(), is.sha256.clone()],
            outcomes: [was.record.outcome, is.record.outcome],
        });
        whole.compare(at, was, (index, is));
        for change in changes(&was.record, &is.record) {
            let known = whole.texts.iter_mut().find(|known| known.is_like(&change));
            match known {
                Some(known) => known.windows.push(at),
                None => whole.texts.push(Change { windows: vec![at], ..change }),
            }
        }
    }
    Ok(whole)
}

/// Judgements of the same window: the older, then index and judgement of the newer.
fn pairs<'a>(
    old: &'a Inspection,
    new: &'a Inspection,
) -> Result<Vec<(&'a Judgement, usize, &'a Judgement)>, Incomparable> {
    let mut open: Vec<(usize, &Judgement)> = new.judgements.iter().enumerate().collect();
    let mut all = Vec::with_capacity(open.len());
    for was in &old.judgements {
        if let Some(at) = open.iter().position(|(_, is)| is.record.viewport == was.record.viewport) {
            let (index, is) = open.remove(at);
            all.push((was, index, is));
        }
    }
    if all.len() == old.judgements.len() && open.is_empty() && !all.is_empty() {
        return Ok(all);
    }
    let of = |page: &Inspection| page.judgements.iter().map(|j| window(j.record.viewport).en).collect();
    Err(Incomparable::Windows { old: of(old), new: of(new) })
}

impl Diff {
    /// One window: what is in both, then what is only in one.
    fn compare(&mut self, at: usize, was: &Judgement, (index, is): (usize, &Judgement)) {
        let (mut mended, mut fresh) = (lines(was), lines(is));
        // By place first; what moved is known by its words; the last of a rule on either side is taken for the same.
        let same: [fn(&Line, &Line) -> bool; 3] =
            [|a, b| a.place == b.place, |a, b| !a.quote.is_empty() && a.quote == b.quote, |_, _| true];
        let mut left = Vec::new();
        for alike in same {
            mended.retain(|(_, was)| {
                let found = fresh
                    .iter()
                    .position(|(_, is)| is.rule == was.rule && is.standing == was.standing && alike(was, is));
                if let Some(at) = found {
                    left.push(fresh.remove(at).1);
                }
                found.is_none()
            });
        }
        self.fresh.extend(fresh.iter().map(|(finding, _)| (index, *finding)));
        for (all, own) in [
            (&mut self.mended, mended.into_iter().map(|(_, line)| line).collect()),
            (&mut self.new, fresh.into_iter().map(|(_, line)| line).collect()),
            (&mut self.left, left),
        ] {
            join(all, own, at);
        }
    }

    /// Gravest of the violations that are new.
    #[must_use]
    pub fn gravest_new(&self) -> Option<Severity> {
        let violations = self.new.iter().filter(|line| line.standing == Standing::Violation);
        violations.map(|line| line.severity).min()
    }

    /// Both versions were looked at to the end: what is gone is mended, not merely unreached.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.windows.iter().flat_map(|pair| pair.outcomes).all(|outcome| outcome == Ended::Complete)
    }

    /// Is this finding of the newer version new in some window?
    pub(crate) fn is_new(&self, newer: &Inspection, issue: &Issue<'_>) -> bool {
        self.fresh.iter().any(|(judgement, finding)| {
            let known = newer.judgements.get(*judgement).and_then(|j| j.findings.get(*finding));
            known.is_some_and(|known| {
                issue.seen().any(|(at, seen)| at == *judgement && core::ptr::eq(seen, &known.finding))
            })
        })
    }
}

impl Line {
    fn is_like(&self, other: &Self) -> bool {
        (self.rule, self.standing, self.severity) == (other.rule, other.standing, other.severity)
            && self.place == other.place
            && self.says == other.says
            && self.quote == other.quote
    }
}

impl Change {
    fn is_like(&self, other: &Self) -> bool {
        self.place == other.place && self.old == other.old && self.new == other.new
    }
}

/// The same line of another window is the same line; two of one window stay two.
fn join(all: &mut Vec<Line>, own: Vec<Line>, at: usize) {
    for line in own {
        match all.iter_mut().find(|known| known.is_like(&line) && !known.windows.contains(&at)) {
            Some(known) => known.windows.push(at),
            None => all.push(Line { windows: vec![at], ..line }),
        }
    }
}

/// Findings of a judgement with their index in it.
fn lines(judgement: &Judgement) -> Vec<(usize, Line)> {
    let found = judgement.findings.iter().enumerate();
    found
        .filter(|(_, judged)| matches!(judged.finding.outcome, Outcome::Violation | Outcome::NeedsPerson))
        .map(|(at, judged)| {
            let line = Line {
                rule: judged.finding.rule,
                title: crate::words::title(&judged.finding),
                standing: Standing::of(judged),
                severity: judged.finding.severity,
                place: place(&judgement.record, &judged.finding),
                says: crate::words::says(&judged.finding),
                quote: judged.finding.quotes.first().cloned().unwrap_or_default(),
                windows: Vec::new(),
            };
            (at, line)
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
    let change = |place, old, new| Change { place, old, new, windows: Vec::new() };
    let mut all = Vec::new();
    for (place, text) in before {
        let at = after.iter().position(|is| is.0 == place);
        let new = at.map(|at| after.remove(at).1);
        all.push(change(place, Some(text), new));
    }
    all.extend(after.into_iter().map(|(place, text)| change(place, None, Some(text))));
    all
}

impl Diff {
    /// As JSON, ending in a line feed.
    #[must_use]
    pub fn json(&self) -> String {
        let whole = json!({
            "format": FORMAT, "windows": self.windows, "mended": self.mended, "new": self.new, "left": self.left,
            "texts": self.texts,
        });
        format!("{whole:#}\n")
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, voice: Voice) -> String {
        let mut out = String::new();
        for pair in self.windows.iter().filter(|pair| !pair.outcomes.iter().all(|o| *o == Ended::Complete)) {
            let words = |outcome: Ended| ended(outcome).get(voice.lang).to_owned();
            let [old, new] = pair.outcomes.map(words);
            let shown = window(pair.viewport);
            out.push_str(&voice.say(
                &format!("! {}：旧版{old}，新版{new}；没有再看到的，未必已改正\n", shown.zh),
                &format!(
                    "! {}: older {old}, newer {new}; what is seen no more need not be mended\n",
                    shown.en
                ),
            ));
        }
        for (lines, mark, colour, zh, en) in [
            (&self.mended, "✓", "32", "已改正", "mended"),
            (&self.new, "✗", "31", "新出现", "new"),
            (&self.left, "=", "2", "仍存在", "left"),
        ] {
            let name = voice.say(zh, en);
            out.push_str(&format!("{name} {}\n", lines.len()));
            for line in lines {
                let (standing, title) = (line.standing.words(), line.title.get(voice.lang));
                out.push_str(&format!(
                    "  {} {} {title} ({})  {}{}\n",
                    voice.paint(colour, &format!("{mark} {name}")),
                    line.rule.id(),
                    standing.get(voice.lang),
                    shown(&line.place),
                    self.only(&line.windows, voice.lang)
                ));
            }
        }
        let head = voice.say("同意文字的变化", "texts of consent changed");
        out.push_str(&format!("{head} {}\n", self.texts.len()));
        for change in &self.texts {
            let only = self.only(&change.windows, voice.lang);
            let (gone, come) = match (&change.old, &change.new) {
                (Some(_), Some(_)) => (("原为", "was"), ("改为", "now")),
                _ => (("删去", "taken out"), ("新增", "added")),
            };
            for ((zh, en), text) in [(gone, &change.old), (come, &change.new)] {
                if let Some(text) = text {
                    out.push_str(&format!("  {}{only}: {}\n", voice.say(zh, en), shown(text)));
                }
            }
        }
        for pair in &self.windows {
            let [old, new] = &pair.sha256;
            out.push_str(&format!("sha256 {old}\n    -> {new}  {}\n", window(pair.viewport).get(voice.lang)));
        }
        out
    }

    /// The windows, where it is not all that were compared.
    fn only(&self, windows: &[usize], lang: Lang) -> String {
        if windows.len() >= self.windows.len() {
            return String::new();
        }
        let of = |at: &usize| self.windows.get(*at).map(|pair| window(pair.viewport).get(lang).to_owned());
        format!(" [{}]", windows.iter().filter_map(of).collect::<Vec<_>>().join(", "))
    }
}

const FORMAT: &str = "anning-inspect-diff/2";
