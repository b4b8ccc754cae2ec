//! Words that lead through a sign-up flow: which button goes on, which sends a code, which box may be a consent.
//!
//! A recorder finds its way by them. They are broader than the rules' own: a step too many costs a second, a step too
//! few costs evidence.

use crate::phrase;
use crate::purpose::{Purposes, mentioned};

/// May this be a request for consent?
#[must_use]
pub fn is_consent(text: &str) -> bool {
    let lower = text.to_lowercase();
    let plain = phrase::is_plain(text) && !has(&lower, AGREE);
    !plain
        && (has(&lower, AGREE)
            || is_all(text)
            || is_optional(text)
            || (is_document(text) && text.chars().count() < CONSENT_MAX))
}

/// Words by which a person is asked to agree, beyond the name of a document.
#[must_use]
pub fn asks(text: &str) -> bool {
    text.chars().count() < CONSENT_MAX && (has(&text.to_lowercase(), AGREE) || is_all(text))
}

/// A consent that a registration can do without: marketing, sharing.
#[must_use]
pub fn is_optional(text: &str) -> bool {
    has(&text.to_lowercase(), OPTIONAL)
        || mentioned(text).meets(Purposes::MARKETING.union(Purposes::THIRD_PARTY))
}

/// One control for all.
#[must_use]
pub fn is_all(text: &str) -> bool {
    has(&text.to_lowercase(), ALL) || phrase::agrees_to_all(text)
}

/// Names a document that binds.
#[must_use]
pub fn is_document(text: &str) -> bool {
    has(&text.to_lowercase(), DOCUMENT)
}

/// The way on: register, submit, next.
#[must_use]
pub fn is_way_on(label: &str) -> bool {
    let label = label.to_lowercase();
    has(&label, WAY_ON) && !is_code(&label) && !has(&label, NOT_ON) && label.chars().count() <= 40
}

/// The way on of a registration, as opposed to a login or a search.
#[must_use]
pub fn is_joining(label: &str) -> bool {
    has(
        &label.to_lowercase(),
        &[
            "注册",
            "註冊",
            "加入",
            "开通",
            "提交",
            "申请",
            "register",
            "sign up",
            "create",
            "join",
            "agree",
            "登録",
            "registr",
            "inscri",
            "зарегистр",
        ],
    )
}

/// A button that sends a code.
#[must_use]
pub fn is_code(label: &str) -> bool {
    has(&label.to_lowercase(), CODE) || CODE_ALONE.contains(&label.trim().to_lowercase().as_str())
}

/// A way to decline.
#[must_use]
pub fn is_decline(label: &str) -> bool {
    let label = label.to_lowercase();
    let label = label.trim();
    ((has(label, DECLINE) || phrase::refuses(label)) && !has(label, STAYS)) || CLOSE.contains(&label)
}

/// A way to agree.
#[must_use]
pub fn is_agreement(label: &str) -> bool {
    (has(&label.to_lowercase(), YES) || phrase::accepts(label)) && !is_decline(label)
}

/// Another form of registering.
#[must_use]
pub fn is_form_tab(label: &str) -> bool {
    let label = label.to_lowercase();
    has(
        &label,
        &[
            "注册",
            "註冊",
            "手机",
            "邮箱",
            "账号",
            "帳號",
            "验证码登录",
            "密码登录",
            "register",
            "sign up",
            "email",
            "phone",
            "mobile",
            "登録",
        ],
    )
}

/// Yes and no, as the options of a list.
#[must_use]
pub fn is_yes_no(options: &[String]) -> bool {
    let lower: Vec<String> = options.iter().map(|option| option.to_lowercase()).collect();
    let any = |words: &[&str]| lower.iter().any(|option| words.iter().any(|word| option.starts_with(word)));
    any(&["是", "同意", "接收", "愿意", "yes", "accept", "はい", "ano", "да"])
        && any(&["否", "不", "拒绝", "no", "decline", "いいえ", "ne", "нет"])
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

const AGREE: &[&str] = &[
    "同意",
    "已阅读",
    "已閱讀",
    "知悉",
    "接受",
    "授权",
    "授權",
    "允许",
    "agree",
    "accept",
    "consent",
    "i have read",
    "acknowledge",
    "同意する",
    "承諾",
    "souhlas",
    "соглас",
    "einverstanden",
    "zustimm",
    "stimme",
    "accepte",
    "acepto",
];
const OPTIONAL: &[&str] = &[
    "营销",
    "推广",
    "促销",
    "优惠",
    "广告",
    "推送",
    "订阅",
    "接收",
    "资讯",
    "活动信息",
    "行銷",
    "優惠",
    "訂閱",
    "電子報",
    "合作伙伴",
    "第三方",
    "合作方",
    "newsletter",
    "marketing",
    "promotion",
    "offers",
    "updates",
    "news",
    "receive",
    "subscribe",
    "emails about",
    "keep me up to date",
    "partners",
    "メールマガジン",
    "お知らせ",
    "novinky",
    "obchodní sdělení",
    "рассылк",
    "werbung",
    "boletín",
    "offres",
];
const ALL: &[&str] = &[
    "全部同意",
    "全选",
    "一键同意",
    "同意以上",
    "同意所有",
    "全部勾选",
    "全部開啟",
    "agree to all",
    "select all",
    "accept all",
    "すべて同意",
    "agree all",
    "all of the above",
    "all the following",
];
const DOCUMENT: &[&str] = &[
    "《",
    "协议",
    "協議",
    "政策",
    "条款",
    "條款",
    "隐私",
    "隱私",
    "章程",
    "须知",
    "授权书",
    "声明",
    "规则",
    "terms",
    "privacy",
    "policy",
    "agreement",
    "conditions",
    "利用規約",
    "プライバシー",
    "規約",
    "podmínky",
    "ochran",
    "услови",
    "политик",
    "datenschutz",
    "nutzungsbedingungen",
    "agb",
    "confidentialité",
    "términos",
    "privacidad",
];
const WAY_ON: &[&str] = &[
    "注册",
    "註冊",
    "提交",
    "下一步",
    "继续",
    "繼續",
    "立即",
    "完成",
    "开通",
    "申请",
    "领取",
    "加入",
    "创建",
    "登录",
    "登入",
    "确定",
    "确认",
    "下單",
    "register",
    "sign up",
    "signup",
    "submit",
    "next",
    "continue",
    "create account",
    "join",
    "get started",
    "finish",
    "done",
    "log in",
    "sign in",
    "登録",
    "送信",
    "次へ",
    "同意して",
    "registrovat",
    "odeslat",
    "зарегистр",
    "продолж",
    "registrieren",
    "weiter",
    "inscri",
    "registrar",
    "测额度",
    "查询",
    "预约",
    "获取报价",
    "apply",
    "create",
];
const NOT_ON: &[&str] = &[
    "已有账号",
    "去登录",
    "忘记",
    "返回",
    "取消",
    "google",
    "facebook",
    "apple",
    "微信登录",
    "qq登录",
    "第三方登录",
    "forgot",
    "cancel",
    "back",
    "already have",
];
const CODE: &[&str] = &[
    "获取验证码",
    "发送验证码",
    "獲取驗證碼",
    "獲取驗證碼",
    "發送驗證碼",
    "获取短信",
    "点击获取",
    "免费获取",
    "获取校验码",
    "发送短信",
    "获取动态码",
    "get code",
    "send code",
    "get verification",
    "send verification",
    "send otp",
    "認証コードを送",
    "获取",
];
const CODE_ALONE: &[&str] = &["发送", "發送", "获取", "獲取", "send", "get", "code"];
const DECLINE: &[&str] = &[
    "不同意",
    "拒绝",
    "拒絕",
    "暂不",
    "暫不",
    "以后再说",
    "下次再说",
    "稍后",
    "跳过",
    "取消",
    "关闭",
    "不需要",
    "不用",
    "不了",
    "狠心",
    "残忍",
    "放弃",
    "不接收",
    "不开启",
    "不允许",
    "仅浏览",
    "退出",
    "no thanks",
    "no, ",
    "not now",
    "skip",
    "decline",
    "reject",
    "refuse",
    "maybe later",
    "cancel",
    "close",
    "dismiss",
    "later",
    "don't",
    "don’t",
    "いいえ",
    "スキップ",
    "同意しない",
    "odmít",
    "отказ",
    "ablehnen",
    "refuser",
    "rechazar",
];
const STAYS: &[&str] = &["不放弃", "不取消", "don't miss", "don’t miss", "不退出", "放弃拒绝"];
const CLOSE: &[&str] = &["×", "✕", "x", "✖", "╳", "关", "✗", "⨯"];
const YES: &[&str] = &[
    "同意",
    "好的",
    "开启",
    "接受",
    "允许",
    "确定",
    "确认",
    "知道了",
    "立即",
    "继续",
    "领取",
    "agree",
    "accept",
    "allow",
    "ok",
    "yes",
    "continue",
    "got it",
    "同意して",
    "はい",
    "souhlas",
    "принять",
    "akzeptieren",
    "accepter",
    "aceptar",
];

/// Characters below which words that name a document may be those of a consent.
const CONSENT_MAX: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_apart() {
        type Meaning = fn(&str) -> bool;
        let cases: [(&str, Meaning, bool); 12] = [
            ("同意并注册", is_way_on, true),
            ("获取验证码", is_way_on, false),
            ("Create account", is_way_on, true),
            ("Continue with Google", is_way_on, false),
            ("暂不", is_decline, true),
            ("我不需要省钱", is_decline, true),
            ("不放弃，立即开启", is_decline, false),
            ("不放弃，立即开启", is_agreement, true),
            ("不同意", is_agreement, false),
            ("我已阅读并同意", is_consent, true),
            ("记住我", is_consent, false),
            ("I agree to all the following items", is_all, true),
        ];
        for (text, meaning, expected) in cases {
            assert_eq!(meaning(text), expected, "{text}");
        }
    }
}
