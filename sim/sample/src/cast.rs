//! Who takes part: companies, brands, ports and notices. All names are invented.

/// A company that a send, a consent or a brand names.
pub(crate) struct Party {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) online: &'static str,
    pub(crate) region: &'static str,
    pub(crate) licence: &'static str,
    /// What stands in 【】 in its messages.
    pub(crate) signature: &'static str,
}

/// A line of the platform: who sends, under which name, from which ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Retail,
    Finance,
}

impl Line {
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Retail => "retail",
            Self::Finance => "finance",
        }
    }

    pub(crate) const fn party(self) -> &'static str {
        match self {
            Self::Retail => RETAIL,
            Self::Finance => FINANCE,
        }
    }

    pub(crate) const fn port(self) -> &'static str {
        match self {
            Self::Retail => "106912340001",
            Self::Finance => "106912340002",
        }
    }
}

pub(crate) const RETAIL: &str = "p-retail";
pub(crate) const FINANCE: &str = "p-finance";
/// The platform's other shop name: same brand, other company.
pub(crate) const SELECT: &str = "p-select";
/// A travel company that hands its customers' data to the platform.
pub(crate) const PARTNER: &str = "p-partner";
pub(crate) const SHANGHAI: &str = "p-shanghai";
pub(crate) const SHANDONG: &str = "p-shandong";
pub(crate) const HENAN: &str = "p-henan";
pub(crate) const VENDOR: &str = "p-vendor";
pub(crate) const VENDOR_UNLICENSED: &str = "p-vendor-unlicensed";
pub(crate) const MAILER: &str = "p-mailer";
pub(crate) const CARRIER: &str = "p-carrier";
pub(crate) const CARRIER_BRANCH: &str = "p-carrier-branch";
pub(crate) const MALL: &str = "p-mall";
pub(crate) const SHOP: &str = "p-shop";
pub(crate) const SUBCONTRACTOR: &str = "p-subcontractor";
/// The brand of the platform.
pub(crate) const BRAND: &str = "b-judeng";

pub(crate) const SHARED_PORT: &str = "106912349999";
pub(crate) const PAID_PORT: &str = "106912340077";
pub(crate) const SERVICE_PORT: &str = "106912340100";
pub(crate) const SHOP_PORT: &str = "106912345500";
pub(crate) const BRANCH_PORT: &str = "106912346600";
/// What a false sender number shows: a number that nobody was given.
pub(crate) const FALSE_NUMBER: &str = "106900000000";

#[rustfmt::skip]
pub(crate) const PARTIES: &[Party] = &[
    party(RETAIL, "橘灯商城网络科技有限公司", "kefu@judeng.example.com", "yes", "elsewhere", "", "橘灯商城"),
    party(FINANCE, "橘灯数字金融有限公司", "kefu@jinfu.example.com", "yes", "elsewhere", "", "橘灯金服"),
    party(SELECT, "橘灯优选贸易有限公司", "kefu@youxuan.example.com", "yes", "elsewhere", "", "橘灯优选"),
    party(PARTNER, "栗风旅行社有限公司", "kefu@lifeng.example.com", "yes", "elsewhere", "", "栗风旅行"),
    party(SHANGHAI, "橘灯（上海）商业有限公司", "sh@judeng.example.com", "yes", "shanghai", "", "橘灯上海店"),
    party(SHANDONG, "橘灯（山东）商业有限公司", "sd@judeng.example.com", "yes", "shandong", "", "橘灯山东店"),
    party(HENAN, "橘灯（河南）商业有限公司", "ha@judeng.example.com", "yes", "henan", "", "橘灯河南店"),
    party(VENDOR, "鹿桥信息服务有限公司", "ops@luqiao.example.com", "no", "elsewhere", "yes", "鹿桥信息"),
    party(VENDOR_UNLICENSED, "雾山信息服务有限公司", "ops@wushan.example.com", "no", "elsewhere", "no", "雾山信息"),
    party(MAILER, "鸿雁邮件服务有限公司", "ops@hongyan.example.com", "no", "elsewhere", "", "鸿雁邮件"),
    party(CARRIER, "某基础电信企业", "10000@carrier.example.com", "no", "elsewhere", "yes", "某电信企业"),
    party(CARRIER_BRANCH, "某基础电信企业区级分公司（案例 C01）", "c01@carrier.example.com", "no", "elsewhere", "yes", "某通信"),
    party(MALL, "岸线广场商业综合体（案例 C01）", "c01@mall.example.com", "no", "elsewhere", "", "岸线广场"),
    party(SHOP, "某网店经营者（案例 C06）", "c06@shop.example.com", "yes", "elsewhere", "", "晨雾小店"),
    party(SUBCONTRACTOR, "身份不明的实际发送方（案例 C06）", "", "", "elsewhere", "", ""),
];

const fn party(
    id: &'static str,
    name: &'static str,
    contact: &'static str,
    online: &'static str,
    region: &'static str,
    licence: &'static str,
    signature: &'static str,
) -> Party {
    Party { id, name, contact, online, region, licence, signature }
}

/// The signature of a party's messages.
pub(crate) fn signature(party: &str) -> &'static str {
    PARTIES.iter().find(|known| known.id == party).map_or("", |known| known.signature)
}

/// `member_kind, member, brand, from, until, asserted_by`.
#[rustfmt::skip]
pub(crate) const BRANDS: &[[&str; 6]] = &[
    ["party", RETAIL, BRAND, "2018-01-01", "", RETAIL],
    ["party", SELECT, BRAND, "2018-01-01", "", RETAIL],
    ["signature", "橘灯商城", BRAND, "2018-01-01", "", RETAIL],
    ["signature", "橘灯优选", BRAND, "2018-01-01", "", RETAIL],
    ["party", FINANCE, "b-jinfu", "2018-01-01", "", FINANCE],
    ["signature", "橘灯金服", "b-jinfu", "2018-01-01", "", FINANCE],
];

/// `notice, version, hash, title`, then six flags: names the controller, states purpose, categories,
/// retention, rights, and type with frequency and period.
#[rustfmt::skip]
pub(crate) const NOTICES: &[[&str; 10]] = &[
    [NOTICE, "3.2", "5a1f0c77d2e94b60", "接收营销信息及个人信息处理同意书", "yes", "yes", "yes", "yes", "yes", "yes"],
    [NOTICE_INCOMPLETE, "1.0", "91c3be0428aa7d15", "会员须知（未写保存期限和个人权利）", "yes", "yes", "yes", "no", "no", "no"],
    [NOTICE_REQUEST, "1.1", "c0448e1f93b7a262", "征求同意短信（写明类型、频次、期限）", "yes", "yes", "yes", "yes", "yes", "yes"],
    [NOTICE_REQUEST_BARE, "1.0", "3be6d7710f5c9984", "征求同意短信（未写类型、频次、期限）", "yes", "no", "no", "no", "no", "no"],
    [NOTICE_PARTNER, "2.0", "7f20a9d5514ec83b", "向橘灯商城提供个人信息单独同意书", "yes", "yes", "yes", "yes", "yes", "no"],
];
pub(crate) const NOTICE: &str = "n-consent";
pub(crate) const NOTICE_INCOMPLETE: &str = "n-incomplete";
pub(crate) const NOTICE_REQUEST: &str = "n-request";
pub(crate) const NOTICE_REQUEST_BARE: &str = "n-request-bare";
pub(crate) const NOTICE_PARTNER: &str = "n-partner";

/// `port, use, shared, refusal_free, signature_filed, content_provider_filed, port_filed`.
#[rustfmt::skip]
pub(crate) const PORTS: &[[&str; 7]] = &[
    ["106912340001", "commercial", "no", "yes", "yes", "yes", "yes"],
    ["106912340002", "commercial", "no", "yes", "yes", "yes", "yes"],
    [SHARED_PORT, "commercial", "yes", "yes", "yes", "yes", "yes"],
    [PAID_PORT, "commercial", "no", "no", "yes", "yes", "yes"],
    [SERVICE_PORT, "service_only", "no", "yes", "yes", "yes", "yes"],
    [SHOP_PORT, "commercial", "", "", "", "", ""],
    [BRANCH_PORT, "commercial", "no", "yes", "yes", "yes", "yes"],
];
