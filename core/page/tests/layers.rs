//! Words that lie over a consent, or scroll beside it, and stand on its line.
#![cfg(test)]

mod sketch;

use anning_page::finding::{Finding, Outcome, Rule, judge};
use anning_page::record::{Record, Run, Seen, Style, Text};

const OFFERS: &str = "下载App接收优惠短信";

/// A box for the terms with a text of another layer on its line.
fn page(set: impl FnOnce(&mut Text)) -> Record {
    let mut record = sketch::record("[*] 我已阅读并同意《用户协议》和《隐私政策》\n<注册>");
    let state = &mut record.states[0];
    let area = state.texts[0].area;
    let run =
        Run { text: OFFERS.to_owned(), style: Style { size: 14.0, ..Style::default() }, ..Run::default() };
    let mut text = Text {
        key: "over".to_owned(),
        text: OFFERS.to_owned(),
        runs: vec![run],
        area: [area[0] + area[2] + 8.0, area[1], 160.0, 18.0],
        ..Text::default()
    };
    set(&mut text);
    state.controls[0].texts.push(text.key.clone());
    state.texts.push(text);
    state.styled = true;
    record
}

fn violates(record: &Record, rule: Rule) -> bool {
    let found: Vec<Finding> = judge(record);
    found.iter().any(|finding| finding.rule == rule && finding.outcome == Outcome::Violation)
}

#[test]
fn words_of_another_layer_join_no_consent() {
    type Set = fn(&mut Text);
    let rows: [(&str, bool, Set); 5] = [
        ("on the line, in the page", true, |_| {}),
        ("in a dialog", false, |text| text.dialog = Some("m".to_owned())),
        ("in a fixed bar", false, |text| text.fixed = true),
        ("in a box that scrolls", false, |text| text.layer = Some("aside".to_owned())),
        ("over the label, in no form", false, |text| {
            text.group = Some("aside".to_owned());
            text.area[0] = 30.0;
        }),
    ];
    for (name, joins, set) in rows {
        let record = page(set);
        assert_eq!(violates(&record, Rule::Rp09), joins, "{name}");
        assert_eq!(violates(&record, Rule::Rp11), joins, "{name}");
    }
}

#[test]
fn what_covers_a_box_is_not_its_text() {
    let mut record = page(|text| text.area = [0.0, 0.0, 400.0, 60.0]);
    assert!(violates(&record, Rule::Rp09));
    record.states[0].controls[0].seen = Seen::Covered;
    assert!(!violates(&record, Rule::Rp09));
}

#[test]
fn lines_of_one_page_do_not_lie_over_each_other() {
    let mut record = page(|text| text.area[0] = 30.0);
    assert!(violates(&record, Rule::Rp09), "a label of many lines may lie about another text");
    record.states[0].texts[0].runs[0].style.size = 14.0;
    assert!(!violates(&record, Rule::Rp09));
}

#[test]
fn a_label_is_the_controls_wherever_it_lies() {
    let mut record = sketch::record("[*] 我同意《用户协议》并接收促销短信\n<注册>");
    record.states[0].texts[0].layer = Some("label".to_owned());
    record.states[0].texts[0].fixed = true;
    assert!(violates(&record, Rule::Rp09));
}

#[test]
fn another_box_names_no_recipient() {
    let record = sketch::record(
        "[ ] 同意将我的个人信息提供给合作机构\n[ ] 同意向杭州云帆科技有限公司（电话 0571-12345678）提供我的个人信息\n<注册>",
    );
    let found = judge(&record);
    let of: Vec<&Finding> = found.iter().filter(|finding| finding.rule == Rule::Rp24).collect();
    assert_eq!(of.len(), 2, "{of:?}");
    assert_eq!(of.iter().filter(|finding| finding.outcome == Outcome::Violation).count(), 1);
    let quotes = of.iter().map(|finding| finding.quotes[0].lines().count());
    assert_eq!(quotes.collect::<Vec<_>>(), [1, 1], "one consent, one sentence");
}
