//! What to do, in order of effect: from the grounds on which provisions were broken or could not be shown kept.
//!
//! Silence and refusal are final here: no ground that rests on either leads to asking again.

use std::collections::{BTreeMap, BTreeSet};

use anning_law::ProvisionId;
use anning_vocab::{Answer, Caveat, Ground, Message};

use crate::summary::{Action, Remedy, Target, TargetKind, Words};

use super::groups::{Naming, article_on};
use super::tally::{Key, Tally};
use super::verdict::Verdict;

/// One step in the making.
#[derive(Default)]
struct Step {
    breached: u64,
    unproved: u64,
    unclear: u64,
    provisions: BTreeSet<ProvisionId>,
    articles: BTreeSet<&'static str>,
    targets: BTreeMap<(TargetKind, String), (u64, u64)>,
}

/// Steps for everything that was found.
pub(crate) fn remedies(tally: &Tally, naming: &Naming<'_>) -> Vec<Remedy> {
    let mut steps: BTreeMap<Action, Step> = BTreeMap::new();
    for (key, count) in &tally.counts {
        let (Some(verdict), Some(message)) = (tally.verdicts.get(key.verdict), naming.message(key.context))
        else {
            continue;
        };
        let law_day = naming.law_day(count.first);
        for (action, (answer, provisions)) in actions(verdict, naming) {
            let step = steps.entry(action).or_default();
            let place = target(action, key, message, naming);
            let slot = place.map(|place| step.targets.entry(place).or_default());
            match answer {
                Worst::Breached => {
                    step.breached += count.sends;
                    slot.into_iter().for_each(|(breached, _)| *breached += count.sends);
                }
                Worst::Unproved => {
                    step.unproved += count.sends;
                    slot.into_iter().for_each(|(_, unproved)| *unproved += count.sends);
                }
                Worst::Unclear => step.unclear += count.sends,
            }
            step.articles.extend(provisions.iter().map(|id| article_on(*id, law_day)));
            step.provisions.extend(provisions);
        }
    }
    steps.into_iter().map(|(action, step)| remedy(action, step, tally, naming)).collect()
}

/// The weightiest answer on which a step bears.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Worst {
    Breached,
    Unproved,
    Unclear,
}

/// The steps that one verdict calls for, each once.
fn actions(verdict: &Verdict, naming: &Naming<'_>) -> BTreeMap<Action, (Worst, Vec<ProvisionId>)> {
    let mut out: BTreeMap<Action, (Worst, Vec<ProvisionId>)> = BTreeMap::new();
    let mut add = |action, worst: Worst, id: Option<ProvisionId>| {
        let slot = out.entry(action).or_insert((worst, Vec::new()));
        slot.0 = slot.0.min(worst);
        slot.1.extend(id);
    };
    let masks = verdict.masks(naming.reading);
    let mut final_no = false;
    let mut may_ask: Vec<(Worst, ProvisionId)> = Vec::new();
    for (id, finding) in verdict.findings.iter() {
        let worst = match masks.answer(id) {
            Answer::Breached => Worst::Breached,
            Answer::Unproved => Worst::Unproved,
            Answer::Unclear => Worst::Unclear,
            Answer::Met | Answer::NotApplicable => continue,
        };
        if let Some(action) = action(finding.ground) {
            add(action, worst, Some(id));
        }
        match asking(finding.ground) {
            Asking::Forbidden => final_no = true,
            Asking::WouldCure => may_ask.push((worst, id)),
            Asking::BesideThePoint => {}
        }
    }
    if !final_no {
        for (worst, id) in may_ask {
            add(Action::AskAgain, worst, Some(id));
        }
    }
    if verdict.caveats.has(Caveat::NotFiled) {
        add(Action::CompleteFiling, Worst::Unclear, None);
    }
    out
}

/// Whether a new request for consent could put things right.
enum Asking {
    /// The person said no, or said nothing when asked.
    Forbidden,
    /// Nobody has asked properly yet.
    WouldCure,
    /// It has nothing to do with consent.
    BesideThePoint,
}

fn asking(ground: Ground) -> Asking {
    use Ground as G;
    match ground {
        G::Refused
        | G::RefusalHadArrived
        | G::RefusedOtherName
        | G::RefusedOnPort
        | G::Tie
        | G::Silence
        | G::AskedAgain => Asking::Forbidden,
        G::NoRecord
        | G::NoneExisted
        | G::AssertedOnly
        | G::LearntLater
        | G::Contradicted
        | G::OtherSender
        | G::OtherChannel
        | G::OtherKind
        | G::OtherPurpose
        | G::Lapsed
        | G::TickedByDefault
        | G::Implied
        | G::Bundled
        | G::Buried
        | G::Forced
        | G::FormNotRecorded
        | G::NoticeNotRecorded
        | G::NoticeIncomplete => Asking::WouldCure,
        G::None
        | G::Consented
        | G::Requested
        | G::TooOften
        | G::Reassigned
        | G::NoticeComplete
        | G::UnrelatedInformation
        | G::RequestNotNamed
        | G::NoSeparateConsent
        | G::ProvisionIncomplete
        | G::SeparateConsent
        | G::NoVendorContract
        | G::NoUntargetedOption
        | G::SensitiveTags
        | G::NoGuardianConsent
        | G::MinorTargeted
        | G::NoIdentity
        | G::NoContact
        | G::NoRefusalMethod
        | G::RefusalNotFree
        | G::TextNotKept
        | G::NoAdLabel
        | G::FalseSenderNumber
        | G::SenderNumberNotKept
        | G::ServicePort
        | G::LogNotKept
        | G::RequestIncomplete
        | G::OperatorKnew
        | G::NoLicence
        | G::FactNotRecorded
        | G::TextNotLoaded
        | G::Complied
        | G::Organisation
        | G::CallArgued
        | G::OlderConsent
        | G::ByAnalogy => Asking::BesideThePoint,
    }
}

fn action(ground: Ground) -> Option<Action> {
    use Ground as G;
    Some(match ground {
        G::NoneExisted | G::Silence | G::AskedAgain | G::OperatorKnew => Action::StopCampaign,
        G::Refused | G::RefusedOtherName | G::RefusedOnPort | G::Tie => Action::HonourRefusals,
        G::RefusalHadArrived => Action::RecordRefusalsAtOnce,
        G::NoRecord
        | G::AssertedOnly
        | G::LearntLater
        | G::Contradicted
        | G::FormNotRecorded
        | G::NoticeNotRecorded
        | G::OtherSender => Action::FindProof,
        G::OtherChannel | G::OtherKind | G::OtherPurpose | G::TooOften | G::Lapsed => Action::KeepScope,
        G::Reassigned => Action::DropReassigned,
        G::TickedByDefault | G::Implied | G::Bundled | G::Buried | G::Forced | G::UnrelatedInformation => {
            Action::FixPage
        }
        G::NoticeIncomplete | G::RequestIncomplete => Action::FixNotice,
        G::NoSeparateConsent | G::ProvisionIncomplete => Action::SeparateConsent,
        G::NoVendorContract => Action::VendorContract,
        G::NoUntargetedOption | G::SensitiveTags => Action::FixTargeting,
        G::NoGuardianConsent | G::MinorTargeted => Action::ExcludeMinors,
        G::NoIdentity | G::NoContact | G::NoRefusalMethod | G::NoAdLabel => Action::FixText,
        G::RefusalNotFree => Action::FreeRefusal,
        G::TextNotKept | G::SenderNumberNotKept | G::FalseSenderNumber | G::FactNotRecorded => {
            Action::RecoverLogs
        }
        G::LogNotKept => Action::KeepLogs,
        G::ServicePort => Action::SeparatePorts,
        G::NoLicence => Action::GetLicence,
        G::TextNotLoaded
        | G::RequestNotNamed
        | G::Organisation
        | G::CallArgued
        | G::OlderConsent
        | G::ByAnalogy => Action::ConfirmText,
        G::None | G::Consented | G::Requested | G::NoticeComplete | G::SeparateConsent | G::Complied => {
            return None;
        }
    })
}

/// Where a step is taken.
fn target(action: Action, key: &Key, message: &Message, naming: &Naming<'_>) -> Option<(TargetKind, String)> {
    let campaign = || (TargetKind::Campaign, naming.campaign(message).to_owned());
    let party =
        |id: Option<anning_vocab::PartyId>| id.map(|p| (TargetKind::Party, naming.party(p).to_owned()));
    let found = match action {
        Action::StopCampaign
        | Action::FindProof
        | Action::RecoverLogs
        | Action::FixText
        | Action::FixTargeting
        | Action::ExcludeMinors
        | Action::KeepScope
        | Action::DropReassigned
        | Action::AskAgain
        | Action::ConfirmText => Some(campaign()),
        Action::HonourRefusals => {
            let brand = key.brand.and_then(|b| naming.brands.get(b as usize));
            brand.map(|b| (TargetKind::Brand, b.to_string())).or_else(|| party(message.sender()))
        }
        Action::FixPage | Action::FixNotice => {
            let notice = naming.notices.get(&key.notice);
            Some(notice.map_or_else(campaign, |id| (TargetKind::Notice, id.to_string())))
        }
        Action::RecordRefusalsAtOnce | Action::SeparateConsent | Action::DeleteData => {
            party(message.sender())
        }
        Action::KeepLogs | Action::VendorContract | Action::GetLicence => {
            party(message.parties.service_provider.or(message.sender()))
        }
        Action::FreeRefusal | Action::SeparatePorts | Action::CompleteFiling => {
            message.port.and_then(|p| naming.names.port_name(p)).map(|p| (TargetKind::Port, p.into()))
        }
    };
    found.filter(|(_, id)| !id.is_empty())
}

fn remedy(action: Action, step: Step, tally: &Tally, naming: &Naming<'_>) -> Remedy {
    let name = |kind: TargetKind, id: &str| match kind {
        TargetKind::Campaign => naming
            .registry
            .campaign(naming.names.campaign(id))
            .and_then(|c| c.name.as_deref())
            .map(str::to_owned),
        TargetKind::Party => naming.party_name(naming.names.party(id)),
        TargetKind::Notice | TargetKind::Brand | TargetKind::Port => None,
    };
    let mut targets: Vec<Target> = step
        .targets
        .into_iter()
        .map(|((kind, id), (breached, unproved))| Target {
            kind,
            name: name(kind, &id),
            id,
            breached,
            unproved,
        })
        .collect();
    targets.sort_by(|a, b| {
        (b.breached, b.unproved)
            .cmp(&(a.breached, a.unproved))
            .then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id)))
    });
    let shown = targets.len().min(TARGETS);
    let left_out = (targets.len() - shown) as u64;
    targets.truncate(shown);
    let asks = action == Action::AskAgain;
    Remedy {
        action,
        breached: step.breached,
        unproved: step.unproved,
        unclear: step.unclear,
        persons: asks.then_some(tally.persons.may_be_asked),
        protected: asks.then_some(tally.persons.protected),
        articles: step.articles.into_iter().filter(|a| !a.is_empty()).map(str::to_owned).collect(),
        provisions: step.provisions.into_iter().map(|id| id.code().to_owned()).collect(),
        targets,
        targets_not_shown: left_out,
        note: asks.then(|| {
            Words::new(
                "只征求从未拒绝、也从未沉默的人，一次为限；说明类型、频次和期限；答复前不得发送",
                "ask only those who never refused and never kept silent, once, stating type, frequency and period; send nothing before they answer",
            )
        }),
    }
}

/// Targets that a step lists.
const TARGETS: usize = 50;
