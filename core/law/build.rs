//! Lists the files below `law/` for embedding, and reads them once: a page that cannot stand, two
//! wordings in force on one day or a day without a text stop the build with file and line.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

// The crate's own reader, compiled into the build script as well.
#[path = "src/block.rs"]
mod block;
#[path = "src/check.rs"]
mod check;
#[allow(dead_code, reason = "the build script reads the pack; only the crate asks it")]
#[path = "src/data.rs"]
mod data;
#[path = "src/error.rs"]
mod error;
#[allow(dead_code, reason = "the build script reads the pack; only the crate asks it")]
#[path = "src/example.rs"]
mod example;
#[path = "src/heading.rs"]
mod heading;
#[allow(dead_code, reason = "the build script reads the pack; only the crate asks it")]
#[path = "src/instrument.rs"]
mod instrument;
#[allow(dead_code, reason = "the build script reads the pack; only the crate asks it")]
#[path = "src/limit.rs"]
mod limit;
#[path = "src/limit_block.rs"]
mod limit_block;
#[allow(dead_code, reason = "the build script reads the pack; only the crate asks it")]
#[path = "src/numeral.rs"]
mod numeral;
#[allow(dead_code, reason = "the build script reads the pack; only the crate asks it")]
#[path = "src/obligation.rs"]
mod obligation;
#[path = "src/pack.rs"]
mod pack;
#[path = "src/page.rs"]
mod page;
#[path = "src/text.rs"]
mod text;
#[path = "src/worked.rs"]
mod worked;

fn main() -> ExitCode {
    match run() {
        Ok(flaws) if flaws.is_empty() => ExitCode::SUCCESS,
        Ok(flaws) => {
            for flaw in flaws {
                println!("cargo::error={flaw}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("cargo::error=cannot embed the law pack: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> std::io::Result<Vec<error::Error>> {
    let manifest = std::env::var("CARGO_MANIFEST_DIR").map_err(std::io::Error::other)?;
    let out = std::env::var("OUT_DIR").map_err(std::io::Error::other)?;
    let law = Path::new(&manifest).join("../../law");
    println!("cargo::rerun-if-changed={}", law.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut names = Vec::new();
    for folder in ["", "cn", "cases"] {
        for entry in std::fs::read_dir(law.join(folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") && name != "README.md" {
                names.push(if folder.is_empty() { name } else { format!("{folder}/{name}") });
            }
        }
    }
    names.sort();
    let mut list = String::from("/// Path below `law/` and content, sorted by path.\n");
    list.push_str("pub static FILES: &[(&str, &str)] = &[\n");
    let mut contents = Vec::new();
    for name in &names {
        let include = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../../law/{name}\"))");
        writeln!(list, "    ({name:?}, {include}),").map_err(std::io::Error::other)?;
        contents.push(std::fs::read_to_string(law.join(name))?);
    }
    list.push_str("];\n");
    std::fs::write(Path::new(&out).join("files.rs"), list)?;
    let files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(contents.iter().map(String::as_str)).collect();
    Ok(pack::Pack::read(&files).err().unwrap_or_default())
}
