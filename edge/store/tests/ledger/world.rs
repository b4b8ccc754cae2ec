//! A small world to keep a ledger of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anning_ledger::{Suite, sheet};
use anning_store::disk::Disk;
use anning_store::{Access, Error, Ledger, NewAct, Publisher, SoftMaster, sheet_hash};
use anning_vocab::{ActKind, Covers, Date, Origin, PartyId, Recipient, Terms, Timestamp};

use crate::sim::Sim;

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

pub fn folder() -> PathBuf {
    PathBuf::from("/ledger")
}

pub fn ring() -> PathBuf {
    PathBuf::from("/keys/ring")
}

pub fn access(disk: Arc<dyn Disk>, ring: &Path, seed: u64) -> Access {
    let mut draw = Draw(seed);
    Access {
        disk,
        ring: ring.to_path_buf(),
        master: Box::new(SoftMaster::parse(MASTER).unwrap()),
        entropy: Box::new(move |bytes| bytes.iter_mut().for_each(|b| *b = draw.below(256) as u8)),
    }
}

pub fn at(seconds: i64) -> Timestamp {
    Date::parse("2026-11-01").unwrap().start().plus_millis(seconds * 1_000)
}

pub fn create(disk: &Sim, suite: Suite) {
    disk.create_folder(&folder()).unwrap();
    disk.create_folder(Path::new("/keys")).unwrap();
    let access = access(Arc::new(disk.clone()), &ring(), 7);
    Ledger::create(&folder(), "log.example/test", suite, access, at(0)).unwrap();
}

pub fn open(disk: &Sim, seed: u64) -> Result<Ledger, Error> {
    Ledger::open(&folder(), access(Arc::new(disk.clone()), &ring(), seed))
}

pub fn publisher(disk: &Sim, ledger: &Ledger) -> Result<Publisher, Error> {
    Publisher::open(Arc::new(disk.clone()), &folder(), ledger.suite(), ledger.origin(), ledger.signing())
}

pub fn person(n: u64) -> Recipient {
    Recipient::mainland_mobile(13_800_000_000 + n).unwrap()
}

/// Terms towards one of a few parties.
pub fn terms(party: u32) -> Vec<u8> {
    let terms = Terms { controller: Some(PartyId(party)), ..Terms::silent(Covers::Both) };
    sheet::encode(&terms, &|_, id| Some(format!("party-{id}").into())).unwrap()
}

pub fn act(ledger: &Ledger, n: u64, kind: ActKind, party: u32, time: Timestamp) -> NewAct {
    let person = person(n);
    NewAct {
        recipient: ledger.hash(&person),
        address: person.reveal(),
        kind,
        origin: Origin::Captured,
        occurred: time,
        received: time,
        recorded: time,
        sheet: sheet_hash(ledger.suite(), &terms(party)),
        id: format!("{n}-{}-{party}-{kind}", time.millis()).into_bytes(),
    }
}
