//! Tables of the summary, made of the finest counts.

use std::collections::BTreeMap;

use anning_decide::Reading;
use anning_law::{Corpus, Law, ProvisionId};
use anning_vocab::{Answer, Caveat, Class, Date, Finding, Ground, Message};

use crate::input::{Names, Registry};
use crate::summary::{
    Answers, Code, Day, GroundCount, Outcomes, PartyRow, PolicyRow, ProvisionHits, ProvisionRow, Row,
    Summary, Words, words as w,
};

use super::tally::{Count, HOUSE, Key, Tally};
use super::verdict::{Verdict, other};
use super::words;

/// What counts are turned into words with.
pub(crate) struct Naming<'a> {
    pub registry: &'a Registry,
    pub names: &'a Names,
    pub messages: &'a [Message],
    pub reading: Reading,
    pub law_on: Option<Date>,
    /// Id of each notice by its hash.
    pub notices: BTreeMap<u64, Box<str>>,
    pub campaigns: Vec<Box<str>>,
    pub parties: Vec<Box<str>>,
    pub brands: Vec<Box<str>>,
}

/// Counts of one provision.
#[derive(Default)]
struct OfProvision {
    answers: Answers,
    grounds: BTreeMap<(Answer, Ground), (u64, u64)>,
    period: Option<(Date, Date)>,
}

/// Rows of one grouping in the making.
#[derive(Default)]
pub(crate) struct Rows {
    rows: BTreeMap<String, OfRow>,
}

#[derive(Default)]
struct OfRow {
    outcomes: Outcomes,
    count: Count,
    hits: BTreeMap<ProvisionId, [u64; 3]>,
}

impl Rows {
    fn add(&mut self, id: &str, outcomes: &Outcomes, count: Count) -> &mut OfRow {
        let row = self.rows.entry(id.to_owned()).or_default();
        row.outcomes.add(outcomes);
        row.count.merge(count);
        row
    }

    fn rows(self, name: impl Fn(&str) -> Option<String>) -> Vec<Row> {
        let row = |(id, row): (String, OfRow)| Row {
            name: name(&id),
            id,
            outcomes: row.outcomes,
            period: Some((row.count.first.to_string(), row.count.last.to_string())),
            provisions: row
                .hits
                .into_iter()
                .map(|(provision, [breached, unproved, unclear])| ProvisionHits {
                    provision: provision.code().to_owned(),
                    breached,
                    unproved,
                    unclear,
                })
                .collect(),
        };
        self.rows.into_iter().map(row).collect()
    }
}

impl<'a> Naming<'a> {
    pub fn new(
        registry: &'a Registry,
        names: &'a Names,
        messages: &'a [Message],
        reading: Reading,
        law_on: Option<Date>,
    ) -> Self {
        let mut notices: BTreeMap<u64, Box<str>> = BTreeMap::new();
        for (id, notice) in registry.notices_by_name(names) {
            notices.entry(notice.facts.hash).or_insert(id);
        }
        notices.remove(&0);
        // Where no notice was kept, the page itself is what the person saw.
        let records = names.page_names();
        for (version, _) in registry.pages().versions() {
            if let Some(name) = super::pages::called(&records, registry.pages().captures(version)) {
                notices.entry(version).or_insert(name);
            }
        }
        Self {
            registry,
            names,
            messages,
            reading,
            law_on,
            notices,
            campaigns: names.campaign_names(),
            parties: names.party_names(),
            brands: names.brand_names(),
        }
    }

    pub fn message(&self, context: u32) -> Option<&'a Message> {
        self.messages.get(context as usize)
    }

    /// The day whose law judged a send.
    pub fn law_day(&self, day: Date) -> Date {
        self.law_on.unwrap_or(day)
    }

    /// The message of a key, as far as parties, brand and place go.
    pub fn campaign(&self, message: &Message) -> &str {
        message.campaign.and_then(|id| self.campaigns.get(id.0 as usize)).map_or("", AsRef::as_ref)
    }

    pub fn party(&self, id: anning_vocab::PartyId) -> &str {
        self.parties.get(id.0 as usize).map_or("", AsRef::as_ref)
    }

    pub fn party_name(&self, id: anning_vocab::PartyId) -> Option<String> {
        self.registry.party(id).and_then(|p| p.name.as_deref()).map(str::to_owned)
    }
}

/// Everything of the summary that is counted, but for exposure, evidence and remedies.
pub(crate) fn count(tally: &Tally, naming: &Naming<'_>) -> Summary {
    let mut summary = Summary::default();
    let mut groups: [Rows; 6] = Default::default();
    let mut classes: BTreeMap<Class, u64> = BTreeMap::new();
    let mut caveats: BTreeMap<Caveat, u64> = BTreeMap::new();
    let mut provisions: BTreeMap<ProvisionId, OfProvision> = BTreeMap::new();
    let mut parties: BTreeMap<String, PartyRow> = BTreeMap::new();
    let mut others = Outcomes::default();
    for (key, count) in &tally.counts {
        let (Some(verdict), Some(message)) = (tally.verdicts.get(key.verdict), naming.message(key.context))
        else {
            continue;
        };
        let outcomes = verdict.outcome(naming.reading).times(count.sends);
        summary.totals.outcomes.add(&outcomes);
        others.add(&verdict.outcome(other(naming.reading)).times(count.sends));
        *classes.entry(key.class).or_default() += count.sends;
        for caveat in verdict.caveats.iter() {
            *caveats.entry(caveat).or_default() += count.sends;
        }
        for (id, finding) in verdict.findings.iter() {
            provisions.entry(id).or_default().add(finding, naming.reading, *count);
        }
        group(&mut groups, key, *count, verdict, &outcomes, message, naming);
        for (party, roles) in super::exposure::roles(message) {
            let id = naming.party(party).to_owned();
            let row = parties.entry(id.clone()).or_insert_with(|| PartyRow {
                id,
                name: naming.party_name(party),
                ..PartyRow::default()
            });
            row.outcomes.add(&outcomes);
            row.roles.extend(roles.iter().map(Code));
            row.roles.sort_unstable();
            row.roles.dedup();
        }
    }
    summary.totals.other_reading = Some(others);
    summary.totals.classes = classes.into_iter().map(|(c, n)| (Code(c), n)).collect();
    summary.totals.recipients = Some(tally.persons.all);
    summary.totals.recipients_breached = Some(tally.persons.breached);
    summary.totals.recipients_unproved = Some(tally.persons.unproved);
    summary.caveats = caveats.into_iter().map(|(c, n)| (Code(c), n)).collect();
    summary.provisions =
        provisions.into_iter().filter(|(_, p)| !p.grounds.is_empty()).map(|(id, p)| p.row(id)).collect();
    summary.parties = parties.into_values().collect();
    let [campaigns, kinds, channels, grades, brands, notices] = groups;
    summary.campaigns.rows = campaigns.rows(|id| {
        let campaign = naming.registry.campaign(naming.names.campaign(id));
        campaign.and_then(|c| c.name.as_deref()).map(str::to_owned)
    });
    summary.kinds.rows = kinds.rows(|_| None);
    summary.channels.rows = channels.rows(|_| None);
    summary.grades.rows = grades.rows(|_| None);
    summary.brands.rows = brands.rows(|_| None);
    summary.notices.rows = notices.rows(|id| notice_title(naming, id));
    for group in [&mut summary.campaigns, &mut summary.brands, &mut summary.notices] {
        group.cap(GROUP_ROWS);
    }
    days(tally, &mut summary);
    summary.policy = HOUSE
        .iter()
        .zip(tally.house)
        .filter(|(_, sends)| *sends > 0)
        .map(|(ground, sends)| PolicyRow {
            rule: ground.code().to_owned(),
            words: words::house(*ground),
            sends,
        })
        .collect();
    summary
}

fn group(
    groups: &mut [Rows; 6],
    key: &Key,
    count: Count,
    verdict: &Verdict,
    outcomes: &Outcomes,
    message: &Message,
    naming: &Naming<'_>,
) {
    let [campaigns, kinds, channels, grades, brands, notices] = groups;
    let masks = verdict.masks(naming.reading);
    let row = campaigns.add(naming.campaign(message), outcomes, count);
    for id in ProvisionId::ALL {
        let hit = [masks.breached, masks.unproved, masks.unclear].map(|m| m & id.bit() != 0);
        if hit.contains(&true) {
            let slots = row.hits.entry(*id).or_default();
            slots.iter_mut().zip(hit).for_each(|(slot, hit)| *slot += u64::from(hit) * count.sends);
        }
    }
    kinds.add(message.kind.map_or("unknown", |k| k.code()), outcomes, count);
    channels.add(message.channel.code(), outcomes, count);
    grades.add(key.grade.map_or("none", |g| g.code()), outcomes, count);
    let brand = key.brand.and_then(|b| naming.brands.get(b as usize)).map_or("", AsRef::as_ref);
    brands.add(brand, outcomes, count);
    notices.add(naming.notices.get(&key.notice).map_or("", AsRef::as_ref), outcomes, count);
}

fn notice_title(naming: &Naming<'_>, id: &str) -> Option<String> {
    let (_, notice) =
        naming.registry.notices_by_name(naming.names).into_iter().find(|(name, _)| **name == *id)?;
    match (&notice.title, &notice.version) {
        (Some(title), Some(version)) => Some(format!("{title} · {version}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_string()),
        (None, None) => None,
    }
}

fn days(tally: &Tally, summary: &mut Summary) {
    let ordered: BTreeMap<i32, [u64; 5]> = tally.days.iter().map(|(day, counts)| (*day, *counts)).collect();
    summary.timeline = ordered
        .iter()
        .map(|(day, [breached, unproved, unclear, lawful, outside])| Day {
            date: Date::from_days(*day).to_string(),
            sends: breached + unproved + unclear + lawful + outside,
            breached: *breached,
            unproved: *unproved,
            unclear: *unclear,
        })
        .collect();
    summary.period =
        ordered.first_key_value().zip(ordered.last_key_value()).map(|((first, _), (last, _))| {
            (Date::from_days(*first).to_string(), Date::from_days(*last).to_string())
        });
}

impl OfProvision {
    fn add(&mut self, finding: Finding, reading: Reading, count: Count) {
        let answer = match reading {
            Reading::Strict => finding.strict,
            Reading::Lenient => finding.lenient,
        };
        let argued = if finding.is_argued() { count.sends } else { 0 };
        let slot = match answer {
            // Applies under the other reading only: counted as argued, answered there.
            Answer::NotApplicable => return,
            Answer::Met => &mut self.answers.met,
            Answer::Breached => &mut self.answers.breached,
            Answer::Unproved => &mut self.answers.unproved,
            Answer::Unclear => &mut self.answers.unclear,
        };
        *slot += count.sends;
        self.answers.argued += argued;
        let ground = self.grounds.entry((answer, finding.ground)).or_default();
        ground.0 += count.sends;
        ground.1 += argued;
        if matches!(answer, Answer::Breached | Answer::Unproved) {
            let (first, last) = self.period.get_or_insert((count.first, count.last));
            (*first, *last) = ((*first).min(count.first), (*last).max(count.last));
        }
    }

    fn row(self, id: ProvisionId) -> ProvisionRow {
        let bindings = || Law::embedded().bindings().iter().filter(|b| b.provision == id);
        let mut articles: Vec<String> = bindings().map(|b| b.article.to_owned()).collect();
        articles.dedup();
        let mut marks: Vec<_> = bindings().map(|b| Code(b.mark)).collect();
        marks.sort_unstable();
        marks.dedup();
        let rule = anning_law::rules().iter().find(|r| r.id == id);
        ProvisionRow {
            id: id.code().to_owned(),
            articles,
            title: Words::from(w::provision(id)),
            marks,
            roles: rule.map(|r| r.roles.iter().map(Code).collect()).unwrap_or_default(),
            answers: self.answers,
            grounds: self
                .grounds
                .into_iter()
                .map(|((answer, ground), (sends, argued))| GroundCount {
                    answer: Code(answer),
                    ground: Code(ground),
                    sends,
                    argued,
                })
                .collect(),
            period: self.period.map(|(a, b)| (a.to_string(), b.to_string())),
        }
    }
}

/// The article that held a provision on a day; its first one where none did.
pub(crate) fn article_on(id: ProvisionId, day: Date) -> &'static str {
    let mut of = Law::embedded().bindings().iter().filter(|b| b.provision == id);
    of.clone().find(|b| b.interval.contains(day)).or_else(|| of.next()).map_or("", |b| b.article)
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

/// Citations of every article that a summary names.
pub(crate) fn cited(summary: &Summary) -> BTreeMap<String, Words> {
    let provisions = summary.provisions.iter().flat_map(|p| &p.articles);
    let evidence = summary.evidence.iter().map(|e| &e.article);
    let penalties = summary.exposure.iter().flat_map(|e| e.candidates.iter().map(|c| &c.article));
    let confiscation = summary.exposure.iter().filter_map(|e| e.confiscation.article.as_ref());
    let concurrence = summary.exposure.iter().filter_map(|e| e.concurrence.as_ref().map(|c| &c.article));
    let remedies = summary.remedies.iter().flat_map(|r| &r.articles);
    provisions
        .chain(evidence)
        .chain(penalties)
        .chain(confiscation)
        .chain(concurrence)
        .chain(remedies)
        .filter(|a| !a.is_empty())
        .map(|a| (a.clone(), citation(a)))
        .collect()
}

/// Rows that a grouping lists; the others are added up.
const GROUP_ROWS: usize = 500;
