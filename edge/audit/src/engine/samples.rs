//! Samples turned into evidence: the few rows are read again for their texts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anning_law::ProvisionId;
use anning_vocab::{Answer, Finding, Ground, Recipient, RecipientKey};

use crate::error::Error;
use crate::input::{Contexts, Input, Names, Registry, RowId, SendReader, Table, UnitId, Units, masked};
use crate::summary::{Code, Evidence, Place, Words, words as w};

use super::evidence::{KEPT, Sample};
use super::groups::{Naming, article_on};
use super::tally::Tally;
use super::verdict::other;
use super::words;

/// What one row says to a reader.
#[derive(Clone, Debug, Default)]
pub(crate) struct Excerpt {
    pub text: Option<String>,
    /// The address whole, if it may be shown.
    pub address: Option<String>,
}

/// The samples of each provision, answer and ground.
pub(crate) type Chosen = BTreeMap<(ProvisionId, Answer, Ground), Vec<(Sample, Finding)>>;

/// Chooses, among the samples of all verdicts, those to be shown.
pub(crate) fn choose(tally: &Tally, naming: &Naming<'_>) -> Chosen {
    let mut chosen = Chosen::new();
    for (verdict, samples) in tally.samples.all() {
        let Some(verdict) = tally.verdicts.get(verdict) else { continue };
        let masks = verdict.masks(naming.reading);
        for (id, finding) in verdict.findings.iter() {
            let answer = masks.answer(id);
            if matches!(answer, Answer::Met | Answer::NotApplicable) {
                continue;
            }
            let kept = chosen.entry((id, answer, finding.ground)).or_default();
            kept.extend(samples.iter().map(|s| (*s, finding)));
            kept.sort_unstable_by_key(|(sample, _)| sample.rank);
            kept.truncate(KEPT);
        }
    }
    chosen
}

/// Reads again the rows that are to be shown.
pub(crate) fn excerpts(
    chosen: &Chosen,
    input: &Input,
    registry: &Registry,
    names: &Names,
    extents: &BTreeMap<UnitId, (u64, u64)>,
    reveal: bool,
) -> Result<HashMap<RowId, Excerpt>, Error> {
    let wanted: BTreeSet<RowId> = chosen.values().flatten().map(|(s, _)| s.row).collect();
    let mut found = HashMap::new();
    let units = Units::new(input, &[Table::Sends]);
    let contexts = Contexts::default();
    let mut before: Option<UnitId> = None;
    let mut position: Option<UnitId> = None;
    for (unit, (first, last)) in extents {
        let rows = RowId::new(unit.file, *first)..=RowId::new(unit.file, *last);
        if first <= last && wanted.range(rows).next().is_some() {
            if let Some(before) = before.filter(|before| position < Some(*before)) {
                units.skip_through(before)?;
            }
            position = Some(*unit);
            let reader =
                SendReader::new(input, registry, names, &contexts, |_: &Recipient| RecipientKey([0; 16]));
            let mut reader = if reveal { reader.keep_addresses() } else { reader };
            while let Some(batch) = reader.next(&units)? {
                for (at, row) in batch.row.iter().enumerate().filter(|(_, row)| wanted.contains(row)) {
                    let address = batch.addresses.get(at).and_then(Option::as_ref).map(Recipient::reveal);
                    found.insert(*row, Excerpt { text: batch.texts.get(at).map(masked), address });
                }
                if batch.last {
                    break;
                }
            }
        }
        before = Some(*unit);
    }
    Ok(found)
}

/// Evidence for the summary.
pub(crate) fn evidence(
    chosen: Chosen,
    excerpts: &HashMap<RowId, Excerpt>,
    naming: &Naming<'_>,
    files: &dyn Fn(u16) -> String,
) -> Vec<Evidence> {
    let mut out = Vec::new();
    for ((id, answer, ground), samples) in chosen {
        for (sample, finding) in samples {
            let Some(message) = naming.message(sample.context) else { continue };
            let under_other = match other(naming.reading) {
                anning_decide::Reading::Strict => finding.strict,
                anning_decide::Reading::Lenient => finding.lenient,
            };
            let excerpt = excerpts.get(&sample.row).cloned().unwrap_or_default();
            let campaign = naming.campaign(message);
            out.push(Evidence {
                provision: id.code().to_owned(),
                answer: Code(answer),
                ground: Code(ground),
                argued: (under_other != answer).then_some(Code(under_other)),
                article: article_on(id, naming.law_day(sample.sent_at.date())).to_owned(),
                sent_at: sample.sent_at.to_string(),
                place: Place { file: files(sample.row.file()), row: sample.row.line() },
                recipient: excerpt.address.unwrap_or_else(|| sample.masked.to_string()),
                channel: Code(message.channel),
                campaign: (!campaign.is_empty()).then(|| campaign.to_owned()),
                party: message.sender().and_then(|p| naming.party_name(p)),
                text: excerpt.text,
                facts: std::iter::once(Words::from(w::ground(ground))).chain(words::facts(&sample)).collect(),
                cure: w::cure(ground).map(Words::from),
            });
        }
    }
    out
}
