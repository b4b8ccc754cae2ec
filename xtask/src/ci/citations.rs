//! An obligation on the product itself is cited where it is kept, and again on its test.
//!
//! `//= cn/pipl/15 quoted words` where it is kept; the same with a line `//= type=test` below it on the test.

use super::problem::Problem;
use crate::text::Text;
use std::collections::BTreeMap;

/// One citation in the code.
struct Cited<'t> {
    article: &'t str,
    quote: &'t str,
    path: &'t str,
    line: usize,
    is_test: bool,
}

/// Citations of no article, of words the article does not say, or without a test.
pub(crate) fn check(texts: &[Text]) -> Vec<Problem> {
    let law = articles(texts);
    let cited: Vec<Cited<'_>> = texts.iter().filter(|text| text.ends_in(".rs")).flat_map(citations).collect();
    let mut problems = Vec::new();
    for citation in &cited {
        let Cited { article, quote, path, line, is_test } = *citation;
        let Some(body) = law.get(article) else {
            problems.push(Problem::at(
                path,
                line,
                format!("no such article in law/: {article}"),
                "cite the id in braces behind the article's heading, as in {#cn/pipl/15}",
            ));
            continue;
        };
        if let Some(part) = quote.split('…').map(letters).find(|part| !body.contains(part.as_str())) {
            problems.push(Problem::at(
                path,
                line,
                format!("{article} does not say: {part}"),
                "quote the article's own words; `…` stands for what is left out",
            ));
        }
        if !is_test && !cited.iter().any(|other| other.is_test && other.article == article) {
            problems.push(Problem::at(
                path,
                line,
                format!("no test cites: {article}"),
                "put the same citation on its test, with a line `//= type=test` below it",
            ));
        }
    }
    problems
}

fn citations(text: &Text) -> Vec<Cited<'_>> {
    let lines: Vec<(usize, &str)> = text.lines().collect();
    lines
        .iter()
        .enumerate()
        .filter_map(|(index, (line, words))| {
            let cited = words.trim_start().strip_prefix("//= ")?.trim();
            // Only a mark on the citation above it.
            if cited.starts_with("type=") {
                return None;
            }
            let (article, quote) = cited.split_once(char::is_whitespace).unwrap_or((cited, ""));
            let next = lines.get(index + 1).map_or("", |(_, next)| next.trim());
            Some(Cited { article, quote, path: &text.path, line: *line, is_test: next == "//= type=test" })
        })
        .collect()
}

/// Every article's id, and the letters of its text in every version.
fn articles(texts: &[Text]) -> BTreeMap<&str, String> {
    let mut law: BTreeMap<&str, String> = BTreeMap::new();
    for text in texts.iter().filter(|text| text.top() == "law" && text.ends_in(".md")) {
        let mut article = None;
        for (_, line) in text.lines() {
            if let Some((_, rest)) = line.split_once("{#") {
                article = rest.split(|c: char| c.is_whitespace() || c == '}').next();
            }
            if let Some(id) = article {
                law.entry(id).or_default().push_str(&letters(line.trim_start_matches('>')));
            }
        }
    }
    law
}

/// Without spaces, so that a quotation may be wrapped otherwise than the article.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::text::Text;

    const LAW: &str = "# 法\n\n## 第十五条 {#cn/pipl/15 from=\"2021-11-01\"}\n> 个人信息处理者应当提供便捷的撤回\n> 同意的方式。\n";

    fn found(rust: &str) -> Vec<String> {
        let text = |path: &str, body: &str| Text { path: path.to_owned(), body: body.to_owned() };
        let texts = [text("law/cn/2021-pipl.md", LAW), text("core/a/src/a.rs", rust)];
        check(&texts).into_iter().map(|problem| problem.what).collect()
    }

    #[test]
    fn a_citation_needs_an_article_its_words_and_a_test() {
        let kept = "//= cn/pipl/15 提供便捷的撤回同意的方式\nfn a() {}\n";
        let test = "    //= cn/pipl/15 提供便捷的…方式\n    //= type=test\n    fn b() {}\n";
        assert_eq!(found(&format!("{kept}{test}")), Vec::<String>::new());
        assert_eq!(found(kept), ["no test cites: cn/pipl/15"]);
        assert_eq!(found("//= cn/pipl/99 提供\n//= type=test\n"), ["no such article in law/: cn/pipl/99"]);
        assert_eq!(found("//= cn/pipl/15 一键删除\n//= type=test\n"), ["cn/pipl/15 does not say: 一键删除"]);
        assert_eq!(found("/// Quoted: `//= cn/none/1`\nfn a() {}\n"), Vec::<String>::new());
    }
}
