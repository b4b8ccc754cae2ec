//! A process that is killed at any moment, on the real disk.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use anning_gateway::LetterId;
use anning_gateway::outbox::{Book, Entry, Limits, Outbox, Start, State, Why};
use anning_link::{MessageId, ReportState};
use anning_store::disk::Real;

use crate::world::{Draw, Hands, LANES, UPSTREAMS, decided, ground, letter, limits, person, report, start};

const FOLDER: &str = "ANNING_OUTBOX_FOLDER";
const LIFE: &str = "ANNING_OUTBOX_LIFE";

fn open(folder: &Path, seed: u64, hands: &Hands) -> Outbox {
    let clock = hands.clone();
    let limits = Limits { segment: 64 << 10, tick: Duration::from_millis(1), ..limits() };
    Outbox::open(ground(Arc::new(Real), folder.to_path_buf(), seed), limits, Box::new(move || clock.now()))
        .unwrap_or_else(|e| panic!("{e}"))
        .0
}

/// One line at once: what the parent reads is whole or ends without a line feed.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A parent that is gone has no more questions.
    if out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Only where the parent asked for it; a test run of its own has nothing to do here.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let life: u64 = std::env::var(LIFE).unwrap().parse().unwrap();
    let (hands, name) = (Hands::default(), AtomicU64::new(life * 1_000_000));
    let outbox = open(&folder, life, &hands);
    say("opened");
    std::thread::scope(|scope| {
        for who in 0..2 {
            let (outbox, hands, name) = (&outbox, &hands, &name);
            scope.spawn(move || hand_in(outbox, hands, name, &mut Draw(life * 10 + who)));
        }
        for (who, upstream) in (5..).zip(UPSTREAMS) {
            let (outbox, name) = (&outbox, &name);
            scope.spawn(move || send(outbox, upstream, name, &mut Draw(life * 10 + who)));
        }
        recall(&outbox, &mut Draw(life * 10 + 9));
    });
}

fn hand_in(outbox: &Outbox, hands: &Hands, name: &AtomicU64, draw: &mut Draw) {
    for _ in 0..STEPS {
        let mut entries = Vec::new();
        for _ in 0..=draw.below(5) {
            let name = name.fetch_add(1, Ordering::SeqCst);
            let mut letter = letter(name, draw, hands.now());
            letter.not_before = None;
            letter.segments.iter_mut().for_each(|segment| segment.wish = anning_link::Wish::Nothing);
            letter.beyond.iter_mut().for_each(|(_, wish)| *wish = anning_link::Wish::Nothing);
            entries.push(Entry::Accepted { letter: Arc::new(letter), start: start(draw.below(4) == 0) });
            entries.push(Entry::Decision(Arc::new(decided(name, hands.now()))));
        }
        let at_once: Vec<bool> = entries
            .iter()
            .filter_map(|e| {
                if let Entry::Accepted { start, .. } = e { Some(*start == Start::AtOnce) } else { None }
            })
            .collect();
        let committed = outbox.put(entries).unwrap();
        let ids: Vec<String> = committed.letters.iter().map(|letter| letter.id.0.to_string()).collect();
        say(&format!("accepted {}", ids.join(" ")));
        for (id, _) in ids.iter().zip(at_once).filter(|(_, at_once)| *at_once) {
            say(&format!("handed {id}"));
        }
        let waiting = outbox.book().unrecorded(50);
        if let Some((through, _)) = waiting.last() {
            outbox.put(vec![Entry::Scribed { through: *through, position: *through }]).unwrap();
        }
        // Not more than is sent.
        while outbox.book().waiting() > 400 {
            std::thread::yield_now();
        }
    }
}

fn send(outbox: &Outbox, upstream: &str, name: &AtomicU64, draw: &mut Draw) {
    for _ in 0..STEPS {
        let ids: Vec<LetterId> = {
            let book = outbox.book();
            let next = |lane| book.next(upstream, lane, 6, &BTreeSet::new());
            LANES.into_iter().flat_map(next).collect()
        };
        if ids.is_empty() {
            std::thread::yield_now();
            continue;
        }
        let told: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
        say(&format!("trying {}", told.join(" ")));
        let entries = ids.iter().map(|letter| Entry::HandingOver { letter: *letter }).collect();
        let committed = outbox.put(entries).unwrap();
        for (id, place) in ids.iter().zip(0..) {
            if committed.void.contains(&place) {
                continue;
            }
            say(&format!("handed {}", id.0));
            if draw.below(3) == 0 {
                continue;
            }
            let parts = outbox.book().get(*id).map_or(0, |item| item.parts.len());
            for segment in 0..parts as u8 {
                let theirs = MessageId(name.fetch_add(1, Ordering::SeqCst).to_be_bytes().to_vec());
                let taken = Entry::Taken { letter: *id, segment, id: theirs.clone() };
                let report = report(&theirs, person(1), ReportState::Delivered);
                let reported = Entry::Reported { letter: *id, segment, report };
                outbox.put(vec![taken, reported]).unwrap();
            }
            say(&format!("ended {}", id.0));
        }
    }
}

fn recall(outbox: &Outbox, draw: &mut Draw) {
    for _ in 0..STEPS {
        let ids = outbox.book().recallable(person(draw.below(16)));
        let Some(id) = ids.get(draw.below(ids.len() as u64 + 3) as usize).copied() else {
            std::thread::sleep(Duration::from_micros(300));
            continue;
        };
        say(&format!("trying {}", id.0));
        let committed = outbox.put(vec![Entry::Recalled { letter: id, why: Why::Withdrawal }]).unwrap();
        if committed.void.is_empty() {
            say(&format!("recalled {}", id.0));
        }
    }
}

/// What one outbox's children said so far.
#[derive(Default)]
struct Said {
    accepted: BTreeSet<u64>,
    tried: BTreeSet<u64>,
    handed: BTreeMap<u64, u64>,
    recalled: BTreeSet<u64>,
    ended: BTreeSet<u64>,
    silent: u64,
}

impl Said {
    fn take(&mut self, line: &str) {
        let mut words = line.split(' ');
        let kind = words.next();
        let numbers: Vec<u64> = words.filter_map(|word| word.parse().ok()).collect();
        match kind {
            Some("accepted") => self.accepted.extend(numbers),
            Some("trying") => self.tried.extend(numbers),
            Some("handed") => {
                for number in numbers {
                    *self.handed.entry(number).or_default() += 1;
                    assert!(!self.recalled.contains(&number), "recalled, and handed over: {number}");
                }
            }
            Some("recalled") => self.recalled.extend(numbers),
            Some("ended") => self.ended.extend(numbers),
            // What the test runner says.
            _ => {}
        }
    }

    fn agrees(&self, book: &Book) {
        let twice: Vec<_> = self.handed.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "handed over twice: {twice:?}");
        for id in &self.accepted {
            let found = book.get(LetterId(*id)).map(|item| item.state);
            if self.recalled.contains(id) || self.ended.contains(id) {
                assert_eq!(found, None, "{id} had ended");
            } else if self.handed.contains_key(id) {
                // Its reports may have come, unheard.
                let fits = |state| matches!(state, State::InDoubt | State::Sent);
                assert!(found.is_none_or(fits), "{id} was handed over: {found:?}");
            } else if !self.tried.contains(id) {
                // Handed over at once, killed before it said so: in doubt.
                let fits = |state| matches!(state, State::Queued | State::InDoubt);
                assert!(found.is_some_and(fits), "{id} was accepted: {found:?}");
            }
        }
    }
}

fn kill(folder: &Path, life: u64, draw: &mut Draw, said: &mut Said) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(LIFE, life.to_string())
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
    let mut heard: Vec<String> = Vec::new();
    match draw.below(4) {
        // Early: most likely while it opens the outbox.
        0 => std::thread::sleep(Duration::from_micros(draw.below(60_000))),
        _ => heard.extend(lines.iter().take(1 + draw.below(600) as usize)),
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    heard.extend(lines.try_iter());
    said.silent += u64::from(!heard.iter().any(|line| line.ends_with("opened")));
    heard.iter().for_each(|line| said.take(line));
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let kills: u64 = std::env::var("ANNING_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let seed: u64 = std::env::var("ANNING_KILL_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("outbox-{}", std::process::id()));
    let (mut draw, mut said, hands) = (Draw(seed), Said::default(), Hands::default());
    let [mut accepted, mut handed, mut recalled, mut ended, mut silent] = [0; 5];
    for life in 0..kills {
        if life % KILLS_AN_OUTBOX == 0 {
            let _ = std::fs::remove_dir_all(&folder);
            said = Said::default();
        }
        kill(&folder, life + 1, &mut draw, &mut said);
        let outbox = open(&folder, life, &hands);
        said.agrees(&outbox.book());
        drop(outbox);
        if (life + 1) % KILLS_AN_OUTBOX == 0 || life + 1 == kills {
            accepted += said.accepted.len();
            handed += said.handed.len();
            recalled += said.recalled.len();
            ended += said.ended.len();
            silent += said.silent as usize;
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let _ = writeln!(
        std::io::stderr(),
        "{kills} kills, {silent} of them before the outbox was open: {accepted} accepted letters were there, {handed} were \
         handed over once, {recalled} recalled ones stayed so, {ended} had ended"
    );
    assert!(accepted as u64 > kills && handed > 0 && recalled > 0, "too little was done between the kills");
}

/// It would end by itself, should the parent be gone.
const STEPS: u64 = 100_000;
const KILLS_AN_OUTBOX: u64 = 15;
