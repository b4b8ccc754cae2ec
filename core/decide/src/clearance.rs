//! Sending takes a clearance, and only this module makes one: forgetting to ask does not compile.

use anning_vocab::{Message, Timestamp};

use crate::binds::Binds;
use crate::decision::{Decision, Outcome};
use crate::house::{Mode, Policy};

/// Why a message may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearanceKind {
    /// Nothing stands against it.
    Permit,
    /// Shadow mode: recorded, not blocked.
    ShadowPass,
    /// A verification code: never lost.
    FailOpen,
}

/// The right to send one message once. It owns the message, cannot be copied or serialised, and expires:
/// whoever queues a message decides again when taking it out.
///
/// It comes from [`clear`] alone:
///
/// ```
/// use anning_decide::{Binds, Clearance, Decision, Policy, clear};
/// use anning_vocab::{Message, Timestamp};
/// fn send(decision: &Decision, message: Message, binds: Binds, ends: Timestamp) -> Option<Clearance> {
///     clear(decision, message, &Policy::default(), binds, ends)
/// }
/// ```
///
/// Written out by hand it does not compile, its fields are private:
///
/// ```compile_fail,E0451
/// use anning_decide::{Binds, Clearance, ClearanceKind};
/// use anning_vocab::{Message, Timestamp};
/// fn send(message: Message, binds: Binds, expires: Timestamp) -> Clearance {
///     Clearance { message, kind: ClearanceKind::Permit, binds, expires }
/// }
/// ```
///
/// Nor can it be sent twice:
///
/// ```compile_fail,E0599
/// fn twice(clearance: anning_decide::Clearance) -> [anning_decide::Clearance; 2] {
///     [clearance.clone(), clearance]
/// }
/// ```
///
/// ```compile_fail,E0382
/// fn twice(clearance: anning_decide::Clearance) -> [anning_decide::Clearance; 2] {
///     [clearance, clearance]
/// }
/// ```
///
/// Nor can the decision behind it be written by hand:
///
/// ```compile_fail,E0639
/// use anning_decide::{Decision, Findings, House, Outcome, Treatment};
/// use anning_vocab::Caveats;
/// fn allowed() -> Decision {
///     Decision {
///         treatment: Treatment::Commercial,
///         findings: Findings::NONE,
///         caveats: Caveats::EMPTY,
///         house: House::Pass,
///         outcome: Outcome::Allow,
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Clearance {
    message: Message,
    kind: ClearanceKind,
    binds: Binds,
    expires: Timestamp,
}

/// A clearance that may no longer be used. The message must be decided again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired {
    /// When it ended.
    pub expires: Timestamp,
    /// The log position it was bound to.
    pub log_position: u64,
}

impl core::fmt::Display for Expired {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "clearance ended at {} or the log moved past position {}; decide again",
            self.expires, self.log_position
        )
    }
}
impl core::error::Error for Expired {}

/// A clearance for a decided message, or none. The caller records the decision first.
#[must_use]
pub fn clear(
    decision: &Decision,
    message: Message,
    policy: &Policy,
    binds: Binds,
    expires: Timestamp,
) -> Option<Clearance> {
    let kind = match (decision.outcome, policy.mode) {
        (Outcome::Allow, _) => ClearanceKind::Permit,
        (Outcome::FailOpen, _) => ClearanceKind::FailOpen,
        (Outcome::Deny | Outcome::Hold(_), Mode::Shadow) => ClearanceKind::ShadowPass,
        (Outcome::Deny | Outcome::Hold(_), Mode::Enforce) => return None,
    };
    Some(Clearance { message, kind, binds, expires })
}

impl Clearance {
    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> ClearanceKind {
        self.kind
    }

    /// What the decision behind it was bound to.
    #[must_use]
    pub const fn binds(&self) -> &Binds {
        &self.binds
    }

    /// Uses it up: the message, if `now` is before its end and no act of the recipient came after the log
    /// position it was decided on.
    ///
    /// # Errors
    /// [`Expired`] when either has passed; the message must be decided again.
    pub fn redeem(self, now: Timestamp, recipient_position: u64) -> Result<Message, Expired> {
        if now < self.expires && recipient_position <= self.binds.log_position {
            Ok(self.message)
        } else {
            Err(Expired { expires: self.expires, log_position: self.binds.log_position })
        }
    }
}
