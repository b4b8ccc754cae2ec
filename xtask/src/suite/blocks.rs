//! Shell blocks in documents are run as tests, so that no document shows a command that fails.
//!
//! ```` ```sh ```` runs whole. ```` ```console ```` runs each line after `$ ` and looks for the lines below
//! it in what was printed, in that order; `…` stands for anything. Behind the language may stand `exit=1`
//! (the status every command of the block must end with) or `not run: reason`.

use crate::error::Error;
use crate::place::Places;
use crate::process;
use crate::text::{self, Text};
use std::process::Command;

/// One fenced block that says it is shell, or Rust.
#[derive(Debug, PartialEq, Eq)]
struct Block<'t> {
    line: usize,
    language: &'t str,
    /// What stands behind the language.
    rest: &'t str,
    body: Vec<&'t str>,
}

/// A command and what it should print.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    command: String,
    expected: Vec<String>,
}

/// Runs the shell blocks of every document, with the released `anning` on the path; counts the commands.
///
/// # Errors
/// When a command ends or prints otherwise than its document says.
pub(super) fn run(places: &Places) -> Result<usize, Error> {
    let (mut commands, mut failed) = (0, 0);
    for text in text::read_all(&places.root)?.iter().filter(|text| is_document(&text.path)) {
        for block in blocks(text) {
            let place = format!("{}:{}", text.path, block.line);
            if let Some(reason) = block.rest.trim().strip_prefix("not run:") {
                println!("left   {place} because{reason}");
                continue;
            }
            for said in commands_of(&block) {
                let (ended, took) = process::timed(|| one(places, &said, expected_status(block.rest)));
                commands += 1;
                match ended {
                    Ok(()) => println!("ok     {place} {:.1} s", took.as_secs_f64()),
                    Err(why) => {
                        println!("FAILED {place} {:.1} s\n{why}", took.as_secs_f64());
                        failed += 1;
                    }
                }
            }
        }
    }
    if failed == 0 {
        Ok(commands)
    } else {
        Err(Error::Found { count: failed, what: "commands in documents failed" })
    }
}

/// Everything written for people but the law's own pages and the decisions of their day.
fn is_document(path: &str) -> bool {
    path.ends_with(".md") && !path.starts_with("law/") && !path.starts_with("docs/decisions/")
}

fn blocks(text: &Text) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Block<'_>)> = None;
    for (line, words) in text.lines() {
        let ticks = words.len() - words.trim_start_matches('`').len();
        let (fence, info) = words.split_at(ticks);
        match open.take() {
            Some((until, block)) if fence == until && info.trim().is_empty() => blocks.push(block),
            Some((until, mut block)) => {
                block.body.push(words);
                open = Some((until, block));
            }
            None if ticks >= 3 => {
                let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
                open = Some((fence, Block { line, language, rest, body: Vec::new() }));
            }
            None => {}
        }
    }
    blocks.retain(|block| matches!(block.language, "sh" | "bash" | "shell" | "console" | "rust"));
    blocks
}

fn commands_of(block: &Block<'_>) -> Vec<Said> {
    match block.language {
        "console" => {}
        // Shown to fail: nothing here compiles Rust that stands in a document.
        "rust" => return vec![Said { command: RUST_IN_DOCUMENT.to_owned(), expected: Vec::new() }],
        _ => return vec![Said { command: block.body.join("\n"), expected: Vec::new() }],
    }
    let mut commands: Vec<Said> = Vec::new();
    let mut goes_on = false;
    for line in &block.body {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(Said { command: command.to_owned(), expected: Vec::new() });
            goes_on = command.ends_with('\\');
        } else if let Some(said) = commands.last_mut() {
            if goes_on {
                said.command.push('\n');
                said.command.push_str(line);
                goes_on = line.ends_with('\\');
            } else if !line.trim().is_empty() {
                said.expected.push((*line).to_owned());
            }
        }
    }
    commands
}

fn expected_status(rest: &str) -> i32 {
    rest.split_whitespace().find_map(|word| word.strip_prefix("exit=")?.parse().ok()).unwrap_or(0)
}

fn one(places: &Places, said: &Said, status: i32) -> Result<(), String> {
    let mut folders = vec![places.target.join("release")];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
    let output = Command::new("bash")
        .current_dir(&places.root)
        .env("PATH", path)
        .env("ANNING_OUT", places.scratch("documents").map_err(|error| error.to_string())?)
        .args(["-euo", "pipefail", "-c", &format!("exec 2>&1\n{}", said.command)])
        .output()
        .map_err(|error| error.to_string())?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let ended = output.status.code();
    if ended != Some(status) {
        return Err(format!("{}\nended with {ended:?}, expected: {status}\n{printed}", said.command));
    }
    let mut lines = printed.lines();
    for expected in said.expected.iter().filter(|line| line.trim() != "…") {
        if !lines.any(|line| fits(line.trim(), expected.trim())) {
            return Err(format!(
                "{}\nprinted\n{printed}\nwithout, or not in this order: {expected}",
                said.command
            ));
        }
    }
    Ok(())
}

/// Does the line fit the pattern, in which `…` stands for anything?
fn fits(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(part) => part.is_empty() || rest.is_empty() || line.ends_with(part),
    }
}

const RUST_IN_DOCUMENT: &str =
    "echo 'Rust in a document is not compiled: put it into a doc comment, or mark the block as text'; exit 1";

#[cfg(test)]
mod tests {
    use super::{Said, blocks, commands_of, expected_status, fits, one};
    use crate::place::Places;
    use crate::text::Text;

    fn said(document: &str) -> Vec<Said> {
        let text = Text { path: "README.md".to_owned(), body: document.to_owned() };
        blocks(&text).iter().flat_map(commands_of).collect()
    }

    #[test]
    fn commands_are_found_with_what_they_print() {
        let document = "text\n```console exit=1\n$ anning check \\\n    --to 1\nrefused\n  cn/pipl/14\n$ b\n```\n\
                        ```toml\n$ no\n```\n````text\n```sh\nno\n```\n````\n```sh\na\nb\n```\n";
        let seen = said(document);
        let command = |command: &str, expected: &[&str]| Said {
            command: command.to_owned(),
            expected: expected.iter().map(|line| (*line).to_owned()).collect(),
        };
        assert_eq!(
            seen,
            [
                command("anning check \\\n    --to 1", &["refused", "  cn/pipl/14"]),
                command("b", &[]),
                command("a\nb", &[])
            ]
        );
        assert_eq!((expected_status("exit=1"), expected_status("")), (1, 0));
    }

    #[test]
    fn an_ellipsis_stands_for_anything() {
        for (line, pattern, does) in [
            ("29 sends in 3.2 s", "29 sends in … s", true),
            ("29 sends in 3.2 s", "29 sends", false),
            ("29 sends in 3.2 s", "29 sends…", true),
            ("29 sends in 3.2 s", "…3.2 s", true),
            ("29 sends in 3.2 s", "30…", false),
            ("29 sends in 3.2 min", "29 … s", false),
            ("s s", "… s", true),
        ] {
            assert_eq!(fits(line, pattern), does, "{line} / {pattern}");
        }
    }

    #[test]
    fn a_command_that_does_otherwise_than_shown_is_found() {
        let places = Places::find().unwrap();
        let check = |document: &str, status: i32| {
            said(document).iter().all(|said| one(&places, said, status).is_ok())
        };
        assert!(check("```console\n$ echo a; echo b; echo c\na\n…\nc\n```\n", 0));
        assert!(!check("```console\n$ echo a; echo b\nb\na\n```\n", 0), "order");
        assert!(!check("```console\n$ echo a\nb\n```\n", 0), "output");
        assert!(!check("```sh\nfalse\ntrue\n```\n", 0), "status of any line");
        assert!(check("```sh\nexit 3\n```\n", 3));
        assert!(!check("```rust\nfn a() {}\n```\n", 0), "Rust is not compiled here");
    }
}
