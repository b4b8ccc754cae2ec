//! What to do, in words.

use super::{Phrase, p};
use crate::summary::Action;

/// The step in a few words.
#[must_use]
pub const fn action(action: Action) -> Phrase {
    match action {
        Action::StopCampaign => p("停止仍在发送的违法活动", "Stop the campaigns that break the law"),
        Action::HonourRefusals => {
            p("落实拒收：同一品牌任何名称均停发", "Honour refusals under every name of the brand")
        }
        Action::RecordRefusalsAtOnce => p("拒收到达即登记生效", "Record refusals the moment they arrive"),
        Action::FindProof => p("查找并归档同意证据", "Find and file the proof of consent"),
        Action::RecoverLogs => {
            p("向服务商、运营商调取缺失的记录", "Recover missing records from providers and carriers")
        }
        Action::KeepLogs => p("按规定期限保存发送记录", "Keep send logs for the required term"),
        Action::FixPage => p("整改取得同意的页面", "Fix the page on which consent is asked"),
        Action::FixNotice => p("补全告知内容", "Complete the notice"),
        Action::FixText => {
            p("整改信息内容：身份、联系方式、拒收方式", "Fix message texts: sender, contact, way to refuse")
        }
        Action::FreeRefusal => p("使拒收免费且简便", "Make refusing free and simple"),
        Action::SeparatePorts => {
            p("服务类端口与营销类端口分开使用", "Keep service ports free of commercial messages")
        }
        Action::VendorContract => {
            p("补齐委托处理合同并监督", "Put vendor contracts and supervision in place")
        }
        Action::SeparateConsent => {
            p("对外提供个人信息前取得单独同意", "Get separate consent before handing data on")
        }
        Action::FixTargeting => p("整改个性化推送与敏感标签", "Fix personalisation and sensitive tags"),
        Action::ExcludeMinors => p("自动化营销排除未成年人", "Leave minors out of automated marketing"),
        Action::KeepScope => p("不超出同意的范围发送", "Stay within what was agreed"),
        Action::DropReassigned => p("剔除已换机主的号码", "Drop reassigned numbers"),
        Action::AskAgain => p(
            "仅可向未拒绝、未沉默者重新征求同意",
            "Ask again only those who neither refused nor kept silent",
        ),
        Action::DeleteData => {
            p("删除或封存无依据取得的个人信息", "Delete or lock away data held without ground")
        }
        Action::ConfirmText => p("请律师核实未核验的条文", "Have a lawyer confirm unverified texts"),
        Action::CompleteFiling => {
            p("完成签名、内容提供者与端口报备", "Complete filing of signature, provider and port")
        }
        Action::GetLicence => p("核实电信业务许可", "Check the telecom licence"),
    }
}

/// How, and where the limits are.
#[must_use]
pub const fn action_how(action: Action) -> Phrase {
    match action {
        Action::StopCampaign => p(
            "先停后查。以下活动已有证据表明违反规定，继续发送将延长违法行为并推迟追责时效的起算。",
            "Stop first, then look further. These campaigns are shown to break provisions; every further send prolongs the act and moves the start of the limitation period.",
        ),
        Action::HonourRefusals => p(
            "把每一次拒绝对应到品牌的全部签名、号码和主体，发送前逐条比对；明确拒绝者不得换名再发，也不得再次征求同意。",
            "Map each refusal to every signature, number and company of the brand and check it before every send. Whoever refused must not be written to under another name, nor asked again.",
        ),
        Action::RecordRefusalsAtOnce => p(
            "拒绝自到达指定系统时生效，不以本单位登记时间为准。打通回复通道与发送系统，消除登记滞后。",
            "A refusal binds when it reaches the system named for it, not when it is recorded. Connect the reply channel to the sending system and remove the delay.",
        ),
        Action::FindProof => p(
            "按活动和页面版本查找：同意时间、当时页面及其哈希、勾选控件的初始状态。找到后重新核查；找不到的，今后不再以该“同意”发送。",
            "Search by campaign and page version: time of consent, the page as shown and its hash, the state of the control before input. Audit again with what is found; do not send on what is not.",
        ),
        Action::RecoverLogs => p(
            "调取正文、主叫号码和收发时间。记录缺失本身可能另行违反留存义务。",
            "Fetch texts, sender numbers and times. Missing records may break the duty to keep logs by themselves.",
        ),
        Action::KeepLogs => p(
            "保存发送与接收时间、双方号码；端口类信息另存内容；同意与退订记录保存至服务终止后的法定期限。",
            "Keep times and both numbers, for port messages also the content; keep opt-in and opt-out records until the statutory term after the service ends.",
        ),
        Action::FixPage => p(
            "取消默认勾选、捆绑授权和以登录、下单视为同意；营销同意单列、置于页面显著位置、不同意不影响使用。旧版本取得的“同意”不因整改而有效。",
            "Remove default ticks, bundled authorisation and consent implied by logging in or ordering. Ask for marketing consent alone, on the face of the page, without refusing service. The change does not cure what older versions obtained.",
        ),
        Action::FixNotice => p(
            "写明处理者名称和联系方式、目的、方式、种类、保存期限、行使权利的方式；征求同意的短信须写明类型、频次和期限。",
            "State who, how to reach them, purpose, method, categories, retention and rights. A request for consent by SMS states type, frequency and period.",
        ),
        Action::FixText => p(
            "每条信息载明真实身份、联系方式和拒收方式；商业邮件主题以“广告”或“AD”开头。",
            "Every message names the true sender, a contact and a way to refuse; commercial e-mail begins its subject with 广告 or AD.",
        ),
        Action::FreeRefusal => p(
            "核查退订回复的资费，改为免费；回复一次即生效，不设多级菜单。",
            "Check the tariff of the reply and make it free; one reply suffices, no menus.",
        ),
        Action::SeparatePorts => p(
            "业务管理和服务类端口不得发送商业性信息；通知中的推销内容应当拆出。",
            "Ports for management and service must not carry commercial messages; take offers out of notices.",
        ),
        Action::VendorContract => p(
            "与短信服务商订立委托合同，约定目的、期限、方式、种类、保护措施和监督；未经同意不得转委托。",
            "Contract with the vendor on purpose, term, method, categories, protection and supervision; no sub-entrusting without consent.",
        ),
        Action::SeparateConsent => p(
            "向第三方提供前，告知接收方名称、联系方式、目的、方式、种类，并取得单独同意；未取得的，停止提供并要求对方删除。",
            "Before data go to another controller, tell its name, contact, purpose, method and categories and get separate consent. Without it, stop and have the other side delete.",
        ),
        Action::FixTargeting => p(
            "同时提供不针对个人特征的选项，或便捷的拒绝方式；删除能推断敏感信息的标签，或取得单独同意。",
            "Offer an option not aimed at personal features, or an easy refusal; delete tags that reveal sensitive information or get separate consent.",
        ),
        Action::ExcludeMinors => p(
            "不得以自动化决策方式向未成年人进行商业营销；不满十四周岁的，处理信息须经监护人同意。",
            "No commercial marketing to minors by automated decision; under 14, processing needs the guardian's consent.",
        ),
        Action::KeepScope => p(
            "按同意书载明的主体、渠道、种类、频次和期限发送；期限届满即停。",
            "Send only by the sender, channel, kind, frequency and period that were agreed, and stop when the period ends.",
        ),
        Action::DropReassigned => p(
            "号码易主前的同意不是现机主的同意；与运营商核对二次放号。",
            "Consent given before a number changed hands is not its present holder's; check reassignment with the carrier.",
        ),
        Action::AskAgain => p(
            "沉默视为不同意，明确拒绝者受保护：二者均不得再以相同或类似内容征求同意。仅可通过本人主动的行为（如自行登录设置）重新同意。",
            "Silence counts as refusal, and express refusal is protected: neither may be asked again in the same or similar words. They may only agree anew by an act of their own.",
        ),
        Action::DeleteData => p(
            "法定留存期内的记录仅作存储；期满删除，并保留删除证明。",
            "Records under statutory retention are restricted to storage; delete afterwards and keep proof of deletion.",
        ),
        Action::ConfirmText => p(
            "依 [S]、[M] 条文得出的结论一律列为存疑。核实原文后重新核查，结论可能改变。",
            "Whatever rests on [S] or [M] texts is reported as unclear. Confirm the wording and audit again; the answer may change.",
        ),
        Action::CompleteFiling => p(
            "发送前完成报备并留存凭证；未报备的签名或端口停止使用。",
            "File before use and keep the receipt; stop using what is not on file.",
        ),
        Action::GetLicence => p(
            "核实服务商许可证编号与有效期；无许可的立即停止合作。",
            "Check number and term of the provider's licence; stop working with providers that have none.",
        ),
    }
}
