//! Messages as a stream of lines (NDJSON), answered line by line in their order while more come in.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header::CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use serde::Serialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::keys::{self, Found};
use super::messages::{Done, Ready, draining, other_body, read, running};
use super::reply::{LINES, Problem};
use super::send::{self, Pending, Wanted};
use super::{Front, body};
use crate::config::Account;

/// One line's answer, on its way.
enum Line {
    Taken(Ready, Vec<Pending>),
    Wrong(Problem),
}

/// An answer, with the number of its line from 1.
#[derive(Serialize)]
struct Numbered<T> {
    line: usize,
    #[serde(flatten)]
    what: T,
}

/// The answer's body: lines as they become known.
struct Answers(Receiver<Bytes>);

/// Takes lines. With a key, each line's id follows from the key, its number and what it says.
pub(super) fn take(
    front: &Arc<Front>,
    account: &Arc<Account>,
    key: Option<[u8; 32]>,
    body: Body,
) -> Response {
    let Ok(permit) = Arc::clone(&front.streams).try_acquire_owned() else {
        return body::full().into_response();
    };
    if let Some(key) = key {
        // The body is not known yet: it is the lines that are compared, by their ids.
        match front.keys.begin(key, [0; 32], front.gateway.hands().steady()) {
            Found::Fresh => {}
            Found::Running => return running().into_response(),
            Found::Other | Found::Done(_) => return other_body().into_response(),
            Found::Full => return body::full().into_response(),
        }
    }
    let (give, taken) = channel(GROUPS_AHEAD);
    let (tell, told) = channel(LINES_AHEAD);
    let reading = Reader { front: Arc::clone(front), account: Arc::clone(account), key, number: 0 };
    let (front, account) = (Arc::clone(front), Arc::clone(account));
    let busy = front.gateway.busy();
    tokio::spawn(async move {
        // Both end together: a caller who does not read ends the reading of what he sends.
        let answering = answer(&front, &account, taken, tell);
        tokio::join!(reading.run(body, give), answering);
        if let Some(key) = key {
            front.keys.end(key, None, front.gateway.hands().steady());
        }
        drop((permit, busy));
    });
    let mut response = Response::new(Body::new(Answers(told)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(LINES));
    response
}

struct Reader {
    front: Arc<Front>,
    account: Arc<Account>,
    key: Option<[u8; 32]>,
    number: usize,
}

impl Reader {
    async fn run(mut self, mut body: Body, give: Sender<Vec<(usize, Line)>>) {
        let mut rest: VecDeque<u8> = VecDeque::new();
        let mut ended = false;
        while !ended {
            let stop = match tokio::time::timeout(PAUSE, body.frame()).await {
                Ok(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        rest.extend(data);
                    }
                    None
                }
                Ok(None) => {
                    ended = true;
                    // The last line needs no end.
                    rest.push_back(b'\n');
                    None
                }
                Ok(Some(Err(_))) => return,
                Err(_) => Some(Problem::new(408, "body_too_slow", "no line came in time")),
            };
            let mut lines = cut(&mut rest);
            // What stands before a line that is too long is taken.
            let long = lines.iter().position(|line| line.len() > LINE_MAX);
            lines.truncate(long.unwrap_or(lines.len()));
            let over = self.front.gateway.is_draining().then(draining);
            if over.is_none() && !self.take(lines, &give).await {
                return;
            }
            let too_long = long.is_some() || rest.len() > LINE_MAX;
            let too_long =
                too_long.then(|| Problem::new(413, "line_too_long", "a line is longer than 64 KiB"));
            if let Some(problem) = over.or(stop).or(too_long) {
                // Nothing after it is read.
                self.number += 1;
                let _ = give.send(vec![(self.number, Line::Wrong(problem))]).await;
                return;
            }
        }
    }

    /// Takes lines, a hundred at a time; false if nobody reads the answers.
    async fn take(&mut self, lines: Vec<Vec<u8>>, give: &Sender<Vec<(usize, Line)>>) -> bool {
        for some in lines.chunks(TOGETHER) {
            let mut group = Vec::with_capacity(some.len());
            let mut wanted = Vec::new();
            for line in some {
                self.number += 1;
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                match one(&self.account, line) {
                    Err(problem) => group.push((self.number, Line::Wrong(problem))),
                    Ok(ready) => {
                        wanted.extend(self.wanted(&ready));
                        group.push((self.number, Line::Taken(ready, Vec::new())));
                    }
                }
            }
            let mut pending = send::begin(&self.front.gateway, &self.account, wanted).await.into_iter();
            for (_, line) in &mut group {
                if let Line::Taken(ready, own) = line {
                    own.extend(pending.by_ref().take(ready.to.len()));
                }
            }
            if give.send(group).await.is_err() {
                return false;
            }
        }
        true
    }

    fn wanted(&self, ready: &Ready) -> Vec<Wanted> {
        let mut all = Vec::with_capacity(ready.to.len());
        for (place, to) in ready.to.iter().enumerate() {
            // A line has at most a thousand recipients.
            let place = self.number * 1_000 + place;
            let id = self.key.map(|key| keys::id(&key, place, (&ready.from, to, &ready.text)));
            all.push(Wanted { from: ready.from.clone(), to: vec![to.clone()], text: ready.text.clone(), id });
        }
        all
    }
}

/// One line: one message.
fn one(account: &Account, line: &[u8]) -> Result<Ready, Problem> {
    let (mut ready, single) = read(account, line)?;
    match ready.pop() {
        Some(ready) if single => Ok(ready),
        Some(_) | None => Err(Problem::new(400, "malformed", "a line is one message, without `messages`")),
    }
}

async fn answer(
    front: &Arc<Front>,
    account: &Arc<Account>,
    mut taken: Receiver<Vec<(usize, Line)>>,
    tell: Sender<Bytes>,
) {
    while let Some(group) = taken.recv().await {
        for (line, what) in group {
            let text = match what {
                Line::Wrong(problem) => serde_json::to_vec(&Numbered { line, what: problem }),
                Line::Taken(ready, pending) => {
                    let mut recipients = Vec::with_capacity(pending.len());
                    for (to, one) in ready.to.iter().zip(pending) {
                        let told = one.told().await;
                        recipients.extend(send::results(
                            &front.gateway,
                            account,
                            core::slice::from_ref(to),
                            &told,
                        ));
                    }
                    serde_json::to_vec(&Numbered {
                        line,
                        what: Done { reference: ready.reference, recipients },
                    })
                }
            };
            let mut text = text.unwrap_or_default();
            text.push(b'\n');
            // Whoever does not read for so long is gone.
            if !matches!(tokio::time::timeout(PAUSE, tell.send(text.into())).await, Ok(Ok(()))) {
                return;
            }
        }
    }
}

/// The lines that have come whole, without their ends.
fn cut(rest: &mut VecDeque<u8>) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let Some(last) = rest.iter().rposition(|byte| *byte == b'\n') else { return lines };
    let whole: Vec<u8> = rest.drain(..=last).collect();
    for line in whole.split(|byte| *byte == b'\n') {
        lines.push(line.to_vec());
    }
    // What stands behind the last end is no line.
    lines.pop();
    lines
}

impl hyper::body::Body for Answers {
    type Data = Bytes;
    type Error = core::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Streams at one time.
pub(super) const STREAMS_MAX: usize = 64;
/// Bytes of a line.
const LINE_MAX: usize = 64 * 1024;
/// Lines that go on record together.
const TOGETHER: usize = 100;
/// Groups of lines that wait for the outbox.
const GROUPS_AHEAD: usize = 8;
/// Answers that wait for a caller who writes before he reads.
const LINES_AHEAD: usize = 4_096;
/// How long the next line, or the reading of an answer, may take.
const PAUSE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_as_they_come() {
        let mut rest = VecDeque::new();
        let mut check = |more: &str, expected: &[&str]| {
            rest.extend(more.bytes());
            let lines: Vec<String> =
                cut(&mut rest).into_iter().map(|line| String::from_utf8(line).unwrap()).collect();
            assert_eq!(lines, expected, "{more:?}");
        };
        check("{\"a\"", &[]);
        check(":1}\n", &["{\"a\":1}"]);
        check("\n\nx\r\ny", &["", "", "x\r"]);
        check("z", &[]);
        check("\n", &["yz"]);
    }
}
