//! Why a provision answered as it did, and what would cure it, in words.

use anning_vocab::Ground;

use super::{Phrase, p};

/// The ground in a few words.
#[must_use]
pub const fn ground(ground: Ground) -> Phrase {
    match ground {
        Ground::None => p("无", "none"),
        Ground::Consented => p("有在先同意", "consent on record covers it"),
        Ground::Requested => p("应接收者请求", "the recipient asked for it"),
        Ground::NoRecord => p("没有任何同意记录", "no act of consent on record"),
        Ground::NoneExisted => p("自认或查明没有同意", "stated or found that there was none"),
        Ground::AssertedOnly => p(
            "只有发送方自己的说法（导入的标记、没有封存证明的页面）",
            "only the sender's word: an imported mark, a page without a seal",
        ),
        Ground::LearntLater => p("证据在发送之后才出现", "evidence first seen after the send"),
        Ground::Contradicted => p("记录相互矛盾", "records disagree"),
        Ground::Refused => p("已明确拒绝", "expressly refused"),
        Ground::RefusalHadArrived => p("拒绝已到达但未及时登记", "refusal had arrived, recorded late"),
        Ground::RefusedOtherName => {
            p("已向同一品牌的其他名称拒绝", "refused to the brand under another name")
        }
        Ground::RefusedOnPort => p("已向该端口拒绝", "refused to the port"),
        Ground::Tie => p("同一秒内既同意又拒绝，以拒绝为准", "yes and no in the same second; ties refuse"),
        Ground::Silence => p("征求后沉默，视为不同意", "asked and kept silent"),
        Ground::OtherSender => p("同意的是其他发送者", "consent names another sender"),
        Ground::OtherChannel => p("同意不及于此渠道", "consent does not reach this channel"),
        Ground::OtherKind => p("同意不及于此类内容", "consent does not reach this kind of content"),
        Ground::OtherPurpose => p("同意不及于此目的", "consent does not reach this purpose"),
        Ground::TooOften => p("超过约定频次", "more often than agreed"),
        Ground::Lapsed => p("同意期限已届满", "the agreed period had ended"),
        Ground::Reassigned => p("号码已换机主", "the number had changed hands"),
        Ground::TickedByDefault => p("默认勾选", "ticked by default"),
        Ground::Implied => p("以其他行为推定同意", "implied by another act"),
        Ground::Bundled => p("捆绑授权", "bundled with something else"),
        Ground::Buried => p("条款隐藏于长文之中", "buried in a document"),
        Ground::Forced => p("不同意即拒绝服务", "forced by refusal of service"),
        Ground::FormNotRecorded => p("取得同意的方式没有记录", "how consent was asked is not recorded"),
        Ground::NoticeNotRecorded => p("当时展示的内容没有记录", "what the person saw is not recorded"),
        Ground::NoticeIncomplete => p("告知内容不完整", "the notice lacks what it must state"),
        Ground::NoticeComplete => p("告知内容完整", "the notice states what it must"),
        Ground::UnrelatedInformation => p(
            "索取与业务无直接关系的信息，或有无关系不明",
            "asked for information unrelated to the business, or unknown",
        ),
        Ground::RequestNotNamed => {
            p("条文只提同意，而依据是请求", "the text names consent only, the ground is a request")
        }
        Ground::NoSeparateConsent => {
            p("来自其他处理者且无单独同意", "data from another controller without separate consent")
        }
        Ground::ProvisionIncomplete => {
            p("单独同意未载明法定事项", "the separate consent lacks what it must name")
        }
        Ground::SeparateConsent => p("有单独同意", "separate consent on record"),
        Ground::NoVendorContract => p("没有委托处理合同", "no contract with the vendor"),
        Ground::NoUntargetedOption => {
            p("未提供非个性化选项或便捷拒绝方式", "no untargeted option or easy refusal")
        }
        Ground::SensitiveTags => p("标签透露敏感个人信息", "tags reveal sensitive information"),
        Ground::NoGuardianConsent => p("不满十四周岁且无监护人同意", "under 14 without a guardian's consent"),
        Ground::MinorTargeted => p("对未成年人自动化营销", "automated marketing to a minor"),
        Ground::NoIdentity => p("未标明发送者身份", "the sender is not named"),
        Ground::NoContact => p("未标明联系方式", "no way to reach the sender"),
        Ground::NoRefusalMethod => p("未告知拒收方式", "no way to refuse is told"),
        Ground::RefusalNotFree => p("拒收需付费", "refusing costs money"),
        Ground::TextNotKept => p("正文未留存", "the log kept no text"),
        Ground::NoAdLabel => p("主题未标“广告”或“AD”", "广告 or AD missing from the subject"),
        Ground::FalseSenderNumber => p("主叫号码缺失或虚假", "sender number missing or false"),
        Ground::SenderNumberNotKept => p("主叫号码未留存", "sender number not kept"),
        Ground::ServicePort => p("服务类端口发送了商业性信息", "a service port carried a commercial message"),
        Ground::LogNotKept => p("发送记录未留存", "the log was not kept"),
        Ground::AskedAgain => p("沉默或拒绝后再次征求", "asked again after silence or refusal"),
        Ground::RequestIncomplete => {
            p("征求时未说明类型、频次和期限", "request lacks type, frequency or period")
        }
        Ground::OperatorKnew => p("明知或应知而未制止", "the operator knew and did not stop it"),
        Ground::NoLicence => p("没有经营许可", "no licence"),
        Ground::FactNotRecorded => p("条文所问的事实没有记录", "the fact in question is not recorded"),
        Ground::TextNotLoaded => p("已施行但条文未载入", "in force, text not loaded"),
        Ground::Complied => p("符合要求", "complied"),
        Ground::Organisation => p("单位号码，是否受保护有疑问", "an organisation's line; protection is open"),
        Ground::CallArgued => {
            p("语音呼叫是否属“电子信息”有争议", "whether a call is “electronic information” is argued")
        }
        Ground::OlderConsent => {
            p("同意早于新法，依何法判断有争议", "consent predates the text; which law judges it is argued")
        }
        Ground::ByAnalogy => p("仅得类推适用", "applies by analogy only"),
    }
}

/// What would cure a finding on this ground; none when it asks for no cure. For a breach this says how to
/// stop it from happening again: the past send stays what it was.
#[must_use]
// size: a table, one line a ground
pub const fn cure(ground: Ground) -> Option<Phrase> {
    Some(match ground {
        Ground::None
        | Ground::Consented
        | Ground::Requested
        | Ground::NoticeComplete
        | Ground::SeparateConsent
        | Ground::Complied => return None,
        Ground::NoRecord | Ground::NoneExisted => p(
            "提交发送前已有的同意或请求的证据（时间、页面、控件状态）；没有的，停止发送。",
            "Show proof that consent or a request existed before the send (time, page, control); without it, stop.",
        ),
        Ground::AssertedOnly | Ground::LearntLater => p(
            "导入的标记、没有封存证明的页面记录不能自证。提交取得同意时的原始记录、页面记录的封存证明或发送前的可信时间戳。",
            "An imported mark, or a page record without a seal, does not prove itself. Show the original capture, the seal, or a trusted timestamp from before the send.",
        ),
        Ground::Contradicted => p(
            "查明哪一份记录为真并说明理由；查明前按不同意处理。",
            "Find out which record is true and say why; until then treat it as no consent.",
        ),
        Ground::Refused | Ground::RefusedOtherName | Ground::RefusedOnPort | Ground::Tie => p(
            "已发生的发送无法补救。立即停止，在同一品牌全部名称下落实拒收，不得再次征求同意。",
            "Nothing cures the past send. Stop now under every name of the brand, and do not ask again.",
        ),
        Ground::RefusalHadArrived => p(
            "已发生的发送无法补救。使拒绝到达即生效，消除登记滞后。",
            "Nothing cures the past send. Make refusals bind on arrival and remove the delay in recording.",
        ),
        Ground::Silence | Ground::AskedAgain => p(
            "沉默即不同意，不得再以相同或类似内容征求；等待本人主动同意。",
            "Silence is refusal: do not ask again in the same or similar words; wait for an act of the person's own.",
        ),
        Ground::OtherSender
        | Ground::OtherChannel
        | Ground::OtherKind
        | Ground::OtherPurpose
        | Ground::TooOften => p(
            "只在同意的范围内发送，或另行取得覆盖此范围的同意。",
            "Send only within what was agreed, or obtain consent that reaches this far.",
        ),
        Ground::Lapsed => p(
            "期限届满即停发；继续发送须有新的同意。",
            "Stop when the period ends; a new consent is needed to go on.",
        ),
        Ground::Reassigned => p(
            "剔除该号码；现机主须自行同意。",
            "Drop the number; its present holder must agree for himself or herself.",
        ),
        Ground::TickedByDefault | Ground::Implied | Ground::Bundled | Ground::Buried | Ground::Forced => p(
            "整改页面：单独列出、默认不勾选、显著告知、不同意不影响服务。原“同意”不因整改而有效。",
            "Fix the page: asked alone, unticked, in plain view, service not refused. The older consent is not cured by it.",
        ),
        Ground::FormNotRecorded | Ground::NoticeNotRecorded => p(
            "提交当时的页面版本：注册日志中的版本哈希，或前后一致的两次有日期的存档。",
            "Show the page version of that time: its hash in the sign-up log, or two identical dated captures around it.",
        ),
        Ground::NoticeIncomplete => {
            p("补全告知内容并重新取得同意。", "Complete the notice and obtain consent anew.")
        }
        Ground::UnrelatedInformation => p(
            "只就与业务直接相关的信息征求同意；说明所收集信息与业务的关系。",
            "Ask only for information directly related to the business, and record how it is related.",
        ),
        Ground::RequestNotNamed => p(
            "请律师判断“请求”能否代替“同意”；稳妥起见另行取得同意。",
            "Have a lawyer say whether a request stands for consent here; to be safe, obtain consent.",
        ),
        Ground::NoSeparateConsent | Ground::ProvisionIncomplete => p(
            "提交载明接收方名称、联系方式、目的、方式、种类的单独同意；没有的，停止使用并删除。",
            "Show separate consent that names recipient, contact, purpose, method and categories; without it, stop and delete.",
        ),
        Ground::NoVendorContract => p(
            "提交发送时已有的委托合同；今后先签后发。",
            "Show the contract that stood at the send; from now on sign first.",
        ),
        Ground::NoUntargetedOption => p(
            "提供非个性化选项或便捷的拒绝方式，并留存记录。",
            "Offer an untargeted option or an easy refusal, and keep a record of it.",
        ),
        Ground::SensitiveTags => {
            p("删除该类标签，或取得单独同意。", "Delete such tags, or obtain separate consent.")
        }
        Ground::NoGuardianConsent | Ground::MinorTargeted => p(
            "将未成年人排除在自动化营销之外；不满十四周岁须经监护人同意。",
            "Leave minors out of automated marketing; under 14, a guardian must consent.",
        ),
        Ground::NoIdentity | Ground::NoContact | Ground::NoRefusalMethod | Ground::NoAdLabel => p(
            "修改信息模板，载明身份、联系方式和拒收方式（邮件另标“广告”）。",
            "Change the template: sender, contact, way to refuse (and the label for e-mail).",
        ),
        Ground::RefusalNotFree => p("将退订回复改为免费。", "Make the reply to refuse free of charge."),
        Ground::TextNotKept | Ground::SenderNumberNotKept | Ground::LogNotKept => p(
            "向服务商、运营商调取原始记录；今后按期限留存。",
            "Fetch the original records from provider or carrier; keep them for the required term.",
        ),
        Ground::FalseSenderNumber => p("使用真实、完整的号码发送。", "Send with a true and complete number."),
        Ground::ServicePort => {
            p("商业性信息改用已报备的营销端口。", "Move commercial messages to a port filed for them.")
        }
        Ground::RequestIncomplete => {
            p("征求同意时说明类型、频次和期限。", "State type, frequency and period when asking for consent.")
        }
        Ground::OperatorKnew => p(
            "接到通知或投诉后立即制止，并留存处置记录。",
            "Stop it at once when told, and keep a record of having done so.",
        ),
        Ground::NoLicence => {
            p("核实并提交许可证；没有的，停止业务。", "Show the licence; without one, stop.")
        }
        Ground::FactNotRecorded => {
            p("补充该事实的记录后重新核查。", "Supply the missing fact and audit again.")
        }
        Ground::TextNotLoaded => {
            p("载入并核实条文后重新核查。", "Load and confirm the text, then audit again.")
        }
        Ground::Organisation | Ground::CallArgued | Ground::OlderConsent | Ground::ByAnalogy => p(
            "属法律争议，请律师判断；稳妥起见按从严读法处理。",
            "An open point of law: take advice; to be safe, act on the stricter reading.",
        ),
    })
}
