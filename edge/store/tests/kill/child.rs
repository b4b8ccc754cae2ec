//! The process that is killed: appends without end, and says each thing before it asks for it and after it was told.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anning_ledger::hex;
use anning_store::disk::Real;
use anning_store::{Clerk, Decided, Ledger, NewAct, Pace, sheet_hash};
use anning_vocab::{ActKind, Channel, Origin, Prior};

use crate::world::{Draw, at, person, terms};
use crate::{ADDRESSEES, FOLDER, FROM, PEOPLE, open};

/// Only where the parent asked for it; a test run of its own has nothing to do here.
#[test]
fn appends() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let from: i64 = std::env::var(FROM).unwrap().parse().unwrap();
    let ledger = open(&folder, from as u64).unwrap();
    say("opened");
    let work = Work::new(&ledger, from);
    let pace = Pace { publish: Duration::from_millis(3), snapshot: 300 };
    let clock = Box::new(move || at(from));
    let (clerk, running) = Clerk::start(ledger, Arc::new(Real), clock, pace).unwrap();
    std::thread::scope(|scope| {
        for who in 0..3 {
            let (clerk, work) = (clerk.clone(), &work);
            scope.spawn(move || work.acts(&clerk, who));
        }
        work.decisions(&clerk, &running);
    });
}

/// One line at once: what the parent reads is whole or ends without a line feed.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A parent that is gone has no more questions.
    if out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

struct Work {
    hash: Box<dyn Fn(&anning_vocab::Recipient) -> anning_vocab::RecipientKey + Send + Sync>,
    sheet: [u8; 32],
    second: AtomicI64,
    seed: u64,
}

impl Work {
    fn new(ledger: &Ledger, from: i64) -> Self {
        let sheet = sheet_hash(ledger.suite(), &terms(0));
        Self { hash: Box::new(ledger.hasher()), sheet, second: AtomicI64::new(from), seed: from as u64 }
    }

    fn acts(&self, clerk: &Clerk, who: u64) {
        let mut draw = Draw(self.seed + who);
        for _ in 0..STEPS {
            let (mut acts, mut names) = (Vec::new(), Vec::new());
            for _ in 0..=draw.below(6) {
                let n = draw.below(PEOPLE);
                let kind = if draw.below(2) == 0 { ActKind::Given } else { ActKind::Withdrawn };
                let second = self.second.fetch_add(1, Ordering::SeqCst);
                let (person, time) = (person(n), at(second));
                acts.push(NewAct {
                    recipient: (self.hash)(&person),
                    address: person.reveal(),
                    kind,
                    origin: Origin::Captured,
                    occurred: time,
                    received: time,
                    recorded: time,
                    sheet: self.sheet,
                    id: second.to_be_bytes().to_vec(),
                });
                names.push(format!("{n} {} {second}", kind as u8));
            }
            say(&format!("try {}", names.join(" ")));
            let acks = clerk.put(vec![terms(0)], acts).unwrap();
            let positions: Vec<String> = names
                .iter()
                .zip(acks)
                .map(|(name, ack)| format!("{name} {}", ack.position.unwrap()))
                .collect();
            say(&format!("ack {}", positions.join(" ")));
        }
    }

    /// Decisions, and now and then a receipt.
    fn decisions(&self, clerk: &Clerk, running: &anning_store::Running) {
        for step in 0..STEPS {
            let second = self.second.fetch_add(1, Ordering::SeqCst);
            say(&format!("sending {second}"));
            let decided = |n: u64| Decided {
                recipient: (self.hash)(&person(1_000 + n)),
                record: second.to_be_bytes().to_vec(),
                handed_over: Some(Prior {
                    sent_at: at(second),
                    sender: None,
                    channel: Channel::Sms,
                    kind: None,
                    commercial: true,
                    request: false,
                    wording: None,
                }),
                evidence: n.is_multiple_of(2).then(|| vec![7; 300]),
            };
            let position = clerk.put_decisions((0..ADDRESSEES).map(decided).map(Arc::new).collect()).unwrap();
            say(&format!("sent {second} {position}"));
            if step % 8 == 3 && running.wait_published(position + 1, Duration::from_secs(60)) {
                let part = (second as u64 % ADDRESSEES) as u32;
                let receipt = clerk.with(move |ledger| ledger.receipt(position, part)).unwrap().unwrap();
                say(&format!("receipt {second} {position} {part} {}", hex::encode(&receipt.to_bytes())));
            }
        }
    }
}

/// It would end by itself, should the parent be gone.
const STEPS: u64 = 100_000;
