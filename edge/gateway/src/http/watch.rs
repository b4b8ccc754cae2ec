//! What whoever runs it looks at: does it live, is it ready, what would enforcing have stopped.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::reply::{Problem, Reply};
use super::{Front, basic, metrics};
use crate::outbox::Health;

/// Whether messages are taken, and what is in the way.
#[derive(Serialize)]
struct Ready {
    ready: bool,
    /// Codes alone are taken.
    degraded: bool,
    outbox: &'static str,
    evidence: &'static str,
    upstream_links: usize,
    draining: bool,
}

/// The process lives, and its threads answer.
pub(super) async fn health() -> Reply {
    Reply::text(200, TEXT, "ok\n".to_owned())
}

/// The outbox and the ledger take writes, a carrier is connected, and it is not ending.
pub(super) async fn ready(State(front): State<Arc<Front>>) -> Reply {
    let gateway = &front.gateway;
    let (outbox, draining) = (gateway.outbox().health(), gateway.is_draining());
    let trouble = gateway.gate().trouble(gateway.hands().wall()).is_some();
    let links = gateway.ways().iter().map(|way| way.links().0).sum();
    let (in_order, takes) = (outbox == Health::Well && !trouble, !draining && links > 0);
    let ready = in_order && takes;
    let body = Ready {
        ready,
        degraded: !in_order && takes,
        outbox: outbox.code(),
        evidence: if trouble { "unavailable" } else { "ok" },
        upstream_links: links,
        draining,
    };
    Reply::json(if ready { 200 } else { 503 }, &body)
}

/// Numbers for Prometheus.
pub(super) async fn numbers(State(front): State<Arc<Front>>) -> Reply {
    Reply::text(200, METRICS, metrics::write(&front.gateway))
}

/// What shadow mode let pass of an account and enforcing would have stopped.
pub(super) async fn shadow(
    State(front): State<Arc<Front>>,
    Extension(from): Extension<IpAddr>,
    headers: HeaderMap,
) -> Response {
    let account = match basic::enter(&front.gateway, from, &headers) {
        Ok(account) => account,
        Err(denied) => return Problem::from(denied).into_response(),
    };
    let shadow = front.gateway.gate().shadow();
    let empty = BTreeMap::new();
    let reasons = shadow.of(&account.name).unwrap_or(&empty);
    let body = serde_json::json!({
        "account": &*account.name,
        "since": front.gateway.started().to_string(),
        "messages": shadow.decided_of(&account.name),
        "would_have_stopped": reasons,
    });
    Reply::json(200, &body).into_response()
}

const TEXT: &str = "text/plain; charset=utf-8";
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";
