//! Documents that a consent text names.

use crate::fold::fold;
use crate::lexicon::{Word, has, hits};
use crate::purpose::{Purposes, mentioned};

/// Documents that a consent text names, by title or by link: those agreed to, and those only taken note of.
#[must_use]
pub fn documents(text: &str, links: &[&str]) -> Documents {
    let mut found = Documents::default();
    let folded = fold(text);
    let mut names: Vec<String> = titles(&folded);
    let known: Vec<String> = links.iter().map(|link| fold(link)).filter(|link| !link.is_empty()).collect();
    names.extend(
        known.into_iter().filter(|link| {
            !link.contains('《') && (mentioned(link).meets(DOCUMENTS) || has(link, Word::Paper))
        }),
    );
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        let bare = name.trim_matches(['《', '》', ' ', '"', ',', '.']).to_owned();
        if !bare.is_empty() && !seen.contains(&bare) {
            let noted = folded.find(&name).is_some_and(|at| is_noted(folded.get(..at).unwrap_or_default()));
            if noted {
                found.noted.push(bare.clone());
            } else {
                found.agreed.push(bare.clone());
            }
            seen.push(bare);
        }
    }
    found
}

/// Names of documents, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// Agreed to.
    pub agreed: Vec<String>,
    /// Taken note of (“and acknowledge the Privacy Policy”).
    pub noted: Vec<String>,
}

fn titles(folded: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = folded;
    while let Some((_, after)) = rest.split_once('《') {
        let Some((title, after)) = after.split_once('》') else { break };
        found.push(format!("《{title}》"));
        rest = after;
    }
    found
}

/// The last verb before the name takes note rather than agrees.
fn is_noted(before: &str) -> bool {
    let words = hits(before);
    let notes: Vec<_> = words.iter().filter(|hit| hit.word == Word::Acknowledge).collect();
    let within = |start: usize, end: usize| notes.iter().any(|note| note.start <= start && note.end >= end);
    let agrees = words
        .iter()
        .filter(|hit| matches!(hit.word, Word::Agree | Word::YouAgree) && !within(hit.start, hit.end));
    let agreed = agrees.map(|hit| hit.end).max();
    notes.iter().map(|hit| hit.end).max().is_some_and(|noted| agreed.is_none_or(|agreed| noted > agreed))
}

const DOCUMENTS: Purposes =
    Purposes::TERMS.union(Purposes::PRIVACY).union(Purposes::AUTHORISATION).union(Purposes::THIRD_PARTY);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_once_and_notes_apart() {
        for (text, links, agreed, noted) in [
            ("我已阅读并同意《用户协议》和《隐私政策》", &["《用户协议》", "《隐私政策》"][..], 2, 0),
            ("点击即视为同意《注册协议》《个人信息授权书》《征信查询授权书》《信息共享授权书》", &[], 4, 0),
            (
                "I agree to the Terms of Service, Payments Terms, and Nondiscrimination Policy and acknowledge the Privacy Policy.",
                &["Terms of Service", "Payments Terms", "Nondiscrimination Policy", "Privacy Policy"],
                3,
                1,
            ),
            ("I have read and agree to the Terms and the Privacy Policy", &["Terms", "Privacy Policy"], 2, 0),
            ("我同意《用户协议》和《用户协议》", &[], 1, 0),
            ("我已知悉《隐私政策》", &[], 0, 1),
        ] {
            let found = documents(text, links);
            assert_eq!((found.agreed.len(), found.noted.len()), (agreed, noted), "{text}: {found:?}");
        }
    }
}
