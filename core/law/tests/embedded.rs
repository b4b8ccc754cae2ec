//! The embedded pack: versions switch on their days, every duty has a fate.

use anning_law::{Corpus, Gap, coverage};

fn rules() -> Vec<&'static str> {
    let mut rules: Vec<&str> = Corpus::embedded().anchors().map(|a| a.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn every_duty_has_a_fate_and_every_rule_its_examples() {
    let found = coverage(Corpus::embedded(), &rules(), &[]);
    // Whether code and tests cite an article is for `cargo xtask law`, which reads the sources.
    let gaps: Vec<String> = found
        .gaps
        .iter()
        .filter(|gap| !matches!(gap, Gap::Uncited { .. }))
        .map(ToString::to_string)
        .collect();
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
    assert_eq!(found.duties, found.by_rule + found.by_test + found.set_aside);
}

/// Provisions that other crates cite: rule, provision, first day, last day, weakest mark of its words.
#[test]
fn anchors_are_as_written() {
    let lines: Vec<String> = Corpus::embedded()
        .anchors()
        .map(|a| {
            let until = a.interval.until.map_or_else(String::new, |day| day.to_string());
            let mark = a.mark.map_or("-", |mark| mark.code());
            format!("{} {} {}..{until} {mark}", a.rule, a.provision, a.interval.from)
        })
        .collect();
    assert_eq!(lines.join("\n"), include_str!("anchors.txt").trim_end());
}
