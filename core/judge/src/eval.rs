//! How well a judge does on labelled rows: figures with 95 % intervals.

mod interval;

use anning_vocab::{Class, Known};

pub use interval::Share;

use crate::{Judge, Scratch};

/// A labelled row to measure on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// Is it commercial? Rows without an answer are not measured on.
    pub commercial: Option<bool>,
    /// A notice that carries an offer.
    pub mixed: bool,
    /// What it is, if told: `service` and `otp` have figures of their own.
    pub label: Option<String>,
}

/// What the judge said of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    score: f32,
    commercial: bool,
    /// The class is commercial or mixed.
    told: bool,
    mixed: bool,
    otp: bool,
    /// Labelled service or otp: where a false alarm hurts most.
    notice: bool,
    borderline: bool,
}

impl Said {
    /// Of a row of training judged unseen: all others count as notices.
    pub(crate) const fn unseen(score: f32, commercial: bool, mixed: bool) -> Self {
        let told = score > 0.0;
        Self { score, commercial, told, mixed, otp: false, notice: !commercial, borderline: false }
    }
}

/// Figures over a set of rows. A figure without rows to rest on is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Rows measured on.
    pub n: usize,
    /// Of which commercial.
    pub commercial: usize,
    /// Of those told commercial, the share that is.
    pub precision: Option<Share>,
    /// Of the commercial, the share told so.
    pub recall: Option<Share>,
    /// Harmonic mean of precision and recall.
    pub f1: Option<Share>,
    /// Chance that a commercial row scores above another.
    pub auc: Option<Share>,
    /// Recall where 1 %, 2 %, 5 % of rows labelled service or otp score as high.
    pub recall_at: [Option<Share>; 3],
    /// Share of rows labelled service or otp told commercial.
    pub false_alarms_notice: Option<Share>,
    /// Share of rows labelled otp told commercial.
    pub false_alarms_otp: Option<Share>,
    /// Of mixed rows, the share told commercial.
    pub mixed_recall: Option<Share>,
    /// The same where 2 % of rows labelled service or otp score as high.
    pub mixed_recall_at_2: Option<Share>,
    /// Share of rows left borderline.
    pub borderline: Option<Share>,
    /// Rows labelled otp in which a verification code was seen.
    pub codes_seen: Option<Share>,
}

/// False-alarm rates at which recall is given.
pub const AT: [f64; 3] = [0.01, 0.02, 0.05];

/// Measures a judge on rows. Rows without an answer are passed over.
#[must_use]
pub fn eval<'a>(judge: &Judge, rows: impl Iterator<Item = &'a Labelled>) -> Report {
    let mut scratch = Scratch::default();
    let (mut said, mut codes, mut seen) = (Vec::new(), 0, 0);
    for row in rows {
        let Some(commercial) = row.commercial else { continue };
        let judgement = judge.judge(&row.text, &mut scratch);
        let label = row.label.as_deref().unwrap_or_default();
        if label == "otp" {
            codes += 1;
            seen += usize::from(judgement.text.code == Known::Yes);
        }
        said.push(Said {
            score: judgement.score,
            commercial,
            told: matches!(judgement.class, Class::Commercial | Class::Mixed),
            mixed: row.mixed,
            otp: label == "otp",
            notice: matches!(label, "otp" | "service") && !commercial,
            borderline: judgement.class == Class::Borderline,
        });
    }
    Report { codes_seen: Share::of(seen, codes), ..report(&said) }
}

/// Figures of what was said.
pub(crate) fn report(said: &[Said]) -> Report {
    let count = |test: &dyn Fn(&Said) -> bool| said.iter().filter(|s| test(s)).count();
    let commercial = count(&|s| s.commercial);
    let told = count(&|s| s.told);
    let hits = count(&|s| s.told && s.commercial);
    let cuts = AT.map(|rate| cut(said, rate));
    let above = |cut: Option<f32>, mixed: bool| {
        let cut = cut?;
        let wanted = |s: &Said| s.commercial && (!mixed || s.mixed);
        Share::of(count(&|s| wanted(s) && s.score > cut), count(&wanted))
    };
    let mixed = count(&|s| s.mixed && s.commercial);
    Report {
        n: said.len(),
        commercial,
        precision: Share::of(hits, told),
        recall: Share::of(hits, commercial),
        f1: interval::bootstrap(said, f1),
        auc: interval::bootstrap(said, auc),
        recall_at: cuts.map(|c| above(c, false)),
        false_alarms_notice: Share::of(count(&|s| s.notice && s.told), count(&|s| s.notice)),
        false_alarms_otp: Share::of(
            count(&|s| s.otp && !s.commercial && s.told),
            count(&|s| s.otp && !s.commercial),
        ),
        mixed_recall: Share::of(count(&|s| s.mixed && s.commercial && s.told), mixed),
        mixed_recall_at_2: above(cuts[1], true),
        borderline: Share::of(count(&|s| s.borderline), said.len()),
        codes_seen: None,
    }
}

/// The score that just this share of rows labelled service or otp lies above.
fn cut(said: &[Said], rate: f64) -> Option<f32> {
    let mut scores: Vec<f32> = said.iter().filter(|s| s.notice).map(|s| s.score).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    scores.get((scores.len() as f64 * rate) as usize).copied()
}

fn f1(said: &[&Said]) -> Option<f64> {
    let (mut hits, mut misses, mut alarms) = (0_u32, 0_u32, 0_u32);
    for s in said {
        match (s.commercial, s.told) {
            (true, true) => hits += 1,
            (true, false) => misses += 1,
            (false, true) => alarms += 1,
            (false, false) => {}
        }
    }
    let total = 2 * hits + misses + alarms;
    (total > 0).then(|| f64::from(2 * hits) / f64::from(total))
}

/// Mann-Whitney: ties count half.
fn auc(said: &[&Said]) -> Option<f64> {
    let mut order: Vec<&Said> = said.to_vec();
    order.sort_by(|a, b| a.score.total_cmp(&b.score));
    let (mut below, mut wins, mut positive) = (0.0, 0.0, 0.0);
    for tied in order.chunk_by(|a, b| a.score.to_bits() == b.score.to_bits()) {
        let yes = tied.iter().filter(|s| s.commercial).count() as f64;
        let no = tied.len() as f64 - yes;
        wins += yes * (below + no / 2.0);
        below += no;
        positive += yes;
    }
    (below > 0.0 && positive > 0.0).then(|| wins / (below * positive))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(score: f32, commercial: bool) -> Said {
        let told = score > 0.0;
        Said { score, commercial, told, mixed: false, otp: false, notice: !commercial, borderline: false }
    }

    #[test]
    fn figures_of_a_small_case() {
        let all = [said(2.0, true), said(1.0, true), said(0.5, false), said(-1.0, true), said(-1.0, false)];
        let report = report(&all);
        assert_eq!(report.precision.unwrap().value, 2.0 / 3.0);
        assert_eq!(report.recall.unwrap().value, 2.0 / 3.0);
        assert_eq!(report.f1.unwrap().value, 2.0 / 3.0);
        // Pairs: 2 and 1 beat both others, -1 ties with one and loses to the other: 4.5 of 6.
        assert_eq!(report.auc.unwrap().value, 0.75);
        // One of two others may lie above a cut at 0 rows: the highest of them is the cut.
        assert_eq!(report.recall_at[0].unwrap().value, 2.0 / 3.0);
    }
}
