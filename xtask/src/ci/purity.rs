//! `core/` and `wire/` never do I/O and never read time or randomness: these arrive as arguments.

use super::problem::Problem;
use super::rust::Rust;

/// Names in the pure crates that reach outside. Build scripts are no part of the product and may read files.
pub(crate) fn check(files: &[Rust<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let is_pure = matches!(file.text.top(), "core" | "wire") && !file.text.ends_in("/build.rs");
        for name in file.names.iter().filter(|_| is_pure) {
            if let Some(reaches) = reaches_outside(&name.path) {
                problems.push(Problem::at(
                    &file.text.path,
                    name.line,
                    format!("{}/ is pure, but this {reaches}: {}", file.text.top(), name.path),
                    "take it as an argument; the edge or cli/ reads it and hands it in",
                ));
            }
        }
    }
    problems
}

/// What a name does that pure code must not, if it does.
fn reaches_outside(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.split("::").collect();
    if let Some(first) = parts.first() {
        match *first {
            "println!" | "print!" | "eprintln!" | "eprint!" | "dbg!" => return Some("prints"),
            "async" | "await" => return Some("waits"),
            "tokio" | "async_std" | "smol" | "futures" => return Some("waits"),
            "rand" | "fastrand" | "getrandom" => return Some("draws a random number"),
            "libc" | "nix" | "socket2" => return Some("calls the operating system"),
            _ => {}
        }
    }
    if parts.len() > 1 && parts.last() == Some(&"now") {
        return Some("reads the clock");
    }
    if parts.iter().any(|part| matches!(*part, "RandomState" | "thread_rng" | "OsRng")) {
        return Some("draws a random number");
    }
    parts.windows(2).find_map(|pair| match pair {
        ["std", "fs"] => Some("reads or writes files"),
        ["std", "net"] => Some("reaches the network"),
        ["std", "env"] => Some("reads the environment"),
        ["std", "process"] => Some("starts or ends processes"),
        ["std", "thread"] => Some("starts threads"),
        ["std", "os"] => Some("calls the operating system"),
        ["io", "stdin" | "stdout" | "stderr"] => Some("reads or prints"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::rust;
    use super::check;
    use crate::text::Text;

    fn found(path: &str, body: &str) -> Vec<String> {
        let texts = [Text { path: path.to_owned(), body: body.to_owned() }];
        check(&rust::read(&texts).unwrap()).into_iter().map(|problem| problem.place).collect()
    }

    #[test]
    fn whatever_reaches_outside_is_found() {
        for planted in [
            "use std::fs;",
            "use std::{collections::BTreeMap, fs::File};",
            "fn a() { std::fs::read(\"a\"); }",
            "fn a() { println!(\"a\"); }",
            "fn a() { std::time::SystemTime::now(); }",
            "use std::time::Instant;\nfn a() { Instant::now(); }",
            "fn a() { jiff::Timestamp::now(); }",
            "use std::net::TcpStream;",
            "fn a() { std::env::var(\"A\"); }",
            "fn a() { std::process::exit(1); }",
            "fn a() { std::thread::spawn(b); }",
            "use tokio::io;",
            "fn a() { rand::random::<u8>(); }",
            "use std::io;\nfn a() { io::stdout(); }",
            "async fn a() {}",
            "use std::hash::RandomState;",
            "macro_rules! a { () => { std::env::var(\"A\") } }",
        ] {
            for folder in ["core/decide", "wire/cmpp"] {
                assert_eq!(found(&format!("{folder}/src/a.rs"), planted).len(), 1, "{folder}: {planted}");
            }
            assert!(found("edge/audit/src/a.rs", planted).is_empty(), "the edge may: {planted}");
            let in_test = format!("#[cfg(test)]\nmod tests {{\n{planted}\n}}\n");
            assert!(found("core/decide/src/a.rs", &in_test).is_empty(), "a test may: {planted}");
        }
    }

    #[test]
    fn pure_code_is_left_alone() {
        for clean in [
            "use std::collections::BTreeMap;",
            "use std::time::Duration;",
            "//! Never uses std::fs::read or println!(..).\nfn a() {}",
            "const A: &str = \"std::fs::read\";",
            "const LAW: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/law.toml\"));",
            "fn now(now: Timestamp) { let known = now; }",
            "fn a(out: &mut impl std::io::Write) {}",
        ] {
            assert_eq!(found("core/decide/src/a.rs", clean), Vec::<String>::new(), "{clean}");
        }
        assert!(found("core/law/build.rs", "use std::fs;").is_empty(), "a build script reads files");
    }

    #[test]
    fn the_line_is_told() {
        assert_eq!(found("core/a/src/a.rs", "// why\n\nuse std::fs;\n"), ["core/a/src/a.rs:3"]);
    }
}
