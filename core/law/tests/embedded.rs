//! The embedded pack: versions switch on their days, every duty has a fate.
#![expect(clippy::unwrap_used, reason = "a test may stop on what cannot be")]

use anning_law::{Corpus, Difference, Fine, Gap, Law, OnDay, Unit, coverage};
use anning_vocab::{Date, Fen, Mark};

fn rules() -> Vec<&'static str> {
    anning_law::rules().iter().map(|rule| rule.id.code()).collect()
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

/// Every anchor has its rule, and the rule stands at the article that it names.
#[test]
fn rules_stand_at_their_articles() {
    for anchor in Corpus::embedded().anchors() {
        let rule = anning_law::rules().iter().find(|rule| rule.id.code() == anchor.rule).unwrap();
        let renumbered = (anchor.rule, anchor.article) == ("csl_consent", "cn/csl/43");
        assert!(rule.article == anchor.article || renumbered, "{}", anchor.rule);
    }
    assert_eq!(Law::embedded().bindings().len(), Corpus::embedded().anchors().count());
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

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Which of these articles has a wording on a day: `+` in force, `?` text not loaded, `-` not in force.
#[test]
fn versions_switch_on_their_days() {
    let check = |article: &str, on: &str, expected: char| {
        let (_, _, standing) = Corpus::embedded().show(article, day(on)).unwrap();
        let found = match standing {
            OnDay::InForce(_) => '+',
            OnDay::NotLoaded(_) => '?',
            OnDay::NotYet(_) | OnDay::Ended(_) => '-',
        };
        assert_eq!(found, expected, "{article} on {on}");
    };
    check("cn/adlaw/62", "2021-04-28", '-');
    check("cn/adlaw/62", "2021-04-29", '+');
    check("cn/adlaw/64", "2021-04-28", '+');
    check("cn/adlaw/64", "2021-04-29", '-');
    check("cn/pipl/14", "2021-10-31", '-');
    check("cn/pipl/14", "2021-11-01", '+');
    check("cn/samr37/16", "2021-04-30", '-');
    check("cn/samr37/16", "2021-05-01", '+');
    check("cn/crplreg/24", "2024-06-30", '-');
    check("cn/crplreg/24", "2024-07-01", '+');
    check("cn/minorsreg/24", "2023-12-31", '-');
    check("cn/minorsreg/24", "2024-01-01", '+');
    check("cn/miit31/18", "2026-04-30", '+');
    check("cn/miit31/18", "2026-05-01", '-');
    check("cn/miit74/13", "2026-05-01", '+');
    check("cn/miit74/21", "2026-04-30", '-');
    check("cn/miit74/21", "2026-05-01", '?');
    check("cn/csl/64", "2025-12-31", '+');
    check("cn/csl/64", "2026-01-01", '-');
}

#[test]
fn the_same_ban_has_its_penalty_under_two_numbers() {
    let check = |on: &str, article: &str| {
        let found: Vec<_> = Corpus::embedded()
            .penalties()
            .filter(|p| p.id == "AD-62" && p.interval.contains(day(on)))
            .map(|p| (p.article.as_str(), p.mark, p.fine))
            .collect();
        let fine = Fine::Range { min: Fen(500_000), max: Fen(3_000_000) };
        assert_eq!(found, [(article, Mark::Text, fine)], "{on}");
    };
    check("2015-09-01", "cn/adlaw/63");
    check("2018-10-26", "cn/adlaw/63");
    check("2021-04-28", "cn/adlaw/63");
    check("2021-04-29", "cn/adlaw/62");
    check("2026-10-10", "cn/adlaw/62");
}

#[test]
fn logs_are_kept_five_months_then_six() {
    let check = |on: &str, months: u32, article: &str| {
        let term = Corpus::embedded().term("sms-log", day(on)).unwrap();
        assert_eq!((term.amount, term.unit, term.article.as_str()), (months, Unit::Months, article));
    };
    check("2026-04-30", 5, "cn/miit31/12");
    check("2026-05-01", 6, "cn/miit74/13");
    assert!(Corpus::embedded().term("sms-log", day("2015-06-29")).is_none());
}

#[test]
fn order_74_is_in_force_and_not_loaded() {
    let ids = |on: &str| -> Vec<&str> {
        Corpus::embedded().not_loaded(day(on)).map(|(article, _)| article.id.as_str()).collect()
    };
    assert_eq!(ids("2026-06-01"), ["cn/miit74/21", "cn/miit74/22", "cn/miit74/23"]);
    assert_eq!(ids("2026-04-30"), [""; 0]);
}

#[test]
fn what_governs_instead_is_said() {
    let check = |article: &str, on: &str, instead: Option<&str>| {
        let (_, _, standing) = Corpus::embedded().show(article, day(on)).unwrap();
        assert_eq!(standing.instead(), instead, "{article} on {on}");
    };
    check("cn/pipl/14", "2021-10-31", Some("cn/csl/41 cn/samr37/13 cn/crpl/29"));
    check("cn/pipl/14", "2021-11-02", None);
    check("cn/csl/64", "2026-02-01", Some("cn/csl/71"));
    check("cn/adlaw/62", "2021-04-28", Some("cn/adlaw/63"));
}

#[test]
fn differences_between_two_days() {
    let check = |a: &str, b: &str, expected: &[&str]| {
        let found: Vec<String> = Corpus::embedded()
            .diff(day(a), day(b))
            .into_iter()
            .map(|d| {
                let sign = match d {
                    Difference::Begun(..) => '+',
                    Difference::Ended(..) => '-',
                    Difference::Reworded(..) => '~',
                };
                format!("{sign}{} {}", d.article().id, d.on())
            })
            .collect();
        assert_eq!(found, expected, "{a} {b}");
    };
    check(
        "2021-04-28",
        "2021-04-29",
        &[
            "+cn/adlaw/62 2021-04-29",
            "~cn/adlaw/63 2021-04-29",
            "-cn/adlaw/64 2021-04-29",
            "+cn/adlaw/66 2021-04-29",
        ],
    );
    check("2021-11-01", "2021-11-01", &[]);
    check("2026-05-01", "2026-10-10", &[]);
}

#[test]
fn every_day_since_2006_has_one_wording_of_each_article() {
    let corpus = Corpus::embedded();
    let mut on = day("2006-03-01");
    while on < day("2027-01-01") {
        for article in corpus.articles() {
            assert!(article.versions.iter().filter(|v| v.interval.contains(on)).count() <= 1);
        }
        on = on.plus_days(1);
    }
}

#[test]
fn near_matches() {
    let check = |typed: &str, first: &str| {
        assert_eq!(Corpus::embedded().near(typed).first(), Some(&first), "{typed}");
    };
    check("PIPL 14", "cn/pipl/14");
    check("cn/pip/14", "cn/pipl/14");
    check("个人信息保护法第十四条", "cn/pipl/14");
    check("广告法 43", "cn/adlaw/43");
    check("miit31/18", "cn/miit31/18");
    check("民法典1033", "cn/civil/1033");
    assert!(Corpus::embedded().near("cn/pipl/140").iter().all(|id| id.starts_with("cn/pipl/")));
    assert_eq!(Corpus::embedded().near("").len(), 5);
}

#[test]
fn the_timeline_is_in_order_and_names_each_switch() {
    let timeline = Corpus::embedded().timeline();
    assert!(timeline.is_sorted_by_key(|(_, change)| change.on));
    for (on, id) in [
        ("2012-12-28", "cn/npcsc"),
        ("2015-09-01", "cn/adlaw"),
        ("2021-04-29", "cn/adlaw"),
        ("2021-05-01", "cn/samr37"),
        ("2021-11-01", "cn/pipl"),
        ("2024-01-01", "cn/minorsreg"),
        ("2024-07-01", "cn/crplreg"),
        ("2026-05-01", "cn/miit74"),
    ] {
        assert!(timeline.iter().any(|(i, c)| c.on == day(on) && i.id == id), "{on} {id}");
    }
}

#[test]
fn the_hash_binds_words_and_not_line_ends() {
    let page = include_str!("../../../law/cn/2012-network-information-decision.md");
    let phrases = include_str!("../../../law/examples.md");
    let hash = |page: &str| {
        let files = [("cn/2012-network-information-decision.md", page), ("examples.md", phrases)];
        Corpus::read(&files).unwrap().hash()
    };
    assert_eq!(hash(page), hash(&page.replace('\n', "\r\n")));
    assert_eq!(hash(page), hash(&page.replace('\n', " \n")));
    assert_ne!(hash(page), hash(&page.replace("商业性电子信息", "电子信息")));
}

#[test]
fn decided_cases_are_dated_and_sourced() {
    let cases = Corpus::embedded().cases();
    let ids: Vec<&str> = cases.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08"]);
    let ouhai = &cases[0];
    assert_eq!((ouhai.gain, ouhai.fine, ouhai.inferred), (Some(Fen(497_000)), Some(Fen(2_980_000)), true));
}

/// Coverage of a small pack tells what is missing.
#[test]
fn coverage_reports_what_is_missing() {
    let page = include_str!("../../../law/cn/2012-network-information-decision.md");
    let phrases = include_str!("../../../law/examples.md");
    let gaps = |page: &str, rules: &[&str]| -> Vec<String> {
        let files = [("cn/2012-network-information-decision.md", page), ("examples.md", phrases)];
        let found = coverage(&Corpus::read(&files).unwrap(), rules, &[]);
        found.gaps.iter().filter(|g| !matches!(g, Gap::NoObligation(_))).map(ToString::to_string).collect()
    };
    assert_eq!(gaps(page, &["npcsc_consent"]), [""; 0]);
    let without = page.replace("另置：保密义务，不涉及一次发送或者一项同意\n", "");
    let [gap] = &gaps(&without, &["npcsc_consent"])[..] else { panic!("one gap") };
    assert!(gap.starts_with("law/cn/2012-network-information-decision.md:"), "{gap}");
    assert!(gap.contains("cn/npcsc/3: write 规则, 参见, 测试 or 另置 for the sentence: 三、"), "{gap}");
    assert_eq!(
        gaps(page, &["npcsc_consent", "pipl_consent"]),
        [
            "no article names the rule: pipl_consent",
            "rule `pipl_consent` has no example with outcome: 符合",
            "rule `pipl_consent` has no example with outcome: 违反, 未证明 or 不明",
        ]
    );
    assert_eq!(gaps(page, &[]), ["cn/npcsc/7 names a rule that does not exist: npcsc_consent"]);
    let unverified = page.replace(
        "{#cn/npcsc/7 from=\"2012-12-28\" mark=\"T\"}",
        "{#cn/npcsc/7 from=\"2012-12-28\" mark=\"S\"}",
    );
    assert!(
        gaps(&unverified, &["npcsc_consent"])[0]
            .contains("cannot be breached, write 不明, for rule: npcsc_consent")
    );
}

/// `测试` promises a citation in code and one in a test.
#[test]
fn coverage_asks_for_both_citations() {
    let gaps = |citations: &[(&str, bool)]| -> usize {
        let list: Vec<_> = citations
            .iter()
            .map(|(id, test)| ((*id).to_owned(), "core/penalty/src/x.rs".to_owned(), *test))
            .collect();
        let found = coverage(Corpus::embedded(), &rules(), &list);
        found
            .gaps
            .iter()
            .filter(|g| matches!(g, Gap::Uncited { article, .. } if article == "cn/apl/29"))
            .count()
    };
    assert_eq!(gaps(&[]), 2);
    assert_eq!(gaps(&[("cn/apl/29", false)]), 1);
    assert_eq!(gaps(&[("cn/apl/29", false), ("cn/apl/29", true)]), 0);
    assert_eq!(gaps(&[("cn/apl/28", false), ("cn/apl/28", true)]), 2);
}
