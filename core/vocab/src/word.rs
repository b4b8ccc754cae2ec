//! Closed lists of words that more than one crate uses.

use crate::code::words;

words! {
    /// How a message reaches the recipient.
    Channel {
        /// 短信.
        Sms = "sms",
        /// 彩信.
        Mms = "mms",
        /// 5G 消息.
        Rcs = "5g",
        /// 语音呼叫, judged before it is dialled.
        Call = "call",
        /// 即时通讯.
        Im = "im",
        /// 电子邮件.
        Email = "email",
        /// 传单.
        Leaflet = "leaflet",
    }
}

impl Channel {
    /// Carried as a short message over the telecom network (Order 31 art 37).
    #[must_use]
    pub const fn is_short_message(self) -> bool {
        matches!(self, Self::Sms | Self::Mms | Self::Rcs)
    }
}

words! {
    /// In what capacity a party answers for a message; one party may hold several.
    Role {
        /// 广告主.
        Advertiser = "advertiser",
        /// 经营者 towards consumers.
        Business = "business",
        /// 网络交易经营者.
        OnlineBusiness = "online_business",
        /// 短信息内容提供者.
        ContentProvider = "content_provider",
        /// 短信息服务提供者.
        ServiceProvider = "service_provider",
        /// 基础电信业务经营者.
        Carrier = "carrier",
        /// 个人信息处理者.
        Processor = "processor",
        /// 网络平台服务提供者.
        Platform = "platform",
        /// 任何单位或者个人.
        Anyone = "anyone",
    }
}

words! {
    /// How far a text in the law pack is verified.
    Mark {
        /// [T]: text verified.
        Text = "T",
        /// [T/n]: text verified, article number from memory or deduced.
        TextNumberFromMemory = "T/n",
        /// [S]: substance verified, wording from memory.
        Substance = "S",
        /// [M]: memory only.
        Memory = "M",
    }
}

impl Mark {
    /// May a breach of this text be reported as a breach? If not it is at most `Unclear`.
    #[must_use]
    pub const fn carries_a_breach(self) -> bool {
        matches!(self, Self::Text | Self::TextNumberFromMemory)
    }
}

words! {
    /// What a message is, by its content.
    Class {
        /// 商业性: introduces or sells goods, services or an investment opportunity.
        Commercial = "commercial",
        /// Outside the provisions on commercial messages; not the same as lawful.
        NotCommercial = "not_commercial",
        /// A notice that carries an offer; treated as commercial.
        Mixed = "mixed",
        /// Neither side is clear.
        Borderline = "borderline",
    }
}

words! {
    /// Line of goods or services a message or a consent is about (Order 31 art 18(2): 类型).
    ContentKind {
        /// 零售.
        Retail = "retail",
        /// 金融.
        Finance = "finance",
        /// 物流.
        Logistics = "logistics",
        /// 旅行.
        Travel = "travel",
        /// 医疗健康.
        Medical = "medical",
        /// 教育.
        Education = "education",
        /// 房地产.
        RealEstate = "real_estate",
        /// 游戏.
        Games = "games",
        /// 通信.
        Telecom = "telecom",
        /// 餐饮及本地生活.
        Local = "local",
        /// 会员及积分.
        Membership = "membership",
        /// 其他.
        Other = "other",
    }
}

words! {
    /// What personal information is processed for.
    ProcessingPurpose {
        /// 营销.
        Marketing = "marketing",
        /// 履行合同.
        Service = "service",
        /// 个性化推荐.
        Personalisation = "personalisation",
        /// 向他人提供.
        Provision = "provision",
        /// 统计分析.
        Analytics = "analytics",
    }
}

words! {
    /// Kind of personal information.
    Category {
        /// 联系方式.
        Contact = "contact",
        /// 身份.
        Identity = "identity",
        /// 消费记录.
        Purchases = "purchases",
        /// 浏览及使用行为.
        Behaviour = "behaviour",
        /// 行踪轨迹 (sensitive).
        Location = "location",
        /// 金融账户 (sensitive).
        Accounts = "accounts",
        /// 医疗健康 (sensitive).
        Health = "health",
        /// 宗教信仰 (sensitive).
        Religion = "religion",
        /// 生物识别 (sensitive).
        Biometrics = "biometrics",
    }
}

impl Category {
    /// Named as sensitive by cn/pipl/28.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::Location | Self::Accounts | Self::Health | Self::Religion | Self::Biometrics)
    }
}

words! {
    /// What the evidence says about the recipient's age.
    AgeBand {
        /// Nothing; no bar by itself.
        Unknown = "unknown",
        /// 18 or more.
        Adult = "adult",
        /// 14 to 17.
        Minor = "14-17",
        /// Under 14: always sensitive, guardian's consent needed.
        Under14 = "under_14",
    }
}

words! {
    /// How good the evidence of an act is. No imported bit is ever promoted.
    Grade {
        /// The act was captured with its notice, or anchored before the send.
        Proved = "proved",
        /// An imported claim, or evidence first seen after the send.
        Asserted = "asserted",
        /// Two records of it disagree.
        Contradicted = "contradicted",
    }
}
