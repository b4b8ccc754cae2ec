//! `[[account]]`: who may send, as whom, how fast, under which policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use anning_decide::{Mode, Policy, QuietHours, Reading};
use anning_vocab::{Class, ContentKind, Declared, Frequency};

use super::deliveries::{self, Deliveries};
use super::section::Section;
use super::words::{Network, Outside, Pattern, Secret, cap, quiet_hours, secret};

/// What an account speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// China Mobile.
    Cmpp,
    /// Everybody else in the world.
    Smpp,
    /// China Telecom.
    Smgp,
    /// China Unicom.
    Sgip,
    /// Requests in JSON.
    Http,
}

impl Protocol {
    /// Every protocol, in order.
    pub const ALL: &'static [Self] = &[Self::Cmpp, Self::Smpp, Self::Smgp, Self::Sgip, Self::Http];

    /// Its name in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cmpp => "cmpp",
            Self::Smpp => "smpp",
            Self::Smgp => "smgp",
            Self::Sgip => "sgip",
            Self::Http => "http",
        }
    }
}

/// The parties in whose name an account sends, by id in `[[party]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// 广告主.
    pub advertiser: Option<String>,
    /// 短信息内容提供者.
    pub content_provider: Option<String>,
    /// 短信息服务提供者.
    pub service_provider: Option<String>,
    /// 基础电信业务经营者.
    pub carrier: Option<String>,
    /// 个人信息处理者.
    pub controller: Option<String>,
}

/// What becomes of a message that house policy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It waits until its time.
    Wait,
    /// It is refused with the protocol's flow control.
    Refuse,
}

/// What becomes of a submit whose recipients are judged differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerRecipient {
    /// Refused as a whole, with the reason of the first that is refused; the sender sends one recipient a submit.
    Split,
    /// Taken; a report tells of each recipient who was refused.
    Reports,
}

/// The default alphabet (data_coding 0) of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// GSM 03.38, one septet an octet.
    Gsm7,
    /// ASCII.
    Ascii,
    /// Latin-1.
    Latin1,
    /// GB18030.
    Gbk,
    /// UTF-16, big-endian.
    Ucs2,
}

/// How refusals are said over SMPP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCodes {
    /// Each reason by a code of its own in the vendor's space.
    Reasons,
    /// All reasons that have no standard code as ESME_RSUBMITFAIL: some clients break their line on codes they do not know.
    Plain,
}

/// What eleven digits of a Chinese mobile number mean where SMPP's type of number says "international".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum International {
    /// That Chinese number: many clients say 1 of whatever they are given.
    #[default]
    ChineseIfEleven,
    /// What is declared: a country code comes first, so that 13125550100 is in North America.
    AsDeclared,
}

/// Who may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: Arc<str>,
    /// Its login in each protocol it may use.
    pub logins: BTreeMap<Protocol, String>,
    /// Its secret, for all of them.
    pub secret: Secret,
    /// Numbers it may show.
    pub sources: Vec<Pattern>,
    /// Signatures it may use; any, if none is named.
    pub signatures: Vec<String>,
    /// In whose name it sends.
    pub roles: Roles,
    /// It may put consents and withdrawals on record over HTTP.
    pub record_acts: bool,
    /// Row of `[[campaign]]` whose facts hold for its messages.
    pub campaign: Option<String>,
    /// What it declares its messages to be: a claim.
    pub declared: Declared,
    /// What its messages are about.
    pub content: Option<ContentKind>,
    /// Decides where borderline messages go.
    pub kind: anning_decide::Account,
    /// Shadow or enforce, by class.
    pub modes: [Mode; Class::ALL.len()],
    /// Which answer is followed where the law is argued.
    pub reading: Reading,
    /// A refusal follows the brand also where no text says so.
    pub brand_refusal: bool,
    /// What is known not to be on file is refused.
    pub require_filing: bool,
    /// A code that carries an offer is refused.
    pub refuse_codes_with_offer: bool,
    /// House hours.
    pub quiet_hours: Option<QuietHours>,
    /// House cap.
    pub cap: Option<Frequency>,
    /// What becomes of held messages.
    pub holds: Holds,
    /// What becomes of mixed verdicts.
    pub per_recipient: PerRecipient,
    /// Meaning of data_coding 0.
    pub charset: Charset,
    /// Submits a second; none: as fast as it can.
    pub rate: Option<u32>,
    /// Submits without an answer at one time.
    pub window: usize,
    /// Connections at one time.
    pub connections: usize,
    /// Addresses it may come from; any, if none is named.
    pub from: Vec<Network>,
    /// Where it is told of replies and reports, if we go to it (SGIP).
    pub deliveries: Option<Deliveries>,
    /// How refusals are said over SMPP.
    pub refusal_codes: RefusalCodes,
    /// What eleven digits under an international type of number mean (SMPP).
    pub international: International,
    /// Major versions of CMPP that it may speak; any, if none is named.
    pub versions: Vec<u8>,
}

impl Account {
    /// The policy its messages are decided under. Always that of enforcing: in shadow mode the record says what
    /// enforcing would have done, and the clearance says that it went out all the same.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        Policy {
            mode: Mode::Enforce,
            reading: self.reading,
            account: self.kind,
            quiet_hours: self.quiet_hours,
            cap: self.cap,
            brand_refusal: self.brand_refusal,
            require_filing: self.require_filing,
            refuse_codes_with_offer: self.refuse_codes_with_offer,
        }
    }

    /// Does a refusal bind for messages of this class?
    #[must_use]
    pub fn mode(&self, class: Class) -> Mode {
        self.modes.get(class.index()).copied().unwrap_or(Mode::Enforce)
    }

    /// Does nothing bind, whatever the class? Only then what cannot be read may pass: its class is not known.
    #[must_use]
    pub fn blocks_nothing(&self) -> bool {
        self.modes.iter().all(|mode| *mode == Mode::Shadow)
    }

    /// May it speak this version of CMPP, as a CONNECT says it?
    #[must_use]
    pub fn may_speak(&self, version: u8) -> bool {
        self.versions.is_empty() || self.versions.contains(&(version >> 4))
    }

    /// May it show this number?
    #[must_use]
    pub fn may_show(&self, source: &str) -> bool {
        // A number in the form of the pattern: what a star stands for are digits, and nothing that is no part of a number.
        let rest = |pattern: &Pattern| source.get(pattern.text().len()..).unwrap_or("");
        let plain = |pattern: &Pattern| rest(pattern).bytes().all(|byte| byte.is_ascii_digit());
        self.sources.iter().any(|pattern| pattern.matches(source) && plain(pattern))
    }

    /// How narrowly it names a number that it may show; see [`Pattern::weight`].
    #[must_use]
    pub fn shows(&self, source: &str) -> usize {
        let fitting = self.sources.iter().filter(|pattern| pattern.matches(source));
        fitting.map(Pattern::weight).max().unwrap_or(0)
    }

    /// May it use this signature?
    #[must_use]
    pub fn may_sign(&self, signature: &str) -> bool {
        self.signatures.is_empty() || self.signatures.iter().any(|own| own == signature)
    }
}

/// Reads one account.
pub(super) fn read(mut from: Section<'_>, outside: &Outside<'_>) -> Option<Account> {
    let name = from.text("name");
    let (logins, secret) = (logins(&mut from), secret(&mut from, outside));
    let deliveries = deliveries::read(&mut from, outside, &logins);
    let pattern = "a number such as 10690001, or its beginning such as 1069*";
    let sources = from.parsed_list("sources", Pattern::parse, pattern);
    if sources.is_empty() && !from.is_faulty("sources") {
        from.fault("sources", "missing; name the numbers it may show, such as [\"1069*\"]", "");
    }
    let signatures = from.list("signatures").iter().map(|s| bare(s).to_owned()).collect();
    let roles = Roles {
        advertiser: from.maybe_text("advertiser"),
        content_provider: from.maybe_text("content_provider"),
        service_provider: from.maybe_text("service_provider"),
        carrier: from.maybe_text("carrier"),
        controller: from.maybe_text("controller"),
    };
    if roles.advertiser.is_none() && roles.content_provider.is_none() && roles.controller.is_none() {
        let what =
            "missing; without an advertiser, content_provider or controller no consent can name the sender";
        from.fault("advertiser", what, "");
    }
    let kinds =
        [("service", anning_decide::Account::Service), ("commercial", anning_decide::Account::Commercial)];
    let charsets = [
        ("gsm7", Charset::Gsm7),
        ("ascii", Charset::Ascii),
        ("latin1", Charset::Latin1),
        ("gbk", Charset::Gbk),
        ("ucs2", Charset::Ucs2),
    ];
    let codes: Vec<&str> = ContentKind::ALL.iter().map(|k| k.code()).collect();
    let declared =
        [("commercial", Declared::Commercial), ("service", Declared::Service), ("code", Declared::Code)];
    let account = Account {
        name: name.clone().unwrap_or_default().into(),
        logins,
        secret,
        sources,
        signatures,
        roles,
        record_acts: from.flag("record_acts").unwrap_or(false),
        campaign: from.maybe_text("campaign"),
        declared: from.word("declared", &declared, Declared::Unknown),
        content: from.code("content", ContentKind::from_code, &codes),
        kind: from.word("kind", &kinds, anning_decide::Account::Commercial),
        modes: modes(&mut from),
        reading: from.word(
            "reading",
            &[("strict", Reading::Strict), ("lenient", Reading::Lenient)],
            Reading::Strict,
        ),
        brand_refusal: from.flag("brand_refusal").unwrap_or(true),
        require_filing: from.flag("require_filing").unwrap_or(false),
        refuse_codes_with_offer: from.flag("refuse_codes_with_offer").unwrap_or(false),
        quiet_hours: from.parsed("quiet_hours", quiet_hours, "hours in Beijing such as 21:00-08:00"),
        cap: from.parsed("cap", cap, "a number per day, week, month or year, such as 4/week"),
        holds: from.word("holds", &[("wait", Holds::Wait), ("refuse", Holds::Refuse)], Holds::Wait),
        per_recipient: from.word(
            "per_recipient",
            &[("split", PerRecipient::Split), ("reports", PerRecipient::Reports)],
            PerRecipient::Reports,
        ),
        charset: from.word("charset", &charsets, Charset::Gsm7),
        rate: u32::try_from(from.number("rate", 0..=100_000, 0)).ok().filter(|rate| *rate > 0),
        window: super::bounded(from.number("window", 1..=1_024, 32)),
        connections: super::bounded(from.number("connections", 1..=256, 4)),
        from: from.parsed_list("from", Network::parse, "an address or network such as 10.0.0.0/8"),
        deliveries,
        refusal_codes: from.word(
            "refusal_codes",
            &[("reasons", RefusalCodes::Reasons), ("plain", RefusalCodes::Plain)],
            RefusalCodes::Reasons,
        ),
        international: from.word(
            "international_numbers",
            &[
                ("chinese-if-eleven", International::ChineseIfEleven),
                ("as-declared", International::AsDeclared),
            ],
            International::ChineseIfEleven,
        ),
        versions: from.parsed_list("versions", version, "\"2.0\" or \"3.0\""),
    };
    fits(&from, &account);
    from.end();
    name.map(|_| account)
}

/// What an account says that its protocols have no use or no room for.
fn fits(from: &Section<'_>, account: &Account) {
    let alone = [
        (Protocol::Smpp, "refusal_codes", account.refusal_codes != RefusalCodes::Reasons),
        (Protocol::Smpp, "international_numbers", account.international != International::ChineseIfEleven),
        (Protocol::Cmpp, "versions", !account.versions.is_empty()),
        (Protocol::Http, "record_acts", account.record_acts),
    ];
    if account.logins.contains_key(&Protocol::Smpp) && account.secret.bytes().len() > SMPP_SECRET {
        from.warn(
            "secret",
            "longer than 8 octets, all that SMPP has room for: clients that keep to it, smpplib for one, cut it and are \
             refused; give a shorter one",
            "",
        );
    }
    for (protocol, key, _) in
        alone.iter().filter(|(protocol, _, given)| *given && !account.logins.contains_key(protocol))
    {
        from.warn(
            key,
            format!("holds in {} alone, and the account has no login for it", protocol.code()),
            "",
        );
    }
}

/// The major version; 2.0 and 2.1 are one.
fn version(text: &str) -> Option<u8> {
    match text {
        "2.0" => Some(2),
        "3.0" => Some(3),
        _ => None,
    }
}

fn logins(from: &mut Section<'_>) -> BTreeMap<Protocol, String> {
    let mut section = from.section("login");
    let mut logins = BTreeMap::new();
    for protocol in Protocol::ALL {
        let Some(login) = section.maybe_text(protocol.code()) else { continue };
        // Source_Addr is 6 octets, system_id 15 and a zero, ClientID 8, Login Name 16.
        let most = match protocol {
            Protocol::Cmpp => 6,
            Protocol::Smpp => 15,
            Protocol::Smgp => 8,
            Protocol::Sgip => 16,
            Protocol::Http => 64,
        };
        if login.len() > most || !login.is_ascii() {
            section.fault(
                protocol.code(),
                format!("must be at most {most} ASCII characters in this protocol"),
                login,
            );
            continue;
        }
        logins.insert(*protocol, login);
    }
    if logins.is_empty() && !section.is_faulty("") {
        section.fault("", "missing; name at least one, such as login.cmpp = \"901234\"", "");
    }
    section.end();
    logins
}

fn modes(from: &mut Section<'_>) -> [Mode; Class::ALL.len()] {
    let words = [("shadow", Mode::Shadow), ("enforce", Mode::Enforce)];
    let usual = from.word("mode", &words, Mode::Shadow);
    let mut section = from.section("mode_by_class");
    let mut modes = [usual; Class::ALL.len()];
    for class in Class::ALL {
        if let Some(slot) = modes.get_mut(class.index()) {
            *slot = section.word(class.code(), &words, usual);
        }
    }
    section.end();
    modes
}

/// A signature without its brackets.
pub(super) fn bare(signature: &str) -> &str {
    let signature = signature.trim();
    signature.strip_prefix('【').and_then(|s| s.strip_suffix('】')).unwrap_or(signature).trim()
}

/// Octets of SMPP's password.
const SMPP_SECRET: usize = 8;
