//! Counts: by provision, campaign, kind, channel, grade, brand, party and day.

use std::collections::BTreeMap;

use anning_decide::{House, Masks, Reading, Treatment};
use anning_law::{Corpus, Law, ProvisionId};
use anning_vocab::{Answer, Date, Ground};

use crate::engine::{Judged, words};
use crate::settings::Settings;
use crate::summary::{
    Answers, Code, Day, Evidence, GroundCount, Outcomes, PartyRow, Place, PolicyRow, ProvisionHits,
    ProvisionRow, Row, Summary, Words, words as w,
};
use crate::tables::Tables;
use crate::{exposure, remedy};

/// Counts in the making.
pub(crate) struct Tally {
    reading: Reading,
    totals: Outcomes,
    other: Outcomes,
    classes: BTreeMap<anning_vocab::Class, u64>,
    provisions: BTreeMap<ProvisionId, Counts>,
    groups: [BTreeMap<String, Row>; 6],
    parties: BTreeMap<String, PartyRow>,
    days: BTreeMap<Date, Day>,
    caveats: BTreeMap<anning_vocab::Caveat, u64>,
    policy: BTreeMap<&'static str, u64>,
    evidence: BTreeMap<(ProvisionId, Answer, Ground), Vec<Evidence>>,
    pub by_party: exposure::Breaches,
}

/// Counts of one provision.
#[derive(Default)]
struct Counts {
    answers: Answers,
    grounds: BTreeMap<(Answer, Ground), (u64, u64)>,
    period: Option<(Date, Date)>,
}

impl Tally {
    pub fn new(settings: &Settings) -> Self {
        Self {
            reading: settings.policy.reading,
            totals: Outcomes::default(),
            other: Outcomes::default(),
            classes: BTreeMap::new(),
            provisions: BTreeMap::new(),
            groups: Default::default(),
            parties: BTreeMap::new(),
            days: BTreeMap::new(),
            caveats: BTreeMap::new(),
            policy: BTreeMap::new(),
            evidence: BTreeMap::new(),
            by_party: exposure::Breaches::default(),
        }
    }

    /// Counts one send.
    pub fn add(&mut self, row: &Judged, tables: &Tables) {
        let findings = &row.decision.findings;
        let (followed, other) = match self.reading {
            Reading::Strict => (findings.strict, findings.lenient),
            Reading::Lenient => (findings.lenient, findings.strict),
        };
        let outcome = outcome(followed, row.decision.treatment);
        self.totals.add(&outcome);
        self.other.add(&self::outcome(other, row.decision.treatment));
        *self.classes.entry(row.class).or_default() += 1;
        let day = row.message.sent_at.date();
        let slot = self.days.entry(day).or_insert_with(|| Day { date: day.to_string(), ..Day::default() });
        slot.sends += 1;
        slot.breached += outcome.breached;
        slot.unproved += outcome.unproved;
        slot.unclear += outcome.unclear;
        for caveat in row.decision.caveats.iter() {
            *self.caveats.entry(caveat).or_default() += 1;
        }
        if let House::Deny(ground) | House::Hold(ground, _) = row.decision.house {
            *self.policy.entry(ground.code()).or_default() += 1;
        }
        self.group(row, &outcome, followed, tables);
        self.party_rows(row, &outcome, tables);
        for (id, finding) in findings.iter() {
            self.finding(id, finding, row, tables);
        }
        self.by_party.add(row, followed);
    }

    fn group(&mut self, row: &Judged, outcome: &Outcomes, followed: Masks, tables: &Tables) {
        let campaign = row.campaign.clone().unwrap_or_default();
        let name = tables.campaigns.get(&campaign).and_then(|c| c.name.clone());
        let brand = row.message.brand.map_or(String::new(), |b| tables.names.brands.name(b.0).to_owned());
        let keys = [
            campaign,
            row.message.kind.map_or("unknown", |k| k.code()).to_owned(),
            row.message.channel.code().to_owned(),
            row.grade.map_or("none", |g| g.code()).to_owned(),
            brand,
            tables.notice_name(row.notice).to_owned(),
        ];
        let day = row.message.sent_at.date().to_string();
        for (at, (group, key)) in self.groups.iter_mut().zip(keys).enumerate() {
            let slot = group.entry(key.clone()).or_insert_with(|| Row { id: key, ..Row::default() });
            slot.outcomes.add(outcome);
            let (first, last) = slot.period.get_or_insert_with(|| (day.clone(), day.clone()));
            if day < *first {
                first.clone_from(&day);
            }
            if day > *last {
                last.clone_from(&day);
            }
            if at == 0 {
                slot.name.clone_from(&name);
                hits(&mut slot.provisions, followed);
            }
        }
    }

    fn party_rows(&mut self, row: &Judged, outcome: &Outcomes, tables: &Tables) {
        for (party, roles) in exposure::roles(&row.message) {
            let id = tables.names.parties.name(party.0).to_owned();
            let slot = self.parties.entry(id.clone()).or_insert_with(|| PartyRow {
                id,
                name: tables.parties.get(&party).and_then(|p| p.name.clone()),
                ..PartyRow::default()
            });
            slot.outcomes.add(outcome);
            for role in roles.iter().map(Code) {
                if !slot.roles.contains(&role) {
                    slot.roles.push(role);
                    slot.roles.sort();
                }
            }
        }
    }

    fn finding(&mut self, id: ProvisionId, finding: anning_vocab::Finding, row: &Judged, tables: &Tables) {
        let (answer, other) = match self.reading {
            Reading::Strict => (finding.strict, finding.lenient),
            Reading::Lenient => (finding.lenient, finding.strict),
        };
        let counts = self.provisions.entry(id).or_default();
        let argued = u64::from(finding.is_argued());
        let a = &mut counts.answers;
        a.argued += argued;
        match answer {
            Answer::NotApplicable => return,
            Answer::Met => a.met += 1,
            Answer::Breached => a.breached += 1,
            Answer::Unproved => a.unproved += 1,
            Answer::Unclear => a.unclear += 1,
        }
        let ground = counts.grounds.entry((answer, finding.ground)).or_default();
        ground.0 += 1;
        ground.1 += argued;
        if answer == Answer::Met {
            return;
        }
        let day = row.message.sent_at.date();
        if matches!(answer, Answer::Breached | Answer::Unproved) {
            let (first, last) = counts.period.get_or_insert((day, day));
            (*first, *last) = ((*first).min(day), (*last).max(day));
        }
        let samples = self.evidence.entry((id, answer, finding.ground)).or_default();
        if samples.len() < SAMPLES {
            samples.push(sample(id, (answer, other), finding.ground, row, tables));
        }
    }

    /// The summary, but for hashes and inputs.
    pub fn finish(self, tables: &Tables) -> Summary {
        let mut summary = Summary::default();
        summary.totals.outcomes = self.totals;
        summary.totals.other_reading = Some(self.other);
        summary.totals.classes = self.classes.into_iter().map(|(c, n)| (Code(c), n)).collect();
        summary.period = self
            .days
            .first_key_value()
            .zip(self.days.last_key_value())
            .map(|((first, _), (last, _))| (first.to_string(), last.to_string()));
        summary.timeline = self.days.into_values().collect();
        summary.caveats = self.caveats.into_iter().map(|(c, n)| (Code(c), n)).collect();
        summary.policy = self.policy.into_iter().map(|(rule, sends)| policy_row(rule, sends)).collect();
        summary.parties = self.parties.into_values().collect();
        let [campaigns, kinds, channels, grades, brands, notices] = self.groups;
        summary.campaigns.rows = campaigns.into_values().collect();
        summary.kinds.rows = kinds.into_values().collect();
        summary.channels.rows = channels.into_values().collect();
        summary.grades.rows = grades.into_values().collect();
        summary.notices.rows = notices.into_values().collect();
        summary.brands.rows = brands.into_values().collect();
        summary.provisions =
            self.provisions.into_iter().filter(|(_, c)| applies(&c.answers)).map(row).collect();
        summary.evidence = self.evidence.into_values().flatten().collect();
        summary.exposure = self.by_party.exposures(tables);
        summary.remedies = remedy::remedies(&summary);
        summary.articles = cited(&summary);
        summary
    }
}

fn applies(answers: &Answers) -> bool {
    answers.met + answers.breached + answers.unproved + answers.unclear > 0
}

/// A send is counted once: breached before unproved before unclear.
fn outcome(masks: Masks, treatment: Treatment) -> Outcomes {
    let mut one = Outcomes { sends: 1, ..Outcomes::default() };
    let slot = if masks.breached != 0 {
        &mut one.breached
    } else if treatment == Treatment::Outside {
        // What every message must keep (number, log) is shown by provision; unproved, it does not make a
        // notice a doubtful send.
        &mut one.outside
    } else if masks.unproved != 0 {
        &mut one.unproved
    } else if masks.unclear != 0 {
        &mut one.unclear
    } else {
        &mut one.lawful
    };
    *slot = 1;
    one
}

fn hits(rows: &mut Vec<ProvisionHits>, masks: Masks) {
    for id in ProvisionId::ALL {
        let [breached, unproved, unclear] =
            [masks.breached, masks.unproved, masks.unclear].map(|m| u64::from(m & id.bit() != 0));
        if breached + unproved + unclear == 0 {
            continue;
        }
        let slot = match rows.iter_mut().find(|r| r.provision == id.code()) {
            Some(slot) => slot,
            None => {
                rows.push(ProvisionHits {
                    provision: id.code().to_owned(),
                    breached: 0,
                    unproved: 0,
                    unclear: 0,
                });
                let Some(slot) = rows.last_mut() else { continue };
                slot
            }
        };
        slot.breached += breached;
        slot.unproved += unproved;
        slot.unclear += unclear;
    }
}

fn sample(
    id: ProvisionId,
    (answer, other): (Answer, Answer),
    ground: Ground,
    row: &Judged,
    tables: &Tables,
) -> Evidence {
    let mut facts = vec![words(w::ground(ground))];
    if let Some(grade) = row.grade {
        facts.push(words(w::grade(grade)));
    }
    let sender = row.message.sender();
    Evidence {
        provision: id.code().to_owned(),
        answer: Code(answer),
        ground: Code(ground),
        argued: (answer != other).then_some(Code(other)),
        article: article_on(id, row.message.sent_at.date()).to_owned(),
        sent_at: row.message.sent_at.to_string(),
        place: Place { file: row.file.clone(), row: row.line },
        recipient: row.masked.clone(),
        channel: Code(row.message.channel),
        campaign: row.campaign.clone(),
        party: sender.and_then(|p| tables.parties.get(&p)).and_then(|p| p.name.clone()),
        text: row.excerpt.clone(),
        facts,
        cure: w::cure(ground).map(words),
    }
}

/// The article that held a provision on a day; its last one before or after otherwise.
pub(crate) fn article_on(id: ProvisionId, day: Date) -> &'static str {
    let mut of = Law::embedded().bindings().iter().filter(|b| b.provision == id);
    of.clone().find(|b| b.interval.contains(day)).or_else(|| of.next()).map_or("", |b| b.article)
}

fn row((id, counts): (ProvisionId, Counts)) -> ProvisionRow {
    let bindings: Vec<_> = Law::embedded().bindings().iter().filter(|b| b.provision == id).collect();
    let mut articles: Vec<String> = bindings.iter().map(|b| b.article.to_owned()).collect();
    articles.dedup();
    let roles = anning_law::rules().iter().find(|r| r.id == id).map(|r| r.roles.iter().map(Code).collect());
    let grounds = counts.grounds.into_iter().map(|((answer, ground), (sends, argued))| GroundCount {
        answer: Code(answer),
        ground: Code(ground),
        sends,
        argued,
    });
    ProvisionRow {
        id: id.code().to_owned(),
        title: words(w::provision(id)),
        marks: bindings
            .iter()
            .map(|b| Code(b.mark))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect(),
        articles,
        roles: roles.unwrap_or_default(),
        answers: counts.answers,
        grounds: grounds.collect(),
        period: counts.period.map(|(a, b)| (a.to_string(), b.to_string())),
    }
}

/// `《个人信息保护法》第十四条`, `Personal Information Protection Law art 14`.
pub(crate) fn citation(article: &str) -> Words {
    let corpus = Corpus::embedded();
    let number = article.rsplit('/').next().unwrap_or_default();
    match (corpus.instrument_of(article), corpus.article(article)) {
        (Some(i), Some(a)) => {
            Words::new(format!("《{}》{}", i.short_zh, a.heading), format!("{} art {number}", i.short_en))
        }
        _ => Words::new(article, article),
    }
}

fn cited(summary: &Summary) -> BTreeMap<String, Words> {
    let provisions = summary.provisions.iter().flat_map(|p| &p.articles);
    let evidence = summary.evidence.iter().map(|e| &e.article);
    let penalties = summary.exposure.iter().flat_map(|e| e.candidates.iter().map(|c| &c.article));
    let confiscation = summary.exposure.iter().filter_map(|e| e.confiscation.article.as_ref());
    let concurrence = summary.exposure.iter().filter_map(|e| e.concurrence.as_ref().map(|c| &c.article));
    provisions
        .chain(evidence)
        .chain(penalties)
        .chain(confiscation)
        .chain(concurrence)
        .filter(|a| !a.is_empty())
        .map(|a| (a.clone(), citation(a)))
        .collect()
}

fn policy_row(rule: &str, sends: u64) -> PolicyRow {
    let words = match rule {
        "brand_refusal" => Words::new("同品牌他名已拒绝", "refused to another name of the brand"),
        "not_filed" => Words::new("未报备", "not on file"),
        "quiet_hours" => Words::new("免打扰时段", "quiet hours"),
        _ => Words::new("频次上限", "frequency cap"),
    };
    PolicyRow { rule: rule.to_owned(), words, sends }
}

/// Samples kept for each provision, answer and ground.
const SAMPLES: usize = 4;
