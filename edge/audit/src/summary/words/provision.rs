//! What each provision asks, in a few words.

use anning_law::ProvisionId as P;

use super::{Phrase, p};

/// What the provision asks.
// size: a table, one entry a provision
#[must_use]
pub const fn provision(id: P) -> Phrase {
    match id {
        P::NpcscConsent => p(
            "未经同意或请求、或已明确拒绝的，不得发送商业性电子信息",
            "no commercial message without consent or request, or after refusal",
        ),
        P::AdlawConsent => p(
            "未经同意或请求，不得以电子信息方式发送广告",
            "no advertisement by electronic message without consent or request",
        ),
        P::AdlawIdentity => p(
            "电子广告须明示真实身份、联系方式和拒收方式",
            "electronic advertisements state sender, contact and a way to refuse",
        ),
        P::AdlawOperator => p(
            "对明知或应知的违法广告应予制止",
            "an operator stops unlawful advertisements that it knows or should know of",
        ),
        P::CrplConsent => p(
            "未经消费者同意或请求、或已拒绝的，不得发送商业性信息",
            "no commercial information to consumers without consent or request, or after refusal",
        ),
        P::CrplStandardTerms => p(
            "格式条款中的同意须显著提示、不得不公平",
            "consent inside standard terms is shown prominently and is not unfair",
        ),
        P::Saic73Consent => p(
            "未经同意或已拒绝仍发送商业性信息，属侵害消费者权益行为",
            "sending without consent or after refusal is a listed offence against consumers",
        ),
        P::Saic73StandardTerms => {
            p("不得以格式条款侵害消费者权益", "no standard terms against consumers' rights")
        }
        P::CrplregConsent => p(
            "商业性信息和商业性电话须经消费者同意",
            "commercial messages and calls need the consumer's consent",
        ),
        P::CrplregCancel => p(
            "提供明确、便捷的取消方式，取消后立即停止",
            "a clear and easy way to cancel, and a stop at once",
        ),
        P::CrplregAuthorisation => p(
            "不得一次概括授权、默认授权收集与经营无直接关系的信息",
            "no blanket or default authorisation for information unrelated to the business",
        ),
        P::Miit31Consent => p(
            "未经用户同意或请求，不得发送商业性短信息",
            "no commercial short message without consent or request",
        ),
        P::Miit31Request => p(
            "征求同意须说明类型、频次、期限；沉默或拒绝后不得再发",
            "a request states type, frequency and period, and is not repeated after silence or refusal",
        ),
        P::Miit31Carrier => p(
            "端口类商业短信，基础运营商应保证用户已同意",
            "a carrier ensures consent for commercial short messages from ports",
        ),
        P::Miit31Port => {
            p("业务管理和服务类端口不得发送商业性短信息", "service ports carry no commercial short messages")
        }
        P::Miit31Refusal => {
            p("短信须告知便捷有效的拒收方式", "short messages tell an easy and effective way to refuse")
        }
        P::Miit31Label => p("短信须标明内容提供者", "short messages name the content provider"),
        P::Miit31Number => p("发送端号码须真实、完整", "the sender number is true and complete"),
        P::Miit31Log => p("留存短信收发记录", "logs of short messages are kept"),
        P::Miit31Licence => p("经营短信息服务须有许可", "SMS business needs a licence"),
        P::Miit74Number => p(
            "发送端码号须完整、真实、准确（2026 年规定）",
            "the sender number is whole, true and exact (2026 rules)",
        ),
        P::Miit74Log => p(
            "留存短信收发记录不少于六个月（2026 年规定）",
            "logs are kept for at least six months (2026 rules)",
        ),
        P::Miit74Commercial => p(
            "商业性短信的同意须有证据（2026 年规定，条文未载入）",
            "proof of consent for commercial short messages (2026 rules, text not loaded)",
        ),
        P::Samr37Authorisation => {
            p("不得以概括、默认、捆绑等方式取得授权", "no blanket, default or bundled authorisation")
        }
        P::Samr37Consent => p(
            "网络经营者未经同意或请求，不得发送商业性信息",
            "online businesses send no commercial information without consent or request",
        ),
        P::Samr37Refusal => p(
            "明示身份，免费拒收；拒绝后立即停止，不得换名再发",
            "sender shown, refusing is free; after refusal a stop at once, under any name",
        ),
        P::PiplConsent => p("同意须充分知情、自愿、明确", "consent is informed, voluntary and explicit"),
        P::PiplWithdrawal => {
            p("便捷的撤回方式，撤回后停止处理", "an easy way to withdraw, and no processing after it")
        }
        P::PiplNoForcing => p("不得以不同意为由拒绝提供服务", "service is not refused for want of consent"),
        P::PiplNotice => p("处理前须显著、真实、完整地告知", "clear, true and full notice before processing"),
        P::PiplEntrust => {
            p("委托处理须有合同并加以监督", "entrusted processing needs a contract and supervision")
        }
        P::PiplProvision => {
            p("向其他处理者提供个人信息须单独同意", "separate consent before data go to another controller")
        }
        P::PiplAutomated => p(
            "自动化营销须有非个性化选项或便捷拒绝方式",
            "automated marketing offers an untargeted option or an easy refusal",
        ),
        P::PiplSensitive => p("处理敏感个人信息须单独同意", "sensitive information needs separate consent"),
        P::PiplUnder14 | P::MinorsUnder14 => p(
            "处理不满十四周岁未成年人信息须监护人同意",
            "data of children under 14 need the guardian's consent",
        ),
        P::MinorsMarketing => p(
            "不得以自动化决策方式向未成年人商业营销",
            "no commercial marketing to minors by automated decision",
        ),
        P::NetdataConsent => p(
            "不得以误导、欺诈、胁迫等方式取得同意，不得超范围处理",
            "consent is not obtained by misleading, deceit or pressure, nor exceeded",
        ),
        P::NetdataReask => p("明确拒绝后不得频繁征求同意", "no frequent asking after an express refusal"),
        P::NetdataRecords => p(
            "提供、委托处理的记录至少保存三年",
            "records of providing and entrusting data are kept for three years",
        ),
        P::NetdataPush => p("个性化推送须设易于操作的关闭选项", "personalised push has an easy switch"),
        P::CivilPeace => p(
            "不得以电话、短信等侵扰私人生活安宁",
            "no intrusion on private peace by call, message or leaflet",
        ),
        P::CivilStandardTerms => p(
            "格式条款须提示说明，否则不成为合同内容",
            "standard terms that are not pointed out are no part of the contract",
        ),
        P::EmailConsent => p("商业邮件须经接收者明确同意", "commercial e-mail needs explicit consent"),
        P::EmailLabel => {
            p("商业邮件主题须标注“广告”或“AD”", "commercial e-mail begins its subject with 广告 or AD")
        }
        P::EmailRefusal => p(
            "邮件须提供有效的拒收联系方式；拒绝后停止",
            "e-mail gives a working address to refuse, and stops after refusal",
        ),
        P::AlgoSwitch => p(
            "提供关闭算法推荐、删除标签的选项",
            "a way to switch personalised recommendation off and delete tags",
        ),
        P::ShanghaiConsent => p(
            "上海：未经同意或已拒绝的，不得发送商业性信息",
            "Shanghai: no commercial information without consent or after refusal",
        ),
        P::ShanghaiCost => p(
            "上海：经同意的商业性信息不得增加消费者费用",
            "Shanghai: consented messages must not cost the consumer more",
        ),
        P::ShanghaiProof => p(
            "上海：告知与同意的证明至少保存五年",
            "Shanghai: proof of notice and consent is kept for five years",
        ),
        P::ShandongConsent => p(
            "山东：未经消费者明确同意，不得发送商业性信息",
            "Shandong: no commercial information without express consent",
        ),
        P::HenanConsent => p(
            "河南：未经电信用户同意，不得发送商业性信息",
            "Henan: no commercial information without the telecom user's consent",
        ),
        P::CslConsent => p(
            "收集、使用个人信息须明示并经同意",
            "personal information is collected and used openly and with consent",
        ),
        P::Order24Consent => p(
            "电信和互联网用户个人信息须经同意",
            "personal information of telecom and internet users needs consent",
        ),
    }
}
