//! Records every page of a folder that `pages.csv` lists into another folder, one JSON text each.
//!
//! `cargo run -p anning-inspect --example record -- PAGES OUT [NAME…]`

use std::path::PathBuf;
use std::sync::Arc;

use anning_inspect::{Browser, Options};
use anning_vocab::Timestamp;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pages, out, names @ ..] = arguments.as_slice() else {
        return Err("usage: record PAGES OUT [NAME…]".into());
    };
    let (pages, out) = (PathBuf::from(pages), PathBuf::from(out));
    let profile = std::env::temp_dir().join(format!("anning-inspect-{}", std::process::id()));
    let mut browser =
        Browser::start(&Options { clock: Arc::new(now), program: None, profile, hosts: Vec::new() })?;
    eprintln!("{}", browser.version);
    let begun = now().millis();
    for listed in anning_inspect::list(&pages)? {
        let name = &listed.name;
        if !names.is_empty() && !names.iter().any(|wanted| name.starts_with(wanted.as_str())) {
            continue;
        }
        let evidence = out.join(name);
        let made = browser.record(&listed.page, listed.viewport, Some(&evidence))?;
        let record = made.record;
        if let Err(why) = record.check() {
            println!("{name}: {why}");
        }
        println!(
            "{name}: {} ms, {:?}, {} states, {} events, {} documents, {} submits, {} notes",
            made.millis,
            record.outcome,
            record.states.len(),
            record.events.len(),
            record.documents.len(),
            record.submits.len(),
            record.notes.len(),
        );
        std::fs::write(out.join(format!("{name}.json")), serde_json::to_vec_pretty(&record)?)?;
    }
    println!("{} ms together", now().millis() - begun);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "an example is a main program of its own")]
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
