//! The book against a slow one that asks every letter, and the book from the journal against the one in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anning_gateway::codes::Reason;
use anning_gateway::outbox::{Book, Entry, Outcome, Parked, Stage, Start, State, Waits, Why};
use anning_gateway::{Lane, LetterId};
use anning_link::{MessageId, ReportState};
use proptest::prelude::*;

use crate::sim::Sim;
use crate::world::{
    ACCOUNTS, Draw, Hands, LANES, UPSTREAMS, at, decided, letter, open, person, report, start, written,
};

/// An entry of any kind about one of the letters that there are, or about none.
pub fn any_entry(draw: &mut Draw, book: &Book, name: u64, now: anning_vocab::Timestamp) -> Entry {
    let mut numbers = book.numbers();
    numbers.sort_unstable();
    let pick = numbers.get(draw.below(numbers.len() as u64 + 1) as usize).copied().unwrap_or(999_999);
    let id = LetterId(pick);
    let segment = draw.below(2) as u8;
    let theirs = MessageId(format!("c{}", draw.below(40)).into_bytes());
    let who = book.get(id).map_or(person(1), |item| item.recipient);
    let known = book.get(id).and_then(|item| item.parts[0].theirs.clone()).unwrap_or_else(|| theirs.clone());
    let state =
        [ReportState::Delivered, ReportState::Undeliverable, ReportState::Accepted][draw.below(3) as usize];
    match draw.below(24) {
        0..=5 => {
            Entry::Accepted { letter: Arc::new(letter(name, draw, now)), start: start(draw.below(3) == 0) }
        }
        6 => Entry::Decision(Arc::new(decided(name, now))),
        7..=9 => Entry::HandingOver { letter: id },
        10..=12 => Entry::Taken { letter: id, segment, id: theirs },
        13 => Entry::RefusedByCarrier { letter: id, segment, code: 8 },
        14 => Entry::InDoubt { letter: id },
        15 => Entry::Released { letter: id, until: (draw.below(2) == 0).then(|| now.plus_millis(5_000)) },
        16 => Entry::Recalled { letter: id, why: Why::Withdrawal },
        17 => Entry::Refused { letter: id, reason: Reason::NoConsent },
        18..=19 => Entry::Reported { letter: id, segment, report: report(&known, who, state) },
        20 => Entry::ReportTold { letter: id, segment },
        21 => Entry::Parked(Arc::new(Parked {
            upstream: UPSTREAMS[draw.below(2) as usize].into(),
            forms: vec![theirs.clone(), known],
            recipient: (draw.below(2) == 0).then_some(who),
            report: report(&theirs, who, state),
            since: now,
        })),
        22 => {
            let waiting = book.unrecorded(3);
            let through = waiting.last().map_or(0, |(number, _)| *number);
            Entry::Scribed { through, position: name }
        }
        _ => Entry::GaveUp { letter: id },
    }
}

/// Every answer of the book, given by asking every letter.
fn answers_agree(book: &Book, now: anning_vocab::Timestamp) {
    let mut items: Vec<_> = book.items().collect();
    items.sort_by_key(|item| item.id);
    assert_eq!(book.waiting(), items.iter().filter(|item| item.state.waits()).count());
    let mut counts = BTreeMap::new();
    for item in &items {
        *counts.entry((&*item.account, &*item.upstream, item.lane, item.state.name())).or_insert(0) += 1;
        assert!(!item.state.is_final() || item.owes(), "done with and still there: {item:?}");
        let needed = item.state.waits() || matches!(item.state, State::HandingOver | State::InDoubt);
        assert_eq!(item.letter.is_some(), needed, "{item:?}");
    }
    let counted: BTreeMap<_, _> = book
        .counts()
        .iter()
        .map(|c| ((c.account.to_string(), c.upstream.to_string(), c.lane, c.state), c.letters))
        .collect();
    let counts: BTreeMap<_, _> =
        counts.into_iter().map(|((a, u, l, s), n)| ((a.to_owned(), u.to_owned(), l, s), n)).collect();
    assert_eq!(counted, counts);
    for lane in LANES {
        let queued = items.iter().filter(|item| item.state == State::Queued && item.lane == lane);
        assert_eq!(book.oldest(lane), queued.clone().map(|item| item.accepted_at).min());
        for upstream in UPSTREAMS {
            let all: Vec<_> = queued.clone().filter(|item| &*item.upstream == upstream).collect();
            let next = book.next(upstream, lane, 1_000, &BTreeSet::new());
            let sorted: BTreeSet<_> = next.iter().copied().collect();
            assert_eq!(sorted, all.iter().map(|item| item.id).collect());
            for account in ACCOUNTS {
                let of = |id: &&LetterId| &*book.get(**id).unwrap().account == account;
                let theirs: Vec<_> = next.iter().filter(of).collect();
                assert!(theirs.is_sorted(), "an account's letters go in order");
            }
        }
    }
    let due = items.iter().filter(|i| matches!(i.state, State::Held { until } if until <= now));
    let due: BTreeSet<_> = due.map(|item| item.id).collect();
    assert_eq!(book.held_due(now, 1_000).into_iter().collect::<BTreeSet<_>>(), due);
    for who in 0..16 {
        let all = items.iter().filter(|item| item.recipient == person(who) && item.state.waits());
        assert_eq!(book.recallable(person(who)), all.map(|item| item.id).collect::<Vec<_>>());
    }
    for account in ACCOUNTS {
        let told: Vec<_> = book.owed(account, 10_000);
        let of = items.iter().filter(|item| &*item.account == account);
        let parts = of.flat_map(|item| item.parts.iter().zip(0_u8..).map(|(part, at)| (item.id, at, part)));
        let owed: Vec<_> = parts.filter(|(.., part)| part.owed).map(|(id, at, _)| (id, at)).collect();
        assert_eq!(told, owed);
    }
    for item in &items {
        for part in item.parts.iter().filter(|part| part.stage == Stage::Taken) {
            let id = part.theirs.clone().unwrap();
            let found = book.find(&item.upstream, &[MessageId(vec![1]), id.clone()], Some(item.recipient));
            let found = book.get(found.unwrap().letter).unwrap();
            assert!(found.recipient == item.recipient && found.upstream == item.upstream);
            assert!(found.parts.iter().any(|part| part.theirs.as_ref() == Some(&id)));
            assert_eq!(book.find("nowhere", &[id], Some(item.recipient)), None);
        }
    }
}

#[test]
fn the_book_answers_as_a_slow_one_would() {
    for seed in 0..60 {
        let (mut draw, mut book, mut ended) = (Draw(seed), Book::default(), BTreeMap::new());
        for name in 1..400 {
            let now = at(name as i64 * 3);
            let mut entry = any_entry(&mut draw, &book, name, now);
            if let Entry::Accepted { letter, .. } = &mut entry {
                Arc::make_mut(letter).id = LetterId(name);
            }
            book.apply(&entry, name, now);
            let waits = crate::world::limits().waits;
            for (nth, due) in (0..).zip(book.due(now, &waits, 50)) {
                book.apply(&due, 100_000 + name * 100 + nth, now);
            }
            for item in book.items().filter(|item| item.state.is_final()) {
                let was = ended.entry(item.id).or_insert(item.state);
                assert_eq!(*was, item.state, "seed {seed}: an end is an end");
            }
            answers_agree(&book, now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_journal_makes_the_same_book(seed in any::<u64>(), requests in 1_usize..120) {
        let (disk, hands, mut draw) = (Sim::default(), Hands::default(), Draw(seed));
        let (outbox, _) = open(&disk, seed, &hands).unwrap();
        let mut name = 0;
        for _ in 0..requests {
            hands.move_on(draw.below(20) as i64);
            let mut entries = Vec::new();
            for _ in 0..=draw.below(6) {
                name += 1;
                entries.push(any_entry(&mut draw, &outbox.book(), name, hands.now()));
            }
            outbox.put(entries).unwrap();
        }
        // Once more, so that nothing is still on its way.
        outbox.put(vec![Entry::HandingOver { letter: LetterId(0) }]).unwrap();
        drop(outbox);
        let (outbox, _) = open(&disk, seed + 1, &hands).unwrap();
        // What was being handed over is in doubt from here on.
        let first = written(&outbox.book());
        let scribed = outbox.book().scribed();
        let queues: Vec<_> = LANES.map(|lane| queue(&outbox.book(), lane)).to_vec();
        drop(outbox);
        let (outbox, _) = open(&disk, seed + 2, &hands).unwrap();
        prop_assert_eq!(first, written(&outbox.book()));
        prop_assert_eq!(scribed, outbox.book().scribed());
        prop_assert_eq!(queues, LANES.map(|lane| queue(&outbox.book(), lane)).to_vec());
        answers_agree(&outbox.book(), hands.now());
    }

    #[test]
    fn the_book_in_memory_is_the_one_on_disk(seed in any::<u64>(), requests in 1_usize..150) {
        let (disk, hands, mut draw) = (Sim::default(), Hands::default(), Draw(seed));
        let (outbox, _) = open(&disk, seed, &hands).unwrap();
        let mut name = 0;
        for _ in 0..requests {
            hands.move_on(draw.below(20) as i64);
            name += 1;
            let entry = any_entry(&mut draw, &outbox.book(), name, hands.now());
            // Nothing is left half handed over, so that a restart changes nothing.
            let follows = match &entry {
                Entry::HandingOver { letter } => Some(Entry::InDoubt { letter: *letter }),
                _ => None,
            };
            let entry = match entry {
                Entry::Accepted { letter, .. } => Entry::Accepted { letter, start: Start::Waits },
                other => other,
            };
            outbox.put([Some(entry), follows].into_iter().flatten().collect()).unwrap();
        }
        // What is due by now is written before this returns, or with it.
        for _ in 0..3 {
            outbox.put(vec![Entry::HandingOver { letter: LetterId(0) }]).unwrap();
        }
        let (memory, scribed) = (written(&outbox.book()), outbox.book().scribed());
        drop(outbox);
        let (outbox, _) = open(&disk, seed + 1, &hands).unwrap();
        prop_assert_eq!(memory, written(&outbox.book()));
        prop_assert_eq!(scribed, outbox.book().scribed());
    }
}

fn queue(book: &Book, lane: Lane) -> BTreeSet<LetterId> {
    book.next("north", lane, 10_000, &BTreeSet::new()).into_iter().collect()
}

/// A book with letters under the ids 1, 2, …, one an account of those named.
fn with(accounts: &[&str], at_once: bool) -> Book {
    let mut book = Book::default();
    for (account, id) in accounts.iter().zip(1..) {
        let mut one = letter(id, &mut Draw(7), at(0));
        (one.id, one.account, one.lane) = (LetterId(id), (*account).into(), Lane::Service);
        (one.upstream, one.not_before) = ("north".into(), None);
        one.segments.truncate(1);
        one.ours.truncate(1);
        one.segments[0].wish = anning_link::Wish::Report;
        book.apply(&Entry::Accepted { letter: Arc::new(one), start: start(at_once) }, id, at(0));
    }
    book
}

fn next(book: &Book, count: usize, busy: &[u64]) -> Vec<u64> {
    let busy = busy.iter().map(|id| LetterId(*id)).collect();
    book.next("north", Lane::Service, count, &busy).into_iter().map(|id| id.0).collect()
}

#[test]
fn accounts_take_turns() {
    let mut book = with(&["a", "a", "a", "a", "b", "c", "c"], false);
    assert_eq!(next(&book, 100, &[]), [1, 5, 6, 2, 7, 3, 4]);
    assert_eq!(next(&book, 2, &[1]), [2, 5]);
    // One of `a` went: `b` is first now.
    book.apply(&Entry::HandingOver { letter: LetterId(1) }, 100, at(1));
    assert_eq!(next(&book, 3, &[]), [5, 6, 2]);
    book.apply(&Entry::HandingOver { letter: LetterId(6) }, 101, at(1));
    assert_eq!(next(&book, 3, &[]), [2, 5, 7]);
}

#[test]
fn a_report_may_come_before_the_answer() {
    let mut book = with(&["a"], true);
    let id = MessageId(b"77".to_vec());
    let who = book.get(LetterId(1)).unwrap().recipient;
    let early = Parked {
        upstream: "north".into(),
        forms: vec![MessageId(b"4d".to_vec()), id.clone()],
        recipient: Some(who),
        report: report(&id, who, ReportState::Delivered),
        since: at(1),
    };
    book.apply(&Entry::Parked(Arc::new(early)), 2, at(1));
    assert!(book.due(at(1), &Waits::default(), 10).is_empty());
    assert!(book.owing().is_empty());
    book.apply(&Entry::Taken { letter: LetterId(1), segment: 0, id }, 3, at(2));
    for due in book.due(at(2), &Waits::default(), 10) {
        assert!(book.apply(&due, 4, at(2)));
    }
    assert_eq!(book.get(LetterId(1)).unwrap().state, State::Delivered);
    assert_eq!((book.tally().early, book.tally().strays, book.parked_count()), (1, 0, 0));
    assert_eq!(book.owing(), ["a".into()]);
}

#[test]
fn what_was_held_goes_on_when_its_time_has_come() {
    let mut book = with(&["a"], false);
    book.apply(&Entry::Released { letter: LetterId(1), until: Some(at(10)) }, 2, at(1));
    assert!(next(&book, 9, &[]).is_empty() && book.due(at(9), &Waits::default(), 10).is_empty());
    let due = book.due(at(10), &Waits::default(), 10);
    assert_eq!(format!("{due:?}"), "[Released { letter: LetterId(1), until: None }]");
    due.iter().for_each(|entry| assert!(book.apply(entry, 3, at(10))));
    assert_eq!(next(&book, 9, &[]), [1]);
    assert!(book.due(at(11), &Waits::default(), 10).is_empty());
}

#[test]
fn a_report_on_what_is_in_doubt_is_found_by_its_recipient() {
    let mut book = with(&["a"], true);
    let who = book.get(LetterId(1)).unwrap().recipient;
    let id = [MessageId(b"5".to_vec())];
    assert_eq!(book.find("north", &id, Some(who)), None);
    book.apply(&Entry::InDoubt { letter: LetterId(1) }, 2, at(1));
    let found = book.find("north", &id, Some(who)).unwrap();
    assert_eq!((found.letter, found.segment, found.by_id), (LetterId(1), 0, false));
    assert_eq!(book.find("north", &id, None), None);
    assert_eq!(book.find("south", &id, Some(who)), None);
    // Two in doubt: nobody can say which.
    let mut book = with(&["a", "b"], true);
    book.apply(&Entry::InDoubt { letter: LetterId(1) }, 3, at(1));
    book.apply(&Entry::InDoubt { letter: LetterId(2) }, 4, at(1));
    assert_eq!(book.find("north", &id, Some(who)), None);
}

#[test]
fn what_is_waited_for_has_an_end() {
    let days = |n: i64| n * 24 * 3_600;
    let mut book = with(&["a", "b"], true);
    let taken = |letter, id: &[u8]| Entry::Taken { letter, segment: 0, id: MessageId(id.to_vec()) };
    book.apply(&taken(LetterId(1), b"1"), 3, at(0));
    book.apply(&Entry::InDoubt { letter: LetterId(2) }, 4, at(0));
    let waits = Waits::default();
    let due = |book: &mut Book, seconds| {
        let due = book.due(at(seconds), &waits, 10);
        due.iter().for_each(|entry| assert!(book.apply(entry, 9, at(seconds))));
        due.len()
    };
    assert_eq!(due(&mut book, days(1) - 1), 0);
    assert_eq!(due(&mut book, days(1)), 1);
    assert_eq!(due(&mut book, days(3)), 1);
    assert_eq!((book.tally().doubts, book.tally().unreported), (1, 1));
    assert_eq!(
        book.owed("a", 9).first().and_then(|(id, segment)| book.owed_of(*id, *segment)).unwrap().outcome,
        Outcome::Unknown
    );
    assert_eq!(due(&mut book, days(4)), 1);
    assert_eq!(due(&mut book, days(6)), 1);
    assert_eq!((book.len(), book.tally().untold), (0, 2));
    // Too many are not waited for: the oldest go first.
    let mut book = with(&["a", "b", "c"], true);
    for id in 1..=3 {
        assert!(book.apply(&taken(LetterId(id), &[id as u8]), 10 + id, at(id as i64)));
    }
    let few = Waits { reports: 1, ..waits };
    let due = format!("{:?}", book.due(at(5), &few, 10));
    assert_eq!(due, "[GaveUp { letter: LetterId(1) }, GaveUp { letter: LetterId(2) }]");
}
