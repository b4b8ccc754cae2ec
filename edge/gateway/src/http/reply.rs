//! What is answered: a body with its kind, and problems as RFC 9457 has them. No person and no host is named in one.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

use crate::codes::Reason;

/// An answer that can be given twice.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub kind: &'static str,
    pub body: Bytes,
    /// Seconds after which trying again can help.
    pub retry_after: Option<u32>,
}

/// What is wrong with a request, or with the gateway just now.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// For programs: a code of the table of result codes, or one of this interface's own.
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Trying again later can help.
    pub retry: bool,
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

impl Reply {
    /// JSON.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        // What is serialised here has text keys and no numbers that JSON lacks.
        let body = serde_json::to_vec(body).unwrap_or_default().into();
        Self { status, kind: JSON, body, retry_after: None }
    }

    /// Text.
    pub fn text(status: u16, kind: &'static str, body: String) -> Self {
        Self { status, kind, body: body.into(), retry_after: None }
    }
}

impl From<Reply> for Response<Body> {
    fn from(reply: Reply) -> Self {
        let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Self::new(Body::from(reply.body));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(reply.kind));
        if let Some(seconds) = reply.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
        }
        response
    }
}

impl axum::response::IntoResponse for Reply {
    fn into_response(self) -> axum::response::Response {
        self.into()
    }
}

impl Problem {
    /// With a code of this interface's own.
    pub fn new(status: u16, code: &'static str, title: &str) -> Self {
        let (kind, title) = (format!("{URN}{code}"), title.to_owned());
        Self { kind, title, status, code, detail: None, retry: false, retry_after: None }
    }

    /// More about it; never what somebody sent.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Trying again after so many seconds can help.
    pub const fn again(mut self, seconds: u32) -> Self {
        self.retry = true;
        self.retry_after = Some(seconds);
        self
    }

    /// A reason out of the table of result codes.
    pub fn of(reason: Reason) -> Self {
        let problem = Self::new(status(reason), reason.code(), reason.en()).detail(reason.zh());
        match pause(reason) {
            Some(seconds) => problem.again(seconds),
            None => problem,
        }
    }

    /// As an answer.
    pub fn reply(&self) -> Reply {
        Reply { kind: PROBLEM, retry_after: self.retry_after, ..Reply::json(self.status, self) }
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        problem.reply()
    }
}

impl axum::response::IntoResponse for Problem {
    fn into_response(self) -> axum::response::Response {
        self.reply().into()
    }
}

/// The HTTP status of a reason.
pub(super) fn status(reason: Reason) -> u16 {
    u16::try_from(reason.result(crate::config::Protocol::Http)).unwrap_or(500)
}

/// Seconds after which trying again can help, where it can.
pub(super) fn pause(reason: Reason) -> Option<u32> {
    use crate::codes::Kind;
    match (reason.kind(), reason) {
        (Kind::Later, Reason::Rate) => Some(1),
        (Kind::Later, Reason::Full) => Some(2),
        (Kind::Later, Reason::QuietHours | Reason::Cap) => Some(3_600),
        (Kind::Later, _) => Some(5),
        (Kind::Law | Kind::House | Kind::Submit | Kind::Afterwards, _) => None,
    }
}

/// Kinds of bodies. Tencent's SDK looks for errors only in a body whose kind is written exactly so.
pub(super) const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
pub(super) const LINES: &str = "application/x-ndjson";
/// Names of problems begin so.
const URN: &str = "urn:anning:problem:";
const CHALLENGE: &str = "Basic realm=\"anning\", charset=\"UTF-8\"";
