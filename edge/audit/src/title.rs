//! What each provision asks, in a few words.

use anning_law::ProvisionId;

use crate::summary::Words;

/// What the provision asks.
// size: a table, one line a provision
pub(crate) fn title(id: ProvisionId) -> Words {
    use ProvisionId as P;
    let (zh, en) = match id {
        P::NpcscConsent => (
            "未经同意或者请求、已拒绝的，不得发送商业性电子信息",
            "no commercial information without consent or request, or after refusal",
        ),
        P::AdlawConsent => ("未经同意或者请求，不得发送广告", "no advertisement without consent or request"),
        P::AdlawIdentity => {
            ("明示发送者真实身份、联系方式和拒绝方式", "true sender, contact and way to refuse are stated")
        }
        P::AdlawOperator => {
            ("明知应知违法广告的，应当制止", "an operator that knows stops unlawful advertisements")
        }
        P::CrplConsent => (
            "未经消费者同意或者请求、已拒绝的，不得发送商业性信息",
            "no commercial information to consumers without consent or request, or after refusal",
        ),
        P::CrplStandardTerms => {
            ("格式条款以显著方式提请注意", "weighty standard terms are brought to notice")
        }
        P::Saic73Consent => (
            "未经同意或者请求、已拒绝而发送，属应罚行为",
            "sending without consent or after refusal is a listed offence",
        ),
        P::Saic73StandardTerms => {
            ("格式条款以显著方式提请注意", "weighty standard terms are brought to notice")
        }
        P::CrplregConsent => (
            "未经消费者同意，不得发送商业性信息或者拨打商业性电话",
            "no commercial message or call without consent",
        ),
        P::CrplregCancel => ("提供便捷取消方式，取消后立即停止", "easy way to cancel; stop at once"),
        P::CrplregAuthorisation => ("不得一次概括授权、默认授权", "no blanket or default authorisation"),
        P::Miit31Consent => {
            ("未经用户同意或者请求，不得发送商业性短信息", "no commercial SMS without consent or request")
        }
        P::Miit31Request => (
            "征求同意须说明类型、频次、期限，不得重复征求",
            "a consent request states type, frequency and period, and is not repeated",
        ),
        P::Miit31Carrier => (
            "端口类商业性短信息：运营商保证用户已同意",
            "the carrier ensures consent for port-class messages",
        ),
        P::Miit31Port => ("服务类端口不得发送商业性短信息", "service ports carry no commercial messages"),
        P::Miit31Refusal => ("随短信告知便捷有效的拒绝方式", "an easy way to refuse is told in the message"),
        P::Miit31Label => ("注明短信息内容提供者", "the content provider is named"),
        P::Miit31Number | P::Miit74Number => ("发送端号码真实完整", "the sender number is true and whole"),
        P::Miit31Log | P::Miit74Log => ("记录并保存发送日志", "the send log is kept"),
        P::Miit31Licence => ("经营短信息服务须有许可", "a telecom licence is held"),
        P::Miit74Commercial => ("商业性短信息（原文未载入）", "commercial messages (text not loaded)"),
        P::Samr37Authorisation => {
            ("不得概括、默认、捆绑授权", "no blanket, default or bundled authorisation")
        }
        P::Samr37Consent => (
            "未经消费者同意或者请求，不得发送商业性信息",
            "no commercial information without consent or request",
        ),
        P::Samr37Refusal => (
            "拒绝方式显著、简便、免费；立即停止，不得更换名义",
            "refusing is free and simple; stop at once, under every name",
        ),
        P::PiplConsent => {
            ("同意须在充分知情的前提下自愿、明确作出", "consent is voluntary, explicit and informed")
        }
        P::PiplWithdrawal => ("撤回同意后不得再处理", "no processing after withdrawal"),
        P::PiplNoForcing => ("不得以不同意为由拒绝服务", "service is not refused for want of consent"),
        P::PiplNotice => ("处理前显著、完整告知", "a full notice before processing"),
        P::PiplEntrust => ("委托处理须有约定并监督", "a contract with the vendor"),
        P::PiplProvision => ("向他人提供须告知并取得单独同意", "separate consent to hand data to another"),
        P::PiplAutomated => (
            "自动化营销须提供非个性化选项或者便捷拒绝",
            "personalised marketing offers an untargeted option or easy refusal",
        ),
        P::PiplSensitive => ("处理敏感个人信息须单独同意", "separate consent for sensitive data"),
        P::PiplUnder14 | P::MinorsUnder14 => {
            ("不满十四周岁须监护人同意", "a guardian consents for a child under 14")
        }
        P::MinorsMarketing => ("不得以自动化决策向未成年人营销", "no automated marketing to minors"),
        P::NetdataConsent => {
            ("不得以误导、胁迫取得同意，不得超出同意范围", "consent not coerced, and not exceeded")
        }
        P::NetdataReask => ("明确拒绝后不得频繁征求同意", "no frequent asking after refusal"),
        P::NetdataRecords => {
            ("提供、委托处理须有合同和记录", "contract and records for provision and entrusting")
        }
        P::NetdataPush | P::AlgoSwitch => ("提供关闭个性化推荐的选项", "a switch for personalisation"),
        P::CivilPeace => {
            ("未经明确同意，不得侵扰私人生活安宁", "no intrusion on private peace without express consent")
        }
        P::CivilStandardTerms => ("格式条款的提示义务", "standard terms are brought to notice"),
        P::EmailConsent => {
            ("未经明确同意，不得发送商业广告邮件", "no commercial e-mail without explicit consent")
        }
        P::EmailLabel => ("标题注明“广告”或者“AD”", "the subject is labelled 广告 or AD"),
        P::EmailRefusal => {
            ("提供三十日有效的拒绝方式，拒绝后停止", "a way to refuse that lives 30 days; stop on refusal")
        }
        P::ShanghaiConsent => {
            ("未经同意或者请求，不得发送（上海）", "no sending without consent or request (Shanghai)")
        }
        P::ShanghaiCost => ("不得增加消费者费用（上海）", "no cost for the consumer (Shanghai)"),
        P::ShanghaiProof => ("同意的证明保存五年（上海）", "proof of consent kept five years (Shanghai)"),
        P::ShandongConsent => {
            ("未经明确同意，不得发送（山东）", "no sending without explicit consent (Shandong)")
        }
        P::HenanConsent => ("未经同意，不得发送（河南）", "no sending without consent (Henan)"),
        P::CslConsent => ("使用个人信息须经同意", "use of personal information with consent"),
        P::Order24Consent => ("未经同意不得使用用户个人信息", "no use of user information without consent"),
    };
    Words::new(zh, en)
}
