//! 整改进展报告: what was found, what stopped, what remains between two audits, in the form that an
//! authority asks for. Figures say what the records show; what was done, when and by whom is left for the
//! reporting party to fill in.

mod paper;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::summary::{Action, Answers, Group, Lang, Outcomes, Summary, Words};

/// How breaches of a provision or campaign moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Some before, none after.
    Stopped,
    /// Fewer for each send than before.
    Reduced,
    /// As many for each send as before.
    Same,
    /// More for each send than before.
    Increased,
    /// None before, some after.
    New,
    /// None before, none after.
    Clean,
    /// Nothing was sent after, or the later audit does not list it: silence proves nothing.
    CannotTell,
}

/// Counts of one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Sends to which it applied.
    pub sends: u64,
    /// Shown broken.
    pub breached: u64,
    /// Cannot be shown kept; no breach.
    pub unproved: u64,
    /// Open.
    pub unclear: u64,
}

/// One provision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionProgress {
    /// Its id.
    pub id: String,
    /// In a few words.
    pub title: Words,
    /// Articles in words.
    pub articles: Vec<Words>,
    /// Before.
    pub before: Figures,
    /// After.
    pub after: Figures,
    /// How breaches moved.
    pub status: Status,
}

/// One campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignProgress {
    /// Its id.
    pub id: String,
    /// Its name, if known.
    pub name: Option<String>,
    /// Before.
    pub before: Figures,
    /// After.
    pub after: Figures,
    /// How breaches moved.
    pub status: Status,
}

/// One step that the first audit listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepProgress {
    /// The step.
    pub action: Action,
    /// Breached sends it bore on, before.
    pub breached_before: u64,
    /// After; 0 when the later audit no longer lists it.
    pub breached_after: u64,
    /// Unproved sends it bore on, before.
    pub unproved_before: u64,
    /// After.
    pub unproved_after: u64,
}

/// Progress between two audits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Who reports.
    pub subject: Option<String>,
    /// Period of the first audit.
    pub period_before: Option<(String, String)>,
    /// Period of the second.
    pub period_after: Option<(String, String)>,
    /// All sends before.
    pub before: Outcomes,
    /// All sends after.
    pub after: Outcomes,
    /// Names of what differs in the ground of the two audits (`law`, `judge`, …): then figures cannot be
    /// compared directly.
    pub differs: Vec<String>,
    /// By provision: most breached before first.
    pub provisions: Vec<ProvisionProgress>,
    /// By campaign, those with breaches on either side.
    pub campaigns: Vec<CampaignProgress>,
    /// Campaigns of which the later audit lists no row because it was capped.
    pub campaigns_not_listed: bool,
    /// Steps of the first audit with what the figures show.
    pub steps: Vec<StepProgress>,
    /// Steps that the second audit lists.
    pub next: Vec<Action>,
}

/// What changed between two audits of the same party over different periods.
#[must_use]
pub fn progress(before: &Summary, after: &Summary) -> Progress {
    Progress {
        subject: after.subject.clone().or_else(|| before.subject.clone()),
        period_before: before.period.clone(),
        period_after: after.period.clone(),
        before: before.totals.outcomes,
        after: after.totals.outcomes,
        differs: differs(before, after),
        provisions: provisions(before, after),
        campaigns: campaigns(&before.campaigns, &after.campaigns),
        campaigns_not_listed: after.campaigns.rest.rows > 0,
        steps: before.remedies.iter().map(|r| step(r.action, before, after)).collect(),
        next: after.remedies.iter().map(|r| r.action).collect(),
    }
}

impl Progress {
    /// The document.
    #[must_use]
    pub fn html(&self, lang: Lang) -> String {
        paper::html(self, lang)
    }

    /// The JSON, for other programs.
    ///
    /// # Errors
    /// Only when memory or the serialiser fails.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// A screen of text.
    #[must_use]
    pub fn terminal(&self, lang: Lang, width: usize) -> String {
        words::terminal(self, lang, width)
    }

    /// Provisions that stopped, were reduced, did not improve, are new.
    pub(super) fn counts(&self) -> [usize; 4] {
        let of = |wanted: &[Status]| self.provisions.iter().filter(|p| wanted.contains(&p.status)).count();
        [
            of(&[Status::Stopped]),
            of(&[Status::Reduced]),
            of(&[Status::Same, Status::Increased]),
            of(&[Status::New]),
        ]
    }
}

pub(super) fn differs(a: &Summary, b: &Summary) -> Vec<String> {
    let (x, y) = (&a.bound, &b.bound);
    let pairs = [
        ("tool", x.tool == y.tool),
        ("law", x.law == y.law),
        ("judge", x.judge == y.judge),
        ("policy", x.policy == y.policy),
        ("brands", x.brands == y.brands),
        ("law_on", x.law_on == y.law_on),
        ("reading", x.reading == y.reading),
    ];
    pairs.iter().filter(|(_, same)| !same).map(|(name, _)| (*name).to_owned()).collect()
}

pub(super) const fn figures(a: &Answers) -> Figures {
    Figures {
        sends: a.met + a.breached + a.unproved + a.unclear,
        breached: a.breached,
        unproved: a.unproved,
        unclear: a.unclear,
    }
}

/// Rates are compared by cross-multiplying, so no rounding can turn a rise into a fall.
fn status(before: Figures, after: Figures) -> Status {
    let (b, a) = (before.breached, after.breached);
    let rate = |part: u64, other_sends: u64| u128::from(part) * u128::from(other_sends);
    match (b, a) {
        (0, 0) => Status::Clean,
        (0, _) => Status::New,
        (_, 0) if after.sends == 0 => Status::CannotTell,
        (_, 0) => Status::Stopped,
        _ => match rate(a, before.sends).cmp(&rate(b, after.sends)) {
            std::cmp::Ordering::Less => Status::Reduced,
            std::cmp::Ordering::Equal => Status::Same,
            std::cmp::Ordering::Greater => Status::Increased,
        },
    }
}

fn provisions(before: &Summary, after: &Summary) -> Vec<ProvisionProgress> {
    let mut found: BTreeMap<&str, ProvisionProgress> = BTreeMap::new();
    for (summary, later) in [(before, false), (after, true)] {
        for row in &summary.provisions {
            let entry = found.entry(&row.id).or_insert_with(|| ProvisionProgress {
                id: row.id.clone(),
                title: row.title.clone(),
                articles: row
                    .articles
                    .iter()
                    .map(|id| super::statutes::citation(&summary.articles, id))
                    .collect(),
                before: Figures::default(),
                after: Figures::default(),
                status: Status::Clean,
            });
            *(if later { &mut entry.after } else { &mut entry.before }) = figures(&row.answers);
        }
    }
    let mut list: Vec<_> = found.into_values().collect();
    for p in &mut list {
        p.status = status(p.before, p.after);
    }
    list.sort_by(|a, b| {
        (b.before.breached, b.after.breached)
            .cmp(&(a.before.breached, a.after.breached))
            .then(a.id.cmp(&b.id))
    });
    list
}

fn campaigns(before: &Group, after: &Group) -> Vec<CampaignProgress> {
    let of = |o: &Outcomes| Figures {
        sends: o.sends,
        breached: o.breached,
        unproved: o.unproved,
        unclear: o.unclear,
    };
    let mut found: BTreeMap<&str, CampaignProgress> = BTreeMap::new();
    for (group, later) in [(before, false), (after, true)] {
        for row in &group.rows {
            let entry = found.entry(&row.id).or_insert_with(|| CampaignProgress {
                id: row.id.clone(),
                name: row.name.clone(),
                before: Figures::default(),
                after: Figures::default(),
                status: Status::Clean,
            });
            *(if later { &mut entry.after } else { &mut entry.before }) = of(&row.outcomes);
        }
    }
    let capped = [before.rest.rows > 0, after.rest.rows > 0];
    let mut list: Vec<_> = found.into_values().filter(|c| c.before.breached + c.after.breached > 0).collect();
    for c in &mut list {
        c.status = match (c.before.sends, c.after.sends) {
            // Not listed by a capped audit is not the same as none.
            (0, _) if capped[0] => Status::CannotTell,
            (_, 0) if capped[1] => Status::CannotTell,
            // A campaign that no longer runs has stopped.
            (_, 0) => Status::Stopped,
            _ => status(c.before, c.after),
        };
    }
    list.sort_by(|a, b| {
        (b.before.breached, b.after.breached)
            .cmp(&(a.before.breached, a.after.breached))
            .then(a.id.cmp(&b.id))
    });
    list
}

fn step(action: Action, before: &Summary, after: &Summary) -> StepProgress {
    let of = |summary: &Summary| {
        summary
            .remedies
            .iter()
            .filter(|r| r.action == action)
            .fold((0, 0), |(b, u), r| (b + r.breached, u + r.unproved))
    };
    let ((breached_before, unproved_before), (breached_after, unproved_after)) = (of(before), of(after));
    StepProgress { action, breached_before, breached_after, unproved_before, unproved_after }
}
