//! What was known about a recipient for one message: the selected acts and how they fit.

use crate::code::words;
use crate::{AgeBand, Grade, Set, Terms, Timestamp};

words! {
    /// Where the recipient stands on one of the two consents at the time of sending.
    State {
        /// No act on record.
        NoRecord = "no_record",
        /// The latest act agrees and covers this message.
        Given = "given",
        /// The latest act agrees but not to this message: see the scope.
        OutOfScope = "out_of_scope",
        /// Asked, and silence.
        Silent = "silent",
        /// The latest act says no.
        Refused = "refused",
        /// The number passed to another person after the last act.
        Reassigned = "reassigned",
    }
}

words! {
    /// In which respect a consent does not reach a message.
    Scope {
        /// Another controller or brand.
        Sender = "sender",
        /// Another channel.
        Channel = "channel",
        /// Another kind of content.
        Kind = "kind",
        /// Another purpose.
        Purpose = "purpose",
        /// More often than agreed.
        Frequency = "frequency",
        /// After the period agreed.
        Period = "period",
        /// Only for data categories that were not used.
        Category = "category",
    }
}

/// One of the two consents, as far as acts up to the send show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'w> {
    /// Where it stands.
    pub state: State,
    /// In which respects it does not reach, when out of scope.
    pub beyond: Set<Scope>,
    /// How good the evidence is.
    pub grade: Grade,
    /// Evidence of the act was first recorded after the send.
    pub learnt_later: bool,
    /// The act itself is proved, whatever a page record says of the page it was done on.
    pub held: bool,
    /// When the act occurred.
    pub at: Timestamp,
    /// What it says.
    pub terms: Option<&'w Terms>,
}

words! {
    /// How far a refusal reaches to this message.
    RefusalReach {
        /// None stands.
        None = "none",
        /// Said to this very sender.
        Sender = "sender",
        /// Said to another name of the same brand.
        Brand = "brand",
        /// Said to the port, whose present sender is unmapped or one of several.
        Port = "port",
    }
}

/// The latest refusal that no later act of the recipient lifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// How it reaches.
    pub reach: RefusalReach,
    /// When it arrived.
    pub received: Timestamp,
    /// It had arrived before the send but was recorded after it.
    pub recorded_late: bool,
    /// It ties with an agreeing act in the same second; ties refuse.
    pub tie: bool,
}

/// A request (请求) of the recipient for this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invited {
    /// How good the evidence is.
    pub grade: Grade,
    /// When.
    pub at: Timestamp,
}

words! {
    /// Whether this recipient was asked before with the same or a similar request.
    AskedBefore {
        /// Not on record.
        No = "no",
        /// Asked, and silence.
        Silence = "silence",
        /// Asked, and refused; or refused unasked.
        Refusal = "refusal",
        /// Asked with another wording.
        OtherWording = "other_wording",
    }
}

/// Everything a rule may ask about the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'w> {
    /// Consent to receive.
    pub receive: Standing<'w>,
    /// Consent to have personal information processed.
    pub process: Standing<'w>,
    /// A request, if one reaches this message.
    pub invited: Option<Invited>,
    /// A refusal, if one stands.
    pub refusal: Refusal,
    /// Earlier consent requests.
    pub asked: AskedBefore,
    /// Times the recipient was asked again after an explicit refusal, this request not counted.
    pub asked_since_refusal: u16,
    /// The data come from another controller (party differs), so cn/pipl/23 asks for separate consent.
    pub provided_by_another: bool,
    /// Separate consent to that provision, if on record.
    pub provision: Standing<'w>,
    /// Age evidence.
    pub age: AgeBand,
    /// A guardian's consent is on record.
    pub guardian: Option<bool>,
}
