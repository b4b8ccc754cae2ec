//! A campaign: what all its sends share.

use crate::cast::{CARRIER, Line, VENDOR};
use crate::text::Kind;

/// Cells of the campaigns table and what its sends have in common; empty means not recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) channel: &'static str,
    pub(crate) kind: &'static str,
    /// Empty stands for the line's own company.
    pub(crate) advertiser: &'static str,
    pub(crate) service_provider: &'static str,
    pub(crate) carrier: &'static str,
    /// Whose data the recipients are; empty stands for the advertiser's.
    pub(crate) controller: &'static str,
    /// Who wrote it, where that is not the advertiser.
    pub(crate) content_provider: &'static str,
    pub(crate) audience: &'static str,
    pub(crate) declared: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) wording: &'static str,
    pub(crate) basis: &'static str,
    pub(crate) untargeted_option: &'static str,
    pub(crate) vendor_contract: &'static str,
    pub(crate) log_kept: &'static str,
    pub(crate) operator_knew: &'static str,
    pub(crate) gain_yuan: &'static str,
    /// The sender number of every send; empty for the line's own port, `-` for none.
    pub(crate) port: &'static str,
    /// `sender_number_state`, where it is not the default.
    pub(crate) number_state: &'static str,
    pub(crate) text: Kind,
    pub(crate) recipient_kind: &'static str,
    pub(crate) age: &'static str,
}

/// No sender number.
pub(crate) const NO_PORT: &str = "-";

/// A campaign as it should be: in every respect but consent, which is the recipients' affair.
pub(crate) const CLEAN: Facts = Facts {
    channel: "sms",
    kind: "",
    advertiser: "",
    service_provider: VENDOR,
    carrier: CARRIER,
    controller: "",
    content_provider: "",
    audience: "untargeted",
    declared: "commercial",
    purpose: "",
    wording: "",
    basis: "claimed",
    untargeted_option: "",
    vendor_contract: "yes",
    log_kept: "yes",
    operator_knew: "no",
    gain_yuan: "",
    port: "",
    number_state: "",
    text: Kind::Offer,
    recipient_kind: "",
    age: "",
};

/// To whom a campaign goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// This share, in 1/2^32, of the line's customers who have joined.
    Customers(u64),
    /// People of its own, for one special scenario, counted from the first person's number.
    Special {
        /// Position in the table of specials.
        special: usize,
        first: u64,
        persons: u64,
    },
    /// A stretch of a list that goes round: the two cases.
    List { scenario: &'static str, first: u64, length: u64, start: u64, count: u64 },
}

/// A planned campaign.
#[derive(Clone, Debug)]
pub(crate) struct Campaign {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) line: Line,
    pub(crate) facts: Facts,
    /// First second and length in seconds.
    pub(crate) start: i64,
    pub(crate) lasts: i64,
    pub(crate) audience: Audience,
    /// Sends planned; the true number can be a little lower.
    pub(crate) planned: u64,
}

impl Campaign {
    pub(crate) fn advertiser(&self) -> &'static str {
        or(self.facts.advertiser, self.line.party())
    }

    pub(crate) fn controller(&self) -> &'static str {
        or(self.facts.controller, self.advertiser())
    }

    pub(crate) fn content_provider(&self) -> &'static str {
        or(self.facts.content_provider, self.advertiser())
    }

    pub(crate) fn kind(&self) -> &'static str {
        or(self.facts.kind, self.line.kind())
    }

    pub(crate) fn port(&self) -> &'static str {
        if self.facts.port == NO_PORT { "" } else { or(self.facts.port, self.line.port()) }
    }

    /// The send at `place` of `of`, spread evenly over its time.
    pub(crate) fn moment(&self, place: u64, of: u64) -> i64 {
        let share = u128::from(place) * u128::from(self.lasts.unsigned_abs()) / u128::from(of.max(1));
        self.start + i64::try_from(share).unwrap_or(0)
    }
}

const fn or(text: &'static str, other: &'static str) -> &'static str {
    if text.is_empty() { other } else { text }
}
