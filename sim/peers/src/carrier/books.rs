//! What all connections of one carrier share: what it took, what it has yet to tell, who is connected.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anning_link::{Delivery, Dialect as _, Ending, MessageId, Moment, Reply, Submission};
use anning_text::Header;
use tokio::sync::Notify;

use super::{CarrierPlan, Ids};
use crate::clock::{Clock, Time};
use crate::latency::Latency;
use crate::paper::{Paper, print, quoted};
use crate::protocol::{Protocol, bare};
use crate::tongue::Tongue;

/// What happened to a carrier.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct CarrierCounts {
    /// Logins let in.
    pub logins: u64,
    /// Logins turned away.
    pub turned_away: u64,
    /// Messages taken, one for each recipient and segment.
    pub taken: u64,
    /// Of them, different by recipient and text.
    pub distinct: u64,
    /// Taken more than once, counted each time beyond the first.
    pub duplicates: u64,
    /// Submits refused on purpose.
    pub refused: u64,
    /// Submits answered with flow control.
    pub throttled: u64,
    /// Submits beyond the window.
    pub overruns: u64,
    /// Reports and replies handed over and taken.
    pub told: u64,
    /// Of them, replies.
    pub replies: u64,
    /// Milliseconds from handing a reply over to its acknowledgement.
    pub reply_latency: Latency,
    /// Reports and replies that were refused, each time.
    pub untaken: u64,
    /// Reports and replies that wait, or were given up.
    pub untold: u64,
    /// Connections broken on purpose.
    pub resets: u64,
    /// How connections ended, and how often.
    pub endings: BTreeMap<String, u64>,
    /// What was odd, and how often.
    pub odd: BTreeMap<String, u64>,
}

/// All that connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub plan: CarrierPlan,
    pub clock: Clock,
    /// Connections are asked to leave.
    pub leaving: AtomicBool,
    /// Connections break off.
    pub gone: AtomicBool,
    books: Mutex<Books>,
    due: Mutex<Due>,
    lines: Mutex<HashMap<u64, Arc<Notify>>>,
    next: AtomicU64,
}

#[derive(Debug, Default)]
struct Books {
    counts: CarrierCounts,
    /// How often each recipient got each text.
    taken: HashMap<(Box<[u8]>, u64), u32>,
    paper: Paper,
    /// Nanoseconds that replies took.
    replied: Vec<u64>,
    /// Submits of this second, and when it began.
    second: (Moment, u32),
}

/// What is to be told, by time.
#[derive(Debug, Default)]
struct Due(BTreeMap<(Moment, u64), Told>);

/// A report or reply, and how often it was tried.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub delivery: Delivery,
    pub tries: u32,
    /// When it was handed over, once it was.
    pub since: Moment,
}

impl Shared {
    pub fn new(plan: CarrierPlan, clock: Clock) -> std::io::Result<Self> {
        let books = Books { paper: Paper::open(plan.log.as_deref())?, ..Books::default() };
        Ok(Self {
            plan,
            clock,
            leaving: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            books: Mutex::new(books),
            due: Mutex::default(),
            lines: Mutex::default(),
            next: AtomicU64::new(1),
        })
    }

    pub fn counts(&self) -> CarrierCounts {
        let waiting = u64::try_from(lock(&self.due).0.len()).unwrap_or(0);
        let books = lock(&self.books);
        let distinct = u64::try_from(books.taken.len()).unwrap_or(0);
        let reply_latency = Latency::of(books.replied.clone());
        CarrierCounts {
            untold: books.counts.untold + waiting,
            distinct,
            reply_latency,
            ..books.counts.clone()
        }
    }

    pub fn count(&self, change: impl FnOnce(&mut CarrierCounts)) {
        change(&mut lock(&self.books).counts);
    }

    /// A reply was acknowledged after so long. It is put down among the messages, so that the file says what came after.
    pub fn replied(&self, reply: &Reply, after: Duration) {
        let mut books = lock(&self.books);
        let line = || format!(r#"{{"number":{},"replied":true}}"#, quoted(bare(&reply.source.text)));
        if let Err(error) = books.paper.write(line) {
            *books.counts.odd.entry(error.to_string()).or_default() += 1;
        }
        if books.replied.len() < REPLIED_MAX {
            books.replied.push(u64::try_from(after.as_nanos()).unwrap_or(u64::MAX));
        }
    }

    /// A number that nothing else has.
    pub fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Is this submit beyond what goes in a second?
    pub fn is_beyond(&self, per_second: u32, now: Moment) -> bool {
        let mut books = lock(&self.books);
        let (since, count) = &mut books.second;
        if now.since(*since) >= Duration::from_secs(1) {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        let beyond = *count > per_second;
        books.counts.throttled += u64::from(beyond);
        beyond
    }

    /// Puts a message down; how many were taken before it. A full disk is told as a line of `odd`.
    pub fn take(&self, message: &Submission) -> u64 {
        let numbering = self.plan.protocol.numbering();
        let hash = print(numbering, message.coding, message.udh, &message.content);
        let (segment, of) = place(message);
        let mut books = lock(&self.books);
        let before = books.counts.taken;
        for to in &message.destinations {
            let number = bare(&to.text);
            let line = || {
                let number = quoted(number);
                format!(r#"{{"number":{number},"hash":"{hash:016x}","segment":{segment},"of":{of}}}"#)
            };
            if let Err(error) = books.paper.write(line) {
                *books.counts.odd.entry(error.to_string()).or_default() += 1;
            }
            let times = books.taken.entry((number.into(), hash)).or_default();
            *times += 1;
            let again = *times > 1;
            books.counts.taken += 1;
            books.counts.duplicates += u64::from(again);
        }
        before
    }

    /// The id of a message in its answer, and in its report.
    pub fn id(&self, number: u64, at: Time) -> (MessageId, MessageId) {
        let low = |most: u64| u32::try_from(number % most).unwrap_or(0);
        let one = |id: MessageId| (id.clone(), id);
        match self.plan.protocol {
            Protocol::Cmpp2 | Protocol::Cmpp3 => {
                // What the sequence has no room for goes into the code of the gateway.
                let high = u32::try_from(number >> 16 & 0x3F_FFFF).unwrap_or(0);
                let sequence = u16::try_from(low(0x1_0000)).unwrap_or(0);
                one(anning_cmpp::message_id(at.civil, high, sequence))
            }
            Protocol::Smgp => {
                let gateway = GATEWAY + u32::try_from(number / 1_000_000 % 100_000).unwrap_or(0);
                one(anning_smgp::id::make(gateway, at.civil, low(1_000_000)))
            }
            Protocol::Smpp => {
                let (hex, decimal) = (|| format!("{number:08X}"), || format!("{number:010}"));
                let (answer, receipt) = match self.plan.ids {
                    Ids::Decimal => (decimal(), decimal()),
                    Ids::Hex => (hex(), hex()),
                    Ids::HexThenDecimal => (hex(), decimal()),
                    Ids::DecimalThenHex => (decimal(), hex()),
                };
                (MessageId(answer.into_bytes()), MessageId(receipt.into_bytes()))
            }
            // A submit's own number is its id there, and replies have none.
            Protocol::Sgip => one(MessageId::default()),
        }
    }

    /// The id in the report on the recipient at a place.
    pub fn nth_id(&self, first: &MessageId, place: usize) -> MessageId {
        Tongue::server(self.plan.protocol).nth_id(first, place)
    }

    /// To be told at a time.
    pub fn later(&self, at: Moment, delivery: Delivery, tries: u32) {
        let number = self.next();
        lock(&self.due).0.insert((at, number), Told { delivery, tries, since: at });
    }

    /// What is due first, if it is.
    pub fn due(&self, now: Moment) -> Option<Told> {
        let mut due = lock(&self.due);
        let first = due.0.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// When the next is due.
    pub fn due_at(&self) -> Option<Moment> {
        lock(&self.due).0.first_key_value().map(|((at, _), _)| *at)
    }

    /// Every connection looks again.
    pub fn wake(&self) {
        lock(&self.lines).values().for_each(|line| line.notify_one());
    }

    pub fn enter(&self, woken: Arc<Notify>) -> u64 {
        let number = self.next();
        lock(&self.lines).insert(number, woken);
        number
    }

    pub fn leave(&self, number: u64, ending: Ending) {
        lock(&self.lines).remove(&number);
        self.count(|counts| *counts.endings.entry(ending.to_string()).or_default() += 1);
        // Others tell what this one did not.
        self.wake();
    }

    /// Connections open.
    pub fn open(&self) -> usize {
        lock(&self.lines).len()
    }
}

/// Which segment of how many.
fn place(message: &Submission) -> (u8, u8) {
    let header = message.udh.then(|| Header::cut(&message.content).ok()).flatten();
    let place = header.and_then(|(header, _)| header.place()).map(|place| (place.number, place.total));
    place.or_else(|| message.segment.map(|segment| (segment.number, segment.total))).unwrap_or((1, 1))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A simulation goes on with what it has.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Replies whose time is kept.
const REPLIED_MAX: usize = 1_000_000;
/// The gateway code that ids of SMGP begin with.
const GATEWAY: u32 = 100_000;
