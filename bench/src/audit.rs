//! The whole audit from Parquet, beside DuckDB doing only the as-of join of sends and consents on the same files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anning_audit::{Settings, Workspace, audit, open};
use anning_sample::{Format, Options, Part, Size, write};

use crate::now;

pub(crate) fn run(sends: usize) {
    let scratch =
        PathBuf::from(std::env::var_os("ANNING_SCRATCH").unwrap_or_else(|| "target/bench-audit".into()));
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    for (name, distinct) in [("10 % distinct texts", 0.1), ("all texts distinct", 1.0)] {
        let sends = if distinct < 1.0 { sends } else { sends.min(ALL_DISTINCT_MAX) };
        let (data, out) = (scratch.join("data"), scratch.join("out"));
        let _ = (std::fs::remove_dir_all(&data), std::fs::remove_dir_all(&out));
        let options = Options {
            seed: 11,
            size: Size::Sends(sends as u64),
            part: Part::World,
            format: Format::Parquet,
            distinct,
            texts: None,
            threads,
            overwrite: true,
        };
        let written = match write(&options, &data, &|_, _| {}) {
            Ok(written) => written,
            Err(error) => return eprintln!("bench: {error}"),
        };
        println!("{name}: {} sends, {} consents", written.sends, written.consents);
        let Some(seconds) = one(&data, &out, threads) else { return };
        println!(
            "  audit, judge and findings included: {seconds:.1} s, {:.0} rows/s on {threads} threads; peak memory {} MB",
            written.sends as f64 / seconds,
            peak_kb() / 1_000
        );
        if let Some(theirs) = duckdb(&data, threads) {
            println!(
                "  DuckDB, the as-of join alone: {theirs:.1} s; ratio of speeds {:.2}",
                theirs / seconds
            );
        }
    }
    let _ = std::fs::remove_dir_all(&scratch);
}

fn one(data: &Path, out: &Path, threads: usize) -> Option<f64> {
    let begin = now();
    let found = (|| {
        let settings = Settings { threads, ..Settings::of_folder(data)? };
        let input = open(&[data.to_path_buf()], None)?;
        audit(Workspace::claim(out)?, &input, &settings, true, &|_| {})
    })();
    match found {
        Ok(_) => Some(begin.elapsed().as_secs_f64()),
        Err(error) => {
            eprintln!("bench: {error}");
            None
        }
    }
}

/// Highest resident memory of this process so far, in kB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

fn duckdb(data: &Path, threads: usize) -> Option<f64> {
    let python = std::env::var_os("ANNING_PYTHON")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/audit.py");
    let output = Command::new(python).arg(script).arg(data).arg(threads.to_string()).output().ok()?;
    if !output.status.success() {
        eprintln!("bench: duckdb failed: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (seconds, rest) = text.split_once(' ')?;
    println!("  {}", rest.trim());
    seconds.parse().ok()
}

/// Texts that are all different are written and read at some 100 bytes each.
const ALL_DISTINCT_MAX: usize = 5_000_000;
