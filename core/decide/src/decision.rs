//! The decision: every applicable provision answers, then the answers are read together.

use anning_consent::Prior;
use anning_law::{LawInForce, Subject};
use anning_vocab::{Caveats, Class, Declared, Facts, Known, Message, Purpose, Timestamp};

use crate::caveats;
use crate::findings::{Findings, Masks};
use crate::house::{Account, House, Mode, Policy, Reading};

/// Which provisions a message falls under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// Commercial, or mixed.
    Commercial,
    /// A request for consent; it has its own path.
    ConsentRequest,
    /// Outside these provisions, which is not the same as lawful.
    Outside,
}

/// What is to be done with a message, by law and house policy together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing stands against it.
    Allow,
    /// It must not go out.
    Deny,
    /// House policy: not before.
    Hold(Timestamp),
    /// A verification code that something stands against: it goes out, recorded.
    FailOpen,
}

/// A decision on one message. Only [`decide`] makes one: a clearance rests on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Decision {
    /// Under which provisions it was judged.
    pub treatment: Treatment,
    /// What each provision found.
    pub findings: Findings,
    /// What the reader must be told besides.
    pub caveats: Caveats,
    /// What house policy says, apart from the law.
    pub house: House,
    /// What is to be done.
    pub outcome: Outcome,
}

impl Treatment {
    /// What later messages to the same recipient are counted against, once a message so treated is handed over.
    #[must_use]
    pub fn as_prior(self, message: &Message) -> Prior {
        Prior {
            sent_at: message.sent_at,
            sender: message.sender(),
            channel: message.channel,
            kind: message.kind,
            commercial: self == Self::Commercial,
            request: message.purpose == Purpose::ConsentRequest,
            wording: message.wording,
        }
    }
}

impl Decision {
    /// What later messages to the same recipient are counted against, once this one is handed over.
    #[must_use]
    pub fn as_prior(&self, message: &Message) -> Prior {
        self.treatment.as_prior(message)
    }
}

/// Decides one message under the law in force at the time of sending.
///
/// `class` is what its content reads as; `facts` and `prior` are of its recipient, as in
/// [`anning_consent::World::facts`].
#[must_use]
pub fn decide(
    law: &LawInForce,
    message: &Message,
    class: Class,
    facts: &Facts<'_>,
    prior: &[Prior],
    policy: &Policy,
) -> Decision {
    let treatment = treatment(message, class, policy);
    let judged = ask_all(law, message, class, facts, treatment);
    let house = match treatment {
        Treatment::Commercial | Treatment::ConsentRequest => policy.house(message, facts, prior),
        Treatment::Outside => House::Pass,
    };
    let caveats = caveats::of(message, class, facts, treatment, &judged);
    let outcome = outcome(&judged, message, treatment, house, policy);
    Decision { treatment, findings: judged.findings, caveats, house, outcome }
}

/// The findings, and what about the texts the outcome depends on.
pub(crate) struct Judged {
    pub(crate) findings: Findings,
    /// A provision in force whose text is not loaded spoke.
    pub(crate) not_loaded: u64,
    /// A provision in force on this channel has no text loaded, whether or not its rule spoke.
    pub(crate) unread: bool,
    /// A loaded ban spoke.
    pub(crate) loaded_ban: bool,
}

/// What the message is treated as: its content decides, the sender's claim does not.
fn treatment(message: &Message, class: Class, policy: &Policy) -> Treatment {
    if message.purpose == Purpose::ConsentRequest {
        return Treatment::ConsentRequest;
    }
    // A sender who declares the message commercial is taken at its word; one who denies it is not.
    let commercial_account =
        policy.account == Account::Commercial || message.declared == Declared::Commercial;
    match class {
        Class::Commercial | Class::Mixed => Treatment::Commercial,
        Class::Borderline if commercial_account => Treatment::Commercial,
        Class::Borderline | Class::NotCommercial => Treatment::Outside,
    }
}

/// Asks every provision that speaks of this channel, role and subject.
fn ask_all(
    law: &LawInForce,
    message: &Message,
    class: Class,
    facts: &Facts<'_>,
    treatment: Treatment,
) -> Judged {
    let subjects: &[Subject] = match treatment {
        Treatment::Commercial => &[Subject::Every, Subject::Commercial],
        Treatment::ConsentRequest => &[Subject::Every, Subject::ConsentRequest],
        Treatment::Outside => &[Subject::Every],
    };
    let mut findings = Findings::NONE;
    let mask = law.applicable(message.channel, message.roles(), subjects);
    law.ask(mask, message, class, facts, |id, finding| findings.put(id, finding));
    findings.soften(law.verified());
    let not_loaded = law.not_loaded(message.channel);
    let loaded_ban = findings.strict.applicable() & law.loaded_bans() != 0;
    Judged { findings, not_loaded, unread: not_loaded != 0, loaded_ban }
}

/// Deny on any breach; in enforce mode also on what is unproved or unclear. A code always passes.
fn outcome(
    judged: &Judged,
    message: &Message,
    treatment: Treatment,
    house: House,
    policy: &Policy,
) -> Outcome {
    let masks = match policy.reading {
        Reading::Strict => judged.findings.strict,
        Reading::Lenient => judged.findings.lenient,
    };
    // A notice is not stopped for want of proof: what every message must keep denies only where broken.
    let mode = if treatment == Treatment::Outside { Mode::Shadow } else { policy.mode };
    let by_law = denied(masks, judged, mode);
    let by_house = matches!(house, House::Deny(_));
    let code_passes = message.text.code == Known::Yes && !policy.refuse_codes_with_offer;
    match (by_law || by_house, house) {
        (true, _) if code_passes => Outcome::FailOpen,
        (true, _) => Outcome::Deny,
        (false, House::Hold(..)) if code_passes => Outcome::FailOpen,
        (false, House::Hold(_, until)) => Outcome::Hold(until),
        (false, House::Pass | House::Deny(_)) => Outcome::Allow,
    }
}

fn denied(masks: Masks, judged: &Judged, mode: Mode) -> bool {
    // A text in force but not loaded denies only where no loaded ban covers channel and date.
    let silenced = if judged.loaded_ban { judged.not_loaded } else { 0 };
    match mode {
        Mode::Shadow => masks.breached != 0,
        Mode::Enforce => masks.breached | masks.unproved | (masks.unclear & !silenced) != 0,
    }
}
