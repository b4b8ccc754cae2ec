//! Who asks: HTTP Basic, and the rules that hold for every way of showing a secret.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64ct::{Base64, Encoding as _};

use super::reply::Problem;
use crate::config::{Account, Protocol};
use crate::gateway::Gateway;

/// Whom a login belongs to, before it has shown its secret; counts what becomes of it.
pub(super) struct Asking<'g> {
    gateway: &'g Gateway,
    from: IpAddr,
    login: String,
    account: Option<Arc<Account>>,
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// Nothing was shown.
    Missing,
    /// Nobody has this login, or not from there, or the secret is another.
    Wrong,
    /// Too many failures: not now.
    Locked,
}

impl<'g> Asking<'g> {
    /// Somebody says that a login is his.
    pub fn new(gateway: &'g Gateway, from: IpAddr, login: &str) -> core::result::Result<Self, Denied> {
        if !gateway.roster().may_try(from, Protocol::Http, login.as_bytes(), gateway.hands().steady()) {
            gateway.tally().login(Protocol::Http, "locked");
            return Err(Denied::Locked);
        }
        let book = gateway.gate().book();
        let account = book.config.account(Protocol::Http, login.as_bytes()).filter(|account| {
            account.from.is_empty() || account.from.iter().any(|network| network.contains(from))
        });
        Ok(Self { gateway, from, login: login.to_owned(), account: account.cloned() })
    }

    /// The secret that proofs are made with: nobody's, where nobody has the login, so that it takes as long.
    pub fn secret(&self) -> &[u8] {
        self.account.as_ref().map_or(UNKNOWN, |account| account.secret.bytes())
    }

    /// The proof was right, or not.
    pub fn shown(self, right: bool) -> core::result::Result<Arc<Account>, Denied> {
        let in_order = right && self.account.is_some();
        // A request that is in order clears nothing that is not there.
        let locked = self.gateway.roster().tried(
            self.from,
            Protocol::Http,
            self.login.as_bytes(),
            in_order,
            self.gateway.hands().steady(),
        );
        if !in_order {
            let how = if self.account.is_some() { "wrong" } else { "unknown" };
            self.gateway.tally().login(Protocol::Http, how);
            self.gateway.note_failed(Protocol::Http, self.account.as_deref(), locked);
        }
        self.account.filter(|_| right).ok_or(Denied::Wrong)
    }
}

/// Lets in whoever shows an account's login and secret.
pub(super) fn enter(
    gateway: &Gateway,
    from: IpAddr,
    headers: &HeaderMap,
) -> core::result::Result<Arc<Account>, Denied> {
    let (login, secret) = credentials(headers).ok_or(Denied::Missing)?;
    let asking = Asking::new(gateway, from, &login)?;
    // Hashes are compared, in constant time, so that no length shows either.
    let right = blake3::hash(secret.as_bytes()) == blake3::hash(asking.secret());
    asking.shown(right)
}

/// Login and secret of an `Authorization: Basic` header.
pub(super) fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = Base64::decode_vec(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(login, secret)| (login.to_owned(), secret.to_owned()))
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Missing => {
                Self::new(401, "unauthenticated", "login and secret are missing; send them as HTTP Basic")
            }
            Denied::Wrong => Self::new(401, "unauthenticated", "login and secret do not fit"),
            Denied::Locked => Self::new(429, "locked", "too many failed logins from there").again(60),
        }
    }
}

/// Compared with what is shown for a login that nobody has.
const UNKNOWN: &[u8] = b"\0nobody has this secret\0";
