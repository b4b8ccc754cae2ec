//! One connection: bytes between a socket and a session, and what the rest of the gateway wants of it in between.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use anning_link::{Civil, Dialect, Ending, Event, Moment, Output, Session};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::sync::mpsc::Receiver;

use crate::clock::Hands;

/// What stands at this end of a connection: a sender's desk or a carrier's.
pub(crate) trait End<D: Dialect>: Send {
    /// What the rest of the gateway asks of it.
    type Order: Send;

    /// Something happened.
    fn event(&mut self, event: Event, session: &mut Session<D>, at: Time);

    /// Something is wanted.
    fn order(&mut self, order: Self::Order, session: &mut Session<D>, at: Time);

    /// Everything that came together has been told: what belongs together is handed on together.
    fn settle(&mut self, session: &mut Session<D>, at: Time);

    /// Is more to be read of it now? What is not read the other side cannot send for long.
    fn listens(&self, _: &Session<D>) -> bool {
        true
    }

    /// When to be asked again at the latest, whatever the session says.
    fn wake_at(&self) -> Option<Moment>;
}

/// One moment, by both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    pub steady: Moment,
    pub civil: Civil,
    pub wall: anning_vocab::Timestamp,
}

impl Time {
    pub fn of(hands: &Hands) -> Self {
        let wall = hands.wall();
        Self { steady: hands.steady(), civil: crate::clock::civil(wall), wall }
    }
}

/// Runs a connection to its end.
pub(crate) async fn run<D, E, S>(
    socket: S,
    mut session: Session<D>,
    end: &mut E,
    orders: &mut Receiver<E::Order>,
    hands: &Hands,
) -> Ending
where
    D: Dialect + Send,
    E: End<D>,
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let (mut from, mut to) = tokio::io::split(socket);
    let mut out = Out::default();
    loop {
        let at = Time::of(hands);
        let closing = hear(&mut session, end, &mut out, at);
        if let Some(ending) = closing {
            // What was said last is worth a moment, no more.
            let _ = tokio::time::timeout(LAST_WORDS, to.write_all(out.rest())).await;
            let _ = tokio::time::timeout(LAST_WORDS, to.shutdown()).await;
            return ending;
        }
        session.set_unread(out.unread());
        let wake = [session.wake_at(), end.wake_at()].into_iter().flatten().min();
        let sleep = wake.map_or(LONG, |wake| wake.since(at.steady));
        tokio::select! {
            biased;
            written = to.write(out.rest()), if !out.rest().is_empty() => match written {
                Ok(0) | Err(_) => session.peer_closed(hands.steady()),
                Ok(count) => out.wrote(count, hands.steady()),
            },
            order = orders.recv() => match order {
                Some(order) => {
                    let at = Time::of(hands);
                    end.order(order, &mut session, at);
                    for _ in 0..ORDERS {
                        match orders.try_recv() {
                            Ok(order) => end.order(order, &mut session, at),
                            Err(_) => break,
                        }
                    }
                }
                // Nobody wants anything of it any more.
                None => session.leave(hands.steady(), hands.civil()),
            },
            read = read(&mut from), if session.listens() && end.listens(&session) => match read {
                Ok(bytes) if !bytes.is_empty() => session.received(&bytes, hands.steady(), hands.civil()),
                Ok(_) | Err(_) => session.peer_closed(hands.steady()),
            },
            () = tokio::time::sleep(sleep) => session.tick(hands.steady(), hands.civil()),
        }
    }
}

/// Reads what is there; nothing at the end. The buffer belongs to the thread: most connections are silent most of the time,
/// and ten thousand buffers would be most of their memory.
async fn read<S: AsyncRead + Unpin>(from: &mut S) -> std::io::Result<Vec<u8>> {
    poll_fn(|context| {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.resize(READ, 0);
            let mut buffer = ReadBuf::new(buffer);
            match Pin::new(&mut *from).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) => Poll::Ready(Ok(buffer.filled().to_vec())),
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Pending => Poll::Pending,
            }
        })
    })
    .await
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Everything that happened is told, and what it leads to; then what is to be sent, as far as the socket is free.
fn hear<D: Dialect, E: End<D>>(
    session: &mut Session<D>,
    end: &mut E,
    out: &mut Out,
    at: Time,
) -> Option<Ending> {
    loop {
        let mut heard = false;
        while let Some(event) = session.event() {
            end.event(event, session, at);
            heard = true;
        }
        end.settle(session, at);
        if !heard {
            break;
        }
    }
    // While the socket takes no more, the session counts what waits against its bound.
    if !out.rest().is_empty() {
        return session.ending().filter(|_| session.event().is_none());
    }
    match session.poll() {
        Some(Output::Send(bytes)) => {
            out.put(bytes, at.steady);
            session.ending()
        }
        Some(Output::Close(ending)) => Some(ending),
        // Events were fetched before.
        Some(Output::Event(event)) => {
            end.event(event, session, at);
            None
        }
        None => None,
    }
}

/// Bytes on their way into the socket.
#[derive(Default)]
struct Out {
    bytes: Vec<u8>,
    written: usize,
    /// When the socket took some of them last, or they came.
    since: Moment,
}

impl Out {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.written..).unwrap_or(&[])
    }

    /// Since when the socket takes nothing although something is to be sent.
    fn unread(&self) -> Option<Moment> {
        (!self.rest().is_empty()).then_some(self.since)
    }

    const fn wrote(&mut self, count: usize, now: Moment) {
        self.written += count;
        self.since = now;
    }

    fn put(&mut self, bytes: Vec<u8>, now: Moment) {
        (self.bytes, self.written, self.since) = (bytes, 0, now);
    }
}

/// Bytes read at once.
pub(crate) const READ: usize = 16 * 1024;
/// Orders taken at once, before the socket is looked at again.
const ORDERS: usize = 256;
/// How long a last answer may take to be written.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Nothing is due.
const LONG: Duration = Duration::from_secs(3_600);
