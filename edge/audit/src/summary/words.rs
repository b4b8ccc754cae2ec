//! Words for people, in both languages, for every member of the closed lists. No wildcard arms: a new
//! member stops the build until it has words.

mod action;
mod ground;

pub use action::{action, action_how};
pub use ground::{cure, ground};

use anning_vocab::{Answer, Caveat, Channel, Class, ContentKind, Grade, Mark, Role};

use super::{FineForm, Lang, PenaltyKind, Reading, Standing, TargetKind, Words};

/// A fixed phrase in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Phrase {
    /// Both languages.
    #[must_use]
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en }
    }

    /// The text in one language.
    #[must_use]
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

impl From<Phrase> for Words {
    fn from(phrase: Phrase) -> Self {
        Self::new(phrase.zh, phrase.en)
    }
}

const fn p(zh: &'static str, en: &'static str) -> Phrase {
    Phrase::new(zh, en)
}

/// 结论.
#[must_use]
pub const fn answer(answer: Answer) -> Phrase {
    match answer {
        Answer::NotApplicable => p("不适用", "not applicable"),
        Answer::Met => p("符合", "met"),
        Answer::Breached => p("违反", "breached"),
        Answer::Unproved => p("未能证明", "unproved"),
        Answer::Unclear => p("存疑", "unclear"),
    }
}

/// 渠道.
#[must_use]
pub const fn channel(channel: Channel) -> Phrase {
    match channel {
        Channel::Sms => p("短信", "SMS"),
        Channel::Mms => p("彩信", "MMS"),
        Channel::Rcs => p("5G 消息", "5G message"),
        Channel::Call => p("语音呼叫", "call"),
        Channel::Im => p("即时通讯", "instant message"),
        Channel::Email => p("电子邮件", "e-mail"),
        Channel::Leaflet => p("传单", "leaflet"),
    }
}

/// 身份.
#[must_use]
pub const fn role(role: Role) -> Phrase {
    match role {
        Role::Advertiser => p("广告主", "advertiser"),
        Role::Business => p("经营者", "business operator"),
        Role::OnlineBusiness => p("网络交易经营者", "online business"),
        Role::ContentProvider => p("短信息内容提供者", "SMS content provider"),
        Role::ServiceProvider => p("短信息服务提供者", "SMS service provider"),
        Role::Carrier => p("基础电信业务经营者", "carrier"),
        Role::Processor => p("个人信息处理者", "personal-information processor"),
        Role::Platform => p("网络平台服务提供者", "platform"),
        Role::Anyone => p("任何组织或者个人", "any organisation or person"),
    }
}

/// 核验程度, in a few words.
#[must_use]
pub const fn mark(mark: Mark) -> Phrase {
    match mark {
        Mark::Text => p("文本已核验", "text verified"),
        Mark::TextNumberFromMemory => {
            p("文本已核验，条号待核", "text verified, article number to be confirmed")
        }
        Mark::Substance => p("内容已核验，原文待核", "substance verified, wording to be confirmed"),
        Mark::Memory => p("未核验", "not verified"),
    }
}

/// 内容类别.
#[must_use]
pub const fn class(class: Class) -> Phrase {
    match class {
        Class::Commercial => p("商业性", "commercial"),
        Class::NotCommercial => p("非商业性", "not commercial"),
        Class::Mixed => p("通知夹带推销", "notice with an offer"),
        Class::Borderline => p("界限不明", "borderline"),
    }
}

/// 产品线.
#[must_use]
pub const fn kind(kind: ContentKind) -> Phrase {
    match kind {
        ContentKind::Retail => p("零售", "retail"),
        ContentKind::Finance => p("金融", "finance"),
        ContentKind::Logistics => p("物流", "logistics"),
        ContentKind::Travel => p("旅行", "travel"),
        ContentKind::Medical => p("医疗健康", "medical"),
        ContentKind::Education => p("教育", "education"),
        ContentKind::RealEstate => p("房地产", "real estate"),
        ContentKind::Games => p("游戏", "games"),
        ContentKind::Telecom => p("通信", "telecom"),
        ContentKind::Local => p("餐饮及本地生活", "local services"),
        ContentKind::Membership => p("会员及积分", "membership"),
        ContentKind::Other => p("其他", "other"),
    }
}

/// 证据等级.
#[must_use]
pub const fn grade(grade: Grade) -> Phrase {
    match grade {
        Grade::Proved => p("有证据证明", "proved"),
        Grade::Asserted => p("仅有单方记载", "asserted only"),
        Grade::Contradicted => p("记录相互矛盾", "contradicted"),
    }
}

/// 读法.
#[must_use]
pub const fn reading(reading: Reading) -> Phrase {
    match reading {
        Reading::Strict => p("从严", "the stricter"),
        Reading::Lenient => p("从宽", "the more lenient"),
    }
}

/// 提示.
#[must_use]
pub const fn caveat(caveat: Caveat) -> Phrase {
    match caveat {
        Caveat::Order74NotLoaded => p(
            "工信部第 74 号令自 2026-05-01 起施行，其条文尚未载入；不以已废止的第 31 号令代替",
            "MIIT Order 74 is in force from 2026-05-01 and its text is not loaded; the repealed Order 31 is not used in its place",
        ),
        Caveat::ForeignRecipient => p(
            "接收者在中国内地以外，可能适用其他法律",
            "recipient outside mainland China; other law may apply",
        ),
        Caveat::OrganisationLine => p(
            "单位号码，保护个人的条款是否及于此存在疑问",
            "an organisation's line; whether provisions that protect persons reach it is open",
        ),
        Caveat::FilingUnknown => p(
            "签名、内容提供者或端口的报备情况没有记录，相关通知的文本未载入",
            "filing of signature, content provider or port not recorded; the notices that ask for it are not loaded",
        ),
        Caveat::NotFiled => {
            p("签名、内容提供者或端口未报备", "signature, content provider or port is known not to be filed")
        }
        Caveat::WidestRefusal => p(
            "端口共用或签名没有对应品牌，按最宽范围计算拒绝",
            "port shared or signature unmapped; the widest refusal was taken",
        ),
        Caveat::Borderline => {
            p("内容是否属于商业性界限不明", "whether the content is commercial is borderline")
        }
        Caveat::CodeWithOffer => p("验证码夹带推销", "a verification code that carries an offer"),
        Caveat::DeclaredOtherwise => p("申报的类别与内容不一致", "declared otherwise than its content reads"),
        Caveat::FormNotJudged => p(
            "当时有效的条文没有规定取得同意的形式，故不评价",
            "no text then in force speaks of the form of consent, so it is not judged",
        ),
        Caveat::SubsidiarityOpen => p(
            "《广告法》与《消费者权益保护法》罚则何者优先存在争议",
            "whether the Advertising Law displaces the penalty of the Consumer Law is open",
        ),
        Caveat::BrandByPolicy => p(
            "对同一品牌其他名称的拒绝，仅依本单位政策计入",
            "a refusal to another name of the brand counts by house policy only",
        ),
        Caveat::NoLoadedBan => p("早于本渠道已载入的禁止性规定", "before every loaded ban on this channel"),
    }
}

/// 处罚种类.
#[must_use]
pub const fn penalty_kind(kind: PenaltyKind) -> Phrase {
    match kind {
        PenaltyKind::Order => p("责令改正", "order to correct"),
        PenaltyKind::Warning => p("警告", "warning"),
        PenaltyKind::Confiscation => p("没收违法所得", "confiscation of illegal gain"),
        PenaltyKind::Fine => p("罚款", "fine"),
        PenaltyKind::Suspension => p("暂停业务或停业整顿", "suspension of business"),
        PenaltyKind::Licence => p("吊销许可或执照", "revocation of licence"),
        PenaltyKind::Bar => p("限制任职", "bar from posts"),
        PenaltyKind::Publicity => p("公示、通报", "public notice"),
        PenaltyKind::Credit => p("记入信用档案", "entry in the credit file"),
    }
}

/// 候选条款的地位.
#[must_use]
pub const fn standing(standing: Standing) -> Phrase {
    match standing {
        Standing::Chosen => p("罚款按此条", "fine under this article"),
        Standing::Open => p("是否适用有争议", "open whether it applies"),
        Standing::Conditional => p("有前提条件", "conditional"),
        Standing::Absorbed => p("罚款被吸收", "fine absorbed"),
        Standing::GivesWay => p("他法优先", "another law goes first"),
        Standing::Blocked => p("条文未载入，不作计算", "text not loaded, not computed"),
        Standing::Barred => p("已过追责时效", "past limitation"),
    }
}

/// 罚款的规定方式.
#[must_use]
pub const fn fine_form(form: FineForm) -> Phrase {
    match form {
        FineForm::Range => p("幅度", "range"),
        FineForm::Multiple => p("违法所得倍数", "multiple of gain"),
        FineForm::MaxOnly => p("上限", "upper limit"),
        FineForm::TurnoverShare => p("营业额比例", "share of turnover"),
    }
}

/// 对象.
#[must_use]
pub const fn target_kind(kind: TargetKind) -> Phrase {
    match kind {
        TargetKind::Campaign => p("营销活动", "campaign"),
        TargetKind::Notice => p("页面版本", "page version"),
        TargetKind::Party => p("主体", "party"),
        TargetKind::Brand => p("品牌", "brand"),
        TargetKind::Port => p("端口", "port"),
    }
}
