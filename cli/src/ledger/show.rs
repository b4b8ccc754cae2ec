//! `anning ledger show`: what is kept of one person, in words or as JSON.

use std::process::ExitCode;

use anning_ledger::Value;
use anning_ledger::sheet::SHEET_MAX;
use anning_vocab::{Act, ActKind, Origin, Timestamp};

use super::people::{ShowArgs, hash};
use crate::failure::Failure;
use crate::tell::say;

/// Prints what is kept of a person.
pub(super) fn show(args: &ShowArgs) -> Result<ExitCode, Failure> {
    let ledger = args.one.at.keys.open(&args.one.at.folder)?;
    let key = hash(&ledger, &args.one.recipient)?;
    let mut acts: Vec<Act> = Vec::new();
    ledger.read().index().acts(key, &mut acts);
    let en = args.lang == "en";
    if acts.is_empty() {
        if !args.json {
            say(if en {
                "nothing is kept of this person"
            } else {
                "没有关于此人的记录（nothing is kept）"
            });
        }
        return Ok(ExitCode::from(1));
    }
    let now = ledger.read();
    for act in &acts {
        let sheet = now.sheets().bytes(act.terms).unwrap_or_default();
        let terms = Value::from_bytes(sheet, SHEET_MAX).map_err(|e| format!("terms cannot be read: {e}"))?;
        say(&if args.json { json(act, terms) } else { words(act, &terms, en) });
    }
    Ok(ExitCode::SUCCESS)
}

/// One object on one line.
fn json(act: &Act, terms: Value) -> String {
    let text = |text: String| Some(Value::text(text));
    let value = Value::map([
        ("act", text(act.kind.to_string())),
        ("origin", text(act.origin.to_string())),
        ("occurred_at", text(act.occurred.to_string())),
        ("received_at", text(act.received.to_string())),
        ("recorded_at", text(act.recorded.to_string())),
        ("terms", Some(terms)),
    ]);
    // Strings hold no line ends of their own: JSON writes those as `\n`.
    value.to_json().lines().map(str::trim_start).collect::<Vec<_>>().join(" ")
}

/// An act and its terms, a line each.
fn words(act: &Act, terms: &Value, en: bool) -> String {
    let colon = if en { ": " } else { "：" };
    let with_code = |words: &str, code: &str| {
        if en { format!("{words} ({code})") } else { format!("{words}（{code}）") }
    };
    let mut out = format!("{}  {}", act.occurred, with_code(kind(act.kind, en), act.kind.code()));
    let mut line = |label: &str, words: &str| {
        out.push_str("\n    ");
        out.push_str(label);
        out.push_str(colon);
        out.push_str(words);
    };
    line(if en { "held as" } else { "记录来源" }, &with_code(origin(act.origin, en), act.origin.code()));
    if act.received != act.occurred {
        line(if en { "arrived" } else { "到达" }, &act.received.to_string());
    }
    if act.recorded != act.received {
        line(if en { "learnt" } else { "记入" }, &act.recorded.to_string());
    }
    let Value::Map(entries) = terms else { return out };
    for (key, value) in entries.iter() {
        line(label(&key.0, en), &term_words(&key.0, value, en));
    }
    out
}

const fn kind(kind: ActKind, en: bool) -> &'static str {
    match (kind, en) {
        (ActKind::Asked, false) => "征求同意",
        (ActKind::Asked, true) => "asked",
        (ActKind::Given, false) => "同意",
        (ActKind::Given, true) => "consented",
        (ActKind::Invited, false) => "主动请求",
        (ActKind::Invited, true) => "asked for the messages",
        (ActKind::Refused, false) => "拒绝",
        (ActKind::Refused, true) => "refused",
        (ActKind::NoAnswer, false) => "征求后沉默",
        (ActKind::NoAnswer, true) => "asked, and silence",
        (ActKind::Withdrawn, false) => "撤回、退订",
        (ActKind::Withdrawn, true) => "withdrew",
        (ActKind::Renewed, false) => "续期同意",
        (ActKind::Renewed, true) => "consented again on the same terms",
        (ActKind::Reassigned, false) => "号码换了机主",
        (ActKind::Reassigned, true) => "the number changed hands",
    }
}

const fn origin(origin: Origin, en: bool) -> &'static str {
    match (origin, en) {
        (Origin::Captured, false) => "行为当时采集",
        (Origin::Captured, true) => "captured at the moment of the act",
        (Origin::Anchored, false) => "已在外部存证",
        (Origin::Anchored, true) => "anchored outside",
        (Origin::Imported, false) => "他人名单所称",
        (Origin::Imported, true) => "a claim in a list",
    }
}

/// The label of a term; its key where it has none.
fn label(key: &str, en: bool) -> &str {
    let found = LABELS.iter().find(|(known, ..)| *known == key);
    found.map_or(key, |(_, zh, words)| if en { words } else { zh })
}

/// A term in words: times are kept as milliseconds and said as a clock says them.
fn term_words(key: &str, value: &Value, en: bool) -> String {
    if let (Value::Int(millis), true) = (value, TIMES.contains(&key)) {
        return Timestamp::from_millis(*millis).to_string();
    }
    value_words(value, en)
}

fn value_words(value: &Value, en: bool) -> String {
    match value {
        Value::Flag(flag) => match (flag, en) {
            (true, true) => "yes".to_owned(),
            (false, true) => "no".to_owned(),
            (true, false) => "是".to_owned(),
            (false, false) => "否".to_owned(),
        },
        Value::Int(number) => number.to_string(),
        Value::Text(text) => code_words(text, en),
        Value::Bytes(bytes) => anning_ledger::hex::encode(bytes),
        Value::List(items) if items.is_empty() => (if en { "none" } else { "无" }).to_owned(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| value_words(item, en)).collect();
            items.join(if en { ", " } else { "、" })
        }
        Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{} {}", label(&key.0, en), term_words(&key.0, value, en)));
            entries.collect::<Vec<_>>().join(if en { "; " } else { "；" })
        }
    }
}

/// A code in words, the code beside it; a name stays what it is.
fn code_words(text: &str, en: bool) -> String {
    match CODES.iter().find(|(code, ..)| *code == text) {
        Some((_, _, words)) if en => (*words).to_owned(),
        Some((code, zh, _)) => format!("{zh}（{code}）"),
        None => text.to_owned(),
    }
}

/// Terms that are times, in milliseconds since 1970 UTC.
const TIMES: [&str; 1] = ["since"];

/// Terms as they stand on a sheet, in Chinese and English.
const LABELS: &[(&str, &str, &str)] = &[
    ("controller", "个人信息处理者", "controller"),
    ("brand", "品牌", "brand"),
    ("port", "回复的端口", "port replied to"),
    ("covers", "范围", "covers"),
    ("channels", "渠道", "channels"),
    ("kinds", "内容类别", "kinds of content"),
    ("purposes", "处理目的", "purposes"),
    ("categories", "信息种类", "categories of data"),
    ("frequency", "告知的频次", "frequency stated"),
    ("until", "告知的期限至", "stated until"),
    ("days", "告知的天数", "days stated"),
    ("control", "表示方式", "how it was expressed"),
    ("bundling", "是否单独", "bundling"),
    ("prominence", "显著程度", "prominence"),
    ("forced", "不同意则不提供服务", "service refused without it"),
    ("related", "与业务直接相关", "directly related to the business"),
    ("guardian", "监护人同意", "guardian consented"),
    ("notice", "所见告知", "notice seen"),
    ("hash", "哈希", "hash"),
    ("names_controller", "载明处理者", "names the controller"),
    ("states_purpose", "载明目的", "states the purpose"),
    ("states_categories", "载明种类", "states the categories"),
    ("states_retention", "载明保存期限", "states retention"),
    ("states_rights", "载明权利", "states the rights"),
    ("states_type_frequency_period", "载明类型、频次、期限", "states type, frequency and period"),
    ("provision", "同意对外提供", "consent to provision"),
    ("provision_to", "提供给", "provided to"),
    ("provision_contact", "告知接收方联系方式", "contact of the receiver stated"),
    ("provision_purpose", "告知接收方目的和方式", "purpose and method of the receiver stated"),
    ("provision_categories", "告知提供的种类", "categories provided stated"),
    ("provision_separate", "单独同意", "separate consent"),
    ("age", "年龄", "age"),
    ("wording", "文案组", "group of same wording"),
    ("page", "作出同意的页面", "page it was given on"),
    ("version", "页面版本", "page version"),
    ("since", "页面证据自", "page evidence since"),
    ("contradicts", "与其他记录相反", "contradicted by another record"),
    ("sealed", "页面证据已封存", "page evidence sealed"),
];

/// Codes of terms, in Chinese and English.
const CODES: &[(&str, &str, &str)] = &[
    ("receive", "接收信息", "to receive"),
    ("process", "处理个人信息", "to process data"),
    ("both", "接收信息和处理个人信息", "to receive, and to process data"),
    ("sms", "短信", "sms"),
    ("mms", "彩信", "mms"),
    ("5g", "5G消息", "5g message"),
    ("call", "电话", "call"),
    ("im", "即时通讯", "instant message"),
    ("email", "电子邮件", "e-mail"),
    ("leaflet", "传单", "leaflet"),
    ("ticked_by_recipient", "本人勾选", "ticked by the person"),
    ("ticked_by_default", "默认勾选", "ticked by default"),
    ("implied", "默示", "implied"),
    ("own_words", "本人的话", "in the person's own words"),
    ("separate", "单独", "separate"),
    ("with_terms", "与条款捆绑", "bundled with the terms"),
    ("with_other_consents", "与其他同意捆绑", "bundled with other consents"),
    ("on_face", "显著", "on the face of the page"),
    ("behind_link", "在链接之后", "behind a link"),
    ("buried", "隐于文中", "buried in the text"),
    ("marketing", "营销", "marketing"),
    ("service", "服务", "service"),
    ("personalisation", "个性化", "personalisation"),
    ("analytics", "分析", "analytics"),
    ("contact", "联系方式", "contact data"),
    ("identity", "身份", "identity"),
    ("purchases", "购买记录", "purchases"),
    ("behaviour", "行为", "behaviour"),
    ("location", "位置", "location"),
    ("accounts", "账户", "accounts"),
    ("health", "健康", "health"),
    ("religion", "宗教", "religion"),
    ("biometrics", "生物识别", "biometrics"),
    ("adult", "成年", "adult"),
    ("14-17", "十四至十七周岁", "14 to 17"),
    ("under_14", "不满十四周岁", "under 14"),
];

#[cfg(test)]
mod tests {
    use anning_ledger::Value;

    use super::term_words;

    #[test]
    fn times_are_said_as_clocks_say_them() {
        let since = Value::Int(1_795_787_812_000);
        assert_eq!(term_words("since", &since, false), "2026-11-27T21:56:52+08:00");
        assert_eq!(term_words("days", &since, false), "1795787812000");
        let page = Value::map([("version", Some(Value::Int(7))), ("since", Some(since))]);
        assert!(term_words("page", &page, true).contains("page evidence since 2026-11-27T21:56:52+08:00"));
    }
}
