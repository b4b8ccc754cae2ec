//! Records every page of a folder that `pages.csv` lists into another folder, one JSON text each.
//!
//! `cargo run -p anning-inspect --example record -- PAGES OUT [NAME…]`

use std::path::PathBuf;
use std::sync::Arc;

use anning_inspect::{Browser, Options, Page};
use anning_page::record::Viewport;
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
    let mut list = csv::Reader::from_path(pages.join("pages.csv"))?;
    let heads = list.headers()?.clone();
    let column = |name: &str| heads.iter().position(|head| head == name).ok_or(format!("no column {name}"));
    let (page, window) = (column("page")?, column("viewport")?);
    let begun = now().millis();
    for line in list.records() {
        let line = line?;
        let name = line.get(page).unwrap_or_default();
        if !names.is_empty() && !names.iter().any(|wanted| name.starts_with(wanted.as_str())) {
            continue;
        }
        let (width, height) =
            line.get(window).and_then(|text| text.split_once('x')).ok_or("viewport: WxH")?;
        let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
        let touch = width < 600;
        let viewport = Viewport { width, height, scale: if touch { 2.0 } else { 1.0 }, touch };
        let stored = Page::Stored { folder: pages.join(name), entry: "index.html".to_owned() };
        let evidence = out.join(name);
        let made = browser.record(&stored, viewport, Some(&evidence))?;
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
