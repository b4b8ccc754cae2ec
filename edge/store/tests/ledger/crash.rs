//! The machine stops at any point; what was acknowledged is there afterwards, and nothing that nobody sent.

use std::collections::BTreeMap;
use std::io::Write as _;

use anning_ledger::Suite;
use anning_store::{Error, Ledger, Publisher, Retention};
use anning_vocab::{Act, ActKind, Date, Timestamp};

use crate::sim::{Fault, Sim};
use crate::world::{Draw, act, at, create, open, person, publisher, terms};

/// What a person was told, and what was tried.
#[derive(Default, Clone)]
struct Known {
    acknowledged: Vec<(ActKind, Timestamp)>,
    tried: Vec<(ActKind, Timestamp)>,
    /// Asked to be forgotten, and was told so.
    forgotten: bool,
    /// The same, not yet told.
    forgetting: bool,
    /// Was told that erasure is done.
    erased: bool,
}

/// The world as those outside know it.
#[derive(Default)]
struct Model {
    people: BTreeMap<u64, Known>,
    size: u64,
    published: u64,
    clock: i64,
}

const PEOPLE: u64 = 12;

impl Model {
    /// One thing that somebody asks of the ledger.
    fn step(&mut self, draw: &mut Draw, ledger: &mut Ledger, tiles: &mut Publisher) -> Result<(), Error> {
        self.clock += 1;
        let now = at(self.clock);
        match draw.below(12) {
            0..=6 => self.put(draw, ledger, now)?,
            7 => {
                ledger.take_leaves().iter().try_for_each(|leaf| tiles.append(leaf))?;
                tiles.publish()?;
                self.published = tiles.published();
            }
            8 => ledger.snapshot()?,
            9 => self.forget(draw, ledger, now)?,
            10 => {
                let erased = self.people.iter().filter(|(_, k)| k.forgotten && !k.erased).map(|(n, _)| *n);
                let erased: Vec<u64> = erased.collect();
                ledger.erase_due(Date::parse("2027-01-01").unwrap(), now)?;
                erased.iter().for_each(|n| self.people.get_mut(n).unwrap().erased = true);
            }
            _ => {
                if draw.below(4) == 0 {
                    ledger.change_hash_key(now)?;
                }
            }
        }
        self.size = ledger.size();
        Ok(())
    }

    fn put(&mut self, draw: &mut Draw, ledger: &mut Ledger, now: Timestamp) -> Result<(), Error> {
        let mut acts = Vec::new();
        let mut told = Vec::new();
        for _ in 0..=draw.below(5) {
            let n = draw.below(PEOPLE);
            let known = self.people.entry(n).or_default();
            if known.forgotten || known.forgetting {
                continue;
            }
            let kind = if draw.below(2) == 0 { ActKind::Given } else { ActKind::Withdrawn };
            known.tried.push((kind, now));
            told.push((n, kind));
            acts.push(act(ledger, n, kind, draw.below(3) as u32, now));
        }
        ledger.put(&[terms(0), terms(1), terms(2)], &acts, now)?;
        for (n, kind) in told {
            self.people.get_mut(&n).unwrap().acknowledged.push((kind, now));
        }
        Ok(())
    }

    fn forget(&mut self, draw: &mut Draw, ledger: &mut Ledger, now: Timestamp) -> Result<(), Error> {
        let n = draw.below(PEOPLE);
        let Some(known) = self.people.get_mut(&n).filter(|k| !k.acknowledged.is_empty()) else {
            return Ok(());
        };
        if known.erased || known.forgotten {
            return Ok(());
        }
        let retention = Retention { until: Date::parse("2026-12-01").unwrap(), article: String::new() };
        known.forgetting = true;
        ledger.forget(ledger.hash(&person(n)), &retention, now)?;
        self.people.get_mut(&n).unwrap().forgotten = true;
        Ok(())
    }

    /// Is the ledger what those outside were told?
    fn agrees(&self, ledger: &Ledger) {
        assert!(ledger.size() >= self.published, "published {} of {}", self.published, ledger.size());
        let mut acts: Vec<Act> = Vec::new();
        for (n, known) in &self.people {
            ledger.read().index().acts(ledger.hash(&person(*n)), &mut acts);
            let has = |kind, time| acts.iter().any(|act| act.kind == kind && act.occurred == time);
            for act in &acts {
                let tried = known.tried.contains(&(act.kind, act.occurred));
                let refusal = act.kind == ActKind::Withdrawn && (known.forgotten || known.forgetting);
                assert!(tried || refusal, "{n}: nobody sent {act:?}");
            }
            if known.forgotten {
                let last = acts.iter().max_by_key(|act| act.occurred).unwrap();
                assert_eq!(last.kind, ActKind::Withdrawn, "{n}: forgotten, and the refusal is gone");
                if known.erased {
                    assert_eq!(acts.len(), 1, "{n}: erased, but something is left");
                }
                continue;
            }
            if known.forgetting {
                continue;
            }
            for (kind, time) in &known.acknowledged {
                assert!(has(*kind, *time), "{n}: {kind} at {time} was acknowledged and is gone");
            }
        }
    }
}

/// Runs one life: three times work, stop at the operation, start again, look. How often the machine did stop.
fn life(seed: u64, stop_at: u64, steps: usize) -> u64 {
    let mut draw = Draw(seed);
    let disk = Sim::default();
    create(&disk, if seed.is_multiple_of(7) { Suite::Gm } else { Suite::International });
    let mut model = Model::default();
    let mut stopped = 0;
    for round in 0..3 {
        let mut opened =
            open(&disk, seed + round).unwrap_or_else(|e| panic!("seed {seed} stop {stop_at}: {e}"));
        model.agrees(&opened);
        let mut tiles =
            publisher(&disk, &opened).unwrap_or_else(|e| panic!("seed {seed} stop {stop_at}: {e}"));
        assert!(tiles.published() >= model.published);
        opened.take_leaves().iter().for_each(|leaf| tiles.append(leaf).unwrap());
        assert_eq!(tiles.size(), opened.size(), "seed {seed} stop {stop_at}: leaves that no tile would have");
        disk.set(Some(Fault::CrashAt(stop_at)));
        for _ in 0..steps {
            if model.step(&mut draw, &mut opened, &mut tiles).is_err() {
                stopped += 1;
                break;
            }
        }
        drop(opened);
        disk.restart(&mut |n| draw.below(n));
    }
    let opened = open(&disk, seed + 9).unwrap_or_else(|e| panic!("seed {seed} stop {stop_at}: {e}"));
    model.agrees(&opened);
    stopped
}

#[test]
fn nothing_acknowledged_is_lost_wherever_the_machine_stops() {
    let lives: u64 = std::env::var("ANNING_CRASHES").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    let mut stops = 0;
    for seed in 0..lives {
        stops += life(seed, Draw(seed ^ 0xa5a5).below(60), 20);
    }
    // Past the harness, which keeps what passing tests print.
    let _ = writeln!(
        std::io::stderr(),
        "{lives} lives, {stops} stops of the machine, everything acknowledged was there"
    );
    assert!(stops > lives * 2, "too few of the stops came while something was done: {stops}");
}

#[test]
fn between_every_two_writes_of_one_batch() {
    let work = |ledger: &mut Ledger| {
        let put: Vec<_> = (0..5).map(|n| act(ledger, n, ActKind::Given, 0, at(1))).collect();
        ledger.put(&[terms(0)], &put, at(1))
    };
    for stop_at in 0.. {
        let disk = Sim::default();
        create(&disk, Suite::International);
        let mut ledger = open(&disk, 1).unwrap();
        disk.set(Some(Fault::CrashAt(stop_at)));
        let acknowledged = work(&mut ledger).is_ok();
        drop(ledger);
        for seed in 0..8 {
            let disk = disk.clone();
            let mut draw = Draw(seed);
            disk.restart(&mut |n| draw.below(n));
            let ledger = open(&disk, 2).unwrap();
            let mut acts = Vec::new();
            let found: Vec<bool> = (0..5)
                .map(|n| {
                    ledger.read().index().acts(ledger.hash(&person(n)), &mut acts);
                    !acts.is_empty()
                })
                .collect();
            // All or none; all if anybody was told.
            assert!(found.iter().all(|f| *f == found[0]), "stop {stop_at}: {found:?}");
            assert!(found[0] || !acknowledged, "stop {stop_at}");
        }
        if acknowledged {
            assert!(stop_at >= 2, "a batch is written and synced");
            return;
        }
    }
}

#[test]
fn a_checkpoint_keeps_its_tiles_wherever_the_next_one_stops() {
    for stop_at in 0.. {
        let disk = Sim::default();
        create(&disk, Suite::International);
        let mut ledger = open(&disk, 1).unwrap();
        // More than one full tile, so that a tile above them stays as it is from one checkpoint to the next.
        let put: Vec<_> = (0..300).map(|n| act(&ledger, n, ActKind::Given, 0, at(1))).collect();
        ledger.put(&[terms(0)], &put, at(1)).unwrap();
        let mut tiles = publisher(&disk, &ledger).unwrap();
        ledger.take_leaves().iter().try_for_each(|leaf| tiles.append(leaf)).unwrap();
        tiles.publish().unwrap();
        ledger.put(&[], &[act(&ledger, 300, ActKind::Given, 0, at(2))], at(2)).unwrap();
        // Once as it went on, once after a start.
        let mut tiles = if stop_at % 2 == 0 { tiles } else { publisher(&disk, &ledger).unwrap() };
        disk.set(Some(Fault::CrashAt(stop_at / 2)));
        let published = ledger
            .take_leaves()
            .iter()
            .try_for_each(|leaf| tiles.append(leaf))
            .and_then(|()| tiles.publish());
        drop(ledger);
        // Killed, or a power cut: what was written stays, or what a draw leaves of it.
        let mut draw = Draw(stop_at);
        let killed = draw.below(2) == 0;
        disk.restart(&mut |n| if killed { if n == 3 { 0 } else { n - 1 } } else { draw.below(n) });
        let ledger = open(&disk, 2).unwrap();
        publisher(&disk, &ledger).unwrap_or_else(|e| panic!("stop {stop_at}: {e}"));
        if published.is_ok() && stop_at % 2 == 1 {
            return;
        }
    }
}
