//! What a recipient did: consent events, kept as facts, never as a flag "valid".

use crate::code::words;
use crate::{TermsId, Timestamp};

words! {
    /// Kind of act.
    ActKind {
        /// The recipient was asked (a consent request went out).
        Asked = "asked",
        /// 同意.
        Given = "given",
        /// 请求: the recipient asked for the messages.
        Invited = "invited",
        /// 拒绝 when asked, or at any time before any consent.
        Refused = "refused",
        /// Asked, and no answer came: silence.
        NoAnswer = "no_answer",
        /// 撤回, 退订.
        Withdrawn = "withdrawn",
        /// Consent renewed on the same terms.
        Renewed = "renewed",
        /// The number passed to another person: nothing before it is this person's act.
        Reassigned = "reassigned",
    }
}

impl ActKind {
    /// An act by which the recipient agrees.
    #[must_use]
    pub const fn agrees(self) -> bool {
        matches!(self, Self::Given | Self::Renewed | Self::Invited)
    }

    /// An act by which the recipient says no.
    #[must_use]
    pub const fn refuses(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn)
    }
}

words! {
    /// How we hold the record of an act.
    Origin {
        /// Captured at the moment of the act, with the notice the person saw.
        Captured = "captured",
        /// Its hash was anchored outside (ledger, timestamp) at `recorded_at`.
        Anchored = "anchored",
        /// A claim in an imported list.
        Imported = "imported",
    }
}

/// One act of one recipient.
///
/// Three times: `occurred` (the person acted), `received` (it entered the system named for it at the
/// sender or its provider: a refusal binds from here, cn/civil/137) and `recorded` (we learnt it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// What it was.
    pub kind: ActKind,
    /// How we hold it.
    pub origin: Origin,
    /// When the person acted.
    pub occurred: Timestamp,
    /// When it arrived.
    pub received: Timestamp,
    /// When we learnt it.
    pub recorded: Timestamp,
    /// What it says: scope, form, notice.
    pub terms: TermsId,
}
