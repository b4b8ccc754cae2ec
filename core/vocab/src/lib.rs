//! The shared words of Anning: recipients, messages, acts, facts, money, dates, citations.
//!
//! Everything here is a plain value: no clock, no disk, no network, no randomness. A type says what
//! happened or what a text says, never whether it was lawful; that is `decide`'s answer.
//!
//! Start from [`Message`] (what is to be sent), [`Act`] (what the recipient did) and [`Facts`] (what
//! was known about that recipient for that message).
//!
//! ```
//! use anning_vocab::{Date, Timestamp};
//! let sent = Timestamp::from_millis(1_635_695_999_000); // 2021-10-31T23:59:59+08:00
//! assert_eq!(sent.date(), Date::from_ymd(2021, 10, 31).unwrap());
//! ```

mod act;
mod code;
mod facts;
mod finding;
mod message;
mod money;
mod page;
mod prior;
mod recipient;
mod registry;
mod set;
mod terms;
mod time;
mod word;

pub use act::{Act, ActKind, Origin};
pub use facts::{AskedBefore, Facts, Invited, Refusal, RefusalReach, Scope, Standing, State};
pub use finding::{Answer, Caveat, Caveats, Finding, Ground};
pub use message::{
    Audience, Basis, Declared, Filing, Known, Message, Parties, PortUse, Purpose, Region, SenderNumber,
    TextFacts,
};
pub use money::Fen;
pub use page::{PageAsks, PageFacts, PageReceiver};
pub use prior::Prior;
pub use recipient::{AddressError, Recipient, RecipientKey, RecipientKind};
pub use registry::{Campaign, Context, Party, Port, Registry};
pub use set::Set;
pub use terms::{
    Bundling, Control, Covers, Frequency, Notice, PageSeen, Prominence, Provision, Terms, Window,
};
pub use time::{Date, DateError, Interval, Timestamp};
pub use word::{AgeBand, Category, Channel, Class, ContentKind, Grade, Mark, ProcessingPurpose, Role};

/// Index of an interned value in the table that the edge keeps; meaningless without that table.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// A company, authority or person named as sender, provider, carrier or processor.
    PartyId,
    /// A brand: what the public takes for one sender (see the brand graph in `consent`).
    BrandId,
    /// A sender number or access port (端口), digits only.
    PortId,
    /// A signature 【…】.
    SignatureId,
    /// Interned [`Terms`].
    TermsId,
    /// A campaign.
    CampaignId,
}
