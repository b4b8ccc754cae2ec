//! Why a message is refused, and what each protocol says then: one table, total, published as `docs/result-codes.md`.
//!
//! A refusal by law or house policy has a code of its own in the vendor space, which clients take as final. The
//! protocol's flow control is said only where trying again can help. A number is given once and never means anything
//! else.

use anning_decide::{Decision, House, HouseGround, Reading, Treatment, article};
use anning_law::ProvisionId;
use anning_vocab::{Answer, Ground};

use crate::config::Protocol;

/// Whose reason it is, and whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The law's: final.
    Law,
    /// House policy, never called law: final.
    House,
    /// Something about the submit itself: final until it is put right.
    Submit,
    /// It was taken, and then something came in between.
    Afterwards,
    /// Try again later.
    Later,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $reason:ident = $number:literal $code:literal $kind:ident [$($article:ident),*] $zh:literal $en:literal;)*) => {
        /// Why a message is refused. In the order of precedence: the first that applies is said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Reason { $($(#[$doc])* $reason = $number),* }

        impl Reason {
            /// Every reason, in order.
            pub const ALL: &'static [Self] = &[$(Self::$reason),*];

            /// Its code for programs.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$reason => $code),* } }

            /// Whose it is.
            #[must_use]
            pub const fn kind(self) -> Kind { match self { $(Self::$reason => Kind::$kind),* } }

            /// The provisions that speak of it, the principal one first; none where it is not law.
            #[must_use]
            pub const fn provisions(self) -> &'static [ProvisionId] {
                match self { $(Self::$reason => &[$(ProvisionId::$article),*]),* }
            }

            /// In Chinese.
            #[must_use]
            pub const fn zh(self) -> &'static str { match self { $(Self::$reason => $zh),* } }

            /// In English.
            #[must_use]
            pub const fn en(self) -> &'static str { match self { $(Self::$reason => $en),* } }
        }
    };
}

reasons! {
    /// The recipient refused.
    Refused = 1 "refused" Law [CrplConsent, Miit31Consent, PiplWithdrawal] "接收者已拒绝或者撤回同意" "the recipient has refused or withdrawn";
    /// Refused to another name of the brand.
    RefusedBrand = 2 "refused_brand" Law [Samr37Refusal] "接收者已向同一品牌的其他名义拒绝" "refused to the same brand under another name";
    /// Refused to the port.
    RefusedPort = 3 "refused_port" Law [CrplConsent, Miit31Consent] "接收者已向该端口拒绝" "refused to this port, whose sender cannot be told";
    /// The number changed hands.
    Reassigned = 4 "reassigned" Law [AdlawConsent, Miit31Consent] "号码已转归他人，原同意不再有效" "the number passed to another person after the consent";
    /// Asked, and silence.
    Silent = 5 "silent" Law [Miit31Consent, AdlawConsent] "征求同意后未获答复，视为不同意" "asked for consent, and silence";
    /// No consent or request.
    NoConsent = 6 "no_consent" Law [AdlawConsent, CrplConsent, Miit31Consent, CivilPeace] "没有接收者同意或者请求的记录" "no consent or request of the recipient on record";
    /// A consent that cannot be shown.
    ConsentUnproved = 7 "consent_unproved" Law [AdlawConsent, Miit31Consent, PiplConsent] "同意无法证明：仅有主张，或者没有保存当时所见内容" "consent cannot be shown: claimed only, or not what the person saw";
    /// Consent names another sender.
    OtherSender = 8 "other_sender" Law [AdlawConsent, Miit31Consent] "同意的对象是其他发送者" "consent names another sender";
    /// Another channel.
    OtherChannel = 9 "other_channel" Law [AdlawConsent, Miit31Consent] "同意不包括短信" "consent does not reach this channel";
    /// Another kind of content.
    OtherKind = 10 "other_kind" Law [AdlawConsent, Miit31Consent] "同意不包括此类内容" "consent does not reach this kind of content";
    /// Another purpose.
    OtherPurpose = 11 "other_purpose" Law [PiplConsent] "同意不包括此项目的" "consent does not reach this purpose";
    /// More often than agreed.
    TooOften = 12 "too_often" Law [Miit31Consent, AdlawConsent] "超过接收者同意的频次" "more often than the recipient agreed";
    /// The period has ended.
    Lapsed = 13 "lapsed" Law [Miit31Consent, AdlawConsent] "同意的期限已满" "the period of the consent has ended";
    /// Consent with a defect.
    Defective = 14 "defective_consent" Law [PiplConsent, PiplNoForcing, CrplregAuthorisation, Samr37Authorisation] "同意系默认勾选、默示、捆绑、隐藏或者强制取得" "consent was ticked by default, implied, bundled, buried or forced";
    /// What had to be told was not.
    Notice = 15 "notice_incomplete" Law [PiplNotice] "征求同意时告知事项不全" "what had to be told with the consent was not";
    /// Data from another controller.
    Provision = 16 "no_separate_consent" Law [PiplProvision] "信息来自其他处理者而没有单独同意" "data of another controller without separate consent";
    /// No contract with the vendor.
    Vendor = 17 "no_vendor_contract" Law [PiplEntrust] "没有委托处理合同" "no contract with the vendor";
    /// Personalised.
    Personalised = 18 "personalised" Law [PiplAutomated, PiplSensitive] "个性化推送而没有不针对个人特征的选项，或者使用敏感标签" "personalised without an untargeted option, or by sensitive tags";
    /// A minor.
    Minor = 19 "minor" Law [PiplUnder14, MinorsUnder14, MinorsMarketing] "未成年人" "a minor";
    /// The sender is not named.
    NoIdentity = 20 "no_identity" Law [AdlawIdentity, Miit31Label] "没有明示发送者的真实身份和联系方式" "the message does not name its sender and how to reach it";
    /// No way to refuse is told.
    NoRefusalMethod = 21 "no_refusal_method" Law [AdlawIdentity, Miit31Refusal, Samr37Refusal] "没有提供拒绝接收的方式" "the message tells no way to refuse";
    /// Refusing costs money.
    RefusalCosts = 22 "refusal_not_free" Law [Samr37Refusal, CrplregCancel] "退订收费" "refusing costs the recipient money";
    /// No label.
    NoLabel = 23 "no_ad_label" Law [EmailLabel] "没有广告标识" "the label of an advertisement is missing";
    /// The sender number.
    SenderNumber = 24 "sender_number" Law [Miit31Number, Miit74Number] "主叫号码缺失或者虚假" "the sender number is missing or false";
    /// A port for service messages.
    ServicePort = 25 "service_port" Law [Miit31Port] "业务管理和服务类端口发送商业性短信息" "a port for service messages may not carry a commercial one";
    /// Asked again.
    AskedAgain = 26 "asked_again" Law [Miit31Request, NetdataReask] "未答复或者拒绝后再次征求同意" "consent asked again after silence or refusal";
    /// The request does not state its terms.
    RequestIncomplete = 27 "request_incomplete" Law [Miit31Request] "征求同意时没有说明类型、频次和期限" "the request does not state type, frequency and period";
    /// The log.
    LogNotKept = 28 "log_not_kept" Law [Miit31Log, Miit74Log] "没有按规定保存发送记录" "the log is not kept as it must be";
    /// The licence.
    NoLicence = 29 "no_licence" Law [Miit31Licence] "没有短信息服务经营许可" "no licence for short message services";
    /// The operator knew.
    OperatorKnew = 30 "operator_knew" Law [AdlawOperator] "明知或者应知违法而不制止" "the operator knew that it was unlawful";
    /// A fact is not recorded.
    NotRecorded = 31 "fact_not_recorded" Law [] "条文所要求的事实没有记录" "a fact that a provision asks about is not recorded";
    /// The law leaves it open.
    Unclear = 32 "unclear" Law [] "法律对此没有定论" "the law, or how it reads, leaves it open";
    /// Refused to another name of the brand, where no text says so.
    BrandByPolicy = 41 "brand_by_policy" House [] "接收者已向同一品牌拒绝（内部规则）" "refused to the same brand (house policy)";
    /// Not on file.
    NotFiled = 42 "not_filed" House [] "签名、内容提供者、端口未报备（内部规则）" "signature, content provider and port are not on file (house policy)";
    /// The account may not show this number.
    Source = 51 "source_not_allowed" Submit [] "该账号不得使用此号码" "the account may not show this number";
    /// No telephone number.
    Destination = 52 "destination_invalid" Submit [] "接收号码无效" "the destination is no telephone number";
    /// The account may not use this signature.
    Signature = 53 "signature_not_allowed" Submit [] "该账号不得使用此签名" "the account may not use this signature";
    /// Segments are missing.
    Incomplete = 54 "incomplete" Submit [] "长短信不完整" "segments of the message are missing";
    /// The text cannot be read.
    Unreadable = 55 "unreadable" Submit [] "内容无法按所标编码读取" "the text cannot be read in the coding it names";
    /// Longer than a message may be.
    TooLong = 56 "too_long" Submit [] "内容过长" "the message is too long";
    /// No carrier for it.
    NoRoute = 57 "no_route" Submit [] "没有通往该号码的路由" "no carrier is set up for this number";
    /// Its time ran out.
    Expired = 61 "expired" Afterwards [] "有效期内未能发出" "its time ran out before it could be handed over";
    /// The recipient refused while it waited.
    Recalled = 62 "recalled" Afterwards [CrplConsent, Miit31Consent] "等待期间接收者拒绝" "the recipient refused while it waited";
    /// Taken back by the sender.
    Cancelled = 63 "cancelled" Afterwards [] "发送者已取消" "taken back by the sender";
    /// Too fast.
    Rate = 91 "rate" Later [] "超过账号的速率" "faster than the account may send";
    /// House hours.
    QuietHours = 92 "quiet_hours" Later [] "安静时段（内部规则）" "quiet hours (house policy)";
    /// House cap.
    Cap = 93 "cap" Later [] "已达频次上限（内部规则）" "cap reached (house policy)";
    /// Evidence cannot be had.
    Unavailable = 94 "evidence_unavailable" Later [] "暂时无法取得证据" "evidence is unavailable for the moment";
    /// A queue is full.
    Full = 95 "queue_full" Later [] "队列已满" "a queue is full";
}

/// Why one message is refused, and the provision that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// The provision that stands against it, where it is law.
    pub provision: Option<ProvisionId>,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason, provision: None }
    }
}

impl Refusal {
    /// Why a decision says no, or not yet: a breach before what is unproved, that before house policy, that before what
    /// is unclear. None where nothing stands against the message.
    #[must_use]
    pub fn of(decision: &Decision, reading: Reading) -> Option<Self> {
        let by_law = |wanted: Answer| {
            let answers = decision.findings.iter().filter_map(|(provision, finding)| {
                let answer = match reading {
                    Reading::Strict => finding.strict,
                    Reading::Lenient => finding.lenient,
                };
                let reason = Reason::of_ground(finding.ground).unwrap_or(Reason::Unclear);
                (answer == wanted).then_some(Self { reason, provision: Some(provision) })
            });
            answers.min_by_key(|refusal| (refusal.reason, refusal.provision))
        };
        // A notice is not stopped for want of proof.
        let asked = decision.treatment != Treatment::Outside;
        let doubted = |answer| by_law(answer).filter(|_| asked);
        by_law(Answer::Breached)
            .or_else(|| doubted(Answer::Unproved))
            .or_else(|| match decision.house {
                House::Pass => None,
                House::Deny(ground) | House::Hold(ground, _) => Some(Reason::of_house(ground).into()),
            })
            .or_else(|| doubted(Answer::Unclear))
    }

    /// The article that stands against it, such as `cn/adlaw/43/1`.
    #[must_use]
    pub fn article(&self) -> Option<String> {
        self.provision.map(article)
    }
}

impl Reason {
    /// Number: what its code in every protocol is made of.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Result of a submit in this protocol; for HTTP the status.
    #[must_use]
    pub const fn result(self, protocol: Protocol) -> u32 {
        match protocol {
            Protocol::Cmpp => self.cmpp(),
            Protocol::Smpp => self.smpp(),
            Protocol::Smgp => self.smgp(),
            Protocol::Sgip => self.sgip(),
            Protocol::Http => self.http(),
        }
    }

    /// The same for clients that know the standard codes alone: in SMPP what stands in the vendor's space is
    /// ESME_RSUBMITFAIL.
    #[must_use]
    pub const fn plain(self, protocol: Protocol) -> u32 {
        match (protocol, self.result(protocol)) {
            (Protocol::Smpp, 0x400..=0x4FF) => SUBMIT_FAILED,
            (_, code) => code,
        }
    }

    /// CMPP Result. 100 to 199 are the vendor's; 8 is flow control; 10 and 13 name the fields that are wrong.
    const fn cmpp(self) -> u32 {
        match (self.kind(), self) {
            (Kind::Later, _) => 8,
            (_, Self::Source) => 10,
            (_, Self::Destination) => 13,
            (_, Self::TooLong) => 6,
            (Kind::Law | Kind::House | Kind::Submit | Kind::Afterwards, _) => 100 + self as u32,
        }
    }

    /// SMPP command_status. 0x400 to 0x4FF are the vendor's; clients try again on 0x58 and 0x14.
    const fn smpp(self) -> u32 {
        match (self.kind(), self) {
            (Kind::Later, Self::Unavailable | Self::Full) => 0x14,
            (Kind::Later, _) => 0x58,
            (_, Self::Source) => 0x0A,
            (_, Self::Destination) => 0x0B,
            (Kind::Law | Kind::House | Kind::Submit | Kind::Afterwards, _) => 0x400 + self as u32,
        }
    }

    /// SMGP Status. 128 to 255 are the vendor's; 74 and 75 mean just what is meant here.
    const fn smgp(self) -> u32 {
        match (self.kind(), self) {
            (Kind::Later, Self::QuietHours) => 74,
            (Kind::Later, Self::Cap) => 75,
            (Kind::Later, _) => 1,
            (_, Self::Source) => 46,
            (_, Self::Destination) => 47,
            (Kind::Law | Kind::House | Kind::Submit | Kind::Afterwards, _) => 128 + self as u32,
        }
    }

    /// SGIP Result, one byte. It has no vendor space: codes from 100 on are outside its table; 11 is "busy", 6 an
    /// illegal number, which would be false of anybody who refused.
    const fn sgip(self) -> u32 {
        match (self.kind(), self) {
            (Kind::Later, _) => 11,
            (_, Self::Destination) => 6,
            (Kind::Law | Kind::House | Kind::Submit | Kind::Afterwards, _) => 100 + self as u32,
        }
    }

    /// HTTP status; the machine code beside it is [`Reason::code`].
    const fn http(self) -> u32 {
        match (self.kind(), self) {
            (Kind::Later, Self::Unavailable | Self::Full) => 503,
            (Kind::Later, _) => 429,
            (Kind::Law | Kind::House, _) | (Kind::Submit, Self::Source | Self::Signature) => 403,
            (Kind::Submit, _) => 422,
            (Kind::Afterwards, _) => 410,
        }
    }

    /// The seven characters that a report says for it (CMPP Stat, SMPP and SMGP stat): `XN:0106`.
    #[must_use]
    pub fn word(self) -> [u8; 7] {
        let [tens, ones] = [self as u8 / 10, self as u8 % 10].map(|digit| b'0' + digit);
        [b'X', b'N', b':', b'0', b'1', tens, ones]
    }

    /// The three characters of `err:` beside it; in SMGP 005 is the standard word for somebody who opted out.
    #[must_use]
    pub fn err(self, protocol: Protocol) -> [u8; 3] {
        let opted_out = matches!(
            self,
            Self::Refused | Self::RefusedBrand | Self::RefusedPort | Self::BrandByPolicy | Self::Recalled
        );
        if protocol == Protocol::Smgp && opted_out {
            return *b"005";
        }
        let [tens, ones] = [self as u8 / 10, self as u8 % 10].map(|digit| b'0' + digit);
        [b'1', tens, ones]
    }

    /// What a finding's ground is told as; none for grounds on which nothing is refused.
    #[must_use]
    pub const fn of_ground(ground: Ground) -> Option<Self> {
        Some(match ground {
            Ground::None
            | Ground::Consented
            | Ground::Requested
            | Ground::NoticeComplete
            | Ground::SeparateConsent
            | Ground::Complied => return None,
            Ground::Refused | Ground::RefusalHadArrived | Ground::Tie => Self::Refused,
            Ground::RefusedOtherName => Self::RefusedBrand,
            Ground::RefusedOnPort => Self::RefusedPort,
            Ground::Reassigned => Self::Reassigned,
            Ground::Silence => Self::Silent,
            Ground::NoRecord | Ground::NoneExisted => Self::NoConsent,
            Ground::AssertedOnly
            | Ground::LearntLater
            | Ground::Contradicted
            | Ground::FormNotRecorded
            | Ground::NoticeNotRecorded => Self::ConsentUnproved,
            Ground::OtherSender => Self::OtherSender,
            Ground::OtherChannel => Self::OtherChannel,
            Ground::OtherKind => Self::OtherKind,
            Ground::OtherPurpose => Self::OtherPurpose,
            Ground::TooOften => Self::TooOften,
            Ground::Lapsed => Self::Lapsed,
            Ground::TickedByDefault
            | Ground::Implied
            | Ground::Bundled
            | Ground::Buried
            | Ground::Forced
            | Ground::UnrelatedInformation => Self::Defective,
            Ground::NoticeIncomplete => Self::Notice,
            Ground::NoSeparateConsent | Ground::ProvisionIncomplete => Self::Provision,
            Ground::NoVendorContract => Self::Vendor,
            Ground::NoUntargetedOption | Ground::SensitiveTags => Self::Personalised,
            Ground::NoGuardianConsent | Ground::MinorTargeted => Self::Minor,
            Ground::NoIdentity | Ground::NoContact => Self::NoIdentity,
            Ground::NoRefusalMethod => Self::NoRefusalMethod,
            Ground::RefusalNotFree => Self::RefusalCosts,
            Ground::NoAdLabel => Self::NoLabel,
            Ground::FalseSenderNumber | Ground::SenderNumberNotKept => Self::SenderNumber,
            Ground::ServicePort => Self::ServicePort,
            Ground::AskedAgain => Self::AskedAgain,
            Ground::RequestIncomplete => Self::RequestIncomplete,
            Ground::LogNotKept => Self::LogNotKept,
            Ground::NoLicence => Self::NoLicence,
            Ground::OperatorKnew => Self::OperatorKnew,
            Ground::FactNotRecorded | Ground::TextNotKept => Self::NotRecorded,
            Ground::RequestNotNamed
            | Ground::TextNotLoaded
            | Ground::Organisation
            | Ground::CallArgued
            | Ground::OlderConsent
            | Ground::ByAnalogy => Self::Unclear,
        })
    }

    /// What house policy's ground is told as.
    #[must_use]
    pub const fn of_house(ground: HouseGround) -> Self {
        match ground {
            HouseGround::BrandRefusal => Self::BrandByPolicy,
            HouseGround::NotFiled => Self::NotFiled,
            HouseGround::QuietHours => Self::QuietHours,
            HouseGround::Cap => Self::Cap,
        }
    }
}

/// The table as `docs/result-codes.md` shows it.
#[must_use]
pub fn table() -> String {
    let mut out = String::from(HEAD);
    for reason in Reason::ALL {
        let articles: Vec<String> =
            reason.provisions().iter().map(|p| format!("`{}`", article(*p))).collect();
        let row = format!(
            "| `{}` | {} | {} | {:#05x} | {} | {} | {} | `{}` | `{}` | {} | {} | {} |\n",
            reason.code(),
            reason.kind().code(),
            reason.result(Protocol::Cmpp),
            reason.result(Protocol::Smpp),
            reason.result(Protocol::Smgp),
            reason.result(Protocol::Sgip),
            reason.result(Protocol::Http),
            String::from_utf8_lossy(&reason.word()),
            String::from_utf8_lossy(&reason.err(Protocol::Smgp)),
            articles.join(" "),
            reason.zh(),
            reason.en(),
        );
        out += &row;
    }
    out
}

impl Kind {
    /// The word in the table.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::House => "house",
            Self::Submit => "submit",
            Self::Afterwards => "afterwards",
            Self::Later => "later",
        }
    }
}

/// ESME_RSUBMITFAIL.
const SUBMIT_FAILED: u32 = 0x45;
const HEAD: &str = "\
# Result codes

What the gateway answers when it does not pass a message on. Written by `edge/gateway/src/codes.rs`, which is checked
against this page. A number is given once and never means anything else.

- `law`, `house`: final. Trying again with the same message to the same person changes nothing. House policy is not law.
- `submit`: final until the submit is put right.
- `afterwards`: the message was taken; a report tells it.
- `later`: the protocol's own flow control; clients slow down and try again. Quiet hours and caps are told so only where
  the account has held messages refused (`holds = \"refuse\"`).

CMPP: Result, 100 to 199 are the vendor's. SMPP: command_status, 0x400 to 0x4FF are the vendor's; in a receipt
network_error_code carries the same number. An account with `refusal_codes = \"plain\"` is answered 0x045
(ESME_RSUBMITFAIL) wherever the table has a vendor's command_status, because some clients break their line on codes they do
not know; its receipts carry the reason all the same. SMGP: Status, 128 to 255 are the vendor's. SGIP has no vendor space: codes from
100 on are outside its table. `stat` stands in reports, with state REJECTD in SMPP's message_state; `err` is SMGP's, where
005 is the standard word for somebody who opted out. HTTP answers with the status and the code in `reason`. What one
decision rested on, with every provision, is in its receipt.

`articles` are the provisions that a reason is mainly about, the principal one first. The `article` of an answer is another
thing: the one provision that stood against this message under the law of its day. Where several did, it is the first of
them in the order of the law pack, and it may be one that this column does not have.

| reason | kind | CMPP | SMPP | SMGP | SGIP | HTTP | stat | err | articles | 中文 | English |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Kind, Reason, table};
    use crate::config::Protocol;
    use anning_vocab::Ground;

    #[test]
    fn the_page_says_what_the_code_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/result-codes.md");
        if std::env::var_os("ANNING_UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(path, table()).unwrap();
        }
        assert_eq!(
            table(),
            std::fs::read_to_string(path).unwrap(),
            "set ANNING_UPDATE_SNAPSHOTS=1 to accept"
        );
    }

    #[test]
    fn plain_codes_are_the_standard_s_and_never_ask_to_try_again() {
        for reason in Reason::ALL {
            let (code, plain) = (reason.result(Protocol::Smpp), reason.plain(Protocol::Smpp));
            assert_eq!(plain, if code >= 0x400 { 0x45 } else { code }, "{reason:?}");
            for protocol in [Protocol::Cmpp, Protocol::Smgp, Protocol::Sgip, Protocol::Http] {
                assert_eq!(reason.plain(protocol), reason.result(protocol));
            }
        }
    }

    #[test]
    fn codes_lie_in_the_vendor_space_and_mean_one_thing() {
        let spaces = [
            (Protocol::Cmpp, 100..=199),
            (Protocol::Smpp, 0x400..=0x4FF),
            (Protocol::Smgp, 128..=255),
            (Protocol::Sgip, 100..=199),
        ];
        for (protocol, space) in spaces {
            let mut seen = BTreeMap::new();
            for reason in Reason::ALL {
                let code = reason.result(protocol);
                match reason.kind() {
                    Kind::Law | Kind::House | Kind::Afterwards => {
                        assert!(space.contains(&code), "{reason:?}")
                    }
                    Kind::Submit => {}
                    Kind::Later => assert!(!space.contains(&code), "{reason:?}"),
                }
                if reason.kind() != Kind::Later {
                    assert_eq!(seen.insert(code, *reason), None, "{protocol:?} {code}");
                }
            }
        }
        let words: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|r| r.word()).collect();
        assert_eq!(words.len(), Reason::ALL.len());
        assert_eq!(&Reason::Refused.word(), b"XN:0101");
        assert_eq!(&Reason::Refused.err(Protocol::Smgp), b"005");
    }

    /// Clients try these again for ever: nobody who refused may come back that way.
    #[test]
    fn flow_control_is_said_only_where_trying_again_helps() {
        let temporary = [
            (Protocol::Cmpp, &[8][..]),
            (Protocol::Smpp, &[0x58, 0x14][..]),
            (Protocol::Smgp, &[1, 74, 75][..]),
            (Protocol::Sgip, &[11][..]),
            (Protocol::Http, &[429, 503][..]),
        ];
        for (protocol, codes) in temporary {
            for reason in Reason::ALL {
                let later = codes.contains(&reason.result(protocol));
                assert_eq!(later, reason.kind() == Kind::Later, "{protocol:?} {reason:?}");
            }
        }
    }

    #[test]
    fn law_cites_and_the_rest_does_not() {
        for reason in Reason::ALL {
            let open = matches!(reason, Reason::NotRecorded | Reason::Unclear | Reason::Recalled);
            assert_eq!(
                !reason.provisions().is_empty(),
                reason.kind() == Kind::Law && !open || *reason == Reason::Recalled
            );
            assert!(reason.zh().chars().any(|c| c > '\u{2E7F}') && reason.en().is_ascii());
        }
    }

    #[test]
    fn every_ground_of_a_refusal_is_law() {
        for ground in Ground::ALL {
            if let Some(reason) = Reason::of_ground(*ground) {
                assert_eq!(reason.kind(), Kind::Law, "{ground}");
            }
        }
        for ground in anning_decide_grounds() {
            assert!(matches!(Reason::of_house(ground).kind(), Kind::House | Kind::Later));
        }
    }

    fn anning_decide_grounds() -> [anning_decide::HouseGround; 4] {
        use anning_decide::HouseGround::{BrandRefusal, Cap, NotFiled, QuietHours};
        [BrandRefusal, NotFiled, QuietHours, Cap]
    }
}
