//! What to do, in order of effect.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::Words;

/// What to do. Words for people are the report's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Stop what is still being sent.
    StopCampaign,
    /// Stop writing to those who refused, under every name of the brand.
    HonourRefusals,
    /// Record refusals when they arrive, not later.
    RecordRefusalsAtOnce,
    /// Find the proof that consent was given, if it exists.
    FindProof,
    /// Recover the texts or sender numbers that the log did not keep.
    RecoverLogs,
    /// Keep logs as long as the texts ask.
    KeepLogs,
    /// Change the page on which consent is asked.
    FixPage,
    /// State in the notice what it must state.
    FixNotice,
    /// Change the text of the messages: name, contact, way to refuse, label.
    FixText,
    /// Make refusing free and easy.
    FreeRefusal,
    /// Use ports for what they are declared for.
    SeparatePorts,
    /// Sign, or find, the contract with the vendor.
    VendorContract,
    /// Get separate consent before data are handed to another controller, or stop.
    SeparateConsent,
    /// Offer an untargeted option; drop sensitive tags.
    FixTargeting,
    /// Leave minors out of automated marketing.
    ExcludeMinors,
    /// Stay within the scope of what was agreed: channel, kind, frequency, period.
    KeepScope,
    /// Drop reassigned numbers.
    DropReassigned,
    /// Ask again, only those whom neither silence nor refusal protects.
    AskAgain,
    /// Delete, or restrict to storage, data that were obtained without ground.
    DeleteData,
    /// Have a lawyer confirm a text that is not verified or not loaded.
    ConfirmText,
    /// Complete signature, content provider and port filing.
    CompleteFiling,
    /// Get, or find, the licence.
    GetLicence,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A campaign.
    Campaign,
    /// A version of a notice.
    Notice,
    /// A party.
    Party,
    /// A brand.
    Brand,
    /// A port or sender number.
    Port,
}

/// Where to do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Its id.
    pub id: String,
    /// Its name, if known.
    pub name: Option<String>,
    /// Breached sends there.
    pub breached: u64,
    /// Unproved sends there.
    pub unproved: u64,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// What to do.
    pub action: Action,
    /// Sends shown to be in breach that it bears on.
    pub breached: u64,
    /// Unproved sends that it bears on.
    pub unproved: u64,
    /// Sends left open that it bears on.
    pub unclear: u64,
    /// Persons it concerns, if counted. For [`Action::AskAgain`]: those who may be asked.
    pub persons: Option<u64>,
    /// Persons who must be left alone because they refused or kept silent, if counted.
    pub protected: Option<u64>,
    /// Articles it serves.
    pub articles: Vec<String>,
    /// Ids of the provisions it serves.
    pub provisions: Vec<String>,
    /// Where, most breached first.
    pub targets: Vec<Target>,
    /// Targets not listed.
    pub targets_not_shown: u64,
    /// A particular of this case.
    pub note: Option<Words>,
}

impl Remedy {
    pub(super) fn settle(&mut self) {
        self.articles.sort();
        self.articles.dedup();
        self.provisions.sort();
        self.provisions.dedup();
        self.targets.sort_by(|a, b| {
            (b.breached, b.unproved)
                .cmp(&(a.breached, a.unproved))
                .then(a.kind.cmp(&b.kind))
                .then(a.id.cmp(&b.id))
        });
    }

    /// Order of effect: breached sends first, then unproved, then open ones.
    #[must_use]
    pub fn by_effect(&self, other: &Self) -> Ordering {
        let weight = |r: &Self| (r.breached, r.unproved, r.unclear);
        weight(other).cmp(&weight(self)).then(self.action.cmp(&other.action))
    }
}
