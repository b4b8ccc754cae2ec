//! Dependencies point one way: `cli → edge → core → vocab`.

use super::problem::Problem;
use crate::error::Error;
use crate::place::Places;
use crate::process;

/// One of our crates needs another of ours.
#[derive(Debug, PartialEq, Eq)]
struct Needs {
    /// Folder of the crate that needs, `edge/audit`.
    from: String,
    /// Folder of the crate that is needed.
    to: String,
}

/// Dependencies of the product (not of its tests) that point the wrong way.
///
/// # Errors
/// When cargo can't tell the dependencies.
pub(crate) fn check(places: &Places) -> Result<Vec<Problem>, Error> {
    let mut cargo = process::cargo(places);
    cargo.args(["tree", "--workspace", "--all-features", "--depth", "1", "--prefix", "depth", "--no-dedupe"]);
    cargo.args(["--edges", "normal,build", "--format", "{p}"]);
    let root = places.root.to_string_lossy();
    Ok(wrong(&parse(&process::output(&mut cargo)?, &root)))
}

/// Reads `cargo tree --prefix depth`: a crate at 0, what it needs at 1. Only ours have a folder below the root.
fn parse(tree: &str, root: &str) -> Vec<Needs> {
    let mut from = String::new();
    let mut needs = Vec::new();
    for line in tree.lines() {
        let folder = line.split_once(&format!("({root}/")).and_then(|(_, rest)| rest.split_once(')'));
        let folder = folder.map(|(folder, _)| folder.to_owned()).unwrap_or_default();
        match line.as_bytes().first() {
            Some(b'0') => from = folder,
            Some(b'1') if !folder.is_empty() => needs.push(Needs { from: from.clone(), to: folder }),
            _ => {}
        }
    }
    needs
}

fn wrong(needs: &[Needs]) -> Vec<Problem> {
    needs
        .iter()
        .filter_map(|Needs { from, to }| {
            let why = forbidden(from, to)?;
            Some(Problem::of(
                &format!("{from}/Cargo.toml"),
                format!("{why}, but {from} needs: {to}"),
                "move what both need to where both may look (core/vocab, core/decide, edge/store), or hand it in",
            ))
        })
        .collect()
}

/// The promise that this dependency breaks, if it breaks one.
fn forbidden(from: &str, to: &str) -> Option<&'static str> {
    let layer = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    match (layer(from).as_str(), layer(to).as_str()) {
        ("core", "core") if from == "core/vocab" => Some("vocab knows nobody"),
        ("core", "core") if (from, to) == ("core/page", "core/law") => None,
        ("core", "core") if APART.contains(&from) && APART.contains(&to) => {
            Some("consent, judge, law and ledger never know each other: they meet in decide")
        }
        ("core", "core") => None,
        ("core", _) => Some("core depends on core alone"),
        ("wire", "wire") if to == "wire/link" => None,
        ("wire", _) => Some("wire knows nothing of ours, and protocols know link alone"),
        ("edge", "edge") if to != "edge/store" => Some("edge crates know store and never each other"),
        ("edge", "core" | "wire" | "edge") => None,
        ("edge", _) => Some("an edge depends on core, wire and store alone"),
        ("sim", "core" | "wire" | "sim") => None,
        ("sim", _) => Some("the simulated world is made of core and wire alone"),
        ("cli", "core" | "wire" | "edge" | "sim") => None,
        ("cli", _) => Some("the product contains no tool"),
        ("xtask", "core") => None,
        ("xtask", _) => Some("xtask compiles first and waits for core alone"),
        // Benchmarks and fuzz targets look at everything, and nothing looks at them.
        ("bench" | "fuzz", "core" | "wire" | "edge" | "sim" | "cli") => None,
        (_, _) => Some("nobody depends on a tool, and every crate stands in a folder of STYLE's tree"),
    }
}

/// Crates that know `vocab` and never each other. `core/page` reads the law by date, as `core/penalty` does: its rules do
/// not, but what they find falls under a provision of the day.
const APART: [&str; 5] = ["core/consent", "core/judge", "core/law", "core/ledger", "core/page"];

#[cfg(test)]
mod tests {
    use super::{Needs, forbidden, parse, wrong};

    #[test]
    fn wrong_ways_are_found() {
        for (from, to) in [
            ("core/vocab", "core/law"),
            ("core/law", "core/judge"),
            ("core/consent", "core/law"),
            ("core/page", "core/consent"),
            ("core/law", "core/page"),
            ("core/decide", "edge/audit"),
            ("core/decide", "sim/grammar"),
            ("wire/cmpp", "core/vocab"),
            ("wire/cmpp", "wire/smpp"),
            ("wire/link", "wire/cmpp"),
            ("edge/audit", "edge/gateway"),
            ("edge/audit", "cli"),
            ("edge/audit", "sim/sample"),
            ("sim/sample", "edge/audit"),
            ("cli", "xtask"),
            ("cli", "bench"),
            ("xtask", "edge/audit"),
            ("plugins/odd", "core/vocab"),
        ] {
            assert!(forbidden(from, to).is_some(), "{from} -> {to}");
        }
    }

    #[test]
    fn the_flow_is_free() {
        for (from, to) in [
            ("core/law", "core/vocab"),
            ("core/decide", "core/law"),
            ("core/decide", "core/consent"),
            ("core/penalty", "core/law"),
            ("core/exchange", "core/ledger"),
            ("edge/audit", "core/decide"),
            ("edge/gateway", "wire/cmpp"),
            ("edge/gateway", "edge/store"),
            ("cli", "edge/audit"),
            ("cli", "sim/sample"),
            ("sim/sample", "sim/grammar"),
            ("bench", "edge/audit"),
            ("fuzz", "core/law"),
            ("xtask", "core/law"),
        ] {
            assert_eq!(forbidden(from, to), None, "{from} -> {to}");
        }
    }

    #[test]
    fn a_tree_is_read() {
        let tree = "0anning-law v0.1.0 (/r/core/law)\n1anning-judge v0.1.0 (/r/core/judge)\n1csv v1.4.0\n\n\
                    0anning-vocab v0.1.0 (/r/core/vocab)\n1syn v2.0.1 (proc-macro)\n";
        let needs = parse(tree, "/r");
        assert_eq!(needs, [Needs { from: "core/law".into(), to: "core/judge".into() }]);
        let problems = wrong(&needs);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems.first().unwrap().place, "core/law/Cargo.toml");
    }
}
