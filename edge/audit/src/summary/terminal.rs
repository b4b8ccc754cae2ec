//! One screen for the terminal: what came out, which articles, which campaigns, what to do.

use super::columns::{clip, columns, pad, pad_left};
use super::words::{self, Phrase};
use super::{Lang, ProvisionRow, Row, Summary};

const PROVISIONS: usize = 6;
const CAMPAIGNS: usize = 4;
const PAGES: usize = 4;
const STEPS: usize = 4;

const fn p(zh: &'static str, en: &'static str) -> Phrase {
    Phrase::new(zh, en)
}

/// One screen, no line wider than `width` columns.
#[must_use]
pub fn terminal(summary: &Summary, lang: Lang, width: usize) -> String {
    let mut out = Vec::new();
    head(&mut out, summary, lang);
    outcomes(&mut out, summary, lang, width);
    provisions(&mut out, summary, lang, width);
    campaigns(&mut out, summary, lang);
    pages(&mut out, summary, lang);
    steps(&mut out, summary, lang);
    input(&mut out, summary, lang);
    out.iter().map(|line| clip(line, width) + "\n").collect()
}

fn head(out: &mut Vec<String>, summary: &Summary, lang: Lang) {
    let title = p("商业性信息合规审计", "Audit of commercial messages").get(lang);
    let subject = summary.subject.as_ref().map_or_else(String::new, |name| format!(" · {name}"));
    out.push(format!("{title}{subject}"));
    let period = match (&summary.period, lang) {
        (Some((first, last)), Lang::Zh) => format!("{first} 至 {last}"),
        (Some((first, last)), Lang::En) => format!("{first} to {last}"),
        (None, _) => "–".to_owned(),
    };
    let law = summary.bound.law_on.as_ref().map_or_else(
        || p("适用各次发送当日的法律", "law in force at each send").get(lang).to_owned(),
        |day| format!("{} {day}", p("假设性重放，适用法律截至", "as if replay, law of").get(lang)),
    );
    out.push(format!("{period} · {law}"));
    out.push(String::new());
}

fn outcomes(out: &mut Vec<String>, summary: &Summary, lang: Lang, width: usize) {
    let o = &summary.totals.outcomes;
    let rows = [
        (p("违反", "breached"), o.breached, p("记录足以认定", "shown by the record")),
        (p("未能证明", "unproved"), o.unproved, p("不是违反，缺少证明", "no breach shown, proof missing")),
        (p("存疑", "unclear"), o.unclear, p("条文或读法未定", "text or reading is open")),
        (p("记录显示合法", "lawful on record"), o.lawful, p("", "")),
        (
            p("不在规定范围", "outside"),
            o.outside,
            p("非商业性，不等于合法", "not commercial, not the same as lawful"),
        ),
    ];
    out.push(format!("{} {}", p("核查发送", "sends judged").get(lang), count(o.sends)));
    let bar = width.saturating_sub(74).min(20);
    for (name, n, means) in rows {
        let filled = scale(n, o.sends, bar);
        out.push(format!(
            "  {} {} {} {} {}",
            pad(name.get(lang), 16),
            pad_left(&count(n), 13),
            pad_left(&per_cent(n, o.sends), 6),
            pad(&"█".repeat(filled), bar),
            means.get(lang)
        ));
    }
    out.push(String::new());
}

fn provisions(out: &mut Vec<String>, summary: &Summary, lang: Lang, width: usize) {
    let mut rows: Vec<&ProvisionRow> =
        summary.provisions.iter().filter(|r| r.answers.breached + r.answers.unproved > 0).collect();
    rows.sort_by(|a, b| {
        (b.answers.breached, b.answers.unproved)
            .cmp(&(a.answers.breached, a.answers.unproved))
            .then(a.id.cmp(&b.id))
    });
    if rows.is_empty() {
        return;
    }
    let name_width = width.saturating_sub(30).clamp(20, 60);
    out.push(heading(p("按规定", "by provision"), lang, name_width));
    for row in rows.iter().take(PROVISIONS) {
        let article = row.articles.first().map_or(row.id.as_str(), |id| {
            summary.articles.get(id).map_or(id.as_str(), |words| words.get(lang))
        });
        let title = row.title.get(lang);
        let name = if title == article { article.to_owned() } else { format!("{article} {title}") };
        out.push(line(&name, name_width, row.answers.breached, row.answers.unproved));
    }
    more(out, lang, rows.len().saturating_sub(PROVISIONS) as u64);
    out.push(String::new());
}

fn campaigns(out: &mut Vec<String>, summary: &Summary, lang: Lang) {
    let rows: Vec<&Row> =
        summary.campaigns.rows.iter().filter(|r| r.outcomes.breached + r.outcomes.unproved > 0).collect();
    if rows.is_empty() {
        return;
    }
    out.push(heading(p("按营销活动", "by campaign"), lang, 40));
    for row in rows.iter().take(CAMPAIGNS) {
        let name = match (&row.name, row.id.is_empty()) {
            (Some(name), _) => format!("{name} ({})", row.id),
            (None, true) => p("未记载", "not recorded").get(lang).to_owned(),
            (None, false) => row.id.clone(),
        };
        out.push(line(&name, 40, row.outcomes.breached, row.outcomes.unproved));
    }
    more(out, lang, rows.len().saturating_sub(CAMPAIGNS) as u64 + summary.campaigns.rest.rows);
    out.push(String::new());
}

/// Which version of the sign-up page obtained which share of consents.
fn pages(out: &mut Vec<String>, summary: &Summary, lang: Lang) {
    if summary.pages.is_empty() {
        return;
    }
    let whole = summary.pages.consents();
    out.push(heading(p("按注册页面版本（占同意的比例）", "by page version (share of consents)"), lang, 40));
    for row in summary.pages.rows.iter().take(PAGES) {
        let name = match (&row.name, row.id.is_empty()) {
            (Some(name), _) => name.clone(),
            (None, true) => p("没有页面记录", "no page record").get(lang).to_owned(),
            (None, false) => row.id.clone(),
        };
        let name = format!("{name} {}", per_cent(row.consents, whole));
        out.push(line(&name, 40, row.outcomes.breached, row.outcomes.unproved));
    }
    more(out, lang, summary.pages.rows.len().saturating_sub(PAGES) as u64 + summary.pages.rest.rows);
    out.push(String::new());
}

fn steps(out: &mut Vec<String>, summary: &Summary, lang: Lang) {
    if summary.remedies.is_empty() {
        return;
    }
    out.push(p("下一步（按影响排序）", "next steps, in order of effect").get(lang).to_owned());
    for (n, remedy) in summary.remedies.iter().take(STEPS).enumerate() {
        let mut amounts = Vec::new();
        for (name, sends) in [
            (p("违反", "breached"), remedy.breached),
            (p("未能证明", "unproved"), remedy.unproved),
            (p("存疑", "unclear"), remedy.unclear),
        ] {
            if sends > 0 {
                amounts.push(format!("{} {}", name.get(lang), count(sends)));
            }
        }
        out.push(format!(
            "  {}. {} — {}",
            n + 1,
            words::action(remedy.action).get(lang),
            amounts.join(" · ")
        ));
    }
    more(out, lang, summary.remedies.len().saturating_sub(STEPS) as u64);
    out.push(String::new());
}

fn input(out: &mut Vec<String>, summary: &Summary, lang: Lang) {
    let files = &summary.inputs.files;
    let (rows, rejected) = files.iter().fold((0, 0), |(a, b), f| (a + f.rows, b + f.rejected));
    let words = p("输入文件 / 行 / 剔除", "input files / rows / rejected").get(lang);
    out.push(format!("{words} {} / {} / {}", files.len(), count(rows), count(rejected)));
    for warning in summary.warnings.iter().take(3) {
        let words = p("警告", "warning").get(lang);
        out.push(format!("{words} {} ×{}", warning.words.get(lang), count(warning.times)));
    }
}

fn heading(name: Phrase, lang: Lang, width: usize) -> String {
    format!(
        "{} {} {}",
        pad(name.get(lang), width + 2),
        pad_left(p("违反", "breached").get(lang), 12),
        pad_left(p("未能证明", "unproved").get(lang), 12)
    )
}

fn line(name: &str, width: usize, breached: u64, unproved: u64) -> String {
    let name = clip(name, width);
    debug_assert!(columns(&name) <= width);
    format!("  {} {} {}", pad(&name, width), pad_left(&count(breached), 12), pad_left(&count(unproved), 12))
}

fn more(out: &mut Vec<String>, lang: Lang, left: u64) {
    if left > 0 {
        out.push(match lang {
            Lang::Zh => format!("  另有 {left} 项"),
            Lang::En => format!("  and {left} more"),
        });
    }
}

fn scale(n: u64, of: u64, width: usize) -> usize {
    if of == 0 {
        return 0;
    }
    let exact = u128::from(n) * width as u128 / u128::from(of);
    usize::try_from(exact).unwrap_or(width)
}

fn count(n: u64) -> String {
    crate::report::count(n)
}

fn per_cent(n: u64, of: u64) -> String {
    crate::report::per_cent(n, of)
}
