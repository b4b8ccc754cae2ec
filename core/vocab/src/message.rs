//! What is to be sent, or was sent: facts only.

use crate::code::words;
use crate::{
    AgeBand, BrandId, CampaignId, Channel, ContentKind, PartyId, PortId, RecipientKind, Role, Set,
    SignatureId, Timestamp,
};

words! {
    /// A fact that may be unknown; unknown is never read as no.
    Known {
        /// Nobody recorded it.
        Unknown = "unknown",
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }
}

impl Known {
    /// From an optional flag.
    #[must_use]
    pub const fn from_option(flag: Option<bool>) -> Self {
        match flag {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

words! {
    /// What the sender declares the message to be: a claim, content decides.
    Declared {
        /// Nothing declared.
        Unknown = "unknown",
        /// 商业类, 营销.
        Commercial = "commercial",
        /// 业务管理和服务类, 通知.
        Service = "service",
        /// 验证码.
        Code = "code",
    }
}

words! {
    /// What the message is for.
    Purpose {
        /// To sell or inform.
        Content = "content",
        /// To ask for consent (Order 31 art 18(2)); it has its own path.
        ConsentRequest = "consent_request",
    }
}

words! {
    /// How its audience was selected.
    Audience {
        /// Nobody recorded it.
        Unknown = "unknown",
        /// Everyone on a list, no selection by personal features.
        Untargeted = "untargeted",
        /// By tags.
        Tags = "tags",
        /// By tags that reveal sensitive personal information.
        SensitiveTags = "sensitive_tags",
        /// By automated decision.
        AutomatedDecision = "automated_decision",
    }
}

impl Audience {
    /// Chosen by a program from personal features (自动化决策, cn/pipl/73(2)).
    #[must_use]
    pub const fn is_automated(self) -> bool {
        matches!(self, Self::Tags | Self::SensitiveTags | Self::AutomatedDecision)
    }
}

words! {
    /// What the port is declared for.
    PortUse {
        /// Nobody recorded it.
        Unknown = "unknown",
        /// Commercial messages allowed.
        Commercial = "commercial",
        /// 业务管理和服务类 only.
        ServiceOnly = "service_only",
    }
}

words! {
    /// The number or code the message shows as its sender.
    SenderNumber {
        /// Nobody kept it.
        NotKept = "not_kept",
        /// Carried, true and whole.
        True = "true",
        /// Missing from the message.
        Missing = "missing",
        /// False or another's.
        False = "false",
    }
}

words! {
    /// What the sender itself says its ground was.
    Basis {
        /// Nothing.
        Unstated = "unstated",
        /// It says consent or request existed.
        Claimed = "claimed",
        /// It says, or an authority found, that there was neither.
        None = "none",
    }
}

words! {
    /// Region whose local rules bear on the business.
    Region {
        /// No local rule loaded for it, or unknown.
        Elsewhere = "elsewhere",
        /// 上海.
        Shanghai = "shanghai",
        /// 山东.
        Shandong = "shandong",
        /// 河南.
        Henan = "henan",
    }
}

/// Who stands behind a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Parties {
    /// 广告主: whose goods or services it promotes.
    pub advertiser: Option<PartyId>,
    /// 短信息内容提供者: whose message it is.
    pub content_provider: Option<PartyId>,
    /// 短信息服务提供者: who sends it for them.
    pub service_provider: Option<PartyId>,
    /// 基础电信业务经营者: whose network carries it.
    pub carrier: Option<PartyId>,
    /// 个人信息处理者: who first obtained the recipient's data, and decided on their use.
    pub controller: Option<PartyId>,
}

/// Whether signature, content provider and port are on file: facts, asked by notices whose text we lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Filing {
    /// The signature is filed with the carrier.
    pub signature: Known,
    /// The content provider is filed.
    pub content_provider: Known,
    /// The port is filed for this use.
    pub port: Known,
}

/// What the text itself shows. All `Unknown` when the log kept no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextFacts {
    /// The sender is named: signature 【…】 or name in the text.
    pub identity: Known,
    /// A way to reach the sender: number, address, link.
    pub contact: Known,
    /// A way to refuse is told: 回T退订, 拒收请回复R, unsubscribe.
    pub refusal: Known,
    /// The e-mail subject begins with 广告 or AD.
    pub ad_label: Known,
    /// It carries a verification code.
    pub code: Known,
}

impl TextFacts {
    /// Nothing is known: no text was kept.
    pub const UNKNOWN: Self = Self {
        identity: Known::Unknown,
        contact: Known::Unknown,
        refusal: Known::Unknown,
        ad_label: Known::Unknown,
        code: Known::Unknown,
    };
}

/// A message to one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// When it is, or was, sent.
    pub sent_at: Timestamp,
    /// By which channel.
    pub channel: Channel,
    /// What it is about, if known.
    pub kind: Option<ContentKind>,
    /// What it is for.
    pub purpose: Purpose,
    /// What the sender declares it to be.
    pub declared: Declared,
    /// Who stands behind it.
    pub parties: Parties,
    /// The advertiser sells online (网络交易经营者).
    pub online_business: Known,
    /// Its brand at that date, if any assertion maps signature, number or company.
    pub brand: Option<BrandId>,
    /// The signature, if any.
    pub signature: Option<SignatureId>,
    /// The port or number it shows.
    pub port: Option<PortId>,
    /// The port serves several senders.
    pub port_shared: Known,
    /// What the port is declared for.
    pub port_use: PortUse,
    /// State of the sender number.
    pub sender_number: SenderNumber,
    /// Filing facts.
    pub filing: Filing,
    /// How the audience was selected.
    pub audience: Audience,
    /// An untargeted option or an easy way to refuse personalisation was offered (cn/pipl/24(2)).
    pub untargeted_option: Known,
    /// Replying to refuse costs the person nothing: a fact of the port's tariff.
    pub refusal_free: Known,
    /// The service provider may send for others: a contract under cn/pipl/21 is held.
    pub vendor_contract: Known,
    /// The service provider holds its telecom licence.
    pub licence: Known,
    /// The carrier or platform had been told, or could not but know, that sends of this kind were unlawful.
    pub operator_knew: Known,
    /// The log of times, both numbers and, for ports, content was kept.
    pub log_kept: Known,
    /// What the sender says its ground was.
    pub basis: Basis,
    /// Where the business is, for local rules.
    pub region: Region,
    /// What the text shows.
    pub text: TextFacts,
    /// The campaign, if any.
    pub campaign: Option<CampaignId>,
    /// Kind of recipient.
    pub recipient: RecipientKind,
    /// Age evidence known at the send, if the log itself carries it.
    pub age: AgeBand,
    /// Group of same or similar wording, for consent requests.
    pub wording: Option<u32>,
    /// Consent requests: the text states type, frequency and period (Order 31 art 18(2)).
    pub request_states_terms: Known,
}

impl Message {
    /// A message with every fact unknown but time and channel.
    #[must_use]
    pub const fn new(sent_at: Timestamp, channel: Channel) -> Self {
        Self {
            sent_at,
            channel,
            kind: None,
            purpose: Purpose::Content,
            declared: Declared::Unknown,
            parties: Parties {
                advertiser: None,
                content_provider: None,
                service_provider: None,
                carrier: None,
                controller: None,
            },
            online_business: Known::Unknown,
            brand: None,
            signature: None,
            port: None,
            port_shared: Known::Unknown,
            port_use: PortUse::Unknown,
            sender_number: SenderNumber::NotKept,
            filing: Filing {
                signature: Known::Unknown,
                content_provider: Known::Unknown,
                port: Known::Unknown,
            },
            audience: Audience::Unknown,
            untargeted_option: Known::Unknown,
            refusal_free: Known::Unknown,
            vendor_contract: Known::Unknown,
            licence: Known::Unknown,
            operator_knew: Known::Unknown,
            log_kept: Known::Unknown,
            basis: Basis::Unstated,
            region: Region::Elsewhere,
            text: TextFacts::UNKNOWN,
            campaign: None,
            recipient: RecipientKind::Person,
            age: AgeBand::Unknown,
            wording: None,
            request_states_terms: Known::Unknown,
        }
    }

    /// The sender towards whom consent is asked: the advertiser, else the content provider, else the
    /// controller of the data.
    #[must_use]
    pub fn sender(&self) -> Option<PartyId> {
        self.parties.advertiser.or(self.parties.content_provider).or(self.parties.controller)
    }

    /// The roles that somebody fills, as far as the record says. `Anyone` always.
    #[must_use]
    pub fn roles(&self) -> Set<Role> {
        let p = &self.parties;
        let mut roles = Set::<Role>::of(&[Role::Anyone]);
        let mut add = |present: bool, members: &[Role]| {
            if present {
                roles = roles.union(members.iter().copied().collect());
            }
        };
        // Whoever promotes goods or services to persons is a 经营者 too (role decides the article).
        add(self.sender().is_some(), &[Role::Advertiser, Role::Business, Role::Processor]);
        add(
            self.sender().is_some() && self.online_business == Known::Yes,
            &[Role::OnlineBusiness, Role::Platform],
        );
        add(p.content_provider.or(p.advertiser).is_some(), &[Role::ContentProvider]);
        add(p.service_provider.is_some(), &[Role::ServiceProvider]);
        add(p.carrier.is_some(), &[Role::Carrier]);
        add(p.controller.is_some(), &[Role::Processor]);
        roles
    }
}
