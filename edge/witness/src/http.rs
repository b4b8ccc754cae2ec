//! Plain requests with limits: bytes, time, no redirect, no proxy from the environment.

use std::time::Duration;

use ureq::http::Response;
use ureq::{Agent, Body};

use crate::source::SourceError;

/// Asks servers.
#[derive(Clone, Debug)]
pub(crate) struct Client(Agent);

impl Client {
    /// A client that waits this long for an answer, body included.
    pub(crate) fn new(patience: Duration) -> Self {
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(HEADER_MAX)
            .timeout_global(Some(patience))
            .timeout_connect(Some(patience.min(CONNECT)))
            .user_agent(concat!("anning/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.new_agent())
    }

    /// The body at an address.
    pub(crate) fn get(&self, address: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        body(self.0.get(address).call(), limit)
    }

    /// The answer to a body sent there, if it is of the type asked for.
    pub(crate) fn post(
        &self,
        address: &str,
        (sent, wanted): (&str, &str),
        bytes: &[u8],
        limit: u64,
    ) -> Result<Vec<u8>, SourceError> {
        let request = self.0.post(address).header("content-type", sent).header("accept", wanted);
        body(request.send(bytes), limit)
    }
}

/// Is this an address that this build can ask?
pub(crate) fn check(address: &str) -> Result<(), SourceError> {
    let bad = || SourceError::Address { address: address.chars().take(SHOWN).collect() };
    let rest = match (address.strip_prefix("http://"), address.strip_prefix("https://")) {
        (Some(rest), _) => rest,
        (None, Some(rest)) if cfg!(feature = "tls") => rest,
        (None, Some(_)) => return Err(SourceError::NoTls),
        (None, None) => return Err(bad()),
    };
    // A query or a fragment would swallow the path of a tile, a name before @ hides the host.
    let is_odd = |c: char| matches!(c, '?' | '#' | '@' | '\\') || c.is_whitespace() || c.is_control();
    if rest.is_empty() || rest.starts_with('/') || rest.contains(is_odd) { Err(bad()) } else { Ok(()) }
}

fn body(answer: Result<Response<Body>, ureq::Error>, limit: u64) -> Result<Vec<u8>, SourceError> {
    let mut answer = answer.map_err(|error| network(&error))?;
    match answer.status().as_u16() {
        200 => {}
        404 | 410 => return Err(SourceError::Missing),
        status => return Err(SourceError::Status { status }),
    }
    let read = answer.body_mut().with_config().limit(limit).read_to_vec();
    read.map_err(|error| {
        if matches!(error, ureq::Error::BodyExceedsLimit(_)) {
            SourceError::TooLong { limit }
        } else {
            network(&error)
        }
    })
}

fn network(error: &ureq::Error) -> SourceError {
    SourceError::Network(error.to_string().to_lowercase())
}

/// Bytes of an answer's header.
const HEADER_MAX: usize = 16 * 1_024;
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Characters of a bad address kept for the message.
const SHOWN: usize = 200;
