//! Records on disk: found, read, grouped into pages with their windows.

use std::path::{Path, PathBuf};

use anning_inspect::{Inspection, Judgement, Stored};
use anning_vocab::Date;

use super::unavailable;
use crate::clock::now;
use crate::failure::Failure;
use crate::tell::warn;

/// Records at these paths, judged; those of one page together, the phone first as when they were recorded.
pub(super) fn pages(paths: &[PathBuf], day: Option<Date>) -> Result<Vec<Inspection>, Failure> {
    let mut pages: Vec<Inspection> = Vec::new();
    for path in paths {
        for path in records(path)? {
            let stored = Stored::read(&path).map_err(unavailable)?;
            for (name, what) in stored.altered() {
                let file = stored.folder.join(name);
                warn(&format!("WARNING: a file of the evidence is {what}: {}", file.display()));
            }
            let name = name(&path);
            let judgement = Judgement::of(stored, day).map_err(unavailable)?;
            odd_day(&judgement, &path);
            let source = source(&name, &judgement.record.address);
            match pages.iter_mut().find(|page| page.name == name && page.source == source) {
                Some(page) => page.judgements.push(judgement),
                None => pages.push(Inspection { name, source, judgements: vec![judgement] }),
            }
        }
    }
    for page in &mut pages {
        page.judgements.sort_by_key(|judgement| !judgement.record.viewport.touch);
    }
    Ok(pages)
}

/// The record at a path, or those in the folders within it: a page's windows, or all pages of a run.
pub(super) fn records(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.exists() {
        return Err(Failure::unavailable(format!("no such file or folder: {}", path.display())));
    }
    if !path.is_dir() || has_record(path) {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for folder in within(path)?.into_iter().filter(|folder| folder.is_dir()) {
        if has_record(&folder) {
            found.push(folder);
        } else {
            found.extend(within(&folder)?.into_iter().filter(|folder| has_record(folder)));
        }
    }
    if found.is_empty() {
        return Err(Failure::unavailable(format!(
            "no {RECORD} in this folder, nor in folders within it; name a record or a folder that `anning inspect --out` \
             made: {}",
            path.display()
        )));
    }
    Ok(found)
}

/// There is something of that name, a plain file or not: reading it says what is wrong.
pub(super) fn has_record(folder: &Path) -> bool {
    folder.join(RECORD).symlink_metadata().is_ok()
}

fn within(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read =
        std::fs::read_dir(folder).map_err(|e| Failure::unavailable(format!("{e}: {}", folder.display())))?;
    let mut all: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    all.sort();
    Ok(all)
}

/// The page's name: of the folder above a window's, else of the record's own.
fn name(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = if path.file_name().is_some_and(|name| name == RECORD) {
        path.parent().unwrap_or(&path)
    } else {
        &path
    };
    let own = if folder.is_dir() { folder.file_name() } else { folder.file_stem() };
    let own = own.unwrap_or_default().to_string_lossy().into_owned();
    let above = folder.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    match (own.as_str(), above) {
        ("phone" | "desktop", Some(above)) => above,
        _ => own,
    }
}

/// The address, or of a stored page its path below the folder that has its name.
fn source(name: &str, address: &str) -> String {
    if address.contains("://") { address.to_owned() } else { format!("{name}/{address}") }
}

/// A record of a day that cannot be, or on which there was no sign-up page: its law is not what anybody means.
fn odd_day(judgement: &Judgement, path: &Path) {
    let Ok(own) = judgement.record.day() else { return };
    let what = if own > now().date() {
        "it says that it was recorded in the future"
    } else if own.ymd().0 < FIRST_YEAR {
        "it says that it was recorded before there were sign-up pages"
    } else {
        return;
    };
    warn(&format!("WARNING: {what}, and is judged by the law of that day: {own}, {}", path.display()));
}

pub(super) const RECORD: &str = "record.json";
/// Before it nobody signed up on a page.
const FIRST_YEAR: i32 = 1990;
