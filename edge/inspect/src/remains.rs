//! What must go when the program is told to end: browsers under way and the folders they use.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// Browsers by process number, with their profiles; folders besides under number 0.
static REMAINS: Mutex<Vec<(u32, PathBuf)>> = Mutex::new(Vec::new());

pub(crate) fn enter(process: u32, folder: &Path) {
    REMAINS.lock().unwrap_or_else(PoisonError::into_inner).push((process, folder.to_owned()));
}

pub(crate) fn leave(process: u32) {
    REMAINS.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| *known != process);
}

/// A folder that [`clear_away`] removes too.
pub fn passing(folder: &Path) {
    enter(0, folder);
}

/// Ends every browser of this process and removes profiles and passing folders. For the moment before the end.
pub fn clear_away() {
    let all = std::mem::take(&mut *REMAINS.lock().unwrap_or_else(PoisonError::into_inner));
    for (process, folder) in all {
        if let Some(group) = i32::try_from(process).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        // A process that is being killed may still write: once more, then the folder is left to the system.
        for _ in 0..TRIES {
            if std::fs::remove_dir_all(&folder).is_ok() || !folder.exists() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(PAUSE_MS));
        }
    }
}

/// Times a folder is tried.
const TRIES: usize = 20;
/// Milliseconds between.
const PAUSE_MS: u64 = 50;
