//! For each rule: what a person looks at when a program cannot tell, and how the page is mended.

use anning_page::finding::Rule;

use crate::words::Words;

/// Where a person looks and what to ask.
pub(crate) fn look(rule: Rule) -> Words {
    let (zh, en, _, _) = row(rule);
    Words::new(zh, en)
}

/// What would mend it.
pub(crate) fn mend(rule: Rule) -> Words {
    let (_, _, zh, en) = row(rule);
    Words::new(zh, en)
}

/// Look in Chinese and English, mend in Chinese and English.
#[rustfmt::skip]
const fn row(rule: Rule) -> (&'static str, &'static str, &'static str, &'static str) {
    match rule {
        Rule::Rp01 => ("用新的浏览器打开页面，不做任何操作：框中的营销同意是否已经勾上？", "Open the page in a fresh browser and touch nothing: is the marketing consent already on?", "营销同意默认不勾选，由用户自己勾选", "leave the marketing consent off; the user turns it on"),
        Rule::Rp02 => ("不做任何操作：框中的协议或授权是否已经勾上？", "Touch nothing: is the agreement or authorisation already on?", "协议与授权默认不勾选", "leave agreements and authorisations off"),
        Rule::Rp03 => ("读框中的句子：是否把注册、登录或提交本身当作同意，而没有单独的勾选？", "Read the sentence: does registering, logging in or submitting itself count as agreement, with nothing to tick?", "改为由用户勾选的同意框", "ask with a box that the user ticks"),
        Rule::Rp04 => ("读框中的句子：注册本身是否被当作同意接收营销？", "Read the sentence: does registering itself count as consent to marketing?", "营销另设可选、默认不勾选的同意框", "ask for marketing with an optional box of its own, off by default"),
        Rule::Rp05 => ("用户是否从未被问到是否同意，只能事后拒绝？", "Is the user never asked, and may only object afterwards?", "先征得同意再发送，不用“不希望接收”的反向框", "ask before sending; no box that has to be ticked to refuse"),
        Rule::Rp06 => ("点击框中的勾：能取消吗？", "Click the tick in the frame: can it be taken off?", "用真正可以勾选和取消的控件", "use a control that can be ticked and unticked"),
        Rule::Rp07 => ("按“全部同意”：可选的营销或共享是否一并勾上？之后能否逐项取消？", "Press “agree to all”: does it turn on optional marketing or sharing too, and can each be turned off again?", "全选只包含必需项，或不设全选", "let “all” cover only what is required, or leave it out"),
        Rule::Rp08 => ("对照操作前后的两张图：用户没有点它，同意是否自己打开了？", "Compare the pictures before and after: did the consent turn on though nobody clicked it?", "除用户亲自点击外，不改变同意的状态", "change a consent only when the user clicks it"),
        Rule::Rp09 => ("这一次勾选或点击，除协议外是否还包含营销（含链接文件中的条款）？", "Does this one act cover marketing besides the terms, clauses in linked documents included?", "把营销从协议中移出，单独征求", "take marketing out of the terms and ask for it apart"),
        Rule::Rp10 => ("接收方是受托处理、配送或支付，还是自行使用的第三方？", "Is the recipient a processor, courier or payment service, or one that uses the data for itself?", "向第三方提供另行取得单独同意", "ask for provision to others in an act of its own"),
        Rule::Rp11 => ("不同意营销时还能完成注册吗？所提供的服务是否本身就是回电？", "Can one register without marketing? Or is the service itself the call back?", "拒绝营销也可以注册", "let people register without marketing"),
        Rule::Rp12 => ("所填内容是否为敏感个人信息、是否必填、是否另有单独同意？", "Are the data sensitive and required, and is there an act of its own for them?", "敏感信息逐项单独取得同意，或改为选填", "ask for sensitive data one by one in acts of their own, or make them optional"),
        Rule::Rp13 => ("读同意文字：写明了哪一种渠道？几种渠道能否分别选择？", "Read the consent: which channel does it name, and can channels be chosen one by one?", "写明渠道；多个渠道分别设框", "name the channel; one box a channel"),
        Rule::Rp14 => ("数一数这一次同意包含几份文件", "Count the documents that this one act covers", "合并文件或分次同意", "merge documents or ask in several acts"),
        Rule::Rp15 => ("打开链接的文件，找到引用的条款：注册页面上有没有写同样的意思？", "Open the document and find the clause quoted: does the sign-up page say the same?", "把该条款的要点写在注册页面上，单独征求同意", "say it on the sign-up page itself and ask for it apart"),
        Rule::Rp16 => ("以实际大小看框中的文字能否看清", "Look at the words at real size", "同意文字不小于 12 像素，并与按钮文字相称", "at least 12 pixels, and in proportion to the button"),
        Rule::Rp17 => ("看框中的文字与背景能否分辨（图片上的文字、链接颜色须人工判断）", "Can the words be told from the ground? Over pictures, and for link colours, a person decides", "加深文字颜色，对比度不低于 4.5", "darken the words to a contrast of 4.5"),
        Rule::Rp18 => ("提交按钮完全可见时，同意文字是否也在屏幕上？", "With the submit button in full view, is the consent text on screen too?", "把同意文字放在提交按钮上方紧邻处", "put the consent right above the button"),
        Rule::Rp19 => ("看提交内容：用户看不见的同意是否已经打开并会被发送？", "Look at what would be sent: is a consent on that nobody sees?", "去掉隐藏的同意字段", "remove the hidden consent"),
        Rule::Rp20 => ("打开该文件：内容是否完整、是否有简体中文版本？", "Open the document: is it whole, and is there one in simplified Chinese?", "修复链接，提供简体中文文本，注册前即可阅读", "mend the link; simplified Chinese; readable before registering"),
        Rule::Rp21 => ("读框中的措辞：双重否定、羞辱性拒绝用语或自相矛盾？", "Read the wording: double negation, shaming, contradiction?", "用直接、中性的措辞", "say it plainly and neutrally"),
        Rule::Rp22 => ("告知中是否写明类型、渠道、频次、期限和所用信息？", "Does it say kind, channel, frequency, period and data used?", "补上类型、频次、期限", "add kind, frequency and period"),
        Rule::Rp23 => ("页面或一次点击之内，能否看到谁在处理、如何联系、处理规则？", "On the page or one click away: who asks, how to reach them, the processing rules?", "写明公司名称、联系方式并链接隐私政策", "name the company and a contact; link the privacy policy"),
        Rule::Rp24 => ("接收方的名称和联系方式写明了吗（含所链接的名单）？", "Are the recipient's name and contact given, in a linked list perhaps?", "逐一写明接收方名称、联系方式、目的、方式和种类", "name each recipient with contact, purpose, manner and categories"),
        Rule::Rp25 => ("征求营销同意处或一次点击之内，是否说明如何撤回？", "Where marketing consent is asked, or one click away: how to withdraw?", "写明退订方式", "say how to unsubscribe"),
        Rule::Rp26 => ("“不可撤销”“永久”说的是授权，还是已完成的付款、上传内容的许可？", "Do “irrevocable” or “permanent” speak of the authorisation, or of payments made or content uploaded?", "删去不可撤销、永久等用语", "delete the words"),
        Rule::Rp27 => ("试着关闭或拒绝：有没有不同意也能继续的办法？", "Try to close or decline: is there a way on without agreeing?", "提供同样便捷的“不同意”", "offer “decline” as easily"),
        Rule::Rp28 => ("比较两个按钮的大小、颜色和位置", "Compare size, colour and place of the two", "同意与拒绝同等醒目", "give both the same weight"),
        Rule::Rp29 => ("分别走一遍同意和拒绝，数一数各要几步", "Walk both ways and count the steps", "一步即可拒绝", "let people refuse in one step"),
        Rule::Rp30 => ("拒绝之后，同一请求是否很快再次出现？", "After a refusal, does the same request come again soon?", "拒绝后记住选择，不再征求", "remember the refusal"),
    }
}
