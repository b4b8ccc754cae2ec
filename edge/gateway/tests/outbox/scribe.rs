//! Every decision gets into the ledger once, wherever the scribe was stopped.

use std::path::Path;
use std::sync::Arc;

use anning_gateway::outbox::{Entry, Outbox, unmarked};
use anning_ledger::Suite;
use anning_store::{Access, Decided, Ledger, SoftMaster, View};

use crate::sim::{Fault, Sim};
use crate::world::{Draw, Hands, MASTER, at, decided, folder, ground, limits};

fn access(disk: &Sim, seed: u64) -> Access {
    let ground = ground(Arc::new(disk.clone()), folder(), seed);
    let master = Box::new(SoftMaster::parse(MASTER).unwrap());
    Access { disk: ground.disk, ring: "/keys/ring".into(), master, entropy: ground.entropy }
}

fn ledger(disk: &Sim, seed: u64) -> Ledger {
    Ledger::open(Path::new("/ledger"), access(disk, seed)).unwrap()
}

fn outbox(disk: &Sim, seed: u64, hands: &Hands, view: View) -> Outbox {
    let mut ground = ground(Arc::new(disk.clone()), folder(), seed);
    ground.view = view;
    let clock = hands.clone();
    Outbox::open(ground, limits(), Box::new(move || clock.now())).unwrap().0
}

/// What the ledger has, in order.
fn recorded(ledger: &Ledger) -> Vec<u64> {
    let mut all = Vec::new();
    let mut take = |_: u64, batch: Vec<(_, Option<Vec<u8>>)>| {
        let records = batch.into_iter().map(|(_, record)| record.unwrap());
        all.extend(records.map(|record| u64::from_be_bytes(record.try_into().unwrap())));
        Ok(())
    };
    ledger.batches(0, &mut take).unwrap();
    all
}

#[test]
fn each_decision_is_recorded_once_wherever_the_scribe_stops() {
    let mut between = 0;
    for seed in 0..40 {
        let (mut draw, disk, hands) = (Draw(seed), Sim::default(), Hands::default());
        disk.create_folder_for_tests(Path::new("/keys"));
        disk.create_folder_for_tests(Path::new("/ledger"));
        Ledger::create(Path::new("/ledger"), "log.example/t", Suite::International, access(&disk, 7), at(0))
            .unwrap();
        let (mut name, mut acknowledged) = (0, Vec::new());
        for life in 0..8 {
            let mut ledger = ledger(&disk, seed + life);
            let outbox = outbox(&disk, seed + life, &hands, ledger.view());
            let mark = unmarked(&outbox.book(), &ledger).unwrap();
            if let Some(mark) = mark {
                between += 1;
                outbox.put(vec![mark]).unwrap();
            }
            disk.set(Some(Fault::CrashAt(draw.below(40))));
            let mut work = || -> Option<()> {
                for _ in 0..30 {
                    hands.move_on(1);
                    let names: Vec<u64> = (0..=draw.below(3)).map(|n| name + n).collect();
                    name += names.len() as u64;
                    // Two in five say the same of another person: their records alone do not tell them apart.
                    let one = |n: &u64| {
                        let same =
                            Decided { record: 5_u64.to_be_bytes().to_vec(), ..decided(*n, hands.now()) };
                        if *n % 5 < 2 { same } else { decided(*n, hands.now()) }
                    };
                    let made: Vec<Decided> = names.iter().map(one).collect();
                    let entries = made.iter().map(|d| Entry::Decision(Arc::new(d.clone()))).collect();
                    outbox.put(entries).ok()?;
                    acknowledged.extend(
                        made.iter().map(|d| u64::from_be_bytes(d.record.clone().try_into().unwrap())),
                    );
                    if draw.below(2) == 0 {
                        let batch = outbox.book().unrecorded(1 + draw.below(5) as usize);
                        let Some(through) = batch.last().map(|(number, _)| *number) else { continue };
                        let batch: Vec<Arc<Decided>> =
                            batch.into_iter().map(|(_, decided)| decided).collect();
                        let position = ledger.put_decisions(&batch, hands.now()).ok()?;
                        outbox.put(vec![Entry::Scribed { through, position }]).ok()?;
                    }
                }
                Some(())
            };
            work();
            drop((outbox, ledger));
            disk.restart(&mut |n| draw.below(n));
            // What was not acknowledged may be there all the same.
            let view = View::default();
            let there = {
                let ledger = self::ledger(&disk, 3);
                let outbox = self::outbox(&disk, 3, &hands, view);
                let mark = unmarked(&outbox.book(), &ledger).unwrap();
                let through = match mark {
                    Some(Entry::Scribed { through, .. }) => through,
                    _ => 0,
                };
                let mut all = recorded(&ledger);
                let waiting = outbox.book().unrecorded(usize::MAX);
                let waiting = waiting.iter().filter(|(number, _)| *number > through);
                all.extend(waiting.map(|(_, d)| u64::from_be_bytes(d.record.clone().try_into().unwrap())));
                all
            };
            assert!(there.starts_with(&acknowledged), "seed {seed} life {life}: {there:?} {acknowledged:?}");
            assert!(there.len() <= acknowledged.len() + 4, "seed {seed} life {life}: once each");
            acknowledged = there;
        }
    }
    assert!(between > 10, "too few stops came between the ledger and the mark: {between}");
}
