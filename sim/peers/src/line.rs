//! One connection: bytes between a socket and a session.

use std::sync::Arc;
use std::time::Duration;

use anning_link::{Ending, Event, Moment, Output, Session};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::clock::{Clock, Time};
use crate::tongue::Tongue;

/// Who stands at this end.
pub(crate) trait End: Send {
    /// Something happened.
    fn event(&mut self, event: Event, session: &mut Session<Tongue>, at: Time);

    /// Everything that came together was told, or somebody woke this end.
    fn settle(&mut self, session: &mut Session<Tongue>, at: Time);

    /// When to settle again at the latest.
    fn wake_at(&self) -> Option<Moment>;

    /// Is the connection to break in the middle of what is said next?
    fn breaks(&self) -> bool {
        false
    }
}

/// Runs a connection to its end.
pub(crate) async fn run(
    mut socket: TcpStream,
    mut session: Session<Tongue>,
    end: &mut impl End,
    woken: &Arc<Notify>,
    clock: Clock,
) -> Ending {
    // Answers are short and wanted at once.
    let _ = socket.set_nodelay(true);
    let (mut from, mut to) = socket.split();
    let mut buffer = vec![0; READ];
    let mut out: Vec<u8> = Vec::new();
    let mut written = 0;
    loop {
        let at = clock.now();
        tell(&mut session, end, at);
        if end.breaks() && !out.is_empty() {
            let torn = out.get(written..out.len().saturating_sub(TORN)).unwrap_or(&[]);
            let _ = tokio::time::timeout(LAST_WORDS, to.write_all(torn)).await;
            session.drop_now(at.steady);
            tell(&mut session, end, at);
            return Ending::Dropped;
        }
        if out.is_empty() {
            match session.poll() {
                Some(Output::Send(bytes)) => {
                    (out, written) = (bytes, 0);
                    continue;
                }
                Some(Output::Close(ending)) => return ending,
                Some(Output::Event(event)) => {
                    end.event(event, &mut session, at);
                    continue;
                }
                None => {}
            }
        }
        let wake = [session.wake_at(), end.wake_at()].into_iter().flatten().min();
        let sleep = wake.map_or(LONG, |wake| wake.since(at.steady));
        tokio::select! {
            wrote = to.write(out.get(written..).unwrap_or(&[])), if !out.is_empty() => match wrote {
                Ok(0) | Err(_) => { session.peer_closed((clock.steady)()); out.clear(); }
                Ok(count) => {
                    written += count;
                    if written >= out.len() { out.clear(); }
                }
            },
            read = from.read(&mut buffer), if session.listens() => {
                let at = clock.now();
                match read {
                    Ok(0) | Err(_) => { session.peer_closed(at.steady); out.clear(); }
                    Ok(count) => session.received(buffer.get(..count).unwrap_or(&[]), at.steady, at.civil),
                }
            }
            () = woken.notified() => {}
            () = tokio::time::sleep(sleep) => {
                let at = clock.now();
                session.tick(at.steady, at.civil);
            }
        }
    }
}

/// Everything that happened, and what it leads to.
fn tell(session: &mut Session<Tongue>, end: &mut impl End, at: Time) {
    loop {
        let mut heard = false;
        while let Some(event) = session.event() {
            end.event(event, session, at);
            heard = true;
        }
        end.settle(session, at);
        if !heard {
            return;
        }
    }
}

/// Bytes read at once.
const READ: usize = 64 * 1024;
/// Bytes that are missing where a connection breaks.
const TORN: usize = 3;
/// How long last words may take to be written.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Nothing is due.
const LONG: Duration = Duration::from_secs(3_600);
