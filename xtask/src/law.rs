//! Law coverage: every 应当, 不得 and 禁止 of `law/` has a fate, every rule its text, date and examples.

use crate::error::Error;
use crate::place::Places;
use crate::text::{self, Text};
use anning_law::{Citation, Corpus, Coverage, coverage};

/// What is missing, one line each; empty when every obligation has its fate.
///
/// # Errors
/// When the sources can't be read.
pub(crate) fn check(places: &Places) -> Result<Vec<String>, Error> {
    Ok(survey(places)?.gaps.iter().map(ToString::to_string).collect())
}

/// Prints the report.
///
/// # Errors
/// When the sources can't be read or something is missing.
pub(crate) fn run(places: &Places, _: &[String]) -> Result<(), Error> {
    let found = survey(places)?;
    print!("{}", report(&found));
    if found.gaps.is_empty() {
        Ok(())
    } else {
        Err(Error::Found { count: found.gaps.len(), what: "missing from the law pack" })
    }
}

fn survey(places: &Places) -> Result<Coverage, Error> {
    let rules: Vec<&str> = anning_law::rules().iter().map(|rule| rule.id.code()).collect();
    let texts = text::read_all(&places.root)?;
    Ok(coverage(Corpus::embedded(), &rules, &citations(&texts)))
}

/// Article, path and whether in a test, of every `//= cn/…` in the sources.
fn citations(texts: &[Text]) -> Vec<Citation> {
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| text.ends_in(".rs")) {
        let lines: Vec<&str> = text.lines().map(|(_, line)| line.trim()).collect();
        for (index, line) in lines.iter().enumerate() {
            let Some(article) = line.strip_prefix("//= ").and_then(|cited| cited.split_whitespace().next())
            else {
                continue;
            };
            let in_test = lines.get(index + 1) == Some(&"//= type=test");
            found.push((article.to_owned(), text.path.clone(), in_test));
        }
    }
    found
}

fn report(found: &Coverage) -> String {
    let Coverage {
        instruments, versions, duties, by_rule, by_test, set_aside, rules, examples, limits, ..
    } = found;
    let (judged, aside) = found.obligations;
    let mut report = format!(
        "{instruments} instruments, {versions} wordings, {limits} limits\n\
         {duties} sentences with 应当, 不得 or 禁止: {by_rule} by rule, {by_test} by code and test, {set_aside} set \
         aside\n\
         {rules} rules, {examples} worked examples\n\
         {} obligations: {judged} by rule, {aside} set aside\n",
        judged + aside,
    );
    for gap in &found.gaps {
        report.push_str(&format!("missing: {gap}\n"));
    }
    report
}

#[cfg(test)]
mod tests {
    use super::{citations, report};
    use crate::text::Text;
    use anning_law::{Coverage, Gap};

    #[test]
    fn citations_in_code_and_in_tests_are_told_apart() {
        let body = "//= cn/apl/29 从高\nfn a() {}\n    //= cn/apl/29\n    //= type=test\n    fn b() {}\n// cn/apl/30\n";
        let text = Text { path: "core/penalty/src/a.rs".to_owned(), body: body.to_owned() };
        let found: Vec<_> = citations(&[text]).into_iter().map(|(id, _, test)| (id, test)).collect();
        let wanted = [("cn/apl/29", false), ("cn/apl/29", true), ("type=test", false)];
        assert_eq!(found, wanted.map(|(id, test)| (id.to_owned(), test)));
    }

    #[test]
    fn what_is_missing_is_printed() {
        let gaps = vec![Gap::Unbound("a_rule".to_owned()), Gap::NoObligation("O07".to_owned())];
        let printed = report(&Coverage { duties: 3, by_rule: 1, set_aside: 1, gaps, ..Coverage::default() });
        let missing: Vec<&str> = printed.lines().filter(|line| line.starts_with("missing: ")).collect();
        assert_eq!(
            missing,
            ["missing: no article names the rule: a_rule", "missing: law/obligations.md has no row: O07",]
        );
        assert!(
            printed
                .contains("3 sentences with 应当, 不得 or 禁止: 1 by rule, 0 by code and test, 1 set aside")
        );
    }
}
