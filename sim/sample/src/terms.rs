//! What an act in the world says: one row of `consents` without its times.

use crate::cast::{BRAND, FINANCE, PARTNER, RETAIL, SELECT};
use crate::cast::{NOTICE, NOTICE_INCOMPLETE, NOTICE_PARTNER, NOTICE_REQUEST, NOTICE_REQUEST_BARE};

/// Cells of the consents table; empty means not recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) covers: &'static str,
    /// Towards whom; [`OWN`] is the sender's own company.
    pub(crate) controller: &'static str,
    pub(crate) brand: &'static str,
    /// The port the message came from is named.
    pub(crate) on_port: bool,
    pub(crate) channels: &'static str,
    /// [`OWN`] is the sender's own line.
    pub(crate) kinds: &'static str,
    pub(crate) purposes: &'static str,
    pub(crate) categories: &'static str,
    pub(crate) frequency: &'static str,
    /// Days from the act, as `days`; or counted out as `until`.
    pub(crate) days: Period,
    pub(crate) control: &'static str,
    pub(crate) bundling: &'static str,
    pub(crate) prominence: &'static str,
    pub(crate) forced: &'static str,
    pub(crate) related: &'static str,
    pub(crate) guardian: &'static str,
    pub(crate) notice: &'static str,
    pub(crate) provision_to: &'static str,
    /// provision, contact, purpose, categories, separate.
    pub(crate) provision: [&'static str; 5],
    pub(crate) age: &'static str,
    pub(crate) wording: &'static str,
}

/// How a period is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    /// Not at all.
    Open,
    /// So many days from the act.
    Days(u32),
    /// The last day itself, so many days after the act.
    Until(u32),
}

/// Stands for the sender's own company or line.
pub(crate) const OWN: &str = "=";

const BLANK: Terms = Terms {
    covers: "",
    controller: "",
    brand: "",
    on_port: false,
    channels: "",
    kinds: "",
    purposes: "",
    categories: "",
    frequency: "",
    days: Period::Open,
    control: "",
    bundling: "",
    prominence: "",
    forced: "",
    related: "",
    guardian: "",
    notice: "",
    provision_to: "",
    provision: [""; 5],
    age: "",
    wording: "",
};

/// A box of its own, ticked by the person, on the face of the page, under a complete notice.
pub(crate) const SEPARATE: Terms = Terms {
    covers: "both",
    controller: OWN,
    channels: "sms",
    kinds: OWN,
    purposes: "marketing",
    categories: "contact|purchases",
    control: "ticked_by_recipient",
    bundling: "separate",
    prominence: "on_face",
    forced: "no",
    related: "yes",
    notice: NOTICE,
    ..BLANK
};
pub(crate) const TICKED_BY_DEFAULT: Terms = Terms { control: "ticked_by_default", ..SEPARATE };
pub(crate) const TICKED_BY_DEFAULT_UNRELATED: Terms = Terms { related: "no", ..TICKED_BY_DEFAULT };
pub(crate) const IMPLIED: Terms =
    Terms { control: "implied", bundling: "", prominence: "behind_link", ..SEPARATE };
pub(crate) const BUNDLED: Terms = Terms { bundling: "with_terms", forced: "", ..SEPARATE };
pub(crate) const BUNDLED_UNRELATED: Terms = Terms { related: "no", ..BUNDLED };
pub(crate) const BURIED: Terms =
    Terms { bundling: "with_terms", prominence: "buried", forced: "", ..SEPARATE };
pub(crate) const FORCED: Terms = Terms { forced: "yes", ..SEPARATE };
pub(crate) const FORCED_UNRELATED: Terms = Terms { related: "no", ..FORCED };
/// An "opt-in" bit from an old list: nothing else is known.
pub(crate) const BARE_BIT: Terms = Terms { covers: "both", controller: OWN, ..BLANK };
pub(crate) const RECEIVE_ONLY: Terms = Terms { covers: "receive", ..SEPARATE };
pub(crate) const ONE_YEAR: Terms = Terms { days: Period::Days(365), ..SEPARATE };
pub(crate) const HALF_YEAR: Terms = Terms { days: Period::Until(183), ..SEPARATE };
pub(crate) const ONCE_A_WEEK: Terms = Terms { frequency: "1/week", ..SEPARATE };
pub(crate) const EIGHT_A_MONTH: Terms = Terms { frequency: "8/month", ..SEPARATE };
pub(crate) const EMAIL_CONSENT: Terms = Terms { channels: "email", ..SEPARATE };
pub(crate) const EVERY_CHANNEL: Terms = Terms { channels: "sms|mms|5g|call|im|email|leaflet", ..SEPARATE };
pub(crate) const RETAIL_ONLY: Terms = Terms { controller: FINANCE, kinds: "retail", ..SEPARATE };
pub(crate) const TO_PARTNER: Terms = Terms { controller: PARTNER, kinds: "travel|retail", ..SEPARATE };
pub(crate) const SERVICE_PURPOSE: Terms = Terms { purposes: "service", ..SEPARATE };
pub(crate) const TO_BRAND: Terms = Terms { brand: OWN, ..SEPARATE };
pub(crate) const INCOMPLETE_NOTICE: Terms = Terms { notice: NOTICE_INCOMPLETE, ..SEPARATE };
pub(crate) const PERSONALISED: Terms =
    Terms { purposes: "marketing|personalisation", categories: "contact|purchases|behaviour", ..SEPARATE };
pub(crate) const HEALTH_SEPARATE: Terms = Terms { categories: "contact|behaviour|health", ..PERSONALISED };
pub(crate) const HEALTH_BUNDLED: Terms =
    Terms { bundling: "with_other_consents", forced: "", ..HEALTH_SEPARATE };
pub(crate) const ADULT: Terms = Terms { age: "adult", ..PERSONALISED };
pub(crate) const MINOR: Terms = Terms { age: "14-17", ..PERSONALISED };
pub(crate) const UNDER_14: Terms = Terms { age: "under_14", ..PERSONALISED };
pub(crate) const UNDER_14_GUARDIAN: Terms = Terms { guardian: "yes", ..UNDER_14 };
pub(crate) const UNDER_14_NO_GUARDIAN: Terms = Terms { guardian: "no", ..UNDER_14 };

/// A request (请求): the person asked for the offers.
pub(crate) const INVITATION: Terms =
    Terms { covers: "receive", controller: OWN, channels: "sms", kinds: OWN, control: "own_words", ..BLANK };
/// A reply that refuses everything from this sender.
pub(crate) const REFUSAL: Terms = Terms { covers: "both", controller: OWN, control: "own_words", ..BLANK };
pub(crate) const REFUSAL_OTHER_NAME: Terms = Terms { controller: SELECT, brand: BRAND, ..REFUSAL };
/// A reply to a port that many use: it names nobody.
pub(crate) const REFUSAL_TO_PORT: Terms = Terms { controller: "", on_port: true, ..REFUSAL };

/// A consent request that was sent, and the silence after it.
pub(crate) const ASKED: Terms = Terms {
    covers: "both",
    controller: OWN,
    channels: "sms",
    kinds: OWN,
    purposes: "marketing",
    notice: NOTICE_REQUEST,
    wording: "w-request",
    ..BLANK
};
pub(crate) const ASKED_BARE: Terms =
    Terms { notice: NOTICE_REQUEST_BARE, wording: "w-request-bare", ..ASKED };
pub(crate) const SILENCE: Terms = Terms { notice: "", ..ASKED };

/// The number passed to somebody else: says nothing about anybody's wishes.
pub(crate) const NEW_HOLDER: Terms = BLANK;

/// Consent given to the partner that the platform may have the data.
pub(crate) const PROVISION: Terms = Terms {
    covers: "process",
    controller: PARTNER,
    purposes: "provision",
    categories: "contact|purchases",
    control: "ticked_by_recipient",
    bundling: "separate",
    prominence: "on_face",
    forced: "no",
    related: "yes",
    notice: NOTICE_PARTNER,
    provision_to: RETAIL,
    provision: ["yes"; 5],
    ..BLANK
};
pub(crate) const PROVISION_UNNAMED: Terms =
    Terms { provision_to: "", provision: ["yes", "no", "yes", "yes", "yes"], ..PROVISION };
pub(crate) const PROVISION_NOT_SEPARATE: Terms =
    Terms { bundling: "with_terms", provision: ["yes", "yes", "yes", "yes", "no"], ..PROVISION };
