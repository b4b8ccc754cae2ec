//! How many letters a second: `cargo run --release -p anning-gateway --example outbox -- FOLDER [LETTERS]`.
//! Prints figures, asserts nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anning_gateway::outbox::{Entry, Error, Ground, Limits, Outbox, Start};
use anning_gateway::{Lane, Letter, LetterId};
use anning_ledger::Suite;
use anning_link::{Address, MessageId, Submission, Wish};
use anning_store::disk::Real;
use anning_store::{Decided, SoftMaster, View};
use anning_vocab::{RecipientKey, Timestamp};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("a folder is needed")?);
    let letters: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(400_000);
    for (whole, of_each) in [(false, 256), (true, 256), (true, 32), (true, 1)] {
        let few = if of_each == 1 { letters / 8 } else { letters };
        run(&folder.join(format!("outbox-{of_each}-{whole}")), few, of_each, whole)?;
    }
    Ok(())
}

/// `whole`: with the answer of the carrier and the mark of the scribe, until the letter is done with.
fn run(
    folder: &std::path::Path,
    letters: u64,
    of_each: u64,
    whole: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let _ = std::fs::remove_dir_all(folder);
    let mut seed = 1_u8;
    let ground = Ground {
        disk: Arc::new(Real),
        folder: folder.to_path_buf(),
        master: Box::new(SoftMaster::parse(&"01".repeat(32)).map_err(|e| e.to_string())?),
        entropy: Box::new(move |bytes| {
            bytes.fill(seed);
            seed = seed.wrapping_add(1);
        }),
        suite: Suite::International,
        view: View::default(),
    };
    let (outbox, _) =
        Outbox::open(ground, Limits::default(), Box::new(|| Timestamp::from_millis(1_800_000_000_000)))?;
    let (account, upstream): (Arc<str>, Arc<str>) = ("shop".into(), "north".into());
    let requests: Vec<Vec<Entry>> = (0..letters / of_each)
        .map(|request| (0..of_each).flat_map(|n| one(request * of_each + n, &account, &upstream)).collect())
        .collect();
    let done = Arc::new(AtomicU64::new(0));
    let (began, cpu) = (now(), cpu());
    let (mut told, mut busy) = (0, 0_u64);
    let (tell, ids) = std::sync::mpsc::channel::<Vec<LetterId>>();
    for mut entries in requests {
        loop {
            let (done, tell) = (Arc::clone(&done), tell.clone());
            let committed = Box::new(move |result: Result<anning_gateway::outbox::Committed, Error>| {
                if let Ok(committed) = result {
                    done.fetch_add(committed.letters.len() as u64, Ordering::SeqCst);
                    let _ = tell.send(committed.letters.iter().map(|letter| letter.id).collect());
                }
            });
            match outbox.submit(entries, committed) {
                Ok(()) => break,
                Err(refused) => {
                    entries = refused.entries;
                    busy += 1;
                    std::thread::sleep(std::time::Duration::from_micros(200));
                }
            }
        }
        while let Some(ids) = ids.try_recv().ok().filter(|_| whole) {
            told += answer(&outbox, &ids);
        }
    }
    drop(tell);
    if whole {
        while let Ok(ids) = ids.recv() {
            told += answer(&outbox, &ids);
            if told >= letters / of_each * of_each {
                break;
            }
        }
    }
    while done.load(Ordering::SeqCst) < letters / of_each * of_each || outbox.queued() > 0 {
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
    let seconds = began.elapsed().as_secs_f64();
    let each = (self::cpu() - cpu) * 1e6 / letters as f64;
    let what = if whole {
        "accepted with decision, taken by the carrier, scribed"
    } else {
        "accepted with decision"
    };
    println!(
        "{what}, {of_each} a request: {:.0} letters/s, {each:.1} µs of processor a letter; {} segments on disk, \
         busy {busy} times, {} letters in the book",
        letters as f64 / seconds,
        outbox.segments(),
        outbox.book().len()
    );
    drop(outbox);
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

fn answer(outbox: &Outbox, ids: &[LetterId]) -> u64 {
    let taken = |letter: &LetterId| Entry::Taken {
        letter: *letter,
        segment: 0,
        id: MessageId(letter.0.to_be_bytes().to_vec()),
    };
    let mut entries: Vec<Entry> = ids.iter().map(taken).collect();
    if let Some(last) = ids.last() {
        entries.push(Entry::Scribed { through: last.0 + 1, position: last.0 });
    }
    while let Err(refused) = outbox.submit(entries, Box::new(|_| ())) {
        entries = refused.entries;
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
    ids.len() as u64
}

fn one(n: u64, account: &Arc<str>, upstream: &Arc<str>) -> [Entry; 2] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&n.to_be_bytes());
    let segment = Submission {
        source: Address::new(b"106900011234"),
        destinations: vec![Address::new(format!("138{n:08}").as_bytes())],
        coding: 8,
        content: vec![0x4e; 140],
        wish: Wish::Report,
        service: b"SVC".to_vec(),
        enterprise: b"901234".to_vec(),
        ..Submission::default()
    };
    let letter = Letter {
        id: LetterId::default(),
        account: Arc::clone(account),
        upstream: Arc::clone(upstream),
        lane: Lane::Commercial,
        accepted_at: Timestamp::from_millis(1_800_000_000_000),
        not_before: None,
        expires: Timestamp::from_millis(1_800_086_400_000),
        recipient: RecipientKey(key),
        segments: vec![segment],
        ours: vec![MessageId(n.to_be_bytes().to_vec())],
        beyond: Vec::new(),
    };
    let decided =
        Decided { recipient: RecipientKey(key), record: vec![7; 220], handed_over: None, evidence: None };
    [Entry::Accepted { letter: Arc::new(letter), start: Start::AtOnce }, Entry::Decision(Arc::new(decided))]
}

/// Seconds of processor that this process has used.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum();
    ticks / 100.0
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}
