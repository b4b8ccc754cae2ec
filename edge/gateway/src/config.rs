//! The configuration file of the gateway: read whole, with every fault named.
//!
//! A [`Config`] never changes: a new file makes a new one, which is swapped in whole. What stands under `[ledger]`,
//! `[outbox]`, `[listen]` and `[[upstream]]` is looked at once, at the start; everything else holds from the next message on
//! ([`Config::needs_restart`]).

mod account;
mod deliveries;
mod section;
mod tables;
mod template;
mod upstream;
mod words;

pub use account::{Account, Charset, Holds, International, PerRecipient, Protocol, RefusalCodes, Roles};
pub use deliveries::Deliveries;
pub use section::Fault;
pub use tables::{BrandRow, CampaignRow, FilingRow, MemberKind, PartyRow, PortRow, Tables};
pub use template::{Piece, Template};
pub use upstream::{Carrier, IdForm, Route, Upstream};
pub(crate) use words::cap as frequency;
pub use words::{Network, Outside, Pattern, Secret};

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anning_vocab::Recipient;

use section::{Faults, Section};

/// A configuration without faults.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where consents and decisions are.
    pub ledger: LedgerAt,
    /// What was accepted and is not yet handed over.
    pub outbox: OutboxAt,
    /// Where senders come in.
    pub listen: Listen,
    /// What is said to people who refuse.
    pub replies: Replies,
    /// Who may send.
    pub accounts: BTreeMap<Arc<str>, Arc<Account>>,
    /// Who carries.
    pub upstreams: BTreeMap<Arc<str>, Arc<Upstream>>,
    /// Number plans by name.
    pub carriers: Vec<Carrier>,
    /// Which way; the first that fits.
    pub routes: Vec<Route>,
    /// Texts with places, for senders who come with another vendor's interface.
    pub templates: Vec<Template>,
    /// Parties, brands, filings, ports, campaigns.
    pub tables: Tables,
}

/// `[ledger]`. A restart is needed for any change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerAt {
    /// Its folder.
    pub folder: PathBuf,
    /// The key ring; beside the folder if not given, never inside it.
    pub keys: Option<PathBuf>,
    /// File with the master key; else the environment variable `ANNING_MASTER_KEY`.
    pub master: Option<PathBuf>,
    /// Program that wraps and unwraps keys.
    pub master_command: Option<PathBuf>,
    /// Which decisions keep their evidence, sealed under the recipient's key.
    pub evidence: Evidence,
    /// Decisions that may be under way to the ledger before evidence counts as stale.
    pub behind_max: usize,
    /// Seconds that a clearance lasts.
    pub clearance_seconds: i64,
}

/// Which decisions keep their evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// All: any receipt can be opened and recomputed.
    All,
    /// Those that something stood against.
    Refusals,
    /// None: a receipt then proves what was decided, not on what.
    Nothing,
}

/// `[outbox]`. A restart is needed for any change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxAt {
    /// Its folder.
    pub folder: PathBuf,
    /// Letters that may wait.
    pub letters_max: usize,
    /// Hours that a letter waits at most.
    pub wait_hours: i64,
}

/// `[listen]`. A restart is needed for any change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listen {
    /// Address of each protocol that is spoken.
    pub at: BTreeMap<Protocol, SocketAddr>,
    /// Address of SMPP under TLS, beside the plain one or instead of it.
    pub smpp_tls: Option<SocketAddr>,
    /// Certificate chain and key, PEM: for SMPP under TLS, and for HTTP where they are given.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// `[replies]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replies {
    /// A withdrawal is confirmed, once.
    pub confirm: bool,
    /// In these words; `{name}` stands for the sender's brand or name.
    pub confirmation: String,
}

impl Config {
    /// Reads a configuration; with it come warnings.
    ///
    /// # Errors
    /// Every fault of the file, warnings too, in its order.
    pub fn parse(text: &str, outside: &Outside<'_>) -> Result<(Self, Vec<Fault>), Vec<Fault>> {
        let faults = Faults::default();
        let table: toml::Table = toml::from_str(text).map_err(|error| {
            let at =
                error.span().map_or(0, |span| text.get(..span.start).unwrap_or("").lines().count().max(1));
            let what = format!("is no TOML: {}", error.message());
            vec![Fault { key: format!("line {at}"), what, value: String::new(), warning: false }]
        })?;
        let read = Self::read(table, &faults, outside);
        let faults = faults.into_inner();
        match read {
            Some(config) if faults.iter().all(|fault| fault.warning) => Ok((config, faults)),
            Some(_) | None => Err(faults),
        }
    }

    fn read(table: toml::Table, faults: &Faults, outside: &Outside<'_>) -> Option<Self> {
        let mut file = Section::new("", table, faults);
        let ledger = ledger(file.section("ledger"));
        let outbox = outbox(file.section("outbox"));
        let listen = listen(file.section("listen"));
        let replies = replies(file.section("replies"));
        let accounts =
            file.sections("account").into_iter().filter_map(|s| account::read(s, outside)).collect();
        let upstreams =
            file.sections("upstream").into_iter().filter_map(|s| upstream::read(s, outside)).collect();
        let carriers = file.sections("carrier").into_iter().filter_map(upstream::carrier).collect();
        let routes = file.sections("route").into_iter().filter_map(upstream::route).collect();
        let templates = file.sections("template").into_iter().filter_map(template::read).collect();
        let tables = Tables::read(&mut file);
        let accounts = named(&file, "account", accounts, |a: &Account| &a.name);
        let upstreams = named(&file, "upstream", upstreams, |u: &Upstream| &u.name);
        let config = Self {
            ledger: ledger?,
            outbox: outbox?,
            listen,
            replies,
            accounts,
            upstreams,
            carriers,
            routes,
            templates,
            tables,
        };
        config.cross(&file);
        file.end();
        Some(config)
    }

    /// The same, with relative paths under a folder: that of the file.
    #[must_use]
    pub fn under(mut self, folder: &std::path::Path) -> Self {
        let at = |path: &PathBuf| folder.join(path);
        self.ledger.folder = at(&self.ledger.folder);
        self.ledger.keys = self.ledger.keys.as_ref().map(at);
        self.ledger.master = self.ledger.master.as_ref().map(at);
        self.ledger.master_command = self.ledger.master_command.as_ref().map(at);
        self.outbox.folder = at(&self.outbox.folder);
        self.listen.tls = self.listen.tls.as_ref().map(|(cert, key)| (at(cert), at(key)));
        self
    }

    /// The account of a login, if one has it.
    #[must_use]
    pub fn account(&self, protocol: Protocol, login: &[u8]) -> Option<&Arc<Account>> {
        self.accounts.values().find(|a| a.logins.get(&protocol).is_some_and(|own| own.as_bytes() == login))
    }

    /// The template of a code that an account may use.
    #[must_use]
    pub fn template(&self, account: &str, code: &str) -> Option<&Template> {
        self.templates.iter().find(|template| &*template.account == account && template.code == code)
    }

    /// The carrier that takes an account's message to a recipient: the first route that fits.
    #[must_use]
    pub fn route(&self, account: &str, recipient: &Recipient) -> Option<&Arc<Upstream>> {
        let number = local(recipient);
        let of_plan = |name: &str| {
            self.carriers
                .iter()
                .filter(|c| c.name == name)
                .flat_map(|c| &c.prefixes)
                .any(|p| number.starts_with(p))
        };
        let route = self.routes.iter().find(|route| {
            let anywhere = route.prefixes.is_empty() && route.carrier.is_none();
            let there = route.prefixes.iter().any(|p| number.starts_with(p))
                || route.carrier.as_deref().is_some_and(of_plan);
            route.accounts.matches(account) && (anywhere || there)
        })?;
        self.upstreams.get(route.upstream.as_str())
    }

    /// Sections whose change to `new` takes a restart; everything else is swapped in.
    #[must_use]
    pub fn needs_restart(&self, new: &Self) -> Vec<&'static str> {
        let changed = [
            ("ledger", self.ledger != new.ledger),
            ("outbox", self.outbox != new.outbox),
            ("listen", self.listen != new.listen),
            ("upstream", self.upstreams != new.upstreams),
        ];
        changed.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
    }

    /// What holds between templates and accounts.
    fn cross_templates(&self, file: &Section<'_>) {
        for (number, template) in (1..).zip(&self.templates) {
            let key = |name: &str| format!("template[{number}].{name}");
            let Some(account) = self.accounts.get(&template.account) else {
                file.fault(&key("account"), "no [[account]] of this name", &*template.account);
                continue;
            };
            if let Some(from) = template.from.as_ref().filter(|from| !account.may_show(from)) {
                file.fault(&key("from"), "the account may not show this number", &**from);
            }
            if let Some(signature) =
                template.signature.as_ref().filter(|signature| !account.may_sign(signature))
            {
                file.fault(&key("signature"), "the account may not use this signature", &**signature);
            }
            let same = |other: &&Template| other.code == template.code && other.account == template.account;
            if self.templates.iter().take(number - 1).any(|other| same(&other)) {
                file.fault(
                    &key("code"),
                    "the account has an earlier [[template]] of this code; keep one",
                    &*template.code,
                );
            }
        }
    }

    /// Two that want to listen at one address.
    fn cross_ports(&self, file: &Section<'_>) {
        let own = self.listen.at.iter().map(|(protocol, at)| (format!("listen.{}", protocol.code()), *at));
        let tls = self.listen.smpp_tls.map(|at| ("listen.smpp_tls".to_owned(), at));
        let come = self
            .upstreams
            .values()
            .filter_map(|upstream| Some((format!("upstream `{}`", upstream.name), upstream.listen?)));
        let mut known: Vec<(String, SocketAddr)> = Vec::new();
        for (key, at) in own.chain(tls).chain(come).filter(|(_, at)| at.port() != 0) {
            let same = |other: &SocketAddr| {
                let (one, two) = (other.ip(), at.ip());
                other.port() == at.port() && (one == two || one.is_unspecified() || two.is_unspecified())
            };
            match known.iter().find(|(_, other)| same(other)) {
                Some((other, _)) => file.fault(
                    &key,
                    format!("listens where {other} does; give each its own port"),
                    at.to_string(),
                ),
                None => known.push((key, at)),
            }
        }
    }

    /// Two accounts that may show one number: whose a reply is, is then a matter of who wrote last.
    fn cross_sources(&self, file: &Section<'_>) {
        let accounts: Vec<&Arc<Account>> = self.accounts.values().collect();
        for (number, account) in accounts.iter().enumerate() {
            let shared = accounts.iter().take(number).find_map(|other| {
                let both = |own: &&Pattern| other.sources.iter().any(|theirs| own.overlaps(theirs));
                account.sources.iter().find(both).map(|own| (&other.name, own))
            });
            if let Some((other, own)) = shared {
                let what = format!(
                    "account `{other}` may show the same numbers: a reply goes to whichever wrote to the person last, else to \
                     whichever names the number most narrowly; give each its own numbers, or mean it",
                );
                file.warn(&format!("account `{}`", account.name), what, own.to_string());
            }
        }
    }

    /// What holds between sections.
    fn cross(&self, file: &Section<'_>) {
        if self.accounts.is_empty() && !file.is_faulty("account") {
            file.fault("account", "none; give at least one [[account]]", "");
        }
        if self.upstreams.is_empty() && !file.is_faulty("upstream") {
            file.fault("upstream", "none; give at least one [[upstream]]", "");
        }
        for (number, route) in (1..).zip(&self.routes) {
            let nameless =
                (1..=self.upstreams.len() + 1).any(|n| file.is_faulty(&format!("upstream[{n}].name")));
            if !nameless && !self.upstreams.contains_key(route.upstream.as_str()) {
                file.fault(
                    &format!("route[{number}].upstream"),
                    "no [[upstream]] of this name",
                    &*route.upstream,
                );
            }
            if let Some(plan) =
                route.carrier.as_ref().filter(|name| self.carriers.iter().all(|c| c.name != **name))
            {
                file.fault(&format!("route[{number}].carrier"), "no [[carrier]] of this name", &**plan);
            }
        }
        let mut logins: BTreeMap<(Protocol, &str), &str> = BTreeMap::new();
        for account in self.accounts.values() {
            let key = format!("account `{}`", account.name);
            for (protocol, login) in &account.logins {
                if let Some(other) = logins.insert((*protocol, login), &account.name) {
                    let what = format!(
                        "account `{other}` has this {} login too; give each its own",
                        protocol.code()
                    );
                    file.fault(&key, what, &**login);
                }
                let under_tls = *protocol == Protocol::Smpp && self.listen.smpp_tls.is_some();
                let listening = under_tls || self.listen.at.contains_key(protocol);
                if !listening && !file.is_faulty(&format!("listen.{}", protocol.code())) {
                    let what = format!("has a login, but [listen] has no address for: {}", protocol.code());
                    file.warn(&key, what, "");
                }
            }
            if !self.routes.iter().any(|route| route.accounts.matches(&account.name)) {
                file.fault(&key, "no [[route]] fits it, so its messages could go nowhere; add one", "");
            }
            if let Some(name) = &account.campaign
                && self.tables.campaigns.iter().all(|c| c.name != *name)
            {
                file.fault(&key, "no [[campaign]] of this name", &**name);
            }
            if account.require_filing && self.tables.filings.is_empty() {
                file.warn(
                    &key,
                    "asks for filings, but there is no [[filing]]: nothing is known to be missing",
                    "",
                );
            }
        }
        self.cross_ports(file);
        self.cross_sources(file);
        self.cross_templates(file);
        self.tables.cross(file, self.accounts.values().map(AsRef::as_ref));
    }
}

/// Digits as a number plan has them: without the country code at home, with it and a plus elsewhere.
fn local(recipient: &Recipient) -> String {
    let whole = recipient.reveal();
    whole.strip_prefix("+86").map_or(whole.clone(), str::to_owned)
}

fn ledger(mut from: Section<'_>) -> Option<LedgerAt> {
    let path = |text: Option<String>| text.map(PathBuf::from);
    let words = [("all", Evidence::All), ("refusals", Evidence::Refusals), ("none", Evidence::Nothing)];
    let folder = path(from.text("folder"));
    let keys = path(from.maybe_text("keys"));
    if let (Some(folder), Some(keys)) = (&folder, &keys)
        && keys.starts_with(folder)
    {
        from.fault(
            "keys",
            "must lie outside the ledger's folder, or erasure is none",
            keys.display().to_string(),
        );
    }
    let (master, master_command) = (path(from.maybe_text("master")), path(from.maybe_text("master_command")));
    if master.is_some() && master_command.is_some() {
        from.fault("master", "given together with master_command; keep one of them", "");
    }
    let ledger = LedgerAt {
        folder: folder.clone().unwrap_or_default(),
        keys,
        master,
        master_command,
        evidence: from.word("evidence", &words, Evidence::All),
        behind_max: bounded(from.number("behind_max", 100..=10_000_000, 200_000)),
        clearance_seconds: from.number("clearance_seconds", 1..=3_600, 30),
    };
    from.end();
    folder.map(|_| ledger)
}

fn outbox(mut from: Section<'_>) -> Option<OutboxAt> {
    let folder = from.text("folder").map(PathBuf::from);
    let outbox = OutboxAt {
        folder: folder.clone().unwrap_or_default(),
        letters_max: bounded(from.number("letters_max", 1_000..=100_000_000, 1_000_000)),
        wait_hours: from.number("wait_hours", 1..=168, 48),
    };
    from.end();
    folder.map(|_| outbox)
}

fn listen(mut from: Section<'_>) -> Listen {
    let form = "an address and a port, such as 127.0.0.1:7890";
    let mut listen = Listen::default();
    for protocol in Protocol::ALL {
        if let Some(at) = from.parsed(protocol.code(), |text| text.parse::<SocketAddr>().ok(), form) {
            listen.at.insert(*protocol, at);
        }
    }
    listen.smpp_tls = from.parsed("smpp_tls", |text| text.parse().ok(), form);
    match (from.maybe_text("tls_cert"), from.maybe_text("tls_key")) {
        (Some(cert), Some(key)) => listen.tls = Some((cert.into(), key.into())),
        (None, None) => {}
        (Some(_), None) => from.fault("tls_key", "missing; tls_cert needs its key", ""),
        (None, Some(_)) => from.fault("tls_cert", "missing; tls_key needs its certificate", ""),
    }
    if listen.smpp_tls.is_some() && listen.tls.is_none() {
        from.fault("smpp_tls", "needs tls_cert and tls_key", "");
    }
    if listen.at.is_empty() && listen.smpp_tls.is_none() && !from.is_faulty("") {
        from.fault("", "no address; give at least one of: cmpp smpp smgp sgip http", "");
    }
    let open = |protocol| listen.at.get(&protocol).filter(|at| !at.ip().is_loopback());
    if let Some(at) = open(Protocol::Http).filter(|_| listen.tls.is_none()) {
        from.warn(
            "http",
            "reachable from outside without TLS: secrets travel in plain; give tls_cert and tls_key",
            at.to_string(),
        );
    }
    if let Some(at) = open(Protocol::Smpp) {
        from.warn(
            "smpp",
            "reachable from outside without TLS: passwords travel in plain; use smpp_tls or a private line",
            at.to_string(),
        );
    }
    from.end();
    listen
}

fn replies(mut from: Section<'_>) -> Replies {
    let replies = Replies {
        confirm: from.flag("confirm").unwrap_or(true),
        confirmation: from.maybe_text("confirmation").unwrap_or_else(|| CONFIRMATION.to_owned()),
    };
    if replies.confirmation.chars().count() > CONFIRMATION_MAX {
        from.fault(
            "confirmation",
            format!("longer than one short message of {CONFIRMATION_MAX} characters"),
            &*replies.confirmation,
        );
    }
    from.end();
    replies
}

/// By name; a second one of the same name is a fault.
fn named<T>(
    file: &Section<'_>,
    list: &str,
    all: Vec<T>,
    name: impl Fn(&T) -> &Arc<str>,
) -> BTreeMap<Arc<str>, Arc<T>> {
    let mut map = BTreeMap::new();
    for one in all {
        let name = Arc::clone(name(&one));
        if map.insert(Arc::clone(&name), Arc::new(one)).is_some() {
            file.fault(list, format!("two of them have one name; each [[{list}]] needs its own"), &*name);
        }
    }
    map
}

fn bounded(n: i64) -> usize {
    usize::try_from(n).unwrap_or(0)
}

/// What is said to people who refuse, unless the configuration says it otherwise.
const CONFIRMATION: &str = "【{name}】您的退订已生效，我们不再向您发送商业性信息。";
/// Characters of one short message.
const CONFIRMATION_MAX: usize = 64;
