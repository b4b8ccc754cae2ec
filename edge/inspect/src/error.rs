use std::path::PathBuf;
use std::{fmt, io};

/// What kept a page from being recorded at all. What a page did wrong stands in its record instead.
#[derive(Debug)]
pub enum Error {
    /// No Chromium under any of the names tried.
    NoBrowser(Vec<String>),
    /// Chromium did not start, or ended; what it said last.
    BrowserEnded(String),
    /// Chromium did not answer a call in time.
    Slow {
        /// The call.
        call: String,
        /// How long was waited, in milliseconds.
        millis: i64,
    },
    /// Chromium refused a call.
    Refused {
        /// The call.
        call: String,
        /// Its reason.
        reason: String,
    },
    /// The page's process died.
    Crashed,
    /// An answer that does not have the form the protocol gives it.
    Answer(String),
    /// A file or folder of ours.
    File(PathBuf, io::Error),
    /// An address that cannot be opened.
    Address(String),
    /// A stored record that cannot be read.
    Record(PathBuf, anning_page::Error),
    /// A seal beside a record that is none: the file, what is wrong.
    Seal(PathBuf, String),
    /// A record that is not the one sealed beside it.
    Altered {
        /// The record's file.
        path: PathBuf,
        /// SHA-256 that the seal holds.
        sealed: String,
        /// SHA-256 of the file.
        found: String,
    },
    /// A list of pages that cannot be read: the file, the line, what is wrong.
    List(PathBuf, u64, String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBrowser(tried) => write!(
                f,
                "no Chromium found; install it with `sudo apt-get install chromium fonts-noto-cjk`; tried: {}",
                tried.join(", ")
            ),
            Self::BrowserEnded(said) if said.trim().is_empty() => {
                f.write_str("Chromium ended without a word; is this program Chromium?")
            }
            Self::BrowserEnded(said) => write!(f, "Chromium ended; it said last: {said}"),
            Self::Slow { call, millis } => write!(f, "Chromium did not answer within {millis} ms: {call}"),
            Self::Refused { call, reason } => write!(f, "Chromium refused {call}: {reason}"),
            Self::Crashed => f.write_str("the page's process died"),
            Self::Answer(what) => write!(f, "Chromium's answer cannot be read: {what}"),
            Self::File(path, err) => write!(f, "{err}: {}", path.display()),
            Self::Address(address) => write!(
                f,
                "only http and https addresses, or a folder of stored pages, can be inspected: {address}"
            ),
            Self::Record(path, err) => write!(f, "{}: {err}", path.display()),
            Self::Seal(path, what) => {
                write!(
                    f,
                    "{}: no seal of a page record; take the one it was sealed with: {what}",
                    path.display()
                )
            }
            Self::Altered { path, sealed, found } => write!(
                f,
                "ALTERED: {} is not the record that was sealed; nothing is concluded from it. Take the original, or move \
                 seal.json away to judge it as a record that nothing vouches for: sealed {sealed}, found {found}",
                path.display()
            ),
            Self::List(path, line, what) => write!(f, "{}:{line}: {what}", path.display()),
        }
    }
}

impl std::error::Error for Error {}
