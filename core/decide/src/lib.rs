//! May this be sent? The one function that every surface calls.
//!
//! Pure: no clock, disk, network or randomness; time is an argument. Every applicable provision answers;
//! nothing returns early and hides a breach. House policy is reported apart and never called law. A
//! message can be sent only with a [`Clearance`], and only this crate makes one.
//!
//! ```
//! use anning_consent::World;
//! use anning_decide::{Outcome, Policy, decide};
//! use anning_law::{Law, ProvisionId};
//! use anning_vocab::{Channel, Class, Date, Message, PartyId};
//!
//! let day = Date::parse("2021-11-11").unwrap();
//! let mut message = Message::new(day.start(), Channel::Sms);
//! message.parties.advertiser = Some(PartyId(0));
//! let (law, world) = (Law::embedded(), World::default());
//! let facts = world.facts(&message, &[], &[]);
//! let decision = decide(law.on(day), &message, Class::Commercial, &facts, &[], &Policy::default());
//! // Nobody can show consent: unproved, which is not the same as breached.
//! assert!(decision.findings.strict.unproved & ProvisionId::AdlawConsent.bit() != 0);
//! assert_eq!(decision.outcome, Outcome::Deny);
//! ```

mod binds;
mod campaign;
mod caveats;
mod clearance;
mod decision;
mod evidence;
mod findings;
mod house;
mod recompute;
mod record;

pub use binds::{Binds, brands_hash};
pub use campaign::Campaign;
pub use clearance::{Clearance, ClearanceKind, Expired, clear};
pub use decision::{Decision, Outcome, Treatment, decide};
pub use evidence::{EVIDENCE_MAX, Evidence, evidence_hash};
pub use findings::{Findings, Masks};
pub use house::{Account, House, HouseGround, Mode, Policy, QuietHours, Reading};
pub use recompute::{Bench, Difference, Recomputed, differences, recompute};
pub use record::{DecisionRecord, RECORD_MAX, RecordError, Sealed, article, article_on};
