//! A folder or a file is a noun a prosecutor would understand.

use super::problem::Problem;
use crate::text::Text;
use std::collections::BTreeSet;

/// Folders and Rust files whose name says nothing.
pub(crate) fn check(texts: &[Text]) -> Vec<Problem> {
    let mut names = BTreeSet::new();
    for text in texts {
        let mut path = String::new();
        for part in text.path.split('/') {
            path = if path.is_empty() { part.to_owned() } else { format!("{path}/{part}") };
            let stem = if path == text.path { part.strip_suffix(".rs").unwrap_or_default() } else { part };
            if stem.split(['-', '_']).any(|word| EMPTY.contains(&word)) {
                names.insert(path.clone());
            }
        }
    }
    names
        .into_iter()
        .map(|path| {
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            Problem::of(
                &path,
                format!("a name that says nothing: {name}"),
                "name it after the thing it holds, one noun",
            )
        })
        .collect()
}

/// Words under which anything can be put.
const EMPTY: [&str; 14] = [
    "common", "util", "utils", "helper", "helpers", "manager", "managers", "misc", "service", "services",
    "shared", "stuff", "impl", "lib2",
];

#[cfg(test)]
mod tests {
    use super::check;
    use crate::text::Text;

    fn found(path: &str) -> Vec<String> {
        let texts = [Text { path: path.to_owned(), body: String::new() }];
        check(&texts).into_iter().map(|problem| problem.place).collect()
    }

    #[test]
    fn empty_names_are_found() {
        assert_eq!(found("core/common/src/lib.rs"), ["core/common"]);
        assert_eq!(found("edge/audit/src/utils.rs"), ["edge/audit/src/utils.rs"]);
        assert_eq!(found("edge/audit/src/test_helpers/a.rs"), ["edge/audit/src/test_helpers"]);
        assert_eq!(found("edge/policy-manager/Cargo.toml"), ["edge/policy-manager"]);
        assert!(found("core/consent/src/standing.rs").is_empty());
        assert!(found("docs/service.md").is_empty(), "a document may speak of a service");
    }
}
