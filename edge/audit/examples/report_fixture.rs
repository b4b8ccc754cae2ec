//! Writes the documents of the test fixture into a folder, for the browser tests:
//! `cargo run -p anning-audit --example report_fixture -- DIR`.

#[path = "../tests/fixture/mod.rs"]
mod fixture;

use std::path::PathBuf;

use anning_audit::report::{Options, compare, html, progress};
use anning_audit::summary::{Lang, terminal};

fn main() -> std::io::Result<()> {
    let dir = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "out".to_owned()));
    std::fs::create_dir_all(&dir)?;
    let (before, after) = (fixture::summary(), fixture::after());
    let statutes = fixture::statutes();
    let options = Options::default();
    std::fs::write(dir.join("report.html"), html(&before, &statutes, &options))?;
    std::fs::write(dir.join("hostile.html"), html(&fixture::hostile(), &statutes, &options))?;
    std::fs::write(dir.join("progress.html"), progress(&before, &after).html(Lang::Zh))?;
    let lenient = compare(&before, &fixture::under_other_law());
    std::fs::write(dir.join("compare.html"), lenient.html(Lang::Zh))?;
    for lang in [Lang::Zh, Lang::En] {
        print!(
            "{}\n---\n{}\n---\n",
            terminal(&before, lang, 100),
            progress(&before, &after).terminal(lang, 100)
        );
        print!("{}\n===\n", lenient.terminal(lang, 100));
    }
    Ok(())
}
