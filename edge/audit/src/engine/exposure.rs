//! Exposure: the breached articles of each party, handed to the penalty engine.

use std::collections::{BTreeMap, BTreeSet};

use anning_law::{Corpus, ProvisionId, Sanction, rules};
use anning_penalty::{Breach, Gain, OpenQuestion, acts, exposure};
use anning_vocab::{Date, Fen, Known, Message, PartyId, Role, Set};

use crate::summary::{self as s, Code, Words};

use super::groups::{Naming, article_on, citation};
use super::tally::Tally;

/// Breaches of one party.
#[derive(Default)]
struct OfParty {
    roles: Set<Role>,
    breached: u64,
    unproved: u64,
    period: Option<(Date, Date)>,
    articles: BTreeSet<&'static str>,
    provisions: BTreeMap<&'static str, BTreeMap<ProvisionId, u64>>,
    campaigns: BTreeSet<String>,
}

/// Who answers for a message, in which roles.
pub(crate) fn roles(message: &Message) -> BTreeMap<PartyId, Set<Role>> {
    let p = &message.parties;
    let online: &[Role] = if message.online_business == Known::Yes { &[Role::OnlineBusiness] } else { &[] };
    let sender =
        [&[Role::Advertiser, Role::Business, Role::ContentProvider, Role::Processor][..], online].concat();
    let holders: [(Option<PartyId>, &[Role]); 5] = [
        (message.sender(), &sender),
        (p.content_provider, &[Role::ContentProvider]),
        (p.service_provider, &[Role::ServiceProvider]),
        (p.carrier, &[Role::Carrier]),
        (p.controller, &[Role::Processor]),
    ];
    let mut out: BTreeMap<PartyId, Set<Role>> = BTreeMap::new();
    for (party, held) in holders {
        if let Some(party) = party {
            let slot = out.entry(party).or_default();
            *slot = slot.union(held.iter().copied().collect());
        }
    }
    out
}

/// What each party faces. Only breached sends ground it; unproved ones stand beside as a count.
pub(crate) fn exposures(tally: &Tally, naming: &Naming<'_>) -> Vec<s::Exposure> {
    let mut parties: BTreeMap<PartyId, OfParty> = BTreeMap::new();
    for (key, count) in &tally.counts {
        let (Some(verdict), Some(message)) = (tally.verdicts.get(key.verdict), naming.message(key.context))
        else {
            continue;
        };
        let masks = verdict.masks(naming.reading);
        if masks.breached | masks.unproved == 0 {
            continue;
        }
        let law_day = naming.law_day(count.first);
        for (party, roles) in roles(message) {
            let answerable = |mask: u64| {
                rules().iter().filter(move |r| {
                    let anyone = r.roles.has(Role::Anyone) && roles.has(Role::Advertiser);
                    mask & r.id.bit() != 0 && (anyone || r.roles.bits() & roles.bits() != 0)
                })
            };
            let broken: Vec<_> = answerable(masks.breached).collect();
            let of = parties.entry(party).or_default();
            of.roles = of.roles.union(roles);
            if broken.is_empty() {
                if answerable(masks.unproved).next().is_some() {
                    of.unproved += count.sends;
                }
                continue;
            }
            of.breached += count.sends;
            let (first, last) = of.period.get_or_insert((count.first, count.last));
            (*first, *last) = ((*first).min(count.first), (*last).max(count.last));
            if message.campaign.is_some() {
                of.campaigns.insert(naming.campaign(message).to_owned());
            }
            for rule in broken {
                // All sends of one count fall into one period of law, so its first day speaks for all.
                let article = article_on(rule.id, law_day);
                of.articles.insert(article);
                *of.provisions.entry(article).or_default().entry(rule.id).or_default() += count.sends;
            }
        }
    }
    parties.iter().filter_map(|(party, of)| Some(one(*party, of, of.period?, naming))).collect()
}

fn one(party: PartyId, of: &OfParty, (first, last): (Date, Date), naming: &Naming<'_>) -> s::Exposure {
    let articles: Vec<&str> = of.articles.iter().copied().collect();
    let held: Vec<Role> = of.roles.iter().collect();
    let mut breach = Breach::new(&held, &articles, first, last);
    let gains: Option<Vec<Fen>> = of
        .campaigns
        .iter()
        .map(|c| naming.registry.campaign(naming.names.campaign(c)).and_then(|c| c.gain))
        .collect();
    let gain = gains.filter(|g| !g.is_empty()).map(|g| Fen(g.iter().map(|f| f.0).sum()));
    breach.gain = gain.map_or(Gain::NotComputable, Gain::Known);
    let found = exposure(Corpus::embedded(), &breach);
    let count = acts(of.campaigns.len() as u64, 0);
    let chosen = found.chosen().map(|c| (c.rule.id.clone(), c.fine));
    let open: Vec<Words> = found.open.iter().map(|q| question(*q)).collect();
    let subsidiarity = found.open.contains(&OpenQuestion::Subsidiarity);
    s::Exposure {
        party: naming.party(party).to_owned(),
        name: naming.party_name(party),
        role: Code(held.first().copied().unwrap_or(Role::Anyone)),
        breached: of.breached,
        unproved: of.unproved,
        period: Some((first.to_string(), last.to_string())),
        acts: s::Acts {
            usual: count.usual,
            others: count.others,
            reason: Words::new(
                "同一意图、持续、其间没有责令停止：通常为一个行为；由人认定",
                "one intent, continuing, no order to stop in between: usually one act; a person decides",
            ),
        },
        gain: gain.map(|g| g.0),
        confiscation: s::Confiscation {
            amount: found.confiscated.amount.map(|f| f.0),
            article: found.confiscated.article.clone(),
            note: None,
        },
        candidates: found.candidates.iter().map(|c| candidate(c, of)).collect(),
        concurrence: chosen.map(|(id, fine)| s::Concurrence {
            article: "cn/apl/29".to_owned(),
            chosen: (!subsidiarity).then_some(id),
            min: fine.and_then(|f| f.min).map(|f| f.0),
            max: fine.and_then(|f| f.max).map(|f| f.0),
            note: Words::new("先比上限，再比下限", "maxima compared first, then minima"),
        }),
        open,
    }
}

fn candidate(c: &anning_penalty::Candidate<'_>, of: &OfParty) -> s::Candidate {
    use anning_penalty::Standing as P;
    let standing = match c.standing {
        P::Chosen => s::Standing::Chosen,
        P::Open => s::Standing::Open,
        P::Conditional | P::NoFine => s::Standing::Conditional,
        P::Absorbed => s::Standing::Absorbed,
        P::Blocked => s::Standing::Blocked,
    };
    let mut provisions: BTreeMap<ProvisionId, u64> = BTreeMap::new();
    for ground in &c.grounds {
        for (id, n) in of.provisions.get(ground.as_str()).into_iter().flatten() {
            provisions.insert(*id, *n);
        }
    }
    let fine = c.fine.map(|f| s::Fine {
        form: match (f.times, f.turnover_percent, c.rule.fine) {
            (Some(_), ..) => s::FineForm::Multiple,
            (_, Some(_), _) => s::FineForm::TurnoverShare,
            (_, _, anning_law::Fine::MaxOnly { .. }) => s::FineForm::MaxOnly,
            _ => s::FineForm::Range,
        },
        min: f.min.map(|f| f.0),
        max: f.max.map(|f| f.0),
        times: f.times.map(|(a, b)| (u32::from(a), u32::from(b))),
        turnover_bp: f.turnover_percent.map(|p| u32::from(p) * 100),
    });
    s::Candidate {
        rule: c.rule.id.clone(),
        article: c.rule.article.clone(),
        title: citation(&c.rule.article),
        mark: Code(c.rule.mark),
        standing,
        kinds: kinds(c),
        fine,
        optional: c.rule.optional,
        preconditions: precondition(c.rule.precondition).into_iter().collect(),
        provisions: provisions.keys().map(|id| id.code().to_owned()).collect(),
        breached: provisions.values().copied().max().unwrap_or(0),
        note: None,
    }
}

fn kinds(c: &anning_penalty::Candidate<'_>) -> Vec<s::PenaltyKind> {
    let fine = c.fine.map(|_| s::PenaltyKind::Fine);
    let other = c.rule.other.iter().filter_map(|sanction| match sanction {
        Sanction::Order => Some(s::PenaltyKind::Order),
        Sanction::Warning => Some(s::PenaltyKind::Warning),
        Sanction::Confiscation => Some(s::PenaltyKind::Confiscation),
        Sanction::Suspension => Some(s::PenaltyKind::Suspension),
        Sanction::Licence => Some(s::PenaltyKind::Licence),
        Sanction::Publicity => Some(s::PenaltyKind::Publicity),
        Sanction::Credit => Some(s::PenaltyKind::Credit),
        Sanction::Bar => Some(s::PenaltyKind::Bar),
        Sanction::Detention => None,
    });
    fine.into_iter().chain(other).collect()
}

fn precondition(p: anning_law::Precondition) -> Option<Words> {
    use anning_law::Precondition as P;
    match p {
        P::None => None,
        P::RefusedCorrection => Some(Words::new("拒不改正", "correction refused")),
        P::Serious => Some(Words::new("情节严重", "serious")),
        P::RefusedOrSerious => Some(Words::new("拒不改正或者情节严重", "correction refused, or serious")),
    }
}

fn question(q: OpenQuestion) -> Words {
    match q {
        OpenQuestion::Subsidiarity => Words::new(
            "广告法等自设罚则的法律是否排除消费者权益保护法第五十六条，有争议；两者并列",
            "whether a law with its own penalty displaces Consumer Law 56 is open; both are shown",
        ),
        OpenQuestion::Competence => Words::new("“有关部门”未指明", "which authority is meant is not named"),
        OpenQuestion::GainNotComputable => {
            Words::new("违法所得无法计算（不等于零）", "illegal gain cannot be computed, which is not zero")
        }
        OpenQuestion::Unverified => {
            Words::new("有的罚则原文未逐字核实", "the text of a penalty is not verified word for word")
        }
        OpenQuestion::LaterTextNotLoaded => {
            Words::new("新规定未载入，能否从轻不明", "a later text is not loaded")
        }
        OpenQuestion::HigherFine => Words::new(
            "“罚款数额高的规定”如何比较有不同理解",
            "how the higher fine is compared is read differently",
        ),
    }
}
