//! Why a command ends without having done what it was asked: words, and the exit code that goes with them.

use core::fmt::Write as _;
use std::process::ExitCode;

/// A command that failed. A refusal of the law is none: that is an answer.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    words: String,
}

impl Failure {
    /// What was asked for makes no sense; asking again unchanged will not help.
    pub fn usage(words: impl Into<String>) -> Self {
        Self { code: USAGE, words: words.into() }
    }

    /// Evidence or store cannot be read or written.
    pub fn unavailable(words: impl Into<String>) -> Self {
        Self { code: UNAVAILABLE, words: words.into() }
    }

    /// Was it wrong usage?
    pub const fn is_usage(&self) -> bool {
        self.code == USAGE
    }

    /// As exit code.
    pub fn exit(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Names of files and words of strangers stand in it: a terminal must not obey them.
        let plain = |c: char| {
            if c.is_control() && !matches!(c, '\n' | '\t') { char::REPLACEMENT_CHARACTER } else { c }
        };
        self.words.chars().try_for_each(|c| f.write_char(plain(c)))
    }
}

impl From<String> for Failure {
    fn from(words: String) -> Self {
        Self::unavailable(words)
    }
}

impl From<&str> for Failure {
    fn from(words: &str) -> Self {
        Self::unavailable(words)
    }
}

impl From<anning_audit::Error> for Failure {
    fn from(error: anning_audit::Error) -> Self {
        Self { code: error.exit_code(), words: error.to_string() }
    }
}

const USAGE: u8 = 2;
const UNAVAILABLE: u8 = 3;
