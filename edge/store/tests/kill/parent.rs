//! Kills the child, opens what it left, and holds it against what it said.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use anning_ledger::hex;
use anning_ledger::{
    Checkpoint, Head, Mirror, Note, Receipt, Suite, Tile, Trust, VerifierKey, consistency_proof,
    verify_consistency,
};
use anning_store::disk::Real;
use anning_store::{Ledger, Publisher};
use anning_vocab::{Act, Timestamp};

use crate::world::{Draw, access, at, person};
use crate::{ADDRESSEES, FOLDER, FROM, PEOPLE, open};

/// An act by its person, kind and second.
type Name = (u64, u8, i64);

/// What one ledger's children said so far.
#[derive(Default)]
struct Said {
    tried: BTreeSet<Name>,
    acknowledged: BTreeMap<Name, u64>,
    sending: BTreeSet<i64>,
    sent: BTreeMap<i64, u64>,
    receipts: Vec<(i64, Receipt)>,
    /// Lives that said nothing, not even that the ledger was open.
    silent: u64,
    /// The last head that the parent itself published.
    head: Option<Head>,
}

impl Said {
    /// Takes a line; one that was cut off says nothing.
    fn take(&mut self, line: &str) {
        let mut words = line.split(' ');
        let kind = words.next();
        let words: Vec<&str> = words.collect();
        let number = |word: &str| word.parse::<i64>().unwrap();
        let name = |w: &[&str]| (number(w[0]) as u64, number(w[1]) as u8, number(w[2]));
        match kind {
            Some("try") => self.tried.extend(words.chunks(3).map(name)),
            Some("ack") => {
                self.acknowledged.extend(words.chunks(4).map(|w| (name(w), number(w[3]) as u64)));
            }
            Some("sending") => drop(self.sending.insert(number(words[0]))),
            Some("sent") => drop(self.sent.insert(number(words[0]), number(words[1]) as u64)),
            Some("receipt") => {
                let bytes = hex::decode(words[3]).unwrap();
                self.receipts.push((number(words[0]), Receipt::from_bytes(&bytes).unwrap()));
            }
            // What the test runner says.
            _ => {}
        }
    }

    /// Is what lies there what was said?
    fn agrees(&mut self, folder: &Path, ledger: &mut Ledger, draw: &mut Draw) {
        let mut acts: Vec<Act> = Vec::new();
        let mut found = BTreeSet::new();
        for n in 0..PEOPLE {
            ledger.read().index().acts(ledger.hash(&person(n)), &mut acts);
            for act in &acts {
                let second = (act.occurred.millis() - at(0).millis()) / 1_000;
                assert!(found.insert((n, act.kind as u8, second)), "twice: {act:?}");
            }
        }
        let lost: Vec<_> = self.acknowledged.keys().filter(|name| !found.contains(name)).collect();
        assert!(lost.is_empty(), "acknowledged and gone: {lost:?}");
        let invented: Vec<_> = found.difference(&self.tried).collect();
        assert!(invented.is_empty(), "nobody sent: {invented:?}");
        self.decisions_agree(ledger);
        let last = self.acknowledged.values().chain(self.sent.values()).max();
        assert!(last.is_none_or(|last| *last < ledger.size()));
        if let Some(((n, kind, second), position)) =
            self.acknowledged.iter().nth(draw.below(self.acknowledged.len() as u64) as usize)
        {
            let event = ledger.act(*position).unwrap().event;
            let told = (event.address, event.kind as u8, event.occurred);
            assert_eq!(told, (person(*n).reveal(), *kind, at(*second)), "at {position}");
        }
        self.proofs_agree(folder, ledger);
    }

    fn decisions_agree(&self, ledger: &Ledger) {
        let mut sends = Vec::new();
        for n in 0..ADDRESSEES {
            let key = ledger.hash(&person(1_000 + n));
            ledger.read().index().priors(key, Timestamp::from_millis(0), &mut sends);
            let found: BTreeSet<i64> =
                sends.iter().map(|send| (send.sent_at.millis() - at(0).millis()) / 1_000).collect();
            assert_eq!(found.len(), sends.len(), "counted twice");
            assert!(self.sent.keys().all(|second| found.contains(second)), "handed over and not counted");
            assert!(found.is_subset(&self.sending), "counted and never handed over");
        }
    }

    /// Publishes what is left, and holds every receipt and every earlier head against it.
    fn proofs_agree(&mut self, folder: &Path, ledger: &mut Ledger) {
        let ledger_folder = folder.join("ledger");
        let signing = ledger.signing();
        let mut tiles =
            Publisher::open(Arc::new(Real), &ledger_folder, ledger.suite(), ledger.origin(), signing)
                .unwrap();
        ledger.take_leaves().iter().for_each(|leaf| tiles.append(leaf).unwrap());
        assert_eq!(tiles.size(), ledger.size(), "leaves that no tile would have");
        tiles.publish().unwrap();
        let head = ledger.checkpoint().unwrap().0.head();
        assert_eq!(head.size, ledger.size());
        let fetch = |tile: &Tile| std::fs::read(ledger_folder.join("public").join(tile.path()));
        let mirror = Mirror::open(Suite::International, head, fetch).unwrap();
        let follows = |old: &Head| {
            let proof = consistency_proof(Suite::International, old.size, head.size, &mirror).unwrap();
            verify_consistency(Suite::International, old, &head, &proof).unwrap();
        };
        self.head.iter().for_each(follows);
        self.head = Some(head);
        let trust = Trust { log: VerifierKey::parse(&tiles.verifier()).unwrap(), witnesses: Vec::new() };
        for (second, receipt) in &self.receipts {
            assert_eq!(receipt.record, second.to_be_bytes());
            receipt.verify(&trust).unwrap();
            let note = Note::parse(receipt.checkpoint.as_bytes()).unwrap();
            follows(&Checkpoint::parse(note.text()).unwrap().head());
        }
        let entries: usize = (0..head.size.div_ceil(256)).map(|n| mirror.bundle(n).unwrap().len()).sum();
        assert_eq!(entries as u64, head.size);
    }
}

/// Starts a child and kills it: after so many lines, or after so long.
fn kill(folder: &Path, from: i64, draw: &mut Draw, said: &mut Said) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child::appends", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (told, lines) = channel();
    let reader = std::thread::spawn(move || {
        let mut line = String::new();
        while out.read_line(&mut line).unwrap_or(0) > 0 {
            if line.ends_with('\n') && told.send(line.trim_end().to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
    let mut heard = Vec::new();
    match draw.below(4) {
        // Early: most likely while it opens the ledger.
        0 => std::thread::sleep(Duration::from_micros(draw.below(100_000))),
        1 => std::thread::sleep(Duration::from_micros(draw.below(400_000))),
        _ => heard.extend(lines.iter().take(1 + draw.below(250) as usize)),
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    heard.extend(lines.try_iter());
    said.silent += u64::from(!heard.iter().any(|line| line.ends_with("opened")));
    heard.iter().for_each(|line| said.take(line));
}

fn fresh(folder: &Path) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).unwrap();
    let access = access(Arc::new(Real), &folder.join("ring"), 7);
    Ledger::create(&folder.join("ledger"), "log.example/test", Suite::International, access, at(0)).unwrap();
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let kills: u64 = std::env::var("ANNING_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let seed: u64 = std::env::var("ANNING_KILL_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("kill-{}", std::process::id()));
    let (mut draw, mut said) = (Draw(seed), Said::default());
    let [mut acts, mut batches, mut receipts, mut silent, mut unheard] = [0; 5];
    for kill_number in 0..kills {
        if kill_number % KILLS_A_LEDGER == 0 {
            fresh(&folder);
            said = Said::default();
        }
        kill(&folder, 1 + kill_number as i64 * 1_000_000, &mut draw, &mut said);
        let mut ledger =
            open(&folder, kill_number).unwrap_or_else(|e| panic!("seed {seed}, kill {kill_number}: {e}"));
        said.agrees(&folder, &mut ledger, &mut draw);
        if (kill_number + 1) % KILLS_A_LEDGER == 0 || kill_number + 1 == kills {
            acts += said.acknowledged.len();
            batches += said.sent.len();
            receipts += said.receipts.len();
            silent += said.silent as usize;
            unheard += said.tried.len() - said.acknowledged.len();
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let _ = writeln!(
        std::io::stderr(),
        "{kills} kills, {silent} of them before the ledger was open: {acts} acknowledged acts and {batches} batches \
         were there, {unheard} acts were under way, {receipts} receipts verify"
    );
    assert!(acts as u64 > kills && receipts > 0, "too little was done between the kills: {acts} {receipts}");
}

/// Then a new ledger, so that looking through it stays quick.
const KILLS_A_LEDGER: u64 = 15;
