//! The repository's own text files, read once and handed to every check.

use crate::error::Error;
use std::path::Path;

/// One file: its path below the root, with forward slashes, and what is in it.
#[derive(Debug)]
pub(crate) struct Text {
    /// `core/decide/src/decide.rs`.
    pub(crate) path: String,
    /// The content.
    pub(crate) body: String,
}

impl Text {
    /// The part before the first slash.
    pub(crate) fn top(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }

    /// Does the path end like that, as in `.rs`?
    pub(crate) fn ends_in(&self, end: &str) -> bool {
        self.path.ends_with(end)
    }

    /// Lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.body.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// Every text file below the root, in the order of paths; not what a build or an installer made.
///
/// # Errors
/// When a folder or file can't be read.
pub(crate) fn read_all(root: &Path) -> Result<Vec<Text>, Error> {
    let mut texts = Vec::new();
    descend(root, "", &mut texts)?;
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(texts)
}

fn descend(folder: &Path, below: &str, texts: &mut Vec<Text>) -> Result<(), Error> {
    for entry in std::fs::read_dir(folder).map_err(Error::file(folder))? {
        let path = entry.map_err(Error::file(folder))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let relative = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
        if MADE.contains(&name) {
            continue;
        }
        if path.is_dir() {
            // Cargo marks its build folders, whatever they are called.
            if !path.join("CACHEDIR.TAG").exists() {
                descend(&path, &relative, texts)?;
            }
        } else if is_text(name) {
            let bytes = std::fs::read(&path).map_err(Error::file(&path))?;
            texts.push(Text { path: relative, body: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
    Ok(())
}

fn is_text(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some(("", _)) | None => true,
        Some((_, ending)) => ENDINGS.contains(&ending),
    }
}

/// What no one wrote; `.git` is a file in a second work tree.
const MADE: [&str; 6] = [".git", "target", "out", "node_modules", ".venv", "__pycache__"];
const ENDINGS: [&str; 15] = [
    "rs", "md", "toml", "lock", "sh", "py", "mjs", "js", "json", "html", "css", "csv", "ndjson", "yml", "txt",
];
