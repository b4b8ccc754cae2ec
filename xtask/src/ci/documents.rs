//! Documents stay short enough to be read.

use super::problem::Problem;
use crate::text::Text;

/// Documents that are too long or, for decision records, not named `NNNN-title.md`.
pub(crate) fn check(texts: &[Text]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for text in texts {
        let lines = text.body.lines().count();
        let at_most = match text.path.strip_prefix(DECISIONS) {
            Some(name) => {
                if !is_record(name) {
                    problems.push(Problem::of(
                        &text.path,
                        format!("a decision record is named NNNN-title.md, not: {name}"),
                        "give it the next free number and a title of a few words",
                    ));
                }
                RECORD_LINES
            }
            None if text.path == "docs/ARCHITECTURE.md" => ARCHITECTURE_LINES,
            None => continue,
        };
        if lines > at_most {
            problems.push(Problem::of(
                &text.path,
                format!("may have {at_most} lines, has: {lines}"),
                "say it in fewer words, or move the detail to the crate it is about",
            ));
        }
    }
    problems
}

fn is_record(name: &str) -> bool {
    let Some((number, title)) = name.split_once('-') else { return false };
    number.len() == 4
        && number.bytes().all(|b| b.is_ascii_digit())
        && title.len() > 3
        && title.ends_with(".md")
}

const DECISIONS: &str = "docs/decisions/";
const RECORD_LINES: usize = 60;
/// Under 200.
const ARCHITECTURE_LINES: usize = 199;

#[cfg(test)]
mod tests {
    use super::check;
    use crate::text::Text;

    fn found(path: &str, lines: usize) -> usize {
        check(&[Text { path: path.to_owned(), body: "line\n".repeat(lines) }]).len()
    }

    #[test]
    fn long_documents_are_found() {
        assert_eq!(found("docs/ARCHITECTURE.md", 199), 0);
        assert_eq!(found("docs/ARCHITECTURE.md", 200), 1);
        assert_eq!(found("docs/decisions/0001-fuzz.md", 60), 0);
        assert_eq!(found("docs/decisions/0001-fuzz.md", 61), 1);
        assert_eq!(found("docs/decisions/fuzz.md", 10), 1);
        assert_eq!(found("docs/benchmarks.md", 900), 0);
    }
}
