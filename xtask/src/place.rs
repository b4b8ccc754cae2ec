//! Where things are: the repository, the build folder, the tools this repository installs for itself.

use crate::error::Error;
use std::path::{Path, PathBuf};

/// Absolute paths, found once at the start.
pub(crate) struct Places {
    /// The repository's root.
    pub(crate) root: PathBuf,
    /// Cargo's build folder; everything a chore makes is below it.
    pub(crate) target: PathBuf,
}

impl Places {
    /// Finds them from where cargo says this crate is.
    ///
    /// # Errors
    /// When not started through `cargo xtask` and not inside the repository.
    pub(crate) fn find() -> Result<Self, Error> {
        let here = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(manifest) => PathBuf::from(manifest),
            None => std::env::current_dir().map_err(Error::file("."))?,
        };
        let root = here
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .map(Path::to_path_buf)
            .ok_or_else(|| Error::Missing {
                what: "the repository's root".to_owned(),
                hint: "start it as `cargo xtask` inside the repository".to_owned(),
            })?;
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// A folder of the tools installed for this repository.
    pub(crate) fn tools(&self, name: &str) -> PathBuf {
        self.target.join("tools").join(name)
    }

    /// The released binary.
    pub(crate) fn anning(&self) -> PathBuf {
        self.target.join("release").join("anning")
    }

    /// A folder for what one step makes, emptied first so that nothing of an earlier run is taken for new.
    ///
    /// # Errors
    /// When it can't be emptied or made.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.target.join("scratch").join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(Error::file(&folder))?;
        }
        std::fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
        Ok(folder)
    }
}
