//! What a check found: what is wrong, where, and the way out.

/// One problem, for a person to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What is wrong; the offending value last.
    pub(crate) what: String,
    /// File below the root, and line if there is one.
    pub(crate) place: String,
    /// What to do about it.
    pub(crate) way_out: String,
}

impl Problem {
    /// A problem on a line of a file.
    pub(crate) fn at(path: &str, line: usize, what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { what: what.into(), place: format!("{path}:{line}"), way_out: way_out.into() }
    }

    /// A problem of a whole file or folder.
    pub(crate) fn of(path: &str, what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { what: what.into(), place: path.to_owned(), way_out: way_out.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "    {}\n      {}\n      way out: {}", self.what, self.place, self.way_out)
    }
}
