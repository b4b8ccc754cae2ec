//! What must not be left behind: paths of one person's machine, unfinished business, tests that do not run,
//! crates that escape the lints.

use super::problem::Problem;
use crate::text::Text;

/// All of them, in every file of ours.
pub(crate) fn check(texts: &[Text]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for text in texts {
        for (number, line) in text.lines() {
            problems.extend(
                in_line(text, line).map(|(what, way_out)| Problem::at(&text.path, number, what, way_out)),
            );
        }
        let is_crate = text.ends_in("Cargo.toml") && text.body.contains("[package]");
        if is_crate && !text.body.contains("[lints]\nworkspace = true") {
            problems.push(Problem::of(
                &text.path,
                "a crate that escapes the workspace's lints",
                "add `[lints]` with `workspace = true`",
            ));
        }
    }
    problems
}

fn in_line(text: &Text, line: &str) -> Option<(String, &'static str)> {
    if let Some(path) = machine_path(line) {
        return Some((
            format!("a path of one machine: {path}"),
            "say it relative to the repository, or take it from the environment",
        ));
    }
    let is_rust = text.ends_in(".rs");
    // Split, so that this file does not find itself.
    let unfinished = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    if let Some(word) = unfinished.iter().find(|word| line.contains(**word)) {
        return Some((
            format!("unfinished business: {word}"),
            "do it, or open an issue and say here why it may stand",
        ));
    }
    if is_rust && line.trim_start().starts_with(concat!("#[", "ignore")) {
        return Some((
            "a test that does not run".to_owned(),
            "make it fast enough to run, or a command of its own",
        ));
    }
    None
}

/// The first path in the line that begins in a folder of some person or machine.
fn machine_path(line: &str) -> Option<&str> {
    HOMES.iter().find_map(|home| {
        let (at, _) = line.match_indices(home).find(|(at, _)| {
            // `https://example.org/home/` and `a/root/` are no absolute paths.
            let before = line.get(..*at).and_then(|before| before.chars().next_back());
            before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '}' | '*')))
        })?;
        let path = line.get(at..)?;
        path.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ')' | ',')).next()
    })
}

const HOMES: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("C:", "\\"),
];

#[cfg(test)]
mod tests {
    use super::check;
    use crate::text::Text;

    fn found(path: &str, body: &str) -> usize {
        check(&[Text { path: path.to_owned(), body: body.to_owned() }]).len()
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        let path = concat!("/ho", "me/li/anning/data.csv");
        assert_eq!(found("docs/a.md", &format!("see {path}\n")), 1);
        assert_eq!(found("core/law/src/a.rs", &format!("const A: &str = \"{path}\";\n")), 1);
        assert_eq!(found(".ci/run", &format!("export A={path}\n")), 1);
        assert_eq!(found("docs/a.md", &format!("https://example.org{path}\n")), 0);
    }

    #[test]
    fn unfinished_business_and_sleeping_tests_are_found() {
        assert_eq!(found("core/a/src/a.rs", concat!("// TO", "DO: the rest\n")), 1);
        assert_eq!(found("core/a/tests/a.rs", concat!("#[", "ignore = \"slow\"]\n")), 1);
        assert_eq!(found("docs/a.md", "todos\n"), 0);
    }

    #[test]
    fn a_crate_without_lints_is_found() {
        assert_eq!(found("core/a/Cargo.toml", "[package]\nname = \"a\"\n"), 1);
        assert_eq!(found("core/a/Cargo.toml", "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"), 0);
        assert_eq!(found("Cargo.toml", "[workspace]\n"), 0);
    }
}
