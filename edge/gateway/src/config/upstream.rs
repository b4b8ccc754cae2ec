//! `[[upstream]]`, `[[carrier]]`, `[[route]]`: who carries, and which way.

use std::sync::Arc;

use super::account::{Protocol, bare};
use super::section::Section;
use super::words::{Outside, Pattern, Secret, secret};

/// How a carrier writes its message ids in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdForm {
    /// As it gave them.
    Same,
    /// Given in hex, reported in decimal, or the other way round: compared by their number.
    Number,
}

/// Who carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Its name.
    pub name: Arc<str>,
    /// What it speaks; never HTTP.
    pub protocol: Protocol,
    /// Version, such as `3.0`.
    pub version: String,
    /// Host and port.
    pub address: String,
    /// Our login.
    pub login: String,
    /// Our enterprise code there (企业代码): CMPP's Msg_src, SGIP's CorpId, SMGP's MsgSrc, of messages that come from another
    /// protocol. Usually the login; in SGIP the last five digits of the node.
    pub enterprise: String,
    /// Our secret.
    pub secret: Secret,
    /// Connections held.
    pub links: usize,
    /// Submits without an answer at one time, each connection.
    pub window: usize,
    /// Submits a second, all connections together; none: as fast as it answers.
    pub rate: Option<u32>,
    /// How it writes ids in reports.
    pub id_form: IdForm,
    /// It puts this signature before every text by itself, so that the text must not carry it.
    pub fixed_signature: Option<String>,
    /// Where it comes to hand over replies and reports (SGIP).
    pub listen: Option<std::net::SocketAddr>,
    /// Node number (SGIP).
    pub node: u32,
    /// It must show at every login that it knows the secret (CMPP, SMGP).
    pub prove: bool,
}

/// A number plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Its name.
    pub name: String,
    /// Beginnings of its numbers: `134` at home, `+852` elsewhere.
    pub prefixes: Vec<String>,
}

/// One way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Whose messages.
    pub accounts: Pattern,
    /// To which numbers; any, if neither prefixes nor a plan are named.
    pub prefixes: Vec<String>,
    /// Or those of this number plan.
    pub carrier: Option<String>,
    /// Over whom.
    pub upstream: String,
}

/// Reads one upstream.
pub(super) fn read(mut from: Section<'_>, outside: &Outside<'_>) -> Option<Upstream> {
    let name = from.text("name");
    let protocols = [
        ("cmpp", Protocol::Cmpp),
        ("smpp", Protocol::Smpp),
        ("smgp", Protocol::Smgp),
        ("sgip", Protocol::Sgip),
    ];
    if !from.has("protocol") {
        from.fault("protocol", "missing; one of: cmpp smpp smgp sgip", "");
    }
    let protocol = from.word("protocol", &protocols, Protocol::Cmpp);
    let versions: &[&str] = match protocol {
        Protocol::Cmpp => &["3.0", "2.0"],
        Protocol::Smpp => &["3.4", "5.0"],
        Protocol::Smgp => &["3.0"],
        Protocol::Sgip => &["1.2"],
        Protocol::Http => &[],
    };
    let spoken = |text: &str| versions.contains(&text).then(|| text.to_owned());
    let version = from.code("version", spoken, versions);
    let address = from.text("address");
    if let Some(address) = address.as_ref().filter(|a| !is_host_and_port(a)) {
        from.fault("address", "must be a host and a port, such as 192.0.2.10:7890", &**address);
    }
    let login = from.text("login").unwrap_or_default();
    let node = u32::try_from(from.number("node", 0..=4_294_967_295, 0)).unwrap_or(0);
    let upstream = Upstream {
        enterprise: enterprise(&mut from, protocol, &login, node),
        name: name.clone().unwrap_or_default().into(),
        protocol,
        version: version.or_else(|| versions.first().map(|v| (*v).to_owned())).unwrap_or_default(),
        address: address.unwrap_or_default(),
        login,
        secret: secret(&mut from, outside),
        links: super::bounded(from.number("links", 1..=64, 1)),
        window: super::bounded(from.number("window", 1..=1_024, 16)),
        rate: u32::try_from(from.number("rate", 0..=100_000, 0)).ok().filter(|rate| *rate > 0),
        id_form: from.word("id_form", &[("same", IdForm::Same), ("number", IdForm::Number)], IdForm::Same),
        fixed_signature: from.maybe_text("fixed_signature").map(|s| bare(&s).to_owned()),
        listen: from.parsed("listen", |t| t.parse().ok(), "an address and a port, such as 0.0.0.0:8801"),
        node,
        prove: from.flag("prove").unwrap_or(true),
    };
    if upstream.listen.is_some() && protocol != Protocol::Sgip {
        from.fault("listen", "only an SGIP carrier connects back; leave it out", "");
    }
    if protocol == Protocol::Sgip && upstream.listen.is_none() {
        from.fault(
            "listen",
            "missing; an SGIP carrier hands over replies and reports at an address of ours",
            "",
        );
    }
    from.end();
    name.map(|_| upstream)
}

/// Our enterprise code: as given, or what it usually is. Login and code must have room in the protocol's fields: the octets
/// of Source_Addr, system_id, ClientID and Login Name, and of Msg_src, MsgSrc and CorpId.
fn enterprise(from: &mut Section<'_>, protocol: Protocol, login: &str, node: u32) -> String {
    let (login_max, code_max) = match protocol {
        Protocol::Cmpp => (6, 6),
        Protocol::Smpp => (15, 0),
        Protocol::Smgp => (8, 8),
        Protocol::Sgip => (16, SGIP_CODE),
        Protocol::Http => (0, 0),
    };
    let given = from.maybe_text("enterprise");
    if login.len() > login_max || !login.is_ascii() {
        let what = format!("must be at most {login_max} ASCII characters in {}", protocol.code());
        from.fault("login", what, login);
        return String::new();
    }
    if code_max == 0 {
        if let Some(given) = given {
            from.fault("enterprise", "SMPP has no field for it; leave it out", given);
        }
        return String::new();
    }
    let (is_given, whole) = (given.is_some(), node.to_string());
    let of_node = || whole.split_at_checked(SGIP_NODE - SGIP_CODE).filter(|_| whole.len() == SGIP_NODE);
    let usual = || match of_node() {
        Some((_, code)) if protocol == Protocol::Sgip => code.to_owned(),
        Some(_) | None => login.to_owned(),
    };
    let code = given.unwrap_or_else(usual);
    if code.len() > code_max || !code.is_ascii() {
        let what = if is_given {
            format!("must be at most {code_max} ASCII characters in {}", protocol.code())
        } else {
            format!(
                "missing; the login is longer than the {code_max} octets that {} has for our enterprise code: give \
                     it, or in SGIP a node of ten digits, which ends with it",
                protocol.code()
            )
        };
        from.fault("enterprise", what, if is_given { code } else { String::new() });
        return String::new();
    }
    code
}

/// Reads one number plan.
pub(super) fn carrier(mut from: Section<'_>) -> Option<Carrier> {
    let (name, prefixes) = (from.text("name"), prefixes(&mut from));
    if prefixes.is_empty() && !from.is_faulty("prefixes") {
        from.fault("prefixes", "missing; the beginnings of its numbers, such as [\"134\", \"135\"]", "");
    }
    from.end();
    name.map(|name| Carrier { name, prefixes })
}

/// Reads one route.
pub(super) fn route(mut from: Section<'_>) -> Option<Route> {
    let accounts = from.parsed("accounts", Pattern::parse, "an account's name, or its beginning and a star");
    let (prefixes, carrier, upstream) =
        (prefixes(&mut from), from.maybe_text("carrier"), from.text("upstream"));
    from.end();
    Some(Route { accounts: accounts.unwrap_or_else(Pattern::all), prefixes, carrier, upstream: upstream? })
}

fn prefixes(from: &mut Section<'_>) -> Vec<String> {
    let digits = |text: &str| {
        let number = text.strip_prefix('+').unwrap_or(text);
        (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned())
    };
    from.parsed_list("prefixes", digits, "digits, such as 134; a plus before a country code")
}

pub(super) fn is_host_and_port(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty()
            && !host.contains(char::is_whitespace)
            && port.parse::<u16>().is_ok_and(|port| port > 0)
    })
}

/// Digits of SGIP's CorpId, and of a node number that ends with it: 3, area code, enterprise code.
const SGIP_CODE: usize = 5;
const SGIP_NODE: usize = 10;
