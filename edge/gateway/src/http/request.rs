//! What the interfaces of other vendors have in common here.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use anning_vocab::Timestamp;
use axum::http::request::Parts;

use super::{form, send};
use crate::config::{Account, Protocol};
use crate::gateway::Gateway;

/// A request as signatures are over it.
pub(super) struct Request {
    pub from: IpAddr,
    pub method: String,
    /// Headers by their names in lower case; several of one name joined.
    pub headers: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// What a request with a template comes to.
pub(super) struct Filled {
    pub from: String,
    pub text: String,
}

/// Why a template cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// The account has no template of this code.
    Template,
    /// It may not be sent with this signature.
    Signature,
    /// Values are missing, or there are too many.
    Values,
    /// Neither template nor account has a whole number to send from.
    Source,
}

impl Request {
    /// Out of what came in; none where the address cannot be read.
    pub fn new(from: IpAddr, head: &Parts, body: Vec<u8>) -> Option<Self> {
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &head.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            let known = headers.entry(name.as_str().to_owned()).or_default();
            if !known.is_empty() {
                known.push(',');
            }
            known.push_str(&value);
        }
        let query = form::parse(head.uri.query().unwrap_or("").as_bytes())?;
        Some(Self { from, method: head.method.as_str().to_owned(), headers, query, body })
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.trim())
    }

    /// What signatures are over.
    pub fn signed(&self) -> super::sign::Signed<'_> {
        super::sign::Signed {
            method: &self.method,
            query: &self.query,
            headers: &self.headers,
            body: &self.body,
        }
    }
}

/// Fills a template of an account: `【signature】text`.
pub(super) fn fill(
    gateway: &Gateway,
    account: &Account,
    (code, signature, extend): (&str, &str, &str),
    values: &BTreeMap<String, String>,
    exact: bool,
) -> Result<Filled, Unfit> {
    let book = gateway.gate().book();
    let template = book.config.template(&account.name, code).ok_or(Unfit::Template)?;
    let own = template.signature.as_ref().is_none_or(|own| own == signature);
    if signature.is_empty() || !own || !account.may_sign(signature) {
        return Err(Unfit::Signature);
    }
    if exact && template.names().len() != values.len() {
        return Err(Unfit::Values);
    }
    let text = template.fill(values).ok_or(Unfit::Values)?;
    let from = template.from.clone().or_else(|| send::source(account)).ok_or(Unfit::Source)?;
    Ok(Filled { from: from + extend, text: format!("【{signature}】{text}") })
}

/// Is a request's time close enough to now?
pub(super) const fn is_timely(said: Timestamp, now: Timestamp) -> bool {
    now.millis().saturating_sub(said.millis()).saturating_abs() <= TIMELY
}

/// A number for a request, in the form of a UUID.
pub(super) fn request_id(gateway: &Arc<Gateway>) -> String {
    let id = gateway.ids().next(Protocol::Http, gateway.hands().civil(), 1);
    let hash = blake3::hash(&id.0).to_hex();
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or("");
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A quarter of an hour, in milliseconds.
const TIMELY: i64 = 15 * 60_000;
