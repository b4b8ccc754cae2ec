//! RP-01 to RP-14 over sketched pages: a violation, a pass and the traps of each.
#![cfg(test)]

mod sketch;

use anning_page::finding::Outcome::{self, NeedsPerson, NotApplicable, Passes, Violation};
use anning_page::finding::{Rule, judge};
use anning_page::record::{Act, Dialog, Record, Submit};

fn check(rule: &str, rows: &[(&str, Outcome, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|row| (row, sketch::outcome(rule, row.2)))
        .filter(|(row, got)| row.1 != *got)
        .map(|(row, got)| format!("{}: {got:?}, expected {:?}", row.0, row.1))
        .collect();
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}

#[test]
fn preticked_marketing() {
    check(
        "RP-01",
        &[
            ("ticked", Violation, "[x] 接收促销短信"),
            ("off", Passes, "[ ] 接收促销短信"),
            ("ticked, English", Violation, "[x] Send me emails about new arrivals"),
            ("ticked, Czech", Violation, "[x] Chci dostávat novinky a slevy"),
            ("ticked, Japanese", Violation, "[x] メールマガジンを受け取る"),
            ("ticked by a radio", Violation, "是否接收营销短信\n(x) 同意\n( ) 不同意"),
            ("the radio for no", Passes, "是否接收营销短信\n( ) 同意\n(x) 不同意"),
            ("bare channels below a question", Violation, "通过以下方式接收优惠信息\n[x] 短信\n[ ] 邮件"),
            ("remember me", NotApplicable, "[x] 记住我"),
            ("keep me signed in", NotApplicable, "[x] Keep me signed in"),
            ("age", NotApplicable, "[x] 我已年满18周岁"),
            ("channel radios that ask for nothing", NotApplicable, "验证方式\n(x) 短信\n( ) 邮件"),
            ("an objection that is on", NotApplicable, "[x] 我不希望接收营销短信"),
            ("what is shown", NotApplicable, "[x] 只看促销信息"),
            ("where it was heard of", NotApplicable, "您从哪里了解到我们？\n(x) 广告推送\n( ) 朋友"),
            ("a hidden template that is not sent", NotApplicable, "[h] 接收促销短信"),
            ("a box drawn by its label's style sheet", Violation, "[s] 接收促销短信"),
            ("unknown", NeedsPerson, "[?] 接收促销短信"),
            ("on in step 2", Violation, "<下一步>\n--- submit 下一步\n[x] 接收促销短信"),
            (
                "in the document of a ticked box",
                Violation,
                "[x] 我同意《用户协议》\ndoc 《用户协议》: 您同意平台向您发送促销短信。",
            ),
            ("ticked by the recorder", Passes, "[ ] 接收促销短信\n--- tick 接收促销短信\n[x] 接收促销短信"),
            (
                "untick wording",
                Violation,
                "[x] Uncheck this box if you do not want to receive marketing emails",
            ),
        ],
    );
}

#[test]
fn preticked_agreement() {
    check(
        "RP-02",
        &[
            ("ticked", Violation, "[x] 我已阅读并同意《用户协议》"),
            ("off", Passes, "[ ] 我已阅读并同意《用户协议》"),
            ("traditional", Violation, "[x] 我已閱讀並同意《隱私權政策》"),
            ("sharing", Violation, "[x] 同意将我的个人信息提供给第三方"),
            ("with marketing it is RP-01's", NotApplicable, "[x] 我同意《用户协议》并接收营销短信"),
            ("cookies", NotApplicable, "[x] Cookie"),
            ("notices of changes", NotApplicable, "[x] Notify me by email of updates to these Terms"),
            ("rules are taken note of", NeedsPerson, "[x] 已知悉优惠券使用规则"),
            ("words that no list knows", NeedsPerson, "[x] 同意管家不定期登门拜访"),
            ("notices of orders", NotApplicable, "[x] 接收订单状态、物流和退款通知短信"),
            ("nothing", NotApplicable, "注册"),
        ],
    );
}

#[test]
fn implied_agreement() {
    check(
        "RP-03",
        &[
            ("implied", Violation, "点击注册即表示同意《用户协议》\n<注册>"),
            ("implied, English", Violation, "By signing up, you agree to our Terms.\n<Sign up>"),
            ("agreeing label", Violation, "<規約に同意して登録>"),
            (
                "agreeing label and names beside it",
                Violation,
                "《用户协议》《隐私政策》\ndoc 《用户协议》: 略\n<同意并注册>",
            ),
            ("agreeing label with a box", Passes, "[ ] 我同意《用户协议》\n<同意并注册>"),
            ("the label of an unticked box", Passes, "[ ] By signing up, you agree to our Terms"),
            ("the opposite", NotApplicable, "未勾选不代表同意《用户协议》"),
            (
                "means by choosing",
                Violation,
                "Choosing Next means that you agree to the Service Agreement\n<Next>",
            ),
            (
                "processing of data",
                Violation,
                "By submitting this form I agree that Acme may process my data as described in its Notice\n<Send>",
            ),
            ("a box for something else", Violation, "[ ] 接收促销短信\n注册即代表同意《用户协议》"),
            ("a box for the same", NeedsPerson, "[ ] 我同意《用户协议》\n注册即代表同意《用户协议》"),
            ("broken off", Violation, "点击注册即表示同意\n《用户协议》\n和\n《隐私政策》"),
            ("cookies", NotApplicable, "By continuing to browse you agree to our use of cookies"),
            ("a dialog asks", Passes, "| 请阅读并同意《用户协议》\n| <同意>\n| <不同意>"),
            ("in a dialog with a form", Violation, "| field 手机号\n| 登录即代表同意《用户协议》\n| <登录>"),
        ],
    );
}

#[test]
fn implied_marketing() {
    check(
        "RP-04",
        &[
            ("implied", Violation, "点击注册即视为同意《用户协议》并同意接收促销短信"),
            (
                "in the next sentence",
                Violation,
                "By joining you agree to the Terms. You also agree to receive marketing emails.",
            ),
            ("asked", Passes, "点击注册即视为同意《用户协议》\n[ ] 接收促销短信"),
            (
                "of an earlier consent",
                NotApplicable,
                "By submitting you agree to our Terms. If you agreed to receive marketing emails but change your mind, you may opt out.",
            ),
            ("terms only", NotApplicable, "点击注册即视为同意《用户协议》"),
            ("denied", NotApplicable, "点击注册即视为同意《用户协议》，我们不会向您发送营销短信"),
            (
                "only in the document",
                NotApplicable,
                "注册即同意《用户协议》\ndoc 《用户协议》: 您同意我们向您发送营销短信。",
            ),
        ],
    );
}

#[test]
fn opt_out_only() {
    check(
        "RP-05",
        &[
            ("an objection", Violation, "[ ] 我不希望接收营销短信"),
            ("an objection, English", Violation, "[ ] I don’t want to receive marketing messages"),
            ("an objection to a use", Violation, "[ ] 本人不同意貴公司使用本人的個人資料作直接促銷用途"),
            (
                "an objection to a list",
                Violation,
                "[ ] Tick here if you do not wish to receive news, offers and promotions from us by email",
            ),
            (
                "one that turns to asking",
                Passes,
                "[ ] I do not wish to receive calls, but send me offers and news by email",
            ),
            (
                "to what was said before",
                Violation,
                "[ ] We would like to e-mail you our offers. Tick this box if you would rather not receive them.",
            ),
            (
                "to what was said before, Chinese",
                Violation,
                "[ ] 我们将以短信向您发送优惠信息。如不希望收到，请勾选此处",
            ),
            ("no mail, please", Violation, "[ ] No newsletters please"),
            (
                "asked, with a word on leaving",
                Passes,
                "[ ] Send me offers by email. If you do not want them any more, click unsubscribe.",
            ),
            (
                "asked, and nothing else is sent",
                Passes,
                "[ ] Send me offers by email. No more than two a month.",
            ),
            ("an objection that is on", Passes, "[x] 我不希望接收营销短信"),
            ("announced", Violation, "我们将向您发送促销短信，您可退订"),
            (
                "announced, English",
                Violation,
                "We will send you marketing emails. You can opt out at any time.",
            ),
            ("announced and asked", Passes, "我们将向您发送促销短信，您可退订\n[ ] 接收促销短信"),
            ("asked", Passes, "[ ] 接收促销短信，如不希望接收可随时退订"),
            ("service messages", NotApplicable, "我们将向您发送订单通知"),
            ("denied", NotApplicable, "我们不会向您发送促销短信"),
            ("a gift is no message", NotApplicable, "注册后您将收到 20 元优惠券"),
        ],
    );
}

#[test]
fn fake_control() {
    check(
        "RP-06",
        &[
            (
                "a picture",
                Violation,
                "img 点击即同意《用户协议》\n--- click in vain 点击即同意《用户协议》\nimg 点击即同意《用户协议》",
            ),
            ("a picture nobody clicked", NeedsPerson, "img 点击即同意《用户协议》"),
            ("on and takes no input", Violation, "[-x] 我同意《用户协议》"),
            ("off and takes no input yet", Passes, "[-] 我同意《用户协议》"),
            ("a box", Passes, "[ ] 我同意《用户协议》"),
            ("a picture beside no consent", NotApplicable, "img 正品保证"),
        ],
    );
}

#[test]
fn agree_all() {
    let pair = "[ ] 全部同意\n[ ] 我同意《用户协议》\n[ ] 接收促销短信";
    let set = format!("{pair}\n--- tick 全部同意\n[x] 全部同意\n[x] 我同意《用户协议》\n[x] 接收促销短信");
    let spared = format!("{pair}\n--- tick 全部同意\n[x] 全部同意\n[x] 我同意《用户协议》\n[ ] 接收促销短信");
    let dead = format!("{pair}\n--- tick 全部同意\n[x] 全部同意\n[ ] 我同意《用户协议》\n[ ] 接收促销短信");
    let again = format!("{set}\n| 请逐项确认\n| <确定>");
    check(
        "RP-07",
        &[
            ("sets the optional one", Violation, &set),
            ("sets required ones only", Passes, &spared),
            ("does nothing: the label counts", Violation, &dead),
            ("asks again one by one", NeedsPerson, &again),
            ("by its label", Violation, pair),
            ("all of something else", NotApplicable, "[ ] 全选商品\n[ ] 接收促销短信"),
            ("all, not tried", Violation, "[ ] 全选\n[ ] 接收促销短信"),
            ("one by one", NeedsPerson, "[ ] 全部同意（逐项确认）\n[ ] 接收促销短信"),
            (
                "without the word",
                Violation,
                "[ ] 同意以下条款\n[ ] 我同意《用户协议》\n[ ] 接收促销短信\n--- tick 同意以下条款\n[x] 同意以下条款\n[x] 我同意《用户协议》\n[x] 接收促销短信",
            ),
            ("no optional one", NotApplicable, "[ ] 全选\n[ ] 我同意《用户协议》"),
            ("cookies", NotApplicable, "| We use cookies\n| <Accept all>\n[ ] Send me newsletters"),
        ],
    );
}

#[test]
fn self_ticking() {
    check(
        "RP-08",
        &[
            (
                "a code button",
                Violation,
                "[ ] 我同意《用户协议》\n<获取验证码>\n--- click 获取验证码\n[x] 我同意《用户协议》",
            ),
            ("a timer", Violation, "[ ] 接收促销短信\n--- wait\n[x] 接收促销短信"),
            ("the way back", Violation, "[ ] 接收促销短信\n--- back\n[x] 接收促销短信"),
            ("its own click", Passes, "[ ] 接收促销短信\n--- tick 接收促销短信\n[x] 接收促销短信"),
            ("its own label", Passes, "[ ] 接收促销短信\n--- click t 接收促销短信\n[x] 接收促销短信"),
            (
                "a control for all is RP-07's",
                Passes,
                "[ ] 全选\n[ ] 接收促销短信\n--- tick 全选\n[x] 全选\n[x] 接收促销短信",
            ),
            (
                "agreed to in a dialog",
                Passes,
                "[ ] 我同意《用户协议》\n| 请同意《用户协议》\n| <同意>\n--- agree 同意\n[x] 我同意《用户协议》",
            ),
            (
                "another box",
                Violation,
                "[ ] 我同意《用户协议》\n[ ] 接收促销短信\n--- tick 我同意《用户协议》\n[x] 我同意《用户协议》\n[x] 接收促销短信",
            ),
            (
                "a box for the required ones",
                Passes,
                "[ ] 同意以下必需条款\n[ ] 我同意《用户协议》\n--- tick 同意以下必需条款\n[x] 同意以下必需条款\n[x] 我同意《用户协议》",
            ),
            ("remember me", NotApplicable, "[ ] 记住我\n--- wait\n[x] 记住我"),
        ],
    );
}

#[test]
fn marketing_bundled() {
    check(
        "RP-09",
        &[
            ("with terms", Violation, "[ ] 我同意《用户协议》并接收营销短信"),
            ("implied", Violation, "By joining you agree to the Terms and to receive marketing emails"),
            (
                "a dialog that tells the data used",
                Passes,
                "| 是否允许以短信发送优惠信息？每月2条，使用您的手机号码，可随时退订\n| <不需要>\n| <接收>",
            ),
            (
                "the same in personal data",
                Passes,
                "| 是否允许以短信发送优惠信息？将使用您的个人信息（手机号），可随时退订\n| <不需要>\n| <接收>",
            ),
            ("the same beside a box", Passes, "[ ] 同意接收优惠短信。我们使用您的手机号，您可随时拒绝接收"),
            (
                "a dialog for the policy, too",
                Violation,
                "| 请阅读《隐私政策》，并允许我们以短信发送优惠信息\n| <不需要>\n| <同意>",
            ),
            (
                "in the document",
                Violation,
                "[ ] 我同意《用户协议》\ndoc 《用户协议》: 您同意平台通过短信向您发送商业性信息。",
            ),
            (
                "the document describes another consent",
                Passes,
                "[ ] 我同意《隐私政策》\n[ ] 接收促销短信\ndoc 《隐私政策》: 经您单独同意后，我们会向您发送营销短信。",
            ),
            (
                "the document informs",
                NeedsPerson,
                "[ ] I agree to the Privacy Policy\ndoc Privacy Policy: We may send you marketing emails.",
            ),
            (
                "the document denies",
                NotApplicable,
                "[ ] 我同意《用户协议》\ndoc 《用户协议》: 我们不会向您发送营销短信。",
            ),
            (
                "order notices",
                NotApplicable,
                "[ ] 我同意《用户协议》\ndoc 《用户协议》: 您同意平台向您发送订单通知。",
            ),
            (
                "the sentence goes on in another block",
                Violation,
                "[ ] 我已阅读并同意《用户协议》\n并同意接收优惠短信",
            ),
            (
                "to insurers who call",
                Violation,
                "[ ] 我已阅读并同意《用户协议》，并同意将我的信息提供给合作保险机构，由其电话联系我介绍保险产品\n<注册>",
            ),
            (
                "an adviser's call",
                Violation,
                "[ ] 我已阅读并同意《用户协议》，并同意接受保险顾问来电\n<注册>",
            ),
            (
                "the adviser's call is what is offered",
                NeedsPerson,
                "[ ] 我已阅读并同意《用户协议》，并同意课程顾问联系我\n<预约试听>",
            ),
            ("good news", Violation, "[ ] 我已阅读并同意《用户协议》，并愿意收到来自云杉生活的好消息"),
            (
                "commercial promotion",
                Violation,
                "[ ] 我已阅读并同意《用户协议》，并同意使用手机号用于商业推广",
            ),
            (
                "words that no list knows",
                NeedsPerson,
                "[ ] 我已阅读并同意《用户协议》，并同意管家不定期登门拜访",
            ),
            (
                "the same in English",
                NeedsPerson,
                "[ ] I agree to the Terms and to be visited by our ambassadors",
            ),
            (
                "the same by a button",
                NeedsPerson,
                "By clicking Join you agree to the Terms and agree to be visited by our ambassadors.",
            ),
            ("formalities", NotApplicable, "[ ] 我已阅读并同意《用户协议》，并同意遵守其全部内容"),
            (
                "formalities in English",
                NotApplicable,
                "[ ] I have read the Terms and agree to be bound by them",
            ),
            ("two documents", NotApplicable, "[ ] 我已阅读并同意《用户协议》，并同意《隐私政策》"),
            ("alone", Passes, "[ ] 接收促销短信"),
            (
                "pointing at the policy",
                Passes,
                "[ ] I want to receive newsletters. See our Privacy Policy for details.",
            ),
            ("with sharing it is RP-10's", Passes, "[ ] 接收云帆集团及合作品牌的优惠信息"),
        ],
    );
}

#[test]
fn third_party_bundled() {
    check(
        "RP-10",
        &[
            ("own and others'", Violation, "[ ] 接收云帆集团及合作品牌的优惠信息"),
            ("others' alone", Passes, "[ ] Send me special offers from our partners"),
            ("with terms", Violation, "[ ] 我同意《用户协议》，并将我的个人信息提供给第三方"),
            (
                "a named company",
                Violation,
                "[ ] 我同意《用户协议》，并同意向溪石保险有限公司提供我的手机号码",
            ),
            ("sharing alone", Passes, "[ ] 同意将我的手机号提供给合作方"),
            (
                "in the document",
                Violation,
                "[ ] 我同意《用户协议》\ndoc 《用户协议》: 您同意平台将您的手机号码提供给合作商家。",
            ),
            ("processors", NeedsPerson, "[ ] 我同意《用户协议》，并将我的个人信息提供给快递等合作方"),
            ("denied", NotApplicable, "[ ] 我同意《用户协议》，不向第三方提供个人信息"),
            (
                "a policy that informs",
                NeedsPerson,
                "[ ] I agree to the Privacy Policy\ndoc Privacy Policy: We may share your personal information with third parties.",
            ),
        ],
    );
}

#[test]
fn marketing_forced() {
    let switch = "[x] 接收促销短信\n<领取>\n--- untick 接收促销短信\n[ ] 接收促销短信\n<!领取>";
    let dialog = "| 我们将以短信向您发送优惠信息\n| <同意并进入>\n--- escape in vain x\n| 我们将以短信向您发送优惠信息\n| <同意并进入>";
    let message =
        "[ ] 接收促销短信\n<注册>\n--- submit 注册\n[ ] 接收促销短信\n<注册>\n需同意接收促销短信才能注册";
    check(
        "RP-11",
        &[
            ("the way on closes", Violation, switch),
            ("a message demands it", Violation, message),
            ("required", Violation, "[*] 接收促销短信"),
            ("implied", Violation, "注册即同意《用户协议》并同意接收促销短信"),
            ("in terms that must be agreed to", Violation, "[*] 我同意《用户协议》并接收营销短信"),
            ("optional", Passes, "[ ] 接收促销短信\n<注册>"),
            ("said to be optional", Passes, "[ ] 我同意《会员条款》并接收营销短信（可选）"),
            ("in terms, and nothing was tried", NeedsPerson, "[ ] 我同意《用户协议》并接收营销短信\n<注册>"),
            (
                "in terms that are on, and nothing was tried",
                NeedsPerson,
                "[x] 我同意《用户协议》并接收营销短信\n<注册>",
            ),
            ("the way on agrees", Violation, "[ ] 我同意《用户协议》并接收营销短信\n<同意并注册>"),
            ("a dialog without refusal", Violation, dialog),
            (
                "the same, and nothing was tried",
                NeedsPerson,
                "| 我们将以短信向您发送优惠信息\n| <同意并进入>",
            ),
            ("Escape closes it", Passes, "| 我们将以短信向您发送优惠信息\n| <同意并进入>\n--- escape\n注册"),
            ("a dialog with refusal", Passes, "| 我们将以短信向您发送优惠信息\n| <同意>\n| <暂不>"),
            (
                "a step without refusal",
                Violation,
                "field 手机号\n<下一步>\n--- submit 下一步\n我们以短信发送优惠信息\n<同意并继续>",
            ),
            (
                "a step with refusal",
                Passes,
                "field 手机号\n<下一步>\n--- submit 下一步\n我们以短信发送优惠信息\n<同意并继续>\n<跳过>",
            ),
            (
                "a demand for the terms",
                Passes,
                "[ ] 接收促销短信\n[ ] 我同意《用户协议》\n<注册>\n--- submit 注册\n[ ] 接收促销短信\n[ ] 我同意《用户协议》\n<注册>\n请先勾选协议",
            ),
            ("a request for a call", NeedsPerson, "提交即视为同意我们通过电话向您推荐产品\n<预约咨询>"),
            ("no marketing", NotApplicable, "[*] 我同意《用户协议》"),
        ],
    );
}

/// The way on is shut with the box off, and open as soon as it is on: the words of the message do not matter.
#[test]
fn marketing_forced_by_what_happens() {
    type Change = fn(&mut Record);
    let rows: [(&str, &str, Change, Outcome); 9] = [
        ("an unknown message", "操作失败，请检查", |_| {}, Violation),
        ("no message", "注册", |_| {}, Violation),
        ("an alert", "注册", |record| record.states[1].dialogs.push(alert("请勾选接收优惠信息")), Violation),
        ("sent with it off", "注册", |record| record.submits[0].event = 0, Passes),
        ("never sent", "操作失败", |record| record.submits.clear(), Passes),
        (
            "another box was switched, too",
            "操作失败",
            |record| record.states[2].controls[0].on = Some(false),
            Passes,
        ),
        ("something was typed between", "操作失败", |record| record.events[1].act = Act::Type, Passes),
        (
            "another question came up",
            "操作失败",
            |record| record.states[1].dialogs.push(Dialog { key: "captcha".to_owned(), ..Dialog::default() }),
            Passes,
        ),
        ("by another button", "操作失败", |record| record.events[2].target = Some("登录".to_owned()), Passes),
    ];
    for (name, message, change, expected) in rows {
        let mut record = forced(message);
        change(&mut record);
        let found = judge(&record);
        let found = found.iter().filter(|finding| finding.rule == Rule::Rp11).map(|finding| finding.outcome);
        assert_eq!(found.min(), Some(expected), "{name}");
    }
    let mut record = forced("注册");
    record.submits.clear();
    record.states[1].dialogs.push(alert("请勾选接收优惠信息"));
    let found = judge(&record);
    assert!(
        found.iter().any(|finding| finding.rule == Rule::Rp11 && finding.outcome == Violation),
        "an alert demands it"
    );
}

/// Whatever stands in what is sent counts, not what the box shows.
#[test]
fn a_consent_that_is_off_is_sent() {
    for (name, value, expected) in [
        ("yes", "on", Some(Violation)),
        ("one", "1", Some(Violation)),
        ("no", "0", None),
        ("nothing", "", None),
    ] {
        let page = "[ ] 接收促销短信\n<注册>\n";
        let mut record = sketch::record(&format!("{page}--- submit 注册\n{page}"));
        record.submits.push(Submit {
            event: record.events.len() - 1,
            address: "https://example.com/register".to_owned(),
            method: "POST".to_owned(),
            fields: vec![("接收促销短信".to_owned(), value.to_owned())],
        });
        let found = judge(&record);
        let found = found.iter().filter(|finding| finding.rule == Rule::Rp19);
        let found = found.map(|finding| finding.outcome).find(|outcome| *outcome == Violation);
        assert_eq!(found, expected, "{name}");
    }
}

fn forced(message: &str) -> Record {
    let page =
        |mark: &str, more: &str| format!("[x] 我同意《用户协议》\n[{mark}] 接收促销短信\n<注册>\n{more}\n");
    let mut record = sketch::record(&format!(
        "{}--- submit 注册\n{}--- tick 接收促销短信\n{}--- submit 注册\n{}",
        page(" ", ""),
        page(" ", message),
        page("x", message),
        page("x", "成功"),
    ));
    let sent = record.events.len() - 1;
    record.submits.push(Submit {
        event: sent,
        address: "https://example.com/register".to_owned(),
        method: "POST".to_owned(),
        fields: Vec::new(),
    });
    record
}

fn alert(text: &str) -> Dialog {
    Dialog {
        key: "native-1".to_owned(),
        text: text.to_owned(),
        native: "alert".to_owned(),
        ..Dialog::default()
    }
}

#[test]
fn sensitive_bundled() {
    check(
        "RP-12",
        &[
            ("an identity number", Violation, "field 身份证号码\n[ ] 我同意《用户协议》"),
            ("English", Violation, "field Social security number"),
            ("with its own consent", Passes, "field 身份证号码\n[ ] 同意处理我的身份证号码用于实名认证"),
            ("optional", NeedsPerson, "field 身份证号码（选填）"),
            ("a card to pay with", NeedsPerson, "field Credit card number"),
            ("listed with terms", Violation, "[ ] 我同意《用户协议》和《人脸识别授权书》"),
            ("what messages are about", NeedsPerson, "[ ] Send me offers and health information by email"),
            ("a name as on the identity card", NotApplicable, "field Legal name"),
            ("a mobile number", NotApplicable, "field 手机号码"),
        ],
    );
}

#[test]
fn channel_unclear() {
    check(
        "RP-13",
        &[
            (
                "another box is no heading",
                Violation,
                "[ ] Sign up for our newsletter\n[ ] Send me special offers",
            ),
            ("two", Violation, "[ ] 同意通过短信和电话接收优惠信息"),
            ("none", Violation, "[ ] 接收优惠信息"),
            ("one", Passes, "[ ] 接收促销短信"),
            ("newsletter", Passes, "[ ] Subscribe to our newsletter"),
            ("vague", NeedsPerson, "[ ] I want to receive electronic marketing communications"),
            ("a box for each", Passes, "通过以下方式接收优惠信息\n[ ] 短信\n[ ] 邮件"),
            ("the service's own telephone", Passes, "[ ] 接收促销短信（客服电话 400-000-0000）"),
            ("no marketing", NotApplicable, "[ ] 我同意《用户协议》"),
        ],
    );
}

#[test]
fn stacked_documents() {
    check(
        "RP-14",
        &[
            ("four", Violation, "[ ] 我同意《用户协议》《隐私政策》《授权书》《会员规则》"),
            ("three", Passes, "[ ] 我同意《用户协议》《隐私政策》《会员规则》"),
            ("one twice", Passes, "[ ] 我同意《用户协议》《隐私政策》《会员规则》《用户协议》"),
            (
                "one only acknowledged",
                NeedsPerson,
                "[ ] 我同意《用户协议》《服务条款》《会员规则》，并知悉《隐私政策》",
            ),
            ("none", NotApplicable, "[ ] 接收促销短信"),
        ],
    );
}
