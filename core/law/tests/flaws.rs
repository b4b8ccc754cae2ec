//! Pages that cannot stand: each is refused with its place and the way out.

use anning_law::Corpus;

const HEAD: &str = r#"+++
id = "cn/test"
title_zh = "试验法"
title_en = "Test Law"
short_zh = "试验法"
short_en = "Test Law"
issuer = "我们"
number = "-"
adopted = "2020-01-01"
from = "2020-01-01"
rank = "law"
source = "here"
verification = "none"
+++

# 试验法
"#;

const PHRASES: &str = "## 渠道\n\n| 短语 | fact |\n| --- | --- |\n| 短信 | SMS |\n";

fn errors(body: &str) -> String {
    let page = format!("{HEAD}\n{body}\n");
    let read = Corpus::read(&[("cn/2020-test.md", &page), ("examples.md", PHRASES)]);
    let errors = read.err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Lines of the body are counted from 18.
fn check(body: &str, expected: &str) {
    assert_eq!(errors(body), expected, "{body}");
}

const ARTICLE: &str = "## 第一条 {#cn/test/1 from=\"2020-01-01\" mark=\"T\"}\n\n> 任何人不得发送。\n";

fn after(line: &str) -> String {
    format!("{ARTICLE}\n{line}")
}

#[test]
fn a_sound_page_stands() {
    check(&after("规则 `ban`"), "");
    check(&after("另置：不涉及发送"), "");
}

#[test]
fn headings() {
    check(
        "## 第二条 {#cn/test/1 from=\"2020-01-01\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:18: heading 第二条 does not count the same article as its id: cn/test/1",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\" mark=\"X\"}\n> 文",
        "law/cn/2020-test.md:18: unknown mark, use T, T/n, S or M: X",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-13-01\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:18: no such day in the calendar: 2020-13-01",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-02-01\" until=\"2020-01-01\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:18: `until` lies before `from`",
    );
    check(
        "## 第一条 {#cn/test/1 mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:18: heading needs from=\"YYYY-MM-DD\"",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\"}\n> 文",
        "law/cn/2020-test.md:18: heading needs either mark=\"…\" or text=\"none\"",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\" mark=\"T\" form=\"x\"}\n> 文",
        "law/cn/2020-test.md:18: nothing reads this key, remove it or correct its name: form",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\" mark=\"T\"}\n",
        "law/cn/2020-test.md:18: no text: quote it with `> `, or say text=\"none\" in the heading of: cn/test/1",
    );
}

#[test]
fn periods() {
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\" mark=\"T\"}\n> 文\n\
         ## 第一条 {#cn/test/1 from=\"2021-01-01\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:20: cn/test/1 has two versions, end the earlier one before: 2021-01-01",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\" until=\"2020-12-31\" mark=\"T\"}\n> 文\n\
         ## 第一条 {#cn/test/1 from=\"2020-12-31\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:20: cn/test/1 has two versions, end the earlier one before: 2020-12-31",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\" until=\"2020-12-31\" mark=\"T\"}\n> 文\n\
         ## 第一条 {#cn/test/1 from=\"2021-02-01\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:20: cn/test/1 has no version and no `was` or `now` says why, from: \
         2021-01-01",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-06-01\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:18: cn/test/1 has no version and no `was` or `now` says why, from: \
         2020-01-01",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-01-01\" until=\"2020-12-31\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:18: cn/test/1 has no version and no `was` or `now` says why, from: \
         2021-01-01",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2019-01-01\" mark=\"T\"}\n> 文",
        "law/cn/2020-test.md:18: version lies outside the period of its instrument: cn/test/1",
    );
    check(
        "## 第一条 {#cn/test/1 from=\"2020-06-01\" mark=\"T\" was=\"cn/test/9\"}\n> 文",
        "law/cn/2020-test.md:18: the pack holds no such text on those days: cn/test/9",
    );
}

#[test]
fn fates() {
    check(&after("规则 ban"), "law/cn/2020-test.md:22: a fate needs its rule, its test or its reason");
    check(&after("另置："), "law/cn/2020-test.md:22: a fate needs its rule, its test or its reason");
    check(&after("规则 `ban` 第二款"), "law/cn/2020-test.md:22: the text above has no such part: 第二款");
    check(
        &after("这一行什么也不是"),
        "law/cn/2020-test.md:22: line is none of `> text`, 规则, 参见, 测试, 另置, 注：, Note:, a table row or a \
         fenced block: 这一行什么也不是",
    );
    check(
        &after("规则 `ban`\n另置：也另置"),
        "law/cn/2020-test.md:18: cn/test/1 has two fates, narrow one of them, for the sentence: 任何人不得发送。",
    );
    check(
        &after("规则 `ban`\n规则 `ban`"),
        "law/cn/2020-test.md:23: rule `ban` has another anchor already, write 参见 instead of 规则, on: \
         2020-01-01",
    );
    check(&after("参见 `ban`"), "law/cn/2020-test.md:22: the pack holds no such text on those days: ban");
}

#[test]
fn examples() {
    let row = |row: &str| {
        after(&format!(
            "规则 `ban`\n\n| 例 | 日期 | 情形 | 结论 | 依据 |\n| --- | --- | --- | --- | --- |\n{row}"
        ))
    };
    check(&row("| 一 | 2020-01-01 | 短信 | 违反 | cn/test/1 |"), "");
    check(
        &row("| 一 | 2020-01-01 | 短信 | 违反 |"),
        "law/cn/2020-test.md:26: row must have 5 columns, has: 4",
    );
    check(
        &row("| 一 | 2020-01-01 | 飞鸽传书 | 违反 | cn/test/1 |"),
        "law/cn/2020-test.md:26: law/examples.md does not list this phrase, add it there or use a listed one: \
         飞鸽传书",
    );
    check(
        &row("| 一 | 2020-01-01 | 短信 | 拒绝 | cn/test/1 |"),
        "law/cn/2020-test.md:26: outcome must be 符合, 违反, 未证明, 不明, 不适用 or 从严…/从宽…: 拒绝",
    );
    check(
        &row("| 一 | 昨天 | 短信 | 违反 | cn/test/1 |"),
        "law/cn/2020-test.md:26: not a date of the form YYYY-MM-DD: 昨天",
    );
    check(
        &row("| 一 | 2020-01-01 | 短信 | 违反 | cn/test/10 |"),
        "law/cn/2020-test.md:26: an example stands below the article it cites, this one cites: cn/test/10",
    );
    check(
        &row("| 一 | 2020-01-01 | 短信 | 违反 | cn/test/1 `other` |"),
        "law/cn/2020-test.md:26: name the rule after the citation in backticks, one of ban: cn/test/1",
    );
}

#[test]
fn limits() {
    let block = |lines: &str| after(&format!("规则 `ban`\n\n```toml limits\n{lines}\n```"));
    let sound =
        "[[penalty]]\nid = \"T-1\"\nfor = [\"cn/test/1\"]\nroles = [\"anyone\"]\nauthority = \"某部门\"\n";
    check(&block(&format!("{sound}fine = {{ form = \"range\", min_yuan = 1, max_yuan = 2 }}")), "");
    check(
        &block(&format!("{sound}fine = {{ form = \"range\", min_yuan = 3, max_yuan = 2 }}")),
        "law/cn/2020-test.md:25: value must be from the least to the most: fine",
    );
    check(
        &block(&format!("{sound}fine = {{ form = \"lump\" }}")),
        "law/cn/2020-test.md:25: value must be none, range, max_only, multiple_of_gain or turnover_share: form",
    );
    check(
        &block(&format!("{sound}fine = {{ form = \"none\" }}\nfines = 1")),
        "law/cn/2020-test.md:31: nothing reads this key, remove it or correct its name: fines",
    );
    check(&block(sound), "law/cn/2020-test.md:25: key is missing: fine");
    check(
        &block(&sound.replace("anyone", "nobody")),
        "law/cn/2020-test.md:25: value must be role codes such as \"advertiser\": roles",
    );
    check(
        &block(&format!("{}fine = {{ form = \"none\" }}", sound.replace("cn/test/1", "cn/test/7"))),
        "law/cn/2020-test.md:25: the pack holds no such text on those days: cn/test/7",
    );
    check(
        &block("[[term]]\nid = \"t\"\nzh = \"期\"\nen = \"term\"\nunit = \"months\"\nruns_from = \"日\""),
        "law/cn/2020-test.md:25: key is missing: at_least or at_most",
    );
    check(
        &block("[[term]]\nid = \"t\"\nfrom = \"2019-01-01\""),
        "law/cn/2020-test.md:25: value must be inside the period of the article: from",
    );
    check(&block("[[term]\nid = 1"), "law/cn/2020-test.md:25: a table header must read [[name]]");
    check(
        &block("id = 1.5"),
        "law/cn/2020-test.md:25: value must be \"text\", a whole number, true, false, a list or a table",
    );
    check(
        &after("```toml limits\n[[term]]"),
        "law/cn/2020-test.md:22: fenced block is not closed: add a line of three backticks",
    );
}

#[test]
fn heads_and_files() {
    let read = |files: &[(&str, &str)]| {
        let errors = Corpus::read(files).err().unwrap_or_default();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        read(&[("cn/x.md", "# 没有头\n")]),
        "law/cn/x.md:1: no head: the file must open with `+++`, keys, `+++`"
    );
    assert_eq!(read(&[("cn/x.md", "+++\nid = \"cn/x\"\n+++\n")]), "law/cn/x.md:1: key is missing: from");
    let page = format!("{HEAD}\n{ARTICLE}");
    assert_eq!(
        read(&[("cn/a.md", &page), ("cn/b.md", &page)]),
        "law/cn/b.md:1: id is taken already: cn/test",
    );
    let successor =
        page.replace("rank = \"law\"", "rank = \"law\"\nuntil = \"2021-12-31\"\nsuccessor = \"cn/next\"");
    let ended = successor.replace("from=\"2020-01-01\"", "from=\"2020-01-01\" until=\"2021-12-31\"");
    assert_eq!(
        read(&[("cn/a.md", &ended)]),
        "law/cn/a.md:1: the pack holds no such text on those days: cn/next",
    );
    assert_eq!(
        read(&[("obligations.md", "| 编号 |\n| --- |\n| O01 |\n")]),
        "law/obligations.md:3: row must have 8 columns, has: 1",
    );
    assert_eq!(
        read(&[("cases/c.md", "# 没有数据\n")]),
        "law/cases/c.md:1: key is missing: a fenced block `toml case`",
    );
}

#[test]
fn all_flaws_are_told_at_once() {
    let body = "## 第一条 {#cn/test/1 from=\"2019-01-01\" mark=\"T\"}\n> 甲不得。\n\n另置：甲\n另置：乙";
    assert_eq!(errors(body).lines().count(), 2);
}
