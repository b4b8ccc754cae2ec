//! Promises of `anning-law`.

use anning_law::Corpus;

/// A page of law is read, or refused with flaws that name its file; reading it twice says the same.
pub(crate) fn law_page(bytes: &[u8]) {
    crate::text(bytes, |page| {
        let files = [("cn/2021-fuzz.md", page)];
        match (Corpus::read(&files), Corpus::read(&files)) {
            (Ok(first), Ok(second)) => {
                assert_eq!(first.hash(), second.hash());
                for (article, version) in first.versions() {
                    assert!(first.article(&article.id).is_some(), "an article is found by its id");
                    let interval = version.interval;
                    assert!(
                        interval.until.is_none_or(|until| interval.from <= until),
                        "it ends after it begins"
                    );
                }
            }
            (Err(flaws), Err(same)) => {
                assert!(!flaws.is_empty(), "a refusal says why");
                assert_eq!(flaws, same);
            }
            (first, second) => assert_eq!(first.is_ok(), second.is_ok(), "read once, refused once"),
        }
    });
}
