//! The tables of an audit and their columns: names, usual other names, what each holds.

/// A table of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// One row a message and recipient.
    Sends,
    /// What recipients did.
    Consents,
    /// The same, where the usual act is a withdrawal.
    Withdrawals,
    /// Companies, authorities, persons.
    Parties,
    /// Which signatures, parties and ports are one brand.
    Brands,
    /// What people were shown.
    Notices,
    /// Facts that hold for all sends of a campaign.
    Campaigns,
    /// Facts of access ports.
    Ports,
    /// Captures of sign-up pages.
    Pages,
}

impl Table {
    /// Every table, in the order in which they are read.
    pub const ALL: &'static [Self] = &[
        Self::Sends,
        Self::Consents,
        Self::Withdrawals,
        Self::Parties,
        Self::Brands,
        Self::Notices,
        Self::Campaigns,
        Self::Ports,
        Self::Pages,
    ];

    /// The name in file names and in `mapping.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Consents => "consents",
            Self::Withdrawals => "withdrawals",
            Self::Parties => "parties",
            Self::Brands => "brands",
            Self::Notices => "notices",
            Self::Campaigns => "campaigns",
            Self::Ports => "ports",
            Self::Pages => "pages",
        }
    }

    /// How file names of this table usually begin, ours first.
    pub(crate) const fn file_names(self) -> &'static [&'static str] {
        match self {
            Self::Sends => &["sends", "send_log", "sendlog", "发送", "短信发送", "下发"],
            Self::Consents => &["consents", "consent", "opt_in", "optin", "同意", "授权"],
            Self::Withdrawals => {
                &["withdrawals", "withdrawal", "opt_out", "optout", "unsubscribe", "退订", "撤回"]
            }
            Self::Parties => &["parties", "主体", "企业"],
            Self::Brands => &["brands", "品牌"],
            Self::Notices => &["notices", "告知", "隐私政策"],
            Self::Campaigns => &["campaigns", "活动"],
            Self::Ports => &["ports", "端口"],
            Self::Pages => &["pages", "页面"],
        }
    }

    /// The names of its columns.
    pub fn column_names(self) -> impl Iterator<Item = &'static str> {
        self.columns().iter().map(|column| column.name)
    }

    /// Its columns.
    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Sends => SENDS,
            Self::Consents | Self::Withdrawals => ACTS,
            Self::Parties => PARTIES,
            Self::Brands => BRANDS,
            Self::Notices => NOTICES,
            Self::Campaigns => CAMPAIGNS,
            Self::Ports => PORTS,
            Self::Pages => PAGES,
        }
    }
}

impl core::fmt::Display for Table {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a row can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The table cannot be read without this column, or a default for it.
    Required,
    /// One of the columns marked so must be there.
    OneOf,
    /// May be absent: then the fact is not recorded.
    Optional,
}

/// What a column holds, as far as its absence or its mapping is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An instant; `[table.time]` applies.
    Time,
    /// Many different values, read row by row.
    Free,
    /// Few different values, read once each; `[table.values.column]` applies.
    Word,
}

/// One column of one table.
#[derive(Debug)]
pub(crate) struct Column {
    /// Our name.
    pub name: &'static str,
    /// Other usual names, zh and en, lower case without spaces, hyphens and underscores.
    pub also: &'static [&'static str],
    /// Whether it must be there.
    pub need: Need,
    /// What it holds.
    pub form: Form,
}

/// Declares the columns of one table and one constant for the place of each.
macro_rules! columns {
    ($table:ident in $places:ident: $($place:ident = $name:literal $need:ident $form:ident [$($also:literal),*];)*) => {
        /// The columns, in order.
        pub(crate) const $table: &[Column] = &[
            $(Column { name: $name, also: &[$($also),*], need: Need::$need, form: Form::$form }),*
        ];
        /// The place of each column in the table.
        pub(crate) mod $places {
            columns!(@count 0; $($place)*);
        }
    };
    (@count $n:expr; $place:ident $($rest:ident)*) => {
        pub(crate) const $place: usize = $n;
        columns!(@count $n + 1; $($rest)*);
    };
    (@count $n:expr;) => {};
}

columns! { SENDS in sends:
    SENT_AT = "sent_at" Required Time ["sendtime", "senttime", "submittime", "timestamp", "发送时间", "下发时间", "提交时间", "发送日期"];
    RECIPIENT = "recipient" OneOf Free ["phone", "mobile", "phonenumber", "mobilenumber", "msisdn", "to", "destination", "destnumber", "email", "手机号", "手机号码", "手机", "电话", "电话号码", "接收号码", "接收人", "号码", "目标号码", "被叫号码", "邮箱"];
    RECIPIENT_KEY = "recipient_key" OneOf Free ["recipienthash", "phonehash", "号码哈希"];
    SEND_ID = "send_id" Optional Free ["messageid", "msgid", "smsid", "id", "消息id", "消息编号", "短信编号", "流水号", "发送编号"];
    TEXT = "text" Optional Free ["content", "message", "body", "smscontent", "msgcontent", "内容", "短信内容", "消息内容", "发送内容", "正文"];
    CHANNEL = "channel" Required Word ["channeltype", "渠道", "通道类型", "发送渠道", "消息类型"];
    SENDER_NUMBER = "sender_number" Optional Word ["port", "spnumber", "srcid", "from", "sender", "端口", "端口号", "发送端口", "主叫号码", "接入号", "发送号码"];
    SENDER_NUMBER_STATE = "sender_number_state" Optional Word [];
    SIGNATURE = "signature" Optional Word ["sign", "smssign", "签名", "短信签名"];
    CAMPAIGN = "campaign" Optional Word ["campaignid", "taskid", "batchid", "活动", "活动编号", "活动id", "任务编号", "批次号"];
    ADVERTISER = "advertiser" Optional Word ["advertiserid", "广告主"];
    CONTENT_PROVIDER = "content_provider" Optional Word ["contentprovider", "内容提供者"];
    SERVICE_PROVIDER = "service_provider" Optional Word ["provider", "vendor", "服务提供者", "服务商", "短信服务商", "供应商"];
    CARRIER = "carrier" Optional Word ["operator", "运营商"];
    CONTROLLER = "controller" Optional Word ["datacontroller", "个人信息处理者", "处理者"];
    DECLARED = "declared" Optional Word ["declaredclass", "smstype", "messageclass", "短信类型", "声明类型", "业务类型"];
    KIND = "kind" Optional Word ["productline", "category", "产品线", "业务线", "内容类型", "行业"];
    PURPOSE = "purpose" Optional Word ["用途"];
    AUDIENCE = "audience" Optional Word ["targeting", "人群", "受众"];
    RECIPIENT_KIND = "recipient_kind" Optional Word ["接收者类型"];
    AGE = "age" Optional Word ["ageband", "年龄段"];
    WORDING = "wording" Optional Word ["话术", "文案组"];
}

columns! { ACTS in acts:
    OCCURRED_AT = "occurred_at" Required Time ["consenttime", "consentat", "optintime", "optouttime", "time", "timestamp", "eventtime", "同意时间", "授权时间", "退订时间", "撤回时间", "发生时间", "时间"];
    RECEIVED_AT = "received_at" Optional Time ["receivetime", "到达时间", "收到时间"];
    RECORDED_AT = "recorded_at" Optional Time ["createdat", "createtime", "recordtime", "记录时间", "入库时间", "创建时间"];
    RECIPIENT = "recipient" OneOf Free ["phone", "mobile", "phonenumber", "mobilenumber", "msisdn", "email", "手机号", "手机号码", "手机", "电话", "电话号码", "号码", "用户手机号", "邮箱"];
    RECIPIENT_KEY = "recipient_key" OneOf Free ["recipienthash", "phonehash", "号码哈希"];
    EVENT_ID = "event_id" Optional Free ["eventid", "id", "consentid", "记录编号", "事件编号", "流水号"];
    ACT = "act" Required Word ["action", "event", "eventtype", "动作", "行为", "操作", "事件"];
    ORIGIN = "origin" Optional Word ["来源"];
    COVERS = "covers" Optional Word ["consenttype", "同意类型"];
    CONTROLLER = "controller" Optional Word ["个人信息处理者", "处理者", "主体"];
    BRAND = "brand" Optional Word ["品牌"];
    PORT = "port" Optional Word ["端口", "端口号", "接入号", "回复端口"];
    CHANNELS = "channels" Optional Word ["channel", "渠道"];
    KINDS = "kinds" Optional Word ["kind", "productline", "产品线", "内容类型"];
    PURPOSES = "purposes" Optional Word ["purpose", "处理目的", "目的"];
    CATEGORIES = "categories" Optional Word ["datacategories", "信息种类", "个人信息种类"];
    FREQUENCY = "frequency" Optional Word ["频次", "频率"];
    UNTIL = "until" Optional Word ["expiry", "expiresat", "validuntil", "有效期至", "到期日"];
    DAYS = "days" Optional Word ["validdays", "有效天数"];
    CONTROL = "control" Optional Word ["控件", "勾选方式"];
    BUNDLING = "bundling" Optional Word ["捆绑"];
    PROMINENCE = "prominence" Optional Word ["显著程度"];
    FORCED = "forced" Optional Word ["是否强制"];
    RELATED = "related" Optional Word ["是否相关"];
    GUARDIAN = "guardian" Optional Word ["监护人同意"];
    NOTICE = "notice" Optional Word ["noticeid", "policyversion", "告知", "告知版本", "隐私政策版本"];
    PROVISION_TO = "provision_to" Optional Word ["提供给", "接收方"];
    PROVISION = "provision" Optional Word ["对外提供"];
    PROVISION_CONTACT = "provision_contact" Optional Word [];
    PROVISION_PURPOSE = "provision_purpose" Optional Word [];
    PROVISION_CATEGORIES = "provision_categories" Optional Word [];
    PROVISION_SEPARATE = "provision_separate" Optional Word ["单独同意"];
    AGE = "age" Optional Word ["ageband", "年龄段"];
    WORDING = "wording" Optional Word ["话术", "文案组"];
    PAGE = "page" Optional Word ["pageversion", "页面", "页面版本"];
    PAGE_ADDRESS = "page_address" Optional Word ["pageurl", "页面地址", "注册页地址"];
}

columns! { PARTIES in parties:
    PARTY = "party" Required Free ["partyid", "id", "主体编号", "主体"];
    NAME = "name" Optional Free ["名称", "企业名称", "公司名称"];
    CONTACT = "contact" Optional Free ["联系方式"];
    ONLINE_BUSINESS = "online_business" Optional Word ["网络交易经营者"];
    REGION = "region" Optional Word ["地区", "所在地"];
    LICENCE = "licence" Optional Word ["license", "许可证"];
}

columns! { BRANDS in brands:
    MEMBER_KIND = "member_kind" Required Word ["成员类型"];
    MEMBER = "member" Required Free ["成员"];
    BRAND = "brand" Required Free ["品牌"];
    FROM = "from" Optional Free ["起", "开始日期"];
    UNTIL = "until" Optional Free ["止", "结束日期"];
    ASSERTED_BY = "asserted_by" Optional Free ["声明方"];
}

columns! { NOTICES in notices:
    NOTICE = "notice" Required Free ["noticeid", "id", "告知编号"];
    VERSION = "version" Optional Free ["版本"];
    HASH = "hash" Optional Free ["sha256", "哈希"];
    TITLE = "title" Optional Free ["标题"];
    NAMES_CONTROLLER = "names_controller" Optional Word [];
    STATES_PURPOSE = "states_purpose" Optional Word [];
    STATES_CATEGORIES = "states_categories" Optional Word [];
    STATES_RETENTION = "states_retention" Optional Word [];
    STATES_RIGHTS = "states_rights" Optional Word [];
    STATES_TYPE_FREQUENCY_PERIOD = "states_type_frequency_period" Optional Word [];
}

columns! { CAMPAIGNS in campaigns:
    CAMPAIGN = "campaign" Required Free ["campaignid", "id", "活动编号", "活动"];
    NAME = "name" Optional Free ["名称", "活动名称"];
    KIND = "kind" Optional Word ["productline", "产品线", "内容类型"];
    CHANNEL = "channel" Optional Word ["渠道"];
    ADVERTISER = "advertiser" Optional Word ["广告主"];
    CONTENT_PROVIDER = "content_provider" Optional Word ["内容提供者"];
    SERVICE_PROVIDER = "service_provider" Optional Word ["服务提供者", "服务商"];
    CARRIER = "carrier" Optional Word ["运营商"];
    CONTROLLER = "controller" Optional Word ["个人信息处理者", "处理者"];
    AUDIENCE = "audience" Optional Word ["人群", "受众"];
    DECLARED = "declared" Optional Word ["声明类型", "短信类型"];
    PURPOSE = "purpose" Optional Word ["用途"];
    WORDING = "wording" Optional Word ["话术", "文案组"];
    BASIS = "basis" Optional Word ["依据"];
    UNTARGETED_OPTION = "untargeted_option" Optional Word [];
    VENDOR_CONTRACT = "vendor_contract" Optional Word [];
    LOG_KEPT = "log_kept" Optional Word [];
    OPERATOR_KNEW = "operator_knew" Optional Word [];
    GAIN_YUAN = "gain_yuan" Optional Free ["gain", "违法所得"];
}

columns! { PORTS in ports:
    PORT = "port" Required Free ["端口", "端口号", "接入号"];
    USE = "use" Optional Word ["portuse", "端口用途", "用途"];
    SHARED = "shared" Optional Word ["共享"];
    REFUSAL_FREE = "refusal_free" Optional Word ["退订免费"];
    SIGNATURE_FILED = "signature_filed" Optional Word ["签名报备"];
    CONTENT_PROVIDER_FILED = "content_provider_filed" Optional Word ["内容提供者报备"];
    PORT_FILED = "port_filed" Optional Word ["端口报备"];
}

columns! { PAGES in pages:
    PAGE = "page" Required Free ["pageid", "id", "页面编号", "页面"];
    VERSION = "version" Optional Free ["pageversion", "hash", "页面版本", "哈希"];
    RECORD = "record" Optional Free ["file", "页面记录", "文件"];
    ADDRESS = "address" Optional Free ["url", "页面地址", "网址"];
    CAPTURED_AT = "captured_at" Optional Time ["采集时间", "截取时间"];
    RECORDED_AT = "recorded_at" Optional Time ["记录时间", "入库时间"];
    ASKS = "asks" Optional Word [];
    COVERS = "covers" Optional Word ["同意类型"];
    CHANNELS = "channels" Optional Word ["channel", "渠道"];
    FREQUENCY = "frequency" Optional Word ["频次", "频率"];
    DAYS = "days" Optional Word ["validdays", "有效天数"];
    CONTROL = "control" Optional Word ["控件", "勾选方式"];
    BUNDLING = "bundling" Optional Word ["捆绑"];
    PROMINENCE = "prominence" Optional Word ["显著程度"];
    FORCED = "forced" Optional Word ["是否强制"];
    NAMES_CONTROLLER = "names_controller" Optional Word [];
    STATES_PURPOSE = "states_purpose" Optional Word [];
    STATES_CATEGORIES = "states_categories" Optional Word [];
    STATES_RETENTION = "states_retention" Optional Word [];
    STATES_RIGHTS = "states_rights" Optional Word [];
    STATES_TYPE_FREQUENCY_PERIOD = "states_type_frequency_period" Optional Word [];
    PROVISION_NAMED = "provision_named" Optional Word [];
    PROVISION_CONTACT = "provision_contact" Optional Word [];
    PROVISION_PURPOSE = "provision_purpose" Optional Word [];
    PROVISION_CATEGORIES = "provision_categories" Optional Word [];
    PROVISION_SEPARATE = "provision_separate" Optional Word ["单独同意"];
}

/// Lower case without spaces, hyphens, underscores and brackets' content: how header names are compared.
pub(crate) fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '.' | '*' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}
