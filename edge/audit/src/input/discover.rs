//! Which files there are and which table each holds.

use std::path::{Path, PathBuf};

use super::error::Error;
use super::mapping::Mapping;
use super::source::io_error;
use super::table::Table;

/// A file found, and its table if its name or the mapping tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub path: PathBuf,
    pub table: Option<Table>,
}

/// The files behind the paths given: folders are listed, not entered deeper; order does not matter.
pub(crate) fn files(paths: &[PathBuf], mapping: &Mapping) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = found.len();
            for entry in std::fs::read_dir(path).map_err(|e| io_error("list", path, &e))? {
                let file = entry.map_err(|e| io_error("list", path, &e))?.path();
                let table = table_of(&file, mapping);
                // A link that leads nowhere must not read as a table that is not there.
                if table.is_some() && has_known_ending(&file) {
                    std::fs::metadata(&file).map_err(|e| io_error("open", &file, &e))?;
                }
                // A folder may hold other things; a file named on the command line is meant.
                if file.is_file() && table.is_some() && has_known_ending(&file) {
                    found.push(Found { path: file, table });
                }
            }
            if found.len() == before {
                return Err(Error::NoFiles { path: path.display().to_string() });
            }
        } else {
            found.push(Found { path: path.clone(), table: table_of(path, mapping) });
        }
    }
    found.sort_by(|a, b| (a.table, &a.path).cmp(&(b.table, &b.path)));
    found.dedup();
    if found.len() > usize::from(u16::MAX) {
        return Err(Error::TooManyFiles { found: found.len() });
    }
    Ok(found)
}

/// The table that the mapping or the start of the file's name tells.
fn table_of(path: &Path, mapping: &Mapping) -> Option<Table> {
    let name = path.file_name()?.to_str()?;
    if let Some(table) = mapping.files.get(name) {
        return Some(*table);
    }
    let lower = name.to_lowercase();
    Table::ALL.iter().copied().find(|t| t.file_names().iter().any(|start| lower.starts_with(start)))
}

fn has_known_ending(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    [".csv", ".tsv", ".txt", ".ndjson", ".jsonl", ".parquet"].iter().any(|ending| name.ends_with(ending))
}
