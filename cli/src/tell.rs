//! What is said on standard output and standard error. A reader that has gone away is no error and stops no work.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use anning_audit::input::{Plan, Reject, Table};

/// A line on standard output.
pub(crate) fn say(line: &str) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}") {
        // Closed by a reader that has seen enough, such as `head`: the work is done all the same. Anything else, such as
        // a full disk, has lost what was asked for.
        if error.kind() != std::io::ErrorKind::BrokenPipe {
            UNSAID.store(true, Ordering::Relaxed);
        }
    }
}

/// Could something not be written to standard output, though somebody was there to read it?
pub(crate) fn is_unsaid() -> bool {
    UNSAID.load(Ordering::Relaxed)
}

static UNSAID: AtomicBool = AtomicBool::new(false);

/// A line on standard error.
pub(crate) fn warn(line: &str) {
    // Nobody is left to be told; what was asked for must not fail for that.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Rows of acts that could not be read, table by table: who refused must not pass for who agreed without a word.
pub(crate) fn lost_acts(plan: &Plan, rejects: &[Reject], written: &str) {
    let of = |table: Table| {
        let file = |at: u16| plan.files.get(usize::from(at)).map(|file| file.table);
        rejects.iter().filter(|reject| file(reject.file) == Some(table)).count() as u64
    };
    lost(of(Table::Withdrawals), of(Table::Consents), written);
}

/// As [`lost_acts`], of rows that are counted already.
pub(crate) fn lost(withdrawals: u64, consents: u64, written: &str) {
    if withdrawals > 0 {
        warn(&format!(
            "WARNING: {withdrawals} withdrawals could not be read: whoever refused there may pass for one who agreed; \
             line and reason of each: {written}"
        ));
    }
    if consents > 0 {
        warn(&format!(
            "WARNING: {consents} rows of consents could not be read, refusals may be among them; line and reason of \
             each: {written}"
        ));
    }
}
