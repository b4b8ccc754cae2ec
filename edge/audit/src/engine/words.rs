//! Sentences of our own about a run and its samples.

use anning_decide::HouseGround;
use anning_vocab::{RefusalReach, State, Timestamp};

use crate::input::Vouched;
use crate::summary::{Warning, Words, words as w};

use super::evidence::Sample;

/// A house ground.
pub(crate) fn house(ground: HouseGround) -> Words {
    match ground {
        HouseGround::BrandRefusal => Words::new("同品牌他名已拒绝", "refused to another name of the brand"),
        HouseGround::NotFiled => Words::new("未报备", "not on file"),
        HouseGround::QuietHours => Words::new("免打扰时段", "quiet hours"),
        HouseGround::Cap => Words::new("频次上限", "frequency cap"),
    }
}

/// Where a recipient stood.
pub(crate) fn state(state: State) -> Words {
    match state {
        State::NoRecord => Words::new("没有同意记录", "no act on record"),
        State::Given => Words::new("有同意且及于本条", "consent on record that covers it"),
        State::OutOfScope => Words::new("有同意但不及于本条", "consent on record that does not cover it"),
        State::Silent => Words::new("征求后沉默", "asked, and silence"),
        State::Refused => Words::new("已拒绝或撤回", "refused or withdrawn"),
        State::Reassigned => Words::new("号码已换机主", "the number changed hands"),
    }
}

/// The facts on which a sample stands, one sentence each.
pub(crate) fn facts(sample: &Sample) -> Vec<Words> {
    let mut facts = Vec::new();
    let standing = state(sample.state);
    facts.push(match sample.act {
        Some(at) => Words::new(format!("{}（{at}）", standing.zh), format!("{} ({at})", standing.en)),
        None => standing,
    });
    if let Some(grade) = sample.grade {
        let grade = w::grade(grade);
        facts.push(Words::new(format!("证据：{}", grade.zh), format!("evidence: {}", grade.en)));
    }
    if let Some(refusal) = sample.refused() {
        facts.push(refused(refusal.reach, refusal.received, refusal.recorded_late));
    }
    facts
}

fn refused(reach: RefusalReach, at: Timestamp, late: bool) -> Words {
    let (zh, en) = match reach {
        RefusalReach::None | RefusalReach::Sender => ("拒绝", "a refusal"),
        RefusalReach::Brand => ("对同一品牌其他名称的拒绝", "a refusal to another name of the brand"),
        RefusalReach::Port => ("对该端口的拒绝", "a refusal to the port"),
    };
    let (late_zh, late_en) =
        if late { ("，发送后才登记", ", recorded after the send") } else { ("", "") };
    Words::new(format!("{zh}于 {at} 到达{late_zh}"), format!("{en} arrived at {at}{late_en}"))
}

/// Ids that are used but have no row.
pub(crate) fn unlisted(table: &str, names: &[Box<str>]) -> Warning {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    let more_zh = if names.len() > SHOWN { "等" } else { "" };
    let more_en = if names.len() > SHOWN { ", …" } else { "" };
    Warning {
        code: format!("unlisted_{table}"),
        words: Words::new(
            format!("引用了 {table} 表中没有的编号：{}{more_zh}", shown.join("、")),
            format!("ids used without a row in table {table}: {}{more_en}", shown.join(", ")),
        ),
        times: names.len() as u64,
    }
}

/// Page captures that nobody but the sender vouches for.
pub(crate) fn vouched(of: &Vouched) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if of.unsealed > 0 {
        let words = Words::new(
            "没有可信封存证明的页面记录：只当作发送方自己的陈述，其中不利的内容照样计入，有利的内容不能证明同意；\
             用 anning inspect --ledger 录制即有封存",
            "page records without a seal: taken as the sender's own statement; what is bad in them counts, what is \
             good in them proves no consent. anning inspect --ledger seals what it records",
        );
        warnings.push(Warning { code: "pages_without_seal".to_owned(), words, times: of.unsealed });
    }
    if !of.unknown_logs.is_empty() {
        let logs: Vec<String> = of.unknown_logs.iter().map(|log| log.escape_debug().to_string()).collect();
        let words = Words::new(
            format!(
                "封存页面记录的日志没有给出公钥，不予采信：{}；核实后写入 audit.toml 的 log_keys",
                logs.join("、")
            ),
            format!(
                "page records are sealed by logs whose key is not named, so their seals count for nothing: {}; if you \
                 trust a log, name its key in log_keys of audit.toml",
                logs.join(", ")
            ),
        );
        let times = of.unknown_logs.len() as u64;
        warnings.push(Warning { code: "page_log_unknown".to_owned(), words, times });
    }
    warnings
}

/// Earlier sends that were no longer counted.
pub(crate) fn prior_left_out(times: u64) -> Warning {
    Warning {
        code: "prior_left_out".to_owned(),
        words: Words::new(
            "个别接收者一年内收到的信息过多，较早的不再计入频次",
            "some recipients got so many messages in a year that earlier ones were not counted for frequency",
        ),
        times,
    }
}

/// Refusals that bear the id of another event.
pub(crate) fn refusals_kept(times: u64) -> Warning {
    Warning {
        code: "refusals_kept".to_owned(),
        words: Words::new(
            "拒绝或撤回的记录重复使用了其他记录的编号而内容不同：照样计入，请核对编号",
            "refusals bear the event id of another act and say something else: they count all the same; check the ids",
        ),
        times,
    }
}

/// Names shown in a warning.
const SHOWN: usize = 8;
