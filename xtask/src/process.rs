//! Running other programs.

use crate::error::Error;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Cargo, as started from the repository's root by whoever started us.
pub(crate) fn cargo(places: &crate::place::Places) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&places.root);
    // Set for us by `cargo run`; a cargo below us must not take them for its own.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(name);
    }
    command
}

/// Runs it with its output on our terminal.
///
/// # Errors
/// When it can't start or ends with an error.
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(|source| Error::Start { program: words(command), source })?;
    ended(command, status, String::new())
}

/// Runs it and hands back what it printed on standard output.
///
/// # Errors
/// When it can't start or ends with an error; then the end of both outputs is in the error.
pub(crate) fn output(command: &mut Command) -> Result<String, Error> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Error::Start { program: words(command), source })?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let tail = if output.status.success() {
        String::new()
    } else {
        last_lines(&format!("{printed}{}", String::from_utf8_lossy(&output.stderr)), TAIL_LINES)
    };
    ended(command, output.status, tail)?;
    Ok(printed)
}

/// Is a program of that name on the PATH?
pub(crate) fn on_path(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// Runs `work` and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "a chore tells its user how long each step took")]
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn ended(command: &Command, status: ExitStatus, printed: String) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    Err(Error::Ended { program: words(command), status: status.to_string(), printed })
}

/// The command line, for a person to read.
fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}

const TAIL_LINES: usize = 40;
