//! Words that senders' systems usually write where our codes are asked for. A mapping of the user's comes first.

/// Our code for a usual word of a column, if it is one. Case, blanks, hyphens and underscores do not count.
pub(crate) fn code(column: &str, cell: &str) -> Option<&'static str> {
    let table = match column {
        "act" => ACTS,
        "channel" | "channels" => CHANNELS,
        "covers" => COVERS,
        "declared" => DECLARED,
        "control" => CONTROLS,
        "bundling" => BUNDLINGS,
        "kind" | "kinds" => KINDS,
        _ => return None,
    };
    let word = super::table::folded(cell);
    table.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(code, _)| *code)
}

/// Words of one column: our code, and what is usually written for it.
type Usual = &'static [(&'static str, &'static [&'static str])];

/// Which word of refusing is which matters little: both refuse, and a refusal must not be lost over a word.
const ACTS: Usual = &[
    (
        "given",
        &[
            "同意",
            "已同意",
            "给予",
            "给予同意",
            "授予",
            "授权",
            "已授权",
            "订阅",
            "已订阅",
            "consent",
            "consented",
            "agree",
            "agreed",
            "grant",
            "granted",
            "optin",
            "subscribe",
            "subscribed",
        ],
    ),
    ("invited", &["请求", "主动请求", "要求接收", "requested"]),
    (
        "withdrawn",
        &[
            "退订",
            "已退订",
            "撤回",
            "已撤回",
            "撤回同意",
            "撤销",
            "撤销同意",
            "取消",
            "取消同意",
            "取消订阅",
            "取消授权",
            "td",
            "optout",
            "withdraw",
            "revoke",
            "revoked",
            "unsubscribe",
            "unsubscribed",
            "stop",
        ],
    ),
    (
        "refused",
        &[
            "拒绝",
            "已拒绝",
            "拒收",
            "已拒收",
            "不同意",
            "refuse",
            "reject",
            "rejected",
            "decline",
            "declined",
        ],
    ),
    ("asked", &["征求", "征求同意", "询问", "ask"]),
    ("no_answer", &["沉默", "未回复", "未答复", "无回应", "noreply", "silence"]),
    ("renewed", &["续期", "续订", "续签", "renew"]),
    ("reassigned", &["换机主", "换主", "过户", "号码转让"]),
];

const CHANNELS: Usual = &[
    ("sms", &["短信", "短消息", "手机短信", "普通短信", "文字短信", "文本短信"]),
    ("mms", &["彩信", "多媒体短信"]),
    ("5g", &["5g消息", "5g短信", "rcs"]),
    ("call", &["电话", "语音", "语音电话", "语音呼叫", "外呼", "呼叫", "拨打电话", "phone", "voice"]),
    ("im", &["即时通讯", "即时通信", "微信", "wechat"]),
    ("email", &["邮件", "电子邮件", "邮箱", "电邮", "mail"]),
    ("leaflet", &["传单"]),
];

const COVERS: Usual = &[
    ("receive", &["接收", "接收信息", "接收短信"]),
    ("process", &["处理", "处理个人信息", "个人信息处理"]),
    ("both", &["接收和处理", "两者", "两项"]),
];

const DECLARED: Usual = &[
    ("commercial", &["营销", "营销短信", "商业", "商业短信", "推广", "推广短信", "广告", "marketing"]),
    ("service", &["服务", "通知", "通知短信", "服务短信", "notification"]),
    ("code", &["验证码", "验证码短信", "otp"]),
];

const CONTROLS: Usual = &[
    ("ticked_by_recipient", &["本人勾选", "主动勾选", "手动勾选"]),
    ("ticked_by_default", &["默认勾选", "预先勾选", "预勾选"]),
    ("implied", &["默示", "视为同意"]),
];

const BUNDLINGS: Usual = &[("separate", &["单独", "单独同意"])];

const KINDS: Usual = &[("retail", &["零售", "电商"]), ("finance", &["金融"])];

#[cfg(test)]
mod tests {
    use anning_vocab::{ActKind, Bundling, Channel, ContentKind, Control, Covers, Declared};

    use super::*;

    #[test]
    fn every_code_is_one_of_ours_and_no_word_means_two() {
        let check = |usual: Usual, known: &dyn Fn(&str) -> bool| {
            let mut all: Vec<&str> = Vec::new();
            for (code, words) in usual {
                assert!(known(code), "{code}");
                for word in *words {
                    assert_eq!(super::super::table::folded(word), *word, "never met as it is written");
                    assert!(!all.contains(word), "{word}");
                    all.push(word);
                }
            }
        };
        check(ACTS, &|c| ActKind::from_code(c).is_some());
        check(CHANNELS, &|c| Channel::from_code(c).is_some());
        check(COVERS, &|c| Covers::from_code(c).is_some());
        check(DECLARED, &|c| Declared::from_code(c).is_some());
        check(CONTROLS, &|c| Control::from_code(c).is_some());
        check(BUNDLINGS, &|c| Bundling::from_code(c).is_some());
        check(KINDS, &|c| ContentKind::from_code(c).is_some());
    }

    #[test]
    fn usual_words() {
        for (column, cell, expected) in [
            ("act", " 退订", Some("withdrawn")),
            ("act", "拒收", Some("refused")),
            ("act", "Opt-Out", Some("withdrawn")),
            ("act", "同意", Some("given")),
            ("act", "也许", None),
            ("channel", "短信", Some("sms")),
            ("channels", "电子邮件", Some("email")),
            ("age", "短信", None),
        ] {
            assert_eq!(code(column, cell), expected, "{column} {cell}");
        }
    }
}
