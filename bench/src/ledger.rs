//! The ledger on the real disk: acknowledged acts a second, latencies, import, cold start; beside it fsync and PostgreSQL.

mod import;
mod load;
mod postgres;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anning_ledger::{Suite, sheet};
use anning_store::disk::Real;
use anning_store::{Access, Clerk, Error, Ledger, NewAct, Pace, Running, SoftMaster, sheet_hash};
use anning_vocab::{ActKind, Date, Origin, PartyId, Recipient, RecipientKey, Timestamp};

use crate::{Random, now};

/// What one run goes by.
struct Ground {
    scratch: PathBuf,
    /// When the clock of the run began, and what it showed then.
    began: Instant,
    day: Timestamp,
}

/// A ledger at work, and what makes acts for it.
struct Open {
    clerk: Clerk,
    running: Running,
    maker: Maker,
}

/// Makes acts of people by number.
#[derive(Clone)]
struct Maker {
    hash: Arc<dyn Fn(&Recipient) -> RecipientKey + Send + Sync>,
    sheet: [u8; 32],
    sheets: Vec<Vec<u8>>,
    day: Timestamp,
}

pub(crate) fn run(acts: usize) {
    let scratch =
        PathBuf::from(std::env::var_os("ANNING_SCRATCH").unwrap_or_else(|| "target/bench-ledger".into()));
    let day = Date::parse("2026-11-27").map_or(Timestamp::from_millis(0), Date::start);
    let ground = Ground { scratch, began: now(), day };
    // One part alone, for whoever looks for where time goes.
    let part = std::env::args().nth(3);
    let result =
        if part.as_deref() == Some("import") { import::run(&ground, acts) } else { all(&ground, acts) };
    if let Err(error) = result {
        eprintln!("bench: {error}");
    }
    let _ = std::fs::remove_dir_all(&ground.scratch);
}

fn all(ground: &Ground, acts: usize) -> Result<(), Error> {
    std::fs::create_dir_all(&ground.scratch).map_err(Error::io("make", &ground.scratch))?;
    let floor = floor(&ground.scratch)?;
    let single = load::single(ground)?;
    let batched = load::batched(ground)?;
    load::withdrawals(ground)?;
    load::provable(ground)?;
    match postgres::run(&ground.scratch) {
        Some(theirs) => {
            println!(
                "ratios: to the fsync floor {:.2}; to PostgreSQL one at a time {:.2}, batched {:.2} at {} clients",
                single / floor,
                single / theirs.single,
                batched / theirs.batched,
                CLIENTS
            );
        }
        None => println!(
            "PostgreSQL: skipped, it is not installed; ratio to the fsync floor {:.2}",
            single / floor
        ),
    }
    import::run(ground, acts)
}

/// What the disk gives: 4 KiB written and synced, one after another, into room made before.
fn floor(folder: &Path) -> Result<f64, Error> {
    use std::os::unix::fs::FileExt;
    let path = folder.join("floor");
    let measure = || -> std::io::Result<Vec<u64>> {
        let file = std::fs::File::create(&path)?;
        let block = [7_u8; 4_096];
        (0..FLOOR_BLOCKS).try_for_each(|n| file.write_all_at(&block, n * 4_096))?;
        file.sync_all()?;
        let (begin, mut nanos) = (now(), Vec::new());
        while begin.elapsed() < SPELL {
            let one = now();
            file.write_all_at(&block, nanos.len() as u64 % FLOOR_BLOCKS * 4_096)?;
            file.sync_data()?;
            nanos.push(one.elapsed().as_nanos() as u64);
        }
        std::fs::remove_file(&path)?;
        Ok(nanos)
    };
    let nanos = measure().map_err(Error::io("measure", folder))?;
    let rate = nanos.len() as f64 / SPELL.as_secs_f64();
    println!("fsync floor, 4 KiB written and synced: {rate:.0}/s, {}", spread(nanos));
    Ok(rate)
}

impl Ground {
    /// A new ledger at work in a folder of its own.
    fn fresh(&self, name: &str, pace: Pace) -> Result<Open, Error> {
        let folder = self.scratch.join(name);
        std::fs::create_dir_all(&self.scratch).map_err(Error::io("make", &self.scratch))?;
        Ledger::create(&folder, "log.example/bench", Suite::International, self.access(name, 1)?, self.day)?;
        self.open(name, pace)
    }

    fn open(&self, name: &str, pace: Pace) -> Result<Open, Error> {
        let ledger = Ledger::open(&self.scratch.join(name), self.access(name, 2)?)?;
        let (began, day) = (self.began, self.day);
        let clock = Box::new(move || day.plus_millis(began.elapsed().as_millis() as i64));
        let hash = Arc::new(ledger.hasher());
        let sheets = vec![terms()];
        let sheet = sheets.first().map_or([0; 32], |bytes| sheet_hash(ledger.suite(), bytes));
        let maker = Maker { hash, sheet, sheets, day };
        let (clerk, running) = Clerk::start(ledger, Arc::new(Real), clock, pace)?;
        Ok(Open { clerk, running, maker })
    }

    fn access(&self, name: &str, seed: u64) -> Result<Access, Error> {
        let mut random = Random(seed ^ self.began.elapsed().as_nanos() as u64);
        Ok(Access {
            disk: Arc::new(Real),
            ring: self.scratch.join(format!("{name}.ring")),
            master: Box::new(SoftMaster::parse(&"01".repeat(32))?),
            entropy: Box::new(move |bytes| {
                for chunk in bytes.chunks_mut(8) {
                    chunk.iter_mut().zip(random.draw().to_le_bytes()).for_each(|(to, from)| *to = from);
                }
            }),
        })
    }

    /// Ends a ledger and removes it.
    fn remove(&self, open: Open, name: &str) -> Result<(), Error> {
        drop(open.clerk);
        drop(open.running.end()?);
        let folder = self.scratch.join(name);
        let ring = self.scratch.join(format!("{name}.ring"));
        std::fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?;
        std::fs::remove_file(&ring).map_err(Error::io("remove", &ring))
    }
}

impl Maker {
    /// What one person did at a second of the bench's day.
    fn act(&self, person: u64, kind: ActKind, second: u64) -> Option<NewAct> {
        let recipient = Recipient::mainland_mobile(FIRST_NUMBER + person)?;
        let at = self.day.plus_millis(second as i64 * 1_000 - 86_400_000);
        Some(NewAct {
            recipient: (self.hash)(&recipient),
            address: recipient.reveal(),
            kind,
            origin: Origin::Captured,
            occurred: at,
            received: at,
            recorded: at,
            sheet: self.sheet,
            id: person.to_be_bytes().into_iter().chain([kind as u8]).collect(),
        })
    }
}

/// Terms that allow.
fn terms() -> Vec<u8> {
    let allow = crate::decide::terms().into_iter().next();
    let terms = allow.map(|terms| anning_vocab::Terms { controller: Some(PartyId(0)), ..terms });
    terms
        .and_then(|t| sheet::encode(&t, &|_, number| Some(format!("name-{number}").into())).ok())
        .unwrap_or_default()
}

/// Percentiles, for people.
fn spread(mut nanos: Vec<u64>) -> String {
    nanos.sort_unstable();
    let at = |part: f64| {
        let place = ((nanos.len() as f64 * part) as usize).min(nanos.len().saturating_sub(1));
        nanos.get(place).copied().unwrap_or(0) as f64 / 1_000_000.0
    };
    format!(
        "p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, most {:.2} ms",
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    )
}

/// Clients that put batches until told to stop; acts acknowledged.
fn clients<T>(open: &Open, count: usize, batch: usize, first: u64, work: impl FnOnce() -> T) -> (u64, T) {
    let (next, done, stop) = (AtomicU64::new(first), AtomicU64::new(0), AtomicBool::new(false));
    let put = || {
        while !stop.load(Ordering::Relaxed) {
            let from = next.fetch_add(batch as u64, Ordering::Relaxed);
            let acts: Vec<NewAct> = (from..from + batch as u64)
                .filter_map(|person| open.maker.act(person, ActKind::Given, person % 80_000))
                .collect();
            match open.clerk.put(open.maker.sheets.clone(), acts) {
                Ok(acks) => done.fetch_add(acks.len() as u64, Ordering::Relaxed),
                Err(error) => return eprintln!("bench: {error}"),
            };
        }
    };
    let result = std::thread::scope(|scope| {
        (0..count).for_each(|_| drop(scope.spawn(put)));
        let result = work();
        stop.store(true, Ordering::Relaxed);
        result
    });
    (done.into_inner(), result)
}

const FIRST_NUMBER: u64 = 13_000_000_000;
/// How long each thing is measured.
const SPELL: Duration = Duration::from_secs(4);
const FLOOR_BLOCKS: u64 = 4_096;
/// Clients that put batches at once, and acts in each batch.
const CLIENTS: usize = 8;
const BATCH: usize = 256;
