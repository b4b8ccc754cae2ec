//! The rules: one function per provision, bound to the article it comes from.
//!
//! A rule looks at one message and what was known about its recipient and answers for its own
//! provision only. It knows no other provision, no policy and no date but the day of sending.

use anning_vocab::{Channel, Class, Date, Facts, Finding, Message, Role, Set};

use crate::cn;

/// What a rule is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The message.
    pub message: &'a Message,
    /// Its class by content.
    pub class: Class,
    /// What was known about the recipient.
    pub facts: &'a Facts<'a>,
    /// The first day on which this provision bound anyone, under whatever number.
    pub in_force_from: Date,
}

/// Which messages a provision speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Commercial messages, mixed ones included.
    Commercial,
    /// Requests for consent.
    ConsentRequest,
    /// Every message sent through a provider.
    Every,
}

/// One provision and the function that judges it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its identifier.
    pub id: ProvisionId,
    /// The article it is bound to; `law/` gives interval, mark and text.
    pub article: &'static str,
    /// Paragraph or item within the article, 0 for the whole.
    pub paragraph: u8,
    /// Who answers for it.
    pub roles: Set<Role>,
    /// Channels its text covers.
    pub channels: Set<Channel>,
    /// Which messages it speaks of.
    pub subject: Subject,
    /// It forbids sending without consent or request: a ban in the sense of DESIGN §4.
    pub ban: bool,
    /// The rule.
    pub judge: fn(&Case<'_>) -> Finding,
}

/// Every rule, in the order of [`ProvisionId`].
#[must_use]
pub fn rules() -> &'static [Rule] {
    RULES
}

macro_rules! provisions {
    ($($variant:ident $code:literal $article:literal $paragraph:literal [$($role:ident),*] $channels:ident $subject:ident $ban:literal $judge:path;)*) => {
        /// A provision on which a finding is made.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum ProvisionId { $(#[doc = concat!("`", $code, "`, ", $article, ".")] $variant),* }

        impl ProvisionId {
            /// Every provision, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name used in files and in `law/`.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }

            /// The provision of this name, if any.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// Position in [`Self::ALL`] and in every mask.
            #[must_use]
            pub const fn index(self) -> usize { self as usize }

            /// This provision alone, as a mask.
            #[must_use]
            pub const fn bit(self) -> u64 { 1 << self as u64 }
        }

        impl core::fmt::Display for ProvisionId {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str(self.code()) }
        }

        /// Asks the provisions in `mask` one after another: direct calls, because a loop over function
        /// pointers is mispredicted at nearly every step (a third of the time of a decision).
        pub(crate) fn ask_each(
            mask: u64,
            message: &Message,
            class: Class,
            facts: &Facts<'_>,
            since: &[Date; ProvisionId::ALL.len()],
            mut answer: impl FnMut(ProvisionId, Finding),
        ) {
            $(if mask & ProvisionId::$variant.bit() != 0 {
                let in_force_from = since.get(ProvisionId::$variant as usize).copied().unwrap_or_default();
                let case = Case { message, class, facts, in_force_from };
                answer(ProvisionId::$variant, $judge(&case));
            })*
        }

        static RULES: &[Rule] = &[$(Rule {
            id: ProvisionId::$variant,
            article: $article,
            paragraph: $paragraph,
            roles: Set::<Role>::of(&[$(Role::$role),*]),
            channels: $channels,
            subject: Subject::$subject,
            ban: $ban,
            judge: $judge,
        }),*];
    };
}

provisions! {
    NpcscConsent "npcsc_consent" "cn/npcsc/7" 0 [Anyone] PHONE_AND_EMAIL Commercial true cn::npcsc::consent;
    AdlawConsent "adlaw_consent" "cn/adlaw/43" 1 [Advertiser] EVERY Commercial true cn::adlaw::consent;
    AdlawIdentity "adlaw_identity" "cn/adlaw/43" 2 [Advertiser] ELECTRONIC Commercial false cn::adlaw::identity;
    AdlawOperator "adlaw_operator" "cn/adlaw/45" 0 [Carrier, ServiceProvider] ELECTRONIC Commercial false cn::adlaw::operator;
    CrplConsent "crpl_consent" "cn/crpl/29" 3 [Business] EVERY Commercial true cn::crpl::consent;
    CrplStandardTerms "crpl_standard_terms" "cn/crpl/26" 0 [Business] EVERY Commercial false cn::crpl::standard_terms;
    Saic73Consent "saic73_consent" "cn/saic73/11" 3 [Business] EVERY Commercial true cn::crpl::consent;
    Saic73StandardTerms "saic73_standard_terms" "cn/saic73/12" 0 [Business] EVERY Commercial false cn::crpl::standard_terms;
    CrplregConsent "crplreg_consent" "cn/crplreg/24" 1 [Business] EVERY Commercial true cn::crplreg::consent;
    CrplregCancel "crplreg_cancel" "cn/crplreg/24" 2 [Business] EVERY Commercial false cn::crplreg::cancel;
    CrplregAuthorisation "crplreg_authorisation" "cn/crplreg/23" 1 [Business] EVERY Commercial false cn::crplreg::authorisation;
    Miit31Consent "miit31_consent" "cn/miit31/18" 1 [ServiceProvider, ContentProvider, Carrier] SHORT_AND_IM Commercial true cn::miit31::consent;
    Miit31Request "miit31_request" "cn/miit31/18" 2 [ServiceProvider, ContentProvider] SHORT ConsentRequest false cn::miit31::request;
    Miit31Carrier "miit31_carrier" "cn/miit31/18" 3 [Carrier] SHORT Commercial false cn::miit31::carrier;
    Miit31Port "miit31_port" "cn/miit31/19" 0 [ServiceProvider, ContentProvider] SHORT Commercial false cn::miit31::port;
    Miit31Refusal "miit31_refusal" "cn/miit31/20" 0 [ServiceProvider, ContentProvider] SHORT Commercial false cn::miit31::refusal;
    Miit31Label "miit31_label" "cn/miit31/21" 0 [ServiceProvider, ContentProvider] SHORT Commercial false cn::miit31::label;
    Miit31Number "miit31_number" "cn/miit31/11" 0 [ServiceProvider] SHORT Every false cn::miit31::number;
    Miit31Log "miit31_log" "cn/miit31/12" 0 [ServiceProvider] SHORT Every false cn::miit31::log;
    Miit31Licence "miit31_licence" "cn/miit31/6" 1 [ServiceProvider] SHORT Every false cn::miit31::licence;
    Miit74Number "miit74_number" "cn/miit74/12" 0 [ServiceProvider] SHORT Every false cn::miit74::number;
    Miit74Log "miit74_log" "cn/miit74/13" 0 [ServiceProvider] SHORT Every false cn::miit74::log;
    Miit74Commercial "miit74_commercial" "cn/miit74/21" 0 [ServiceProvider, ContentProvider, Anyone] SHORT Commercial false cn::miit74::commercial;
    Samr37Authorisation "samr37_authorisation" "cn/samr37/13" 2 [OnlineBusiness] EVERY Commercial false cn::samr37::authorisation;
    Samr37Consent "samr37_consent" "cn/samr37/16" 1 [OnlineBusiness] EVERY Commercial true cn::samr37::consent;
    Samr37Refusal "samr37_refusal" "cn/samr37/16" 2 [OnlineBusiness] EVERY Commercial false cn::samr37::refusal;
    PiplConsent "pipl_consent" "cn/pipl/14" 0 [Processor] EVERY Commercial false cn::pipl::consent;
    PiplWithdrawal "pipl_withdrawal" "cn/pipl/15" 0 [Processor] EVERY Commercial false cn::pipl::withdrawal;
    PiplNoForcing "pipl_no_forcing" "cn/pipl/16" 0 [Processor] EVERY Commercial false cn::pipl::no_forcing;
    PiplNotice "pipl_notice" "cn/pipl/17" 0 [Processor] EVERY Commercial false cn::pipl::notice;
    PiplEntrust "pipl_entrust" "cn/pipl/21" 0 [Processor] EVERY Commercial false cn::pipl::entrust;
    PiplProvision "pipl_provision" "cn/pipl/23" 0 [Processor] EVERY Commercial false cn::pipl::provision;
    PiplAutomated "pipl_automated" "cn/pipl/24" 2 [Processor] EVERY Commercial false cn::pipl::automated;
    PiplSensitive "pipl_sensitive" "cn/pipl/29" 0 [Processor] EVERY Commercial false cn::pipl::sensitive;
    PiplUnder14 "pipl_under14" "cn/pipl/31" 1 [Processor] EVERY Commercial false cn::pipl::under_14;
    MinorsUnder14 "minors_under14" "cn/minors/72" 1 [Processor] EVERY Commercial false cn::minors::under_14;
    MinorsMarketing "minors_marketing" "cn/minorsreg/24" 3 [OnlineBusiness, Platform] EVERY Commercial false cn::minors::marketing;
    NetdataConsent "netdata_consent" "cn/netdata/22" 1 [Processor] EVERY Commercial false cn::netdata::consent;
    NetdataReask "netdata_reask" "cn/netdata/22" 5 [Processor] EVERY ConsentRequest false cn::netdata::reask;
    NetdataRecords "netdata_records" "cn/netdata/12" 1 [Processor] EVERY Commercial false cn::netdata::records;
    NetdataPush "netdata_push" "cn/netdata/42" 0 [Platform] EVERY Commercial false cn::netdata::push;
    CivilPeace "civil_peace" "cn/civil/1033" 1 [Anyone] EVERY Commercial true cn::civil::peace;
    CivilStandardTerms "civil_standard_terms" "cn/civil/496" 2 [Business] EVERY Commercial false cn::crpl::standard_terms;
    EmailConsent "email_consent" "cn/mii38/13" 2 [Anyone] EMAIL Commercial true cn::email::consent;
    EmailLabel "email_label" "cn/mii38/13" 3 [Anyone] EMAIL Commercial false cn::email::label;
    EmailRefusal "email_refusal" "cn/mii38/14" 0 [Anyone] EMAIL Commercial false cn::email::refusal;
    AlgoSwitch "algo_switch" "cn/algo/17" 1 [OnlineBusiness, Platform] EVERY Commercial false cn::netdata::algo_switch;
    ShanghaiConsent "shanghai_consent" "cn/shanghai/32" 1 [Business] EVERY Commercial true cn::local::shanghai_consent;
    ShanghaiCost "shanghai_cost" "cn/shanghai/32" 2 [Business] EVERY Commercial false cn::local::shanghai_cost;
    ShanghaiProof "shanghai_proof" "cn/shanghai/31" 1 [Business] EVERY Commercial false cn::local::shanghai_proof;
    ShandongConsent "shandong_consent" "cn/shandong/32" 1 [Business] EVERY Commercial true cn::local::shandong_consent;
    HenanConsent "henan_consent" "cn/henan/32" 1 [Anyone] PHONE_AND_EMAIL Commercial true cn::local::henan_consent;
    CslConsent "csl_consent" "cn/csl/41" 1 [Processor] ELECTRONIC Commercial false cn::csl::consent;
    Order24Consent "order24_consent" "cn/miit24/9" 0 [Carrier, ServiceProvider, OnlineBusiness] ELECTRONIC Commercial false cn::csl::order_24;
}

const EVERY: Set<Channel> = Set::<Channel>::all();
const EMAIL: Set<Channel> = Set::<Channel>::of(&[Channel::Email]);
/// Short messages in the sense of Order 31 art 37.
const SHORT: Set<Channel> = Set::<Channel>::of(&[Channel::Sms, Channel::Mms, Channel::Rcs]);
/// ... and what Order 31 art 38 treats by analogy.
const SHORT_AND_IM: Set<Channel> =
    Set::<Channel>::of(&[Channel::Sms, Channel::Mms, Channel::Rcs, Channel::Im]);
/// 固定电话、移动电话或者个人电子邮箱.
const PHONE_AND_EMAIL: Set<Channel> =
    Set::<Channel>::of(&[Channel::Sms, Channel::Mms, Channel::Rcs, Channel::Call, Channel::Email]);
/// 电子信息方式: all but leaflets.
const ELECTRONIC: Set<Channel> = Set::<Channel>::of(&[
    Channel::Sms,
    Channel::Mms,
    Channel::Rcs,
    Channel::Call,
    Channel::Im,
    Channel::Email,
]);

const _: () = assert!(ProvisionId::ALL.len() <= 64, "findings are 64-bit masks");
