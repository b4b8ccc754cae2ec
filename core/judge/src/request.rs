//! Requests for consent: a text that asks leave to send commercial messages later (cn/miit31/18/2).
//!
//! Such a text sells nothing yet, but it is a step of commercial sending: it must state its terms, and whoever refused
//! or did not answer must not be asked again. So it is never outside the provisions.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// Where in a plain form consent to commercial messages is asked for, if it is.
pub(crate) fn find(plain: &str) -> Option<usize> {
    static ASKING: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let asking = ASKING.get_or_init(|| AhoCorasick::new(ASKS).ok()).as_ref()?;
    // 不同意请回复N tells how to decline; 已同意 that it was asked before.
    let denied = |at: usize| plain.get(..at).is_some_and(|before| before.ends_with(['不', '已']));
    // Terms say 登录即同意; only who is to reply is asked.
    let stated = |hit: &str, at: usize| {
        let replied =
            || plain.get(..at).is_some_and(|before| before.chars().rev().take(NEAR).any(|c| c == '回'));
        STATED.contains(&hit) && !replied()
    };
    let asked = asking.find_iter(plain).find_map(|hit| {
        let words = plain.get(hit.range()).unwrap_or_default();
        (!denied(hit.start()) && !stated(words, hit.start())).then_some(hit.start())
    })?;
    named_commercial(plain).then_some(asked)
}

/// Are the messages called commercial: 促销信息, 我们的优惠活动短信, marketing messages?
fn named_commercial(plain: &str) -> bool {
    COMMERCIAL.iter().any(|word| {
        plain.match_indices(word).any(|(at, _)| {
            let rest = plain.get(at + word.len()..).unwrap_or_default();
            let near = rest.char_indices().nth(NEAR).map_or(rest, |(end, _)| rest.get(..end).unwrap_or(rest));
            MESSAGES.iter().any(|message| near.contains(message))
        })
    })
}

/// What is to be sent.
const MESSAGES: [&str; 13] = [
    "信息",
    "短信",
    "消息",
    "资讯",
    "推送",
    "推荐",
    "通知",
    "彩信",
    "内容",
    " messages ",
    " texts ",
    " offers ",
    " sms ",
];
/// What makes it commercial.
const COMMERCIAL: [&str; 21] = [
    "促销",
    "营销",
    "商业",
    "广告",
    "推广",
    "推销",
    "优惠",
    "特惠",
    "活动",
    "新品",
    "上新",
    "商品",
    "折扣",
    "福利",
    "产品",
    "会员",
    "特价",
    "团购",
    " marketing ",
    " promotional ",
    " exclusive ",
];
/// How it is asked.
const ASKS: [&str; 39] = [
    "是否同意",
    "是否愿意",
    "是否允许",
    "是否授权",
    "是否接受",
    "是否希望",
    "是否想",
    "是否接收",
    "是否收到",
    "是否订阅",
    "是否需要",
    "可否向您",
    "能否向您",
    "可否给您",
    "能否给您",
    "同意吗",
    "愿意接收吗",
    "愿不愿意",
    "愿意吗",
    "同意请",
    "愿意请",
    "同意回复",
    "同意回",
    "愿意回复",
    "愿意接收请",
    "同意接收请",
    "同意接收回",
    "表示同意",
    "即同意",
    "确认同意",
    "征求您",
    "征得您",
    " like  to  receive ",
    " to  agree ",
    " to  opt  in ",
    "回复同意",
    "回复愿意",
    "即可接收",
    "即可订阅",
];
/// Of these, what terms state as well.
const STATED: [&str; 4] = ["即同意", "表示同意", "即可接收", "即可订阅"];
/// Characters between what makes messages commercial and the word for them.
const NEAR: usize = 10;

#[cfg(test)]
mod tests {
    use super::find;
    use crate::normal::Normal;

    fn check(text: &str, asks: bool) {
        let mut normal = Normal::default();
        normal.read(text);
        assert_eq!(find(&normal.plain).is_some(), asks, "{text}");
    }

    #[test]
    fn requests() {
        check("【云栖百货】您是否同意接收我们的促销信息？每月2条，为期一年，同意请回复Y", true);
        check("【某店】尊敬的会员，诚邀您接收优惠活动短信，同意请回复1，不回复视为不同意", true);
        check("【某店】可否向您发送商业性短信？可以请回Y", true);
        check("【某店】想继续为您推送新品资讯，愿意请回复Y", true);
        check("【某店】回复Y即同意接收营销短信", true);
        check("【某店】是否愿意接收我店广告信息？同意回复Y，不同意回复N，短信免费", true);
        check("【某店】回复“同意”即可接收促销短信", true);
        check("Would you like to receive marketing messages? Reply YES", true);
    }

    #[test]
    fn others_ask_for_something_else() {
        check("【某医院】您是否同意接收就诊提醒短信？同意请回复Y", false);
        check("【某店】您已同意接收促销信息，退订回T", false);
        check("【某店】如您不同意接收营销信息请回复R，不同意请回", false);
        check("【某银行】您是否同意授权查询征信？同意请回复Y", false);
        check("【某店】验证码123456，登录即同意接收商业信息", false);
        check("【某店】您的验证码是123456，请勿告诉他人", false);
        check("我同意你的意见，收到信息请回电", false);
        check("", false);
    }
}
