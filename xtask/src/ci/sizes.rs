//! A function fits a screen, a file stays readable in one sitting.

use super::problem::Problem;
use super::rust::Rust;

/// Functions and files that are too long.
pub(crate) fn check(files: &[Rust<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let path = &file.text.path;
        let at_most = function_lines(file.text.top());
        for function in file.functions.iter().filter(|f| f.lines > at_most && !f.excepted) {
            problems.push(Problem::at(
                path,
                function.line,
                format!("function `{}` may have {at_most} lines, has: {}", function.name, function.lines),
                "take its parts out below it; if it is one table, say why in a line `// size: reason` above it",
            ));
        }
        if file.code_lines > FILE_LINES {
            problems.push(Problem::of(
                path,
                format!("a file may have {FILE_LINES} lines of code without tests, has: {}", file.code_lines),
                "one noun a file: move one of its nouns into a file of its own",
            ));
        }
    }
    problems
}

/// Pure code fits a screen; at the edges, talking to the world takes more lines.
fn function_lines(top: &str) -> usize {
    match top {
        "core" | "wire" => 70,
        _ => 100,
    }
}

const FILE_LINES: usize = 500;

#[cfg(test)]
mod tests {
    use super::super::rust;
    use super::check;
    use crate::text::Text;

    fn found(path: &str, body: String) -> usize {
        check(&rust::read(&[Text { path: path.to_owned(), body }]).unwrap()).len()
    }

    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    work();\n".repeat(lines - 2))
    }

    #[test]
    fn long_functions_are_found() {
        assert_eq!(found("core/decide/src/a.rs", function(70)), 0);
        assert_eq!(found("core/decide/src/a.rs", function(71)), 1);
        assert_eq!(found("wire/cmpp/src/a.rs", function(71)), 1);
        assert_eq!(found("edge/audit/src/a.rs", function(71)), 0);
        assert_eq!(found("edge/audit/src/a.rs", function(101)), 1);
        assert_eq!(found("core/a/src/a.rs", format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function(90))), 0);
    }

    #[test]
    fn a_table_needs_its_reason() {
        let with = |above: &str| found("core/decide/src/a.rs", format!("{above}\n{}", function(200)));
        assert_eq!(with("// size: one arm a provision"), 0);
        assert_eq!(with("/// Doc.\n// size: one arm a provision\n#[must_use]"), 0);
        assert_eq!(with("// size:"), 1);
        assert_eq!(with("// size: of another item\n\n"), 1);
    }

    #[test]
    fn long_files_are_found() {
        assert_eq!(found("cli/src/main.rs", "const A: u8 = 1;\n".repeat(500)), 0);
        assert_eq!(found("cli/src/main.rs", "const A: u8 = 1;\n".repeat(501)), 1);
        assert_eq!(found("cli/src/main.rs", "// why\n".repeat(900)), 0);
    }
}
