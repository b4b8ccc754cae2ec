//! `deliver_to` and its kin: where a sender of SGIP takes replies and reports. In that protocol the carrier's side, which
//! is us, connects to the sender to hand them over.

use std::collections::BTreeMap;
use std::time::Duration;

use super::account::Protocol;
use super::section::Section;
use super::upstream::is_host_and_port;
use super::words::{Outside, Secret, secret_of};

/// Where an account is told, and as whom we come there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deliveries {
    /// Host and port at which the sender listens.
    pub to: String,
    /// Our login there.
    pub login: String,
    /// Our secret there.
    pub secret: Secret,
    /// Our node number, the first of the three numbers of all that we hand over.
    pub node: u32,
    /// Replies and reports without an answer at one time.
    pub window: usize,
    /// How long its answers may take, before the line counts as dead.
    pub answer_within: Duration,
    /// How long a line is kept with nothing to tell.
    pub idle: Duration,
}

/// Reads the keys of one account; none where it is not told this way.
pub(super) fn read(
    from: &mut Section<'_>,
    outside: &Outside<'_>,
    logins: &BTreeMap<Protocol, String>,
) -> Option<Deliveries> {
    let others = KEYS.iter().find(|key| from.has(key)).copied();
    if !from.has("deliver_to") {
        if let Some(key) = others {
            from.fault(
                "deliver_to",
                format!("missing, but `{key}` is given; say where, or leave both out"),
                "",
            );
        } else if logins.contains_key(&Protocol::Sgip) {
            let what = "missing; a sender of SGIP is told of replies and reports at an address of its own only, \
                        so none would reach it";
            from.warn("deliver_to", what, "");
        }
    }
    let to = from.maybe_text("deliver_to");
    let (login, secret) = match (&to, others) {
        (None, None) => (from.maybe_text("deliver_login"), None),
        (Some(_), _) => (from.text("deliver_login"), Some(secret_of(from, outside, SECRETS))),
        // Already told what is missing; what is there is still looked at.
        (None, Some(_)) => (from.maybe_text("deliver_login"), Some(secret_of(from, outside, SECRETS))),
    };
    let node = u32::try_from(from.number("deliver_node", 0..=4_294_967_295, 0)).unwrap_or(0);
    let window = super::bounded(from.number("deliver_window", 1..=256, WINDOW));
    let seconds = |n: i64| Duration::from_secs(u64::try_from(n).unwrap_or(0));
    let answer_within = seconds(from.number("deliver_timeout", 1..=300, ANSWER_WITHIN));
    let idle = seconds(from.number("deliver_idle", 1..=3_600, IDLE));
    let to = to?;
    if !is_host_and_port(&to) {
        from.fault("deliver_to", "must be a host and a port, such as 192.0.2.30:8801", &*to);
    }
    if !logins.contains_key(&Protocol::Sgip) {
        let what = "only a sender of SGIP is called; give login.sgip, or leave it out";
        from.fault("deliver_to", what, &*to);
    }
    if let Some(login) = login.as_ref().filter(|login| login.len() > ROOM || !login.is_ascii()) {
        from.fault(
            "deliver_login",
            format!("must be at most {ROOM} ASCII characters in this protocol"),
            &**login,
        );
    }
    let secret = secret.unwrap_or_default();
    if secret.bytes().len() > ROOM || secret.bytes().contains(&0) {
        from.fault("deliver_secret", format!("must be at most {ROOM} characters in this protocol"), "");
    }
    Some(Deliveries { to, login: login.unwrap_or_default(), secret, node, window, answer_within, idle })
}

/// All but the first.
const KEYS: [&str; 8] = [
    "deliver_login",
    "deliver_secret_file",
    "deliver_secret_env",
    "deliver_secret",
    "deliver_node",
    "deliver_window",
    "deliver_timeout",
    "deliver_idle",
];
/// From a file, from the environment, in plain.
const SECRETS: [&str; 3] = ["deliver_secret_file", "deliver_secret_env", "deliver_secret"];
/// Octets of Login_Name and of Login_Password.
const ROOM: usize = 16;
/// The protocol's own.
const WINDOW: i64 = 32;
/// Seconds; the protocol's own.
const ANSWER_WITHIN: i64 = 30;
/// Seconds: less than the minute after which the other side may close it.
const IDLE: i64 = 30;
