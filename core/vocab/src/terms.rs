//! What an act says: to whom, for what, how it was asked and what the person saw.

use crate::code::words;
use crate::{
    AgeBand, BrandId, Category, Channel, ContentKind, Date, PartyId, PortId, ProcessingPurpose, Set,
    Timestamp,
};

words! {
    /// The two consents, judged apart.
    Covers {
        /// To receive commercial messages.
        Receive = "receive",
        /// To have personal information processed.
        Process = "process",
        /// Both in one act.
        Both = "both",
    }
}

words! {
    /// The control and its state before any input.
    Control {
        /// Nobody recorded it.
        NotRecorded = "not_recorded",
        /// A box the person ticked.
        TickedByRecipient = "ticked_by_recipient",
        /// A box that was ticked already.
        TickedByDefault = "ticked_by_default",
        /// No control: implied by another act, such as registering.
        Implied = "implied",
        /// Words of the person's own: a reply, a signature, a recorded call.
        OwnWords = "own_words",
    }
}

words! {
    /// Asked alone or together with what.
    Bundling {
        /// Nobody recorded it.
        NotRecorded = "not_recorded",
        /// Asked alone.
        Separate = "separate",
        /// One tick for the terms of service and this.
        WithTerms = "with_terms",
        /// One tick for several consents.
        WithOtherConsents = "with_other_consents",
    }
}

words! {
    /// How the clause was shown.
    Prominence {
        /// Nobody recorded it.
        NotRecorded = "not_recorded",
        /// On the face of the page.
        OnFace = "on_face",
        /// One click away.
        BehindLink = "behind_link",
        /// Deep in a document.
        Buried = "buried",
    }
}

words! {
    /// Calendar window of a stated frequency, in Beijing.
    Window {
        /// A civil day.
        Day = "day",
        /// Monday to Sunday.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// A calendar year.
        Year = "year",
    }
}

/// So many messages a calendar window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Frequency {
    /// At most so many messages, segments not counted.
    pub at_most: u16,
    /// In each such window.
    pub per: Window,
}

/// What the notice said: facts about one version of one text. `None` where nobody recorded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Notice {
    /// First bytes of the hash of what the person saw; 0 when the page was not kept.
    pub hash: u64,
    /// Names the controller and how to reach it.
    pub names_controller: Option<bool>,
    /// States purpose and method.
    pub states_purpose: Option<bool>,
    /// States the categories of personal information.
    pub states_categories: Option<bool>,
    /// States how long data are kept.
    pub states_retention: Option<bool>,
    /// States the person's rights and how to withdraw.
    pub states_rights: Option<bool>,
    /// A consent request states type, frequency and period of the messages (Order 31 art 18(2)).
    pub states_type_frequency_period: Option<bool>,
}

/// Consent to hand personal information to another party (cn/pipl/23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Provision {
    /// The recipient named, if one was.
    pub recipient: Option<PartyId>,
    /// Its contact was stated.
    pub contact: Option<bool>,
    /// Purpose and method were stated.
    pub purpose_and_method: Option<bool>,
    /// Categories were stated.
    pub categories: Option<bool>,
    /// It was a separate consent (单独同意).
    pub separate: Option<bool>,
}

/// The version of a page on which an act was done, as a page record shows it. Facts of the terms are then the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageSeen {
    /// First bytes of the page-version hash, never 0.
    pub version: u64,
    /// Since when this can be known: the last of the captures it takes.
    pub since: Timestamp,
    /// What speaks of the page disagrees: the sender's own record, another capture, another address.
    pub contradicts: bool,
    /// A log that the reader trusts had these captures in time. Without a seal a page is the sender's own statement: heard
    /// against the consent, and no proof for it.
    pub sealed: bool,
}

/// What one act says. `None` means the record does not say, never "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Towards which controller.
    pub controller: Option<PartyId>,
    /// Towards which brand.
    pub brand: Option<BrandId>,
    /// Refusals: the port replied to.
    pub port: Option<PortId>,
    /// Which of the two consents.
    pub covers: Covers,
    /// Channels named.
    pub channels: Option<Set<Channel>>,
    /// Kinds of content named.
    pub kinds: Option<Set<ContentKind>>,
    /// Purposes of processing named.
    pub purposes: Option<Set<ProcessingPurpose>>,
    /// Categories of personal information named.
    pub categories: Option<Set<Category>>,
    /// Frequency named.
    pub frequency: Option<Frequency>,
    /// Last day of the period named.
    pub until: Option<Date>,
    /// Days from the act that the period runs.
    pub days: Option<u32>,
    /// The control.
    pub control: Control,
    /// Alone or bundled.
    pub bundling: Bundling,
    /// How shown.
    pub prominence: Prominence,
    /// Service was refused without it.
    pub forced: Option<bool>,
    /// The information asked for is directly related to the business (SAMR 37 art 13, 实施条例 23).
    pub related: Option<bool>,
    /// What the person saw.
    pub notice: Option<Notice>,
    /// Consent to provision to another party, if this act is one.
    pub provision: Option<Provision>,
    /// Age evidence in the act.
    pub age: AgeBand,
    /// A parent or guardian consented.
    pub guardian: Option<bool>,
    /// Consent requests: group of same or similar wording.
    pub wording: Option<u32>,
    /// The page it was done on, where a page record speaks for it.
    pub page: Option<PageSeen>,
}

impl Terms {
    /// Terms that say nothing but which consent they are.
    #[must_use]
    pub const fn silent(covers: Covers) -> Self {
        Self {
            controller: None,
            brand: None,
            port: None,
            covers,
            channels: None,
            kinds: None,
            purposes: None,
            categories: None,
            frequency: None,
            until: None,
            days: None,
            control: Control::NotRecorded,
            bundling: Bundling::NotRecorded,
            prominence: Prominence::NotRecorded,
            forced: None,
            related: None,
            notice: None,
            provision: None,
            age: AgeBand::Unknown,
            guardian: None,
            wording: None,
            page: None,
        }
    }
}
