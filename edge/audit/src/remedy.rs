//! What to do, in order of effect: from the grounds on which provisions were broken or could not be shown kept.

use std::collections::BTreeMap;

use anning_vocab::{Answer, Ground};

use crate::summary::{Action, Remedy, Summary};

/// Steps for the grounds found. Never "ask again" where silence or refusal forbids it: no ground leads there.
pub(crate) fn remedies(summary: &Summary) -> Vec<Remedy> {
    let mut steps: BTreeMap<Action, Remedy> = BTreeMap::new();
    for provision in &summary.provisions {
        for count in &provision.grounds {
            if matches!(count.answer.0, Answer::Met | Answer::NotApplicable) {
                continue;
            }
            let Some(action) = action(count.ground.0) else { continue };
            let step = steps.entry(action).or_insert_with(|| empty(action));
            // One send may break several provisions on one ground: the largest count stands for it.
            let slot = match count.answer.0 {
                Answer::Breached => &mut step.breached,
                Answer::Unproved => &mut step.unproved,
                Answer::Unclear | Answer::Met | Answer::NotApplicable => &mut step.unclear,
            };
            *slot = (*slot).max(count.sends);
            step.provisions.push(provision.id.clone());
            step.articles.extend(provision.articles.iter().cloned());
        }
    }
    steps.into_values().collect()
}

fn empty(action: Action) -> Remedy {
    Remedy {
        action,
        breached: 0,
        unproved: 0,
        unclear: 0,
        persons: None,
        protected: None,
        articles: Vec::new(),
        provisions: Vec::new(),
        targets: Vec::new(),
        targets_not_shown: 0,
        note: None,
    }
}

fn action(ground: Ground) -> Option<Action> {
    use Ground as G;
    Some(match ground {
        G::NoneExisted | G::Silence | G::AskedAgain => Action::StopCampaign,
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
        G::OperatorKnew => Action::StopCampaign,
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
