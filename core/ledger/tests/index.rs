//! The index gives back what was put in, against a map of lists that is obviously right.

#![cfg(test)]

use std::collections::BTreeMap;

use anning_ledger::index::{BATCH_MAX, Batch, Damaged, Head, Index, SHARDS};
use anning_vocab::{
    Act, ActKind, Channel, ContentKind, Origin, PartyId, Prior, RecipientKey, TermsId, Timestamp,
};
use proptest::prelude::*;

/// The obviously right one.
#[derive(Clone, Default)]
struct Model {
    acts: BTreeMap<RecipientKey, Vec<Act>>,
    sends: BTreeMap<RecipientKey, Vec<Prior>>,
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, Act),
    HandedOver(u8, Prior),
    Forget(u8, Option<Act>),
    Snapshot,
    Rekey(u8),
}

impl Model {
    fn put(&mut self, key: RecipientKey, act: Act) {
        let acts = self.acts.entry(key).or_default();
        let at = acts.iter().take_while(|before| before.occurred <= act.occurred).count();
        acts.insert(at, act);
    }

    fn handed_over(&mut self, key: RecipientKey, prior: Prior) {
        let sends = self.sends.entry(key).or_default();
        let at = sends.iter().take_while(|before| before.sent_at <= prior.sent_at).count();
        sends.insert(at, prior);
        let last = sends.last().unwrap().sent_at;
        sends.retain(|p| p.request || p.sent_at >= last.plus_millis(-366 * DAY));
    }
}

fn check(index: &Index, model: &Model) {
    let (mut acts, mut sends) = (Vec::new(), Vec::new());
    for n in 0..=u8::MAX {
        let key = key(n);
        index.acts(key, &mut acts);
        let expected = model.acts.get(&key).cloned().unwrap_or_default();
        assert_eq!(acts, expected, "acts of {n}");
        for on in expected.iter().map(|act| act.recorded) {
            index.acts_known(key, on, &mut acts);
            let known: Vec<Act> = expected.iter().filter(|act| act.recorded <= on).copied().collect();
            assert_eq!(acts, known);
        }
        index.priors(key, Timestamp::from_millis(i64::MIN), &mut sends);
        let expected = model.sends.get(&key).cloned().unwrap_or_default();
        assert_eq!(sends, expected, "sends to {n}");
        if let Some(since) = expected.get(expected.len() / 2).map(|prior| prior.sent_at) {
            index.priors(key, since, &mut sends);
            assert!(sends.iter().eq(expected.iter().filter(|prior| prior.sent_at >= since)));
        }
    }
    assert_eq!(index.len(), model.acts.len());
    assert_eq!(index.is_empty(), model.acts.is_empty());
    assert_eq!(index.acts_len(), model.acts.values().map(Vec::len).sum::<usize>());
    let mut all = BTreeMap::new();
    index.each(|key, acts| assert_eq!(all.insert(key, acts.to_vec()), None, "each once"));
    assert_eq!(all, model.acts);
    let keys: Vec<RecipientKey> = (0..=u8::MAX).map(key).collect();
    let (mut batch, mut shown) = (Batch::default(), 0);
    index.acts_of(&keys, &mut batch, |at, acts| {
        assert_eq!(at, shown, "in order");
        shown += 1;
        assert_eq!(acts, model.acts.get(&keys[at]).map_or(&[][..], Vec::as_slice));
    });
    assert_eq!(shown, keys.len());
    assert!(keys.len() > 3 * BATCH_MAX);
}

fn again(index: &Index) -> Index {
    let parts = parts(index);
    let index = Index::read(&parts).unwrap();
    let second: Vec<Vec<u8>> = self::parts(&Index::read(&parts).unwrap());
    assert_eq!(second.len(), parts.len());
    assert_eq!(second[0], parts[0], "the head is the same bytes");
    index
}

fn parts(index: &Index) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    index
        .write(|part| {
            parts.push(part.to_vec());
            Ok::<(), ()>(())
        })
        .unwrap();
    assert_eq!(parts.len(), 1 + SHARDS);
    parts
}

/// Keys that share halves, that differ in one bit only, and that lie in few shards.
fn key(n: u8) -> RecipientKey {
    let mut bytes = [0; 16];
    bytes[usize::from(n % 16)] = n / 16 + 1;
    bytes[8] |= n & 0x80;
    bytes[0] ^= n;
    RecipientKey(bytes)
}

fn act() -> impl Strategy<Value = Act> {
    let times = prop_oneof![
        6 => (0..40_i64).prop_map(|n| (NOW + n * 1_000, 0, 0)),
        3 => (0..4_i64, 0..9_000_i64, 0..9_000_i64).prop_map(|(n, a, b)| (NOW + n * 1_000, a, b)),
        // An import: recorded at one instant, arrived when it was done or then.
        3 => (0..400_i64, 0..3_i64).prop_map(|(n, batch)| (NOW - n * DAY, 0, n * DAY + batch)),
        2 => (0..400_i64, 0..3_i64).prop_map(|(n, batch)| (NOW - n * DAY, n * DAY + batch, 0)),
        1 => (any::<i64>(), any::<i64>(), any::<i64>()),
        1 => (prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0), Just(FIRST), Just(FIRST - 1), Just(LAST), Just(LAST + 1)],
              prop_oneof![Just(0), Just(1), Just(-1), Just(i64::from(u32::MAX)), Just(i64::from(u32::MAX) + 1)],
              prop_oneof![Just(0), Just(1), Just(-1), Just(i64::from(u32::MAX)), Just(i64::from(u32::MAX) + 1)]),
    ];
    let terms = prop_oneof![8 => 0..5_u32, 1 => any::<u32>()];
    let of = (0..ActKind::ALL.len(), 0..Origin::ALL.len());
    (times, terms, of).prop_map(|((occurred, arrives, recorded), terms, (kind, origin))| {
        let occurred = Timestamp::from_millis(occurred);
        let received = occurred.plus_millis(arrives);
        Act {
            kind: ActKind::ALL[kind],
            origin: Origin::ALL[origin],
            occurred,
            received,
            recorded: received.plus_millis(recorded),
            terms: TermsId(terms),
        }
    })
}

fn prior() -> impl Strategy<Value = Prior> {
    let at = prop_oneof![
        9 => (0..900_i64).prop_map(|n| NOW + n * DAY),
        1 => prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(FIRST - 1), Just(LAST)],
    ];
    let kind = proptest::option::of((0..ContentKind::ALL.len()).prop_map(|n| ContentKind::ALL[n]));
    let who = (proptest::option::of(any::<u32>()), 0..Channel::ALL.len(), kind);
    (at, who, (any::<bool>(), any::<bool>(), proptest::option::of(0..3_u32))).prop_map(
        |(at, (sender, channel, kind), (commercial, request, wording))| Prior {
            sent_at: Timestamp::from_millis(at),
            sender: sender.map(PartyId),
            channel: Channel::ALL[channel],
            kind,
            commercial,
            request,
            wording,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    // Some recipients do much, so that runs outgrow their blocks.
    let who = || prop_oneof![3 => any::<u8>(), 2 => 0..4_u8];
    prop_oneof![
        60 => (who(), act()).prop_map(|(n, act)| Step::Put(n, act)),
        20 => (who(), prior()).prop_map(|(n, prior)| Step::HandedOver(n, prior)),
        6 => (who(), proptest::option::of(act())).prop_map(|(n, keep)| Step::Forget(n, keep)),
        1 => Just(Step::Snapshot),
        1 => any::<u8>().prop_map(Step::Rekey),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost(steps in proptest::collection::vec(step(), 0..400)) {
        let (mut index, mut model) = (Index::new(), Model::default());
        for step in steps {
            match step {
                Step::Put(n, act) => {
                    index.put(key(n), &act);
                    model.put(key(n), act);
                }
                Step::HandedOver(n, prior) => {
                    index.handed_over(key(n), &prior);
                    model.handed_over(key(n), prior);
                }
                Step::Forget(n, keep) => {
                    index.forget(key(n), keep.as_ref());
                    model.acts.remove(&key(n));
                    model.sends.remove(&key(n));
                    if let Some(act) = keep {
                        model.put(key(n), act);
                    }
                }
                Step::Snapshot => index = again(&index),
                Step::Rekey(by) => {
                    // One to one, and back: what is found must be what went in.
                    let turn = |key: RecipientKey| RecipientKey(key.0.map(|byte| byte ^ by));
                    index = index.rekey(turn);
                    if by != 0 {
                        let mut acts = Vec::new();
                        for (key, expected) in &model.acts {
                            index.acts(turn(*key), &mut acts);
                            prop_assert_eq!(&acts, expected);
                        }
                    }
                    index = index.rekey(turn);
                }
            }
        }
        check(&index, &model);
        check(&again(&index), &model);
    }

    /// Bytes that were changed are refused or are another index; they are never a panic.
    #[test]
    fn damage_is_no_panic(acts in proptest::collection::vec((any::<u8>(), act()), 1..40),
                          part in 0..1 + SHARDS, at in any::<usize>(), to in any::<u8>(), cut in any::<bool>()) {
        let mut index = Index::new();
        acts.iter().for_each(|(n, act)| index.put(key(*n), act));
        let mut parts = parts(&index);
        // Mostly a part in which something stands.
        let filled: Vec<usize> = (0..parts.len()).filter(|n| parts[*n].len() > 32).collect();
        let part = if part % 8 == 0 { part } else { filled[part % filled.len()] };
        let len = parts[part].len();
        if cut {
            parts[part].truncate(at % len);
            prop_assert!(Index::read(&parts).is_err(), "cut short");
        } else {
            parts[part][at % len] = to;
            if let Ok(read) = Index::read(&parts) {
                read.each(|_, acts| assert!(!acts.is_empty()));
                again(&read);
            }
        }
    }
}

#[test]
fn a_snapshot_is_whole() {
    let mut index = Index::new();
    index.put(key(1), &plain(1, 1));
    let parts = parts(&index);
    assert_eq!(Index::read(&parts[..SHARDS]).err(), Some(Damaged::Shards), "one is missing");
    assert_eq!(Index::read(&parts[1..]).err(), Some(Damaged::Version), "no head");
    assert_eq!(Index::read(parts.iter().chain([&parts[9]])).err(), Some(Damaged::Shards), "one twice");
    assert_eq!(Index::read(Vec::<Vec<u8>>::new()).err(), Some(Damaged::Length));
    // In any order, by any thread.
    let head = Head::read(&parts[0]).unwrap();
    let shards: Vec<_> = parts[1..].iter().rev().map(|part| head.shard(part).unwrap()).collect();
    assert_eq!(head.index(shards).unwrap().len(), 1);
    // A count that no such chunk can hold asks for no memory.
    let mut huge = parts[1].clone();
    huge[16..24].fill(0x7f);
    assert_eq!(Index::read([&parts[0], &huge]).err(), Some(Damaged::Length));
}

/// More terms than there are shapes: the rest is kept whole.
#[test]
fn shapes_run_out() {
    let mut index = Index::new();
    let key = |n: u32| RecipientKey(((u128::from(n) << 64) | (u128::from(n) * 77_777)).to_le_bytes());
    let (first, last) = (0, (1 << 20) + 1_000);
    for n in first..last {
        index.put(key(n), &plain(i64::from(n), n));
    }
    assert!(index.memory().wide > 0);
    let index = again(&index);
    let mut acts = Vec::new();
    for n in first..last {
        index.acts(key(n), &mut acts);
        assert_eq!(acts, [plain(i64::from(n), n)]);
    }
}

/// Whatever comes in whatever order: what stands beside a key, what is laid out anew and what is linked to is one.
#[test]
fn tables_grow_wider() {
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (state >> 33) % below
    };
    let key = |n: u64| {
        RecipientKey(
            (u128::from(n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_le_bytes(),
        )
    };
    // First one act each, then two, then up to seven.
    for most in [1, 2, 7] {
        let (mut index, mut model) = (Index::new(), Model::default());
        for n in 0..120_000 {
            let key = key(draw(20_000 + 20_000 / most));
            if draw(50) == 0 {
                index.forget(key, None);
                model.acts.remove(&key);
            }
            if model.acts.get(&key).is_some_and(|acts| acts.len() as u64 >= most) {
                continue;
            }
            let mut act = plain(draw(100) as i64, draw(9) as u32);
            match draw(12) {
                0 => act.recorded = act.recorded.plus_millis(n),
                1 => act.received = act.received.plus_millis(-1),
                _ => {}
            }
            index.put(key, &act);
            model.put(key, act);
        }
        let (mut acts, mut batch, mut shown) = (Vec::new(), Batch::default(), 0);
        let keys: Vec<RecipientKey> = (0..40_000).map(key).collect();
        index.acts_of(&keys, &mut batch, |at, acts| {
            assert_eq!(acts, model.acts.get(&keys[at]).map_or(&[][..], Vec::as_slice));
            shown += 1;
        });
        assert_eq!(shown, keys.len());
        for key in keys {
            index.acts(key, &mut acts);
            assert_eq!(acts, model.acts.get(&key).cloned().unwrap_or_default());
        }
        assert_eq!(index.acts_len(), model.acts.values().map(Vec::len).sum::<usize>());
        let memory = index.memory();
        assert!(memory.consents() / index.acts_len() <= 64, "{memory:?}");
        let wider = memory.slots / index.len() >= [0, 24, 32, 0, 0, 0, 0, 48][most as usize];
        assert!(wider, "a table of the width that its recipients need: {memory:?}");
    }
}

#[test]
fn two_keys_that_become_one_keep_all() {
    let mut index = Index::new();
    index.put(key(1), &plain(2, 1));
    index.put(key(2), &plain(1, 2));
    let index = index.rekey(|_| key(9));
    let mut acts = Vec::new();
    index.acts(key(9), &mut acts);
    assert_eq!(acts, [plain(1, 2), plain(2, 1)]);
}

/// A hundred thousand consents, one a recipient: what the design allows a consent, tables that are not full
/// included.
#[test]
fn bytes_a_consent() {
    let mut state = 1_u128;
    let mut draw = || {
        state =
            state.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(0x5851_f42d_4c95_7f2d);
        RecipientKey((state ^ state >> 61).to_le_bytes())
    };
    let (mut index, mut most) = (Index::new(), 0);
    for n in 1..=400_000_usize {
        index.put(draw(), &plain(n as i64, n as u32 % 50));
        if n > 100_000 && n.is_multiple_of(1_000) {
            most = most.max(index.memory().slots / n);
        }
    }
    assert!(most <= 40, "{most}");
    assert!(index.memory().consents() / 400_000 <= 64, "{:?}", index.memory());
    assert_eq!(index.memory().runs, 0);
}

fn plain(second: i64, terms: u32) -> Act {
    let at = Timestamp::from_millis(NOW + second * 1_000);
    Act {
        kind: ActKind::Given,
        origin: Origin::Captured,
        occurred: at,
        received: at,
        recorded: at,
        terms: TermsId(terms),
    }
}

const DAY: i64 = 86_400_000;
/// 2021-11-01.
const NOW: i64 = 1_635_696_000_000;
/// First and last time that a word holds.
const FIRST: i64 = 946_684_800_000;
const LAST: i64 = FIRST + (1 << 41) - 1;
