//! Prints the version of page records and what they ask consent to.
//!
//! `cargo run -p anning-page --example requests -- RECORD.json…`

use anning_page::record::Record;
use anning_page::request::requests;
use anning_page::version::Version;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let record = Record::read(&std::fs::read(&path)?)?;
        match Version::of(&record) {
            Some(version) => println!("{path}: {version}"),
            None => println!("{path}: shows no page"),
        }
        for request in requests(&record) {
            println!("{request:?}");
        }
    }
    Ok(())
}
