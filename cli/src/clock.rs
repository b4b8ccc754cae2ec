//! What time it is: nothing below the command line knows.

use anning_vocab::Timestamp;

/// Now, by the clock of this machine.
#[expect(clippy::disallowed_methods, reason = "the command line reads the clock")]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(0))
}

/// Time since this process first asked, by a clock that never jumps.
#[expect(clippy::disallowed_methods, reason = "the command line reads the clock")]
pub(crate) fn steady() -> std::time::Duration {
    static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(std::time::Instant::now).elapsed()
}
