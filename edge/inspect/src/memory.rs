//! How much memory a browser takes, and its end when it is too much.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// Watches the processes of one browser until it is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    over: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
}

impl Watch {
    /// Watches the group of this process.
    pub(crate) fn start(group: u32) -> Self {
        let watch = Self { over: Arc::default(), ended: Arc::default() };
        let (over, ended) = (Arc::clone(&watch.over), Arc::clone(&watch.ended));
        std::thread::spawn(move || {
            let mut known = HashMap::new();
            while !ended.load(Ordering::Relaxed) {
                let all = taken(group, &mut known);
                let sum: u64 = all.iter().map(|(_, bytes)| bytes).sum();
                if sum > MEMORY_MAX {
                    over.store(true, Ordering::Relaxed);
                    // The largest goes, which is the page's: the browser itself goes on and says that it went.
                    let largest = all.iter().max_by_key(|(_, bytes)| *bytes);
                    let process =
                        largest.and_then(|(process, _)| Pid::from_raw(i32::try_from(*process).ok()?));
                    if let Some(process) = process {
                        let _ = kill_process(process, Signal::KILL);
                    }
                }
                std::thread::sleep(PAUSE);
            }
        });
        watch
    }

    /// A process was ended because of its size, since the last call.
    pub(crate) fn was_over(&self) -> bool {
        self.over.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

/// Processes of a group, with the bytes of memory that each has for itself or shares with others of its kind. Of each
/// process of the machine it is remembered whether it is one, for as long as it lives.
fn taken(group: u32, known: &mut HashMap<u32, bool>) -> Vec<(u32, u64)> {
    let listed = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let living: HashSet<u32> =
        listed.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).collect();
    known.retain(|process, _| living.contains(process));
    living
        .into_iter()
        .filter(|process| *known.entry(*process).or_insert_with(|| group_of(*process) == Some(group)))
        .filter_map(|process| Some((process, bytes_of(process)?)))
        .collect()
}

/// Fifth word of `stat`; the second is a name in brackets that may hold anything.
fn group_of(process: u32) -> Option<u32> {
    let stat = std::fs::read(format!("/proc/{process}/stat")).ok()?;
    let at = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = String::from_utf8_lossy(stat.get(at + 1..)?).into_owned();
    rest.split_whitespace().nth(2)?.parse().ok()
}

fn bytes_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let lines = status.lines().filter_map(|line| {
        let rest = line.strip_prefix("RssAnon:").or_else(|| line.strip_prefix("RssShmem:"))?;
        rest.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()
    });
    Some(lines.sum::<u64>() * 1024)
}

/// Bytes of memory that a browser may take with all its processes.
pub(crate) const MEMORY_MAX: u64 = 2 << 30;
/// Between two looks. A page can write a gigabyte in a second, and a look takes some milliseconds.
const PAUSE: Duration = Duration::from_millis(100);
