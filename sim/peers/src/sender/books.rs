//! What all connections of one sender share: what is to be sent, what was answered, which reports are awaited.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anning_link::{Answer, MessageId, Moment, Report, ReportState};
use anning_smpp::Form;
use tokio::sync::Notify;

use super::SenderPlan;
use crate::clock::Clock;
use crate::latency::Latency;
use crate::paper::{Paper, print};
use crate::protocol::{Protocol, bare};
use crate::words::{self, Kind, UCS2};

/// What happened to a sender.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct SenderCounts {
    /// Logins.
    pub logins: u64,
    /// Connections that others made to it and were let in on (SGIP).
    pub called: u64,
    /// Those that were not.
    pub turned_away: u64,
    /// Messages begun; a long one is one.
    pub messages: u64,
    /// Submits handed in, again and again included.
    pub submits: u64,
    /// Segments taken.
    pub taken: u64,
    /// Segments refused for good.
    pub refused: u64,
    /// Answers by code, each time.
    pub codes: BTreeMap<u32, u64>,
    /// Submits that were never answered.
    pub in_doubt: u64,
    /// Of them, sent again.
    pub again: u64,
    /// Submits refused for the moment and sent again.
    pub retried: u64,
    /// Messages never begun.
    pub unsent: u64,
    /// Reports.
    pub reports: Reports,
    /// Replies of subscribers.
    pub replies: u64,
    /// Seconds from the first submit to the last answer.
    pub seconds: f64,
    /// Segments answered in a second.
    pub per_second: f64,
    /// Time to the answer, by kind of message; with a rate, from when it should have been sent.
    pub latency: BTreeMap<&'static str, Latency>,
    /// How connections ended, and how often.
    pub endings: BTreeMap<String, u64>,
    /// What was odd, and how often.
    pub odd: BTreeMap<String, u64>,
}

/// Reports by what they matched.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Reports {
    /// First report on a segment that was taken.
    pub matched: u64,
    /// Of them, delivered.
    pub delivered: u64,
    /// Of them, before the answer.
    pub early: u64,
    /// Segments taken whose report did not come.
    pub missing: u64,
    /// Reports beyond the first on one segment.
    pub duplicate: u64,
    /// Reports on nothing that was taken.
    pub unknown: u64,
    /// Reports that said "not yet".
    pub underway: u64,
}

/// One segment on its way.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub serial: u64,
    pub kind: Kind,
    pub number: u64,
    pub segment: u8,
    pub of: u8,
    pub udh: bool,
    pub content: Vec<u8>,
    pub tries: u32,
    /// When it should have gone.
    pub due: Moment,
}

/// What becomes of an answer.
pub(super) enum Verdict {
    Taken,
    Refused,
    Later,
}

/// All that connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub plan: SenderPlan,
    pub clock: Clock,
    pub changed: Notify,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    counts: SenderCounts,
    paper: Paper,
    next: u64,
    began: Option<Moment>,
    last: Moment,
    ready: VecDeque<Piece>,
    later: BTreeMap<(Moment, u64), Piece>,
    open: u64,
    nanos: [Vec<u64>; 4],
    /// By id and recipient.
    told: HashMap<(MessageId, Box<[u8]>), Told>,
    awaited: u64,
    early: u64,
    lines: HashMap<u64, Arc<Notify>>,
    line: u64,
    keeping: u32,
    over: bool,
    enough: bool,
}

#[derive(Clone, Copy, Debug)]
enum Told {
    /// Taken; no report yet.
    Awaited,
    /// Reported before the answer came.
    Early(ReportState),
    /// Reported.
    Reported,
}

impl Shared {
    pub fn new(plan: SenderPlan, clock: Clock) -> std::io::Result<Self> {
        for kind in Kind::ALL {
            let fault = words::segments(plan.protocol, &words::text(kind, &plan.texts, plan.count), 0).err();
            if let Some(fault) = fault {
                return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, fault.to_string()));
            }
        }
        let books = Books { paper: Paper::open(plan.log.as_deref())?, ..Books::default() };
        Ok(Self { plan, clock, changed: Notify::new(), books: Mutex::new(books) })
    }

    /// The next segment to go, or when there may be one.
    pub fn draw(&self, now: Moment) -> Result<Piece, Option<Moment>> {
        let mut books = self.lock();
        if books.over {
            return Err(None);
        }
        if let Some(first) = books.later.first_entry()
            && first.key().0 <= now
        {
            let piece = first.remove();
            books.ready.push_back(piece);
        }
        if books.ready.is_empty() {
            self.begin(&mut books, now)?;
        }
        let piece = books.ready.pop_front().ok_or(None)?;
        books.counts.submits += 1;
        books.open += 1;
        Ok(piece)
    }

    /// Begins the next message, if it is time.
    fn begin(&self, books: &mut Books, now: Moment) -> Result<(), Option<Moment>> {
        let retry = books.later.first_key_value().map(|((at, _), _)| *at);
        if books.next >= self.plan.count || books.enough {
            return Err(retry);
        }
        let began = *books.began.get_or_insert(now);
        let (place, serial) = (books.next, self.plan.first + books.next);
        let due = self.plan.rate.map_or(now, |rate| {
            let nanos = u128::from(place) * 1_000_000_000 / u128::from(rate.max(1));
            began.plus(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
        });
        if due > now {
            return Err(retry.into_iter().chain([due]).min());
        }
        books.next += 1;
        books.counts.messages += 1;
        let kind = self.plan.mix.kind(serial);
        let reference = serial.to_be_bytes().last().copied().unwrap_or(0);
        let text = words::text(kind, &self.plan.texts, serial);
        let cuts = words::segments(self.plan.protocol, &text, reference).unwrap_or_default();
        let number = self.plan.recipients.of(serial);
        for cut in cuts {
            let (segment, of) = cut.place.map_or((1, 1), |place| (place.number, place.total));
            let (udh, content) = (cut.place.is_some(), cut.content);
            books.ready.push_back(Piece { serial, kind, number, segment, of, udh, content, tries: 0, due });
        }
        Ok(())
    }

    /// It could not be handed in after all.
    pub fn put_back(&self, piece: Piece) {
        let mut books = self.lock();
        books.counts.submits -= 1;
        books.open -= 1;
        books.ready.push_front(piece);
    }

    /// It was answered. Put down before it is counted: whoever is killed in between has told less, never more.
    pub fn answered(&self, mut piece: Piece, answer: &Answer, temporary: bool, now: Moment) -> Verdict {
        let mut books = self.lock();
        let code = match answer {
            Answer::Taken(_) | Answer::TakenExcept(..) => 0,
            Answer::Refused(code) => *code,
        };
        *books.counts.codes.entry(code).or_default() += 1;
        books.open -= 1;
        books.last = now;
        if code != 0 && temporary && self.plan.retries && piece.tries < TRIES {
            piece.tries += 1;
            books.counts.retried += 1;
            let at = now.plus(RETRY * piece.tries);
            books.later.insert((at, piece.serial << 8 | u64::from(piece.segment)), piece);
            return Verdict::Later;
        }
        let paper = books.paper.write(|| {
            let hash = print(self.plan.protocol.numbering(), UCS2, piece.udh, &piece.content);
            let Piece { serial, number, segment, of, .. } = piece;
            format!(
                r#"{{"number":"{number}","hash":"{hash:016x}","segment":{segment},"of":{of},"serial":{serial},"code":{code}}}"#
            )
        });
        if let Err(error) = paper {
            *books.counts.odd.entry(error.to_string()).or_default() += 1;
        }
        let nanos = u64::try_from(now.since(piece.due).as_nanos()).unwrap_or(u64::MAX);
        if let Some(kept) = books.nanos.get_mut(piece.kind.place()).filter(|kept| kept.len() < KEPT) {
            kept.push(nanos);
        }
        let verdict = match answer {
            Answer::Taken(id) | Answer::TakenExcept(id, _) => {
                books.counts.taken += 1;
                if self.plan.reports && self.hears_reports() {
                    books.awaits(self.filed(id, Form::of_answer), piece.number);
                }
                Verdict::Taken
            }
            Answer::Refused(_) => {
                books.counts.refused += 1;
                Verdict::Refused
            }
        };
        self.look(&books);
        verdict
    }

    /// Nothing was heard of it: it goes again if the plan says so.
    pub fn in_doubt(&self, piece: Piece) {
        let mut books = self.lock();
        books.open -= 1;
        books.counts.in_doubt += 1;
        if self.plan.reconnects && !books.over {
            books.counts.again += 1;
            books.ready.push_back(piece);
        }
        books.lines.values().for_each(|line| line.notify_one());
        self.look(&books);
    }

    /// A report came.
    pub fn reported(&self, report: &Report) {
        let mut books = self.lock();
        if !report.state.is_final() {
            books.counts.reports.underway += 1;
            return;
        }
        let key = (self.filed(&report.id, Form::of_receipt), bare(&report.recipient.text).into());
        let delivered = u64::from(report.state == ReportState::Delivered);
        match books.told.get(&key).copied() {
            Some(Told::Awaited) => {
                books.told.insert(key, Told::Reported);
                books.awaited -= 1;
                books.counts.reports.matched += 1;
                books.counts.reports.delivered += delivered;
            }
            Some(Told::Reported | Told::Early(_)) => books.counts.reports.duplicate += 1,
            None => {
                books.early += 1;
                books.told.insert(key, Told::Early(report.state));
            }
        }
        self.look(&books);
    }

    pub fn count(&self, change: impl FnOnce(&mut SenderCounts)) {
        change(&mut self.lock().counts);
    }

    pub fn ended(&self, how: &str) {
        self.count(|counts| *counts.endings.entry(how.to_owned()).or_default() += 1);
        self.changed.notify_one();
    }

    pub fn counts(&self) -> SenderCounts {
        let books = self.lock();
        let mut counts = books.counts.clone();
        counts.unsent = self.plan.count.saturating_sub(books.next);
        counts.reports.missing = books.awaited;
        counts.reports.unknown = books.early;
        let spent = books.began.map_or(Duration::ZERO, |began| books.last.since(began));
        counts.seconds = spent.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate, for people")]
        let answered = (counts.taken + counts.refused) as f64;
        counts.per_second = if counts.seconds > 0.0 { answered / counts.seconds } else { 0.0 };
        let samples = books.nanos.clone();
        drop(books);
        for (kind, nanos) in Kind::ALL.into_iter().zip(samples) {
            if !nanos.is_empty() {
                counts.latency.insert(kind.name(), Latency::of(nanos));
            }
        }
        counts
    }

    /// Everything was answered, or nothing more will be.
    pub fn is_answered(&self) -> bool {
        let books = self.lock();
        let left = (books.next < self.plan.count && !books.enough)
            || !books.ready.is_empty()
            || !books.later.is_empty();
        books.open == 0 && (!left || books.keeping == 0)
    }

    /// Every report came, or none more will.
    pub fn is_reported(&self) -> bool {
        let books = self.lock();
        books.awaited == 0 || books.lines.is_empty() && books.keeping == 0
    }

    /// Begins nothing more. True if that was said before.
    pub fn enough(&self) -> bool {
        let before = core::mem::replace(&mut self.lock().enough, true);
        self.changed.notify_one();
        before
    }

    /// Connections leave.
    pub fn end(&self) {
        let mut books = self.lock();
        books.over = true;
        books.lines.values().for_each(|line| line.notify_one());
    }

    pub fn is_over(&self) -> bool {
        self.lock().over
    }

    /// A connection is kept from now on.
    pub fn begins(&self) {
        self.lock().keeping += 1;
    }

    /// It is not any more.
    pub fn is_left(&self) {
        self.lock().keeping -= 1;
        self.changed.notify_one();
    }

    pub fn enter(&self, woken: Arc<Notify>) -> u64 {
        let mut books = self.lock();
        books.line += 1;
        let line = books.line;
        books.lines.insert(line, woken);
        line
    }

    pub fn leave(&self, line: u64) {
        self.lock().lines.remove(&line);
        self.changed.notify_one();
    }

    pub fn lines(&self) -> usize {
        self.lock().lines.len()
    }

    /// An id of SMPP in the form that its answer and its receipt share; others are the same in both.
    fn filed(&self, id: &MessageId, form: fn(Form, &[u8]) -> Vec<u8>) -> MessageId {
        match self.plan.protocol {
            Protocol::Smpp => MessageId(form(self.plan.ids.form(), &id.0)),
            Protocol::Cmpp2 | Protocol::Cmpp3 | Protocol::Smgp | Protocol::Sgip => id.clone(),
        }
    }

    /// In SGIP reports come to whoever listens.
    fn hears_reports(&self) -> bool {
        self.plan.protocol != Protocol::Sgip || self.plan.listen.is_some()
    }

    /// Whoever waits looks again where that may be the end.
    fn look(&self, books: &Books) {
        if books.open == 0 || books.awaited == 0 {
            self.changed.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        // A simulation goes on with what it has.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// A segment was taken: its report is awaited, unless it came already.
    fn awaits(&mut self, id: MessageId, number: u64) {
        let key = (id, number.to_string().into_bytes().into_boxed_slice());
        match self.told.get(&key).copied() {
            Some(Told::Early(state)) => {
                self.told.insert(key, Told::Reported);
                self.early -= 1;
                self.counts.reports.matched += 1;
                self.counts.reports.early += 1;
                self.counts.reports.delivered += u64::from(state == ReportState::Delivered);
            }
            // Two messages under one id: each report on it after the first will count as a duplicate.
            Some(Told::Awaited | Told::Reported) => {
                *self.counts.odd.entry("id given twice".to_owned()).or_default() += 1;
            }
            None => {
                self.told.insert(key, Told::Awaited);
                self.awaited += 1;
            }
        }
    }
}

/// How often a submit refused for the moment is sent again.
const TRIES: u32 = 50;
/// Pause before that, longer every time.
const RETRY: Duration = Duration::from_millis(20);
/// Times kept of each kind.
const KEPT: usize = 4_000_000;
