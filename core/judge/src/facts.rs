//! What the text shows by itself: who sends it, how to reach them, how to refuse, a label, a code.

use anning_vocab::{Known, TextFacts};

use crate::cue::Side;
use crate::fold::Fold;
use crate::normal::{LINK, NUMBER, Normal, is_han};
use crate::reading::Met;

/// What was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) signature: bool,
    pub(crate) name: bool,
    pub(crate) phone: bool,
    pub(crate) link: bool,
    pub(crate) contact: bool,
    pub(crate) refusal: bool,
    pub(crate) label: bool,
    pub(crate) code: bool,
    /// The text says what the code verifies, how long it holds, or that it is a secret.
    pub(crate) verifies: bool,
    /// Latin letters prevail.
    pub(crate) latin: bool,
}

impl Seen {
    /// As facts of the message.
    pub(crate) const fn facts(self) -> TextFacts {
        TextFacts {
            // A name among other words cannot be told from them: what is not signed is not shown to be unnamed.
            identity: if self.signature || self.name { Known::Yes } else { Known::Unknown },
            contact: Known::from_option(Some(self.phone || self.link || self.contact)),
            refusal: Known::from_option(Some(self.refusal)),
            ad_label: Known::from_option(Some(self.label)),
            code: Known::from_option(Some(self.code)),
        }
    }
}

/// Scans a text that has been read and whose cues were met.
pub(crate) fn scan(text: &str, normal: &Normal, met: &[Met]) -> Seen {
    let mut seen = Seen { signature: signed(text), label: labelled(text), ..Seen::default() };
    let mut latin = 0_usize;
    for token in &normal.tokens {
        let length = token.end.saturating_sub(token.start) as usize;
        seen.link |= token.id == LINK;
        // 7 digits and more reach somebody; shorter numbers are sums, dates and codes.
        seen.phone |= token.id == NUMBER && is_phone(text, token.start as usize, length);
        latin += usize::from(token.id > 0x10_ffff);
    }
    let mut leading = false;
    seen.latin = latin * 2 > normal.tokens.len();
    let number_named = normal.tokens.iter().any(|t| t.id == NUMBER || t.id > 0x10_ffff);
    for m in met {
        match m.cue.side {
            Side::Refusal => seen.refusal = true,
            Side::Name => seen.name = true,
            Side::Contact => seen.contact |= number_named,
            Side::Code if code_near(text, normal, m.at) => {
                seen.code = true;
                seen.verifies |= verifies(normal, m.at);
                leading |= leads(text, normal, m.at);
            }
            Side::Code => {}
            Side::Offer | Side::Notice | Side::Private | Side::Nothing => {}
        }
    }
    // Nobody tells how to refuse codes.
    seen.verifies |= leading && !seen.refusal;
    seen
}

fn is_phone(text: &str, start: usize, length: usize) -> bool {
    let Some(number) = text.get(start..start + length) else { return false };
    (7..=40).contains(&length)
        && number.chars().filter(|c| !matches!(c, '-' | ' ')).count() >= 7
        && !number.contains(['.', ':', ',', '/'])
}

/// Tokens before and after the words that name a code among which the code itself may stand.
const CODE_BEFORE: usize = 9;
const CODE_AFTER: usize = 16;

/// Is there, near token `at` where a code is named, what may be the code?
fn code_near(text: &str, normal: &Normal, at: usize) -> bool {
    let near = at.saturating_sub(CODE_BEFORE)..(at + CODE_AFTER).min(normal.tokens.len());
    let near = normal.tokens.get(near).unwrap_or_default();
    let (Some(first), Some(last)) = (near.first(), near.last()) else { return false };
    let (start, end) = (first.start as usize, last.end as usize);
    let Some(window) = text.get(start..end) else { return false };
    // A masked code counts: DIGIT, <#>, a run of x.
    window.contains("DIGIT") || window.contains("<#>") || has_code(window)
}

/// Words about a code that is to verify something, anywhere near the name of the code.
const VERIFYING: [&str; 38] = [
    "泄露",
    "泄漏",
    "透露",
    "告知",
    "告诉他人",
    "告诉任何",
    "勿转发",
    "勿外传",
    "本人操作",
    "非本人",
    "您正在",
    "正在进行",
    "正在使用",
    "正在登",
    "正在注",
    "正在修",
    "正在办",
    "正在绑",
    "正在申",
    "正在验",
    "用于",
    "用以",
    "分钟内",
    "分钟有效",
    "分钟后",
    "期0分钟",
    "0分钟失效",
    "秒内",
    "小时内有效",
    "有效期为",
    "请输入",
    "请填写",
    "索取",
    "索要",
    "身份验证",
    "完成验证",
    "请忽略",
    "保密",
];
/// Deeds that a code is for, and whose it is: in the same clause, before the code.
const VERIFIED: [&str; 26] = [
    "您", "你", "登录", "登陆", "注册", "支付", "付款", "绑定", "解绑", "换绑", "修改", "找回", "重置",
    "身份", "交易", "认证", "签约", "转账", "取现", "实名", "开户", "激活", "安全", "办理", "提现", "申请",
];
/// Tokens before and after the name of a code that speak about it; before it for the deed.
const VERIFYING_BEFORE: usize = 12;
const VERIFYING_AFTER: usize = 32;
const VERIFIED_BEFORE: usize = 8;

/// Does the text say what the code named at token `at` verifies? One that is only appended to an offer does not.
fn verifies(normal: &Normal, at: usize) -> bool {
    let plain = |from: usize, to: usize| {
        let start = normal.tokens.get(from).map_or(normal.plain.len(), |t| t.plain as usize);
        let end = normal.tokens.get(to).map_or(normal.plain.len(), |t| t.plain as usize);
        normal.plain.get(start..end).unwrap_or_default()
    };
    let near = plain(at.saturating_sub(VERIFYING_BEFORE), at + VERIFYING_AFTER);
    let before = normal.tokens.get(at.saturating_sub(VERIFIED_BEFORE)..at).unwrap_or_default();
    let same_clause = before.iter().rev().take_while(|t| !t.is_break()).count();
    // The name itself may tell: 登录码.
    let named = plain(at - same_clause, at + 3);
    VERIFYING.iter().any(|word| near.contains(word)) || VERIFIED.iter().any(|word| named.contains(word))
}

/// Is the code named first, right behind the signature? Whoever sends codes writes it there, and no code is to be lost.
fn leads(text: &str, normal: &Normal, at: usize) -> bool {
    let start = normal.tokens.get(at).map_or(0, |token| token.start as usize);
    let before = text.get(..start).unwrap_or_default();
    let body = before.rsplit_once('】').map_or(before, |(_, body)| body);
    body.trim().chars().count() <= LEADING_MAX
}

/// Characters before a code that is named first: 您的.
const LEADING_MAX: usize = 3;

/// Is there a run of 4 to 8 letters and digits, with a digit or all masked, that is no telephone number or year?
fn has_code(window: &str) -> bool {
    let folded = |c: char| Fold::shared().read(c).unwrap_or(' ');
    let (mut run, mut digits, mut masks) = (0, 0, 0);
    let mut before = [' '; 2];
    let mut chars = window.chars().map(folded).chain([' ']).peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_alphanumeric() {
            run += 1;
            digits += usize::from(c.is_ascii_digit());
            masks += usize::from(matches!(c, 'x' | 'X'));
            continue;
        }
        let dialled = before.iter().any(|c| "电拨打致线询服热".contains(*c));
        let inside = c == '-' && chars.peek().is_some_and(char::is_ascii_digit);
        if (4..=8).contains(&run) && (digits > 0 || masks == run) && c != '年' && !dialled && !inside {
            return true;
        }
        (run, digits, masks) = (0, 0, 0);
        before = [before[1], c];
    }
    false
}

/// 【…】 or […] with at least one letter or Han character, at either end of the text.
fn signed(text: &str) -> bool {
    let text = text.trim();
    let pairs = [('【', '】'), ('[', ']'), ('［', '］'), ('〔', '〕'), ('「', '」')];
    pairs.iter().any(|&(open, close)| {
        let named = |inside: &str| {
            let length = inside.chars().count();
            (1..=24).contains(&length) && inside.chars().any(|c| c.is_alphabetic() || is_han(c))
        };
        let front = text.strip_prefix(open).and_then(|rest| rest.split_once(close));
        let back = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open));
        front.is_some_and(|(inside, _)| named(inside)) || back.is_some_and(|(_, inside)| named(inside))
    })
}

/// 广告 or AD as the first characters (a bracket before them does not hide them).
fn labelled(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "【[(（［<《".contains(c));
    let english = text.strip_prefix("AD").or_else(|| text.strip_prefix("ＡＤ"));
    text.starts_with("广告")
        || text.starts_with("廣告")
        || english.is_some_and(|r| !r.starts_with(char::is_alphabetic))
}
