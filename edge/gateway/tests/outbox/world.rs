//! A small world to keep an outbox of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anning_gateway::outbox::{Book, Entry, Ground, Limits, Outbox, Packer, Recovered, Start, Waits};
use anning_gateway::{Lane, Letter, LetterId};
use anning_ledger::Suite;
use anning_link::{Address, MessageId, Report, ReportState, Submission, Wish};
use anning_store::disk::Disk;
use anning_store::{Decided, Error, SoftMaster, View};
use anning_vocab::{Channel, Date, Prior, RecipientKey, Timestamp};

pub const MASTER: &str = "0101010101010101010101010101010101010101010101010101010101010101";

/// Numbers that look drawn.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n.max(1)
    }
}

pub fn at(seconds: i64) -> Timestamp {
    Date::parse("2026-11-01").unwrap().start().plus_millis(seconds * 1_000)
}

/// A clock that stands until it is moved.
#[derive(Clone, Default)]
pub struct Hands(Arc<AtomicI64>);

impl Hands {
    pub fn now(&self) -> Timestamp {
        at(self.0.load(Ordering::SeqCst))
    }

    pub fn move_on(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

pub fn folder() -> PathBuf {
    PathBuf::from("/outbox")
}

pub fn ground(disk: Arc<dyn Disk>, folder: PathBuf, seed: u64) -> Ground {
    let mut draw = Draw(seed);
    Ground {
        disk,
        folder,
        master: Box::new(SoftMaster::parse(MASTER).unwrap()),
        entropy: Box::new(move |bytes| bytes.iter_mut().for_each(|b| *b = draw.below(256) as u8)),
        suite: if seed.is_multiple_of(5) { Suite::Gm } else { Suite::International },
        view: View::default(),
    }
}

/// Small segments and short waits; nothing happens unless somebody asks.
pub fn limits() -> Limits {
    Limits {
        segment: 24 << 10,
        segments: 6,
        carry_after: Duration::from_secs(200),
        tick: Duration::from_secs(3_600),
        waits: Waits {
            doubt: Duration::from_secs(300),
            report: Duration::from_secs(900),
            telling: Duration::from_secs(900),
            parked: Duration::from_secs(100),
            ..Waits::default()
        },
        ..Limits::default()
    }
}

pub fn open(disk: &crate::sim::Sim, seed: u64, hands: &Hands) -> Result<(Outbox, Recovered), Error> {
    let clock = hands.clone();
    let ground = ground(Arc::new(disk.clone()), folder(), seed);
    Outbox::open(ground, limits(), Box::new(move || clock.now()))
}

pub fn person(n: u64) -> RecipientKey {
    RecipientKey([n as u8; 16])
}

pub fn number(n: u64) -> Address {
    Address::new(format!("138000{n:05}").as_bytes())
}

pub const ACCOUNTS: [&str; 3] = ["shop", "bank", "post"];
pub const UPSTREAMS: [&str; 2] = ["north", "south"];
pub const LANES: [Lane; 3] = [Lane::Code, Lane::Service, Lane::Commercial];

/// A letter of one or two segments. `name` stands in its text and in the ids that the sender is told.
pub fn letter(name: u64, draw: &mut Draw, now: Timestamp) -> Letter {
    let who = draw.below(16);
    let wish = [Wish::Nothing, Wish::Report, Wish::ReportOfFailure][draw.below(3) as usize];
    let count = 1 + draw.below(4) / 3;
    let segment = |part: u64| Submission {
        source: Address::new(b"10690001"),
        destinations: vec![number(who)],
        coding: 8,
        content: format!("letter {name} part {part} and a text as long as texts are").into_bytes(),
        wish,
        service: b"SVC".to_vec(),
        ..Submission::default()
    };
    // The carrier's cut is shorter than the sender's, now and then.
    let beyond = u64::from(name % 7 == 3);
    Letter {
        id: LetterId::default(),
        account: ACCOUNTS[draw.below(3) as usize].into(),
        upstream: UPSTREAMS[draw.below(2) as usize].into(),
        lane: LANES[draw.below(3) as usize],
        accepted_at: now,
        not_before: (draw.below(4) == 0).then(|| now.plus_millis(40_000)),
        expires: now.plus_millis(600_000),
        recipient: person(who),
        segments: (0..count).map(segment).collect(),
        ours: (0..count).map(|part| MessageId(format!("{name}.{part}").into_bytes())).collect(),
        beyond: (0..beyond).map(|part| (MessageId(format!("{name}+{part}").into_bytes()), wish)).collect(),
    }
}

pub fn decided(name: u64, now: Timestamp) -> Decided {
    let prior = Prior {
        sent_at: now,
        sender: None,
        channel: Channel::Sms,
        kind: None,
        commercial: true,
        request: false,
        wording: None,
    };
    Decided {
        recipient: person(name % 16),
        record: name.to_be_bytes().to_vec(),
        handed_over: (!name.is_multiple_of(3)).then_some(prior),
        evidence: name.is_multiple_of(5).then(|| vec![7; 40]),
    }
}

pub fn report(id: &MessageId, who: RecipientKey, state: ReportState) -> Arc<Report> {
    let recipient = number(u64::from(who.0[0]));
    Arc::new(Report { id: id.clone(), recipient, state, word: b"DELIVRD".to_vec(), ..Report::default() })
}

/// Everything in a book, as bytes by number.
pub fn written(book: &Book) -> BTreeMap<u64, Vec<u8>> {
    let view = View::default();
    let names = view.now();
    let one = |number: u64| {
        let mut packer = Packer::new(&names, Vec::new());
        packer.entry(&Entry::Carried { number, what: book.carry(number).unwrap() });
        (number, packer.end())
    };
    book.numbers().into_iter().map(one).collect()
}

/// At once, or in turn.
pub fn start(at_once: bool) -> Start {
    if at_once { Start::AtOnce } else { Start::Waits }
}
