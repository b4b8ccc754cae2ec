//! The table of special campaigns.

use anning_vocab::ActKind;

use crate::campaign::{CLEAN, Facts, NO_PORT};
use crate::cast::{
    FALSE_NUMBER, HENAN, MAILER, PAID_PORT, PARTNER, SERVICE_PORT, SHANDONG, SHANGHAI, SHARED_PORT,
    VENDOR_UNLICENSED,
};
use crate::person::Reached;
use crate::special::Special;
use crate::step::{DAY, MINUTE, Step};
use crate::terms::*;
use crate::text::Kind;

const PERSONAL: Facts = Facts { audience: "automated_decision", untargeted_option: "yes", ..CLEAN };
const SENSITIVE: Facts = Facts { audience: "sensitive_tags", ..PERSONAL };
const NO_CONSENT_CLAIMED: Facts = Facts { basis: "", ..CLEAN };
const EMAIL: Facts = Facts {
    channel: "email",
    service_provider: MAILER,
    carrier: "",
    port: NO_PORT,
    text: Kind::Email,
    ..CLEAN
};
const CALL: Facts = Facts { channel: "call", text: Kind::Call, ..CLEAN };
const IM: Facts =
    Facts { channel: "im", service_provider: "", carrier: "", port: NO_PORT, text: Kind::Im, ..CLEAN };
const LEAFLET: Facts = Facts {
    channel: "leaflet",
    service_provider: "",
    carrier: "",
    port: NO_PORT,
    text: Kind::Leaflet,
    ..CLEAN
};
const CODE: Facts = Facts {
    declared: "code",
    audience: "untargeted",
    basis: "",
    port: SERVICE_PORT,
    text: Kind::Code,
    ..CLEAN
};
const NOTICE: Facts = Facts { declared: "service", text: Kind::Notice, ..CODE };
const REQUEST: Facts =
    Facts { purpose: "consent_request", wording: "w-request", basis: "", text: Kind::Request, ..CLEAN };
const REQUEST_BARE: Facts = Facts { wording: "w-request-bare", text: Kind::RequestBare, ..REQUEST };

/// Consent of long ago, in order.
const CONSENT: &[Step] = &[Step::given(-90 * DAY, &SEPARATE).spread(60 * DAY)];
const WITHDRAWN: &[Step] = &[
    Step::given(-200 * DAY, &SEPARATE).spread(100 * DAY),
    Step::withdrawn(-80 * DAY, &REFUSAL).spread(70 * DAY),
];
const ANY_CHANNEL: &[Step] = &[Step::given(-90 * DAY, &EVERY_CHANNEL).spread(60 * DAY)];
const ANY_CHANNEL_WITHDRAWN: &[Step] = &[
    Step::given(-90 * DAY, &EVERY_CHANNEL).spread(30 * DAY),
    Step::withdrawn(-40 * DAY, &REFUSAL).spread(30 * DAY),
];
const MAIL: &[Step] = &[Step::given(-90 * DAY, &EMAIL_CONSENT).spread(60 * DAY)];
const PERSONAL_CONSENT: &[Step] = &[Step::given(-90 * DAY, &PERSONALISED).spread(60 * DAY)];
const ADULT_CONSENT: &[Step] = &[Step::given(-90 * DAY, &ADULT).spread(60 * DAY)];
const MINOR_CONSENT: &[Step] = &[Step::given(-90 * DAY, &MINOR).spread(60 * DAY)];
const GUARDIAN: &[Step] = &[Step::given(-90 * DAY, &UNDER_14_GUARDIAN).spread(60 * DAY)];

/// First day on which an act of up to 90 days before is under cn/pipl.
const PIPL: &str = "2022-06-01";

/// Every special campaign.
#[rustfmt::skip]
pub(crate) const SPECIALS: &[Special] = &[
    // When acts and records cross the send.
    Special::new("发送之后才取得的同意证据", CLEAN)
        .acts(&[Step::given(-30 * DAY, &SEPARATE).recorded(60 * DAY)]).sends(&[("learnt_later", 0)]),
    Special::new("发送之后才同意", CLEAN)
        .acts(&[Step::given(5 * DAY, &SEPARATE)]).sends(&[("consent_after_send", 0)]),
    Special::new("退订已到达但迟延登记", CLEAN)
        .acts(&[Step::given(-60 * DAY, &SEPARATE), Step::withdrawn(-3 * DAY, &REFUSAL).recorded(20 * DAY)])
        .sends(&[("withdrawn_recorded_late", 0)]),
    Special::new("退订在发送之后才到达", CLEAN)
        .acts(&[Step::given(-60 * DAY, &SEPARATE), Step::withdrawn(-2 * MINUTE, &REFUSAL).arrives(5 * MINUTE)])
        .sends(&[("withdrawn_in_transit", 0)]),
    Special::new("收到短信后退订", CLEAN)
        .acts(&[Step::given(-60 * DAY, &SEPARATE), Step::withdrawn(2 * 3_600, &REFUSAL)])
        .sends(&[("withdrawn_later", 0), ("withdrawn", 3 * DAY)]),
    Special::new("退订同一品牌的另一名称", CLEAN)
        .acts(&[Step::given(-60 * DAY, &TO_BRAND), Step::withdrawn(-9 * DAY, &REFUSAL_OTHER_NAME)])
        .sends(&[("withdrawn_other_name", 0)]),
    Special::new("共用端口的退订", Facts { port: SHARED_PORT, ..CLEAN })
        .acts(&[Step::given(-60 * DAY, &SEPARATE), Step::withdrawn(DAY, &REFUSAL_TO_PORT)])
        .sends(&[("shared_port", 0), ("withdrawn_shared_port", 3 * DAY)]),
    Special::new("同一秒既同意又拒绝", CLEAN)
        .acts(&[Step::given(-10 * DAY, &SEPARATE), Step::new(ActKind::Refused, -10 * DAY, &REFUSAL)])
        .sends(&[("tie", 0)]),
    Special::new("应消费者请求发送", CLEAN)
        .acts(&[Step::new(ActKind::Invited, -DAY, &INVITATION)]).sends(&[("invited", 0)]),
    Special::new("自认没有取得同意", Facts { basis: "none", ..CLEAN })
        .sends(&[("none_existed", 0)]),
    // Scope.
    Special::new("只同意电子邮件", CLEAN)
        .acts(&[Step::given(-60 * DAY, &EMAIL_CONSENT)]).sends(&[("scope_channel", 0)]),
    Special::new("只同意零售信息", CLEAN).finance()
        .acts(&[Step::given(-60 * DAY, &RETAIL_ONLY)]).sends(&[("scope_kind", 0)]),
    Special::new("只同意他人发送", CLEAN)
        .acts(&[Step::given(-60 * DAY, &TO_PARTNER)]).sends(&[("scope_sender", 0)]),
    Special::new("只同意用于履行合同", CLEAN)
        .acts(&[Step::given(-60 * DAY, &SERVICE_PURPOSE)]).sends(&[("scope_purpose", 0)]),
    Special::new("超出约定频次", CLEAN)
        .acts(&[Step::given(-60 * DAY, &ONCE_A_WEEK)])
        .sends(&[("within_frequency", 0), ("over_frequency", 20)]),
    Special::new("告知不完整", CLEAN)
        .acts(&[Step::given(-60 * DAY, &INCOMPLETE_NOTICE)]).sends(&[("notice_incomplete", 0)]),
    // Data from another controller.
    Special::new("合作方提供个人信息：单独同意完整", Facts { controller: PARTNER, ..CLEAN }).from(PIPL)
        .acts(&[Step::given(-60 * DAY, &PROVISION), Step::given(-50 * DAY, &SEPARATE)])
        .sends(&[("provided_with_separate_consent", 0)]),
    Special::new("合作方提供个人信息：未告知接收方", Facts { controller: PARTNER, ..CLEAN }).from(PIPL)
        .acts(&[Step::given(-60 * DAY, &PROVISION_UNNAMED), Step::given(-50 * DAY, &SEPARATE)])
        .sends(&[("provided_recipient_not_named", 0)]),
    Special::new("合作方提供个人信息：同意不单独", Facts { controller: PARTNER, ..CLEAN }).from(PIPL)
        .acts(&[Step::given(-60 * DAY, &PROVISION_NOT_SEPARATE), Step::given(-50 * DAY, &SEPARATE)])
        .sends(&[("provided_not_separate", 0)]),
    Special::new("合作方提供个人信息：没有单独同意的记录", Facts { controller: PARTNER, ..CLEAN })
        .acts(CONSENT).sends(&[("provided_without_consent", 0)]),
    // Consent requests and silence.
    Special::new("征求同意：写明类型频次期限", REQUEST).sends(&[("request", 0)]),
    Special::new("征求同意：未写明类型频次期限", REQUEST_BARE).sends(&[("request_incomplete", 0)]),
    Special::new("未回复后再次征求同意", REQUEST)
        .acts(&[Step::new(ActKind::Asked, -40 * DAY, &ASKED), Step::new(ActKind::NoAnswer, -33 * DAY, &SILENCE)])
        .sends(&[("asked_again_after_silence", 0)]),
    Special::new("拒绝后再次征求同意", REQUEST_BARE)
        .acts(&[Step::new(ActKind::Asked, -40 * DAY, &ASKED_BARE), Step::new(ActKind::Refused, -39 * DAY, &REFUSAL)])
        .sends(&[("asked_again_after_refusal", 0)]),
    Special::new("征求同意未获回复仍发送", NO_CONSENT_CLAIMED)
        .acts(&[Step::new(ActKind::Asked, -40 * DAY, &ASKED), Step::new(ActKind::NoAnswer, -33 * DAY, &SILENCE)])
        .sends(&[("silence", 0)]),
    // The message.
    Special::new("缺少发送端号码", Facts { port: NO_PORT, number_state: "missing", ..CLEAN })
        .acts(CONSENT).sends(&[("number_missing", 0)]),
    Special::new("虚假发送端号码", Facts { port: FALSE_NUMBER, number_state: "false", ..CLEAN })
        .acts(CONSENT).sends(&[("number_false", 0)]),
    Special::new("未保存发送端号码", Facts { port: NO_PORT, number_state: "not_kept", ..CLEAN })
        .acts(CONSENT).sends(&[("number_not_kept", 0)]),
    Special::new("未告知拒收方式", Facts { text: Kind::NoRefusal, ..CLEAN })
        .acts(CONSENT).sends(&[("no_refusal_method", 0)]),
    Special::new("未表明身份", Facts { text: Kind::NoIdentity, ..CLEAN })
        .acts(CONSENT).sends(&[("no_identity", 0)]),
    Special::new("退订收费", Facts { port: PAID_PORT, ..CLEAN })
        .acts(CONSENT).sends(&[("refusal_not_free", 0)]),
    Special::new("服务类端口发送商业短信", Facts { port: SERVICE_PORT, declared: "service", ..CLEAN })
        .acts(CONSENT).sends(&[("service_port", 0)]),
    Special::new("未留存发送记录", Facts { log_kept: "no", ..CLEAN })
        .acts(CONSENT).sends(&[("log_not_kept", 0)]),
    Special::new("彩信", Facts { channel: "mms", ..CLEAN })
        .acts(ANY_CHANNEL).sends(&[("mms_proved", 0)]),
    Special::new("彩信（无同意记录）", Facts { channel: "mms", ..CLEAN }).sends(&[("mms_no_record", 0)]),
    Special::new("5G 消息", Facts { channel: "5g", ..CLEAN }).from("2021-05-01")
        .acts(ANY_CHANNEL).sends(&[("rcs_proved", 0)]),
    Special::new("英文促销", Facts { text: Kind::English, ..CLEAN })
        .acts(CONSENT).sends(&[("proved_english", 0)]),
    // The parties.
    Special::new("运营商明知仍传输", Facts { operator_knew: "yes", ..CLEAN })
        .acts(WITHDRAWN).sends(&[("operator_knew", 0)]),
    Special::new("无证短信服务提供者", Facts { service_provider: VENDOR_UNLICENSED, ..CLEAN })
        .acts(CONSENT).sends(&[("no_licence", 0)]),
    Special::new("未与受托方签约", Facts { vendor_contract: "no", ..CLEAN })
        .acts(CONSENT).sends(&[("no_vendor_contract", 0)]),
    Special::new("受托合同不详", Facts { vendor_contract: "", ..CLEAN })
        .acts(CONSENT).sends(&[("vendor_contract_unknown", 0)]),
    // How people were selected.
    Special::new("个性化推送（提供不针对个人特征的选项）", PERSONAL)
        .acts(ADULT_CONSENT).sends(&[("personalised_with_option", 0)]),
    Special::new("个性化推送（无选项且无拒绝方式）",
            Facts { untargeted_option: "no", text: Kind::NoRefusal, ..PERSONAL })
        .acts(ADULT_CONSENT).sends(&[("personalised_without_option", 0)]),
    Special::new("敏感标签：单独同意", SENSITIVE).from(PIPL)
        .acts(&[Step::given(-60 * DAY, &HEALTH_SEPARATE)]).sends(&[("sensitive_tags_separate", 0)]),
    Special::new("敏感标签：捆绑同意", SENSITIVE).from(PIPL)
        .acts(&[Step::given(-60 * DAY, &HEALTH_BUNDLED)]).sends(&[("sensitive_tags_bundled", 0)]),
    Special::new("敏感标签：无同意记录", SENSITIVE).sends(&[("sensitive_tags_no_record", 0)]),
    // Age.
    Special::new("自动化决策向未成年人营销", Facts { age: "14-17", ..PERSONAL })
        .acts(MINOR_CONSENT).sends(&[("minor_automated", 0)]),
    Special::new("向未成年人群发", Facts { age: "14-17", ..CLEAN })
        .acts(MINOR_CONSENT).sends(&[("minor_untargeted", 0)]),
    Special::new("不满十四周岁：监护人同意", Facts { age: "under_14", ..CLEAN }).from(PIPL)
        .acts(GUARDIAN).sends(&[("under_14_with_guardian", 0)]),
    Special::new("不满十四周岁：监护人未同意", Facts { age: "under_14", ..CLEAN }).from(PIPL)
        .acts(&[Step::given(-60 * DAY, &UNDER_14_NO_GUARDIAN)]).sends(&[("under_14_without_guardian", 0)]),
    Special::new("不满十四周岁：监护人同意不详", Facts { age: "under_14", ..CLEAN }).from(PIPL)
        .acts(&[Step::given(-60 * DAY, &UNDER_14)]).sends(&[("under_14_guardian_unknown", 0)]),
    Special::new("不满十四周岁：自动化决策", Facts { age: "under_14", ..PERSONAL }).from(PIPL)
        .acts(GUARDIAN).sends(&[("under_14_automated", 0)]),
    Special::new("年龄不详：自动化决策", PERSONAL)
        .acts(PERSONAL_CONSENT).sends(&[("age_unknown_automated", 0)]),
    // Not commercial, or mixed.
    Special::new("登录验证码", CODE).weight(160).sends(&[("code", 0)]),
    Special::new("验证码夹带促销", CODE_OFFER)
        .acts(WITHDRAWN).sends(&[("code_with_offer", 0)]),
    Special::new("订单与物流通知", NOTICE).weight(160).sends(&[("service_notice", 0)]),
    Special::new("通知夹带促销（已同意）", Facts { text: Kind::Mixed, declared: "service", ..CLEAN })
        .acts(CONSENT).weight(20).sends(&[("mixed_proved", 0)]),
    Special::new("通知夹带促销（无同意记录）",
            Facts { text: Kind::Mixed, declared: "service", port: SERVICE_PORT, ..NO_CONSENT_CLAIMED })
        .weight(20).sends(&[("mixed_no_record", 0)]),
    // Who receives.
    Special::new("境外号码", CLEAN).reached(Reached::Foreign).sends(&[("foreign", 0)]),
    Special::new("单位号码", Facts { recipient_kind: "organisation", ..CLEAN })
        .sends(&[("organisation", 0)]),
    // Other channels.
    Special::new("广告邮件（标明 AD）", EMAIL).reached(Reached::Email)
        .acts(MAIL).sends(&[("email_proved", 0)]),
    Special::new("广告邮件（无同意记录）", EMAIL).reached(Reached::Email).sends(&[("email_no_record", 0)]),
    Special::new("广告邮件（已退订）", EMAIL).reached(Reached::Email)
        .acts(&[Step::given(-60 * DAY, &EMAIL_CONSENT), Step::withdrawn(-20 * DAY, &REFUSAL)])
        .sends(&[("email_withdrawn", 0)]),
    Special::new("广告邮件（未标明广告）", Facts { text: Kind::EmailNoLabel, ..EMAIL })
        .reached(Reached::Email).acts(MAIL).sends(&[("email_no_label", 0)]),
    Special::new("广告邮件（无退订方式）", Facts { text: Kind::EmailNoRefusal, ..EMAIL })
        .reached(Reached::Email).acts(MAIL).sends(&[("email_no_refusal", 0)]),
    Special::new("电话营销（已同意）", CALL).acts(ANY_CHANNEL).sends(&[("call_proved", 0)]),
    Special::new("电话营销（无同意记录）", CALL).sends(&[("call_no_record", 0)]),
    Special::new("电话营销（已取消）", CALL)
        .acts(ANY_CHANNEL_WITHDRAWN).sends(&[("call_withdrawn", 0)]),
    Special::new("即时通讯（已同意）", IM).reached(Reached::Account)
        .acts(ANY_CHANNEL).sends(&[("im_proved", 0)]),
    Special::new("即时通讯（无同意记录）", IM).reached(Reached::Account).sends(&[("im_no_record", 0)]),
    Special::new("传单（已同意）", LEAFLET).acts(ANY_CHANNEL).sends(&[("leaflet_proved", 0)]),
    Special::new("传单（无同意记录）", LEAFLET).sends(&[("leaflet_no_record", 0)]),
    // Local rules.
    Special::new("上海（已同意）", Facts { advertiser: SHANGHAI, ..CLEAN })
        .acts(CONSENT).sends(&[("shanghai_proved", 0)]),
    Special::new("上海（无同意记录）", Facts { advertiser: SHANGHAI, ..CLEAN })
        .sends(&[("shanghai_no_record", 0)]),
    Special::new("上海（已退订）", Facts { advertiser: SHANGHAI, ..CLEAN })
        .acts(WITHDRAWN).sends(&[("shanghai_withdrawn", 0)]),
    Special::new("山东（已同意）", Facts { advertiser: SHANDONG, ..CLEAN })
        .acts(CONSENT).sends(&[("shandong_proved", 0)]),
    Special::new("山东（无同意记录）", Facts { advertiser: SHANDONG, ..CLEAN })
        .sends(&[("shandong_no_record", 0)]),
    Special::new("山东（已退订）", Facts { advertiser: SHANDONG, ..CLEAN })
        .acts(WITHDRAWN).sends(&[("shandong_withdrawn", 0)]),
    Special::new("河南（已同意）", Facts { advertiser: HENAN, ..CLEAN })
        .acts(CONSENT).sends(&[("henan_proved", 0)]),
    Special::new("河南（无同意记录）", Facts { advertiser: HENAN, ..CLEAN })
        .sends(&[("henan_no_record", 0)]),
    Special::new("河南（已退订）", Facts { advertiser: HENAN, ..CLEAN })
        .acts(WITHDRAWN).sends(&[("henan_withdrawn", 0)]),
];

const CODE_OFFER: Facts = Facts { text: Kind::CodeOffer, ..CODE };
