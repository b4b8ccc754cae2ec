//! Message texts. Every template is our own; each kind is of one class by its content.

use core::fmt::Write;

use anning_vocab::Class;

use crate::cast::Line;
use crate::random::{below, draw, pick};

/// What sort of text a campaign sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An offer with signature, link and a way to refuse.
    Offer,
    English,
    NoRefusal,
    NoIdentity,
    Mixed,
    Code,
    CodeOffer,
    Notice,
    Request,
    RequestBare,
    Email,
    EmailNoLabel,
    EmailNoRefusal,
    Call,
    Im,
    Leaflet,
    /// The two cases.
    Mall,
    Shop,
}

impl Kind {
    /// What the content is; none where the text asks for consent and the law has a path of its own.
    pub(crate) const fn class(self) -> Option<Class> {
        match self {
            Self::Offer
            | Self::English
            | Self::NoRefusal
            | Self::NoIdentity
            | Self::Email
            | Self::EmailNoLabel
            | Self::EmailNoRefusal
            | Self::Call
            | Self::Im
            | Self::Leaflet
            | Self::Mall
            | Self::Shop => Some(Class::Commercial),
            Self::Mixed | Self::CodeOffer => Some(Class::Mixed),
            Self::Code | Self::Notice => Some(Class::NotCommercial),
            Self::Request | Self::RequestBare => None,
        }
    }

    const fn templates(self, line: Line) -> &'static [&'static str] {
        match (self, line) {
            (Self::Offer, Line::Retail) => RETAIL,
            (Self::Offer, Line::Finance) => FINANCE,
            (Self::English, _) => ENGLISH,
            (Self::NoRefusal, _) => NO_REFUSAL,
            (Self::NoIdentity, _) => NO_IDENTITY,
            (Self::Mixed, _) => MIXED,
            (Self::Code, _) => CODE,
            (Self::CodeOffer, _) => CODE_OFFER,
            (Self::Notice, _) => NOTICE,
            (Self::Request, _) => REQUEST,
            (Self::RequestBare, _) => REQUEST_BARE,
            (Self::Email, _) => EMAIL,
            (Self::EmailNoLabel, _) => EMAIL_NO_LABEL,
            (Self::EmailNoRefusal, _) => EMAIL_NO_REFUSAL,
            (Self::Call, _) => CALL,
            (Self::Im, _) => IM,
            (Self::Leaflet, _) => LEAFLET,
            (Self::Mall, _) => MALL,
            (Self::Shop, _) => SHOP,
        }
    }
}

/// Which text: of a campaign, its variant by that number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) kind: Kind,
    pub(crate) line: Line,
    pub(crate) signature: &'a str,
    pub(crate) seed: u64,
    /// Position of the campaign; its variants share a template.
    pub(crate) campaign: u64,
    pub(crate) variant: u64,
}

/// Writes a text into `out`. Texts of two variants differ, since each carries its own code.
pub(crate) fn write(wanted: &Wanted<'_>, out: &mut String) {
    out.clear();
    let of_campaign = |stream: u64| draw(wanted.seed, TEXT ^ stream, wanted.campaign);
    let of_variant = |stream: u64| draw(wanted.seed, TEXT ^ stream ^ wanted.campaign << 32, wanted.variant);
    let mut template = pick(of_campaign(0), wanted.kind.templates(wanted.line));
    while let Some((before, rest)) = template.split_once('{') {
        out.push_str(before);
        let (slot, after) = rest.split_once('}').unwrap_or((rest, ""));
        template = after;
        // Writing to a String cannot fail.
        let _ = match slot {
            "sig" => out.write_str(wanted.signature),
            "item" => out.write_str(pick(of_variant(1), ITEMS)),
            "off" => write!(out, "{}", 3 + below(of_campaign(2), 6)),
            "full" => write!(out, "{}", 100 + 100 * below(of_campaign(3), 4)),
            "cut" => write!(out, "{}", 10 + 10 * below(of_variant(4), 9)),
            "quota" => write!(out, "{}", 5_000 * (1 + below(of_variant(5), 40))),
            "rate" => write!(out, "{}.{}", 2 + below(of_campaign(6), 3), below(of_campaign(7), 10)),
            "six" => write!(out, "{:06}", below(of_variant(8), 1_000_000)),
            "order" => write!(out, "{:04}{:06}", wanted.campaign % 10_000, wanted.variant % 1_000_000),
            "name" => out.write_str(pick(of_variant(9), NAMES)),
            "code" => base36(wanted.campaign << 24 | wanted.variant, out),
            _ => Ok(()),
        };
    }
    out.push_str(template);
}

/// Base 36 without vowels at risk of making words.
fn base36(mut n: u64, out: &mut String) -> core::fmt::Result {
    loop {
        let digit = usize::try_from(n % DIGITS.len() as u64).unwrap_or(0);
        out.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')));
        n /= DIGITS.len() as u64;
        if n == 0 {
            return Ok(());
        }
    }
}

const TEXT: u64 = 0x5445_5854;
const DIGITS: &[u8] = b"0123456789bcdfghjkmnpqrstvwxyz";

const ITEMS: &[&str] = &[
    "女装",
    "运动鞋",
    "扫地机器人",
    "手机",
    "护肤套装",
    "奶粉",
    "羽绒服",
    "咖啡机",
    "零食礼包",
    "电饭煲",
    "床品",
    "耳机",
    "儿童玩具",
    "平板电脑",
    "洗衣液",
    "大闸蟹",
    "坚果",
    "跑步机",
    "口红",
    "空气炸锅",
];
const NAMES: &[&str] = &["李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];

#[rustfmt::skip]
const RETAIL: &[&str] = &[
    "【{sig}】双11预售开抢，{item}低至{off}折，满{full}减{cut}，点 m.example.com/{code} 拒收请回复R",
    "【{sig}】{item}限时{off}折，前1小时再减{cut}元，速抢 m.example.com/{code} 回T退订",
    "【{sig}】您有{cut}元无门槛券待领取，{item}专场同享，戳 m.example.com/{code} 退订回TD",
    "【{sig}】会员日来啦！全场满{full}减{cut}，{item}买一送一 m.example.com/{code} 拒收请回复R",
    "【{sig}】今晚8点{item}直降{cut}元，领券下单更优惠 m.example.com/{code} 退订回T",
];
#[rustfmt::skip]
const FINANCE: &[&str] = &[
    "【{sig}】您的专享额度最高{quota}元待激活，日息低至万{rate}，申请 f.example.com/{code} 拒收请回复R",
    "【{sig}】新客理财年化{rate}%起，再送{cut}元红包，立即认购 f.example.com/{code} 回T退订",
    "【{sig}】购物分期免息券已备好，最高可借{quota}元，办理 f.example.com/{code} 退订回TD",
];
const ENGLISH: &[&str] = &[
    "【{sig}】Double 11 is here: up to {off}0% off everything, extra {cut} yuan off over {full}. Shop now: m.example.com/{code} Reply T to unsubscribe",
    "【{sig}】Members save {cut} yuan on your next order this week only. Buy at m.example.com/{code} Reply T to unsubscribe",
];
const NO_REFUSAL: &[&str] = &[
    "【{sig}】双11狂欢，{item}低至{off}折，满{full}减{cut}，抢购 m.example.com/{code}",
    "【{sig}】为您精选{item}，限时直降{cut}元，立即购买 m.example.com/{code}",
];
const NO_IDENTITY: &[&str] = &[
    "全场{item}清仓{off}折起，满{full}减{cut}，抢购 m.example.com/{code} 退订回T",
    "福利来了！{item}秒杀价直降{cut}元，先到先得 m.example.com/{code} 拒收请回复R",
];
const MIXED: &[&str] = &[
    "【{sig}】您的订单{order}已签收。再送您{cut}元{item}优惠券，满{full}可用，抢购 m.example.com/{code} 回T退订",
    "【{sig}】包裹{order}已到驿站，请及时领取。{item}限时{off}折，下单再减{cut}元 m.example.com/{code} 退订回T",
];
const CODE: &[&str] = &[
    "【{sig}】验证码{six}，5分钟内有效，请勿告诉他人。{order}",
    "【{sig}】您正在登录，验证码：{six}。如非本人操作请忽略。序号{order}",
    "【{sig}】Your verification code is {six}. Do not share it with anyone. Ref {order}",
];
const CODE_OFFER: &[&str] = &[
    "【{sig}】验证码{six}，5分钟内有效。新人专享{cut}元{item}券，满{full}立减，抢购 m.example.com/{code} 回T退订",
];
const NOTICE: &[&str] = &[
    "【{sig}】您的订单{order}已发货，预计3日内送达，请保持电话畅通。",
    "【{sig}】您的包裹{order}已放入驿站，取件码{six}，请凭码领取。",
    "【{sig}】订单{order}的退款已原路退回，预计1-3个工作日到账。",
];
const REQUEST: &[&str] = &[
    "【{sig}】征求您的同意：拟通过短信向您发送零售优惠信息，每月不超过2条，为期1年。同意请回复Y，不回复视为不同意。{code}",
];
const REQUEST_BARE: &[&str] = &["【{sig}】是否同意接收我们的短信？同意请回复Y。{code}"];
const EMAIL: &[&str] = &[
    "AD 橘灯商城双11：{item}低至{off}折\n全场满{full}减{cut}，抢购 m.example.com/{code}\n橘灯商城 客服 kefu@judeng.example.com\n如不愿再收到此类邮件，请发信至 unsubscribe@judeng.example.com 退订（30日内有效）",
    "广告：{item}限时直降{cut}元\n领券下单 m.example.com/{code}\n橘灯商城 客服 kefu@judeng.example.com\n退订请发信至 unsubscribe@judeng.example.com（30日内有效）",
];
const EMAIL_NO_LABEL: &[&str] = &[
    "{item}限时直降{cut}元\n领券下单 m.example.com/{code}\n橘灯商城 客服 kefu@judeng.example.com\n退订请发信至 unsubscribe@judeng.example.com（30日内有效）",
];
const EMAIL_NO_REFUSAL: &[&str] =
    &["广告：{item}限时直降{cut}元\n领券下单 m.example.com/{code}\n橘灯商城 客服 kefu@judeng.example.com"];
const CALL: &[&str] = &[
    "您好，这里是{sig}客服。{item}现在限时{off}折，满{full}减{cut}，今天下单还送礼品，您看需要为您预订吗？如不愿接听此类电话请按9。参考号{code}",
];
const IM: &[&str] =
    &["【{sig}】{item}限时{off}折，满{full}减{cut}，点 m.example.com/{code} 领券抢购，回复T退订"];
const LEAFLET: &[&str] =
    &["{sig}开业大酬宾：{item}{off}折起，满{full}减{cut}，凭此单到店再送礼品。地址：示例路1号 编号{code}"];
const MALL: &[&str] = &[
    "【{sig}】岸线广场周年庆，{item}{off}折起，满{full}减{cut}，到店有礼，详情 mall.example.com/{code} 退订回T",
];
const SHOP: &[&str] = &[
    "【{sig}】老客专享，{item}限时{off}折，满{full}减{cut}，戳 s.example.com/{code} 拒收请回复R",
    "【{sig}】{item}上新，下单立减{cut}元，抢 s.example.com/{code} 退订回T",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Kind, Wanted, write};
    use crate::cast::Line;

    #[test]
    fn variants_differ_and_no_slot_is_left() {
        let kinds = [
            Kind::Offer,
            Kind::English,
            Kind::NoRefusal,
            Kind::NoIdentity,
            Kind::Mixed,
            Kind::Code,
            Kind::CodeOffer,
            Kind::Notice,
            Kind::Request,
            Kind::RequestBare,
            Kind::Email,
            Kind::EmailNoLabel,
            Kind::EmailNoRefusal,
            Kind::Call,
            Kind::Im,
            Kind::Leaflet,
            Kind::Mall,
            Kind::Shop,
        ];
        let mut out = String::new();
        for (kind, line) in kinds.into_iter().flat_map(|kind| [(kind, Line::Retail), (kind, Line::Finance)]) {
            let mut seen = HashSet::new();
            for campaign in 0..20 {
                for variant in 0..50 {
                    let wanted = Wanted { kind, line, signature: "橘灯商城", seed: 1, campaign, variant };
                    write(&wanted, &mut out);
                    assert!(!out.contains(['{', '}']), "{out}");
                    seen.insert(out.clone());
                }
            }
            assert_eq!(seen.len(), 1_000, "{kind:?}");
        }
    }
}
